"""How a service on the network is asked: not too often, again after a while, and not for ever."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bulletin.errors import OFFLINE, EngineError

TRIES, TRIES_HERE = 5, 3
"""How often one request is made at most: of a service, of an engine on this machine."""
FIRST, LONGEST = 1.0, 30.0
"""Seconds before the second try, doubled from try to try, and at most; a server's own Retry-After comes before both."""
JITTER = 0.5
"""Share by which a wait is longer at random, so that two who were turned away together do not come back together."""
Answer = TypeVar("Answer")


class Manners:
    """One service's turn-taking, for all threads of a run."""

    def __init__(self, interval: float = 0.0, patience: float = 0.0, *, tries: int = TRIES_HERE, first: float = 0.0) -> None:
        """`interval`: seconds from one request to the next; `patience`: seconds that may be spent waiting beyond that, in all."""
        self.interval = interval
        self.patience = patience
        self.tries = tries
        self.first = first
        self.requests = 0
        """Made so far."""
        self.stopped = threading.Event()
        self.lock = threading.Lock()
        self.free = 0.0
        """When the next turn is, on the monotonic clock."""
        self.quiet = 0.0
        """Until when nobody asks, whoever has a turn already included."""

    def turn(self) -> None:
        """Wait for one's turn. Raises EngineError where the run has been stopped meanwhile."""
        with self.lock:
            at = max(self.free, time.monotonic())
            self.free = at + self.interval
        while not self.stopped.is_set():
            with self.lock:
                now = time.monotonic()
                if at < self.quiet:  # turned away meanwhile: to the end of the queue
                    at = max(self.free, self.quiet)
                    self.free = at + self.interval
                if at <= now:
                    self.requests += 1
                    return
            self.stopped.wait(at - now)
        raise EngineError("Stopped.", lost=True)

    def wait(self, error: EngineError, tries: int) -> None:
        """Keep everybody off for a while after a failure; `error` again, as a lost voice, where that takes more patience than is left."""
        seconds = max(error.after or 0.0, min(LONGEST, self.first * 2 ** (tries - 1))) * random.uniform(1, 1 + JITTER)
        with self.lock:
            now = time.monotonic()
            more = now + seconds - max(self.quiet, now)
            if more > self.patience:
                asked = f" It asks to be left alone for {error.after:.0f} seconds." if error.after else ""
                raise EngineError(
                    f"{error.message}{asked} The patience of this bulletin is over (online.patience).", OFFLINE, lost=True
                ) from error
            if more > 0:
                self.patience -= more
                self.quiet = now + seconds


def asked(call: Callable[[], Answer], manners: Manners) -> Answer:
    """What a call gives, tried again with good manners where its failure may pass. Raises its EngineError where it does not."""
    tries = 0
    while True:
        manners.turn()
        tries += 1
        try:
            return call()
        except EngineError as error:
            if not error.transient or tries == manners.tries:
                raise
            manners.wait(error, tries)


def within(seconds: float, call: Callable[[], Answer], who: str) -> Answer:
    """What a call gives, if it gives it in time; else it is left behind in its thread. Raises EngineError for one that hangs or drips."""
    box: list[Answer] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            box.append(call())
        except BaseException as error:  # noqa: BLE001  # it belongs to whoever has asked, in another thread
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if failed:
        raise failed[0]
    with suppress(IndexError):
        return box[0]
    raise EngineError(f"{who} did not answer within {seconds:g} seconds.", OFFLINE, transient=True)
