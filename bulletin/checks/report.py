"""The report itself: whether it holds together, what it says fell short, and whether the bulletin still holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise

from bulletin.checks import PROBLEM, WARNING, Checked, Finding, Line, Told, counted
from bulletin.model import Ms

SPOKEN_OUTSIDE = ("opening", "headlines", "closing")
"""Roles of segments that are no part of a story."""
BAD = "The report has been edited, or is damaged: make the bulletin again."


def look(told: Told, now: datetime) -> Checked:
    """Look at what the report says, and at what it says of itself."""
    fell_short, to_see = told.values["problems"], told.values["warnings"]
    findings = [*disorder(told), *outside(told), *stories(told), *repeated(told), *stale(told, now)]
    summary = f"{counted(len(told.lines), 'sentence')}, {counted(len(told.values['stories']), 'story', 'stories')}"
    if fell_short:
        summary += f", {counted(len(fell_short), 'thing')} fell short when it was made"
    measured = {"segments": len(told.lines), "stories": len(told.stories), "problems": len(fell_short), "warnings": len(to_see)}
    return Checked(name="report", summary=summary, measured=measured, findings=findings)


def wrong(what: str, at: int, expected: str = "", found: str = "") -> Finding:
    """A report that contradicts itself."""
    return Finding(severity=PROBLEM, what=what, at=Ms(at), expected=expected, found=found, hint=BAD)


def disorder(told: Told) -> Iterator[Finding]:
    """Sentences that are not one after the other."""
    for before, after in pairwise(told.lines):
        if after.start < before.start + before.duration:
            what = f"In the report, {after.quoted} begins before {before.quoted} is over."
            yield wrong(what, after.start, f"{before.start + before.duration} ms or later", f"{after.start} ms")


def outside(told: Told) -> Iterator[Finding]:
    """Sentences and music that reach out of the programme."""
    for name, start, duration in [
        *((line.quoted, line.start, line.duration) for line in told.lines),
        *((f"the {cue.role}", cue.start, cue.duration) for cue in told.music),
    ]:
        if start < 0 or duration < 0 or start + duration > told.duration:
            what = f"In the report, {name} lies outside the programme."
            yield wrong(what, max(0, min(start, told.duration)), f"0 to {told.duration} ms", f"{start} to {start + duration} ms")


def stories(told: Told) -> Iterator[Finding]:
    """Stories that are not in order, and sentences of stories that lie in none."""
    spans = [(start, stop) for _, start, stop in told.stories]
    for (_, stop), (start, _) in pairwise(spans):
        if start < stop:
            yield wrong("In the report, one story begins before the one before it is over.", start, f"{stop} ms or later", f"{start} ms")
    for line in told.lines:
        if line.role not in SPOKEN_OUTSIDE and not any(inside(line, span) for span in spans):
            yield wrong(f"In the report, {line.quoted} belongs to no story.", line.start)


def inside(line: Line, span: tuple[int, int]) -> bool:
    """Whether a sentence lies in a story."""
    return span[0] <= line.start and line.start + line.duration <= span[1]


def repeated(told: Told) -> Iterator[Finding]:
    """What fell short when it was made, and what was to be looked at."""
    for problem in told.values["problems"]:
        yield Finding(severity=WARNING, what=f"When it was made: {problem.get('message', '')}", hint=str(problem.get("hint", "")))
    for warning in told.values["warnings"]:
        yield Finding(severity=WARNING, what=f"To look at: {warning.get('message', '')}", hint=str(warning.get("hint", "")))


def stale(told: Told, now: datetime) -> Iterator[Finding]:
    """Whether it holds no longer."""
    if told.until and now >= told.until.astimezone():
        until = told.until.astimezone()
        what = f"It is stale: it held until {until:%Y-%m-%d %H:%M}."
        yield Finding(severity=WARNING, what=what, expected=f"before {until:%Y-%m-%d %H:%M}", hint="Make a new one: bulletin make")
