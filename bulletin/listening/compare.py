"""Two sounds laid along each other: for each moment of the one, the moment of the other, and how alike they are there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bulletin.listening.ear import RATE, Samples

HOP = RATE // 50
"""Samples from one moment to the next: 20 ms."""
BANDS = 40
"""In which the ear hears, 80 Hz to 7.6 kHz, evenly on the mel scale (O'Shaughnessy)."""
ASIDE = 0.05
"""What it costs to stand still in one of the two for 20 ms: little, as voices do not keep time."""


@dataclass(frozen=True, slots=True)
class Path:
    """The first sound's moments along the second's."""

    at: Samples
    """For each moment of the first, that of the second."""
    cost: Samples
    """For each moment of the first, 0 (the same) to 2 (the opposite)."""

    @property
    def mean(self) -> float:
        """How unlike the two are."""
        return float(self.cost.mean()) if len(self.cost) else 2.0

    @property
    def ends(self) -> tuple[float, float]:
        """Seconds of the second sound between which the first one lies."""
        return float(self.at[0]) * HOP / RATE, float(self.at[-1] + 1) * HOP / RATE


def spectra(samples: Samples) -> Samples:
    """The colour of a sound: (moments, BANDS), each of length one, so that its level does not count."""
    count = max(1, len(samples) // HOP)
    padded = np.pad(samples, (0, max(0, (count - 1) * HOP + 512 - len(samples))))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 512)[::HOP][:count] * np.hanning(512).astype(np.float32)
    power = np.abs(np.fft.rfft(windows, axis=1)).astype(np.float32) ** 2 @ filters()
    decibels = np.log(power + 1e-4 * power.max(initial=1e-9))
    colour = decibels - decibels.mean(axis=1, keepdims=True) - (decibels - decibels.mean(axis=1, keepdims=True)).mean(axis=0) * 0.5
    found: Samples = colour / np.maximum(np.linalg.norm(colour, axis=1, keepdims=True), 1e-6)
    return found


def filters() -> NDArray[np.float32]:
    """Triangles on the mel scale: (bins, BANDS)."""
    mel = np.linspace(2595 * np.log10(1 + 80 / 700), 2595 * np.log10(1 + 7600 / 700), BANDS + 2)
    edges = (700 * (10 ** (mel / 2595) - 1)) * 512 / RATE
    bins = np.arange(257)[:, None]
    rise, fall = (bins - edges[:-2]) / (edges[1:-1] - edges[:-2]), (edges[2:] - bins) / (edges[2:] - edges[1:-1])
    return np.maximum(0, np.minimum(rise, fall)).astype(np.float32)


def lay(first: Samples, second: Samples) -> Path:
    """Lay the first sound's vectors along those of a part of the second: where it begins and ends in it is found.

    Dynamic time warping with free ends (Müller, Information Retrieval for Music and Motion, 7.2).
    """
    costs = 1.0 - first @ second.T
    n, m = costs.shape
    total = np.full((n + 1, m + 1), np.inf, np.float32)
    total[0] = 0.0
    came = np.zeros((n + 1, m + 1), np.int8)
    for diagonal in range(2, n + m + 1):
        i = np.arange(max(1, diagonal - m), min(n, diagonal - 1) + 1)
        j = diagonal - i
        ways = np.stack([total[i - 1, j - 1], total[i - 1, j] + ASIDE, total[i, j - 1] + ASIDE])
        best = ways.argmin(axis=0)
        total[i, j] = ways[best, np.arange(len(i))] + costs[i - 1, j - 1]
        came[i, j] = best
    return traced(costs, came, int(total[n, 1:].argmin()) + 1)


def traced(costs: Samples, came: NDArray[np.int8], end: int) -> Path:
    """The path back from the end."""
    n = len(costs)
    at, cost = np.zeros(n, np.float32), np.zeros(n, np.float32)
    i, j = n, end
    while i > 0 and j > 0:
        at[i - 1] = j - 1
        cost[i - 1] = max(cost[i - 1], costs[i - 1, j - 1])
        way = came[i, j]
        i, j = i - (way != 2), j - (way != 1)
    return Path(at, cost)
