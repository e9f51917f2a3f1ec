"""A paragraph becomes sentences, and a sentence too long for an engine becomes pieces. No word is changed or lost."""

from __future__ import annotations

import re

BREATHS = (re.compile(r"[,;:—–،؛，；：、]\s*"), re.compile(r"\s+"))
"""Where a long sentence is cut: after a clause, else between words."""


def sentences(text: str, language: str) -> list[str]:
    """The sentences of one paragraph, in order. A piece without a letter or digit stays with its neighbour."""
    import sentencex

    found: list[str] = []
    for piece in sentencex.segment(language or "en", " ".join(text.split())):
        if found and not any(map(str.isalnum, piece)):
            found[-1] += piece
        else:
            found.append(piece)
    return [piece.strip() for piece in found if piece.strip()]


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
