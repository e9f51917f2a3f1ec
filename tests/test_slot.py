"""A programme of a length that was asked for, to the millisecond; no sound is touched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import slot
from bulletin.errors import SlotError
from bulletin.model import MUST, SPARE, Clip, Fitted, Ms, Segment

TAIL = 5_000
"""Music behind the last word in these programmes."""


def clip(story: int | None, passage: int, duration: int, pause: int = 700, role: str = "body", text: str = "A sentence.") -> Clip:
    segment = Segment(
        id=f"{story}-{role}-{passage}",
        role=role,
        story=story,
        passage=passage,
        text=text,
        said=text,
        language="en",
        voice="",
        pause=Ms(pause),
    )
    return Clip(
        segment=segment,
        voice="a",
        path=Path("x"),
        key=f"{story}{role}{passage}{duration}",
        duration=Ms(duration),
        loudness=-20.0,
        pause=Ms(pause),
        stored=True,
    )


def programme(*stories: Sequence[int]) -> list[Clip]:
    """An opening, stories of a headline and paragraphs of these lengths, a sign-off."""
    clips = [clip(None, 0, 2_000, 600, "opening")]
    for number, paragraphs in enumerate(stories):
        clips.append(clip(number, 0, 3_000, 900, "headline"))
        clips += [clip(number, at, length, 700 if at < len(paragraphs) else 1_200) for at, length in enumerate(paragraphs, 1)]
    return [*clips, clip(None, 0, 1_500, 0, "closing")]


def measure(clips: Sequence[Clip], fill: Ms) -> int:
    return sum(each.duration + each.pause for each in clips) + fill + TAIL


THREE = programme([20_000, 15_000, 10_000], [18_000, 12_000], [16_000, 9_000, 8_000])
NATURAL = measure(THREE, Ms(0))


# --- what must be left alone --------------------------------------------------------------------------------


def test_what_fits_is_said_as_it_is() -> None:
    fitted = slot.fit(THREE, Ms(NATURAL), measure, music=True)
    assert fitted.out == ()
    assert fitted.fill == 0
    assert fitted.pace == pytest.approx(1, abs=0.001)
    assert [each.duration for each in fitted.clips] == [each.duration for each in THREE]


# --- what gives way -----------------------------------------------------------------------------------------


@given(st.integers(76_000, NATURAL + 15_000))
def test_every_length_that_can_be_is_met_to_the_millisecond(wanted: int) -> None:
    fitted = slot.fit(THREE, Ms(wanted), measure, music=True)
    assert measure(fitted.clips, fitted.fill) == wanted
    assert slot.TIGHT - 0.01 <= fitted.pace <= slot.WIDE + 0.01
    assert fitted.fill == 0 or slot.SHORTEST_FILL <= fitted.fill <= slot.LONGEST_FILL
    said = {slot.place(each) for each in fitted.clips if each.segment.role == "body"}
    assert {(0, 1), (1, 1), (2, 1)} <= said, "each story keeps its first paragraph"
    for story, number in said:
        assert number == 1 or (story, number - 1) in said, "paragraphs go from the end"


def test_the_last_story_loses_first() -> None:
    fitted = slot.fit(THREE, Ms(NATURAL - 6_000), measure, music=True)
    assert fitted.out == ((2, 3),)


def test_a_subhead_does_not_stay_without_what_it_heads() -> None:
    clips = programme([20_000], [18_000, 1_000, 12_000])
    clips = [each if slot.place(each) != (1, 2) else clip(1, 2, 1_000, text="What comes next") for each in clips]
    fitted = slot.fit(clips, Ms(measure(clips, Ms(0)) - 9_000), measure, music=True)
    assert fitted.out == ((1, 2), (1, 3))


def test_music_takes_what_easy_pauses_leave() -> None:
    fitted = slot.fit(THREE, Ms(NATURAL + 12_000), measure, music=True)
    assert fitted.fill >= slot.SHORTEST_FILL
    assert fitted.pace <= slot.EASY + 0.01


def test_the_last_paragraph_that_is_said_has_the_pause_of_a_storys_end() -> None:
    kept = slot.without(THREE, [(0, 3)])
    assert next(each.pause for each in kept if slot.place(each) == (0, 2) and each.segment.role == "body") == 1_200


# --- what cannot be -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "music", "words"),
    [(30_000, True, "cannot be said in 0:30"), (900_000, True, "too little"), (NATURAL + 20_000, False, "too little")],
)
def test_what_cannot_be_is_refused_with_the_nearest_length(wanted: int, music: bool, words: str) -> None:
    with pytest.raises(SlotError, match=words) as refused:
        slot.fit(THREE, Ms(wanted), measure, music=music)
    nearest = refused.value.hint.rpartition("--length ")[2].rstrip(".")
    minutes, seconds = nearest.split(":")
    length = Ms(int(minutes) * 60_000 + round(float(seconds) * 1000))
    fitted = slot.fit(THREE, length, measure, music=music)
    assert measure(fitted.clips, fitted.fill) == length


@pytest.mark.parametrize(("length", "words"), [(180_000, "3:00"), (59_250, "0:59.250"), (600_001, "10:00.001")])
def test_lengths_are_spelled_as_radio_writes_them(length: int, words: str) -> None:
    assert slot.spelled(length) == words


# --- whole stories ------------------------------------------------------------------------------------------


def said(fitted: Fitted) -> set[int]:
    return {each.segment.story for each in fitted.clips if each.segment.story is not None}


def test_where_paragraphs_are_not_enough_the_last_story_is_left_out_whole() -> None:
    fitted = slot.fit(THREE, Ms(60_000), measure, music=True)
    assert fitted.dropped == (2,)
    assert said(fitted) == {0, 1}
    assert measure(fitted.clips, fitted.fill) == 60_000


def test_the_least_important_goes_first_and_what_must_run_stays() -> None:
    fitted = slot.fit(THREE, Ms(58_000), measure, music=True, priorities={0: 9, 1: 5, 2: MUST})
    assert fitted.dropped == (0,)
    fitted = slot.fit(THREE, Ms(NATURAL - 12_000), measure, music=True, priorities={0: 9})
    assert fitted.out == ((0, 3),)
    with pytest.raises(SlotError, match="must run"):
        slot.fit(THREE, Ms(45_000), measure, music=True, priorities=dict.fromkeys(range(3), MUST))


def test_a_lost_storys_headline_at_the_top_goes_with_it_and_the_last_takes_the_words_before() -> None:
    lines = [clip(None, 0, 1_000, role="headlines"), *(clip(story, story + 1, 2_000, role="headlines") for story in range(3))]
    clips = [THREE[0], *lines, *THREE[1:]]
    fitted = slot.fit(clips, Ms(66_000), measure, music=True)
    assert fitted.dropped == (2,)
    assert [each.segment.story for each in fitted.clips if each.segment.role == "headlines"] == [None, 0, 1]
    assert not [each for each in slot.told(clips, [0, 1, 2]) if each.segment.role == "headlines"]


@given(st.integers(31_000, NATURAL + 15_000))
def test_whatever_the_length_it_is_met_or_refused_and_every_loss_is_named(wanted: int) -> None:
    try:
        fitted = slot.fit(THREE, Ms(wanted), measure, music=True)
    except SlotError as error:
        assert "--length" in error.hint
        return
    assert measure(fitted.clips, fitted.fill) == wanted
    kept = {slot.place(each) for each in fitted.clips}
    for each in THREE:
        assert slot.place(each) in kept or slot.place(each) in fitted.out or each.segment.story in fitted.dropped
    assert 0 in said(fitted)


# --- spare stories ------------------------------------------------------------------------------------------

SPARED = programme([20_000, 15_000, 10_000], [18_000, 12_000], [9_000, 6_000, 5_000])


def test_a_spare_story_airs_where_there_is_time_to_fill_shortened_if_need_be() -> None:
    two = measure([each for each in SPARED if each.segment.story != 2], Ms(0))
    fitted = slot.fit(SPARED, Ms(two), measure, music=True, priorities={2: SPARE})
    assert fitted.dropped == (2,) and fitted.fill == 0
    fitted = slot.fit(SPARED, Ms(two + 16_000), measure, music=True, priorities={2: SPARE})
    assert fitted.dropped == () and (2, 3) in fitted.out and (2, 1) not in fitted.out
    assert measure(fitted.clips, fitted.fill) == two + 16_000
    fitted = slot.fit(SPARED, Ms(measure(SPARED, Ms(0))), measure, music=True, priorities={2: SPARE})
    assert fitted.dropped == () and fitted.out == ()


def test_nothing_else_is_shortened_for_a_spare_story() -> None:
    for wanted in range(90_000, measure(SPARED, Ms(0)), 1_700):
        fitted = slot.fit(SPARED, Ms(wanted), measure, music=True, priorities={2: SPARE})
        if 2 in said(fitted):
            assert all(story == 2 for story, _ in fitted.out), wanted


# --- pace ---------------------------------------------------------------------------------------------------


def staircase(clips: Sequence[Clip], pace: float) -> list[Clip]:
    """A voice that changes its pace by two thirds of what it is told, in steps of 20 ms a clip."""
    return [replace(each, duration=Ms(round(each.duration / (1 + (pace - 1) * 0.66) / 20) * 20)) for each in clips]


@given(st.integers(74_000, NATURAL + 20_000))
def test_the_pace_of_speech_is_a_lever_within_what_nobody_notices(wanted: int) -> None:
    fitted = slot.fit(THREE, Ms(wanted), measure, music=True, voiced=staircase)
    assert measure(fitted.clips, fitted.fill) == wanted
    assert slot.SLOW <= fitted.rate <= slot.FAST
    kept = {each.segment.id for each in fitted.clips}
    spoken = sum(each.duration for each in THREE if each.segment.id in kept)
    assert fitted.rate == pytest.approx(spoken / sum(each.duration for each in fitted.clips), abs=0.001)


def test_a_little_faster_saves_a_paragraph_that_pauses_alone_cannot() -> None:
    tight = measure(slot.paced(THREE, slot.BRISK), Ms(0)) - 2_000
    assert slot.fit(THREE, Ms(tight), measure, music=True).out
    fitted = slot.fit(THREE, Ms(tight), measure, music=True, voiced=staircase)
    assert not fitted.out and 1 < fitted.rate <= slot.FAST


def test_a_voice_that_cannot_be_paced_is_left_as_it_is() -> None:
    tight = measure(slot.paced(THREE, slot.BRISK), Ms(0)) - 2_000
    fitted = slot.fit(THREE, Ms(tight), measure, music=True, voiced=lambda clips, pace: None)
    assert fitted.rate == 1.0 and measure(fitted.clips, fitted.fill) == tight


# --- programmes of every shape ------------------------------------------------------------------------------

lengths = st.lists(st.lists(st.integers(400, 40_000), min_size=1, max_size=5), min_size=1, max_size=6)


@given(lengths, st.integers(5_000, 300_000), st.booleans(), st.booleans())
def test_no_pause_is_ever_negative_and_no_first_paragraph_is_lost(stories: list[list[int]], wanted: int, music: bool, paced: bool) -> None:
    clips = programme(*stories)
    try:
        fitted = slot.fit(clips, Ms(wanted), measure, music=music, voiced=staircase if paced else None)
    except SlotError:
        return
    assert measure(fitted.clips, fitted.fill) == wanted
    assert all(each.pause >= 0 for each in fitted.clips)
    kept = {slot.place(each) for each in fitted.clips if each.segment.role == "body"}
    assert all((story, 1) in kept for story in said(fitted))


@pytest.mark.parametrize("text", ["پہلا پیراگراف۔", "คณะกรรมการประชุมกันเมื่อวันจันทร์", "He named three:"])
def test_a_first_paragraph_is_no_subhead_whatever_it_ends_with(text: str) -> None:
    clips = [replace(each, segment=replace(each.segment, text=text)) if each.segment.role == "body" else each for each in THREE]
    fitted = slot.fit(clips, Ms(76_000), measure, music=True)
    assert {(0, 1), (1, 1), (2, 1)} <= {slot.place(each) for each in fitted.clips}


def test_where_all_are_spare_they_are_as_any_others() -> None:
    fitted = slot.fit(THREE, Ms(NATURAL), measure, music=True, priorities=dict.fromkeys(range(3), SPARE))
    assert fitted.dropped == () and fitted.out == ()


def test_a_length_that_is_hopeless_is_refused_without_anything_being_voiced() -> None:
    asked: list[float] = []

    def voiced(clips: Sequence[Clip], pace: float) -> None:
        asked.append(pace)

    with pytest.raises(SlotError):
        slot.fit(THREE, Ms(10_000), measure, music=True, voiced=voiced)
    assert not asked
