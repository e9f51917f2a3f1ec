"""Text becomes speech. One file here is one engine; others come from the entry-point group `bulletin.engines`.

An engine is found by its file's name, without importing it, and opened when it is first asked to speak.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Callable
from functools import partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules

from bulletin.errors import VoiceError
from bulletin.languages import canonical
from bulletin.model import Station, Voice
from bulletin.ports import Engine

GROUP = "bulletin.engines"
ORDER = ("hibari", "piper", "gtts")
"""Which engine is asked first for a language that no one has chosen a voice for: the best sound that works offline."""


@functools.cache
def names() -> tuple[str, ...]:
    """All engines by name: those that ship in order of preference, then others."""
    shipped = {module.name for module in iter_modules(__path__)}
    return tuple(sorted(shipped | set(foreign()), key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name)))


@functools.cache
def foreign() -> dict[str, Callable[[], Engine]]:
    """Engines of other packages: name -> a loader of what opens them."""
    return {point.name: partial(opened, point) for point in entry_points(group=GROUP)}


def opened(point: EntryPoint) -> Engine:
    """The engine behind an entry point, which names a class or a function that gives one."""
    engine: Engine = point.load()()
    return engine


@functools.cache
def load(name: str) -> Engine:
    """The engine by its name, opened once. Raises VoiceError for an unknown one, naming the nearest."""
    if name in foreign():
        return foreign()[name]()
    if name not in names():
        raise VoiceError(f"There is no engine “{name}”.", nearest(name, names()) or "All voices: bulletin voices")
    engine: Engine = import_module(f"{__name__}.{name}").Engine()
    return engine


def voices() -> list[Voice]:
    """Every voice that is known here, the best engine's first."""
    return [voice for name in names() for voice in load(name).voices()]


def find(wanted: str, language: str = "") -> Voice:
    """The voice by its name (`hibari:heart`); by its engine alone (`gtts`), the one for `language`, else its first.

    Raises VoiceError, naming the nearest.
    """
    engine, _, id = wanted.partition(":")
    if engine not in names():
        raise VoiceError(f"There is no voice “{wanted}”.", nearest(wanted, all_names()) or "All voices: bulletin voices")
    known = [voice for voice in load(engine).voices() if voice.ready or id]
    if id:
        chosen = next((voice for voice in known if voice.id.lower() == id.lower()), None) or load(engine).voice(id)
    else:
        chosen = next((voice for voice in known if speaks(voice, language)), known[0] if known else None)
    if chosen is None:
        near = nearest(wanted, [voice.name for voice in known if voice.ready])
        raise VoiceError(f"{engine} has no voice “{id}”.", near or "All voices: bulletin voices")
    return chosen


def choose(language: str, station: Station) -> Voice:
    """The station's voice for a language, else its default if it speaks it, else the best that is ready, else gTTS."""
    language = canonical(language)
    if named := next((voice for code, voice in station.voices.items() if canonical(code) == language), ""):
        return find(named, language)
    if station.voice and speaks(default := find(station.voice, language), language):
        return default
    able = [voice for voice in voices() if speaks(voice, language) and voice.ready]
    if not able:
        raise VoiceError(
            f"No voice here speaks “{language}”.",
            "Install one (pip install 'bulletin[piper]', then --voice piper:FILE.onnx), or see: bulletin voices",
        )
    return min(able, key=lambda voice: voice.online)


def speaks(voice: Voice, language: str) -> bool:
    """Whether a voice is for this language, whatever its region."""
    return canonical(voice.language) == canonical(language)


def all_names() -> list[str]:
    """The names of all voices that are ready."""
    return [voice.name for voice in voices() if voice.ready]


def nearest(wanted: str, known: list[str] | tuple[str, ...]) -> str:
    """A hint that names the nearest, or an empty text."""
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
    return f"Did you mean “{near[0]}”? All voices: bulletin voices" if near else ""
