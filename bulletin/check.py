"""check(file) -> Verdict: prove a finished bulletin anew, from its sound and what its report says of it. A wing: nothing imports it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin.checks import (
    PROBLEM,
    Checked,
    Finding,
    Mastered,
    Piece,
    Told,
    credentials,
    file,
    levels,
    music,
    papers,
    places,
    report,
    silence,
    speech,
    tags,
)
from bulletin.checks.exhibit import Exhibit, Place
from bulletin.checks.hearing import hear
from bulletin.errors import CheckError
from bulletin.model import Station
from bulletin.ports import Progress
from bulletin.produce import open_station
from bulletin.sources import silent
from bulletin.store import Store

__all__ = ["Checked", "Finding", "Judged", "Verdict", "check"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One file of sound and what its checks came to."""

    path: Path
    checks: tuple[Checked, ...]

    def as_dict(self) -> dict[str, Any]:
        """The file as plain values."""
        return {"file": str(self.path), "checks": [each.as_dict() for each in self.checks]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the checks of a bulletin came to."""

    report: Told | None
    """None where there is none."""
    sounds: tuple[Judged, ...]
    """Each file of sound that was looked at."""
    about: Checked | None
    """The report; None where there is none."""

    @property
    def checks(self) -> list[Checked]:
        """All checks of all files, the report's last."""
        return [each for sound in self.sounds for each in sound.checks] + ([self.about] if self.about else [])

    @property
    def findings(self) -> list[Finding]:
        """All that is not as it should be."""
        return [finding for each in self.checks for finding in each.findings]

    @property
    def fit(self) -> bool:
        """Whether nothing stands against it but warnings."""
        return not any(finding.severity == PROBLEM for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The verdict as plain values."""
        return {
            "report": str(self.report.path) if self.report else None,
            "result": "ok" if not self.findings else "warning" if self.fit else "problem",
            "sounds": [each.as_dict() for each in self.sounds],
            "about": self.about.as_dict() if self.about else None,
        }


def check(
    path: str | Path, *, station: str | Path | Station | None = None, now: datetime | None = None, progress: Progress = silent
) -> Verdict:
    """Check a bulletin: the file of sound that is given, or all those that the given report tells of.

    station: whose store has the clips. now: when it is to be aired, else now. Raises CheckError for what cannot be read at all.
    """
    given = Path(path)
    unread: Sequence[Finding] = ()
    if given.suffix.lower() == ".json":
        told: Told | None = papers.read(given)
        exhibits: list[tuple[Path, Mastered | None]] = [(place, entry) for entry, place in papers.sounds(told)] if told else []
    else:
        told, unread = report_for(given)
        exhibits = [(given, papers.entry(given, told) if told else None)]
    profile = open_station({"station": station})
    with Store(profile.store, profile.store_bytes) as store:
        sounds = tuple(judged(place, told, entry, store, progress, alone=len(exhibits) == 1) for place, entry in exhibits)
    about = report.look(told, now or datetime.now().astimezone()) if told else None
    if unread:
        about = Checked(name="report", summary="cannot be read", findings=unread)
    return Verdict(report=told, sounds=sounds, about=about)


def report_for(sound: Path) -> tuple[Told | None, list[Finding]]:
    """The report of a file of sound, or a finding for one that cannot be read. Raises CheckError where there is no such file."""
    if not sound.is_file():
        raise CheckError(f"No such file: {sound}." if not sound.exists() else f"{sound} is no file.", "Give a bulletin, or its report.")
    try:
        return papers.report_of(sound), []
    except CheckError as error:
        return None, [Finding(severity=PROBLEM, what=error.message, hint=error.hint)]


def judged(path: Path, told: Told | None, entry: Mastered | None, store: Store, progress: Progress, *, alone: bool) -> Judged:
    """Check one file of sound. Raises CheckError for the only one there is, if it cannot be read."""
    with tempfile.TemporaryFile() as copy:
        try:
            exhibit = Exhibit(path, hear(path, copy, progress), told, entry)
        except CheckError as error:
            if alone:
                raise
            lost = Finding(severity=PROBLEM, what=error.message, hint=error.hint)
            return Judged(path=path, checks=(Checked(name="file", summary="cannot be read", findings=[lost]),))
        if told:
            exhibit.places = located(exhibit, told, store, progress)
        looks = (file.look, tags.look, levels.look, silence.look, *((speech.look, music.look) if told else ()))
        signed = credentials.look(exhibit)
        return Judged(path=path, checks=(*(look(exhibit) for look in looks), *((signed,) if signed else ())))


def located(exhibit: Exhibit, told: Told, store: Store, progress: Progress) -> dict[Piece, Place | None]:
    """Where each clip is; without the parts that are long silences, which are told of by themselves."""
    guess = exhibit.heard.frames * 1000 / exhibit.heard.rate - told.duration
    found = places.locate([piece for _, piece in told.pieces], exhibit.heard.copy, guess, store, progress)
    quiet = [span for span in silence.silences(exhibit) if span[1] - span[0] > silence.WITHIN]
    return {piece: place and places.without_holes(place, quiet) for piece, place in found.items()}
