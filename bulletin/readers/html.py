"""A web page: trafilatura finds the article, and what it left out is kept in its place, marked as outside.

The library's own choice of paragraphs is never overruled here; `furniture` marks what is left to mark.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from bulletin.errors import ReadError
from bulletin.model import OUTSIDE, Article, Block
from bulletin.readers.decode import decode, decoded, sixteen

TAGS = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|p)\b[^<>]{0,2000}>", re.IGNORECASE)
KINDS = {"head": "heading", "quote": "quote", "item": "list item", "table": "table"}
"""trafilatura's elements and our kinds; any other is a paragraph."""
LINES = {
    "p", "li", "figcaption", "td", "th", "dt", "dd", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article",
    "aside", "header", "footer", "nav", "main", "figure", "ul", "ol", "table", "tr", "form", "button", "label", "body", "caption",
    "details", "summary", "address", "pre", "hr", "br",
}  # fmt: skip
"""Elements that begin a new line of text."""
UNSEEN = {"script", "style", "noscript", "template", "svg", "head", "iframe", "option", "select"}
REASONS = {
    "figcaption": "caption", "figure": "caption", "nav": "navigation", "aside": "related", "footer": "footer", "form": "form",
    "button": "navigation", "time": "timestamp", "address": "byline",
}  # fmt: skip
"""What the page's own elements say of the text in them."""
SITE_TAIL = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}$")


def accepts(data: bytes, content_type: str) -> bool:
    """Whatever the server calls HTML, or looks like it."""
    if content_type and "html" in content_type:
        return True
    head = decoded(data[:65_536], "").encode() if data[:2] in (b"\xff\xfe", b"\xfe\xff") or sixteen(data) else data[:65_536]
    found = TAGS.findall(head)
    return (head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and bool(found)) or len(found) >= 5


def read(data: bytes, source: str, encoding: str) -> Article:
    """The article on the page, headline first, what is outside it marked. Raises ReadError if there is none."""
    tree, found = extract(decode(data, encoding), source)
    told = [Block(text=text, kind=kind) for kind, text in elements(found.body)] if found is not None else []
    if sum(len(block.text) for block in told) < 80:
        raise ReadError(f"No article found in {source}.", "Is it a front page, a login page or a video? Paste the story's text instead.")
    title = headline(tree, str(found.title or ""))
    return Article(
        source=source,
        title=title,
        byline=str(found.author or ""),
        published=str(found.date or ""),
        language=language(tree),
        site=str(found.sitename or ""),
        blocks=tuple(titled(title, merge(told, list(lines(tree))))),
    )


def extract(text: str, source: str) -> tuple[Any, Any]:
    """The page as a tree, and trafilatura's document (or None). Raises ReadError if it is no page at all."""
    import logging

    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = trafilatura.load_html(text)
    if tree is None:
        raise ReadError(f"{source} is not a page that can be read.", "Paste the story's text instead.")
    url = source if source.startswith("http") else None
    found = trafilatura.bare_extraction(text, url=url, favor_precision=True, include_comments=False, with_metadata=True)
    return tree, found


def elements(body: Any) -> Iterator[tuple[str, str]]:
    """(kind, text) of each piece of the extracted article, in order."""
    for element in body.iterchildren():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "list" or (element.tag == "quote" and element.find("p") is not None):
            inner = list(element.iterchildren("item", "p"))
            parts = [(KINDS.get(element.tag if element.tag == "quote" else "item", "list item"), part) for part in inner]
        else:
            parts = [(KINDS.get(element.tag, "paragraph"), element)]
        for kind, part in parts:
            text = " ".join(" ".join(part.itertext()).split())
            if text:
                yield kind, text


def headline(tree: Any, title: str) -> str:
    """The page's own h1 where it says the title, else the title without the site's name."""
    for h1 in tree.iter("h1"):
        text = " ".join("".join(h1.itertext()).split())
        if text and (squeezed(text) in squeezed(title) or squeezed(title) in squeezed(text)) and len(text) < 300:
            return text
    return SITE_TAIL.sub("", " ".join(title.split())) if len(title) > 30 else title


def language(tree: Any) -> str:
    """The language the page says it is in, or empty."""
    root = tree.getroottree().getroot()
    said = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    code = re.match(r"[A-Za-z]{2,3}", said.strip())
    return code.group().lower() if code and code.group().lower() not in ("und", "mul", "zxx") else ""


def squeezed(text: str) -> str:
    """Letters and digits alone, lower case, to compare texts by."""
    return "".join(char for char in text.casefold() if char.isalnum())


def lines(tree: Any) -> Iterator[tuple[str, str]]:
    """(reason, text) of each line that the page shows, in page order."""
    text: list[str] = []
    reason = OUTSIDE
    for event, element, inside in walk(tree):
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in LINES and text:
            if line := " ".join("".join(text).split()):
                yield reason, line
            text = []
        words = element.text if event == "start" else element.tail
        if words and words.strip() and not text:
            reason = inside
        if words:
            text.append(words)
    if line := " ".join("".join(text).split()):
        yield reason, line


def walk(tree: Any) -> Iterator[tuple[str, Any, str]]:
    """("start" or "end", element, the reason its text has) without what is not shown; no recursion."""
    stack: list[tuple[str, Any, str]] = [("start", tree, OUTSIDE)]
    while stack:
        event, element, inside = stack.pop()
        if event == "end":
            yield event, element, inside
            continue
        within = REASONS.get(element.tag, inside) if isinstance(element.tag, str) else inside
        stack.append(("end", element, inside))
        if not isinstance(element.tag, str) or element.tag in UNSEEN:
            continue
        yield event, element, within
        stack.extend(("start", child, within) for child in reversed(element))


def merge(told: list[Block], shown: list[tuple[str, str]]) -> list[Block]:
    """The told blocks, each in order, with the lines that the page shows beside them put where the page has them."""
    places: dict[str, list[int]] = {}
    for index, block in enumerate(told):
        places.setdefault(squeezed(block.text), []).append(index)
    keys = [squeezed(block.text) for block in told]
    merged: list[Block] = []
    at = 0
    for reason, text in shown:
        key = squeezed(text)
        found = places.get(key, [])
        next_one = bisect_left(found, at)
        here = found[next_one] if next_one < len(found) else None
        if here is not None:
            merged += told[at : here + 1]
            at = here + 1
        elif key and not any(key in near for near in keys[max(0, at - 2) : at + 3]):
            merged.append(Block(text=text, kind="caption" if reason == "caption" else "aside", furniture=reason))
    return merged + told[at:]


def titled(title: str, blocks: list[Block]) -> list[Block]:
    """The headline as the first block that is said; the page's own copies of it are left to `furniture`."""
    at = next((index for index, block in enumerate(blocks) if title and squeezed(block.text) == squeezed(title)), None)
    if at is not None:
        before = list(blocks[:at])
        early = [block for block in before if not block.furniture]
        rest = [*(block for block in before if block.furniture), Block(text=blocks[at].text, kind="headline"), *early]
        return rest + blocks[at + 1 :]
    first = next((index for index, block in enumerate(blocks) if not block.furniture), len(blocks))
    return blocks[:first] + ([Block(text=title, kind="headline")] if title else []) + blocks[first:]
