"""Bytes become text: a byte-order mark, the server's or the page's word, UTF-8, then a guess; never an exception."""

from __future__ import annotations

import codecs
import re
import unicodedata

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
LATIN = frozenset(map(chr, (*range(0x20, 0x250), *range(0x2010, 0x2040), 0x20AC, 0x2122, 9, 10, 13)))
INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that carry no sound: zero-width and direction marks, soft hyphens, control characters."""


def decode(data: bytes, encoding: str = "") -> str:
    r"""The text of `data`, line ends as \\n, invisible characters out, in NFC."""
    text = decoded(data, encoding)
    return unicodedata.normalize("NFC", INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))


def decoded(data: bytes, encoding: str) -> str:
    """The text by the first encoding that fits."""
    for mark, name in MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    if name := sixteen(data):
        return data.decode(name, "replace")
    declared = META.search(data[:4096])
    for name in filter(None, ("utf-8", encoding, declared and declared.group(1).decode("ascii"))):
        try:
            return data.decode(name)
        except (UnicodeError, LookupError):
            continue
    return data.decode(guess(data[:200_000]), "replace")


def sixteen(data: bytes) -> str:
    """`utf-16-le` or `utf-16-be` where every other byte is nought, as in Western text without a mark; else empty."""
    even, odd = data[0:4000:2], data[1:4001:2]
    if len(odd) < 20:
        return ""
    if odd.count(0) > 0.7 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    return "utf-16-be" if even.count(0) > 0.7 * len(even) and odd.count(0) < 0.05 * len(odd) else ""


def guess(data: bytes) -> str:
    """The likeliest encoding. Among those of Western Europe, which a short text cannot tell apart, the web's own."""
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        return "utf-8"
    latin = sum(map(LATIN.__contains__, str(best))) > len(str(best)) * 0.97
    return "cp1252" if latin and not best.multi_byte_usage else best.encoding
