"""The music: whether each cue is heard where the report says."""

from __future__ import annotations

import numpy as np

from bulletin.checks import PROBLEM, Checked, Finding, Music, counted
from bulletin.checks.exhibit import Exhibit
from bulletin.checks.hearing import STEPS
from bulletin.model import Ms

LEAST = 300
"""ms of a cue by itself that it takes to tell."""
SHARE = 0.5
"""Of a cue by itself, that must be sound: music has rests, and fades."""
EDGE = 50
"""ms left out beside words."""


def look(exhibit: Exhibit) -> Checked:
    """Look for the music."""
    told = exhibit.told
    if told is None or not told.music:
        return Checked(name="music", summary="none to look for")
    if exhibit.another:
        return Checked(name="music", summary="another recording's")
    shares = [(cue, share) for cue in told.music if (share := heard(exhibit, cue)) is not None]
    findings = [missing(exhibit, cue, share) for cue, share in shares if share < SHARE]
    roles = [{"role": cue.role, "start_ms": cue.start, "heard": round(share, 2)} for cue, share in shares]
    covered = len(told.music) - len(shares)
    summary = f"{len(shares) - len(findings)} of {counted(len(shares), 'cue')} heard" + (
        f", {covered} under words throughout" if covered else ""
    )
    return Checked(name="music", summary=summary, measured={"cues": roles}, findings=findings)


def unheard(exhibit: Exhibit) -> list[Music]:
    """The music that is not there."""
    found = exhibit.told.music if exhibit.told else ()
    return [cue for cue in found if (share := heard(exhibit, cue)) is not None and share < SHARE]


def heard(exhibit: Exhibit, cue: Music) -> float | None:
    """Which share of a cue, where nobody speaks, is sound; None where that is not long enough to tell."""
    begin = round((cue.start + exhibit.shift(cue.start)) * STEPS / 1000)
    length = max(0, cue.duration * STEPS // 1000)
    alone = np.ones(length, bool)
    for _, piece in exhibit.told.pieces if exhibit.told else ():
        start = round((piece.start - EDGE + exhibit.shift(piece.start)) * STEPS / 1000) - begin
        alone[max(0, start) : max(0, start + (piece.duration + 2 * EDGE) * STEPS // 1000)] = False
    if alone.sum() < LEAST * STEPS // 1000:
        return None
    sound = np.zeros(length, bool)
    there = ~exhibit.quiet[max(0, begin) : max(0, begin + length)]
    first = max(0, -begin)
    sound[first : first + len(there)] = there[: length - first]
    return float(sound[alone].mean())


def missing(exhibit: Exhibit, cue: Music, share: float) -> Finding:
    """The finding for music that is not there."""
    at = round(cue.start + exhibit.shift(cue.start))
    what = f"The {cue.role} is {'not heard' if share < 0.05 else 'heard in part'}."
    over = at + cue.duration > exhibit.heard.length
    return Finding(
        severity=PROBLEM,
        what=what,
        at=Ms(max(0, min(at, exhibit.heard.length))),
        expected=f"{cue.duration / 1000:.1f} s of music",
        found=f"sound in {share:.0%} of it" + (", then the file ends" if over else ""),
        hint="Make the bulletin again: bulletin make",
    )
