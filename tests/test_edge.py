"""What is Edge's own, beside what every engine promises: a server on loopback speaks its protocol, and breaks it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest
from speakers import EdgeServer, tone

from bulletin import engines
from bulletin.engines import edge
from bulletin.errors import EngineError, VoiceError
from bulletin.model import Station

pytest.importorskip("edge_tts", reason="pip install edge-tts")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[EdgeServer]:
    with EdgeServer() as server:
        monkeypatch.setattr("edge_tts.communicate.WSS_URL", f"ws://127.0.0.1:{server.port}/edge?t=1")
        yield server


def speak(text: str = "Good evening.", rate: float = 1.0) -> bytes:
    return engines.load("edge").speak(text, engines.find("edge:en-GB-SoniaNeural"), rate=rate).encoded


def test_it_gives_the_sound_that_the_service_sends_and_asks_for_voice_pace_and_words(service: EdgeServer) -> None:
    assert speak("Fish & <chips>, “Zoë”.", 1.1) == tone("Fish & <chips>, “Zoë”.", "MP3")
    assert service.heard == [("Microsoft Server Speech Text to Speech Voice (en-GB, SoniaNeural)", "+10%", "Fish & <chips>, “Zoë”.")]
    speak(rate=0.9)
    assert service.heard[-1][1] == "-10%"


@pytest.mark.parametrize(
    ("fault", "said"), [("no audio", "gave no sound"), ("cut", "broke off"), ("nonsense", "Unknown path"), ("503", "answered 503")]
)
def test_what_may_pass_is_transient(fault: str, said: str, service: EdgeServer) -> None:
    service.fault = fault
    with pytest.raises(EngineError, match=said) as caught:
        speak()
    assert caught.value.transient and not caught.value.lost and caught.value.hint


def test_half_a_sentence_is_never_taken_for_a_whole_one(service: EdgeServer) -> None:
    service.fault = "cut"
    with pytest.raises(EngineError, match="broke off"):
        speak("The bridge over the river opened to traffic on Monday. " * 5)


def test_too_many_requests_are_told_with_how_long_to_wait(service: EdgeServer) -> None:
    service.fault, service.headers = "429", {"Retry-After": "30"}
    with pytest.raises(EngineError, match="429") as caught:
        speak()
    assert caught.value.transient and caught.value.after == 30


def test_a_refusal_loses_the_voice_and_says_what_may_help(service: EdgeServer) -> None:
    service.fault = "403"
    with pytest.raises(EngineError, match="403") as caught:
        speak()
    assert caught.value.lost and not caught.value.transient and "upgrade edge-tts" in caught.value.hint
    assert service.heard == ["403", "403"]  # the package tries once more, with the server's clock


def test_a_service_that_says_nothing_is_left(service: EdgeServer, monkeypatch: pytest.MonkeyPatch) -> None:
    service.fault = "stall"
    monkeypatch.setattr(edge, "TIMEOUT", (1, 0))
    begin = time.monotonic()
    with pytest.raises(EngineError) as caught:
        speak()
    assert caught.value.transient and time.monotonic() - begin < 5


def test_without_a_network_the_voice_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge_tts.communicate.WSS_URL", "ws://127.0.0.1:9/edge?t=1")
    with pytest.raises(EngineError, match="could not be reached") as caught:
        speak()
    assert caught.value.lost and "bulletin voices" in caught.value.hint


def test_a_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert edge.proxy() == "http://127.0.0.1:9"
    with pytest.raises(EngineError, match="could not be reached") as caught:
        speak()
    assert caught.value.lost
    monkeypatch.setenv("NO_PROXY", "bing.com")
    assert edge.proxy() is None


def test_it_speaks_where_a_loop_is_running_already(service: EdgeServer) -> None:
    async def main() -> bytes:
        return speak()

    assert asyncio.run(main()) == tone("Good evening.", "MP3")


def test_a_voice_that_the_table_does_not_have_is_taken_by_its_name() -> None:
    assert "en-GB-NewNeural" not in {voice.id for voice in engines.load("edge").voices()}
    assert engines.find("edge:en-GB-NewNeural").language == "en-GB"
    for name in ("edge:Sonia", "edge:en-GB-Sonia'/><x>Neural", "edge:en-GB"):
        with pytest.raises(VoiceError, match="no voice of Edge's"):
            engines.find(name)


def test_the_table_has_whole_names_each_once_with_the_widest_accent_first() -> None:
    voices = edge.table(True)
    assert len({voice.id for voice in voices}) == len(voices) > 300
    assert all(edge.NAME.fullmatch(voice.id) and voice.id.startswith(voice.language) for voice in voices)
    first = {voice.language.partition("-")[0]: voice.id for voice in reversed(voices)}
    assert (first["en"], first["vi"], first["zh"]) == ("en-US-AriaNeural", "vi-VN-HoaiMyNeural", "zh-CN-XiaoxiaoNeural")
    assert [voice.id for voice in voices if voice.note.startswith("child")] == [
        "en-US-AnaNeural",
        "en-GB-MaisieNeural",
        "fr-FR-EloiseNeural",
    ]


def test_without_the_package_it_is_listed_as_not_ready_and_never_chosen(monkeypatch: pytest.MonkeyPatch, station: Station) -> None:
    monkeypatch.setattr(edge, "find_spec", lambda name: None)
    assert not any(voice.ready for voice in engines.load("edge").voices())
    assert "bulletin[edge]" in engines.load("edge").voices()[0].note
    monkeypatch.setattr(engines, "voices", lambda: list(engines.load("edge").voices()))
    with pytest.raises(VoiceError, match="No voice here"):
        engines.choose("ps", station)
    with pytest.raises(EngineError, match="not installed") as caught:
        speak()
    assert caught.value.lost
