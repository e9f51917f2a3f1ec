"""What fell short, in the words of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bulletin import engines
from bulletin.model import SPARE, Clip, Fitted, Problem, Programme, Rundown, Segment

OFF = 0.1
"""LU off the target that are within what is promised."""


def left_out(segment: Segment, problem: Problem, rundown: Rundown) -> Problem:
    """The problem of a segment that could not be said, naming the part that is missing for it."""
    source = problem.source if segment.story is None else rundown.stories[segment.story].source
    return replace(problem, message=f"Left out: {part_name(segment, rundown)}. {problem.message}", source=source)


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
