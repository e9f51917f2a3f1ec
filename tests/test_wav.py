"""A Broadcast WAV for playout: its samples, its `bext`, its `cart`."""

from __future__ import annotations

import json
import re
import struct
import subprocess
from pathlib import Path

import numpy as np
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
    settings = {"sound.target": "r128", "store.folder": str(folder / "clips"), "station.name": "Radio Wendmouth", "output.cut": "4711"}
    return bulletin.make(folder / "bridge.txt", output=folder / "air.wav", settings=settings, length=Ms(30_000), valid_for=65)


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


def test_bext_cart_and_info_are_read_back_by_libsndfile(made: Report) -> None:
    def said(option: str) -> str:
        return subprocess.run([tool("sndfile-info"), option, str(made.files[0])], capture_output=True, text=True, check=True).stdout

    cart = dict(re.findall(r"^(\S[\w .]+?)\s*: (.*)$", said("--cart"), re.MULTILINE))
    assert cart["Title"] == "Bridge opens" and cart["Artist"] == "Radio Wendmouth"
    assert cart["Cut id"] == "4711"
    assert cart["Out cue"] == "That was the news from Radio Wendmouth."
    at, until = made.rundown.at, made.valid_until
    assert until
    assert (cart["Start date"], cart["Start time"]) == (f"{at:%Y-%m-%d}", f"{at:%H:%M:%S}")
    assert (cart["End date"], cart["End time"]) == (f"{until:%Y-%m-%d}", f"{until:%H:%M:%S}")
    assert re.search(r"AUDe\s+1440000", said("--cart"))
    bext = said("--broadcast")
    assert "Bridge opens" in bext and "synthetic voice" in bext


def test_bext_is_read_back_whole_by_wavinfo(made: Report) -> None:
    import wavinfo

    bext = wavinfo.WavInfoReader(str(made.files[0])).bext
    programme = made.programme
    assert (bext.version, bext.description, bext.originator) == (2, "Bridge opens", "Radio Wendmouth")
    heard = (bext.loudness_value, bext.loudness_range, bext.max_true_peak, bext.max_momentary_loudness, bext.max_shortterm_loudness)
    told = (programme.loudness, programme.range, programme.true_peak, programme.momentary, programme.short_term)
    assert heard == pytest.approx(told, abs=0.011)
    assert bext.originator_date == f"{made.rundown.at:%Y-%m-%d}"


def test_mediainfo_reads_it(made: Report) -> None:
    done = subprocess.run([tool("mediainfo"), "--Output=JSON", str(made.files[0])], capture_output=True, text=True, check=True)
    general = json.loads(done.stdout)["media"]["track"][0]
    assert general["Description"] == "Bridge opens" and general["Title"] == "Bridge opens"
    assert float(general["Duration"]) == 30


PLAYED = """
settings.init.allow_root.set(true)
s = once(single("{file}"))
s.on_metadata(fun (m) -> print("META #{{m}}"))
clock.assign_new(sync="none", [s])
output.file(fallible=true, on_stop=shutdown, %wav(stereo=true, samplesize=16), "{out}", s)
"""


def test_liquidsoap_plays_it_whole_and_shows_its_title(made: Report, tmp_path: Path) -> None:
    player = tool("liquidsoap")
    script = PLAYED.format(file=made.files[0], out=tmp_path / "air.wav")
    script = script.replace("settings.init", "settings.frame.audio.samplerate.set(48000)\nsettings.init", 1)
    (tmp_path / "play.liq").write_text(script)
    done = subprocess.run([player, str(tmp_path / "play.liq")], capture_output=True, text=True, timeout=120, check=False)
    assert re.search(r'"?title"?[,=] ?"Bridge opens"', done.stdout), done.stdout[-2000:] + done.stderr[-500:]
    assert "Radio Wendmouth" in done.stdout
    played, rate = soundfile.read(tmp_path / "air.wav", dtype="int16")
    plain, _ = soundfile.read(made.files[0], dtype="int16")
    assert rate == 48_000
    first = int(np.flatnonzero(np.abs(played[:, 0]) > 50)[0]) - int(np.flatnonzero(np.abs(plain[:, 0]) > 50)[0])
    assert abs(first) <= 4800
    same = played[max(0, first) :][: len(plain) - 4800].astype(int) - plain[: len(plain) - 4800].astype(int)[: len(played[max(0, first) :])]
    assert np.abs(same).max() <= 1


@pytest.mark.parametrize("words", ["", "Ä", "£5 đồng — “ja”", "x" * 90 + "€"])
def test_every_chunk_is_of_even_length_whatever_the_words(made: Report, words: str) -> None:
    from bulletin import station
    from bulletin.outputs import wav

    profile = station.load(flags={"station.name": words})
    for name, body in ((b"bext", wav.bext(made, profile)), (b"cart", wav.cart(made, profile)), (b"LIST", wav.info(made, profile))):
        whole = wav.chunk(name, body)
        assert struct.unpack("<I", whole[4:8])[0] == len(whole) - 8
        assert len(whole) % 2 == 0
    assert wav.info(made, profile)[4:].replace(b"\0", b"").isascii()
