"""A source becomes an Article. Each file here is one kind of source; the first that accepts the bytes reads them."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

from bulletin import languages
from bulletin.errors import ReadError
from bulletin.model import Article, Station
from bulletin.ports import Reader
from bulletin.readers import fetch
from bulletin.readers.decode import sixteen

READERS = ("html", "text")
"""In this order; `text` takes what is left."""
MAX_BYTES = 20_000_000
"""What is larger is no article."""
MAX_LINES = 25_000
"""What has more is no article."""
MAGIC = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a ZIP or an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"ID3": "an MP3",
    b"\xff\xfb": "an MP3",
    b"RIFF": "a WAV, a video or a picture",
    b"fLaC": "a FLAC",
    b"OggS": "an Ogg file",
    b"\xd0\xcf\x11\xe0": "an old Word document",
    b"{\\rtf": "an RTF document",
    b"\x7fELF": "a program",
}
CONTROL = bytes(value for value in range(32) if value not in b"\t\n\r\f\x1b")
"""Bytes that a text has few of: a stray one is passed over, more than one in fifty is no text."""
KINDS = "A source is a text file, a saved page, a script, a URL, or - for standard input."
SAVE_AS_TEXT = "Save it as plain text or as HTML, or paste its text: bulletin make - < article.txt"


def load(source: str, station: Station) -> tuple[bytes, str, str]:
    """The source's bytes, the server's content type (or empty) and its encoding (or empty). Raises ReadError."""
    if source == "-":
        return bounded(sys.stdin.buffer if sys.stdin else io.BytesIO(), "standard input"), "", ""
    if source.lower().startswith(("http://", "https://")):
        return fetch.fetch(source, station)
    if "://" in source:
        raise ReadError(f"Cannot read {source}: only http and https addresses are fetched.", "Save the page as a file.")
    if not source:
        raise ReadError("A source has no name.", KINDS)
    path = Path(source)
    try:
        if path.is_dir():
            raise ReadError(f"{source} is a folder.", f"Name the files in it: {path}/*.txt")
        if path.is_char_device() or path.is_block_device():
            raise ReadError(f"{source} is a device, not an article.", KINDS)
        with path.open("rb") as file:
            return bounded(file, source), "", ""
    except FileNotFoundError as error:
        raise ReadError(f"No such file: {source}.", KINDS) from error
    except (OSError, ValueError) as error:
        raise ReadError(f"Cannot read {source}: {getattr(error, 'strerror', None) or error}.", "Check its name and rights.") from error


def bounded(file: BinaryIO, source: str) -> bytes:
    """All of a file. Raises ReadError for one that is too large."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ReadError(f"{source} is too large for an article.", f"At most {MAX_BYTES // 1_000_000} MB are read.")
    return data


def read(data: bytes, source: str, station: Station, content_type: str = "", encoding: str = "") -> Article:
    """Bytes to an article, by the first reader that accepts them, its language found.

    Raises ReadError for what is empty, binary, or holds no text.
    """
    refuse_binary(data, source)
    for name in READERS:
        reader: Reader = import_module(f"{__name__}.{name}")
        if reader.accepts(data, content_type):
            article = reader.read(data, source, encoding)
            if len(article.blocks) > MAX_LINES:
                raise ReadError(f"{source} has {len(article.blocks)} lines: that is no article.", "Paste the story alone.")
            text = "\n".join(block.text for block in article.blocks)
            return replace(article, language=languages.canonical(article.language or detect(text, station)))
    raise ReadError(f"{source} is neither text nor HTML.", SAVE_AS_TEXT)


def refuse_binary(data: bytes, source: str) -> None:
    """Raise ReadError for nothing at all and for what is no text."""
    if not data.strip(b"\0\t\n\r \xef\xbb\xbf\xff\xfe"):
        raise ReadError(f"{'Standard input' if source == '-' else source} is empty.", "Paste the article's text into it, headline first.")
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), "")
    utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff") or sixteen(data)
    control = len(data[:4096]) - len(data[:4096].translate(None, CONTROL))
    if not kind and not utf16 and control > 2 + len(data[:4096]) // 50:
        kind = "a binary file"
    if kind:
        raise ReadError(f"{source} is {kind}, not an article.", SAVE_AS_TEXT)


def detect(text: str, station: Station) -> str:
    """The language of the words; the station's where there are too few to tell."""
    import pycld2

    clean = "\n".join(line if line.isprintable() else "".join(filter(str.isprintable, line)) for line in text[:20_000].split("\n"))
    try:
        reliable, _, guesses = pycld2.detect(clean.encode("utf-8", "ignore"), bestEffort=True)
    except pycld2.error:
        return station.language
    code = str(guesses[0][1]).partition("-")[0]
    return code if reliable and code != "un" else station.language
