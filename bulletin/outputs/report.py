"""The JSON report beside the bulletin: what is said when, what is skipped and why, what fell short."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bulletin.model import Report, Station

SUFFIX = ".json"


def write(report: Report, station: Station, path: Path) -> None:
    """The report as indented JSON. Raises OSError."""
    path.write_text(json.dumps(as_dict(report), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def as_dict(report: Report) -> dict[str, Any]:
    """The report as plain values; times in milliseconds."""
    programme, rundown = report.programme, report.rundown
    lines = programme.sheet.transcript
    voices = list(dict.fromkeys(line.voice for line in lines))
    return {
        "files": [str(file) for file in report.files],
        "made": rundown.at.isoformat(),
        "station": report.station,
        "language": rundown.language,
        "duration_ms": programme.duration,
        "loudness_lufs": programme.loudness,
        "true_peak_dbtp": programme.true_peak,
        "voice": voices[0] if voices else "",
        "voices": voices,
        "stories": [
            {"headline": chapter.title, "source": chapter.source, "start_ms": chapter.start, "end_ms": chapter.end}
            for chapter in programme.sheet.chapters
        ],
        "segments": [
            {
                "id": line.segment.id,
                "role": line.segment.role,
                "text": line.segment.text,
                "said": line.segment.said,
                "language": line.segment.language,
                "voice": line.voice,
                "start_ms": line.start,
                "duration_ms": line.duration,
                "stored": line.stored,
            }
            for line in lines
        ],
        "cues": [
            {"role": cue.role, "start_ms": cue.start, "duration_ms": cue.length}
            for cue in programme.sheet.cues
            if cue.role != "speech"
        ],
        "skipped": [{"text": text, "reason": reason} for text, reason in report.skipped],
        "problems": [
            {"message": problem.message, "hint": problem.hint, "source": problem.source} for problem in report.problems
        ],
        "synthesised": sum(not line.stored for line in lines),
        "stored": sum(line.stored for line in lines),
        "mix_stored": programme.stored,
        "seconds": {step: round(seconds, 3) for step, seconds in report.seconds.items()},
    }
