"""The whole of listening, top to bottom: find each sentence, doubt it, confirm the doubts, tell them."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bulletin.languages import canonical
from bulletin.listening import judge, places
from bulletin.listening.ear import Ear, Samples, Token
from bulletin.listening.follow import Found, Unit, search, shift, units
from bulletin.listening.recording import Recording
from bulletin.listening.reference import Reference
from bulletin.model import Ms, Station
from bulletin.ports import Progress
from bulletin.produce import open_station
from bulletin.sources import silent

CLEAR = 0.28
"""A sentence that nowhere sounds less like its reference than this says what it should."""
ROOM = 0.5
"""Of a sentence's length: where its neighbours leave less, it is not there."""
PACES = (1.0, 1.04)
"""At which a doubtful sentence is voiced: what holds against one sound of it alone is chance."""
BETWEEN = 1.0
"""Seconds more than the report has between two sentences, in which somebody may speak."""
CERTAIN = -1.2
"""The mean logarithm of how likely words are that nobody has written, for them to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misheard:
    """Something that is not heard as it should be."""

    kind: str
    """`missing`: not heard. `extra`: heard, and in no script. `otherwise`: other words, or a name that sounds otherwise."""
    segment: str
    """Id of the segment; of what is extra, the one before it."""
    expected: str
    """The words as they should be heard, or the whole sentence; empty for what is extra."""
    heard: str
    """What is heard instead; empty for nothing, or where it cannot be told."""
    start: Ms
    """When, in the file."""
    end: Ms
    name: bool = False
    """Whether it is a name: a candidate for the lexicon."""


def heard(
    report: Mapping[str, Any],
    sound: Path,
    model: Path | str | None = None,
    progress: Progress = silent,
    *,
    station: str | Path | Station | None = None,
) -> list[Misheard]:
    """Listen to a finished file and tell what is missing, extra or otherwise, in its order.

    model: a folder with a Whisper model in CTranslate2's form; else the environment's. station: whose lexicon the voices go by.
    Raises UsageError where the package or the model is missing, SoundError for a file that cannot be decoded.
    """
    ear = Ear(model)
    with Recording(sound) as recording:
        listener = Listener(ear, recording, Reference(open_station({"station": station})), progress, report)
        return listener.all()


class Listener:
    """One file, one report."""

    def __init__(self, ear: Ear, recording: Recording, reference: Reference, progress: Progress, report: Mapping[str, Any]) -> None:
        self.ear, self.recording, self.reference, self.progress = ear, recording, reference, progress
        self.units = [unit for unit in units(report["segments"]) if ear.knows(unit.language)]
        self.music = [(cue["start_ms"] / 1000, (cue["start_ms"] + cue["duration_ms"]) / 1000) for cue in report.get("cues", ())]

    def all(self) -> list[Misheard]:
        """Everything, by time."""
        found = self.followed()
        told: list[Misheard] = []
        for number, (unit, place) in enumerate(zip(self.units, found, strict=True)):
            self.progress("Hearing", number, len(self.units))
            told += self.between(number, found)
            told += self.doubted(unit, place) if place else self.unfound(number, found)
        self.progress("Hearing", len(self.units), len(self.units))
        return told

    # --- where everything is --------------------------------------------------------------------------------

    def followed(self) -> list[Found | None]:
        """The place of each unit: by its sound, else by its words."""
        found: list[Found | None] = []
        offset, last = 0.0, 0.0
        for number, unit in enumerate(self.units):
            self.progress("Finding", number, len(self.units))
            voiced = self.reference.speak(unit.words, unit.segment)
            place = search(unit, voiced, self.recording, offset, last, far=not self.under(unit)) if voiced is not None else None
            if place:
                offset, last = shift(unit, place), place.end
            found.append(place)
        self.again(found)
        if any(a is None and b is None for a, b in zip(found, [*found[1:], None], strict=True)) and found.count(None) > 1:
            self.by_words(found)
        return found

    def again(self, found: list[Found | None]) -> None:
        """Look anew for each unit that was not found: by as much later than the report has it as the one behind it is."""
        for number in range(len(found) - 2, -1, -1):
            behind = found[number + 1]
            if found[number] is None and behind:
                unit, offset = self.units[number], shift(self.units[number + 1], behind)
                voiced = self.reference.speak(unit.words, unit.segment)
                place = search(unit, voiced, self.recording, offset, self.room(number, found)[0], far=False) if voiced is not None else None
                found[number] = place if place and place.end < behind.start + 0.3 else None

    def by_words(self, found: list[Found | None]) -> None:
        """Find what sound alone has not."""
        said = places.transcript(self.recording, self.ear, self.units[0].language, 0.0, self.recording.seconds, self.progress)
        for number, (unit, place) in enumerate(zip(self.units, places.places(self.units, said), strict=True)):
            if found[number] is None and place:
                voiced = self.reference.speak(unit.words, unit.segment)
                exact = search(unit, voiced, self.recording, shift(unit, place), 0.0, far=False) if voiced is not None else None
                found[number] = exact or place

    def room(self, number: int, found: Sequence[Found | None]) -> tuple[float, float]:
        """Seconds between the sentences around one."""
        before = next((place.end for place in reversed(found[:number]) if place), 0.0)
        after = next((place.start for place in found[number + 1 :] if place), self.recording.seconds)
        return before, max(before, after)

    def under(self, unit: Unit) -> bool:
        """Whether music plays under a unit."""
        return any(start < unit.end and unit.start < end for start, end in self.music)

    # --- what is said there ---------------------------------------------------------------------------------

    def doubted(self, unit: Unit, place: Found) -> list[Misheard]:
        """The doubts about a unit that hold."""
        if place.worst < CLEAR:
            return []
        start = place.start - judge.MARGIN
        sound = self.recording.between(start, place.end + judge.MARGIN)
        left = self.confirmed(unit, sound)
        if place.mean == 1:  # found by its words alone: what is heard at its ends may be its neighbours'
            left = [each for each in left if each.expected]
        return [self.told(unit, each, max(0.0, start)) for each in joined(left)]

    def confirmed(self, unit: Unit, sound: Samples) -> list[judge.Doubt]:
        """The doubts that hold against every reference; by the ear alone where the voice is not here."""
        left: list[judge.Doubt] | None = None
        for pace in PACES:
            voiced = self.reference.speak(unit.words, unit.segment, pace)
            if voiced is None:
                return judge.alone(unit.words, unit.language, sound, self.ear)
            found = judge.doubts(unit.words, unit.language, sound, judge.padded(voiced), self.ear, self.under(unit))
            left = found if left is None else judge.both(left, found)
            left = [each for each in left if judge.holds(each, self.under(unit))]
            if not left:
                break
        return left or []

    def told(self, unit: Unit, each: judge.Doubt, start: float) -> Misheard:
        """A doubt as it is told."""
        kind = "extra" if not each.expected else "missing" if each.told and not each.heard else "otherwise"
        return misheard(unit, kind, each.expected, each.heard, start + each.span[0], start + each.span[1])

    def unfound(self, number: int, found: list[Found | None]) -> list[Misheard]:
        """A unit that was not found by its sound: it is missing, or said otherwise."""
        unit = self.units[number]
        before, after = self.room(number, found)
        text: list[Token] = []
        if after - before >= ROOM * (unit.end - unit.start):
            text = self.words(unit.language, before, after)
            (place,) = places.places([unit], text)
            if place:
                found[number] = place
                return self.doubted(unit, place)
        instead = " ".join(token.text for token in text) if likely(text) else ""
        return [misheard(unit, "missing", unit.words, instead, before, after)]

    def between(self, number: int, found: Sequence[Found | None]) -> list[Misheard]:
        """Words between a unit and the one before it that nobody has written."""
        if not number or not (here := found[number]) or not (before := found[number - 1]):
            return []
        planned = self.units[number].start - self.units[number - 1].end
        if here.start - before.end < planned + BETWEEN:
            return []
        text = self.words(self.units[number].language, before.end, here.start)
        if not likely(text):
            return []
        said = " ".join(token.text for token in text)
        return [misheard(self.units[number - 1], "extra", "", said, text[0].start, text[-1].end)]

    def words(self, language: str, start: float, end: float) -> list[Token]:
        """What is heard between two seconds."""
        return places.transcript(self.recording, self.ear, language, start, end, silent)


def likely(text: Sequence[Token]) -> bool:
    """Whether words that nobody has written are more than the ear's fancy."""
    return len(text) > 1 and statistics.mean(token.score for token in text) > CERTAIN


def joined(left: Iterable[judge.Doubt]) -> list[judge.Doubt]:
    """Doubts in order, those of words beside each other that the ear wrote as expected as one."""
    found: list[judge.Doubt] = []
    for each in sorted(left, key=lambda each: each.start):
        last = found[-1] if found else None
        if last and not each.told and each.start <= last.end:
            if not last.told and each.cost > last.cost:
                found[-1] = each
            continue
        found.append(each)
    return found


def misheard(unit: Unit, kind: str, expected: str, said: str, start: float, end: float) -> Misheard:
    """A finding about a unit."""
    first = unit.words.split(" ", 1)[0]
    capitals = [
        word for word in expected.split() if word[:1].isupper() and (word.strip(",.") != first.strip(",.") or len(expected.split()) > 1)
    ]
    return Misheard(
        kind=kind,
        segment=unit.segment["id"],
        expected=expected,
        heard=said,
        start=Ms(max(0, round(start * 1000))),
        end=Ms(max(0, round(end * 1000))),
        name=kind == "otherwise" and bool(capitals) and canonical(unit.language) == "en",
    )
