"""The parts of a spoken line that are not spoken: a dateline before the lead, a credit or a link glued to a paragraph's end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bulletin.model import Cut
from bulletin.phrases import DASH, DIGIT, PIECE, UNSPACED, Phrasebook, begins, ends, grams

OPEN, CLOSE = r"[(\[（【［]", r"[)\]）】］]"
BRACKET = re.compile(rf"^\s*{OPEN}(?P<inner>[^()\[\]（）【】［］]{{2,60}}){CLOSE}(?P<dash>\s*{DASH})?\s*")
"""A tag in brackets at a line's start: `(VOVWORLD) -`, `【ワシントン共同】`, `(서울=연합뉴스)`."""
SIGNED = re.compile(
    rf"^(?P<place>(?:[^.!?。:：()\[\]（）]|(?<=[A-Z])\.){{2,80}}?)\.?\s*(?:{OPEN}|/)\s*(?P<inner>[^()\[\]（）/]{{2,50}}?)\s*(?:{CLOSE}|/)(?P<dash>\s*\.?\s*{DASH}|\.)?\s*"
)
"""A place, perhaps a date, an agency in brackets: `SEOUL, January 2 (AJP) -`, `МОСКВА, 2 января. /ТАСС/.`."""
DASHED = re.compile(
    r"^(?P<head>(?:[^.!?。]|(?<=[A-Z])\.){2,90}?(?:\.[A-Za-z]{2,4}(?=\W)[^.!?。]{0,40}?)?)(?P<dash>\s*\.?(?:\s[-–—―]{1,2}\s|\s?[–—―]{1,2}\s?|--\s?|\.-\s|\s-\s?(?=[\"“‘'A-Z]))\s*|:\s+)"
)
"""Whatever stands before the first dash or colon of a line."""
WIRED = re.compile(
    r"^\s*(?:[（(【［\[]?\S{2,10}(?:社|网|網|報|报|台|讯|訊)[^，。,]{0,24}?\d{1,2}日(?:电|電|讯|訊)?\s*[)）】］\]]?\s*(?:[（(][^()（）]{1,40}[)）])?\s*[—-]*\s*"
    r"|[（(【［\[][^()（）【】［］\[\]]{2,40}(?:电|電|讯|訊|報導|报道)[)）】］\]]\s*"
    r"|【[^【】]{2,24}】\s*|［[^［］]{2,24}］\s*(?:[-－—―]\s*)?)"
)
"""The agencies of East Asia: `新华社北京1月2日电（记者…）`, `（中央社記者…台北2日電）`, `【ワシントン共同】`."""
KOREAN = re.compile(r"^\s*[\[(（][^()\[\]]{1,12}\s*=\s*[^()\[\]]{1,20}[\])）]\s*(?:\S{2,5}\s*(?:기자|특파원)\s*(?:=\s*)?)?")
UPPER = re.compile(r"^[^\W\d_a-z]{3,}$")
PLACE = re.compile(r"[^\W\d_a-zà-öø-ÿ][^\W\d_]+(?: [^\W\d_a-zà-öø-ÿ][^\W\d_]+)?")
"""A place of one or two words, as written within a sentence."""
SCORE = re.compile(r"\b\d{1,3}\s?[-–:]\s?\d{1,3}\b")
TAIL = re.compile(rf"(?<=[.!?…。！？।”\"’])\s*(?P<tail>{OPEN}[^()\[\]（）【】]{{1,80}}{CLOSE}\W{{0,2}})$")
"""A bracket behind the last sentence."""
INLINE = re.compile(r"\s*\[\d{1,3}\]")
"""The number of a note or a link."""
LAST = re.compile(r"(?<=[.!?…。！？।”\"’])\s+(?P<tail>(?:[^.!?…。！？।]|\.(?=\w)){2,120}[.:»›→>]*)$")
"""Words without a sentence's end behind the last sentence."""
STROKE = re.compile(r"(?<=[.!?…”\"’])\s*\|\s*(?P<tail>[^|]{2,60})$")
SIGNATURE = 14
"""Characters at most of a name in heavy brackets behind the last sentence, as Japanese papers sign."""
PLACES = 6
"""Words at most of a place before a dateline's date."""


def cuts(text: str, book: Phrasebook, lead: bool, authors: frozenset[str]) -> tuple[Cut, ...]:
    """What is not spoken of a line, in order; `lead` is whether a dateline may stand before it."""
    found = list(parts(text, book, authors))
    if lead and (end := dateline(text, book)) and any(map(str.isalnum, text[end:])):
        found.append(Cut(start=0, end=end, reason="dateline"))
    kept: list[Cut] = []
    for cut in sorted(found, key=lambda cut: (cut.start, -cut.end)):
        if not kept or cut.start >= kept[-1].end:
            kept.append(cut)
    return tuple(kept) if any(map(str.isalnum, without(text, kept))) else ()


def without(text: str, gone: list[Cut]) -> str:
    """The text without the cuts."""
    for cut in reversed(gone):
        text = text[: cut.start] + text[cut.end :]
    return text


def parts(text: str, book: Phrasebook, authors: frozenset[str]) -> Iterator[Cut]:
    """Credits, sign-offs, links and note numbers inside a line."""
    bracketed = any(mark in text for mark in "[(【（［")
    for match in INLINE.finditer(text) if bracketed else ():
        yield Cut(start=match.start(), end=match.end(), reason="link number")
    if book.credit_inside and bracketed:
        for match in book.credit_inside.finditer(text):
            yield Cut(start=match.start(), end=match.end(), reason="credit")
    if (start := book.credit_from(text)) is not None:
        yield Cut(start=start, end=len(text), reason="credit")
    if bracketed and (signed := TAIL.search(text)) and signs(signed.group("tail"), book, authors):
        yield Cut(start=signed.start("tail"), end=signed.end("tail"), reason="credit")
    for pattern in (STROKE, LAST):
        if not ends(text) and (left := pattern.search(text)) and (reason := tail_reason(left.group("tail"), book, authors)):
            start = text.rfind("|", 0, left.start("tail")) if pattern is STROKE else left.start("tail")
            yield Cut(start=start, end=left.end("tail"), reason=reason)


def tail_reason(tail: str, book: Phrasebook, authors: frozenset[str]) -> str:
    """Why words behind the last sentence are skipped, or empty: a link, a stamp of time, a name that the page gives as its author's."""
    if found := book.reason(tail):
        return found[0]
    if book.stamp(tail) == 1.0:
        return "timestamp"
    return "byline" if signs(tail, book, authors) and len(PIECE.findall(tail)) <= PLACES else ""


def signs(words: str, book: Phrasebook, authors: frozenset[str]) -> bool:
    """Whether words are an author's or an agency's: `(Xinhua/Name)`, `Name/VOV.VN`."""
    plain = words.strip("()[]（）【】 .").casefold()
    if begins(plain, authors) or book.fills.get(plain) == "end" or (words.startswith("【") and len(words) <= SIGNATURE):
        return True
    return bool(re.search(r"[/]|^\W*[(\[（【]", words)) and any(name in book.agencies for name in grams(words))


# --- datelines ----------------------------------------------------------------------------------------------


def dateline(text: str, book: Phrasebook) -> int:
    """Index after the dateline or agency's tag at a line's start; 0 if there is none."""
    for pattern in (KOREAN, WIRED):
        if match := pattern.match(text):
            return match.end() + korean_name(text[match.end() :], pattern is KOREAN)
    if (match := BRACKET.match(text)) and tagged(match, book):
        return match.end() + dateline(text[match.end() :], book)
    if (match := SIGNED.match(text)) and placed(match.group("place"), book) and (match.group("dash") or agency(match.group("inner"), book)):
        inner = match.group("inner")
        if agency(inner, book) or (match.group("dash") and (short_name(inner) or dated(match.group("place"), book))):
            return match.end() + rest(text[match.end() :])
    if (match := DASHED.match(text)) and not text[match.end() : match.end() + 1].islower() and headed(match, book):
        return match.end() + signed(text[match.end() :], book)
    return 0


def signed(text: str, book: Phrasebook) -> int:
    """Length of an agency's name with a full stop behind it: `МОСКВА, 2 янв — РИА Новости. `."""
    match = re.match(r"([^.!?]{2,30})\.\s+", text)
    return match.end() if match and len(PIECE.findall(match.group(1))) <= 3 and agency(match.group(1), book) else 0


def korean_name(text: str, korean: bool) -> int:
    """Length of a reporter's name before an equals sign."""
    match = re.match(r"[^=.]{2,14}=\s*", text) if korean else None
    return match.end() if match else 0


def rest(text: str) -> int:
    """Length of a dash that is left over."""
    match = re.match(rf"{DASH}\s*", text)
    return match.end() if match else 0


def tagged(match: re.Match[str], book: Phrasebook) -> bool:
    """Whether a bracket at the start is a tag: an agency's, or anything short with a dash behind it."""
    inner = match.group("inner")
    return bool(agency(inner, book) or "=" in inner or (match.group("dash") and len(PIECE.findall(inner)) <= PLACES))


def agency(words: str, book: Phrasebook) -> bool:
    """Whether an agency is among a few words."""
    return len(PIECE.findall(words)) <= PLACES and any(name in book.agencies for name in grams(words))


def short_name(words: str) -> bool:
    """Whether these may be an agency nobody has listed: short, in capitals."""
    return len(words) <= 20 and len(words.split()) <= 3 and sum(map(str.isupper, words)) >= 2


def dated(words: str, book: Phrasebook) -> bool:
    """Whether a day is among these words."""
    return bool(DIGIT.search(words)) and any(word in book.dates for word in PIECE.findall(words.casefold()))


def placed(words: str, book: Phrasebook) -> bool:
    """Whether words may be a place and a date: few, each with a capital, a digit or of a date, or in a script without capitals."""
    pieces = PIECE.findall(words)
    if not pieces or len(pieces) > PLACES + 3 or UNSPACED.search(words):
        return False
    small = [piece for piece in pieces if piece[0].islower() and piece.casefold() not in book.dates and not piece[0].isdigit()]
    return len(small) <= (1 if len(pieces) > 2 else 0)


def headed(match: re.Match[str], book: Phrasebook) -> bool:
    """Whether what stands before a dash is a dateline: a place in capitals, an agency, or a place with a day."""
    head, dash = match.group("head").strip(), match.group("dash")
    pieces = PIECE.findall(head)
    if not pieces or not placed(head, book):
        return False
    named = agency(head, book)
    if ":" in dash:
        return named and len(pieces) <= 4 and head.casefold() not in ("un", "eu")
    capitals = bool(UPPER.match(pieces[0])) and pieces[0].isupper() and (len(pieces) <= 4 or dated(head, book))
    if re.search(r"[—―]|--", dash) and re.fullmatch(r"[^\W\d_a-z][\w.’'-]*(?: [^\W\d_a-z][\w.’'-]*)?, [^\W\d_a-z][\w. ]{1,20}", head):
        return True
    rest_upper = all(
        piece.isupper() or piece[0].isdigit() or piece.casefold() in book.dates or (at > 0 and "," in head)
        for at, piece in enumerate(pieces)
    )
    if book.place_dash and PLACE.fullmatch(head) and match.string[match.end()].isupper() and not SCORE.search(match.string):
        return True
    site = bool(re.fullmatch(r"[A-Z][\w-]+\.[A-Za-z]{2,4}", head))
    return site or (capitals and rest_upper) or (named and len(pieces) <= PLACES + 2) or dated(head, book) or dash.strip() == ".-"
