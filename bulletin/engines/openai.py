"""OpenAI, and every server that speaks as it does (`/v1/audio/speech`): `openai:VOICE` or `openai:MODEL/VOICE`.

OPENAI_BASE_URL names the server, OPENAI_API_KEY holds the key; a server of one's own may need none. What a voice speaks is not
said anywhere: most of them speak many languages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

from bulletin.errors import EngineError, VoiceError
from bulletin.model import Speech, Voice
from bulletin.waiting import retry_after

if TYPE_CHECKING:
    from requests import Response

BASE = "https://api.openai.com/v1"
MODEL = "tts-1"
VOICES = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")
"""Of OpenAI's own server; others have others."""
TIMEOUT = (5.0, 20.0)
"""Seconds to connect, seconds to wait for the next bytes."""
MOST = 50_000_000
"""Bytes of one answer: a sentence is a hundredth of that."""
FORMS = ("wav", "mp3")
"""Asked for in this order; some servers have no WAV."""
ELSEWHERE = "Choose another voice: bulletin voices"


class Engine:
    """A request a sentence; its voices are offline where the server is on this machine."""

    max_chars: int | None = 2000
    online = True
    at_once: int | None = 4
    paced = False  # some models pass over the speed that is asked for, and voicing anew to fit a length is paid for
    alphabet = ""
    trained = True

    def __init__(self) -> None:
        self.forms: tuple[str, ...] = FORMS

    @property
    def version(self) -> str:
        """The server, since others may have other voices by the same name."""
        return f"1 {address().netloc.rpartition('@')[2]}{address().path}"

    def voices(self) -> Sequence[Voice]:
        """Those of OpenAI's own server; of another nothing is known."""
        return [named(voice) for voice in VOICES] if base() == BASE else []

    def voice(self, id: str) -> Voice | None:
        """Any by name. Raises VoiceError for none."""
        if not re.fullmatch(r"[^\s/][^\s]*", id) or id.endswith("/"):
            raise VoiceError(f"“{id}” names no voice of OpenAI's.", "openai:VOICE or openai:MODEL/VOICE, as in openai:tts-1-hd/nova")
        return named(id)

    def cannot_say(self, text: str) -> str:
        """Nothing is known of what a server passes over."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """It takes letters alone."""
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """A WAV, or an MP3 from a server that has none. Raises EngineError."""
        if not key() and base() == BASE:
            raise EngineError("OpenAI wants a key.", "Put it into the environment: OPENAI_API_KEY", lost=True)
        for form in self.forms:
            status, headers, body = asked(text, voice, rate, form)
            if status in (400, 415, 422) and form != self.forms[-1] and "format" in reason(body):
                continue
            self.forms = (form,) if status == 200 else self.forms
            break
        if status != 200:
            raise refused(status, headers, body, voice)
        if not body or body.lstrip()[:1] in (b"{", b"<"):
            raise EngineError(f"{host()} gave no sound for “{text[:60]}”{quoted(body)}.", f"Try again. {ELSEWHERE}", transient=True)
        return Speech(encoded=body)


def base() -> str:
    """The server's address, without a stroke at the end."""
    return (os.environ.get("OPENAI_BASE_URL", "").strip() or BASE).rstrip("/")


def address() -> SplitResult:
    """The parts of the address; none of one that cannot be read."""
    try:
        return urlsplit(base())
    except ValueError:
        return urlsplit("")


def host() -> str:
    """The server's name, for messages."""
    return address().hostname or "the server in OPENAI_BASE_URL"


def key() -> str:
    """The key, or empty. It goes into one header and nowhere else."""
    return os.environ.get("OPENAI_API_KEY", "").strip()


def here() -> bool:
    """Whether the server is on this machine: nothing leaves it then, so no proxy is asked either."""
    return address().hostname in ("localhost", "127.0.0.1", "::1")


def named(id: str) -> Voice:
    """A voice by its name. `mul` stands for many languages (ISO 639-2)."""
    ready = bool(key()) or base() != BASE
    away = not here()
    note = f"{id.rpartition('/')[0] or MODEL}, " + (f"sent to {host()}" if away else "a server on this machine")
    return Voice(engine="openai", id=id, language="mul", online=away, ready=ready, note=note + ("" if ready else "; needs OPENAI_API_KEY"))


def asked(text: str, voice: Voice, rate: float, form: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of one answer. Raises EngineError where there is none."""
    import requests

    model, _, who = voice.id.rpartition("/")
    wanted = {"model": model or MODEL, "voice": who, "input": text, "response_format": form, "speed": rate}
    headers = {"Authorization": f"Bearer {key()}"} if key() else {}
    proxies = {"http": "", "https": ""} if here() else None
    try:
        with requests.post(
            f"{base()}/audio/speech",
            json=wanted,
            headers=headers,
            timeout=TIMEOUT,
            stream=True,
            allow_redirects=False,
            proxies=proxies,
        ) as answer:
            return answer.status_code, dict(answer.headers), received(answer)
    except (requests.RequestException, ValueError) as error:
        raise unanswered(error) from None  # a chained error of requests could show the headers, which hold the key
    except OSError as error:  # requests looks for the file before anything is sent
        raise EngineError(f"{error}.", "Correct REQUESTS_CA_BUNDLE, or unset it.", lost=True) from error


def received(answer: Response) -> bytes:
    """The body. Raises EngineError for one that is too large to be a sentence."""
    body = bytearray()
    for chunk in answer.iter_content(65_536):
        body += chunk
        if len(body) > MOST:
            raise EngineError(f"{host()} sends more than {MOST // 1_000_000} MB for one sentence.", ELSEWHERE, lost=True)
    return bytes(body)


def unanswered(error: Exception) -> EngineError:
    """Our error where no answer came: whether it may come later, or the server is not there at all."""
    import requests

    if isinstance(error, requests.exceptions.SSLError):
        return EngineError(f"{host()} shows a certificate that nobody vouches for.", "REQUESTS_CA_BUNDLE names further ones.", lost=True)
    if isinstance(error, requests.Timeout):
        return EngineError(f"{host()} did not answer in time.", f"Try again. {ELSEWHERE}", transient=True)
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.exceptions.ProxyError) or "NewConnectionError" in repr(getattr(cause, "reason", "")):
        return EngineError(f"{host()} could not be reached.", f"Check the network, and OPENAI_BASE_URL. {ELSEWHERE}", lost=True)
    if isinstance(error, (requests.exceptions.InvalidHeader, UnicodeError)):
        return EngineError("OPENAI_API_KEY has signs that no key has.", "Copy it again, on one line.", lost=True)
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return EngineError(f"{host()} broke off.", f"Try again. {ELSEWHERE}", transient=True)
    return EngineError(f"No request can be made to {host()}.", "OPENAI_BASE_URL is an address as https://api.openai.com/v1", lost=True)


def refused(status: int, headers: dict[str, str], body: bytes, voice: Voice) -> EngineError:
    """Our error for an answer that is no sound. What a server says of a key is never quoted: some repeat it."""
    if status in (401, 403):
        hint = "Check OPENAI_API_KEY, and what it is allowed." if key() else "Put a key into the environment: OPENAI_API_KEY"
        return EngineError(f"{host()} answers {status}: the key is not taken.", hint, lost=True)
    if status == 429 and "insufficient_quota" in body[:5000].decode("utf-8", "replace"):
        return EngineError(f"{host()} answers 429: the account has nothing left.", f"Top it up. {ELSEWHERE}", lost=True)
    if status == 429 or status >= 500:
        what = "429: too many requests" if status == 429 else str(status)
        return EngineError(f"{host()} answers {what}.", f"Wait. {ELSEWHERE}", transient=True, after=retry_after(headers))
    if status == 404:
        model = voice.id.rpartition("/")[0] or MODEL
        return EngineError(
            f"{host()} answers 404: no model “{model}”, or no speech there{quoted(body)}.", "OPENAI_BASE_URL ends in /v1", lost=True
        )
    if 300 <= status < 400:
        return EngineError(f"{host()} answers {status}: it is elsewhere.", "Put its own address into OPENAI_BASE_URL", lost=True)
    return EngineError(f"{host()} answers {status} to {voice.name}{quoted(body)}.", ELSEWHERE)


def reason(body: bytes) -> str:
    """What a server says went wrong, as OpenAI, FastAPI and others write it; empty if it says nothing."""
    import json

    try:
        said: Any = json.loads(body[:20_000])
    except ValueError:
        return ""
    for name in ("error", "message", "detail", "msg"):
        said = said[0] if isinstance(said, list) and said else said
        said = said.get(name, said) if isinstance(said, dict) else said
    return said if isinstance(said, str) else ""


def quoted(body: bytes) -> str:
    """The server's own words behind a message, one line, without the key."""
    said = " ".join(reason(body).split())[:200].rstrip(".")
    if key():
        said = said.replace(key(), "…")
    said = re.sub(r"\bsk-[\w*-]+", "…", said)
    return f": {said}" if said else ""
