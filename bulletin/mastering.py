"""The mix becomes a master: brought to its target behind the limiter, encoded, decoded again and measured, until it is right.

Block by block: memory does not grow with the programme.
"""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bulletin import loudness, mixer
from bulletin.errors import PublishError
from bulletin.limiter import dipped, limit
from bulletin.loudness import Samples
from bulletin.model import CueSheet, Master, Programme
from bulletin.ports import Encoder, Progress

SURE = 0.1
"""dB under the target's true peak at which a file is held for good: meters of true peak differ by that much between samples."""
TOLERANCE = {True: 0.08, False: 0.03}
"""LU off target that are worth another encode, of an MP3 and of a WAV."""
DRY, LITTLE = 6, 0.1
"""Passes without encoding, at most, to find the gain; what is off in LU that can be made up for without another."""
PATIENCE = 2
"""Encodes until it is done plainly."""
LEAST_YIELD = 0.4
"""A dB of gain into the limiter gives less than a dB of loudness; no less than this is reckoned with."""
AHEAD = 8
"""Blocks that the mix may be ahead of the encoder."""
TRIES = 8
"""Encodes at most; the first or second is right for speech at 128 kbit/s, low rates take more."""
OVER = 0.1
"""dB by which it is turned down further than the encoder went over the limit."""
MANY = 100
"""Milliseconds over the limit at which all of it is held lower."""
MEAGRE = 96
"""kbit/s under which an encoder adds most to the peaks."""


def before_mastering(sheet: CueSheet, rate: int, channels: int, progress: Progress) -> dict[str, float]:
    """`lufs` and `dbtp` of the mix as the cue sheet has it. Raises PublishError for one without sound."""
    heard = loudness.measure(mixer.watched(mixer.mixed(sheet, rate, channels), "Mixing", rate, sheet.length, progress), rate, channels)
    if heard.integrated <= loudness.SILENCE:
        raise PublishError("The bulletin would be silent.", "Check the script, and the sounds of the station.")
    return {"lufs": heard.integrated, "dbtp": heard.true_peak}


def levelled(
    sheet: CueSheet, form: Master, before: Mapping[str, float], goal: float, ceiling: float, gain: float, progress: Progress
) -> float:
    """The gain in dB with which the mix comes out of the limiter at `goal` LUFS, which is `gain` or more; nothing is encoded to find it."""
    gain = max(gain, goal - before["lufs"])
    last: tuple[float, float] | None = None
    for _ in range(DRY if before["dbtp"] + gain > ceiling else 0):
        blocks = mixer.watched(mixer.mixed(sheet, form.rate, form.channels), "Levelling", form.rate, sheet.length, progress)
        held = limit(blocks, form.rate, loudness.factor(gain), loudness.factor(ceiling))
        heard = loudness.measure(held, form.rate, form.channels).integrated
        yielded = (heard - last[1]) / (gain - last[0]) if last and gain != last[0] else 1.0
        last = gain, heard
        gain += (goal - heard) / min(1.0, max(LEAST_YIELD, yielded))
        if abs(goal - heard) < LITTLE:
            break
    return gain


def master(
    sheet: CueSheet,
    form: Master,
    kind: str,
    path: Path,
    encoder: Callable[[Path, Master, bool], Encoder],
    before: Mapping[str, float],
    progress: Progress,
) -> Programme:
    """Bring the mix to the form's target, hold its true peak, encode to `path`, decode that and measure it.

    What is off is encoded again: louder by what the encoder took; and turned down for some milliseconds where it put a peak over the
    limit or, where it put many, held lower throughout. Raises PublishError for a file that cannot be written.
    """
    target = form.target
    goal, ceiling = target.lufs, target.true_peak - margin(form, kind)
    gain = -math.inf
    dips: dict[int, float] = {}
    for step in range(TRIES):
        gain = levelled(sheet, form, before, goal, ceiling, gain, progress)
        blocks = mixer.watched(
            mixer.mixed(sheet, form.rate, form.channels), "Correcting" if step else "Encoding", form.rate, sheet.length, progress
        )
        held = limit(blocks, form.rate, loudness.factor(gain), loudness.factor(ceiling))
        encode(dipped(held, form.rate, dips), encoder(path, form, step >= PATIENCE))
        heard = loudness.measure_file(path)
        off, over = target.lufs - heard.integrated, heard.true_peak - (target.true_peak - SURE)
        if abs(off) <= TOLERANCE[kind == ".mp3"] and over <= 0:
            break
        goal, gain = goal + off, (gain if off > 0 else -math.inf)
        if over > 0:
            allowed = loudness.factor(target.true_peak - SURE)
            high = loudness.overs(path, allowed)
            if len(high) > MANY:
                ceiling -= over + OVER
            else:
                lower = allowed * loudness.factor(-OVER)
                dips |= {time: dips.get(time, 1.0) * lower / peak for time, peak in high.items()}
    return Programme(
        path=path,
        kind=kind,
        master=form,
        duration=sheet.length,
        loudness=round(heard.integrated, 2),
        true_peak=round(heard.true_peak, 2),
        momentary=round(heard.momentary, 2),
        short_term=round(heard.short_term, 2),
        range=round(heard.range, 2),
        sheet=sheet,
    )


def margin(form: Master, kind: str) -> float:
    """How many dB under the target's true peak the limiter holds: what an encoder adds, more the less it may spend."""
    if kind == ".wav":
        return SURE + 0.1
    return SURE + (1.0 if form.bitrate < MEAGRE else 0.7)


def encode(blocks: Iterable[Samples], encoder: Encoder) -> None:
    """Hand dithered samples, in as many bits as it takes, to the encoder, which works in a thread beside the mix. Raises PublishError.

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
            line.put(quantised(block * np.float32(1 / encoder.gain), encoder.bits, random))
            while line.qsize() > AHEAD and thread.is_alive():
                time.sleep(0.002)
    finally:
        line.put(None)
        thread.join()
    if failed:
        raise PublishError(
            f"Cannot write the sound: {getattr(failed[0], 'strerror', None) or failed[0]}.", "Is the disk full?"
        ) from failed[0]


def quantised(block: Samples, bits: int, random: Any) -> bytes:
    """Little-endian samples of 16 or 24 bits, with triangular dither."""
    noise = random.random(block.shape, np.float32) - random.random(block.shape, np.float32)
    full = 2.0 ** (bits - 1)
    whole = np.clip(np.rint(block * np.float64(full - 1) + noise), -full, full - 1).astype("<i4")
    data = whole.astype("<i2") if bits == 16 else whole.view(np.uint8).reshape(*whole.shape, 4)[..., :3]
    return bytes(data.tobytes())
