"""How loud, by ITU-R BS.1770-5 and EBU Tech 3341 and 3342: integrated, momentary, short-term, range, true peak."""

from __future__ import annotations

import functools
import math
from array import array
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Shape (frames, channels), full scale 1.0."""

OFFSET = -0.691
"""dB: makes a 997 Hz sine at 0 dBFS in one channel read -3.01 LUFS (BS.1770-5, Annex 1)."""
SILENCE = -70.0
"""LUFS of the absolute gate; what nothing above it is called."""
STEPS = 100
"""Steps in a second, in which a meter keeps what it heard."""
MOMENTARY, SHORT_TERM, TENTH = 40, 300, 10
"""Steps in the windows of 400 ms and 3 s (Tech 3341 §2.2), and in 100 ms, by which gating blocks and S move on."""
PIECE = 6_000
"""Steps that are looked through at a time: a minute."""
TWICE = 10 * math.log10(2)
"""LU by which a sound of one channel is louder where it is played on two."""
PHASES, HALF = 8, 16
"""True peak: parts that the time between two samples is cut into, and samples either side that they are made from."""
HEADROOM = 1.75
"""No real signal peaks higher than this factor over both its nearest samples (white noise: 1.73); where it could, is looked into."""


@functools.cache
def k_weighting(rate: int) -> NDArray[np.float64]:
    """The shelf and the high-pass of BS.1770-5 Annex 1 as second-order sections, for any sample rate.

    The standard gives coefficients for 48 kHz; these are the analogue filters behind them, mapped by the bilinear
    transform (Brecht De Man, “Evaluation of implementations of the EBU R128 loudness measurement”, AES 2018).
    """
    shelf_f, shelf_gain, shelf_q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
    pass_f, pass_q = 38.13547087602444, 0.5003270373238773
    k, v = math.tan(math.pi * shelf_f / rate), 10 ** (shelf_gain / 20)
    root = v**0.4996667741545416
    a0 = 1 + k / shelf_q + k * k
    shelf = [
        (v + root * k / shelf_q + k * k) / a0, 2 * (k * k - v) / a0, (v - root * k / shelf_q + k * k) / a0,
        1, 2 * (k * k - 1) / a0, (1 - k / shelf_q + k * k) / a0,
    ]  # fmt: skip
    k = math.tan(math.pi * pass_f / rate)
    a0 = 1 + k / pass_q + k * k
    high_pass = [1, -2, 1, 1, 2 * (k * k - 1) / a0, (1 - k / pass_q + k * k) / a0]
    return np.array([shelf, high_pass])


class Meter:
    """The EBU meter (Tech 3341) of a sound that comes block by block: `frames` of `channels` heard at `rate`, 2.9 MB an hour.

    `weights` are the channels' factors of power: 1, and 1.41 for a surround channel (BS.1770-5, Annex 1, Table 3).
    """

    def __init__(self, rate: int, channels: int, weights: Sequence[float] | None = None) -> None:
        self.rate = rate
        self.channels = channels
        self.frames = 0
        self.weights = np.ones(channels) if weights is None else np.array(weights)
        self.sections = k_weighting(rate)
        self.state = np.zeros((len(self.sections), channels, 2))
        self.rest = np.zeros(0)
        self.steps = array("d")
        self.edge = np.zeros((2 * HALF, channels), np.float32)
        self.peak = 0.0

    def add(self, block: Samples) -> None:
        """Take the next samples."""
        from scipy.signal import sosfilt

        if not len(block):
            return
        joined = np.concatenate([self.edge, block])
        self.peak, self.edge = true_peak(joined, self.peak), joined[-2 * HALF :].copy()
        weighted, self.state = sosfilt(self.sections, block.T, zi=self.state)
        self.frames += len(block)
        self.keep(self.weights @ np.square(weighted))

    def keep(self, squares: NDArray[np.float64]) -> None:
        """Sum the K-weighted squares of whole steps; the frames left over wait for the next block.

        Where a step is no whole number of frames, some have one more than others, and 400 ms and 3 s are still exact.
        """
        squares = np.concatenate([self.rest, squares])
        edges = -(-np.arange(len(self.steps), self.frames * STEPS // self.rate + 1) * self.rate // STEPS)
        edges -= edges[0]
        self.rest = squares[edges[-1] :].copy()
        if len(edges) > 1:
            self.steps.frombytes(np.add.reduceat(squares[: edges[-1]], edges[:-1]).tobytes())

    def mean_squares(self, window: int, first: int) -> NDArray[np.float64]:
        """Mean squares of the last `window` steps at the step `first` and at each tenth of a second after it.

        A window that reaches back over the beginning is cut there; a sound that ends before `first` is one window.
        """
        steps = np.frombuffer(self.steps)
        whole = len(steps)
        if whole < first:
            return np.array([steps.mean()]) * STEPS / self.rate if whole else np.zeros(1)
        tenths = steps[: whole // TENTH * TENTH].reshape(-1, TENTH).sum(axis=1)
        sums = np.concatenate([np.zeros(1), np.cumsum(tenths)])
        ends = np.arange(first // TENTH, len(sums))
        starts = np.maximum(0, ends - window // TENTH)
        means: NDArray[np.float64] = (sums[ends] - sums[starts]) / (np.maximum(1, ends - starts) * TENTH * self.rate / STEPS)
        return means

    def highest(self, window: int) -> float:
        """The highest mean square of `window` steps, at every step; of the whole where it is shorter. Piece by piece, to need little."""
        steps = np.frombuffer(self.steps)
        window = max(1, min(window, len(steps)))
        found = 0.0
        for at in range(0, len(steps), PIECE):
            sums = np.concatenate([np.zeros(1), np.cumsum(steps[max(0, at - window) : at + PIECE])])
            found = max(found, float((sums[window:] - sums[:-window]).max(initial=0.0)))
        return found / (window * self.rate / STEPS)

    @property
    def integrated(self) -> float:
        """LUFS over blocks of 400 ms that overlap by three quarters, gated at -70 LUFS and -10 LU (BS.1770-5, Annex 1)."""
        loud = gated(self.mean_squares(MOMENTARY, MOMENTARY), 10)
        return level(float(loud.mean())) if len(loud) else SILENCE

    @property
    def on_two(self) -> float:
        """LUFS as it is played on two channels: one channel alone, on both."""
        return self.integrated + (TWICE if self.channels == 1 and self.integrated > SILENCE else 0.0)

    @property
    def momentary(self) -> float:
        """The highest momentary loudness: LUFS of 400 ms, at every 10 ms (Tech 3341 §2.2)."""
        return level(self.highest(MOMENTARY))

    @property
    def short_term(self) -> float:
        """The highest short-term loudness: LUFS of 3 s, at every 10 ms (Tech 3341 §2.2)."""
        return level(self.highest(SHORT_TERM))

    @property
    def range(self) -> float:
        """Loudness range: LU from the 10th to the 95th percentile of S, gated at -70 LUFS and -20 LU (Tech 3342 §3)."""
        loud = gated(self.mean_squares(SHORT_TERM, SHORT_TERM), 20)
        if not len(loud):
            return 0.0
        low, high = np.quantile(loud, [0.1, 0.95], method="nearest")
        return 10 * math.log10(high / low)

    @property
    def curve(self) -> NDArray[np.float64]:
        """Short-term loudness, LUFS of the 3 s before, at every 100 ms; before 3 s have passed, of what there is."""
        if len(self.steps) < TENTH:
            return np.zeros(0)
        squares = self.mean_squares(SHORT_TERM, TENTH)
        return OFFSET + 10 * np.log10(np.maximum(squares, power(SILENCE)))

    @property
    def true_peak(self) -> float:
        """The highest true peak in dBTP, as if silence followed; -inf for silence (BS.1770-5, Annex 2)."""
        return decibel(true_peak(np.pad(self.edge, ((0, HALF), (0, 0))), self.peak))


def measure(blocks: Iterable[Samples], rate: int, channels: int) -> Meter:
    """A meter that has heard all the blocks."""
    meter = Meter(rate, channels)
    for block in blocks:
        meter.add(block)
    return meter


def measure_file(path: Path) -> Meter:
    """A meter that has heard a sound file, decoded in blocks of a second. Raises what soundfile raises."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        meter = Meter(file.samplerate, file.channels)
        while len(block := file.read(file.samplerate, dtype="float32", always_2d=True)):
            meter.add(block)
    return meter


def overs(path: Path, ceiling: float) -> dict[int, float]:
    """The milliseconds of a sound file in which its true peak is over `ceiling`, a factor of full scale: each with that peak."""
    import soundfile

    found: dict[int, float] = {}
    with soundfile.SoundFile(path) as file:
        edge, place = np.zeros((2 * HALF, file.channels), np.float32), -2 * HALF
        while len(block := file.read(file.samplerate, dtype="float32", always_2d=True)):
            joined = np.concatenate([edge, block])
            where, high = peaks(joined, ceiling)
            for frame, peak in zip((where + place).tolist(), high.tolist(), strict=True):
                time = frame * 1000 // file.samplerate
                if peak > ceiling:
                    found[time] = max(peak, found.get(time, 0.0))
            edge, place = joined[-2 * HALF :], place + len(block)
    return found


def gated(squares: NDArray[np.float64], under: float) -> NDArray[np.float64]:
    """Mean squares over -70 LUFS, and of these the ones no more than `under` LU below their mean."""
    loud = squares[squares > power(SILENCE)]
    return loud[loud > loud.mean() / 10 ** (under / 10)] if len(loud) else loud


def of_clip(samples: NDArray[np.float32], rate: int) -> float:
    """Ungated LUFS of one sentence, shape (frames,): K-weighted mean square, silence at the ends left out before."""
    from scipy.signal import sosfilt

    weighted = sosfilt(k_weighting(rate), samples)
    return level(float(np.square(weighted).mean())) if len(samples) else SILENCE


def together(clips: Iterable[tuple[float, float]]) -> float:
    """LUFS of (LUFS, length) clips heard one after the other: the mean of their powers, by length."""
    pairs = list(clips)
    total = sum(length for _, length in pairs)
    return level(sum(power(lufs) * length for lufs, length in pairs) / total) if total else SILENCE


@functools.cache
def between(phases: int = PHASES, half: int = HALF) -> NDArray[np.float32]:
    """Kaiser-windowed sinc, shape (2 * half, phases - 1): the values between a sample and the next."""
    at = np.arange(1, phases) / phases
    distance = np.arange(2 * half)[:, None] - (half - 1) - at[None, :]
    window = np.i0(9 * np.sqrt(np.clip(1 - (distance / half) ** 2, 0, 1))) / np.i0(9)
    return (np.sinc(distance) * window).astype(np.float32)


def peaks(sound: Samples, floor: float) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Where `sound` may peak over `floor`, and how high: (frame indices, true peak from there to the next sample).

    Frames closer than HALF to either end are left out: hand them over again with their neighbours.
    """
    magnitude = np.abs(sound)
    high = magnitude > floor / HEADROOM
    rows, columns = np.nonzero(high[HALF - 1 : len(sound) - HALF] | high[HALF : len(sound) - HALF + 1])
    if not len(rows):
        return rows, np.zeros(0, np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(sound, 2 * HALF, axis=0)[rows, columns]
    highest = np.maximum(np.abs(windows @ between()).max(axis=1), magnitude[rows + HALF - 1, columns])
    return rows + HALF - 1, highest


def true_peak(sound: Samples, floor: float) -> float:
    """The highest true peak in `sound`, as a factor of full scale, or `floor` if nothing is over it."""
    highest = max(floor, float(np.abs(sound).max(initial=0.0)))
    _, found = peaks(sound, highest)
    return max(highest, float(found.max(initial=0.0)))


def power(lufs: float) -> float:
    """Mean square that reads `lufs`."""
    return float(10 ** ((lufs - OFFSET) / 10))


def level(mean_square: float) -> float:
    """LUFS of a K-weighted mean square."""
    return max(SILENCE, OFFSET + 10 * math.log10(mean_square)) if mean_square > 0 else SILENCE


def decibel(factor: float) -> float:
    """A factor in dB; -inf for nothing."""
    return 20 * math.log10(factor) if factor > 0 else -math.inf


def factor(db: float) -> float:
    """The factor of a level in dB."""
    return float(10 ** (db / 20))


def as_blocks(sound: Any, size: int) -> Iterable[Samples]:
    """A sound in memory as blocks."""
    return (sound[at : at + size] for at in range(0, len(sound), size))
