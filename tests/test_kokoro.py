"""What is Kokoro's own, beside what every engine promises."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from speakers import KOKORO

from bulletin import engines
from bulletin.engines import kokoro
from bulletin.errors import EngineError, VoiceError

SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of Kokoro's files."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "data" / "bulletin" / "voices" / "kokoro").mkdir(parents=True)
    return tmp_path / "data" / "bulletin" / "voices" / "kokoro"


def voice_file(shelf: Path, name: str) -> None:
    np.zeros(kokoro.SHAPE, np.float32).tofile(shelf / f"{name}.bin")


def test_a_voice_is_known_by_its_name_and_ready_where_all_is_there(shelf: Path) -> None:
    for name in ("af_heart", "bm_george", "jf_alpha", "zm_yunxi", "xx_other"):
        voice_file(shelf, name)
    (shelf / "am_half.bin").write_bytes(b"x")
    engine = engines.load("kokoro")
    assert not any(voice.ready for voice in engine.voices())
    assert "kokoro-v1.0.int8.onnx is missing" in engine.voices()[0].note
    (shelf / kokoro.MODEL).write_bytes(b"x")
    assert [(voice.id, voice.language, voice.ready) for voice in engine.voices()] == [
        ("af_heart", "en-US", True),
        ("am_half", "en-US", False),
        ("bm_george", "en-GB", True),
        ("jf_alpha", "ja", False),
        ("zm_yunxi", "zh", False),
    ]
    assert engine.voices()[0].note == "American woman, large neural"
    with pytest.raises(EngineError, match="no grammar") as caught:
        engine.speak("橋", engines.find("kokoro:jf_alpha"))
    assert caught.value.lost


def test_a_language_whose_grammar_is_missing_says_what_to_install(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    voice_file(shelf, "ef_dora")
    (shelf / kokoro.MODEL).write_bytes(b"x")
    monkeypatch.setattr(kokoro, "find_spec", lambda name: None)
    (voice,) = engines.load("kokoro").voices()
    assert not voice.ready and "bulletin[kokoro]" in voice.note


def test_a_voice_that_is_not_fetched_says_how_to_fetch_it(shelf: Path) -> None:
    with pytest.raises(VoiceError, match="not installed") as caught:
        engines.find("kokoro:bf_emma")
    assert "bulletin voices install kokoro:bf_emma" in caught.value.hint
    with pytest.raises(VoiceError, match="no voice"):
        engines.find("kokoro:emma")


def test_a_model_that_is_none_is_an_error_of_ours(shelf: Path) -> None:
    voice_file(shelf, "af_heart")
    (shelf / kokoro.MODEL).write_bytes(b"x")
    with pytest.raises(EngineError, match="Kokoro failed"):
        engines.load("kokoro").speak("Yes.", engines.find("kokoro:af_heart"))


def test_letters_of_other_scripts_are_named_and_hindi_only_where_it_is_foreign() -> None:
    engine = engines.load("kokoro")
    assert engine.cannot_say("The 大桥 in Київ 🚢 पुल, Nguyễn ≥ № Łódź") == "大桥Київ🚢पुल≥"
    assert engine.cannot_say("पुल सोमवार को BBC पर खुला।") == ""


def test_english_is_said_in_the_letters_that_it_has_learned() -> None:
    assert kokoro.phonemes("[THAAD](/θˈæd/) came.", "en-US") == "θˈæd kˈAm."
    assert "Q" in kokoro.phonemes("Go home.", "en-GB") and "O" in kokoro.phonemes("Go home.", "en-US")
    with pytest.raises(EngineError, match="cannot say"):
        kokoro.phonemes("पुल खुला।", "en-US")


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Il ragazzo, «sì».", "it", "il raɡˈaʦːo, “sˈiː”."),
        ("Dijo [Xi](/ʃˈi/), sí.", "es", "dˈixo ʃˈi, sˈi."),
        ("पुल खुला।", "hi", "."),
    ],
)
def test_other_languages_come_from_espeak_without_its_ties(text: str, language: str, said: str) -> None:
    pytest.importorskip("phonemizer", reason="pip install 'bulletin[kokoro]'")
    found = kokoro.phonemes(text, language)
    assert found.endswith(said) and not set("^()«»") & set(found)


def test_more_phonemes_than_it_takes_are_cut_between_words() -> None:
    words = " ".join(["kˈæt"] * 400)
    found = kokoro.parts(words)
    assert " ".join(found) == words and max(map(len, found)) <= kokoro.LONGEST
    assert [len(part) for part in kokoro.parts("a" * 1000)] == [510, 490]
    assert kokoro.parts("… ?") == [] and kokoro.parts("θ7ˈæ") == ["θˈæ"]


def test_the_model_that_is_here_is_the_one_that_was_measured() -> None:
    if not (KOKORO / kokoro.MODEL).is_file():
        pytest.skip("no Kokoro here: bulletin voices install kokoro:af_heart, or BULLETIN_KOKORO=FOLDER")
    with (KOKORO / kokoro.MODEL).open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() == SHA256
