"""What is espeak-ng's own, beside what every engine promises."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from bulletin import engines
from bulletin.engines import espeak
from bulletin.errors import EngineError, VoiceError

TABLE = """\
Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  cmn             --/M      Chinese_(Mandarin,_latin_as_English) sit/cmn              (zh-cmn 5)(zh 5)
 5  en-029          --/M      English_(Caribbean) gmw/en-029           (en 10)
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 5  en-gb-x-rp      --/M      English_(Received_Pronunciation) gmw/en-GB-x-rp       (en-gb 4)(en 5)
 2  en-us           --/M      English_(America)  gmw/en-US            (en 3)
 2  ru-lv           --/M      Russian_(Latvia)   zle/ru-LV
 5  ru              --/M      Russian            zle/ru
 5  yue             --/M      Chinese_(Cantonese) sit/yue              (zh-yue 5)(zh 8)
 5  yue             --/M      Chinese_(Cantonese,_latin_as_Jyutping) sit/yue-Latn-jyutping (zh-yue 5)(zh 8)
"""


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "program", lambda: "nowhere/espeak-ng")
    monkeypatch.setattr(espeak, "printed", lambda path, option: TABLE if option == "--voices" else "eSpeak NG text-to-speech: 1.52.0")
    espeak.listed.cache_clear()
    yield
    espeak.listed.cache_clear()


@pytest.fixture
def installed() -> None:
    if not espeak.program():
        pytest.skip("apt-get install espeak-ng")


def test_the_plainest_accent_of_a_language_comes_first_and_each_voice_once(table: None) -> None:
    listed = [(voice.id, voice.language) for voice in engines.load("espeak").voices()]
    assert listed == [
        ("cmn", "cmn"), ("en-gb", "en-GB"), ("en-us", "en-US"), ("en-gb-x-rp", "en-GB-x-rp"), ("en-029", "en-029"),
        ("ru", "ru"), ("ru-lv", "ru-LV"), ("yue", "yue"),
    ]  # fmt: skip
    assert engines.find("espeak", "zh").id == "cmn"


def test_without_the_program_nothing_is_listed_and_asking_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    engine = espeak.Engine()
    assert engine.voices() == ()
    assert engine.version == ""
    with pytest.raises(VoiceError, match="not installed") as caught:
        engines.find("espeak:vi")
    assert "apt install" in caught.value.hint
    with pytest.raises(EngineError) as lost:
        engine.speak("Hello.", espeak.Voice(engine="espeak", id="en-us", language="en-US"))
    assert lost.value.lost


def test_listing_starts_the_program_once(installed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    real = subprocess.Popen

    def counted(words: list[str], **how: object) -> object:
        started.append(words)
        return real(words, **how)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", counted)
    espeak.printed.cache_clear()
    espeak.listed.cache_clear()
    for _ in range(3):
        assert len(espeak.Engine().voices()) > 50
    assert len(started) == 1


@pytest.mark.parametrize("text", ["say [[h@l'oU]] now", "say [[[[h]]", "-v fr", "<speak>hi</speak>", "a\x01b"])
def test_nothing_in_a_text_is_a_command(text: str) -> None:
    assert "[[" not in espeak.plain(text) and "\x01" not in espeak.plain(text)
    assert espeak.plain(text).replace(" ", "") == text.replace(" ", "").replace("\x01", "")


def test_phonemes_in_brackets_are_read_as_text(installed: None) -> None:
    engine, voice = engines.load("espeak"), engines.find("espeak:en-us")
    lengths = [len(engine.speak(text, voice).samples) for text in ("one [[zzzz]] two", "one [ [zzzz]] two")]
    assert lengths[0] == lengths[1]


def test_a_voice_may_have_another_timbre_if_there_is_such_a_one(installed: None) -> None:
    engine, plain, other = engines.load("espeak"), engines.find("espeak:en-us"), engines.find("espeak:en-us+f3")
    assert other.language == "en-US"
    assert not np.array_equal(engine.speak("Yes.", plain).samples[:4000], engine.speak("Yes.", other).samples[:4000])
    with pytest.raises(VoiceError, match="no timbre “f99”"):
        engines.find("espeak:en-us+f99")
    with pytest.raises(VoiceError, match="no voice"):
        engines.find("espeak:xx+f3")


def test_a_voice_that_the_program_does_not_have_is_lost(installed: None) -> None:
    with pytest.raises(EngineError, match="does not exist") as caught:
        engines.load("espeak").speak("Hello.", espeak.Voice(engine="espeak", id="nonsense", language="en"))
    assert caught.value.lost


def test_a_program_that_hangs_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "espeak-ng").write_text("#!/bin/sh\nexec sleep 30\n")
    (tmp_path / "espeak-ng").chmod(0o755)
    monkeypatch.setattr(espeak, "program", lambda: str(tmp_path / "espeak-ng"))
    monkeypatch.setattr(espeak, "TIMEOUT", 0.2)
    with pytest.raises(EngineError, match="timed out") as caught:
        espeak.Engine().speak("Hello.", espeak.Voice(engine="espeak", id="en-us", language="en-US"))
    assert caught.value.transient
