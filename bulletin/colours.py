"""Two colours of a station's become those of a page, readable on light and on dark paper whatever they are (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

ENOUGH = 4.6
"""Contrast of words against what they stand on: 4.5, and a little for rounding."""
STEPS = 100


def channels(colour: str) -> tuple[int, int, int]:
    """`#12263f` as red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, “relative luminance”)."""
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in (c / 255 for c in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21 (WCAG 2.2, “contrast ratio”)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """A colour with a share of another."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(channels(one), channels(other), strict=True))


def readable(colour: str, paper: str, enough: float = ENOUGH) -> str:
    """The colour, made darker or lighter until words in it can be read on the paper."""
    towards = max(("#000000", "#ffffff"), key=lambda end: contrast(end, paper))
    shades = (mixed(colour, towards, step / STEPS) for step in range(STEPS + 1))
    return next((shade for shade in shades if contrast(shade, paper) >= enough), towards)


def ink(paper: str) -> str:
    """Black or white, whichever is read better on a colour."""
    return max(("#ffffff", "#000000"), key=lambda end: contrast(end, paper))
