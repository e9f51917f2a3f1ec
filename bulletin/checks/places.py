"""Finds the clips of a bulletin in its sound, by correlation: where each is, how loud, and whether it is whole.

Measured on bulletins at 128 kbit/s and as WAV: a clip in its place is alike by 0.98 or more with music under it, by 0.997 without;
the best place for a clip that is not there is alike by 0.2 at most, in speech of the same voice.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bulletin.checks import Piece, Span
from bulletin.checks.exhibit import Place
from bulletin.checks.hearing import HALF, RATE
from bulletin.loudness import decibel
from bulletin.ports import Progress
from bulletin.store import Store

NEAR, FAR = 500, 60_000
"""ms either side of its place in which a clip is looked for; and where it is not there."""
ALIKE = {NEAR: 0.5, FAR: 0.8}
"""Correlation from which a clip is found; far away there are a hundred times as many places to be wrong at."""
SLICE = 400
"""ms in which a found clip is compared, to find a part of it that is not there."""
WHOLE, HELD = 0.6, 0.5
"""Correlation of a slice from which it is there: with the usual music under it no less than 0.93. Loud music brings a soft syllable
to 0.3, and still there is as much of the clip in it as elsewhere, to a tenth; under this share of it there is none."""
AUDIBLE = 0.001
"""Power of a slice against the whole clip's, from which it can be compared."""
GIVEN_UP = 4
"""Clips not found one after the other, after which none is looked for far away: it is another recording."""
Sound = NDArray[np.float32]


@dataclass
class Search:
    """What is known while the clips of one sound are looked for."""

    copy: NDArray[np.int16]
    """The sound at RATE, one channel."""
    guess: float
    """ms by which the sound may be late, from how long it is."""
    shifts: list[float] = field(default_factory=lambda: [0.0])
    """By which clips were found to be late, the last one first."""
    taken: list[Span] = field(default_factory=list)
    """Samples in which clips were found."""
    lost: int = 0
    """Clips that were not found, since the last that was."""


def locate(pieces: Sequence[Piece], copy: NDArray[np.int16], guess: float, store: Store, progress: Progress) -> dict[Piece, Place | None]:
    """Where each clip is that is in the store; None for one that is not found.

    Words that are said twice are looked for last, where the clips around them are: elsewhere they would be found too.
    """
    search = Search(copy, guess)
    times = Counter(piece.key for piece in pieces)
    found: dict[Piece, Place | None] = {}
    alone, twice = [[piece for piece in pieces if (times[piece.key] == 1) is once] for once in (True, False)]
    for number, piece in enumerate([*alone, *twice]):
        progress("Comparing", number, len(pieces))
        if (kept := store.get(piece.key, ".flac") if piece.key else None) is None:
            continue
        if times[piece.key] > 1:
            search.shifts = [*dict.fromkeys(neighbours(piece, found)), 0.0]
        found[piece] = placed(piece, loaded(kept[0]), search, far=times[piece.key] == 1)
    progress("Comparing", len(pieces), len(pieces))
    return found


def neighbours(piece: Piece, found: dict[Piece, Place | None]) -> Iterator[float]:
    """By how much the clips before and after are late."""
    places = [(other.start - piece.start, place.shift) for other, place in found.items() if place]
    yield from (shift for _, shift in sorted(((abs(distance), shift) for distance, shift in places if distance < 0))[:1])
    yield from (shift for _, shift in sorted(((abs(distance), shift) for distance, shift in places if distance > 0))[:1])


def loaded(path: Path) -> Sound:
    """A clip as the mixer takes it in, at RATE."""
    import soundfile
    import soxr

    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    resampled: Sound = soxr.resample(samples.mean(axis=1), rate, RATE, "HQ")
    return resampled


def placed(piece: Piece, clip: Sound, search: Search, *, far: bool) -> Place | None:
    """Where one clip is: near where it should be, or where the last one or the length of the sound lead; else farther away."""
    for shift in dict.fromkeys([search.shifts[0], 0.0, search.guess, *search.shifts[1:3]]):
        if place := best(piece, clip, search, shift, NEAR):
            break
    else:
        place = best(piece, clip, search, 0.0, FAR) if far and search.lost < GIVEN_UP else None
    if place is None:
        search.lost += 1
        return None
    search.lost = 0
    if place.shift != search.shifts[0]:
        search.shifts.insert(0, place.shift)
    return place


def best(piece: Piece, clip: Sound, search: Search, shift: float, reach: int) -> Place | None:
    """The likeliest place of a clip within `reach` ms of where it should be; None where it is not likely enough."""
    expected = (piece.start + shift) * RATE / 1000
    first = max(0, round(expected - reach * RATE / 1000))
    window: Sound = search.copy[first : max(first, round(expected + reach * RATE / 1000) + len(clip))].astype(np.float32) * np.float32(
        1 / HALF
    )
    window -= window.mean() if len(window) else 0  # a direct current is told of by itself
    alike = likeness(clip, window)
    if reach == FAR:
        for start, stop in search.taken:
            alike[max(0, start - first - len(clip) // 2) : max(0, stop - first - len(clip) // 2)] = 0
    if not len(alike):
        return None
    at = int(np.argmax(np.abs(alike)))
    if abs(alike[at]) < ALIKE[reach]:
        return None
    there = window[at : at + len(clip)]
    search.taken.append((first + at, first + at + len(clip)))
    return Place(
        piece=piece,
        shift=(first + at) * 1000 / RATE - piece.start,
        alike=float(abs(alike[at])),
        gain=decibel(abs(float(clip @ there)) / float(clip @ clip)) - piece.gain,
        holes=tuple(holes(clip, there, round((first + at) * 1000 / RATE))),
    )


def likeness(clip: Sound, window: Sound) -> NDArray[np.float64]:
    """Normalised correlation of a clip with every place in a window, -1 to 1; a clip that is half silence elsewhere included."""
    from scipy.signal import correlate

    if not len(clip) or len(window) < len(clip):
        return np.zeros(0)
    sums = np.concatenate([np.zeros(1), np.cumsum(np.square(window, dtype=np.float64))])
    energy = np.maximum(sums[len(clip) :] - sums[: -len(clip)], 1e-6 * len(clip) / RATE)
    found: NDArray[np.float64] = correlate(window, clip, "valid", method="fft") / np.sqrt(energy * max(float(clip @ clip), 1e-12))
    return found


def holes(clip: Sound, there: Sound, at: int) -> Iterator[Span]:
    """Parts of a clip that are not there, (start, end) in ms in the sound, which has the clip from `at` on."""
    size = SLICE * RATE // 1000
    audible = AUDIBLE * float(np.square(clip).mean())
    usual = abs(float(clip @ there)) / max(float(clip @ clip), 1e-12)
    open_: Span | None = None
    for begin in range(0, max(1, len(clip) - size // 2), size):
        part, heard = clip[begin : begin + size], there[begin : begin + size]
        if float(np.square(part).mean()) < audible:
            continue
        common, own = abs(float(part @ heard)), float(part @ part)
        start = at + begin * 1000 // RATE
        if common < WHOLE * math.sqrt(own * float(heard @ heard)) and common < HELD * usual * own:
            open_ = (open_[0] if open_ else start, start + len(part) * 1000 // RATE)
        elif open_:
            yield open_
            open_ = None
    if open_:
        yield open_


def without_holes(place: Place, silences: Sequence[Span]) -> Place:
    """The place without those holes that are silences, which are told of by themselves."""
    return replace(
        place, holes=tuple(hole for hole in place.holes if not any(hole[0] < stop and start < hole[1] for start, stop in silences))
    )
