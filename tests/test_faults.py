"""A share of `scripts/faults online`, and that what it looks for it would find."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import faults
import pytest
import standin
import verdicts
from standin import FAULTS, StandIn
from verdicts import Made, Verdict

from bulletin.store import Store, digest

SEED = 5
ALL = {case.number: case for case in faults.cases(200, SEED)}
ONE = replace(ALL[0], shell=False, share=0.0, scope="", gaps=False, stories=ALL[0].stories[:1])


@pytest.fixture(scope="module")
def service() -> Iterator[StandIn]:
    with StandIn() as there:
        there.mouth.mp3("Good evening.", "en")
        yield there


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standin, "PATIENCE", 2.0)


def test_each_fault_comes_alone_and_mixed_and_a_third_are_made_by_the_command_line() -> None:
    alone = {(case.fault, case.share) for case in ALL.values()}
    assert {(fault, 1.0) for fault in FAULTS} | {(fault, 0.2) for fault in (*FAULTS, *faults.MIXED)} <= alone
    assert sum(case.shell for case in ALL.values()) >= len(ALL) / 3 and {case.scope for case in ALL.values()} == {"", "bulletin", "story"}
    lines = [line for case in ALL.values() for story in case.stories for line in story]
    assert len(lines) == len(set(lines)), "no clip is anybody else's too"


@pytest.mark.parametrize(
    ("fault", "share", "scope", "gaps", "outcomes"),
    [
        ("mixed, passing", 0.3, "", False, {"whole"}),
        ("mixed, all", 0.3, "story", False, {"whole", "short"}),
        ("mixed, lost", 0.3, "", True, {"whole", "short", "none"}),
        ("half", 1.0, "", False, {"none"}),
        ("403", 1.0, "bulletin", False, {"short"}),
    ],
)
def test_nothing_is_lost_in_silence(
    fault: str, share: float, scope: str, gaps: bool, outcomes: set[str], service: StandIn, tmp_path: Path
) -> None:
    case = replace(ALL[1], fault=fault, share=share, scope=scope, gaps=gaps, shell=False, language="en", stories=ALL[4].stories[:1])
    found = faults.measured(case, tmp_path, service)
    assert (found.silent, found.wrong) == ([], [])
    assert found.outcome in outcomes


def test_the_command_line_is_held_against_the_same(service: StandIn, tmp_path: Path) -> None:
    found = faults.measured(replace(ONE, fault="mixed, passing", share=0.2, shell=True), tmp_path, service)
    assert (found.silent, found.wrong, found.code) == ([], [], 0)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, service: StandIn) -> tuple[Path, Made, Made, set[str]]:
    """A run without a fault, the run after it, and what lies in the store."""
    folder = tmp_path_factory.mktemp("good")
    service.plan = standin.planned(None)
    first = faults.make(ONE, folder, service, "first.wav", shell=False)
    kept = verdicts.kept_clips(folder)
    return folder, first, faults.make(ONE, folder, service, "again.wav", shell=False), kept


def judged(good: tuple[Path, Made, Made, set[str]], service: StandIn, again: Made | None = None, **changed: Any) -> Verdict:
    """The verdict on that run, one thing changed."""
    folder, first, second, kept = good
    return verdicts.verdict(ONE, folder, replace(first, **changed), again or second, kept, service.mouth)


def test_where_nothing_is_wrong_nothing_is_found(good: Any, service: StandIn) -> None:
    found = judged(good, service)
    assert (found.silent, found.wrong, found.outcome, found.again) == ([], [], "whole", 0)


def without(number: int) -> Callable[[dict[str, Any]], None]:
    return lambda report: report["segments"].pop(number)


def swap(report: dict[str, Any]) -> None:
    first, second = report["segments"][1:3]
    first["clips"], second["clips"] = second["clips"], first["clips"]


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        (without(2), "not said, not named"),
        (swap, "its clips have"),
        (lambda report: report["segments"][2]["clips"].pop(), "its clips have"),
        (lambda report: report.update(voices=["hibari:heart"]), "and 0"),
    ],
)
def test_what_is_lost_is_found(damage: Callable[[dict[str, Any]], None], what: str, good: Any, service: StandIn) -> None:
    report = copy.deepcopy(dict(good[1].report))
    damage(report)
    found = judged(good, service, report=report)
    assert found.outcome == "SILENT" and what in found.silent[0]


def test_other_words_of_another_length_are_found(good: Any, service: StandIn) -> None:
    folder, first, *_ = good

    class Other:
        """Has other words for every text."""

        def mp3(self, text: str, language: str) -> bytes:
            return service.mouth.mp3("Not today.", language)

    found = list(verdicts.untrue(ONE, first, first.asked, folder, Other()))
    assert len(found) == sum(len(segment["clips"]) for segment in first.segments)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"code": 3}, "exit code 3, not 0"),
        ({"code": 1}, "exit code 1, not 0"),
        ({"complaint": "a traceback"}, "a traceback"),
    ],
)
def test_a_wrong_exit_code_is_found(changed: dict[str, Any], what: str, good: Any, service: StandIn) -> None:
    assert any(what in each for each in judged(good, service, **changed).wrong)


def test_a_second_voice_that_nobody_asked_for_is_found(good: Any, service: StandIn) -> None:
    report = {**good[1].report, "voices": ["gtts:en", "hibari:heart"]}
    assert any("two voices" in each for each in judged(good, service, report=report, code=3).wrong)


def test_requests_that_come_too_fast_or_again_are_found(good: Any, service: StandIn) -> None:
    _, first, again, _ = good
    crowd = [replace(first.asked[0], at=first.asked[0].at + number * 0.02) for number in range(27)]
    found = judged(good, service, asked=crowd)
    assert found.rates[0] == 26 and found.early == pytest.approx(0.78) and any("26 requests in 0.5 s" in each for each in found.wrong)
    assert any("asked again" in each for each in judged(good, service, again=replace(again, asked=first.asked[:1])).wrong)


def test_who_is_not_left_alone_says_so() -> None:
    def asked(at: float, fault: str | None = None) -> standin.Asked:
        return standin.Asked(0, at, "x", "en", "com", False, fault)

    assert verdicts.unease([asked(0.0, "503"), asked(0.1), asked(0.9), asked(1.1)]) == 2
    assert verdicts.unease([asked(0.0, "500"), asked(0.1)]) == 0


def test_what_is_half_written_is_found(good: Any, service: StandIn, tmp_path: Path) -> None:
    Store(tmp_path / "clips", 10**6).temporary(".flac")
    (tmp_path / "first.wav").touch()
    found = list(verdicts.left(tmp_path, replace(good[1], report={"files": [], "problems": []})))
    assert len(found) == 2 and digest(tmp_path / "first.wav")
