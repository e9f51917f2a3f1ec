"""The page as a browser shows it: it plays, seeks, follows, by mouse and by keyboard, wide and narrow, light and dark, from a disk."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import bulletin
from bulletin import colours, corrections, episodes, languages, podcasting
from bulletin import station as stations
from bulletin.model import Episode, Station
from bulletin.outputs import feed, page

URL = "https://example.org/news/"
AT = datetime(2026, 3, 12, 18, 5).astimezone()
LARGEST = 60_000
"""Bytes of a page."""
SCRIPT = """\
bulletin script 1
at: 2026-03-12T18:05:00+00:00

== Opening ==

This is the news.

== Story ==
source: https://example.org/ferry?a=1&b=2

# Ferry <b>sails</b> & "returns"

The ferry sails again. It left at seven. People waved.

Shops are glad of it. So are the schools.

== Story ==
source: bridge.txt

# Bridge opens

The bridge opened on Monday. It is 300 metres long.
"""


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Station:
    path = tmp_path_factory.mktemp("page") / "station.toml"
    path.write_text(
        f'[station]\nname = "Radio “Đà” <Nẵng>"\n[store]\nfolder = "{cache / "bulletin" / "clips"}"\n[podcast]\nbase_url = "{URL}"\n',
        encoding="utf-8",
    )
    return stations.load(path)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, show: Station) -> Path:
    """A folder with an episode that was corrected, one that was withdrawn, and their pages."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "news.txt").write_text(SCRIPT, encoding="utf-8")
    bulletin.make(folder / "news.txt", output=folder / "out" / "news.mp3", station=show, at=AT)
    bulletin.make(folder / "news.txt", output=folder / "out" / "gone.mp3", station=show, at=AT - timedelta(days=1))
    text = corrections.script(folder / "out", "news").replace("at seven", "at eight")
    corrections.correct(folder / "out", "news", text, "An earlier version gave a wrong hour <&>.", show)
    corrections.withdraw(folder / "out", "gone", "The port has denied it.", show)
    podcasting.refresh(folder / "out", show)
    return folder / "out"


def html(site: Path, name: str = "news.html") -> str:
    return (site / name).read_text(encoding="utf-8")


def an_episode(site: Path, **changed: Any) -> Episode:
    return replace(episodes.shelf(site, "feed", datetime.now().astimezone()).out[0], **changed)


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


# --- as text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["news.html", "gone.html", "index.html"])
def test_a_page_is_light_and_asks_nobody_for_anything(site: Path, name: str) -> None:
    text = html(site, name)
    assert len(text.encode()) < LARGEST
    asked = [
        (tag, value) for tag, attrs in Elements(text).found for key, value in attrs.items() if key in ("src", "srcset", "poster", "data")
    ]
    assert all("//" not in str(value) for _, value in asked), asked
    linked = [attrs for tag, attrs in Elements(text).found if tag == "link"]
    assert {attrs["rel"] for attrs in linked} <= {"canonical", "alternate"} and "@import" not in text and "url(" not in text


def test_an_hour_of_news_is_light_too(site: Path, show: Station) -> None:
    report = json.loads((site / "news.json").read_bytes())
    lines = episodes.transcript(report) * 22
    words = sum(len(line.segment.text.split()) for line in lines)
    text = page.episode_page(an_episode(site), lines, show, {})
    assert words > 700 and len(text.encode()) < LARGEST


def test_whatever_a_headline_says_stays_text(site: Path) -> None:
    text = html(site)
    assert "<b>" not in text and "Ferry &lt;b&gt;sails&lt;/b&gt; &amp; &#34;returns&#34;" in text and "wrong hour &lt;&amp;&gt;." in text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    assert "<" not in data and json.loads(data)["name"].startswith('Ferry <b>sails</b> & "returns"')


def test_machines_are_told_what_it_is_and_that_the_voice_is_synthetic(site: Path) -> None:
    data = json.loads(re.findall(r'ld\+json">(.*?)</script>', html(site))[0])
    assert (
        data["associatedMedia"]["contentUrl"] == f"{URL}news.mp3?r=2"
        and data["identifier"] == json.loads((site / "news.json").read_bytes())["guid"]
    )
    assert data["associatedMedia"]["digitalSourceType"].endswith("/compositeWithTrainedAlgorithmicMedia")
    told = {attrs.get("property") or attrs.get("name"): attrs.get("content") for tag, attrs in Elements(html(site)).found if tag == "meta"}
    assert told["og:url"] == f"{URL}news.html" and told["og:audio"] == f"{URL}news.mp3?r=2" and told["og:image"] == f"{URL}feed-cover.png"
    assert told["og:title"] == 'Ferry <b>sails</b> & "returns"' and told["description"]


def test_a_withdrawn_episode_has_no_words_and_no_sound(site: Path) -> None:
    text = html(site, "gone.html")
    assert "The port has denied it." in text and "<audio" not in text and "People waved" not in text and "og:audio" not in text
    assert "gone.html" not in html(site, "index.html")


def test_a_source_that_is_a_file_is_nobodys_business(site: Path) -> None:
    text = html(site)
    assert 'href="https://example.org/ferry?a=1&amp;b=2"' in text and "bridge.txt" not in text


def test_the_same_episode_gives_the_same_page(site: Path, show: Station) -> None:
    lines = episodes.transcript(json.loads((site / "news.json").read_bytes()))
    first, second = (page.episode_page(an_episode(site), lines, show, {}) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("code", languages.codes())
def test_a_page_is_in_its_language_and_its_direction(code: str, site: Path, show: Station) -> None:
    text = page.episode_page(an_episode(site, language=code), (), show, {})
    own = languages.load(code).page
    assert f'<html lang="{code}"' in text and (' dir="rtl">\n<head>' in text) == (code in ("ar", "fa", "he", "ur"))
    assert set(own) == set(languages.load("en").page) and own["transcript"] in text
    assert code == "en" or own["keys"] != languages.load("en").page["keys"]


@pytest.mark.parametrize(
    "own", [("#ffffff", "#ffff00"), ("#000000", "#000000"), ("#ff0000", "#00ff00"), ("#777777", "#787878"), ("#12263f", "#f2a541")]
)
def test_words_can_be_read_in_any_two_colours(own: tuple[str, str]) -> None:
    style = page.styled(own)
    light, dark = (dict(re.findall(r"--(\w+):(#[0-9a-f]{6})", part)) for part in style.split("@media(prefers-color-scheme:dark)"))
    for found in (light, {**light, **dark}):
        assert colours.contrast(found["link"], found["paper"]) >= 4.5
        assert colours.contrast(found["ink"], found["mark"]) >= 4.5
        assert colours.contrast(found["soft"], found["paper"]) >= 4.5
    assert colours.contrast(light["on"], light["ground"]) >= 4.5 and not re.search(r"[A-Z]{4,}_[A-Z]+", style)


def test_older_episodes_are_on_further_pages(site: Path, show: Station) -> None:
    many = [replace(an_episode(site), report=Path(f"{number}.json")) for number in range(200)]
    every = feed.pages(many, "index.html", page.EPISODES, "feed")
    texts = [page.show_page(each, every, show, URL) for each in every]
    assert all(len(text.encode()) < LARGEST for text in texts)
    assert 'href="feed-5.html" rel="next"' in texts[0] and 'href="index.html" rel="prev"' in texts[1] and 'rel="next"' not in texts[-1]
    assert sum(text.count('<li><p class="when">') for text in texts) == 200
    assert [text.count("<audio") for text in texts] == [1, *(0 for _ in texts[1:])]  # the newest can be heard at once


# --- in a browser -------------------------------------------------------------------------------------------

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
    "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
SHAPES = [(320, 640, "light"), (320, 640, "dark"), (768, 1024, "light"), (1440, 900, "light"), (1440, 900, "dark")]
in_a_browser = pytest.mark.skipif(
    not BROWSER or find_spec("playwright") is None or find_spec("axe_playwright_python") is None,
    reason="needs Chromium and a driver: apt-get install chromium; pip install playwright axe-playwright-python",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=BROWSER, args=ARGUMENTS)
        yield started
        started.close()


class Shown:
    """A page that is open, and all that it asked for and complained of."""

    def __init__(self, browser: Any, url: str, width: int = 1440, height: int = 900, scheme: str = "light", **more: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)
        self.context.set_default_timeout(5000)
        self.tab = self.context.new_page()
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.tab.on("request", lambda request: self.asked.append(request.url))
        self.tab.on("console", lambda message: self.wrong.append(message.text) if message.type in ("error", "warning") else None)
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.tab.goto(url)

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    @property
    def time(self) -> float:
        return float(self.tab.evaluate("document.querySelector('audio').currentTime"))

    @property
    def playing(self) -> bool:
        return bool(self.tab.evaluate("!document.querySelector('audio').paused"))

    def now(self) -> str:
        """The sentence that is marked."""
        return str(self.tab.evaluate("document.querySelector('.s[aria-current]')?.textContent ?? ''"))

    def until(self, condition: str) -> None:
        for _ in range(100):  # Playwright's own waiting needs eval, which the page's policy forbids
            if self.tab.evaluate(condition):
                return
            self.tab.wait_for_timeout(50)
        raise AssertionError(f"never came true: {condition}; at {self.time}, “{self.now()}”")


@pytest.fixture
def url(site: Path) -> str:
    return (site / "news.html").as_uri()


def starts(site: Path) -> dict[str, float]:
    return {line["text"]: line["start_ms"] / 1000 for line in json.loads((site / "news.json").read_bytes())["segments"]}


@in_a_browser
def test_from_a_disk_it_plays_and_asks_for_nothing_but_its_sound(browser: Any, url: str) -> None:
    with Shown(browser, url, offline=True) as shown:
        shown.tab.evaluate("document.querySelector('audio').play()")
        shown.until("document.querySelector('audio').currentTime > 0.3")
        assert shown.wrong == [] and {asked.partition("?")[0].rpartition("/")[2] for asked in shown.asked} == {"news.html", "news.mp3"}


@in_a_browser
def test_the_newest_plays_on_the_page_of_the_show_which_asks_for_its_sound_only_then(browser: Any, site: Path) -> None:
    with Shown(browser, (site / "index.html").as_uri()) as shown:
        assert len(shown.asked) == 1 and not shown.playing
        shown.tab.evaluate("document.querySelector('audio').play()")
        shown.until("document.querySelector('audio').currentTime > .2")
        assert shown.asked[1].endswith("/news.mp3?r=2") and shown.wrong == []


@in_a_browser
def test_a_chapter_is_sought_by_a_click_and_marked(browser: Any, url: str, site: Path) -> None:
    with Shown(browser, url) as shown:
        shown.tab.click(".chapters a:has-text('Bridge opens')")
        shown.until("!document.querySelector('audio').paused && document.querySelector('audio').currentTime > 0")
        assert shown.time == pytest.approx(starts(site)["Bridge opens"], abs=0.5) and shown.tab.url.endswith(
            f"#t={starts(site)['Bridge opens']:g}"
        )
        shown.until("document.querySelector('.chapters a[aria-current]')?.textContent.includes('Bridge')")


@in_a_browser
def test_a_sentence_is_sought_by_a_click(browser: Any, url: str, site: Path) -> None:
    with Shown(browser, url) as shown:
        shown.tab.click("text=So are the schools.")
        shown.until("document.querySelector('.s[aria-current]')?.textContent === 'So are the schools.'")
        assert shown.time == pytest.approx(starts(site)["So are the schools."], abs=0.6) and shown.playing


@in_a_browser
def test_the_transcript_follows_the_sound_and_scrolls_unless_told_not_to(browser: Any, url: str, site: Path) -> None:
    with Shown(browser, url, 320, 480) as shown:
        seen = []
        for text, start in starts(site).items():
            shown.tab.evaluate(f"document.querySelector('audio').currentTime = {start + 0.1}")
            shown.until(f"document.querySelector('.s[aria-current]')?.textContent === {json.dumps(text)}")
            seen.append(shown.now())
        assert seen == list(starts(site)) and len(seen) > 8
        shown.tab.evaluate("scrollTo(0, 0)")
        shown.tab.evaluate("document.querySelector('audio').currentTime = document.querySelector('audio').duration - 6")
        shown.tab.evaluate("document.querySelector('audio').play()")
        shown.until("scrollY > 100")
        shown.tab.uncheck("#follow")
        shown.tab.evaluate("scrollTo(0, 0)")
        shown.tab.evaluate(f"document.querySelector('audio').currentTime = {starts(site)['Bridge opens']}")
        shown.tab.wait_for_timeout(500)
        assert shown.tab.evaluate("scrollY") == 0


@in_a_browser
def test_all_of_it_works_by_keyboard_alone(browser: Any, url: str, site: Path) -> None:
    with Shown(browser, url) as shown:
        keys, focused = shown.tab.keyboard, "document.activeElement"
        keys.press("Tab")
        assert shown.tab.evaluate(f"{focused}.className") == "skip"
        keys.press("Enter")
        for _ in range(60):
            if shown.tab.evaluate(f"{focused}.matches('#lines a.t')"):
                break
            keys.press("Tab")
            visible = f"(() => {{ const box = {focused}.getBoundingClientRect(); return box.width > 0 || {focused} === document.body; }})()"
            assert shown.tab.evaluate(visible)
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        at = float(shown.tab.evaluate(f"{focused}.dataset.t")) / 1000
        keys.press("Enter")
        shown.until("!document.querySelector('audio').paused")
        assert shown.time == pytest.approx(at, abs=0.6)
        keys.press("Space")
        shown.until("document.querySelector('audio').paused")
        before = shown.now()
        keys.press("ArrowRight")
        shown.until(f"document.querySelector('.s[aria-current]').textContent !== {json.dumps(before)}")
        order = list(starts(site))
        assert order.index(shown.now()) == order.index(before) + 1


@in_a_browser
def test_speed_and_darkness_are_kept(browser: Any, url: str) -> None:
    with Shown(browser, url) as shown:
        shown.tab.select_option("#speed", "1.5")
        shown.tab.click("#theme")
        shown.tab.reload()
        assert shown.tab.evaluate("[document.querySelector('audio').playbackRate, document.documentElement.dataset.theme]") == [1.5, "dark"]
        assert shown.tab.get_attribute("#theme", "aria-pressed") == "true"


@in_a_browser
def test_a_link_to_a_moment_opens_there(browser: Any, url: str) -> None:
    with Shown(browser, f"{url}#t=7.5") as shown:
        shown.until("document.querySelector('audio').currentTime > 7")
        assert shown.time == pytest.approx(7.5, abs=0.2) and not shown.playing
        shown.tab.evaluate("document.querySelector('audio').currentTime = 9.25")
        shown.tab.click("#share")
        shown.until("document.querySelector('#said').textContent !== ''")
        link = shown.tab.url
    assert link.endswith("#t=9.2")
    with Shown(browser, link) as shown:
        shown.until("document.querySelector('audio').currentTime > 9")


@in_a_browser
def test_a_lost_sound_is_told(browser: Any, site: Path, tmp_path: Path) -> None:
    shutil.copy(site / "news.html", tmp_path)
    with Shown(browser, (tmp_path / "news.html").as_uri()) as shown:
        shown.until("document.querySelector('#said').textContent.includes('cannot be played')")


@in_a_browser
def test_without_javascript_there_is_a_player_and_all_that_is_said(browser: Any, url: str) -> None:
    with Shown(browser, url, java_script_enabled=False) as shown:
        assert shown.tab.is_visible("audio") and shown.tab.is_visible("text=People waved.") and not shown.tab.is_visible("#share")


@in_a_browser
@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", ["news.html", "gone.html", "index.html"])
def test_axe_finds_nothing_and_nothing_runs_out_of_the_page(shape: tuple[int, int, str], name: str, browser: Any, site: Path) -> None:
    from axe_playwright_python.sync_playwright import Axe

    width, height, scheme = shape
    with Shown(browser, (site / name).as_uri(), width, height, scheme) as shown:
        if name == "news.html":
            shown.tab.evaluate("document.querySelector('audio').currentTime = 8")
            shown.until("document.querySelector('.s[aria-current]')")
        shown.tab.wait_for_timeout(250)  # for the marker's colour to settle
        assert shown.tab.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(shown.tab, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert [(each["id"], each["nodes"][0]["html"][:120]) for each in found.response["violations"]] == []


@in_a_browser
def test_with_words_twice_as_large_nothing_is_lost(browser: Any, url: str) -> None:
    with Shown(browser, url, 640, 800) as shown:
        shown.tab.evaluate("document.documentElement.style.fontSize = '200%'")
        assert shown.tab.evaluate("document.documentElement.scrollWidth") <= 640
