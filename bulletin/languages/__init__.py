"""One language is one .toml here: its words for opening and closing, its furniture phrases, its spoken forms."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path
from typing import Any

from bulletin.errors import StationError

ALIASES = {"nb": "no", "nn": "no", "iw": "he", "fil": "tl", "jw": "jv", "in": "id", "cmn": "zh"}
"""Codes under which a language also goes, with an engine or a detector."""
TELLING = ("reader", "career", "pictured", "told")
"""Fields whose words tell a line's kind."""
LISTS = ("credits", "credit_ends", "by", "dates", "agencies", *TELLING)
"""Fields that are lists of words."""
TABLES = ("words", "page", "furniture", "spoken")
FALLBACK = "en"
"""Whose phrases are looked for beside the page's own: half the world's pages carry some English furniture."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Language:
    """What is known of one language. Each is read once, and is known by its identity."""

    code: str
    name: str
    """In the language itself."""
    english: str = ""
    """Its name in English."""
    words: Mapping[str, str] = field(default_factory=dict)
    """Part of a bulletin (`opening`, `disclosure`, `headlines`, `breaking`, `tail`, `closing`) -> Jinja2 template."""
    page: Mapping[str, str] = field(default_factory=dict)
    """What stands on a page besides its contents: `chapters`, `transcript`, `speed`."""
    furniture: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Reason -> phrases that fill a line, or begin one where they end in `...`; lower case."""
    credits: tuple[str, ...] = ()
    """Words that stand before a picture's credit: `photo`, `image`."""
    credit_ends: tuple[str, ...] = ()
    """How a credit ends, where its word stands behind the name: `撮影`."""
    by: tuple[str, ...] = ()
    """Words that stand before an author's name: `by`."""
    dates: tuple[str, ...] = ()
    """Words of a stamp of time, lower case: months, weekdays, `updated`, `min read`'s `read`."""
    agencies: tuple[str, ...] = ()
    """News agencies and picture desks, as datelines and credits write them."""
    place_dash: bool = False
    """Whether papers put a place as written in a sentence, and a dash, before the lead: `Banjarmasin - `."""
    reader: tuple[str, ...] = ()
    """Words by which a page speaks to its reader: `you`, `newsletter`."""
    career: tuple[str, ...] = ()
    """Words of an author's box: `journalist`, `joined`."""
    pictured: tuple[str, ...] = ()
    """Words that a caption has and a story seldom: `left`, `poses`."""
    told: tuple[str, ...] = ()
    """Words that running prose has, captions and headlines seldom: `he`, `but`, `said`."""
    spoken: Mapping[str, Any] = field(default_factory=dict)
    """Tables for `spoken.py`."""


def codes() -> tuple[str, ...]:
    """The languages that ship."""
    return tuple(sorted(file.name.removesuffix(".toml") for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")))


def canonical(code: str) -> str:
    """A language's code without its region, under one name where it goes by several."""
    code = code.lower().partition("-")[0]
    return ALIASES.get(code, code)


@functools.cache
def load(code: str, folder: Path | None = None) -> Language:
    """The language by its code (`en`, `en-GB`), with a station's own phrases added; an empty one if nothing is known of it."""
    code = canonical(code)
    return own(shipped(code), folder / "languages" / f"{code}.toml") if folder else shipped(code)


@functools.cache
def shipped(code: str) -> Language:
    """The language as it ships, or an empty one."""
    if code not in codes():
        return Language(code=code, name=code)
    return build(code, tomllib.loads(resources.files(__name__).joinpath(f"{code}.toml").read_text(encoding="utf-8")))


def own(known: Language, path: Path) -> Language:
    """A language with what a station's file adds. Raises StationError for a file that cannot be read."""
    if not path.is_file():
        return known
    try:
        more = build(known.code, checked(tomllib.loads(path.read_text(encoding="utf-8-sig"))))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise StationError(
            f"The language file {path} cannot be read: {error}.", "Its form is that of the files that ship in bulletin/languages."
        ) from error
    furniture = {
        reason: known.furniture.get(reason, ()) + more.furniture.get(reason, ()) for reason in {**known.furniture, **more.furniture}
    }
    lists = {name: getattr(known, name) + getattr(more, name) for name in LISTS}
    single: dict[str, Any] = {name: getattr(more, name) or getattr(known, name) for name in ("english", "place_dash")}
    tables: dict[str, Any] = {name: {**getattr(known, name), **getattr(more, name)} for name in ("words", "page", "spoken")}
    return replace(known, furniture=furniture, **tables, **lists, **single)


def checked(table: dict[str, Any], *more: str) -> dict[str, Any]:
    """The tables of somebody's own file; `more` are fields that it may have besides. Raises ValueError, saying what is wrong."""
    known = {*LISTS, *TABLES, *more, "name", "english", "place_dash"}
    if unknown := next((name for name in table if name not in known), ""):
        raise ValueError(f"there is no field “{unknown}”")
    if wrong := next((name for name in TABLES if not isinstance(table.get(name, {}), dict)), ""):
        raise ValueError(f"“{wrong}” must be a table")
    furniture = table.get("furniture", {})
    if unknown := next((reason for reason in furniture if reason not in shipped(FALLBACK).furniture), ""):
        raise ValueError(f"there is no reason “{unknown}”; the reasons are {', '.join(sorted(shipped(FALLBACK).furniture))}")
    for name, words in ({name: table[name] for name in (*LISTS, *more) if name in table} | furniture).items():
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise ValueError(f"“{name}” must be a list of words in quotes")
    return table


def build(code: str, table: Mapping[str, Any]) -> Language:
    """A language from the tables of a file."""
    furniture = {
        reason: tuple(phrase.casefold().replace("’", "'") for phrase in phrases) for reason, phrases in table.get("furniture", {}).items()
    }
    return Language(
        code=code,
        name=table.get("name", code),
        english=table.get("english", ""),
        words=table.get("words", {}),
        page=table.get("page", {}),
        furniture=furniture,
        credits=tuple(word.lower() for word in table.get("credits", ())),
        credit_ends=tuple(table.get("credit_ends", ())),
        by=tuple(table.get("by", ())),
        dates=tuple(word.casefold() for phrase in table.get("dates", ()) for word in re.split(r"[\s.-]+", phrase) if word),
        agencies=tuple(table.get("agencies", ())),
        **{name: tuple(word.casefold() for word in table.get(name, ())) for name in TELLING},
        place_dash=bool(table.get("place_dash", False)),
        spoken=table.get("spoken", {}),
    )
