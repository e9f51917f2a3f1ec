"""The whole job, top to bottom: the only place that knows the order of the steps."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from bulletin import cuesheet, engines, furniture, languages, lexicons, outputs, readers, slot, speech, spoken
from bulletin import script as scripts
from bulletin import station as stations
from bulletin.errors import EngineError, SoundError, UsageError
from bulletin.languages import canonical
from bulletin.lexicon import Lexicon
from bulletin.model import (
    NO_TIME,
    Article,
    Clip,
    CueSheet,
    Fitted,
    Jingle,
    Ms,
    Passage,
    Problem,
    Programme,
    Report,
    Reworded,
    Rundown,
    Segment,
    Station,
    Story,
    Voice,
)
from bulletin.ports import Engine, Progress
from bulletin.shortfalls import left_out, mismatched, off_target, to_look_at
from bulletin.sources import gather, one_source, read_article, silent
from bulletin.store import Store, digest, key

MIX = 3
"""Part of a finished programme's key: raise it when the same cue sheet would sound otherwise."""


def make(
    *sources: str | Path,
    output: str | Path | None = None,
    voice: str | None = None,
    language: str | None = None,
    station: str | Path | Station | None = None,
    settings: Mapping[str, Any] | None = None,
    keep: Iterable[int] = (),
    skip: Iterable[int] = (),
    length: Ms | None = None,
    at: datetime | None = None,
    progress: Progress = silent,
) -> Report:
    """Make one bulletin of all the sources, in their order.

    sources: text files, saved pages, URLs, `-` (standard input) or script files.
    output: where the MP3, or the Broadcast WAV by its ending, goes (its report beside it); else a new name in the station's folder.
    voice: `hibari:heart`, `gtts:vi`...; else the station's, or the best installed for each story's language.
    language: of all the sources, where they are not what they seem.
    station: a station file, or a Station; settings: dotted keys over it, as {"sound.target": "r128"}.
    keep, skip: numbers of lines of the one source, from 1 as `read` gives them, to say or to skip whatever their marks.
    length: of the whole, in milliseconds, to the sample; paragraphs, pauses and music give way (slot.py). SlotError where it cannot be.
    at: when it is broadcast, for the words of its opening and its name; else now.
    Raises BulletinError if nothing could be made; what fell short is in the report's problems.
    """
    profile = open_station(station, settings, voice, language)
    clock = Clock()
    place = outputs.destination(Path(output) if output else None, profile.folder)
    with clock("read"):
        rundown, failed = gather(sources, profile, language, voice, progress, (frozenset(keep), frozenset(skip)), at)
    with Store(profile.store, profile.store_bytes) as store:
        with clock("speak"):
            jingles = load_jingles(profile, store)
            rundown, clips, fell_short = spoken_rundown(rundown, profile, store, progress)
        with clock("mix"):
            rundown, sheet, fitted = laid(rundown, clips, jingles, profile, length)
            programme = mastered(sheet, profile, store, progress, place.suffix.lower() if output else ".mp3")
        problems = [problem for problem, _ in failed] + fell_short + mismatched(clips) + off_target(programme, profile)
        report = Report(
            files=(),
            rundown=rundown,
            station=profile.name,
            programme=programme,
            skipped=tuple(pair for story in rundown.stories for pair in struck(story)),
            problems=tuple(problems),
            warnings=to_look_at(rundown),
            fitted=fitted,
            seconds=clock.seconds,
        )
        report = published(report, profile, place, new=output is None)
        store.sweep()
    return report


def plan(
    *sources: str | Path,
    voice: str | None = None,
    language: str | None = None,
    station: str | Path | Station | None = None,
    settings: Mapping[str, Any] | None = None,
    keep: Iterable[int] = (),
    skip: Iterable[int] = (),
    length: Ms | None = None,
    at: datetime | None = None,
    progress: Progress = silent,
) -> tuple[Rundown, CueSheet, Fitted | None, list[Problem]]:
    """What `make` would lay, voiced but neither mixed nor written: the rundown, its cue sheet, how the length was met, what fell short.

    Raises BulletinError.
    """
    profile = open_station(station, settings, voice, language)
    rundown, failed = gather(sources, profile, language, voice, progress, (frozenset(keep), frozenset(skip)), at)
    with Store(profile.store, profile.store_bytes) as store:
        rundown, clips, fell_short = spoken_rundown(rundown, profile, store, progress)
        planned = laid(rundown, clips, load_jingles(profile, store), profile, length)
    return *planned, [problem for problem, _ in failed] + fell_short


def read(
    *sources: str | Path,
    station: str | Path | Station | None = None,
    language: str | None = None,
    settings: Mapping[str, Any] | None = None,
    keep: Iterable[int] = (),
    skip: Iterable[int] = (),
    progress: Progress = silent,
) -> list[Article]:
    """The sources as articles, their furniture marked. Raises ReadError for the first that cannot be read."""
    profile = open_station(station, settings, None, language)
    overruled = (frozenset(keep), frozenset(skip))
    one_source(sources, overruled)
    found = []
    for number, source in enumerate(map(str, sources)):
        progress("Fetching", number, len(sources))
        found.append(furniture.overrule(read_article(source, *readers.load(source, profile), profile, language), *overruled))
    progress("Fetching", len(sources), len(sources))
    return found


def draft(
    *sources: str | Path,
    voice: str | None = None,
    language: str | None = None,
    station: str | Path | Station | None = None,
    settings: Mapping[str, Any] | None = None,
    keep: Iterable[int] = (),
    skip: Iterable[int] = (),
    at: datetime | None = None,
    progress: Progress = silent,
) -> tuple[str, list[Problem]]:
    """The script file of a bulletin, to be edited and given to `make`, and the problems of sources left out."""
    profile = open_station(station, settings, voice, language)
    rundown, failed = gather(sources, profile, language, voice, progress, (frozenset(keep), frozenset(skip)), at)
    return scripts.dump(rundown), [problem for problem, _ in failed]


def say(text: str, language: str = "en", station: str | Path | Station | None = None) -> str:
    """The spoken form of a sentence, as the station says it."""
    return explain(text, language, station).said


def explain(text: str, language: str = "en", station: str | Path | Station | None = None) -> Reworded:
    """The spoken form of a sentence, and which rule or lexicon said what otherwise than it is written."""
    return reworded(text, language, open_station(station))


def lexicon(station: str | Path | Station | None = None) -> Lexicon:
    """How names are said: the station's lexicon over the one that ships. Raises LexiconError."""
    return lexicons.load(open_station(station).lexicon)


def voices() -> list[Voice]:
    """Everyone who can speak here, or could if something were installed."""
    return engines.voices()


# --- the parts ----------------------------------------------------------------------------------------------


class Clock:
    """Wall time of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, step: str):  # type: ignore[no-untyped-def]  # contextmanager gives it its type
        """Time what happens inside."""
        begin = time.perf_counter()
        yield
        self.seconds[step] = time.perf_counter() - begin


def open_station(
    wanted: str | Path | Station | None,
    settings: Mapping[str, Any] | None = None,
    voice: str | None = None,
    language: str | None = None,
) -> Station:
    """The station as asked for. Raises StationError, VoiceError for a voice that is not, UsageError for no language code."""
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", language):
        code = next((code for code in languages.codes() if languages.load(code).english.lower() == language.lower()), "")
        raise UsageError(f"“{language}” is no language code.", f"Did you mean “{code}”?" if code else "Two letters, as in en, vi, fr.")
    if isinstance(wanted, Station) and settings:
        raise UsageError("Settings go with a station file, not with a Station that is made.", "dataclasses.replace(station, ...)")
    profile = wanted if isinstance(wanted, Station) else stations.load(Path(wanted) if wanted else None, settings)
    for name in filter(None, (voice, profile.voice, *profile.voices.values())):
        engines.find(name)
    return profile


def chosen(segment: Segment, station: Station) -> tuple[Engine, Voice]:
    """Who says a segment: whom it asks for, else the best for its language."""
    voice = engines.find(segment.voice, segment.language) if segment.voice else engines.choose(segment.language, station)
    return engines.load(voice.engine), voice


def about(story: Story | None) -> str:
    """What a lexicon's entry for one story may name: its source, its headline."""
    return f"{story.source} {story.headline}" if story else ""


def reworded(text: str, language: str, profile: Station, names: Lexicon | None = None, story: str = "") -> Reworded:
    """The spoken form of a text as this station says it: the lexicon before every rule."""
    names = names or lexicons.load(profile.lexicon)
    local = profile.locale if canonical(profile.locale) == canonical(language) else language
    known = partial(names.claims, language=language, story=story)
    return spoken.explain(unicodedata.normalize("NFC", text), local, known=known, emoji=profile.emoji, quotes=profile.quotes)


def pronounced(words: str, language: str, engine: Engine, voice: Voice, names: Lexicon, story: str = "") -> str:
    """Words with their names as this engine takes them."""
    alphabet = getattr(engine, "alphabet", "")  # another package's engine may be older than this door
    return names.pronounced(words, language, alphabet, engine.inline if alphabet else None, story, voice.language.endswith("-GB"))


def spoken_rundown(rundown: Rundown, profile: Station, store: Store, progress: Progress) -> tuple[Rundown, list[Clip], list[Problem]]:
    """The rundown that can be aired, its clips, and what fell short. Raises EngineError if no story is left.

    Where a story is lost, the rundown goes on without it. One that nobody has edited is arranged anew: its opening may
    have been in that story's language.
    """
    choose = partial(chosen, station=profile)
    names = lexicons.load(profile.lexicon)

    def say(text: str, language: str, story: Story | None) -> str:
        return reworded(text, language, profile, names, about(story)).said

    segments = scripts.write(rundown, profile, say).segments

    def pronounce(words: str, segment: Segment, engine: Engine, voice: Voice) -> str:
        story = rundown.stories[segment.story] if segment.story is not None else None
        return pronounced(words, segment.language, engine, voice, names, about(story))

    clips, unsaid, notes = speech.speak(segments, choose, store, profile.rate, profile.pauses.sentence, progress, pronounce)
    aired = {clip.segment.story for clip in clips} - {None}
    if not aired:
        problem = next((problem for segment, problem in unsaid if segment.story is not None), Problem(message="Nothing was said."))
        raise EngineError(problem.message, problem.hint)
    problems = [left_out(segment, problem, rundown) for segment, problem in unsaid]
    if len(aired) == sum(any(passage.text for passage in story.passages) for story in rundown.stories):
        return rundown, clips, problems + notes
    stories = tuple(story for number, story in enumerate(rundown.stories) if number in aired)
    again = replace(rundown if rundown.edited else scripts.arrange(stories, profile, rundown.at), stories=stories, voice=rundown.voice)
    fresh = {clip.key for clip in clips if not clip.stored}
    rundown, clips, more = spoken_rundown(again, profile, store, progress)
    clips = [replace(clip, stored=clip.stored and clip.key not in fresh) for clip in clips]
    return rundown, clips, [problem for problem, (segment, _) in zip(problems, unsaid, strict=True) if segment.story is not None] + more


def laid(
    rundown: Rundown, clips: Sequence[Clip], jingles: Mapping[str, Jingle], profile: Station, length: Ms | None
) -> tuple[Rundown, CueSheet, Fitted | None]:
    """The cue sheet, and the rundown with what there is no time for struck out. Raises SlotError."""
    if length is None:
        return rundown, cuesheet.lay(clips, rundown, jingles, profile), None

    def measure(tried: Sequence[Clip], fill: Ms) -> int:
        return cuesheet.lay(tried, rundown, jingles, profile, fill).length

    fitted = slot.fit(clips, length, measure, music="bed" in jingles)
    stories = tuple(
        replace(
            story, passages=tuple(untold(passage) if (number, at) in fitted.out else passage for at, passage in enumerate(story.passages))
        )
        for number, story in enumerate(rundown.stories)
    )
    return replace(rundown, stories=stories), cuesheet.lay(fitted.clips, rundown, jingles, profile, fitted.fill), fitted


def untold(passage: Passage) -> Passage:
    """A passage that there is no time for."""
    return replace(passage, spans=tuple(replace(span, reason=span.reason or NO_TIME) for span in passage.spans))


def struck(story: Story) -> list[tuple[str, str]]:
    """(text, reason) of all that is skipped of a story, in order."""
    return [(span.text, span.reason) for passage in story.passages for span in passage.spans if span.reason]


def published(report: Report, profile: Station, place: Path, *, new: bool) -> Report:
    """The report with its files, written: at `place`, or under the first free name in it. Raises PublishError."""
    headline = next((chapter.title for chapter in report.programme.sheet.chapters), "")
    for path in outputs.names(place, report.rundown.at, headline) if new else [place]:
        named = replace(report, files=outputs.files(path))
        try:
            outputs.publish(named, profile, path, new=new)
        except FileExistsError:
            continue
        return named
    raise AssertionError("there is always another name")


def load_jingles(profile: Station, store: Store) -> dict[str, Jingle]:
    """The station's sounds, each measured once and remembered by its content. Raises SoundError for one that is none."""
    found = {}
    for role, path in profile.jingles.items():
        if path is None:
            continue
        try:
            name = key(jingle=digest(path))
        except OSError as error:
            raise SoundError(f"Cannot read {path}: {error.strerror}.", f"It is the {role} of the station file.") from error
        facts = store.recall(name, "duration", "loudness")
        if facts is None:
            from bulletin.mixer import measure_jingle

            facts = store.remember(name, measure_jingle(role, path))
        found[role] = Jingle(slot=role, path=path, key=name, duration=Ms(facts["duration"]), loudness=facts["loudness"])
    return found


def mastered(sheet: CueSheet, profile: Station, store: Store, progress: Progress, kind: str = ".mp3") -> Programme:
    """The finished sound: an earlier run's if nothing has changed, else mixed and encoded now."""
    name = key(
        mix=MIX,
        cues=[(cue.key, cue.start, cue.length, cue.level, cue.loop) for cue in sheet.cues],
        length=sheet.length,
        target=(profile.target.lufs, profile.target.true_peak),
        form=(profile.channels, profile.bitrate if kind == ".mp3" else kind),
    )
    if kept := store.get(name, kind):
        path, facts = kept
        return Programme(path=path, sheet=sheet, duration=sheet.length, stored=True, **facts)
    from bulletin.mixer import RATE, master
    from bulletin.outputs.encode import Mp3Encoder, WavEncoder

    made = store.temporary(kind)
    encoder = partial(Mp3Encoder if kind == ".mp3" else WavEncoder, rate=RATE, channels=profile.channels, bitrate=profile.bitrate)
    programme = master(sheet, profile.target, profile.channels, made, encoder, progress)
    facts = {"loudness": programme.loudness, "true_peak": programme.true_peak}
    return replace(programme, path=store.put(name, kind, made, facts))
