"""What is uploaded: a file of a folder, what is at the place, and in which order the one becomes the other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

SOUND, BESIDE, PAGE, SHOW, ARCHIVE, FEED = range(6)
"""The order of going up."""
TYPES = {
    ".chapters.json": (BESIDE, "application/json+chapters"),
    ".transcript.txt": (BESIDE, "text/plain; charset=utf-8"),
    ".mp3": (SOUND, "audio/mpeg"),
    ".wav": (SOUND, "audio/wav"),
    ".vtt": (BESIDE, "text/vtt"),
    ".srt": (BESIDE, "application/x-subrip"),
    ".json": (BESIDE, "application/json"),
    ".png": (BESIDE, "image/png"),
    ".jpg": (BESIDE, "image/jpeg"),
    ".jpeg": (BESIDE, "image/jpeg"),
    ".svg": (BESIDE, "image/svg+xml"),
    ".css": (BESIDE, "text/css; charset=utf-8"),
    ".html": (PAGE, "text/html; charset=utf-8"),
    ".xml": (FEED, "application/rss+xml; charset=utf-8"),
}
"""Ending -> when it goes up, and as what. A file with another ending stays here: what bulletin does not make, it does not publish."""
OBJECTS = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az")
"""Kinds of place where a file appears whole or not at all; elsewhere it gets its name when it is whole."""
KEPT = "Upload again: it goes on from there."


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A file of the folder."""

    name: str
    """Within the folder, with slashes."""
    path: Path
    """Where its bytes are; of a feed, a copy that nobody changes meanwhile."""
    size: int
    mtime: int
    """Nanoseconds."""
    rank: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """A file at the place, as it is listed."""

    size: int
    mark: str
    """Changes with its bytes: checksum, generation or time of change, whatever the service lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A file that a feed names."""

    name: str
    length: int | None
    """Bytes that the feed gives it; None where it gives none."""


def page(name: str) -> int:
    """The number of a feed's archive page; 0 for the first."""
    number = re.search(r"-(\d+)\.xml$", name)
    return int(number[1]) if number else 0


def digests(path: Path) -> tuple[str, bytes]:
    """SHA-256 and, for services that check by it, MD5 of a file."""
    sums = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            for each in sums:
                each.update(block)
    return sums[0].hexdigest(), sums[1].digest()


def some(names: Collection[str]) -> str:
    """A few names, and how many more."""
    first = list(dict.fromkeys(names))
    return ", ".join(first[:5]) + (f" and {len(first) - 5} more" if len(first) > 5 else "")
