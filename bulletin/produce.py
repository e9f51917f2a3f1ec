"""The whole job, top to bottom: the only place that knows the order of the steps."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypedDict, Unpack

from bulletin import cuesheet, engines, furniture, languages, lexicons, outputs, readers, scriptfile, slot, synthetic
from bulletin import station as stations
from bulletin.errors import SlotError, SoundError, UsageError, VoiceError
from bulletin.lexicon import Lexicon
from bulletin.model import (
    Article,
    Clip,
    CueSheet,
    Fitted,
    History,
    Jingle,
    Master,
    Ms,
    Problem,
    Programme,
    Report,
    Reworded,
    Rundown,
    Station,
    Voice,
)
from bulletin.ports import Progress
from bulletin.rundown import struck, struck_out, without_spare
from bulletin.shortfalls import made_anew, mismatched, no_time, off_target, to_look_at, unused
from bulletin.sources import Failed, gather, one_source, ordered, read_article, silent
from bulletin.speech import Studio
from bulletin.store import Store, digest, key
from bulletin.voicing import again, named, reworded, spoken_rundown

MIX = 4
"""Part of a finished programme's key: raise it when the same cue sheet would sound otherwise."""


DRAWN = 1
"""The same of a cover."""


class Asked(TypedDict, total=False):
    """What whoever makes a bulletin, plans it or drafts its script may ask for."""

    voice: str | None
    """`hibari:heart`, `gtts:vi`...; else the station's, or the best for each story's language. It reads all, but for what `readers` do."""
    readers: Sequence[str]
    """Voices that read the stories, or direct speech alone, by turns; else the station's, unless `voice` is given."""
    language: str | None
    """Of all the sources, where they are not what they seem."""
    station: str | Path | Station | None
    """A station file, or a Station."""
    settings: Mapping[str, Any] | None
    """Dotted keys over the station file: {"sound.target": "r128"}."""
    keep: Iterable[int]
    """Numbers of lines of the one source, from 1 as `read` gives them, to say whatever their marks."""
    skip: Iterable[int]
    """... and to skip."""
    breaking: str | Path | None
    """A source whose story goes on top."""
    tail: str | Path | None
    """A source whose story goes last, the light one."""
    spare: Sequence[str | Path]
    """Sources whose stories air only where a length leaves time for them."""
    fallback: Sequence[str]
    """Voices that step in for one that is lost, the first that speaks the language; else the station's."""
    offline: bool
    """Make no request to the network at all."""
    at: datetime | None
    """When it is broadcast, for the words of its opening and its name; else now, and the words do not tell it."""


def make(
    *sources: str | Path,
    output: str | Path | None = None,
    length: Ms | None = None,
    masters: Sequence[str] = (),
    latest: bool = False,
    valid_for: int | None = None,
    plot: bool = False,
    allow_gaps: bool = False,
    history: History | None = None,
    progress: Progress = silent,
    **asked: Unpack[Asked],
) -> Report:
    """Make one bulletin of all the sources, in their order; `asked` is as in Asked.

    sources: text files, saved pages, URLs, `-` (standard input) or script files.
    output: where the MP3, or the Broadcast WAV by its ending, goes (its report beside it); else a new name in the station's folder.
    length: of the whole, in milliseconds, to the sample; paragraphs, pace, pauses and music give way (slot.py).
    masters: names of the station's forms (`podcast`, `air`), all of one mix; else its usual one.
    latest: give the files a second, stable name too, in place of the bulletin before. valid_for: minutes; else the station's.
    plot: a picture of it beside it. allow_gaps: a story airs without a sentence that no voice could be had for; else it is left out whole.
    history: of the episode that this is a new edition of (`corrections.py`).
    Raises BulletinError if nothing could be made; what fell short is in the report's problems.
    """
    profile = open_station(asked)
    clock = Clock()
    place = Path(output) if output else None
    forms = outputs.forms(place, profile, masters)
    place = outputs.destination(place, profile.folder)
    heard = profile.beside if any(".mp3" in form.kinds for form in forms) else ()  # players play MP3; a playout system reads none of these
    beside = (*(("plot",) if plot else ()), *heard, "report")
    outputs.ready(beside)
    seal = sealing(profile)
    with clock("read"):
        rundown, failed = gathered(sources, profile, asked, progress)
    until = end_of(rundown.at, profile.valid_for if valid_for is None else valid_for)
    with Store(profile.store, profile.store_bytes) as store, Studio(store, profile, progress, gaps=allow_gaps) as studio:
        profile = covered(profile, store, forms)
        with clock("speak"):
            jingles = load_jingles(profile, store)
            rundown = rundown if length else without_spare(rundown)
            rundown, clips, fell_short = spoken_rundown(rundown, studio)
        with clock("mix"):
            pace = again(rundown, clips, studio) if length else None
            lost = [*(problem for problem, _ in failed), *fell_short]
            rundown, sheet, fitted = laid(rundown, clips, jingles, profile, length, pace, lost)
            programmes = tuple(mastered(sheet, form, kind, store, progress) for form in forms for kind in form.kinds)
        short = [*off_target(programmes), *no_time(rundown, fitted), *unused(asked.get("readers") or (), rundown)]
        report = Report(
            files=(),
            rundown=rundown,
            station=profile.name,
            programmes=programmes,
            skipped=tuple(pair for story in rundown.stories for pair in struck(story)),
            problems=tuple(lost + mismatched(clips) + short),
            warnings=(*to_look_at(rundown), *made_anew(store.damaged)),
            fitted=fitted,
            valid_until=until,
            feed=profile.podcast.feed,
            script=scriptfile.dump(rundown),
            history=history or History(),
            **marked(rundown, sheet, profile),
            voicing=studio.counted(),
            seconds=clock.seconds,
        )
        report = outputs.publish(report, profile, place, beside, new=output is None, latest=profile.latest if latest else "", seal=seal)
        store.sweep()
    return report


def plan(
    *sources: str | Path,
    output: str | Path | None = None,
    masters: Sequence[str] = (),
    length: Ms | None = None,
    progress: Progress = silent,
    **asked: Unpack[Asked],
) -> tuple[Rundown, CueSheet, Fitted | None, list[Problem]]:
    """What `make` would lay, voiced but neither mixed nor written: the rundown, its cue sheet, how the length was met, what fell short.

    `output` and `masters` are looked at and not used: what `make` would refuse is refused here. Raises BulletinError.
    """
    profile = open_station(asked)
    outputs.forms(Path(output) if output else None, profile, masters)
    rundown, failed = gathered(sources, profile, asked, progress)
    with Store(profile.store, profile.store_bytes) as store, Studio(store, profile, progress) as studio:
        rundown = rundown if length else without_spare(rundown)
        rundown, clips, fell_short = spoken_rundown(rundown, studio)
        pace = again(rundown, clips, studio) if length else None
        lost = [*(problem for problem, _ in failed), *fell_short]
        rundown, sheet, fitted = laid(rundown, clips, load_jingles(profile, store), profile, length, pace, lost)
    short = [*no_time(rundown, fitted), *unused(asked.get("readers") or (), rundown)]
    return rundown, sheet, fitted, lost + short


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
    profile = open_station({"station": station, "settings": settings, "language": language})
    overruled = (frozenset(keep), frozenset(skip))
    one_source(sources, overruled)
    found = []
    for number, source in enumerate(map(str, sources)):
        progress("Fetching", number, len(sources))
        found.append(furniture.overrule(read_article(source, *readers.load(source, profile), profile, language), *overruled))
    progress("Fetching", len(sources), len(sources))
    return found


def draft(*sources: str | Path, progress: Progress = silent, **asked: Unpack[Asked]) -> tuple[str, list[Problem]]:
    """The script file of a bulletin, to be edited and given to `make`, and the problems of sources left out."""
    rundown, failed = gathered(sources, open_station(asked), asked, progress)
    return scriptfile.dump(rundown), [problem for problem, _ in failed]


def say(text: str, language: str = "en", station: str | Path | Station | None = None) -> str:
    """The spoken form of a sentence, as the station says it."""
    return explain(text, language, station).said


def explain(text: str, language: str = "en", station: str | Path | Station | None = None) -> Reworded:
    """The spoken form of a sentence, and which rule or lexicon said what otherwise than it is written."""
    return reworded(text, language, open_station({"station": station}))


def lexicon(station: str | Path | Station | None = None) -> Lexicon:
    """How names are said: the station's lexicon over the one that ships. Raises LexiconError."""
    return lexicons.load(open_station({"station": station}).lexicon)


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


def open_station(asked: Asked) -> Station:
    """The station as asked for. Raises StationError, VoiceError for a voice that is not, UsageError for no language code."""
    wanted, settings = asked.get("station"), asked.get("settings")
    voice, language = asked.get("voice"), asked.get("language")
    if language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", language):
        code = next((code for code in languages.codes() if languages.load(code).english.lower() == language.lower()), "")
        raise UsageError(f"“{language}” is no language code.", f"Did you mean “{code}”?" if code else "Two letters, as in en, vi, fr.")
    if isinstance(wanted, Station) and settings:
        raise UsageError("Settings go with a station file, not with a Station that is made.", "dataclasses.replace(station, ...)")
    profile = wanted if isinstance(wanted, Station) else stations.load(Path(wanted) if wanted else None, settings)
    readers = asked.get("readers") or (() if voice else profile.readers)
    profile = replace(
        profile,
        readers=tuple(readers),
        fallback=tuple(asked.get("fallback") or profile.fallback),
        online=profile.online and not asked.get("offline"),
    )
    for name in filter(None, (voice, profile.voice, *profile.readers, *profile.fallback, *profile.voices.values())):
        engines.find(name)
    for name in profile.fallback:
        if not engines.find(name).ready:
            raise VoiceError(f"{name} cannot step in: it is not installed.", f"bulletin voices install {name}, or another: bulletin voices")
    return profile


def gathered(sources: Sequence[str | Path], profile: Station, asked: Asked, progress: Progress) -> tuple[Rundown, Failed]:
    """All that is to be read as one rundown, and what gave no story."""
    wanted = ordered(sources, asked.get("breaking"), asked.get("tail"), asked.get("spare") or ())
    overruled = (frozenset(asked.get("keep") or ()), frozenset(asked.get("skip") or ()))
    rundown, failed = gather(wanted, profile, asked.get("language"), asked.get("voice"), progress, overruled, asked.get("at"))
    if program := next((name for name in named(rundown) if not engines.trusted(name, profile, asked.get("voice"))), ""):
        raise VoiceError(
            f"A script asks for “{program}”, a program that would be run here.",
            "Only the command line and the station file may name one: --voice, --reader, or [voice] in station.toml.",
        )
    return rundown, failed


def covered(profile: Station, store: Store, forms: Sequence[Master]) -> Station:
    """The station with a cover, where an MP3 is to carry one: its own, or one that is drawn once."""
    if profile.cover or not any(".mp3" in form.kinds for form in forms):
        return profile
    about = (profile.podcast.title, profile.colours)
    name = key(cover=about, drawn=DRAWN)
    if kept := store.get(name, ".png"):
        return replace(profile, cover=kept[0])
    from bulletin.cover import draw

    made = store.temporary(".png")
    made.write_bytes(draw(*about))
    return replace(profile, cover=store.put(name, ".png", made, {})[0])


def sealing(profile: Station) -> outputs.Seal:
    """How each file is signed, by the station's certificate; not at all where it has none. Raises SigningError, UsageError."""
    if not (profile.certificate and profile.key):
        return outputs.unsealed
    from bulletin import signing

    signer = signing.load(profile.certificate, profile.key)
    stamps = profile.timestamps if profile.online else ""

    def seal(path: Path, report: Report) -> None:
        source = synthetic.VOCABULARY + report.digital_source
        about = {"title": report.title, "station": profile.name, "source_type": source}
        signing.sign(path, signer, **about, made=report.rundown.at, timestamps=stamps)

    return seal


class Marked(TypedDict):
    """What a report says of its voices."""

    digital_source: str
    disclosure: str
    speakers: Mapping[str, str]


def marked(rundown: Rundown, sheet: CueSheet, profile: Station) -> Marked:
    """That they are synthetic, and what to call them."""
    voices = list(dict.fromkeys(line.voice for line in sheet.transcript))
    music = any(cue.role != "speech" for cue in sheet.cues)
    return {
        "digital_source": synthetic.digital_source(voices, music, lambda engine: getattr(engines.load(engine), "trained", True)),
        "disclosure": synthetic.disclosure(rundown.language, profile),
        "speakers": synthetic.speakers(voices, profile),
    }


def end_of(at: datetime, minutes: int) -> datetime | None:
    """When a bulletin is stale; None for never. Raises UsageError for an end that no calendar has."""
    try:
        return at + timedelta(minutes=minutes) if minutes else None
    except OverflowError as error:
        raise UsageError(f"{minutes} minutes after {at:%Y-%m-%d} is out of range.", "A year at most: --valid-for 65") from error


def laid(
    rundown: Rundown,
    clips: Sequence[Clip],
    jingles: Mapping[str, Jingle],
    profile: Station,
    length: Ms | None,
    pace: slot.Voiced | None,
    lost: Sequence[Problem],
) -> tuple[Rundown, CueSheet, Fitted | None]:
    """The cue sheet, and the rundown with what there is no time for struck out. Raises SlotError, which says what was `lost` before too."""
    if length is None:
        return rundown, cuesheet.lay(clips, rundown, jingles, profile), None

    def measure(tried: Sequence[Clip], fill: Ms) -> int:
        return cuesheet.lay(tried, rundown, jingles, profile, fill).length

    priorities = {number: story.priority for number, story in enumerate(rundown.stories)}
    try:
        fitted = slot.fit(clips, length, measure, music="bed" in jingles, priorities=priorities, voiced=pace)
    except SlotError as error:
        raise SlotError(" ".join([error.message, *(problem.message for problem in lost)]), error.hint) from error
    sheet = cuesheet.lay(fitted.clips, rundown, jingles, profile, fitted.fill)
    return struck_out(rundown, fitted.dropped, fitted.out), sheet, fitted


def load_jingles(profile: Station, store: Store) -> dict[str, Jingle]:
    """The station's sounds, each measured once and remembered by its content. Raises SoundError for one that is none."""
    found = {}
    for role, path in profile.jingles.items():
        if path is None:
            continue
        try:
            name = key(jingle=digest(path), measured=2)
        except OSError as error:
            raise SoundError(f"Cannot read {path}: {error.strerror}.", f"It is the {role} of the station file.") from error
        facts = store.recall(name, "duration", "loudness")
        if facts is None:
            from bulletin.mixer import measure_jingle

            facts = store.remember(name, measure_jingle(role, path))
        found[role] = Jingle(slot=role, path=path, key=name, duration=Ms(facts["duration"]), loudness=facts["loudness"])
    return found


def mastered(sheet: CueSheet, form: Master, kind: str, store: Store, progress: Progress) -> Programme:
    """The finished sound: an earlier run's if nothing has changed, else mixed and encoded now."""
    mix = {
        "mix": MIX,
        "cues": [(cue.key, cue.start, cue.length, cue.level, cue.loop) for cue in sheet.cues],
        "length": sheet.length,
        "form": (form.rate, form.channels),
    }
    name = key(**mix, target=(form.target.lufs, form.target.true_peak), kind=(kind, form.bitrate if kind == ".mp3" else form.bits))
    if kept := store.get(name, kind):
        path, facts = kept
        return Programme(path=path, kind=kind, master=form, sheet=sheet, duration=sheet.length, stored=True, **facts)
    from bulletin.mastering import before_mastering, master
    from bulletin.outputs.encode import ENCODERS

    if (before := store.recall(key(**mix), "lufs", "dbtp")) is None:
        before = store.remember(key(**mix), before_mastering(sheet, form.rate, form.channels, progress))
    made = store.temporary(kind)
    programme = master(sheet, form, kind, made, ENCODERS[kind], before, progress)
    facts = {name: getattr(programme, name) for name in ("loudness", "true_peak", "momentary", "short_term", "range")}
    path, facts = store.put(name, kind, made, facts)
    return replace(programme, path=path, **facts)
