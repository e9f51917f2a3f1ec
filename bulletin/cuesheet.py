"""lay(clips, jingles) -> the cue sheet: what plays when, at which level. Pure arithmetic; no sound is touched.

intro ----.
`opening headline        .- sting -.
~~~~~ bed ~~~~~  body |         | headline body ...  closing
outro -------------
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bulletin import loudness
from bulletin.model import Chapter, Clip, Cue, CueSheet, Jingle, Ms, Rundown, Station, TranscriptLine

REFERENCE = -23.0
"""LUFS of speech in the mix, before the whole is brought to its target: leaves room for every peak."""
FADE = Ms(400)
"""For a bed or an outro to come or go."""
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
    bed_end = 0
    intro(line, jingles.get("intro"), station)
    bed_start = line.now
    chapters: list[Chapter] = []
    for number, (story, group) in enumerate(groups):
        closing = story is None and group[0].segment.role == "closing"
        if fill and under and closing:
            line.cues.append(music(under, line.now, fill, station))
            line.now += fill
        if closing and (outro := jingles.get("outro")):
            sign_off(line, group, outro, levels, station)
            continue
        if chapters and story is not None:
            line.now += sting(line, jingles.get("sting"), station)
        start = line.now
        for clip in group:
            say(line, clip, levels)
            if under and not chapters and clip.segment.role in ("opening", "headline"):
                bed_end = line.now - clip.pause
        if story is not None:
            told = rundown.stories[story]
            chapters.append(Chapter(start=Ms(start), end=Ms(line.now), title=told.headline or group[0].segment.text, source=told.source))
        if number == len(groups) - 1:
            if fill and under and not closing:
                line.cues.append(music(under, line.now, fill, station))
                line.now += fill
            line.now += play_out(line, jingles.get("outro"), station)
    if under and bed_end > bed_start:
        line.cues.append(bed(under, bed_start, bed_end, station))
    length = Ms(max((end(cue) for cue in line.cues), default=0) + (0 if "outro" in jingles else QUIET_END))
    line.cues.sort(key=lambda cue: (cue.start, cue.role))
    return CueSheet(cues=tuple(line.cues), length=length, chapters=tuple(chapters), transcript=tuple(line.transcript))


def grouped(clips: Sequence[Clip]) -> list[tuple[int | None, list[Clip]]]:
    """Clips in runs: the opening, each story, the closing."""
    groups: list[tuple[int | None, list[Clip]]] = []
    last: object = ()
    for clip in clips:
        here = (clip.segment.story, clip.segment.role if clip.segment.story is None else "")
        if here != last:
            groups.append((clip.segment.story, []))
            last = here
        groups[-1][1].append(clip)
    return groups


def voice_levels(clips: Sequence[Clip]) -> dict[str, float]:
    """Gain in dB for each voice: one for all that it says, so that its own emphasis stays and voices match."""
    heard: dict[str, list[tuple[float, float]]] = {}
    for clip in clips:
        heard.setdefault(clip.voice, []).append((clip.loudness, clip.duration))
    return {voice: round(REFERENCE - loudness.together(pairs), 2) for voice, pairs in heard.items()}


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
            points += [(max(0, line.now - FADE), level), (line.now, level + UNDER), (jingle.duration, level + 2 * UNDER)]
        line.cues.append(cue(jingle, 0, jingle.duration, *points))


def sting(line: Timeline, jingle: Jingle | None, station: Station) -> int:
    """The sting between two stories: for how long it takes the air."""
    if not jingle:
        return 0
    line.cues.append(cue(jingle, line.now, jingle.duration, (0, gain(jingle, station))))
    return jingle.duration + AFTER_STING


def bed(jingle: Jingle, start: int, stop: int, station: Station) -> Cue:
    """The bed under the opening and the headline, gone before the story begins."""
    level = gain(jingle, station) - station.jingle_level + station.bed_level
    length = stop - start + 2 * FADE
    points = ((0, level - 60), (FADE, level), (length - 2 * FADE, level), (length, level - 60))
    return cue(jingle, start, length, *points, loop=True)


def music(jingle: Jingle, start: int, length: int, station: Station) -> Cue:
    """The bed by itself, at a jingle's level, where there is time to fill."""
    level = gain(jingle, station)
    edge = min(FADE, length // 3)
    return cue(jingle, start, length, (0, level - 40), (edge, level), (length - 2 * edge, level), (length, level - 60), loop=True)


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
    down, up = words - begin, words - begin + spoken
    if down >= LEAD:
        points = [(0, full), (down - FADE, full), (down, low), (up, low), (up + COMING_BACK, full)]
    else:
        points = [(0, low - 40), (FADE, low), (max(up, FADE), low), (max(up, FADE) + COMING_BACK, full)]
    line.cues.append(cue(jingle, begin, jingle.duration, *points))


def play_out(line: Timeline, jingle: Jingle | None, station: Station) -> int:
    """The outro alone, where there is no closing to speak over it."""
    if not jingle:
        return 0
    line.cues.append(cue(jingle, line.now, jingle.duration, (0, gain(jingle, station))))
    return jingle.duration


def end(item: Cue) -> int:
    """When a cue is over."""
    return item.start + item.length
