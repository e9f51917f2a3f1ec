"""One news site is one .toml here: the last percent, where the general rules do not carry.

A site's file has the tables of a language's file, which hold for its pages alone, and says whose pages those are:

    name = "VOVWORLD"
    domains = ["vovworld.vn"]          # its pages' addresses
    marks = ["(VOVWORLD)"]             # what only stands in its texts, for pasted ones
    pages = ["https://..."]            # pages to try it on
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from urllib.parse import urlsplit

from bulletin.errors import StationError
from bulletin.languages import Language, build, checked
from bulletin.model import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What is known of one site."""

    domains: tuple[str, ...]
    """Its hosts; a host below one is its own too."""
    marks: tuple[str, ...]
    """Words by which a pasted text of its is known."""
    pages: tuple[str, ...]
    """Addresses of pages to try it on."""
    words: Language
    """Its own phrases, in a language's form."""


def find(article: Article, folder: Path | None = None) -> Language | None:
    """The phrases of the site that an article is from, by its address or by its own marks; a station's sites go first."""
    host = (urlsplit(article.source).hostname or "") if article.source.startswith("http") else ""
    text = "\n".join(block.text for block in article.blocks[:400])[:100_000]
    for site in all_sites(folder):
        if host and any(host == domain or host.endswith(f".{domain}") for domain in site.domains):
            return site.words
        if not host and any(mark in text for mark in site.marks):
            return site.words
    return None


@functools.cache
def all_sites(folder: Path | None) -> tuple[Site, ...]:
    """Every site: the station's, then those that ship."""
    own = sorted((folder / "sites").glob("*.toml")) if folder else []
    shipped = sorted((file for file in resources.files(__name__).iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(read(file) for file in (*own, *shipped))


def read(file: Traversable) -> Site:
    """One site's file. Raises StationError where it cannot be read."""
    name = file.name
    try:
        table = checked(tomllib.loads(file.read_text(encoding="utf-8")), "domains", "marks", "pages")
        return Site(
            domains=tuple(table["domains"]),
            marks=tuple(table.get("marks", ())),
            pages=tuple(table.get("pages", ())),
            words=build(name.removesuffix(".toml"), {"english": table["name"], **table}),
        )
    except KeyError as error:
        raise StationError(f"The site file {name} has no {error}.", 'It needs name = "..." and domains = ["..."].') from error
    except (OSError, ValueError) as error:
        raise StationError(f"The site file {name} cannot be read: {error}.", "Its form is that of the files in bulletin/sites.") from error
