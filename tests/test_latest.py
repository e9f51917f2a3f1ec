"""The newest bulletin of a folder, and whether it still holds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import bulletin
from bulletin import latest
from bulletin.errors import PublishError

Run = Callable[..., subprocess.CompletedProcess[str]]
LATEST = ["latest.chapters.json", "latest.json", "latest.mp3", "latest.srt", "latest.transcript.txt", "latest.vtt"]
NOW = datetime(2026, 11, 20, 18, 30).astimezone()


def edition(folder: Path, name: str, at: datetime, valid_for: int | None = None, kinds: tuple[str, ...] = (".mp3",)) -> Path:
    for kind in kinds:
        (folder / f"{name}{kind}").write_bytes(b"sound")
    until = (at + timedelta(minutes=valid_for)).isoformat() if valid_for else None
    files = [str(folder / f"{name}{kind}") for kind in kinds]
    (folder / f"{name}.json").write_text(json.dumps({"files": files, "made": at.isoformat(), "valid_until": until}))
    return folder / f"{name}{kinds[0]}"


def test_the_newest_is_the_one_broadcast_last_not_the_one_made_last(tmp_path: Path) -> None:
    six = edition(tmp_path, "b", NOW)
    edition(tmp_path, "a", NOW - timedelta(hours=1))
    assert latest.latest(tmp_path).files == (six,)


def test_what_is_no_report_and_what_has_lost_its_sound_is_passed_by(tmp_path: Path) -> None:
    good = edition(tmp_path, "good", NOW - timedelta(hours=3))
    edition(tmp_path, "lost", NOW).unlink()
    (tmp_path / "x.json").write_text("{")
    (tmp_path / "y.json").write_text("[1, 2]")
    (tmp_path / "z.json").write_text('{"files": ["a.mp3"], "made": "yesterday"}')
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    assert latest.latest(tmp_path).files == (good,)


def test_a_folder_without_any_says_so(tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="no bulletin"):
        latest.latest(tmp_path)
    with pytest.raises(PublishError, match="no bulletin"):
        latest.latest(tmp_path / "nowhere")
    edition(tmp_path, "a", NOW)
    with pytest.raises(PublishError, match="WAV"):
        latest.latest(tmp_path, ".wav")


@pytest.mark.parametrize(
    ("age", "valid_for", "max_age", "over"),
    [
        (0, None, None, False),
        (9_999, None, None, False),
        (64, 65, None, False),
        (65, 65, None, True),
        (10, 65, 5, True),
        (5, None, 5, False),
    ],
)
def test_it_is_stale_by_its_own_end_or_by_an_age(tmp_path: Path, age: int, valid_for: int | None, max_age: int | None, over: bool) -> None:
    edition(tmp_path, "a", NOW - timedelta(minutes=age), valid_for)
    limit = None if max_age is None else timedelta(minutes=max_age)
    assert latest.stale(latest.latest(tmp_path), NOW, limit) == over


def test_the_command_prints_a_path_and_its_exit_code_says_whether_it_holds(run: Run) -> None:
    Path("audio_out").mkdir()
    assert run("latest").returncode == 1
    now = datetime.now().astimezone()
    edition(Path("audio_out"), "old", now - timedelta(hours=2), 60, (".mp3", ".wav"))
    done = run("latest", "--kind", "wav")
    assert (done.returncode, done.stdout) == (4, "audio_out/old.wav\n")
    assert "stale" in done.stderr
    edition(Path("audio_out"), "new", now, 60)
    done = run("latest")
    assert (done.returncode, done.stdout, done.stderr) == (0, "audio_out/new.mp3\n", "")
    said = json.loads(run("latest", "audio_out", "--json").stdout)
    assert said["files"] == ["audio_out/new.mp3"] and said["stale"] is False and said["valid_until"]


def test_a_bulletin_is_found_under_its_stable_name_too_and_the_next_takes_its_place(story: Path) -> None:
    first = bulletin.make(story, latest=True, valid_for=65, at=NOW)
    stable = Path("audio_out/latest.mp3")
    assert stable.read_bytes() == first.files[0].read_bytes()
    with stable.open("rb") as playing:
        second = bulletin.make(story, latest=True, at=NOW + timedelta(hours=1), settings={"sound.sting": "none", "output.bitrate": 64})
        assert playing.read() == first.files[0].read_bytes(), "who has it open plays it to its end"
    assert stable.read_bytes() == second.files[0].read_bytes() != first.files[0].read_bytes()
    assert sorted(path.name for path in Path("audio_out").iterdir() if path.name.startswith(("latest", "."))) == [*LATEST]
    found = latest.latest(Path("audio_out"))
    assert found.files == (second.files[0],) and found.valid_until is None
    assert first["valid_until"] == (NOW + timedelta(minutes=65)).isoformat()


def test_files_of_the_bulletin_before_do_not_stay_under_the_stable_name(story: Path) -> None:
    bulletin.make(story, latest=True, masters=["air"], at=NOW)
    assert Path("audio_out/latest.wav").exists()
    bulletin.make(story, latest=True, at=NOW + timedelta(hours=1))
    assert sorted(path.name for path in Path("audio_out").glob("latest*")) == LATEST


def test_a_folder_in_the_way_of_the_stable_name_publishes_nothing(story: Path) -> None:
    Path("out/latest.mp3").mkdir(parents=True)
    with pytest.raises(PublishError, match="folder"):
        bulletin.make(story, output="out/six.mp3", latest=True)
    assert [path.name for path in Path("out").iterdir()] == ["latest.mp3"]


def test_stable_files_that_were_moved_alone_are_an_edition(story: Path) -> None:
    bulletin.make(story, latest=True, at=NOW)
    Path("moved").mkdir()
    for path in Path("audio_out").glob("latest*"):
        path.rename(Path("moved") / path.name)
    assert latest.latest(Path("moved")).files == (Path("moved/latest.mp3"),)


def test_a_script_drafted_earlier_airs_now(story: Path, run: Run) -> None:
    text = bulletin.draft(story)[0]
    made = text.splitlines()[1]
    Path("news.txt").write_text(text.replace(made, "made: 2020-01-01T06:00:00+00:00"), encoding="utf-8")
    report = bulletin.make("news.txt", latest=True, valid_for=65)
    assert datetime.now().astimezone() - report.rundown.at < timedelta(minutes=5)
    assert run("latest").returncode == 0
    Path("news.txt").write_text(text.replace(made, "at: 2020-01-01T06:00:00+00:00"), encoding="utf-8")
    assert bulletin.make("news.txt", output="a.mp3").rundown.at.year == 2020
    assert "on the clock" in run("make", "news.txt", "--plan", "--at", "18:00").stdout


def test_a_bulletin_of_a_date_far_off_is_not_the_latest_yet(tmp_path: Path) -> None:
    now = datetime.now().astimezone()
    edition(tmp_path, "slip", now + timedelta(days=365))
    with pytest.raises(PublishError, match="no bulletin"):
        latest.latest(tmp_path)
    held = edition(tmp_path, "held", now + timedelta(minutes=10))
    assert latest.latest(tmp_path).files == (held,)
