"""What lies before the checks: a file of sound, what was heard of it, and what its report tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bulletin.checks import Mastered, Piece, Told
from bulletin.checks.hearing import STEPS, Heard
from bulletin.loudness import factor
from bulletin.store import digest

SILENT = -60.0
"""dBFS: peaks under this are silence. Dither of 16 bit peaks at -84, a fading outro of the quietest target goes below it late."""
OTHER = 0.8
"""Share of clips not found from which it is another recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a clip was found."""

    piece: Piece
    shift: float
    """ms behind where the report has it."""
    alike: float
    """Normalised correlation: 1.0 is the same sound, louder or softer."""
    gain: float
    """dB against the clip with its gain in the mix."""
    holes: tuple[tuple[int, int], ...] = ()
    """(start, end) in ms, in the sound, of parts of it that are not like the clip."""


@dataclass
class Exhibit:
    """A file of sound with its report, None where it has none."""

    path: Path
    heard: Heard
    told: Told | None = None
    entry: Mastered | None = None
    """The file in the report."""
    places: dict[Piece, Place | None] = field(default_factory=dict)
    """Of each clip that could be looked for; None where it was not found."""

    @cached_property
    def sha256(self) -> str:
        """Of the file as it is."""
        return digest(self.path)

    @property
    def unchanged(self) -> bool:
        """Whether it is to the byte what was published."""
        return bool(self.entry and self.entry.sha256 == self.sha256)

    @property
    def another(self) -> bool:
        """Whether it is another recording: as good as no clip that was looked for was found."""
        found = sum(place is not None for place in self.places.values())
        return len(self.places) > 1 and found <= (1 - OTHER) * len(self.places)

    @cached_property
    def quiet(self) -> NDArray[np.bool_]:
        """Of each 10 ms, whether it is silent."""
        return self.heard.peaks < factor(SILENT)

    def is_quiet(self, start: float, stop: float) -> bool:
        """Whether most of a time (ms) is silence, or behind the end."""
        steps = self.quiet[max(0, int(start * STEPS / 1000)) : max(0, int(stop * STEPS / 1000))]
        return not len(steps) or bool(steps.mean() > 0.8)

    def shift(self, time: int, *, before: bool = False) -> float:
        """By how many ms the sound is late at a time of the report: as the next clip that was found is, or the one `before`.

        Where there is none on that side, the one on the other; 0 where none was found.
        """

        def distance(place: Place) -> tuple[bool, int]:
            return (place.piece.start < time) is not before, abs(place.piece.start - time)

        found = [place for place in self.places.values() if place]
        return min(found, key=distance).shift if found else 0.0
