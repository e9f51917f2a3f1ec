"""Speech for the stand-in: any text in any language as the MP3 that Google Translate would give, each made once.

English is hibari's; other languages are espeak-ng's where it is installed and has them; what neither can say is a tone a syllable.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import shutil
import subprocess
import threading
from pathlib import Path

import lameenc
import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from bulletin import engines
from bulletin.frames import length, sound

RATE, BITRATE = 24_000, 64
"""Of the service's MP3: samples a second, kbit/s."""
AROUND = 0.2
"""Seconds of silence before and after the words."""
QUIET = 0.003
"""Share of the peak under which an engine's own silence lies."""
PACE = {False: 1.0, True: 0.7}
"""Of its voice, by whether it is asked to speak slowly."""
ESPEAK = {"iw": "he", "jw": "jv", "no": "nb", "zh": "cmn", "zh-CN": "cmn", "zh-TW": "cmn", "pt": "pt-BR", "fr-CA": "fr"}
"""Languages that espeak-ng calls otherwise."""
MADE = 1
"""Part of the name of what is kept: raise it when the same text would sound otherwise."""
Samples = NDArray[np.float32]


class Mouth:
    """Says texts, each once: in memory, and in a folder that several runs may share."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.said: dict[str, bytes] = {}
        self.lock = threading.Lock()
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def mp3(self, text: str, lang: str, slow: bool = False) -> bytes:
        """The speech of a text."""
        name = hashlib.sha256(f"{MADE}|{lang}|{slow}|{text}".encode()).hexdigest()[:32]
        with self.lock:  # one at a time: the voices are quick, and the machine has other work
            if name not in self.said:
                kept = self.folder / f"{name}.mp3" if self.folder else None
                self.said[name] = kept.read_bytes() if kept and kept.exists() else encoded(spoken(text, lang, PACE[slow]))
                if kept and not kept.exists():
                    part = kept.with_suffix(f".{secrets.token_hex(4)}.part")
                    part.write_bytes(self.said[name])
                    part.replace(kept)
            return self.said[name]

    def silence(self) -> bytes:
        """Two seconds of nothing."""
        return encoded(np.zeros(2 * RATE, np.float32))


def spoken(text: str, lang: str, pace: float) -> Samples:
    """A text as samples, silence around it."""
    found = None
    if lang.partition("-")[0] != "en":
        found = espeak(text, lang, pace)
    if found is None:
        found = hibari(text, pace)
    if found is None:
        found = tones(text, pace)
    loud = np.flatnonzero(np.abs(found) > QUIET * np.abs(found).max(initial=0.0))
    heard = found[loud[0] : loud[-1] + 1] if len(loud) else found
    return np.pad(heard, int(AROUND * RATE)).astype(np.float32)


def hibari(text: str, pace: float) -> Samples | None:
    """In hibari's voice; None where it would leave letters out."""
    engine = engines.load("hibari")
    if engine.cannot_say(text):
        return None
    speech = engine.speak(text, engines.find("hibari:heart"), rate=pace)
    return np.asarray(speech.samples, np.float32) if len(speech.samples) else None


def espeak(text: str, lang: str, pace: float) -> Samples | None:
    """In espeak-ng's voice; None where it is not installed, or has no such language."""
    if not (program := shutil.which("espeak-ng")):
        return None
    command = [program, "-v", ESPEAK.get(lang, lang), "-s", str(int(165 * pace)), "--stdin", "--stdout"]
    made = subprocess.run(command, input=text.encode(), capture_output=True, check=False, timeout=20)
    if made.returncode or len(made.stdout) < 1000:
        return None
    samples, rate = soundfile.read(io.BytesIO(made.stdout), dtype="float32")
    return np.asarray(soxr.resample(samples, rate, RATE), np.float32)


def tones(text: str, pace: float) -> Samples:
    """A tone for every two letters, as long as a syllable, and a rest for every space."""
    syllables = re.findall(r"\w{1,2}|\s", text)
    at = np.arange(int(0.16 / pace * RATE)) / RATE
    tone = (0.3 * np.sin(2 * np.pi * 220 * at) * np.hanning(len(at))).astype(np.float32)
    return np.concatenate([np.zeros_like(tone[: len(tone) // 3]) if part.isspace() else tone for part in syllables] or [tone])


def encoded(samples: Samples) -> bytes:
    """Samples as the service's kind of MP3."""
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(RATE)
    encoder.set_out_sample_rate(RATE)
    encoder.set_channels(1)
    encoder.set_bit_rate(BITRATE)
    encoder.silence()
    pulses = (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()
    return bytes(encoder.encode(pulses)) + bytes(encoder.flush())


def edges(mp3: bytes) -> list[int]:
    """Where its frames begin, and where the last ends."""
    at, end = sound(mp3)
    found = [at]
    while at < end:
        at += length(mp3[at : at + 4])
        found.append(at)
    return found
