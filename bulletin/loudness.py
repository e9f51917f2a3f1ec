"""How loud, by ITU-R BS.1770-5: K-weighted, gated at -70 LUFS and -10 LU, true peak at four times the rate."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
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
PHASES, HALF = 4, 16
"""True peak: values between two samples, and samples either side that they are made from."""
HEADROOM = 1.5
"""No real signal peaks higher than this factor over both its nearest samples; only such samples are looked into."""


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
    """Integrated loudness and true peak of a sound that comes block by block, in bounded memory."""

    def __init__(self, rate: int, channels: int) -> None:
        self.step = rate // 10
        self.sections = k_weighting(rate)
        self.state = np.zeros((len(self.sections), channels, 2))
        self.rest = np.zeros((0, channels), np.float32)
        self.edge = np.zeros((2 * HALF, channels), np.float32)
        self.steps: list[float] = []
        self.peak = 0.0

    def add(self, block: Samples) -> None:
        """Take the next samples."""
        from scipy.signal import sosfilt

        self.peak = true_peak(np.concatenate([self.edge, block]), self.peak)
        self.edge = np.concatenate([self.edge, block])[-2 * HALF :]
        sound = np.concatenate([self.rest, block])
        whole = len(sound) // self.step * self.step
        self.rest = sound[whole:]
        if whole:
            weighted, self.state = sosfilt(self.sections, sound[:whole].T, zi=self.state)
            squares = np.square(weighted).reshape(len(weighted), -1, self.step).mean(axis=2).sum(axis=0)
            self.steps.extend(squares.tolist())

    @property
    def integrated(self) -> float:
        """LUFS over gating blocks of 400 ms that overlap by three quarters; -70 for silence."""
        steps = np.array(self.steps)
        if len(steps) < 4:
            return level(float(steps.mean())) if len(steps) else SILENCE
        blocks = (steps[:-3] + steps[1:-2] + steps[2:-1] + steps[3:]) / 4
        loud = blocks[blocks > power(SILENCE)]
        if not len(loud):
            return SILENCE
        return level(float(loud[loud > loud.mean() / 10].mean()))

    @property
    def true_peak(self) -> float:
        """dBTP; -inf for silence."""
        return decibel(self.peak)


def measure(blocks: Iterable[Samples], rate: int, channels: int) -> Meter:
    """A meter that has heard all the blocks."""
    meter = Meter(rate, channels)
    for block in blocks:
        meter.add(block)
    meter.add(np.zeros((HALF, channels), np.float32))
    return meter


def measure_file(path: Path) -> tuple[float, float, int, int]:
    """(integrated LUFS, dBTP, frames, sample rate) of a sound file, decoded in blocks. Raises what soundfile raises."""
    import soundfile

    with soundfile.SoundFile(path) as file:
        rate, channels = file.samplerate, file.channels
        meter, frames = Meter(rate, channels), 0
        while len(block := file.read(rate, dtype="float32", always_2d=True)):
            meter.add(block)
            frames += len(block)
        meter.add(np.zeros((HALF, channels), np.float32))
    return meter.integrated, meter.true_peak, frames, rate


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
    inner = magnitude[HALF - 1 : len(sound) - HALF]
    rows, columns = np.nonzero(inner > floor / HEADROOM)
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
