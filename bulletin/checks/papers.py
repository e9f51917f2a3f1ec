"""A sound and its report: finds the one for the other, and reads the report."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin.checks import Line, Mastered, Music, Piece, Told
from bulletin.errors import CheckError
from bulletin.model import Ms
from bulletin.outputs import stem, with_ending
from bulletin.store import digest

LEVELS = ("loudness_lufs", "true_peak_dbtp", "max_momentary_lufs", "max_short_term_lufs", "range_lu")
LARGEST = 100_000_000
"""Bytes of a report; an hour's has 0.4 MB."""
LONGEST = 1_000_000_000
"""ms of any time in a report: eleven days."""


def read(path: Path) -> Told:
    """The report of a path. Raises CheckError for one that is none."""
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("it is far too large")
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CheckError(f"Cannot read {path}: {error.strerror}.", "Check the name.") from error
    except (ValueError, RecursionError) as error:
        reason = f"it breaks off or is damaged at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "it is no JSON"
        raise CheckError(f"{path.name} is no report: {reason}.", "Take the report from where the bulletin was made.") from error
    try:
        return told(path, values)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        missing = f" without {error}" if isinstance(error, KeyError) else ""
        raise CheckError(f"{path.name} is no report of a bulletin{missing}.", "A report lies beside each bulletin that is made.") from error


def told(path: Path, values: Mapping[str, Any]) -> Told:
    """A report from its JSON. Raises KeyError, TypeError or ValueError for what is none."""
    name = next((Path(file).stem for file in reversed(values["files"]) if Path(file).suffix == ".json"), "")  # the report is the last
    for listed in ("problems", "warnings"):
        if not all(isinstance(item, dict) for item in values[listed]):
            raise TypeError(listed)
    return Told(
        path=path,
        values=values,
        made=moment(values["made"]),
        until=moment(values["valid_until"]) if values["valid_until"] else None,
        station=text(values["station"]),
        language=text(values["language"]),
        duration=time(values["duration_ms"]),
        out_cue=text(values["out_cue"]),
        masters=tuple(mastered(each, name) for each in values["masters"]),
        stories=tuple((text(each["headline"]), time(each["start_ms"]), time(each["end_ms"])) for each in values["stories"]),
        lines=tuple(line(each) for each in values["segments"]),
        music=tuple(
            Music(role=text(each["role"]), start=time(each["start_ms"]), duration=time(each["duration_ms"]))
            for each in values.get("cues", ())
        ),
    )


def time(value: Any) -> Ms:
    """A time or a length. Raises TypeError or ValueError for none."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(value)
    if abs(value) > LONGEST:
        raise ValueError(value)
    return Ms(value)


def text(value: Any) -> str:
    """A text. Raises TypeError for none."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def level(value: Any) -> float:
    """A level in dB, LU or LUFS; -Infinity for silence. Raises TypeError or ValueError for none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value) or value > 1000:
        raise ValueError(value)
    return max(float(value), -1000.0)


def moment(value: Any) -> datetime:
    """A date and time that a calendar has, in any zone. Raises TypeError, ValueError or OverflowError for none."""
    found = datetime.fromisoformat(text(value))
    found.astimezone()
    return found


def mastered(values: Mapping[str, Any], own: str) -> Mastered:
    """One of the files of sound; `own` is the bulletin's name, empty where the report does not have it."""
    name = Path(text(values["file"]).replace("\\", "/")).name
    if not name.strip(".") or not name.isprintable():
        raise ValueError(name)
    return Mastered(
        name=name,
        ending=name.removeprefix(own) if own and name.startswith(own) else "",
        master=text(values["master"]),
        sha256=text(values.get("sha256", "")),
        rate=time(values["rate"]),
        channels=time(values["channels"]),
        target=level(values["target_lufs"]),
        limit=level(values["target_dbtp"]),
        levels={name: level(values[name]) for name in LEVELS if name in values},
    )


def line(values: Mapping[str, Any]) -> Line:
    """One segment; where its clips are not told it is one piece."""
    start, duration = time(values["start_ms"]), time(values["duration_ms"])
    pieces = tuple(
        Piece(key=text(each["key"]), start=time(each["start_ms"]), duration=time(each["duration_ms"]), gain=level(each["gain_db"]))
        for each in values.get("clips", ())
    )
    whole = (Piece(key="", start=start, duration=duration, gain=0.0),)
    words, role = text(values["text"]), text(values["role"])
    for name in ("said", "language", "voice"):  # --listen goes by them
        text(values[name])
    return Line(id=text(values["id"]), role=role, text=words, start=start, duration=duration, pieces=pieces or whole)


def beside(sound: Path) -> Iterator[Path]:
    """Where the report of a file of sound may lie: under its name, and under that without its master's."""
    name = stem(sound).name
    yield sound.with_name(name + ".json")
    while "-" in name:
        name = name.rpartition("-")[0]
        yield sound.with_name(name + ".json")


def report_of(sound: Path) -> Told | None:
    """The report of a file of sound; None where there is none. Raises CheckError for one that cannot be read."""
    for place in beside(sound):
        if place.is_file() and (place == sound.with_name(stem(sound).name + ".json") or entry(sound, read(place), by_hash=False)):
            return read(place)
    return None


def entry(sound: Path, report: Told, *, by_hash: bool = True) -> Mastered | None:
    """Which of a report's files a file of sound is: by what is in it, else by its name, else the only one of its kind."""
    if by_hash and (same := [each for each in report.masters if each.sha256 and each.sha256 == digest(sound)]):
        return same[0]
    ending = sound.name.removeprefix(report.path.stem)
    named = [each for each in report.masters if sound.name == each.name or (each.ending and ending == each.ending)]
    if named or not by_hash:
        return named[0] if named else None
    alike = [each for each in report.masters if Path(each.name).suffix.lower() == sound.suffix.lower()]
    return alike[0] if len(alike) == 1 else None


def sounds(report: Told) -> list[tuple[Mastered, Path]]:
    """A report's files of sound, each where it is or should be: under the report's own name (`latest`), else under the one it tells."""
    found = []
    for each in report.masters:
        moved = with_ending(report.path.with_suffix(""), each.ending) if each.ending else report.path
        there = each.ending and moved.is_file()
        found.append((each, moved if there else report.path.with_name(each.name)))
    return found
