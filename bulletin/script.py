"""write(rundown) -> the script: every sentence that is spoken, in order, with its voice and its pause."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Protocol

from bulletin.model import Ms, Passage, Rundown, Script, Segment, Station, Story
from bulletin.sentences import sentences

MARKS = re.compile(r"((?<!\d)\"[,;:.!?…]*|[“”„«»「」『』][,;:.!?…]*)")
"""Marks of direct speech, with the stops behind; a sign of inches is none."""
FEWEST_WORDS = 4
"""In direct speech that another voice reads; less is a word in quotation marks."""


class Say(Protocol):
    """The spoken form of a text, in a story or in none."""

    def __call__(self, text: str, language: str, story: Story | None) -> str:
        """What is said for it."""


class Cast(Protocol):
    """Who reads a story beside the one who presents."""

    def __call__(self, story: int, language: str) -> str:
        """The name of a voice, or empty where the presenter reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What the passages of one part of the bulletin have in common."""

    name: str
    story: int | None
    language: str
    voice: str
    """Who presents it; empty to choose by language."""
    reader: str = ""
    """Who reads what is a reader's of it; empty where there is none."""
    last: Ms
    """The pause behind its end."""


def write(rundown: Rundown, station: Station, say: Say, cast: Cast = lambda story, language: "") -> Script:
    """The rundown as segments: headlines whole, the rest sentence by sentence, each with its pause."""
    opening = Part(name="opening", story=None, language=rundown.language, voice=rundown.voice, last=station.pauses.opening)
    closing = Part(name="closing", story=None, language=rundown.language, voice=rundown.voice, last=Ms(0))
    segments = [*told(opening, rundown.opening, station, partial(say, story=None))]
    segments += teased(rundown, station, say)
    for number, story in enumerate(rundown.stories):
        part = Part(
            name=f"story-{number + 1}",
            story=number,
            language=story.language,
            voice=story.voice or rundown.voice,
            reader="" if story.voice else cast(number, story.language),
            last=station.pauses.story,
        )
        segments += told(part, story.passages, station, partial(say, story=story))
    segments += told(closing, rundown.closing, station, partial(say, story=None))
    return Script(rundown=rundown, segments=tuple(segments))


def teased(rundown: Rundown, station: Station, say: Say) -> Iterator[Segment]:
    """The segments of the headlines, each in its story's language and the presenter's voice for that."""
    for at, passage in enumerate(rundown.headlines):
        story = None if passage.story is None else rundown.stories[passage.story]
        if not audible(passage) or (story and not any(map(audible, story.passages))):
            continue
        language = story.language if story else rundown.language
        voice = passage.voice or (story.voice if story else "") or rundown.voice
        pause = station.pauses.headlines if passage.pause is None else passage.pause
        said = say(passage.text, language, story)
        yield Segment(
            id=f"headlines-{at + 1}",
            role="headlines",
            story=passage.story,
            passage=at,
            text=passage.text,
            said=said,
            language=language,
            voice=voice,
            pause=pause,
        )


def audible(passage: Passage) -> bool:
    """Whether there is a word in it: `* * *` parts, and is not said."""
    return any(map(str.isalnum, passage.text))


def told(part: Part, passages: Sequence[Passage], station: Station, say: Callable[[str, str], str]) -> Iterator[Segment]:
    """The segments of one part."""
    spoken = [(number, passage) for number, passage in enumerate(passages) if audible(passage)]
    counts: dict[str, int] = {}
    for number, passage in spoken:
        runs = voiced(passage, part, station)
        behind = part.last if number == spoken[-1][0] else pause_behind(passage, station)
        behind = behind if passage.pause is None else passage.pause
        for at, (text, voice, within) in enumerate(runs):
            counts[passage.role] = counts.get(passage.role, 0) + 1
            count = counts[passage.role]
            yield Segment(
                id=f"{part.name}-{count}" if part.name == passage.role else f"{part.name}-{passage.role}-{count}",
                role=passage.role,
                story=part.story,
                passage=number,
                text=text,
                said=say(text, part.language),
                language=part.language,
                voice=voice,
                pause=behind if at == len(runs) - 1 else station.pauses.turn if within else station.pauses.sentence,
            )


def pause_behind(passage: Passage, station: Station) -> Ms:
    """The station's silence behind a passage that is not the last of its part."""
    return {"headline": station.pauses.headline, "lead-in": station.pauses.sentence}.get(passage.role, station.pauses.paragraph)


def voiced(passage: Passage, part: Part, station: Station) -> list[tuple[str, str, bool]]:
    """(words, voice, whether their sentence goes on behind them) of each segment of a passage."""
    if passage.role == "headline":
        return [(passage.text, passage.voice or part.voice, False)]
    texts = sentences(passage.text, part.language)
    if passage.voice or not part.reader or passage.role != "body":
        return [(text, passage.voice or part.voice, False) for text in texts]
    if station.turns == "story":
        return [(text, part.reader, False) for text in texts]
    return [(text, part.reader if quoted else part.voice, within) for text, quoted, within in by_turns(texts)]


def by_turns(texts: Sequence[str]) -> list[tuple[str, bool, bool]]:
    """Sentences of one paragraph, cut where direct speech begins and ends: (words, direct speech or not, sentence goes on or not)."""
    whole = " ".join(texts)
    straight = sum(mark.startswith('"') for mark in MARKS.findall(whole))
    left = straight if straight % 2 == 0 or whole.startswith('"') else straight - 1  # the odd one opens nothing
    found = []
    opened = ""
    for text in texts:
        runs: list[tuple[str, bool]] = []
        for run in MARKS.split(text):
            if MARKS.fullmatch(run):
                mark, before = run[0], opened
                if mark != '"' or left > 0:
                    opened = turned(mark, opened)
                if mark == '"':
                    left -= 1
                runs.append((run, bool(before or opened)))
            else:
                runs.append((run, bool(opened)))
        merged = together(runs)
        behind = [words for words, _ in merged[1:]] + [""]
        found += [(words, quoted, goes_on(words, then)) for (words, quoted), then in zip(merged, behind, strict=True)]
    return found


def turned(mark: str, opened: str) -> str:
    """The mark by which direct speech is open behind another: `“` opens, unless `„` has, and `”` closes; others do both by turns."""
    if mark == "”" or (mark == "“" and opened == "„"):
        return ""
    return mark if mark == "“" or not opened else ""


def goes_on(words: str, then: str) -> bool:
    """Whether a sentence goes on behind some words of it: `“Yes!” he said` does, `... “Yes.” He left` is two."""
    return bool(then) and not (words.rstrip('"“”»」』 ')[-1:] in ".!?…" and then[:1].isupper())


def together(runs: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Runs of one sentence with those that are too short to change the voice for put to their neighbours."""
    merged: list[tuple[str, bool]] = []
    for words, quoted in joined(runs):
        if merged and not any(map(str.isalnum, merged[-1][0])):  # a dash before the mark
            merged[-1] = (merged[-1][0] + words, quoted)
        elif merged and (not any(map(str.isalnum, words)) or merged[-1][1] == quoted):
            merged[-1] = (merged[-1][0] + words, merged[-1][1])
        else:
            merged.append((words, quoted))
    return [(" ".join(words.split()), quoted) for words, quoted in merged if words.strip()]


def joined(runs: Sequence[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """Neighbours of one kind as one; direct speech of a few words is none."""
    for quoted, group in groupby(runs, key=lambda run: run[1]):
        text = "".join(words for words, _ in group)
        yield text, quoted and len(text.split()) >= FEWEST_WORDS
