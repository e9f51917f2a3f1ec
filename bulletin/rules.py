"""What a line's words say outright: the phrases in `languages/` and `sites/`, a byline, a stamp of time, a credit, a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bulletin.model import Block
from bulletin.phrases import Phrasebook, bare, begins, ends, is_story, length, squeezed

LABEL_WORDS = 8
"""Words at most of a line that is furniture by its phrase alone."""
OPENING_WORDS = 30
"""Words at most of a line that is furniture by its first words."""
CAPTION_WORDS = 70
"""Words at most of a line that is a caption by its credit."""
HEAD = 600
"""Characters of a line in which phrases are looked for."""
AGENCY_CREDIT = re.compile(
    r"(?:\b(?:AP|AFP|EPA|EFE|Reuters|REUTERS|Getty|Shutterstock|Xinhua|Yonhap|VNA|TTXVN|TASS|dpa|IC)\b[^.]{0,40}[)\]]$)"
    r"|\bAP Photo\b|\bGetty Images\b|\bvia (?:AP|Reuters|REUTERS|Getty Images)\b|\b[Ff]ile [Pp]hoto\b"
)
"""What only stands in a credit."""

Rule = Callable[[Block, "Page"], str | None]


@dataclass(frozen=True, slots=True)
class Page:
    """What the rules know of the page besides the block before them."""

    title: str
    book: Phrasebook
    authors: frozenset[str]
    """The byline's names, lower case."""
    corrections: bool
    """Whether corrections are said."""


def repeated_headline(block: Block, page: Page) -> str | None:
    """The headline again, alone, or with a dash and a picture's caption behind it. A lead may begin with the same words."""
    title, text = page.title.strip(), block.text.strip()
    if not title or not text.casefold().startswith(title.casefold()):
        return "repeated headline" if len(title) > 20 and squeezed(text) == squeezed(title) else None
    rest = text[len(title) :]
    if not any(map(str.isalnum, rest)) or page.book.stamp(rest) == 1.0:
        return "repeated headline"
    return "caption" if re.match(r"\s+[-–—•(]|\s*[|]", rest) else None


def phrase(block: Block, page: Page) -> str | None:
    """A line that is nothing but a known phrase."""
    found = page.book.reason(block.text) if length(block.text) <= LABEL_WORDS * 2 else None
    return found[0] if found and found[1] else None


def opening(block: Block, page: Page) -> str | None:
    """A line that begins with a phrase with which no story's sentence begins."""
    found = page.book.reason(block.text) if len(block.text) <= HEAD else None
    if not found or found[1]:
        return None
    if found[0] != "correction" and (length(block.text) > OPENING_WORDS or reads_on(block.text, found[0])):
        return None
    return found[0]


def reads_on(text: str, reason: str) -> bool:
    """Whether a line that begins like furniture is a sentence all the same: `By Tuesday, the ferry was full.`."""
    size = length(text)
    if reason in ("byline", "timestamp"):
        return (ends(text) and size > 5) or size > 14
    return is_story(text)


def byline(block: Block, page: Page) -> str | None:
    """A short line with the author's name that the page gives, or `by` and names."""
    line = bare(block.text)
    short = len(line.split()) <= 8 and not ends(block.text)
    if line in page.authors or (short and begins(line, page.authors)):
        return "byline"
    return "byline" if page.book.authored(block.text) else None


def timestamp(block: Block, page: Page) -> str | None:
    """A line of dates and times, or a reading time."""
    text = block.text
    if len(text) > 120 or ends(text):
        return None
    return "timestamp" if page.book.stamp(text) == 1.0 and is_time(text) else None


def is_time(text: str) -> bool:
    """Whether more than one bare number is there: a clock, a full date, or words with the number."""
    return bool(re.search(r"\d[:.h/\-]\d|\d[^\W\d]|[^\W\d_]{2}", text))


def credit(block: Block, page: Page) -> str | None:
    """A line with a picture's credit: at its end in brackets, or from its first word; a caption that the page marks as one."""
    if block.kind == "caption" or block.hints.get("<figcaption>") or block.hints.get("picture text"):
        return "caption"
    text, book = block.text, page.book
    if length(text) > CAPTION_WORDS:
        return None
    told = book.credit.search(text) if book.credit else None
    if told and not re.search(r"[)\]）】]\s*[.。]$", text):
        return "caption"
    if book.credited and book.credited.search(text[:80]):
        return "caption"
    if (start := book.credit_from(text)) is not None and not is_story(text[:start].strip()):
        return "caption"
    inner = text.rstrip(")]）】」 ")
    if book.credit_ends and inner.endswith(book.credit_ends) and not ends(inner):
        return "caption"
    if not AGENCY_CREDIT.search(text) or ends(text.rstrip(")]")):
        return None
    before = re.match(r"(.*)[(\[][^()\[\]/]*(?:/[a-z]{2,4})?[)\]]$", text)
    return None if before and is_story(before.group(1).strip()) else "caption"


def table(block: Block, page: Page) -> str | None:
    """Tables cannot be said; a layout of tables is none."""
    return "table" if block.kind == "table" and not is_story(block.text) else None


BY_PHRASE: tuple[Rule, ...] = (phrase, opening)
RULES: tuple[Rule, ...] = (repeated_headline, phrase, opening, byline, timestamp, credit, table)
"""In this order; the first that speaks has the word."""
SOFT = ("navigation", "byline", "timestamp", "tag")
"""Reasons that a line which is surely story is not skipped for by a phrase alone: a subhead may be called as a section is."""


def outright(block: Block, page: Page, *, doubted: bool) -> str | None:
    """The reason of the first rule that speaks; `doubted` is whether the line is surely story by all else."""
    for rule in RULES:
        if (reason := rule(block, page)) and not (doubted and rule in BY_PHRASE and reason in SOFT):
            return reason
    return None


def labelled(blocks: Sequence[Block], index: int, page: Page) -> bool:
    """Whether a line is the words under a picture that the line above it only names: `Image`, `图1`."""
    above = blocks[index - 1].text if index else ""
    found = page.book.reason(above) if 0 < len(above) < 30 else None
    return bool(found and found == ("caption", True)) and length(blocks[index].text) <= CAPTION_WORDS / 2
