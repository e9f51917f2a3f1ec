"""A look-ahead limiter that holds true peaks under a ceiling, block by block; what is under it passes untouched.

Gains are found once a millisecond: the lowest that the next few milliseconds ask for, rising slowly after
a peak, and drawn as straight lines between, so that no step is heard.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from bulletin.loudness import HALF, Samples, peaks

AHEAD = 6
"""Milliseconds a gain is known before the peak it is for."""
SMOOTH = 5
"""Milliseconds over which it falls."""
DIP = 30
"""Milliseconds in which a dip comes and in which it goes."""
RELEASE = 120.0
"""Milliseconds in which it comes back by two thirds."""


def limit(blocks: Iterable[Samples], rate: int, gain: float, ceiling: float) -> Iterator[Samples]:
    """`blocks` times `gain` (a factor), no true peak over `ceiling` (a factor). As many frames out as in."""
    limiter = None
    total = given = 0
    for block in blocks:
        limiter = limiter or Limiter(rate, block.shape[1], ceiling)
        total += len(block)
        out = limiter.take(block * np.float32(gain))
        given += len(out)
        yield out
    if limiter is not None:
        tail = limiter.take(np.zeros((limiter.frame * (AHEAD + 4), limiter.channels), np.float32))
        yield tail[: total - given]


def dipped(blocks: Iterable[Samples], rate: int, dips: Mapping[int, float]) -> Iterator[Samples]:
    """The blocks, turned down by a factor around each millisecond of `dips`, and smoothly back within DIP."""
    at = 0
    for block in blocks:
        first, last = at * 1000 // rate - DIP, (at + len(block)) * 1000 // rate + DIP
        near = {time: by for time, by in dips.items() if first <= time <= last} if dips else {}
        if near:
            times = (np.arange(at, at + len(block)) * 1000 / rate)[None, :] - np.array([*near])[:, None]
            depth = np.log(np.array([*near.values()]))[:, None] * np.cos(np.clip(times / DIP, -1, 1) * (math.pi / 2)) ** 2
            block = np.asarray(block * np.exp(depth.min(axis=0))[:, None], np.float32)
        at += len(block)
        yield block


class Limiter:
    """Holds back a few milliseconds, so that it knows what comes."""

    def __init__(self, rate: int, channels: int, ceiling: float) -> None:
        self.frame = rate // 1000
        self.channels = channels
        self.ceiling = ceiling
        self.held = np.zeros((0, channels), np.float32)
        self.before = np.zeros((self.frame, channels), np.float32)
        self.asked = np.ones(1)
        self.past = np.ones(0)
        self.last = 1.0

    def take(self, block: Samples) -> Samples:
        """The next samples in, those that are ready out: whole milliseconds, AHEAD + 1 behind."""
        sound = np.concatenate([self.held, block])
        count = max(0, len(sound) // self.frame - AHEAD - 1)
        known = self.required(sound)
        if not count:
            self.held = sound
            return sound[:0]
        gains = self.follow(known, count)
        ready = sound[: count * self.frame]
        self.before = sound[(count - 1) * self.frame : count * self.frame]
        self.held = sound[count * self.frame :]
        self.asked = known[count : count + 1]
        if self.last == 1.0 and gains.min() == 1.0:
            return ready
        points = np.concatenate([[self.last], gains])
        self.last = float(gains[-1])
        curve = np.interp(np.arange(1, len(ready) + 1) / self.frame, np.arange(len(points)), points)
        return np.asarray(ready * curve[:, None], np.float32)

    def required(self, sound: Samples) -> NDArray[np.float64]:
        """The gain that each millisecond asks for; that before the first comes first."""
        gains = np.ones(math.ceil(len(sound) / self.frame) + 1)
        gains[0] = self.asked[0]
        where, high = peaks(np.concatenate([self.before, sound, np.zeros((HALF, self.channels), np.float32)]), self.ceiling)
        over = high > self.ceiling
        frames = where[over] // self.frame
        np.minimum.at(gains, np.minimum(frames, len(gains) - 1), self.ceiling / high[over])
        return gains

    def follow(self, known: NDArray[np.float64], count: int) -> NDArray[np.float64]:
        """The gain at the end of each of `count` milliseconds: down before a peak, slowly up after it."""
        padded = np.concatenate([known, np.ones(AHEAD + 2)])
        lowest = np.lib.stride_tricks.sliding_window_view(padded, AHEAD + 2)[:count].min(axis=1)
        if not len(self.past):  # a sound that begins with a peak: the gain is down before it
            self.past, self.last = np.full(SMOOTH, lowest[0]), float(lowest[0])
        if lowest.min() < 1.0 or self.past.min() < 1.0:
            lowest = self.released(lowest)
        padded = np.concatenate([self.past, lowest])
        self.past = padded[-SMOOTH:]
        smooth = np.lib.stride_tricks.sliding_window_view(padded, SMOOTH).mean(axis=1)[1:]
        return np.asarray(np.where(smooth > 1 - 1e-9, 1.0, smooth))

    def released(self, lowest: NDArray[np.float64]) -> NDArray[np.float64]:
        """`lowest`, rising no faster than the release."""
        step = 1 - math.exp(-1 / RELEASE)
        now = float(self.past[-1])
        risen = []
        for wanted in lowest.tolist():
            now = min(wanted, now + (1.0 - now) * step + 1e-7)
            risen.append(now)
        return np.array(risen)
