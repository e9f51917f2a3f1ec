"""The bulletin as a picture: its size, what is where on it, and what is said where it cannot be drawn."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bulletin
from bulletin import station as stations
from bulletin.errors import UsageError
from bulletin.model import Chapter, Cue, Ms, Report, Station
from bulletin.outputs import plot

TEXT = "Bridge opens\n\nThe council of Wendmouth met in the old hall on Monday and talked for an hour."
MORE = "Choir sings\n\nThe choir of the parish sang in the old hall on Tuesday evening."


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder = tmp_path_factory.mktemp("plot")
    sources = [folder / "bridge.txt", folder / "choir.txt"]
    for source, text in zip(sources, (TEXT, MORE), strict=True):
        source.write_text(text, encoding="utf-8")
    return bulletin.make(*sources, output=folder / "air.wav", settings={"store.folder": str(folder / "clips")})


def drawn(report: Report, station: Station, path: Path) -> Any:
    """The picture as a reader of PNG files sees it, shape (rows, columns, 3), 0 to 255."""
    pytest.importorskip("matplotlib", reason="pip install 'bulletin[plot]'")
    plot.write(report, station, path)
    from PIL import Image

    with Image.open(path) as image:
        assert image.format == "PNG"
        return np.asarray(image.convert("RGB")).astype(int)


def has(picture: Any, role: str, rows: tuple[int, int], columns: tuple[float, float]) -> int:
    """How many pixels of a part of the picture have a role's colour."""
    colour = [int(plot.COLOURS[role][at : at + 2], 16) for at in (1, 3, 5)]
    part = picture[rows[0] : rows[1], int(columns[0]) + 1 : int(columns[1])]
    return int((np.abs(part - colour).max(axis=2) <= 2).sum())


def columns(cue: Cue, report: Report) -> tuple[float, float]:
    """Where on the picture a cue begins and ends."""
    wide = (plot.RIGHT - plot.LEFT) / report.programme.duration
    return plot.LEFT + cue.start * wide, plot.LEFT + (cue.start + cue.length) * wide


def retold(report: Report, *titles: str) -> Report:
    """The report with other stories, of the same length each."""
    each = report.programme.duration // len(titles)
    told = [Chapter(start=Ms(at * each), end=Ms((at + 1) * each - 200), title=title) for at, title in enumerate(titles)]
    sheet = dataclasses.replace(report.programme.sheet, chapters=tuple(told))
    return with_programme(report, sheet=sheet)


def with_programme(report: Report, **changes: Any) -> Report:
    """The report of another programme."""
    other = dataclasses.replace(report.programme, **changes)
    many = "programmes" in {field.name for field in dataclasses.fields(report)}
    return dataclasses.replace(report, **({"programmes": (other,)} if many else {"programme": other}))


def test_it_is_a_picture_of_its_size_and_is_not_blank(made: Report, station: Station, tmp_path: Path) -> None:
    picture = drawn(made, station, tmp_path / ".air.png.1234.part")
    assert picture.shape == (plot.HEIGHT, plot.WIDTH, 3)
    for top, bottom in (plot.STORIES, plot.WAVE, plot.SPEECH, plot.MUSIC, plot.LOUD):
        assert picture[top:bottom, plot.LEFT : plot.RIGHT].std() > 3, "every panel shows something"


def test_each_sound_has_its_colour_where_it_is_heard_and_nowhere_else(made: Report, station: Station, tmp_path: Path) -> None:
    picture = drawn(made, station, tmp_path / "air.png")
    cues = made.programme.sheet.cues
    speech = [cue for cue in cues if cue.role == "speech"]
    stings = [cue for cue in cues if cue.role == "sting"]
    assert len(speech) >= 5 and stings
    for cue in speech:
        assert has(picture, "speech", plot.WAVE, columns(cue, made)) > 100
        assert has(picture, "sting", plot.WAVE, columns(cue, made)) == 0
        left, right = columns(cue, made)
        assert has(picture, "speech", plot.SPEECH, (left + 1, right - 1)) > 0.8 * (right - left - 3) * (plot.SPEECH[1] - plot.SPEECH[0])
    for sting in stings:
        assert has(picture, "sting", plot.WAVE, columns(sting, made)) > 100
        for rows in (plot.WAVE, plot.SPEECH):
            assert has(picture, "speech", rows, columns(sting, made)) == 0


def test_music_that_is_spoken_over_is_speech_in_the_waveform_and_ducks_in_its_lane(made: Report, station: Station, tmp_path: Path) -> None:
    picture = drawn(made, station, tmp_path / "air.png")
    outro = next(cue for cue in made.programme.sheet.cues if cue.role == "outro")
    last = made.programme.sheet.transcript[-1]
    wide = (plot.RIGHT - plot.LEFT) / made.programme.duration
    over = plot.LEFT + (last.start + 100) * wide, plot.LEFT + (last.start + last.duration - 100) * wide
    assert has(picture, "outro", plot.WAVE, over) == 0
    line = [row for row in range(*plot.MUSIC) if has(picture, "outro", (row, row + 1), over)]
    assert has(picture, "outro", plot.MUSIC, columns(outro, made)) > 0
    zero = plot.scale(plot.MUSIC, plot.FLOOR, plot.CEILING)
    assert line and min(line) > zero(-6), "under the words the outro is more than 6 dB below speech"


def test_a_station_of_any_script_and_a_headline_like_mathematics_are_drawn(made: Report, station: Station, tmp_path: Path) -> None:
    titles = (
        "$\\nope{ to $6",
        "Chợ nổi Vàm Lụa đón khách trở lại",
        "Школа искусств",
        "東京の新しい図書館 🎉",
        "الجسر हिन्दी ไทย",
        "",
    )
    strange = dataclasses.replace(station, name="Đài $ 東京 Радио")
    picture = drawn(retold(made, *titles), strange, tmp_path / "air.png")
    plain = drawn(retold(made, *[""] * len(titles)), strange, tmp_path / "plain.png")
    top, bottom = plot.STORIES
    assert (picture != plain)[top:bottom].any()
    assert not (picture != plain)[bottom:].any()


def test_a_character_that_no_font_has_is_no_warning(
    made: Report, station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(plot, "families", lambda said: ["DejaVu Sans"])
    drawn(retold(made, "東京", "ไทย"), station, tmp_path / "air.png")
    assert not caplog.records


def test_a_headline_stays_between_its_story_and_the_next(made: Report, station: Station, tmp_path: Path) -> None:
    titles = ["A headline that would never fit into so narrow a place on the axis"] * 20
    picture, plain = (drawn(retold(made, *shown), station, tmp_path / "air.png") for shown in (titles, [""] * 20))
    top, bottom = plot.STORIES
    changed = np.flatnonzero((picture != plain)[top:bottom].any(axis=(0, 2)))
    place = (changed - plot.LEFT) / (plot.RIGHT - plot.LEFT) * 20 % 1
    assert len(changed) and place.min() > 0.05 and place.max() < 0.98


def test_what_is_too_loud_is_marked(made: Report, station: Station, tmp_path: Path) -> None:
    alarm = [int(plot.ALARM[at : at + 2], 16) for at in (1, 3, 5)]

    def alarms(report: Report) -> int:
        head = drawn(report, station, tmp_path / "air.png")[: plot.STORIES[0]]
        return int((head == alarm).all(axis=2).sum())

    quiet = dataclasses.replace(made, problems=())
    assert alarms(quiet) == 0
    assert alarms(with_programme(quiet, true_peak=0.4)) > 50
    assert alarms(with_programme(quiet, loudness=made.programme.loudness + 3)) > 50


def test_a_short_sting_is_seen_in_an_hour() -> None:
    hour = 3_600_000
    speech = [cue("speech", at, 58_000) for at in range(0, hour, 60_000)]
    roles = plot.by_column([*speech, *(cue("sting", at + 58_200, 1_500) for at in range(0, hour, 60_000))], hour, 1400)
    names = list(plot.COLOURS)
    assert sum(np.diff(roles == names.index("sting"), prepend=False) & (roles == names.index("sting"))) == 60
    assert (roles == names.index("speech")).sum() > 1100


def test_speech_is_before_music_and_silence_is_neither() -> None:
    cues = [cue("bed", 0, 500), cue("intro", 0, 200), cue("speech", 300, 100), cue("speech", 800, 100)]
    found = [(start, stop, list(plot.COLOURS)[role]) for start, stop, role in plot.sounding(cues)]
    assert found == [(0, 200, "intro"), (200, 300, "bed"), (300, 400, "speech"), (400, 500, "bed"), (800, 900, "speech")]


def cue(role: str, start: int, length: int) -> Cue:
    return Cue(path=Path(role), key=role, role=role, start=Ms(start), length=Ms(length), level=((Ms(0), 0.0),))


def test_the_waveform_keeps_every_peak_however_the_blocks_fall(tmp_path: Path) -> None:
    import soundfile

    sound = np.zeros((48_000 * 9 + 777, 2), np.float32)
    sound[5, 0], sound[4 * 48_000 - 1, 1], sound[4 * 48_000, 0], sound[-1, 1] = 0.5, 0.75, -0.75, -0.25
    soundfile.write(tmp_path / "a.wav", sound, 48_000, subtype="FLOAT")
    low, high, middle = plot.extremes(tmp_path / "a.wav", len(sound) // 48, 100)
    assert high[0] == 0.5 and low[99] == -0.25
    assert high.max() == 0.75 and low.min() == -0.75
    assert np.count_nonzero(middle) == np.count_nonzero(np.maximum(high, -low)) <= 4


@pytest.mark.parametrize(
    ("ms", "digits", "said"), [(0, 0, "0:00"), (59_999, 0, "0:59"), (54_875, 1, "0:54.8"), (3_600_000, 0, "60:00"), (5, 3, "0:00.005")]
)
def test_times_are_never_ahead_of_the_clock(ms: int, digits: int, said: str) -> None:
    assert plot.clock(ms, digits) == said


def test_without_matplotlib_it_says_what_to_install(made: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(UsageError) as caught:
        plot.write(made, stations.load(), tmp_path / "air.png")
    assert caught.value.message == "The picture needs matplotlib."
    assert caught.value.hint == "pip install 'bulletin[plot]'"
    assert not (tmp_path / "air.png").exists()


def test_matplotlib_is_not_loaded_before_it_is_needed_and_pyplot_never(made: Report, station: Station, tmp_path: Path) -> None:
    import subprocess

    code = "import sys, bulletin.outputs.plot; print([name for name in sys.modules if name.startswith('matplotlib')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
    drawn(made, station, tmp_path / "air.png")
    assert "matplotlib.pyplot" not in sys.modules
