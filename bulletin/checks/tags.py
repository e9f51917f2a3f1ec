"""The tags: whether those that were published are still there and agree with the report."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from bulletin.checks import PROBLEM, Checked, Finding, Told
from bulletin.checks.exhibit import Exhibit
from bulletin.checks.file import kind_of
from bulletin.outputs import mp3, wav

ENCODINGS = ("latin-1", "utf-16", "utf-16-be", "utf-8")
"""Of a text frame, by its first byte (ID3 2.4.0 §4)."""
MP3 = {
    "title": "TIT2", "artist": "TPE1", "album": "TALB", "year": "TYER", "date": "TDAT", "time": "TIME", "language": "TLAN",
    "length": "TLEN",
}  # fmt: skip
BEXT = {
    "description": slice(0, 256), "originator": slice(256, 288), "date": slice(320, 330), "time": slice(330, 338),
    "levels": slice(412, 422),
}  # fmt: skip
"""Where the fields of a `bext` chunk lie (EBU Tech 3285 v2 §2.3)."""
CART = {
    "cart title": slice(4, 68), "cart artist": slice(68, 132), "out-cue": slice(388, 452),
    "air from": slice(452, 470), "air until": slice(470, 488),
}  # fmt: skip
"""Where those of a `cart` chunk lie (AES46 §5)."""
LARGEST = 20_000_000
"""Bytes of a tag that are read; a cover has a few hundred thousand."""
MANY = 2
"""Tags that differ, over which they are told of as one finding."""
HINT = "Another program has written the file anew. Take it from where it was made, or make it again: bulletin make"


def look(exhibit: Exhibit) -> Checked:
    """Look at what the file tells of itself."""
    kind = kind_of(exhibit.path)
    found = id3(exhibit.path) if kind == ".mp3" else chunks(exhibit.path) if kind == ".wav" else {}
    findings: list[Finding] = []
    if exhibit.told and kind:
        expected = told_id3(exhibit.told) if kind == ".mp3" else told_chunks(exhibit)
        findings = compared(expected, found)
    title = found.get("title", "")
    summary = f"“{title[:60]}{'…' if len(title) > 60 else ''}”" if title else "no title"
    return Checked(name="tags", summary=summary, measured=found, findings=findings)


def compared(expected: dict[str, str], found: dict[str, str]) -> list[Finding]:
    """What differs; one finding where all is gone, or where much differs."""
    if not any(name in found for name in expected if name != "chapters"):  # which some programs carry over by themselves
        return [Finding(severity=PROBLEM, what="Its tags are gone.", expected=", ".join(expected), found="none", hint=HINT)]
    wrong = [name for name, value in expected.items() if found.get(name, "") != value]
    if len(wrong) > MANY:
        what = f"{len(wrong)} of its {len(expected)} tags are not what the report says: {', '.join(wrong)}."
        said = (next((texts[name] for name in wrong if name in texts), "")[:80] for texts in (expected, found))
        return [Finding(severity=PROBLEM, what=what, expected=next(said), found=next(said), hint=HINT)]
    return [
        Finding(
            severity=PROBLEM,
            what=f"The tag for the {name} is {'not what the report says' if name in found else 'gone'}.",
            expected=expected[name][:80],
            found=found.get(name, "none")[:80],
            hint=HINT,
        )
        for name in wrong
    ]


# --- MP3 ----------------------------------------------------------------------------------------------------


def told_id3(told: Told) -> dict[str, str]:
    """The tags of an MP3 as `outputs.mp3.tag` writes them."""
    at = told.made
    return {
        "title": told.title or "Untitled",
        "artist": told.station or "bulletin",
        "album": f"{told.station or 'News'} {at:%Y-%m-%d}",
        "year": f"{at:%Y}",
        "date": f"{at:%d%m}",
        "time": f"{at:%H%M}",
        "language": mp3.ISO_639_2.get(told.language.partition("-")[0], mp3.UNKNOWN),
        "length": str(told.duration),
        **({"chapters": chapters(told.stories)} if 0 < len(told.stories) <= mp3.MOST_CHAPTERS and "script" in told.values else {}),
    }


def chapters(found: Iterable[tuple[str, int, int]]) -> str:
    """Chapters as a line: when each begins and ends, in milliseconds, and its title."""
    return "; ".join(f"{start}-{end} {title}" for title, start, end in found)


def id3(path: Path) -> dict[str, str]:
    """The text frames of an ID3v2.3 or 2.4 tag that we write, by our names for them, and its chapters."""
    with path.open("rb") as file:
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3" or head[3] not in (3, 4):
            return {}
        body = file.read(min(LARGEST, synchsafe(head[6:])))
    names = {frame: name for name, frame in MP3.items()}
    found = list(frames(body, head[3]))
    told = [chapter(content, head[3]) for name, content in found if name == "CHAP"]
    texts = {names[name]: text_frame(content) for name, content in found if name in names}
    return {**texts, **({"chapters": chapters(told)} if told else {})}


def frames(body: bytes, version: int) -> Iterator[tuple[str, bytes]]:
    """(name, content) of each frame of a tag, or of those in a chapter."""
    at = 0
    while at + 10 <= len(body) and body[at]:
        name, size = body[at : at + 4].decode("latin-1"), body[at + 4 : at + 8]
        length = synchsafe(size) if version == 4 else struct.unpack(">I", size)[0]
        yield name, body[at + 10 : at + 10 + length]
        at += 10 + length


def text_frame(content: bytes) -> str:
    """What a text frame says; empty for one that is none."""
    known = content and content[0] < len(ENCODINGS)
    return content[1:].decode(ENCODINGS[content[0]], "replace").rstrip("\0") if known else ""


def chapter(content: bytes, version: int) -> tuple[str, int, int]:
    """(title, start, end) of a CHAP frame (ID3v2 Chapter Frame Addendum §3.1)."""
    times = content[content.find(b"\0") + 1 :]
    if len(times) < 16:
        return "", 0, 0
    start, end = struct.unpack(">II", times[:8])
    return next((text_frame(inner) for name, inner in frames(times[16:], version) if name == "TIT2"), ""), start, end


def synchsafe(data: bytes) -> int:
    """A size in four bytes of seven bits (ID3 2.3.0 §3.1)."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))


# --- WAV ----------------------------------------------------------------------------------------------------


def told_chunks(exhibit: Exhibit) -> dict[str, str]:
    """The fields of a Broadcast WAV as `outputs.wav` writes them."""
    told, entry = exhibit.told, exhibit.entry
    if told is None:
        return {}
    title, artist, at = told.title or "News", told.station or "bulletin", told.made
    from_, until = stamp(at), stamp(told.until) if told.until else "".join(wav.FOREVER)
    expected = {
        "title": ascii_text(title, 255),
        "artist": ascii_text(artist, 255),
        "description": ascii_text(title, 256),
        "originator": ascii_text(artist, 32),
        "date": f"{at:%Y-%m-%d}",
        "time": f"{at:%H:%M:%S}",
        "cart title": ascii_text(title, 64),
        "cart artist": ascii_text(artist, 64),
        "out-cue": ascii_text(last_words(told), 64),
        "air from": from_,
        "air until": until,
    }
    order = ("loudness_lufs", "range_lu", "true_peak_dbtp", "max_momentary_lufs", "max_short_term_lufs")
    if entry and entry.levels.keys() >= set(order):
        expected["levels"] = " ".join(f"{wav.hundredths(entry.levels[name]) / 100:.2f}" for name in order)
    return expected


def stamp(at: datetime) -> str:
    """A date and a time in the two fields of a `cart` chunk."""
    return f"{at:%Y-%m-%d}{at:%H:%M:%S}"


def ascii_text(text: str, size: int) -> str:
    """A text as a field of so many bytes holds it."""
    return text_of(wav.ascii_field(text, size))


def last_words(told: Told) -> str:
    """The out-cue, as many words from the end as its field holds (`outputs.wav.out_cue`)."""
    words = told.out_cue.split()
    while len(" ".join(words)) > 64:
        del words[0]
    return " ".join(words)


def text_of(field: bytes) -> str:
    """The text in a field, up to the zero behind it."""
    return field.split(b"\0")[0].decode("latin-1")


def chunks(path: Path) -> dict[str, str]:
    """What a WAV's `bext`, `cart` and `LIST INFO` say, by our names for it."""
    found: dict[str, str] = {}
    for name, body in riff(path):
        if name == b"LIST" and body[:4] == b"INFO":
            fields = dict(parts(body[4:]))
            found |= {key: text_of(fields[id]) for key, id in {"title": b"INAM", "artist": b"IART"}.items() if id in fields}
        elif name == b"bext" and len(body) >= 422:
            found |= {key: text_of(body[place]) for key, place in BEXT.items() if key != "levels"}
            found["levels"] = " ".join(f"{value / 100:.2f}" for value in struct.unpack("<5h", body[BEXT["levels"]]))
        elif name == b"cart" and len(body) >= 488:
            found |= {key: text_of(body[place]) for key, place in CART.items()}
    return found


def riff(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of each small chunk of a WAV."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(12)
        while len(head := file.read(8)) == 8 and file.tell() <= size:
            length = struct.unpack("<I", head[4:])[0]
            after = file.tell() + length + length % 2
            if head[:4] != b"data":
                yield head[:4], file.read(min(length, LARGEST))
            file.seek(after)


def parts(body: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(name, body) of each part of a LIST chunk."""
    at = 0
    while at + 8 <= len(body):
        length = struct.unpack("<I", body[at + 4 : at + 8])[0]
        yield body[at : at + 4], body[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
