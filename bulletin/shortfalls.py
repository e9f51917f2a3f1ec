"""What fell short, in the words of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bulletin import engines
from bulletin.model import SPARE, Clip, Fitted, Problem, Programme, Rundown, Segment

OFF = 0.1
"""LU off the target that are within what is promised."""


def left_out(unsaid: Sequence[tuple[Segment, Problem]], rundown: Rundown) -> list[Problem]:
    """A problem for each part that is left out, with what could not be said of it and all the sentences that are missing for it."""
    parts: dict[str, list[tuple[Segment, Problem]]] = {}
    for segment, problem in unsaid:
        parts.setdefault(part_name(segment, rundown), []).append((segment, problem))
    found = []
    for part, lost in parts.items():
        segment, problem = lost[0]
        missing = tuple(sentence for _, each in lost for sentence in each.missing)
        source = problem.source if segment.story is None else rundown.stories[segment.story].source
        found.append(replace(problem, message=f"Left out: {part}. {reasons(each for _, each in lost)}", source=source, missing=missing))
    return found


def reasons(problems: Iterable[Problem]) -> str:
    """Why something is left out: what happened first, and how often the like of it."""
    first, *more = dict.fromkeys(problem.message for problem in problems)
    return f"{first} So with {len(more)} more of its sentences." if more else first


def gaps(unsaid: Sequence[tuple[Segment, Problem]], rundown: Rundown) -> list[Problem]:
    """A problem for each sentence that is missing in a part that is aired without it."""
    return [replace(each, message=f"A gap in {part_name(segment, rundown)}: “{segment.text}”. {each.message}") for segment, each in unsaid]


def made_anew(damaged: Sequence[Path]) -> list[Problem]:
    """A warning of stored files that were not what they had been."""
    if not damaged:
        return []
    places = sorted({str(path) for path in damaged})
    what = f"{len(places)} stored files were" if len(places) > 1 else "A stored file was"
    return [
        Problem(
            message=f"{what} damaged and made anew, the first {places[0]}.",
            hint="Nothing is wrong with this bulletin; look after the disk.",
        )
    ]


def off_target(programmes: Sequence[Programme]) -> list[Problem]:
    """A problem for each file that would not come under its true peak, or to its loudness."""
    return [
        Problem(
            message=f"The {each.kind[1:].upper()} is at {each.loudness} LUFS, {each.true_peak} dBTP; {each.master.target.lufs:g} and "
            f"at most {each.master.target.true_peak:g} were asked for.",
            hint="A higher bitrate overshoots less: --set output.bitrate=128",
        )
        for each in programmes
        if each.true_peak > each.master.target.true_peak or abs(each.loudness - each.master.target.lufs) > OFF
    ]


def no_time(rundown: Rundown, fitted: Fitted | None) -> list[Problem]:
    """A problem for each story that the length leaves no time for; spare ones are meant to be left out."""
    stories = [rundown.stories[number] for number in (fitted.dropped if fitted else ())]
    return [
        Problem(
            message=f"Left out, for there is no time: the story “{story.headline or story.source}”.",
            hint="A longer --length, or in the script file “priority: must” for the stories that must run.",
            source=story.source,
        )
        for story in stories
        if story.priority != SPARE
    ]


def unused(readers: Sequence[str], rundown: Rundown) -> list[Problem]:
    """A problem for each reader who was asked for and speaks the language of no story."""
    return [
        Problem(
            message=f"{name} reads nothing: it speaks {engines.find(name).language}, and no story is in that.",
            hint="Choose a reader of a story's language: bulletin voices",
        )
        for name in readers
        if not any(engines.speaks(engines.find(name, story.language), story.language) for story in rundown.stories)
    ]


def to_look_at(rundown: Rundown) -> tuple[Problem, ...]:
    """A warning for each story whose marks are guesses and whose script nobody has edited."""
    return tuple(
        Problem(message=f"Look before air: {story.warning}", hint=f"See them: bulletin read {story.source}", source=story.source)
        for story in rundown.stories
        if story.warning
    )


def part_name(segment: Segment, rundown: Rundown) -> str:
    """What staff call the part that a segment belongs to."""
    if segment.story is None:
        return f"the {segment.role}"
    story = rundown.stories[segment.story]
    return f"the story “{story.headline or segment.text[:60]}”"


def mismatched(clips: Sequence[Clip]) -> list[Problem]:
    """A problem for each voice that read a language which is not its own."""
    counts: Counter[tuple[str, str]] = Counter(
        (clip.voice, clip.segment.language) for clip in clips if not engines.speaks(engines.find(clip.voice), clip.segment.language)
    )
    return [
        Problem(
            message=f"{voice} speaks {engines.find(voice).language} and read {count} sentences in “{language}”.",
            hint="Take a voice for that language, or say which it is with --language.",
        )
        for (voice, language), count in counts.items()
    ]
