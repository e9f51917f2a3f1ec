"""What fell short, in the words of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bulletin import engines
from bulletin.model import Clip, Problem, Programme, Rundown, Segment, Station

OFF = 0.3
"""LU off the target that are within what is promised."""


def left_out(segment: Segment, problem: Problem, rundown: Rundown) -> Problem:
    """The problem of a segment that could not be said, naming the part that is missing for it."""
    return replace(problem, message=f"Left out: {part_name(segment, rundown)}. {problem.message}")


def off_target(programme: Programme, profile: Station) -> list[Problem]:
    """A problem for a programme that would not come under its true peak, or to its loudness."""
    if programme.true_peak <= profile.target.true_peak and abs(programme.loudness - profile.target.lufs) <= OFF:
        return []
    return [
        Problem(
            message=f"The MP3 is at {programme.loudness} LUFS, {programme.true_peak} dBTP; {profile.target.lufs:g} and at most "
            f"{profile.target.true_peak:g} were asked for.",
            hint="A higher bitrate overshoots less: --set output.bitrate=128",
        )
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
