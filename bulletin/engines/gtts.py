"""gTTS: about seventy languages, each sentence over the network to Google Translate's voice."""

from __future__ import annotations

import functools
import io
import re
import ssl
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.exceptions import ProxyError, ReadTimeout, RequestException
from requests.utils import select_proxy
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError

from bulletin.errors import OFFLINE, EngineError, VoiceError
from bulletin.model import Speech, Voice
from bulletin.waiting import retry_after

PIECE = 100
"""Characters that the service takes at once (gTTS.GOOGLE_TTS_MAX_CHARS): longer text gTTS would cut where it likes."""
TIMEOUT = (5.0, 20.0)
"""Seconds to connect, seconds to wait for the next bytes."""
SLOW = 0.75
"""The rate under which its slow voice is nearer than its other one: it has two."""
AS_IT_IS: dict[str, Any] = {"lang_check": False, "pre_processor_funcs": [], "tokenizer_func": lambda text: [text]}
"""Arguments by which gTTS changes nothing: a text is one request, and what is an abbreviation has been said by rules of ours."""
MOST = 4_000_000
"""Bytes of an answer that are read. A hundred characters spoken slowly are a tenth of that."""
CUT = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""Errors of a connection that had been made; behind a proxy urllib3 says of these, too, that the proxy cannot be reached."""
ELSEWHERE = "Ask another domain of Google's, as gtts:en@com."
NETWORK = f"Check the network. {OFFLINE}"
ACCENTS = {
    "en-AU": ("com.au", "English (Australia)"),
    "en-CA": ("ca", "English (Canada)"),
    "en-GB": ("co.uk", "English (United Kingdom)"),
    "en-IE": ("ie", "English (Ireland)"),
    "en-IN": ("co.in", "English (India)"),
    "en-NG": ("com.ng", "English (Nigeria)"),
    "en-US": ("us", "English (United States)"),
    "en-ZA": ("co.za", "English (South Africa)"),
    "es-ES": ("es", "Spanish (Spain)"),
    "es-MX": ("com.mx", "Spanish (Mexico)"),
    "es-US": ("us", "Spanish (United States)"),
    "fr-CA": ("ca", "French (Canada)"),
    "fr-FR": ("fr", "French (France)"),
    "pt-BR": ("com.br", "Portuguese (Brazil)"),
    "pt-PT": ("pt", "Portuguese (Portugal)"),
}
"""The domain of Google's that gives an accent, from gTTS's documentation: “Localized accents” (gtts.readthedocs.io, module)."""
DOMAIN = re.compile(r"com|cat|(?:com?\.)?[a-z]{2}")
"""The shape of all that stands behind “google.” (google.com/supported_domains): no text goes to anybody else's host."""


class Engine:
    """Online. Its own splitting at 100 characters is never reached: what comes in is shorter, so that a call is one request."""

    max_chars: int | None = PIECE
    online = True
    at_once: int | None = 4
    paced = False
    alphabet = ""
    trained = True

    def __init__(self) -> None:
        self.version = f"{version('gTTS')}+1"  # the number is ours: raise it when the same words would sound otherwise

    def voices(self) -> Sequence[Voice]:
        """One voice a language, from the table that gTTS carries, then one an accent (`en-GB`)."""
        plain = {code: name for code, name in languages().items() if code not in ACCENTS}
        accents = {code: f"{name}, by {host(domain)}" for code, (domain, name) in ACCENTS.items()}
        return [
            Voice(engine="gtts", id=code, language=code, note=f"{note}, sent to Google Translate", online=True)
            for code, note in (plain | accents).items()
        ]

    def voice(self, id: str) -> Voice | None:
        """A language by any domain of Google's, as `en@com.au`. Raises VoiceError where either is none."""
        code, at, domain = id.partition("@")
        if not at:
            return None
        code = next((known for known in languages() if known.lower() == code.lower()), "")
        if not code or not DOMAIN.fullmatch(domain.lower()):
            what = f"no domain of Google's: “{domain}”" if code else f"no language of gTTS's: “{id.partition('@')[0]}”"
            raise VoiceError(f"There is no voice “gtts:{id}”: that is {what}.", "Write it as gtts:en@com.au. All voices: bulletin voices")
        note = f"{languages()[code]}, by {host(domain.lower())}, sent to Google Translate"
        return Voice(engine="gtts", id=f"{code}@{domain.lower()}", language=code, note=note, online=True)

    def cannot_say(self, text: str) -> str:
        """Nothing is known of what the service passes over."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """It takes letters alone."""
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """One MP3, by one request. Raises EngineError for no network, a refusal, or an answer without sound (which gTTS passes over)."""
        if len(text) > PIECE:
            raise EngineError(f"“{text}” is {len(text)} characters long, and gTTS takes {PIECE}.", "Split it into sentences.")
        code, domain = address(voice.id)
        tts = library()
        try:
            encoded = b"".join(tts.gTTS(text, lang=code, tld=domain, slow=rate < SLOW, **AS_IT_IS).stream())
        except AssertionError as error:
            raise EngineError(f"gTTS finds nothing to say in “{text}”.", "Change the words.") from error
        except (tts.gTTSError, ValueError) as error:  # no audio in its frame; letters or Base64 that are none
            raise soundless(text) from error
        if not encoded:
            raise soundless(text)
        return Speech(encoded=encoded)


class Session(requests.Session):
    """Sends gTTS's request as it ought to be sent: TLS verified, the environment's proxies, no redirects, an answer of bounded size."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: Google Translate's voice does not move, so a redirect is news of its own."""
        return None

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """The whole answer, if it is 200. Raises EngineError for any other, or for none."""
        url = str(request.url)
        settings: dict[str, Any] = {}
        try:
            settings |= self.merge_environment_settings(url, {}, True, None, None)
            answer = super().send(request, timeout=TIMEOUT, **settings)
            if answer.status_code == 200:
                answer = replayed(answer, request)
        except (RequestException, HTTPError) as error:
            raise broken(error, url, select_proxy(url, settings.get("proxies"))) from error
        except OSError as error:  # requests looks for the file before anything is sent
            raise EngineError(f"{error}.", f"Correct REQUESTS_CA_BUNDLE, or unset it. {OFFLINE}", lost=True) from error
        if answer.status_code != 200:
            answer.close()
            raise refusal(answer, url)
        return answer


@functools.cache
def library() -> Any:
    """The module `gtts.tts`, in an instance of our own: what another part of the process does with gTTS stays as it is.

    It sends with `verify=False` and without a bound on the answer, follows redirects, switches urllib3's warning off for the whole
    process, and has no setting for any of it. The name `requests` in it is therefore ours: all that it looks for there, with our
    Session, and no way to the warnings.
    """
    spec = find_spec("gtts.tts")
    assert spec is not None and spec.loader is not None, "gTTS is required"
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.requests = SimpleNamespace(Request=requests.Request, Session=Session, exceptions=requests.exceptions)
    return module


@functools.cache
def languages() -> dict[str, str]:
    """Languages by code, as gTTS's table has them."""
    from gtts.lang import tts_langs

    return dict(tts_langs())


def host(domain: str) -> str:
    """Google Translate's host in a domain."""
    return f"translate.google.{domain}"


def address(id: str) -> tuple[str, str]:
    """(language, domain) to ask for a voice: `en@com.au` says both, `en-GB` is in ACCENTS, any other is asked of google.com."""
    code, _, domain = id.partition("@")
    if domain:
        return code, domain
    return (code if code in languages() else code.partition("-")[0]), ACCENTS.get(code, ("com", ""))[0]


def replayed(answer: requests.Response, request: requests.PreparedRequest) -> requests.Response:
    """An answer that has been read to its end. Raises EngineError where it has none."""
    found = bytearray()
    for part in answer.iter_content(1024):
        found += part
        if len(found) > MOST:
            answer.close()
            raise EngineError("Google Translate's answer does not end.", "Try again.", transient=True)
    read = requests.Response()
    read.status_code, read.headers, read.url, read.request = answer.status_code, answer.headers, answer.url, request
    read.raw = io.BytesIO(found)
    return read


def soundless(text: str) -> EngineError:
    """The error for an answer that is none: a frame without audio, a page, half a frame."""
    return EngineError(
        f"gTTS gave no sound for “{text}”: Google Translate answered 200 with no speech in it.",
        "Try again, or change the words.",
        transient=True,
    )


def refusal(answer: requests.Response, url: str) -> EngineError:
    """The error for a status that is not 200."""
    status, asked, after = answer.status_code, urlsplit(url).hostname or "", retry_after(answer.headers)
    if answer.is_redirect:
        target = urlsplit(answer.headers["location"])
        if not (target.hostname or "").startswith("www.google.") or not target.path.startswith("/sorry"):
            return moved(asked, target.hostname or asked)
        status = 429  # where Google sends those who ask too much: gTTS's issue 259
    if status == 429:
        return EngineError(
            "Google Translate answers 429: too many requests from here.", f"Wait an hour. {OFFLINE}", transient=True, after=after
        )
    if status in (403, 404):
        return EngineError(f"{asked} answered {status}: there is no voice to be had.", f"{ELSEWHERE} {OFFLINE}", lost=True)
    return EngineError(f"Google Translate answered {status}.", f"Try again later. {OFFLINE}", transient=status >= 500, after=after)


def moved(asked: str, target: str) -> EngineError:
    """The error for a redirect, by whom it leads to."""
    if re.fullmatch(rf"(?:[a-z0-9-]+\.)*google\.(?:{DOMAIN.pattern})", target):
        return EngineError(f"{asked} sends us on to {target}.", f"{ELSEWHERE} {OFFLINE}", lost=True)
    return EngineError(
        f"Instead of {asked}, {target} answers: a login page of this network, as it seems.",
        f"Open a web page in a browser, log in to the network, and try again. {OFFLINE}",
        lost=True,
    )


def broken(error: Exception, url: str, proxy: str | None) -> EngineError:
    """The error for no answer, or half of one: lost where there is no way to the service, transient where there was."""
    asked, reasons = urlsplit(url).hostname or "", list(causes(error))
    cut = any(isinstance(reason, CUT) for reason in reasons)
    if not cut and (untrusted := next((reason for reason in reasons if isinstance(reason, ssl.SSLError)), None)):
        return distrusted(asked, str(getattr(untrusted, "verify_message", "") or untrusted.reason or untrusted))
    if any(isinstance(reason, ReadTimeoutError | ReadTimeout) for reason in reasons):
        return EngineError(f"{asked} did not answer within {TIMEOUT[1]:.0f} s.", NETWORK, transient=True)
    if not cut and isinstance(error, ProxyError | ValueError):  # requests' InvalidProxyURL and its kin are ValueErrors
        named = urlsplit(proxy or "").netloc.rpartition("@")[2] or "that is set"  # never its password
        hint = f"Correct HTTPS_PROXY, or name the host in NO_PROXY. {OFFLINE}"
        return EngineError(f"gTTS could not reach Google Translate: the proxy {named} does not lead there.", hint, lost=True)
    if any(isinstance(reason, NewConnectionError | ConnectTimeoutError) for reason in reasons):
        return EngineError("gTTS could not reach Google Translate.", NETWORK, lost=True)
    return EngineError(f"The connection to {asked} was cut off.", NETWORK, transient=True)


def distrusted(asked: str, why: str) -> EngineError:
    """The error for a host that cannot show who it is."""
    return EngineError(
        f"What answers as {asked} cannot show that it is: {why.rstrip('.')}.",
        "Probable cause: this machine's clock is wrong, the network wants you to log in, or a proxy opens TLS here: then set "
        f"REQUESTS_CA_BUNDLE to its CA's file. {OFFLINE}",
        lost=True,
    )


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and all that are in it or behind it: requests and urllib3 wrap as arguments, as reasons and as causes."""
    seen, left = set[int](), [error]
    while left:
        if not isinstance(found := left.pop(), BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        left += [*found.args, getattr(found, "reason", None), found.__cause__, found.__context__]
