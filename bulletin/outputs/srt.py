"""The transcript as SubRip: cues of two lines of 32 characters, as Podcasting 2.0 asks (podcast namespace, `transcript`)."""

from __future__ import annotations

from pathlib import Path

from bulletin.model import Report, Station
from bulletin.outputs.captions import shares, stamp, wrapped

SUFFIX = ".srt"
WIDTH = 32
"""Characters of a line."""
LINES = 2
"""Lines of a cue; a longer sentence is several cues."""


def write(report: Report, station: Station, path: Path) -> None:
    """The transcript; who speaks is said where it changes. Raises OSError."""
    cues, before = [], ""
    for line in report.programme.sheet.transcript:
        speaker = report.speakers.get(line.voice, line.voice)
        lines = wrapped(line.segment.text if speaker == before else f"{speaker}: {line.segment.text}", WIDTH)
        texts = ["\n".join(lines[at : at + LINES]) for at in range(0, len(lines), LINES)]
        cues += shares(line.start, line.duration, texts)
        before = speaker
    parts = (f"{number}\n{stamp(start, ',')} --> {stamp(end, ',')}\n{text}" for number, (start, end, text) in enumerate(cues, 1))
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
