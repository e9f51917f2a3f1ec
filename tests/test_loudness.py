"""The meter against the signals of EBU Tech 3341 (2023) and ITU-R BS.2217, made here as the documents say."""

from __future__ import annotations

import numpy as np
import pytest

from bulletin import loudness

RATES = (48_000, 44_100, 24_000)


def sine(rate: int, *parts: tuple[float, float], hz: float = 1000.0) -> loudness.Samples:
    """Stereo, parts of (dBFS, seconds), one phase through."""
    level = np.concatenate([np.full(round(seconds * rate), loudness.factor(db)) for db, seconds in parts])
    wave = np.sin(2 * np.pi * hz * np.arange(len(level)) / rate) * level
    return np.stack([wave, wave], axis=1).astype(np.float32)


def integrated(sound: loudness.Samples, rate: int, size: int = 7919) -> float:
    return loudness.measure(loudness.as_blocks(sound, size), rate, sound.shape[1]).integrated


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
    assert integrated(sine(rate, *parts), rate) == pytest.approx(lufs, abs=0.1)


def test_one_channel_reads_three_lower_than_two() -> None:
    sound = sine(48_000, (-20, 10))
    assert integrated(sound, 48_000) - integrated(sound[:, :1], 48_000) == pytest.approx(3.01, abs=0.01)


def test_blocks_of_any_size_read_the_same() -> None:
    sound = sine(48_000, (-20, 3), (-30, 3))
    assert integrated(sound, 48_000, 480) == pytest.approx(integrated(sound, 48_000, 10**9), abs=1e-6)


def test_silence_and_nothing_read_the_gate() -> None:
    assert integrated(np.zeros((48_000, 2), np.float32), 48_000) == loudness.SILENCE
    assert integrated(np.zeros((0, 2), np.float32), 48_000) == loudness.SILENCE


@pytest.mark.parametrize(
    ("hz", "phase", "level", "peak"),
    [  # cases 15 to 19: a quarter, a quarter at 45 degrees, a sixth at 60, an eighth at 67.5 of the sample rate
        (12_000, 0, 0.50, -6.0),
        (12_000, 45, 0.50, -6.0),
        (8_000, 60, 0.50, -6.0),
        (6_000, 67.5, 0.50, -6.0),
        (12_000, 45, 1.41, 3.0),
    ],
)
def test_true_peak_of_tech_3341(hz: float, phase: float, level: float, peak: float) -> None:
    wave = level * np.sin(2 * np.pi * hz * np.arange(48_000) / 48_000 + np.radians(phase))
    fade = np.minimum(1, np.minimum(np.arange(48_000), np.arange(48_000)[::-1]) / 480)
    sound = np.stack([wave * fade] * 2, axis=1).astype(np.float32)
    measured = loudness.measure(loudness.as_blocks(sound, 1001), 48_000, 2).true_peak
    assert peak - 0.4 <= measured <= peak + 0.2


def test_clips_together_are_the_mean_of_their_powers() -> None:
    assert loudness.together([(-20, 1000), (-20, 500)]) == pytest.approx(-20)
    assert loudness.together([(-20, 1000), (-30, 1000)]) == pytest.approx(-20 + 10 * np.log10(0.55))
    assert loudness.together([]) == loudness.SILENCE
