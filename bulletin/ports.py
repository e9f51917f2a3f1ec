"""The doors: what a reader, an engine, an encoder and an output must be.

Engines are found by their file's name or by entry point; readers and outputs stand in a list in their folder, in order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from bulletin.model import Article, Ms, Report, Speech, Station, Voice


class Reader(Protocol):
    """Turns the bytes of one kind of source into an article."""

    def accepts(self, data: bytes, content_type: str) -> bool:
        """Whether these bytes are for this reader. `content_type` is the server's word, or empty."""

    def read(self, data: bytes, source: str, encoding: str) -> Article:
        """Read them. Raises ReadError where they hold no article."""


class Engine(Protocol):
    """Speaks. Splitting, storing, retrying, checking and decoding are done for it."""

    max_chars: int | None
    """The longest text it takes at once, or None."""
    online: bool
    """Whether it needs a network."""
    at_once: int | None
    """How many calls may run at once in one process; None for one alone, where a further process is what makes it faster."""
    paced: bool
    """Whether it speaks a few per cent faster or slower as it is told."""
    alphabet: str
    """In which it takes the phonemes of a name: `misaki`, `espeak`, or empty where it takes letters alone."""
    trained: bool
    """Whether a model that was trained on recordings stands behind its voices; not known is yes."""
    version: str
    """Part of the store's key: another version may sound otherwise."""

    def voices(self) -> Sequence[Voice]:
        """All that it knows of, quick and without loading any; `ready` tells which can speak now."""

    def voice(self, id: str) -> Voice | None:
        """A voice that it does not list but takes by name, as a file; or None. Raises VoiceError for one that is broken."""

    def cannot_say(self, text: str) -> str:
        """The characters of `text` that it would pass over without a sound."""

    def inline(self, word: str, phonemes: str) -> str:
        """A word in a text with the phonemes by which it is to be said, in its own marking."""

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """Speak one sentence. Raises EngineError."""


class Encoder(Protocol):
    """Takes the mix block by block and leaves a file."""

    bits: int
    """Of a sample that it takes: 16 or 24."""
    gain: float
    """What the encoder does to the level, as a factor; the mix makes up for it."""

    def write(self, block: bytes) -> None:
        """Take little-endian interleaved samples."""

    def close(self) -> None:
        """Finish the file."""


class Output(Protocol):
    """Turns a finished programme into a file that someone else reads."""

    SUFFIX: str

    def write(self, report: Report, station: Station, path: Path) -> None:
        """Write the file whole at `path`, a temporary name that is replaced by the final one."""


class Progress(Protocol):
    """Where steps say how far they are."""

    def __call__(self, step: str, done: Ms | int, total: Ms | int) -> None:
        """`done` of `total` in `step`: segments for speech, milliseconds for the mix."""
