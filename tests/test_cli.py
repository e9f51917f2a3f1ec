"""Every command is documented, says what it does with an example, and keeps results and chatter apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from conftest import ROOT, STORY

from bulletin.cli.main import COMMANDS, cli

Run = Callable[..., subprocess.CompletedProcess[str]]


def commands() -> list[tuple[str, click.Command]]:
    context = click.Context(cli)
    found = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {inner}", command.commands[inner]) for inner in command.commands]
    return found


@pytest.mark.parametrize(("name", "command"), commands())
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert f"bulletin {name}" in (command.epilog or "")
    for parameter in command.params:
        assert isinstance(parameter, click.Argument) or parameter.help, parameter.name  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_stands_in_the_readme_or_a_how_to(name: str) -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    assert any(f"bulletin {name}" in page.read_text(encoding="utf-8") for page in pages)


def test_help_imports_nothing_heavy() -> None:
    heavy = ("numpy", "scipy", "onnxruntime", "pydub", "soundfile", "trafilatura", "gtts", "requests", "jinja2", "bulletin.produce")
    code = f"import sys; from bulletin.cli.main import run; run(['--help']); print([m for m in {heavy} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.endswith("[]\n"), said


def test_version(run: Run) -> None:
    import bulletin

    assert run("--version").stdout == f"bulletin {bulletin.__version__}\n"


def test_read_as_json_keeps_every_block_in_order(story: Path, run: Run) -> None:
    (article,) = json.loads(run("read", str(story), "--json").stdout)
    assert {"source", "title", "byline", "published", "language", "blocks"} <= set(article)
    assert [block["text"] for block in article["blocks"]] == [" ".join(line.split()) for line in STORY.splitlines() if line]
    assert article["blocks"][0] == {
        "text": article["title"],
        "kind": "headline",
        "furniture": None,
        "said": article["title"],
        "cuts": [],
        "number": 1,
        "confidence": 0.95,
    }
    assert article["blocks"][1]["said"].startswith("The new harbour bridge")
    assert article["blocks"][1]["cuts"] == [{"text": "(RIVER RADIO) - ", "reason": "dateline"}]
    assert [block["furniture"] for block in article["blocks"][4:]] == ["related", "related", "feedback"]
    assert all((block["said"] == "") == bool(block["furniture"]) for block in article["blocks"])


def test_make_reads_standard_input_and_prints_one_json_object(run: Run) -> None:
    done = run("make", "-", "-o", "a.mp3", "--json", stdin=STORY)
    assert done.returncode == 0
    report = json.loads(done.stdout)
    wanted = {"files", "duration_ms", "loudness_lufs", "true_peak_dbtp", "voice", "segments", "skipped", "problems"}
    assert wanted <= set(report)
    assert {"id", "role", "text", "said", "voice", "start_ms", "duration_ms", "stored"} <= set(report["segments"][0])
    assert len({segment["id"] for segment in report["segments"]}) == len(report["segments"])
    assert done.stderr == ""


def test_make_prints_the_file_and_nothing_else(story: Path, run: Run) -> None:
    done = run("make", str(story))
    path = Path(done.stdout.strip())
    assert path.parent == Path("audio_out") and path.exists()
    assert path.name.endswith("-harbour-bridge-opens-after-two-years-of-work.mp3")
    assert done.stderr == ""


def test_verbose_tells_on_stderr(story: Path, run: Run) -> None:
    done = run("make", str(story), "-o", "a.mp3", "-v")
    assert done.stdout == "a.mp3\n"
    assert "LUFS" in done.stderr and "speak" in done.stderr


def test_say_prints_one_spoken_form_a_line(run: Run) -> None:
    done = run("say", "--print", "-", stdin="It cost $5m.\n\nUp 5%.\n")
    assert done.stdout == "It cost five million dollars.\n\nUp five percent.\n"


def test_say_makes_a_sound(run: Run) -> None:
    done = run("say", "Good evening.", "-o", "hello.mp3")
    assert (done.returncode, done.stdout) == (0, "hello.mp3\n"), done.stderr
    assert Path("hello.mp3").stat().st_size > 5_000
    assert not Path("hello.json").exists()


def test_voices_for_people_and_for_scripts(run: Run) -> None:
    assert run("voices").stdout.startswith("hibari:heart")
    listed = json.loads(run("voices", "--language", "vi", "--json").stdout)
    assert {"name": "gtts:vi", "online": True}.items() <= listed[0].items()
    assert "No voice" in run("voices", "--language", "xx").stderr


def test_script_is_written_once_and_not_over_an_edited_one(story: Path, run: Run) -> None:
    assert run("script", str(story), "-o", "news.txt").stdout == "news.txt\n"
    Path("news.txt").write_text("edited", encoding="utf-8")
    again = run("script", str(story), "-o", "news.txt")
    assert again.returncode == 2 and "--force" in again.stderr
    assert Path("news.txt").read_text(encoding="utf-8") == "edited"
    assert run("script", str(story), "-o", "news.txt", "--force").returncode == 0


def test_station_init_writes_a_file_that_is_valid(run: Run) -> None:
    assert run("station", "init").stdout == "station.toml\n"
    assert run("station", "check").returncode == 0
    assert run("station", "init").returncode == 2


def test_completion_is_offered_for_the_shells(run: Run) -> None:
    assert "_BULLETIN_COMPLETE=bash_source" in run("completion", "bash").stdout
    done = run("", env={**os.environ, "_BULLETIN_COMPLETE": "bash_complete", "COMP_WORDS": "bulletin ma", "COMP_CWORD": "1"})
    assert "make" in done.stdout


def test_progress_is_shown_on_a_terminal_alone(tmp_path: Path) -> None:
    import pty

    text = STORY + "\n\n".join(f"On day {number} the bridge carried {number * 7} lorries and a great many cars." for number in range(40))
    Path("long.txt").write_text(text, encoding="utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bulletin", "make", "long.txt", "-o", "a.mp3", "--set", f"store.folder={tmp_path / 'own'}"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "xterm"})
    os.close(theirs)
    seen, deadline = b"", time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            chunk = os.read(ours, 4096)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    os.close(ours)
    assert process.communicate(timeout=30)[0] == b"a.mp3\n"
    assert process.returncode == 0
    assert b"Voicing" in seen and b"%" in seen


def test_output_to_a_reader_that_has_gone_is_no_traceback(story: Path) -> None:
    done = subprocess.run(f"{sys.executable} -m bulletin read {story} | head -c 1", shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and "BrokenPipe" not in done.stderr


def test_a_failure_is_json_too_where_json_was_asked_for(run: Run) -> None:
    done = run("make", "gone.txt", "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert report["files"] == [] and "gone.txt" in report["problems"][0]["message"]
    assert "gone.txt" in done.stderr


def test_read_numbers_its_lines_and_says_how_sure_each_mark_is(story: Path, run: Run) -> None:
    (article,) = json.loads(run("read", str(story), "--json").stdout)
    assert [block["number"] for block in article["blocks"]] == list(range(1, len(article["blocks"]) + 1))
    assert all(0.5 <= block["confidence"] <= 1 for block in article["blocks"])
    assert "warning" in article


def test_a_mark_is_overruled_by_number(story: Path, run: Run) -> None:
    (article,) = json.loads(run("read", str(story), "--json", "--keep", "6", "--skip", "3").stdout)
    assert article["blocks"][5]["said"] == "Fares go up in spring"
    assert article["blocks"][2]["furniture"] == "skipped by staff"
    script = run("script", str(story), "--keep", "6", "--skip", "3").stdout
    assert "\nFares go up in spring\n" in script
    assert "{skipped by staff}" in script


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--skip", "99"), "has no line 99"),
        (("--keep", "2", "--skip", "2"), "both kept and skipped"),
        (("--keep", "x"), "not a valid integer"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_a_hint(story: Path, run: Run, arguments: tuple[str, ...], said: str) -> None:
    result = run("read", str(story), *arguments)
    assert result.returncode == 2
    assert said in result.stderr
    assert "Traceback" not in result.stderr


def test_numbers_go_with_one_source(story: Path, run: Run) -> None:
    result = run("script", str(story), str(story), "--skip", "2")
    assert result.returncode == 2
    assert "one source" in result.stderr


def test_doubtful_marks_are_a_warning_before_air(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "doubt.txt"
    path.write_text("The bridge\nis open again they say\nbut not for lorries\nwhich wait\nfor a month\n", encoding="utf-8")
    result = run("read", str(path))
    assert result.returncode == 0
    assert "Look before air" in result.stderr
    assert "--keep N" in result.stderr


def test_an_interruption_in_the_middle_of_exec_ends_with_130(tmp_path: Path) -> None:
    (tmp_path / "stopped.py").write_text(
        "import signal, sys\n"
        "from bulletin.cli import main\n"
        "try:\n    exec('main.interrupted(signal.SIGINT, None)')\n"
        "except KeyboardInterrupt:\n    sys.exit(130)\n",
        encoding="utf-8",
    )
    assert subprocess.run([sys.executable, "-m", "stopped"], cwd=tmp_path, check=False).returncode == 130


# --- the lexicon --------------------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    Path("station.toml").write_text('[spoken]\nlexicon = "names.csv"\n', encoding="utf-8")
    return Path("names.csv")


def test_a_name_is_added_listed_said_and_removed(own: Path, run: Run) -> None:
    added = run("lexicon", "add", "Kwibbel", "--respell", "KWI-bul", "--by", "the desk")
    assert added.returncode == 0, added.stderr
    assert "KWI-bul" in own.read_text(encoding="utf-8")
    assert "the desk" in run("lexicon", "list", "kwib").stdout
    assert "kwˈɪbʌl" in run("lexicon", "say", "Kwibbel").stdout
    assert json.loads(run("lexicon", "list", "--own", "--json").stdout)[0]["written"] == "Kwibbel"
    assert run("lexicon", "remove", "Kwibbel").returncode == 0
    again = run("lexicon", "remove", "Kwibbel")
    assert again.returncode == 1
    assert "no “Kwibbel”" in again.stderr


def test_a_lexicon_goes_out_and_comes_in(own: Path, run: Run) -> None:
    run("lexicon", "add", "Kwibbel", "--respell", "KWI-bul")
    assert run("lexicon", "export", "names.pls").returncode == 0
    assert run("lexicon", "export", "names.pls").returncode == 2, "nothing is written over unasked"
    own.unlink()
    assert run("lexicon", "import", "names.pls").returncode == 0
    assert "KWI-bul" in own.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("add", "X"), 2, "--respell"),
        (("add", "X", "--respell", "x1"), 1, "“x1”"),
        (("add", "--", "...", "--respell"), 2, ""),
        (("say", "Nobodyatall"), 1, "has no “Nobodyatall”"),
        (("check", "missing.txt"), 1, "No such file"),
        (("import", "missing.csv"), 1, "Cannot read the lexicon"),
    ],
)
def test_what_the_lexicon_cannot_do_it_says(own: Path, run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = run("lexicon", *arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not own.exists()


def test_the_desk_lists_names_and_voices_them(own: Path, run: Run) -> None:
    Path("story.txt").write_text(
        "Bridge opens\n\nMayor Tranh Kwibbel opened the bridge on Monday, and the crowd cheered for an hour.\n", "utf-8"
    )
    done = run("lexicon", "check", "story.txt", "--listen", "clips", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found
    assert all(Path(each["clip"]).stat().st_size > 1000 and each["voice_says"] for each in found)


def test_say_explains_each_change(run: Run) -> None:
    done = run("say", "--explain", "Gen. Kim got $5m.")
    assert done.stdout.splitlines()[0] == "General Kim got five million dollars."
    assert "money" in done.stdout and "title" in done.stdout
    assert json.loads(run("say", "--json", "Up 5%").stdout)[0]["changes"][0]["rule"] == "percent"


def test_the_time_of_broadcast_names_the_file_and_is_said(story: Path, run: Run) -> None:
    Path("station.toml").write_text('[words]\nopening = "It is {{ time }} on {{ day }}."\n', encoding="utf-8")
    done = run("make", str(story), "--at", "2026-01-31 18:00", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert "2026-01-31-1800" in report["files"][0]
    assert report["segments"][0]["said"] == "It is six PM on Saturday."
    assert run("make", str(story), "--at", "noonish").returncode == 2


def test_a_time_of_day_is_the_next_or_one_just_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import datetime as real

    from bulletin.cli import console

    class Late(real):
        @classmethod
        def now(cls, tz: object = None) -> real:
            return real(2026, 11, 25, 23, 50)

    monkeypatch.setattr(console, "datetime", Late)
    said = {text: console.Moment().convert(text, None, None) for text in ("00:00", "23:00", "18:00", "06:00", "2026-01-31 06:30")}
    assert [f"{at:%d %H}" for at in said.values()] == ["26 00", "25 23", "25 18", "26 06", "31 06"]
