"""The cue sheet becomes sound: each cue a pydub AudioSegment, laid to the sample, mixed in blocks, mastered, encoded.

Memory holds the cues that sound now and one block, however long the programme is.
"""

from __future__ import annotations

import queue
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bulletin import loudness
from bulletin.errors import PublishError, SoundError
from bulletin.limiter import limit
from bulletin.loudness import Samples
from bulletin.model import Cue, CueSheet, Ms, Programme, Target
from bulletin.ports import Encoder, Progress

with warnings.catch_warnings():  # pydub 0.25.1 has invalid escapes, imports audioop, and asks for ffmpeg, which we do not need
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

RATE = 48_000
"""Hz. A millisecond is 48 samples, and an MP3 frame 24 ms exactly."""
BLOCK = RATE
"""Frames mixed at a time."""
WIDTH = 4
"""Bytes a sample in an AudioSegment."""
FULL_SCALE = 2.0**31
MARGIN = 0.5
"""dB under the target's true peak at which the limiter holds: what the encoder may add."""
TOLERANCE = 0.08
"""LU off target that are worth another encode."""
AHEAD = 8
"""Blocks that the mix may be ahead of the encoder."""
TRIES = 8
"""Encodes at most; the first or second is right for speech at 128 kbit/s, low rates take more."""
LEAST_YIELD = 0.4
"""A dB of gain into the limiter gives less than a dB of loudness; no less than this is reckoned with."""
OVER = 0.25
"""dB by which the ceiling goes down further than the encoder went over it."""


# --- sounds -------------------------------------------------------------------------------------------------


def decode(path: Path) -> tuple[NDArray[np.float32], int]:
    """All samples of a sound file, shape (frames, channels), and their rate. Raises SoundError.

    libsndfile reads WAV, FLAC, MP3, Ogg, AIFF and more; anything else goes to pydub, which needs ffmpeg for it.
    """
    import soundfile

    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
        return samples, rate
    except (OSError, soundfile.LibsndfileError) as error:
        if not path.is_file():
            raise SoundError(f"No such sound: {path}.", "Check its name in station.toml, [sound].") from error
    try:
        sound = AudioSegment.from_file(path).set_sample_width(WIDTH)
    except Exception as error:  # pydub raises its own, OSError where ffmpeg is missing, or KeyError for its answer
        raise SoundError(
            f"{path} is no sound that can be decoded here.", "Give a WAV, FLAC, MP3 or Ogg; other formats need ffmpeg."
        ) from error
    return floats(sound), sound.frame_rate


def measure_jingle(slot: str, path: Path) -> dict[str, Any]:
    """Length (ms, rounded up) and integrated loudness of a station's sound. Raises SoundError for one that is none."""
    samples, rate = decode(path)
    if not len(samples):
        raise SoundError(f"{path} is empty: no sound for the {slot}.", f'For silence write {slot} = "none" in station.toml.')
    meter = loudness.measure(loudness.as_blocks(samples, rate), rate, samples.shape[1])
    return {"duration": -(-len(samples) * 1000 // rate), "loudness": round(meter.integrated, 3)}


def sound(cue: Cue, channels: int) -> AudioSegment:
    """A cue's sound at the programme's rate and channels, 32 bit."""
    import soxr

    samples, rate = decode(cue.path)
    if samples.shape[1] > 2:
        samples = samples.mean(axis=1, keepdims=True)
    if rate != RATE:
        samples = soxr.resample(samples, rate, RATE, "HQ")
    data = (np.clip(samples, -1.0, 1.0 - 2**-24) * np.float32(FULL_SCALE)).astype("<i4")
    segment = AudioSegment(data.tobytes(), frame_rate=RATE, sample_width=WIDTH, channels=samples.shape[1])
    return segment.set_channels(channels)


def floats(segment: AudioSegment) -> NDArray[np.float32]:
    """An AudioSegment's samples, shape (frames, channels), full scale 1.0."""
    scale = np.float32(1 / 2 ** (8 * segment.sample_width - 1))
    data = np.frombuffer(segment.raw_data, f"<i{segment.sample_width}")
    return data.reshape(-1, segment.channels).astype(np.float32) * scale


# --- the mix ------------------------------------------------------------------------------------------------


def mixed(sheet: CueSheet, channels: int) -> Iterator[Samples]:
    """The programme as blocks of float32, shape (frames, channels): every cue at its sample, at its level."""
    waiting = sorted(sheet.cues, key=lambda cue: cue.start, reverse=True)
    sounding: list[tuple[Cue, AudioSegment]] = []
    total = frames(sheet.length)
    for at in range(0, total, BLOCK):
        block = np.zeros((min(BLOCK, total - at), channels), np.float32)
        while waiting and frames(waiting[-1].start) < at + len(block):
            sounding.append((waiting[-1], sound(waiting[-1], channels)))
            waiting.pop()
        for cue, segment in sounding:
            lay_in(block, at, cue, segment)
        sounding = [(cue, segment) for cue, segment in sounding if frames(cue.start) + frames(cue.length) > at + len(block)]
        yield block


def lay_in(block: Samples, at: int, cue: Cue, segment: AudioSegment) -> None:
    """Add the part of a cue that falls into the block that begins at frame `at`."""
    start, stop = frames(cue.start), frames(cue.start) + frames(cue.length)
    first, last = max(start, at), min(stop, at + len(block))
    while first < last:
        offset = first - start
        length = int(segment.frame_count())
        if cue.loop:
            offset %= length
        elif offset >= length:
            return
        count = min(last - first, length - offset)
        part = floats(segment.get_sample_slice(offset, offset + count))
        block[first - at : first - at + count] += part * levels(cue, first - start, count)
        first += count


def levels(cue: Cue, offset: int, count: int) -> NDArray[np.float32]:
    """Gain as a factor for `count` frames of a cue from `offset`; straight lines in dB between its points."""
    if len(cue.level) == 1:
        return np.full((1, 1), loudness.factor(cue.level[0][1]), np.float32)
    times = [frames(time) for time, _ in cue.level]
    decibels = np.interp(np.arange(offset, offset + count), times, [db for _, db in cue.level])
    return (10 ** (decibels / 20)).astype(np.float32)[:, None]


def frames(time: Ms) -> int:
    """Milliseconds to samples of one channel."""
    return time * RATE // 1000


# --- the master ---------------------------------------------------------------------------------------------


def master(sheet: CueSheet, target: Target, channels: int, path: Path, encoder: Callable[[Path], Encoder], progress: Progress) -> Programme:
    """Mix, bring to the target, hold the true peak, encode to `path`, decode that and measure it; once more if it is off.

    Raises PublishError for a programme without sound, or a file that cannot be written.
    """
    before = loudness.measure(watched(mixed(sheet, channels), "Mixing", sheet.length, progress), RATE, channels)
    if before.integrated <= loudness.SILENCE:
        raise PublishError("The bulletin would be silent.", "Check the script, and the sounds of the station.")
    gain, ceiling = target.lufs - before.integrated, target.true_peak - MARGIN
    lufs = peak = loudness.SILENCE
    last: tuple[float, float] | None = None
    for step in range(TRIES):
        name = "Encoding" if step == 0 else "Correcting"
        blocks = watched(mixed(sheet, channels), name, sheet.length, progress)
        encode(limit(blocks, RATE, loudness.factor(gain), loudness.factor(ceiling)), encoder(path))
        lufs, peak, _, _ = loudness.measure_file(path)
        if abs(lufs - target.lufs) <= TOLERANCE and peak <= target.true_peak:
            break
        yielded = (lufs - last[1]) / (gain - last[0]) if last and gain != last[0] else 1.0
        last = gain, lufs
        gain += (target.lufs - lufs) / min(1.0, max(LEAST_YIELD, yielded))
        ceiling -= peak - target.true_peak + OVER if peak > target.true_peak else 0.0
    return Programme(path=path, duration=sheet.length, loudness=round(lufs, 2), true_peak=round(peak, 2), sheet=sheet)


def encode(blocks: Iterable[Samples], encoder: Encoder) -> None:
    """Hand 16-bit samples, dithered, to the encoder, which works in a thread beside the mix. Raises PublishError.

    The line between them is a SimpleQueue, which a Ctrl-C cannot leave locked as it can a Queue; so its length is watched here.
    """
    random = np.random.default_rng(0)
    line: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            while (data := line.get()) is not None:
                encoder.write(data)
            encoder.close()
        except BaseException as error:  # noqa: BLE001  # handed over to the caller, below
            failed.append(error)
            while line.get() is not None:
                pass

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        for block in blocks:
            if failed:
                break
            line.put(quantised(block * np.float32(1 / encoder.gain), random))
            while line.qsize() > AHEAD and thread.is_alive():
                time.sleep(0.002)
    finally:
        line.put(None)
        thread.join()
    if failed:
        raise PublishError(f"Cannot write the MP3: {failed[0]}.", "Is the disk full?") from failed[0]


def quantised(block: Samples, random: Any) -> bytes:
    """16-bit little-endian samples with triangular dither."""
    noise = random.random(block.shape, np.float32) - random.random(block.shape, np.float32)
    data: bytes = np.clip(np.rint(block * 32767 + noise), -32768, 32767).astype("<i2").tobytes()
    return data


def watched(blocks: Iterable[Samples], step: str, length: Ms, progress: Progress) -> Iterator[Samples]:
    """The same blocks; says how far they are."""
    done = 0
    progress(step, 0, length)
    for block in blocks:
        yield block
        done += len(block)
        progress(step, min(length, done * 1000 // RATE), length)
