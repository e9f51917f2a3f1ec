"""lay(clips, jingles) -> the cue sheet: what plays when, at which level. Pure arithmetic; no sound is touched.

intro ----.            .- sting -.           .- sting -.
          `opening headlines     | story     |         | story ...  closing
          ~~~~~~ bed ~~~~~~                                    outro ---------

Where no headlines are read, the bed lies under the opening and the first story's headline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np

from bulletin import loudness
from bulletin.model import Chapter, Clip, Cue, CueSheet, Jingle, Ms, Rundown, Segment, Station, TranscriptLine

REFERENCE = -23.0
"""LUFS of speech in the mix on two channels, before the whole is brought to its target: leaves room for every peak."""
FADE = Ms(400)
"""For a bed or an outro to come or go."""
AWAY = -60.0
"""dB by which it is lower where it comes or goes."""
UNDER = -10.0
"""dB by which the intro goes down when the first words begin, and again until it ends."""
AFTER_STING = Ms(150)
"""Silence between a sting and the words after it."""
LEAD = Ms(900)
"""For how long the outro is heard before the sign-off is spoken over it."""
COMING_BACK = Ms(1500)
"""For the outro to come up again when the sign-off has been spoken."""
SHORTEST_TAIL = Ms(2500)
"""Of the outro behind the last word."""
NONE = Ms(0)
Span = tuple[int, int]
"""(start, end) of speech on the timeline, ms."""
QUIET_END = Ms(300)
"""Silence at the end of a programme without an outro."""


@dataclass
class Timeline:
    """The cues laid so far, and where the next word goes."""

    now: int = 0
    cues: list[Cue] = field(default_factory=list)
    transcript: list[TranscriptLine] = field(default_factory=list)


def lay(clips: Sequence[Clip], rundown: Rundown, jingles: Mapping[str, Jingle], station: Station, fill: Ms = NONE) -> CueSheet:
    """The cue sheet for clips in the order of their script, a story's clips side by side; `fill` is music before the sign-off."""
    line = Timeline()
    levels = voice_levels(clips)
    groups = grouped(clips)
    under = jingles.get("bed")
    intro(line, jingles.get("intro"), station)
    chapters: list[Chapter] = []
    for number, (part, group) in enumerate(groups):
        if fill and under and part == "closing":
            interlude(line, under, fill, station)
        if part == "closing" and (outro := jingles.get("outro")):
            sign_off(line, group, outro, levels, station)
            continue
        if isinstance(part, int) and (chapters or any(part == "headlines" for part, _ in groups)):
            line.now += sting(line, jingles.get("sting"), station)
        start = line.now
        for clip in group:
            say(line, clip, levels)
        if isinstance(part, int):
            told = rundown.stories[part]
            chapters.append(Chapter(start=Ms(start), end=Ms(line.now), title=told.headline or group[0].segment.text, source=told.source))
        if number == len(groups) - 1:
            if fill and under and part != "closing":
                interlude(line, under, fill, station)
            line.now += play_out(line, jingles.get("outro"), station)
    if under and (over := over_bed(line.transcript)):
        line.cues.append(bed(under, over, station))
    length = Ms(max((end(cue) for cue in line.cues), default=0) + (0 if "outro" in jingles else QUIET_END))
    line.cues.sort(key=lambda cue: (cue.start, cue.role))
    return CueSheet(cues=tuple(line.cues), length=length, chapters=tuple(chapters), transcript=tuple(line.transcript))


def part_of(segment: Segment) -> int | str:
    """The part of the bulletin that a segment is of: `opening`, `headlines`, a story's index, `closing`."""
    return segment.role if segment.story is None or segment.role == "headlines" else segment.story


def grouped(clips: Sequence[Clip]) -> list[tuple[int | str, list[Clip]]]:
    """Clips in runs, a part of the bulletin each."""
    return [(part, list(group)) for part, group in groupby(clips, key=lambda clip: part_of(clip.segment))]


def over_bed(lines: Sequence[TranscriptLine]) -> list[Span]:
    """When somebody speaks over the bed: the opening and the headlines, or else the opening and the first story's headline."""
    at_top = any(line.segment.role == "headlines" for line in lines)
    roles = ("opening", "headlines") if at_top else ("opening", "lead-in", "headline")
    end = next((at for at, line in enumerate(lines) if line.segment.role not in roles), len(lines))
    over = lines[:end]
    return [(line.start, line.start + line.duration) for line in over]


def voice_levels(clips: Sequence[Clip]) -> dict[str, float]:
    """Gain in dB for each voice: one for all that it says, so that its own emphasis stays and voices match."""
    heard: dict[str, list[tuple[float, float]]] = {}
    for clip in clips:
        heard.setdefault(clip.voice, []).append((clip.loudness, clip.duration))
    return {voice: round(REFERENCE - loudness.together(pairs) - loudness.TWICE, 2) for voice, pairs in heard.items()}


def say(line: Timeline, clip: Clip, levels: Mapping[str, float]) -> None:
    """Lay one clip and go on behind its pause."""
    start = Ms(line.now)
    line.cues.append(
        Cue(path=clip.path, key=clip.key, role="speech", start=start, length=clip.duration, level=((Ms(0), levels[clip.voice]),))
    )
    same = line.transcript and line.transcript[-1].segment.id == clip.segment.id
    if same:
        first = line.transcript[-1]
        duration = Ms(start + clip.duration - first.start)
        line.transcript[-1] = replace(first, duration=duration, stored=first.stored and clip.stored)
    else:
        line.transcript.append(
            TranscriptLine(segment=clip.segment, voice=clip.voice, start=start, duration=clip.duration, stored=clip.stored)
        )
    line.now = start + clip.duration + clip.pause


def cue(jingle: Jingle, start: int, length: int, *level: tuple[int, float], loop: bool = False) -> Cue:
    """A jingle in its place."""
    points = tuple((Ms(at), round(db, 2)) for at, db in level)
    return Cue(path=jingle.path, key=jingle.key, role=jingle.slot, start=Ms(start), length=Ms(length), level=points, loop=loop)


def gain(jingle: Jingle, station: Station) -> float:
    """The dB that bring a jingle to the station's level against speech."""
    return REFERENCE - jingle.loudness + station.jingle_level if jingle.loudness > loudness.SILENCE else 0.0


def intro(line: Timeline, jingle: Jingle | None, station: Station) -> None:
    """The intro; its tail goes down under the first words."""
    if jingle:
        level = gain(jingle, station)
        line.now = jingle.duration - min(station.overlap, jingle.duration // 2)
        points = [(0, level)]
        if line.now < jingle.duration:
            points += [(max(0, line.now - station.attack), level), (line.now, level + UNDER), (jingle.duration, level + 2 * UNDER)]
        line.cues.append(cue(jingle, 0, jingle.duration, *points))


def sting(line: Timeline, jingle: Jingle | None, station: Station) -> int:
    """The sting between two stories: for how long it takes the air."""
    if not jingle:
        return 0
    line.cues.append(cue(jingle, line.now, jingle.duration, (0, gain(jingle, station))))
    return jingle.duration + AFTER_STING


def ducked(spans: Sequence[Span], low: float, high: float, attack: int, release: int) -> list[tuple[int, float]]:
    """A level that is `low` while somebody speaks: down in `attack` ms before, up in `release` ms after, where there is time for both."""
    points: list[tuple[int, float]] = []
    for start, stop in spans:
        if points and start - attack < points[-1][0]:
            del points[-2:]
        else:
            points += [(start - attack, high), (start, low)]
        points += [(stop, low), (stop + release, high)]
    return points


def faded(points: Sequence[tuple[int, float]], start: int, stop: int, coming: int, going: int) -> list[tuple[int, float]]:
    """A level from `start` to `stop`, in times from `start`, that comes in `coming` ms and goes in `going`; 0 for at once."""

    def at(time: int) -> float:
        return float(np.interp(time, [time for time, _ in points], [db for _, db in points]))

    inner = [(time - start, db) for time, db in points if start + coming < time < stop - going]
    head = [(0, at(start + coming) + AWAY), (coming, at(start + coming))] if coming else [(0, at(start))]
    tail = [(stop - start - going, at(stop - going)), (stop - start, at(stop - going) + AWAY)] if going else [(stop - start, at(stop))]
    return [*head, *inner, *tail]


def bed(jingle: Jingle, over: Sequence[Span], station: Station) -> Cue:
    """The bed under the opening and the headlines, up between them, gone before the story begins."""
    against = gain(jingle, station) - station.jingle_level
    points = ducked(over, against + station.bed_level, against + station.bed_between, station.attack, station.release)[:-1]
    start, stop = over[0][0], over[-1][1] + 2 * FADE  # behind the last word it goes, and does not come up
    coming = min(FADE, over[-1][1] - start)
    return cue(jingle, start, stop - start, *faded(points, start, stop, coming, 2 * FADE), loop=True)


def interlude(line: Timeline, jingle: Jingle, length: int, station: Station) -> None:
    """The bed by itself, at a jingle's level, where there is time to fill."""
    edge = min(FADE, length // 3)
    points = faded([(0, gain(jingle, station))], line.now, line.now + length, edge, 2 * edge)
    line.cues.append(cue(jingle, line.now, length, *points, loop=True))
    line.now += length


def sign_off(line: Timeline, group: Sequence[Clip], jingle: Jingle, levels: Mapping[str, float], station: Station) -> None:
    """The closing words over the outro, which comes up again behind them and ends the programme."""
    spoken = sum(clip.duration + clip.pause for clip in group) - group[-1].pause
    full = gain(jingle, station)
    if jingle.duration < LEAD + spoken:  # too short to speak over: it follows the last word
        for clip in group:
            say(line, clip, levels)
        start = line.now - group[-1].pause + AFTER_STING
        line.cues.append(cue(jingle, start, jingle.duration, (0, full)))
        return
    low = full - station.jingle_level + station.outro_level
    begin = max(line.now, line.now + LEAD + spoken + SHORTEST_TAIL - jingle.duration)
    words = line.now = line.now + LEAD
    for clip in group:
        say(line, clip, levels)
    points = ducked([(words, words + spoken)], low, full, station.attack, COMING_BACK)
    coming = FADE if begin > words - LEAD else 0  # it begins under the words, or with a bar of its own
    line.cues.append(cue(jingle, begin, jingle.duration, *faded(points, begin, begin + jingle.duration, coming, 0)))


def play_out(line: Timeline, jingle: Jingle | None, station: Station) -> int:
    """The outro alone, where there is no closing to speak over it."""
    if not jingle:
        return 0
    line.cues.append(cue(jingle, line.now, jingle.duration, (0, gain(jingle, station))))
    return jingle.duration


def end(item: Cue) -> int:
    """When a cue is over."""
    return item.start + item.length
