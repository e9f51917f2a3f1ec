"""The same words voiced anew by the voice that the report names: what the file should sound like, without music."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import numpy as np

from bulletin import engines, lexicons
from bulletin.errors import BulletinError
from bulletin.listening.ear import RATE, Samples
from bulletin.model import Station
from bulletin.sentences import pieces
from bulletin.voicing import pronounced

GAP = 0.35
"""Seconds between the pieces of a sentence that is too long for its engine."""
TRIM = 0.003
"""Of a piece's peak: what is quieter at its ends is silence."""


class Reference:
    """Voices that are here and need no network."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self.names = lexicons.load(station.lexicon)
        self.lost: set[str] = set()

    def speak(self, words: str, segment: Mapping[str, Any], pace: float = 1.0) -> Samples | None:
        """Words of a segment at RATE, at a pace of the station's; None where its voice is not here, or cannot say them.

        A report is a file that anybody may have written: a program that it names is not run, unless the station names it.
        """
        if segment["voice"] in self.lost or not words or not engines.trusted(segment["voice"], self.station):
            return None
        try:
            voice = engines.find(segment["voice"], segment["language"])
            engine = engines.load(voice.engine)
            if engine.online or not voice.ready:
                self.lost.add(segment["voice"])
                return None
            parts = [part for part in pieces(words, segment["language"], engine.max_chars) if any(map(str.isalnum, part))]
            said = [pronounced(part, segment["language"], engine, voice, self.names) for part in parts]
            return together([sound(engine.speak(text, voice, rate=self.station.rate * pace)) for text in said])
        except BulletinError:  # no voice, or none that says this: the ear is asked alone
            return None


def sound(speech: Any) -> Samples:
    """An engine's answer at RATE, without the silence at its ends."""
    import soundfile
    import soxr

    samples, rate = speech.samples, speech.rate
    if speech.encoded:
        samples, rate = soundfile.read(io.BytesIO(speech.encoded), dtype="float32", always_2d=True)
        samples = samples.mean(axis=1)
    samples = np.asarray(soxr.resample(np.asarray(samples, np.float32).reshape(-1), rate, RATE), np.float32)
    loud = np.flatnonzero(np.abs(samples) > TRIM * np.abs(samples).max(initial=0.0))
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


def together(parts: list[Samples]) -> Samples | None:
    """Pieces one after another."""
    gap = np.zeros(int(GAP * RATE), np.float32)
    joined = [block for part in parts for block in (part, gap)][:-1]
    return np.concatenate(joined) if joined and sum(map(len, parts)) else None
