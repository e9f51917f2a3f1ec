"""Sources become a rundown: each is read and marked, or taken up where staff have edited its script.

What cannot be read is left out and named; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bulletin import engines, furniture, readers, rundown, scriptfile
from bulletin.errors import BulletinError, ReadError, ScriptError, UsageError, VoiceError
from bulletin.model import MUST, SPARE, USUAL, Article, Passage, Problem, Rundown, Source, Station, Story
from bulletin.ports import Progress
from bulletin.readers.decode import decode

Failed = list[tuple[Problem, BulletinError]]
"""Sources that gave no story: what goes into the report, and what is raised if nothing is left."""
Overruled = tuple[frozenset[int], frozenset[int]]
"""Numbers of lines to say all the same, and to skip, as `bulletin read` shows them."""
NOTHING: Overruled = (frozenset(), frozenset())
SNIFFED = 4_000
"""Bytes that show whether a file is a script."""


def silent(step: str, done: int, total: int) -> None:
    """Progress for nobody."""


def ordered(
    sources: Sequence[str | Path], breaking: str | Path | None = None, tail: str | Path | None = None, spare: Sequence[str | Path] = ()
) -> list[Source]:
    """Everything that is to be read, in the order of the bulletin."""
    found = [Source(name=str(breaking), place="breaking", priority=MUST)] if breaking else []
    found += [Source(name=str(name)) for name in sources] + [Source(name=str(name), priority=SPARE) for name in spare]
    return found + ([Source(name=str(tail), place="tail")] if tail else [])


def gather(
    sources: Sequence[Source],
    profile: Station,
    language: str | None,
    voice: str | None,
    progress: Progress = silent,
    overruled: Overruled = NOTHING,
    at: datetime | None = None,
) -> tuple[Rundown, Failed]:
    """All sources as one rundown, and those that gave no story; `at` is when it is broadcast, else now and not told.

    Raises the first failure if there is no story at all.
    """
    one_source(sources, overruled)
    if not sources:
        raise ReadError("There is nothing to read.", "Name a text file, a saved page, a URL, or - for standard input.")
    stories: list[tuple[Story, int | None]] = []
    edited: list[Rundown] = []
    failed: Failed = []
    for number, source in enumerate(sources):
        if source.name.lower().startswith("http"):
            progress("Fetching", number, len(sources))
        try:
            found = open_source(source.name, profile, language, overruled)
        except BulletinError as error:
            failed.append((Problem(message=error.message, hint=error.hint, source=source.name), error))
            continue
        if isinstance(found, Rundown):
            failed += second_opening(edited, found, source.name)
            own = [at if not edited else None for at in range(len(found.stories))]
            stories += [(placed(story, source, found.voice), at) for story, at in zip(found.stories, own, strict=True)]
            edited.append(found)
        else:
            stories.append((placed(rundown.tell(found), source), None))
    progress("Fetching", len(sources), len(sources))
    if not stories:
        raise failed[0][1]
    if not edited:
        made = rundown.arrange([story for story, _ in stories], profile, at or now(), timed=at is not None)
        return replace(made, voice=voice or ""), failed
    if voice:  # a flag outranks what the scripts say of whole stories
        stories = [(replace(story, voice=""), own) for story, own in stories]
    first = replace(edited[0], timed=at is not None or edited[0].timed, voice=voice or edited[0].voice)
    first = replace(first, at=at or (first.at if first.timed else now()))  # a script says when it was drafted, and airs later
    return rundown.combined(first, stories, profile), failed


def now() -> datetime:
    """The moment, to the second, with its zone."""
    return datetime.now().astimezone().replace(microsecond=0)


def placed(story: Story, source: Source, voice: str = "") -> Story:
    """A story where its source is to go; what its script says of it stands where nothing else was asked for."""
    priority = source.priority if source.priority != USUAL else story.priority
    return replace(story, voice=story.voice or voice, place=source.place or story.place, priority=priority)


def second_opening(edited: Sequence[Rundown], found: Rundown, source: str) -> Failed:
    """A problem for an opening or a closing that is left out, because an earlier script has another."""
    if not edited or words_of(edited[0]) == words_of(found):
        return []
    error = ScriptError(f"The opening, headlines and closing of {source} are left out.", "Those of the first script are said.")
    return [(Problem(message=error.message, hint=error.hint, source=source), error)]


def words_of(found: Rundown) -> tuple[tuple[Passage, ...], ...]:
    """What a script says besides its stories."""
    return found.opening, found.headlines, found.closing


def one_source(sources: Sequence[object], overruled: Overruled) -> None:
    """Raise UsageError where lines are overruled by number and it is not clear whose."""
    if overruled != NOTHING and len(sources) != 1:
        raise UsageError(
            "--keep and --skip go with one source, whose lines they number.", "For several, edit the script: bulletin script SOURCE..."
        )


def open_source(source: str, profile: Station, language: str | None, overruled: Overruled = NOTHING) -> Article | Rundown:
    """A source as an article, or as the rundown of a script file."""
    data, content_type, encoding = readers.load(source, profile)
    if scriptfile.is_script(decode(data[:SNIFFED], encoding)):
        if overruled != NOTHING:
            raise UsageError(f"{source} is a script: --keep and --skip number the lines of an article.", "Strike words out in it with ~~.")
        return check_voices(scriptfile.parse(decode(data, encoding), source), source)
    article = furniture.overrule(read_article(source, data, content_type, encoding, profile, language), *overruled)
    if not any(block.said for block in article.blocks):
        raise ReadError(f"Nothing in {source} would be spoken: all of it looks like page furniture.", f"See why: bulletin read {source}")
    return article


def read_article(source: str, data: bytes, content_type: str, encoding: str, profile: Station, language: str | None) -> Article:
    """Bytes as an article, its furniture marked. Raises ReadError for a script file, which is no article any more."""
    if scriptfile.is_script(decode(data[:SNIFFED], encoding)):
        raise ReadError(f"{source} is a script, not an article.", f"Speak it: bulletin make {source}")
    article = readers.read(data, source, profile, content_type, encoding)
    return furniture.mark(replace(article, language=language) if language else article, profile)


def check_voices(found: Rundown, source: str) -> Rundown:
    """The rundown, if every voice it names is one. Raises ScriptError."""
    parts = [*words_of(found), *(story.passages for story in found.stories)]
    asked = [found.voice, *(story.voice for story in found.stories), *(passage.voice for part in parts for passage in part)]
    for name in filter(None, asked):
        try:
            engines.find(name)
        except VoiceError as error:
            raise ScriptError(f"{source}: {error.message}", error.hint) from error
    return found
