"""A stand-in for Google Translate's voice: gTTS's own code talks to it, through a proxy on loopback that answers for Google

It gives real speech of the real text, and any fault on demand. In a test:

    with StandIn(plan=["429", None, "half"]) as service:
        os.environ.update(service.environment)

From a shell, until its standard input ends; its environment is on the first line, as JSON:

    python tests/standin.py --faults 0.2 --seed 3 --cache FOLDER --log FILE
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import json
import random
import socket
import socketserver
import ssl
import struct
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import trustme
from answers import PATH, frame, refusals, response, words
from mouth import Mouth, edges

EARLY = ("refused", "dropped", "stranger", "host")
"""Faults before a word is heard: the proxy finds no such host; the host hangs up; its certificate is of another CA, or for another host."""
REFUSED = ("429", "429-delta", "429-date", "sorry", "500", "503")
BROKEN = ("cut", "reset", "headless", "null", "empty", "page", "short", "half", "edge")
PASSING = REFUSED + BROKEN
"""Faults that are over when one asks again, and that can be noticed without listening."""
HEARD = ("silence", "other")
"""Faults that only somebody who listens can notice: silence; other, shorter words."""
SLOW = ("drip", "hang", "flood")
"""A byte at a time; no answer; an answer without an end. All bounded by PATIENCE or by 16 MB."""
LOST = ("403", "404", "redirect", "elsewhere")
FAULTS = EARLY + PASSING + HEARD + SLOW + LOST
PATIENCE = 30.0
"""Seconds after which nobody is kept waiting any more."""
AT_ONCE = 32
"""Connections that are served at once."""
OTHER_WORDS = "Not today."
Plan = Callable[[int, str], str | None]
"""(number of the request from 0, its text) -> the name of a fault, or None. Also asked with an empty text, for the EARLY ones."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    number: int
    at: float
    """By time.monotonic()."""
    text: str
    lang: str
    tld: str
    slow: bool
    fault: str | None


class Dice:
    """A plan by chance: a share of requests fails, the same ones for the same seed whatever order they come in."""

    def __init__(self, share: float, seed: int = 0, faults: Sequence[str] = PASSING) -> None:
        self.share, self.seed, self.faults = share, seed, tuple(faults)
        self.times: Counter[str] = Counter()
        self.lock = threading.Lock()

    def __call__(self, number: int, text: str) -> str | None:
        if not text:
            return None
        with self.lock:
            self.times[text] += 1
            dice = random.Random(f"{self.seed} {self.times[text]} {text}")
        return dice.choice(self.faults) if dice.random() < self.share else None


def planned(plan: Plan | Sequence[str | None] | None) -> Plan:
    """A plan of any kind as a callable; a list ends in requests without faults."""
    if callable(plan):
        return plan
    faults = list(plan or [])
    return lambda number, _: faults[number] if number < len(faults) else None


class StandIn:
    """The service, between `with` and its end."""

    def __init__(self, plan: Plan | Sequence[str | None] | None = None, cache: Path | None = None, log: Path | None = None) -> None:
        self.plan, self.log = planned(plan), log
        self.mouth = Mouth(cache)
        self.asked: list[Asked] = []
        self.lock, self.stop = threading.Lock(), threading.Event()
        self.places = threading.BoundedSemaphore(AT_ONCE)
        self.count = 0
        self.authority, self.stranger = trustme.CA(), trustme.CA()
        self.contexts: dict[tuple[str, str | None], ssl.SSLContext] = {}

    def __enter__(self) -> Self:
        self.folder = tempfile.TemporaryDirectory(prefix="standin-")
        bundle = Path(self.folder.name) / "ca.pem"
        self.authority.cert_pem.write_to_path(bundle)
        self.server = Proxy(("127.0.0.1", 0), Connection)
        self.server.service = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        proxy = f"http://127.0.0.1:{self.server.server_address[1]}"
        near = "127.0.0.1,localhost"
        self.environment = {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": near,
            "no_proxy": near,
            "REQUESTS_CA_BUNDLE": str(bundle),
        }
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
        self.folder.cleanup()

    def next(self) -> int:
        """The number of a new request."""
        with self.lock:
            self.count += 1
            return self.count - 1

    def note(self, asked: Asked) -> None:
        """Record a request."""
        with self.lock:
            self.asked.append(asked)
            if self.log:
                with self.log.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(asdict(asked)) + "\n")

    def context(self, host: str, fault: str | None) -> ssl.SSLContext:
        """TLS as `host`, or wrongly so."""
        key = (host, fault if fault in EARLY else None)
        with self.lock:
            if key not in self.contexts:
                authority = self.stranger if fault == "stranger" else self.authority
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                authority.issue_cert("login.example" if fault == "host" else host).configure_cert(context)
                self.contexts[key] = context
            return self.contexts[key]

    def serve(self, raw: socket.socket) -> None:
        """One connection: CONNECT, TLS, one request, one answer."""
        head, _ = received(raw)
        method, _, rest = head.partition(b" ")
        host = rest.partition(b":")[0].decode("ascii", "replace")
        if method != b"CONNECT" or not host.startswith("translate.google."):
            raw.sendall(response(403, b"Google Translate alone."))
            return
        number = self.next()
        early = self.plan(number, "")
        tld = host.removeprefix("translate.google.")
        if early in EARLY:
            self.note(Asked(number, time.monotonic(), "", "", tld, False, early))
        if early == "refused":
            raw.sendall(response(502))
            return
        raw.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        if early == "dropped":
            raw.recv(8192)
            return
        with self.context(host, early).wrap_socket(raw, server_side=True) as secure:
            self.answer(secure, *received(secure), number, tld)

    def answer(self, secure: ssl.SSLSocket, head: bytes, body: bytes, number: int, tld: str) -> None:
        """Answer a request as planned."""
        if not head.startswith(b"POST " + PATH + b" "):
            secure.sendall(response(404))
            return
        text, lang, slow = words(body)
        fault = self.plan(number, text)
        self.note(Asked(number, time.monotonic(), text, lang, tld, slow, fault))
        if fault == "headless":
            return
        if fault == "hang":
            self.stop.wait(PATIENCE)
        elif fault == "flood":
            secure.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            for _ in range(256):
                secure.sendall(b"x" * 65_536)
        elif page := refusals(fault):
            secure.sendall(page)
        else:
            whole = response(200, self.sound(fault, text, lang, slow))
            if fault in ("cut", "reset"):
                secure.sendall(whole[: len(whole) // 2])
                if fault == "reset":
                    secure.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif fault == "drip":
                drip(secure, whole, self.stop)
            else:
                secure.sendall(whole)

    def sound(self, fault: str | None, text: str, lang: str, slow: bool) -> bytes:
        """The body that carries the speech of a text, or what the fault makes of it."""
        if fault == "empty":
            return frame("wrb.fr", "other", "null")
        if fault == "null":
            return frame("wrb.fr", "jQ1olc", "null")
        if fault == "silence":
            mp3 = self.mouth.silence()
        else:
            mp3 = self.mouth.mp3(*((OTHER_WORDS, "en") if fault == "other" else (text, lang)), slow)
        ends = edges(mp3)
        middle = ends[len(ends) // 2]
        mp3 = mp3[: {"half": middle + 9, "edge": middle}.get(fault or "", len(mp3))]
        encoded = base64.b64encode(mp3).decode()
        return frame("wrb.fr", "jQ1olc", json.dumps(json.dumps([encoded[:-3] if fault == "short" else encoded])))


def drip(secure: ssl.SSLSocket, data: bytes, stop: threading.Event) -> None:
    """Send a byte at a time, ten a second, for PATIENCE."""
    for at in range(int(PATIENCE * 10)):
        secure.sendall(data[at : at + 1])
        if stop.wait(0.1):
            return


def received(connection: socket.socket) -> tuple[bytes, bytes]:
    """(head, body) of a request, at most 64 KB. Raises OSError where the other side has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += more(connection, data)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while len(body) < int(lengths[0] if lengths else 0):
        body += more(connection, body)
    return head, body


def more(connection: socket.socket, before: bytes) -> bytes:
    """The next bytes."""
    data = connection.recv(8192)
    if not data or len(before) > 65_536:
        raise ConnectionError("no request")
    return data


class Proxy(socketserver.ThreadingTCPServer):
    """Accepts on loopback; `server_close` waits for whom it still serves."""

    service: StandIn
    daemon_threads = False
    request_queue_size = AT_ONCE


class Connection(socketserver.BaseRequestHandler):
    """One connection to the proxy."""

    def handle(self) -> None:
        service: StandIn = self.server.service  # type: ignore[attr-defined]
        self.request.settimeout(5)
        with service.places, contextlib.suppress(OSError):  # whoever asked has gone, or does not believe our TLS
            service.serve(self.request)


def main() -> None:
    """Serve until standard input ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--faults", type=float, default=0.0, metavar="SHARE", help="share of requests that fail, 0 to 1")
    parser.add_argument("--only", nargs="+", choices=FAULTS, default=PASSING, metavar="FAULT", help=f"which faults: {' '.join(FAULTS)}")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cache", type=Path, help="folder of what has been said, which several runs may share")
    parser.add_argument("--log", type=Path, help="file for one JSON line a request")
    options: Any = parser.parse_args()
    with StandIn(Dice(options.faults, options.seed, options.only), options.cache, options.log) as service:
        print(json.dumps(service.environment), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
