"""GTTS against a service that answers as Google's does, and in every way in which it fails; its own code is never patched."""

from __future__ import annotations

import io
import logging
import socket
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import requests
import soundfile
import standin
from standin import FAULTS, HEARD, StandIn

from bulletin import engines
from bulletin.engines import gtts
from bulletin.errors import EngineError, VoiceError
from bulletin.frames import whole
from bulletin.model import Station

WORDS = "The bridge opened on Monday."
SOUNDING = ("half", "edge", *HEARD)
"""Faults whose answer carries an MP3: whoever takes it looks at it."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with StandIn(cache=tmp_path_factory.mktemp("said")) as service:
        yield service


@pytest.fixture
def service(served: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The stand-in, all that it was asked forgotten, the way to it in the environment."""
    served.asked.clear()
    served.plan = standin.planned(None)
    for name, value in served.environment.items():
        monkeypatch.setenv(name, value)
    return served


def say(text: str = WORDS, voice: str = "gtts:en", rate: float = 1.0) -> bytes:
    return engines.load("gtts").speak(text, engines.find(voice), rate=rate).encoded


def failure(voice: str = "gtts:en") -> EngineError:
    with pytest.raises(EngineError) as caught:
        say(voice=voice)
    assert caught.value.message.endswith(".") and caught.value.hint
    return caught.value


def always(fault: str | None) -> Callable[[int, str], str | None]:
    return lambda *_: fault


def test_it_gives_the_sound_that_the_service_sends_whole(service: StandIn) -> None:
    assert say() == service.mouth.mp3(WORDS, "en")
    assert whole(say())
    assert [(asked.text, asked.lang, asked.tld, asked.slow) for asked in service.asked] == [(WORDS, "en", "com", False)] * 2


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Smith (3.5%): “No!” – said Mr. Jones, 9 a.m.; e.g. x/y…  Then? It went on: 10,000 of them.".ljust(100, "a"),
        "Nguyễn Phú Trọng: 5 ≥ 3 & “a” <b> \\ \" ' \u2028 %22 ]",
        "大桥在星期一开通，两年后。" * 7,
    ],
)
def test_a_piece_is_one_request_and_its_words_arrive_as_they_are(text: str, service: StandIn) -> None:
    assert len(text) <= engines.load("gtts").max_chars
    say(text)
    assert [asked.text for asked in service.asked] == [text]


def test_a_text_that_is_too_long_is_refused_before_anything_is_sent(service: StandIn) -> None:
    with pytest.raises(EngineError, match="101 characters") as caught:
        say("a" * 101)
    assert not caught.value.transient and not caught.value.lost and not service.asked


@pytest.mark.parametrize("text", ["", "…", "?!"])
def test_a_text_without_words_is_refused_before_anything_is_sent(text: str, service: StandIn) -> None:
    with pytest.raises(EngineError, match="nothing to say") as caught:
        say(text)
    assert not caught.value.transient and not service.asked


@pytest.mark.parametrize(("rate", "slow"), [(1.0, False), (0.75, False), (0.74, True), (1.2, False)])
def test_it_is_asked_to_speak_slowly_where_that_is_nearer(rate: float, slow: bool, service: StandIn) -> None:
    say(rate=rate)
    assert service.asked[0].slow is slow


@pytest.mark.parametrize(
    ("fault", "said", "transient", "lost", "after"),
    [
        ("429", "429: too many requests", True, False, None),
        ("429-delta", "429: too many requests", True, False, 1.0),
        ("429-date", "429: too many requests", True, False, 1.0),
        ("sorry", "429: too many requests", True, False, None),
        ("500", "answered 500", True, False, None),
        ("503", "answered 503", True, False, 1.0),
        ("403", "answered 403", False, True, None),
        ("404", "answered 404", False, True, None),
        ("redirect", "login.example answers: a login page", False, True, None),
        ("elsewhere", "sends us on to translate.google.com", False, True, None),
        ("cut", "was cut off", True, False, None),
        ("reset", "was cut off", True, False, None),
        ("dropped", "was cut off", True, False, None),
        ("headless", "was cut off", True, False, None),
        ("drip", "was cut off", True, False, None),
        ("hang", "did not answer within 1 s", True, False, None),
        ("flood", "does not end", True, False, None),
        ("null", "gave no sound", True, False, None),
        ("empty", "gave no sound", True, False, None),
        ("page", "gave no sound", True, False, None),
        ("short", "gave no sound", True, False, None),
        ("refused", "could not reach Google Translate: the proxy 127.0.0.1:", False, True, None),
        ("stranger", "cannot show that it is: unable to get local issuer certificate", False, True, None),
        ("host", "cannot show that it is: Hostname mismatch", False, True, None),
    ],
)
def test_each_way_to_fail_is_told_by_its_cause(
    fault: str, said: str, transient: bool, lost: bool, after: float | None, service: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standin, "PATIENCE", 2.0 if fault == "hang" else 0.5)
    monkeypatch.setattr(gtts, "TIMEOUT", (5.0, 1.0))
    service.mouth.mp3(WORDS, "en")  # loading a voice would take the second away
    service.plan = always(fault)
    error = failure()
    assert said in error.message
    assert (error.transient, error.lost, error.after) == (transient, lost, after)
    service.plan = always(None)
    assert say()


def test_no_fault_is_left_untested() -> None:
    (table,) = (mark for mark in test_each_way_to_fail_is_told_by_its_cause.pytestmark if mark.name == "parametrize")
    assert {row[0] for row in table.args[1]} | set(SOUNDING) == set(FAULTS)


def test_half_an_mp3_is_not_whole_and_one_cut_between_frames_is_short(service: StandIn) -> None:
    sounds = {}
    for fault in (None, *SOUNDING):
        service.plan = always(fault)
        sounds[fault] = say()
    assert {fault: whole(sound) for fault, sound in sounds.items()} == {
        None: True,
        "half": False,
        "edge": True,
        "silence": True,
        "other": True,
    }
    lengths = {fault: len(soundfile.read(io.BytesIO(sound))[0]) for fault, sound in sounds.items()}
    assert lengths["edge"] < 0.6 * lengths[None] and lengths["other"] < lengths[None]
    assert np.abs(soundfile.read(io.BytesIO(sounds["silence"]))[0]).max() < 0.001


def test_what_is_not_signed_by_an_authority_of_this_machine_is_refused(service: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    error = failure()
    assert error.lost and "certificate" in error.message and "REQUESTS_CA_BUNDLE" in error.hint
    assert not service.asked


@pytest.mark.parametrize("bundle", ["nowhere.pem", "no.pem"])
def test_a_bundle_of_authorities_that_cannot_be_read_is_named(
    bundle: str, service: StandIn, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    (home / "no.pem").write_text("not a certificate")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    error = failure()
    assert error.lost and "REQUESTS_CA_BUNDLE" in error.hint


@pytest.mark.parametrize("proxy", ["http://radio:secret@127.0.0.1:9", "socks5://127.0.0.1:9", "ftp://127.0.0.1:9", "http://"])
def test_a_proxy_that_cannot_be_used_is_named_without_its_password(proxy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, proxy)
    error = failure()
    assert error.lost and "could not reach Google Translate: the proxy" in error.message and "HTTPS_PROXY" in error.hint
    assert "secret" not in error.message + error.hint and "--fallback" in error.hint


def test_once_the_service_has_gone_the_voice_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as service:
        pass
    for name, value in service.environment.items():
        if name != "REQUESTS_CA_BUNDLE":
            monkeypatch.setenv(name, value)
    assert failure().lost


@pytest.mark.parametrize(
    "reason", [socket.gaierror(-2, "Name or service not known"), ConnectionRefusedError(111, "refused"), TimeoutError()]
)
def test_no_proxy_is_honoured_and_without_a_network_the_voice_is_lost(
    reason: OSError, service: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        asked.append(address)
        raise reason

    monkeypatch.setattr("urllib3.util.connection.create_connection", connect)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "google.com")
    error = failure()
    assert asked == [("translate.google.com", 443)]
    assert error.lost and error.message == "gTTS could not reach Google Translate." and "--fallback" in error.hint


@pytest.mark.parametrize("code", gtts.ACCENTS)
def test_an_accent_is_asked_of_its_own_host(code: str, service: StandIn) -> None:
    voice = engines.find(f"gtts:{code.lower()}")
    assert voice.language == code
    say(voice=voice.name)
    (asked,) = service.asked
    assert asked.tld == gtts.ACCENTS[code][0]
    assert asked.lang in (code, code.partition("-")[0]) and asked.lang in gtts.languages()


@pytest.mark.parametrize(
    ("voice", "lang", "tld"),
    [
        ("gtts:en-GB", "en", "co.uk"),
        ("gtts:fr-CA", "fr-CA", "ca"),
        ("gtts:pt-BR", "pt", "com.br"),
        ("gtts:EN@COM.AU", "en", "com.au"),
        ("gtts:zh-TW@com.hk", "zh-TW", "com.hk"),
        ("gtts:ca@cat", "ca", "cat"),
        ("gtts:vi", "vi", "com"),
        ("gtts:zh-CN", "zh-CN", "com"),
    ],
)
def test_a_voice_says_which_language_and_which_host(voice: str, lang: str, tld: str, service: StandIn) -> None:
    say("Hello.", voice)
    assert [(asked.lang, asked.tld) for asked in service.asked] == [(lang, tld)]


@pytest.mark.parametrize(
    "voice", ["en@", "en@co.uk/x", "en@com.evil.example", "en@example", "en@1", "en@com:8", "xx@com", "@com", "en@com@com", "en@co.uk\n"]
)
def test_a_voice_by_hand_that_is_no_host_of_googles_is_refused(voice: str) -> None:
    with pytest.raises(VoiceError, match=r"no (domain|language)") as caught:
        engines.find(f"gtts:{voice}")
    assert "gtts:en@com.au" in caught.value.hint


def test_a_voice_is_listed_for_each_language_and_then_for_each_accent(station: Station) -> None:
    ids = [voice.id for voice in engines.load("gtts").voices()]
    assert len(ids) == len(set(ids)) and set(ids) == set(gtts.languages()) | set(gtts.ACCENTS)
    assert all(ids.index(code.partition("-")[0]) < ids.index(code) for code in gtts.ACCENTS)
    assert engines.find("gtts", "en").name == "gtts:en"
    assert engines.find("gtts", "en-GB").name == "gtts:en"
    assert engines.choose("vi", station).name == "gtts:vi"
    assert engines.choose("pt", replace(station, voice="gtts")).name == "gtts:pt"
    with pytest.raises(VoiceError) as caught:
        engines.find("gtts:vn")
    assert "gtts:vi" in caught.value.hint


def test_nothing_is_logged_warned_or_printed_and_nobody_elses_gtts_is_touched(
    service: StandIn, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    import gtts.tts as theirs
    import urllib3

    with warnings.catch_warnings():
        warnings.simplefilter("always", urllib3.exceptions.InsecureRequestWarning)
        before = list(warnings.filters)
        with caplog.at_level(logging.INFO):
            say()
            service.plan = always("null")
            failure()
        assert warnings.filters == before
    assert not caplog.records and capfd.readouterr() == ("", "")
    assert theirs.requests is requests
    assert urllib3.exceptions.InsecureRequestWarning.__name__ in str(before[0])


def test_four_at_once_each_get_their_own_words(service: StandIn) -> None:
    texts = [f"This is number {number}." for number in range(8)]
    with ThreadPoolExecutor(engines.load("gtts").at_once) as pool:
        sounds = list(pool.map(say, texts))
    assert sounds == [service.mouth.mp3(text, "en") for text in texts]
    assert len(set(sounds)) == len(texts)
    assert sorted(asked.text for asked in service.asked) == texts


@pytest.fixture
def internet(request: pytest.FixtureRequest) -> None:
    """Only where it was asked for."""
    if "net" not in request.config.option.markexpr.split() or "not net" in request.config.option.markexpr:
        pytest.skip("talks to the real internet: pytest -m net")


@pytest.mark.net
@pytest.mark.parametrize("voice", ["gtts:en", "gtts:vi", *(f"gtts:{code}" for code in gtts.ACCENTS)])
def test_the_real_service_gives_whole_sound_in_every_accent(voice: str, internet: None) -> None:
    mp3 = say("The bridge opened on Monday." if "en" in voice else "Radio 1, 2, 3.", voice)
    assert whole(mp3)
    samples, rate = soundfile.read(io.BytesIO(mp3))
    assert 0.5 < len(samples) / rate < 6 and np.abs(samples).max() > 0.05
