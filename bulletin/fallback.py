"""Failover as a decision: who steps in where a voice is lost, and for how much. Never two voices by accident.

By the station's choice (voice.fallback_for) the next voice says all that the lost one was to say in the bulletin, or only the stories
that were lost with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from bulletin.errors import VoiceError
from bulletin.model import Clip, Problem, Segment

Who = Callable[[Segment], str]
"""The name of the voice that says a segment."""
Said = tuple[list[Clip], list[tuple[Segment, Problem]], list[Problem]]
"""As `Studio.speak` gives it: clips, what could not be said, notes."""
Part = int | str
"""A story's index, or the role of what belongs to none."""


class Casting:
    """Who says what, with all that has changed since the bulletin was begun."""

    def __init__(self, who: Who, able: Callable[[str], Sequence[str]], whole: bool) -> None:
        """`who`: the voice that a segment was meant for. `able`: the fallbacks for a language, in order. `whole`: for all that it says."""
        self.who = who
        self.able = able
        self.whole = whole
        self.out: dict[tuple[str, Part | None], list[str]] = {}
        """(voice, part) -> those that have failed it, itself the first; part None stands for the whole bulletin."""

    def __call__(self, segment: Segment) -> str:
        """The name of the voice that says a segment now."""
        meant = self.who(segment)
        failed = self.out.get((meant, self.scope(segment)), [])
        return next((name for name in self.able(segment.language) if name not in failed), meant) if failed else meant

    def scope(self, segment: Segment) -> Part | None:
        """What goes with a segment that is lost."""
        return None if self.whole else part_of(segment)

    def recast(self, lost: Sequence[tuple[Segment, Problem]]) -> list[Problem]:
        """Put the next voice in place of each that failed, where there is one: what has changed, in words; empty where nothing has."""
        found: dict[tuple[str, str], Problem] = {}
        before: dict[str, str] = {}
        for segment, _ in lost:
            with suppress(VoiceError):  # nobody speaks its language: there is no voice that was lost
                before[segment.id] = self(segment)
        for segment, problem in lost:
            if segment.id not in before:
                continue
            now = before[segment.id]
            failed = self.out.get((self.who(segment), self.scope(segment)), [])
            then = next((name for name in self.able(segment.language) if name not in (*failed, now)), None)
            if then:
                self.out[self.who(segment), self.scope(segment)] = list(dict.fromkeys((*failed, now)))
                found.setdefault((now, then), self.told(now, then, problem))
        return list(found.values())

    def told(self, now: str, then: str, problem: Problem) -> Problem:
        """That somebody has stepped in."""
        what = "all that it was to say is" if self.whole else "the stories that were lost with it are"
        return replace(
            problem,
            message=f"{now} was lost: {what} read by {then}. {problem.message}",
            hint=f"Listen before air. What {now} did say is kept for when it is back.",
            source="",
            missing=(),
        )


def part_of(segment: Segment) -> Part:
    """The part of a bulletin that is lost with a segment: a story, its line among the headlines included, or the opening, the closing."""
    return segment.role if segment.story is None else segment.story


def voiced(casting: Casting, speak: Callable[[Casting], Said]) -> tuple[Said, list[Problem]]:
    """What is said in the end, and who stepped in for whom. Those who are lost are replaced until nobody is left who could."""
    changes: list[Problem] = []
    while True:
        said = speak(casting)
        changed = casting.recast(said[1])
        if not changed:
            return said, changes
        changes += changed
