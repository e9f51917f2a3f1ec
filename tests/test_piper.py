"""What is Piper's own, beside what every engine promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin import engines
from bulletin.engines.piper import marked
from bulletin.errors import VoiceError


def test_a_voice_that_is_no_voice_says_which_files_it_needs() -> None:
    with pytest.raises(VoiceError, match=r"\.onnx\.json") as caught:
        engines.find("piper:nobody.onnx")
    assert "piper-voices" in caught.value.hint


def test_a_voice_without_its_description_is_listed_as_not_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "bulletin" / "voices").mkdir(parents=True)
    (tmp_path / "bulletin" / "voices" / "half.onnx").write_bytes(b"x")
    (voice,) = engines.load("piper").voices()
    assert (voice.name, voice.ready) == ("piper:half", False)
    assert "half.onnx.json" in voice.note


def test_the_marks_behind_phonemes_are_kept() -> None:
    assert marked("[[ θˈæd ]], and [[ ʃˈiː ]].") == "[[ θˈæd, ]] and [[ ʃˈiː. ]]"
