"""The sound: at its sample, at its level, without a seam; and one loudness for the whole, held after encoding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin import loudness, mixer
from bulletin.errors import PublishError, SoundError
from bulletin.model import Cue, CueSheet, Ms, Target
from bulletin.outputs.encode import Mp3Encoder

PODCAST = Target(name="podcast", lufs=-16, true_peak=-1, source="")


def cue(path: Path, start: int, length: int, *level: tuple[int, float], loop: bool = False) -> Cue:
    points = tuple((Ms(at), db) for at, db in level or [(0, 0.0)])
    return Cue(path=path, key=path.name, role="speech", start=Ms(start), length=Ms(length), level=points, loop=loop)


def mix(*cues: Cue, length: int, channels: int = 2) -> loudness.Samples:
    sheet = CueSheet(cues=cues, length=Ms(length), chapters=(), transcript=())
    return np.concatenate(list(mixer.mixed(sheet, channels)))


@pytest.fixture
def click(tmp_path: Path) -> Path:
    sound = np.zeros(4800, np.float32)
    sound[0] = 0.5
    soundfile.write(tmp_path / "click.wav", sound, 48_000, subtype="PCM_24")
    return tmp_path / "click.wav"


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    soundfile.write(tmp_path / "ramp.wav", np.linspace(0, 0.5, 48_000, dtype=np.float32), 48_000, subtype="PCM_24")
    return tmp_path / "ramp.wav"


@pytest.mark.parametrize("start", [0, 1, 17, 999, 1000, 1001, 2345])
def test_a_cue_sounds_at_its_sample(click: Path, start: int) -> None:
    sound = mix(cue(click, start, 100), length=3000)
    assert np.flatnonzero(sound[:, 0]).tolist() == [start * 48]
    assert sound[start * 48, 1] == pytest.approx(0.5)
    assert len(sound) == 3000 * 48


def test_cues_that_overlap_are_added(click: Path, ramp: Path) -> None:
    both = mix(cue(click, 500, 100), cue(ramp, 0, 1000), length=1000)
    assert np.allclose(both, mix(cue(click, 500, 100), length=1000) + mix(cue(ramp, 0, 1000), length=1000))


def test_levels_are_straight_lines_in_decibels(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "one.wav", np.full(96_000, 0.5, np.float32), 48_000, subtype="PCM_24")
    sound = mix(cue(tmp_path / "one.wav", 0, 2000, (500, 0.0), (1500, -20.0)), length=2000)[:, 0]
    for at, db in ((0, 0), (500, 0), (1000, -10), (1250, -15), (1500, -20), (1999, -20)):
        assert loudness.decibel(float(sound[at * 48]) / 0.5) == pytest.approx(db, abs=0.05)


def test_a_loop_has_no_seam(tmp_path: Path) -> None:
    wave = 0.5 * np.sin(2 * np.pi * 100 * np.arange(48_000) / 48_000).astype(np.float32)
    soundfile.write(tmp_path / "loop.wav", wave, 48_000, subtype="PCM_24")
    sound = mix(cue(tmp_path / "loop.wav", 250, 3300, loop=True), length=4000)[250 * 48 : 3550 * 48, 0]
    assert np.abs(np.diff(sound)).max() <= np.abs(np.diff(wave)).max() + 1e-6
    assert np.count_nonzero(sound) > len(sound) * 0.98


FORMATS = [
    (rate, channels, suffix)
    for rate in (8_000, 22_050, 44_100, 96_000)
    for channels in (1, 2, 6)
    for suffix in ("wav", "flac", "ogg", "mp3")
    if not (suffix in ("mp3", "ogg") and channels > 2) and not (suffix == "mp3" and rate > 48_000)
]


@pytest.mark.parametrize(("rate", "channels", "suffix"), FORMATS)
def test_sounds_of_any_rate_channels_and_format_are_taken(tmp_path: Path, rate: int, channels: int, suffix: str) -> None:
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(rate) / rate)
    path = tmp_path / f"tone.{suffix}"
    soundfile.write(path, np.stack([tone] * channels, axis=1), rate)
    facts = mixer.measure_jingle("intro", path)
    assert facts["duration"] == pytest.approx(1000, abs=60)
    sound = mix(cue(path, 0, facts["duration"]), length=1000)
    spectrum = np.abs(np.fft.rfft(sound[4800:43_200, 0]))
    assert np.argmax(spectrum) * 48_000 / 38_400 == pytest.approx(440, abs=2)
    assert np.abs(sound[4800:43_200]).max() == pytest.approx(0.3, abs=0.05)


def test_a_file_that_is_no_sound_says_so(tmp_path: Path) -> None:
    (tmp_path / "x.wav").write_text("not a sound")
    with pytest.raises(SoundError, match=r"x\.wav is no sound") as caught:
        mixer.measure_jingle("intro", tmp_path / "x.wav")
    assert caught.value.exit_code == 2


def speechlike(path: Path, seconds: int, level: float) -> Path:
    random = np.random.default_rng(1)
    envelope = np.repeat(random.random(seconds * 8), 6000) ** 2
    sound = random.standard_normal(seconds * 48_000) * envelope * level
    sound[random.random(len(sound)) > 0.9999] *= 5
    soundfile.write(path, np.clip(sound, -1, 1), 48_000)
    return path


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate", [64, 128, 192])
@pytest.mark.parametrize("level", [0.01, 0.4])
def test_the_decoded_file_is_at_the_target_and_under_the_peak(tmp_path: Path, channels: int, bitrate: int, level: float) -> None:
    path = speechlike(tmp_path / "a.wav", 12, level)
    sheet = CueSheet(cues=(cue(path, 0, 12_000),), length=Ms(12_000), chapters=(), transcript=())
    made = mixer.master(
        sheet, PODCAST, channels, tmp_path / "a.mp3", lambda file: Mp3Encoder(file, 48_000, channels, bitrate), lambda *_: None
    )
    lufs, peak, frames, rate = loudness.measure_file(tmp_path / "a.mp3")
    assert (frames, rate) == (12 * 48_000, 48_000)
    assert lufs == pytest.approx(-16, abs=0.3)
    assert peak <= -1.0
    assert (made.loudness, made.true_peak) == (round(lufs, 2), round(peak, 2))


def test_a_silent_programme_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(48_000), 48_000)
    sheet = CueSheet(cues=(cue(tmp_path / "silence.wav", 0, 1000),), length=Ms(1000), chapters=(), transcript=())
    with pytest.raises(PublishError, match="silent"):
        mixer.master(sheet, PODCAST, 2, tmp_path / "a.mp3", lambda file: Mp3Encoder(file, 48_000, 2, 128), lambda *_: None)
    assert not (tmp_path / "a.mp3").exists()
