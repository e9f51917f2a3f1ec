"""The cue sheet becomes sound: each cue a pydub AudioSegment, laid to the sample, mixed in blocks.

Memory holds the cues that sound now and one block, however long the programme is.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bulletin import loudness
from bulletin.errors import SoundError
from bulletin.loudness import Samples
from bulletin.model import Cue, CueSheet, Ms, frames
from bulletin.ports import Progress

with warnings.catch_warnings():  # pydub 0.25.1 has invalid escapes, imports audioop, and asks for ffmpeg, which we do not need
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

WIDTH = 4
"""Bytes a sample in an AudioSegment."""
FULL_SCALE = 2.0**28
"""In an AudioSegment: a sound that is over full scale, as floats may be, is turned down in the mix and not clipped here."""
SEAM = 0.03
"""Seconds over which a loop's end goes over into its beginning where they do not meet."""
LONG_SEAM = 2.0
"""The same where its end has been faded away."""
FADED = -12.0
"""dB under the whole by which an end has been faded."""
NOTHING = -60.0
"""dB under a sound's peak: silence at the ends of what is to be looped."""


# --- sounds -------------------------------------------------------------------------------------------------


def decode(path: Path, length: Ms | None = None) -> tuple[NDArray[np.float32], int]:
    """The samples of a sound file, shape (frames, channels), and their rate; no more than `length` of it. Raises SoundError.

    libsndfile reads WAV, FLAC, MP3, Ogg, AIFF and more; anything else goes to pydub, which needs ffmpeg for it and reads it whole.
    """
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            count = -1 if length is None else frames(length, file.samplerate) + 1
            return file.read(count, dtype="float32", always_2d=True), file.samplerate
    except (OSError, soundfile.LibsndfileError):
        return foreign(path)


def foreign(path: Path) -> tuple[NDArray[np.float32], int]:
    """A sound that libsndfile does not read. Raises SoundError."""
    if not path.is_file():
        raise SoundError(f"No such sound: {path}.", "Check its name in station.toml, [sound].")
    try:
        sound = AudioSegment.from_file(path).set_sample_width(WIDTH)
    except Exception as error:  # pydub raises its own, OSError where ffmpeg is missing, or KeyError for its answer
        raise SoundError(
            f"{path} is no sound that can be decoded here.", "Give a WAV, FLAC, MP3 or Ogg; other formats need ffmpeg."
        ) from error
    return floats(sound, 2.0**31), sound.frame_rate


def measure_jingle(slot: str, path: Path) -> dict[str, Any]:
    """Length (ms, rounded up) and loudness on two channels of a station's sound, however long. Raises SoundError for one that is none."""
    import soundfile

    try:
        meter: loudness.Meter | None = loudness.measure_file(path)
    except (OSError, soundfile.LibsndfileError):
        meter = None
    if meter is None or meter.channels > 2:  # as it will be heard
        samples, rate = decode(path)
        samples = stereo(samples)
        meter = loudness.measure(loudness.as_blocks(samples, rate), rate, samples.shape[1])
    if not meter.frames:
        raise SoundError(f"{path} is empty: no sound for the {slot}.", f'For silence write {slot} = "none" in station.toml.')
    return {"duration": -(-meter.frames * 1000 // meter.rate), "loudness": round(meter.on_two, 3)}


@dataclass(frozen=True, slots=True)
class Sound:
    """A cue's sound, ready to be laid in."""

    first: AudioSegment
    again: AudioSegment | None
    """What follows it, over and over; None where it ends by itself."""

    def at(self, offset: int, count: int) -> NDArray[np.float32]:
        """Up to `count` frames from `offset`, at least one; none behind its end."""
        segment, length = self.first, int(self.first.frame_count())
        if self.again is not None and offset >= length:
            segment, offset = self.again, (offset - length) % int(self.again.frame_count())
        return floats(segment.get_sample_slice(offset, min(offset + count, int(segment.frame_count()))), FULL_SCALE)


def sound(cue: Cue, rate: int, channels: int) -> Sound:
    """A cue's sound at the programme's rate and channels."""
    import soxr

    samples, own = decode(cue.path, cue.length)
    samples = stereo(samples)
    if own != rate:
        samples = soxr.resample(samples, own, rate, "HQ")
    if not cue.loop or len(samples) >= frames(cue.length, rate):
        return Sound(segment(samples, rate, channels), None)
    first, again = looped(samples, rate)
    return Sound(segment(first, rate, channels), segment(again, rate, channels))


def stereo(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Samples of one or two channels; more become one."""
    return samples.mean(axis=1, keepdims=True) if samples.shape[1] > 2 else samples


def segment(samples: NDArray[np.float32], rate: int, channels: int) -> AudioSegment:
    """Samples as an AudioSegment of 32 bit."""
    data = np.clip(np.nan_to_num(samples, posinf=0.0, neginf=0.0) * FULL_SCALE, -(2.0**31), 2.0**31 - 256).astype("<i4")
    return AudioSegment(data.tobytes(), frame_rate=rate, sample_width=WIDTH, channels=samples.shape[1]).set_channels(channels)


def looped(samples: NDArray[np.float32], rate: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """A sound to be heard once, and what is to be heard behind it over and over, without a seam between any two of them.

    Where its end meets its beginning it stays as it is, so that it stays in time; else the end goes over into the beginning, in
    equal power, in SEAM or, where it has been faded away, in LONG_SEAM. Silence before its first sound is an encoder's, and goes.
    """
    loud = np.flatnonzero(np.abs(samples).max(axis=1) > np.abs(samples).max(initial=0) * loudness.factor(NOTHING))
    if len(loud) < 4:
        return samples, samples
    late = loud[0] > frames(Ms(10), rate)
    sound = samples[loud[0] : loud[-1] + 1] if late else samples
    steps = np.abs(np.diff(sound, axis=0))
    meets = np.all(np.abs(sound[0] - sound[-1]) <= np.quantile(steps, 0.999, axis=0))
    faded = fades(sound, rate)
    if meets and not faded:
        return sound, sound
    sound = samples[loud[0] : loud[-1] + 1]
    cross = min(int((LONG_SEAM if faded else SEAM) * rate), len(sound) // 4)
    angle = np.linspace(0, np.pi / 2, cross, dtype=np.float32)[:, None]
    over = sound[-cross:] * np.cos(angle) + sound[:cross] * np.sin(angle)
    energy = math.sqrt(float(np.square(sound[-cross:]).sum() * np.square(sound[:cross]).sum())) or 1.0
    alike = max(-0.5, float((sound[-cross:] * sound[:cross]).sum()) / energy)
    over /= np.sqrt(1 + alike * np.sin(2 * angle))  # what is alike in both adds up in amplitude, not in power
    return sound[:-cross], np.concatenate([over, sound[cross:-cross]])


def fades(sound: NDArray[np.float32], rate: int) -> bool:
    """Whether a sound has been faded away at its end: lower and lower for a second, and then far under the whole."""
    slices = [np.square(part).mean() for part in np.array_split(sound[-rate:], 5)]
    falling = all(later < before for before, later in pairwise(slices))
    return bool(falling and slices[-1] < np.square(sound).mean() * loudness.factor(FADED) ** 2)


def floats(segment: AudioSegment, full_scale: float) -> NDArray[np.float32]:
    """An AudioSegment's samples, shape (frames, channels)."""
    data = np.frombuffer(segment.raw_data, "<i4")
    return data.reshape(-1, segment.channels).astype(np.float32) * np.float32(1 / full_scale)


# --- the mix ------------------------------------------------------------------------------------------------


def mixed(sheet: CueSheet, rate: int, channels: int) -> Iterator[Samples]:
    """The programme as blocks of a second, float32, shape (frames, channels): every cue at its sample, at its level."""
    waiting = sorted(sheet.cues, key=lambda cue: cue.start, reverse=True)
    sounding: list[tuple[Cue, Sound]] = []
    total = frames(sheet.length, rate)
    for at in range(0, total, rate):
        block = np.zeros((min(rate, total - at), channels), np.float32)
        while waiting and frames(waiting[-1].start, rate) < at + len(block):
            sounding.append((waiting[-1], sound(waiting[-1], rate, channels)))
            waiting.pop()
        for cue, heard in sounding:
            lay_in(block, at, cue, heard, rate)
        sounding = [(cue, heard) for cue, heard in sounding if end(cue, rate) > at + len(block)]
        yield block


def lay_in(block: Samples, at: int, cue: Cue, heard: Sound, rate: int) -> None:
    """Add the part of a cue that falls into the block that begins at frame `at`."""
    start = frames(cue.start, rate)
    first, last = max(start, at), min(end(cue, rate), at + len(block))
    while first < last and len(part := heard.at(first - start, last - first)):
        block[first - at : first - at + len(part)] += part * levels(cue, first - start, len(part), rate)
        first += len(part)


def levels(cue: Cue, offset: int, count: int, rate: int) -> NDArray[np.float32]:
    """Gain as a factor for `count` frames of a cue from `offset`; straight lines in dB between its points."""
    if len(cue.level) == 1:
        return np.full((1, 1), loudness.factor(cue.level[0][1]), np.float32)
    times = [frames(time, rate) for time, _ in cue.level]
    decibels = np.interp(np.arange(offset, offset + count), times, [db for _, db in cue.level])
    return (10 ** (decibels / 20)).astype(np.float32)[:, None]


def end(cue: Cue, rate: int) -> int:
    """The frame behind a cue's last."""
    return frames(Ms(cue.start + cue.length), rate)


def watched(blocks: Iterable[Samples], step: str, rate: int, length: Ms, progress: Progress) -> Iterator[Samples]:
    """The same blocks; says how far they are."""
    done = 0
    progress(step, 0, length)
    for block in blocks:
        yield block
        done += len(block)
        progress(step, min(length, done * 1000 // rate), length)
