"""The jingles that ship are what their recipe makes."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib import resources

import numpy as np
import pytest
import soundfile
from conftest import ROOT, tool

FOLDER = resources.files("bulletin") / "jingles"


def test_the_recipe_makes_them_again() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "scripts" / "jingles"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("name", "seconds", "lufs"), [("intro", 5.5, -16), ("sting", 1.5, -16), ("bed", 20.0, -20), ("outro", 8.0, -16)])
def test_length_loudness_and_peak(name: str, seconds: float, lufs: float) -> None:
    path = str(FOLDER / f"{name}.flac")
    sound, rate = soundfile.read(path)
    assert (len(sound), rate) == (seconds * 48_000, 48_000)
    command = [tool("ffmpeg"), "-nostats", "-i", path, "-filter_complex", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr.rpartition("Summary")[2]
    measured, peak = (float(re.search(rf"{what}:\s+(-?[\d.]+)", said).group(1)) for what in ("I", "Peak"))  # type: ignore[union-attr]
    assert measured == pytest.approx(lufs, abs=0.3)
    assert peak <= -1.4


def test_the_bed_has_no_seam() -> None:
    sound, _ = soundfile.read(str(FOLDER / "bed.flac"))
    steps = np.abs(np.diff(sound, axis=0))
    assert np.abs(sound[0] - sound[-1]).max() <= np.quantile(steps, 0.999)
