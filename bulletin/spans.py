"""How likely is likely enough: which lines are said, by themselves and by the story around them."""

from __future__ import annotations

from collections.abc import Iterator

from bulletin.phrases import STORY_WORDS, Phrasebook, ends, length
from bulletin.rules import HEAD, reads_on

PARAGRAPH, SENTENCE, LABEL = 0.84, 0.5, 0.4
"""A line that is at least so likely to be story is said: a paragraph, a shorter sentence, a line without a full stop. What reads
as a paragraph looks likelier than it is; a subhead or an item of a list less likely."""
SAID = 0.5
"""Odds that are even."""
FIRST, LAST = 0.35, 0.4
"""The paragraphs before the first that is said, and behind the last, are said from here on."""
TELLING = 0.08
"""A paragraph with this share of words to the reader, of an author or of a picture is not held on to."""
STANDFIRST = (0.2, 0.3, 0.3, 0.3, 0.3)
"""One of the lines under the headline, too, by its place; the first that is."""
ALONE = 0.1
"""The one sentence of a text that would not be said is said from here on: where nothing else is furniture, little is."""
ITEM, ITEMS = 0.1, range(2, 12)
"""So many lines behind a colon are its list if they are on average at least so likely."""
READS_ON = 0.1
"""A sentence with furniture's first words between two that are said is said from here on."""
BETWEEN = 0.4
"""A paragraph between two that are said is said from here on."""


def spans(texts: list[str], likely: list[float], headline: int | None, book: Phrasebook) -> list[bool]:
    """Whether each line is said, by itself and by the story around it: its first and last paragraph are held on to."""
    ended = [ends(text) for text in texts]
    story = [end and length(text) >= STORY_WORDS for end, text in zip(ended, texts, strict=True)]
    said = [chance >= enough(text) for chance, text in zip(likely, texts, strict=True)]
    paragraphs = [index for index, whole in enumerate(story) if whole and said[index]]
    paragraphs = paragraphs or [index for index, end in enumerate(ended) if end and said[index]]
    if not paragraphs:
        return [chance >= SAID for chance in likely]
    first, last = paragraphs[0], paragraphs[-1]
    start = headline + 1 if headline is not None and headline < first else max(0, first - 3)
    for index in range(start, first):
        said[index] |= story[index] and likely[index] >= FIRST
    if headline is not None:
        below = range(headline + 1, min(len(texts), headline + 6))
        said[standfirst(texts, likely, said, below)] = True
    for index in range(last + 1, min(len(texts), last + 4)):
        said[index] |= story[index] and likely[index] >= LAST and neutral(texts[index], book)
    for index in range(first + 1, last):
        between = ended[index] and said[index - 1] and said[index + 1]
        said[index] |= between and likely[index] >= (READS_ON if opens_like_furniture(texts[index], book) else BETWEEN)
    for items in lists(texts, said, story):
        if sum(likely[index] for index in items) >= ITEM * len(items):
            for index in items:
                said[index] = True
    left = [index for index, told in enumerate(said) if not told and index != headline]
    if len(left) == 1 and ended[left[0]]:
        said[left[0]] = likely[left[0]] >= ALONE and neutral(texts[left[0]], book)
    return said


def standfirst(texts: list[str], likely: list[float], said: list[bool], below: range) -> int:
    """Index of the first of the lines below the headline that may be its standfirst, or of the headline itself."""
    for index, least in zip(below, STANDFIRST, strict=False):
        if said[index] or (5 <= length(texts[index]) <= 50 and likely[index] >= least):
            return index
    return below.start - 1


def neutral(text: str, book: Phrasebook) -> bool:
    """Whether few of a line's words speak to the reader, of an author or of a picture."""
    reader, career, pictured, *_ = book.tells(text)
    return max(reader, career, pictured) < TELLING


def enough(text: str) -> float:
    """How likely to be story a line must be to be said, by its form."""
    if not ends(text):
        return LABEL
    return PARAGRAPH if length(text) >= STORY_WORDS else SENTENCE


def sure(chance: float, least: float) -> float:
    """A chance against what is enough: a half where they are the same."""
    return chance * (1 - least) / (chance * (1 - least) + (1 - chance) * least)


def opens_like_furniture(text: str, book: Phrasebook) -> bool:
    """Whether a sentence has the first words of a stamp of time or a byline: `Posted to Malta in 1941, he never returned.`."""
    found = book.reason(text) if len(text) <= HEAD else None
    return bool(found and not found[1] and found[0] in ("byline", "timestamp") and reads_on(text, found[0]))


def lists(texts: list[str], said: list[bool], story: list[bool]) -> Iterator[range]:
    """The lines between a said line that ends in a colon and the next paragraph, where they may be its list."""
    index = 0
    while index < len(texts):
        start = index = index + 1
        if not said[start - 1] or not texts[start - 1].endswith((":", "：")) or length(texts[start - 1]) < 4:
            continue
        while index < len(texts) and not (said[index] and story[index]):
            index += 1
        items = range(start, index)
        plain = all(said[at] or not ends(texts[at]) for at in items)
        if ITEMS.start <= len(items) < ITEMS.stop and index < len(texts) and plain:
            yield items
