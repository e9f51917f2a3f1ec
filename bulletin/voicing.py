"""A rundown becomes clips: who says what, in which words, with names as the lexicon has them; who steps in, and what is lost.

It puts script, speech and fallback together; what they do stands there.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bulletin import engines, fallback, lexicons, slot, spoken
from bulletin import script as scripts
from bulletin.errors import EngineError
from bulletin.fallback import Casting
from bulletin.languages import canonical
from bulletin.lexicon import Lexicon
from bulletin.model import Clip, Problem, Reworded, Rundown, Segment, Station, Story, Voice
from bulletin.ports import Engine
from bulletin.rundown import rearranged
from bulletin.script import Cast
from bulletin.shortfalls import gaps, left_out, reasons
from bulletin.speech import Studio


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
        raise nothing_left(unsaid, segments, rundown)
    inside = [pair for pair in unsaid if studio.gaps and pair[0].story in aired]
    problems = left_out([pair for pair in unsaid if pair not in inside], rundown) + gaps(inside, rundown)
    if len(aired) == sum(any(passage.text for passage in story.passages) for story in rundown.stories):
        return rundown, clips, changes + problems + notes
    lost = left_out([pair for pair in unsaid if pair[0].story is not None and pair not in inside], rundown)
    rest = replace(rearranged(rundown, aired, profile), voice=rundown.voice)
    rundown, clips, more = spoken_rundown(rest, studio)
    return rundown, clips, changes + lost + [problem for problem in more if problem not in changes]


def nothing_left(unsaid: Sequence[tuple[Segment, Problem]], segments: Sequence[Segment], rundown: Rundown) -> EngineError:
    """The error where no story can be aired: which, why, and every sentence of theirs, those that were voiced too."""
    problems = left_out([pair for pair in unsaid if pair[0].story is not None], rundown)
    if not problems:
        return EngineError("Nothing was said.")
    names = [f"“{story.headline or story.source}”" for story in rundown.stories]
    why = reasons(problem for segment, problem in unsaid if segment.story is not None)
    missing = tuple(segment.text for segment in segments if segment.story is not None and segment.role != "headlines")
    told = f"None of these could be voiced: {', '.join(names)}. {why}" if len(names) > 1 else why
    return EngineError(told, problems[0].hint, missing=missing)


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


def named(rundown: Rundown) -> list[str]:
    """The voices that a rundown asks for by name."""
    passages = [
        *rundown.opening,
        *rundown.headlines,
        *rundown.closing,
        *(passage for story in rundown.stories for passage in story.passages),
    ]
    return [rundown.voice, *(story.voice for story in rundown.stories), *(passage.voice for passage in passages)]


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
