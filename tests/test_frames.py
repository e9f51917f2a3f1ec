"""Every MP3 that an encoder wrote is whole; cut anywhere but between two frames, it is not."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import lameenc
import numpy as np
import pytest
import soundfile
from conftest import tool
from hypothesis import given
from hypothesis import strategies as st
from mouth import edges

from bulletin.frames import length, whole

RATES = (8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000)


def noise(rate: int, channels: int = 1) -> np.ndarray:
    return np.random.default_rng(rate).normal(0, 0.1, (rate // 2, channels)).astype(np.float32)


def lame(rate: int, bitrate: int, channels: int = 1) -> bytes:
    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(rate)
    encoder.set_out_sample_rate(rate)
    encoder.set_channels(channels)
    encoder.set_bit_rate(bitrate)
    encoder.silence()
    return bytes(encoder.encode((noise(rate, channels) * 32767).astype("<i2").tobytes())) + bytes(encoder.flush())


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("bitrate", [32, 64])
def test_what_lame_writes_is_whole_at_every_rate(rate: int, bitrate: int) -> None:
    assert whole(lame(rate, bitrate))


@pytest.mark.parametrize("rate", RATES)
def test_what_libsndfile_writes_is_whole_at_every_rate(rate: int) -> None:
    file = io.BytesIO()
    soundfile.write(file, noise(rate, 2), rate, format="MP3")
    assert whole(file.getvalue())


@pytest.mark.parametrize("how", [("-q:a", "4"), ("-b:a", "64k"), ("-b:a", "64k", "-id3v2_version", "4", "-write_id3v1", "1")])
@pytest.mark.parametrize("rate", [8_000, 24_000, 44_100])
def test_what_ffmpeg_writes_is_whole_with_its_tags(rate: int, how: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "sound.mp3"
    source = ("-f", "lavfi", "-i", "sine=duration=1", "-ar", str(rate), "-metadata", "title=A bridge")
    subprocess.run([tool("ffmpeg"), "-v", "error", *source, *how, str(path)], check=True, timeout=60)
    assert whole(path.read_bytes())
    assert not whole(path.read_bytes()[: -(128 if "-write_id3v1" in how else 0) - 1])


@pytest.mark.parametrize(("rate", "bitrate"), [(24_000, 32), (24_000, 64), (44_100, 128), (8_000, 8)])
def test_cut_at_any_byte_of_its_last_frames_it_is_whole_at_their_edges_alone(rate: int, bitrate: int) -> None:
    mp3 = lame(rate, bitrate)
    ends = edges(mp3)
    assert ends[-1] == len(mp3) and len(ends) > 8
    assert [cut for cut in range(ends[-4], len(mp3) + 1) if whole(mp3[:cut])] == ends[-4:]


@pytest.mark.parametrize("follows", [b"\0", b"<html>", b"\xff\xfb", b"TAG"])
def test_with_anything_behind_its_frames_it_is_not_whole(follows: bytes) -> None:
    assert not whole(lame(24_000, 64) + follows)


@pytest.mark.parametrize("nothing", [b"", b"ID3", b"ID3\x04\0\0\0\0\0\0", b"<html>no</html>", b"\xff", b"\xff\xfb\x90", bytes(5000)])
def test_what_has_no_frame_is_not_whole(nothing: bytes) -> None:
    assert not whole(nothing)


def test_two_mp3s_of_different_rates_in_a_row_are_not_one() -> None:
    assert not whole(lame(24_000, 64) + lame(44_100, 64))
    assert whole(lame(24_000, 64) + lame(24_000, 32))


def test_a_tag_of_id3v2_with_a_footer_is_passed_over() -> None:
    tag = b"ID3\x04\x00\x10\0\0\0\x05" + bytes(5) + b"3DI\x04\x00\x10\0\0\0\x05"
    assert whole(tag + lame(24_000, 64))


@given(st.binary(max_size=400))
def test_no_bytes_make_it_stumble(data: bytes) -> None:
    assert whole(data) in (True, False)
    assert whole(b"ID3" + data) in (True, False)


@given(st.binary(min_size=4, max_size=4))
def test_a_frame_is_longer_than_its_header(header: bytes) -> None:
    assert length(header) == 0 or length(header) > 4
