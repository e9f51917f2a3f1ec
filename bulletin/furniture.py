"""mark(article) -> the same article with a reason on each block, or part of a block, that is not to be spoken.

Nothing is deleted: staff see every mark and may overrule it. The phrases are data, in `languages/`.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

from bulletin import languages
from bulletin.languages import Language
from bulletin.model import OUTSIDE, Article, Block, Cut

SENTENCE_END = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*$")
DASH = r"\s*(?:[-–—:]{1,2}|--|―)\s*"
TAG = re.compile(
    rf"^\s*(?:\([^()]{{2,60}}\){DASH}"  # (VOVWORLD) -, (CITY, Jan 2) -
    rf"|[A-Z][A-Z .,'’/&-]{{1,40}}(?:,\s+[^()]{{2,30}})?\s*\([^()]{{2,30}}\){DASH}"  # SEOUL, January 2 (AJP) -
    rf"|[A-Z][A-Z0-9.]{{1,14}}(?:\.[A-Za-z]{{2,3}})?\s+[-–—]{{1,2}}\s*"  # VOV.VN -
    rf"|[A-Z][A-Z .'’-]{{2,30}}(?:,\s+[A-Z][\w.]+(?:\s\d{{1,2}})?)?\s*[-–—]{{1,2}}\s+(?=[\"“‘'A-Z])"  # PARIS —
    rf"|[A-Z][\w.'’-]*(?:\s[A-Z][\w.'’-]*){{0,2}},?\s+(?:[A-Z][a-z]+\.?\s+\d{{1,2}}(?:,\s*\d{{4}})?\s*)?"
    rf"\((?:AP|AFP|Reuters|REUTERS|Xinhua|UPI|ANSA|dpa|VNA|TASS|AJP|Yonhap|Kyodo|ANI|PTI|IANS|EFE|CNN|VOA)\){DASH}"
    r"|\S{2,8}社\S{1,12}\d{1,2}月\d{1,2}日电\s*(?:[（(][^()（）]{1,40}[)）])?\s*"  # the Chinese agencies: 新华社北京1月2日电（记者…）
    r"|[（(]\S{1,10}=\S{1,10}[)）]\s*(?:\S{2,10}\s+\S{1,4}\s*=\s*)?)"  # the Korean: (서울=연합뉴스) 홍길동 기자 =
)
"""A dateline or an agency's tag before the lead."""
DAY = r"\b\d{1,2}\b"
DATE = re.compile(
    r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{4}[/.-]\d{1,2}[/.-]\d{1,2}\b|\d{4}\s?[年년]|\b\d{1,2}[:.h]\d\d\b"
    rf"|{DAY}.*\b(?:19|20)\d\d\b|\b(?:19|20)\d\d\b.*{DAY}"
)
"""A date by numbers, a day with its year, or a time of day."""
LONGEST_PHRASE = 400
"""Characters of a line that may be furniture by its phrase."""
COUNTED = ("feedback", "share", "related")
"""Furniture that carries a count: `Comments (12)`."""
LISTED = ("paragraph", "list item")
"""Kinds of block that a list of links is made of; a heading or a quote ends it."""
DATE_LENGTH = 9
"""Words at most in a line that is nothing but a stamp of time."""
READ_TIME = re.compile(r"^\W*\d{1,3}\s*[- ]?(?:min(?:ute)?s?\.?)(?:\s+read)?\W*$", re.IGNORECASE)
AGENCY_CREDIT = re.compile(
    r"(?:\b(?:AP|AFP|EPA|EFE|Reuters|REUTERS|Getty|Shutterstock|Xinhua|Yonhap|VNA|TTXVN|TASS|dpa|IC)\b[^.]{0,40}[)\]]$)"
    r"|(?:\bAP Photo\b)|(?:\bGetty Images\b)|(?:\bvia (?:AP|Reuters|REUTERS|Getty Images)\b)|(?:\bFile [Pp]hoto\b)"
)
STORY_WORDS = 16
"""A block of at least so many words that ends like a sentence is story."""
SENTENCE_WORDS = 8
"""So many before a credit are a sentence, which is said without it."""
HEADING_WORDS = 6
"""Words at most of a heading over a list of links: `More on this story`."""

Rule = Callable[[Block, "Page"], Block]


@dataclass(frozen=True, slots=True)
class Page:
    """What the rules know of the page besides the block before them."""

    title: str
    languages: tuple[Language, ...]
    """The page's own and English."""
    authors: frozenset[str]
    """The byline's names, lower case."""


def mark(article: Article) -> Article:
    """The article with its headline found and its furniture marked. Blocks keep their order and their text."""
    article = titled(article)
    known = [languages.load(code) for code in dict.fromkeys((article.language, languages.FALLBACK))]
    names = frozenset(name.strip().lower() for name in re.split(r"[;,]| and ", article.byline) if name.strip())
    page = Page(article.title, tuple(known), names)
    blocks = [apply(block, page) for block in article.blocks]
    return replace(article, blocks=tuple(in_context(blocks)))


def apply(block: Block, page: Page) -> Block:
    """The block after the first rule that speaks of it."""
    if block.kind == "headline" or block.furniture not in (None, OUTSIDE):
        return block
    plain = replace(block, furniture=None)
    marked = next((found for rule in RULES if (found := rule(plain, page)) != plain and (found.furniture or not block.furniture)), None)
    return marked or block


# --- the headline -------------------------------------------------------------------------------------------


def titled(article: Article) -> Article:
    """The article with one block marked as its headline, found among the first lines of a text."""
    if any(block.kind == "headline" for block in article.blocks):
        return article
    at = headline_index(article.blocks)
    if at is None:
        return article
    blocks = list(article.blocks)
    blocks[at] = replace(blocks[at], kind="headline")
    for index in range(at):
        if not blocks[index].furniture:
            blocks[index] = replace(blocks[index], furniture="before the headline")
    return replace(article, title=article.title or blocks[at].text, blocks=tuple(blocks))


def headline_index(blocks: tuple[Block, ...]) -> int | None:
    """Index of the line before the lead that shares most words with the story, or None if there is none."""
    lead = next((index for index, block in enumerate(blocks) if is_story(block.text)), None)
    if lead == 0:
        return None
    body = set(words(" ".join(block.text for block in blocks[lead:]))) if lead is not None else set()
    candidates = [(index, words(block.text)) for index, block in enumerate(blocks[:lead]) if looks_like_headline(block.text)]
    if not candidates:
        return None
    candidates = [item for item in candidates if not blocks[item[0]].text.endswith(".")] or candidates
    best, known = max(candidates, key=lambda item: (sum(word in body for word in item[1]), -item[0]))
    return best if lead is None or any(word in body for word in known) or len(candidates) == 1 else candidates[0][0]


def words(text: str) -> list[str]:
    """Words of four letters and more, lower case; single characters in scripts without spaces."""
    return re.findall(r"[぀-ヿ一-鿿가-힣]|\w{4,}", text.lower())


def looks_like_headline(text: str) -> bool:
    """Short, more than a rubric, and no stamp of time."""
    return 8 <= len(text) <= 250 and (len(text.split()) >= 3 or not text.isascii()) and not is_stamp(text)


def is_stamp(text: str) -> bool:
    """Whether a line is nothing but a date, a time, or both, in any language."""
    return len(text) <= 60 and len(text.split()) <= DATE_LENGTH and bool(DATE.search(text)) and mostly_stamp(text)


def mostly_stamp(text: str) -> bool:
    """Whether numbers and the few words of a date are all there is: no full stop, no verb's worth of words."""
    left = re.sub(r"[\d/.:,|年月日時分秒년월일h\s–—-]+", " ", text)
    return not re.search(r"[.!?。！？][\"'”’»)]*$", text) and len(left.split()) <= 3 and len(left.strip()) <= 24


def is_story(text: str) -> bool:
    """Whether a line reads as a paragraph of a story."""
    long_enough = len(text.split()) >= STORY_WORDS or (len(text) >= 40 and not re.search(r"\s", text))
    return bool(long_enough and SENTENCE_END.search(text))


# --- one block at a time ------------------------------------------------------------------------------------


def phrase(block: Block, page: Page) -> Block:
    """A line that is nothing but a known phrase, or begins with one that ends in `...`."""
    if len(block.text) > LONGEST_PHRASE:
        return block
    line, whole = bare(block.text), folded(block.text)
    for language in page.languages:
        fills, starts = phrases(language.code)
        counted = uncounted(line)
        reason = fills.get(line) or (fills.get(counted) if fills.get(counted) in COUNTED else None)
        reason = reason or next((why for start, why in starts if begins(whole, line, start) and not reads_on(block.text, why)), None)
        if reason:
            return replace(block, furniture=reason, kind="caption" if reason == "caption" else block.kind)
    return block


@functools.cache
def phrases(code: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """A language's phrases: those that fill a line, and those that begin one, each with its reason."""
    fills: dict[str, str] = {}
    starts: list[tuple[str, str]] = []
    for reason, known in languages.load(code).furniture.items():
        for one in known:
            if one.endswith("..."):
                starts.append((one[:-3], reason))
            else:
                fills.setdefault(bare(one), reason)
    return fills, starts


def folded(text: str) -> str:
    """Lower case, straight apostrophes, white space folded."""
    return " ".join(text.casefold().replace("’", "'").split())


def bare(text: str) -> str:
    """`folded`, without the punctuation around it."""
    text = folded(text)
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start])[0] in "PSZC":
        start += 1
    while end > start and unicodedata.category(text[end - 1])[0] in "PSZC":
        end -= 1
    return text[start:end]


def uncounted(line: str) -> str:
    """Without the count behind it: `comments (12` -> `comments`."""
    return re.sub(r"[\W_]*\b\d+$", "", line)


def begins(whole: str, line: str, start: str) -> bool:
    """Whether a line begins with `start` as whole words, and is short, as furniture is."""
    text = whole if whole.startswith(start) else line
    rest = text[len(start) :]
    return text.startswith(start) and (not rest[:1].isalnum() or not start[-1:].isalnum()) and len(rest.split()) <= 14 and len(rest) <= 120


def reads_on(text: str, reason: str) -> bool:
    """Whether a line that begins like furniture is a sentence all the same: `By Tuesday, the ferry was full.`."""
    if reason in ("byline", "timestamp"):
        return (bool(SENTENCE_END.search(text)) and len(text.split()) > 5) or len(text.split()) > 12
    return is_story(text)


def byline(block: Block, page: Page) -> Block:
    """A short line with the author's name that the page gives, or `by` and names."""
    line = bare(block.text)
    short = len(line.split()) <= 6 and not SENTENCE_END.search(block.text)
    if line in page.authors or (short and any(re.match(rf"{re.escape(name)}\b", line) for name in page.authors)):
        return replace(block, furniture="byline")
    by = "|".join(re.escape(word) for language in page.languages for word in language.by)
    name = r"[^\W\d_a-z][\w.'’-]*"
    if by and re.match(rf"^(?i:{by})\s+{name}(?:\s+(?:and\s+|et\s+|y\s+|und\s+|e\s+|&\s+)?{name}){{1,6}}\W*$", block.text):
        return replace(block, furniture="byline")
    return block


def timestamp(block: Block, page: Page) -> Block:
    """A line of dates and times, or a reading time."""
    if is_stamp(block.text) or READ_TIME.match(block.text):
        return replace(block, furniture="timestamp")
    return block


def repeated_headline(block: Block, page: Page) -> Block:
    """The headline again, alone, or with a dash and a picture's caption behind it. A lead may begin with the same words."""
    title, text = page.title.strip(), block.text.strip()
    if not title or not text.casefold().startswith(title.casefold()):
        return block
    rest = text[len(title) :]
    if not rest:
        return replace(block, furniture="repeated headline")
    return replace(block, furniture="caption", kind="caption") if re.match(r"\s+[-–—•(]|\s*[|]", rest) else block


def credit(block: Block, page: Page) -> Block:
    """A line with a picture's credit: at its end in brackets, or from its first word."""
    if block.kind == "caption":
        return replace(block, furniture="caption")
    text = block.text.strip()
    names = "|".join(re.escape(word) for language in page.languages for word in language.credits)
    bracket = rf"[(\[（【]\s*(?:{names})\s*(?:[:：=/–—-][^()\[\]（）【】]*)?[)\]）】]\W*$"
    begins = rf"^\W*(?:{names})\s*[:：|/=]\s*\S"
    short = len(text.split()) <= 60
    told = re.search(bracket, text, re.IGNORECASE) if names else None
    if told and re.search(r"[)\]）】]\s*[.。]$", text) and len(text[: told.start()].split()) >= SENTENCE_WORDS:
        return replace(
            block, cuts=(Cut(start=block.text.index(told.group().strip()), end=len(block.text.rstrip(". 。")), reason="credit"),)
        )
    if short and (told or (names and re.search(begins, text, re.IGNORECASE))):
        return replace(block, furniture="caption", kind="caption")
    if short and AGENCY_CREDIT.search(text) and not SENTENCE_END.search(text.rstrip(")]")):
        return replace(block, furniture="caption", kind="caption")
    return block


def table(block: Block, page: Page) -> Block:
    """Tables cannot be said."""
    return replace(block, furniture="table") if block.kind == "table" else block


RULES: tuple[Rule, ...] = (repeated_headline, phrase, byline, timestamp, credit, table)
"""In this order; the first that marks a block has the word."""


# --- in context ---------------------------------------------------------------------------------------------


def in_context(blocks: list[Block]) -> list[Block]:
    """What only the neighbours tell: lists under a heading, the lead's dateline, what comes twice."""
    return tag_cut(no_echo(heading_runs(blocks)))


def heading_runs(blocks: list[Block]) -> list[Block]:
    """Lines without a full stop after a `related` heading are its list, until the story goes on."""
    found, run = [], False
    for block in blocks:
        if block.furniture == "related" and not SENTENCE_END.search(block.text) and len(block.text.split()) <= HEADING_WORDS:
            run = True
        elif block.furniture is None and run:
            run = not is_story(block.text) and not SENTENCE_END.search(block.text) and block.kind in LISTED
            if run:
                block = replace(block, furniture="related")
        found.append(block)
    return found


def no_echo(blocks: list[Block]) -> list[Block]:
    """A paragraph of some length that stands twice is said once."""
    seen: set[str] = set()
    found = []
    for block in blocks:
        key = " ".join(re.findall(r"\w+", block.text.casefold()))
        if block.furniture is None and len(key) > 60 and key in seen:
            block = replace(block, furniture="repeated")
        elif block.furniture is None:
            seen.add(key)
        found.append(block)
    return found


def tag_cut(blocks: list[Block]) -> list[Block]:
    """The dateline or agency tag cut from the lead, which is the first paragraph said after the headline."""
    lead = next((i for i, block in enumerate(blocks) if not block.furniture and block.kind != "headline"), None)
    if lead is None:
        return blocks
    block = blocks[lead]
    match = TAG.match(block.text)
    if match and match.end() < len(block.text):
        blocks[lead] = replace(block, cuts=(Cut(start=0, end=match.end(), reason="dateline"), *block.cuts))
    return blocks
