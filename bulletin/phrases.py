"""What is known of a line by its words: phrases, stamps of time, bylines, credits, datelines, from the data in `languages/`.

A line is compared in lower case, with straight apostrophes, without the punctuation around it and the count behind it.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bulletin import languages
from bulletin.languages import TELLING, Language

SENTENCE_END = re.compile(r"[.!?…。！？؟۔।॥։።]+[\"'”’»)\]）」』]*$")
"""How a sentence ends, in every script."""
UNSPACED = re.compile(r"[぀-ヿ㐀-䶿一-鿿豈-﫿฀-๿຀-໿က-႟ក-៿]")
"""Characters of scripts that put no spaces between words: two of them count as a word."""
STORY_WORDS = 16
"""A line of at least so many words that ends like a sentence is a paragraph."""
CLOSERS = 24
"""Characters of a line's end that are looked at for a full stop with its quotes and brackets."""
TOKEN = re.compile(r"\w+")
DIGIT = re.compile(r"\d")
SOUNDLESS = re.compile(r"[\W_]+")
STRAIGHT = str.maketrans("’ʼ‘`´", "'''''")
PIECE = re.compile(r"[^\s.,:;|/()\[\]{}<>–—•·!?\"“”„«»।॥۔،؟؛、。，！？：；「」『』（）【】《》…-]+")
"""A word with its vowel signs, where `\\w` would break it, in any script."""
TOLD = 100
"""Words of a line that are looked through for those that tell its kind."""
LONGEST = 12
"""Words at most of a phrase that is looked for inside a line."""
STAMP_WORDS = 12
"""Words at most in a line that is nothing but a stamp of time."""
NAME = r"(?:[^\W\d_a-zà-öø-ÿ][\w.'’-]*)"
COUNTED = ("feedback", "share", "related")
"""Furniture that carries a count: `12 comments`, `Related (3)`."""
JOINS = ("and", "et", "y", "und", "e", "och", "en", "i", "и", "та", "και", "ve", "dan", "và", "&")
"""What stands between two names."""
CREDIT_LENGTH = 120
"""Characters at most of a credit behind a line's last sentence."""
CREDITED_NAME = re.compile(r"[:：]\s*(?P<name>[^\s.!?。][^.!?。]{1,80}\.?)\s*$")
DASH = r"[-–—―:：]{1,2}"


@functools.lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """Lower case, straight apostrophes, white space folded; the dotted capital I of Turkish is an i."""
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(text.casefold().replace("i\u0307", "i").translate(STRAIGHT).split())


@functools.lru_cache(maxsize=1024)
def pieces(text: str) -> tuple[str, ...]:
    """The words of a text, `folded`."""
    return tuple(PIECE.findall(folded(text)))


def ends(text: str) -> bool:
    """Whether a line ends like a sentence."""
    return bool(SENTENCE_END.search(text[-CLOSERS:]))


def begins(line: str, names: Iterable[str]) -> bool:
    """Whether a line begins with one of these names, both in lower case."""
    return any(re.match(rf"{re.escape(name)}(?!\w)", line) for name in names)


def is_story(text: str) -> bool:
    """Whether a line reads as a paragraph of a story."""
    return length(text) >= STORY_WORDS and ends(text)


def bare(text: str) -> str:
    """`folded`, without the punctuation around it."""
    text = folded(text)
    start, end = 0, len(text)
    while start < end and unicodedata.category(text[start])[0] in "PSZC":
        start += 1
    while end > start and unicodedata.category(text[end - 1])[0] in "PSZC":
        end -= 1
    return text[start:end]


def uncounted(line: str) -> Iterator[str]:
    """Without the count behind or before it: `comments (12` -> `comments`."""
    if line[-1:].isdigit() or line[-1:] == "k":
        yield re.sub(r"[\W_]*\b\d[\d.,]*k?$", "", line)
    if line[:1].isdigit():
        yield re.sub(r"^\d[\d.,]*k?\s+", "", line)


@functools.lru_cache(maxsize=1024)
def squeezed(text: str) -> str:
    """Letters and digits alone, lower case, to compare texts by."""
    return SOUNDLESS.sub("", text.casefold())


@functools.lru_cache(maxsize=1024)
def length(text: str) -> float:
    """How many words a reader would count; two characters a word in scripts without spaces."""
    plain = len(UNSPACED.findall(text)) if not text.isascii() else 0
    return plain / 2 + (len(text.split()) if not plain else len(UNSPACED.sub(" ", text).split()))


@dataclass(frozen=True, slots=True, eq=False)
class Phrasebook:
    """The phrases of a page's languages, made ready for looking up."""

    fills: dict[str, str]
    """Whole lines -> reason."""
    several: dict[str, dict[str, tuple[tuple[tuple[str, ...], str], ...]]]
    """First word -> second word -> (words, reason) of phrases of several words, longest first."""
    starts: dict[str, tuple[tuple[str, str], ...]]
    """First word -> (beginning, reason), longest first."""
    credit: re.Pattern[str] | None
    """A credit in brackets at the end of a line."""
    credit_inside: re.Pattern[str] | None
    """The same, anywhere."""
    credited: re.Pattern[str] | None
    """A credit from the first word of a line."""
    credit_word: re.Pattern[str] | None
    """A word that stands before a credit, at the end of the text that is searched."""
    credit_ends: tuple[str, ...]
    """How a credit ends, where its word stands behind the name: `撮影`."""
    by: re.Pattern[str] | None
    """`by` and names, alone in a line."""
    dates: frozenset[str]
    """Words of a stamp of time."""
    agencies: frozenset[str]
    """News agencies and picture desks, lower case."""
    place_dash: bool
    """Whether papers put a place as written in a sentence, and a dash, before the lead: `Banjarmasin - `."""
    telling: dict[str, frozenset[str]]
    """`reader`, `career`, `pictured`, `told` -> words that tell a line of that kind, lower case."""
    strings: dict[str, re.Pattern[str]]
    """The same in scripts without spaces, where they are looked for inside."""

    @functools.lru_cache(maxsize=1024)  # noqa: B019  # books are few and live as long as the program: `compiled` keeps them
    def reason(self, text: str) -> tuple[str, bool] | None:
        """(reason, whether the phrase fills the line) of a line that is a known phrase or begins with one."""
        line = bare(text)
        if found := self.fills.get(line):
            return found, True
        for plain in uncounted(line):
            if (found := self.fills.get(plain)) in COUNTED:
                return str(found), True
        whole = folded(text)
        for start, reason in (*self.starts.get(begin(line), ()), *self.starts.get(whole[:1], ())):
            if whole.startswith(start) or line.startswith(start):
                rest = whole[len(start) :] if whole.startswith(start) else line[len(start) :]
                if not rest[:1].isalnum() or not start[-1:].isalnum() or UNSPACED.match(start[-1:]):
                    return reason, False
        return None

    def inside(self, text: str) -> str | None:
        """The reason of the longest phrase of several words that stands somewhere in a line."""
        tokens = pieces(text)[:80]
        several = self.several
        if several.keys().isdisjoint(tokens):
            return None
        for at, (first, second) in enumerate(itertools.pairwise(tokens)):
            if first in several and second in several[first]:
                for phrase, reason in several[first][second]:
                    if tokens[at : at + len(phrase)] == phrase:
                        return reason
        return None

    def stamp(self, text: str) -> float:
        """The share of a short line's words that belong to a date, a time of day or a read time; 0 without a digit."""
        tokens = PIECE.findall(text[:300].casefold())
        if not tokens or len(tokens) > 2 * STAMP_WORDS or not DIGIT.search(text):
            return 0.0
        timed = (token in self.dates or dated(token) or (token[0].isdigit() and not UNSPACED.search(token)) for token in tokens)
        return sum(map(bool, timed)) / len(tokens)

    def authored(self, text: str) -> bool:
        """Whether a line is `by` and names, and nothing more."""
        if len(text) > 200 or not self.by or not (match := self.by.match(text)):
            return False
        names = [name for name in match.group("names").split() if name.strip(",.")]
        if match.group("role") and (len(names) < 2 or names[0].strip(",.").casefold() in self.dates):
            return False
        return len(names) <= (4 if text.lower() == text.upper() else 9) and not any(
            name[0].islower() and name not in JOINS for name in names
        )

    def names(self, text: str) -> list[str]:
        """The names in a byline; none in any other line."""
        match = self.by.match(text) if self.by and self.authored(text) else None
        return re.split(rf",|\s(?:{'|'.join(map(re.escape, JOINS))})\s", match.group("names")) if match else []

    def tells(self, text: str) -> list[float]:
        """The share of a line's words that speak to the reader, tell of an author, of a picture, a story, a day; each in 0 to 1."""
        tokens = pieces(text)[:TOLD]
        size = max(1.0, min(length(text), TOLD))
        known = set(tokens)
        counts = [0 if words.isdisjoint(known) else sum(map(words.__contains__, tokens)) for words in self.telling.values()]
        if self.strings:
            counts = [count + len(self.strings[kind].findall(text, 0, 2 * TOLD)) for kind, count in zip(self.telling, counts, strict=True)]
        days = 0 if self.dates.isdisjoint(known) else sum(map(self.dates.__contains__, tokens))
        return [min(1.0, count / size) for count in (*counts, days)]

    def credit_from(self, text: str) -> int | None:
        """Index of a credit behind a line's last sentence, without brackets; a sentence may end in `one source: himself`."""
        start = max(0, len(text) - CREDIT_LENGTH)
        for named in CREDITED_NAME.finditer(text, start):
            word = self.credit_word.search(text, max(start, named.start() - 30), named.start()) if self.credit_word else None
            if word and not word.group()[0].islower() and not named.group("name")[0].islower():
                return word.start()
        return None

    def opens(self, text: str) -> bool:
        """Whether a line's first or second word is one that running prose has."""
        told = self.telling["told"]
        if self.strings and UNSPACED.match(text):
            return bool(self.strings["told"].match(text))
        return not told.isdisjoint(pieces(text)[:2])

    def pointed(self, brackets: Iterable[str]) -> bool:
        """Whether a bracket of a few words says where in a picture somebody stands: `(second from left)`."""
        pictured = self.telling["pictured"]
        return any(len(inner) < 40 and not pictured.isdisjoint(pieces(inner)[:5]) for inner in brackets)

    def agency(self, text: str) -> bool:
        """Whether an agency is named in the last bracket of a line, or after its last dash or stroke."""
        tail = re.search(r"(?:[(\[（【/|–—-]\s*)([^()\[\]（）【】]{2,60})[)\]）】]?\W*$", text)
        return tail is not None and any(name in self.agencies for name in grams(tail.group(1)))


def begin(line: str) -> str:
    """What the beginning of a line is looked up by: its first word, or its first character in a script without spaces."""
    first = TOKEN.search(line)
    return "" if not first else first.group()[:1] if UNSPACED.match(first.group()) else first.group()


def dated(token: str) -> bool:
    """Whether digits and a date's own characters are all there is: `2026年`, `午後3時`, `10h30`, `12th`."""
    return bool(
        re.fullmatch(
            r"(?:令和|平成|昭和|午前|午後|上午|下午|오전|오후)?[\d年月日时時分秒点點前年년월일시분초]+|\d+(?:st|nd|rd|th|h|hs|am|pm|u)\d*",
            token,
        )
    )


def grams(text: str) -> Iterable[str]:
    """Runs of up to five words, lower case."""
    tokens = PIECE.findall(text.casefold())
    return {" ".join(tokens[at : at + size]) for size in range(1, 6) for at in range(len(tokens) - size + 1)}


def book(code: str, *, site: Language | None = None, folder: Path | None = None) -> Phrasebook:
    """The phrases of a language and of English, which half the world's pages carry; of a site; and a station's own."""
    known = dict.fromkeys(languages.load(one, folder) for one in filter(None, (code, languages.FALLBACK)))
    return compiled((*([site] if site else []), *known))


@functools.lru_cache(maxsize=64)
def compiled(known: tuple[Language, ...]) -> Phrasebook:
    """Phrases made ready for looking up; of those that say the same, the first language's counts."""
    fills: dict[str, str] = {}
    starts: dict[str, list[tuple[str, str]]] = {}
    for reason, phrase in ((reason, phrase) for language in known for reason, some in language.furniture.items() for phrase in some):
        if phrase.endswith("..."):
            start = phrase[:-3].strip()
            starts.setdefault(begin(start) if start[:1].isalnum() else start[:1], []).append((start, reason))
        else:
            fills.setdefault(bare(phrase), reason)
    several: dict[str, dict[str, tuple[tuple[tuple[str, ...], str], ...]]] = {}
    for phrase, reason in sorted(fills.items(), key=lambda pair: -len(pair[0])):
        words = tuple(PIECE.findall(phrase))
        if 1 < len(words) <= LONGEST and reason != "navigation":
            going_on = several.setdefault(words[0], {})
            going_on[words[1]] = (*going_on.get(words[1], ()), (words, reason))
    telling = {kind: frozenset(word for language in known for word in getattr(language, kind)) for kind in TELLING}
    strings = {
        kind: re.compile("|".join(sorted((re.escape(word) for word in words if UNSPACED.match(word)), key=len, reverse=True)) or r"(?!)")
        for kind, words in telling.items()
    }
    names = alternatives(known, "credits")
    by = alternatives(known, "by")
    joins = "|".join(map(re.escape, JOINS))
    return Phrasebook(
        fills=fills,
        several=several,
        starts={first: tuple(sorted(some, key=lambda pair: -len(pair[0]))) for first, some in starts.items()},
        credit=re.compile(
            rf"[(\[（【]\s*(?:{names})\s*(?:[:：=/／|｜–—-][^()\[\]（）【】]*|\s[^()\[\]（）【】]{{0,60}})?[)\]）】]\W*$", re.IGNORECASE
        )
        if names
        else None,
        credit_inside=re.compile(rf"\s*[(\[（【]\s*(?:{names})\s*[:：/／=|｜][^()\[\]（）【】]{{1,100}}[)\]）】]", re.IGNORECASE)
        if names
        else None,
        credited=re.compile(rf"^\W*(?:{names})(?:\s*\d{{1,3}})?\s*[:：|｜/／=©]\s*\S", re.IGNORECASE) if names else None,
        credit_word=re.compile(rf"(?<!\w)(?:{names})\s*$", re.IGNORECASE) if names else None,
        credit_ends=tuple(word for language in known for word in language.credit_ends),
        by=re.compile(rf"^(?i:{by}):?\s+(?P<names>{NAME}(?:[\s,]+(?:(?:{joins})\s+)?{NAME}){{0,7}})(?:,\s+(?P<role>[^.!?,]{{3,50}}))?\W*$")
        if by
        else None,
        dates=frozenset(word for language in known for word in language.dates),
        place_dash=any(language.place_dash for language in known),
        telling=telling,
        strings=strings if any(UNSPACED.match(word) for words in telling.values() for word in words) else {},
        agencies=frozenset(" ".join(PIECE.findall(name.casefold())) for language in known for name in language.agencies),
    )


def alternatives(known: Sequence[Language], field: str) -> str:
    """The words of a field of all these languages as one alternative, longest first."""
    return "|".join(
        re.escape(word) for word in sorted({word for language in known for word in getattr(language, field)}, key=lambda w: (-len(w), w))
    )
