"""Who voices at once: threads for services and programs, further processes for models that compute. Order is the caller's business.

A further process takes a second to be ready. One is called in when what is left to be voiced would take this process longer than that.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from bulletin.errors import BulletinError, EngineError
from bulletin.manners import FIRST, TRIES, Manners, asked, within
from bulletin.model import Speech, Station, Take
from bulletin.ports import Engine
from bulletin.store import Store
from bulletin.takes import record

Clip = tuple[Path, dict[str, Any]]
"""A file in the store, and its facts."""
Outcome = Clip | BaseException
Heard = queue.SimpleQueue[tuple[Take, Outcome]]
PAYS = 3.0
"""Seconds of work left from which on a further process pays: it costs about one to be ready, and a second model in memory."""
SURE = 0.4
"""Seconds of voicing after which its speed is known."""
POLL = 0.2
"""Seconds after which whoever waits looks up: on some systems an interruption is only seen then."""
FAREWELL = 1.0
"""Seconds that threads get to end by themselves."""


class Crew:
    """Those who voice for one bulletin, until they are stopped."""

    def __init__(self, station: Station, store: Store) -> None:
        self.waiting: Callable[[], None] = lambda: None
        """Called now and then while nothing is heard."""
        self.station = station
        self.store = store
        self.manners: dict[str, Manners] = {}
        self.lost: dict[str, EngineError] = {}
        """Voice -> why it need not be asked again."""
        self.booths: list[Booth] = []
        self.threads: list[threading.Thread] = []
        self.lanes: dict[str, Lane] = {}
        self.closed = False

    def close(self) -> None:
        """Stop them all."""
        self.closed = True
        for lane in self.lanes.values():
            lane.takes.clear()
            getattr(lane.engine, "close", lambda: None)()  # one that runs programs ends them
        for manners in self.manners.values():
            manners.stopped.set()
        for booth in self.booths:
            booth.dismiss()
        for booth in self.booths:
            booth.close()
        until = time.monotonic() + FAREWELL
        for thread in self.threads:
            thread.join(max(0.0, until - time.monotonic()))

    def voiced(self, work: Sequence[tuple[Take, Engine]]) -> Iterator[tuple[Take, Clip | BulletinError]]:
        """Each take with its clip, or with what went wrong, as they come."""
        heard: Heard = queue.SimpleQueue()
        its = {take.voice.engine: engine for take, engine in work}
        self.lanes = {name: Lane(engine, [take for take, _ in work if take.voice.engine == name]) for name, engine in its.items()}
        for lane in self.lanes.values():
            for _ in range(min(self.hands(lane.engine), len(lane.takes))):
                self.begin(lane, heard, partial(self.attempt, lane))
        for _ in work:
            for lane in self.lanes.values():
                self.call_in(lane, heard)
            take, outcome = self.patiently(heard)
            if isinstance(outcome, BaseException) and not isinstance(outcome, BulletinError):
                raise outcome
            self.lanes[take.voice.engine].heard(take)
            yield take, outcome

    def patiently(self, heard: Heard) -> tuple[Take, Outcome]:
        """What comes next."""
        while True:
            with contextlib.suppress(queue.Empty):
                return heard.get(timeout=POLL)
            self.waiting()

    def hands(self, engine: Engine) -> int:
        """How many threads ask one engine."""
        return min(at_once(engine) or 1, self.station.at_once if engine.online else cores())

    def begin(self, lane: Lane, heard: Heard, voice: Callable[[Take], Outcome]) -> None:
        """Start a thread that has take after take of a lane voiced, until none is left."""

        def run() -> None:
            while take := lane.next():
                try:
                    heard.put((take, voice(take)))
                except BaseException as error:  # noqa: BLE001  # whoever waits for the take must hear of it
                    heard.put((take, error))

        self.threads = [thread for thread in self.threads if thread.is_alive()]
        self.threads.append(threading.Thread(target=run, daemon=True))
        self.threads[-1].start()

    def relayed(self, lane: Lane, booth: Booth, take: Take) -> Outcome:
        """What another process makes of a take, or this one where that cannot."""
        answer = booth.voiced(take)
        if answer is None and self.closed:
            return EngineError("Stopped.", lost=True)
        outcome = answer or self.attempt(lane, take)
        if isinstance(outcome, EngineError) and outcome.lost:
            self.lost.setdefault(take.voice.name, outcome)
        return outcome

    def attempt(self, lane: Lane, take: Take) -> Outcome:
        """One take's clip, or what went wrong; a lost voice is not asked again."""
        if take.voice.name in self.lost:
            return self.lost[take.voice.name]
        engine = lane.engine
        manners = self.manners_of(engine, take.voice.engine)

        def speak(take: Take) -> Speech:
            def call() -> Speech:
                return engine.speak(take.text, take.voice, rate=take.rate)

            if engine.online:
                return within(self.station.request_timeout, call, take.voice.name)
            with lane.alone if at_once(engine) is None else contextlib.nullcontext():
                return call()

        try:
            return asked(lambda: record(take, speak, self.store), manners)
        except EngineError as error:
            if error.lost:
                self.lost.setdefault(take.voice.name, error)
            return error
        except BaseException as error:  # noqa: BLE001  # it is raised again where the clips are waited for
            return error

    def manners_of(self, engine: Engine, name: str) -> Manners:
        """How an engine is asked: one that needs no network as often as one likes."""
        station = self.station
        made = Manners(station.interval, station.patience, tries=TRIES, first=FIRST) if engine.online else Manners()
        return self.manners.setdefault(name, made)

    def call_in(self, lane: Lane, heard: Heard) -> None:
        """Further processes for a lane where they pay, as many as there are cores, or as the station wants."""
        pay = int(lane.seconds() / PAYS)
        if at_once(lane.engine) is not None or lane.helped or not (pay or self.booths):
            return
        lane.helped = True
        more = min(pay, min(cores(), self.station.processes or cores()) - 1) - len(self.booths)
        self.booths += [Booth(self.store) for _ in range(more)]
        for booth in self.booths:
            self.begin(lane, heard, partial(self.relayed, lane, booth))


class Lane:
    """The takes that one engine has still to voice, in order."""

    def __init__(self, engine: Engine, takes: Sequence[Take]) -> None:
        self.engine = engine
        self.takes = deque(takes)
        self.left = sum(len(take.words) for take in takes)
        """Letters that have not been heard yet."""
        self.began = 0.0
        """When the first take was heard: before it a model is loaded."""
        self.done = 0
        """Letters that have been heard since."""
        self.helped = False
        self.lock = threading.Lock()
        self.alone = threading.Lock()
        """Held while an engine speaks that cannot say two things at once."""

    def next(self) -> Take | None:
        """The next one, or None."""
        with self.lock:
            return self.takes.popleft() if self.takes else None

    def heard(self, take: Take) -> None:
        """Take note of what is done."""
        self.left -= len(take.words)
        if self.began:
            self.done += len(take.words)
        self.began = self.began or time.monotonic()

    def seconds(self) -> float:
        """How long what is left takes at the pace so far; 0 while that is not known."""
        spent = time.monotonic() - self.began
        return self.left * spent / self.done if self.done and spent > SURE else 0.0


class Booth:
    """A further process that voices (`bulletin.booth`), one take at a time, whoever asks; it ends when this one does."""

    def __init__(self, store: Store) -> None:
        self.lock = threading.Lock()
        """Held from a take to its answer: the next line is the answer to the last."""
        root = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        self.process: subprocess.Popen[str] | None = None
        self.spoilt = False
        with contextlib.suppress(OSError):
            self.process = subprocess.Popen(  # noqa: S603  # it is our own
                [sys.executable, "-P", "-m", "bulletin.booth", str(store.folder.resolve()), str(store.limit)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # Ctrl-C is ours: we end it
            )

    def voiced(self, take: Take) -> Clip | BulletinError | None:
        """A take's clip, or what went wrong with it; None where the process cannot voice it at all.

        One that gives anything but this take's answer is not asked again: what it says next might be another's.
        """
        with self.lock:
            if self.spoilt or not self.process or not self.process.stdin or not self.process.stdout:
                return None
            try:
                self.process.stdin.write(json.dumps(asdict(take)) + "\n")
                self.process.stdin.flush()
                answer = json.loads(self.process.stdout.readline())
                if answer["key"] != take.key:
                    raise ValueError(answer["key"])
                if "path" in answer:
                    return Path(answer["path"]), answer["facts"]
                return EngineError(**answer["error"]) if "error" in answer else None
            except (OSError, ValueError, KeyError, TypeError):
                self.spoilt = True
                self.process.kill()
                return None

    def dismiss(self) -> None:
        """Have it end, without waiting for that."""
        self.spoilt = True
        if self.process and self.process.stdin:
            with contextlib.suppress(OSError, ValueError):
                self.process.stdin.close()

    def close(self) -> None:
        """End it."""
        self.dismiss()
        if not self.process:
            return
        assert self.process.stdout
        try:
            self.process.wait(FAREWELL)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()


def at_once(engine: Engine) -> int | None:
    """How many calls an engine takes at once; another package's may be older than this part of the door."""
    found: int | None = getattr(engine, "at_once", 1)
    return found


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
