"""The transcript as WebVTT (W3C): a cue a sentence, its speaker in a voice span; what Apple Podcasts and web players read."""

from __future__ import annotations

from html import escape
from pathlib import Path

from bulletin.model import Correction, Report, Station
from bulletin.outputs.captions import stamp, wrapped

SUFFIX = ".vtt"
WIDTH = 32
"""Characters of a line, as Podcasting 2.0 asks of captions."""


def write(report: Report, station: Station, path: Path) -> None:
    """The transcript. Raises OSError."""
    parts = ["WEBVTT", *([comment(report.disclosure)] if report.disclosure else []), *map(told, report.history.corrections)]
    for line in report.programme.sheet.transcript:
        words = escape("\n".join(wrapped(line.segment.text, WIDTH)), quote=False)
        speaker = escape(report.speakers.get(line.voice, line.voice), quote=False).replace("\n", " ")
        parts.append(f"{stamp(line.start)} --> {stamp(line.start + line.duration)}\n<v {speaker}>{words}")
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8", newline="\n")


def noted(written: str, correction: Correction) -> str:
    """Captions that were written, with one more correction after the others."""
    parts = written.split("\n\n")
    end = next((at for at, part in enumerate(parts) if at and not part.startswith("NOTE ")), len(parts))
    return "\n\n".join([*parts[:end], told(correction), *parts[end:]])


def told(correction: Correction) -> str:
    """The comment of a correction."""
    return comment(f"{correction.at:%Y-%m-%d %H:%M} {correction.note}")


def comment(text: str) -> str:
    """A comment of one line (W3C WebVTT §4.1), in which no arrow may stand."""
    return f"NOTE {' '.join(text.replace('-->', '→').split())}"
