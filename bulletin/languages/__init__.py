"""One language is one .toml here: its words for opening and closing, its furniture phrases, its spoken forms."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

FALLBACK = "en"
"""Whose phrases are looked for beside the page's own: half the world's pages carry some English furniture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is known of one language."""

    code: str
    name: str
    """In the language itself."""
    english: str = ""
    """Its name in English."""
    opening: str = ""
    """Jinja2 template; empty where this language has no words of its own."""
    closing: str = ""
    furniture: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Reason -> phrases that fill a line, or begin one where they end in `...`; lower case."""
    credits: tuple[str, ...] = ()
    """Words that stand before a picture's credit: `photo`, `image`."""
    by: tuple[str, ...] = ()
    """Words that stand before an author's name: `by`."""
    spoken: Mapping[str, Any] = field(default_factory=dict)
    """Tables for `spoken.py`."""


def codes() -> tuple[str, ...]:
    """The languages that ship."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")))


@functools.cache
def load(code: str) -> Language:
    """The language by its code (`en`, `en-GB`), or an empty one if nothing is known of it."""
    code = code.lower().partition("-")[0]
    if code not in codes():
        return Language(code=code, name=code)
    table = tomllib.loads(resources.files(__name__).joinpath(f"{code}.toml").read_text(encoding="utf-8"))
    words = table.get("words", {})
    furniture = {
        reason: tuple(phrase.casefold().replace("’", "'") for phrase in phrases) for reason, phrases in table.get("furniture", {}).items()
    }
    return Language(
        code=code,
        name=table["name"],
        english=table["english"],
        opening=words.get("opening", ""),
        closing=words.get("closing", ""),
        furniture=furniture,
        credits=tuple(word.lower() for word in table.get("credits", ())),
        by=tuple(table.get("by", ())),
        spoken=table.get("spoken", {}),
    )
