"""Any program that speaks: `command:LINE`. The text goes to its standard input, and a sound file comes from its standard output.

In the line, {out} stands for a file that it writes instead, {text} for a file with the text, {rate} for the pace (1 is its own), and
{language} for the code that stands before the line: `command:vi=mytts --voice x {out}`. No shell reads the line.
"""

from __future__ import annotations

import atexit
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from bulletin.errors import EngineError, VoiceError
from bulletin.model import Speech, Voice

MOST = 100_000_000
"""Bytes that a program may write for one sentence."""
LOOK = 0.2
"""Seconds between two looks at what it has written."""
LAST = 4_000
"""Bytes of its complaints that are read, from their end."""
TIMEOUT = 120
"""Seconds for one sentence, then the program and all that it has started are killed."""
PREFIXED = re.compile(r"([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)=(.+)", re.DOTALL)
RUNNING: set[subprocess.Popen[bytes]] = set()
"""Programs that are speaking now, ended with us: a thread that waits for one may be left behind."""
EXAMPLE = "Write the program and its options: --voice 'command:en=mytts --fast {out}'"


class Engine:
    """A program a sentence, as many at once as there are processors."""

    max_chars: int | None = 2000
    online = False  # as far as we know: what a program does is its own affair
    at_once: int | None = os.cpu_count() or 4
    paced = False  # whether a program keeps to {rate} is not known
    alphabet = ""
    trained = True

    def __init__(self) -> None:
        self.stamps: dict[Path, str] = {}
        self.lock = threading.Lock()

    @property
    def version(self) -> str:
        """Changes where a program that was asked for has changed, or a file that its line names."""
        return "1 " + " ".join(stamp for _, stamp in sorted(self.stamps.items()))

    def voices(self) -> Sequence[Voice]:
        """None: every program is one."""
        return ()

    def voice(self, id: str) -> Voice | None:
        """The voice of a line. Raises VoiceError for a line that cannot be run."""
        language, line = parsed(id)
        words = split(line)
        program = shutil.which(words[0])
        if program is None:
            if Path(words[0]).is_file():
                raise VoiceError(f"“{words[0]}” is no program that may be run.", f"chmod +x {words[0]}")
            raise VoiceError(f"There is no program “{words[0]}”.", "Install it, or write its whole path.")
        if "{language}" in line and language == "mul":
            raise VoiceError(f"No language stands before “{line}”.", f"As in command:en={line}")
        files = [Path(program), *(path for word in words[1:] if (path := Path(word)).is_file())]
        with self.lock:
            self.stamps |= {file: stamp(file) for file in files}
        return Voice(engine="command", id=id, language=language, note=f"the program {words[0]}")

    def cannot_say(self, text: str) -> str:
        """Nothing is known of what a program passes over."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """It takes letters alone."""
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """The sound file that the program gives. Raises EngineError."""
        language, line = parsed(voice.id)
        with TemporaryDirectory(prefix="bulletin-") as folder:
            out, said = Path(folder) / "out.wav", Path(folder) / "text.txt"
            said.write_text(text, encoding="utf-8")
            meant = {"{out}": str(out), "{text}": str(said), "{language}": language, "{rate}": f"{rate:g}"}
            pattern = re.compile("|".join(map(re.escape, meant)))
            words = [pattern.sub(lambda match: meant[match.group()], word) for word in split(line)]
            printed = run(words, text, Path(folder))
            made = out if "{out}" in line else printed
            sound = made.read_bytes() if made.is_file() else b""
        if not sound:
            hint = "Try it in a shell." if "{out}" in line else "Does it write a file? Put {out} where its name goes."
            raise EngineError(f"{words[0]} gave no sound for “{text[:60]}”.", hint)
        return Speech(encoded=sound)

    def close(self) -> None:
        """End what is still speaking: whoever waits for it gets an EngineError."""
        farewell()


def parsed(id: str) -> tuple[str, str]:
    """(language, line): the language is `mul`, for many, where none stands before the line. Raises VoiceError for no line."""
    match = PREFIXED.fullmatch(id.strip())
    language, line = (match[1], match[2].strip()) if match else ("mul", id.strip())
    if not line:
        raise VoiceError("command: has no command behind it.", EXAMPLE)
    return language, line


def split(line: str) -> list[str]:
    """The words of a line, as a shell would split them. Raises VoiceError for an open quote."""
    try:
        words = shlex.split(line.replace("\\", "\\\\") if sys.platform == "win32" else line)
    except ValueError as error:
        raise VoiceError(f"“{line}” is no command line: {error}.", "Close each quote.") from error
    if not words:
        raise VoiceError(f"“{line}” is no command line.", EXAMPLE)
    return words


def stamp(file: Path) -> str:
    """Size and time of a file: another file has another."""
    about = file.stat()
    return f"{about.st_size:x}.{about.st_mtime_ns:x}"


def run(words: list[str], text: str, folder: Path) -> Path:
    """The file with what a program prints. Raises EngineError. However it ends, nothing that it has started in its group goes on."""
    printed, complaints = folder / "printed", folder / "complaints"
    with printed.open("wb") as out, complaints.open("wb") as errors:
        try:
            program = subprocess.Popen(  # noqa: S603  # no shell; the line is the station's own
                words, stdin=subprocess.PIPE, stdout=out, stderr=errors, start_new_session=True
            )
        except (OSError, ValueError) as error:
            raise EngineError(f"{words[0]} cannot be started: {error}.", "Try it in a shell.", lost=True) from error
    RUNNING.add(program)
    try:
        watch(program, text, folder)
    except BaseException:  # Ctrl-C reaches us alone: the program has a group of its own
        end(program)
        raise
    finally:
        kill(program)  # what it has left behind
        RUNNING.discard(program)
    if program.returncode:
        said = complaints.read_bytes()[-LAST:].decode("utf-8", "replace").split("\n")
        last = next((line for line in reversed(said) if line.strip()), "it says nothing")
        raise EngineError(f"{words[0]} failed ({program.returncode}) on “{text[:60]}”: {last.strip()[:200]}", "Try it in a shell.")
    return printed


def watch(program: subprocess.Popen[bytes], text: str, folder: Path) -> None:
    """Give a program its text and wait for its end. Raises EngineError where it takes too long, or writes without an end."""
    told: bytes | None = text.encode("utf-8", "replace")
    until = time.monotonic() + TIMEOUT
    while True:
        try:
            program.communicate(told, timeout=LOOK)
            return
        except subprocess.TimeoutExpired as error:
            told = None
            name = str(program.args[0]) if isinstance(program.args, list) else ""
            if time.monotonic() > until:
                raise EngineError(f"{name} took over {TIMEOUT} s for “{text[:60]}”.", "Try it in a shell.", lost=True) from error
            if sum(file.stat().st_size for file in folder.iterdir()) > MOST:
                raise EngineError(f"{name} does not stop writing.", "Try it in a shell.", lost=True) from error


@atexit.register
def farewell() -> None:
    """End what is still speaking, also where we end without having been closed."""
    for program in list(RUNNING):
        kill(program)  # whoever waits for it does the rest


def kill(program: subprocess.Popen[bytes]) -> None:
    """Kill a program and all of its group."""
    with suppress(OSError):
        os.killpg(program.pid, signal.SIGKILL) if hasattr(os, "killpg") else program.kill()


def end(program: subprocess.Popen[bytes]) -> None:
    """Kill a program, and wait until it has gone."""
    kill(program)
    with suppress(subprocess.TimeoutExpired):
        program.communicate(timeout=5)
