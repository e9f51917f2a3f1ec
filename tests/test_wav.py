"""A Broadcast WAV for playout: its samples, its `bext`, its `cart`."""

from __future__ import annotations

import json
import struct
import subprocess
from pathlib import Path

import pytest
import soundfile
from conftest import tool

import bulletin
from bulletin.errors import UsageError
from bulletin.model import Ms, Report

TEXT = "Bridge opens\n\n" + "\n\n".join(
    f"The {what} of Đà Nẵng met in the old hall on Monday and talked for an hour." for what in ("council", "parish", "choir")
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("wav")
    (folder / "bridge.txt").write_text(TEXT, encoding="utf-8")
    settings = {"sound.target": "r128", "store.folder": str(folder / "clips"), "station.name": "Radio Wendmouth"}
    return bulletin.make(folder / "bridge.txt", output=folder / "air.wav", settings=settings, length=Ms(30_000))


def chunks(path: Path) -> dict[bytes, bytes]:
    """The chunks of a RIFF file by their name."""
    data, at, found = path.read_bytes(), 12, {}
    assert data[:4] == b"RIFF" and data[8:12] == b"WAVE"
    assert struct.unpack("<I", data[4:8])[0] == len(data) - 8
    while at < len(data):
        name, size = struct.unpack("<4sI", data[at : at + 8])
        found[name] = data[at + 8 : at + 8 + size]
        at += 8 + size + size % 2
    return found


def test_it_lasts_to_the_sample_and_is_as_loud_as_asked(made: Report) -> None:
    about = soundfile.info(made.files[0])
    assert (about.frames, about.samplerate, about.subtype) == (30 * 48_000, 48_000, "PCM_16")
    assert made.programme.loudness == pytest.approx(-23, abs=0.05)
    assert made.programme.true_peak <= -1
    assert [path.suffix for path in made.files] == [".wav", ".json"]


def test_bext_tells_what_it_is_and_how_loud(made: Report) -> None:
    bext = chunks(made.files[0])[b"bext"]
    assert bext[:12] == b"Bridge opens"
    assert bext[256:271] == b"Radio Wendmouth"
    assert struct.unpack("<H", bext[346:348]) == (2,)
    loudness, _, peak = struct.unpack("<hhh", bext[412:418])
    assert loudness == round(made.programme.loudness * 100)
    assert peak == round(made.programme.true_peak * 100)
    assert b"synthetic voice" in bext[602:]


def test_cart_has_the_out_cue_and_the_timers(made: Report) -> None:
    cart = chunks(made.files[0])[b"cart"]
    assert cart[:4] == b"0101"
    assert cart[4:68].rstrip(b"\0") == b"Bridge opens"
    assert cart[388:452].rstrip(b"\0") == b"That was the news from Radio Wendmouth."
    timers = dict(struct.unpack("<4sI", cart[684 + 8 * at : 692 + 8 * at]) for at in range(8))
    assert timers[b"AUDe"] == timers[b"SEGe"] == 30 * 48_000
    lines = made.programme.sheet.transcript
    assert timers[b"AUDs"] == timers[b"INTs"] == 0
    assert timers[b"INTe"] == lines[0].start * 48, "the intro is over where the first word begins"
    assert timers[b"SEGs"] == (lines[-1].start + lines[-1].duration) * 48, "the next may begin behind the last word"
    assert cart[2048:].startswith(b"This is the news")
    assert b"of Da Nang met" in cart[2048:]


def test_ffprobe_reads_it(made: Report) -> None:
    done = subprocess.run(
        [tool("ffprobe"), "-v", "error", "-show_format", "-of", "json", str(made.files[0])], capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout)["format"]
    assert float(found["duration"]) == 30
    assert found["tags"]["comment"] == "Bridge opens"
    assert found["tags"]["encoded_by"] == "Radio Wendmouth"


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="must end in"):
        bulletin.make(tmp_path / "x.txt", output=tmp_path / "x.ogg")
