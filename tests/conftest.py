"""What the tests share: an isolated home, a spoken-for store, a loopback server, and tools that we did not write."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings

from bulletin import station as stations
from bulletin.model import Station

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
SHARED = ROOT.parent / "shared"

settings.register_profile("bulletin", deadline=None)  # machines are noisy: speed is measured by scripts/bench
settings.load_profile("bulletin")

STORY = """\
Harbour bridge opens after two years of work

(RIVER RADIO) - The new harbour bridge opened to traffic on Monday, two years after the old one was closed.

The mayor cut the ribbon at noon. "It was worth the wait," she told reporters.

Engineers will watch the bridge for a month before lorries may use it.

Related News
Fares go up in spring
Feedback
"""
SAID = [
    "Harbour bridge opens after two years of work",
    "The new harbour bridge opened to traffic on Monday, two years after the old one was closed.",
    'The mayor cut the ribbon at noon. "It was worth the wait," she told reporters.',
    "Engineers will watch the bridge for a month before lorries may use it.",
]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One store for the session: what one test has voiced, the next need not."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: Path) -> Path:
    """An empty folder to work in, no user settings, the session's store."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    return tmp_path


@pytest.fixture
def station() -> Station:
    return stations.load()


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """An article as staff paste it, furniture and all."""
    path = tmp_path / "bridge.txt"
    path.write_text(STORY, encoding="utf-8")
    return path


@pytest.fixture
def run(home: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line as a shell sees it."""

    def call(*arguments: str, stdin: str | None = None, **more: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bulletin", *map(str, arguments)]
        return subprocess.run(command, input=stdin, text=True, capture_output=True, timeout=120, check=False, **more)  # type: ignore[call-overload]

    return call


def tool(name: str) -> str:
    """A program that we did not write, or a skip that says which is missing."""
    found = shutil.which(name)
    if not found:
        pytest.skip(f"{name} is not installed: apt-get install ffmpeg mpg123 mp3val mediainfo sndfile-programs liquidsoap")
    return found


class Pages(BaseHTTPRequestHandler):
    """Answers by the path, as pages and servers do."""

    pages: dict[str, tuple[int, dict[str, str], bytes]]
    stop: threading.Event

    def do_GET(self) -> None:
        if self.path == "/hang":
            self.stop.wait(5)
            return
        if self.path == "/loop":
            self.answer(302, {"Location": "/loop"}, b"")
            return
        if self.path == "/headers":
            for number in range(100):
                if self.stop.wait(0.05):
                    return
                try:
                    self.wfile.write(b"HTTP/1.0 200 OK\r\n" if number == 0 else f"X-{number}: y\r\n".encode())
                except OSError:
                    return
            return
        if self.path == "/endless":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            for _ in range(2000):
                try:
                    self.wfile.write(b"<p>more</p>" * 1000)
                except OSError:
                    return
            return
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                if self.stop.wait(0.05):
                    return
                try:
                    self.wfile.write(b"x")
                except OSError:
                    return
            return
        self.answer(*self.pages.get(self.path, (404, {}, b"no such page")))

    def answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if "Content-Length" not in headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, tuple[int, dict[str, str], bytes]]]]:
    """(base URL, path -> answer) of a server on loopback."""
    handler = type("Handler", (Pages,), {"pages": {}, "stop": threading.Event()})
    listening = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    listening.daemon_threads = True
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{listening.server_port}", handler.pages  # type: ignore[attr-defined]
    handler.stop.set()  # type: ignore[attr-defined]
    listening.shutdown()
    listening.server_close()
    thread.join()


def parts_left(folder: Path) -> list[str]:
    """Temporary files that somebody left."""
    return [name for _, _, names in os.walk(folder) for name in names if name.endswith(".part") or name.startswith(".making-")]
