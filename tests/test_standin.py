"""The stand-in for Google's voice is one: it speaks, it fails as it is told, it lets nobody through, and it stops by itself."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import requests
import soundfile
import standin
from mouth import AROUND, RATE, Mouth
from standin import Dice, StandIn

from bulletin import engines
from bulletin.errors import EngineError
from bulletin.frames import whole

WORDS = "The bridge opened on Monday."


@pytest.mark.parametrize(("text", "lang"), [(WORDS, "en"), ("Cây cầu mở cửa hôm thứ Hai.", "vi"), ("大桥开通了。", "zh-CN"), ("ᚦᚨᚱ", "xx")])
def test_it_says_a_text_of_any_language_with_silence_around_it(text: str, lang: str, tmp_path: Path) -> None:
    mp3 = Mouth(tmp_path).mp3(text, lang)
    assert whole(mp3)
    samples, rate = soundfile.read(io.BytesIO(mp3))
    assert rate == RATE and 0.3 < len(samples) / rate < 6
    edge = int(0.75 * AROUND * RATE)
    assert np.abs(samples).max() > 0.1 > 10 * np.abs(np.concatenate([samples[:edge], samples[-edge:]])).max()


def test_what_one_has_said_another_need_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said = Mouth(tmp_path).mp3(WORDS, "en")
    assert Mouth(tmp_path).mp3(WORDS, "en", slow=True) != said
    monkeypatch.setattr("mouth.spoken", None)
    assert Mouth(tmp_path).mp3(WORDS, "en") == said


def test_the_stand_in_lets_nobody_through_to_anywhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    with StandIn() as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(requests.exceptions.ProxyError, match="403"):
            requests.get("https://example.org/", timeout=5)
        assert not service.asked


def test_once_it_has_ended_nothing_of_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    before = threading.active_count()
    with StandIn(plan=["hang"]) as service:
        for name, value in service.environment.items():
            monkeypatch.setenv(name, value)
        waiting = threading.Thread(target=unheard)
        waiting.start()
        while waiting.is_alive() and not service.asked:
            waiting.join(0.01)
    waiting.join(5)
    assert threading.active_count() == before and not waiting.is_alive()
    assert not Path(service.environment["REQUESTS_CA_BUNDLE"]).exists()


def unheard() -> None:
    with contextlib.suppress(EngineError):
        speak()


def speak() -> None:
    engines.load("gtts").speak(WORDS, engines.find("gtts:en-IE"))


def test_the_same_seed_fails_the_same_requests_in_any_order() -> None:
    texts = [f"Number {number}." for number in range(400)]
    first, second, other = Dice(0.2, 3), Dice(0.2, 3), Dice(0.2, 4)
    faults = {text: first(0, text) for text in texts}
    assert faults == {text: second(0, text) for text in reversed(texts)} != {text: other(0, text) for text in texts}
    assert 50 < sum(map(bool, faults.values())) < 110
    assert {text: first(0, text) for text in texts} != faults


def test_the_stand_in_serves_another_process_until_its_input_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    command = [sys.executable, standin.__file__, "--faults", "1", "--only", "403", "--cache", "said", "--log", "asked.jsonl"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as serving:
        environment = json.loads(serving.stdout.readline())
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(EngineError, match="403"):
            speak()
        serving.stdin.close()
        assert serving.wait(timeout=10) == 0
    (line,) = (tmp_path / "asked.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line) | {"at": 0} == {"number": 0, "at": 0, "text": WORDS, "lang": "en", "tld": "ie", "slow": False, "fault": "403"}
    assert not Path(environment["REQUESTS_CA_BUNDLE"]).exists()
