"""names(texts) -> the names and acronyms in them, in the order of how often and how early they are said: the pronunciation desk."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bulletin.languages import Language
from bulletin.sentences import sentences

CAPITAL = re.compile(r"[^\W\d_][\w'’-]*")
LINKS = frozenset(
    ["al", "el", "bin", "ibn", "van", "von", "de", "da", "di", "del", "der", "den", "la", "le", "du", "dos", "das", "ten", "ter"]
)
"""Small words inside names of people."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name or an acronym as the bulletin says it."""

    text: str
    """As it is written."""
    times: int
    """How often it is said."""
    first: int
    """Words before it is first said."""


def names(
    texts: Iterable[str], language: Language, common: frozenset[str] = frozenset(), strange: Callable[[str], bool] = lambda word: False
) -> list[Name]:
    """What is written with a capital inside a sentence, or is all capitals.

    The first word of a sentence is one where it stands in another name, or is `strange`: no word that a dictionary has. `common` are
    words that are none, whatever their letters. Most often said first, of those the earliest.
    """
    counts: dict[str, int] = {}
    places: dict[str, int] = {}
    doubtful: dict[str, list[int]] = {}
    words = 0
    for text in texts:
        for sentence in sentences(text, language.code):
            for start, run in runs(sentence, words):
                name = " ".join(run)
                if start == words and len(run) == 1 and not run[0].isupper():
                    doubtful.setdefault(name, []).append(start)
                    continue
                counts[name] = counts.get(name, 0) + 1
                places.setdefault(name, start)
            words += len(sentence.split())
    inside = {word for name in counts for word in name.split()}
    for name, starts in doubtful.items():
        if name in inside or strange(name):
            counts[name] = counts.get(name, 0) + len(starts)
            places[name] = min(places.get(name, starts[0]), *starts)
    listed = [Name(name, times, places[name]) for name, times in counts.items() if name.casefold() not in common and len(name) > 1]
    return sorted(listed, key=lambda name: (-name.times, name.first))


def runs(sentence: str, before: int) -> Iterable[tuple[int, Sequence[str]]]:
    """(number of the first word, words) of each row of capitalised words of a sentence; a comma or another mark ends a row."""
    row: list[str] = []
    start = before
    for number, piece in enumerate(sentence.split(), before):
        word = piece.strip("\"'“”‘’.,;:!?()[]…—–-")
        bare = re.sub(r"['’]s?$", "", word)
        opens = piece[:1] in "\"'“‘(["
        if opens and row:
            yield start, named(row)
            row = []
        if CAPITAL.fullmatch(bare) and bare[0].isupper():
            if not row:
                start = number
            row.append(bare)
        elif row and bare in LINKS:
            row.append(bare)
        else:
            if row:
                yield start, named(row)
            row = []
        if row and (piece[-1] in ',;:.!?)]”"' or bare != word):
            yield start, named(row)
            row = []
    if row:
        yield start, named(row)


def named(row: list[str]) -> list[str]:
    """A row without small words at its end."""
    while row and row[-1] in LINKS:
        row = row[:-1]
    return row
