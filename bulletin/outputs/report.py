"""The JSON report beside the bulletin: what is said when, what is skipped and why, what fell short."""

from __future__ import annotations

import json
from pathlib import Path

from bulletin.model import Report, Station

SUFFIX = ".json"


def write(report: Report, station: Station, path: Path) -> None:
    """The report as indented JSON. Raises OSError."""
    path.write_text(json.dumps(report.as_dict(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
