"""What Google Translate's voice answers, byte for byte, and what it is asked: for the stand-in."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from urllib.parse import parse_qs

AFTER = 1
"""Seconds that Retry-After asks for."""
PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Welcome to the caf\xe9's network.</body></html>"
"""A login page, not in UTF-8."""
PATH = b"/_/TranslateWebserverUi/data/batchexecute"


def words(body: bytes) -> tuple[str, str, bool]:
    """(text, language, whether slowly) that a request asks for."""
    rpc = json.loads(parse_qs(body.decode("ascii"))["f.req"][0])[0][0]
    text, lang, speed, _ = json.loads(rpc[1])
    return text, lang, bool(speed)


def refusals(fault: str | None) -> bytes:
    """The answer of a fault that is one of HTTP's, else nothing."""
    now = time.time()
    date = {"Date": formatdate(now, usegmt=True)}
    return {
        "429": lambda: response(429, PAGE),
        "429-delta": lambda: response(429, PAGE, **{"Retry-After": str(AFTER)}),
        "429-date": lambda: response(429, PAGE, **date, **{"Retry-After": formatdate(now + AFTER, usegmt=True)}),
        "sorry": lambda: response(302, PAGE, Location="https://www.google.com/sorry/index?continue=https://translate.google.com/"),
        "500": lambda: response(500, PAGE),
        "503": lambda: response(503, PAGE, **{"Retry-After": str(AFTER)}),
        "403": lambda: response(403, PAGE),
        "404": lambda: response(404, PAGE),
        "redirect": lambda: response(302, PAGE, Location="https://login.example/hotspot?to=https://translate.google.com/"),
        "elsewhere": lambda: response(308, PAGE, Location="https://translate.google.com/_/TranslateWebserverUi/data/batchexecute"),
        "page": lambda: response(200, PAGE),
    }.get(fault or "", bytes)()


def response(status: int, body: bytes = b"", **headers: str) -> bytes:
    """An answer of HTTP/1.1, its body in chunks as the real service sends it."""
    lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Not so'}", "Content-Type: application/json; charset=utf-8"]
    lines += ["Connection: close", "Transfer-Encoding: chunked", *(f"{name}: {value}" for name, value in headers.items())]
    parts = [body[at : at + 4096] for at in range(0, len(body), 4096)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    return "\r\n".join([*lines, "", ""]).encode() + chunks + b"0\r\n\r\n"


def frame(kind: str, name: str, payload: str) -> bytes:
    """A batchexecute answer: a guard against scripts, then arrays, each behind its length."""
    arrays = [f'[["{kind}","{name}",{payload},null,null,null,"generic"],["di",94],["af.httprm",93,"-4634",26]]', '[["e",4,null,null,1266]]']
    return "\n".join([")]}'", "", *(f"{len(array) + 2}\n{array}" for array in arrays), ""]).encode()
