"""One pass over a sound, block by block: what every check needs to know of it, in bounded memory.

What grows with it: 2.9 MB an hour for its loudness, 1.4 MB for its peaks, and on disk a copy of 58 MB to look for speech in.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from bulletin.errors import CheckError
from bulletin.loudness import Meter, Samples
from bulletin.model import Ms
from bulletin.ports import Progress

STEPS = 100
"""Steps a second in which peaks are kept: 10 ms each."""
FULL = 0.9999
"""Factor of full scale from which a sample counts as full: 16 bit have no more than 0.99997."""
RUN = 3
"""Full samples side by side that are clipping: music that is merely loud touches full scale with one or two."""
RATE = 8_000
"""Samples a second of the copy: speech is found in it to an eighth of a millisecond."""
HALF = 16_383
"""Of 16 bit: full scale in the copy; decoded MP3 goes over it."""


class Heard:
    """A sound that has been listened to: how loud, where silent, where clipped, and a small copy of it, one channel, on disk."""

    def __init__(self, rate: int, channels: int, copy: BinaryIO) -> None:
        import soxr

        self.meter = Meter(rate, channels)
        self.rate, self.channels = rate, channels
        self.broken = ""
        """Why its decoding ended before its end; empty where it did not."""
        self.steps = array("f")
        self.clipped: set[int] = set()
        """Steps with clipping in them."""
        self.sums, self.squares, self.product = np.zeros(channels), np.zeros(channels), 0.0
        self.file = copy
        self.small = soxr.ResampleStream(rate, RATE, 1, dtype="float32")
        self.rest, self.edge = np.zeros(0, np.float32), np.zeros((RUN - 1, channels), np.float32)

    def add(self, block: Samples, last: bool = False) -> None:
        """Take the next samples."""
        block = np.nan_to_num(block, posinf=0.0, neginf=0.0)
        self.clip(block)
        self.meter.add(block)
        self.sums += block.sum(axis=0, dtype=np.float64)
        self.squares += np.square(block, dtype=np.float64).sum(axis=0)
        self.product += float((block[:, 0].astype(np.float64) * block[:, -1]).sum())
        self.keep(np.abs(block).max(axis=1, initial=0.0))
        small = self.small.resample_chunk(np.ascontiguousarray(block.mean(axis=1)), last=last)
        self.file.write((np.clip(small, -2, 2) * HALF).astype("<i2").tobytes())

    def clip(self, block: Samples) -> None:
        """Note where samples stand at full scale side by side."""
        joined = np.concatenate([self.edge, block])
        full = np.abs(joined) >= FULL
        self.edge = joined[-(RUN - 1) :]
        if full.any():
            runs = (full[:-2] & full[1:-1] & full[2:]).any(axis=1)
            first = self.meter.frames - (RUN - 1)
            self.clipped |= set(((np.flatnonzero(runs) + first) * STEPS // self.rate).tolist())

    def keep(self, magnitude: NDArray[np.float32]) -> None:
        """Keep the highest of each whole step; what is left over waits for the next block."""
        magnitude = np.concatenate([self.rest, magnitude])
        edges = -(-np.arange(len(self.steps), self.meter.frames * STEPS // self.rate + 1) * self.rate // STEPS)
        edges -= edges[0]
        self.rest = magnitude[edges[-1] :].copy()
        if len(edges) > 1:
            self.steps.frombytes(np.maximum.reduceat(magnitude[: edges[-1]], edges[:-1]).astype(np.float32).tobytes())

    @property
    def frames(self) -> int:
        """Samples a channel that were decoded."""
        return self.meter.frames

    @property
    def length(self) -> Ms:
        """Of what was decoded."""
        return Ms(self.frames * 1000 // self.rate)

    @property
    def peaks(self) -> NDArray[np.float32]:
        """The highest sample of each 10 ms, over all channels, a factor of full scale."""
        return np.frombuffer(self.steps, np.float32)

    @property
    def copy(self) -> NDArray[np.int16]:
        """The copy, from disk as it is asked for."""
        self.file.flush()
        if not self.file.tell():
            return np.zeros(0, np.int16)
        return np.memmap(self.file, np.int16, "r")


def hear(path: Path, copy: BinaryIO, progress: Progress) -> Heard:
    """Listen to all of a sound file; the small copy of it goes into `copy`. Raises CheckError for one that cannot be read."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            heard = Heard(file.samplerate, file.channels, copy)
            listen(file, heard, progress)
    except (OSError, soundfile.LibsndfileError, TypeError) as error:
        raise unreadable(path) from error
    if not heard.frames:
        raise unreadable(path)
    return heard


def listen(file: Any, heard: Heard, progress: Progress) -> None:
    """Hand a sound over in blocks of a second, the last one empty."""
    import soundfile

    total = max(1, file.frames)
    while True:
        progress("Hearing", min(heard.frames, total), total)
        try:
            block = file.read(file.samplerate, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            heard.broken = str(error)
            block = np.zeros((0, file.channels), np.float32)
        heard.add(block, last=not len(block))
        if not len(block):
            break
    progress("Hearing", total, total)


def unreadable(path: Path) -> CheckError:
    """The error for what is no sound."""
    try:
        empty = path.stat().st_size == 0
    except OSError as error:
        return CheckError(f"Cannot read {path}: {error.strerror}.", "Check the name.")
    what = "is empty" if empty else "holds no sound that can be decoded"
    return CheckError(f"{path} {what}.", "Make the bulletin again: bulletin make")
