"""What is the own of programs that speak, beside what every engine promises."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from speakers import MYTTS, tone

from bulletin import engines
from bulletin.engines import command
from bulletin.errors import EngineError, VoiceError
from bulletin.model import Voice

PYTHON = shlex.quote(sys.executable)


@pytest.fixture
def program(tmp_path: Path):  # type: ignore[no-untyped-def]
    """Makes a program out of lines of Python: its name as a shell wants it."""

    def make(code: str) -> str:
        script = tmp_path / "my tts.py"
        script.write_text(code, encoding="utf-8")
        return f"{PYTHON} {shlex.quote(str(script))}"

    return make


def speak(line: str, text: str = "Good evening.", rate: float = 1.0) -> bytes:
    return engines.load("command").speak(text, engines.find(f"command:{line}"), rate=rate).encoded


def refused(line: str) -> EngineError:
    with pytest.raises(EngineError) as caught:
        speak(line)
    assert caught.value.hint
    return caught.value


def test_the_text_goes_in_and_the_sound_comes_out(program) -> None:  # type: ignore[no-untyped-def]
    assert speak(program(MYTTS)).startswith(b"RIFF")
    echo = program("import sys; sys.stdout.buffer.write(b'RIFF' + sys.stdin.buffer.read())")
    assert speak(echo, "Zoë’s 大桥 $(rm) `x` ; | > y") == "RIFFZoë’s 大桥 $(rm) `x` ; | > y".encode()


def test_each_placeholder_is_filled_and_nothing_in_a_text_is_one(program) -> None:  # type: ignore[no-untyped-def]
    code = (
        "import sys; a = sys.argv; text = open(a[2], encoding='utf-8').read(); open(a[1], 'w', encoding='utf-8').write(repr(a[3:]) + text)"
    )
    sound = speak(f"vi={program(code)} {{out}} {{text}} --speed={{rate}} {{language}} {{other}}", "Say {out} {rate}.", 1.1)
    assert sound.decode() == "['--speed=1.1', 'vi', '{other}']Say {out} {rate}."


def test_a_line_may_say_its_language_else_it_is_for_many() -> None:
    vietnamese, many = engines.find(f"command:vi-VN={PYTHON} x"), engines.find(f"command:{PYTHON} x")
    assert (vietnamese.language, many.language) == ("vi-VN", "mul")
    assert engines.speaks(vietnamese, "vi") and not engines.speaks(vietnamese, "en") and engines.speaks(many, "en")
    assert engines.find(vietnamese.name) == vietnamese


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "names no voice"),
        ("vi=nobody-has-this --x", "no program “nobody-has-this”"),
        (f'{PYTHON} "open', "no command line"),
        (f"{PYTHON} {{language}}", "No language stands before"),
        ("  ", "no command behind"),
    ],
)
def test_a_line_that_cannot_be_run_is_refused_before_anything_is_spoken(line: str, said: str) -> None:
    with pytest.raises(VoiceError, match=said) as caught:
        engines.find(f"command:{line}")
    assert caught.value.hint


def test_a_program_that_fails_is_told_by_its_last_words(program) -> None:  # type: ignore[no-untyped-def]
    error = refused(program("import sys; print('no such voice: x\\n', file=sys.stderr); sys.exit(3)"))
    assert error.message.endswith("“Good evening.”: no such voice: x") and "(3)" in error.message
    assert not error.transient


def test_a_program_that_gives_nothing_is_told(program) -> None:  # type: ignore[no-untyped-def]
    assert "{out}" in refused(program("pass")).hint
    assert "gave no sound" in refused(program("pass") + " {out}").message


def test_a_program_that_reads_nothing_is_no_trouble(program) -> None:  # type: ignore[no-untyped-def]
    assert speak(program("print('RIFF', end='')"), "long " * 100_000) == b"RIFF"


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of programs here")
def test_one_that_hangs_is_killed_with_all_that_it_started(program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    note = tmp_path / "child"
    child = (
        f"import subprocess, sys, time; p = subprocess.Popen(['sleep', '60']); open({str(note)!r}, 'w').write(str(p.pid)); time.sleep(60)"
    )
    monkeypatch.setattr(command, "TIMEOUT", 2)
    assert "took over 2 s" in refused(program(child)).message
    assert gone(int(note.read_text()))
    assert not command.RUNNING


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of programs here")
def test_one_that_is_still_speaking_when_we_end_is_ended(program, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    note = tmp_path / "child"
    line = program(f"import os, time; open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    code = f"""
import pathlib, threading, time
from bulletin import engines
voice = engines.find({f"command:{line}"!r})
threading.Thread(target=engines.load("command").speak, args=("Hello.", voice), daemon=True).start()
while not (pathlib.Path({str(note)!r}).exists() and pathlib.Path({str(note)!r}).read_text()): time.sleep(0.02)
"""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    subprocess.run([sys.executable, "-c", code], timeout=20, check=True, env={**os.environ, "TMPDIR": str(temporary)})
    assert gone(int(note.read_text()))
    assert not list(temporary.iterdir())


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of programs here")
def test_closing_ends_whoever_speaks_at_once(program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    voice = engines.find(f"command:{program('import time; time.sleep(60)')}")
    engine = command.Engine()
    with ThreadPoolExecutor(1) as pool:
        speaking = pool.submit(engine.speak, "Hello.", voice)
        while not command.RUNNING and not speaking.done():
            time.sleep(0.01)
        begin = time.monotonic()
        engine.close()
        with pytest.raises(EngineError):
            speaking.result(5)
    assert time.monotonic() - begin < 2
    assert not list((tmp_path / "temporary").iterdir())


def gone(pid: int) -> bool:
    """Whether a program has ended within a second, or is only waiting to be counted."""
    for _ in range(50):
        try:
            os.kill(pid, 0)
            state = Path(f"/proc/{pid}/stat")
            if state.exists() and state.read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_another_program_of_the_same_name_has_other_clips(tmp_path: Path) -> None:
    script = tmp_path / "tts.py"
    script.write_text("one")
    engine = command.Engine()
    before = engine.version
    engine.voice(f"{PYTHON} {script}")
    first = engine.version
    engine.voice(f"{PYTHON} {script}")
    assert engine.version == first != before
    script.write_text("another")
    engine.voice(f"{PYTHON} {script}")
    assert engine.version != first


def test_a_program_that_has_gone_meanwhile_loses_the_voice(tmp_path: Path) -> None:
    voice = Voice(engine="command", id=str(tmp_path / "gone"), language="mul")
    with pytest.raises(EngineError, match="cannot be started") as caught:
        command.Engine().speak("Hello.", voice)
    assert caught.value.lost


def test_a_wav_whose_header_claims_too_much_is_read_whole() -> None:
    import io

    import soundfile

    sound = bytearray(tone("Good evening.", "WAV"))
    whole = len(soundfile.read(io.BytesIO(bytes(sound)))[0])
    sound[4:8] = sound[40:44] = b"\xff\xff\xff\x7f"
    assert len(soundfile.read(io.BytesIO(bytes(sound)))[0]) == whole
