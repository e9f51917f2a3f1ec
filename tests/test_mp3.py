"""The MP3 as programs see it that we did not write: every sample, every tag."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import soundfile
from conftest import tool

from bulletin.model import Chapter, CueSheet, Master, Ms, Programme, Report, Rundown, Station, Story
from bulletin.outputs import mp3, names, publish, slug
from bulletin.outputs.encode import Mp3Encoder
from bulletin.targets import TARGETS


def form(channels: int = 2, bitrate: int = 128, rate: int = 48_000) -> Master:
    return Master(name="", target=TARGETS["podcast"], kinds=(".mp3",), rate=rate, channels=channels, bitrate=bitrate, bits=16)


def encoded(path: Path, samples: int, channels: int = 2, bitrate: int = 128, rate: int = 48_000) -> Path:
    random = np.random.default_rng(0)
    data = (random.standard_normal((samples, channels)) * 3000).astype("<i2")
    encoder = Mp3Encoder(path, form(channels, bitrate, rate))
    for at in range(0, samples, 10_000):
        encoder.write(data[at : at + 10_000].tobytes())
    encoder.close()
    return path


@pytest.mark.parametrize("samples", [5_000, 48_000, 100_003, 480_000])
@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize(("channels", "bitrate"), [(1, 64), (2, 64), (2, 128), (2, 320)])
def test_decoders_find_the_first_and_the_last_sample(tmp_path: Path, samples: int, channels: int, bitrate: int, rate: int) -> None:
    path = encoded(tmp_path / "a.mp3", samples, channels, bitrate, rate)
    assert len(soundfile.read(path)[0]) == samples
    ffmpeg = [tool("ffmpeg"), "-v", "error", "-i", str(path), "-f", "s16le", "-"]
    assert len(subprocess.run(ffmpeg, capture_output=True, check=True).stdout) == samples * 2 * channels
    mpg123 = [tool("mpg123"), "-q", "-s", str(path)]
    assert len(subprocess.run(mpg123, capture_output=True, check=True).stdout) == samples * 2 * channels


def programme(path: Path, sheet: CueSheet) -> Programme:
    levels = {"loudness": -16.0, "true_peak": -1.0, "momentary": -12.0, "short_term": -14.0, "range": 4.0}
    return Programme(path=path, kind=".mp3", master=form(), duration=Ms(2000), sheet=sheet, **levels)


def report(path: Path, headlines: list[str], language: str = "en") -> Report:
    chapters = tuple(Chapter(start=Ms(0), end=Ms(1), title=line, source=f"{number}.txt") for number, line in enumerate(headlines))
    sheet = CueSheet(cues=(), length=Ms(2000), chapters=chapters, transcript=())
    stories = tuple(Story(source=f"{number}.txt", headline=line, language=language) for number, line in enumerate(headlines))
    return Report(
        files=(path,),
        rundown=Rundown(at=datetime(2026, 3, 12, 18, 5, tzinfo=UTC), language=language, stories=stories),
        station="River Radio",
        programmes=(programme(encoded(path.with_suffix(".raw"), 96_000), sheet),),
        skipped=(),
    )


@pytest.mark.parametrize("headlines", [["Harbour bridge opens"], ["Cầu cảng mở cửa", "Мост открыт 🎉"]])
def test_the_tags_are_read_back_whole(tmp_path: Path, station: Station, headlines: list[str]) -> None:
    import mutagen.id3

    cover = tmp_path / "cover.png"
    cover.write_bytes(bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"))
    path = tmp_path / "a.mp3"
    mp3.write(report(path, headlines), replace(station, name="River Radio", cover=cover), path)
    tags = mutagen.id3.ID3(path)
    assert str(tags["TIT2"]) == "; ".join(headlines)
    assert str(tags["TPE1"]) == "River Radio"
    assert str(tags["TDRC"]) == "2026-03-12 18:05:00"
    assert str(tags["TLAN"]) == "eng"
    assert not tags.getall("COMM"), "where a file lay is nobody's business"
    assert tags.getall("APIC")[0].data == cover.read_bytes()


def test_ffprobe_and_mp3val_find_no_fault(tmp_path: Path, station: Station) -> None:
    path = tmp_path / "a.mp3"
    mp3.write(report(path, ["Harbour bridge opens"]), station, path)
    checked = subprocess.run([tool("mp3val"), str(path)], capture_output=True, text=True, check=True).stdout
    assert "WARNING" not in checked and "ERROR" not in checked
    command = [tool("ffprobe"), "-v", "warning", "-of", "json", "-show_format", "-show_streams", str(path)]
    probed = subprocess.run(command, capture_output=True, text=True, check=True)
    assert probed.stderr == ""
    found = json.loads(probed.stdout)
    assert found["format"]["tags"]["title"] == "Harbour bridge opens"
    assert float(found["format"]["duration"]) == pytest.approx(2.0, abs=0.05)
    assert found["streams"][0]["sample_rate"] == "48000"


@pytest.mark.parametrize(
    ("headline", "name"),
    [
        ("Signs of a thaw – at last!", "signs-of-a-thaw-at-last"),
        ("Seoul’s “Blue House”", "seouls-blue-house"),
        ("Cầu cảng mở cửa", "cầu-cảng-mở-cửa"),
        ("../../etc/passwd", "etc-passwd"),
        ("!!!", "bulletin"),
        ("word " * 50, "-".join(["word"] * 12)),
        ("x" * 300, "x" * 60),
    ],
)
def test_the_name_tells_the_headline_and_is_safe(headline: str, name: str) -> None:
    assert slug(headline) == name


def test_names_sort_by_date_and_never_take_anothers_place(tmp_path: Path, station: Station) -> None:
    at = datetime(2026, 3, 2, 9, 5, tzinfo=UTC)
    first, second = islice(names(tmp_path, at, "Bridge opens"), 2)
    assert (first.name, second.name) == ("2026-03-02-0905-bridge-opens", "2026-03-02-0905-bridge-opens-2")
    made = replace(report(tmp_path / "a.mp3", ["Bridge opens"]), rundown=Rundown(at=at, language="en"))
    stem = "2026-03-02-0905-bridge-opens"
    (tmp_path / f"{stem}.json").touch()
    done = publish(made, station, tmp_path, new=True)
    assert [file.name for file in done.files] == [f"{stem}-2.mp3", f"{stem}-2.json"], "a name is free where all its files are"
    assert not (tmp_path / f"{stem}.mp3").exists() and (tmp_path / f"{stem}.json").stat().st_size == 0
    before = done.files[0].read_bytes()
    again = publish(made, station, tmp_path, new=True)
    assert again.files[0].name == f"{stem}-3.mp3" and done.files[0].read_bytes() == before
    assert not list(tmp_path.glob(".*"))
