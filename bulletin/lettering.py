"""Words become outlines: each script in a font that ships, shaped by HarfBuzz, in the order in which they are read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""The corners of a closed line, of shape (n, 2)."""

FONTS = ("inter.ttf", "arabic.ttf", "hebrew.ttf", "devanagari.ttf", "bengali.ttf", "thai.ttf", "cjk.otf")
"""In `bulletin/fonts`; the first that has a character draws it. One that is missing is done without."""
TIGHT = {"inter.ttf": -0.012}
"""What is added to each advance, in em: large letters stand closer."""
CURVE = np.linspace(0, 1, 13)[1:, None]
"""Where a curve is cut into straight pieces."""
JOINERS = "\u200c\u200d"
RIGHT_TO_LEFT = ("R", "AL")
NUMBERS = ("EN", "AN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Characters that one font draws in one direction."""

    font: str
    level: int
    """Odd from right to left (UAX #9)."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of lettering, one em high, from its baseline's left end; y grows downwards, as in pictures."""

    outlines: tuple[Points, ...]
    left: float
    """Where the ink ends, in em, as the three that follow."""
    right: float
    top: float
    """Negative above the baseline."""
    bottom: float


class Pen:
    """Takes a glyph's outline from HarfBuzz, as fontTools' pens do, and cuts its curves into straight pieces."""

    def __init__(self) -> None:
        self.outlines: list[Points] = []
        self.points: list[Points] = []

    def moveTo(self, point: Sequence[float]) -> None:  # noqa: N802  # fontTools' name, as are the others
        """Begin an outline."""
        self.points = [np.array([point])]

    def lineTo(self, point: Sequence[float]) -> None:  # noqa: N802
        """Go on straight."""
        self.points.append(np.array([point]))

    def qCurveTo(self, bend: Sequence[float], end: Sequence[float]) -> None:  # noqa: N802
        """Go on in a quadratic curve, TrueType's."""
        t, start = CURVE, self.points[-1][-1]
        self.points.append((1 - t) ** 2 * start + 2 * t * (1 - t) * np.array(bend) + t**2 * np.array(end))

    def curveTo(self, first: Sequence[float], second: Sequence[float], end: Sequence[float]) -> None:  # noqa: N802
        """Go on in a cubic curve, PostScript's."""
        t, start = CURVE, self.points[-1][-1]
        bent = 3 * t * (1 - t) ** 2 * np.array(first) + 3 * t**2 * (1 - t) * np.array(second)
        self.points.append((1 - t) ** 3 * start + bent + t**3 * np.array(end))

    def closePath(self) -> None:  # noqa: N802
        """End an outline."""
        self.outlines.append(np.concatenate(self.points))


@cache
def font(name: str) -> Any:
    """A font that ships, or None where it does not."""
    import uharfbuzz

    file = resources.files("bulletin") / "fonts" / name
    return uharfbuzz.Font(uharfbuzz.Face(file.read_bytes())) if file.is_file() else None


def has(name: str, sign: str) -> bool:
    """Whether a font draws a character."""
    return bool((found := font(name)) and found.get_nominal_glyph(ord(sign)))


def drawable(text: str) -> str:
    """The text as it can be drawn: without emoji and other signs that no font has, or empty where a letter would be missing."""
    text = "".join(sign for sign in unicodedata.normalize("NFC", " ".join(text.split())) if not is_selector(sign))
    missing = {sign for sign in text if not any(has(name, sign) for name in FONTS)}
    if any(unicodedata.category(sign) in ("Mn", "Mc") or unicodedata.category(sign)[0] in "LN" for sign in missing):
        return ""
    kept = ""
    for sign in text:
        joins = kept and unicodedata.category(kept[-1])[0] in "LM"
        if sign not in missing and (sign not in JOINERS or joins):
            kept += sign
    return " ".join(kept.split())


def is_selector(sign: str) -> bool:
    """Whether a character only picks another's look (an emoji's), or turns the order of others by hand."""
    return "\ufe00" <= sign <= "\ufe0f" or "\U000e0100" <= sign <= "\U000e01ef" or "\u202a" <= sign <= "\u202e" or sign in "\u200e\u200f"


def reads_rightwards(text: str) -> bool:
    """Whether a text reads from left to right, as its first letter does (UAX #9, P2 and P3)."""
    return next((kind == "L" for kind in map(unicodedata.bidirectional, text) if kind in ("L", *RIGHT_TO_LEFT)), True)


def levels(text: str, rightwards: bool) -> list[int]:
    """The level of each character (UAX #9, W and N rules, without explicit embedding): odd is from right to left."""
    base = 0 if rightwards else 1
    kinds = [unicodedata.bidirectional(sign) for sign in text]
    found: list[int | None] = []
    for at, kind in enumerate(kinds):
        strong = next((each for each in reversed(kinds[:at]) if each in ("L", *RIGHT_TO_LEFT)), "L" if rightwards else "R")
        if kind == "NSM" and found:
            found.append(found[-1])
        elif kind in RIGHT_TO_LEFT:
            found.append(1)
        elif kind == "L":
            found.append(2 * base)
        elif kind in NUMBERS:
            found.append(0 if not base and strong == "L" else 2)
        elif kind in ("CS", "ES") and 0 < at < len(text) - 1 and kinds[at - 1] in NUMBERS and kinds[at + 1] in NUMBERS:
            found.append(found[-1])
        else:
            found.append(None)
    return [level if level is not None else between(kinds, found, at, base) for at, level in enumerate(found)]


def between(kinds: Sequence[str], found: Sequence[int | None], at: int, base: int) -> int:
    """The level of a space or a sign: that of what stands around it where both sides agree, else the text's (N1 and N2)."""

    def side(places: range) -> bool:
        """Whether the nearest letter or number reads from the right; numbers after Arabic count so."""
        for place in places:
            if (level := found[place]) is not None:
                return level % 2 == 1 or (kinds[place] in NUMBERS and level == 2)
        return base == 1

    before, after = side(range(at - 1, -1, -1)), side(range(at + 1, len(kinds)))
    return (1 if before else 2 * base) if before == after else base


def runs(text: str, rightwards: bool) -> list[Run]:
    """The text in pieces that one font draws, in the order in which they stand from left to right (UAX #9, L2)."""
    fonts: list[str] = []
    for sign in text:
        stays = fonts and not unicodedata.category(sign).startswith("L") and has(fonts[-1], sign)
        fonts.append(fonts[-1] if stays else next(name for name in FONTS if has(name, sign)))
    marked = zip(fonts, levels(text, rightwards), text, strict=True)
    found = [
        Run(font=name, level=level, text="".join(sign for *_, sign in signs))
        for (name, level), signs in groupby(marked, key=lambda each: each[:2])
    ]
    for level in range(max((run.level for run in found), default=0), 0, -1):
        turned: list[Run] = []
        for high, group in groupby(found, key=lambda run: run.level >= level):
            pieces = list(group)
            turned += pieces[::-1] if high else pieces
        found = turned
    return found


def shaped(run: Run) -> Iterator[tuple[int, float, float, float]]:
    """The glyphs of a run from left to right: number, advance, and how far each is moved right and up, in em."""
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.level % 2 else "ltr"
    uharfbuzz.shape(font(run.font), buffer)
    em = font(run.font).face.upem
    for glyph, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        closer = TIGHT.get(run.font, 0) if place.x_advance else 0
        yield glyph.codepoint, place.x_advance / em + closer, place.x_offset / em, place.y_offset / em


def width(text: str) -> float:
    """How wide a text is set, in em."""
    return sum(advance for run in runs(text, True) for _, advance, _, _ in shaped(run))


def line(text: str, rightwards: bool) -> Line:
    """A text set in one line; all of it must be drawable."""
    outlines: list[Points] = []
    x = 0.0
    for run in runs(text, rightwards):
        for glyph, advance, right, up in shaped(run):
            outlines += [points * (1, -1) + (x + right, -up) for points in outline(run.font, glyph)]
            x += advance
    ends = np.concatenate(outlines or [np.zeros((1, 2))])
    (left, top), (end, bottom) = ends.min(axis=0), ends.max(axis=0)
    return Line(outlines=tuple(outlines), left=float(left), right=float(end), top=float(top), bottom=float(bottom))


@cache
def outline(name: str, glyph: int) -> tuple[Points, ...]:
    """A glyph's outlines, in em, y upwards."""
    pen = Pen()
    font(name).draw_glyph_with_pen(glyph, pen)
    return tuple(points / font(name).face.upem for points in pen.outlines)
