"""A web page: every line that it shows, in order, each with what the page itself says of it. Nothing is judged here.

trafilatura finds the article; its answer is one hint among others: the elements and class names around a line, the links in
it, the page's own metadata (schema.org, Open Graph).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bulletin.errors import ReadError
from bulletin.hints import BITS, marks
from bulletin.model import Article, Block
from bulletin.phrases import ends, length, pieces, squeezed
from bulletin.readers.decode import INVISIBLE, decode, decoded, sixteen
from bulletin.readers.facts import Facts, language, metadata

TAGS = re.compile(rb"<(?:!doctype\s+html|html|head|body|article|div|p)\b[^<>]{0,2000}>", re.IGNORECASE)
LINES = frozenset({
    "p", "li", "figcaption", "td", "th", "dt", "dd", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "div", "section", "article",
    "aside", "header", "footer", "nav", "main", "figure", "ul", "ol", "table", "tr", "form", "button", "label", "body", "caption",
    "details", "summary", "address", "pre", "hr", "br", "tbody", "thead", "dl", "center", "fieldset", "legend",
})  # fmt: skip
"""Elements that begin a new line of text."""
UNSEEN = frozenset({
    "script", "style", "noscript", "template", "svg", "head", "iframe", "option", "select", "textarea", "object", "canvas", "math", "title",
})  # fmt: skip
KINDS = {
    "h1": "heading", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading",
    "blockquote": "quote", "li": "list item", "figcaption": "caption", "td": "table", "th": "table",
}  # fmt: skip
"""What a line is, by the innermost of these elements."""
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
"""A raised number keeps its form: a note's number is no part of the number before it."""
EMPHASIS = ("b", "strong", "em", "i")
NAMED = ("class", "id", "role", "itemprop")
SITE_TAIL = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}$")
ALIKE, HEADLINE_WORDS = 0.4, 4
"""An h1 with this share of its words in the page's title is the headline, and so is the only one, if it has so many words."""
EXTRACTED, BRIEF = 80, 120
"""Characters that an extractor finds on a page with an article; words of a page that may hold a short item without them."""
PROSE = 8.0
"""Words of a sentence that is no mere label."""
DEEPEST = 200
"""Ancestors that are followed upwards, at most."""


def accepts(data: bytes, content_type: str) -> bool:
    """Whatever the server calls HTML, or looks like it."""
    if content_type and "html" in content_type:
        return True
    head = decoded(data[:65_536], "").encode() if data[:2] in (b"\xff\xfe", b"\xfe\xff") or sixteen(data) else data[:65_536]
    found = TAGS.findall(head)
    return (head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and bool(found)) or len(found) >= 5


def read(data: bytes, source: str, encoding: str) -> Article:
    """Every line of the page as a block with its hints. Raises ReadError if there is no article on it."""
    text = decode(data, encoding)
    tree, found = extract(text, source)
    told = list(extracts(found.body)) if found is not None else []
    shown = list(lines(tree))
    if sum(map(len, told)) < EXTRACTED and not brief(shown):
        raise ReadError(f"No article found in {source}.", "Is it a front page, a login page or a video? Paste the story's text instead.")
    facts = metadata(tree)
    title = headline(tree, str(getattr(found, "title", "") or ""))
    return Article(
        source=source,
        title=title,
        byline=str(getattr(found, "author", "") or ""),
        published=str(getattr(found, "date", "") or ""),
        language=language(tree),
        site=str(getattr(found, "sitename", "") or ""),
        blocks=tuple(blocks(shown, told, facts)),
    )


def brief(shown: list[Line]) -> bool:
    """Whether a page of a few words has a sentence on it: too little for an extractor, enough for an item."""
    sentence = any(ends(line.text) and length(line.text) >= 5 and line.linked < 0.5 for line in shown)
    return sentence and sum(length(line.text) for line in shown) <= BRIEF


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


def extracts(body: Any) -> Iterator[str]:
    """The text of each piece of the extracted article, in order."""
    for element in body.iter("p", "head", "quote", "item", "table", "code", "ab"):
        text = " ".join("".join(element.itertext()).split())
        if text:
            yield text


# --- lines and their hints ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One line that the page shows."""

    text: str
    kind: str
    near: int
    """Bits of the elements right around it."""
    far: int
    """Bits of all elements around it."""
    linked: float
    """The share of it that is a link."""
    bold: float
    """The share of it that is bold or italic."""
    path: tuple[int, ...]
    """Numbers of the elements around it, outermost first."""


@dataclass(frozen=True, slots=True)
class Around:
    """What holds for the text inside an element."""

    near: int = 0
    """Bits of the element and the one around it."""
    far: int = 0
    """Bits of all elements around it, its own too."""
    own: int = 0
    kind: str = "paragraph"
    path: tuple[int, ...] = ()
    linked: bool = False
    bold: bool = False

    def inside(self, element: Any, number: int) -> Around:
        """What holds inside a child."""
        tag = element.tag
        own = marks(tag, " ".join(filter(None, map(element.get, NAMED))), shown(element))
        return Around(
            near=own | self.own,
            far=own | self.far,
            own=own,
            kind="paragraph" if tag == "p" and self.kind == "table" else KINDS.get(tag, self.kind),
            path=(*self.path, number) if tag in LINES and len(self.path) < DEEPEST else self.path,
            linked=self.linked or tag == "a",
            bold=self.bold or tag in EMPHASIS,
        )


@dataclass(slots=True)
class Run:
    """The line that is being put together."""

    parts: list[str] = field(default_factory=list)
    linked: int = 0
    bold: int = 0
    at: Around | None = None
    """Where its first words stand."""

    def add(self, text: str, around: Around) -> None:
        """Put more text to it."""
        size = len(text.strip())
        self.parts.append(text)
        self.at = self.at or (around if size else None)
        self.linked += size * around.linked
        self.bold += size * around.bold

    def line(self) -> Iterator[Line]:
        """The line, if there are words in it."""
        text = " ".join(INVISIBLE.sub("", "".join(self.parts)).split())
        if text and self.at:
            size = sum(len(part.strip()) for part in self.parts)
            yield Line(text, self.at.kind, self.at.near, self.at.far, self.linked / size, self.bold / size, self.at.path)


def lines(tree: Any) -> Iterator[Line]:
    """Each line that the page shows, in page order; no recursion."""
    from lxml import etree

    run, number = Run(), 0
    stack = [Around()]
    walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        breaks = event in ("start", "end") and element.tag in LINES
        if breaks and element.tag == "br" and stack[-1].kind == "heading":
            run.add(" ", stack[-1])
        elif breaks:
            yield from run.line()
            run = Run()
        if event == "start" and element.tag in UNSEEN:
            walk.skip_subtree()
            stack.append(stack[-1])
        elif event == "start":
            number += 1
            stack.append(stack[-1].inside(element, number))
        elif event == "end":
            stack.pop()
        text = (element.text if element.tag not in UNSEEN else None) if event == "start" else element.tail
        if text and event == "start" and element.tag == "sup" and text.isdecimal():
            text = text.translate(RAISED)
        if text:
            run.add(text, stack[-1])
    yield from run.line()


def shown(element: Any) -> bool:
    """Whether nothing on the element says that it is not shown."""
    style = element.get("style")
    hidden = style and re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", style)
    return not (hidden or element.get("hidden") is not None or element.get("aria-hidden") == "true")


def blocks(shown: list[Line], told: list[str], facts: Facts) -> Iterator[Block]:
    """The lines as blocks, each with its hints."""
    keys = [squeezed(line.text) for line in shown]
    known = set(map(squeezed, told))
    whole = "\n".join(map(squeezed, told))
    extracted = [bool(key) and (key in known or (len(key) > 24 and key in whole)) for key in keys]
    sizes = [length(line.text) if ends(line.text) else 0.0 for line in shown]
    story = weights(shown, [size * taken for size, taken in zip(sizes, extracted, strict=True)])
    words = weights(shown, [length(line.text) for line in shown])
    prose = weights(shown, [size if size >= PROSE and line.linked < 0.5 else 0.0 for size, line in zip(sizes, shown, strict=True)])
    total = story.get(0, 0.0) or 1.0
    trunk = heart(shown, story, total)
    for line, key, taken in zip(shown, keys, extracted, strict=True):
        hints = {"extracted": float(taken), "linked": line.linked, "bold": line.bold, **places(line, trunk, story, words, total)}
        hints |= {f"prose share {up}": prose.get(number, 0.0) / (prose[0] or 1.0) for up, number in enumerate(reversed(line.path[-4:]))}
        if len(facts.body) > 200:
            hints["in schema body"] = float(len(key) > 8 and key in facts.body)
        if facts.descriptions:
            hints["described"] = float(
                len(key) > 24 and any(key in text or (len(text) > 40 and text[:-3] in key) for text in facts.descriptions)
            )
        for name, bit in BITS.items():
            if line.far & bit:
                hints[name] = 1.0 if line.near & bit else 0.5
        yield Block(text=line.text, kind=line.kind, hints=hints)


def weights(shown: list[Line], sizes: list[float]) -> dict[int, float]:
    """How many words each element holds; 0 is the page."""
    found: dict[int, float] = {0: sum(sizes)}
    for line, size in zip(shown, sizes, strict=True):
        if size:
            for number in line.path:
                found[number] = found.get(number, 0.0) + size
    return found


def heart(shown: list[Line], story: dict[int, float], total: float) -> tuple[int, ...]:
    """The path to the innermost element that holds most of the extracted story."""
    return max((tuple(number for number in line.path if story.get(number, 0.0) > 0.6 * total) for line in shown), key=len, default=())


def places(line: Line, trunk: tuple[int, ...], story: dict[int, float], words: dict[int, float], total: float) -> dict[str, float]:
    """Where a line stands: how far above and below the story's innermost element, and how much story is around it."""
    common = sum(1 for one, other in zip(line.path, trunk, strict=False) if one == other)
    around = line.path[:-5:-1]
    share = [story.get(number, 0.0) / total for number in around]
    density = [story.get(number, 0.0) / max(1.0, words.get(number, 1.0)) for number in around]
    return {
        "above heart": float(len(trunk) - common),
        "below heart": float(len(line.path) - common),
        **{f"story share {up}": value for up, value in enumerate(share)},
        **{f"story density {up}": value for up, value in enumerate(density)},
    }


# --- the headline ----------------------------------------------------------------------------------


def headline(tree: Any, title: str) -> str:
    """The page's own h1, the likest to its title where it has several, else the title without the site's name."""
    wanted = set(pieces(title))
    found: dict[str, float] = {}
    for h1 in tree.iter("h1"):
        text = " ".join(line.text for line in lines(h1) if line.kind == "heading")
        mine = set(pieces(text))
        if len(text) < 300 and mine and shown(h1):
            alike = squeezed(text) in squeezed(title) or squeezed(title) in squeezed(text)
            found.setdefault(text, 1.0 if alike else len(mine & wanted) / len(mine))
    best = max(found, key=lambda text: found[text], default="")
    if best and (found[best] >= ALIKE or (len(found) == 1 and length(best) >= HEADLINE_WORDS)):
        return best
    return SITE_TAIL.sub("", " ".join(title.split())) if len(title) > 30 else title
