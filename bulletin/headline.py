"""Which line of a text is its headline, by the judge and by where the story begins."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from bulletin.evidence import Evidence
from bulletin.model import Article
from bulletin.phrases import Phrasebook, is_story, length, squeezed
from bulletin.spans import PARAGRAPH

if TYPE_CHECKING:
    from bulletin.judge import Judges

HEADLINE = 0.01
"""The likeliest headline is one if it is at least so likely."""
RUN = 8
"""Lines from one paragraph of a story to the next."""
HEADLINE_BELOW, BELOW = 0.1, 8
"""So likely must it be below what reads as a paragraph, and so near: a caption may stand above it."""


def headline_index(article: Article, evidence: Evidence, judges: Judges, book: Phrasebook) -> int | None:
    """Index of the block that is the headline, or None where the page shows none."""
    blocks = article.blocks
    if article.title:
        wanted = squeezed(article.title)
        same = [index for index, key in enumerate(evidence.keys) if key == wanted]
        headings = [index for index in same if blocks[index].hints.get("<h1>") or blocks[index].kind == "heading"]
        return next(iter(headings or same), None)
    matrix = evidence.matrix()
    likely = judges.headline.probability(matrix)
    paragraphs = [index for index, block in enumerate(blocks) if is_story(block.text)]
    story = judges.story.probability(matrix[paragraphs])
    lead = first_of_run([index for index, chance in zip(paragraphs, story, strict=True) if chance >= PARAGRAPH], len(blocks))
    fit = [
        index
        for index in range(min(len(blocks), lead + BELOW))
        if (index <= lead or likely[index] >= HEADLINE_BELOW) and looks_like_headline(blocks[index].text, book)
    ]
    best = max(fit, key=lambda index: float(likely[index]), default=None)
    return best if best is not None and (likely[best] >= HEADLINE or best == 0 < lead) else None


def first_of_run(paragraphs: list[int], none: int) -> int:
    """The first paragraph that has another one near below it: a cookie notice at the top has not."""
    runs = (one for one, other in itertools.pairwise(paragraphs) if other - one <= RUN)
    return next(runs, next(iter(paragraphs), none))


def looks_like_headline(text: str, book: Phrasebook) -> bool:
    """Short, more than a rubric, no paragraph, and no stamp of time."""
    return 6 <= len(text) <= 250 and length(text) >= 2 and not is_story(text) and book.stamp(text) < 1.0 and not book.reason(text)
