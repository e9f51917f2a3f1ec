"""A podcast's cover for a station that has none: its name, and waves that go out from a corner as its letters will have it."""

from __future__ import annotations

import hashlib
import math
import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bulletin import lettering
from bulletin.lettering import Line, Points

Colour = NDArray[np.float64]
"""Red, green and blue, each 0 to 255."""
Picture = NDArray[np.float32]
"""Of shape (SIDE, SIDE, 3)."""

SIDE = 1500
"""Pixels; Apple's rule: 1400 to 3000, RGB without alpha."""
MARGIN = 108
TALLEST = 0.58
"""The part of the height that a name may take."""
LARGEST = 640
"""Pixels an em."""
LINES = 7
TORN = 0.8
"""What a name loses of its size, as it is compared, where a line ends within a word."""
LONGEST = 80
"""Characters of a name; more could not be read."""
LONG_WORD = 40
HAN, KATAKANA, OPENING, CLOSING = "㐀-鿿豈-\ufaff々", "ァ-ヿ", "「『（【〈《", "、。・！？）」』】〉》"
EASTERN = re.compile(
    rf"[{OPENING}]*(?:[{HAN}]{{2}}(?:[{HAN}](?![{HAN}]))?|[{HAN}]|[{KATAKANA}]+|.+?(?=[{OPENING}{HAN}{KATAKANA}]|$))[ぁ-ゟ{CLOSING}]*\s*"
)
"""Between what a line of Chinese or Japanese may end, as far as it is known without a dictionary: two ideographs, or three at the end,
with the kana behind them; words in katakana; all else whole."""
LEADING, GAP = 0.98, 0.12
"""Em from baseline to baseline at least, and between the ink of two lines."""
PITCH = 150
"""Pixels from wave to wave."""
SOURCE = 0.5
"""The radius of what sends them, in parts of the pitch."""
WEIGHTS = (0.18, 0.26, 0.34, 0.34)
"""Half a wave's breadth, in parts of the pitch."""
SWEEPS = (0.5, 0.7, 0.85, 1.0)
"""How far a wave goes, in parts of the room it has."""
TINTS = (1.0, 1.0, 0.7, 0.45)
"""How much of the accent a wave has over the ground."""
READABLE, VISIBLE = 4.5, 3.0
"""Contrast of the words and of the waves with the ground (WCAG 2.2, 1.4.3 and 1.4.11)."""
STEPS = 15
"""Shades of an edge: more cannot be seen, and make the file larger."""
ROWS = 6
"""Lines in which a row of pixels is looked at, for smooth edges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A name as it is set."""

    lines: tuple[Line, ...]
    size: float
    """Pixels an em."""
    step: float
    """Em from baseline to baseline."""
    rightwards: bool

    def baselines(self) -> list[float]:
        """The y of each, in pixels; the ink of the last ends at the margin."""
        last = SIDE - MARGIN - max(0.0, self.lines[-1].bottom) * self.size
        return [last - (len(self.lines) - 1 - at) * self.step * self.size for at in range(len(self.lines))]

    def top(self) -> float:
        """Where the ink begins, in pixels."""
        return min(y + line.top * self.size for y, line in zip(self.baselines(), self.lines, strict=True))

    def outlines(self) -> list[Points]:
        """The letters, in pixels; flush left, or right where it reads from there."""
        found = []
        for y, line in zip(self.baselines(), self.lines, strict=True):
            x = MARGIN - line.left * self.size if self.rightwards else SIDE - MARGIN - line.right * self.size
            found += [points * self.size + (x, y) for points in line.outlines]
        return found


def draw(name: str, colours: tuple[str, str]) -> bytes:
    """A cover as PNG: SIDE pixels square, RGB. colours: the ground, and what stands out on it, as `#12263f`.

    The waves differ by the name. The words are light or dark, whichever is read better on the ground. Where a letter of the name is in
    no font that ships, the waves stand alone. The same name and colours give the same bytes.
    """
    ground, accent, ink = palette(*(rgb(colour) for colour in colours))
    picture = np.empty((SIDE, SIDE, 3), np.float32)
    picture[:] = ground
    words = lettering.drawable(name)
    setting = fitted(shortened(words)) if words else None
    letters = unicodedata.normalize("NFC", " ".join(name.split())).encode("utf-8", "replace")
    waves(picture, hashlib.sha256(letters).digest(), setting, ground, accent)
    if setting:
        paint(picture, setting.outlines(), ink)
    return png(picture)


# The name


def shortened(name: str) -> str:
    """As many words as a cover can bear."""
    if len(name) <= LONGEST:
        return name
    kept = name[:LONGEST].rpartition(" ")[0] or name[: LONGEST - 1]
    return kept + "…"


def pieces(name: str) -> list[str]:
    """A name in the pieces between which a line may end, each with the space behind it."""
    found: list[str] = []
    for word in re.findall(r"\S+\s*", name):
        parts = re.findall(r"[^-–]+[-–]*\s*|[-–]+\s*", word)
        for part in parts:
            found += EASTERN.findall(part) if len(part) <= LONG_WORD else chunks(part)
    return found


def chunks(part: str) -> list[str]:
    """A word that no line can hold, cut."""
    return [part[at : at + LONG_WORD // 2] for at in range(0, len(part), LONG_WORD // 2)]


def fitted(name: str) -> Setting | None:
    """The name in as many lines as let it stand largest, rather with whole words in each; None where it has no ink."""
    parts = pieces(name)
    rightwards = lettering.reads_rightwards(name)
    widths = [lettering.width(part) for part in parts]
    found: list[tuple[float, Setting]] = []
    for count in range(1, min(len(parts), LINES) + 1):
        texts = ["".join(parts[start:end]) for start, end in broken(widths, count)]
        lines = tuple(lettering.line(text.strip(), rightwards) for text in texts)
        step = max([LEADING, *(above.bottom - below.top + GAP for above, below in pairwise(lines))])
        wide = max(line.right - line.left for line in lines)
        tall = step * (count - 1) - lines[0].top + max(0.0, lines[-1].bottom)
        if wide > 0 and tall > 0:
            size = min((SIDE - 2 * MARGIN) / wide, SIDE * TALLEST / tall, LARGEST)
            whole = all(text[-1] in " -–" for text in texts[:-1])
            found.append((size if whole else size * TORN, Setting(lines=lines, size=size, step=step, rightwards=rightwards)))
    return max(found, key=lambda each: round(each[0]), default=(0.0, None))[1]


def broken(widths: Sequence[float], count: int) -> list[tuple[int, int]]:
    """Where to break so that the widest of so many lines is as narrow as can be, and then the others as even: (start, end) of each."""
    best: dict[tuple[int, int], tuple[tuple[float, float], list[tuple[int, int]]]] = {(0, 0): ((0.0, 0.0), [])}
    for number in range(1, count + 1):
        for end in range(number, len(widths) - (count - number) + 1):
            options = []
            for start in range(number - 1, end if number > 1 else 1):
                (widest, squares), lines = best[number - 1, start]
                wide = sum(widths[start:end])
                options.append(((max(widest, wide), squares + wide**2), [*lines, (start, end)]))
            best[number, end] = min(options)
    return best[count, len(widths)][1]


# The colours


def rgb(colour: str) -> Colour:
    """`#12263f` as numbers."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], float)


def mix(under: Colour, over: Colour, part: float) -> Colour:
    """So much of one colour over another."""
    return under + (over - under) * part


def luminance(colour: Colour) -> float:
    """Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2)."""
    parts = colour / 255
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(one: Colour, other: Colour) -> float:
    """1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def palette(ground: Colour, accent: Colour) -> tuple[Colour, Colour, Colour]:
    """Ground, accent and ink: black or white with a breath of the ground, and the accent brought nearer to it until it can be seen."""
    ink = max(np.zeros(3), np.full(3, 255.0), key=lambda each: contrast(each, ground))
    soft = mix(ink, ground, 0.04)
    part = next(part for part in np.arange(0, 1.01, 0.05) if contrast(mix(accent, ink, part), ground) >= VISIBLE)
    return ground, mix(accent, ink, part), soft if contrast(soft, ground) >= READABLE else ink


# The waves


def waves(picture: Picture, letters: bytes, setting: Setting | None, ground: Colour, accent: Colour) -> None:
    """Paint waves that go out from the corner where a line ends, as far as the name leaves them room."""
    mirrored = setting is not None and not setting.rightwards
    free = setting.top() - PITCH * 0.5 if setting else SIDE * 2.0
    shapes: dict[float, list[Points]] = {1.0: [arc(0.0, PITCH * SOURCE, math.pi / 2)]}
    for number in range(math.ceil(SIDE * math.sqrt(2) / PITCH)):
        turn = letters[number % len(letters)]
        radius, half = PITCH * (number + 1), PITCH * WEIGHTS[turn & 3]
        room = math.asin(min(1.0, (free - half) / radius))
        sweep = room * SWEEPS[turn >> 2 & 3]
        shapes.setdefault(TINTS[turn >> 4 & 3], []).append(arc(radius, half, sweep))
    for tint, outlines in sorted(shapes.items()):
        paint(picture, [points if mirrored else (SIDE, 0) + points * (-1, 1) for points in outlines], mix(ground, accent, tint))


def arc(radius: float, half: float, sweep: float) -> Points:
    """A band around the origin, from along the top edge downwards, with a round end; it begins outside the picture."""
    turns = np.linspace(-0.2, sweep, 160)
    outer, inner = ((radius + side) * np.stack([np.cos(turns), np.sin(turns)], axis=1) for side in (half, -half))
    around = sweep + np.linspace(0, math.pi, 40)[1:-1]
    middle = radius * np.array([math.cos(sweep), math.sin(sweep)])
    return np.concatenate([outer, middle + half * np.stack([np.cos(around), np.sin(around)], axis=1), inner[::-1]])


# The pixels


def paint(picture: Picture, outlines: Iterable[Points], colour: Colour) -> None:
    """Fill outlines with a colour."""
    shapes = list(outlines)
    ends = np.concatenate(shapes)
    left, top = np.clip(np.floor(ends.min(axis=0)).astype(int), 0, SIDE)
    right, bottom = np.clip(np.ceil(ends.max(axis=0)).astype(int) + 1, 0, SIDE)
    covered = coverage([points - (left, top) for points in shapes], right - left, bottom - top)
    under = picture[top:bottom, left:right]
    under += covered[..., None] * (colour.astype(np.float32) - under)


def coverage(outlines: Sequence[Points], width: int, height: int) -> NDArray[np.float32]:
    """How much of each pixel lies within outlines, 0 to 1: exact along a row, of which ROWS lines are looked at.

    Each edge adds, where a line crosses it, the part of the pixel to the right, and takes it away on its way back; the sum along the row is
    the winding number.
    """
    start = np.concatenate(outlines)
    end = np.concatenate([np.roll(points, -1, axis=0) for points in outlines])
    low, high = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    first, last = (np.clip(np.ceil(y * ROWS - 0.5), 0, height * ROWS).astype(int) for y in (low, high))
    count = last - first
    edge = np.repeat(np.arange(len(count)), count)
    row = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count - first, count)
    slope = (end[edge, 0] - start[edge, 0]) / (end[edge, 1] - start[edge, 1])
    x = np.clip(start[edge, 0] + ((row + 0.5) / ROWS - start[edge, 1]) * slope, 0, width)
    pixel = x.astype(int)
    weight = np.where(end[edge, 1] > start[edge, 1], 1.0, -1.0) / ROWS
    place = row // ROWS * (width + 2) + pixel
    size = height * (width + 2)
    change = np.bincount(place, weight * (1 - x + pixel), size) + np.bincount(place + 1, weight * (x - pixel), size)
    winding = np.cumsum(change.reshape(height, width + 2).astype(np.float32), axis=1)[:, :width]
    found: NDArray[np.float32] = np.rint(np.minimum(np.abs(winding), 1) * STEPS) / np.float32(STEPS)
    return found


def png(picture: Picture) -> bytes:
    """A picture as a PNG file, truecolour of 8 bits without alpha (W3C PNG, §11); rows without a filter, which suits flat colours best."""
    rows = np.zeros((SIDE, 1 + SIDE * 3), np.uint8)
    rows[:, 1:] = np.rint(picture).reshape(SIDE, -1)
    header = struct.pack(">2I5B", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
