"""What is the own of OpenAI's door, beside what every engine promises: a server on loopback speaks its protocol, and breaks it."""

from __future__ import annotations

import traceback
from collections.abc import Iterator

import pytest
from speakers import OpenAIServer, tone

from bulletin import engines
from bulletin.engines import openai
from bulletin.errors import EngineError, VoiceError
from bulletin.model import Station

KEY = "sk-secret-1234567890"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenAIServer]:
    with OpenAIServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.port}/v1/")
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield server


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of OpenAI's in the environment."""
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def speak(voice: str = "openai:nova", rate: float = 1.0) -> bytes:
    return openai.Engine().speak("Good evening.", engines.find(voice), rate=rate).encoded


def refused(voice: str = "openai:nova") -> EngineError:
    """The error, which never shows the key, however it is printed."""
    with pytest.raises(EngineError) as caught:
        speak(voice)
    assert caught.value.message and caught.value.hint
    assert KEY not in "".join(traceback.format_exception(caught.value)) + caught.value.message + caught.value.hint
    return caught.value


def test_it_asks_for_model_voice_words_and_pace_with_the_key_in_its_header(service: OpenAIServer) -> None:
    assert speak("openai:hexgrad/Kokoro-82M/af_bella+af_sky", 1.1) == tone("Good evening.", "WAV", 1.1)
    speak()
    (path, header, first), (_, _, second) = service.heard
    assert (path, header) == ("/v1/audio/speech", f"Bearer {KEY}")
    assert first == {
        "model": "hexgrad/Kokoro-82M", "voice": "af_bella+af_sky", "input": "Good evening.", "response_format": "wav", "speed": 1.1,
    }  # fmt: skip
    assert (second["model"], second["voice"]) == ("tts-1", "nova")


def test_a_server_of_ones_own_needs_no_key(service: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY")
    assert speak()
    assert service.heard[0][1] is None


def test_a_server_that_has_no_wav_is_asked_for_mp3_and_from_then_on_at_once(service: OpenAIServer) -> None:
    service.fault = "no wav"
    engine, voice = openai.Engine(), engines.find("openai:nova")
    for _ in range(2):
        assert engine.speak("Good evening.", voice).encoded == tone("Good evening.", "MP3")
    assert [asked["response_format"] for _, _, asked in service.heard] == ["wav", "mp3", "mp3"]


@pytest.mark.parametrize(
    ("status", "body", "said", "transient", "lost"),
    [
        (401, b'{"error": {"message": "Incorrect API key provided: sk-secret-1234567890"}}', "401: the key is not taken", False, True),
        (403, b"no", "403: the key is not taken", False, True),
        (404, b'{"error": {"message": "The model does not exist"}}', "no model “tts-1”.*does not exist", False, True),
        (
            400,
            b'{"error": {"message": "voice nova is none, sk-secret-1234567890"}}',
            "400 to openai:nova: voice nova is none, …",
            False,
            False,
        ),
        (422, b'{"detail": [{"msg": "Field required"}]}', "422 to openai:nova: Field required", False, False),
        (429, b'{"error": {"code": "insufficient_quota"}}', "nothing left", False, True),
        (429, b"<html>slow down</html>", "429: too many requests", True, False),
        (500, b"", "answers 500", True, False),
        (503, b"{}", "answers 503", True, False),
        (302, b"", "answers 302: it is elsewhere", False, True),
        (200, b"", "gave no sound", True, False),
        (200, b'{"error": "model is loading"}', "gave no sound.*: model is loading", True, False),
        (200, b"\n<html>captive portal</html>", "gave no sound", True, False),
    ],
)
def test_each_answer_without_sound_is_told_for_what_it_is(
    status: int, body: bytes, said: str, transient: bool, lost: bool, service: OpenAIServer
) -> None:
    import re

    service.answer, service.headers = (status, "application/json", body), {"Location": "/elsewhere"}
    error = refused()
    assert re.search(said, error.message), error.message
    assert (error.transient, error.lost) == (transient, lost)


def test_how_long_to_wait_is_passed_on(service: OpenAIServer) -> None:
    service.answer, service.headers = (429, "text/plain", b""), {"Retry-After": "17"}
    assert refused().after == 17


def test_what_is_said_to_this_machine_passes_no_proxy(service: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    assert speak()


def test_a_file_of_certificates_that_is_not_there_is_told(bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    error = refused()
    assert error.lost and "REQUESTS_CA_BUNDLE" in error.hint


def test_half_an_answer_is_none(service: OpenAIServer) -> None:
    service.fault = "cut"
    assert refused().transient


def test_an_answer_without_an_end_is_left(service: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "MOST", 1000)
    assert "more than" in refused().message


@pytest.mark.parametrize("base", ["http://127.0.0.1:9/v1", "nonsense", "http://", "https://[::1", "user:sk-secret-1234567890@host"])
def test_a_server_that_is_not_there_loses_the_voice(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", base)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert refused().lost


@pytest.mark.parametrize("key", [f"{KEY}\r\nX: y", f"{KEY}“"])
def test_a_key_that_is_none_is_not_shown(key: str, service: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    assert "OPENAI_API_KEY" in refused().message


def test_without_a_key_openais_own_voices_are_listed_as_not_ready(bare: None, station: Station) -> None:
    voices = engines.load("openai").voices()
    assert {voice.ready for voice in voices} == {False} and {voice.online for voice in voices} == {True}
    assert "needs OPENAI_API_KEY" in voices[0].note
    error = refused()
    assert error.lost and "OPENAI_API_KEY" in error.hint


def test_a_server_on_this_machine_is_not_online_and_its_voices_are_not_known(service: OpenAIServer) -> None:
    assert list(engines.load("openai").voices()) == []
    assert not engines.find("openai:anyone").online
    assert engines.speaks(engines.find("openai:anyone"), "vi")


def test_each_server_has_clips_of_its_own_and_no_password_in_their_key(monkeypatch: pytest.MonkeyPatch, bare: None) -> None:
    before = openai.Engine().version
    monkeypatch.setenv("OPENAI_BASE_URL", "https://user:secret@tts.example/v1")
    assert openai.Engine().version != before and "secret" not in openai.Engine().version


@pytest.mark.parametrize("name", ["openai:", "openai:a b", "openai:tts-1/", "openai:/nova"])
def test_a_name_that_names_nobody_says_how_they_are_named(name: str, bare: None) -> None:
    with pytest.raises(VoiceError) as caught:
        engines.find(name)
    assert caught.value.hint
