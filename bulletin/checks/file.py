"""The file: whether it is what was published, whole, and as long as the report says."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path
from typing import cast

from bulletin import frames as mp3_frames
from bulletin.checks import PROBLEM, WARNING, Checked, Finding, clock, seconds
from bulletin.checks.exhibit import Exhibit
from bulletin.model import Ms, frames

AGAIN = "Take it from where it was made, or make it again: bulletin make"
APE = b"APETAGEX"
"""How the tag begins that ends a file."""


def look(exhibit: Exhibit) -> Checked:
    """Look at the file as a file."""
    kind = kind_of(exhibit.path)
    findings = [*published(exhibit), *named(exhibit.path, kind), *damage(exhibit, kind), *formed(exhibit), *lasting(exhibit)]
    heard = exhibit.heard
    channels = {1: "mono", 2: "stereo"}.get(heard.channels, f"{heard.channels} channels")
    size = exhibit.path.stat().st_size
    return Checked(
        name="file",
        summary=f"{(kind or exhibit.path.suffix)[1:].upper()}, {size / 1e6:.1f} MB, {clock(heard.length)}, {heard.rate} Hz, {channels}",
        measured={
            "sha256": exhibit.sha256,
            "bytes": size,
            "samples": heard.frames,
            "duration_ms": heard.length,
            "rate": heard.rate,
            "channels": heard.channels,
        },
        findings=findings,
    )


def published(exhibit: Exhibit) -> list[Finding]:
    """Whether the file is the one that was published, byte for byte."""
    entry = exhibit.entry
    if exhibit.told is None:
        what = "There is no report for it: only what any sound must be was checked."
        return [Finding(severity=PROBLEM, what=what, hint="A report (JSON) lies beside each bulletin that is made; keep it there.")]
    if entry is None:
        what = f"{exhibit.told.path.name} tells of no such file."
        known = ", ".join(each.name for each in exhibit.told.masters) or "none"
        return [
            Finding(severity=PROBLEM, what=what, expected=known, found=exhibit.path.name, hint="Give the report that was made with it.")
        ]
    if not entry.sha256:
        what = "The report has no hash of the file: whether it has changed since cannot be told."
        return [Finding(severity=WARNING, what=what, hint="Make the bulletin again: bulletin make")]
    if exhibit.unchanged:
        return []
    what = "The file has changed since it was published."
    return [Finding(severity=PROBLEM, what=what, expected=f"SHA-256 {entry.sha256[:12]}…", found=f"{exhibit.sha256[:12]}…", hint=AGAIN)]


def named(path: Path, kind: str) -> list[Finding]:
    """Whether its name says what it holds."""
    if not kind or path.suffix.lower() == kind:
        return []
    what = f"Its name ends in {path.suffix or 'nothing'}, and it holds {kind[1:].upper()}."
    return [Finding(severity=PROBLEM, what=what, expected=kind, found=path.suffix, hint=f"Rename it to {path.stem}{kind}.")]


def formed(exhibit: Exhibit) -> list[Finding]:
    """Whether rate and channels are those that were published."""
    entry, heard = exhibit.entry, exhibit.heard
    if entry is None or (entry.rate, entry.channels) == (heard.rate, heard.channels):
        return []
    expected, found = (f"{rate} Hz, {channels} ch" for rate, channels in ((entry.rate, entry.channels), (heard.rate, heard.channels)))
    return [Finding(severity=PROBLEM, what="It has another form than was published.", expected=expected, found=found, hint=AGAIN)]


def lasting(exhibit: Exhibit) -> list[Finding]:
    """Whether it lasts as long as the report says, to the sample."""
    told, heard = exhibit.told, exhibit.heard
    if told is None:
        return []
    off = heard.frames - frames(told.duration, heard.rate)
    if not off:
        return []
    time = off * 1000 / heard.rate
    much = seconds(abs(time)) if abs(time) >= 1 else f"{abs(off)} samples"
    what = f"It is {much} too {'long' if off > 0 else 'short'}."
    end = Ms(min(heard.length, told.duration))
    return [Finding(severity=PROBLEM, what=what, at=end, expected=clock(told.duration), found=clock(heard.length), hint=AGAIN)]


def damage(exhibit: Exhibit, kind: str) -> list[Finding]:
    """What is broken in it."""
    if exhibit.heard.broken:
        what = "It cannot be decoded to its end."
        return [Finding(severity=PROBLEM, what=what, at=exhibit.heard.length, found=exhibit.heard.broken, hint=AGAIN)]
    whole = {".mp3": whole_mp3, ".wav": whole_wav}.get(kind)
    return whole(exhibit.path) if whole else []


def kind_of(path: Path) -> str:
    """`.wav` or `.mp3` by how it begins; empty for another."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[:4] in (b"RIFF", b"RF64") and head[8:] == b"WAVE":
        return ".wav"
    return ".mp3" if head[:3] == b"ID3" or mp3_frames.length(head[: mp3_frames.HEADER]) else ""


# --- MP3 ----------------------------------------------------------------------------------------------------


def whole_mp3(path: Path) -> list[Finding]:
    """What stands between and behind the frames of an MP3 that is none, where it first does."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        data = cast(bytes, mapped)  # read as bytes are, and not all of it at once
        at, end = mp3_frames.sound(data)
        end, time = before_ape(data, end), 0.0
        while at < end and 0 < (size := mp3_frames.length(data[at : at + mp3_frames.HEADER])) <= end - at:
            time += frame_time(data[at : at + mp3_frames.HEADER])
            at += size
        if at >= end:
            return []
        cut = mp3_frames.length(data[at : at + mp3_frames.HEADER]) > 0 or end - at < mp3_frames.HEADER
    what = "The MP3 ends in the middle of a frame: it was cut off." if cut else "There is something in the MP3 that is no sound."
    return [Finding(severity=PROBLEM, what=what, at=Ms(round(time)), found=f"{end - at} bytes from byte {at}", hint=AGAIN)]


def before_ape(data: bytes, end: int) -> int:
    """Where the last frame ends, if an APE tag may follow it, as programs that tell of loudness write."""
    if end < 32 or data[end - 32 : end - 24] != APE:
        return end
    size, flags = (int.from_bytes(data[at : at + 4], "little") for at in (end - 20, end - 12))
    return max(0, end - size - (32 if flags & 1 << 31 else 0))


def frame_time(header: bytes) -> float:
    """Milliseconds of a frame."""
    version = header[1] >> 3 & 3
    return (1152 if version == 3 else 576) * 1000 / mp3_frames.RATES[version][header[2] >> 2 & 3]


# --- WAV ----------------------------------------------------------------------------------------------------


def whole_wav(path: Path) -> list[Finding]:
    """Whether a WAV's chunks lie inside it, and the file says so."""
    size = path.stat().st_size
    with path.open("rb") as file:
        told = struct.unpack("<I", file.read(12)[4:8])[0] + 8
        at, end = 12, 12
        while len(head := file.read(8)) == 8:
            length = struct.unpack("<I", head[4:])[0]
            end = at = at + 8 + length + length % 2
            file.seek(at)
    if end > size + 1 or told > size + 1:
        what = "The WAV is cut off."
    elif told + 1 < size:
        what = "There is something behind the WAV that is no part of it."
    else:
        return []
    return [Finding(severity=PROBLEM, what=what, expected=f"{max(end, told) / 1e6:.1f} MB", found=f"{size / 1e6:.1f} MB", hint=AGAIN)]
