"""The sound: at its sample, at its level, without a seam; and one loudness for the whole, held after encoding."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bulletin import loudness, mastering, mixer
from bulletin.errors import PublishError, SoundError
from bulletin.model import Cue, CueSheet, Master, Ms, Programme
from bulletin.outputs.encode import ENCODERS
from bulletin.targets import TARGETS


def cue(path: Path, start: int, length: int, *level: tuple[int, float], loop: bool = False) -> Cue:
    points = tuple((Ms(at), db) for at, db in level or [(0, 0.0)])
    return Cue(path=path, key=path.name, role="speech", start=Ms(start), length=Ms(length), level=points, loop=loop)


def mix(*cues: Cue, length: int, channels: int = 2, rate: int = 48_000) -> loudness.Samples:
    sheet = CueSheet(cues=cues, length=Ms(length), chapters=(), transcript=())
    return np.concatenate(list(mixer.mixed(sheet, rate, channels)))


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


def mastered(sheet: CueSheet, path: Path, **form: object) -> Programme:
    usual = {"name": "", "target": TARGETS["podcast"], "kinds": (path.suffix,), "rate": 48_000, "channels": 2, "bitrate": 128, "bits": 16}
    asked = Master(**{**usual, **form})
    before = mastering.before_mastering(sheet, asked.rate, asked.channels, lambda *_: None)
    return mastering.master(sheet, asked, path.suffix, path, ENCODERS[path.suffix], before, lambda *_: None)


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("bitrate", [64, 128, 192])
@pytest.mark.parametrize("level", [0.01, 0.4])
def test_the_decoded_mp3_is_at_the_target_and_under_the_peak(tmp_path: Path, channels: int, bitrate: int, level: float, rate: int) -> None:
    path = speechlike(tmp_path / "a.wav", 12, level)
    sheet = CueSheet(cues=(cue(path, 0, 12_000),), length=Ms(12_000), chapters=(), transcript=())
    made = mastered(sheet, tmp_path / "a.mp3", rate=rate, channels=channels, bitrate=bitrate)
    heard = loudness.measure_file(tmp_path / "a.mp3")
    assert (heard.frames, heard.rate) == (12 * rate, rate)
    assert heard.integrated == pytest.approx(-16, abs=0.1)
    assert heard.true_peak <= -1.0
    assert (made.loudness, made.true_peak) == (round(heard.integrated, 2), round(heard.true_peak, 2))


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("channels", [1, 2])
def test_a_wav_has_its_bits_and_its_loudness(tmp_path: Path, bits: int, channels: int) -> None:
    path = speechlike(tmp_path / "speech.wav", 12, 0.4)
    sheet = CueSheet(cues=(cue(path, 0, 11_999),), length=Ms(11_999), chapters=(), transcript=())
    mastered(sheet, tmp_path / "a.wav", bits=bits, channels=channels, target=TARGETS["r128"])
    about = soundfile.info(tmp_path / "a.wav")
    assert (about.subtype, about.channels, about.frames) == (f"PCM_{bits}", channels, 11_999 * 48)
    heard = loudness.measure_file(tmp_path / "a.wav")
    assert heard.integrated == pytest.approx(-23, abs=0.05)
    assert heard.true_peak <= -1.0


def test_a_quiet_passage_keeps_in_24_bits_what_16_lose(tmp_path: Path) -> None:
    tone = 1e-4 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    random = np.random.default_rng(0)
    kept = {}
    for bits in (16, 24):
        data = np.frombuffer(mastering.quantised(tone[:, None].astype(np.float32), bits, random), np.uint8).reshape(-1, bits // 8)
        whole = np.pad(data, ((0, 0), (4 - bits // 8, 0))).copy().view("<i4")[:, 0]
        kept[bits] = float(np.sqrt(np.square(whole / 2.0**31 - tone).mean()))
    assert kept[24] < kept[16] / 200


def test_a_silent_programme_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros(48_000), 48_000)
    sheet = CueSheet(cues=(cue(tmp_path / "silence.wav", 0, 1000),), length=Ms(1000), chapters=(), transcript=())
    with pytest.raises(PublishError, match="silent"):
        mastered(sheet, tmp_path / "a.mp3")
    assert not (tmp_path / "a.mp3").exists()


# --- loops --------------------------------------------------------------------------------------------------


def music(seconds: float, rate: int = 48_000) -> np.ndarray:
    time = np.arange(round(seconds * rate)) / rate
    sound = sum(0.12 * np.sin(2 * np.pi * pitch * time) * (1 + 0.3 * np.sin(2 * np.pi * 3 * time)) for pitch in (110, 277.2, 331, 659))
    return np.stack([sound, np.roll(sound, 40)], axis=1).astype(np.float32)


def faded(sound: np.ndarray, rate: int = 48_000) -> np.ndarray:
    out = np.ones(len(sound), np.float32)
    out[-rate:] = np.linspace(1, 0, rate) ** 2
    return sound * out[:, None]


BEDS = {
    "cut anywhere": music(3.3337),
    "faded away": faded(music(5.0)),
    "from nothing and faded away": faded(music(5.0)) * np.minimum(1, np.arange(240_000) / 480)[:, None].astype(np.float32),
    "silence at both ends": np.pad(music(3.0), ((2400, 4800), (0, 0))),
    "another rate": music(3.1, 44_100),
}


@pytest.mark.parametrize("name", BEDS)
def test_a_bed_of_any_kind_is_looped_without_a_step_or_a_hole(tmp_path: Path, name: str) -> None:
    rate = 44_100 if name == "another rate" else 48_000
    soundfile.write(tmp_path / "bed.wav", BEDS[name], rate, subtype="PCM_24")
    sound = mix(cue(tmp_path / "bed.wav", 0, 14_000, loop=True), length=14_000)
    plain = mix(cue(tmp_path / "bed.wav", 0, 2_000), length=2_000)[9_600:-9_600]
    step = np.abs(np.diff(plain, axis=0)).max()
    assert np.abs(np.diff(sound[480:], axis=0)).max() <= step * 1.05, "no step is higher than the material's own"
    level = np.sqrt(np.square(sound[4800:]).reshape(-1, 4800, 2).mean(axis=(1, 2)))
    assert level.min() > 0.4 * np.sqrt(np.square(plain).mean()), "it is never away"


def four_beats() -> np.ndarray:
    beat = np.zeros(24_000)
    beat[:9_600] = 0.5 * np.sin(2 * np.pi * 200 * np.arange(9_600) / 48_000) * np.exp(-np.arange(9_600) / 1500)
    return np.tile(beat, 4)


@pytest.mark.parametrize(
    "fits", [0.5 * np.sin(2 * np.pi * 50 * np.arange(96_000) / 48_000), four_beats()], ids=["a tone", "beats and a rest"]
)
def test_a_loop_that_fits_stays_in_time(tmp_path: Path, fits: np.ndarray) -> None:
    soundfile.write(tmp_path / "fits.wav", fits, 48_000, subtype="PCM_24")
    sound = mix(cue(tmp_path / "fits.wav", 0, 6_000, loop=True), length=6_000)[:, 0]
    assert np.allclose(sound, np.tile(fits, 3), atol=1e-6)


def test_only_as_much_of_a_long_sound_is_read_as_is_heard(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "long.wav", np.tile(music(10), (30, 1)), 48_000)
    found = mixer.sound(cue(tmp_path / "long.wav", 0, 4_000, loop=True), 48_000, 2)
    assert found.again is None
    assert 4_000 * 48 <= found.first.frame_count() <= 4_000 * 48 + 1


def test_a_jingle_over_full_scale_is_turned_down_and_not_clipped(tmp_path: Path) -> None:
    hot = 2.5 * np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    soundfile.write(tmp_path / "hot.wav", hot, 48_000, subtype="FLOAT")
    sound = mix(cue(tmp_path / "hot.wav", 0, 1000, (0, -20.0)), length=1000)[:, 0]
    assert np.allclose(sound, hot * 0.1, atol=1e-5)


@pytest.mark.parametrize("start", [0, 7, 333, 1001, 2347])
def test_at_44_1_khz_a_cue_sounds_at_the_nearest_sample(tmp_path: Path, start: int) -> None:
    sound = np.zeros(4410, np.float32)
    sound[0] = 0.5
    soundfile.write(tmp_path / "click.wav", sound, 44_100, subtype="PCM_24")
    heard = mix(cue(tmp_path / "click.wav", start, 100), length=3000, rate=44_100)
    assert np.flatnonzero(heard[:, 0]).tolist() == [round(start * 44.1)]


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_a_jingle_is_measured_as_it_is_heard(tmp_path: Path, channels: int) -> None:
    noise = np.random.default_rng(0).standard_normal((96_000, channels)).astype(np.float32) * 0.05
    soundfile.write(tmp_path / "a.wav", noise, 48_000)
    heard = mix(cue(tmp_path / "a.wav", 0, 2000), length=2000)
    loud = loudness.measure(loudness.as_blocks(heard, 48_000), 48_000, 2).integrated
    assert mixer.measure_jingle("intro", tmp_path / "a.wav")["loudness"] == pytest.approx(loud, abs=0.1)
