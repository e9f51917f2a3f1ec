"""How likely each line is to be story, and which is the headline: what `scripts/train` learned, asked of the evidence.

A model is a few hundred symmetric trees: each puts the same handful of questions ("is the column over this number?") to every
line, and the answers, read as a binary number, name a value; the values add up to log odds. `judge.json` holds the questions by
the names of their columns, so that they can be read.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from bulletin import evidence

if TYPE_CHECKING:
    from bulletin.evidence import Matrix


AT_ONCE = 1024
"""Rows that are asked at once: a page of 25,000 lines takes no more memory than one of 1,000."""


@dataclass(frozen=True, slots=True)
class Model:
    """Trees of one depth, laid side by side."""

    columns: Any
    """int, shape (trees * depth,): which column each question is of."""
    borders: Any
    """float32, the same shape: what the column must be over. NaN counts as under."""
    values: Any
    """float32, shape (trees, 2 ** depth)."""
    bias: float

    def probability(self, matrix: Matrix) -> Matrix:
        """A probability a row, float32, shape (n,)."""
        import numpy as np

        if len(matrix) > AT_ONCE:
            return np.concatenate([self.probability(matrix[at : at + AT_ONCE]) for at in range(0, len(matrix), AT_ONCE)])
        trees, leaves = self.values.shape
        depth = leaves.bit_length() - 1
        turned = np.ascontiguousarray(matrix.T)
        with np.errstate(invalid="ignore"):
            answers = (turned[self.columns] > self.borders[:, None]).view(np.uint8).reshape(trees, depth, len(matrix))
        leaf = np.repeat(np.arange(0, trees * leaves, leaves)[:, None], len(matrix), axis=1)
        for at in range(depth):
            leaf += answers[:, at].astype(np.intp) << at
        odds = self.values.ravel().take(leaf).sum(axis=0) + self.bias
        return (1 / (1 + np.exp(-odds))).astype(np.float32)  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Judges:
    """Both models."""

    headline: Model
    """Asked of the evidence without a headline: which line is it?"""
    story: Model
    """Asked of the evidence with it: which lines are story?"""


@functools.cache
def shipped() -> Judges:
    """The models that ship."""
    data = json.loads(resources.files("bulletin").joinpath("judge.json").read_text(encoding="utf-8"))
    return Judges(headline=build(data["headline"]), story=build(data["story"]))


def build(data: Mapping[str, Any]) -> Model:
    """A model from plain values."""
    import numpy as np

    column = {known: at for at, known in enumerate(evidence.NAMES)}
    questions = [question for tree in data["trees"] for question in tree["over"]]
    return Model(
        columns=np.array([column[known] for known, _ in questions]),
        borders=np.array([border for _, border in questions], np.float32),
        values=np.array([tree["values"] for tree in data["trees"]], np.float32),
        bias=float(data["bias"]),
    )
