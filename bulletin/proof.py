"""Is a clip as long, and does it end, as what this voice says of such words? Plain arithmetic over measured clips; no sound.

A voice that leaves words out, or is cut off, is caught by its own habits: seconds a letter, and silence left behind. Measured on 705
sentences of news, hibari stays within 0.71 to 1.17 of its usual length for the same letters, Piper on 68 within 0.75 to 1.19.
"""

from __future__ import annotations

import math
import re
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PRIOR = 0.058
"""Seconds a unit, of a voice that nothing is known of."""
DOUBT = 1.45
"""By what factor a long sentence is too short or too long at least: beyond every one that was measured."""
STRANGER = 2.8
"""The same for a voice that nothing is known of: from the quickest to the slowest there are."""
SPREADS = 6.0
"""How many times a voice's own spread is still its own."""
SLACK = 4.0
"""Units by which a sentence may be off however short it is: `Yes.` takes as long as a voice likes."""
FEW, ENOUGH = 5, 12
"""Clips from which on a voice is known a little, and well."""
MOST = 500
"""Clips after which what was measured long ago counts less."""
TAIL = 0.25
"""Share of the silence that a voice usually leaves behind a sentence, under which it was cut off..."""
SHORTEST_TAIL = 80.0
"""... where it usually leaves so many milliseconds."""
SCRIPTS = {
    **{"CJK": 5.5, "HIRAGANA": 2.2, "KATAKANA": 2.2, "HANGUL": 2.5, "ARABIC": 1.5, "HEBREW": 1.2},
    **{"THAI": 1.9, "DEVANAGARI": 1.7, "BENGALI": 1.9},
}
"""Units of a letter, by the first word of its Unicode name; 1 for all others."""
FIGURE, CAPITAL, COMMA, SPACE = 4.0, 1.5, 2.5, 0.5
"""Units of a digit (a word, if nobody has written it out), more for a letter that stands for its name, of a pause, of a space."""
EDGE = 4.0
"""Units of the first and the last sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How a voice speaks, as measured."""

    unit: float
    """Seconds a unit, the median over its clips, at its own pace."""
    spread: float
    """Of the logarithm of that from clip to clip: 1.4826 times the median deviation."""
    tail: float
    """Milliseconds of silence that it leaves behind a sentence, the median."""
    clips: int
    """How many were measured."""

    @classmethod
    def of(cls, facts: Mapping[str, Any] | None) -> Pace:
        """A pace as it was remembered, else that of a voice that nothing is known of."""
        return cls(**facts) if facts else UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What is known of one clip."""

    words: str
    duration: float
    """Seconds at the voice's own pace: the clip's length times its rate."""
    tail: float
    """Milliseconds."""


UNKNOWN = Pace(unit=PRIOR, spread=0.0, tail=0.0, clips=0)


def units(words: str) -> float:
    """How much there is to say, in letters of an alphabet."""
    spelled = [] if words.isupper() else re.findall(r"\b[A-Z]{1,4}\b", words)
    return EDGE + sum(map(weight, words)) + CAPITAL * sum(map(len, spelled))


def weight(char: str) -> float:
    """What one character takes to say, in letters of an alphabet."""
    if char.isdigit():
        return FIGURE
    if char.isspace():
        return SPACE
    if not char.isalpha():
        return COMMA if char in ",;:—–،，、；：" else 0.0
    return 1.0 if char < "\u0590" else SCRIPTS.get(unicodedata.name(char, "").partition(" ")[0], 1.0)


def measured(clips: Sequence[Measured], before: Pace = UNKNOWN) -> Pace:
    """A voice's pace by its clips, and by what was known before; unknown while there are few."""
    if len(clips) + before.clips < FEW or not clips:
        return before
    paces = [clip.duration / units(clip.words) for clip in clips]
    unit = statistics.median(paces)
    spread = 1.4826 * statistics.median(abs(math.log(pace / unit)) for pace in paces)
    tail = statistics.median(clip.tail for clip in clips)
    share = len(clips) / (len(clips) + before.clips)

    def mixed(now: float, then: float) -> float:
        return now * share + then * (1 - share)

    return Pace(
        unit=mixed(unit, before.unit),
        spread=mixed(spread, before.spread),
        tail=mixed(tail, before.tail),
        clips=min(MOST, len(clips) + before.clips),
    )


def doubt(clip: Measured, pace: Pace) -> str:
    """Why a clip can hardly be what its voice says of its words; empty where it can."""
    wanted = units(clip.words)
    off = math.log(clip.duration / (wanted * pace.unit))
    allowed = SLACK / wanted + (max(math.log(DOUBT), SPREADS * pace.spread) if pace.clips >= ENOUGH else math.log(hardly(pace.clips)))
    expected = f"{clip.duration:.1f} s where {wanted * pace.unit:.1f} s were to be expected"
    if off < -allowed:
        return f"is too short ({expected})"
    if off > allowed:
        return f"is too long ({expected})"
    if cut_off(clip, pace):
        return f"breaks off ({clip.tail:.0f} ms of silence behind it where {pace.tail:.0f} are usual)"
    return ""


def cut_off(clip: Measured, pace: Pace) -> bool:
    """Whether a clip leaves less silence behind it than its voice does."""
    return pace.clips >= ENOUGH and pace.tail >= SHORTEST_TAIL and clip.tail < TAIL * pace.tail


def hardly(clips: int) -> float:
    """By what factor a sentence is off for certain, where few clips of its voice have been measured."""
    return STRANGER if clips < FEW else DOUBT + (STRANGER - DOUBT) * (ENOUGH - clips) / ENOUGH
