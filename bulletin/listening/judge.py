"""Whether a stretch of the file says its words: doubts, each with what speaks for it, and which of them hold."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bulletin.listening.compare import HOP, Path, lay, spectra
from bulletin.listening.ear import RATE, Ear, Samples, Token
from bulletin.listening.words import Difference, differences, plain

MARGIN = 0.12
"""Seconds around a sentence, less than any pause."""
LIKELIER, APART = 1.5, 9.0
"""What the ear writes otherwise counts where it is by so much likelier in the file, and by so much more than in the reference."""
DROP = 6.0
"""A word counts that the ear writes as expected, and which is by so much less likely than in the reference."""
CLOSER = (-1.5, 8.0)
"""The same where a word is listened to by itself."""
AROUND = 0.15
"""Seconds around such a word."""
SURELY, RELATED = 10.0, 0.5
"""Without a reference: how much likelier than the expected words others must be, and how few letters they may share with them."""
ITSELF, LETTERS = 0.6, 5
"""How many letters what is heard of it alone in the reference must share with such a word, and how many it must have at least."""
HARDLY, UNLIKE = 0.2, 0.3
"""How unlike the two must sound there, where the ear writes something else, and where it does not: 0.00 to 0.19 is the same, dry."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words that may not be what they should, and the evidence."""

    start: int
    end: int
    """Of the expected words."""
    expected: str
    heard: str
    """What was heard in their place, as far as it differs; empty for nothing."""
    told: bool
    """Whether the ear wrote something else there of itself."""
    close: bool
    """Whether it wrote so when it heard the word without its sentence, from which it guesses what it cannot hear."""
    drop: float
    """By how much less likely the words are in the file than in the reference, as a natural logarithm; the most unlikely word's."""
    gain: float
    """By how much likelier in the file what was heard is than what the reference sounds like."""
    against: float
    """... in the reference."""
    cost: float
    """How unlike the two sound there."""
    span: tuple[float, float]
    """Seconds in the file's stretch."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text's words as they are compared, each with the token of it, laid along the file and along the reference."""

    words: tuple[str, ...]
    owners: tuple[int, ...]
    file: tuple[Token, ...]
    reference: tuple[Token, ...]

    def span(self, start: int, end: int) -> tuple[float, float]:
        """Seconds of the reference between which words lie; of none, the seam."""
        if not self.owners:
            return 0.0, 0.0
        if start >= end:
            seam = self.reference[self.owners[min(start, len(self.owners)) - 1]].end if start else self.reference[0].start
            return max(0.0, seam - 0.1), seam + 0.1
        return self.reference[self.owners[start]].start, self.reference[self.owners[end - 1]].end

    def likely(self, start: int, end: int) -> tuple[float, float]:
        """How likely words and the one behind them are in the file, and in the reference."""
        owners = sorted({self.owners[at] for at in range(start, min(end + 1, len(self.owners)))})
        return sum(self.file[at].score for at in owners), sum(self.reference[at].score for at in owners)

    def text(self, start: int, end: int) -> str:
        """Words as the text has them, without the marks at their ends."""
        parts = [self.file[at].text for at in sorted({self.owners[at] for at in range(start, end)})]
        return "".join(part if part[:1] in "-–'’" else f" {part}" for part in parts).strip(' .,;:!?()[]"“”‘’-–—')

    def drop(self, start: int, end: int) -> float:
        """By how much less likely the most unlikely word is in the file."""
        owners = {self.owners[at] for at in range(start, end)}
        return max((self.reference[at].score - self.file[at].score for at in owners), default=0.0)


def padded(samples: Samples) -> Samples:
    """A reference with the margin that the file's stretch has."""
    edge = np.zeros(int(MARGIN * RATE), np.float32)
    return np.concatenate([edge, samples, edge])


def doubts(said: str, language: str, sound: Samples, reference: Samples, ear: Ear, music: bool) -> list[Doubt]:
    """All doubts about a stretch of the file that should sound like the reference; under `music`, sounds alone tell nothing."""
    path = lay(spectra(reference), spectra(sound))
    file = ear.listen(sound)
    texts = [said, ear.text(file, language)]
    if music and not differences(plain(said, language), plain(texts[1], language)):
        return []
    other = ear.listen(reference)
    texts.append(ear.text(other, language))
    wanted, heard, usual = (laid(text, language, [ear.align(each, text, language) for each in (file, other)]) for text in texts)
    found = []
    for each in differences(wanted.words, heard.words):
        there = across(wanted.words, usual.words, each)
        gain, against = (a - b for a, b in zip(heard.likely(*each.other), usual.likely(*there), strict=True))
        habit = heard.words[slice(*each.other)] == usual.words[slice(*there)]
        found.append(doubt(wanted, each, heard.text(*each.other), path, 0.0 if habit else gain, against))
    silent = unspoken(wanted, found, path)
    return found + [each if music or short(each) else closer(each, wanted, sound, reference, language, ear) for each in silent]


def short(each: Doubt) -> bool:
    """Whether a doubt is about too little to be heard by itself."""
    return each.cost <= UNLIKE or len(each.expected) < LETTERS


def alone(said: str, language: str, sound: Samples, ear: Ear) -> list[Doubt]:
    """Doubts about a stretch of the file without a reference: words far from the expected ones, and far likelier."""
    file = ear.listen(sound)
    wanted, heard = (laid(text, language, [ear.align(file, text, language)] * 2) for text in (said, ear.text(file, language)))
    found = []
    for each in differences(wanted.words, heard.words):
        expected, other = "".join(wanted.words[each.start : each.end]), "".join(heard.words[slice(*each.other)])
        gain = heard.likely(*each.other)[0] - wanted.likely(each.start, each.end)[0]
        if expected and other and gain > SURELY and difflib.SequenceMatcher(None, expected, other).ratio() < RELATED:
            found.append(doubt(wanted, each, heard.text(*each.other), still(len(sound)), gain, 0.0))
    return found


def still(samples: int) -> Path:
    """A sound along itself."""
    count = samples // HOP + 1
    return Path(np.arange(count, dtype=np.float32), np.zeros(count, np.float32))


def laid(text: str, language: str, tokens: Sequence[list[Token]]) -> Words:
    """A text's words with their tokens. Print is said first where that leaves each word with its token."""
    file, reference = tokens
    pairs = [(word, at) for at, token in enumerate(file) for word in plain(token.text, language, True)]
    return Words(tuple(word for word, _ in pairs), tuple(at for _, at in pairs), tuple(file), tuple(reference))


def across(first: Sequence[str], second: Sequence[str], each: Difference) -> tuple[int, int]:
    """The words of a second text that stand for those of a difference in the first."""
    start, end = len(second), 0
    for kind, i, j, k, m in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if i <= each.start <= j and not (each.start == j and j < each.end):
            start = min(start, k + (each.start - i if kind == "equal" else 0))
        if i <= each.end <= j and not (each.end == i and each.start < i):
            end = max(end, k + (each.end - i) if kind == "equal" else m)
    return min(start, max(start, end)), max(start, end)


def doubt(wanted: Words, each: Difference, heard: str, path: Path, gain: float, against: float, told: bool = True) -> Doubt:
    """A doubt with its evidence."""
    span = wanted.span(each.start, each.end)
    expected = wanted.text(each.start, each.end)
    return Doubt(
        start=each.start,
        end=each.end,
        expected=expected,
        heard=heard,
        told=told,
        close=False,
        drop=wanted.drop(each.start, each.end),
        gain=gain,
        against=against,
        cost=cost(path, span),
        span=in_file(path, span),
    )


def unspoken(wanted: Words, found: Sequence[Doubt], path: Path) -> list[Doubt]:
    """Words that the ear wrote as expected, and yet finds far less likely than in the reference, away from other doubts."""
    near = {at for each in found for at in range(each.start - 1, each.end + 1)}
    words = [at for at in range(len(wanted.words)) if at not in near]
    return [
        doubt(wanted, Difference(at, at + 1, (0, 0)), "", path, 0.0, 0.0, told=False)
        for at in words
        if wanted.drop(at, at + 1) > DROP / 2 or cost(path, wanted.span(at, at + 1)) > UNLIKE
    ]


def closer(each: Doubt, wanted: Words, sound: Samples, reference: Samples, language: str, ear: Ear) -> Doubt:
    """A doubt with what is heard of its words alone."""
    spans = (each.span, wanted.span(each.start, each.end))
    crops = [ear.listen(crop(samples, *span)) for samples, span in zip((sound, reference), spans, strict=True)]
    mine, theirs = (ear.text(each, language) for each in crops)
    word, own, other = ("".join(plain(text, language)) for text in (each.expected, mine, theirs))
    if word in own or own == other or difflib.SequenceMatcher(None, word, other).ratio() < ITSELF:
        return each  # it is heard there; or the ear does not know it alone, wherever it is
    gain, against = (total(ear.align(each, mine, language)) - total(ear.align(each, theirs, language)) for each in crops)
    return replace(each, heard=mine.strip(" .,;:!?"), close=True, gain=gain, against=against)


def crop(samples: Samples, start: float, end: float) -> Samples:
    """A word with a little around it."""
    return samples[max(0, int((start - AROUND) * RATE)) : int((max(end, start + 0.1) + AROUND) * RATE)]


def total(tokens: Sequence[Token]) -> float:
    """How likely a text is."""
    return sum(token.score for token in tokens)


def holds(each: Doubt, music: bool) -> bool:
    """Whether a doubt is to be told."""
    far = each.gain - each.against
    if each.told:
        strong = each.gain > LIKELIER and far > APART * (1.5 if music else 1)
        return strong and (each.drop > 1 or not each.expected) and each.cost > HARDLY
    return each.cost > UNLIKE and (each.drop > DROP or (each.close and each.gain > CLOSER[0] and far > CLOSER[1]))


def both(first: Sequence[Doubt], second: Sequence[Doubt]) -> list[Doubt]:
    """Doubts that another reference leaves, each with the weaker evidence."""
    found = []
    for each in first:
        for other in second:
            if (other.start, other.end) == (each.start, each.end) or max(each.start, other.start) < min(each.end, other.end):
                weaker = {name: min(getattr(each, name), getattr(other, name)) for name in ("drop", "gain", "cost")}
                found.append(replace(each, **weaker, against=max(each.against, other.against)))
                break
    return found


def cost(path: Path, span: tuple[float, float]) -> float:
    """How unlike the two sounds are between two times of the first: the worst 120 ms."""
    first, last = int(span[0] * RATE / HOP), int(span[1] * RATE / HOP) + 1
    there = path.cost[max(0, first - 1) : max(0, last + 1)]
    return float(np.convolve(there, np.ones(6) / 6, "valid").max()) if len(there) >= 6 else float(there.mean()) if len(there) else 0.0


def in_file(path: Path, span: tuple[float, float]) -> tuple[float, float]:
    """Times of the first sound as times of the second."""
    start, end = (path.at[min(len(path.at) - 1, max(0, int(time * RATE / HOP)))] * HOP / RATE for time in span)
    return float(start), float(end)
