"""Split, stored, checked, trimmed: done once, for every engine."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin import engines
from bulletin import station as stations
from bulletin.crew import Booth
from bulletin.errors import EngineError
from bulletin.manners import Manners, asked
from bulletin.model import Ms, Segment, Speech, Take, Voice
from bulletin.sentences import halves
from bulletin.speech import Studio
from bulletin.store import Store
from bulletin.takes import record

RATE = 24_000


@dataclass
class Whistler:
    """Whistles a tone as long as the text, with half a second of silence at both ends; fails, cuts off or cheats as it is told."""

    max_chars: int | None = 60
    online: bool = False
    at_once: int | None = None
    paced: bool = True
    alphabet: str = ""
    version: str = "1"
    heard: list[str] = field(default_factory=list)
    failing: dict[str, list[EngineError]] = field(default_factory=dict)
    answer: Speech | None = None
    cheats: dict[str, list[float]] = field(default_factory=dict)
    """Text -> what share of it is whistled, answer by answer; afterwards all of it."""

    def voices(self) -> list[Voice]:
        return [Voice(engine="whistler", id="one", language="en")]

    def voice(self, id: str) -> None:
        return None

    def cannot_say(self, text: str) -> str:
        return "".join(char for char in text if char == "★")

    def inline(self, word: str, phonemes: str) -> str:
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        self.heard.append(text)
        if waiting := self.failing.get(text):
            raise waiting.pop(0)
        share = self.cheats[text].pop(0) if self.cheats.get(text) else 1.0
        tone = np.sin(np.arange(int(len(text) * share * RATE / 20)) * 0.1).astype(np.float32) * 0.3
        silence = np.zeros(RATE // 2, np.float32)
        return self.answer or Speech(samples=np.concatenate([silence, tone, silence]), rate=RATE)


@pytest.fixture
def whistler() -> Whistler:
    return Whistler()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "clips", 10**9)


def segment(text: str, story: int | None = 0, pause: int = 700) -> Segment:
    return Segment(id=f"s-{story}-{text[:5]}", role="body", story=story, text=text, said=text, language="en", voice="", pause=Ms(pause))


def speak(
    segments: list[Segment],
    engine: Whistler,
    store: Store,
    rate: float = 1.0,
    gaps: bool = False,
    pronounce: Callable[..., str] = lambda words, *_: words,
    **settings: object,
) -> tuple:
    def chosen(_: Segment) -> tuple[Whistler, Voice]:
        return engine, engine.voices()[0]

    with Studio(store, replace(stations.load(), **settings), lambda *_: None, gaps=gaps) as studio:
        clips, unsaid, notes = studio.speak(segments, chosen, pronounce, rate)
    return clips, unsaid + [(None, note) for note in notes]


def test_a_clip_is_the_sound_without_the_engines_silence(whistler: Whistler, store: Store) -> None:
    (clip,), problems = speak([segment("Good evening to you all.")], whistler, store)
    samples, rate = soundfile.read(clip.path)
    assert not problems
    assert rate == RATE
    assert len(samples) / rate == pytest.approx(24 / 20, abs=0.1)
    assert clip.duration == -(-len(samples) * 1000 // rate)
    assert abs(samples[0]) < 1e-3 and abs(samples[-1]) < 1e-3
    assert clip.loudness == pytest.approx(-0.691 + 10 * np.log10(0.045), abs=1.0)


def test_the_same_words_are_never_voiced_twice(whistler: Whistler, store: Store) -> None:
    first, _ = speak([segment("One."), segment("Two."), segment("One.", story=1)], whistler, store)
    assert [clip.stored for clip in first] == [False, False, True]
    again, _ = speak([segment("One."), segment("Three.")], whistler, store)
    assert [clip.stored for clip in again] == [True, False]
    assert whistler.heard == ["One.", "Two.", "Three."]


@pytest.mark.parametrize("change", ["rate", "version", "voice"])
def test_another_rate_version_or_voice_is_another_clip(change: str, whistler: Whistler, store: Store) -> None:
    speak([segment("One.")], whistler, store)
    if change == "version":
        whistler.version = "2"
    if change == "voice":
        whistler.voices = lambda: [Voice(engine="whistler", id="two", language="en")]  # type: ignore[method-assign]
    speak([segment("One.")], whistler, store, rate=1.1 if change == "rate" else 1.0)
    assert whistler.heard == ["One.", "One."]


def test_a_long_segment_is_voiced_in_pieces_and_keeps_its_pause(whistler: Whistler, store: Store) -> None:
    text = "The mayor, who had come by boat, said the bridge was worth it, and that lorries must wait a month."
    clips, _ = speak([segment(text)], whistler, store)
    assert len(clips) > 1
    assert " ".join(whistler.heard) == text
    assert [clip.pause for clip in clips] == [90] * (len(clips) - 1) + [700]


def test_a_passing_failure_is_tried_again(whistler: Whistler, store: Store) -> None:
    whistler.failing["One."] = [EngineError("busy", transient=True)] * 2
    clips, problems = speak([segment("One.")], whistler, store)
    assert len(clips) == 1 and not problems
    assert whistler.heard == ["One."] * 3


def test_an_answer_that_is_no_sound_is_asked_for_again(whistler: Whistler, store: Store) -> None:
    whistler.answer = Speech(encoded=b"<html>busy</html>")
    _, problems = speak([segment("One.")], whistler, store)
    assert len(problems) == 1 and whistler.heard == ["One."] * 3


def test_a_story_that_cannot_be_said_whole_is_dropped_and_named_and_what_was_voiced_is_kept(whistler: Whistler, store: Store) -> None:
    whistler.failing["Two."] = [EngineError("broken", "mend it")]
    clips, problems = speak([segment("One."), segment("Two."), segment("Never."), segment("Three.", story=1)], whistler, store)
    assert [clip.segment.text for clip in clips] == ["Three."]
    assert [(found.text, problem.message, problem.hint) for found, problem in problems] == [("Two.", "broken", "mend it")]
    speak([segment("One.")], whistler, store)
    assert whistler.heard.count("One.") == 1


def test_a_lost_voice_is_not_asked_again(whistler: Whistler, store: Store) -> None:
    whistler.failing["One."] = [EngineError("gone", lost=True)]
    clips, problems = speak([segment("One."), segment("Two.", story=1)], whistler, store)
    assert not clips and len(problems) == 2
    assert whistler.heard == ["One."]


def test_a_name_that_is_written_out_makes_more_pieces_not_longer_ones(whistler: Whistler, store: Store) -> None:
    text = "The president met Moon, Xi, Modi, Macron and Merz on Monday."
    clips, problems = speak([segment(text)], whistler, store, pronounce=lambda words, *_: words.replace("Mo", "mo-o-o-o-o-o-o-o-oh"))
    assert not problems and len(clips) > 1
    assert max(map(len, whistler.heard)) <= 60
    assert " ".join(whistler.heard).replace("mo-o-o-o-o-o-o-o-oh", "Mo") == text


def test_words_that_would_not_reach_the_voice_cost_their_story(whistler: Whistler, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bulletin.speech.pieces", lambda text, *_: text.split(", ")[:1])
    clips, ((_, problem),) = speak([segment("One, two.")], whistler, store)
    assert not clips and not whistler.heard and problem.missing == ("One, two.",)


def test_characters_without_a_sound_are_left_out_and_said_so(whistler: Whistler, store: Store) -> None:
    (clip,), ((_, problem),) = speak([segment("A ★ fell on the town.")], whistler, store)
    assert clip.segment.said == "A fell on the town."
    assert "★" in problem.message and "left out" in problem.message


def test_a_segment_of_mostly_such_characters_is_not_said_at_all(whistler: Whistler, store: Store) -> None:
    clips, problems = speak([segment("★★★ star")], whistler, store)
    assert not clips and "cannot say" in problems[0][1].message


@pytest.mark.parametrize(
    "answer",
    [
        Speech(samples=np.zeros(0, np.float32), rate=RATE),
        Speech(samples=np.zeros(RATE, np.float32), rate=RATE),
        Speech(samples=np.full(RATE, np.nan, np.float32), rate=RATE),
        Speech(encoded=b"<html>captive portal</html>"),
    ],
)
def test_silence_and_rubbish_are_no_speech(answer: Speech, whistler: Whistler, store: Store) -> None:
    whistler.answer = answer
    clips, problems = speak([segment("One.")], whistler, store)
    assert not clips and len(problems) == 1
    assert not list(store.folder.glob(".making-*"))


def test_an_encoded_answer_is_decoded(whistler: Whistler, store: Store, tmp_path: Path) -> None:
    tone = np.sin(np.arange(RATE) * 0.1).astype(np.float32) * 0.3
    soundfile.write(tmp_path / "a.mp3", np.pad(tone, 4800), RATE)
    whistler.answer = Speech(encoded=(tmp_path / "a.mp3").read_bytes())
    clips, _ = speak([segment("One.")], whistler, store)
    assert clips[0].duration == pytest.approx(1075, abs=30)


# --- proof ---------------------------------------------------------------------------------------------------

NEWS = [f"The {adjective} {noun} opened to traffic on {day}." for adjective in ("old", "new", "long") for noun in ("bridge", "harbour")
        for day in ("Monday", "Tuesday", "Thursday")]  # fmt: skip
"""Enough for a voice's pace to be known."""


def news(*more: str) -> list[Segment]:
    return [segment(text, story=number) for number, text in enumerate([*NEWS, *more])]


def test_a_sentence_that_came_too_short_is_voiced_once_more(whistler: Whistler, store: Store) -> None:
    whistler.cheats[NEWS[3]] = [0.5]
    clips, problems = speak(news(), whistler, store)
    assert not problems and len(clips) == len(NEWS)
    assert whistler.heard.count(NEWS[3]) == 2
    assert clips[3].duration == pytest.approx(clips[0].duration, rel=0.2)


def test_what_was_mended_is_not_asked_for_again_by_the_next_run(whistler: Whistler, store: Store) -> None:
    whistler.cheats[NEWS[3]] = [0.5]
    first, _ = speak(news(), whistler, store)
    heard = len(whistler.heard)
    again, problems = speak(news(), whistler, store)
    assert len(whistler.heard) == heard and not problems
    assert [clip.key for clip in again] == [clip.key for clip in first]


def test_a_sentence_that_comes_too_short_twice_is_said_in_halves(whistler: Whistler, store: Store) -> None:
    whistler.cheats[NEWS[3]] = [0.5, 0.5]
    clips, problems = speak(news(), whistler, store)
    assert not problems
    said = [clip for clip in clips if clip.segment.text == NEWS[3]]
    assert len(said) == 2
    assert sum(clip.duration for clip in said) == pytest.approx(clips[0].duration, rel=0.2)
    assert " ".join(whistler.heard[-2:]) == NEWS[3]


def test_halves_that_are_together_as_long_as_the_whole_clear_it_of_doubt(whistler: Whistler, store: Store) -> None:
    slow = "The slow bridge opened to traffic on Saturday."
    whistler.cheats = {slow: [1.68, 1.68], **{half: [1.58] for half in halves(slow)}}
    clips, problems = speak(news(slow), whistler, store)
    assert not problems
    assert [clip.segment.text for clip in clips].count(slow) == 1
    assert set(halves(slow)) <= set(whistler.heard)


def test_a_sentence_that_nobody_says_whole_costs_its_story_and_is_named(whistler: Whistler, store: Store) -> None:
    text = "Engineers will watch the bridge for a month before lorries may use it."
    whistler.cheats = {piece: [0.4] * 9 for piece in (text, "Engineers will watch the bridge", "for a month before lorries may use it.")}
    whistler.max_chars = None
    clips, ((lost, problem),) = speak([*news(), segment(text, story=3)], whistler, store)
    assert lost.text == text and problem.missing == (text,)
    assert "too short" in problem.message and text in problem.message
    assert 3 not in {clip.segment.story for clip in clips}


def test_with_gaps_allowed_the_rest_of_the_story_is_aired(whistler: Whistler, store: Store) -> None:
    whistler.failing["Two."] = [EngineError("broken")]
    clips, problems = speak([segment("One."), segment("Two."), segment("Three.")], whistler, store, gaps=True)
    assert [clip.segment.text for clip in clips] == ["One.", "Three."]
    assert [problem.missing for _, problem in problems] == [("Two.",)]


def test_a_sound_that_stops_in_the_middle_of_a_word_is_no_speech(whistler: Whistler, store: Store) -> None:
    whistler.answer = Speech(samples=np.sin(np.arange(RATE) * 0.1).astype(np.float32) * 0.3, rate=RATE)
    clips, ((_, problem),) = speak([segment("Good evening.")], whistler, store)
    assert not clips and "middle of a word" in problem.message


def fading(seconds: float) -> Speech:
    """A tone that dies away and has 20 ms of silence behind it."""
    tone = np.sin(np.arange(int(seconds * RATE)) * 0.1).astype(np.float32) * 0.3
    tone[-2400:] *= np.linspace(1, 0, 2400, dtype=np.float32)
    return Speech(samples=np.pad(tone, (0, 480)), rate=RATE)


def test_a_voice_that_usually_leaves_silence_and_does_not_was_cut_off(whistler: Whistler, store: Store) -> None:
    speak(news(), whistler, store)
    lengths = iter([2.1, 1.9, 1.0, 1.0])
    whistler.speak = lambda *_, **__: fading(next(lengths))  # type: ignore[method-assign]
    _, ((_, problem),) = speak([segment("The odd bridge opened to traffic on Sunday.")], whistler, store)
    assert "breaks off" in problem.message


def test_halves_that_are_as_long_do_not_clear_a_sentence_that_breaks_off(whistler: Whistler, store: Store) -> None:
    speak(news(), whistler, store)
    odd = "The odd bridge opened to traffic on Sunday."
    answers = iter([fading(2.1), fading(1.9)])
    whole = whistler.speak
    whistler.speak = lambda text, *rest, **more: next(answers) if text == odd else whole(text, *rest, **more)  # type: ignore[method-assign]
    clips, problems = speak([segment(odd)], whistler, store)
    assert not problems and whistler.heard[-2:] == halves(odd)
    assert len(clips) == 2, "the halves are heard, not the sentence without its end"


def test_two_answers_that_end_alike_are_believed_for_no_line_is_cut_twice_at_the_same_place(whistler: Whistler, store: Store) -> None:
    speak(news(), whistler, store)
    whistler.answer = fading(2.1)
    clips, problems = speak([segment("The odd bridge opened to traffic on Sunday.")], whistler, store)
    assert len(clips) == 1 and not problems


# --- at once -------------------------------------------------------------------------------------------------


def test_an_engine_that_can_is_asked_for_several_at_once_and_the_order_is_kept(whistler: Whistler, store: Store) -> None:
    under_way, most, lock = [0], [0], threading.Lock()
    quick = whistler.speak

    def slow(text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        with lock:
            under_way[0] += 1
            most[0] = max(most[0], under_way[0])
        time.sleep(0.05)
        with lock:
            under_way[0] -= 1
        return quick(text, voice, rate=rate)

    whistler.speak = slow  # type: ignore[method-assign]
    whistler.online, whistler.at_once = True, 4
    clips, _ = speak(news(), whistler, store, interval=0.0, at_once=3)
    assert most[0] == 3
    assert [clip.segment.text for clip in clips] == NEWS


def test_requests_keep_their_distance(whistler: Whistler, store: Store) -> None:
    whistler.online, whistler.at_once = True, 4
    begin = time.monotonic()
    speak(news()[:8], whistler, store, interval=0.1)
    assert time.monotonic() - begin > 0.7


def test_a_service_that_asks_to_be_left_alone_is_and_the_bulletin_has_a_limit_to_its_patience(whistler: Whistler, store: Store) -> None:
    whistler.online, whistler.at_once = True, 1
    whistler.failing["One."] = [EngineError("429", transient=True, lost=True, after=0.2)]
    begin = time.monotonic()
    clips, problems = speak([segment("One.")], whistler, store, interval=0.0, patience=2.0)
    assert clips and not problems and time.monotonic() - begin > 0.2
    whistler.failing["Two."] = [EngineError("429", transient=True, lost=True, after=3600)]
    begin = time.monotonic()
    clips, problems = speak([segment("Two."), segment("Three.", story=1)], whistler, store, interval=0.0, patience=2.0)
    assert not clips and time.monotonic() - begin < 1
    assert "3600 seconds" in problems[0][1].message
    assert "Three." not in whistler.heard, "nobody asks a lost voice again"


def test_who_has_a_turn_already_keeps_quiet_too_where_another_is_turned_away() -> None:
    manners, times, lock = Manners(0.05, 10.0, tries=5, first=0.02), [], threading.Lock()

    def call() -> None:
        with lock:
            times.append(time.monotonic())
            first = len(times) == 1
        if first:
            time.sleep(0.03)  # meanwhile the others have taken their turns
            raise EngineError("429", transient=True, after=0.5)

    threads = [threading.Thread(target=asked, args=(call, manners)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    gaps = [after - before for before, after in pairwise(times)]
    assert len(times) == manners.requests == 5
    assert gaps[0] > 0.5 and min(gaps[1:]) > 0.045


def test_a_voice_that_hangs_is_left_behind(whistler: Whistler, store: Store) -> None:
    whistler.online, whistler.at_once = True, 1
    whistler.speak = lambda *_, **__: time.sleep(5)  # type: ignore[method-assign,assignment,return-value]
    begin = time.monotonic()
    clips, problems = speak([segment("One.")], whistler, store, interval=0.0, request_timeout=0.1, patience=0.5)
    assert not clips and "did not answer within 0.1 seconds" in problems[0][1].message
    assert time.monotonic() - begin < 3


def test_what_is_no_error_of_ours_is_not_swallowed(whistler: Whistler, store: Store) -> None:
    whistler.speak = lambda *_, **__: 1 / 0  # type: ignore[method-assign,assignment,return-value]
    with pytest.raises(ZeroDivisionError):
        speak([segment("One.")], whistler, store)


def test_a_further_process_says_the_same(store: Store, tmp_path: Path) -> None:
    hibari = engines.load("hibari")
    voice = engines.find("hibari:heart")
    take = Take(words="Good evening.", text="Good evening.", voice=voice, rate=1.0, key="aa" * 20)
    booth = Booth(store)
    try:
        path, facts = booth.voiced(take)
        own, its = record(replace(take, key="bb" * 20), lambda take: hibari.speak(take.text, take.voice, rate=take.rate), store)
        assert path.read_bytes() == own.read_bytes() and facts == its
        stranger = replace(take, voice=replace(voice, engine="whistler"))
        assert booth.voiced(stranger) is None, "an engine that this process alone knows is this process's work"
        broken = booth.voiced(replace(take, text="大桥", words="大桥", key="cc" * 20))
        assert isinstance(broken, EngineError) and "大桥" in broken.message
        process = booth.process
    finally:
        booth.close()
    assert process and process.returncode is not None


def test_whoever_asks_a_booth_gets_an_answer_to_ones_own_words(store: Store) -> None:
    voice = engines.find("hibari:heart")
    takes = [
        Take(words=word, text=word, voice=voice, rate=1.0, key=f"{at:040x}") for at, word in enumerate(["One.", "Two.", "Three.", "Four."])
    ]
    booth, found = Booth(store), {}
    try:
        threads = [threading.Thread(target=lambda take=take: found.update({take.key: booth.voiced(take)})) for take in takes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        booth.close()
    assert {key: (path.stem, facts["text"]) for key, (path, facts) in found.items()} == {take.key: (take.key, take.words) for take in takes}


@pytest.mark.parametrize("line", ["null", "42", "loading a model", '{"key": "another", "path": "x", "facts": {}}', ""])
def test_a_booth_that_says_anything_else_is_asked_nothing_more(line: str, store: Store) -> None:
    take = Take(words="One.", text="One.", voice=engines.find("hibari:heart"), rate=1.0, key="aa" * 20)
    booth = Booth(store)
    booth.close()
    right = json.dumps({"key": take.key, "path": "x", "facts": {}})
    code = f"input(); print({line!r}); print({right!r}, flush=True); input()"
    booth.process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    booth.spoilt = False
    try:
        assert booth.voiced(take) is None
        assert booth.voiced(take) is None, "the answer that lies there is not taken for this one's"
    finally:
        booth.close()


def test_what_a_library_prints_in_a_booth_is_no_answer(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import atexit, os; os.write(1, b'')\nimport builtins, sys\n"
        "class Loud:\n    def find_spec(self, name, *_):\n        if name == 'hibari': os.write(1, b'loading\\n'); print('still loading')\n"
        "sys.meta_path.insert(0, Loud())\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    take = Take(words="One.", text="One.", voice=engines.find("hibari:heart"), rate=1.0, key="aa" * 20)
    booth = Booth(store)
    try:
        assert isinstance(booth.voiced(take), tuple)
    finally:
        booth.close()


def test_a_booth_ends_when_whoever_opened_it_is_killed(store: Store) -> None:
    code = (
        "import os, pathlib, signal, sys; from bulletin.crew import Booth; from bulletin.store import Store\n"
        "booth = Booth(Store(pathlib.Path(sys.argv[1]), 1)); print(booth.process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(store.folder)], capture_output=True, text=True)
    pid = int(done.stdout)
    for _ in range(100):
        if not running(pid):
            return
        time.sleep(0.1)
    pytest.fail(f"process {pid} goes on")


def running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"
