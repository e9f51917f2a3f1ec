"""The bulletin for playout: a Broadcast WAV with `bext` (EBU Tech 3285 v2, coded loudness), `cart` (AES46) and `LIST INFO`.

Written here because no library writes both; read back in the tests by libsndfile and ffprobe.
"""

from __future__ import annotations

import shutil
import struct
import unicodedata
from importlib.metadata import version
from pathlib import Path

from bulletin import synthetic
from bulletin.model import Ms, Report, Station, frames
from bulletin.outputs.encode import HEADER

SUFFIX = ".wav"
FOREVER = ("2099-12-31", "23:59:59")
"""AES46: the end of an air window that does not end."""
PLAIN = str.maketrans(
    {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "œ": "oe", "ß": "ss", "ı": "i"}
    | {"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "«": '"', "»": '"', "£": "GBP ", "€": "EUR ", "₫": "VND "}
)  # fmt: skip
"""What has no marks to leave out and yet can be written in ASCII."""
DATA = struct.Struct("<4sI")


def write(report: Report, station: Station, path: Path) -> None:
    """The chunks, then the programme's samples. Raises OSError."""
    with path.open("wb") as file, report.programme.path.open("rb") as samples:
        size = report.programme.path.stat().st_size - HEADER
        head = samples.read(HEADER)
        form, data = head[12:36], head[36:HEADER]
        told = chunk(b"bext", bext(report, station)) + chunk(b"cart", cart(report, station)) + chunk(b"LIST", info(report, station))
        chunks = form + told + data
        file.write(b"RIFF" + struct.pack("<I", 4 + len(chunks) + size) + b"WAVE" + chunks)
        shutil.copyfileobj(samples, file, 1 << 20)


def chunk(name: bytes, body: bytes) -> bytes:
    """A RIFF chunk of even length: older playout systems do not step over the pad byte of an odd one."""
    body += b"\0" * (len(body) % 2)
    return DATA.pack(name, len(body)) + body


def ascii_field(text: str, size: int) -> bytes:
    """A text in a field of so many bytes: ASCII, as old playout systems read nothing else; marks of letters are left out."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", text.translate(PLAIN)) if not unicodedata.combining(char))
    return plain.encode("ascii", "replace")[:size].ljust(size, b"\0")


def title(report: Report) -> str:
    """The headlines."""
    return report.title or "News"


def info(report: Report, station: Station) -> bytes:
    """The LIST INFO chunk (Microsoft/IBM 1991): what players show that read neither `bext` nor `cart`."""
    fields = {"INAM": title(report), "IART": station.name or "bulletin", "IGNR": "News", "ICRD": f"{report.rundown.at:%Y-%m-%d}"}
    texts = ((name.encode(), ascii_field(text, 255).rstrip(b"\0") + b"\0") for name, text in fields.items())
    return b"INFO" + b"".join(DATA.pack(name, len(text)) + text + b"\0" * (len(text) % 2) for name, text in texts)


def out_cue(report: Report) -> str:
    """The last words, as many as the field holds: whoever waits for them needs their end."""
    lines = report.programme.sheet.transcript
    words = lines[-1].segment.text.split() if lines else []
    while len(" ".join(words)) > 64:
        del words[0]
    return " ".join(words)


def hundredths(value: float) -> int:
    """A level as `bext` codes it: 16 bits, hundredths of a LUFS or dBTP."""
    return max(-9_999, min(9_999, round(value * 100)))


def bext(report: Report, station: Station) -> bytes:
    """The Broadcast Audio Extension chunk, EBU Tech 3285 v2 (2011), table of §2.3."""
    at, programme, form = report.rundown.at, report.programme, report.programme.master
    levels = (programme.loudness, programme.range, programme.true_peak, programme.momentary, programme.short_term)
    loudness = struct.pack("<hhhhh", *map(hundredths, levels))
    channels = "mono" if form.channels == 1 else "stereo"
    source = f"; {synthetic.VOCABULARY}{report.digital_source}" if report.digital_source else ""
    history = f"A=PCM,F={form.rate},W={form.bits},M={channels},T=bulletin, synthetic voice{source}\r\n"
    return b"".join(
        (
            ascii_field(title(report), 256),
            ascii_field(station.name or "bulletin", 32),
            ascii_field(f"{at:%Y%m%d%H%M%S}", 32),
            ascii_field(f"{at:%Y-%m-%d}", 10),
            ascii_field(f"{at:%H:%M:%S}", 8),
            struct.pack("<QH", 0, 2),
            bytes(64),
            loudness,
            bytes(180),
            history.encode("ascii"),
        )
    )


def cart(report: Report, station: Station) -> bytes:
    """The CartChunk of AES46-2002, §5: title, cut, out-cue, air window, timers."""
    at, programme = report.rundown.at, report.programme
    lines = programme.sheet.transcript
    until = (f"{report.valid_until:%Y-%m-%d}", f"{report.valid_until:%H:%M:%S}") if report.valid_until else FOREVER
    first = lines[0].start if lines else Ms(0)
    last = lines[-1].start + lines[-1].duration if lines else programme.duration
    fields = (
        (title(report), 64), (station.name or "bulletin", 64), (station.cut or f"{at:%m%d%H%M}", 64), ("", 64), ("NEWS", 64),
        ("bulletin", 64), (out_cue(report), 64), (f"{at:%Y-%m-%d}", 10), (f"{at:%H:%M:%S}", 8), (until[0], 10), (until[1], 8),
        ("bulletin", 64), (version("bulletin"), 64), ("", 64),
    )  # fmt: skip
    marks = (("AUDs", 0), ("INTs", 0), ("INTe", first), ("SEGs", last), ("SEGe", programme.duration), ("AUDe", programme.duration))
    timers = [(name.encode(), frames(Ms(time), programme.master.rate)) for name, time in marks] + [(bytes(4), 0)] * 2
    return b"".join(
        (
            b"0101",
            *(ascii_field(text, size) for text, size in fields),
            struct.pack("<i", 32768),
            *(struct.pack("<4sI", name, sample) for name, sample in timers),
            bytes(276),
            bytes(1024),
            ascii_field("\r\n".join(line.segment.text for line in lines), 8_000).rstrip(b"\0") + b"\0",
        )
    )
