"""The transcript as WebVTT (W3C): a cue a sentence, its speaker in a voice span; what Apple Podcasts and web players read."""

from __future__ import annotations

from html import escape
from pathlib import Path

from bulletin.model import Report, Station
from bulletin.outputs.captions import stamp, wrapped

SUFFIX = ".vtt"
WIDTH = 32
"""Characters of a line, as Podcasting 2.0 asks of captions."""


def write(report: Report, station: Station, path: Path) -> None:
    """The transcript. Raises OSError."""
    notes = [report.disclosure, *(f"{correction.at:%Y-%m-%d %H:%M} {correction.note}" for correction in report.history.corrections)]
    parts = ["WEBVTT", *(f"NOTE {' '.join(note.replace('-->', '→').split())}" for note in notes if note)]
    for line in report.programme.sheet.transcript:
        words = escape("\n".join(wrapped(line.segment.text, WIDTH)), quote=False)
        speaker = escape(report.speakers.get(line.voice, line.voice), quote=False).replace("\n", " ")
        parts.append(f"{stamp(line.start)} --> {stamp(line.start + line.duration)}\n<v {speaker}>{words}")
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")
