"""Edge: Microsoft's online voices in some seventy languages, `pip install 'bulletin[edge]'` (edge-tts, LGPL-3).

They are those that the Edge browser reads pages aloud with. Nobody has promised them to others: they break without warning.
"""

from __future__ import annotations

import asyncio
import csv
import functools
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from importlib.util import find_spec
from typing import Any

from bulletin.errors import EngineError, VoiceError
from bulletin.model import Speech, Voice
from bulletin.waiting import retry_after

INSTALL = "pip install 'bulletin[edge]'"
TIMEOUT = (5, 20)
"""Seconds to connect, seconds to wait for the next bytes."""
HOST = "https://speech.platform.bing.com/"
"""For whom a proxy is looked up in the environment."""
NAME = re.compile(r"([a-z]{2,3}-[A-Z]{2})(?:-[a-z]+)?-[A-Za-z]+Neural")
"""`en-GB-SoniaNeural`, `zh-CN-liaoning-XiaobeiNeural`."""
ELSEWHERE = "Choose another voice, gtts or one that works offline: bulletin voices"
CHILDREN = ("Ana", "Maisie", "Eloise")
"""Voices of children."""


class Engine:
    """Online, a connection a sentence."""

    max_chars: int | None = 1000
    online = True
    at_once: int | None = 4
    paced = False  # it would be, but a bulletin voiced anew to fit its length would ask the service for all of it again
    alphabet = ""
    trained = True
    version = "1"  # the sound is made elsewhere: what package asks for it changes nothing

    def voices(self) -> Sequence[Voice]:
        """The table that ships: a request for the service's own would make every listing wait."""
        return table(installed())

    def voice(self, id: str) -> Voice | None:
        """A voice that the table does not have yet. Raises VoiceError for what is no name of a voice."""
        if not (match := NAME.fullmatch(id)):
            raise VoiceError(f"“{id}” is no voice of Edge's.", "They are named as edge:en-GB-SoniaNeural; all: bulletin voices --all")
        return Voice(engine="edge", id=id, language=match[1], note=note("voice", installed()), online=True, ready=installed())

    def cannot_say(self, text: str) -> str:
        """Nothing is known of what the service passes over."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """It takes letters alone."""
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """One MP3, 24 kHz. Raises EngineError for no network, a refusal, an answer without sound or one that breaks off."""
        if not installed():
            raise EngineError("edge-tts is not installed.", f"{INSTALL} (LGPL-3)", lost=True)
        import aiohttp
        from edge_tts.exceptions import EdgeTTSException, NoAudioReceived, SkewAdjustmentError

        try:
            sound, whole = run(text, voice.id, rate)
        except NoAudioReceived as error:
            raise EngineError(f"Edge gave no sound for “{text[:60]}” as {voice.id}.", f"Try again. {ELSEWHERE}", transient=True) from error
        except (aiohttp.WSServerHandshakeError, SkewAdjustmentError) as error:
            raise refused(error) from error
        except (aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError, aiohttp.ClientHttpProxyError) as error:
            raise EngineError("Edge's voices could not be reached.", f"Check the network. {ELSEWHERE}", lost=True) from error
        except (aiohttp.ClientError, EdgeTTSException, OSError, ValueError, TypeError) as error:
            what = str(error) or type(error).__name__
            raise EngineError(f"Edge failed on “{text[:60]}”: {what}.", f"Try again. {ELSEWHERE}", transient=True) from error
        if not (sound and whole):
            raise EngineError(f"Edge broke off in “{text[:60]}”.", f"Try again. {ELSEWHERE}", transient=True)
        return Speech(encoded=sound)


def installed() -> bool:
    """Whether edge-tts is here, without importing it."""
    return find_spec("edge_tts") is not None


def note(who: str, ready: bool) -> str:
    """What staff may want to know of one."""
    return f"{who}, sent to Microsoft, breaks without warning" + ("" if ready else f"; needs {INSTALL}")


@functools.cache
def table(ready: bool) -> tuple[Voice, ...]:
    """The voices of edge.csv, a language's widest spoken accent first."""
    rows = csv.DictReader(resources.files(__package__).joinpath("edge.csv").read_text("utf-8").splitlines())
    return tuple(
        Voice(
            engine="edge",
            id=f"{row['locale']}-{name}Neural",
            language="-".join(row["locale"].split("-")[:2]),
            note=note("child" if name in CHILDREN else who, ready),
            online=True,
            ready=ready,
        )
        for row in rows
        for who, names in (("woman", row["women"]), ("man", row["men"]))
        for name in names.split()
    )


def run(text: str, id: str, rate: float) -> tuple[bytes, bool]:
    """The sound, and whether it is whole: in a loop of its own, on a thread of its own where the caller has one running."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(collected(text, id, rate))
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(collected(text, id, rate))).result()


async def collected(text: str, id: str, rate: float) -> tuple[bytes, bool]:
    """The sound, and whether the service said that this was all: edge-tts takes a connection that breaks off for the end.

    What it counts at the end of each turn is then less than what has come.
    """
    from edge_tts import Communicate

    asked = Communicate(
        text, id, rate=f"{round((rate - 1) * 100):+d}%", proxy=proxy(), connect_timeout=TIMEOUT[0], receive_timeout=TIMEOUT[1]
    )
    sound, stream = bytearray(), asked.stream()
    while chunk := await asyncio.wait_for(anext(stream, None), sum(TIMEOUT)):  # its own limit is off once it is connected
        if chunk["type"] == "audio":
            sound += chunk["data"]
    return bytes(sound), asked.state.get("cumulative_audio_bytes", len(sound)) == len(sound)


def proxy() -> str | None:
    """The proxy that the environment names for the service: aiohttp looks for WSS_PROXY alone, which nobody sets."""
    from requests.utils import get_environ_proxies, select_proxy

    found = select_proxy(HOST, get_environ_proxies(HOST))
    return str(found) if found else None


def refused(error: Any) -> EngineError:
    """Our error for a refused connection: what was answered, and whether trying again may help."""
    status, headers = getattr(error, "status", 403), getattr(error, "headers", None) or {}
    if status == 429:
        return EngineError(
            "Edge answers 429: too many requests from here.", f"Wait. {ELSEWHERE}", transient=True, after=retry_after(headers)
        )
    if status >= 500:
        return EngineError(f"Edge answered {status}.", f"Try again. {ELSEWHERE}", transient=True, after=retry_after(headers))
    return EngineError(
        f"Edge answers {status}: it does not take us for its browser.",
        f"Check this machine's clock, then: pip install --upgrade edge-tts. {ELSEWHERE}",
        lost=True,
    )
