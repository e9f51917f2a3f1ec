"""The bulletin itself: an ID3v2.3 tag before the programme's MP3 frames.

v2.3 (id3.org, “ID3 tag version 2.3.0”; “ID3v2 Chapter Frame Addendum 1.0”) because playout systems read it and not v2.4;
written here because the well-kept writers are GPL and sort frames by size.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from bulletin import synthetic
from bulletin.model import Chapter, Report, Station
from bulletin.outputs import transcript

SUFFIX = ".mp3"
ISO_639_2 = {
    "af": "afr", "am": "amh", "ar": "ara", "az": "aze", "bg": "bul", "bn": "ben", "bs": "bos", "ca": "cat", "cs": "ces", "cy": "cym",
    "da": "dan", "de": "deu", "el": "ell", "en": "eng", "es": "spa", "et": "est", "eu": "eus", "fa": "fas", "fi": "fin", "fr": "fra",
    "gl": "glg", "gu": "guj", "he": "heb", "hi": "hin", "hr": "hrv", "hu": "hun", "hy": "hye", "id": "ind", "is": "isl", "it": "ita",
    "iw": "heb", "ja": "jpn", "jw": "jav", "ka": "kat", "kk": "kaz", "km": "khm", "kn": "kan", "ko": "kor", "la": "lat", "lo": "lao",
    "lt": "lit", "lv": "lav", "mk": "mkd", "ml": "mal", "mr": "mar", "ms": "msa", "my": "mya", "nb": "nob", "ne": "nep", "nl": "nld",
    "no": "nor", "pa": "pan", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "si": "sin", "sk": "slk", "sl": "slv", "sq": "sqi",
    "sr": "srp", "sv": "swe", "sw": "swa", "ta": "tam", "te": "tel", "th": "tha", "tl": "tgl", "tr": "tur", "uk": "ukr", "ur": "urd",
    "uz": "uzb", "vi": "vie", "zh": "zho",
}  # fmt: skip
UNKNOWN = "und"
NO_OFFSET = 0xFFFFFFFF
"""Of a chapter that is told by time alone."""
MOST_CHAPTERS = 255
"""That a CTOC frame can count."""
PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}


def write(report: Report, station: Station, path: Path) -> None:
    """Tag, then the programme's frames. Raises OSError."""
    with path.open("wb") as file, report.programme.path.open("rb") as frames:
        file.write(tag(report, station))
        shutil.copyfileobj(frames, file, 1 << 20)


def tag(report: Report, station: Station) -> bytes:
    """The whole ID3 tag; what is long, the cover, stands last."""
    language = ISO_639_2.get(report.rundown.language.partition("-")[0], UNKNOWN)
    chapters = report.programme.sheet.chapters
    frames = [*facts(report, station, language), *contents(chapters)]
    if links := [chapter.source for chapter in chapters if chapter.source.startswith("http")]:  # a path is nobody's business
        frames.append(comment(language, "\n".join(links)))
    frames += [described("TXXX", name, value) for name, value in synthetic.marks(report.digital_source, report.disclosure).items()]
    frames.append(lyrics(language, transcript.text(report)))
    if station.cover:
        frames.append(picture(station.cover.read_bytes()))
    body = b"".join(frames)
    return b"ID3\x03\x00\x00" + synchsafe(len(body)) + body


def facts(report: Report, station: Station, language: str) -> list[bytes]:
    """The text frames, §4.2."""
    at = report.rundown.at
    return [
        text("TIT2", report.title or "Untitled"),
        text("TPE1", station.name or "bulletin"),
        text("TALB", f"{station.name or 'News'} {at:%Y-%m-%d}"),
        text("TYER", f"{at:%Y}"),
        text("TDAT", f"{at:%d%m}"),
        text("TIME", f"{at:%H%M}"),
        text("TLAN", language),
        text("TCON", "News"),
        text("TLEN", str(report.programme.duration)),
        text("TSSE", "bulletin, LAME"),
    ]


def contents(chapters: Sequence[Chapter]) -> Iterator[bytes]:
    """A CTOC frame that lists the chapters in order, and a CHAP frame each, in order (Chapter Frame Addendum §3)."""
    if not chapters or len(chapters) > MOST_CHAPTERS:
        return
    names = [f"chapter-{number}".encode() for number in range(1, len(chapters) + 1)]
    yield frame("CTOC", b"contents\0\x03" + bytes([len(names)]) + b"".join(name + b"\0" for name in names))
    for name, chapter in zip(names, chapters, strict=True):
        times = struct.pack(">IIII", chapter.start, chapter.end, NO_OFFSET, NO_OFFSET)
        link = linked(chapter.source) if chapter.source.startswith(("http://", "https://")) else b""
        yield frame("CHAP", name + b"\0" + times + text("TIT2", chapter.title) + link)


def frame(name: str, body: bytes) -> bytes:
    """One frame, §3.3: id, size, flags, body."""
    return name.encode("ascii") + struct.pack(">IH", len(body), 0) + body


def text(name: str, value: str) -> bytes:
    """A text frame, §4.2: UTF-16 with its mark, which every v2.3 reader takes."""
    return frame(name, b"\x01" + value.encode("utf-16"))


def described(name: str, what: str, value: str) -> bytes:
    """A text frame with a description of its own, §4.2.2."""
    return frame(name, b"\x01" + what.encode("utf-16") + b"\0\0" + value.encode("utf-16"))


def linked(url: str) -> bytes:
    """A WXXX frame, §4.3.2, with an empty description; addresses are in Latin-1."""
    return frame("WXXX", b"\x00\0" + url.encode("latin-1", "replace"))


def lyrics(language: str, value: str) -> bytes:
    """A USLT frame, §4.9: all that is said."""
    return frame("USLT", b"\x01" + language.encode("ascii") + "".encode("utf-16") + b"\0\0" + value.encode("utf-16"))


def comment(language: str, value: str) -> bytes:
    """A COMM frame, §4.11, with an empty description; in Latin-1, as addresses are: some players garble UTF-16 here."""
    return frame("COMM", b"\x00" + language.encode("ascii") + b"\0" + value.encode("latin-1", "replace"))


def picture(data: bytes) -> bytes:
    """An APIC frame, §4.15: the front cover."""
    kind = next((kind for magic, kind in PICTURES.items() if data.startswith(magic)), "image/")
    return frame("APIC", b"\x00" + kind.encode("ascii") + b"\x00\x03\x00" + data)


def synchsafe(size: int) -> bytes:
    """A size in four bytes of seven bits, §3.1."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
