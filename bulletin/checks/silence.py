"""Silence: at the head, at the tail, and where nobody asked for it."""

from __future__ import annotations

import numpy as np

from bulletin.checks import PROBLEM, WARNING, Checked, Finding, Span, counted, music, seconds
from bulletin.checks.exhibit import Exhibit
from bulletin.checks.hearing import STEPS
from bulletin.checks.speech import gaps
from bulletin.model import Ms

HEAD, TAIL, WITHIN = 500, 1000, 2000
"""ms of silence that are too many: at the head a start sounds missed; at the tail the next item comes late, and a fade
goes under SILENT some tenths before its end; within, listeners look at the radio."""
SLACK = 200
"""ms by which silence may reach over the pause that was asked for: words fade in and out."""
AROUND = 1500
"""ms of pauses beside words that are not heard."""


def look(exhibit: Exhibit) -> Checked:
    """Look for silence."""
    spans = silences(exhibit)
    end = exhibit.heard.length
    long = [span for span in spans if span[1] - span[0] > limit(span, end)]
    findings = [finding(exhibit, span) for span in long if not said_already(exhibit, span)]
    longest = max((stop - start for start, stop in spans), default=0)
    summary = f"{seconds(longest)} at most" if longest else "none"
    return Checked(
        name="silence",
        summary=summary if not long else f"{counted(len(long), 'long silence')}, {summary}",
        measured={"longest_ms": longest, "long": [list(span) for span in long]},
        findings=findings,
    )


def silences(exhibit: Exhibit) -> list[Span]:
    """All silences, (start, end) in ms."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], exhibit.quiet, [False]]).astype(np.int8)))
    starts, stops = edges[::2], edges[1::2]
    return [(int(start) * 1000 // STEPS, int(stop) * 1000 // STEPS) for start, stop in zip(starts, stops, strict=True)]


def limit(span: Span, end: int) -> int:
    """How long a silence may be where it is."""
    if span[0] == 0:
        return HEAD
    return TAIL if span[1] >= end - 1000 // STEPS else WITHIN


def finding(exhibit: Exhibit, span: Span) -> Finding:
    """What there is to say of a long silence."""
    start, stop = span
    zero = (exhibit.heard.peaks[start * STEPS // 1000 : stop * STEPS // 1000] == 0).mean()
    end = exhibit.heard.length
    where = "at its head" if start == 0 else "at its tail" if stop >= end - 1000 // STEPS else "in it"
    wanted = asked_for(exhibit, span)
    what = f"{seconds(stop - start)} of silence {where}{', as the report has it' if wanted else ''}."
    said = "digital zero" if zero > 0.5 else "under -60 dBFS"
    hint = "Shorten the pauses of the station file, or its music." if wanted else "Make the bulletin again: bulletin make"
    severity = WARNING if wanted else PROBLEM
    return Finding(severity=severity, what=what, at=Ms(start), expected=f"{seconds(limit(span, end))} at most", found=said, hint=hint)


def asked_for(exhibit: Exhibit, span: Span) -> bool:
    """Whether a silence is a pause of the report's own, or in music of a file that is as it was made."""
    if exhibit.told is None:
        return False
    if exhibit.unchanged:
        return True
    for start, stop in gaps(exhibit.told):
        begin = start + exhibit.shift(start, before=True)
        if begin - SLACK <= span[0] and span[1] <= begin + stop - start + SLACK:
            return True
    return False


def said_already(exhibit: Exhibit, span: Span) -> bool:
    """Whether a silence lies where words, or music, are not heard: it is told of there."""
    missing = [
        (piece.start + exhibit.shift(piece.start, before=True), piece.duration) for piece, place in exhibit.places.items() if place is None
    ]
    missing += [(cue.start + exhibit.shift(cue.start), cue.duration) for cue in music.unheard(exhibit) if not exhibit.another]
    return any(start - AROUND <= span[0] and span[1] <= start + duration + AROUND for start, duration in missing)
