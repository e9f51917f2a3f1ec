"""Whisper, asked three things of a few seconds of sound: what is said, how likely are these words, and when is each of them heard."""

from __future__ import annotations

import os
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bulletin.errors import UsageError
from bulletin.languages import canonical

RATE = 16_000
"""Samples a second that Whisper takes."""
SPAN = 28.0
"""Seconds that it is given at once at most; it could take 30."""
FRAMES = 1500
"""Of what it makes of 30 seconds."""
VARIABLE = "BULLETIN_WHISPER"
"""Names the model where nobody else does."""
INSTALL = "pip install 'bulletin[listen]'"
FETCH = (
    "Fetch one once, with a network: huggingface-cli download Systran/faster-whisper-base --local-dir whisper-base; "
    f"then --model whisper-base, or {VARIABLE}=whisper-base"
)

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text laid along the sound."""

    text: str
    """Its letters and marks, without space."""
    start: float
    end: float
    """Seconds from the sound's beginning."""
    score: float
    """Natural logarithm of how likely it is there, given the words before it."""


@dataclass(frozen=True, slots=True)
class Impression:
    """What the model made of a stretch of sound, which everything else is asked of."""

    features: Any
    """The encoder's states, as CTranslate2 keeps them."""
    frames: int
    """How many of them are of the sound, 20 ms each; the others are of the silence behind it."""

    @property
    def vectors(self) -> Samples:
        """The states as an array (frames, width), each of length one, what they have in common taken away."""
        states = np.array(self.features)[0, : self.frames]
        states = states - states.mean(axis=0)
        found: Samples = states / np.maximum(np.linalg.norm(states, axis=1, keepdims=True), 1e-6)
        return found


class Ear:
    """A Whisper model. Raises UsageError where the package or the model is missing."""

    def __init__(self, model: Path | str | None) -> None:
        name = str(model or os.environ.get(VARIABLE, ""))
        if not find_spec("faster_whisper"):
            raise UsageError("Hearing a bulletin back needs faster-whisper, which is not installed.", INSTALL)
        if not name:
            raise UsageError("No model is named to hear the bulletin with.", FETCH)
        self.model = load(name)
        self.several = bool(self.model.model.is_multilingual)

    def knows(self, language: str) -> bool:
        """Whether the model was taught a language."""
        from faster_whisper.tokenizer import _LANGUAGE_CODES

        return canonical(language) in (_LANGUAGE_CODES if self.several else ("en",))

    def listen(self, samples: Samples) -> Impression:
        """What it makes of at most 30 seconds at RATE."""
        mel = self.model.feature_extractor(np.ascontiguousarray(samples, np.float32), padding=0)[:, : 2 * FRAMES]
        frames = min(FRAMES, (len(samples) * 50 + RATE - 1) // RATE)
        mel = np.pad(mel, ((0, 0), (0, 2 * FRAMES - mel.shape[1])), constant_values=float(mel.min(initial=0.0)))
        return Impression(self.model.encode(mel), max(1, frames))

    def text(self, impression: Impression, language: str, beam: int = 5) -> str:
        """What it hears; empty for silence."""
        tokens = self.tokens(language)
        prompt = [*tokens.sot_sequence, tokens.no_timestamps]
        longest = min(440, 20 + impression.frames // 4)  # five words a second: a model that repeats itself is stopped there
        (found,) = self.model.model.generate(
            impression.features, [prompt], beam_size=beam, max_length=longest, return_no_speech_prob=True, no_repeat_ngram_size=6
        )
        return "" if found.no_speech_prob > 0.8 else str(tokens.decode(found.sequences_ids[0])).strip()

    def align(self, impression: Impression, text: str, language: str) -> list[Token]:
        """The words of a text, each where it is heard if it is, and how likely it is there."""
        tokens = self.tokens(language)
        ids = tokens.encode(" " + text)[:400]
        if not ids:
            return []
        (laid,) = self.model.model.align(impression.features, tokens.sot_sequence, [ids], [2 * impression.frames], median_filter_width=7)
        starts = first_frames(laid.alignments, len(ids), impression.frames)
        words, parts = tokens.split_to_word_tokens(ids)
        return joined(words, [len(part) for part in parts], starts, np.log(np.maximum(laid.text_token_probs, 1e-9)))

    @lru_cache(8)  # noqa: B019  # as long as the ear
    def tokens(self, language: str) -> Any:
        """How the model writes a language."""
        from faster_whisper.tokenizer import Tokenizer

        return Tokenizer(self.model.hf_tokenizer, self.several, task="transcribe", language=canonical(language))


def load(name: str) -> Any:
    """The model of a folder, or one by name that was fetched before: nothing is fetched here. Raises UsageError."""
    from faster_whisper import WhisperModel

    if not Path(name).is_dir() and ("/" in name or "\\" in name) and not name.count("/") == 1:
        raise UsageError(f"There is no folder {name}.", FETCH)
    try:
        return WhisperModel(name, device="cpu", compute_type="int8", cpu_threads=min(4, os.cpu_count() or 1), local_files_only=True)
    except Exception as error:  # it, its hub and its tokenizer raise whatever they like; none may go further
        raise UsageError(f"{name} is no Whisper model in CTranslate2's form: {error}.", FETCH) from error


def first_frames(pairs: Sequence[tuple[int, int]], count: int, frames: int) -> list[float]:
    """Seconds at which each token begins, and at which the last one ends."""
    starts = [-1.0] * count
    for token, frame in pairs:
        if token < count and starts[token] < 0:
            starts[token] = frame / 50
    for at in range(count):  # a token without a frame of its own begins with the one before
        starts[at] = max(starts[at], starts[at - 1] if at else 0.0)
    return [*starts, max(frames / 50, starts[-1])]


def joined(words: Sequence[str], lengths: Sequence[int], starts: Sequence[float], scores: Any) -> list[Token]:
    """Tokens as words; a mark goes with the word before it, and counts for nothing."""
    found: list[Token] = []
    at = 0
    for word, length in zip(words, lengths, strict=True):
        token = Token(word.strip(), starts[at], starts[at + length], float(np.sum(scores[at : at + length])))
        at += length
        if found and not any(map(str.isalnum, token.text)):
            last = found[-1]
            found[-1] = Token(last.text + token.text, last.start, token.end, last.score)
        elif token.text and token.text not in string.punctuation:
            found.append(token)
    return found
