"""hibari: a small neural voice for English that works offline straight after install."""

from __future__ import annotations

import functools
import json
import os
import re
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bulletin.errors import EngineError
from bulletin.model import Speech, Voice

SILENT = frozenset("≥≤≈≠‰∞√←℃℉€£¥₹₩₫₽")
"""Signs that mean something and that it passes over, where no rule of ours has put words for them."""
PHONEMES = re.compile(r"(\(/[^/]*/\))")
"""The phonemes of a word, as `inline` writes them."""
SEED = 0
"""Fixes the noise component: the same words sound the same to the sample."""


class Engine:
    """English, one sentence a call. The voice `heart` is in the package; others are used once they have been fetched."""

    max_chars: int | None = 600
    online = False
    at_once: int | None = None
    paced = True
    alphabet = "misaki"
    trained = True

    def __init__(self) -> None:
        self.version = f"{version('hibari-tts')}+1"  # the number is ours: raise it when the same words would sound otherwise

    def voices(self) -> Sequence[Voice]:
        """The voices of hibari's registry; those not in the package are ready once their file is in its cache."""
        found = []
        for name, about in registry().items():
            ready = bool(about.get("bundled")) or (cache_folder() / about["file"]).exists()
            region = "en-GB" if about["british"] else "en-US"
            note = f"{about['accent']} {about['gender']}, neural" + ("" if ready else ", not installed")
            found.append(Voice(engine="hibari", id=name, language=region, note=note, ready=ready))
        return found

    def voice(self, id: str) -> Voice | None:
        """None: all its voices are listed."""
        return None

    def cannot_say(self, text: str) -> str:
        """Letters that are not Latin and pictures have no phonemes in it: no sound and no error."""
        return "".join(
            char
            for char in fold(text)
            if char in SILENT or (unicodedata.category(char) in ("Lo", "Ll", "Lu", "So") and ord(char) > 0x24F and char not in "№")
        )

    def inline(self, word: str, phonemes: str) -> str:
        """`[THAAD](/θˈæd/)`."""
        return f"[{word}](/{phonemes}/)"

    def knows(self, word: str, voice: Voice) -> bool:
        """Whether its dictionary has a word, or the word that it is a form of; another it guesses from its letters."""
        words = model(voice.id).g2p.func.lexicon
        small = fold(word).lower()
        stems = (small.removesuffix(ending) for ending in ("s", "es", "ed", "d", "ing", "ly") if len(small) > len(ending) + 2)
        return fold(word) in words.golds or small in words.silvers or any(form in words.golds for form in (small, *stems))

    def phonemes(self, text: str, voice: Voice) -> str:
        """What it would say, in misaki's letters. Raises EngineError."""
        try:
            return " ".join(model(voice.id).phonemize(fold(text)))
        except Exception as error:  # its grammar raises whatever it likes, as its models do in `speak`
            raise EngineError(f"hibari failed on “{text[:60]}”: {error}.", "Change the words, or choose another voice.") from error

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """24 kHz samples. Raises EngineError for a voice that is not installed, or a failure inside."""
        if not voice.ready:
            raise EngineError(
                f"The voice {voice.name} is not installed.",
                f"Fetch it once, with a network: bulletin voices install {voice.name}",
                lost=True,
            )
        try:
            tts = model(voice.id)
            return Speech(samples=tts(fold(text), speed=rate, seed=SEED), rate=tts.sample_rate)
        except Exception as error:  # its models and its grammar raise whatever they like; none may go further
            raise EngineError(f"hibari failed on “{text[:60]}”: {error}.", "Change the words, or choose another voice.") from error


@functools.cache
def registry() -> dict[str, dict[str, Any]]:
    """Hibari's own table of voices, read without importing it: that would cost a quarter of a second."""
    spec = find_spec("hibari")
    if spec is None or spec.origin is None:
        raise EngineError("hibari-tts is not installed.", "pip install hibari-tts")
    table: dict[str, dict[str, Any]] = json.loads((Path(spec.origin).parent / "assets" / "voices.json").read_text("utf-8"))
    return table


def cache_folder() -> Path:
    """Where hibari keeps the voices it has fetched (`hibari.voices.cache_dir`)."""
    if home := os.environ.get("HIBARI_HOME"):
        return Path(home)
    import platformdirs

    return platformdirs.user_cache_path("hibari", appauthor=False)


@functools.cache
def model(name: str) -> Any:
    """The voice's model, loaded once. One thread: two of one process get in each other's way.

    Its own rules for print are passed by: ours have spoken, and they take “King Charles” for King the zeroth and “no.” for number.
    Its session is made anew without onnxruntime's arena, which grows with every sentence that is longer than
    those before and gives nothing back; hibari has no setting for it.
    """
    import onnxruntime
    from hibari import Hibari
    from hibari.g2p import G2P

    onnxruntime.disable_telemetry_events()  # offline is offline
    grammar = functools.partial(G2P(british=registry()[name]["british"]), normalize_text=False)
    tts = Hibari(voice=name, threads=1, g2p=grammar)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    tts.sess = onnxruntime.InferenceSession(tts.model_path, options, providers=["CPUExecutionProvider"])
    return tts


def fold(text: str) -> str:
    """Latin letters that its grammar would split words at, without their marks: `Nguyễn` -> `Nguyen`. Phonemes stay."""
    parts = PHONEMES.split(text)
    return "".join(
        part if at % 2 else "".join(char if ord(char) < 0x100 else plain(char) for char in part) for at, part in enumerate(parts)
    )


def plain(char: str) -> str:
    """One letter without its marks; any other character as it is."""
    special = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "œ": "oe", "Œ": "Oe", "ŋ": "ng"}
    if char in special:
        return special[char]
    base = unicodedata.normalize("NFKD", char)
    letters = "".join(part for part in base if not unicodedata.combining(part))
    return letters if letters.isascii() and letters.isalnum() else char
