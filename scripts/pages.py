"""The development pages as people hand them in: saved HTML, and text in six styles, each line labelled by the article's words.

`scripts/train` learns from these and `scripts/eval furniture` measures on them. Sets live in ../shared/data/pages, which
is no part of the project.
"""

from __future__ import annotations

import copy
import functools
import gzip
import json
import re
import subprocess
import textwrap
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "pages"
STYLES = ("zone", "full", "zonealt", "wrapped", "lynx", "md")
"""How a page becomes text: its article's zone, the whole page, the zone with pictures' alternative text in place, the zone
hard-wrapped, the whole page by `lynx -dump`, the zone as Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One development page and its article as somebody marked it."""

    id: str
    site: str
    """The publisher's domain: pages of one site are never split between learning and measuring."""
    title: str
    text: str
    """The article's own words, a paragraph a line."""
    html: bytes


@functools.cache
def load(longest: int = 1500) -> list[Page]:
    """Every news page of 80 words and more, up to so many."""
    truth = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))
    return [
        Page(
            id=key,
            site=domain(row["url"]),
            title=row["title"],
            text=row["text"],
            html=gzip.decompress((DATA / f"html/{key}.html.gz").read_bytes()),
        )
        for key, row in truth.items()
        if 80 <= len(words(row["text"])) <= longest
    ]


def domain(url: str) -> str:
    """The registered name, roughly: `blogs.example.co.uk` -> `example.co`."""
    parts = (urlsplit(url).hostname or url).split(".")
    return ".".join(parts[-3:-1] if len(parts) > 2 and len(parts[-2]) <= 3 else parts[-2:])


def words(text: str) -> list[str]:
    """Words to compare by."""
    return re.findall(r"\w+", text.casefold())


# --- pages written for this project -------------------------------------------------------------------------

INVENTED = Path(__file__).with_name("invented")
"""To learn from: pages in thirty languages, every event and person in them invented."""
HELD = Path(__file__).resolve().parent.parent / "tests" / "furniture"
"""To measure on: more of the same kind, never learned from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A page as somebody pastes it, every line labelled by hand."""

    id: str
    language: str
    text: str
    lines: tuple[str, ...]
    """Without the blank ones."""
    labels: tuple[float | None, ...]
    """1 said, 0 furniture, None the headline."""
    said: tuple[str, ...]
    """What is said, the headline aside, without datelines and what else is not."""
    headline: str


def written(folder: Path) -> list[Written]:
    """Every page in a folder. A line begins with `= ` (headline), `+ ` (said) or `- ` (furniture); ⟦…⟧ is not said of it."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        bare = re.compile("[⟦⟧]")
        marks = [line[:2] for line in lines if line.strip()]
        if marks.count("= ") != 1 or not set(marks) <= {"= ", "+ ", "- "}:
            raise ValueError(f"{path} has a line without a mark, or not one headline")
        texts = [" ".join(bare.sub("", line[2:]).split()) for line in lines if line[2:].strip()]
        marks = [line[:2] for line in lines if line[2:].strip()]
        found.append(
            Written(
                id=path.stem,
                language=path.stem.partition("-")[0],
                text="\n".join(bare.sub("", line[2:]) for line in lines),
                lines=tuple(texts),
                labels=tuple({"+ ": 1.0, "- ": 0.0}.get(mark) for mark in marks),
                said=tuple(" ".join(re.sub("⟦[^⟧]*⟧", "", line[2:]).split()) for line in lines if line.startswith("+ ")),
                headline=next(" ".join(line[2:].split()) for line in lines if line.startswith("= ")),
            )
        )
    return found


# --- pages as text ------------------------------------------------------------------------------------------


def dump(page: Page, style: str) -> str:
    """The page as text in one of the styles."""
    tree = parsed(page.html)
    if style in ("full", "lynx"):
        return inscribed(tree) if style == "full" else lynx(page.html)
    element = zone(tree, page)
    if style == "zonealt":
        element = with_alternatives(element)
    if style == "md":
        return markdown(element)
    text = inscribed(element)
    return "\n".join(textwrap.fill(line, 72) for line in text.split("\n")) if style == "wrapped" else text


def parsed(html: bytes) -> Any:
    """The page as a tree, without what is never shown."""
    import lxml.html

    from bulletin.readers.decode import decode

    tree = lxml.html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", decode(html, "")))
    for element in list(tree.iter("script", "style", "noscript", "template", "svg")):
        if element.getparent() is not None:
            element.drop_tree()
    return tree


def inscribed(tree: Any) -> str:
    """Text as a browser's clipboard has it."""
    from inscriptis.html_engine import Inscriptis

    return str(Inscriptis(tree).get_text())


def lynx(html: bytes) -> str:
    """Text as `lynx -dump` prints it."""
    call = ["lynx", "-dump", "-stdin", "-width=80", "-assume_charset=utf-8", "-display_charset=utf-8"]
    return subprocess.run(call, input=html, capture_output=True, timeout=30, check=True).stdout.decode("utf-8", "replace")


def markdown(tree: Any) -> str:
    """Text as Markdown, links and all, unwrapped."""
    import html2text
    import lxml.html

    maker = html2text.HTML2Text(bodywidth=0)
    return maker.handle(lxml.html.tostring(tree, encoding="unicode"))


def with_alternatives(element: Any) -> Any:
    """The element with each picture's alternative text before the text behind it."""
    element = copy.deepcopy(element)
    for picture in list(element.iter("img")):
        text = " ".join((picture.get("alt") or "").split())
        if text and picture.getparent() is not None:
            picture.tail = f" {text} {picture.tail or ''}"
    return element


def zone(tree: Any, page: Page) -> Any:
    """The smallest element that holds the article and, where the page has it near, its headline."""
    wanted = Counter(words(page.text))
    held = lambda element: (wanted & Counter(words(" ".join(element.itertext())))).total()  # noqa: E731
    body = tree.find(".//body")
    found = body if body is not None else tree
    enough = 0.97 * held(found)
    while (inner := next((child for child in found if isinstance(child.tag, str) and held(child) >= enough), None)) is not None:
        found = inner
    title, outer = set(words(page.title)), found
    while outer is not None and outer is not body:
        if any(len(title & set(words(" ".join(head.itertext())))) >= 0.7 * len(title) for head in outer.iter("h1", "h2")):
            return outer
        outer = outer.getparent()
    return found


# --- labels -------------------------------------------------------------------------------------------------


def labels(lines: list[str], page: Page) -> list[float | None]:
    """What should be said of each line: 1, 0, or None where it is the headline or cannot be told.

    A line is said if seven in ten of its word triples are the article's; of lines that say the same, the one among most
    others of the article.
    """
    known = [words(line) for line in page.text.split("\n")]
    whole = [word for line in known for word in line]
    triples = set(zip(whole, whole[1:], whole[2:], strict=False))
    short = {tuple(line) for line in known if line}
    title = words(page.title)
    shares: list[float | None] = []
    for line in lines:
        found = words(re.sub(r"\]\([^)\s]*[^)]*\)|\[\d+\]", " ", line))
        if title and same(found, title) and tuple(found) not in short:
            shares.append(None)
        elif len(found) < 4:
            shares.append(float(bool(found) and (tuple(found) in short)))
        else:
            own = list(zip(found, found[1:], found[2:], strict=False))
            shares.append(sum(triple in triples for triple in own) / len(own))
    return once(lines, [share if share is None else 1.0 if share >= 0.7 else 0.0 if share <= 0.4 else None for share in shares])


@functools.cache
def captions(page: Page) -> frozenset[str]:
    """The page's captions that are no part of the article, letters and digits alone."""
    from bulletin.errors import ReadError
    from bulletin.readers import html

    try:
        blocks = html.read(page.html, page.id, "").blocks
    except ReadError:
        return frozenset()
    text = re.sub(r"[\W_]+", "", page.text.casefold())
    lines = (
        re.sub(r"[\W_]+", "", block.text.casefold()) for block in blocks if block.kind == "caption" or block.hints.get("caption") == 1.0
    )
    return frozenset(line for line in lines if len(line) > 12 and line not in text)


def same(one: list[str], other: list[str]) -> bool:
    """Whether two lines have nearly the same words."""
    common = (Counter(one) & Counter(other)).total()
    return common >= 0.8 * max(len(one), len(other), 1)


def once(lines: list[str], found: list[float | None]) -> list[float | None]:
    """Of lines that say the same the one with most said words around it; the others are repeats."""
    places: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if found[at] and len(words(line)) > 2:
            places.setdefault(" ".join(words(line)), []).append(at)
    for again in places.values():
        if len(again) > 1:
            around = {at: sum(len(lines[near]) for near in range(max(0, at - 6), min(len(lines), at + 7)) if found[near]) for at in again}
            best = max(again, key=lambda at: around[at])
            for at in again:
                found[at] = 1.0 if at == best else 0.0
    return found


def each(pages: list[Page], style: str) -> Iterator[tuple[Page, str]]:
    """Pages with their text in a style; a page that cannot be rendered so is left out."""
    for page in pages:
        try:
            yield page, dump(page, style)
        except (subprocess.SubprocessError, ValueError, AssertionError):
            continue


def fold(page: Page, folds: int) -> int:
    """The fold that a page's site falls into."""
    return zlib.crc32(page.site.encode()) % folds


def model(data: dict[str, Any]) -> Any:
    """A model of `bulletin.judge` from plain values."""
    from bulletin import judge

    return judge.build(data)
