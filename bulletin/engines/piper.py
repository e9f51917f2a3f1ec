"""Piper: offline neural voices in forty languages, `pip install 'bulletin[piper]'`. A voice is a file: `piper:PATH.onnx`."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from bulletin.errors import EngineError, VoiceError
from bulletin.model import Speech, Voice

INSTALL = "pip install 'bulletin[piper]'"


class Engine:
    """One sentence a call: given more, it splits at abbreviations. Its own levelling is off; the programme is levelled whole."""

    max_chars: int | None = 1000
    online = False
    at_once: int | None = None
    paced = True
    alphabet = "espeak"
    trained = True

    def __init__(self) -> None:
        try:
            self.version = version("piper-tts")
        except PackageNotFoundError:
            self.version = ""

    def voices(self) -> Sequence[Voice]:
        """The voices in bulletin's data folder, `voices/*.onnx`."""
        import platformdirs

        folder = platformdirs.user_data_path("bulletin", appauthor=False) / "voices"
        found = []
        for file in sorted(folder.glob("*.onnx")):
            try:
                found.append(self.voice(str(file), file.stem))
            except VoiceError:
                found.append(Voice(engine="piper", id=file.stem, language="und", note=f"{file.name}.json is missing", ready=False))
        return found

    def voice(self, path: str, id: str = "") -> Voice:
        """A voice by the path of its .onnx, whose .onnx.json lies beside it. Raises VoiceError."""
        about = Path(path + ".json")
        try:
            language = str(json.loads(about.read_text(encoding="utf-8"))["language"]["code"]).replace("_", "-")
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise VoiceError(
                f"{path} is not a Piper voice: {about.name} beside it cannot be read.",
                "Both files come from huggingface.co/rhasspy/piper-voices: NAME.onnx and NAME.onnx.json.",
            ) from error
        if not Path(path).is_file():
            raise VoiceError(f"No such voice: {path}.", "A Piper voice is named by its file: --voice piper:NAME.onnx")
        note = f"Piper, {Path(path).stem}" + ("" if self.version else f"; needs {INSTALL}")
        return Voice(engine="piper", id=id or path, language=language, note=note, ready=bool(self.version))

    def cannot_say(self, text: str) -> str:
        """espeak, which reads the text for it, has a word for every character."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """`[[ θˈæd ]]`."""
        return f"[[ {phonemes} ]]"

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """Samples at the voice's own rate. Raises EngineError where the package or the voice is missing."""
        if not self.version:
            raise EngineError("Piper is not installed.", f"{INSTALL} (GPL-3, 46 MB)", lost=True)
        import numpy as np
        from piper import SynthesisConfig

        try:
            loaded = model(self.file(voice))
        except Exception as error:  # onnxruntime raises whatever it likes for a file that is none
            raise EngineError(
                f"{voice.name} cannot be loaded: its file is damaged.",
                f"Bring it in again: bulletin voices install {voice.name}",
                lost=True,
            ) from error
        try:
            settings = SynthesisConfig(length_scale=1 / rate, normalize_audio=False)
            parts = [chunk.audio_float_array for chunk in loaded.synthesize(marked(text), settings)]
        except Exception as error:  # onnxruntime and espeak raise whatever they like; none may go further
            raise EngineError(f"Piper failed on “{text[:60]}”: {error}.", "Change the words, or choose another voice.") from error
        samples = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        return Speech(samples=samples, rate=loaded.config.sample_rate)

    def file(self, voice: Voice) -> str:
        """The voice's file: its path, or its name in the data folder."""
        import platformdirs

        stored = platformdirs.user_data_path("bulletin", appauthor=False) / "voices" / f"{voice.id}.onnx"
        return str(stored) if stored.is_file() else voice.id


def marked(text: str) -> str:
    """A text with each mark behind phonemes put inside them: behind `]]` Piper drops a comma and says a colon's name."""
    return re.sub(r"\s?\]\]([,.;:!?]+)", r"\1 ]]", text)


@functools.cache
def model(path: str) -> Any:
    """The voice's model, loaded once."""
    from piper import PiperVoice

    return PiperVoice.load(path)
