"""What subtitles of every form share: lines of a width, and times as they write them."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence


def wrapped(text: str, width: int) -> list[str]:
    """The words in lines of at most so many characters, as even as they can be without taking more of them."""
    text = " ".join(text.split())
    most = broken(text, width)
    for narrow in range(max(width // 2, -(-len(text) // max(1, len(most)))), width):
        if len(lines := broken(text, narrow)) == len(most):
            return lines
    return most


def broken(text: str, width: int) -> list[str]:
    """The words in lines that are filled; one that is longer, as in languages without spaces, is broken between whole letters."""
    words = " ".join(piece for word in text.split() for piece in pieces(word, width))
    return textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False)


def pieces(word: str, width: int) -> list[str]:
    """A word, or the parts of it that fit a line; marks stay with the letter that they are on."""
    found: list[str] = []
    while len(word) > width:
        at = next((at for at in range(width, 0, -1) if not unicodedata.category(word[at]).startswith("M")), width)
        found.append(word[:at])
        word = word[at:]
    return [*found, word]


def stamp(milliseconds: int, point: str = ".") -> str:
    """A time, as `00:01:02.345`."""
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{point}{rest:03d}"


def shares(start: int, duration: int, texts: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, text) of each part of a sentence: its time divided by the parts' letters, its own ends kept to the millisecond."""
    total, done, found = sum(len(text) for text in texts), 0, []
    for text in texts:
        begin = start + duration * done // total
        done += len(text)
        found.append((begin, start + duration * done // total, text))
    return found
