"""A finished bulletin is proven anew: what is right raises nothing, what is broken is named once, with its time."""

from __future__ import annotations

import json
import shutil
import struct
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from conftest import STORY, tool
from numpy.typing import NDArray

import bulletin
from bulletin import frames
from bulletin.check import Verdict, check
from bulletin.checks import Finding
from bulletin.cli.check import misheard
from bulletin.errors import CheckError

FIRST = "Bridge opens after two years\n\n" + "\n\n".join(
    f"The {who} of Wendmouth {what} on Monday, and {more}."
    for who, what, more in (
        ("mayor", "cut the ribbon at noon", "told reporters that it had been worth the wait"),
        ("harbour master", "let three ferries pass under the arch", "kept the lorries waiting on the quay"),
        ("oldest engineer", "walked across by herself", "counted every one of the four hundred bolts"),
        ("choir", "sang from the northern tower", "was heard on both sides of the river"),
    )
)
SECOND = """\
Library stays open late

The town library will stay open until nine in the evening from Monday, the council said on Tuesday.

Readers had asked for the longer hours for years, the librarian said. "I come home at seven," said one of them, a nurse.

The county will pay for two more librarians, who begin their work at the end of the month.
"""
Samples = NDArray[np.float64]


@dataclass
class Made:
    """A bulletin as it was made, its report, and the station whose store has its clips."""

    folder: Path
    station: Path
    report: dict[str, Any]

    def start(self, words: str) -> int:
        """When a sentence begins, ms."""
        return next(segment["start_ms"] for segment in self.report["segments"] if words in segment["text"] and segment["role"] == "body")

    def span(self, words: str) -> tuple[int, int]:
        """When a sentence and its pause begin and end, ms."""
        starts = [segment["start_ms"] for segment in self.report["segments"]]
        start = self.start(words)
        return start, starts[starts.index(start) + 1]

    def music(self, role: str) -> tuple[int, int]:
        """When a cue begins and ends, ms."""
        cue = next(cue for cue in self.report["cues"] if cue["role"] == role)
        return cue["start_ms"], cue["start_ms"] + cue["duration_ms"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("check")
    (folder / "station.toml").write_text(
        f'[station]\nname = "Radio Wendmouth"\n[store]\nfolder = "{folder / "clips"}"\n[rundown]\nheadlines = 2\n', encoding="utf-8"
    )
    for name, text in (("first", FIRST), ("second", SECOND)):
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    report = bulletin.make(
        folder / "first.txt", folder / "second.txt", output=folder / "n.mp3", masters=["podcast", "air"], station=folder / "station.toml",
        latest=True, valid_for=600,
    )  # fmt: skip
    return Made(folder, folder / "station.toml", report.as_dict())


@pytest.fixture
def copy(made: Made, tmp_path: Path) -> Path:
    """The bulletin in a folder of its own, to be broken."""
    for path in made.folder.glob("n*"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edit(path: Path, change: Callable[[Samples, int], Samples]) -> None:
    """Change the samples of a WAV of 16 bits and leave its other chunks as they are."""
    data = path.read_bytes()
    samples, rate = soundfile.read(path, always_2d=True)
    whole = np.clip(np.rint(change(samples, rate) * 32_768), -32_768, 32_767).astype("<i2").tobytes()
    head = data[: data.rindex(b"data", 0, 60_000)] + b"data" + struct.pack("<I", len(whole))
    path.write_bytes(b"RIFF" + struct.pack("<I", len(head) + len(whole) - 8) + head[8:] + whole)


def without(start: int, stop: int) -> Callable[[Samples, int], Samples]:
    """Cut out some milliseconds."""
    return lambda samples, rate: np.concatenate([samples[: start * rate // 1000], samples[stop * rate // 1000 :]])


def muted(start: int, stop: int) -> Callable[[Samples, int], Samples]:
    """Silence some milliseconds."""

    def change(samples: Samples, rate: int) -> Samples:
        samples[start * rate // 1000 : stop * rate // 1000] = 0
        return samples

    return change


def said(verdict: Verdict) -> list[str]:
    """What was found, in words."""
    return [finding.what for finding in verdict.findings]


def look(path: Path, made: Made) -> list[Finding]:
    """What is found in a broken file, but for the one that says that it has changed, which must be there."""
    verdict = check(path, station=made.station)
    (changed,) = [finding for finding in verdict.findings if finding.what == CHANGED]
    assert changed.severity == "problem"
    assert not verdict.fit
    return [finding for finding in verdict.findings if finding is not changed]


CHANGED = "The file has changed since it was published."


# --- nothing wrong ------------------------------------------------------------------------------------------


def test_a_bulletin_as_it_was_made_raises_nothing(made: Made) -> None:
    verdict = check(made.folder / "n.json", station=made.station)
    assert said(verdict) == []
    assert [sound.path.name for sound in verdict.sounds] == ["n-podcast.mp3", "n-air.wav", "n-air.mp3"]
    assert [check.name for check in verdict.sounds[0].checks] == ["file", "tags", "levels", "silence", "speech", "music"]
    speech = verdict.sounds[0].checks[4].measured
    assert speech["found"] == speech["clips"] == len(made.report["segments"])
    assert abs(speech["furthest_ms"]) < 1
    levels = verdict.sounds[1].checks[2].measured
    assert levels["loudness_lufs"] == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("name", ["n-air.wav", "latest-air.mp3", "latest.json", "moved"])
def test_each_name_of_it_finds_its_report(made: Made, name: str, tmp_path: Path) -> None:
    path = made.folder / name
    if name == "moved":
        path = Path(shutil.copy(made.folder / "n-air.wav", tmp_path / "six.wav"))
        shutil.copy(made.folder / "n.json", tmp_path / "six.json")
    verdict = check(path, station=made.station)
    assert said(verdict) == []
    assert len(verdict.sounds) == (3 if name == "latest.json" else 1)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_form_raises_nothing(made: Made, rate: int, channels: int, tmp_path: Path) -> None:
    settings = {"output.rate": rate, "output.channels": channels, "output.bits": 24, "masters.air.rate": rate}
    bulletin.make(made.folder / "second.txt", output="n.mp3", masters=["podcast", "air"], station=made.station, settings=settings)
    verdict = check("n.json", station=made.station)
    assert said(verdict) == []
    assert {check.measured["rate"] for sound in verdict.sounds for check in sound.checks if check.name == "file"} == {rate}


@pytest.mark.parametrize(
    "settings",
    [
        {"sound.intro": "none", "sound.outro": "none", "sound.bed": "none", "sound.sting": "none"},
        {"sound.bed_level": -4, "sound.outro_level": -3, "sound.overlap": 4000, "rundown.headlines": 2},
        {"output.bitrate": 64, "output.channels": 1},
        {"sound.target": "spotify"},
    ],
    ids=["dry", "loud music", "low rate", "loud"],
)
def test_unusual_stations_raise_no_problem(made: Made, settings: dict[str, Any], tmp_path: Path) -> None:
    report = bulletin.make(made.folder / "first.txt", made.folder / "second.txt", output="n.mp3", station=made.station, settings=settings)
    verdict = check("n.mp3", station=made.station)
    assert [finding for finding in verdict.findings if finding.severity == "problem"] == []
    assert len(verdict.findings) == len(report.problems), "what fell short when it was made is told again, and nothing else"


def test_without_the_clips_it_is_heard_by_its_level(made: Made, tmp_path: Path) -> None:
    verdict = check(made.folder / "n.json", station=emptied(tmp_path))
    assert said(verdict) == []
    assert verdict.sounds[0].checks[4].measured["by_level"] == len(made.report["segments"])


def emptied(folder: Path) -> Path:
    """A station with an empty store."""
    path = folder / "other.toml"
    path.write_text(f'[store]\nfolder = "{folder / "empty"}"\n', encoding="utf-8")
    return path


# --- the speech ---------------------------------------------------------------------------------------------


def test_a_sentence_cut_out_is_named_and_what_comes_early_after_it(made: Made, copy: Path) -> None:
    start, stop = made.span("harbour master")
    edit(copy / "n-air.wav", without(start, stop))
    short, lost, early = look(copy / "n-air.wav", made)
    assert short.what == f"It is {(stop - start) / 1000:.1f} s too short."
    assert lost.what.startswith("“The harbour master of Wendmouth") and lost.what.endswith("is not heard.")
    assert abs(lost.at - start) < 50
    assert early.what.startswith("“The oldest engineer") and f"{(stop - start) / 1000:.1f} s early" in early.what


def test_three_seconds_of_silence_put_in_are_told_and_what_is_late(made: Made, copy: Path) -> None:
    at = made.start("oldest engineer") - 100
    edit(copy / "n-air.wav", lambda x, rate: np.insert(x, [at * rate // 1000] * (3 * rate), 0, axis=0))
    long, silence, late = look(copy / "n-air.wav", made)
    assert long.what == "It is 3.0 s too long."
    assert "of silence in it" in silence.what and silence.severity == "problem" and abs(silence.at - at) < 700
    assert "3.0 s late" in late.what and "oldest engineer" in late.what


def test_two_sentences_swapped_are_named(made: Made, copy: Path) -> None:
    (a, b), (c, d) = made.span("harbour master"), made.span("oldest engineer")
    assert b == c

    def swap(x: Samples, rate: int) -> Samples:
        cut = [round(time * rate / 1000) for time in (a, b, d)]
        return np.concatenate([x[: cut[0]], x[cut[1] : cut[2]], x[cut[0] : cut[1]], x[cut[2] :]])

    edit(copy / "n-air.wav", swap)
    early, late = look(copy / "n-air.wav", made)
    assert "oldest engineer" in early.what and f"{(b - a) / 1000:.1f} s early" in early.what
    assert "harbour master" in late.what and f"{(d - c) / 1000:.1f} s late" in late.what


def test_a_sentence_muted_is_named(made: Made, copy: Path) -> None:
    start, stop = made.span("harbour master")
    edit(copy / "n-air.wav", muted(start, stop))
    (lost,) = look(copy / "n-air.wav", made)
    assert "harbour master" in lost.what and lost.found == "silence"


def test_a_word_bleeped_is_named_with_its_time(made: Made, copy: Path) -> None:
    start = made.start("harbour master") + 1600

    def bleep(x: Samples, rate: int) -> Samples:
        span = slice(start * rate // 1000, (start + 800) * rate // 1000)
        x[span] = 0.05 * np.sin(2 * np.pi * 1000 * np.arange(0.8 * rate) / rate)[:, None]
        return x

    edit(copy / "n-air.wav", bleep)
    (torn,) = look(copy / "n-air.wav", made)
    assert "of “The harbour master" in torn.what and torn.found == "other sound"
    assert abs(torn.at - start) <= 400


def test_a_sentence_turned_down_is_named(made: Made, copy: Path) -> None:
    start, stop = made.span("harbour master")

    def turn_down(x: Samples, rate: int) -> Samples:
        x[start * rate // 1000 : stop * rate // 1000] *= 0.5
        return x

    edit(copy / "n-air.wav", turn_down)
    (quiet,) = look(copy / "n-air.wav", made)
    assert "harbour master" in quiet.what and "6.0 dB too quiet" in quiet.what


def test_forty_milliseconds_too_late_are_told_and_ten_are_not(made: Made, copy: Path) -> None:
    start, _ = made.span("harbour master")
    for much, expected in ((40, 1), (10, 0)):
        shutil.copy(made.folder / "n-air.wav", copy)
        at, gone = start - 100, start - 200 - much

        def later(x: Samples, rate: int, at: int = at, much: int = much) -> Samples:
            x = np.insert(x, [at * rate // 1000] * (much * rate // 1000), 0, axis=0)
            return x[: -(much * rate // 1000)]

        edit(copy / "n-air.wav", later)
        found = look(copy / "n-air.wav", made)
        assert len(found) == expected, gone


def test_the_report_of_another_bulletin_is_told_in_one_finding(made: Made, copy: Path) -> None:
    (copy / "other.txt").write_text(STORY, encoding="utf-8")
    settings = {"sound.target": "r128", "output.bitrate": 128}
    at = datetime(2026, 1, 31, 6, 30).astimezone()
    bulletin.make(copy / "other.txt", output=copy / "other.mp3", station=made.station, settings=settings, at=at)
    (copy / "other.mp3").replace(copy / "n-air.mp3")
    short, tags, other = look(copy / "n-air.mp3", made)
    assert short.what.endswith("s too short.")
    assert "of its 9 tags are not what the report says: title" in tags.what
    assert other.what.startswith("It is another recording: ")


# --- without the clips --------------------------------------------------------------------------------------


def test_without_the_clips_a_cut_is_told_by_sound_and_silence(made: Made, copy: Path, tmp_path: Path) -> None:
    start, stop = made.span("harbour master")
    edit(copy / "n-air.wav", without(start, stop))
    found = look_elsewhere(copy / "n-air.wav", emptied(tmp_path))
    assert found[0].what.endswith("too short.")
    assert "on, sound and silence do not fit the report" in found[1].what and abs(found[1].at - start) < 6_000


def look_elsewhere(path: Path, station: Path) -> list[Finding]:
    return [finding for finding in check(path, station=station).findings if finding.what != CHANGED]


# --- levels, silence, music ---------------------------------------------------------------------------------


def test_three_dB_more_are_too_loud(made: Made, copy: Path) -> None:  # noqa: N802
    edit(copy / "n-air.wav", lambda x, _: x * 10 ** (1.2 / 20))
    (loud,) = look(copy / "n-air.wav", made)
    assert loud.what == "It is 1.2 LU too loud."


def test_clipping_is_told_with_its_time(made: Made, copy: Path) -> None:
    edit(copy / "n-air.wav", lambda x, _: x * 10 ** (9 / 20))
    clipped, loud = look(copy / "n-air.wav", made)
    assert clipped.what.startswith("It is clipped in ") and clipped.at is not None
    assert "LU too loud" in loud.what


@pytest.mark.parametrize(("channel", "name"), [(0, "left"), (1, "right")])
def test_a_dead_channel_is_named(made: Made, copy: Path, channel: int, name: str) -> None:
    def kill(x: Samples, _: int) -> Samples:
        x[:, channel] = 0
        return x

    edit(copy / "n-air.wav", kill)
    (dead,) = look(copy / "n-air.wav", made)
    assert dead.what == f"The {name} channel is dead."
    assert dead.found == "digital silence"


def test_a_channel_turned_over_is_told(made: Made, copy: Path) -> None:
    edit(copy / "n-air.wav", lambda x, _: x * [1, -1])
    what = [finding.what for finding in look(copy / "n-air.wav", made)]
    assert "Left and right are out of phase: on one loudspeaker the speech vanishes." in what


def test_a_direct_current_is_told(made: Made, copy: Path) -> None:
    edit(copy / "n-air.wav", lambda x, _: x + 0.02)
    assert [finding.found for finding in look(copy / "n-air.wav", made)] == ["2.0 %"]


def test_silence_at_the_head_and_at_the_tail_is_told(made: Made, copy: Path) -> None:
    edit(copy / "n-air.wav", lambda x, rate: np.concatenate([x, np.zeros((2 * rate, 2))]))
    long, tail = look(copy / "n-air.wav", made)
    assert long.what == "It is 2.0 s too long."
    assert "of silence at its tail" in tail.what and tail.found == "digital zero"
    shutil.copy(made.folder / "n-air.wav", copy)
    edit(copy / "n-air.wav", lambda x, rate: np.concatenate([np.zeros((rate, 2)), x]))
    what = [finding.what for finding in look(copy / "n-air.wav", made)]
    assert len(what) == 3 and "of silence at its head" in what[1] and "1.0 s late" in what[2]


def test_a_pause_that_the_station_asked_for_is_a_warning(made: Made, tmp_path: Path) -> None:
    settings = {"pauses.headline": 2500, "sound.bed": "none"}
    bulletin.make(made.folder / "second.txt", output="n.mp3", station=made.station, settings=settings)
    verdict = check("n.mp3", station=made.station)
    assert [(finding.severity, "as the report has it" in finding.what) for finding in verdict.findings] == [("warning", True)]
    assert verdict.fit


@pytest.mark.parametrize("role", ["sting", "outro", "intro"])
def test_music_that_is_not_there_is_named(made: Made, copy: Path, role: str) -> None:
    edit(copy / "n-air.wav", muted(*made.music(role)))
    found = look(copy / "n-air.wav", made)
    assert any(finding.what.startswith(f"The {role} is") for finding in found)
    assert not any("silence in it" in finding.what for finding in found), "once is enough"


# --- the file -----------------------------------------------------------------------------------------------


def test_an_mp3_cut_off_in_a_frame_is_told(made: Made, copy: Path) -> None:
    path = copy / "n-air.mp3"
    path.write_bytes(path.read_bytes()[:-40_100])
    found = [finding.what for finding in look(path, made)]
    assert found[0] == "The MP3 ends in the middle of a frame: it was cut off."
    assert found[1].endswith("s too short.")
    assert all("outro" in what or "silence" in what for what in found[2:])


def test_junk_in_an_mp3_is_told_where_it_is(made: Made, copy: Path) -> None:
    path = copy / "n-air.mp3"
    data = path.read_bytes()
    at, _ = frames.sound(data)
    for _ in range(400):
        at += frames.length(data[at : at + 4])
    path.write_bytes(data[:at] + b"<html>404 not found</html>" + data[at:])
    junk = look(path, made)[0]
    assert junk.what == "There is something in the MP3 that is no sound."
    assert junk.at == 400 * 24


def test_a_wav_cut_off_is_told(made: Made, copy: Path) -> None:
    path = copy / "n-air.wav"
    path.write_bytes(path.read_bytes()[: -4 * 48_000])
    found = [finding.what for finding in look(path, made)]
    assert found[:2] == ["The WAV is cut off.", "It is 1.0 s too short."]


def test_tags_that_are_gone_are_told(made: Made, copy: Path) -> None:
    for name in ("n-air.mp3", "n-air.wav"):
        out = copy / f"out{name[5:]}"
        command = [tool("ffmpeg"), "-v", "error", "-i", copy / name, "-map_metadata", "-1", "-fflags", "+bitexact", "-c", "copy", "-y", out]
        subprocess.run(command, check=True)
        out.replace(copy / name)
        assert [finding.what for finding in look(copy / name, made)] == ["Its tags are gone."]


def test_another_title_is_told(made: Made, copy: Path) -> None:
    path = copy / "n-air.mp3"
    path.write_bytes(path.read_bytes().replace("Bridge".encode("utf-16-le"), "Brudge".encode("utf-16-le"), 1))
    (title,) = look(path, made)
    assert title.what == "The tag for the title is not what the report says."
    assert (title.expected[:12], title.found[:12]) == ("Bridge opens", "Brudge opens")


def test_a_wav_named_mp3_is_told(made: Made, copy: Path) -> None:
    (copy / "n-air.wav").replace(copy / "n-air.mp3")
    verdict = check(copy / "n-air.mp3", station=made.station)
    assert said(verdict) == ["Its name ends in .mp3, and it holds WAV."]


def test_an_mp3_made_anew_by_another_program_is_told_and_still_heard(made: Made, copy: Path) -> None:
    path, out = copy / "n-air.mp3", copy / "out.mp3"
    subprocess.run([tool("ffmpeg"), "-v", "error", "-i", path, "-b:a", "128k", "-id3v2_version", "3", "-y", out], check=True)
    out.replace(path)
    found = look(path, made)
    assert all("tag" in finding.what for finding in found), found


# --- papers -------------------------------------------------------------------------------------------------


def test_a_sound_without_a_report_is_checked_as_any_sound(made: Made, tmp_path: Path) -> None:
    shutil.copy(made.folder / "n-air.mp3", tmp_path / "foreign.mp3")
    verdict = check(tmp_path / "foreign.mp3", station=made.station)
    assert said(verdict) == ["There is no report for it: only what any sound must be was checked."]
    assert verdict.report is None and not verdict.fit


def test_a_report_cut_off_is_told_and_the_sound_checked_all_the_same(made: Made, copy: Path) -> None:
    report = copy / "n.json"
    report.write_text(report.read_text(encoding="utf-8")[:3000], encoding="utf-8")
    what = said(check(copy / "n-air.mp3", station=made.station))
    assert len(what) == 2 and any("n.json is no report: it breaks off or is damaged" in each for each in what)
    with pytest.raises(CheckError, match="breaks off"):
        check(report, station=made.station)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"files": 1}', "[" * 100_000, '{"files": [], "made": "x", "masters": [1]}', "\0\xff"]
)
def test_what_is_no_report_is_an_error_with_a_hint(tmp_path: Path, text: str) -> None:
    (tmp_path / "n.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(CheckError) as raised:
        check(tmp_path / "n.json")
    assert raised.value.hint and raised.value.exit_code == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("n.mp3", b""), ("n.wav", b""), ("n", b"x"), ("n.mp3", b"<html>404</html>"), ("n.wav", b"RIFF\0\0\0\0WAVE"),
        ("n.mp3", b"ID3\x03\0\0\x7f\x7f\x7f\x7f"),
    ],
)  # fmt: skip
def test_what_is_no_sound_is_an_error_with_a_hint(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CheckError) as raised:
        check(tmp_path / name)
    assert raised.value.hint
    with pytest.raises(CheckError, match=r"No such file|is no file"):
        check(tmp_path / "nothing.mp3")
    with pytest.raises(CheckError, match="is no file"):
        check(tmp_path)


def test_a_file_that_the_report_tells_of_and_is_not_there_is_told(made: Made, copy: Path) -> None:
    (copy / "n-air.wav").unlink()
    verdict = check(copy / "n.json", station=made.station)
    assert len(said(verdict)) == 1 and "n-air.wav" in said(verdict)[0]
    assert len(verdict.sounds) == 3


def test_a_report_that_contradicts_itself_is_told(made: Made, copy: Path) -> None:
    values = json.loads((copy / "n.json").read_text(encoding="utf-8"))
    values["segments"][-2]["start_ms"], values["problems"] = values["duration_ms"] + 5, [{"message": "Left out: a story.", "hint": "Look."}]
    (copy / "n.json").write_text(json.dumps(values), encoding="utf-8")
    verdict = check(copy / "n-air.wav", station=made.station)
    assert {finding.severity for finding in verdict.findings} == {"problem", "warning"}
    assert any("lies outside the programme" in what for what in said(verdict))
    assert "When it was made: Left out: a story." in said(verdict)


def test_a_stale_bulletin_is_a_warning(made: Made) -> None:
    late = datetime.now().astimezone() + timedelta(hours=11)
    verdict = check(made.folder / "n-air.mp3", station=made.station, now=late)
    assert [finding.severity for finding in verdict.findings] == ["warning"]
    assert "It is stale" in said(verdict)[0] and verdict.fit


# --- the command line ---------------------------------------------------------------------------------------


def test_the_command_shows_a_line_a_check_and_its_exit_code_tells(
    made: Made, copy: Path, run: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    fine = run("check", made.folder / "n-air.wav", "--station", made.station)
    assert fine.returncode == 0, fine.stderr
    assert [line.split()[0] for line in fine.stdout.splitlines()[1:]] == ["file", "tags", "levels", "silence", "speech", "music", "report"]
    edit(copy / "n-air.wav", without(*made.span("harbour master")))
    broken = run("check", copy / "n-air.wav", "--station", made.station, "--json")
    assert broken.returncode == 3
    shown = json.loads(broken.stdout)
    assert shown["result"] == "problem"
    speech = next(each for each in shown["sounds"][0]["checks"] if each["name"] == "speech")
    assert [finding["severity"] for finding in speech["findings"]] == ["problem", "problem"]
    assert run("check", copy / "nothing.mp3").returncode == 1
    assert run("check").returncode == 2


@pytest.mark.parametrize(
    ("kind", "expected", "heard", "name", "language", "what", "severity"),
    [
        ("missing", "the mayor", "", False, "en", "“the mayor” is not heard.", "problem"),
        ("extra", "", "um", False, "en", "“um” is heard, and in no script.", "problem"),
        ("otherwise", "noon", "moon", False, "en", "“noon” is heard as “moon”.", "problem"),
        ("otherwise", "wendmouth", "", True, "en", "“wendmouth” sounds otherwise.", "warning"),
        ("otherwise", "xe", "viên", False, "vi", "“xe” is heard as “viên”.", "warning"),
        ("missing", "xe", "", False, "vi", "“xe” is not heard.", "problem"),
    ],
)
def test_what_is_misheard_is_a_finding(kind: str, expected: str, heard: str, name: bool, language: str, what: str, severity: str) -> None:
    one = SimpleNamespace(kind=kind, segment="story-1-body-1", expected=expected, heard=heard, start=1200, end=1900, name=name)
    finding = misheard(one, language)
    assert (finding.what, finding.severity, finding.where) == (what, severity, "0:01.2")


def test_chapters_that_another_program_moved_are_told_of(copy: Path) -> None:
    from mutagen.id3 import ID3

    tags = ID3(copy / "n-podcast.mp3")
    tags["CHAP:chapter-2"].start_time += 500
    tags.save(v2_version=3)
    found = [finding.what for finding in check(copy / "n-podcast.mp3").findings]
    assert any("chapters" in what for what in found), found
