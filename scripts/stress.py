"""Bulletins made under bad conditions, each held against one that nothing disturbed: `scripts/stress`.

A desk is a folder with sources, a store and a place for bulletins. Whatever happens to the run at it, what bears a final name must be a
file that an undisturbed run gives, to the byte, and the next run must end with the same.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
AT = "2026-11-25T18:00"
"""Of broadcast: names and tags must not change from run to run."""
LIMIT = 120
"""Seconds that a run may take."""
GOODBYE = 10
"""Seconds in which a further process must have ended by itself."""
QUICK = ("--voice", "espeak:en-us") if shutil.which("espeak-ng") else ()
"""The voice where it is the moments that matter, not the voicing."""
STORIES = {
    "one.txt": "Harbour bridge opens after two years of work\n\nThe new harbour bridge opened to traffic on Monday.\n\n"
    "Engineers will watch the bridge for a month before lorries may use it.\n",
    "two.txt": "Library stays open on Sundays\n\nThe town library will stay open on Sundays from next week.\n\nReaders asked for it.\n",
    "three.txt": "Ferry fares fall in spring\n\nA crossing will cost two pounds from the first of March.\n\nFewer people came.\n",
    "long.txt": "Bridge counts its cars\n\n"
    + "\n\n".join(f"On day {day} the new harbour bridge carried {day * 37} cars before noon." for day in range(1, 41)),
}
DRIVER = """
import os, sys
step, sign, told, watched, pays = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4], float(sys.argv[5])
told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
taken = 0
def watch(event, args):
    global taken
    writes = event == "open" and isinstance(args[2], int) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
    if (writes or event in ("os.rename", "os.link", "os.remove", "shutil.copyfile")) and any(watched in str(arg) for arg in args):
        taken += 1
        os.write(told, b".")
        if taken == step:
            os.kill(os.getpid(), sign)
sys.addaudithook(watch)
if pays:
    from bulletin import crew
    crew.PAYS = pays
from bulletin.cli.main import main
main(sys.argv[6:])
"""
"""Runs the command line and, before the so-manieth step by which a file appears, changes its name or goes, sends itself a signal."""


@dataclass(frozen=True, slots=True)
class Job:
    """A bulletin to be made."""

    name: str
    arguments: tuple[str, ...]
    """`OUT` stands for the folder."""
    pays: float = 0.0
    """Seconds of work from which a further process is called in; 0: as it is."""


ONE = Job("one", ("one.txt", "-o", "OUT/bulletin.mp3", *QUICK))
OTHER = Job("other", ("two.txt", "-o", "OUT/bulletin.mp3", *QUICK))
DEFAULT = Job("default voice", ("one.txt", "-o", "OUT/bulletin.wav"))
NEW = Job("new name", ("one.txt", *QUICK))
LATEST = Job("latest", ("two.txt", "--latest", *QUICK))
MASTERS = Job(
    "three stories, two masters",
    ("one.txt", "two.txt", "three.txt", "--length", "1:00", "--master", "air", "--master", "podcast", "--latest", *QUICK),
)
BOOTH = Job("further process", ("long.txt", "-o", "OUT/bulletin.mp3"), 0.3)


@dataclass(slots=True)
class Tally:
    """What a measure found."""

    rounds: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    """How often what happened."""
    violations: list[str] = field(default_factory=list)

    def blame(self, what: str, found: Sequence[str]) -> None:
        """Note violations in a round."""
        self.violations += [f"{what}: {each}" for each in found]


@dataclass(frozen=True, slots=True)
class Done:
    """A run that has ended."""

    code: int
    said: str
    report: dict[str, Any] | None
    """As --json has it; None where there is none."""


class Desk:
    """Where one bulletin, or two at once, are made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store, self.out, self.told = folder / "store", folder / "out", folder / "told"
        self.out.mkdir(parents=True)
        for name, text in STORIES.items():
            (folder / name).write_text(text, encoding="utf-8")

    def start(self, job: Job, *more: str, step: int = 0, sign: int = signal.SIGKILL, before: Sequence[str] = (), **env: str) -> Any:
        """Begin a run; with `step` it signals itself there."""
        self.told.unlink(missing_ok=True)
        where = ("--set", f"store.folder={self.store}", "--set", f"output.folder={self.out}", "--at", AT, "--json")
        arguments = [argument.replace("OUT", str(self.out)) for argument in job.arguments]
        driver = [sys.executable, "-c", DRIVER, str(step), str(int(sign)), str(self.told), str(self.folder), str(job.pays)]
        home = {"HOME": str(self.folder), "XDG_CACHE_HOME": f"{self.folder}/cache", "XDG_CONFIG_HOME": f"{self.folder}/config"}
        return subprocess.Popen(
            [*before, *driver, "make", *arguments, *where, *more],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **home, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def make(self, job: Job, *more: str, **how: Any) -> Done:
        """A run to its end."""
        return ended(self.start(job, *more, **how))

    def files(self) -> dict[str, str]:
        """The files with a final name -> a digest of what is in them."""
        return {path.name: digest(path) for path in sorted(self.out.iterdir()) if not path.name.startswith(".")}

    def left(self) -> list[str]:
        """Temporary files that somebody left."""
        return [name for _, _, names in os.walk(self.folder) for name in names if name.endswith(".part") or name.startswith(".making-")]


def ended(process: Any) -> Done:
    """A run's end; one that takes too long is stopped and has the code -9."""
    try:
        said, told = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        process.kill()
        said, told = process.communicate()
    try:
        report = json.loads(said)
    except ValueError:
        report = None
    return Done(process.returncode, told, report)


def digest(path: Path) -> str:
    """Of a file's bytes; of a report without times, names and what was stored before, `no report` for one that breaks off."""
    data = path.read_bytes() if path.is_file() else b"folder"
    if path.suffix != ".json" or path.name.endswith(".chapters.json"):
        return hashlib.sha256(data).hexdigest()
    try:
        return timeless(json.loads(data))
    except (ValueError, KeyError, TypeError):
        return "no report"


def timeless(report: dict[str, Any]) -> str:
    """A digest of a report without times, names, warnings, and what was stored before."""
    kept = {name: value for name, value in report.items() if name not in VARIES}
    kept["segments"] = [{**line, "stored": None} for line in report["segments"]]
    kept["masters"] = [{**each, "file": None} for each in report["masters"]]
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


VARIES = ("files", "guid", "synthesised", "stored", "mix_stored", "voicing", "seconds", "warnings")
"""What of a report may differ from run to run."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What an undisturbed run gives."""

    job: Job
    desk: Desk
    files: frozenset[str]
    """Digests of what bears a final name."""
    report: str
    code: int
    cold: float
    warm: float
    """Seconds with an empty store, and with all clips in it."""
    steps: int
    """By which files appear, all clips being stored."""

    @classmethod
    def of(cls, job: Job, folder: Path) -> Reference:
        """Make it: undisturbed from an empty store, then again without the mixes."""
        desk = Desk(folder)
        began = time.monotonic()
        done = desk.make(job)
        cold = time.monotonic() - began
        assert done.report and done.code in (0, 3), done.said
        files = frozenset(desk.files().values())
        spare = Desk(folder.with_name(f"{folder.name}-spare"))
        unmixed(desk.store, spare.store)
        began = time.monotonic()
        again = spare.make(job)
        assert frozenset(spare.files().values()) == files, f"{job.name}: two undisturbed runs differ. {again.said}"
        return cls(job, desk, files, timeless(done.report), done.code, cold, time.monotonic() - began, len(spare.told.read_bytes()))


def unmixed(store: Path, to: Path) -> None:
    """A copy of a store without finished mixes."""
    shutil.copytree(store, to)
    for path in [*to.glob("??/*.mp3"), *to.glob("??/*.wav")]:
        path.unlink()
        path.with_suffix(".json").unlink()


# --- what must hold -------------------------------------------------------------------------------------------


def half(desk: Desk, *allowed: Reference, before: frozenset[str] = frozenset()) -> list[str]:
    """What bears a final name and is not what an undisturbed run gives, nor what was there `before`."""
    whole = before.union(*(each.files for each in allowed))
    return [f"{name} is not whole" for name, found in desk.files().items() if found not in whole]


def mixed(desk: Desk) -> list[str]:
    """Reports whose sound is another's: it bears its name, and not its hash."""
    found = []
    for path in desk.out.glob("*.json"):
        with suppress(ValueError, KeyError):
            for each in json.loads(path.read_bytes())["masters"]:
                sound = path.with_name(named(path, Path(each["file"])))
                if sound.exists() and hashlib.sha256(sound.read_bytes()).hexdigest() != each["sha256"]:
                    found.append(f"{path.name} is not the report of {sound.name}")
    return found


def torn(desk: Desk, *references: Reference) -> list[str]:
    """Names of one bulletin under which files of several lie."""
    together: dict[str, set[str]] = {}
    for name, found in desk.files().items():
        together.setdefault(name.partition(".")[0], set()).add(found)
    alone = [{stem for stem, found in together.items() if found <= each.files} for each in references]
    return [f"{stem}.* are files of several bulletins" for stem in together.keys() - set().union(*alone)]


def named(report: Path, sound: Path) -> str:
    """The name of a report's sound beside it, where both have another, stable name."""
    master = next((end for end in ("-air", "-podcast") if sound.stem.endswith(end)), "")
    return f"{report.stem}{master}{sound.suffix}"


def broken(desk: Desk, *references: Reference) -> list[str]:
    """Stored files that are sealed, so that they would be used, and are not what an undisturbed run has stored."""
    found = []
    for facts in desk.store.glob("??/*.json"):
        with suppress(OSError, ValueError, KeyError, StopIteration):
            sound = next(path for path in facts.parent.glob(f"{facts.stem}.*") if path.suffix != ".json")
            if json.loads(facts.read_bytes())["facts"]["sha256"] == (has := hashlib.sha256(sound.read_bytes()).hexdigest()):
                should = [path for each in references if (path := each.desk.store / sound.parent.name / sound.name).exists()]
                if should and has != hashlib.sha256(should[0].read_bytes()).hexdigest():
                    found.append(f"stored {sound.name} is sealed and is not what it should be")
    return found


def right(done: Done, reference: Reference) -> list[str]:
    """What is wrong with a run that should have ended as if nothing had ever happened."""
    if done.code != reference.code or not done.report:
        return [f"ended with {done.code}: {done.said.strip()[-600:]}"]
    sounds = [digest(Path(name)) for name in done.report["files"] if Path(name).suffix != ".json"]
    found = [] if timeless(done.report) == reference.report else ["the report is another"]
    return found + ([] if set(sounds) <= reference.files else ["the sound is another"])


def finished(done: Done, reference: Reference) -> list[str]:
    """What is wrong with one of two runs; its files may be the other's by now."""
    if done.code != reference.code or not done.report:
        return [f"{reference.job.name} ended with {done.code}: {done.said.strip()[-600:]}"]
    own = "-o" not in reference.job.arguments
    found = right(done, reference) if own else [] if timeless(done.report) == reference.report else ["the report is another"]
    return found + (["a warning of damage"] if "damaged" in done.said else [])


def clear(done: Done) -> list[str]:
    """What is wrong with a run that could not be: no clear error, no hint, another code."""
    told = "Error:" in done.said and "→" in done.said and "Traceback" not in done.said
    return [] if told and done.code == 1 else [f"no clear error, code {done.code}: {done.said.strip()[-400:]}"]


def outliving(desk: Desk) -> tuple[list[str], float]:
    """Processes that still use a desk's store after GOODBYE, which are ended; and the seconds until there was none."""
    began = time.monotonic()
    while (alive := users(desk.store)) and time.monotonic() - began < GOODBYE:
        time.sleep(0.1)
    for pid in alive:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return [f"process {pid} goes on" for pid in alive], time.monotonic() - began


def users(store: Path) -> list[int]:
    """The processes that have a store's path among their arguments."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if str(store).encode() in path.read_bytes():
                found.append(int(path.parent.name))
    return found
