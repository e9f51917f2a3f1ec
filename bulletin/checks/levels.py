"""The levels: loudness and peaks measured anew, clipping, and both channels alive."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from bulletin.checks import PROBLEM, WARNING, Checked, Finding, counted
from bulletin.checks.exhibit import Exhibit
from bulletin.checks.hearing import STEPS
from bulletin.model import Ms

SAME = 0.1
"""dB or LU by which a file that has not changed may differ from its report."""
NEAR = 0.5
"""LU that a file that has changed may be off what was asked for (EBU R 128: ±0.5 LU where it is not live)."""
OFFSET = 0.01
"""Of full scale: a direct current that a meter shows and a switch clicks with."""
DEAD = -40.0
"""dB: a channel so far under the other is dead; music and voices lean by 10 at most."""
OPPOSED = -0.7
"""Correlation of left and right under which one of them has been turned over: speech in the middle vanishes where they are added."""
NAMES = {
    "loudness_lufs": ("loudness", "LUFS"),
    "true_peak_dbtp": ("true peak", "dBTP"),
    "max_momentary_lufs": ("highest momentary loudness", "LUFS"),
    "max_short_term_lufs": ("highest short-term loudness", "LUFS"),
    "range_lu": ("loudness range", "LU"),
}
MASTER = "Make it again; the report names its targets: bulletin make"


def look(exhibit: Exhibit) -> Checked:
    """Look at how loud it is."""
    meter = exhibit.heard.meter
    values = {
        "loudness_lufs": meter.integrated,
        "true_peak_dbtp": meter.true_peak,
        "max_momentary_lufs": meter.momentary,
        "max_short_term_lufs": meter.short_term,
        "range_lu": meter.range,
    }
    measured = {name: round(value, 2) if math.isfinite(value) else None for name, value in values.items()}
    uneven = channels(exhibit)
    clipped = clipping(exhibit)
    findings = [*uneven, *clipped, *offset(exhibit)]
    if not uneven:  # a dead channel changes every level: that is said already
        findings += as_told(exhibit, values) if exhibit.unchanged else as_asked(exhibit, values, clipped=bool(clipped))
    summary = f"{values['loudness_lufs']:.1f} LUFS, {values['true_peak_dbtp']:.1f} dBTP, {values['range_lu']:.1f} LU"
    return Checked(name="levels", summary=summary, measured={**measured, "clipped": len(exhibit.heard.clipped)}, findings=findings)


def as_told(exhibit: Exhibit, values: dict[str, float]) -> list[Finding]:
    """Levels of an unchanged file that are not what its report says."""
    told = exhibit.entry.levels if exhibit.entry else {}
    return [
        Finding(
            severity=PROBLEM,
            what=f"Its {NAMES[name][0]} is not what the report says.",
            expected=f"{told[name]:.1f} {NAMES[name][1]}",
            found=f"{values[name]:.1f} {NAMES[name][1]}",
            hint="The report has been edited, or a meter has: make the bulletin again.",
        )
        for name in told
        if name in values and not abs(told[name] - values[name]) <= SAME + 0.005  # the report's are rounded
    ]


def as_asked(exhibit: Exhibit, values: dict[str, float], *, clipped: bool) -> list[Finding]:
    """How far a file that is not the published one is off the target, and over the limit, of the published one."""
    entry = exhibit.entry
    if entry is None:
        return []
    found = []
    off = values["loudness_lufs"] - entry.target
    if abs(off) > NEAR:
        what = f"It is {abs(off):.1f} LU too {'loud' if off > 0 else 'quiet'}."
        said = f"{values['loudness_lufs']:.1f} LUFS"
        found.append(Finding(severity=PROBLEM, what=what, expected=f"{entry.target:g} LUFS", found=said, hint=MASTER))
    if values["true_peak_dbtp"] > entry.limit + 0.05 and not clipped:  # shown with a tenth
        what = "Its true peak is over the limit."
        said = f"{values['true_peak_dbtp']:.1f} dBTP"
        found.append(Finding(severity=PROBLEM, what=what, expected=f"{entry.limit:g} dBTP at most", found=said, hint=MASTER))
    return found


def clipping(exhibit: Exhibit) -> list[Finding]:
    """Where it is clipped, or goes over full scale between samples."""
    heard = exhibit.heard
    peak = heard.meter.true_peak
    if heard.clipped:
        steps = sorted(heard.clipped)
        places = 1 + sum(b - a > 1 for a, b in pairwise(steps))
        what = f"It is clipped in {counted(places, 'place')}."
        hint = "It was turned up after mastering: make it again, or turn the master, not the file, up."
        return [Finding(severity=PROBLEM, what=what, at=Ms(steps[0] * 1000 // STEPS), found=f"{peak:.1f} dBTP", hint=hint)]
    if peak <= 0:
        return []
    severity = PROBLEM if exhibit.told else WARNING
    what = "Its true peak is over full scale: a player or an encoder may clip it."
    return [Finding(severity=severity, what=what, expected="0 dBTP at most", found=f"{peak:.1f} dBTP", hint=MASTER)]


def channels(exhibit: Exhibit) -> list[Finding]:
    """A channel that is dead, or turned over against the other."""
    heard = exhibit.heard
    if heard.channels != 2 or not heard.squares.any():
        return []
    powers = 10 * np.log10(np.maximum(heard.squares / heard.frames, 1e-12))
    hint = "Look at the cable or the routing, or make it again."
    if abs(powers[0] - powers[1]) > -DEAD:
        dead = "left" if powers[0] < powers[1] else "right"
        said = "digital silence" if heard.squares.min() == 0 else f"{powers.min():.0f} dBFS"
        return [Finding(severity=PROBLEM, what=f"The {dead} channel is dead.", expected=f"{powers.max():.0f} dBFS", found=said, hint=hint)]
    alike = heard.product / math.sqrt(heard.squares.prod())
    if alike < OPPOSED:
        what = "Left and right are out of phase: on one loudspeaker the speech vanishes."
        return [Finding(severity=PROBLEM, what=what, expected="correlation over 0", found=f"{alike:.2f}", hint=hint)]
    return []


def offset(exhibit: Exhibit) -> list[Finding]:
    """A direct current in it."""
    heard = exhibit.heard
    means = np.abs(heard.sums / max(1, heard.frames))
    if means.max(initial=0.0) <= OFFSET:
        return []
    what = "There is a direct current in it: it clicks where it is switched."
    said = f"{100 * float(means.max()):.1f} %"
    return [Finding(severity=PROBLEM, what=what, expected=f"{100 * OFFSET:g} % of full scale at most", found=said, hint="Filter it out.")]
