"""What plays when: pure arithmetic."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bulletin import cuesheet
from bulletin.loudness import TWICE
from bulletin.model import Clip, Cue, CueSheet, Jingle, Ms, Rundown, Segment, Station, Story

RUNDOWN = Rundown(
    at=datetime(2026, 3, 12, tzinfo=UTC),
    language="en",
    stories=(Story(source="a.txt", headline="One", language="en"), Story(source="b.txt", headline="Two", language="en")),
)


def clip(id: str, role: str, story: int | None, duration: int = 2000, pause: int = 500, loudness: float = -20.0, voice: str = "v") -> Clip:
    segment = Segment(id=id, role=role, story=story, text=id, said=id, language="en", voice="", pause=Ms(pause))
    return Clip(
        segment=segment, voice=voice, path=Path(id), key=id, duration=Ms(duration), loudness=loudness, pause=Ms(pause), stored=False
    )


CLIPS = [
    clip("opening-1", "opening", None, 1500, 600),
    clip("h1", "headline", 0, 2000, 900),
    clip("b1", "body", 0, 5000, 1200),
    clip("h2", "headline", 1, 2000, 900),
    clip("b2", "body", 1, 5000, 1200),
    clip("closing-1", "closing", None, 1800, 0),
]


def jingles(**lengths: int) -> dict[str, Jingle]:
    return {slot: Jingle(slot=slot, path=Path(slot), key=slot, duration=Ms(length), loudness=-16.0) for slot, length in lengths.items()}


ALL = jingles(intro=5500, sting=1500, bed=20_000, outro=8000)


def cues(sheet: CueSheet, role: str) -> list[Cue]:
    return [cue for cue in sheet.cues if cue.role == role]


def test_the_words_follow_each_other_with_their_pauses(station: Station) -> None:
    sheet = cuesheet.lay(CLIPS, RUNDOWN, {}, station)
    assert [(line.segment.id, line.start) for line in sheet.transcript] == [
        ("opening-1", 0), ("h1", 2100), ("b1", 5000), ("h2", 11200), ("b2", 14100), ("closing-1", 20300),
    ]  # fmt: skip
    assert sheet.length == 20300 + 1800 + 300


def test_the_whole_rundown_with_jingles(station: Station) -> None:
    sheet = cuesheet.lay(CLIPS, RUNDOWN, ALL, station)
    start = {line.segment.id: line.start for line in sheet.transcript}
    (intro,), (sting,), (bed,), (outro,) = (cues(sheet, role) for role in ("intro", "sting", "bed", "outro"))
    assert intro.start == 0
    assert start["opening-1"] == 5500 - station.overlap
    assert start["h1"] - start["opening-1"] == 2100
    assert sting.start == start["b1"] + 5000 + 1200
    assert start["h2"] == sting.start + 1500 + cuesheet.AFTER_STING
    assert outro.start < start["closing-1"] < start["closing-1"] + 1800 < outro.start + outro.length
    assert sheet.length == outro.start + 8000
    assert bed.loop and bed.start == start["opening-1"]
    assert start["h1"] + 2000 <= bed.start + bed.length < start["b1"] + 100


def test_music_is_low_while_someone_speaks(station: Station) -> None:
    sheet = cuesheet.lay(CLIPS, RUNDOWN, ALL, station)
    for role, under in (("bed", station.bed_level), ("outro", station.outro_level), ("intro", cuesheet.UNDER)):
        cue = cues(sheet, role)[0]
        speech = cuesheet.REFERENCE
        for line in sheet.transcript:
            for at in range(max(line.start, cue.start), min(line.start + line.duration, cue.start + cue.length), 50):
                assert level_at(cue, at - cue.start) - 16.0 <= speech + under + 0.01, (role, at)


def level_at(cue: Cue, at: int) -> float:
    points = cue.level
    if at <= points[0][0]:
        return points[0][1]
    for (left, low), (right, high) in itertools.pairwise(points):
        if at <= right:
            return low + (high - low) * (at - left) / max(1, right - left)
    return points[-1][1]


def test_every_envelope_runs_forward_and_stays_within_its_cue(station: Station) -> None:
    for length in (300, 1000, 3000, 5500, 60_000):
        sheet = cuesheet.lay(CLIPS, RUNDOWN, jingles(intro=length, sting=length, bed=length, outro=length), station)
        for cue in sheet.cues:
            times = [time for time, _ in cue.level]
            assert times == sorted(times), (cue.role, length, cue.level)
            assert times[0] >= 0
            assert cue.start >= 0 and cue.start + cue.length <= sheet.length


def test_a_short_outro_still_ends_behind_the_last_word(station: Station) -> None:
    for length in (300, 2000, 4000, 30_000):
        sheet = cuesheet.lay(CLIPS, RUNDOWN, jingles(outro=length), station)
        last = sheet.transcript[-1]
        assert sheet.length >= last.start + last.duration


def test_one_gain_a_voice_so_that_its_emphasis_stays(station: Station) -> None:
    clips = [clip("a", "body", 0, loudness=-20), clip("b", "body", 0, loudness=-26), clip("c", "body", 0, loudness=-30, voice="w")]
    sheet = cuesheet.lay(clips, RUNDOWN, {}, station)
    gains = {cue.path.name: cue.level[0][1] for cue in sheet.cues}
    assert gains["a"] == gains["b"]
    assert gains["c"] == pytest.approx(cuesheet.REFERENCE + 30 - TWICE, abs=0.01)
    assert -20 > cuesheet.REFERENCE - TWICE - gains["a"] > -26


def test_the_pieces_of_a_segment_are_one_line_of_the_transcript(station: Station) -> None:
    one = clip("b1", "body", 0, 1000, 350)
    sheet = cuesheet.lay([one, replace(one, key="x", pause=Ms(700), stored=True)], RUNDOWN, {}, station)
    (line,) = sheet.transcript
    assert (line.start, line.duration, line.stored) == (0, 2350, False)


def test_each_story_is_a_chapter(station: Station) -> None:
    sheet = cuesheet.lay(CLIPS, RUNDOWN, ALL, station)
    assert [(chapter.title, chapter.source) for chapter in sheet.chapters] == [("One", "a.txt"), ("Two", "b.txt")]
    assert sheet.chapters[0].end <= sheet.chapters[1].start


def test_an_outro_too_short_to_speak_over_follows_the_last_word_at_full_level(station: Station) -> None:
    sheet = cuesheet.lay(CLIPS, RUNDOWN, jingles(outro=1000), station)
    (outro,) = cues(sheet, "outro")
    last = sheet.transcript[-1]
    assert outro.start >= last.start + last.duration
    assert len(outro.level) == 1 and sheet.length == outro.start + 1000


# --- headlines over the bed ---------------------------------------------------------------------------------

TOP = [
    clip("opening-1", "opening", None, 1500, 600),
    clip("headlines-1", "headlines", None, 900, 1100),
    clip("headlines-2", "headlines", 0, 2000, 1100),
    clip("headlines-3", "headlines", 1, 2000, 1100),
    *CLIPS[1:],
]


def test_headlines_lie_over_the_bed_and_a_sting_parts_them_from_the_first_story(station: Station) -> None:
    sheet = cuesheet.lay(TOP, RUNDOWN, ALL, station)
    start = {line.segment.id: line.start for line in sheet.transcript}
    (bed,) = cues(sheet, "bed")
    first, second = cues(sheet, "sting")
    assert bed.start == start["opening-1"]
    assert start["headlines-3"] + 2000 < bed.start + bed.length <= start["headlines-3"] + 2000 + 1100
    assert bed.start + bed.length <= first.start < start["h1"]
    assert start["b1"] < second.start < start["h2"]
    assert [chapter.title for chapter in sheet.chapters] == ["One", "Two"]
    assert sheet.chapters[0].start == start["h1"]


def test_the_bed_ducks_under_speech_and_comes_up_between(station: Station) -> None:
    sheet = cuesheet.lay(TOP, RUNDOWN, ALL, station)
    (bed,) = cues(sheet, "bed")
    full = cuesheet.REFERENCE + 16.0
    lines = [line for line in sheet.transcript if line.segment.role in ("opening", "headlines")]
    for line in lines:
        for at in range(max(line.start, bed.start + cuesheet.FADE), line.start + line.duration, 20):
            assert level_at(bed, at - bed.start) == pytest.approx(full + station.bed_level, abs=0.02)
    for before, after in itertools.pairwise(lines[1:]):
        middle = before.start + before.duration + station.release
        assert level_at(bed, middle - bed.start) == pytest.approx(full + station.bed_between, abs=0.02), "up in the release"
        assert level_at(bed, after.start - station.attack - bed.start) == pytest.approx(full + station.bed_between, abs=0.02)
        assert level_at(bed, after.start - bed.start) == pytest.approx(full + station.bed_level, abs=0.02), "down when words begin"


def test_where_there_is_no_time_to_come_up_the_bed_stays_down() -> None:
    assert cuesheet.ducked([(0, 1000), (1600, 3000)], -16, -7, 250, 500) == [(-250, -7), (0, -16), (3000, -16), (3500, -7)]
    assert len(cuesheet.ducked([(0, 1000), (1800, 3000)], -16, -7, 250, 500)) == 8


def test_the_bed_without_headlines_ends_where_the_story_begins_whatever_comes_later(station: Station) -> None:
    clips = [
        CLIPS[0],
        clip("h1", "headline", 0, 2000, 900),
        clip("b1", "body", 0, 5000, 700),
        clip("h1b", "headline", 0, 1500, 700),
        clip("b2", "body", 0, 5000),
    ]
    sheet = cuesheet.lay(clips, RUNDOWN, ALL, station)
    start = {line.segment.id: line.start for line in sheet.transcript}
    (bed,) = cues(sheet, "bed")
    assert bed.start + bed.length <= start["b1"] + 100


def test_the_bed_does_not_come_up_behind_the_last_word_at_any_release(station: Station) -> None:
    for release in (0, 100, 500, 3000):
        (bed,) = cues(cuesheet.lay(TOP, RUNDOWN, ALL, replace(station, release=Ms(release))), "bed")
        assert bed.level[-1][1] < bed.level[-2][1] == pytest.approx(cuesheet.REFERENCE + 16 + station.bed_level, abs=0.02)


def test_envelopes_run_forward_under_words_of_any_length(station: Station) -> None:
    for length in (50, 100, 399, 400, 900):
        sheet = cuesheet.lay([clip("opening-1", "opening", None, length, 600), clip("b", "body", 0)], RUNDOWN, ALL, station)
        for each in sheet.cues:
            times = [time for time, _ in each.level]
            assert times == sorted(times), (length, each.role, each.level)
