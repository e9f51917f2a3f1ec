"""catalogue.toml -> the voices that can be installed: where their files are fetched from, sizes, checksums, licences."""

from __future__ import annotations

import difflib
import functools
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any
from urllib.parse import quote

from bulletin.errors import VoiceError
from bulletin.languages import canonical

ALL = "All that can be installed: bulletin voices install --list"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFile:
    """One file of a voice."""

    name: str
    """In the engine's folder."""
    url: str
    size: int
    """Bytes."""
    checksum: str
    """`sha256:` or `md5:`, and hexadecimal digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A voice that can be installed."""

    engine: str
    id: str
    language: str
    """`en-GB`."""
    note: str
    """How it sounds, in a few words."""
    licence: str
    """Of its recordings, as its card says."""
    base: str
    """The voice from which its model was trained on, whose licence counts too; or empty."""
    link: str
    """The page with its licence."""
    files: tuple[VoiceFile, ...]
    """In the order in which they are put in place: it can be found once the last one is."""

    @property
    def name(self) -> str:
        """`piper:en_US-joe-medium`."""
        return f"{self.engine}:{self.id}"

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files)

    def as_dict(self) -> dict[str, Any]:
        """The offer as plain values."""
        about = {key: getattr(self, key) for key in ("name", "engine", "id", "language", "note", "licence", "base", "link")}
        files = [{"name": file.name, "url": file.url, "bytes": file.size, "checksum": file.checksum} for file in self.files]
        return {**about, "bytes": self.size, "files": files}


@functools.cache
def shipped() -> dict[str, Offer]:
    """The catalogue that ships, by name."""
    return read(resources.files("bulletin").joinpath("catalogue.toml").read_text(encoding="utf-8"))


def read(text: str) -> dict[str, Offer]:
    """A catalogue from its TOML, by name."""
    table = tomllib.loads(text)
    return {name: offer(name, about, table["source"]) for name, about in table["voice"].items()}


def offer(name: str, about: Mapping[str, Any], sources: Mapping[str, Any]) -> Offer:
    """A voice from its table and its source's."""
    engine, _, id = name.partition(":")
    source = sources[engine]
    return Offer(
        engine=engine,
        id=id,
        language=about["language"],
        note=about["note"],
        licence=about["licence"],
        base=about.get("base", ""),
        link=about["link"],
        files=tuple(voice_file(line, source["url"]) for line in (*source.get("shared", ()), *about["files"])),
    )


def voice_file(line: str, url: str) -> VoiceFile:
    """A file from its line: checksum, bytes, and its path under `url` or an address of its own."""
    checksum, size, path = line.split(" ", 2)
    return VoiceFile(
        name=path.rpartition("/")[2],
        url=path if "://" in path else url + quote(path),
        size=int(size),
        checksum=checksum,
    )


def find(wanted: str, offers: Mapping[str, Offer]) -> Offer:
    """The voice by its name, in whatever case. Raises VoiceError for an unknown one, naming the nearest."""
    name = unicodedata.normalize("NFC", wanted).lower()
    found = next((offer for known, offer in offers.items() if known.lower() == name), None)
    if found is None:
        near = nearest(name, offers)
        raise VoiceError(f"There is no voice “{wanted}” to install.", f"Did you mean “{near}”? {ALL}" if near else ALL)
    return found


def nearest(wanted: str, offers: Mapping[str, Offer]) -> str:
    """The name that has `wanted` in it, the shortest of several, or that is most like it; or an empty text."""
    inside = sorted((name for name in offers if wanted and wanted in name.lower()), key=len)
    return (inside or difflib.get_close_matches(wanted, offers, n=1, cutoff=0.5) or [""])[0]


def of_language(language: str, offers: Mapping[str, Offer]) -> list[Offer]:
    """The voices of a language, whatever their region; all of them where it is empty."""
    return [offer for offer in offers.values() if not language or canonical(offer.language) == canonical(language)]
