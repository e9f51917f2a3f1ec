"""The transcript as plain text, to read, print or send: stories with their headlines and the time at which each begins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from bulletin.model import Correction, Report, Station, TranscriptLine

SUFFIX = ".transcript.txt"
CORRECTION = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d: ")
"""How the paragraph of one begins."""


def write(report: Report, station: Station, path: Path) -> None:
    """The transcript. Raises OSError."""
    path.write_text("\n\n".join(filter(None, [*head(report, station), *body(report)])) + "\n", encoding="utf-8", newline="\n")


def noted(written: str, correction: Correction) -> str:
    """A transcript that was written, with one more correction after the others."""
    parts = written.split("\n\n")
    end = next((at for at, part in enumerate(parts) if at and not CORRECTION.match(part)), len(parts))
    return "\n\n".join([*parts[:end], told(correction), *parts[end:]])


def text(report: Report) -> str:
    """What is said, without a head: for a player's own field."""
    return "\n\n".join(body(report))


def head(report: Report, station: Station) -> Iterator[str]:
    """What it is, of whom, and what became of it since."""
    yield f"{station.podcast.title}, {report.rundown.at:%Y-%m-%d %H:%M %z}".strip()
    yield from map(told, report.history.corrections)
    if report.disclosure not in {line.segment.text for line in report.programme.sheet.transcript}:
        yield report.disclosure


def told(correction: Correction) -> str:
    """The paragraph of a correction."""
    return f"{correction.at:%Y-%m-%d %H:%M}: {correction.note}"


def body(report: Report) -> Iterator[str]:
    """The passages, each a paragraph; a headline with its time."""
    lines = report.programme.sheet.transcript
    several = len({line.voice for line in lines}) > 1
    before = ""
    for _, passage in groupby(lines, key=place):
        said = list(passage)
        words = " ".join(line.segment.text for line in said)
        speaker = report.speakers.get(said[0].voice, said[0].voice)
        if said[0].segment.role == "headline":
            yield f"[{clock(said[0].start)}] {words}"
        else:
            yield f"{speaker}: {words}" if several and speaker != before else words
        before = speaker


def place(line: TranscriptLine) -> tuple[str, int | None, int, str]:
    """The passage that a line is of, and who reads it."""
    return (line.segment.role, line.segment.story, line.segment.passage, line.voice)


def clock(milliseconds: int) -> str:
    """`1:05`, `1:02:03`: rounded down, so that the words are still to come."""
    seconds = milliseconds // 1000
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}" if seconds >= 3600 else f"{seconds // 60}:{seconds % 60:02d}"
