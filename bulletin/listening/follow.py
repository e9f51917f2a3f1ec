"""Each sentence found in the file by its sound: where the report has it, or near there, where something was cut out or put in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bulletin.listening.compare import Path, lay, spectra
from bulletin.listening.ear import Samples
from bulletin.listening.recording import Recording
from bulletin.sentences import pieces

NEAR, FAR = 0.7, 45.0
"""Seconds around its place in which a sentence is looked for: first, and where it is not quite there."""
FORWARD = 20.0
"""... and how many behind it at most: more is cut out of a bulletin than put in."""
DRY, MUSIC = 0.25, 0.36
"""A sound that is less unlike than this says the same sentence, dry or under music: 0.0 to 0.1, or to 0.25; another one 0.34 and more."""
ELSEWHERE = 0.22
"""A sound far from its place has to be so much like it, and less than half as unlike as what is at its place."""
SURE = 0.5
"""In its worst 120 ms: under this nobody need look further."""
LONGEST = 22.0
"""Seconds that are listened to at once, so that the ear does not lose its place."""
TIGHT = 0.6
"""Of a sentence's length: where less is found of it, or more than its inverse, it is another."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A segment, or a part of one that is too long to listen to at once."""

    segment: Mapping[str, Any]
    words: str
    """As spoken."""
    start: float
    end: float
    """Seconds, by the report."""

    @property
    def language(self) -> str:
        """Of its words."""
        return str(self.segment["language"])


@dataclass(frozen=True, slots=True)
class Found:
    """A unit in the file."""

    start: float
    end: float
    """Seconds."""
    mean: float
    """How unlike the reference the file is; 1 where there is none."""
    worst: float
    """... in the worst 120 ms."""


def units(segments: Sequence[Mapping[str, Any]]) -> list[Unit]:
    """All that is said, in order."""
    found = []
    for segment in segments:
        start, length = segment["start_ms"] / 1000, segment["duration_ms"] / 1000
        parts = [segment["said"]]
        if length > LONGEST:
            parts = pieces(segment["said"], segment["language"], max(60, int(len(segment["said"]) * LONGEST / length * 0.8)))
        whole = max(1, sum(map(len, parts)))
        for part in parts:
            share = length * len(part) / whole
            found.append(Unit(segment, part, start, start + share))
            start += share
    return found


def search(unit: Unit, reference: Samples, recording: Recording, offset: float, earliest: float, *, far: bool) -> Found | None:
    """A unit where the report has it, `offset` seconds later, or if `far` within FAR, not before `earliest`; None where it is not.

    Under music it must not be looked for far away: its headline is said again in its story, and there it is clearer.
    """
    model = spectra(reference)
    best = within(NEAR, DRY if far else MUSIC, unit, model, recording, offset, earliest)
    if far and not (best and best.worst < SURE):
        enough = min(ELSEWHERE, best.mean / 2 if best else ELSEWHERE)
        best = within(FAR, enough, unit, model, recording, offset, earliest) or best
    return best


def within(around: float, enough: float, unit: Unit, model: Samples, recording: Recording, offset: float, earliest: float) -> Found | None:
    """A unit within so many seconds of its place, if it is no less like its reference than `enough`."""
    begin = max(0.0, earliest - 0.3, unit.start + offset - around)
    colours = spectra(recording.between(begin, unit.end + offset + min(around, FORWARD)))
    if len(colours) < len(model) * TIGHT:
        return None
    path = lay(model, colours)
    first, last = path.ends
    if path.mean >= enough or not TIGHT < (last - first) * 50 / len(model) < 1 / TIGHT:
        return None
    return Found(begin + first, begin + last, path.mean, worst(path))


def worst(path: Path) -> float:
    """How unlike two sounds are in the worst 120 ms."""
    return float(np.convolve(path.cost, np.ones(6) / 6, "same").max(initial=0.0))


def shift(unit: Unit, found: Found) -> float:
    """By how many seconds a unit is later than the report has it."""
    return (found.start + found.end - unit.start - unit.end) / 2
