"""The whole line, real: an article in, an MP3 out, measured by programs that we did not write."""

from __future__ import annotations

import itertools
import json
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import EXAMPLES, SAID, SHARED, STORY, parts_left, tool

import bulletin
from bulletin import engines, loudness
from bulletin.errors import BulletinError, EngineError, ReadError, UsageError
from bulletin.model import Report, Speech, Voice
from bulletin.outputs import alone, clear_away

Run = Callable[..., subprocess.CompletedProcess[str]]


ENDINGS = (".mp3", ".vtt", ".srt", ".chapters.json", ".transcript.txt", ".json")
"""Of what an MP3 and all that lies beside it is called."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("made")
    (folder / "bridge.txt").write_text(STORY, encoding="utf-8")
    return bulletin.make(folder / "bridge.txt", output=folder / "six.mp3", settings={"store.folder": str(folder / "store")})


def test_what_is_said_is_the_story_and_nothing_else(made: Report) -> None:
    segments = made["segments"]
    body = " ".join(segment["text"] for segment in segments if segment["role"] == "body")
    assert [segment["text"] for segment in segments if segment["role"] == "headline"] == [SAID[0]]
    assert body == " ".join(SAID[1:])
    assert [segment["role"] for segment in segments][:3] == ["opening", "opening", "headline"]
    assert segments[-1]["role"] == "closing"
    assert made["skipped"] == [
        {"text": "(RIVER RADIO) -", "reason": "dateline"},
        {"text": "Related News", "reason": "related"},
        {"text": "Fares go up in spring", "reason": "related"},
        {"text": "Feedback", "reason": "feedback"},
    ]
    assert made["problems"] == []


def test_the_report_beside_the_mp3_is_the_report(made: Report) -> None:
    path, beside = made.files[0], made.files[-1]
    assert beside == path.with_suffix(".json")
    written = json.loads(beside.read_text(encoding="utf-8"))
    assert written == made.as_dict()


def test_the_segments_are_heard_when_the_report_says(made: Report) -> None:
    sound, rate = soundfile.read(made.files[0])
    assert len(sound) == made["duration_ms"] * rate // 1000
    level = np.sqrt(np.square(sound).mean(axis=1))

    def loud(start: int, stop: int) -> float:
        return float(np.sqrt(np.square(level[start * rate // 1000 : stop * rate // 1000]).mean()))

    body = [segment for segment in made["segments"] if segment["role"] == "body"]
    for before, after in itertools.pairwise(body):
        end = before["start_ms"] + before["duration_ms"]
        assert loud(end + 20, after["start_ms"] - 20) < 0.002, "a pause is silent"
        assert loud(after["start_ms"], after["start_ms"] + 400) > 0.01, "a sentence begins on time"
        assert after["start_ms"] - end in (350, 700)


def test_ffmpeg_measures_the_target(made: Report) -> None:
    command = [tool("ffmpeg"), "-nostats", "-i", str(made.files[0]), "-filter_complex", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr.rpartition("Summary")[2]
    lufs, peak = (float(re.search(rf"{name}:\s+(-?[\d.]+)", said).group(1)) for name in ("I", "Peak"))  # type: ignore[union-attr]
    assert lufs == pytest.approx(-16, abs=0.3)
    assert peak <= -1.0
    assert made["loudness_lufs"] == pytest.approx(lufs, abs=0.1)
    assert made["true_peak_dbtp"] == pytest.approx(peak, abs=0.3)


def test_the_second_run_voices_and_mixes_nothing_and_ends_with_the_same_sound(story: Path) -> None:
    first = bulletin.make(story, output="a.mp3")
    again = bulletin.make(story, output="b.mp3")
    assert again["synthesised"] == 0 and again["mix_stored"]
    assert np.array_equal(soundfile.read(first.files[0])[0], soundfile.read(again.files[0])[0])


def test_one_sentence_changed_is_one_sentence_voiced(story: Path) -> None:
    bulletin.make(story, output="a.mp3")
    story.write_text(STORY.replace("noon", "one"), encoding="utf-8")
    again = bulletin.make(story, output="a.mp3")
    assert [segment["text"] for segment in again["segments"] if not segment["stored"]] == ["The mayor cut the ribbon at one."]


def test_an_edited_script_is_spoken_as_edited(story: Path) -> None:
    text, problems = bulletin.draft(story)
    assert not problems
    Path("news.txt").write_text(text.replace("~~Feedback~~", "Feedback").replace(SAID[3], f"~~{SAID[3]}~~"), encoding="utf-8")
    said = [segment["text"] for segment in bulletin.make("news.txt", output="a.mp3")["segments"]]
    assert "Feedback" in said
    assert SAID[3] not in said


def test_a_script_unedited_makes_the_same_bulletin(story: Path) -> None:
    Path("news.txt").write_text(bulletin.draft(story)[0], encoding="utf-8")
    straight, edited = bulletin.make(story, output="a.mp3"), bulletin.make("news.txt", output="b.mp3")
    assert edited["mix_stored"]
    assert [s["said"] for s in straight["segments"]] == [s["said"] for s in edited["segments"]]


def test_several_sources_are_several_stories_in_order(story: Path) -> None:
    report = bulletin.make(EXAMPLES / "library.txt", story, EXAMPLES / "orchard.html", output="a.mp3")
    assert [told["headline"].split()[0] for told in report["stories"]] == ["Mobile", "Harbour", "Village"]
    assert [cue["role"] for cue in report["cues"]] == ["intro", "bed", "sting", "sting", "sting", "outro"]


def test_a_station_sounds_like_itself(story: Path) -> None:
    soundfile.write("ding.ogg", 0.2 * np.sin(np.arange(8_000) * 0.3), 8_000)
    Path("station.toml").write_text(
        '[station]\nname = "River Radio"\n[sound]\nintro = "ding.ogg"\nbed = "none"\noutro = "none"\ntarget = "r128"\n'
        "[output]\nchannels = 1\nbitrate = 64\n",
        encoding="utf-8",
    )
    report = bulletin.make(story, output="a.mp3")
    assert report["loudness_lufs"] == pytest.approx(-23, abs=0.3)
    assert report["segments"][0]["text"] == "This is the news from River Radio."
    assert [cue["role"] for cue in report["cues"]] == ["intro"]
    assert soundfile.info("a.mp3").channels == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not here")
def test_the_shared_article_goes_on_air_whole(run: Run) -> None:
    folder = SHARED / "articles"
    done = run("make", str(folder / "vovworld-thaw.txt"), "-o", "thaw.mp3", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    wanted = " ".join((folder / "vovworld-thaw.said.txt").read_text(encoding="utf-8").split())
    assert " ".join(segment["text"] for segment in report["segments"] if segment["role"] in ("headline", "body")) == wanted
    assert {skip["reason"] for skip in report["skipped"]} == {"dateline", "caption", "related", "feedback"}
    assert report["voice"] == "hibari:heart"


# --- what falls short ---------------------------------------------------------------------------------------


def test_one_bad_source_among_several_is_left_out_and_said(story: Path, run: Run) -> None:
    done = run("make", str(story), "gone.txt", "-o", "a.mp3", "--json")
    assert done.returncode == 3
    report = json.loads(done.stdout)
    assert [problem["source"] for problem in report["problems"]] == ["gone.txt"]
    assert len(report["stories"]) == 1
    assert "No such file: gone.txt" in done.stderr
    assert Path("a.mp3").exists()


def test_a_story_that_the_voice_cannot_say_is_left_out_and_said(story: Path) -> None:
    Path("zh.txt").write_text("大桥星期一通车，市长说值得等待。工程师将观察一个月。\n", encoding="utf-8")
    report = bulletin.make(story, "zh.txt", voice="hibari:heart", output="a.mp3")
    assert len(report["stories"]) == 1
    assert "cannot say" in report["problems"][0]["message"]
    with pytest.raises(EngineError, match="cannot say"):
        bulletin.make("zh.txt", voice="hibari:heart", output="b.mp3")
    assert not Path("b.mp3").exists()


def test_a_voice_of_another_language_is_a_problem_in_the_report() -> None:
    report = bulletin.make(EXAMPLES / "cho-noi.txt", voice="hibari:heart", output="a.mp3")
    assert "vi" in report["problems"][0]["message"]


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["make", "gone.txt"], 1, "No such file: gone.txt"),
        (["make", "."], 1, "is a folder"),
        (["make", "empty.txt"], 1, "is empty"),
        (["make", "noise.bin"], 1, "binary"),
        (["make", "login.html"], 1, "No article found"),
        (["make", "menu.txt"], 1, "would be spoken"),
        (["make"], 2, "SOURCE"),
        (["make", "a.txt", "--voice", "hibari:hart"], 2, "Did you mean “hibari:heart”?"),
        (["make", "a.txt", "--set", "sound.bedd=none"], 2, "Did you mean “sound.bed”?"),
        (["make", "a.txt", "--set", "sound.intro=a.txt"], 2, "no sound"),
        (["make", "a.txt", "--station", "gone.toml"], 2, "station init"),
        (["make", "a.txt", "-o", "a.ogg"], 2, ".mp3"),
        (["make", "a.txt", "-o", "a.txt/x.mp3"], 1, "Cannot write"),
        (["make", "http://127.0.0.1:9/x"], 1, "Cannot reach"),
        (["make", "slip.txt"], 1, "line 5"),
        (["mkae", "a.txt"], 2, "Did you mean “bulletin make”?"),
        (["read", "gone.txt"], 1, "No such file"),
        (["say"], 2, "TEXT"),
    ],
)
def test_bad_input_gets_a_message_a_hint_and_its_code_and_no_traceback(arguments: list[str], code: int, said: str, run: Run) -> None:
    Path("a.txt").write_text(STORY, encoding="utf-8")
    Path("empty.txt").write_text("")
    Path("noise.bin").write_bytes(bytes(range(256)) * 50)
    Path("login.html").write_text("<html><body><form>Name <input></form></body></html>")
    Path("menu.txt").write_text("Related News\nFeedback\nShare\n")
    Path("slip.txt").write_text("bulletin script 1\n\n== Story ==\n\nA ~~b\n")
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "→" in done.stderr or "Usage" in done.stderr
    assert not list(Path().rglob("*.mp3")) and not parts_left(Path())


def test_a_language_that_only_an_online_voice_speaks_fails_clearly_without_a_network(run: Run) -> None:
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    done = run("make", str(EXAMPLES / "cho-noi.txt"), env={**os.environ, **proxies, "NO_PROXY": ""})
    assert done.returncode == 1
    assert "gTTS could not reach Google Translate" in done.stderr
    assert "→" in done.stderr
    assert not list(Path().rglob("*.mp3"))


@pytest.mark.parametrize("stage", ["store", "output"])
def test_a_full_disk_is_a_clear_error_and_leaves_nothing_half_written(stage: str, story: Path) -> None:
    """A file-size limit stands in for a full disk: the same write fails with the same class of error."""
    if stage == "output":
        bulletin.make(story, output="warm.mp3")
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({20_000}, {resource.RLIM_INFINITY}));"
        "from bulletin.cli.main import main; main()"
    )
    store = "full-store" if stage == "store" else ""
    arguments = ["make", str(story), "-o", "full.mp3", *(["--set", f"store.folder={store}"] if store else [])]
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    assert "Cannot write" in done.stderr and "Traceback" not in done.stderr
    assert not Path("full.mp3").exists() and not Path("full.json").exists() and not parts_left(Path())


@pytest.mark.parametrize("signal_sent", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [0.5, 1.5, 2.5])
def test_interrupted_at_any_moment_leaves_nothing_half_written(after: float, signal_sent: int, tmp_path: Path) -> None:
    text = STORY + "\n\n".join(f"Paragraph {number} says that the bridge carried {number} cars in its first hour." for number in range(60))
    Path("long.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "bulletin", "make", "long.txt", "-o", "long.mp3", "--set", f"store.folder={tmp_path / 'own'}"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    process.send_signal(signal_sent)
    _, said = process.communicate(timeout=30)
    assert process.returncode in (130, 0), said
    assert "Traceback" not in said
    assert process.returncode == 0 or "Interrupted" in said
    assert Path("long.mp3").exists() == Path("long.json").exists() == (process.returncode == 0)
    assert not parts_left(tmp_path)


def test_what_was_voiced_before_an_interruption_is_kept(tmp_path: Path) -> None:
    own = tmp_path / "own"
    text = STORY + "\n\n".join(f"Paragraph {number} says that the bridge carried {number} cars in its first hour." for number in range(150))
    Path("long.txt").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "bulletin", "make", "long.txt", "-o", "long.mp3", "--set", f"store.folder={own}"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while len(list(own.glob("??/*.flac"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    kept = sum(path.with_suffix(".flac").exists() for path in own.glob("??/*.json"))
    report = bulletin.make("long.txt", output="long.mp3", settings={"store.folder": str(own)})
    assert report["stored"] >= kept >= 2
    assert report["synthesised"] > 0


def test_a_damaged_clip_is_voiced_again(story: Path, cache: Path, tmp_path: Path) -> None:
    own = {"store.folder": str(tmp_path / "own")}
    first = bulletin.make(story, output="a.mp3", settings=own)
    clip = sorted((tmp_path / "own").glob("??/*.flac"))[0]
    clip.write_bytes(clip.read_bytes()[:-100] + bytes(100))
    for mixed in (tmp_path / "own").glob("??/*.mp3"):
        mixed.unlink()
    again = bulletin.make(story, output="b.mp3", settings=own)
    assert again["synthesised"] == 1
    assert np.array_equal(soundfile.read(first.files[0])[0], soundfile.read(again.files[0])[0])


def test_errors_are_errors_in_python_too(story: Path) -> None:
    for wrong, kind in (
        (lambda: bulletin.make(), ReadError),
        (lambda: bulletin.make("gone.txt"), ReadError),
        (lambda: bulletin.make(story, output="x.ogg"), UsageError),
        (lambda: bulletin.make(story, voice="nobody"), BulletinError),
    ):
        with pytest.raises(kind) as caught:
            wrong()
        assert caught.value.message and caught.value.hint


# --- what a stranger found -----------------------------------------------------------------------------------


def test_an_odd_character_does_not_cost_the_story() -> None:
    Path("a.txt").write_text(STORY.replace("at noon", "at noon ☎ 🚢 in Київ"), encoding="utf-8")
    report = bulletin.make("a.txt", output="a.mp3")
    assert len(report["stories"]) == 1
    (problem,) = report["problems"]
    assert "Київ" in problem["message"] and "left out" in problem["message"]
    (segment,) = [segment for segment in report["segments"] if "noon" in segment["text"]]
    assert not set("Київ☎🚢") & set(segment["said"])


def test_when_the_first_story_is_lost_the_opening_is_in_the_language_of_the_next(story: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    report = bulletin.make(EXAMPLES / "cho-noi.txt", story, output="a.mp3")
    assert next(segment["role"] for segment in report["segments"]) == "opening"
    assert report["segments"][0]["text"] == "This is the news."
    assert len(report["problems"]) == 1


def test_two_runs_at_once_make_two_bulletins(story: Path) -> None:
    bulletin.make(story, output="warm.mp3")
    command = [sys.executable, "-m", "bulletin", "make", str(story)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate(timeout=60)[0] for process in running}
    assert len(said) == 4
    made = sorted(path.name for path in Path("audio_out").iterdir())
    assert len([name for name in made if name.endswith(".mp3")]) == 4
    assert made == sorted(f"{name.removesuffix('.mp3')}{ending}" for name in made if name.endswith(".mp3") for ending in ENDINGS)


def test_endless_input_and_devices_are_refused(run: Run) -> None:
    done = subprocess.run(
        f"yes 'harbour story' | {sys.executable} -m bulletin make -", shell=True, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1 and "too large" in done.stderr
    device = run("make", "/dev/zero")
    assert device.returncode == 1 and "device" in device.stderr


@pytest.mark.parametrize("command", ["voices --json > /dev/full", "voices >&-", "make - <&-", "read gone.txt 2>&-"])
def test_closed_and_full_pipes_are_no_traceback(command: str) -> None:
    done = subprocess.run(f"{sys.executable} -m bulletin {command}", shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr
    assert done.returncode in (0, 1)


@pytest.mark.parametrize("template", ["{{ staton }}", "{{ 1/0 }}", "{{ 'x' * 100000 }}", "{% if %}"])
def test_a_template_that_goes_wrong_says_so(template: str, story: Path, run: Run) -> None:
    done = run("make", str(story), "--set", f"words.opening={template}")
    assert done.returncode == 2, done.stderr
    assert "words.opening" in done.stderr and "Traceback" not in done.stderr


def test_a_voice_that_a_script_names_and_nobody_has_is_found_before_any_work() -> None:
    Path("news.txt").write_text("bulletin script 1\n\n== Story ==\n\n{voice hibari:hart} Hello.\n", encoding="utf-8")
    with pytest.raises(BulletinError, match="hibari has no voice") as caught:
        bulletin.make("news.txt", output="a.mp3")
    assert "hibari:heart" in caught.value.hint


@pytest.mark.parametrize("text", ["1," * 100_000, "$1." * 50_000, "(" * 50_000, "A - " * 50_000, "~~ " * 50_000, "“" * 50_000])
def test_odd_text_takes_linear_time(text: str, run: Run) -> None:
    Path("odd.txt").write_text(text, encoding="utf-8")
    begin = time.monotonic()
    done = run("read", "odd.txt", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["blocks"]
    bulletin.say(text)
    assert time.monotonic() - begin < 20


def test_a_script_saved_as_utf_16_is_a_script(story: Path) -> None:
    Path("news.txt").write_text(bulletin.draft(story)[0], encoding="utf-16")
    assert [segment["text"] for segment in bulletin.make("news.txt", output="a.mp3")["segments"]][2] == SAID[0]


def test_the_opening_of_a_second_script_is_left_out_and_said_so(story: Path) -> None:
    text = bulletin.draft(story)[0]
    Path("one.txt").write_text(text, encoding="utf-8")
    Path("two.txt").write_text(text.replace("This is the news.", "Good evening."), encoding="utf-8")
    report = bulletin.make("one.txt", "two.txt", output="a.mp3")
    assert len(report["stories"]) == 2
    assert "two.txt" in report["problems"][0]["message"]
    assert not any(segment["text"] == "Good evening." for segment in report["segments"])


def test_what_was_voiced_now_is_not_called_stored_when_a_story_is_lost(story: Path, tmp_path: Path) -> None:
    Path("zh.txt").write_text("大桥星期一通车，市长说值得等待。工程师将观察一个月。\n", encoding="utf-8")
    report = bulletin.make("zh.txt", story, voice="hibari:heart", output="a.mp3", settings={"store.folder": str(tmp_path / "own")})
    assert report["stored"] == 0 and report["synthesised"] == len(report["segments"])


def test_the_tags_name_the_stories_that_are_heard(story: Path) -> None:
    import mutagen.id3

    text = bulletin.draft(story, EXAMPLES / "library.txt")[0]
    head, _, rest = text.partition("== Story ==")
    struck = "\n".join(f"~~{line}~~" if line.startswith(("# ", "The ", "Engineers")) else line for line in rest.splitlines())
    Path("news.txt").write_text(f"{head}== Story =={struck}", encoding="utf-8")
    report = bulletin.make("news.txt", output="CAP.MP3")
    title = str(mutagen.id3.ID3("CAP.MP3")["TIT2"])
    assert title == "; ".join(story["headline"] for story in report["stories"])


def test_a_remembered_jingle_whose_facts_are_damaged_is_measured_again(story: Path, tmp_path: Path) -> None:
    own = {"store.folder": str(tmp_path / "own")}
    bulletin.make(story, output="a.mp3", settings=own)
    for facts in (tmp_path / "own").glob("??/*.facts"):
        facts.write_text("{}")
    assert bulletin.make(story, output="b.mp3", settings=own)["mix_stored"]


@pytest.mark.parametrize("length", ["0:45", "1:00.5", "50"])
def test_a_length_is_met_to_the_sample(length: str, run: Run) -> None:
    def paragraph(what: str) -> str:
        return f"The {what} met in the old hall on Monday and talked for an hour. Its members want a new {what} before the winter comes."

    for name, things in (("Bridge", ["council", "parish", "school board", "choir"]), ("Harbour", ["crew", "union", "rowing club"])):
        text = "\n\n".join([f"{name} opens after years of work", *map(paragraph, things)])
        Path(f"{name}.txt").write_text(text + "\n", encoding="utf-8")
    done = run("make", "Bridge.txt", "Harbour.txt", "--length", length, "-o", "slot.mp3", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    minutes, _, seconds = length.rpartition(":")
    wanted = round((int(minutes or 0) * 60 + float(seconds)) * 48_000)
    assert soundfile.info("slot.mp3").frames == wanted
    assert report["slot"]["length_ms"] == report["duration_ms"] == wanted // 48
    assert report["out_cue"]
    assert any(each["reason"] == "no time" for each in report["skipped"])
    planned = run("make", "Bridge.txt", "Harbour.txt", "--length", length, "--plan")
    assert planned.returncode == 0, planned.stderr
    assert "Left out: " in planned.stdout


def test_a_plan_says_what_is_left_out_of_it(run: Run) -> None:
    Path("one.txt").write_text("Bridge opens\n\nThe bridge opened on Monday, and the mayor crossed it first of all.\n", encoding="utf-8")
    planned = run("make", "one.txt", "no-such.txt", "--plan")
    assert planned.returncode == 3
    assert "Bridge opens" in planned.stdout
    assert "no-such.txt" in planned.stderr


def test_a_length_that_cannot_be_is_refused(run: Run) -> None:
    Path("one.txt").write_text("Bridge opens\n\nThe bridge opened on Monday, and the mayor crossed it first of all.\n", encoding="utf-8")
    done = run("make", "one.txt", "--length", "0:05")
    assert done.returncode == 1
    assert "--length 0:" in done.stderr
    assert run("make", "one.txt", "--length", "five").returncode == 2
    assert not list(Path().glob("audio_out/*.mp3"))


# --- masters, and what stands where -------------------------------------------------------------------------


def ebur128(path: Path) -> float:
    command = [tool("ffmpeg"), "-nostats", "-i", str(path), "-filter_complex", "ebur128", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr.rpartition("Summary")[2]
    return float(re.search(r"I:\s+(-?[\d.]+)", said).group(1))


BESIDE = ["six.vtt", "six.srt", "six.chapters.json", "six.transcript.txt"]


def test_two_masters_of_one_mix_are_each_at_their_own_level(story: Path) -> None:
    report = bulletin.make(story, output="six.mp3", masters=["air", "podcast"], settings={"output.bits": 24})
    assert [path.name for path in report.files] == ["six-air.wav", "six-air.mp3", "six-podcast.mp3", *BESIDE, "six.json"]
    told = json.loads(Path("six.json").read_text(encoding="utf-8"))["masters"]
    assert [(each["master"], each["target_lufs"]) for each in told] == [("air", -23), ("air", -23), ("podcast", -16)]
    lengths = {soundfile.info(path).frames for path in report.files[:3]}
    assert len(lengths) == 1, "one mix"
    assert soundfile.info("six-air.wav").subtype == "PCM_24"
    for path, wanted in zip(report.files[:3], (-23, -23, -16), strict=True):
        assert ebur128(path) == pytest.approx(wanted, abs=0.11), path


def test_a_master_alone_keeps_the_name_and_one_of_the_stations_own_is_as_it_says(story: Path) -> None:
    Path("station.toml").write_text('[masters.fm]\ntarget = -18\nfiles = ["wav"]\nrate = 44100\nchannels = 1\n', encoding="utf-8")
    report = bulletin.make(story, output="six.wav", masters=["fm"])
    assert [path.name for path in report.files] == ["six.wav", "six.json"]
    about = soundfile.info("six.wav")
    assert (about.samplerate, about.channels) == (44_100, 1)
    assert ebur128(Path("six.wav")) == pytest.approx(-18, abs=0.11)
    assert bulletin.make(story, output="six.mp3", masters=["air"]).files[0].name == "six.wav", "air is WAV and MP3"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--master", "pocdast"], "Did you mean “podcast”"),
        (["--master", "podcast", "-o", "a.wav"], "ends in .wav"),
        (["--set", "masters.air.bits=20"], "16, 24"),
        (["--set", "masters.air.files=mp4", "--master", "air"], "files"),
        (["--set", "masters.air.colour=red"], "colour"),
        (["--set", "output.rate=22050"], "44100, 48000"),
        (["--set", "output.latest=a/b"], "output.latest"),
        (["--valid-for", "-3"], "--valid-for"),
        (["--reader", "nobody:x"], "no voice"),
        (["--plan", "--master", "nosuch"], "no master"),
        (["--breaking", "a.txt", "--breaking", "b.txt"], "one story alone"),
        (["--tail", "a.txt", "--tail", "b.txt"], "one story alone"),
        (["--valid-for", "99999999999"], "--valid-for"),
        (["--at", "9999-12-31 23:59", "--valid-for", "60"], "out of range"),
        (["--plan", "-o", "a.xyz"], "must end in"),
        (["--set", "voice.turns=line"], "story, quote"),
        (["--set", "words.by_language.vi.openning=x"], "opening"),
        (["--length", "0"], "--length"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_before_any_work(arguments: list[str], said: str, story: Path, run: Run) -> None:
    done = run("make", str(story), *arguments)
    assert done.returncode in (1, 2) and "Traceback" not in done.stderr
    assert said in done.stderr
    assert not list(Path().glob("audio_out/*.*p3"))


def sources(*names: str) -> list[str]:
    for name in names:
        words = f"{name} opens after years\n\nThe {name} opened on Monday, and people came. Its doors stay open until the evening.\n\n"
        Path(f"{name}.txt").write_text(
            words + f"A second {name} is planned for the spring, the mayor told the council.\n", encoding="utf-8"
        )
    return [f"{name}.txt" for name in names]


def test_breaking_tail_and_headlines_from_the_command_line(run: Run) -> None:
    sources("Bridge", "Library", "Fire", "Zoo")
    done = run("make", "Bridge.txt", "Library.txt", "--breaking", "Fire.txt", "--tail", "Zoo.txt", "-o", "a.mp3", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [story["headline"].split()[0] for story in report["stories"]] == ["Fire", "Bridge", "Library", "Zoo"]
    texts = [segment["text"] for segment in report["segments"]]
    assert texts[2:7] == ["The headlines.", *(f"{name} opens after years" for name in ("Fire", "Bridge", "Library", "Zoo"))]
    assert texts[texts.index("Breaking news.") + 1] == "Fire opens after years"
    assert texts[texts.index("And finally.") + 1] == "Zoo opens after years"
    assert [cue["role"] for cue in report["cues"]] == ["intro", "bed", *["sting"] * 4, "outro"]
    assert run("make", "--breaking", "Fire.txt", "-o", "b.mp3").returncode == 0, "a source of its own is enough"
    assert run("make").returncode == 2


def test_a_spare_story_is_voiced_only_where_a_length_asks_for_it(run: Run) -> None:
    sources("Bridge", "Library", "Weather")
    done = run("make", "Bridge.txt", "Library.txt", "--spare", "Weather.txt", "-o", "a.mp3", "--json")
    report = json.loads(done.stdout)
    assert done.returncode == 0 and len(report["stories"]) == 2
    assert {each["reason"] for each in report["skipped"]} == {"spare"}
    longer = report["duration_ms"] + 14_000
    done = run("make", "Bridge.txt", "Library.txt", "--spare", "Weather.txt", "-o", "b.mp3", "--json", "--length", str(longer / 1000))
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert len(report["stories"]) == 3 and report["duration_ms"] == longer


def test_a_story_that_there_is_no_time_for_is_a_problem_in_the_report_and_one_that_must_run_stays(run: Run) -> None:
    sources("Bridge", "Library", "Zoo")
    text = bulletin.draft("Bridge.txt", "Library.txt", "Zoo.txt")[0]
    Path("news.txt").write_text(text.replace("source: Zoo.txt\n", "source: Zoo.txt\npriority: must\n"), encoding="utf-8")
    done = run("make", "news.txt", "--length", "0:40", "-o", "a.mp3", "--json")
    assert done.returncode == 3, done.stderr
    report = json.loads(done.stdout)
    assert report["duration_ms"] == 40_000
    assert "Zoo" in [story["headline"].split()[0] for story in report["stories"]]
    left = [problem["message"] for problem in report["problems"]]
    assert left and all("no time" in message for message in left)
    assert len(left) + len(report["stories"]) == 3
    heard = {segment["text"] for segment in report["segments"] if segment["role"] == "headlines"}
    assert {story["headline"] for story in report["stories"]} == heard - {"The headlines."}


def test_a_plan_as_json_has_back_times_that_add_up(run: Run) -> None:
    names = sources("Bridge", "Library", "Zoo")
    plan = json.loads(run("make", *names, "--length", "1:10", "--plan", "--json").stdout)
    assert plan["length_ms"] == 70_000
    assert all(cue["start_ms"] + cue["left_ms"] == 70_000 for cue in plan["cues"])
    assert {"intro", "opening", "headlines", "sting", "outro", "closing"} <= {cue["what"] for cue in plan["cues"]}
    table = run("make", *names, "--length", "1:10", "--at", "18:00", "--plan").stdout
    assert "on the clock" in table and "18:00:00" in table
    assert not list(Path().glob("audio_out/*.mp3"))


class Low:
    """Someone else: the default voice, an octave down, for want of a second one here."""

    max_chars, online, paced, alphabet, version = 600, False, False, "", "1"

    def voices(self) -> list[Voice]:
        return [Voice(engine="low", id="one", language="en")]

    def voice(self, id: str) -> None:
        return None

    def cannot_say(self, text: str) -> str:
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        heart = engines.find("hibari:heart")
        speech = engines.load("hibari").speak(text, heart, rate=rate)
        return Speech(samples=speech.samples * np.float32(0.25), rate=speech.rate * 3 // 4)


@pytest.fixture
def low(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(engines, "foreign", lambda: {"low": Low})
    monkeypatch.setattr(engines, "names", lambda: ("hibari", "low"))
    return "low:one"


def test_presenter_and_reader_take_turns_and_are_equally_loud(story: Path, low: str) -> None:
    report = bulletin.make(story, output="a.wav", voice="hibari:heart", readers=[low])
    by_role = {(segment["role"], segment["voice"]) for segment in report["segments"]}
    assert by_role == {(role, "hibari:heart") for role in ("opening", "headline", "closing")} | {("body", low)}
    sound, rate = soundfile.read("a.wav")
    meters = {}
    for segment in report["segments"]:
        if segment["role"] in ("body", "closing", "headline"):
            start = segment["start_ms"] * rate // 1000
            meters.setdefault(segment["voice"], []).append(sound[start : start + segment["duration_ms"] * rate // 1000])
    heard = {voice: loudness.measure([np.concatenate(parts).astype(np.float32)], rate, 2).integrated for voice, parts in meters.items()}
    assert abs(heard["hibari:heart"] - heard[low]) < 1.5
    quotes = bulletin.make(story, output="b.mp3", readers=[low], settings={"voice.turns": "quote"})
    assert [segment["text"] for segment in quotes["segments"] if segment["voice"] == low] == ['"It was worth the wait,"']


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("file_channels", [1, 2])
def test_a_jingle_is_as_loud_as_speech_whatever_its_channels(story: Path, channels: int, file_channels: int) -> None:
    noise = np.random.default_rng(1).standard_normal((48_000 * 5, 1)).astype(np.float32) * 0.05
    soundfile.write("sting.wav", np.repeat(noise, file_channels, axis=1), 48_000)
    Path("station.toml").write_text(
        f'[sound]\nintro = "sting.wav"\nbed = "none"\noutro = "none"\noverlap = 0\n[output]\nchannels = {channels}\n'
    )
    report = bulletin.make(story, output="a.wav")
    sound, rate = soundfile.read("a.wav", dtype="float32", always_2d=True)
    intro = loudness.measure([sound[: 5 * rate]], rate, channels).integrated
    spoken = [line for line in report["segments"] if line["role"] == "body"]
    parts = [sound[line["start_ms"] * 48 : (line["start_ms"] + line["duration_ms"]) * 48] for line in spoken]
    assert intro == pytest.approx(loudness.measure(parts, rate, channels).integrated, abs=1.0)


def test_a_reader_who_speaks_the_language_of_no_story_is_a_problem(story: Path) -> None:
    report = bulletin.make(story, output="a.mp3", readers=["gtts:vi"])
    assert ["reads nothing" in problem["message"] for problem in report["problems"]] == [True]


# --- several runs in one folder -------------------------------------------------------------------------------


def test_one_run_at_a_time_gives_names_in_a_folder(tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    order = []

    def other() -> None:
        with alone(tmp_path):
            order.append("other")

    with alone(tmp_path):
        thread = threading.Thread(target=other)
        thread.start()
        time.sleep(0.2)
        order.append("first")
    thread.join(5)
    assert order == ["first", "other"]


def test_what_a_killed_run_left_beside_the_bulletins_goes_after_a_day(tmp_path: Path) -> None:
    for name, age in ((".a.mp3.0123abcd.part", 90_000), (".b.mp3.0123abcd.part", 10), ("mine.part", 90_000), (".mine.part", 90_000)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    clear_away(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.mp3.0123abcd.part", ".mine.part", "mine.part"]
