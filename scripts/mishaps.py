"""What befalls a run: kills, a broken store, a twin, a full disk; each measure a function that gives a Tally. See `scripts/stress`."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import damages
from damages import DAMAGES, Damage
from stress import (
    LIMIT,
    Desk,
    Done,
    Job,
    Reference,
    Tally,
    broken,
    clear,
    ended,
    finished,
    half,
    mixed,
    outliving,
    right,
    torn,
    unmixed,
    users,
)  # fmt: skip

# --- kills ----------------------------------------------------------------------------------------------------


def kills(folder: Path, rounds: int, seed: int, references: Sequence[Reference]) -> Tally:
    """Each round one run is killed, at a random moment or before a random step, and made again."""
    tally, dice = Tally(), random.Random(seed)
    while tally.rounds < rounds:
        reference, warm, by_step = dice.choice(references), dice.random() < 0.5, tally.rounds % 3 == 2
        desk = Desk(folder / "killed")
        earlier = "-o" in reference.job.arguments and dice.random() < 0.5
        if earlier:
            shutil.copytree(references[0].desk.out, desk.out, dirs_exist_ok=True)
        before = frozenset(desk.files().values())
        if warm or by_step:
            unmixed(reference.desk.store, desk.store)
        if by_step:
            done = desk.make(reference.job, step=(at := dice.randint(1, reference.steps)))
            what = f"{reference.job.name}, killed before step {at} of {reference.steps}"
        else:
            at = dice.uniform(0.1, reference.warm if warm else reference.cold)
            done = killed(desk.start(reference.job), at)
            what = f"{reference.job.name}, killed after {at:.2f} s, store {'warm' if warm else 'empty'}"
        judge_killed(tally, what, desk, reference, done, before)
        shutil.rmtree(desk.folder)
    return tally


def killed(process: Any, after: float) -> Done:
    """A run that is killed, it alone, after so many seconds, unless it has ended."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
    process.kill()
    process.stdout.close()  # a further process may hold the other end for a while
    process.stderr.close()
    return Done(process.wait(), "", None)


def judge_killed(tally: Tally, what: str, desk: Desk, reference: Reference, done: Done, before: frozenset[str]) -> None:
    """Look at what a killed run left, and at the next run."""
    helped = bool(users(desk.store))
    alive, took = outliving(desk)
    if done.code != -signal.SIGKILL:
        tally.seen["ended before the kill, not counted"] += 1
        return
    tally.rounds += 1
    tally.seen["kills by step" if "step" in what else "kills by the clock"] += 1
    tally.seen["kills with further processes at work"] += helped
    tally.seen["ms until the last further process had ended, at most"] = max(
        tally.seen["ms until the last further process had ended, at most"], round(took * 1000) if helped else 0
    )
    tally.seen["kills between two names of one bulletin"] += bool(mixed(desk))
    tally.blame(what, half(desk, reference, before=before) + broken(desk, reference) + alive)
    again = desk.make(reference.job)
    said = ["a warning of damage"] if "damaged" in again.said else []
    tally.blame(f"{what}, next run", right(again, reference) + half(desk, reference, before=before) + mixed(desk) + said)
    tally.seen["temporary files that killed runs left"] += len(desk.left())


# --- a broken store -------------------------------------------------------------------------------------------


UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
"""Before a command: root's right to read what nobody may is taken away."""


def stores(folder: Path, rounds: int, seed: int, references: Sequence[Reference], kinds: Sequence[Damage] = DAMAGES) -> Tally:
    """Each round some stored files are damaged, and the bulletin is made again."""
    tally, dice = Tally(), random.Random(seed)
    before = () if os.geteuid() else UNPRIVILEGED if shutil.which(UNPRIVILEGED[0]) else None
    for number in range(rounds):
        reference, damage = references[number % len(references)], kinds[number // len(references) % len(kinds)]
        if damage is damages.locked and before is None:
            tally.seen["without setpriv root may read everything: left out"] += 1
            continue
        desk = Desk(folder / "damaged")
        (shutil.copytree if dice.random() < 0.5 else unmixed)(reference.desk.store, desk.store)
        hit = damaged(desk, damage, dice)
        what = f"{reference.job.name}, {damage.__name__}: {', '.join(path.name[:8] + path.suffix for path in hit)}"
        tally.rounds += 1
        tally.seen[damage.__name__] += 1
        # what has no facts any more is as if it had never been
        known = [path for path in hit if os.path.lexists(path if path.suffix == ".facts" else path.with_suffix(".json"))]
        done = desk.make(reference.job, before=before or ())
        tally.blame(what, right(done, reference) + half(desk, reference) + broken(desk, reference) + unsaid(done, known))
        again = desk.make(reference.job, before=before or ())
        tally.blame(f"{what}, next run", right(again, reference) + (["damaged still"] if "damaged" in again.said else []))
        shutil.rmtree(desk.folder)
    return tally


def damaged(desk: Desk, damage: Damage, dice: random.Random) -> list[Path]:
    """Damage one to three stored files that the next run needs; those that are not what they were, gone ones too."""
    mixes = [*desk.store.glob("??/*.mp3"), *desk.store.glob("??/*.wav")]
    needed = [path for path in sorted(desk.store.glob("??/*")) if not (mixes and path.suffix == ".facts" and "dbtp" in path.read_text())]
    before = {path: path.read_bytes() for path in needed}
    for path in dice.sample(needed, dice.randint(1, 3)):
        other = dice.choice([each for each in needed if each.suffix == path.suffix and each != path] or [path])
        with suppress(OSError, StopIteration):  # the file may be gone with another
            damage(path, dice, other)
    return [path for path in needed if not path.is_file() or not path.stat().st_mode & 0o777 or path.read_bytes() != before[path]]


def unsaid(done: Done, hit: Sequence[Path]) -> list[str]:
    """What is missing where a run should have said that these files were damaged."""
    told = " ".join(each["message"] for each in (done.report or {}).get("warnings", ()))
    if "Warning:" in done.said and "damaged" in told:
        return [] if any(path.stem in told for path in hit) else ["the warning names another file"]
    return ["nothing is said of it"] if hit else []


# --- twins ----------------------------------------------------------------------------------------------------


TINY = ("--set", "store.max_megabytes=0.001")
"""A store in which nothing may stay."""
HALT = 8
"""Seconds that a run stands still at most: another that waits for it may lose its patience after that."""


def twins(folder: Path, rounds: int, seed: int, pairs: Sequence[tuple[Reference, Reference]]) -> Tally:
    """Each round two runs share a store and a folder: one a moment behind, or all of one between two steps of the other."""
    tally, dice = Tally(), random.Random(seed)
    for number in range(rounds):
        first, second = pairs[number % len(pairs)]
        halted, swept, warm = number // len(pairs) % 2 == 1, dice.random() < 0.4, dice.random() < 0.5
        step = dice.randint(1 if swept else first.steps * 3 // 4, first.steps)  # names are given last
        desk = Desk(folder / "twins")
        if warm or halted:
            unmixed(first.desk.store, desk.store)
        more = TINY if swept else ()
        what = f"{first.job.name} and {second.job.name}, store {'warm' if warm or halted else 'empty'}{', swept' if swept else ''}"
        if halted:
            what += f", the first halted before step {step} of {first.steps}"
            done = halting(desk, first.job, second.job, step, more)
        else:
            what += f", the second {(later := dice.uniform(0, first.cold)):.2f} s behind"
            one = desk.start(first.job)
            time.sleep(later)
            done = [ended(other) for other in (one, desk.start(second.job, *more))]
        tally.rounds += 1
        tally.seen["all of one between two steps of the other" if halted else "one a moment behind the other"] += 1
        tally.seen["a store in which nothing may stay"] += swept
        wrong = [each for a, b in zip(done, (first, second), strict=True) for each in finished(a, b)]
        held = [found for measure in (half, torn, broken) for found in measure(desk, first, second)]
        tally.blame(what, wrong + held + mixed(desk) + desk.left())
        shutil.rmtree(desk.folder)
    return tally


def halting(desk: Desk, first: Job, second: Job, step: int, more: Sequence[str]) -> list[Done]:
    """All of the second run while the first stands still before a step; where the second waits for the first, no longer than HALT."""
    one = desk.start(first, step=step, sign=signal.SIGSTOP)
    until = time.monotonic() + LIMIT
    while one.poll() is None and stat(one.pid) not in "T" and time.monotonic() < until:
        time.sleep(0.02)
    other = desk.start(second, *more)
    with suppress(subprocess.TimeoutExpired):
        other.wait(HALT)
    with suppress(ProcessLookupError):
        os.kill(one.pid, signal.SIGCONT)
    return [ended(one), ended(other)]


def stat(pid: int) -> str:
    """A process's state, as proc(5) has it."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


# --- full disks -----------------------------------------------------------------------------------------------


def disks(folder: Path, rounds: int, seed: int, references: Sequence[Reference]) -> Tally:
    """Each round the disk of the store, of the bulletins or of temporary files is full sooner or later; then room is made."""
    tally, dice = Tally(), random.Random(seed)
    if not mountable(folder):
        tally.seen["no disk can be mounted here: left out"] += 1
        return tally
    for number in range(rounds):
        reference, place = references[number // 3 % len(references)], ("store", "out", "tmp")[number % 3]
        desk = Desk(folder / "full")
        largest = sum(path.stat().st_size for path in (reference.desk.folder / place).rglob("*") if path.is_file()) if place != "tmp" else 0
        size = dice.randint(1, max(2, largest // 4096)) * 4
        if place == "out" and dice.random() < 0.7:  # clips are stored: it is publishing that is looked at
            shutil.copytree(reference.desk.store, desk.store)
        what = f"{reference.job.name}, {place} of {size} kB where {largest // 1000} are needed"
        with disk(desk.folder / place, size) as resize:
            done = desk.make(reference.job, **({"TMPDIR": str(desk.folder / "tmp")} if place == "tmp" else {}))
            tally.rounds += 1
            tally.seen[f"{place}: {'full' if done.code == 1 else 'enough' if done.code == reference.code else done.code}"] += 1
            wrong = right(done, reference) if done.code == reference.code else clear(done)
            tally.blame(what, wrong + half(desk, reference) + broken(desk, reference) + desk.left())
            if done.code == 1 and desk.files():
                tally.blame(what, [f"{name} is there though nothing was published" for name in desk.files()])
            resize("1g")
            tally.blame(f"{what}, next run", right(desk.make(reference.job), reference) + half(desk, reference) + desk.left())
        shutil.rmtree(desk.folder)
    return tally


def mountable(folder: Path) -> bool:
    """Whether a small disk can be mounted here."""
    try:
        with disk(folder / "tried", 64):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@contextmanager
def disk(place: Path, kilobytes: int) -> Iterator[Callable[[str], None]]:
    """A small disk in memory; it can be given another size."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(place)], check=True, capture_output=True)
    try:
        yield lambda size: (subprocess.run(["mount", "-o", f"remount,size={size}", str(place)], check=True), None)[1]
    finally:
        subprocess.run(["umount", str(place)], check=True)
