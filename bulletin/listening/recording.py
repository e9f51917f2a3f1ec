"""A finished file as a listener gets it, a few seconds at a time: mono, at Whisper's rate."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from bulletin.errors import SoundError
from bulletin.listening.ear import RATE, Samples


class Recording:
    """An open file. Raises SoundError for one that is no sound."""

    def __init__(self, path: Path) -> None:
        import soundfile

        try:
            self.file: Any = soundfile.SoundFile(path)
        except (OSError, soundfile.LibsndfileError) as error:
            raise SoundError(f"Cannot listen to {path}: {error}.", "Give an MP3 or a WAV.") from error
        self.path = path
        self.seconds = self.file.frames / self.file.samplerate

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.file.close()

    def between(self, start: float, end: float) -> Samples:
        """The sound from one second to another, as far as the file goes. Raises SoundError where it cannot be decoded."""
        import soundfile
        import soxr

        rate = self.file.samplerate
        first, last = max(0, int(start * rate)), min(self.file.frames, int(end * rate))
        if last <= first:
            return np.zeros(0, np.float32)
        try:
            self.file.seek(first)
            samples = self.file.read(last - first, dtype="float32", always_2d=True).mean(axis=1)
        except (OSError, soundfile.LibsndfileError) as error:
            raise SoundError(f"{self.path} cannot be decoded at {start:.0f} s: {error}.", "It is damaged; make it again.") from error
        return np.asarray(soxr.resample(samples, rate, RATE), np.float32)
