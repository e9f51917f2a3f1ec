"""A folder of bulletins over HTTP, as a podcast host would give it out: for trying its feed, its page and its sound.

By RFC 9110 and 9112: one range of bytes, entity tags and dates, connections that stay open. For a desk, not for the public.
"""

from __future__ import annotations

import errno
import hashlib
import html
import io
import ipaddress
import os
import re
import socket
import socketserver
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from email.message import Message
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote, unquote_to_bytes

from bulletin.errors import BulletinError, UsageError

Made = Mapping[str, Callable[[str], bytes]]
"""A file's name in the folder (`feed.xml`) -> what gives its bytes, told this server's address with a slash at its end."""

KINDS = {
    ".chapters.json": "application/json+chapters",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".png": "image/png",
    ".srt": "application/x-subrip; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".wav": "audio/wav",
    ".xml": "application/rss+xml; charset=utf-8",
}
"""The ending of a name -> its media type; the first that fits."""
UNKNOWN = "application/octet-stream"
INDEX = "index.html"
WILDCARDS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # looked up, not listened on
"""Every address of this machine -> the one that it has for itself."""
IDLE = 60.0
"""Seconds that a client may neither ask nor take anything before its connection is closed; a player that paused asks again."""
HOST = re.compile(r"(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
TAG = re.compile(r'(W/)?("[^"]*")')
RANGE = re.compile(r"bytes[ \t]*=[ \t]*([0-9]{0,999})[ \t]*-[ \t]*([0-9]{0,999})[ \t]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a name stands for, ready to be read."""

    kind: str
    """Media type."""
    size: int
    """Bytes."""
    tag: str
    """Strong entity tag, in its quotes."""
    changed: int | None = None
    """Seconds since 1970, where that is known."""
    body: BinaryIO


class Server(ThreadingHTTPServer):
    """Listens, and answers each connection in a thread of its own."""

    daemon_threads = True
    request_queue_size = 64
    allow_reuse_address = os.name != "nt"  # there it would let two listen on one port

    def __init__(self, folder: Path, host: str, port: int, made: Made, log: Callable[[str], None]) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.folder, self.made, self.log = folder.resolve(), made, log
        super().__init__((host, port), Handler)
        bound = str(self.server_address[0])
        self.shared = not ipaddress.ip_address(bound).is_loopback
        """Whether other machines can reach it."""
        near = WILDCARDS.get(bound, host)
        self.url = f"http://{f'[{near}]' if ':' in near else near}:{self.server_port}/"
        """Where a browser on this machine finds it."""

    def server_bind(self) -> None:
        """Take the address without asking the network for our name, which can take seconds."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is no error; another is shown, and the next request answered."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Server
    protocol_version = "HTTP/1.1"
    timeout = IDLE
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer until the client has gone, of which nobody need hear."""
        with suppress(ConnectionError, TimeoutError):
            super().handle()

    def do_GET(self) -> None:
        """Answer GET and HEAD."""
        self.leave_body()
        name = named(self.path)
        try:
            content = None if name is None else self.content(name)
        except Exception as error:  # what is made for this answer could not be
            message, hint = (
                (error.message, error.hint) if isinstance(error, BulletinError) else ("It could not be made.", "See the terminal.")
            )
            self.say(HTTPStatus.INTERNAL_SERVER_ERROR, message, hint)
            if not isinstance(error, BulletinError):
                raise
            return
        if content:
            with content.body:
                self.give(content)
        elif name and place(self.server.folder, f"{name}/"):
            self.head(HTTPStatus.MOVED_PERMANENTLY, {"Location": f"/{quoted(name)}/", "Content-Length": "0"})
        else:
            self.say(HTTPStatus.NOT_FOUND, "There is no such file here, or none that may be read.")

    do_HEAD = do_GET  # noqa: N815  # http.server finds a method by this name

    def do_POST(self) -> None:
        """Refuse whatever would change something."""
        self.leave_body()
        self.say(HTTPStatus.METHOD_NOT_ALLOWED, "Files are only given out here.", Allow="GET, HEAD")

    do_DELETE = do_OPTIONS = do_PATCH = do_PUT = do_POST  # noqa: N815  # the same

    def leave_body(self) -> None:
        """A body that nobody reads must not be taken for the next request."""
        if self.headers.get("Content-Length", "0") != "0" or "Transfer-Encoding" in self.headers:
            self.close_connection = True

    def content(self, name: str) -> Content | None:
        """What is given out under a name: what is made for it, else the file, else, for a folder, its index or a list."""
        if is_folder := not name or name.endswith("/"):
            name += INDEX
        if name in self.server.made:
            return text(kind(name), self.server.made[name](self.address()))
        with suppress(OSError):
            if path := place(self.server.folder, name):
                return file(path, name)
            if is_folder and (path := place(self.server.folder, name.removesuffix(INDEX))):
                made = [each for each in self.server.made if name == INDEX and "/" not in each]
                return text(KINDS[".html"], page(path.name, listing(self.server.folder, path, made)))
        return None

    def address(self) -> str:
        """Where the client found us, which may be on another machine."""
        host = self.headers.get("Host", "")
        return f"http://{host}/" if HOST.fullmatch(host) else self.server.url

    def give(self, content: Content) -> None:
        """Send what was asked for: the whole, a part, or word that the client has it already."""
        about = {"Content-Type": content.kind, "Accept-Ranges": "bytes", "ETag": content.tag}
        if content.changed is not None:
            about["Last-Modified"] = formatdate(content.changed, usegmt=True)
        if settled := condition(self.headers, content):
            del about["Content-Type"]
            self.head(settled, about if settled == HTTPStatus.NOT_MODIFIED else {"Content-Length": "0"})
            return
        whole = range(content.size)
        part = span(self.headers, content) if self.command == "GET" else whole
        if part == whole:
            self.head(HTTPStatus.OK, {**about, "Content-Length": str(content.size)})
        elif part:
            shown = f"bytes {part.start}-{part.stop - 1}/{content.size}"
            self.head(HTTPStatus.PARTIAL_CONTENT, {**about, "Content-Length": str(len(part)), "Content-Range": shown})
        else:
            beyond = {"Content-Length": "0", "Content-Range": f"bytes */{content.size}"}
            self.head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, beyond)
        self.send(content.body, part)

    def send(self, body: BinaryIO, part: range) -> None:
        """Send a part of a body; one that was cut off in the meantime ends the connection, as its length was promised."""
        if part and self.command != "HEAD" and self.connection.sendfile(body, part.start, len(part)) < len(part):
            self.close_connection = True

    def say(self, status: HTTPStatus, message: str, hint: str = "", **headers: str) -> None:
        """Answer with a page of a few words."""
        words = "".join(f"<p>{html.escape(line)}</p>\n" for line in (message, hint) if line)
        body = page(f"{status.value} {status.phrase}", f'{words}<p><a href="/">What is here</a></p>\n')
        self.head(status, {"Content-Type": KINDS[".html"], "Content-Length": str(len(body)), **headers})
        self.send(io.BytesIO(body), range(len(body)))

    def head(self, status: HTTPStatus, headers: Mapping[str, str]) -> None:
        """Send the status and the headers; any page on the web may read the answer, as its player must."""
        self.send_response(status)
        for name, value in {**headers, "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def version_string(self) -> str:
        """What the answers call us."""
        return "bulletin"

    def log_message(self, format: str, *args: Any) -> None:
        """One line on a request, with whatever a terminal might obey made visible."""
        line = f"{self.client_address[0]} {format % args}"
        self.server.log("".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in line))


def server(folder: Path, host: str, port: int, made: Made, log: Callable[[str], None] = lambda line: None) -> Server:
    """A server that listens already; its `serve_forever` answers. port: 0 for any that is free. Raises UsageError."""
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}.", "Name one that is there, or make a bulletin first: bulletin make article.txt")
    try:
        return Server(folder, host, port, made, log)
    except socket.gaierror as error:
        raise UsageError(f"“{host}” is no address.", "Leave out --host: then this machine alone is answered.") from error
    except PermissionError as error:
        raise UsageError(f"Port {port} is kept for the system.", "Try a number above 1023: --port 8000") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = port + 1 if port < 65535 else 8000
            raise UsageError(f"Port {port} is in use already.", f"Try --port {other}, or --port 0 for any that is free.") from error
        raise UsageError(
            f"Cannot listen on {host}: {error.strerror or error}.", "Give an address of this machine, or no --host."
        ) from error


def named(target: str) -> str | None:
    """The name that a request asks for, as a path in the folder, with a slash at its end for a folder; None if nothing can have it.

    target: as in the request line, which http.server takes for Latin-1.
    """
    if not target.startswith("/"):  # the absolute form, RFC 9112 §3.2.2
        target = "/" + target.partition("://")[2].partition("/")[2]
    path = unquote_to_bytes(re.split("[?#]", target, maxsplit=1)[0].encode("latin-1")).decode("utf-8", "surrogateescape")
    parts = [part for part in path.split("/") if part]
    if not visible(parts) or "\0" in path:
        return None
    return "/".join(parts) + ("/" if parts and path.endswith("/") else "")


def visible(parts: Iterable[str]) -> bool:
    """Whether no part of a path is hidden, leads upwards, or is a file that is being written."""
    return not any(part.startswith(".") or part.lower().endswith(".part") for part in parts)


def place(folder: Path, name: str) -> Path | None:
    """The file, or with a slash at the end the folder, that a name stands for, links followed; None where it is not to be given out."""
    try:
        real = (folder / name).resolve(strict=True)
        fits = real.is_dir() if not name or name.endswith("/") else real.is_file()
    except (OSError, RuntimeError, ValueError):  # a loop of links, a name that is too long, one that the system cannot have
        return None
    return real if fits and real.is_relative_to(folder) and visible(real.relative_to(folder).parts) else None


def kind(name: str) -> str:
    """The media type of a file by its name."""
    return next((kind for ending, kind in KINDS.items() if name.lower().endswith(ending)), UNKNOWN)


def file(path: Path, name: str) -> Content:
    """A file as it is at this moment: one that takes its place meanwhile is another's answer. Raises OSError."""
    body = path.open("rb")
    facts = os.fstat(body.fileno())
    tag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    return Content(kind=kind(name), size=facts.st_size, tag=tag, changed=int(facts.st_mtime), body=body)


def text(kind: str, body: bytes) -> Content:
    """Bytes that were made for this answer."""
    return Content(kind=kind, size=len(body), tag=f'"{hashlib.sha256(body).hexdigest()}"', body=io.BytesIO(body))


def page(title: str, body: str) -> bytes:
    """A plain page."""
    style = "<style>body{font:1rem/1.6 system-ui,sans-serif;margin:2rem auto;max-width:48rem;padding:0 1rem}</style>"
    top = '<!doctype html>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
    return f"{top}<title>{html.escape(title)}</title>\n{style}\n<h1>{html.escape(title)}</h1>\n{body}".encode("utf-8", "replace")


def listing(root: Path, folder: Path, made: Iterable[str]) -> str:
    """Links to all that a folder gives out, those that are made when they are asked for among them."""
    found = {path.name + ("/" if path.is_dir() else "") for path in folder.iterdir()}
    within = "".join(f"{part}/" for part in folder.relative_to(root).parts)
    names = [name for name in found if visible([name.rstrip("/")]) and place(root, within + name)]
    links = (f'<li><a href="{quoted(name)}">{html.escape(name)}</a></li>\n' for name in sorted({*names, *made}))
    return f"<ul>\n{''.join(links)}</ul>\n"


def quoted(name: str) -> str:
    """A name as part of an address."""
    return quote(name, errors="surrogateescape")


def condition(headers: Message, content: Content) -> HTTPStatus | None:
    """What settles a request before its content is sent, in the order of RFC 9110 §13.2.2: 412, 304 or None."""
    changed = content.changed
    if wanted := field(headers, "If-Match"):
        if not matches(wanted, content.tag, strong=True):
            return HTTPStatus.PRECONDITION_FAILED
    elif changed is not None and (since := moment(field(headers, "If-Unmodified-Since"))) is not None and changed > since:
        return HTTPStatus.PRECONDITION_FAILED
    if known := field(headers, "If-None-Match"):
        return HTTPStatus.NOT_MODIFIED if matches(known, content.tag) else None
    if changed is not None and (since := moment(field(headers, "If-Modified-Since"))) is not None and changed <= since:
        return HTTPStatus.NOT_MODIFIED
    return None


def span(headers: Message, content: Content) -> range:
    """The bytes to send: all, one range of them, or none where the range lies beyond the end.

    RFC 9110 §14.2: a range that is malformed, one of several, or of a content that has changed (If-Range) is as if it were not there.
    """
    whole = range(content.size)
    asked = RANGE.fullmatch(field(headers, "Range"))
    if not asked or asked[1] + asked[2] == "" or not whole or not current(field(headers, "If-Range"), content):
        return whole
    if not asked[1]:  # the last so many
        return whole[-int(asked[2]) :] if int(asked[2]) else range(0)
    first, last = int(asked[1]), int(asked[2] or content.size)
    return whole if last < first and asked[2] else range(first, min(last + 1, content.size))


def current(known: str, content: Content) -> bool:
    """Whether If-Range (RFC 9110 §13.1.5) is not there, or has this content's tag, or its date to the second."""
    if not known or known.startswith(('"', "W/")):
        return not known or matches(known, content.tag, strong=True)
    return content.changed is not None and moment(known) == content.changed


def matches(tags: str, tag: str, *, strong: bool = False) -> bool:
    """Whether a tag is among those of a header, or the header says `*`; a weak one counts only where that is enough (§8.8.3.2)."""
    return tags == "*" or any(each == tag and not (weak and strong) for weak, each in TAG.findall(tags))


def moment(date: str) -> int | None:
    """Seconds since 1970 of an HTTP date in any of its three forms (§5.6.7); None where it is none."""
    try:
        found = parsedate_to_datetime(date)
        return int(found.replace(tzinfo=found.tzinfo or UTC).timestamp())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def field(headers: Message, name: str) -> str:
    """A header, with those of the same name joined to it (§5.3); empty where there is none."""
    return ", ".join(headers.get_all(name, [])).strip()
