"""The whole job, top to bottom: the only place that knows the order of the steps."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, TypedDict, Unpack

from bulletin import cuesheet, engines, fallback, furniture, languages, lexicons, outputs, readers, scriptfile, slot, spoken
from bulletin import script as scripts
from bulletin import station as stations
from bulletin.errors import EngineError, SlotError, SoundError, UsageError, VoiceError
from bulletin.fallback import Casting
from bulletin.languages import canonical
from bulletin.lexicon import Lexicon
from bulletin.model import (
    NO_TIME,
    SPARE,
    UNCALLED,
    Article,
    Clip,
    CueSheet,
    Fitted,
    Jingle,
    Master,
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
from bulletin.rundown import arrange
from bulletin.script import Cast
from bulletin.shortfalls import gaps, left_out, made_anew, mismatched, no_time, off_target, to_look_at, unused
from bulletin.sources import Failed, gather, one_source, ordered, read_article, silent
from bulletin.speech import Studio
from bulletin.store import Store, digest, key

MIX = 4
"""Part of a finished programme's key: raise it when the same cue sheet would sound otherwise."""


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
    Raises BulletinError if nothing could be made; what fell short is in the report's problems.
    """
    profile = open_station(asked)
    clock = Clock()
    place = Path(output) if output else None
    forms = outputs.forms(place, profile, masters)
    place = outputs.destination(place, profile.folder)
    beside = ("plot", "report") if plot else ("report",)
    outputs.ready(beside)
    with clock("read"):
        rundown, failed = gathered(sources, profile, asked, progress)
    until = end_of(rundown.at, profile.valid_for if valid_for is None else valid_for)
    with Store(profile.store, profile.store_bytes) as store, Studio(store, profile, progress, gaps=allow_gaps) as studio:
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
            voicing=studio.counted(),
            seconds=clock.seconds,
        )
        report = outputs.publish(report, profile, place, beside, new=output is None, latest=profile.latest if latest else "")
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
    return profile


def gathered(sources: Sequence[str | Path], profile: Station, asked: Asked, progress: Progress) -> tuple[Rundown, Failed]:
    """All that is to be read as one rundown, and what gave no story."""
    wanted = ordered(sources, asked.get("breaking"), asked.get("tail"), asked.get("spare") or ())
    overruled = (frozenset(asked.get("keep") or ()), frozenset(asked.get("skip") or ()))
    rundown, failed = gather(wanted, profile, asked.get("language"), asked.get("voice"), progress, overruled, asked.get("at"))
    own = {asked.get("voice"), profile.voice, *profile.readers, *profile.voices.values()}
    if program := next((name for name in named(rundown) if name.startswith("command:") and name not in own), ""):
        raise VoiceError(
            f"A script asks for “{program}”, a program that would be run here.",
            "Only the command line and the station file may name one: --voice, --reader, or [voice] in station.toml.",
        )
    return rundown, failed


def named(rundown: Rundown) -> list[str]:
    """The voices that a rundown asks for by name."""
    passages = [
        *rundown.opening,
        *rundown.headlines,
        *rundown.closing,
        *(passage for story in rundown.stories for passage in story.passages),
    ]
    return [rundown.voice, *(story.voice for story in rundown.stories), *(passage.voice for passage in passages)]


def end_of(at: datetime, minutes: int) -> datetime | None:
    """When a bulletin is stale; None for never. Raises UsageError for an end that no calendar has."""
    try:
        return at + timedelta(minutes=minutes) if minutes else None
    except OverflowError as error:
        raise UsageError(f"{minutes} minutes after {at:%Y-%m-%d} is out of range.", "A year at most: --valid-for 65") from error


def cast(profile: Station, rundown: Rundown) -> Cast:
    """Who reads which story beside the presenter: of those readers that speak its language, the next by turn."""

    def reader(story: int, language: str) -> str:
        able = [name for name in profile.readers if engines.speaks(engines.find(name, language), language)]
        turn = sum(canonical(before.language) == canonical(language) for before in rundown.stories[:story])
        return able[turn % len(able)] if able else ""

    return reader


def chosen(segment: Segment, station: Station) -> str:
    """The name of who says a segment: whom it asks for, else the best for its language. Raises VoiceError."""
    return (engines.find(segment.voice, segment.language) if segment.voice else engines.choose(segment.language, station)).name


def able(language: str, station: Station) -> list[str]:
    """The station's fallbacks that speak a language, in order."""
    found = [engines.find(name, language) for name in station.fallback]
    return [voice.name for voice in found if engines.speaks(voice, language)]


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


def spoken_rundown(rundown: Rundown, studio: Studio) -> tuple[Rundown, list[Clip], list[Problem]]:
    """The rundown that can be aired, its clips, and what fell short. Raises EngineError if no story is left.

    Where a story is lost, the rundown goes on without it. One that nobody has edited is arranged anew: its opening may
    have been in that story's language.
    """
    profile = studio.station
    names = lexicons.load(profile.lexicon)

    def say(text: str, language: str, story: Story | None) -> str:
        return reworded(text, language, profile, names, about(story)).said

    segments = scripts.write(rundown, profile, say, cast(profile, rundown)).segments
    casting = Casting(partial(chosen, station=profile), partial(able, station=profile), profile.fallback_for == "bulletin")
    (clips, unsaid, notes), changes = fallback.voiced(casting, partial(speech_of, segments, rundown, studio, profile.rate))
    aired = {clip.segment.story for clip in clips} - {None}
    if not aired:
        raise nothing_left(unsaid)
    problems = (gaps if studio.gaps else left_out)(unsaid, rundown)
    if studio.gaps or len(aired) == sum(any(passage.text for passage in story.passages) for story in rundown.stories):
        return rundown, clips, changes + problems + notes
    lost = left_out([pair for pair in unsaid if pair[0].story is not None], rundown)
    rest = replace(rearranged(rundown, aired, profile), voice=rundown.voice)
    fresh = {clip.key for clip in clips if not clip.stored}
    rundown, clips, more = spoken_rundown(rest, studio)
    clips = [replace(clip, stored=clip.stored and clip.key not in fresh) for clip in clips]
    return rundown, clips, changes + lost + [problem for problem in more if problem not in changes]


def nothing_left(unsaid: Sequence[tuple[Segment, Problem]]) -> EngineError:
    """The error where no story can be aired, with every sentence that is missing for one of its own."""
    found = {problem.message: problem for segment, problem in unsaid if segment.story is not None}
    if not found:
        return EngineError("Nothing was said.")
    return EngineError(" ".join(found), next(iter(found.values())).hint)


def speech_of(segments: Sequence[Segment], rundown: Rundown, studio: Studio, rate: float, who: fallback.Who) -> fallback.Said:
    """The clips of segments, each by the voice that `who` names, with names as the lexicon has them (see `Studio.speak`)."""
    names = lexicons.load(studio.station.lexicon)

    def choose(segment: Segment) -> tuple[Engine, Voice]:
        voice = engines.find(who(segment), segment.language)
        engines.allowed(voice, studio.station)
        return engines.load(voice.engine), voice

    def pronounce(words: str, segment: Segment, engine: Engine, voice: Voice) -> str:
        story = rundown.stories[segment.story] if segment.story is not None else None
        return pronounced(words, segment.language, engine, voice, names, about(story))

    return studio.speak(segments, choose, pronounce, rate)


def rearranged(rundown: Rundown, aired: Container[int | None], profile: Station) -> Rundown:
    """The rundown of the stories that are left; one that staff have edited loses these alone, with their lines among the headlines."""
    left = {number: at for at, number in enumerate(number for number in range(len(rundown.stories)) if number in aired)}
    stories = tuple(rundown.stories[number] for number in left)
    if not rundown.edited:
        return arrange(stories, profile, rundown.at, timed=rundown.timed)
    lines = [line for line in rundown.headlines if line.story is None or line.story in left]
    lines = [line if line.story is None else replace(line, story=left[line.story]) for line in lines]
    return replace(rundown, stories=stories, headlines=tuple(lines))


def without_spare(rundown: Rundown) -> Rundown:
    """The rundown with its spare stories struck out: there is no time to fill."""
    spare = [number for number, story in enumerate(rundown.stories) if story.priority == SPARE]
    return rundown if len(spare) == len(rundown.stories) else struck_out(rundown, spare, [])


def struck_out(rundown: Rundown, dropped: Container[int], out: Container[tuple[int, int]]) -> Rundown:
    """The rundown with whole stories, and single paragraphs, struck out for want of time."""

    def reason(number: int) -> str:
        return UNCALLED if number in dropped and rundown.stories[number].priority == SPARE else NO_TIME

    stories = tuple(
        replace(
            story,
            passages=tuple(
                untold(passage, reason(number)) if number in dropped or (number, at) in out else passage
                for at, passage in enumerate(story.passages)
            ),
        )
        for number, story in enumerate(rundown.stories)
    )
    headlines = tuple(
        untold(line, reason(line.story)) if line.story is not None and line.story in dropped else line for line in rundown.headlines
    )
    return replace(rundown, stories=stories, headlines=headlines)


def again(rundown: Rundown, clips: Sequence[Clip], studio: Studio) -> slot.Voiced | None:
    """How to get clips at another pace than the station's; None where a voice has one pace alone."""
    paced = all(getattr(engines.load(engines.find(name).engine), "paced", False) for name in {clip.voice for clip in clips})
    if not paced:
        return None

    def voiced(kept: Sequence[Clip], pace: float) -> Sequence[Clip] | None:
        segments = list({clip.segment.id: clip.segment for clip in kept}.values())
        who = {clip.segment.id: clip.voice for clip in kept}
        rate = round(studio.station.rate * pace, 3)
        said, unsaid, _ = speech_of(segments, rundown, studio, rate, lambda segment: who[segment.id])
        return said if not unsaid and [clip.segment.id for clip in said] == [clip.segment.id for clip in kept] else None

    return voiced


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


def untold(passage: Passage, reason: str) -> Passage:
    """A passage that is not said."""
    return replace(passage, spans=tuple(replace(span, reason=span.reason or reason) for span in passage.spans))


def struck(story: Story) -> list[tuple[str, str]]:
    """(text, reason) of all that is skipped of a story, in order."""
    return [(span.text, span.reason) for passage in story.passages for span in passage.spans if span.reason]


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
    from bulletin.mixer import before_mastering, master
    from bulletin.outputs.encode import ENCODERS

    if (before := store.recall(key(**mix), "lufs", "dbtp")) is None:
        before = store.remember(key(**mix), before_mastering(sheet, form.rate, form.channels, progress))
    made = store.temporary(kind)
    programme = master(sheet, form, kind, made, ENCODERS[kind], before, progress)
    facts = {name: getattr(programme, name) for name in ("loudness", "true_peak", "momentary", "short_term", "range")}
    path, facts = store.put(name, kind, made, facts)
    return replace(programme, path=path, **facts)
