"""A URL becomes bytes: bounded in time, in size and in redirects, each limit with its own words."""

from __future__ import annotations

import time
from email.message import Message

from bulletin.errors import ReadError
from bulletin.model import Station

HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; bulletin; radio news reader)",
    "Accept": "text/html,application/xhtml+xml,text/plain;q=0.9",
}
SAVE = "Open it in a browser, save the page, and give bulletin the file."


def fetch(url: str, station: Station) -> tuple[bytes, str, str]:
    """The page's bytes, its content type and its encoding, by the station's limits. Raises ReadError."""
    import requests

    session = requests.Session()
    session.max_redirects = station.max_redirects
    try:
        with session.get(url, headers=HEADERS, timeout=station.timeout, stream=True) as answer:
            if answer.status_code >= 400:
                raise refused(url, answer.status_code, answer.reason)
            body = bounded(answer, url, station)
            return body, *content_type(answer.headers.get("Content-Type", ""))
    except requests.TooManyRedirects as error:
        raise ReadError(f"{url} redirects more than {station.max_redirects} times.", SAVE) from error
    except requests.Timeout as error:
        raise too_slow(url, station) from error
    except requests.exceptions.SSLError as error:
        raise ReadError(f"{url} has no valid certificate.", "Check the address, and this machine's clock.") from error
    except requests.ConnectionError as error:
        raise ReadError(f"Cannot reach {url}.", f"Check the address and the network. {SAVE}") from error
    except (requests.RequestException, ValueError) as error:
        raise ReadError(f"Cannot fetch {url}: {error}.", "Check the address.") from error


def bounded(answer, url: str, station: Station) -> bytes:  # type: ignore[no-untyped-def]  # requests has no types
    """The body, if it comes in time and is not too large."""
    too_large = ReadError(f"{url} is larger than {station.max_bytes / 1e6:g} MB: no article.", SAVE)
    if int(answer.headers.get("Content-Length") or 0) > station.max_bytes:
        raise too_large
    deadline = time.monotonic() + station.timeout
    body = bytearray()
    for chunk in answer.iter_content(16_384):
        body += chunk
        if len(body) > station.max_bytes:
            raise too_large
        if time.monotonic() > deadline:
            raise too_slow(url, station)
    return bytes(body)


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
