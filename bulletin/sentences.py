"""A paragraph becomes sentences, and a sentence too long for an engine becomes pieces. No word is changed or lost."""

from __future__ import annotations

import functools
import re
import unicodedata

from bulletin.languages import canonical, load

MONTHS = frozenset(["Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Sept", "Oct", "Nov", "Dec"])
ORDINAL = re.compile(r"(?:^|[\s(])\d{1,2}\.\s*$")
"""A day of the month, or another ordinal, as most of Europe writes it: `25. november`."""
GERMAN_MONTH = re.compile(r"(?:J[aä]n|Feb|M[aä]r|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)[a-zä]*\b")
AFTER_TIME = re.compile(
    r"[a-z(]|(?:[ECMP][SD]?T|GMT|UTC|BST|CET|Eastern|Pacific|Central|Mountain|Greenwich|local|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)"
)
"""What follows a time in the same sentence."""
OPENERS = re.compile(
    r"(?:The|A|An|It|He|She|They|We|I|You|But|And|In|On|At|His|Her|Their|Its|This|That|These|Those|There|When|While|After|Before|As|If|Since"
    r"|For|From|With|However|Meanwhile|Many|Most|Some|Both|Under|According|More|Last|One|Two|Three|Officials|Police|For|To|By|Not|No|So|What"
    r"|Why|How|Who|Yet|Still|Now|Today|Despite|Among|Each|Although|Because|Over|During|Asked|Earlier|Other|Then|Our|My|Only|Just)\b"
)
"""Words that open a sentence rather than go on with a name."""
CLAUSE = re.compile(r"(?:[,:](?!\d)|[;—–،؛，；：、])[\s\"”’»)]*$")
"""What a clause ends with, and a presenter breathes at."""
SHORT, LONG = 4, 4
"""Letters of a word that opens a phrase, as most prepositions do, at most; and of one that may end the phrase before, at least."""
CUTS = {"clause": 0.0, "phrase": 1.5, "words": 2.5, "letters": 6.0, "mark": 12.0}
"""What a cut costs, in pieces, by what it goes between: a mark is one that belongs to the letter before."""
STUB = 24
"""Characters under which a piece sounds like a slip."""


def sentences(text: str, language: str) -> list[str]:
    """The sentences of one paragraph, in order. A piece without a letter or digit stays with its neighbour."""
    import sentencex

    text = " ".join(text.split())
    found: list[str] = []
    place = 0
    for piece in sentencex.segment(language or "en", text):
        start = text.find(piece, place)
        if found and (not any(map(str.isalnum, piece)) or goes_on(found[-1], piece, language)):
            found[-1] += (text[place:start] if start > place else "") + piece
        else:
            found.append(piece)
        place = max(start, place) + len(piece)
    return [piece.strip() for piece in found if piece.strip()]


def goes_on(before: str, piece: str, language: str) -> bool:
    """Whether a sentence goes on behind an abbreviation at which the library has split it: `Maj. Gen.` | `Li`, `6 p.m.` | `EST`."""
    if ORDINAL.search(before) and (piece[:1].islower() or (canonical(language) == "de" and GERMAN_MONTH.match(piece))):
        return True
    last = re.search(r"(?:^|[\s(\"“-])([\w.]+)\.$", before.rstrip())
    if not last or canonical(language or "en") != "en":
        return False
    word = last[1]
    if word in joining():
        return not (
            OPENERS.match(piece) and re.search(r"[A-Z][\w'-]+\s[A-Z]\w+\.$", before.rstrip()) and "." not in before.rstrip()[:-1][-20:]
        )
    if word in MONTHS or word in ("No", "Nos", "pp", "Art", "Sec"):
        return piece[:1].isdecimal()
    if re.fullmatch(r"[AaPp]\.[Mm]", word):
        return bool(AFTER_TIME.match(piece))
    if re.search(r"\b[DRI]-[A-Z]\.$", before.rstrip()):
        return bool(re.match(r"[A-Z]\.", piece))
    if re.fullmatch(r"[A-Z]", word):
        return bool(re.match(r"[A-Z]", piece) and re.search(r"[A-Z][\w.'-]*\s[A-Z]\.$", before.rstrip()) and not OPENERS.match(piece))
    if "." in word or word in ("Inc", "Corp", "Co", "Ltd", "Jr", "Sr", "Bros", "lbs", "etc", "St", "Ave"):
        return bool(piece[:1].islower() or (re.fullmatch(r"(?:[A-Z]\.)+[A-Z]", word) and piece[:1].isupper() and not OPENERS.match(piece)))
    return False


@functools.cache
def joining() -> frozenset[str]:
    """Abbreviations behind which a name or a number always follows."""
    return frozenset(load("en").spoken["titles"]) | {"vs", "v", "approx", "est", "Mt", "Ft"}


def pieces(text: str, language: str, limit: int | None) -> list[str]:
    """The sentences of `text`, each of at most `limit` characters."""
    found = []
    for sentence in sentences(text, language):
        found += [sentence] if limit is None or len(sentence) <= limit else cut(sentence, limit)
    return found


def cut(sentence: str, limit: int) -> list[str]:
    """One long sentence in as few pieces of at most `limit` characters as do, cut where a join is heard least."""
    price = [breath(sentence, at) for at in range(len(sentence) + 1)]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(sentence) + 1):
        best.append(
            min(
                (best[start][0] + 1 + price[end] + stub(end - start), start)
                for start in range(max(0, end - limit), end)
                if best[start][0] < float("inf")
            )
        )
    found = []
    while sentence:
        start = best[len(sentence)][1]
        found.append(sentence[start:].strip())
        sentence = sentence[:start]
    return [piece for piece in reversed(found) if piece]


def halves(text: str) -> list[str]:
    """A text in two pieces of about one length, or whole where it cannot be cut between words."""
    pieces = cut(text, max(1, len(text) * 2 // 3)) if " " in text else [text]
    return pieces if all(any(map(str.isalnum, piece)) for piece in pieces) else [text]


def stub(length: int) -> float:
    """What a piece costs for being short."""
    return max(0.0, 1 - length / STUB)


def breath(sentence: str, at: int) -> float:
    """What a cut before the character `at` costs."""
    before, after = sentence[max(0, at - 40) : at], sentence[at : at + 40]
    if not before or not after:
        return CUTS["clause"]
    if not before[-1].isspace():
        return CUTS["mark" if unicodedata.category(after[0]).startswith("M") else "clause" if CLAUSE.search(before) else "letters"]
    if CLAUSE.search(before):
        return CUTS["clause"]
    last, first = before.split()[-1:] or [""], after.split()[:1]
    return CUTS["phrase" if first and len(first[0]) <= SHORT and len(last[0]) >= LONG else "words"]


def ends_clause(piece: str) -> bool:
    """Whether somebody who reads a piece pauses behind it, inside of the sentence."""
    return bool(CLAUSE.search(piece))
