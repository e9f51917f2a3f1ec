"""speak(segments) -> clips: split, look up, voice, decode, check, trim, measure, keep. Done once, for every engine."""

from __future__ import annotations

import io
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bulletin import loudness
from bulletin.errors import EngineError, VoiceError
from bulletin.model import Clip, Ms, Problem, Segment, Speech, Voice
from bulletin.ports import Engine, Progress
from bulletin.sentences import pieces
from bulletin.store import Store, full, key

TRIM = -50.0
"""dB under a clip's peak: what is quieter at its ends is the engine's silence, not speech."""
KEEP = (0.015, 0.06)
"""Seconds kept before the first and after the last sound."""
FADE = 0.005
"""Seconds over which the ends are faded, so that no join clicks."""
QUIETEST = -60.0
"""dBFS: a clip that peaks under this is silence."""
MOST_LOST = 0.3
"""Share of a segment's letters that a voice may have no sound for; with more it is not that voice's language."""
PATIENCE = (1.0, 3.0)
"""Seconds to wait before each further try after a passing failure."""


Pronounce = Callable[[str, Segment, Engine, Voice], str]
"""Words of a segment in the form in which an engine says their names as the lexicon has them."""


@dataclass(frozen=True, slots=True)
class Job:
    """One piece to voice."""

    words: str
    """As people read them."""
    text: str
    """As the engine gets them, names with their phonemes."""
    voice: Voice
    key: str


def speak(
    segments: Sequence[Segment],
    choose: Callable[[Segment], tuple[Engine, Voice]],
    store: Store,
    rate: float,
    gap: Ms,
    progress: Progress,
    pronounce: Pronounce,
) -> tuple[list[Clip], list[tuple[Segment, Problem]], list[Problem]]:
    """The clips of all segments in order, a problem for each that could not be said, and notes on what was said in part.

    A story with such a segment is dropped whole: no clip of it is returned, though those made are kept in the store.
    `gap` is the pause between the pieces of one segment; `pronounce` brings in the lexicon. Raises StoreError.
    """
    clips: list[Clip] = []
    problems: list[tuple[Segment, Problem]] = []
    notes: list[Problem] = []
    dropped: set[int] = set()
    lost: dict[str, EngineError] = {}
    done, total = 0, sum(len(segment.said) for segment in segments)
    for segment in segments:
        progress("Voicing", done, total)
        done += len(segment.said)
        if segment.story in dropped:
            continue
        try:
            engine, voice = choose(segment)
            if voice.name in lost:
                raise lost[voice.name]
            clips += voiced(segment, engine, voice, store, rate, gap, notes, pronounce)
        except (EngineError, VoiceError) as error:
            problems.append((segment, Problem(message=error.message, hint=error.hint, source=segment.id)))
            dropped |= {segment.story} if segment.story is not None else set()
            if isinstance(error, EngineError) and error.lost:
                lost[voice.name] = error
    progress("Voicing", total, total)
    return [clip for clip in clips if clip.segment.story not in dropped], problems, notes


def unheard(lost: str, voice: Voice, segment: Segment) -> Problem:
    """The problem of characters that a voice has no sound for."""
    return Problem(
        message=f"{voice.name} has no sound for “{lost[:40]}” in “{segment.text[:60]}”: left out.",
        hint="Write it in letters that the voice reads, in the script file: bulletin script SOURCE -o FILE",
        source=segment.id,
    )


def voiced(
    segment: Segment, engine: Engine, voice: Voice, store: Store, rate: float, gap: Ms, notes: list[Problem], pronounce: Pronounce
) -> list[Clip]:
    """The clips of one segment: stored where they are, else synthesised. Raises EngineError or StoreError.

    What is said without some characters that the voice has no sound for goes into `notes`.
    """
    lost = engine.cannot_say(segment.said)
    if len(lost) > MOST_LOST * sum(map(str.isalnum, segment.said)):
        raise EngineError(f"{voice.name} cannot say “{segment.text[:60]}”.", "Choose a voice for that language: bulletin voices")
    if lost:
        notes.append(unheard(lost, voice, segment))
        segment = replace(segment, said=" ".join(segment.said.translate(dict.fromkeys(map(ord, lost), " ")).split()))
    jobs = [
        Job(words, text, voice, key(engine=voice.engine, version=engine.version, voice=voice.id, rate=rate, text=text))
        for words in pieces(segment.said, segment.language, engine.max_chars)
        if any(map(str.isalnum, words))
        for text in [pronounce(words, segment, engine, voice)]
    ]
    if not jobs:
        raise EngineError(f"There is nothing to say in “{segment.text[:60]}”.", "Strike it out in the script file.")
    found = []
    for number, job in enumerate(jobs, 1):
        kept = store.get(job.key, ".flac")
        path, facts = kept or made(job, engine, store, rate)
        found.append(
            Clip(
                segment=segment,
                voice=voice.name,
                path=path,
                key=job.key,
                duration=Ms(facts["duration"]),
                loudness=facts["loudness"],
                pause=segment.pause if number == len(jobs) else gap,
                stored=kept is not None,
            )
        )
    return found


def made(job: Job, engine: Engine, store: Store, rate: float) -> tuple[Path, dict[str, Any]]:
    """Synthesise one piece and keep it: (path, facts)."""
    import soundfile

    samples, hertz = tried(job, engine, rate)
    samples = trimmed(samples, hertz, job)
    facts = {
        "duration": math.ceil(len(samples) * 1000 / hertz),
        "loudness": round(loudness.of_clip(samples, hertz), 3),
        "text": job.words,
        "voice": job.voice.name,
    }
    path = store.temporary(".flac")
    try:
        soundfile.write(path, samples, hertz, format="FLAC", subtype="PCM_24")
    except (OSError, soundfile.LibsndfileError) as error:
        raise full(store.folder, OSError(28, "the disk does not take it")) from error
    return store.put(job.key, ".flac", path, facts), facts


def tried(job: Job, engine: Engine, rate: float) -> tuple[NDArray[np.float32], int]:
    """What the engine says, decoded; a passing failure is tried again after a while."""
    for wait in PATIENCE:
        try:
            return decoded(engine.speak(job.text, job.voice, rate=rate), job)
        except EngineError as error:
            if not error.transient:
                raise
            time.sleep(wait)
    return decoded(engine.speak(job.text, job.voice, rate=rate), job)


def decoded(speech: Speech, job: Job) -> tuple[NDArray[np.float32], int]:
    """Mono float32 samples and their rate. Raises EngineError where the engine's answer is no sound."""
    if not speech.encoded:
        return np.asarray(speech.samples, np.float32).reshape(-1), speech.rate
    import soundfile

    try:
        samples, rate = soundfile.read(io.BytesIO(speech.encoded), dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise EngineError(
            f"{job.voice.name} gave something that is no sound for “{job.words[:60]}”.",
            "Try again, or choose another voice.",
            transient=True,
        ) from error
    return samples.mean(axis=1), rate


def trimmed(samples: NDArray[np.float32], rate: int, job: Job) -> NDArray[np.float32]:
    """The samples without the engine's own silence at the ends, faded in and out. Raises EngineError for silence."""
    magnitude = np.abs(samples)
    peak = float(magnitude.max(initial=0.0))
    if not np.isfinite(peak) or loudness.decibel(peak) < QUIETEST:
        raise EngineError(
            f"{job.voice.name} says nothing for “{job.words[:60]}”.", "Change the words, or choose a voice for that language."
        )
    loud = np.flatnonzero(magnitude > peak * loudness.factor(TRIM))
    start = max(0, loud[0] - int(KEEP[0] * rate))
    end = min(len(samples), loud[-1] + 1 + int(KEEP[1] * rate))
    cut = samples[start:end].copy()
    edge = min(int(FADE * rate), len(cut) // 2)
    ramp = np.linspace(0, 1, edge, dtype=np.float32)
    cut[:edge] *= ramp
    cut[len(cut) - edge :] *= ramp[::-1]
    return cut
