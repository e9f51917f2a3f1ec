"""mark(article) -> the same article with a reason on each block, or part of a block, that is not to be spoken.

Nothing is deleted: staff see every mark, how sure it is, and may overrule it. Three things are asked of each line, on a web
page as in pasted text: what its evidence makes likely (`judge.py`), what its words say outright (the phrases in `languages/` and
`sites/`), and what its neighbours do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bulletin import judge, phrases, sites
from bulletin.cuts import cuts
from bulletin.errors import UsageError
from bulletin.evidence import Evidence
from bulletin.headline import headline_index
from bulletin.model import OUTSIDE, SKIPPED, Article, Block, Station
from bulletin.phrases import STORY_WORDS, ends, is_story, length, squeezed
from bulletin.rules import LABEL_WORDS, Page, labelled, outright
from bulletin.spans import SAID, enough, spans, sure

if TYPE_CHECKING:
    from bulletin.judge import Judges

OUTRIGHT, OVERRULED = 0.8, 0.7
"""How sure a mark is by plain words against the evidence, and by the neighbours alone."""
CERTAIN = 0.995
"""A line this likely is said although a picture's label stands above it."""
SURE = 0.9
"""A line this likely is said although its first words are those of furniture."""
CLEAR = 0.95
"""How sure a mark by plain words is."""
LEADS = 4
"""Before so many of the first paragraphs a dateline may stand: a standfirst goes before the lead."""
DOUBT = 0.75
"""A mark less sure than this is a guess."""
DOUBTFUL = 0.1
"""A page with more than this share of its words marked by a guess is one to look at before air."""
PLACES = {
    "<figcaption>": "caption", "caption": "caption", "<nav>": "navigation", "menu": "navigation", "<footer>": "footer", "<form>": "form",
    "comment": "feedback", "subscribe": "subscribe", "share": "share", "consent": "cookie notice", "ad": "advertisement",
    "related": "related", "byline": "byline", "<time>": "timestamp", "tag": "tag", "<aside>": "related", "foot": "footer",
    "<button>": "navigation",
}  # fmt: skip
"""What the page's elements and class names make of a line that is not said, the strongest first."""
UNSHOWN = ("unshown",)
"""What the page says of a line that it does not show."""
PICTURED = ("<figure>", "<figcaption>", "caption", "credit", "picture text")
"""What the page says of a line by a picture."""
GALLERY = 0.3
"""A page with this share of its story in captions is a gallery; with this share unshown, one that a script shows."""
LISTED = ("paragraph", "list item", "heading")


def mark(article: Article, station: Station | None = None, judges: Judges | None = None) -> Article:
    """The article with its headline found and its furniture marked. Blocks keep their order and their text."""
    if not article.blocks:
        return article
    judges = judges or judge.shipped()
    folder = station.articles if station else None
    book = phrases.book(article.language, site=sites.find(article, folder), folder=folder)
    evidence = Evidence(article.blocks, book)
    at = headline_index(article, evidence, judges, book)
    title = article.title or (article.blocks[at].text if at is not None else "")
    likely = judges.story.probability(evidence.matrix(title))
    names = frozenset(name.strip().casefold() for name in re.split(r"[;,]| and ", article.byline) if name.strip())
    page = Page(title, book, names, station.corrections if station else True)
    blocks = judged(list(article.blocks), evidence.texts, likely.tolist(), at, page)
    marked = replace(article, title=title, blocks=tuple(cut(with_headline(blocks, at, title), page)))
    return replace(marked, warning=warning(marked))


def warning(article: Article) -> str:
    """What staff should look at before air; empty where the marks are clear."""
    said = sum(length(block.said) for block in article.blocks if block.kind != "headline")
    guesses = {
        n: length(block.text)
        for n, block in enumerate(article.blocks, 1)
        if block.confidence < DOUBT and (not block.furniture or is_story(block.text))
    }
    if said and sum(guesses.values()) > DOUBTFUL * said:
        numbers = ", ".join(map(str, list(guesses)[:8])) + (" …" if len(guesses) > 8 else "")
        which = f"line {numbers} of {article.source} is" if len(guesses) == 1 else f"lines {numbers} of {article.source} are"
        return f"{which} marked by a guess."
    if not any(ends(block.said) or length(block.said) >= STORY_WORDS for block in article.blocks if block.kind != "headline"):
        return f"no sentence was found in {article.source}."
    if said and not any(block.kind == "headline" for block in article.blocks):
        return f"no headline was found in {article.source}."
    return ""


def overrule(article: Article, keep: frozenset[int], skip: frozenset[int]) -> Article:
    """The article with lines said or skipped by number, from 1, as staff want it. Raises UsageError for a number it has not."""
    count = len(article.blocks)
    if wrong := sorted(number for number in keep | skip if not 1 <= number <= count):
        raise UsageError(
            f"{article.source} has no line {wrong[0]}; its lines are 1 to {count}.", f"See their numbers: bulletin read {article.source}"
        )
    if both := sorted(keep & skip):
        raise UsageError(f"Line {both[0]} cannot be both kept and skipped.", "Name it once.")
    blocks = [
        replace(block, furniture=None, cuts=(), confidence=1.0)
        if number in keep
        else replace(block, furniture=SKIPPED, confidence=1.0)
        if number in skip
        else block
        for number, block in enumerate(article.blocks, 1)
    ]
    return replace(article, blocks=tuple(blocks))


# --- the headline -------------------------------------------------------------------------------------------


def with_headline(blocks: list[Block], at: int | None, title: str) -> list[Block]:
    """The blocks with the headline said before the first other line, once; where the page does not show it, put there."""
    first = next((index for index, block in enumerate(blocks) if not block.furniture), len(blocks))
    if at is None:
        return blocks[:first] + ([Block(text=title, kind="headline")] if title else []) + blocks[first:]
    told = replace(blocks[at], kind="headline", furniture=None, confidence=CLEAR)
    if at <= first:
        return [*blocks[:at], told, *blocks[at + 1 :]]
    return [*blocks[:first], told, *blocks[first:at], *blocks[at + 1 :]]


# --- line by line -------------------------------------------------------------------------------------------


def judged(blocks: list[Block], texts: list[str], likely: list[float], headline: int | None, page: Page) -> list[Block]:
    """Each block with its reason to be skipped, or none, and how sure that is; `texts` are theirs without what is glued to them."""
    found = []
    said = spans(texts, likely, headline, page.book)
    captions, unshown = called(blocks, likely, PICTURED), called(blocks, likely, UNSHOWN)
    for index, block in enumerate(blocks):
        chance = likely[index]
        if index == headline:
            found.append(replace(block, furniture=None))
            continue
        reason = outright(block, page, doubted=chance > SURE)
        if index in unshown:
            reason = reason or "not shown"
        if (index in captions and block.kind != "quote") or (labelled(blocks, index, page) and chance < CERTAIN):
            reason = reason or "caption"
        if reason == "correction" and page.corrections:
            found.append(replace(block, confidence=CLEAR))
            continue
        likeness = sure(chance, enough(texts[index]))
        if reason:
            kind = "caption" if reason == "caption" else block.kind
            certain = max(CLEAR, 1 - likeness) if chance < SAID else OUTRIGHT
            found.append(replace(block, furniture=reason, kind=kind, confidence=round(certain, 2)))
        elif said[index]:
            found.append(replace(block, confidence=round(max(0.5, likeness), 2)))
        else:
            found.append(replace(block, furniture=named(block, page), confidence=round(max(0.5, 1 - likeness), 2)))
    return in_context(found, likely, headline)


def called(blocks: list[Block], likely: list[float], names: tuple[str, ...]) -> set[int]:
    """Indexes of the lines that the page itself gives one of these names; of the unlikely ones, where much of its story has it."""
    named = [index for index, block in enumerate(blocks) if any(block.hints.get(name) for name in names)]
    story = sum(length(block.text) for block, chance in zip(blocks, likely, strict=True) if chance > SURE)
    among = sum(length(blocks[index].text) for index in named if likely[index] > SURE)
    return {index for index in named if likely[index] < SURE or among < GALLERY * story}


def named(block: Block, page: Page) -> str:
    """Why a line is skipped that nothing says outright: the page's own word for its place, or its phrase, or that it is outside."""
    if (found := page.book.reason(block.text)) and length(block.text) < 40:
        return found[0]
    if inside := page.book.inside(block.text):
        return inside
    strong = [reason for name, reason in PLACES.items() if block.hints.get(name, 0.0) == 1.0]
    weak = [reason for name, reason in PLACES.items() if block.hints.get(name, 0.0)]
    return (strong or weak or [OUTSIDE])[0]


# --- in context ---------------------------------------------------------------------------------------------


def in_context(blocks: list[Block], likely: list[float], headline: int | None) -> list[Block]:
    """What only the neighbours tell: lists under a heading, what comes twice, headings over nothing, the lines after the end."""
    blocks = heading_runs(blocks, likely, headline)
    blocks = no_echo(blocks)
    blocks = no_orphans(blocks, headline)
    return before_headline(blocks, headline)


def heading_runs(blocks: list[Block], likely: list[float], headline: int | None) -> list[Block]:
    """Lines without a full stop after a `related` heading are its list, until the headline or until the story goes on."""
    found, run = [], False
    for index, (block, chance) in enumerate(zip(blocks, likely, strict=True)):
        if index == headline:
            run = False
        elif block.furniture == "related" and not ends(block.text) and length(block.text) <= LABEL_WORDS:
            run = True
        elif is_story(block.text) or (not block.furniture and (chance > SURE or ends(block.text))):
            run = False
        elif run and block.kind in LISTED and (block.furniture == OUTSIDE or (not block.furniture and not subhead(blocks, index))):
            block = replace(block, furniture="related", confidence=max(block.confidence, OVERRULED) if block.furniture else OVERRULED)
        found.append(block)
    return found


def subhead(blocks: list[Block], index: int) -> bool:
    """Whether a few words without a full stop stand right above a paragraph that is said."""
    below = blocks[index + 1] if index + 1 < len(blocks) else None
    return bool(below and not below.furniture and is_story(below.text)) and length(blocks[index].text) <= LABEL_WORDS


def no_echo(blocks: list[Block]) -> list[Block]:
    """A paragraph of some length that stands twice is said once."""
    seen: set[str] = set()
    found = []
    for block in blocks:
        key = squeezed(block.text)
        if block.furniture is None and len(key) > 40 and key in seen:
            block = replace(block, furniture="repeated", confidence=CLEAR)
        elif block.furniture is None:
            seen.add(key)
        found.append(block)
    return found


def no_orphans(blocks: list[Block], headline: int | None) -> list[Block]:
    """Headings with nothing said under them are not said; nor is what stands, without a full stop, behind the last sentence."""
    found = list(blocks)
    behind = False
    for index in range(len(found) - 1, -1, -1):
        block = found[index]
        if block.furniture or index == headline:
            continue
        label = block.kind == "heading" or (length(block.text) <= LABEL_WORDS and not ends(block.text) and block.kind == "paragraph")
        if label and not behind and any(not other.furniture for other in found[:index]):
            found[index] = replace(block, furniture=OUTSIDE, confidence=OVERRULED)
        else:
            behind = True
    return found


def before_headline(blocks: list[Block], headline: int | None) -> list[Block]:
    """What is skipped above the headline, or below the story, says so where nothing else is known."""
    last = max((index for index, block in enumerate(blocks) if not block.furniture), default=len(blocks))
    return [
        replace(
            block,
            furniture="before the headline"
            if headline is not None and index < headline
            else "after the story"
            if index > last
            else OUTSIDE,
        )
        if block.furniture == OUTSIDE
        else block
        for index, block in enumerate(blocks)
    ]


def cut(blocks: Sequence[Block], page: Page) -> list[Block]:
    """The said blocks without the parts that are not: a dateline before the lead, credits, glued links."""
    found, left = [], LEADS
    for block in blocks:
        if not block.furniture and block.kind != "headline":
            gone = cuts(block.text, page.book, left > 0 and block.kind == "paragraph", page.authors)
            left = 0 if any(part.reason == "dateline" for part in gone) else left - 1
            block = replace(block, cuts=gone) if gone else block
        found.append(block)
    return found
