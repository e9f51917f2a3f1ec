"""mark(article) -> the same article with a reason on each block, or part of a block, that is not to be spoken.

Nothing is deleted: staff see every mark, how sure it is, and may overrule it. Three things are asked of each line, on a web
page as in pasted text: what its evidence makes likely (`judge.py`), what its words say outright (the phrases in `languages/` and
`sites/`), and what its neighbours do.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bulletin import judge, phrases, sites
from bulletin.cuts import cuts
from bulletin.errors import UsageError
from bulletin.evidence import Evidence
from bulletin.model import OUTSIDE, SKIPPED, Article, Block, Station
from bulletin.phrases import Phrasebook, bare, ends, length, squeezed

if TYPE_CHECKING:
    from bulletin.judge import Judges

OUTRIGHT, OVERRULED = 0.8, 0.7
"""How sure a mark is by plain words against the evidence, and by the neighbours alone."""
PARAGRAPH, SENTENCE, LABEL = 0.8, 0.45, 0.4
"""A line that is at least so likely to be story is said: a paragraph, a shorter sentence, a line without a full stop. What reads
as a paragraph looks likelier than it is; a subhead or an item of a list less likely."""
SAID = 0.5
"""Odds that are even."""
CERTAIN = 0.995
"""A line this likely is said although a picture's label stands above it."""
SURE = 0.9
"""A line this likely is said although its first words are those of furniture."""
CLEAR = 0.95
"""How sure a mark by plain words is."""
FIRST, LAST = 0.35, 0.4
"""The paragraphs before the first that is said, and behind the last, are said from here on."""
TELLING = 0.08
"""A paragraph with this share of words to the reader, of an author or of a picture is not held on to."""
STANDFIRST = (0.2, 0.3, 0.3, 0.3, 0.3)
"""One of the lines under the headline, too, by its place; the first that is."""
ALONE = 0.1
"""The one sentence of a text that would not be said is said from here on: where nothing else is furniture, little is."""
ITEM, ITEMS = 0.1, range(2, 12)
"""So many lines behind a colon are its list if they are on average at least so likely."""
READS_ON = 0.1
"""A sentence with furniture's first words between two that are said is said from here on."""
BETWEEN = 0.4
"""A paragraph between two that are said is said from here on."""
HEADLINE = 0.01
"""The likeliest headline is one if it is at least so likely."""
RUN = 8
"""Lines from one paragraph of a story to the next."""
HEADLINE_BELOW, BELOW = 0.1, 8
"""So likely must it be below what reads as a paragraph, and so near: a caption may stand above it."""
STORY_WORDS = 16
"""A block of at least so many words that ends like a sentence is a paragraph."""
LABEL_WORDS = 8
"""Words at most of a line that is furniture by its phrase alone."""
OPENING_WORDS = 30
"""Words at most of a line that is furniture by its first words."""
CAPTION_WORDS = 70
"""Words at most of a line that is a caption by its credit."""
HEAD = 600
"""Characters of a line in which phrases are looked for."""
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


def headline_index(article: Article, evidence: Evidence, judges: Judges, book: Phrasebook) -> int | None:
    """Index of the block that is the headline, or None where the page shows none."""
    blocks = article.blocks
    if article.title:
        wanted = squeezed(article.title)
        same = [index for index, key in enumerate(evidence.keys) if key == wanted]
        headings = [index for index in same if blocks[index].hints.get("<h1>") or blocks[index].kind == "heading"]
        return next(iter(headings or same), None)
    matrix = evidence.matrix()
    likely = judges.headline.probability(matrix)
    paragraphs = [index for index, block in enumerate(blocks) if is_story(block.text)]
    story = judges.story.probability(matrix[paragraphs])
    lead = first_of_run([index for index, chance in zip(paragraphs, story, strict=True) if chance >= PARAGRAPH], len(blocks))
    fit = [
        index
        for index in range(min(len(blocks), lead + BELOW))
        if (index <= lead or likely[index] >= HEADLINE_BELOW) and looks_like_headline(blocks[index].text, book)
    ]
    best = max(fit, key=lambda index: float(likely[index]), default=None)
    return best if best is not None and (likely[best] >= HEADLINE or best == 0 < lead) else None


def first_of_run(paragraphs: list[int], none: int) -> int:
    """The first paragraph that has another one near below it: a cookie notice at the top has not."""
    runs = (one for one, other in itertools.pairwise(paragraphs) if other - one <= RUN)
    return next(runs, next(iter(paragraphs), none))


def looks_like_headline(text: str, book: Phrasebook) -> bool:
    """Short, more than a rubric, no paragraph, and no stamp of time."""
    return 6 <= len(text) <= 250 and length(text) >= 2 and not is_story(text) and book.stamp(text) < 1.0 and not book.reason(text)


def with_headline(blocks: list[Block], at: int | None, title: str) -> list[Block]:
    """The blocks with the headline said before the first other line, once; where the page does not show it, put there."""
    first = next((index for index, block in enumerate(blocks) if not block.furniture), len(blocks))
    if at is None:
        return blocks[:first] + ([Block(text=title, kind="headline")] if title else []) + blocks[first:]
    told = replace(blocks[at], kind="headline", furniture=None, confidence=CLEAR)
    if at <= first:
        return [*blocks[:at], told, *blocks[at + 1 :]]
    return [*blocks[:first], told, *blocks[first:at], *blocks[at + 1 :]]


def is_story(text: str) -> bool:
    """Whether a line reads as a paragraph of a story."""
    return length(text) >= STORY_WORDS and ends(text)


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
        doubted = chance > SURE
        outright = next(
            (reason for rule in RULES if (reason := rule(block, page)) and not (doubted and reason in SOFT and rule is not byline)), None
        )
        if index in unshown:
            outright = outright or "not shown"
        if (index in captions and block.kind != "quote") or (labelled(blocks, index, page) and chance < CERTAIN):
            outright = outright or "caption"
        if outright == "correction" and page.corrections:
            found.append(replace(block, confidence=CLEAR))
            continue
        likeness = sure(chance, enough(texts[index]))
        if outright:
            kind = "caption" if outright == "caption" else block.kind
            certain = max(CLEAR, 1 - likeness) if chance < SAID else OUTRIGHT
            found.append(replace(block, furniture=outright, kind=kind, confidence=round(certain, 2)))
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


def spans(texts: list[str], likely: list[float], headline: int | None, book: Phrasebook) -> list[bool]:
    """Whether each line is said, by itself and by the story around it: its first and last paragraph are held on to."""
    ended = [ends(text) for text in texts]
    story = [end and length(text) >= STORY_WORDS for end, text in zip(ended, texts, strict=True)]
    said = [chance >= enough(text) for chance, text in zip(likely, texts, strict=True)]
    paragraphs = [index for index, whole in enumerate(story) if whole and said[index]]
    paragraphs = paragraphs or [index for index, end in enumerate(ended) if end and said[index]]
    if not paragraphs:
        return [chance >= SAID for chance in likely]
    first, last = paragraphs[0], paragraphs[-1]
    start = headline + 1 if headline is not None and headline < first else max(0, first - 3)
    for index in range(start, first):
        said[index] |= story[index] and likely[index] >= FIRST
    if headline is not None:
        below = range(headline + 1, min(len(texts), headline + 6))
        said[standfirst(texts, likely, said, below)] = True
    for index in range(last + 1, min(len(texts), last + 4)):
        said[index] |= story[index] and likely[index] >= LAST and max(book.tells(texts[index])[:3]) < TELLING
    for index in range(first + 1, last):
        between = ended[index] and said[index - 1] and said[index + 1]
        said[index] |= between and likely[index] >= (READS_ON if opens_like_furniture(texts[index], book) else BETWEEN)
    for items in lists(texts, said, story):
        if sum(likely[index] for index in items) >= ITEM * len(items):
            for index in items:
                said[index] = True
    left = [index for index, told in enumerate(said) if not told and index != headline]
    if len(left) == 1 and ended[left[0]]:
        said[left[0]] = likely[left[0]] >= ALONE and max(book.tells(texts[left[0]])[:3]) < TELLING
    return said


def standfirst(texts: list[str], likely: list[float], said: list[bool], below: range) -> int:
    """Index of the first of the lines below the headline that may be its standfirst, or of the headline itself."""
    for index, least in zip(below, STANDFIRST, strict=False):
        if said[index] or (5 <= length(texts[index]) <= 50 and likely[index] >= least):
            return index
    return below.start - 1


def enough(text: str) -> float:
    """How likely to be story a line must be to be said, by its form."""
    if not ends(text):
        return LABEL
    return PARAGRAPH if length(text) >= STORY_WORDS else SENTENCE


def sure(chance: float, least: float) -> float:
    """A chance against what is enough: a half where they are the same."""
    return chance * (1 - least) / (chance * (1 - least) + (1 - chance) * least)


def opens_like_furniture(text: str, book: Phrasebook) -> bool:
    """Whether a sentence has the first words of a stamp of time or a byline: `Posted to Malta in 1941, he never returned.`."""
    found = book.reason(text) if len(text) <= HEAD else None
    return bool(found and not found[1] and found[0] in ("byline", "timestamp") and reads_on(text, found[0]))


def lists(texts: list[str], said: list[bool], story: list[bool]) -> Iterator[range]:
    """The lines between a said line that ends in a colon and the next paragraph, where they may be its list."""
    index = 0
    while index < len(texts):
        start = index = index + 1
        if not said[start - 1] or not texts[start - 1].endswith((":", "：")) or length(texts[start - 1]) < 4:
            continue
        while index < len(texts) and not (said[index] and story[index]):
            index += 1
        items = range(start, index)
        plain = all(said[at] or not ends(texts[at]) for at in items)
        if ITEMS.start <= len(items) < ITEMS.stop and index < len(texts) and plain:
            yield items


def named(block: Block, page: Page) -> str:
    """Why a line is skipped that nothing says outright: the page's own word for its place, or its phrase, or that it is outside."""
    if (found := page.book.reason(block.text)) and length(block.text) < 40:
        return found[0]
    if inside := page.book.inside(block.text):
        return inside
    strong = [reason for name, reason in PLACES.items() if block.hints.get(name, 0.0) == 1.0]
    weak = [reason for name, reason in PLACES.items() if block.hints.get(name, 0.0)]
    return (strong or weak or [OUTSIDE])[0]


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
    if line in page.authors or (short and any(re.match(rf"{re.escape(name)}(?!\w)", line) for name in page.authors)):
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
    if book.credit_ends and not ends(text.rstrip(")]）】」 ")) and text.rstrip(")]）】」 ").endswith(book.credit_ends):
        return "caption"
    if not AGENCY_CREDIT.search(text) or ends(text.rstrip(")]")):
        return None
    before = re.match(r"(.*)[(\[][^()\[\]/]*(?:/[a-z]{2,4})?[)\]]$", text)
    return None if before and is_story(before.group(1).strip()) else "caption"


AGENCY_CREDIT = re.compile(
    r"(?:\b(?:AP|AFP|EPA|EFE|Reuters|REUTERS|Getty|Shutterstock|Xinhua|Yonhap|VNA|TTXVN|TASS|dpa|IC)\b[^.]{0,40}[)\]]$)"
    r"|\bAP Photo\b|\bGetty Images\b|\bvia (?:AP|Reuters|REUTERS|Getty Images)\b|\b[Ff]ile [Pp]hoto\b"
)
"""What only stands in a credit."""


def table(block: Block, page: Page) -> str | None:
    """Tables cannot be said; a layout of tables is none."""
    return "table" if block.kind == "table" and not is_story(block.text) else None


RULES: tuple[Rule, ...] = (repeated_headline, phrase, opening, byline, timestamp, credit, table)
"""In this order; the first that speaks has the word."""
SOFT = ("navigation", "byline", "timestamp", "tag")
"""Reasons that a line which is surely story is not skipped for: a subhead may be called as a section is."""


def labelled(blocks: Sequence[Block], index: int, page: Page) -> bool:
    """Whether a line is the words under a picture that the line above it only names: `Image`, `图1`."""
    above = blocks[index - 1].text if index else ""
    found = page.book.reason(above) if 0 < len(above) < 30 else None
    return bool(found and found == ("caption", True)) and length(blocks[index].text) <= CAPTION_WORDS / 2


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
