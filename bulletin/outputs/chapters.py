"""The chapters as JSON, version 1.2.0 of the podcast namespace's format: a story each, with the page it is from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bulletin.model import Chapter, Report, Station

SUFFIX = ".chapters.json"
VERSION = "1.2.0"


def write(report: Report, station: Station, path: Path) -> None:
    """The chapters. Raises OSError."""
    about = {"version": VERSION, "title": report.title, "podcastName": station.podcast.title, "author": station.podcast.author}
    found = {**about, "chapters": [chapter(each) for each in report.programme.sheet.chapters]}
    path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def chapter(told: Chapter) -> dict[str, Any]:
    """One chapter; times in seconds. A source that is a file is nobody's business."""
    url = {"url": told.source} if told.source.startswith(("http://", "https://")) else {}
    return {"startTime": told.start / 1000, "endTime": told.end / 1000, "title": told.title, **url}
