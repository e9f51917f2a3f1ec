"""A voice on the network is lost: another steps in for all of it or for a story, never for half of one; or what is missing is named."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import standin
from conftest import EXAMPLES, SAID, parts_left
from speakers import MYTTS
from standin import EARLY, StandIn

import bulletin
from bulletin import crew
from bulletin.errors import BulletinError, EngineError, ReadError, VoiceError
from bulletin.model import Ms, Report

LIBRARY = """\
Mobile library adds evening stops in the valley

A library on wheels that serves eleven villages will make evening stops from next month.

Loans from the van have risen by a fifth in a year, the valley's library service said.
"""
FAST = {
    "online.interval": 0.01,
    "online.timeout": 1.5,
    "online.patience": 20,
    "output.channels": 1,
    **{f"sound.{place}": "none" for place in ("intro", "sting", "bed", "outro")},
}
OTHER = "hibari:heart"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    with StandIn(cache=tmp_path_factory.mktemp("said")) as service:
        service.mouth.mp3("Good evening.", "en")
        yield service


@pytest.fixture
def service(served: StandIn, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The stand-in, all forgotten, the way to it in the environment; nobody waits for long."""
    served.asked.clear()
    served.count = 0
    served.plan = standin.planned(None)
    monkeypatch.setattr(standin, "PATIENCE", 4.0)
    monkeypatch.setattr(crew, "FIRST", 0.02)
    for name, value in served.environment.items():
        monkeypatch.setenv(name, value)
    return served


@pytest.fixture
def two(story: Path) -> tuple[Path, Path]:
    """The bridge, and the library."""
    library = story.parent / "library.txt"
    library.write_text(LIBRARY, encoding="utf-8")
    return story, library


def make(*sources: Path, voice: str | None = "gtts:en", settings: dict[str, object] | None = None, **asked: object) -> Report:
    own = {**FAST, "store.folder": str(Path("own").resolve()), **(settings or {})}
    return bulletin.make(*sources, output="out.wav", voice=voice, settings=own, **asked)  # type: ignore[arg-type]


def flags() -> list[str]:
    own = {**FAST, "store.folder": str(Path("own").resolve())}
    return [part for name, value in own.items() for part in ("--set", f"{name}={value}")]


def since(first: int, fault: str) -> Callable[[int, str], str | None]:
    """Every request from that one on fails."""
    return lambda number, text: fault if number >= first and (fault in EARLY) != bool(text) else None


def about(words: str, fault: str) -> Callable[[int, str], str | None]:
    """Every request for these words fails."""
    return lambda _, text: fault if words in text else None


def readers(report: Report) -> dict[int | None, set[str]]:
    """Who reads each story, its line among the headlines included; None is what belongs to no story."""
    found: dict[int | None, set[str]] = {}
    for line in report.programme.sheet.transcript:
        found.setdefault(line.segment.story, set()).add(line.voice)
    return found


def texts(report: Report) -> list[str]:
    return [segment["text"] for segment in report["segments"]]


@pytest.mark.parametrize(("fault", "why"), [("403", "answered 403"), ("stranger", "cannot show that it is"), ("429", "patience")])
def test_another_voice_reads_the_whole_bulletin_where_one_is_lost_in_its_middle(
    fault: str, why: str, service: StandIn, two: tuple[Path, Path]
) -> None:
    wanted = texts(make(*two, voice=OTHER))
    service.plan = since(4, fault)
    report = make(*two, fallback=[OTHER], settings={"online.patience": 0.1})
    assert report["voices"] == [OTHER] and texts(report) == wanted
    (problem,) = report.problems
    assert problem.message.startswith(f"gtts:en was lost: all that it was to say is read by {OTHER}.") and why in problem.message
    assert problem.hint and 4 <= len(service.asked) <= len(wanted)


def test_the_shell_hears_of_it_by_its_exit_code(
    service: StandIn, story: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    service.plan = since(2, "404")
    done = run("make", story, "-o", "out.wav", "--voice", "gtts:en", "--fallback", OTHER, *flags())
    assert done.returncode == 3 and f"is read by {OTHER}" in done.stderr and "Traceback" not in done.stderr


def test_the_length_is_met_to_the_millisecond_by_whoever_reads_in_the_end(service: StandIn, two: tuple[Path, Path]) -> None:
    natural = make(*two, voice=OTHER)["duration_ms"]
    length = Ms(natural - 2500)
    alone = make(*two, voice=OTHER, length=length)
    service.plan = since(4, "403")
    report = make(*two, fallback=[OTHER], length=length)
    assert report["duration_ms"] == length == report["slot"]["length_ms"]
    assert report["voices"] == [OTHER] and len(report.problems) == 1

    def places(made: Report) -> list[tuple[str, int, int]]:
        return [(each["text"], each["start_ms"], each["duration_ms"]) for each in made["segments"]]

    assert places(report) == places(alone)


@pytest.mark.parametrize("lost_from", [1, 4, 7])
def test_a_story_is_never_read_by_two(lost_from: int, service: StandIn, two: tuple[Path, Path]) -> None:
    service.plan = since(lost_from, "403")
    report = make(*two, fallback=[OTHER], settings={"voice.fallback_for": "story", "rundown.headlines": 1})
    assert all(len(who) == 1 for part, who in readers(report).items() if part is not None)
    assert OTHER in report["voices"] and "the stories that were lost with it are read by" in report.problems[0].message
    assert texts(report) == texts(make(*two, voice=OTHER, settings={"rundown.headlines": 1}))


def test_only_the_story_that_was_lost_is_read_by_another(service: StandIn, two: tuple[Path, Path]) -> None:
    service.plan = about("villages", "page")
    report = make(*two, fallback=[OTHER], settings={"voice.fallback_for": "story"})
    assert readers(report) == {None: {"gtts:en"}, 0: {"gtts:en"}, 1: {OTHER}}
    assert "no speech in it" in report.problems[0].message


def test_the_next_fallback_steps_in_where_the_first_is_lost_too(service: StandIn, story: Path) -> None:
    service.plan = since(0, "403")
    report = make(story, fallback=["gtts:en@co.uk", OTHER])
    assert report["voices"] == [OTHER]
    changes = [re.match(r"(\S+) was lost: .* is read by (\S+)\. ", problem.message) for problem in report.problems]
    assert [change and change.groups() for change in changes] == [("gtts:en", "gtts:en@co.uk"), ("gtts:en@co.uk", OTHER)]
    assert ["translate.google.co.uk answered 403" in problem.message for problem in report.problems] == [False, True]
    assert {asked.tld for asked in service.asked} == {"com", "co.uk"}


def test_a_fallback_of_another_language_is_not_taken(service: StandIn, story: Path) -> None:
    service.plan = since(0, "403")
    with pytest.raises(EngineError, match="403") as caught:
        make(EXAMPLES / "cho-noi.txt", voice="gtts:vi", fallback=[OTHER])
    assert caught.value.exit_code == 1 and caught.value.hint and not Path("out.wav").exists()
    report = make(story, EXAMPLES / "cho-noi.txt", voice=None, fallback=[OTHER])
    assert report["voices"] == [OTHER] and all(segment["language"] == "en" for segment in report["segments"])
    (problem,) = report.problems
    assert problem.message.startswith("Left out: the story “Chợ nổi") and "403" in problem.message and len(problem.missing) > 4


def test_what_was_said_before_is_kept_for_when_the_service_is_back(service: StandIn, two: tuple[Path, Path]) -> None:
    service.plan = since(5, "403")
    make(*two, fallback=[OTHER])
    good = {asked.text for asked in service.asked if not asked.fault}
    service.asked.clear()
    service.plan = standin.planned(None)
    report = make(*two, fallback=[OTHER])
    assert report["voices"] == ["gtts:en"] and not report.problems
    assert len(good) == 5 and good.isdisjoint(asked.text for asked in service.asked)
    service.asked.clear()
    assert make(*two)["synthesised"] == 0 and not service.asked


def test_without_a_fallback_a_story_is_left_out_whole_and_named_with_what_is_missing(service: StandIn, two: tuple[Path, Path]) -> None:
    service.plan = about("villages", "page")
    report = make(*two)
    assert readers(report) == {None: {"gtts:en"}, 0: {"gtts:en"}}
    (problem,) = report.problems
    assert problem.message.startswith("Left out: the story “Mobile library adds evening stops in the valley”.")
    assert problem.missing == ("A library on wheels that serves eleven villages will make evening stops from next month.",)


def test_where_nothing_can_be_aired_every_sentence_is_named_those_that_were_voiced_too(service: StandIn, story: Path) -> None:
    service.plan = about("Engineers", "404")
    with pytest.raises(EngineError) as failed:
        make(story)
    assert " ".join(failed.value.missing) == " ".join(SAID)


def test_with_gaps_allowed_a_story_is_aired_without_the_sentence_and_that_is_named(service: StandIn, two: tuple[Path, Path]) -> None:
    service.plan = about("villages", "page")
    report = make(*two, allow_gaps=True)
    (problem,) = report.problems
    assert problem.message.startswith("A gap in the story “Mobile library") and len(problem.missing) == 1
    assert texts(report) == [text for text in texts(make(*two, voice=OTHER)) if text not in problem.missing]


@pytest.mark.parametrize("no", [{"offline": True}, {"settings": {"online.allowed": False}}])
def test_where_the_network_is_forbidden_no_request_is_made(no: dict[str, object], service: StandIn, story: Path) -> None:
    with pytest.raises(BulletinError, match="needs the network") as caught:
        make(story, **no)  # type: ignore[arg-type]
    assert OTHER in caught.value.hint
    with pytest.raises(ReadError, match="on the network") as refused:
        make("https://translate.google.com/", voice=None, **no)  # type: ignore[arg-type]
    assert refused.value.hint
    report = make(story, voice=None, **no)  # type: ignore[arg-type]
    assert report["voices"] == [OTHER] and not report.problems
    assert service.count == 0


def test_offline_a_fallback_online_is_passed_over(service: StandIn, story: Path) -> None:
    report = make(story, offline=True, fallback=["gtts:en@co.uk", OTHER])
    assert report["voices"] == [OTHER] and len(report.problems) == 2 and service.count == 0


@pytest.mark.parametrize("fault", ["hang", "drip", "429-delta"])
def test_an_interruption_in_the_middle_of_a_slow_request_ends_it_at_once(fault: str, service: StandIn, story: Path, tmp_path: Path) -> None:
    service.plan = since(2, fault)
    settings = [*flags(), "--set", "online.timeout=20"]
    command = [sys.executable, "-m", "bulletin", "make", str(story), "-o", "out.wav", "--voice", "gtts:en", *settings]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
    try:
        until = time.monotonic() + 60
        while len(service.asked) < 4 and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        assert len(service.asked) >= (3 if fault == "429-delta" else 4)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        _, said = process.communicate(timeout=30)
    finally:
        process.kill()
    assert time.monotonic() - began < 3.0
    assert process.returncode == 130 and "Interrupted" in said and "Traceback" not in said
    assert not Path("out.wav").exists() and not Path("out.json").exists() and not parts_left(tmp_path)


@pytest.fixture
def program(tmp_path: Path) -> tuple[str, Path]:
    """A program that speaks, as a voice's name, and a file that shows that it was run."""
    mark, script = tmp_path / "ran", tmp_path / "mytts.py"
    script.write_text(f"open({str(mark)!r}, 'w').close()\n{MYTTS}", encoding="utf-8")
    return f"command:en={shlex.quote(sys.executable)} {shlex.quote(str(script))}", mark


@pytest.mark.parametrize("place", ["head", "story", "line"])
def test_a_script_may_not_name_a_program_that_nobody_here_has_named(place: str, program: tuple[str, Path], story: Path) -> None:
    name, mark = program
    text, _ = bulletin.draft(story, language="en")
    before, after = {
        "head": ("language: en\n", f"language: en\nvoice: {name}\n"),
        "story": ("== Story ==\n", f"== Story ==\nvoice: {name}\n"),
        "line": ("Engineers will", f"{{voice {name}}} Engineers will"),
    }[place]
    assert before in text
    Path("script.txt").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(VoiceError, match="a program that would be run here") as caught:
        make(Path("script.txt"), voice=None)
    assert "--voice" in caught.value.hint and not mark.exists()
    with pytest.raises(VoiceError, match="a program"):
        make(Path("script.txt"), voice=None, fallback=[name])
    assert not mark.exists()
    Path("station.toml").write_text(f"[voice.by_language]\nen = {json.dumps(name)}\n", encoding="utf-8")
    assert name in make(Path("script.txt"), voice=None)["voices"] and mark.exists()
