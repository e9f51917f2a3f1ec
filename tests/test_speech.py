"""Split, stored, checked, trimmed: done once, for every engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin import speech
from bulletin.errors import EngineError
from bulletin.model import Ms, Segment, Speech, Voice
from bulletin.store import Store

RATE = 24_000


@dataclass
class Whistler:
    """Whistles a tone as long as the text, with half a second of silence at both ends; fails as it is told."""

    max_chars: int | None = 60
    online: bool = False
    alphabet: str = ""
    version: str = "1"
    heard: list[str] = field(default_factory=list)
    failing: dict[str, list[EngineError]] = field(default_factory=dict)
    answer: Speech | None = None

    def voices(self) -> list[Voice]:
        return [Voice(engine="whistler", id="one", language="en")]

    def voice(self, id: str) -> None:
        return None

    def cannot_say(self, text: str) -> str:
        return "".join(char for char in text if char == "★")

    def inline(self, word: str, phonemes: str) -> str:
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        self.heard.append(text)
        if waiting := self.failing.get(text):
            raise waiting.pop(0)
        tone = np.sin(np.arange(len(text) * RATE // 20) * 0.1).astype(np.float32) * 0.3
        silence = np.zeros(RATE // 2, np.float32)
        return self.answer or Speech(samples=np.concatenate([silence, tone, silence]), rate=RATE)


@pytest.fixture
def whistler(monkeypatch: pytest.MonkeyPatch) -> Whistler:
    monkeypatch.setattr(speech, "PATIENCE", (0.0, 0.0))
    return Whistler()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "clips", 10**9)


def segment(text: str, story: int | None = 0, pause: int = 700) -> Segment:
    return Segment(id=f"s-{story}-{text[:5]}", role="body", story=story, text=text, said=text, language="en", voice="", pause=Ms(pause))


def speak(segments: list[Segment], engine: Whistler, store: Store, rate: float = 1.0) -> tuple[list, list]:
    def chosen(_: Segment) -> tuple[Whistler, Voice]:
        return engine, engine.voices()[0]

    clips, unsaid, notes = speech.speak(segments, chosen, store, rate, Ms(350), lambda *_: None, lambda words, *_: words)
    return clips, unsaid + [(None, note) for note in notes]


def test_a_clip_is_the_sound_without_the_engines_silence(whistler: Whistler, store: Store) -> None:
    (clip,), problems = speak([segment("Good evening to you all.")], whistler, store)
    samples, rate = soundfile.read(clip.path)
    assert not problems
    assert rate == RATE
    assert len(samples) / rate == pytest.approx(24 / 20, abs=0.1)
    assert clip.duration == -(-len(samples) * 1000 // rate)
    assert abs(samples[0]) < 1e-3 and abs(samples[-1]) < 1e-3
    assert clip.loudness == pytest.approx(-0.691 + 10 * np.log10(0.045), abs=1.0)


def test_the_same_words_are_never_voiced_twice(whistler: Whistler, store: Store) -> None:
    first, _ = speak([segment("One."), segment("Two."), segment("One.", story=1)], whistler, store)
    assert [clip.stored for clip in first] == [False, False, True]
    again, _ = speak([segment("One."), segment("Three.")], whistler, store)
    assert [clip.stored for clip in again] == [True, False]
    assert whistler.heard == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("change", ["rate", "version", "voice"])
def test_another_rate_version_or_voice_is_another_clip(change: str, whistler: Whistler, store: Store) -> None:
    speak([segment("One.")], whistler, store)
    if change == "version":
        whistler.version = "2"
    if change == "voice":
        whistler.voices = lambda: [Voice(engine="whistler", id="two", language="en")]  # type: ignore[method-assign]
    speak([segment("One.")], whistler, store, rate=1.1 if change == "rate" else 1.0)
    assert whistler.heard == ["One.", "One."]


def test_a_long_segment_is_voiced_in_pieces_and_keeps_its_pause(whistler: Whistler, store: Store) -> None:
    text = "The mayor, who had come by boat, said the bridge was worth it, and that lorries must wait a month."
    clips, _ = speak([segment(text)], whistler, store)
    assert len(clips) > 1
    assert " ".join(whistler.heard) == text
    assert [clip.pause for clip in clips] == [350] * (len(clips) - 1) + [700]


def test_a_passing_failure_is_tried_again(whistler: Whistler, store: Store) -> None:
    whistler.failing["One."] = [EngineError("busy", transient=True)] * 2
    clips, problems = speak([segment("One.")], whistler, store)
    assert len(clips) == 1 and not problems
    assert whistler.heard == ["One."] * 3


def test_an_answer_that_is_no_sound_is_asked_for_again(whistler: Whistler, store: Store) -> None:
    whistler.answer = Speech(encoded=b"<html>busy</html>")
    _, problems = speak([segment("One.")], whistler, store)
    assert len(problems) == 1 and whistler.heard == ["One."] * 3


def test_a_story_that_cannot_be_said_whole_is_dropped_and_named_and_what_was_voiced_is_kept(whistler: Whistler, store: Store) -> None:
    whistler.failing["Two."] = [EngineError("broken", "mend it")]
    clips, problems = speak([segment("One."), segment("Two."), segment("Never."), segment("Three.", story=1)], whistler, store)
    assert [clip.segment.text for clip in clips] == ["Three."]
    assert [(found.text, problem.message, problem.hint) for found, problem in problems] == [("Two.", "broken", "mend it")]
    assert "Never." not in whistler.heard
    speak([segment("One.")], whistler, store)
    assert whistler.heard.count("One.") == 1


def test_a_lost_voice_is_not_asked_again(whistler: Whistler, store: Store) -> None:
    whistler.failing["One."] = [EngineError("gone", lost=True)]
    clips, problems = speak([segment("One."), segment("Two.", story=1)], whistler, store)
    assert not clips and len(problems) == 2
    assert whistler.heard == ["One."]


def test_characters_without_a_sound_are_left_out_and_said_so(whistler: Whistler, store: Store) -> None:
    (clip,), ((_, problem),) = speak([segment("A ★ fell on the town.")], whistler, store)
    assert clip.segment.said == "A fell on the town."
    assert "★" in problem.message and "left out" in problem.message


def test_a_segment_of_mostly_such_characters_is_not_said_at_all(whistler: Whistler, store: Store) -> None:
    clips, problems = speak([segment("★★★ star")], whistler, store)
    assert not clips and "cannot say" in problems[0][1].message


@pytest.mark.parametrize(
    "answer",
    [
        Speech(samples=np.zeros(0, np.float32), rate=RATE),
        Speech(samples=np.zeros(RATE, np.float32), rate=RATE),
        Speech(samples=np.full(RATE, np.nan, np.float32), rate=RATE),
        Speech(encoded=b"<html>captive portal</html>"),
    ],
)
def test_silence_and_rubbish_are_no_speech(answer: Speech, whistler: Whistler, store: Store) -> None:
    whistler.answer = answer
    clips, problems = speak([segment("One.")], whistler, store)
    assert not clips and len(problems) == 1
    assert not list(store.folder.glob(".making-*"))


def test_an_encoded_answer_is_decoded(whistler: Whistler, store: Store, tmp_path: Path) -> None:
    tone = np.sin(np.arange(RATE) * 0.1).astype(np.float32) * 0.3
    soundfile.write(tmp_path / "a.mp3", tone, RATE)
    whistler.answer = Speech(encoded=(tmp_path / "a.mp3").read_bytes())
    clips, _ = speak([segment("One.")], whistler, store)
    assert clips[0].duration == pytest.approx(1000, abs=30)
