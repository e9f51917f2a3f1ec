"""Who says what once a voice is lost, as a decision: no sound, no network."""

from __future__ import annotations

import itertools

import pytest

from bulletin.errors import VoiceError
from bulletin.fallback import Casting
from bulletin.model import Ms, Problem, Segment


def segment(story: int | None, number: int, role: str = "body", language: str = "en") -> Segment:
    return Segment(id=f"{role}-{story}-{number}", role=role, story=story, text="x", said="x", language=language, voice="", pause=Ms(0))


def lost(*segments: Segment) -> list[tuple[Segment, Problem]]:
    return [(each, Problem(message="Gone.", source=each.id, missing=(each.text,))) for each in segments]


@pytest.mark.parametrize("whole", [True, False])
def test_each_voice_is_tried_once_and_then_nobody_is_left(whole: bool) -> None:
    casting = Casting(lambda _: "a", lambda _: ["b", "a", "c"], whole)
    one = segment(0, 1)
    heard = [casting(one)]
    while casting.recast(lost(one)):
        heard.append(casting(one))
    assert heard == ["a", "b", "c"]


def test_what_goes_with_a_story_goes_to_whoever_reads_it() -> None:
    casting = Casting(lambda _: "a", lambda _: ["b"], False)
    first, line, other, opening = segment(0, 1), segment(0, 2, "headlines"), segment(1, 1), segment(None, 1, "opening")
    (change,) = casting.recast(lost(first))
    assert [casting(each) for each in (first, line, other, opening)] == ["b", "b", "a", "a"]
    assert "a was lost" in change.message and "read by b" in change.message and not change.missing


def test_a_fallback_is_of_the_segments_own_language() -> None:
    able = {"en": ["b"], "vi": []}
    casting = Casting(lambda _: "a", able.__getitem__, True)
    english, other = segment(0, 1), segment(1, 1, language="vi")
    assert len(casting.recast(lost(english, other))) == 1
    assert (casting(english), casting(other)) == ("b", "a")
    assert not casting.recast(lost(other))


def test_a_story_that_nobody_can_say_costs_no_other() -> None:
    def who(segment: Segment) -> str:
        if segment.language == "vi":
            raise VoiceError("No voice here speaks “vi”.")
        return "a"

    casting = Casting(who, lambda _: ["b"], True)
    english, other = segment(0, 1), segment(1, 1, language="vi")
    assert not casting.recast(lost(other))
    assert len(casting.recast(lost(other, english))) == 1 and casting(english) == "b"


def test_the_same_change_is_told_once() -> None:
    casting = Casting(lambda _: "a", lambda _: ["b"], False)
    changes = casting.recast(lost(*itertools.starmap(segment, [(0, 1), (0, 2), (1, 1)])))
    assert len(changes) == 1
