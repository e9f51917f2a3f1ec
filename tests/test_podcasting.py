"""A folder becomes a feed and pages: what is out, what is not and why, what never changes, and what changes alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

import bulletin
from bulletin import episodes, podcasting
from bulletin import station as stations
from bulletin.errors import PublishError, StationError, UsageError
from bulletin.model import Station
from bulletin.outputs import feed

URL = "https://example.org/news/"
NOW = datetime(2026, 3, 20, 12).astimezone()
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """A folder with one bulletin, of which others are made by changing what its report says."""
    folder = tmp_path_factory.mktemp("podcast")
    (folder / "bridge.txt").write_text("Bridge opens\n\nThe new bridge opened to traffic on Monday.\n", encoding="utf-8")
    settings = {"store.folder": str(cache / "bulletin" / "clips"), "sound.intro": "none", "sound.outro": "none"}
    bulletin.make(folder / "bridge.txt", output=folder / "made" / "a.mp3", settings=settings, at=NOW - timedelta(days=10))
    return folder / "made"


@pytest.fixture
def folder(one: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(one, tmp_path / "out"))


@pytest.fixture
def show(station: Station) -> Station:
    return replace(station, name="River Radio")


def another(folder: Path, name: str, **changed: Any) -> None:
    """One more bulletin in the folder."""
    report = json.loads((folder / "a.json").read_bytes())
    report |= {"files": [file.replace("/a.", f"/{name}.") for file in report["files"]], "guid": f"guid-of-{name}", **changed}
    (folder / f"{name}.json").write_text(json.dumps(report), encoding="utf-8")
    for ending in (".mp3", ".vtt", ".srt", ".chapters.json", ".transcript.txt"):
        shutil.copy(folder / f"a{ending}", folder / f"{name}{ending}")


def day(number: int) -> str:
    return (NOW - timedelta(days=number)).isoformat()


def refresh(folder: Path, show: Station, **asked: Any) -> podcasting.Refreshed:
    return podcasting.refresh(folder, show, **{"base_url": URL, "now": NOW, **asked})


def items(folder: Path, name: str = "feed.xml") -> list[str]:
    return [str(guid) for guid in etree.parse(folder / name).xpath("//item/guid/text()")]


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# --- what is out --------------------------------------------------------------------------------------------


def test_the_newest_comes_first_and_what_is_not_out_is_told_with_its_reason(folder: Path, show: Station) -> None:
    another(folder, "newer", made=day(1))
    another(folder, "soon", made=day(-1))
    another(folder, "gone", made=day(2), valid_until=day(1))
    another(folder, "held", made=day(2), valid_until=day(-1))
    another(folder, "back", made=day(2), withdrawn={"at": day(1), "note": "It was denied."})
    another(folder, "silent", made=day(3))
    (folder / "silent.mp3").unlink()
    found = refresh(folder, show)
    assert [each.name for each in found.shelf.out] == ["newer", "held", "a"]
    assert found.shelf.left == {"soon": "not yet", "gone": "expired", "back": "withdrawn", "silent": "no MP3"}
    assert items(folder) == ["guid-of-newer", "guid-of-held", json.loads((folder / "a.json").read_bytes())["guid"]]


def test_old_episodes_leave_the_feed_where_the_station_says_when(folder: Path, show: Station) -> None:
    another(folder, "newer", made=day(1))
    show = replace(show, podcast=replace(show.podcast, keep=5))
    assert refresh(folder, show).shelf.left == {"a": "old"} and items(folder) == ["guid-of-newer"]


def test_an_expired_bulletin_leaves_the_feed_and_keeps_its_page(folder: Path, show: Station) -> None:
    another(folder, "hourly", made=day(1), valid_until=day(-1))
    refresh(folder, show)
    page = (folder / "hourly.html").read_bytes()
    refresh(folder, show, now=NOW + timedelta(days=2))
    assert "guid-of-hourly" not in items(folder) and (folder / "hourly.html").read_bytes() == page
    assert b"hourly.html" not in (folder / "index.html").read_bytes()


def test_stable_names_are_no_episodes_of_their_own(folder: Path, show: Station) -> None:
    for ending in (".json", ".mp3", ".vtt"):
        shutil.copy(folder / f"a{ending}", folder / f"latest{ending}")
    assert [each.sound for each in refresh(folder, show).shelf.out] == ["a.mp3"] and not (folder / "latest.html").exists()


def test_a_bulletin_that_was_moved_with_its_report_is_found(folder: Path, show: Station) -> None:
    for path in list(folder.iterdir()):
        path.rename(folder / path.name.replace("a.", "b.", 1))
    (each,) = refresh(folder, show).shelf.out
    assert (each.name, each.sound, len(each.beside)) == ("b", "b.mp3", 4)


def test_json_of_somebody_else_is_passed_by(folder: Path, show: Station) -> None:
    for name, text in (("x", "{}"), ("y", "[1]"), ("z", "no JSON"), ("w", '{"segments": 3, "made": "x", "files": 1}')):
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    assert [each.name for each in refresh(folder, show).shelf.out] == ["a"]


def test_a_report_of_before_there_were_guids_has_one_that_stays(folder: Path, show: Station) -> None:
    report = json.loads((folder / "a.json").read_bytes())
    new = ("guid", "revision", "published", "corrections", "withdrawn", "feed", "disclosure", "digital_source", "speakers", "script")
    (folder / "a.json").write_text(json.dumps({key: value for key, value in report.items() if key not in new}), encoding="utf-8")
    refresh(folder, show)
    first = items(folder)
    refresh(folder, show)
    assert items(folder) == first and first[0]


def test_no_bulletin_is_an_error_and_so_is_no_folder(tmp_path: Path, show: Station) -> None:
    with pytest.raises(PublishError, match="no bulletin"):
        refresh(tmp_path, show)
    with pytest.raises(PublishError):
        refresh(tmp_path / "nowhere", show)


# --- what never changes, and what changes alone -------------------------------------------------------------


def test_twice_is_the_same_to_the_byte_and_nothing_is_written(folder: Path, show: Station) -> None:
    another(folder, "newer", made=day(1))
    assert refresh(folder, show).changed
    before, times = contents(folder), {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    assert refresh(folder, show).changed == ()
    assert contents(folder) == before and {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == times


def test_a_new_episode_changes_the_feed_and_the_shows_page_alone(folder: Path, show: Station) -> None:
    refresh(folder, show)
    another(folder, "newer", made=day(1))
    changed = {path.name for path in refresh(folder, show).changed}
    assert changed == {"feed.xml", "index.html", "newer.html"}


def test_another_title_changes_every_page(folder: Path, show: Station) -> None:
    refresh(folder, show)
    show = replace(show, podcast=replace(show.podcast, title="Another title"))
    assert {"feed.xml", "index.html", "a.html"} <= {path.name for path in refresh(folder, show).changed}


def test_the_guid_of_a_show_is_of_its_first_address_and_stays(folder: Path, show: Station) -> None:
    def guid() -> str:
        return str(etree.parse(folder / "feed.xml").findtext(f".//{{{feed.PODCAST}}}guid"))

    refresh(folder, show)
    first = guid()
    assert first == feed.show_guid("https://example.org/news/feed.xml") == feed.show_guid("http://example.org/news/feed.xml/")
    refresh(folder, show, base_url="https://elsewhere.example/pod/")
    assert guid() == first
    refresh(folder, show, base_url="")  # as the last time
    assert "https://elsewhere.example/pod/a.mp3" in (folder / "feed.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("data", ["", "{", "[]", '{"feed": 3}'])
def test_a_damaged_identity_is_an_error_and_no_guid_is_made_anew(data: str, folder: Path, show: Station) -> None:
    refresh(folder, show)
    before = (folder / "feed.xml").read_bytes()
    (folder / "podcast.json").write_text(data, encoding="utf-8")
    with pytest.raises(PublishError, match=r"podcast\.json"):
        refresh(folder, show)
    assert (folder / "feed.xml").read_bytes() == before and (folder / "podcast.json").read_text(encoding="utf-8") == data


def test_made_again_with_the_same_time_and_name_it_keeps_its_guid(story: Path, tmp_path: Path) -> None:
    first, second = (bulletin.make(story, output=tmp_path / "x.mp3", at=NOW).history.guid for _ in range(2))
    later = bulletin.make(story, output=tmp_path / "x.mp3", at=NOW + timedelta(hours=1)).history.guid
    assert first == second != later


# --- pages of a feed ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "names"), [(1, 1), (5, 1), (6, 2), (8, 2), (9, 3), (30, 10)])
def test_older_pages_are_full_and_every_episode_is_on_one(count: int, names: int, folder: Path) -> None:
    shelf = episodes.shelf(folder, "feed", NOW)
    every = [replace(shelf.out[0], report=Path(f"{number}.json")) for number in range(count)]
    found = feed.pages(every, "feed.xml", 3)
    assert [each.name for each in found] == ["feed.xml", *(f"feed-{number}.xml" for number in range(names - 1, 0, -1))]
    assert [each for page in found for each in page.episodes] == every
    assert all(len(page.episodes) == 3 for page in found[1:]) and (len(found[0].episodes) >= 3 or names == 1)


def test_pages_for_which_there_are_no_episodes_any_more_are_removed(folder: Path, show: Station) -> None:
    show = replace(show, podcast=replace(show.podcast, page=1))
    another(folder, "b", made=day(1))
    another(folder, "c", made=day(2))
    refresh(folder, show)
    assert len(items(folder)) == 1 and items(folder, "feed-2.xml") == ["guid-of-c"] and len(items(folder, "feed-1.xml")) == 1
    (folder / "c.json").unlink()
    found = refresh(folder, show)
    assert [path.name for path in found.removed] == ["feed-2.xml"] and not (folder / "feed-2.xml").exists()


# --- several shows in one folder ----------------------------------------------------------------------------


def test_each_show_has_a_feed_of_its_own(folder: Path, show: Station) -> None:
    sport = replace(show, podcast=replace(show.podcast, feed="sport", title="Sport"))
    another(folder, "match", made=day(1), feed="sport")
    news = refresh(folder, show)
    assert news.shelf.others == {"sport": 1} and len(items(folder)) == 1
    refresh(folder, sport)
    assert items(folder, "sport.xml") == ["guid-of-match"] and (folder / "sport.html").is_file()
    assert set(json.loads((folder / "podcast.json").read_bytes())) == {"feed", "sport"}
    assert refresh(folder, show).changed == ()


def test_a_folder_with_other_shows_alone_names_them(folder: Path, show: Station) -> None:
    with pytest.raises(PublishError, match="“feed”"):
        refresh(folder, replace(show, podcast=replace(show.podcast, feed="sport")))


# --- settings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("categories", ["News > Dayly News"], "Did you mean “News > Daily News”"),
        ("categories", [3], "a category of Apple's"),
        ("email", "nobody", "no address for mail"),
        ("link", "example.org", "no address on the web"),
        ("base_url", "https://example.org/?x=1", "no folder's address"),
        ("base_url", "ftp://example.org/", "no address on the web"),
        ("feed", "a/b", "no name for a feed"),
        ("feed", "news-2", "no name for a feed"),
        ("title", "x" * 256, "256 characters"),
        ("description", "ữ" * 1400, "4200 bytes"),
        ("corrected", "maybe", "Choose one of same, new"),
        ("page", 0, "from 1 to"),
        ("people", [""], "a name"),
    ],
)
def test_a_setting_that_directories_would_not_take_is_named(key: str, value: object, words: str) -> None:
    with pytest.raises(StationError) as failed:
        stations.load(None, {f"podcast.{key}": value})
    assert words in f"{failed.value.message} {failed.value.hint}" and f"podcast.{key}" in f"{failed.value.message} {failed.value.hint}"


def test_a_feed_without_an_address_is_an_error_that_says_how(folder: Path, show: Station) -> None:
    with pytest.raises(UsageError) as failed:
        refresh(folder, show, base_url="")
    assert "--base-url" in failed.value.hint


# --- the command line ---------------------------------------------------------------------------------------


def test_the_command_writes_prints_and_tells(run: Run, folder: Path) -> None:
    another(folder, "soon", made="2999-01-01T00:00:00+00:00")
    found = run("feed", folder, "--base-url", URL)
    assert (found.returncode, found.stdout.strip()) == (0, str(folder / "feed.xml")), found.stderr
    assert "1 episode; left out: 1 not broadcast yet" in found.stderr
    again = json.loads(run("feed", folder, "--json").stdout)
    assert again["changed"] == [] and again["left_out"] == {"soon": "not yet"} and len(again["episodes"]) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [(["out"], 2, "--base-url"), (["nowhere", "--base-url", URL], 1, "Cannot read"), (["out", "--base-url", "x"], 2, "no address")],
)
def test_what_cannot_be_is_a_clear_error(run: Run, folder: Path, arguments: list[str], code: int, words: str) -> None:
    before = contents(folder)
    found = run("feed", *arguments)
    assert found.returncode == code and words in found.stderr and "→" in found.stderr and "Traceback" not in found.stderr
    assert contents(folder) == before


def test_what_is_for_nobody_else_is_named(folder: Path, show: Station) -> None:
    refresh(folder, show)
    (folder / "a-air.wav").write_bytes(b"RIFF")
    (folder / "a-air.mp3").write_bytes(b"x")
    shutil.copy(folder / "a.mp3", folder / "latest.mp3")
    assert podcasting.private(folder, "latest") == ["a-air.mp3", "a-air.wav", "a.json", "corrections.jsonl", "podcast.json"]
    assert re.fullmatch(r"[0-9a-f-]{36}", json.loads((folder / "podcast.json").read_bytes())["feed"]["guid"])
