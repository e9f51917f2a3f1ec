"""The meter against the signals of EBU Tech 3341 (2023) and Tech 3342 (2023), made here as the documents say.

Not here: cases 7 and 8 of Tech 3341, which are cases 5 and 6 of Tech 3342. They are programmes that EBU recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import firwin

from bulletin import loudness

RATES = (48_000, 44_100, 24_000)
NOTHING = -np.inf
"""dBFS of digital silence."""


def sine(rate: int, *parts: tuple[float, float], hz: float = 1000.0) -> loudness.Samples:
    """Stereo, parts of (dBFS, seconds), one phase through."""
    level = np.concatenate([np.full(round(seconds * rate), loudness.factor(db)) for db, seconds in parts])
    wave = np.sin(2 * np.pi * hz * np.arange(len(level)) / rate) * level
    return np.stack([wave, wave], axis=1).astype(np.float32)


def heard(sound: loudness.Samples, rate: int, size: int = 7919) -> loudness.Meter:
    return loudness.measure(loudness.as_blocks(sound, size), rate, sound.shape[1])


def sloping(wave: loudness.Samples, frames: int) -> loudness.Samples:
    """Stereo with a fade at both ends: a sine that is cut off peaks higher there than it does."""
    count = np.arange(len(wave))
    faded = wave * np.minimum(1, np.minimum(count, count[::-1]) / frames)
    return np.stack([faded, faded], axis=1).astype(np.float32)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23),  # case 1
        ([(-33, 20)], -33),  # case 2
        ([(-36, 10), (-23, 60), (-36, 10)], -23),  # case 3
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),  # case 4
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),  # case 5
    ],
)
def test_integrated_loudness_of_tech_3341(rate: int, parts: list[tuple[float, float]], lufs: float) -> None:
    assert heard(sine(rate, *parts), rate).integrated == pytest.approx(lufs, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_five_channels_of_tech_3341(rate: int) -> None:  # case 6
    meter = loudness.Meter(rate, 5, weights=(1, 1, 1, 1.41, 1.41))
    meter.add(np.concatenate([sine(rate, (db, 20))[:, :1] for db in (-28, -28, -24, -30, -30)], axis=1))
    assert meter.integrated == pytest.approx(-23, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("lufs", [-23, -33])  # cases 1 and 2 again
def test_a_steady_tone_of_tech_3341_reads_the_same_in_every_window(rate: int, lufs: float) -> None:
    meter = heard(sine(rate, (lufs, 20)), rate)
    assert [meter.momentary, meter.short_term] == pytest.approx([lufs] * 2, abs=0.1)
    assert meter.curve == pytest.approx(np.full(200, lufs), abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_short_term_loudness_of_tech_3341_is_constant(rate: int) -> None:  # case 9
    meter = heard(sine(rate, *[(-20, 1.34), (-30, 1.66)] * 5), rate)
    assert meter.short_term == pytest.approx(-23, abs=0.1)
    assert meter.curve[29:] == pytest.approx(np.full(121, -23), abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_momentary_loudness_of_tech_3341_is_constant(rate: int) -> None:  # case 12
    meter = heard(sine(rate, *[(-20, 0.18), (-30, 0.22)] * 25), rate)
    lowest = loudness.level(meter.mean_squares(loudness.MOMENTARY, first=100).min())
    assert [meter.momentary, lowest] == pytest.approx([-23, -23], abs=0.1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("window", "length", "delay"),
    [
        ("short_term", 3, 0.15),  # case 10
        ("momentary", 0.4, 0.02),  # case 13
    ],
)
def test_a_tone_of_tech_3341_is_found_wherever_it_begins(rate: int, window: str, length: float, delay: float) -> None:
    files = [sine(rate, (NOTHING, i * delay), (-23, length), (NOTHING, 1)) for i in range(20)]
    assert [getattr(heard(file, rate), window) for file in files] == pytest.approx([-23] * 20, abs=0.1)


def live(meter: loudness.Meter, window: str, length: float, delay: float) -> Iterator[float]:
    """The readings of a meter after each of twenty tones, every one of them 1 dB louder than the last."""
    for i in range(20):
        meter.add(sine(meter.rate, (NOTHING, i * delay), (i - 38, length), (NOTHING, length - i * delay)))
        yield getattr(meter, window)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("window", "length", "delay"),
    [
        ("short_term", 3, 0.15),  # case 11
        ("momentary", 0.4, 0.02),  # case 14
    ],
)
def test_a_meter_of_tech_3341_follows_live(rate: int, window: str, length: float, delay: float) -> None:
    readings = list(live(loudness.Meter(rate, 2), window, length, delay))
    assert readings == pytest.approx(list(range(-38, -18)), abs=0.1)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("part", "phase", "level", "peak"),
    [
        (4, 0, 0.50, -6.0),  # case 15
        (4, 45, 0.50, -6.0),  # case 16
        (6, 60, 0.50, -6.0),  # case 17
        (8, 67.5, 0.50, -6.0),  # case 18
        (4, 45, 1.41, 3.0),  # case 19
    ],
)
def test_true_peak_of_tech_3341(rate: int, part: int, phase: float, level: float, peak: float) -> None:
    wave = level * np.sin(2 * np.pi * np.arange(rate) / part + np.radians(phase))
    assert peak - 0.4 <= heard(sloping(wave, rate // 100), rate, 1001).true_peak <= peak + 0.2


def burst(rate: int, offset: int) -> loudness.Samples:
    """A sine at a sixth of the rate, 0.50, and one period at a quarter, 1.00, within; made at four times the rate."""
    around, within = 0.5 * np.sin(2 * np.pi * np.arange(rate // 4 * 24) / 24), np.sin(2 * np.pi * np.arange(16) / 16)
    wave = np.convolve(np.concatenate([around, within, around]), firwin(511, 1 / 4, window="blackman"), "same")
    return sloping(wave[offset::4], rate // 100)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("offset", [0, 1, 2, 3])  # cases 20 to 23: samples left out before each fourth is taken
def test_true_peak_between_samples_of_tech_3341(rate: int, offset: int) -> None:
    assert -0.4 <= heard(burst(rate, offset), rate, 1001).true_peak <= 0.2


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(
    ("levels", "lu"),
    [
        ([-20, -30], 10),  # case 1
        ([-20, -15], 5),  # case 2
        ([-40, -20], 20),  # case 3
        ([-50, -35, -20, -35, -50], 15),  # case 4
    ],
)
def test_loudness_range_of_tech_3342(rate: int, levels: list[float], lu: float) -> None:
    assert heard(sine(rate, *((db, 20) for db in levels)), rate).range == pytest.approx(lu, abs=1)


def test_one_channel_reads_three_lower_than_two() -> None:
    sound = sine(48_000, (-20, 10))
    assert heard(sound, 48_000).integrated - heard(sound[:, :1], 48_000).integrated == pytest.approx(3.01, abs=0.01)


def readings(meter: loudness.Meter) -> list[float]:
    return [meter.integrated, meter.momentary, meter.short_term, meter.range, *meter.curve]


@pytest.mark.parametrize("rate", [48_000, 22_050])
def test_the_reading_does_not_depend_on_how_the_sound_is_cut(rate: int) -> None:
    chance = np.random.default_rng(1)
    frames = 8 * rate + 77
    sound = (chance.normal(0, 0.1, (frames, 2)) * np.linspace(1, 0.01, frames)[:, None]).astype(np.float32)
    whole, pieces = loudness.Meter(rate, 2), loudness.Meter(rate, 2)
    whole.add(sound)
    edges = [*range(50), *sorted(chance.integers(50, frames, 500)), frames]
    for start, end in pairwise(edges):
        pieces.add(sound[start:end])
    assert readings(pieces) == readings(whole)
    assert pieces.true_peak == pytest.approx(whole.true_peak, abs=1e-4)
    assert pieces.frames == whole.frames == frames


def test_reading_on_the_way_changes_nothing() -> None:
    sound = sine(48_000, (-20, 2.345), (-30, 3))
    meter = loudness.Meter(48_000, 2)
    for part in np.split(sound, [100_001]):
        meter.add(part)
        so_far = heard(sound[: meter.frames], 48_000)
        assert readings(meter) == readings(so_far)
        assert meter.true_peak == pytest.approx(so_far.true_peak, abs=1e-4)


@pytest.mark.parametrize("rate", [11_025, 22_050, 44_100])
def test_windows_keep_their_length_where_10_ms_is_no_whole_number_of_frames(rate: int) -> None:
    meter = heard(sine(rate, (NOTHING, 30), (-23, 0.4), (NOTHING, 30)), rate)
    assert len(meter.curve) == 604
    assert meter.momentary == pytest.approx(-23, abs=0.1)
    assert loudness.level(meter.mean_squares(loudness.MOMENTARY, first=3040)[0]) == pytest.approx(meter.momentary, abs=0.01)


def test_an_hour_is_kept_in_three_megabytes() -> None:
    meter = heard(sine(8_000, (-23, 36)), 8_000)
    assert len(meter.steps) * meter.steps.itemsize * 100 < 3_000_000
    assert meter.rest.nbytes + meter.edge.nbytes < 10_000
    assert meter.rest.base is meter.edge.base is None  # no view that keeps a whole block alive


def test_the_curve_is_of_the_three_seconds_before() -> None:
    curve = heard(sine(48_000, (-20, 3), (-40, 3.05)), 48_000).curve
    assert len(curve) == 60
    assert curve[[0, 29, 59]] == pytest.approx([-20, -20, -40], abs=0.1)
    assert curve[44] == pytest.approx(-23, abs=0.1)


def test_a_sound_shorter_than_a_window_is_measured_as_a_whole() -> None:
    meter = heard(sine(48_000, (-23, 0.3)), 48_000)
    assert [meter.integrated, meter.momentary, meter.short_term] == pytest.approx([-23] * 3, abs=0.1)
    assert meter.range == 0


@pytest.mark.parametrize("frames", [0, 100, 48_000])
def test_silence_and_nothing_read_the_gate(frames: int) -> None:
    meter = heard(np.zeros((frames, 2), np.float32), 48_000)
    assert [meter.integrated, meter.momentary, meter.short_term] == [loudness.SILENCE] * 3
    assert meter.range == 0
    assert meter.true_peak == NOTHING
    assert set(meter.curve) <= {loudness.SILENCE}


def test_a_peak_between_the_last_samples_is_heard() -> None:
    sound = np.zeros((1000, 1), np.float32)
    sound[-2:] = 0.9
    assert heard(sound, 48_000).true_peak > 1


def test_a_file_reads_as_its_samples_do(tmp_path: Path) -> None:
    sound = sine(44_100, (-20, 2.3), (-30, 2))
    soundfile.write(tmp_path / "a.wav", sound, 44_100, subtype="FLOAT")
    of_file, of_samples = loudness.measure_file(tmp_path / "a.wav"), heard(sound, 44_100)
    assert readings(of_file) == readings(of_samples)
    assert (of_file.frames, of_file.rate) == (len(sound), 44_100)


def test_clips_together_are_the_mean_of_their_powers() -> None:
    assert loudness.together([(-20, 1000), (-20, 500)]) == pytest.approx(-20)
    assert loudness.together([(-20, 1000), (-30, 1000)]) == pytest.approx(-20 + 10 * np.log10(0.55))
    assert loudness.together([]) == loudness.SILENCE


def test_peaks_over_a_ceiling_are_found_where_they_are(tmp_path: Path) -> None:
    sound = np.zeros((150_000, 2), np.float32)
    for frame, peak in ((100, 0.95), (48_010, 0.8), (149_990, 0.9)):
        sound[frame, frame % 2] = peak
    soundfile.write(tmp_path / "a.wav", sound, 48_000, subtype="FLOAT")
    found = loudness.overs(tmp_path / "a.wav", 0.85)
    assert {time: round(peak, 2) for time, peak in found.items()} == {2: 0.95}
    assert loudness.overs(tmp_path / "a.wav", 0.75).keys() == {2, 1000}, "the last milliseconds are silence of every bulletin"
