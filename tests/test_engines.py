"""What every engine promises. An engine passes by being there; one that cannot run here says what it needs."""

from __future__ import annotations

import base64
import io
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import requests
import soundfile

from bulletin import engines
from bulletin import station as stations
from bulletin.errors import EngineError, VoiceError
from bulletin.model import Station, Voice
from bulletin.ports import Engine

NAMES = engines.names()


def ready(name: str) -> tuple[Engine, Voice]:
    engine = engines.load(name)
    voice = next((voice for voice in engine.voices() if voice.ready and not voice.online), None)
    if voice is None:
        pytest.skip(f"no voice of {name} is ready here without a network")
    return engine, voice


def test_the_engines_that_ship_are_found_by_file_name() -> None:
    assert NAMES[:3] == ("hibari", "piper", "gtts")


@pytest.mark.parametrize("name", NAMES)
def test_it_lists_its_voices_quickly_and_names_them_by_engine(name: str) -> None:
    engine = engines.load(name)
    assert isinstance(engine.version, str)
    for voice in engine.voices():
        assert voice.name.startswith(f"{name}:")
        assert voice.language.partition("-")[0].isalpha()
        assert engines.find(voice.name) == voice
        assert voice.online == engine.online


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ["Yes.", "The bridge opened on Monday.", "A" * 300, "Zoë’s café – “naïve”, 50% & more!"])
def test_it_speaks_text_of_every_shape(name: str, text: str) -> None:
    engine, voice = ready(name)
    speech = engine.speak(text, voice)
    assert speech.encoded or (speech.rate >= 8000 and len(speech.samples) > speech.rate // 5 and np.isfinite(speech.samples).all())


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_same_is_the_same(name: str) -> None:
    engine, voice = ready(name)
    assert np.array_equal(engine.speak("Good evening.", voice).samples, engine.speak("Good evening.", voice).samples)


@pytest.mark.parametrize("name", NAMES)
def test_faster_is_shorter(name: str) -> None:
    engine, voice = ready(name)
    text = "The bridge over the river opened to traffic on Monday."
    assert len(engine.speak(text, voice, rate=1.15).samples) < len(engine.speak(text, voice, rate=0.85).samples)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_passes_over_it_says_beforehand(name: str) -> None:
    engine, voice = ready(name)
    assert engine.cannot_say("The bridge in Nguyễn Zoë’s café, 50% – “done”.") == ""
    if engine.cannot_say("大桥") == "":
        assert len(engine.speak("大桥", voice).samples)


def test_hibari_names_the_letters_it_has_no_sound_for() -> None:
    assert engines.load("hibari").cannot_say("The 大桥 in Київ 🚢") == "大桥Київ🚢"


def test_hibari_folds_the_marks_that_would_split_a_word() -> None:
    from bulletin.engines.hibari import fold

    assert fold("Nguyễn Phú Trọng, Łódź, Đà Nẵng, Zoë") == "Nguyen Phú Trong, Lódz, Dà Nang, Zoë"


def test_gtts_without_a_network_says_what_happened_and_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(EngineError, match="could not reach") as caught:
        engines.load("gtts").speak("Hello.", engines.find("gtts:en"))
    assert caught.value.lost
    assert "hibari:heart" in caught.value.hint


def answered(frame: str, status: int = 200) -> requests.Response:
    """An answer as the real service gives it: lines of JSON, one of them with the frame."""
    answer = requests.Response()
    answer.status_code = status
    answer.request = requests.Request("POST", "https://translate.google.com/").prepare()
    answer.raw = io.BytesIO(f")]}}'\n\n123\n{frame}\n25\n".encode())
    return answer


def test_gtts_gives_the_sound_that_the_service_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = io.BytesIO()
    soundfile.write(sound, np.zeros(2400, np.float32), 24_000, format="MP3")
    encoded = base64.b64encode(sound.getvalue()).decode()
    sent = []

    def send(_: object, request: requests.PreparedRequest, **how: object) -> requests.Response:
        sent.append((request.body, how["timeout"]))
        return answered(f'[["wrb.fr","jQ1olc","[\\"{encoded}\\"]",null,null,null,"generic"]]')

    monkeypatch.setattr(requests.Session, "send", send)
    assert engines.load("gtts").speak("Xin chào.", engines.find("gtts:vi")).encoded == sound.getvalue()
    assert len(sent) == 1 and "Xin" in str(sent[0][0]) and sent[0][1] is not None


@pytest.mark.parametrize(
    ("frame", "status", "said"),
    [
        ("nothing of use", 200, "gave no sound"),
        ('[["wrb.fr","jQ1olc",null,null]]', 200, "answered 200"),
        ("slow down", 429, "429: too many requests"),
        ("oops", 503, "answered 503"),
    ],
)
def test_gtts_never_takes_an_answer_without_sound_for_speech(frame: str, status: int, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests.Session, "send", lambda *_, **__: answered(frame, status))
    with pytest.raises(EngineError, match=said) as caught:
        engines.load("gtts").speak("Hello.", engines.find("gtts:en"))
    assert caught.value.transient and caught.value.hint


@pytest.mark.parametrize(("wanted", "near"), [("hibari:hart", "hibari:heart"), ("gtts:vn", "gtts:v"), ("hibary:heart", "hibari:heart")])
def test_an_unknown_voice_names_the_nearest(wanted: str, near: str) -> None:
    with pytest.raises(VoiceError) as caught:
        engines.find(wanted)
    assert near in caught.value.hint


def test_a_piper_voice_that_is_no_voice_says_which_files_it_needs() -> None:
    with pytest.raises(VoiceError, match=r"\.onnx\.json") as caught:
        engines.find("piper:nobody.onnx")
    assert "piper-voices" in caught.value.hint


def test_the_voice_is_the_best_installed_for_the_language_else_gtts(station: Station) -> None:
    assert engines.choose("en", station).name == "hibari:heart"
    assert engines.choose("vi", station).name == "gtts:vi"
    with pytest.raises(VoiceError, match="xx"):
        engines.choose("xx", station)


def test_listing_voices_does_not_load_an_engine() -> None:
    import subprocess

    code = "import bulletin, sys; bulletin.voices(); print([m for m in ('onnxruntime', 'hibari', 'piper', 'scipy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_piper_voice_without_its_description_is_listed_as_not_ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    (tmp_path / "bulletin" / "voices").mkdir(parents=True)
    (tmp_path / "bulletin" / "voices" / "half.onnx").write_bytes(b"x")
    (voice,) = engines.load("piper").voices()
    assert (voice.name, voice.ready) == ("piper:half", False)
    assert "half.onnx.json" in voice.note


@pytest.mark.parametrize(("language", "voice"), [("nb", "gtts:no"), ("he", "gtts:iw"), ("fil", "gtts:tl"), ("pt-BR", "gtts:pt")])
def test_a_language_is_known_by_its_other_names(language: str, voice: str, station: Station) -> None:
    assert engines.choose(language, station).name == voice


def test_an_engine_alone_means_its_voice_for_the_language() -> None:
    assert engines.find("gtts", "vi").name == "gtts:vi"
    assert engines.find("hibari", "en").name == "hibari:heart"
    assert engines.choose("vi", replace(stations.load(), voice="gtts")).name == "gtts:vi"


def test_hibari_names_the_signs_it_passes_over() -> None:
    assert engines.load("hibari").cannot_say("5 ≥ 3 € №") == "≥€"


def test_piper_keeps_the_marks_behind_phonemes() -> None:
    from bulletin.engines.piper import marked

    assert marked("[[ θˈæd ]], and [[ ʃˈiː ]].") == "[[ θˈæd, ]] and [[ ʃˈiː. ]]"


def test_hibari_takes_nothing_for_what_it_is_not() -> None:
    engine, voice = engines.load("hibari"), engines.find("hibari:heart")
    assert engine.phonemes("He said no.", voice).endswith("nˈO.")
    assert "zˈɪɹO" not in engine.phonemes("King Charles met James Cleverly.", voice)
    assert engine.phonemes("[Xi's](/ʃˈiz/) dog", voice).startswith("ʃˈiz")
    assert not engine.knows("Kwibbel", voice)
    assert engine.knows("farmers", voice)
