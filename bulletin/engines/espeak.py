"""espeak-ng: a hundred languages offline, by a program on the PATH (GPL-3, run beside us, not linked). A robot's voice, chosen last."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from bulletin.errors import EngineError, VoiceError
from bulletin.model import Speech, Voice

PROGRAM = "espeak-ng"
INSTALL = "Debian and Ubuntu: apt install espeak-ng. macOS: brew install espeak-ng. Windows: winget install eSpeak-NG.eSpeak-NG"
PACE = 175
"""Words a minute at the rate 1.0: the program's own default."""
TIMEOUT = 60
"""Seconds for one call, which takes hundredths of one."""
UNHEARD = {"PULSE_RUNTIME_PATH": f"{os.devnull}/none"}
"""Environment in which it finds no sound card to prepare: it would leave a folder of PulseAudio's behind, and nothing is played."""
HEADER = 44
"""Bytes before the samples of its WAV. The lengths in it are made up, since it is written before the sound is known."""


class Engine:
    """One program a call. It takes phonemes in letters of its own alone, so that names come to it as letters that lead to the sound."""

    max_chars: int | None = 2000
    online = False
    at_once: int | None = os.cpu_count() or 4
    paced = True
    alphabet = ""
    trained = False

    @functools.cached_property
    def version(self) -> str:
        """The program's own, `1.51`; empty where there is no program."""
        said = re.search(r"\d+(\.\d+)+", printed(program(), "--version"))
        return said[0] if said else ""

    def voices(self) -> Sequence[Voice]:
        """What the program lists, the plainest accent of a language first; none where there is no program."""
        return listed(program())

    def voice(self, id: str) -> Voice | None:
        """One of its voices in another's timbre, `en-us+f3`. Raises VoiceError where there is no program or no such timbre."""
        if not program():
            raise VoiceError("espeak-ng is not installed.", INSTALL)
        code, _, timbre = id.partition("+")
        base = next((voice for voice in self.voices() if voice.id == code.lower()), None)
        if not timbre or base is None:
            return None
        if timbre not in timbres(program()):
            raise VoiceError(f"espeak-ng has no timbre “{timbre}”.", "It has: " + " ".join(timbres(program())[:20]) + "...")
        return replace(base, id=f"{base.id}+{timbre}", note=f"{base.note}, {timbre}")

    def cannot_say(self, text: str) -> str:
        """It has a word for every character, if only “letter”."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """Its `[[ ]]` takes ASCII mnemonics that differ by language, not IPA, which it passes over in silence."""
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """16-bit samples of the program's. Raises EngineError."""
        if not program():
            raise EngineError("espeak-ng is not installed.", INSTALL, lost=True)
        pace = str(round(PACE * rate))
        try:
            answer = subprocess.run(  # noqa: S603  # no shell: the text goes by stdin, the voice is one of its own list
                [program(), "-v", voice.id, "-s", pace, "-b", "1", "--stdin", "--stdout"],
                input=plain(text).encode("utf-8", "replace"), capture_output=True, timeout=TIMEOUT, check=False, env=os.environ | UNHEARD,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EngineError(
                f"espeak-ng failed on “{text[:60]}”: {error}.", "Try again, or choose another voice.", transient=True
            ) from error
        if answer.returncode:
            said = (answer.stderr.decode("utf-8", "replace").strip().splitlines() or [f"it ended with {answer.returncode}"])[-1]
            raise EngineError(f"espeak-ng cannot speak as {voice.id}: {said}", "All voices: bulletin voices", lost=True)
        return sound(answer.stdout)


def program() -> str:
    """Where the program is; empty where it is not."""
    return shutil.which(PROGRAM) or ""


@functools.cache
def printed(path: str, option: str) -> str:
    """What the program prints for an option, asked once; nothing where it is not or fails."""
    if not path:
        return ""
    try:
        answer = subprocess.run([path, option], capture_output=True, timeout=10, check=True, env=os.environ | UNHEARD)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.decode("utf-8", "replace")


@functools.cache
def listed(path: str) -> tuple[Voice, ...]:
    """The voices of its table: priority, language, sex, name, file, languages that it speaks too, each with a priority."""
    found: dict[str, tuple[tuple[str, int, str], Voice]] = {}
    for line in printed(path, "--voices").splitlines()[1:]:
        columns = line.split(None, 5)
        if len(columns) < 5 or columns[1] in found:
            continue
        code, base = columns[1], columns[1].partition("-")[0]
        other = re.search(rf"\({base} (\d+)\)", columns[5]) if len(columns) > 5 else None
        rank = 0 if code == base else int(other[1]) if other else 9
        note = columns[3].replace("_", " ").strip() + ", a robot's voice"
        found[code] = ((base, rank, code), Voice(engine="espeak", id=code, language=tag(code), note=note))
    return tuple(voice for _, voice in sorted(found.values(), key=lambda one: one[0]))


@functools.cache
def timbres(path: str) -> tuple[str, ...]:
    """Its variants, by which a voice sounds like another person: `f3`, `m1`."""
    lines = printed(path, "--voices=variant").splitlines()[1:]
    return tuple(sorted(match[1] for line in lines if (match := re.search(r"!v/(\S+)", line))))


def tag(code: str) -> str:
    """Its code as BCP 47 writes it: `en-us` -> `en-US`."""
    parts = code.split("-")
    return "-".join(
        [parts[0], *(part.upper() if len(part) == 2 and "x" not in parts[1:at] else part for at, part in enumerate(parts[1:], 1))]
    )


def plain(text: str) -> str:
    """A text without what it would take for commands: control characters, and `[[`, which opens phonemes."""
    text = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    return re.sub(r"\[(?=\[)", "[ ", text)


def sound(wav: bytes) -> Speech:
    """The samples of its WAV, however long its header claims they are."""
    import numpy as np

    if len(wav) <= HEADER:
        return Speech(samples=np.zeros(0, np.float32), rate=22_050)
    whole = wav[HEADER : len(wav) - (len(wav) - HEADER) % 2]
    return Speech(samples=np.frombuffer(whole, "<i2").astype(np.float32) / 32_768, rate=int.from_bytes(wav[24:28], "little"))
