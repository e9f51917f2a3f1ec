"""speak(segments) -> clips: split, looked up, voiced, proved. Done once, for every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Self

from bulletin import proof
from bulletin.crew import Crew
from bulletin.errors import BulletinError, EngineError, StoreError, VoiceError
from bulletin.model import Clip, Ms, Problem, Segment, Station, Take, Voice
from bulletin.ports import Engine, Progress
from bulletin.retakes import Kept, doubt, measured, retaken
from bulletin.sentences import cut, ends_clause, pieces
from bulletin.store import Store, key

MOST_LOST = 0.3
"""Share of a segment's letters that a voice may have no sound for; with more it is not that voice's language."""
BREATH, JOIN = Ms(90), Ms(0)
"""Pause behind a piece of a sentence that ends a clause, and behind another; a clip keeps a little silence of its own."""

Choose = Callable[[Segment], tuple[Engine, Voice]]
Pronounce = Callable[[str, Segment, Engine, Voice], str]
"""Words of a segment in the form in which an engine says their names as the lexicon has them."""
Found = dict[str, Kept | BulletinError]
"""The key of a take -> its clip, or why there is none."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment with who says it, in which takes."""

    segment: Segment
    engine: Engine
    voice: Voice
    takes: tuple[Take, ...]


class Studio:
    """Where a bulletin is voiced: what several calls of `speak` share. Leaving it stops whatever is still being voiced."""

    def __init__(self, store: Store, station: Station, progress: Progress, *, gaps: bool = False) -> None:
        """`gaps`: a story goes on without a sentence that could not be voiced, instead of being lost whole."""
        self.store = store
        self.station = station
        self.progress = progress
        self.gaps = gaps
        self.crew = Crew(station, store)
        self.cost: Counter[str] = Counter()
        """How often what was done: `voiced`, `voiced again`, `split`."""
        self.made: set[str] = set()
        """Keys of the clips that were voiced here."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.crew.close()

    def speak(
        self, segments: Sequence[Segment], choose: Choose, pronounce: Pronounce, rate: float
    ) -> tuple[list[Clip], list[tuple[Segment, Problem]], list[Problem]]:
        """The clips of all segments in order, a problem for each that could not be said, and notes on what was said in part.

        A story with such a segment is dropped whole: no clip of it is returned, though those made are kept in the store.
        `pronounce` brings in the lexicon; `rate` is the pace of speech, 1.0 the voices' own. Raises StoreError.
        """
        unsaid: dict[str, Problem] = {}
        notes: list[Problem] = []
        parts: list[Part] = []
        for segment in segments:
            try:
                parts.append(planned(segment, *choose(segment), pronounce, rate, notes))
            except (EngineError, VoiceError) as error:
                unsaid[segment.id] = problem(segment, error)
        found, stored = self.voiced(parts)
        clips: list[Clip] = []
        told: set[str] = set()
        for part, pace in zip(parts, self.paces(parts, found, stored), strict=True):
            try:
                its = clips_of(part, self.proved(part, pace, found, pronounce), self.made - told, self.station)
            except EngineError as error:
                unsaid[part.segment.id] = problem(part.segment, error)
                continue
            clips += its
            told |= {clip.key for clip in its}
        dropped = set() if self.gaps else {segment.story for segment in segments if segment.id in unsaid} - {None}
        missing = [(segment, unsaid[segment.id]) for segment in segments if segment.id in unsaid]
        return [clip for clip in clips if clip.segment.story not in dropped], missing, notes

    def counted(self) -> dict[str, int]:
        """What it took: takes voiced, voiced again and split; requests to each engine that needs a network."""
        requests = {f"requests to {name}": manners.requests for name, manners in self.crew.manners.items() if manners.interval}
        return {**{name: self.cost[name] for name in ("voiced", "voiced again", "split")}, **requests}

    def voiced(self, parts: Sequence[Part]) -> tuple[Found, set[str]]:
        """What there is for each take, kept or voiced now, and the keys of those that were kept. Raises StoreError."""
        work = {take.key: (take, part.engine) for part in parts for take in part.takes}
        found: Found = {name: kept for name in work if (kept := self.store.get(name, ".flac"))}
        stored = set(found)
        total = sum(len(take.words) for take, _ in work.values())
        done = sum(len(work[name][0].words) for name in found)
        self.progress("Voicing", done, total)
        self.crew.waiting = lambda: self.progress("Voicing", done, total)
        for take, outcome in self.crew.voiced([pair for name, pair in work.items() if name not in found]):
            if isinstance(outcome, StoreError):
                raise outcome
            found[take.key] = outcome
            if not isinstance(outcome, BulletinError):
                self.cost["voiced"] += 1
                self.made.add(take.key)
            done += len(take.words)
            self.progress("Voicing", done, total)
        return found, stored

    def paces(self, parts: Sequence[Part], found: Found, stored: set[str]) -> Iterable[proof.Pace]:
        """For each part, how its voice speaks, by all its clips and by those of earlier bulletins, for which it is remembered."""
        known: dict[tuple[str, str], proof.Pace] = {}
        for name, (part, takes) in by_voice(parts).items():
            place = key(pace=name, version=part.engine.version, rate=1.0 if getattr(part.engine, "paced", False) else takes[0].rate)
            remembered = self.store.recall(place)
            before = proof.Pace.of(remembered)
            clips = [(take, kept) for take in takes if not isinstance(kept := found[take.key], BulletinError)]
            known[name] = proof.measured([measured(take, kept) for take, kept in clips], before)
            if remembered is None or any(take.key not in stored for take, _ in clips):
                self.store.remember(place, asdict(known[name]))
        return [known[part.voice.name, part.segment.language] for part in parts]

    def proved(self, part: Part, pace: proof.Pace, found: Found, pronounce: Pronounce) -> list[tuple[Take, Kept]]:
        """A part's takes with their clips, those that are doubted taken anew. Raises EngineError where doubt remains."""

        def voice(wanted: Take) -> Kept:
            if kept := self.store.get(wanted.key, ".flac"):
                return kept
            ((_, outcome),) = self.crew.voiced([(wanted, part.engine)])
            if isinstance(outcome, BulletinError):
                raise outcome
            self.made.add(wanted.key)
            return outcome

        def retake(words: str) -> Take:
            return taken(words, part, pronounce, part.takes[0].rate)

        def count(what: str, *takes: Take) -> None:
            self.cost[what] += any(take.key in self.made for take in takes)

        told: list[tuple[Take, Kept]] = []
        for take in part.takes:
            kept = found[take.key]
            if isinstance(kept, BulletinError):
                if not isinstance(kept, EngineError) or kept.lost or not kept.transient:
                    raise kept
            elif not doubt(take, kept, pace):
                told.append((take, kept))
                continue
            told += retaken(take, kept, pace, voice, retake, count)
        return told


def by_voice(parts: Sequence[Part]) -> dict[tuple[str, str], tuple[Part, list[Take]]]:
    """Each voice's name, with a language that it reads, with a part of its own and all its takes."""
    found: dict[tuple[str, str], tuple[Part, list[Take]]] = {}
    for part in parts:
        found.setdefault((part.voice.name, part.segment.language), (part, []))[1].extend(part.takes)
    return found


def planned(segment: Segment, engine: Engine, voice: Voice, pronounce: Pronounce, rate: float, notes: list[Problem]) -> Part:
    """A segment in takes. Raises EngineError where the voice cannot say it; what it passes over goes into `notes`."""
    lost = engine.cannot_say(segment.said)
    if len(lost) > MOST_LOST * sum(map(str.isalnum, segment.said)):
        raise EngineError(f"{voice.name} cannot say “{segment.text}”.", "Choose a voice for that language: bulletin voices")
    if lost:
        notes.append(unheard(lost, voice, segment))
        segment = replace(segment, said=" ".join(segment.said.translate(dict.fromkeys(map(ord, lost), " ")).split()))
    words = [piece for piece in pieces(segment.said, segment.language, engine.max_chars) if any(map(str.isalnum, piece))]
    if not words:
        raise EngineError(f"There is nothing to say in “{segment.text}”.", "Strike it out in the script file.")
    part = Part(segment, engine, voice, ())
    takes = tuple(take for piece in words for take in fitting(piece, part, pronounce, rate))
    if letters(segment.said) != letters("".join(take.words for take in takes)):
        raise EngineError(f"Not every word of “{segment.text}” would be said.", "Write it otherwise, in the script file.")
    return replace(part, takes=takes)


def fitting(words: str, part: Part, pronounce: Pronounce, rate: float) -> list[Take]:
    """Words as takes that their engine can take: names that are written out for it may have made them longer than they are."""
    take, limit = taken(words, part, pronounce, rate), part.engine.max_chars
    marked = bool(getattr(part.engine, "alphabet", ""))  # phonemes are no words: they do not count
    if limit is None or marked or len(take.text) <= limit or len(words) < 2:
        return [take]
    return [each for piece in cut(words, len(words) * limit // (len(take.text) + 1)) for each in fitting(piece, part, pronounce, rate)]


def letters(text: str) -> str:
    """What of a text is to be heard, whatever it is cut into."""
    return "".join(filter(str.isalnum, text))


def taken(words: str, part: Part, pronounce: Pronounce, rate: float) -> Take:
    """Words of a part as a take."""
    text = pronounce(words, part.segment, part.engine, part.voice)
    name = key(engine=part.voice.engine, version=part.engine.version, voice=part.voice.id, rate=rate, text=text)
    return Take(words=words, text=text, voice=part.voice, rate=rate, key=name)


def clips_of(part: Part, told: Sequence[tuple[Take, Kept]], new: set[str], station: Station) -> list[Clip]:
    """The clips of a part, each with its pause; `new` are the keys of those that were not kept from before."""
    clips = []
    for number, (take, (path, facts)) in enumerate(told, 1):
        clips.append(
            Clip(
                segment=part.segment,
                voice=part.voice.name,
                path=path,
                key=take.key,
                duration=Ms(facts["duration"]),
                loudness=facts["loudness"],
                pause=part.segment.pause if number == len(told) else join(take.words, station),
                stored=take.key not in new,
            )
        )
    return clips


def join(words: str, station: Station) -> Ms:
    """The pause behind a piece that is not the last of its segment."""
    return BREATH if ends_clause(words) else station.pauses.sentence if words[-1:] in ".!?…。！？" else JOIN


def problem(segment: Segment, error: BulletinError) -> Problem:
    """The problem of a segment that could not be voiced."""
    return Problem(message=error.message, hint=error.hint, source=segment.id, missing=(segment.text,))


def unheard(lost: str, voice: Voice, segment: Segment) -> Problem:
    """The problem of characters that a voice has no sound for."""
    return Problem(
        message=f"{voice.name} has no sound for “{lost[:40]}” in “{segment.text[:60]}”: left out.",
        hint="Write it in letters that the voice reads, in the script file: bulletin script SOURCE -o FILE",
        source=segment.id,
    )
