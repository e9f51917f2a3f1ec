"""The reports of a folder become episodes: which of them are out, and why the others are not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bulletin.errors import PublishError
from bulletin.model import Chapter, Correction, Episode, History, Ms, Segment, TranscriptLine

SOUND = ".mp3"
"""What podcast players play."""
BESIDE = (".vtt", ".srt", ".chapters.json", ".transcript.txt")
"""Endings of what a feed names beside the sound, in its order."""
LONGEST_TITLE = 255
"""Characters, PSP-1."""
OUT, SOON, EXPIRED, OLD, WITHDRAWN, SILENT, DOUBLE = "out", "not yet", "expired", "old", "withdrawn", "no MP3", "again"
"""What becomes of a bulletin of the folder; the last: another report tells of the same episode."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """The bulletins of one show in a folder."""

    out: tuple[Episode, ...]
    """Those that listeners may have, the newest first."""
    withdrawn: tuple[Episode, ...]
    """Those that were taken back."""
    left: Mapping[str, str]
    """Name of a bulletin that is not out -> why: `not yet`, `expired`, `old`, `no MP3`, `withdrawn`."""
    others: Mapping[str, int]
    """Feed of another show in the folder -> how many bulletins it has."""


def shelf(folder: Path, feed: str, now: datetime, keep_days: int = 0) -> Shelf:
    """The bulletins of a show. Raises PublishError for a folder that cannot be read."""
    names = listing(folder)
    found: dict[str, tuple[Episode, str]] = {}
    others: dict[str, int] = {}
    for name, report in reports(folder, names):
        if (other := report.get("feed", "feed")) != feed:
            others[other] = others.get(other, 0) + 1
            continue
        try:
            each = episode(folder / name, report, names)
        except (KeyError, TypeError, ValueError, AttributeError):
            continue  # a JSON of somebody else's
        if each.history.guid not in found or own(each, report):
            found[each.history.guid] = (each, fate(each, now, keep_days))
    ordered = sorted(found.values(), key=lambda pair: (pair[0].at, pair[0].name), reverse=True)
    return Shelf(
        out=tuple(each for each, why in ordered if why == OUT),
        withdrawn=tuple(each for each, why in ordered if why == WITHDRAWN),
        left={each.name: why for each, why in ordered if why != OUT},
        others=others,
    )


def listing(folder: Path) -> dict[str, int]:
    """Name -> size of each file of a folder. Raises PublishError."""
    try:
        with os.scandir(folder) as entries:
            return {entry.name: entry.stat().st_size for entry in entries if entry.is_file()}
    except OSError as error:
        raise PublishError(f"Cannot read {folder}: {error.strerror or error}.", "Name the folder that bulletins land in.") from error


def reports(folder: Path, names: Mapping[str, int]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(name, report) of each report, those of stable names (`latest.json`) among them; other JSON is passed by."""
    for name in sorted(names):
        if not name.endswith(".json") or name.endswith(".chapters.json") or name.startswith("."):
            continue
        try:
            report = json.loads((folder / name).read_bytes())
        except (OSError, ValueError):
            continue
        if isinstance(report, dict) and "segments" in report and "made" in report:
            yield name, report


def own(each: Episode, report: Mapping[str, Any]) -> bool:
    """Whether a report lies under the name that it was published by, not under a stable one."""
    return any(Path(file).name == each.report.name for file in report["files"])


def fate(each: Episode, now: datetime, keep_days: int) -> str:
    """What becomes of a bulletin."""
    if each.history.withdrawn:
        return WITHDRAWN
    if not each.sound:
        return SILENT
    if each.at > now:
        return SOON
    if each.valid_until is not None and now >= each.valid_until:
        return EXPIRED
    return OLD if keep_days and now - each.at > timedelta(days=keep_days) else OUT


def episode(path: Path, report: Mapping[str, Any], names: Mapping[str, int]) -> Episode:
    """The episode that a report tells of; its files are looked for beside it. Raises KeyError, TypeError, ValueError for no report."""
    history = past(report)
    sound = next(filter(lambda name: name in names, sounds(path, report)), "")
    chapters = tuple(
        Chapter(start=Ms(told["start_ms"]), end=Ms(told["end_ms"]), title=str(told["headline"]), source=str(told["source"]))
        for told in report["stories"]
    )
    until = report.get("valid_until")
    return Episode(
        report=path,
        station=str(report["station"]),
        title=shortened("; ".join(chapter.title for chapter in chapters) or "News"),
        language=str(report["language"]),
        at=history.published or moment(report["made"]),
        valid_until=moment(until) if until else None,
        duration=Ms(int(report["duration_ms"])),
        sound=sound,
        size=names.get(sound, 0),
        beside=tuple(name for ending in BESIDE if (name := path.stem + ending) in names),
        chapters=chapters,
        disclosure=str(report.get("disclosure", "")),
        digital_source=str(report.get("digital_source", "")),
        history=history,
    )


def sounds(path: Path, report: Mapping[str, Any]) -> Sequence[str]:
    """Names that the MP3 may have: the first that was published, else the report's own."""
    published = [name for file in report["files"] if (name := Path(file).name).lower().endswith(SOUND)]
    return [*published[:1], f"{path.stem}{SOUND}"]


def past(report: Mapping[str, Any]) -> History:
    """The history that a report tells. An older report has none: its guid is made of what never changes in it."""
    withdrawn, published = report.get("withdrawn"), report.get("published")
    return History(
        guid=str(report.get("guid") or f"{report['station']}|{report['made']}"),
        revision=int(report.get("revision", 1)),
        published=moment(published) if published else None,
        corrections=tuple(correction(told) for told in report.get("corrections", ())),
        withdrawn=correction(withdrawn) if withdrawn else None,
    )


def correction(told: Mapping[str, Any]) -> Correction:
    """A correction as a report tells it."""
    return Correction(at=moment(told["at"]), note=str(told["note"]))


def moment(text: str) -> datetime:
    """A time with its zone; one without is of this machine's."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.astimezone()


def shortened(title: str) -> str:
    """A title that directories take, cut between words."""
    title = " ".join(title.split())
    return title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1].rpartition(' ')[0] or title[: LONGEST_TITLE - 1]}…"


def transcript(report: Mapping[str, Any]) -> tuple[TranscriptLine, ...]:
    """What is said when, as a report tells it."""
    return tuple(
        TranscriptLine(
            segment=Segment(
                id=str(told["id"]),
                role=str(told["role"]),
                story=told.get("story"),
                passage=int(told.get("passage", 0)),
                text=str(told["text"]),
                said=str(told["said"]),
                language=str(told["language"]),
                voice=str(told["voice"]),
                pause=Ms(0),
            ),
            voice=str(told["voice"]),
            start=Ms(int(told["start_ms"])),
            duration=Ms(int(told["duration_ms"])),
            stored=bool(told["stored"]),
        )
        for told in report["segments"]
    )
