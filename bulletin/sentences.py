"""A paragraph becomes sentences, and a sentence too long for an engine becomes pieces. No word is changed or lost."""

from __future__ import annotations

import functools
import re

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
BREATHS = (re.compile(r"(?:[,:](?!\d)|[;—–،؛，；：、])\s*"), re.compile(r"\s+"))
"""Where a long sentence is cut: after a clause, else between words."""


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
    """One long sentence in pieces of at most `limit` characters, cut where a presenter would breathe."""
    found = []
    while len(sentence) > limit:
        end = next((end for pattern in BREATHS if (end := last_break(pattern, sentence, limit))), limit)
        found.append(sentence[:end].strip())
        sentence = sentence[end:].strip()
    return [piece for piece in [*found, sentence] if piece]


def last_break(pattern: re.Pattern[str], sentence: str, limit: int) -> int:
    """Index after the last match that ends a piece of at most `limit` characters, or 0."""
    ends = [match.end() for match in pattern.finditer(sentence, 0, limit + 1) if len(sentence[: match.end()].strip()) <= limit]
    return ends[-1] if ends else 0
