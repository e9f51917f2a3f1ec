"""True peaks stay under the ceiling; what is under it passes untouched; nothing is added or lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulletin import loudness
from bulletin.limiter import DIP, dipped, limit

RATE = 48_000


def limited(sound: loudness.Samples, ceiling: float, size: int, gain: float = 1.0) -> loudness.Samples:
    return np.concatenate(list(limit(loudness.as_blocks(sound, size), RATE, gain, ceiling)))


def noise(seed: int, seconds: float, level: float) -> loudness.Samples:
    random = np.random.default_rng(seed)
    sound = random.standard_normal((round(seconds * RATE), 2)).astype(np.float32) * level
    bursts = random.random(len(sound)) > 0.9995
    sound[bursts] *= 8
    return sound


@settings(max_examples=25)
@given(st.integers(0, 10**6), st.floats(0.01, 0.6), st.integers(50, 100_000), st.floats(0.3, 4.0))
def test_no_true_peak_goes_over_the_ceiling(seed: int, level: float, size: int, gain: float) -> None:
    sound = noise(seed, 0.7, level)
    out = limited(sound, 0.8, size, gain)
    assert out.shape == sound.shape
    assert loudness.measure([out], RATE, 2).true_peak <= loudness.decibel(0.8) + 0.2


def test_what_is_under_the_ceiling_is_not_touched_and_not_moved() -> None:
    sound = np.clip(noise(1, 2, 0.05), -0.3, 0.3)
    assert np.array_equal(limited(sound, 0.9, 4801), sound)


def test_blocks_of_any_size_sound_the_same() -> None:
    sound = noise(2, 2, 0.3)
    assert np.allclose(limited(sound, 0.5, 480), limited(sound, 0.5, 48_000), atol=1e-6)


@pytest.mark.parametrize("length", [0, 1, 47, 48, 500, 48_001])
def test_as_much_comes_out_as_went_in(length: int) -> None:
    assert len(limited(np.ones((max(length, 1), 2), np.float32), 0.5, 10_000)[:length]) == length


def test_the_gain_comes_back_without_a_step() -> None:
    sound = np.full((RATE, 1), 0.5, np.float32)
    sound[RATE // 2] = 4.0
    gain = limited(sound, 0.8, 9_600)[:, 0] / sound[:, 0]
    assert gain[RATE // 2] * 4.0 <= 0.8
    assert np.abs(np.diff(gain)).max() < 0.02
    assert gain[0] == 1.0 and gain[-1] > 0.98


def test_a_dip_is_as_deep_as_it_is_asked_for_and_away_from_it_nothing_is_touched() -> None:
    sound = np.full((3 * RATE, 2), 0.5, np.float32)
    out = np.concatenate(list(dipped(loudness.as_blocks(sound, RATE), RATE, {1000: 0.8, 2500: 0.9})))
    assert out[RATE] == pytest.approx(0.4, abs=1e-3) and out[2 * RATE + RATE // 2] == pytest.approx(0.45, abs=1e-3)
    assert np.abs(np.diff(out, axis=0)).max() < 2e-4, "no step is heard"
    away = np.abs(np.arange(3 * RATE) / 48 - 1000) > DIP + 1
    away &= np.abs(np.arange(3 * RATE) / 48 - 2500) > DIP + 1
    assert np.array_equal(out[away], sound[away])
