"""Is a finished bulletin still what its report says? One file here with `look` is one check; this one has their nouns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin.model import Ms

PROBLEM, WARNING = "problem", "warning"
"""How bad a finding is: not fit for air as it is; or to be known."""
LONGEST = 50
"""Characters of a sentence in a finding."""
Span = tuple[int, int]
"""(start, end) in ms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be."""

    severity: str
    """PROBLEM or WARNING."""
    what: str
    """In a sentence, what is wrong."""
    at: Ms | None = None
    """Where in the sound; None for all of it."""
    expected: str = ""
    """What the report says, or the limit."""
    found: str = ""
    """What is there."""
    hint: str = ""
    """What to do."""

    @property
    def where(self) -> str:
        """`2:05.3`, or empty for all of it."""
        return "" if self.at is None else clock(self.at)

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain values."""
        return {
            "severity": self.severity,
            "what": self.what,
            "at": self.where,
            "at_ms": self.at,
            "expected": self.expected,
            "found": self.found,
            "hint": self.hint,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What one check came to."""

    name: str
    """`file`, `tags`, `levels`..."""
    summary: str
    """What was measured, for people, on a line."""
    measured: Mapping[str, Any] = field(default_factory=dict)
    """The same as plain values."""
    findings: Sequence[Finding] = ()

    @property
    def word(self) -> str:
        """`ok`, `warning` or `problem`: the worst of its findings."""
        found = {finding.severity for finding in self.findings}
        return PROBLEM if PROBLEM in found else WARNING if WARNING in found else "ok"

    def as_dict(self) -> dict[str, Any]:
        """The check as plain values."""
        findings = [finding.as_dict() for finding in self.findings]
        return {"name": self.name, "result": self.word, "summary": self.summary, "measured": dict(self.measured), "findings": findings}


# --- what the report tells ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A clip of a sentence, in its place."""

    key: str
    """In the store of clips; empty where the report does not have it."""
    start: Ms
    duration: Ms
    gain: float
    """dB in the mix, before the whole was brought to its target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A segment, when it is said, and its clips."""

    id: str
    role: str
    """`opening`, `headlines`, `lead-in`, `headline`, `body` or `closing`."""
    text: str
    start: Ms
    duration: Ms
    pieces: tuple[Piece, ...]

    @property
    def quoted(self) -> str:
        """Its words in quotation marks, cut short."""
        return f"“{self.text if len(self.text) <= LONGEST else self.text[: LONGEST - 1].rstrip() + '…'}”"


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """A cue that is no speech."""

    role: str
    """`intro`, `sting`, `bed`, `outro`."""
    start: Ms
    duration: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Mastered:
    """A file of sound as the report has it."""

    name: str
    """Of the file, without its folder."""
    ending: str
    """What stands behind the bulletin's own name: `.mp3`, `-air.wav`."""
    master: str
    sha256: str
    """Empty where the report does not have it."""
    rate: int
    channels: int
    target: float
    """LUFS."""
    limit: float
    """dBTP."""
    levels: Mapping[str, float]
    """Measured when it was made, by the names of the report: `loudness_lufs`, `true_peak_dbtp`..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A report, as far as it can be proven."""

    path: Path
    values: Mapping[str, Any]
    """All of it."""
    made: datetime
    until: datetime | None
    station: str
    language: str
    duration: Ms
    out_cue: str
    masters: tuple[Mastered, ...]
    stories: tuple[tuple[str, Ms, Ms], ...]
    """(headline, start, end) of each."""
    lines: tuple[Line, ...]
    music: tuple[Music, ...]

    @property
    def pieces(self) -> list[tuple[Line, Piece]]:
        """Every clip with its sentence, in order."""
        return [(line, piece) for line in self.lines for piece in line.pieces]

    @property
    def title(self) -> str:
        """The headlines, as the tags have them."""
        return "; ".join(headline for headline, _, _ in self.stories)


# --- small words --------------------------------------------------------------------------------------------


def clock(time: int) -> str:
    """Milliseconds as `2:05.3`."""
    tenths = round(time / 100)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def seconds(time: float) -> str:
    """Milliseconds as `3.0 s`, or as `40 ms` where they are few."""
    return f"{time / 1000:.1f} s" if abs(time) >= 100 else f"{time:.0f} ms"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 sentence`, `2 sentences`."""
    return f"{number} {one if number == 1 else many or one + 's'}"
