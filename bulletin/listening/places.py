"""Where each sentence is in the file by its words: all that is heard, laid along all that should be. For voices that are not here."""

from __future__ import annotations

import difflib
import statistics
from collections.abc import Iterator, Sequence

from bulletin.listening.ear import SPAN, Ear, Token
from bulletin.listening.follow import Found, Unit
from bulletin.listening.recording import Recording
from bulletin.listening.words import plain
from bulletin.ports import Progress

STEP = 23.0
"""Seconds from one window to the next: what they share is heard twice, and each word is taken from where it is further from the edge."""
HEARD = 0.4
"""Share of a sentence's words by which it is found."""


def transcript(recording: Recording, ear: Ear, language: str, start: float, end: float, progress: Progress) -> list[Token]:
    """All words that are heard between two seconds, in order."""
    found: list[Token] = []
    edge = (SPAN - STEP) / 2
    for at in windows(start, end):
        progress("Listening", int((at - start) * 1000), int((end - start) * 1000))
        impression = ear.listen(recording.between(at, min(end, at + SPAN)))
        first, last = at + (edge if at > start else 0.0), at + STEP + edge if at + SPAN < end else float("inf")
        for token in ear.align(impression, ear.text(impression, language), language):
            if first <= at + (token.start + token.end) / 2 < last:
                found.append(Token(token.text, at + token.start, at + token.end, token.score))
    return found


def windows(start: float, end: float) -> Iterator[float]:
    """Where windows begin."""
    yield start
    while start + SPAN < end:
        start += STEP
        yield start


def places(units: Sequence[Unit], heard: Sequence[Token]) -> list[Found | None]:
    """The place of every unit of which enough is heard."""
    wanted = [(word, number, time) for number, unit in enumerate(units) for word, time in timed(unit)]
    said = [(word, token) for token in heard for word in plain(token.text, units[0].language if units else "en", False)]
    matcher = difflib.SequenceMatcher(None, [word for word, _, _ in wanted], [word for word, _ in said], autojunk=False)
    offsets: list[list[float]] = [[] for _ in units]
    for at, other, length in matcher.get_matching_blocks():
        for step in range(length):
            _, number, time = wanted[at + step]
            token = said[other + step][1]
            offsets[number].append((token.start + token.end) / 2 - time)
    return [placed(unit, found) for unit, found in zip(units, offsets, strict=True)]


def timed(unit: Unit) -> list[tuple[str, float]]:
    """The words of a unit and the second in which each should be heard, as if all letters took one time."""
    words = plain(unit.words, unit.language, False)
    whole, at, found = max(1, sum(len(word) + 1 for word in words)), 0.0, []
    for word in words:
        found.append((word, unit.start + (at + len(word) / 2) / whole * (unit.end - unit.start)))
        at += len(word) + 1
    return found


def placed(unit: Unit, offsets: Sequence[float]) -> Found | None:
    """A unit's place by how far its words are from where the report has them."""
    if len(offsets) < HEARD * max(1, len(plain(unit.words, unit.language, False))):
        return None
    offset = statistics.median(offsets)
    return Found(max(0.0, unit.start + offset), unit.end + offset, 1.0, 1.0)
