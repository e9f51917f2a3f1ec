"""Sources become a rundown: each is read and marked, or taken up where staff have edited its script.

What cannot be read is left out and named; the rest goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bulletin import engines, furniture, readers
from bulletin import script as scripts
from bulletin.errors import BulletinError, ReadError, ScriptError, UsageError, VoiceError
from bulletin.model import Article, Problem, Rundown, Station, Story
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


def gather(
    sources: Sequence[str | Path],
    profile: Station,
    language: str | None,
    voice: str | None,
    progress: Progress = silent,
    overruled: Overruled = NOTHING,
    at: datetime | None = None,
) -> tuple[Rundown, Failed]:
    """All sources as one rundown, and those that gave no story; `at` is when it is broadcast, else now.

    Raises the first failure if there is no story at all.
    """
    one_source(sources, overruled)
    if not sources:
        raise ReadError("There is nothing to read.", "Name a text file, a saved page, a URL, or - for standard input.")
    stories: list[Story] = []
    edited: list[Rundown] = []
    failed: Failed = []
    for number, source in enumerate(map(str, sources)):
        if source.lower().startswith("http"):
            progress("Fetching", number, len(sources))
        try:
            found = open_source(source, profile, language, overruled)
        except BulletinError as error:
            failed.append((Problem(message=error.message, hint=error.hint, source=source), error))
            continue
        if isinstance(found, Rundown):
            failed += second_opening(edited, found, source)
            edited.append(found)
            stories += [replace(story, voice=story.voice or found.voice) for story in found.stories]
        else:
            stories.append(scripts.tell(found))
    progress("Fetching", len(sources), len(sources))
    if not stories:
        raise failed[0][1]
    if edited:
        if voice:  # a flag outranks what the scripts say of whole stories
            stories = [replace(story, voice="") for story in stories]
        return replace(edited[0], at=at or edited[0].at, stories=tuple(stories), voice=voice or edited[0].voice), failed
    made = scripts.arrange(stories, profile, at or datetime.now().astimezone().replace(microsecond=0))
    return replace(made, voice=voice or ""), failed


def second_opening(edited: Sequence[Rundown], found: Rundown, source: str) -> Failed:
    """A problem for an opening or a closing that is left out, because an earlier script has another."""
    if not edited or (edited[0].opening, edited[0].closing) == (found.opening, found.closing):
        return []
    error = ScriptError(f"The opening and closing of {source} are left out.", "A bulletin has one of each: those of its first script.")
    return [(Problem(message=error.message, hint=error.hint, source=source), error)]


def one_source(sources: Sequence[str | Path], overruled: Overruled) -> None:
    """Raise UsageError where lines are overruled by number and it is not clear whose."""
    if overruled != NOTHING and len(sources) != 1:
        raise UsageError(
            "--keep and --skip go with one source, whose lines they number.", "For several, edit the script: bulletin script SOURCE..."
        )


def open_source(source: str, profile: Station, language: str | None, overruled: Overruled = NOTHING) -> Article | Rundown:
    """A source as an article, or as the rundown of a script file."""
    data, content_type, encoding = readers.load(source, profile)
    if scripts.is_script(decode(data[:SNIFFED], encoding)):
        if overruled != NOTHING:
            raise UsageError(f"{source} is a script: --keep and --skip number the lines of an article.", "Strike words out in it with ~~.")
        return check_voices(scripts.parse(decode(data, encoding), source), source)
    article = furniture.overrule(read_article(source, data, content_type, encoding, profile, language), *overruled)
    if not any(block.said for block in article.blocks):
        raise ReadError(f"Nothing in {source} would be spoken: all of it looks like page furniture.", f"See why: bulletin read {source}")
    return article


def read_article(source: str, data: bytes, content_type: str, encoding: str, profile: Station, language: str | None) -> Article:
    """Bytes as an article, its furniture marked. Raises ReadError for a script file, which is no article any more."""
    if scripts.is_script(decode(data[:SNIFFED], encoding)):
        raise ReadError(f"{source} is a script, not an article.", f"Speak it: bulletin make {source}")
    article = readers.read(data, source, profile, content_type, encoding)
    return furniture.mark(replace(article, language=language) if language else article, profile)


def check_voices(rundown: Rundown, source: str) -> Rundown:
    """The rundown, if every voice it names is one. Raises ScriptError."""
    parts = [rundown.opening, *(story.passages for story in rundown.stories), rundown.closing]
    asked = [rundown.voice, *(story.voice for story in rundown.stories), *(passage.voice for part in parts for passage in part)]
    for name in filter(None, asked):
        try:
            engines.find(name)
        except VoiceError as error:
            raise ScriptError(f"{source}: {error.message}", error.hint) from error
    return rundown
