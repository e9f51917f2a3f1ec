"""The station file: defaults, checked once; a slip is named, and the nearest setting with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin import station as stations
from bulletin.errors import StationError
from bulletin.targets import TARGETS


def load(text: str) -> object:
    Path("station.toml").write_text(text, encoding="utf-8")
    return stations.load()


def test_the_defaults_are_the_commented_file() -> None:
    assert load(stations.template()) == stations.load(flags={})


def test_the_project_lies_over_the_users_own_and_flags_over_both(monkeypatch: pytest.MonkeyPatch) -> None:
    user = stations.user_file()
    user.parent.mkdir(parents=True)
    user.write_text('[station]\nname = "User"\nlanguage = "fr"\n', encoding="utf-8")
    found = stations.load()
    assert (found.name, found.language) == ("User", "fr")
    Path("station.toml").write_text('[station]\nname = "Project"\n', encoding="utf-8")
    assert (stations.load().name, stations.load().language) == ("Project", "fr")
    assert stations.load(flags={"station.name": "Flag"}).name == "Flag"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('[station]\nnmae = "x"', "station.nmae", "station.name"),
        ("[pauses]\nsentense = 5", "pauses.sentense", "pauses.sentence"),
        ("[sound]\nsentence = 5", "sound.sentence", "pauses.sentence"),
        ('[voice]\nrate = "fast"', "must be a number", "1.0"),
        ("[voice]\nrate = 9.0", "voice.rate", "0.5 to 2"),
        ("[output]\nbitrate = 100", "“output.bitrate” in", "128"),
        ('[sound]\ntarget = "podcst"', "podcst", "podcast"),
        ('[sound]\ntarget = "loud"', "loud", "number"),
        ("[sound]\ntarget = 3", "out of range", "-40"),
        ('[sound]\nintro = "gone.wav"', "gone.wav", "beside"),
        ('[spoken]\nquotes = "loud"', "spoken.quotes", "said"),
        ('[spoken]\nlexicon = "names.pls"', "spoken.lexicon", "import names.pls"),
        ('[spoken]\nlocale = "English"', "spoken.locale", "en-GB"),
        ("[station", "not valid TOML", "quotes"),
        ("[voice.by_language]\nvi = 3", "by_language.vi", "gtts:vi"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(text: str, message: str, hint: str) -> None:
    with pytest.raises(StationError) as caught:
        load(text)
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_missing_station_file_is_an_error_when_it_was_asked_for() -> None:
    with pytest.raises(StationError, match=r"none\.toml"):
        stations.load(Path("none.toml"))


def test_sounds_are_looked_for_beside_the_file_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "profile").mkdir()
    (tmp_path / "profile" / "ding.wav").write_bytes(b"x")
    (tmp_path / "profile" / "mine.toml").write_text('[sound]\nintro = "ding.wav"\nbed = "none"\n', encoding="utf-8")
    found = stations.load(tmp_path / "profile" / "mine.toml")
    assert found.jingles["intro"] == tmp_path / "profile" / "ding.wav"
    assert found.jingles["bed"] is None
    assert found.jingles["outro"] is not None


def test_every_target_names_its_source() -> None:
    assert {name: target.lufs for name, target in TARGETS.items()} == {"podcast": -16, "r128": -23, "a85": -24, "spotify": -14}
    assert all(target.source for target in TARGETS.values())


def test_a_voice_by_language_may_be_set_alone() -> None:
    assert stations.load(flags={"voice.by_language.pt-BR": "gtts:pt"}).voices == {"pt": "gtts:pt"}


def test_a_cover_that_is_no_picture_says_so(tmp_path: Path) -> None:
    (tmp_path / "cover.png").write_text("not a picture")
    with pytest.raises(StationError, match="no JPEG or PNG"):
        load('[station]\ncover = "cover.png"')


def test_the_order_of_dates_is_that_of_the_stations_country() -> None:
    assert load('[station]\nlanguage = "en-GB"').locale == "en-GB"
    assert load('[station]\nlanguage = "en-GB"\n[spoken]\nlocale = "en-US"').locale == "en-US"
