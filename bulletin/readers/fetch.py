"""A URL becomes bytes: bounded in time, in size and in redirects, each limit with its own words."""

from __future__ import annotations

import threading
from email.message import Message
from typing import Any

from bulletin.errors import ReadError
from bulletin.model import Station

HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; bulletin; radio news reader)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9",
}
CHUNK = 65_536
SAVE = "Open it in a browser, save the page, and give bulletin the file."


def fetch(url: str, station: Station) -> tuple[bytes, str, str]:
    """The page's bytes, its content type and its encoding, by the station's limits. Raises ReadError.

    The time-out is for all of it: names looked up, headers and body. A server may drip, so the work is done in a
    thread that is left behind when time is up.
    """
    if not station.online:
        raise ReadError(f"{url} is on the network, which is not to be asked.", f"Leave out --offline, or {SAVE[0].lower()}{SAVE[1:]}")
    found: list[tuple[bytes, str, str] | ReadError] = []
    thread = threading.Thread(target=lambda: found.append(attempt(url, station)), daemon=True)
    thread.start()
    thread.join(station.timeout)
    answer = found[0] if found else too_slow(url, station)
    if isinstance(answer, ReadError):
        raise answer
    return answer


def attempt(url: str, station: Station) -> tuple[bytes, str, str] | ReadError:
    """What the server gives, or the error for what it does not."""
    import requests
    import urllib3

    session = requests.Session()
    session.max_redirects = station.max_redirects
    try:
        with session.get(url, headers=HEADERS, timeout=station.timeout, stream=True) as answer:
            if answer.status_code >= 400:
                return refused(url, answer.status_code, answer.reason)
            body = bounded(answer.raw, int(answer.headers.get("Content-Length") or 0), station.max_bytes)
            if body is None:
                return ReadError(f"{url} is larger than {station.max_bytes / 1e6:g} MB: no article.", SAVE)
            return body, *content_type(answer.headers.get("Content-Type", ""))
    except requests.TooManyRedirects:
        return ReadError(f"{url} redirects more than {station.max_redirects} times.", SAVE)
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        return too_slow(url, station)
    except requests.exceptions.SSLError:
        return ReadError(f"{url} has no valid certificate.", "Check the address, and this machine's clock.")
    except requests.ConnectionError:
        return ReadError(f"Cannot reach {url}.", f"Check the address and the network. {SAVE}")
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError):
        return ReadError(f"{url} gave an answer that cannot be read.", f"Check the address. {SAVE}")


def bounded(raw: Any, told: int, limit: int) -> bytes | None:
    """The body, decompressed as it comes, or None if it is over `limit` bytes (by what the server has told, or in truth)."""
    body = bytearray()
    while told <= limit and (chunk := raw.read(CHUNK, decode_content=True)):
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body) if told <= limit else None


def too_slow(url: str, station: Station) -> ReadError:
    """The error for a server that hangs or drips."""
    return ReadError(f"{url} did not answer within {station.timeout:g} seconds.", f"Try again later. {SAVE}")


def refused(url: str, status: int, reason: str) -> ReadError:
    """The error for a page that the server will not give."""
    why = {
        404: "there is no such page",
        410: "the page is gone",
        401: "it asks for a login",
        403: "it refuses us",
        429: "too many requests",
    }
    hint = "Check the address." if status in (404, 410) else SAVE
    return ReadError(f"{url} answered {status}: {why.get(status, reason or 'an error')}.", hint)


def content_type(header: str) -> tuple[str, str]:
    """`text/html; charset=utf-8` to (`text/html`, `utf-8`)."""
    message = Message()
    message["content-type"] = header or "text/html"
    return message.get_content_type(), message.get_content_charset() or ""
