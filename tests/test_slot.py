"""A programme of a length that was asked for, to the millisecond; no sound is touched."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import slot
from bulletin.errors import SlotError
from bulletin.model import Clip, Ms, Segment

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
