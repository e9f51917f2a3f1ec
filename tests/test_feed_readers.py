"""The feed as readers see it that we did not write, and by the rules of PSP-1 and Apple: the W3C's validator cannot be installed."""

from __future__ import annotations

import calendar
import json
import re
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest
from conftest import ROOT
from lxml import etree

import bulletin
from bulletin import podcasting
from bulletin import station as stations
from bulletin.model import Station
from bulletin.outputs import feed
from bulletin.shows import CATEGORIES

URL = "https://example.org/the%20news/"
ZONE = timezone(timedelta(hours=7))
NOW = datetime(2026, 3, 20, 12, tzinfo=ZONE)
NS = dict(feed.NAMESPACES)
AWKWARD = [
    'Bridge <opens> & "closes" — it\'s official 🎉', "Cầu cảng Đà Nẵng mở cửa trở lại", "افتتاح الجسر الجديد في المرفأ",
    "A headline that goes on " * 14, "Plain",
]  # fmt: skip
SHOW = """\
[station]
name = "Rock & Röll <Radio>"
[podcast]
description = "News, \\"fast\\" & true."
owner = "The news desk"
email = "desk@example.org"
copyright = "© 2026 Rock & Röll"
categories = ["News > Daily News", "Government"]
people = ["Mai Trần", "Jo & Bell | editor"]
txt = ["verify: abc&def", "no purpose here"]
[sound]
intro = "none"
outro = "none"
[store]
folder = "{cache}/bulletin/clips"
"""
NPM = ROOT / "tests" / "npm"


@pytest.fixture(scope="module")
def show(folder: Path) -> Station:
    return stations.load(folder.parent / "station.toml")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """Episodes with awkward headlines, sources, languages and histories, and their feed."""
    place = tmp_path_factory.mktemp("feed")
    (place / "station.toml").write_text(SHOW.format(cache=cache), encoding="utf-8")
    show = stations.load(place / "station.toml")
    (place / "a.txt").write_text("Bridge opens\n\nThe bridge opened on Monday. People came to see it.\n", encoding="utf-8")
    made = bulletin.make(place / "a.txt", output=place / "out" / "a.mp3", station=show, at=NOW).files
    report = json.loads(made[-1].read_bytes())
    for number, headline in enumerate(AWKWARD):
        name = f"tin tức {number}"
        changed = {
            "guid": f"00000000-0000-5000-8000-00000000000{number}",
            "files": [f"/x/{name}.mp3", f"/x/{name}.json"],
            "made": (NOW - timedelta(days=number, minutes=17)).isoformat(),
            "language": ("en", "vi", "ar", "en", "en")[number],
            "stories": [report["stories"][0] | {"headline": headline, "source": f"https://example.org/{number}?a=1&b=%20"}],
        }
        if number == 4:
            changed |= {"revision": 2, "corrections": [{"at": (NOW - timedelta(hours=1)).isoformat(), "note": "It was <not> & never."}]}
        (place / "out" / f"{name}.json").write_text(json.dumps({**report, **changed}), encoding="utf-8")
        for ending in (".vtt", ".srt", ".chapters.json", ".transcript.txt"):
            shutil.copy(made[0].with_name(f"a{ending}"), place / "out" / f"{name}{ending}")
        (place / "out" / f"{name}.mp3").write_bytes(made[0].read_bytes() + bytes(number))
    for path in [*made, *(place / "out").glob("a.*")]:
        path.unlink(missing_ok=True)
    podcasting.refresh(place / "out", show, URL, now=NOW)
    return place / "out"


@pytest.fixture(scope="module")
def xml(folder: Path) -> Any:
    return etree.parse(folder / "feed.xml").getroot()


def items(xml: Any) -> list[Any]:
    found = xml.findall("channel/item")
    assert len(found) == len(AWKWARD)
    return list(found)


def one(element: Any, path: str) -> Any:
    """The one element at a path, which must be there once."""
    found = element.findall(path, NS)
    assert len(found) == 1, path
    return found[0]


def local(url: str) -> str:
    """The name of the file that a URL of the feed is of."""
    assert url.startswith(URL), url
    return unquote(urlsplit(url).path).rpartition("/")[2]


# --- the rules ----------------------------------------------------------------------------------------------


def test_what_psp_1_requires_of_a_channel(xml: Any) -> None:
    channel = xml.find("channel")
    link = one(channel, "atom:link[@rel='self']")
    assert (link.get("href"), link.get("type")) == (f"{URL}feed.xml", "application/rss+xml")
    assert one(channel, "title").text == "Rock & Röll <Radio>"
    assert 0 < len(one(channel, "description").text.encode()) <= 4000
    assert urlsplit(one(channel, "link").text).scheme == "https"
    assert re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]+)*", one(channel, "language").text)
    assert one(channel, "itunes:explicit").text in ("true", "false")


def test_categories_are_apples(xml: Any) -> None:
    found = xml.findall("channel/itunes:category", NS)
    assert [each.get("text") for each in found] == ["News", "Government"]
    assert found[0].find("itunes:category", NS).get("text") in CATEGORIES["News"] and len(found[1]) == 0


def test_the_cover_is_square_of_a_right_size_and_rgb_without_alpha(xml: Any, folder: Path) -> None:
    url = one(xml, "channel/itunes:image").get("href")
    data = (folder / local(url)).read_bytes()
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert data[:4] == b"\x89PNG" and url.endswith(".png") and width == height and 1400 <= width <= 3000 and (depth, kind) == (8, 2)
    image = one(xml, "channel/image")
    assert (image.findtext("url"), image.findtext("title"), image.findtext("link")) == (
        url, xml.findtext("channel/title"), xml.findtext("channel/link"),
    )  # fmt: skip


def test_what_psp_1_recommends_of_a_channel(xml: Any) -> None:
    channel = xml.find("channel")
    guid = UUID(one(channel, "podcast:guid").text)
    assert guid.version == 5 and str(guid) == feed.show_guid(f"{URL}feed.xml")
    locked = one(channel, "podcast:locked")
    assert (locked.text, locked.get("owner")) == ("yes", "desk@example.org")
    assert one(channel, "itunes:author").text == "Rock & Röll <Radio>"
    owner = one(channel, "itunes:owner")
    assert (owner.findtext("itunes:name", None, NS), owner.findtext("itunes:email", None, NS)) == ("The news desk", "desk@example.org")
    assert [(each.text, each.get("role")) for each in channel.findall("podcast:person", NS)] == [
        ("Mai Trần", None),
        ("Jo & Bell", "editor"),
    ]
    assert [(each.text, each.get("purpose")) for each in channel.findall("podcast:txt", NS)] == [
        ("abc&def", "verify"),
        ("no purpose here", None),
    ]


def test_what_psp_1_requires_of_an_item(xml: Any, folder: Path) -> None:
    for item in items(xml):
        assert 0 < len(one(item, "title").text) <= 255
        enclosure = one(item, "enclosure")
        assert (
            enclosure.get("type") == "audio/mpeg" and int(enclosure.get("length")) == (folder / local(enclosure.get("url"))).stat().st_size
        )
        guid = one(item, "guid")
        assert guid.get("isPermaLink") == "false" and UUID(guid.text)
    assert (
        len({item.findtext("guid") for item in items(xml)})
        == len({item.find("enclosure").get("url") for item in items(xml)})
        == len(AWKWARD)
    )


def test_what_psp_1_recommends_of_an_item(xml: Any, folder: Path) -> None:
    for item in items(xml):
        assert (folder / local(one(item, "link").text)).is_file()
        at = parsedate_to_datetime(one(item, "pubDate").text)
        assert at.utcoffset() == timedelta(hours=7) and re.match(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} ", item.findtext("pubDate"))
        assert 0 < len(one(item, "description").text.encode()) <= 4000
        assert one(item, "itunes:duration").text.isdecimal()
        assert one(item, "itunes:explicit").text in ("true", "false")
        transcripts = item.findall("podcast:transcript", NS)
        assert [each.get("type") for each in transcripts] == ["text/vtt", "application/x-subrip", "text/plain"]
        chapters = one(item, "podcast:chapters")
        assert chapters.get("type") == "application/json+chapters"
        assert all((folder / local(each.get("url"))).is_file() for each in [*transcripts, chapters])


def test_every_value_is_trimmed_and_none_is_too_long(xml: Any) -> None:
    for element in xml.iter():
        value = element.text or ""
        if len(element) == 0:
            assert value == value.strip(), element.tag
        if element.tag.rpartition("}")[2] not in ("description", "encoded"):
            assert len(value.strip()) <= 255, element.tag


def test_dates_go_down_and_none_is_in_the_future(xml: Any) -> None:
    dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items(xml)]
    assert dates == sorted(dates, reverse=True) and all(at <= NOW for at in dates)
    assert parsedate_to_datetime(xml.findtext("channel/lastBuildDate")) == NOW - timedelta(minutes=17)


def test_a_correction_stands_first_in_the_notes_and_changes_the_address(xml: Any) -> None:
    item = items(xml)[-1]
    assert one(item, "description").text.startswith("<p><strong>2026-03-20 11:00</strong> It was &lt;not&gt; &amp; never.</p>")
    assert one(item, "enclosure").get("url").endswith(".mp3?r=2")
    assert datetime.fromisoformat(one(item, "atom:updated").text) == NOW - timedelta(hours=1)


def test_the_notes_are_html_with_time_headline_and_source(xml: Any) -> None:
    from lxml import html

    for number, item in enumerate(items(xml)):
        notes = html.fragment_fromstring(one(item, "content:encoded").text, create_parent="div")
        link = notes.find(".//a")
        assert link.text_content() == AWKWARD[number].strip() if number != 3 else link.text_content() == AWKWARD[3]
        assert link.get("href") == f"https://example.org/{number}?a=1&b=%20" and re.match(r"\d+:\d\d ", link.getparent().text_content())


# --- readers ------------------------------------------------------------------------------------------------


def expected(xml: Any) -> list[dict[str, Any]]:
    """Each item, field by field, as it stands in the feed."""
    return [
        {
            "title": item.findtext("title"),
            "link": item.findtext("link"),
            "guid": item.findtext("guid"),
            "at": int(parsedate_to_datetime(item.findtext("pubDate")).timestamp()),
            "duration": int(item.findtext("itunes:duration", None, NS)),
            "enclosure": (item.find("enclosure").get("url"), int(item.find("enclosure").get("length")), "audio/mpeg"),
            "notes": item.findtext("content:encoded", None, NS),
        }
        for item in items(xml)
    ]


def about(xml: Any) -> dict[str, str]:
    channel = xml.find("channel")
    return {name: channel.findtext(name) for name in ("title", "link", "description", "language")}


def test_feedparser_reads_every_field(folder: Path, xml: Any) -> None:
    feedparser = pytest.importorskip("feedparser")
    found = feedparser.parse((folder / "feed.xml").read_bytes(), sanitize_html=False)
    assert not found.bozo
    channel = found.feed
    assert {"title": channel.title, "link": channel.link, "description": channel.subtitle, "language": channel.language} == about(xml)
    assert (
        channel.publisher_detail.name == "The news desk"
        and channel.publisher_detail.email == "desk@example.org"
        and channel.image.href == f"{URL}feed-cover.png"
    )
    assert [tag.term for tag in channel.tags] == ["News", "Daily News", "Government"]
    told = [
        {
            "title": each.title,
            "link": each.link,
            "guid": each.id,
            "at": calendar.timegm(each.published_parsed),
            "duration": int(each.itunes_duration),
            "enclosure": (each.enclosures[0].href, int(each.enclosures[0].length), each.enclosures[0].type),
            "notes": each.content[0].value,
        }
        for each in found.entries
    ]
    assert told == expected(xml)


def test_podcastparser_reads_every_field(folder: Path, xml: Any) -> None:
    """It knows the podcast namespace by an older address alone, and takes nothing of it."""
    podcastparser = pytest.importorskip("podcastparser")
    with (folder / "feed.xml").open("rb") as file:
        found = podcastparser.parse(f"{URL}feed.xml", file)
    assert {"title": found["title"], "link": found["link"], "description": found["description"], "language": found["language"]} == about(
        xml
    )
    assert found["cover_url"] == f"{URL}feed-cover.png" and found["itunes_author"] == "Rock & Röll <Radio>"
    assert found["itunes_categories"] == [["News", "Daily News"], ["Government"]] and found["explicit"] is False
    told = [
        {
            "title": each["title"],
            "link": each["link"],
            "guid": each["guid"],
            "at": each["published"],
            "duration": each["total_time"],
            "enclosure": (each["enclosures"][0]["url"], each["enclosures"][0]["file_size"], each["enclosures"][0]["mime_type"]),
            "notes": each["description_html"],
        }
        for each in found["episodes"]
    ]
    assert told == [{**each, "title": " ".join(each["title"].split())} for each in expected(xml)]


@pytest.fixture(scope="module")
def javascript(folder: Path) -> dict[str, Any]:
    """What two readers of npm make of the feed."""
    node = shutil.which("node")
    if not node or not (NPM / "node_modules").is_dir():
        pytest.skip("needs Node.js and two packages: npm install --prefix tests/npm")
    done = subprocess.run([node, NPM / "read.mjs", folder / "feed.xml"], capture_output=True, text=True, timeout=60, check=True)
    return dict(json.loads(done.stdout))


def test_partytime_reads_every_field(javascript: dict[str, Any], xml: Any) -> None:
    found = javascript["partytime"]
    assert {name: found[name] for name in ("title", "link", "description", "language")} == about(xml)
    assert found["guid"] == xml.findtext("channel/podcast:guid", None, NS) and found["medium"] == "podcast"
    assert found["locked"] is True and found["podcastOwner"] == "desk@example.org"
    assert found["itunesCategory"] == ["News > Daily News", "Government"] and found["itunesImage"] == f"{URL}feed-cover.png"
    assert [(each["name"], each["role"].lower()) for each in found["podcastPeople"]] == [("Mai Trần", "host"), ("Jo & Bell", "editor")]
    told = [
        {
            "title": each["title"],
            "link": each["link"],
            "guid": each["guid"],
            "at": int(datetime.fromisoformat(each["pubDate"]).timestamp()),
            "duration": each["duration"],
            "enclosure": (each["enclosure"]["url"], each["enclosure"]["length"], each["enclosure"]["type"]),
            "notes": each["content"],
        }
        for each in found["items"]
    ]
    assert told == [{**each, "notes": unescape(each["notes"])} for each in expected(xml)]  # as it shows them
    assert all(len(each["podcastTranscripts"]) == 3 and each["podcastChapters"]["url"] for each in found["items"])


def test_feedsmith_reads_every_field(javascript: dict[str, Any], xml: Any) -> None:
    found = javascript["feedsmith"]
    assert {name: found[name] for name in ("title", "link", "description", "language")} == about(xml)
    podcast = found["podcast"]
    assert podcast["guid"] == xml.findtext("channel/podcast:guid", None, NS) and podcast["locked"] == {
        "value": True,
        "owner": "desk@example.org",
    }
    assert [each.get("display", each.get("value", each.get("name"))) for each in podcast["persons"]] == ["Mai Trần", "Jo & Bell"]
    assert [(each.get("purpose"), each.get("value", each.get("display"))) for each in podcast["txts"]] == [
        ("verify", "abc&def"),
        (None, "no purpose here"),
    ]
    told = [
        {
            "title": each["title"],
            "link": each["link"],
            "guid": each["guid"]["value"],
            "at": int(parsedate_to_datetime(each["pubDate"]).timestamp()),
            "duration": each["itunes"]["duration"],
            "enclosure": (each["enclosures"][0]["url"], each["enclosures"][0]["length"], each["enclosures"][0]["type"]),
            "notes": each["content"]["encoded"],
        }
        for each in found["items"]
    ]
    assert told == expected(xml)
    assert found["items"][-1]["atom"]["updated"] and all(len(each["podcast"]["transcripts"]) == 3 for each in found["items"])


def test_paged_every_episode_is_found_once_by_following_the_links(folder: Path, tmp_path: Path, show: Station) -> None:
    podcastparser = pytest.importorskip("podcastparser")
    from dataclasses import replace

    place = Path(shutil.copytree(folder, tmp_path / "paged"))
    podcasting.refresh(place, replace(show, podcast=replace(show.podcast, page=2)), URL, pages=False, now=NOW)
    name, seen, read = "feed.xml", [], []
    while name:
        read.append(name)
        with (place / name).open("rb") as file:
            found = podcastparser.parse(f"{URL}{name}", file)
        seen += [each["guid"] for each in found["episodes"]]
        name = local(found["paged_feed_next"]) if found.get("paged_feed_next") else ""
    assert len(read) == 2 and seen == [item.findtext("guid") for item in items(etree.parse(folder / "feed.xml").getroot())]


# --- gPodder ------------------------------------------------------------------------------------------------


@pytest.fixture
def served(folder: Path) -> Iterator[str]:
    """The folder as `bulletin serve` gives it out."""
    command = [sys.executable, "-m", "bulletin", "serve", str(folder), "--port", "0", "--station", str(folder.parent / "station.toml")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield process.stdout.readline().partition(" at ")[2].partition(" ")[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(10)


def test_gpodder_subscribes_lists_and_downloads_from_bulletin_serve(served: str, folder: Path, tmp_path: Path) -> None:
    gpo = shutil.which("gpo")
    if not gpo:
        pytest.skip("gPodder is not installed: apt-get install gpodder")
    home = {"HOME": str(tmp_path), "GPODDER_HOME": str(tmp_path / "gpodder"), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "NO_PROXY": "*"}

    def run(*words: str) -> str:
        done = subprocess.run([gpo, *words], env=home, capture_output=True, text=True, timeout=120, check=False)
        return done.stdout + done.stderr

    assert "Successfully added" in run("subscribe", f"{served}feed.xml")
    assert "Rock & Röll <Radio>" in run("list")
    pending = run("episodes", f"{served}feed.xml")
    assert all(headline.split()[0] in pending for headline in AWKWARD)
    run("download", f"{served}feed.xml")
    got = sorted(path.read_bytes() for path in (tmp_path / "gpodder").rglob("*.mp3"))
    assert got == sorted(path.read_bytes() for path in folder.glob("*.mp3")) and len(got) == len(AWKWARD)
