"""Which bulletin is the newest in a folder, and whether it still holds: what a playout system asks before it plays one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from glob import escape
from pathlib import Path
from typing import Any

from bulletin.errors import PublishError
from bulletin.model import Edition

SOUNDS = (".mp3", ".wav")
NEAR = timedelta(hours=2)
"""How long before its broadcast a bulletin may be fetched; one of a date that is further off is not the latest yet."""


def latest(folder: Path, kind: str = "") -> Edition:
    """The edition with the latest time of broadcast that has come or is near; `kind` (`.wav`): of those that have such a file.

    Raises PublishError for none.
    """
    soon = datetime.now().astimezone() + NEAR
    found = [
        edition
        for edition in editions(folder)
        if edition.at <= soon and any(file.suffix.lower() == kind or not kind for file in edition.files)
    ]
    if not found:
        wanted = f"{kind[1:].upper()} of a bulletin" if kind else "bulletin"
        raise PublishError(f"There is no {wanted} in {folder}.", "Make one: bulletin make article.txt --latest")
    newest = max(found, key=lambda edition: (edition.at, edition.report.stat().st_mtime))
    files = tuple(file for file in newest.files if not kind or file.suffix.lower() == kind)
    return Edition(files=files, report=newest.report, at=newest.at, valid_until=newest.valid_until)


def editions(folder: Path) -> Iterator[Edition]:
    """The bulletins of a folder, by their reports; what is no report is passed by."""
    for path in sorted(folder.glob("*.json")):
        try:
            edition = read(path, json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if edition.files:
            yield edition


def read(path: Path, report: dict[str, Any]) -> Edition:
    """The edition of a report; its files are looked for beside it, under their own names or the report's, with which they may be moved."""
    names = [path.with_name(Path(name).name) for name in report["files"]]
    if not any(name.is_file() for name in names):
        names = sorted(found for kind in SOUNDS for found in path.parent.glob(f"{escape(path.stem)}*{kind}"))
    until = report.get("valid_until")
    return Edition(
        files=tuple(name for name in names if name.suffix.lower() in SOUNDS and name.is_file()),
        report=path,
        at=datetime.fromisoformat(report["made"]).astimezone(),
        valid_until=datetime.fromisoformat(until).astimezone() if until else None,
    )


def stale(edition: Edition, now: datetime, max_age: timedelta | None = None) -> bool:
    """Whether it holds no longer: by its own end, or by an age that it must not have."""
    ended = edition.valid_until is not None and now >= edition.valid_until
    return ended or (max_age is not None and now - edition.at > max_age)
