"""A share of `scripts/stress`: a run that is killed, misled, crowded or out of room leaves nothing half, and the next one is right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import damages
import mishaps
import pytest
import stress
from stress import ONE, Desk, Done, Reference

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked for as Linux lists them")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """A bulletin that nothing disturbed."""
    return Reference.of(ONE, tmp_path_factory.mktemp("undisturbed") / "desk")


@pytest.fixture
def desk(one: Reference, tmp_path: Path) -> Desk:
    """A desk on which a bulletin and a store lie, as the undisturbed run has left them."""
    found = Desk(tmp_path / "own")
    for place in ("store", "out"):
        subprocess.run(["cp", "-r", str(one.desk.folder / place), str(found.folder)], check=True)
    return found


def test_a_killed_run_leaves_nothing_half_and_the_next_one_is_right(one: Reference, tmp_path: Path) -> None:
    tally = mishaps.kills(tmp_path, 3, 3, [one])
    assert tally.rounds == 3
    assert not tally.violations


@pytest.mark.parametrize("damage", [damages.flipped, damages.digit, damages.locked], ids=lambda each: each.__name__)
def test_a_damaged_store_is_found_mended_and_told_of(damage: damages.Damage, one: Reference, tmp_path: Path) -> None:
    tally = mishaps.stores(tmp_path, 1, 5, [one], [damage])
    assert not tally.violations
    assert tally.rounds or tally.seen


def test_two_runs_at_once_are_both_right(one: Reference, tmp_path: Path) -> None:
    tally = mishaps.twins(tmp_path, 1, 2, [(one, one)])
    assert tally.rounds == 1
    assert not tally.violations


def test_a_full_disk_is_a_clear_error_and_room_is_enough_to_go_on(one: Reference, tmp_path: Path) -> None:
    tally = mishaps.disks(tmp_path, 3, 1, [one])
    if not tally.rounds:
        pytest.skip("no disk can be mounted here")
    assert not tally.violations


# --- that the measure would see it -----------------------------------------------------------------------------


def test_what_an_undisturbed_run_has_left_is_whole(one: Reference, desk: Desk) -> None:
    assert sorted(desk.files()) == [f"bulletin{end}" for end in (".chapters.json", ".json", ".mp3", ".srt", ".transcript.txt", ".vtt")]
    assert not stress.half(desk, one) and not stress.broken(desk, one) and not stress.mixed(desk) and not desk.left()


@pytest.mark.parametrize("name", ["bulletin.mp3", "bulletin.json", "bulletin.chapters.json", "bulletin.vtt"])
def test_half_a_file_under_a_final_name_is_seen(name: str, one: Reference, desk: Desk) -> None:
    path = desk.out / name
    os.truncate(path, path.stat().st_size // 2)
    assert stress.half(desk, one) == [f"{name} is not whole"]


def test_a_report_of_another_sound_is_seen(desk: Desk) -> None:
    path = desk.out / "bulletin.json"
    report = json.loads(path.read_text())
    report["masters"][0]["sha256"] = "0" * 64
    path.write_text(json.dumps(report))
    assert stress.mixed(desk) == ["bulletin.json is not the report of bulletin.mp3"]


def test_files_of_two_bulletins_under_one_name_are_seen(one: Reference, desk: Desk) -> None:
    assert not stress.torn(desk, one)
    (desk.out / "bulletin.vtt").write_text("WEBVTT\n")
    assert stress.torn(desk, one) == ["bulletin.* are files of several bulletins"]


def test_half_a_clip_that_was_sealed_is_seen(one: Reference, desk: Desk) -> None:
    clip = min(desk.store.glob("??/*.flac"))
    os.truncate(clip, 2000)
    assert not stress.broken(desk, one), "nobody would use it"
    facts = clip.with_suffix(".json")
    told = json.loads(facts.read_text())
    told["facts"]["sha256"] = stress.digest(clip)
    facts.write_text(json.dumps(told))
    assert stress.broken(desk, one) == [f"stored {clip.name} is sealed and is not what it should be"]


def test_a_temporary_file_and_a_process_that_goes_on_are_seen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (desk.out / ".bulletin.mp3.12.part").touch()
    assert desk.left() == [".bulletin.mp3.12.part"]
    monkeypatch.setattr(stress, "GOODBYE", 0.3)
    booth = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(20)", str(desk.store)])
    until = time.monotonic() + 10
    while not stress.users(desk.store) and time.monotonic() < until:  # a moment ago it was this process still
        time.sleep(0.02)
    alive, _ = stress.outliving(desk)
    assert alive == [f"process {booth.pid} goes on"]
    assert booth.wait(5) == -signal.SIGKILL


def test_another_sound_another_code_and_an_unclear_error_are_seen(one: Reference, desk: Desk) -> None:
    report = json.loads((desk.out / "bulletin.json").read_text())
    report["files"] = [str(desk.out / "bulletin.mp3")]
    assert not stress.right(Done(0, "", report), one)
    assert stress.right(Done(1, "", report), one)
    assert stress.right(Done(0, "", {**report, "duration_ms": 1}), one) == ["the report is another"]
    (desk.out / "bulletin.mp3").write_bytes(b"ID3")
    assert stress.right(Done(0, "", report), one) == ["the sound is another"]
    assert not stress.clear(Done(1, "Error: full.\n  → Make room.", None))
    for done in (Done(1, "Error: full.", None), Done(3, "Error: full.\n  → Make room.", None), Done(1, "Traceback → Error:", None)):
        assert stress.clear(done)
