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
ORDER = ("hibari", "piper", "kokoro", "gtts", "edge", "espeak", "openai", "command")
"""Which engine is asked first for a language without a chosen voice: good sound, quick ones first, gTTS before Edge, which breaks."""
LAST = ("espeak",)
"""Engines that understand a language better than listeners understand them: chosen where nothing else speaks it."""
MANY = "mul"
"""The language of a voice that speaks many, or nobody knows which (ISO 639-2)."""


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
        what = f"{engine} has no voice “{id}”." if id else f"{engine} alone names no voice here."
        raise VoiceError(what, near or "All voices: bulletin voices")
    return chosen


def choose(language: str, station: Station) -> Voice:
    """The station's voice for a language, else its default if it speaks it, else the best that is ready.

    That is one that works offline, else one online unless the station forbids the network, else a robot's.
    Raises VoiceError where there is none, or where the station's own choice needs the network that it forbids.
    """
    language = canonical(language)
    named = next((voice for code, voice in station.voices.items() if canonical(code) == language), "")
    if not named and station.voice and speaks(find(station.voice, language), language):
        named = station.voice
    if named:
        chosen = find(named, language)
        allowed(chosen, station)
        return chosen
    able = able_to(language, online=station.online)
    if not able:
        forbidden = not station.online and bool(able_to(language, online=True))
        raise VoiceError(
            f"No voice here speaks “{language}”" + (" without the network." if forbidden else "."),
            f"See which can be installed: bulletin voices install --list --language {language}",
        )
    return able[0]


def able_to(language: str, *, online: bool) -> list[Voice]:
    """The voices that are ready for a language, the best first. One that speaks many is nobody's choice but a person's."""
    able = [
        voice for voice in voices() if voice.ready and voice.language != MANY and speaks(voice, language) and (online or not voice.online)
    ]
    return sorted(able, key=lambda voice: (voice.engine in LAST, voice.online))


def allowed(voice: Voice, station: Station) -> None:
    """Raise VoiceError for a voice online where the station forbids the network, with the best voice offline in its language."""
    if station.online or not voice.online:
        return
    language = station.language if voice.language == MANY else voice.language
    instead = able_to(language, online=False)
    raise VoiceError(
        f"{voice.name} needs the network, which is forbidden here (--offline, or [online] allowed).",
        f"Offline, this one speaks it: --voice {instead[0].name}"
        if instead
        else f"Offline, nothing here speaks “{language}”: bulletin voices",
    )


def trusted(name: str, station: Station, asked: str | None = None) -> bool:
    """Whether a voice that a file names may be used: a program only where the station or whoever asked named it too."""
    own = {asked, station.voice, *station.readers, *station.voices.values()}
    return not name.startswith("command:") or name in own


def speaks(voice: Voice, language: str) -> bool:
    """Whether a voice is for this language, whatever its region, or for many."""
    return voice.language == MANY or canonical(voice.language) == canonical(language)


def all_names() -> list[str]:
    """The names of all voices that are ready."""
    return [voice.name for voice in voices() if voice.ready]


def nearest(wanted: str, known: list[str] | tuple[str, ...]) -> str:
    """A hint that names the nearest, or an empty text."""
    near = difflib.get_close_matches(wanted, known, n=1, cutoff=0.4)
    return f"Did you mean “{near[0]}”? All voices: bulletin voices" if near else ""
