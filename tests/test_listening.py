from __future__ import annotations

import copy
import json
import os
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

import bulletin
from bulletin.errors import SoundError, UsageError
from bulletin.listening import compare, ear, follow, heard, hearing, judge, words
from bulletin.listening.recording import Recording
from bulletin.listening.reference import Reference
from bulletin.model import Station
from bulletin.produce import open_station

MODEL = os.environ.get("BULLETIN_WHISPER", "")
ears = pytest.mark.skipif(not (MODEL and find_spec("faster_whisper")), reason="needs faster-whisper and a model (BULLETIN_WHISPER)")
STORY = """\
Wendmouth ferry sails again after seven months of repairs

The car ferry between Wendmouth and Great Sallow went back into service on Thursday.

About two hundred passengers were on the first crossing. Schoolchildren on the island were given the morning off to greet it.

Island councillors have asked for the work to begin sooner. Shops ran short of fresh food three times during the winter.

The mayor of Melbourne sent her best wishes.
"""
SECOND = "Shops ran short of fresh food three times during the winter."


class Deaf:
    """An ear that hears nothing: what is found without it is found by sound alone."""

    def knows(self, language: str) -> bool:
        return True

    def listen(self, samples: Any) -> None:
        return None

    def text(self, impression: Any, language: str, beam: int = 5) -> str:
        return ""

    def align(self, impression: Any, text: str, language: str) -> list[ear.Token]:
        return []


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Makes the story's bulletin, some of its words replaced: (sound, report)."""

    folder = tmp_path_factory.mktemp("heard")

    def make(*changes: tuple[str, str]) -> tuple[Path, dict[str, Any]]:
        number = len(list(folder.glob("*.wav")))
        article, script = folder / f"{number}.txt", folder / f"{number}-script.txt"
        article.write_text(STORY, encoding="utf-8")
        text, _ = bulletin.draft(article, language="en")
        for was, now in changes:
            assert was in text
            text = text.replace(was, now)
        script.write_text(text, encoding="utf-8")
        report = bulletin.make(script, output=folder / f"{number}.wav", voice="hibari:heart")
        return report.files[0], json.loads(json.dumps(report.as_dict()))

    return make


def listened(sound: Path, report: dict[str, Any], hearer: Any = None) -> list[hearing.Misheard]:
    """What is told of a file, by an ear that hears nothing unless another is given."""
    with Recording(sound) as recording:
        return hearing.Listener(hearer or Deaf(), recording, Reference(station()), lambda *_: None, report).all()


def station() -> Station:
    return open_station({})


def without(sound: Path, report: dict[str, Any], text: str, *, silence: bool = False) -> Path:
    """A file with one sentence cut out, or silenced."""
    segment = next(segment for segment in report["segments"] if segment["text"] == text)
    samples, rate = soundfile.read(sound)
    start, end = (int(at * rate / 1000) for at in (segment["start_ms"] - 100, segment["start_ms"] + segment["duration_ms"] + 100))
    middle = np.zeros_like(samples[start:end]) if silence else samples[:0]
    cut = sound.with_name(f"{sound.stem}-{'silent' if silence else 'cut'}.wav")
    soundfile.write(cut, np.concatenate([samples[:start], middle, samples[end:]]), rate)
    return cut


def test_a_bulletin_that_is_as_it_should_be_gives_nothing_to_tell(made: Any) -> None:
    assert listened(*made()) == []


@pytest.mark.parametrize("silence", [False, True])
def test_a_sentence_that_was_cut_out_or_silenced_is_missing_and_nothing_else_is(made: Any, silence: bool) -> None:
    sound, report = made()
    (told,) = listened(without(sound, report, SECOND, silence=silence), report)
    lost = next(segment["id"] for segment in report["segments"] if segment["text"] == SECOND)
    assert (told.kind, told.segment, told.heard) == ("missing", lost, "")
    assert told.expected == SECOND


def test_a_sentence_is_found_where_it_is_though_the_report_has_it_three_seconds_later(made: Any) -> None:
    sound, report = made()
    segment = next(segment for segment in report["segments"] if segment["text"] == SECOND)
    (unit,) = follow.units([segment | {"start_ms": segment["start_ms"] + 3000}])
    voiced = Reference(station()).speak(unit.words, segment)
    assert voiced is not None
    with Recording(sound) as recording:
        found = follow.search(unit, voiced, recording, 0.0, 0.0, far=True)
    assert found is not None
    assert found.start == pytest.approx(segment["start_ms"] / 1000, abs=0.1)
    assert found.worst < hearing.CLEAR


def test_other_words_in_its_place_are_not_taken_for_a_sentence(made: Any) -> None:
    sound, report = made((SECOND, "Nobody on the council wanted to say who would pay for all of it."))
    changed = next(segment for segment in report["segments"] if segment["text"].startswith("Nobody"))
    changed |= {"text": SECOND, "said": SECOND}
    assert [(told.kind, told.segment) for told in listened(sound, report)] == [("missing", changed["id"])]


def test_a_voice_that_is_not_here_has_no_reference() -> None:
    assert Reference(station()).speak("Good evening.", {"voice": "gtts:en", "language": "en"}) is None
    assert Reference(station()).speak("Good evening.", {"voice": "nobody:here", "language": "en"}) is None


def test_a_program_that_a_report_names_is_not_run(tmp_path: Path) -> None:
    program = f"command:en=touch {tmp_path / 'run'}"
    segment = {"voice": program, "language": "en"}
    assert Reference(station()).speak("Good evening.", segment) is None
    assert not (tmp_path / "run").exists()
    Reference(replace(station(), voice=program)).speak("Good evening.", segment)
    assert (tmp_path / "run").exists(), "one that the station names is"


def test_two_spellings_of_the_same_words_are_the_same() -> None:
    for one, other in [
        ("It's 12% up, to $4.6 million.", "it is twelve percent up, to four point six million dollars"),
        ("the neighbour's well-organised theatre", "The neighbors well organized theater"),
        ("Nguyễn", "nguyen"),
        ("Wend Mouth", "Wendmouth"),
    ]:
        assert not words.differences(words.plain(one, "en"), words.plain(other, "en")), (one, other)


def test_other_words_are_a_difference_with_their_places() -> None:
    (found,) = words.differences(words.plain("They won on Monday.", "en"), words.plain("They lost on Monday.", "en"))
    assert (found.start, found.end, found.other) == (1, 2, (1, 2))


def test_a_sound_lies_along_itself_in_a_longer_one_at_its_place() -> None:
    noise = np.random.default_rng(1).standard_normal(5 * ear.RATE).astype(np.float32)
    path = compare.lay(compare.spectra(noise[ear.RATE : 3 * ear.RATE]), compare.spectra(noise))
    assert path.ends == pytest.approx((1.0, 3.0), abs=0.06)
    assert path.mean < 0.1


def test_a_louder_sound_is_as_alike_as_a_softer_one() -> None:
    noise = np.random.default_rng(2).standard_normal(ear.RATE).astype(np.float32)
    assert np.allclose(compare.spectra(noise), compare.spectra(noise * 0.01), atol=1e-3)


def doubt(**evidence: Any) -> judge.Doubt:
    base: dict[str, Any] = {"start": 1, "end": 2, "expected": "street", "heard": "lawyer", "told": True, "close": False, "span": (0.0, 1.0)}
    return judge.Doubt(**base | {"drop": 12.0, "gain": 14.0, "against": -13.0, "cost": 0.5} | evidence)


def test_a_word_holds_as_wrong_only_where_the_file_and_its_reference_disagree() -> None:
    assert judge.holds(doubt(), music=False)
    assert not judge.holds(doubt(gain=0.0, against=0.0), music=False), "what the ear writes of both is its habit"
    assert not judge.holds(doubt(drop=0.5, cost=0.1), music=False), "a sound that is the same says the same"


def test_music_asks_for_more() -> None:
    assert judge.holds(doubt(gain=2.0, against=-8.0), music=False)
    assert not judge.holds(doubt(gain=2.0, against=-8.0), music=True)


def test_a_doubt_that_a_second_reference_does_not_leave_is_none() -> None:
    assert judge.both([doubt()], []) == []
    (left,) = judge.both([doubt()], [doubt(gain=3.0, against=1.0)])
    assert (left.gain, left.against) == (3.0, 1.0)


def test_a_file_that_is_no_sound_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "words.mp3"
    path.write_text("no sound", encoding="utf-8")
    with pytest.raises(SoundError, match=r"words\.mp3"):
        Recording(path)


def test_no_package_is_an_error_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ear, "find_spec", lambda name: None)
    with pytest.raises(UsageError) as error:
        ear.Ear("folder")
    assert error.value.hint == "pip install 'bulletin[listen]'"


@pytest.mark.skipif(not find_spec("faster_whisper"), reason="needs faster-whisper")
def test_no_model_or_one_that_is_none_is_an_error_that_says_how_to_get_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BULLETIN_WHISPER", raising=False)
    (tmp_path / "model.bin").write_bytes(b"none")
    for named in (None, tmp_path, "/no/such/folder/here"):
        with pytest.raises(UsageError) as error:
            ear.Ear(named)
        assert "whisper" in error.value.hint


@ears
def test_what_was_cut_a_wrong_word_and_a_mangled_name_are_named_and_nothing_else(made: Any) -> None:
    right = made()[1]
    sound, wrong = made(("first crossing", "last crossing"), ("Melbourne", "Telbourne"))
    report = copy.deepcopy(wrong)
    for segment, original in zip(report["segments"], right["segments"], strict=True):
        segment |= {"text": original["text"], "said": original["said"]}
    told = heard(report, without(sound, report, SECOND), MODEL)
    assert [(each.kind, each.expected, each.name) for each in told if each.kind == "otherwise"] == [
        ("otherwise", "first", False),
        ("otherwise", "Melbourne", True),
    ]
    assert [each.expected[:9] for each in told if each.kind == "missing"] == ["Shops ran"]
    assert len(told) == 3


@ears
def test_a_clean_bulletin_is_heard_without_a_finding_whatever_its_times(made: Any) -> None:
    sound, report = made()
    assert heard(report, sound, MODEL) == []
    for segment in report["segments"]:
        segment["start_ms"] += 5000
    assert heard(report, sound, MODEL) == []


@ears
def test_where_the_voice_is_not_here_a_missing_sentence_is_still_found(made: Any) -> None:
    sound, report = made()
    cut = without(sound, report, SECOND)
    for segment in report["segments"]:
        segment["voice"] = "gtts:en"
    assert [(each.kind, each.expected[:9]) for each in heard(report, cut, MODEL)] == [("missing", "Shops ran")]
