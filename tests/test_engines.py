"""What every engine promises. An engine passes by being there; one that cannot run here says what it needs."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from speakers import DOORS, Here

from bulletin import engines
from bulletin import station as stations
from bulletin.errors import EngineError, VoiceError
from bulletin.model import Speech, Station, Voice
from bulletin.ports import Engine
from bulletin.sentences import pieces

NAMES = engines.names()
SENTENCE = "The bridge over the river opened to traffic on Monday."
SHAPES = {
    "one word": "Yes.",
    "a sentence": SENTENCE,
    "curly quotes": "“It’s ‘worth’ the wait” – Zoë’s café, 50% & more!",
    "digits": "On 25 November 2026 it was 1,234.5 kilometres, or 3-1.",
    "no end": "and so on",
    "markup": "<speak>Hello</speak> [[b]] {out} -v & <b>bold</b> \\n $HOME",
    "control characters": "Hello \x01there\x1b[0m\u200b\ufeff.",
}
LONG = " ".join(f"The {number}th bridge over the river opened to traffic on Monday, and lorries must wait." for number in range(60))
SPEAKING = """
import importlib, sys
from bulletin import engines
for name, value in {patch!r}.items():
    module, _, attribute = name.rpartition(".")
    setattr(importlib.import_module(module), attribute, value)
voice = engines.find({voice!r})
engine = engines.load(voice.engine)
engine.speak("Yes.", voice)
print("speaking", flush=True)
while True:
    engine.speak({text!r}, voice)
"""


@pytest.fixture(params=NAMES)
def here(request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Engine, Voice, Here]]:
    """An engine with a voice that speaks here, and how it was brought to."""
    if request.param not in DOORS:
        pytest.skip(f"nothing here speaks as {request.param} does: see tests/speakers.py")
    with DOORS[request.param]() as door:
        for name, value in door.environment.items():
            monkeypatch.setenv(name, value)
        for name, value in door.patch.items():
            monkeypatch.setattr(name, value)
        voice = engines.find(door.voice)
        yield engines.load(voice.engine), voice, door


def samples(speech: Speech) -> np.ndarray:
    """What was said, decoded."""
    if not speech.encoded:
        return np.asarray(speech.samples)
    return soundfile.read(io.BytesIO(speech.encoded), dtype="float32")[0]


def said(engine: Engine, voice: Voice, text: str) -> np.ndarray | None:
    """What was said, or None where the engine refuses in so many words."""
    try:
        return samples(engine.speak(text, voice))
    except EngineError as error:
        assert error.message and error.hint
        return None


def test_the_engines_that_ship_are_found_by_file_name() -> None:
    assert NAMES[: len(engines.ORDER)] == engines.ORDER
    assert {file.stem for file in Path(engines.__file__).parent.glob("[a-z]*.py")} <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_it_lists_its_voices_quickly_and_names_them_by_engine(name: str) -> None:
    engine = engines.load(name)
    engine.voices()
    begin = time.perf_counter()
    voices = engine.voices()
    assert time.perf_counter() - begin < 0.05
    assert isinstance(engine.version, str)
    assert len({voice.id.lower() for voice in voices}) == len(voices)
    for voice in voices:
        assert voice.name.startswith(f"{name}:")
        assert voice.language.partition("-")[0].isalpha()
        assert engines.find(voice.name) == voice
        assert voice.online == engine.online


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_can_be_asked_of_it(name: str) -> None:
    engine = engines.load(name)
    assert engine.alphabet in ("", "misaki", "espeak")
    assert engine.at_once is None or engine.at_once >= 1
    assert engine.max_chars is None or engine.max_chars >= 60
    assert ("θˈæd" in engine.inline("THAAD", "θˈæd")) == bool(engine.alphabet)


def test_it_speaks_text_of_every_shape(here: tuple[Engine, Voice, Here]) -> None:
    engine, voice, door = here
    for shape, text in list(SHAPES.items())[:: 6 if door.slow else 1]:
        sound = samples(engine.speak(text, voice))
        assert len(sound) > 2000 and np.isfinite(sound).all() and np.abs(sound).max() > 0.01, shape


def test_five_thousand_characters_come_in_pieces_that_it_takes(here: tuple[Engine, Voice, Here]) -> None:
    engine, voice, door = here
    longest = max(pieces(LONG.replace(". ", ", ")[:5000], "en", engine.max_chars), key=len)
    assert engine.max_chars is None or len(longest) <= engine.max_chars
    text = longest[: 80 if door.slow else 300]
    assert len(samples(engine.speak(text, voice))) > 3 * len(samples(engine.speak("Yes, it was.", voice)))


def test_what_it_passes_over_it_says_beforehand(here: tuple[Engine, Voice, Here]) -> None:
    engine, voice, door = here
    assert engine.cannot_say("The bridge in Nguyễn Zoë’s café, 50% – “done”.") == ""
    for text in ("🚢🚢", door.foreign, "Мост открыли в понедельник.", "पुल सोमवार को खुला।"):
        sound = said(engine, voice, text)
        assert sound is None or len(sound) or engine.cannot_say(text) or not door.local, text


def test_an_empty_text_is_refused_or_silent_and_nothing_worse(here: tuple[Engine, Voice, Here]) -> None:
    engine, voice, door = here
    for text in ("", " ", "…"):
        sound = said(engine, voice, text)
        assert sound is None or len(sound) < 24_000 or not door.local


def test_twice_the_same_is_the_same(here: tuple[Engine, Voice, Here]) -> None:
    engine, voice, door = here
    if not door.repeats:
        pytest.skip("its noise is drawn anew each time")
    first, second = (samples(engine.speak("Good evening.", voice)) for _ in range(2))
    assert np.array_equal(first, second)


def test_faster_is_shorter_where_it_is_paced(here: tuple[Engine, Voice, Here]) -> None:
    engine, voice, _ = here
    if not engine.paced:
        pytest.skip("one pace")
    slow, fast = (len(samples(engine.speak(SENTENCE, voice, rate=rate))) for rate in (0.85, 1.15))
    assert fast < 0.95 * slow


def test_two_at_once_are_both_right(here: tuple[Engine, Voice, Here]) -> None:
    engine, voice, _ = here
    if engine.at_once is None or engine.at_once < 2:
        pytest.skip("one call alone")
    texts = ["One.", SENTENCE, "Three ships came in.", "Good evening."]
    alone = [samples(engine.speak(text, voice)) for text in texts]
    with ThreadPoolExecutor(len(texts)) as pool:
        together = list(pool.map(lambda text: samples(engine.speak(text, voice)), texts))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no SIGINT between programs here")
def test_it_ends_when_it_is_interrupted_and_leaves_nothing_behind(here: tuple[Engine, Voice, Here], tmp_path: Path) -> None:
    _, _, door = here
    (tmp_path / "temporary").mkdir()
    environment = {**os.environ, **door.environment, "TMPDIR": str(tmp_path / "temporary")}
    code = SPEAKING.format(patch=door.patch, voice=door.voice, text="Yes." if door.slow else SENTENCE)
    speaking = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert speaking.stdout and speaking.stdout.readline() == "speaking\n", speaking.stderr and speaking.stderr.read()
        time.sleep(0.3)
        begin = time.monotonic()
        speaking.send_signal(signal.SIGINT)
        _, complaints = speaking.communicate(timeout=20)
        assert time.monotonic() - begin < 5
        assert speaking.returncode and "KeyboardInterrupt" in complaints
        assert {file.name for file in (tmp_path / "temporary").iterdir()} <= {".ses"}  # onnxruntime's, once a machine
    finally:
        speaking.kill()
        speaking.communicate()


def test_listing_voices_loads_no_engine() -> None:
    heavy = ("onnxruntime", "hibari", "piper", "scipy", "edge_tts", "aiohttp", "kokoro_onnx", "phonemizer", "openai")
    code = f"import bulletin, sys; bulletin.voices(); print([m for m in {heavy} if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(("wanted", "near"), [("hibari:hart", "hibari:heart"), ("gtts:vn", "gtts:v"), ("hibary:heart", "hibari:heart")])
def test_an_unknown_voice_names_the_nearest(wanted: str, near: str) -> None:
    with pytest.raises(VoiceError) as caught:
        engines.find(wanted)
    assert near in caught.value.hint


@pytest.mark.parametrize(("language", "voice"), [("nb", "gtts:no"), ("he", "gtts:iw"), ("fil", "gtts:tl"), ("pt-BR", "gtts:pt")])
def test_a_language_is_known_by_its_other_names(language: str, voice: str, station: Station) -> None:
    assert engines.choose(language, station).name == voice


def test_an_engine_alone_means_its_voice_for_the_language() -> None:
    assert engines.find("gtts", "vi").name == "gtts:vi"
    assert engines.find("edge", "vi-VN").name == "edge:vi-VN-HoaiMyNeural" or not engines.load("edge").voices()[0].ready
    assert engines.find("hibari", "en").name == "hibari:heart"
    assert engines.choose("vi", replace(stations.load(), voice="gtts")).name == "gtts:vi"


# --- who is chosen ------------------------------------------------------------------------------------------


def voices(monkeypatch: pytest.MonkeyPatch, *known: str, ready: bool = True) -> None:
    """Let these be all voices: `engine:language`."""
    found = []
    for name in known:
        engine, _, language = name.partition(":")
        online = engine in ("gtts", "edge", "openai")
        found.append(Voice(engine=engine, id=language, language=language, online=online, ready=ready))
    monkeypatch.setattr(engines, "voices", lambda: found)


@pytest.mark.parametrize(
    ("known", "chosen", "offline"),
    [
        (("hibari:en", "piper:en", "gtts:en", "espeak:en"), "hibari:en", "hibari:en"),
        (("piper:vi", "gtts:vi", "edge:vi", "espeak:vi"), "piper:vi", "piper:vi"),
        (("gtts:vi", "edge:vi", "espeak:vi"), "gtts:vi", "espeak:vi"),
        (("espeak:vi", "openai:mul"), "espeak:vi", "espeak:vi"),
        (("gtts:vi",), "gtts:vi", None),
        (("openai:mul", "command:mul"), None, None),
    ],
)
def test_the_best_offline_comes_first_then_online_then_a_robot(
    known: tuple[str, ...], chosen: str | None, offline: str | None, monkeypatch: pytest.MonkeyPatch, station: Station
) -> None:
    voices(monkeypatch, *known)
    for online, expected in ((True, chosen), (False, offline)):
        if expected:
            assert engines.choose("vi" if "vi" in expected else "en", replace(station, online=online)).name == expected
        else:
            with pytest.raises(VoiceError, match="No voice here speaks “vi”" + (" without the network" if known == ("gtts:vi",) else "")):
                engines.choose("vi", replace(station, online=online))


def test_a_station_that_forbids_the_network_is_told_who_speaks_offline(monkeypatch: pytest.MonkeyPatch, station: Station) -> None:
    gtts, nova = Voice(engine="gtts", id="vi", language="vi", online=True), Voice(engine="openai", id="nova", language="mul", online=True)
    engines.allowed(gtts, station)
    quiet = replace(station, online=False)
    engines.allowed(engines.find("hibari:heart"), quiet)
    voices(monkeypatch, "hibari:en", "espeak:vi", "gtts:vi")
    with pytest.raises(VoiceError, match="gtts:vi needs the network") as caught:
        engines.allowed(gtts, quiet)
    assert "espeak:vi" in caught.value.hint
    with pytest.raises(VoiceError) as caught:
        engines.allowed(nova, quiet)
    assert "hibari:en" in caught.value.hint
    voices(monkeypatch, "gtts:vi")
    with pytest.raises(VoiceError) as caught:
        engines.allowed(gtts, quiet)
    assert "nothing here speaks “vi”" in caught.value.hint


@pytest.mark.parametrize("setting", [{"voice": "gtts"}, {"voices": {"vi": "gtts:vi"}}])
def test_a_station_that_forbids_the_network_and_names_a_voice_online_is_refused(setting: dict[str, object], station: Station) -> None:
    with pytest.raises(VoiceError, match="gtts:vi needs the network"):
        engines.choose("vi", replace(station, online=False, **setting))  # type: ignore[arg-type]


def test_a_voice_for_many_languages_is_taken_where_it_is_named(monkeypatch: pytest.MonkeyPatch, station: Station) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    named = replace(station, voice="openai:nova")
    assert engines.choose("vi", named).name == engines.choose("en", named).name == "openai:nova"
