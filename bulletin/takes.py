"""One take becomes a clip: asked for, decoded, looked at, trimmed, measured and kept. The same for every engine."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bulletin import loudness
from bulletin.errors import EngineError
from bulletin.frames import whole
from bulletin.model import Speech, Take
from bulletin.store import Store, full

Samples = NDArray[np.float32]

TRIM = -50.0
"""dB under a clip's peak: what is quieter at its ends is the engine's silence, not speech."""
KEEP = (0.015, 0.06)
"""Seconds kept before the first and after the last sound."""
FADE = 0.005
"""Seconds over which the ends are faded, so that no join clicks."""
QUIETEST = -60.0
"""dBFS: a clip that peaks under this is silence."""
CUT_OFF = -30.0
"""dB of its last LAST against its loud parts, above which a sound ends in the middle of a word: engines end at -70 or less."""
LAST = 0.01
"""Seconds."""
LOUD = 90
"""Percentile of the level in stretches of LAST that counts as its loud parts."""
MP3 = (b"ID3", b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3", b"\xff\xe2")
"""What an MP3 begins with: a tag, or the header of a frame of layer III."""


def record(take: Take, speak: Callable[[Take], Speech], store: Store) -> tuple[Path, dict[str, Any]]:
    """Have a take spoken and keep it: the clip's file and its facts, `tail` being the ms of silence that the engine left behind it.

    Raises EngineError, `transient` where the answer is no sound or not all of it, and StoreError.
    """
    import soundfile

    samples, rate = decoded(speak(take), take)
    heard, tail = trimmed(samples, rate, take)
    facts = {
        "duration": math.ceil(len(heard) * 1000 / rate),
        "loudness": round(loudness.of_clip(heard, rate), 3),
        "tail": round(tail * 1000),
        "text": take.words,
        "voice": take.voice.name,
    }
    path = store.temporary(".flac")
    try:
        soundfile.write(path, heard, rate, format="FLAC", subtype="PCM_24")
    except (OSError, soundfile.LibsndfileError) as error:
        raise full(store.folder, OSError(28, "the disk does not take it")) from error
    return store.put(take.key, ".flac", path, facts)


def decoded(speech: Speech, take: Take) -> tuple[Samples, int]:
    """Mono float32 samples and their rate. Raises EngineError where the engine's answer is no sound, or half of one."""
    if not speech.encoded:
        return np.asarray(speech.samples, np.float32).reshape(-1), speech.rate
    import soundfile

    if speech.encoded.startswith(MP3) and not whole(speech.encoded):
        raise unsound(take, "gave half a sound")
    try:
        samples, rate = soundfile.read(io.BytesIO(speech.encoded), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise unsound(take, "gave something that is no sound") from error
    return samples.mean(axis=1), rate


def trimmed(samples: Samples, rate: int, take: Take) -> tuple[Samples, float]:
    """The samples without the engine's own silence at the ends, faded in and out, and the seconds of silence that were behind them.

    Raises EngineError for silence, and for a sound that ends in the middle of a word.
    """
    magnitude = np.abs(samples)
    peak = float(magnitude.max(initial=0.0))
    if not np.isfinite(peak) or loudness.decibel(peak) < QUIETEST:
        raise unsound(take, "says nothing")
    if ending(samples, rate) > CUT_OFF:
        raise unsound(take, "stops in the middle of a word")
    loud = np.flatnonzero(magnitude > peak * loudness.factor(TRIM))
    start = max(0, loud[0] - int(KEEP[0] * rate))
    end = min(len(samples), loud[-1] + 1 + int(KEEP[1] * rate))
    cut = samples[start:end].copy()
    edge = min(int(FADE * rate), len(cut) // 2)
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    cut[:edge] *= ramp
    cut[len(cut) - edge :] *= ramp[::-1]
    return cut, (len(samples) - 1 - loud[-1]) / rate


def ending(samples: Samples, rate: int) -> float:
    """The level of the very end against that of the loud parts, in dB."""
    stretch = max(1, int(LAST * rate))
    parts = samples[len(samples) % stretch :].reshape(-1, stretch)
    if len(parts) < 2:
        return -math.inf
    levels = np.sqrt((parts**2).mean(axis=1))
    return loudness.decibel(float(levels[-1])) - loudness.decibel(float(np.percentile(levels, LOUD)))


def unsound(take: Take, what: str) -> EngineError:
    """The error for an answer that does not say the words: asked again, it may."""
    return EngineError(
        f"{take.voice.name} {what} for “{take.words}”.", "Change the words, or choose another voice: bulletin voices", transient=True
    )
