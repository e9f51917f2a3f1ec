"""What is uploaded stays whole for those who listen: whoever kills it, whatever the other side does."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import importlib
import io
import json
import logging
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from conftest import ROOT
from lxml import etree

from bulletin import elsewhere, uploading
from bulletin.errors import PublishError, UsageError
from bulletin.uploaded import RECORD
from bulletin.uploading import Uploaded, upload

BASE = "https://news.example/show/"
SECRET = "hush-hush-4711"
NEWEST = 2
"""Episodes on the first page of the feed."""
TYPES = {
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".chapters.json": "application/json+chapters",
    ".transcript.txt": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
    ".png": "image/png",
    ".jpg": "image/jpeg",
}
Get = Callable[[str], bytes | None]


class Show:
    """A folder as `bulletin feed` leaves it, and every version that its files ever had."""

    def __init__(self, folder: Path, sound: int = 3_000) -> None:
        self.folder, self.sound, self.episodes = folder, sound, list[str]()
        self.versions: dict[str, set[bytes]] = defaultdict(set)
        self.takes = 0
        folder.mkdir()
        self.write("feed-cover.png", b"\x89PNG" + bytes(500))

    def write(self, name: str, data: bytes | str) -> None:
        """A file whole under its name, as all are that the program makes."""
        data = data.encode() if isinstance(data, str) else data
        self.versions[name].add(data)
        part = self.folder / f".{name}.0badcafe.part"
        part.write_bytes(data)
        part.replace(self.folder / name)

    def voice(self, name: str) -> None:
        """A new take of an episode: its sound, and all that lies beside it."""
        self.takes += 1
        said = f"{name}, take {self.takes}\n"
        self.write(f"{name}.mp3", (said.encode() * self.sound)[: self.sound + self.takes])
        for ending in (".vtt", ".chapters.json", ".html"):
            self.write(name + ending, said * (10 + self.takes))

    def add(self, *names: str) -> None:
        for name in names:
            self.voice(name)
            self.episodes.append(name)
        self.publish()

    def correct(self, name: str) -> None:
        self.voice(name)
        self.publish()

    def withdraw(self, name: str) -> None:
        self.episodes.remove(name)
        self.publish()
        (self.folder / "withdrawn").mkdir(exist_ok=True)
        for path in self.folder.glob(f"{name}.*"):
            path.replace(self.folder / "withdrawn" / path.name)

    def publish(self) -> None:
        """The feed's pages, numbered from the oldest, the first last; and the show's page."""
        older, newest = self.episodes[:-NEWEST], self.episodes[-NEWEST:]
        if older:
            self.write("feed-1.xml", self.feed("feed-1.xml", older, {"previous": "feed.xml", "first": "feed.xml"}))
        else:
            (self.folder / "feed-1.xml").unlink(missing_ok=True)
        self.write("feed.xml", self.feed("feed.xml", newest, {"next": "feed-1.xml", "last": "feed-1.xml"} if older else {}))
        self.write("index.html", f"<title>{', '.join(self.episodes)}</title>")

    def feed(self, name: str, episodes: list[str], links: dict[str, str]) -> str:
        around = "".join(f'<atom:link rel="{rel}" href="{BASE}{to}"/>' for rel, to in {"self": name, **links}.items())
        return (
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>'
            f"{around}<image><url>{BASE}feed-cover.png</url></image>{''.join(map(self.item, episodes))}</channel></rss>"
        )

    def item(self, name: str) -> str:
        size, url = (self.folder / f"{name}.mp3").stat().st_size, BASE + quote(name)
        return (
            f'<item><enclosure url="{url}.mp3" length="{size}" type="audio/mpeg"/><podcast:transcript url="{url}.vtt"/>'
            f'<podcast:chapters url="{url}.chapters.json"/></item>'
        )

    def public(self) -> dict[str, bytes]:
        """What listeners are to find."""
        return {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file() and not path.name.startswith(".")}


@pytest.fixture
def show(tmp_path: Path) -> Show:
    found = Show(tmp_path / "audio_out")
    found.add("one", "zwei — ü", "four", "five")
    return found


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "WAITS", (0.01, 0.02, 0.04))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def broken(get: Get, show: Show, first: str = "feed.xml") -> list[str]:
    """What a public feed names and cannot be had whole; a length may differ only where a sound has had several."""
    found, pages, seen = [], [first], set[str]()
    while pages:
        page = pages.pop()
        seen.add(page)
        data = get(page)
        if data is None:
            if page != first:
                found.append(f"{page} is missing")
            continue
        if data not in show.versions[page]:
            found.append(f"{page} is half")
            continue
        for node in etree.fromstring(data).iter("*"):
            url = node.get("url") or (node.get("href") if node.get("rel") != "self" else None) or ""
            name = unquote(url.removeprefix(BASE))
            if not url:
                continue
            if name.endswith(".xml"):
                pages += [] if name in seen else [name]
            elif (body := get(name)) is None:
                found.append(f"{name} is missing")
            elif body not in show.versions[name]:
                found.append(f"{name} is half")
            elif (told := node.get("length")) and int(told) != len(body) and len(show.versions[name]) == 1:
                found.append(f"{name} has another length")
    return found


# A real S3 server


class Bucket:
    """moto's S3 on loopback: what it was asked, and what it does wrong when told to."""

    def __init__(self) -> None:
        serving = importlib.import_module("werkzeug.serving")
        moto = importlib.import_module("moto.moto_server.werkzeug_app")
        self.inner = moto.DomainDispatcherApplication(moto.create_backend_app)
        self.server = serving.make_server("127.0.0.1", 0, self, True, request_handler=moto.MotoRequestHandler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        self.where = f"http://127.0.0.1:{self.server.server_port}"
        self.name = ""
        self.fresh("news")

    def fresh(self, name: str) -> None:
        """An empty bucket and a server in a good mood."""
        self.log: list[tuple[str, str]] = []
        self.fault: Callable[[str, str, bytes], bytes | int | None] = lambda method, name, body: None
        self.delay = 0.0
        self.name = name
        self.ask("PUT", "", b"")

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].encode("latin-1").decode()
        name = path.removeprefix(f"/{self.name}/show/")
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.log.append((method, name))
        time.sleep(self.delay if method == "PUT" else 0)
        wrong = self.fault(method, name, body)
        if isinstance(wrong, int):
            start(f"{wrong} Wrong", [("Content-Type", "text/xml")])
            return [b"<Error><Code>%s</Code><Message>not now</Message></Error>" % {503: b"ServiceUnavailable"}.get(wrong, b"InternalError")]
        body = body if wrong is None else wrong
        return self.inner({**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}, start)

    def ask(self, method: str, name: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """As a listener, or as somebody else who may write there."""
        line = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=10)
        line.request(method, f"/{self.name}" + (f"/show/{quote(name)}" if name else ""), body or None, {"x-amz-acl": "public-read"})
        answer = line.getresponse()
        found = answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        line.close()
        return found

    def get(self, name: str) -> bytes | None:
        status, _, body = self.ask("GET", name)
        return body if status == 200 else None

    def all(self) -> dict[str, bytes]:
        _, _, listing = self.ask("GET", "")
        return {
            name.removeprefix("show/"): self.get(name.removeprefix("show/")) or b""
            for name in re.findall(r"<Key>(.*?)</Key>", listing.decode())
        }

    def asked(self, *methods: str) -> list[str]:
        """Names, in the order in which they were asked for in these ways; the log begins anew."""
        found = [name for method, name in self.log if method in methods]
        self.log.clear()
        return found

    @property
    def options(self) -> dict[str, Any]:
        return {"key": "staff", "secret": SECRET, "endpoint_url": self.where, "s3_additional_kwargs": {"ACL": "public-read"}}

    def upload(self, show: Show, **more: Any) -> Uploaded:
        return upload(show.folder, f"s3://{self.name}/show", **{"feeds": ["feed.xml"], "options": self.options, **more})


@pytest.fixture(scope="module")
def moto() -> Iterator[Bucket]:
    for module in ("s3fs", "moto", "flask"):
        if not find_spec(module):
            pytest.skip(f"{module} is not installed: pip install s3fs 'moto[server]'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        found = Bucket()
        yield found
        found.server.shutdown()
        found.thread.join(10)
        found.server.server_close()


@pytest.fixture
def s3(moto: Bucket, request: pytest.FixtureRequest) -> Bucket:
    moto.fresh("b" + hashlib.sha1(request.node.name.encode()).hexdigest()[:12])
    moto.log.clear()
    return moto


def rank(name: str) -> int:
    kinds = (r"\.(mp3|wav)$", r"\.(vtt|srt|json|txt|png|jpg)$", r"(?<!index)\.html$", r"index\.html$", r"feed-\d+\.xml$", r"feed\.xml$")
    return next(number for number, kind in enumerate(kinds) if re.search(kind, name))


# What is left alone


def test_what_is_hidden_half_written_private_withdrawn_or_unknown_stays_here(show: Show, tmp_path: Path) -> None:
    show.withdraw("one")
    for name in (
        ".hidden.mp3",
        "six.mp3.part",
        "corrections.jsonl",
        "podcast.json",
        "names.json",
        "notes.docx",
        "article.txt",
        "sitemap.xml",
    ):
        (show.folder / name).write_text("not for the public")
    found = upload(show.folder, f"file://{tmp_path}/web", feeds=["feed.xml"], private=["names.json"])
    there = {path.name for path in (tmp_path / "web").rglob("*")}
    assert not there & {".hidden.mp3", "six.mp3.part", "corrections.jsonl", "podcast.json", "names.json", "withdrawn", "one.mp3", RECORD}
    assert set(found.left) == {"notes.docx", "article.txt", "sitemap.xml", "six.mp3.part"} - {"six.mp3.part"}
    assert there == set(found.sent)


def test_what_others_have_put_there_is_neither_removed_nor_replaced(show: Show, s3: Bucket) -> None:
    s3.ask("PUT", "about.html", b"ours since 1998")
    s3.ask("PUT", "index.html", b"the station's own page")
    s3.log.clear()
    with pytest.raises(PublishError, match=r"has index\.html already, and not from here"):
        s3.upload(show)
    assert s3.asked("PUT", "DELETE") == []
    s3.upload(show, overwrite=True)
    show.withdraw("one")
    s3.upload(show)
    assert s3.all() == show.public() | {"about.html": b"ours since 1998"}


def test_what_somebody_has_put_in_the_place_of_ours_is_not_taken_down(show: Show, s3: Bucket) -> None:
    s3.upload(show)
    s3.ask("PUT", "one.html", b"this page has moved")
    show.withdraw("one")
    found = s3.upload(show)
    assert s3.get("one.html") == b"this page has moved"
    assert [problem.message for problem in found.problems] == [f"one.html at s3://{s3.name}/show is not what was uploaded: it stays."]
    assert not s3.upload(show).problems


def test_a_trial_run_tells_all_and_changes_nothing(show: Show, s3: Bucket) -> None:
    before = sorted(show.folder.rglob("*"))
    told = s3.upload(show, dry=True)
    assert s3.asked("PUT", "DELETE", "POST") == [] and sorted(show.folder.rglob("*")) == before
    done = s3.upload(show)
    assert (told.sent, told.size, told.dry) == (done.sent, done.size, True)
    show.withdraw("one")
    s3.log.clear()
    told = s3.upload(show, dry=True)
    assert "one.mp3" in told.removed and s3.asked("PUT", "DELETE") == []
    assert s3.upload(show).removed == told.removed


def test_the_folder_itself_is_no_place_to_upload_it_to(show: Show) -> None:
    for url in (f"file://{show.folder}", f"file://{show.folder}/public", str(show.folder)):
        with pytest.raises(UsageError, match="lies in the folder"):
            upload(show.folder, url, feeds=["feed.xml"])


# The order


def test_the_sound_goes_first_and_the_feed_last(show: Show, s3: Bucket) -> None:
    for name in ("five.wav", "five.srt", "five.transcript.txt", "five.json"):
        (show.folder / name).write_bytes(b"beside")
    s3.upload(show)
    ranks = [rank(name) for name in s3.asked("PUT")]
    assert ranks == sorted(ranks) and set(ranks) == set(range(6))
    assert s3.all() == show.public()


def test_what_is_new_goes_before_what_replaces_so_that_the_old_feed_stands_for_a_short_time_only(show: Show, s3: Bucket) -> None:
    s3.upload(show)
    show.correct("five")
    show.add("six")
    s3.log.clear()
    s3.upload(show)
    put = s3.asked("PUT")
    assert put.index("six.mp3") < put.index("five.mp3") < put.index("five.vtt") < put.index("index.html") < put.index("feed.xml")


def test_what_is_gone_is_taken_down_after_the_feed_pages_first(show: Show, s3: Bucket) -> None:
    s3.upload(show)
    show.withdraw("four")
    show.withdraw("five")
    s3.log.clear()
    found = s3.upload(show)
    done = [(method, name) for method, name in s3.log if method in ("PUT", "DELETE")]
    last_put = max(at for at, (method, _) in enumerate(done) if method == "PUT")
    assert done[last_put] == ("PUT", "feed.xml") and all(method == "DELETE" for method, _ in done[last_put + 1 :])
    gone = [name for _, name in done[last_put + 1 :]]
    assert gone == list(found.removed) and gone[0] == "feed-1.xml" and gone[-2:] == ["five.mp3", "four.mp3"]
    assert s3.all() == show.public()


def test_what_the_feed_still_names_is_not_taken_down(show: Show, s3: Bucket) -> None:
    s3.upload(show)
    (show.folder / "one.mp3").unlink()
    assert s3.upload(show).removed == () and s3.get("one.mp3")
    show.withdraw("one")
    assert "one.mp3" in s3.upload(show).removed and s3.get("one.mp3") is None


def test_the_feed_of_another_show_in_the_folder_is_a_feed_too(show: Show, s3: Bucket) -> None:
    (show.folder / "sport.xml").write_text(show.feed("sport.xml", ["one"], {}).replace("one.mp3", "goal.mp3"))
    with pytest.raises(PublishError, match=r"sport\.xml names goal\.mp3"):
        s3.upload(show)
    (show.folder / "sport.xml").write_text(show.feed("sport.xml", ["one"], {}))
    assert "sport.xml" in s3.upload(show).sent[-2:]


# Types


def test_every_file_has_its_type_and_none_is_kept_without_asking(show: Show, s3: Bucket) -> None:
    for name in ("five.wav", "desk.jpg", "five.srt", "five.transcript.txt", "five.json"):
        (show.folder / name).write_bytes(b"what it is, only its name says")
    s3.upload(show)
    for name in show.public():
        _, headers, _ = s3.ask("HEAD", name)
        assert headers["content-type"] == next(kind for ending, kind in TYPES.items() if name.endswith(ending)), name
        assert headers["cache-control"] == ("public, max-age=60" if name.endswith((".html", ".xml")) else "public, no-cache"), name


# Again


def test_a_second_run_asks_one_question_and_reads_no_file(show: Show, s3: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in show.folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    first = s3.upload(show)
    s3.log.clear()
    monkeypatch.setattr(uploading, "digests", lambda path: pytest.fail(f"{path} was read"))
    again = s3.upload(show)
    assert again.sent == () and again.kept == len(first.sent)
    assert [method for method, _ in s3.log] == ["GET"]


def test_only_what_has_changed_is_sent(show: Show, s3: Bucket) -> None:
    s3.upload(show)
    show.correct("five")
    (show.folder / "one.mp3").touch()
    found = s3.upload(show)
    assert {name.partition(".")[0] for name in found.sent} == {"five", "feed", "index"} - (
        {"index"} if "index.html" not in found.sent else set()
    )
    assert s3.all() == show.public()


def test_a_change_that_keeps_size_and_a_fresh_time_is_sent(show: Show, s3: Bucket) -> None:
    path = show.folder / "five.html"
    s3.upload(show)
    times = path.stat()
    path.write_bytes(bytes(reversed(path.read_bytes())))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert s3.upload(show).sent == ("five.html",)


@pytest.mark.parametrize("lie", ["gone", "shorter", "other bytes"])
def test_a_record_that_lies_is_noticed(show: Show, s3: Bucket, lie: str) -> None:
    s3.upload(show)
    body = show.public()["one.mp3"]
    s3.ask("DELETE", "one.mp3") if lie == "gone" else s3.ask("PUT", "one.mp3", body[:7] if lie == "shorter" else bytes(len(body)))
    assert s3.upload(show).sent == ("one.mp3",)
    assert s3.get("one.mp3") == body


def test_a_record_that_cannot_be_read_is_told_of(show: Show, s3: Bucket) -> None:
    s3.upload(show)
    (show.folder / RECORD).write_text('{"format": 1, "pla')
    found = s3.upload(show)
    assert len(found.sent) == len(show.public()) and "cannot be read" in found.problems[0].message
    assert not s3.upload(show).problems


def test_two_places_are_kept_apart(show: Show, tmp_path: Path) -> None:
    for _ in range(2):
        for name in ("a", "b"):
            upload(show.folder, f"file://{tmp_path}/{name}", feeds=["feed.xml"])
    show.withdraw("one")
    upload(show.folder, f"file://{tmp_path}/a", feeds=["feed.xml"])
    assert not (tmp_path / "a" / "one.mp3").exists() and (tmp_path / "b" / "one.mp3").exists()


def test_two_runs_at_once_do_not_meet(show: Show, s3: Bucket) -> None:
    refused: list[str] = []

    def second(step: str, done: int, total: int) -> None:
        if not refused:
            with pytest.raises(PublishError) as error:
                s3.upload(show)
            refused.append(error.value.message)

    s3.upload(show, progress=second)
    assert refused == [f"{show.folder} is being uploaded already."]


def test_progress_is_in_bytes_and_ends_at_the_whole(show: Show, s3: Bucket) -> None:
    told: list[tuple[int, int]] = []
    found = s3.upload(show, progress=lambda step, done, total: told.append((done, total)))
    assert told[-1] == (found.size, found.size) and found.size == sum(map(len, show.public().values()))
    assert told == sorted(told)


# Feeds that would promise what is not there


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text.replace("five.mp3", "six.mp3"), "feed.xml names six.mp3, which is neither in"),
        (lambda text: re.sub(r"five\.[vc]", r"\g<0>x", text), "feed.xml names five.vxtt, five.cxhapters.json, which are neither in"),
        (lambda text: text.replace("five.chapters", "5.chapters"), "feed.xml names 5.chapters.json"),
        (lambda text: text.replace("feed-cover.png", "cover.png"), "feed.xml names cover.png"),
        (lambda text: text.replace('"next" href="' + BASE + "feed-1", '"next" href="' + BASE + "feed-9"), "feed.xml names feed-9.xml"),
        (lambda text: re.sub(r'length="\d+"', 'length="12"', text), "feed.xml gives 12 bytes for"),
        (lambda text: re.sub(r'length="\d+"', "", text), "feed.xml gives no length for"),
        (lambda text: text.replace("</item>", ""), "feed.xml is no feed"),
        (lambda text: text.replace('rel="self"', 'rel="hub"'), "feed.xml does not say where it will be found"),
    ],
)
def test_a_feed_that_names_what_is_not_there_is_refused_before_anything_is_sent(
    show: Show, s3: Bucket, spoil: Callable[[str], str], words: str
) -> None:
    text = (show.folder / "feed.xml").read_text()
    (show.folder / "feed.xml").write_text(spoil(text))
    with pytest.raises(PublishError) as error:
        s3.upload(show)
    assert words in error.value.message and error.value.hint
    assert s3.asked("PUT") == []


def test_a_feed_that_is_not_written_is_missed(show: Show, s3: Bucket) -> None:
    with pytest.raises(PublishError, match=r"There is no sport\.xml"):
        s3.upload(show, feeds=["feed.xml", "sport.xml"])
    assert s3.log == []


def test_sound_that_is_kept_elsewhere_is_not_looked_for(show: Show, s3: Bucket) -> None:
    text = (show.folder / "feed.xml").read_text().replace(f"{BASE}five.mp3", "https://cdn.example/five.mp3")
    (show.folder / "feed.xml").write_text(text)
    assert "feed.xml" in s3.upload(show).sent


@pytest.mark.parametrize("how", ["cut", "other bytes"])
def test_a_file_that_does_not_arrive_whole_keeps_the_feeds_back(show: Show, s3: Bucket, how: str) -> None:
    def spoil(method: str, name: str, body: bytes) -> bytes | None:
        return (body[:-1] if how == "cut" else bytes(len(body))) if (method, name) == ("PUT", "five.vtt") else None

    s3.fault = spoil
    with pytest.raises(PublishError, match=r"five\.vtt"):
        s3.upload(show)
    put = s3.asked("PUT")
    assert 2 <= put.count("five.vtt") <= 20 and not [name for name in put if name.endswith(".xml")]
    s3.fault = lambda method, name, body: None
    s3.upload(show)
    assert s3.all() == show.public()


def test_a_file_that_goes_away_over_there_meanwhile_keeps_the_feeds_back(show: Show, s3: Bucket) -> None:
    def spoil(method: str, name: str, body: bytes) -> None:
        if (method, name) == ("PUT", "index.html"):
            s3.ask("DELETE", "one.mp3")

    s3.fault = spoil
    with pytest.raises(PublishError, match=r"does not show one\.mp3 as uploaded"):
        s3.upload(show)
    assert s3.get("feed.xml") is None


def test_a_file_that_is_written_anew_meanwhile_is_sent_anew(show: Show, s3: Bucket) -> None:
    def anew(method: str, name: str, body: bytes) -> None:
        if (method, name) == ("PUT", "one.html") and body != b"anew":
            show.write("one.html", b"anew")

    s3.fault = anew
    s3.upload(show)
    assert s3.get("one.html") == b"anew" and s3.asked("PUT").count("one.html") == 2


def test_a_feed_that_is_written_anew_meanwhile_goes_up_with_the_next_run(show: Show, s3: Bucket) -> None:
    first = show.public()["feed.xml"]

    def anew(method: str, name: str, body: bytes) -> None:
        if (method, name) == ("PUT", "index.html") and len(show.episodes) == 4:
            show.add("six")

    s3.fault = anew
    s3.upload(show)
    assert s3.get("feed.xml") == first
    s3.upload(show)
    assert s3.all() == show.public()


# Whoever kills it

NURSERY = """
import json, os, signal, sys
from pathlib import Path
import fsspec, fsspec.implementations.local, fsspec.callbacks
import lxml.etree
try:
    import s3fs
except ImportError:
    pass
from bulletin.errors import BulletinError
from bulletin.uploading import upload
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
signal.alarm(120)
print("ready", flush=True)
for line in sys.stdin:
    if line == "ping\\n":
        print("pong", flush=True)
        continue
    folder, url, options = json.loads(line)
    pid = os.fork()
    if pid:
        print(pid, flush=True)
        continue
    signal.alarm(60)
    code = 0
    try:
        upload(Path(folder), url, feeds=["feed.xml"], options=options)
    except KeyboardInterrupt:
        code = 130
    except BulletinError as error:
        print(error.message, file=sys.stderr, flush=True)
        code = 1
    except BaseException as error:
        print(repr(error), file=sys.stderr, flush=True)
        code = 2
    finally:
        print("done", code, flush=True)
        os._exit(code)
"""


class Nursery:
    """Starts uploads that can be killed, without the second that a new Python takes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.line() == "ready"

    def line(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def say(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()

    def start(self, show: Show, url: str, options: dict[str, Any]) -> int:
        self.say(json.dumps([str(show.folder), url, options]))
        return int(self.line())

    def end(self, pid: int, how: int) -> str:
        """End an upload, and wait until it has; what it said, if it still could."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, how)
        while True:
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.002)
        self.say("ping")
        return " ".join(iter(self.line, "pong"))

    def finish(self) -> str:
        return self.line()

    def close(self) -> None:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(10)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    if not find_spec("fsspec"):
        pytest.skip("fsspec is not installed: pip install fsspec")
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    found = Nursery()
    yield found
    found.close()


class Watch:
    """A listener who asks all the time: what a feed named that was not to be had, while it was the feed."""

    def __init__(self, get: Get, show: Show) -> None:
        self.get, self.show = get, show
        self.found: list[str] = []
        self.times = 0
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self) -> None:
        while not self.stop.wait(0.02):
            before = self.get("feed.xml"), self.get("feed-1.xml")
            wrong = broken(self.get, self.show)
            if (self.get("feed.xml"), self.get("feed-1.xml")) == before:
                self.times += 1
                self.found += wrong

    def end(self) -> None:
        self.stop.set()
        self.thread.join(20)


@pytest.mark.parametrize(("kind", "kills"), [("s3", 24), ("file", 24)])
def test_killed_at_any_moment_the_public_feed_names_only_what_is_there_whole(
    nursery: Nursery, tmp_path: Path, request: pytest.FixtureRequest, kind: str, kills: int
) -> None:
    show = Show(tmp_path / "audio_out", 3_000 if kind == "s3" else 3_000_000)
    show.add("one", "two", "three", "four")
    if kind == "s3":
        s3: Bucket = request.getfixturevalue("s3")
        s3.delay = 0.002
        url, options, get = f"s3://{s3.name}/show", s3.options, s3.get
        s3.ask("PUT", "about.html", b"not ours")
    else:
        web = tmp_path / "web"
        web.mkdir()
        (web / "about.html").write_bytes(b"not ours")
        url, options = f"file://{web}", {}

        def get(name: str) -> bytes | None:
            try:
                return (web / name).read_bytes()
            except FileNotFoundError:
                return None

    start = time.monotonic()
    nursery.start(show, url, options)
    assert nursery.finish() == "done 0"
    whole = time.monotonic() - start
    chance = random.Random(20)
    watch = Watch(get, show)
    ended, turned, wrong = 0, 0, list[str]()
    try:
        for number in range(kills):
            show.add(f"bulletin-{number}")
            show.correct(chance.choice(show.episodes))
            if number % 2:
                show.withdraw(chance.choice(show.episodes[1:]))
            pid = nursery.start(show, url, options)
            time.sleep(chance.uniform(0, whole))
            ended += bool(nursery.end(pid, signal.SIGKILL))
            turned += get("feed.xml") == show.public()["feed.xml"]
            wrong += broken(get, show)
            if kind == "file":  # a name is given to what is whole only, whoever names it
                wrong += [
                    path.name
                    for path in web.glob("[!.]*")
                    if path.name != "about.html" and path.read_bytes() not in show.versions[path.name]
                ]
    finally:
        watch.end()
    print(f"{kind}: a whole run {whole:.2f} s; of {kills}, {turned} had the new feed up, {ended} had ended; watched {watch.times} times")
    assert wrong == [] and watch.found == []
    assert turned < kills and ended < kills / 2 and watch.times > 5
    nursery.start(show, url, options)
    assert nursery.finish() == "done 0"
    there = s3.all() if kind == "s3" else {path.name: path.read_bytes() for path in web.iterdir()}
    assert there == show.public() | {"about.html": b"not ours"}


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_ended_is_taken_up_where_it_was(show: Show, nursery: Nursery, s3: Bucket, how: int) -> None:
    s3.delay = 0.01
    reached = threading.Event()

    def count(method: str, name: str, body: bytes) -> None:
        if [method for method, _ in s3.log].count("PUT") == 10:
            reached.set()

    s3.fault = count
    pid = nursery.start(show, f"s3://{s3.name}/show", s3.options)
    assert reached.wait(20)
    assert nursery.end(pid, how) == ("done 130" if how == signal.SIGINT else "")
    time.sleep(0.1)
    there = set(s3.all())
    s3.log.clear()
    found = s3.upload(show)
    noted = set(show.public()) - set(found.sent)
    assert 9 <= len(there) < len(show.public())
    assert len(there - noted) <= 2, "what had arrived is sent again, but for what was under way"
    assert s3.all() == show.public()


def test_what_had_arrived_when_it_was_killed_and_is_withdrawn_before_the_next_run_is_taken_down(show: Show, s3: Bucket) -> None:
    s3.upload(show)
    show.add("six")

    class Killed(BaseException):
        pass

    def kill(self: object, *_: object) -> None:
        raise Killed

    with pytest.MonkeyPatch.context() as patch, pytest.raises(Killed):
        patch.setattr(uploading.Record, "add", kill)
        s3.upload(show)
    assert s3.get("six.mp3")
    show.withdraw("six")
    assert "six.mp3" in s3.upload(show).removed
    assert s3.all() == show.public()


def test_where_names_are_given_at_once_a_file_gets_its_name_when_it_is_whole(show: Show, tmp_path: Path) -> None:
    local = pytest.importorskip("fsspec.implementations.local").LocalFileSystem
    web = tmp_path / "web"
    upload(show.folder, f"file://{web}", feeds=["feed.xml"])
    before = (web / "one.mp3").read_bytes()
    show.correct("one")

    def half(self: object, path1: str, path2: str, callback: object = None, **_: object) -> None:
        Path(path2).write_bytes(Path(path1).read_bytes()[:100])
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(local, "put_file", half)
        upload(show.folder, f"file://{web}", feeds=["feed.xml"])
    assert (web / "one.mp3").read_bytes() == before and [path.name for path in web.iterdir() if path.suffix == ".part"]
    (web / ".other.mp3.part").write_text("somebody else's")
    upload(show.folder, f"file://{web}", feeds=["feed.xml"])
    assert {path.name: path.read_bytes() for path in web.iterdir()} == show.public() | {".other.mp3.part": b"somebody else's"}


def test_a_disk_that_is_not_there_is_not_made(show: Show, tmp_path: Path) -> None:
    with pytest.raises(PublishError, match="There is no folder for"):
        upload(show.folder, f"file://{tmp_path}/mnt/nas/web", feeds=["feed.xml"])
    assert not (tmp_path / "mnt").exists()


def test_memory_is_a_place_too(show: Show) -> None:
    memory = pytest.importorskip("fsspec").filesystem("memory")
    upload(show.folder, "memory://news/show", feeds=["feed.xml"])
    show.withdraw("one")
    upload(show.folder, "memory://news/show", feeds=["feed.xml"])
    assert {name.rpartition("/")[2]: memory.cat_file(name) for name in memory.find("/news")} == show.public()
    memory.rm("/news", recursive=True)


def test_folders_in_the_folder_go_up_as_they_are(show: Show, tmp_path: Path) -> None:
    (show.folder / "pictures").mkdir()
    (show.folder / "pictures" / "desk.png").write_bytes(b"\x89PNG")
    found = upload(show.folder, f"file://{tmp_path}/web", feeds=["feed.xml"])
    assert "pictures/desk.png" in found.sent and (tmp_path / "web" / "pictures" / "desk.png").exists()
    assert upload(show.folder, f"file://{tmp_path}/web", feeds=["feed.xml"]).sent == ()


# What goes wrong over there


def test_a_server_that_is_busy_is_asked_again(show: Show, s3: Bucket) -> None:
    left = [503, 500, 503]
    s3.fault = lambda method, name, body: left.pop() if left and (method, name) == ("PUT", "four.mp3") else None
    s3.upload(show)
    assert s3.all() == show.public() and not left


def test_a_server_that_stays_busy_is_given_up_and_nobody_waits_for_long(show: Show, s3: Bucket) -> None:
    s3.fault = lambda method, name, body: 503 if (method, name) == ("PUT", "four.mp3") else None
    with pytest.raises(PublishError, match=r"is busy, and does not take four\.mp3: not now\."):
        s3.upload(show)
    assert len(s3.asked("PUT")) < 30
    s3.fault = lambda method, name, body: None
    s3.upload(show)
    assert s3.all() == show.public()


def refusal(show: Show, url: str, **options: Any) -> PublishError:
    with pytest.raises(PublishError) as error:
        upload(show.folder, url, feeds=["feed.xml"], options=options)
    assert SECRET not in error.value.message + error.value.hint and error.value.hint
    return error.value


def test_a_bucket_that_is_not_there(show: Show, s3: Bucket) -> None:
    assert refusal(show, "s3://nowhere-at-all/show", **s3.options).message == "There is no bucket “nowhere-at-all”."


def test_credentials_that_are_wrong(show: Show, s3: Bucket) -> None:
    line = http.client.HTTPConnection("127.0.0.1", s3.server.server_port, timeout=10)
    try:
        line.request("POST", "/moto-api/reset-auth", b"0")
        line.getresponse().read()
        error = refusal(show, f"s3://{s3.name}/show", **s3.options)
    finally:
        line.request("POST", "/moto-api/reset-auth", b"1000000")
        line.getresponse().read()
        line.close()
    assert error.message == f"s3://{s3.name}/show refuses to show what is there: access denied."
    assert "AWS_ACCESS_KEY_ID" in error.hint


def test_no_credentials_at_all(show: Show, s3: Bucket) -> None:
    error = refusal(show, f"s3://{s3.name}/show", endpoint_url=s3.where)
    assert error.message == f"There are no credentials for s3://{s3.name}/show."


def test_nobody_there(show: Show, s3: Bucket) -> None:
    start = time.monotonic()
    error = refusal(show, "s3://news/show", **{**s3.options, "endpoint_url": "http://127.0.0.1:9"})
    print(f"no network: given up after {time.monotonic() - start:.1f} s: {error.message}")
    assert "cannot be reached" in error.message and time.monotonic() - start < 30


def test_a_kind_of_place_that_nobody_knows(show: Show) -> None:
    pytest.importorskip("fsspec")
    assert refusal(show, f"tape://user:{SECRET}@host/show").message == "“tape://” is no kind of place that is known."


@pytest.mark.parametrize(("missing", "url", "hint"), [("fsspec", "memory://a", "bulletin[upload]"), ("s3fs", "s3://a/b", "bulletin[s3]")])
def test_a_package_that_is_missing_is_named(show: Show, monkeypatch: pytest.MonkeyPatch, missing: str, url: str, hint: str) -> None:
    if missing == "s3fs":
        registry = pytest.importorskip("fsspec.registry")
        monkeypatch.delitem(registry._registry, "s3", raising=False)
    monkeypatch.setitem(sys.modules, missing, None)
    error = refusal(show, url)
    assert f"needs {missing}, which is not installed" in error.message and hint in error.hint


def test_the_package_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, bulletin.uploading; sys.exit(any(name in sys.modules for name in ('fsspec', 's3fs', 'boto3', 'lxml.etree')))"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60, check=False).returncode == 0


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("sftp://mai:pass%2Fword@web.example:2022/srv/news/", "sftp://web.example:2022/srv/news"),
        ("s3://our-bucket/a@b", "s3://our-bucket/a@b"),
        ("ftp://token@host", "ftp://host"),
        ("https://host/a?sig=abc", "https://host/a"),
        ("/srv/news", "/srv/news"),
        ("s3:///", "s3://"),
    ],
)
def test_a_url_is_told_without_what_lets_somebody_in(url: str, told: str) -> None:
    assert elsewhere.shown(url) == told


def test_a_password_that_would_show_is_refused_without_showing_it() -> None:
    with pytest.raises(UsageError) as error:
        elsewhere.shown("sftp://mai:hush/hush@host/srv")
    assert "hush" not in error.value.message + error.value.hint


def test_what_a_place_says_is_told_without_what_lets_somebody_in(show: Show, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    options = {"auto_mkdir": False, "token": SECRET, "client_kwargs": {"aws_secret": {"deep": "under-water"}}}
    place = uploading.Place(f"file://{tmp_path}", options, show.folder)
    place.url = "sftp://mai:pass%2Fword@host/srv"
    said = place.clean(OSError(f"sftp://mai:pass%2Fword@host: pass/word, {SECRET} or\nunder-water is wrong"))
    assert said == "sftp://host: •••, ••• or ••• is wrong"


# SFTP

SSHD = """
import asyncio, sys
import asyncssh

class Anyone(asyncssh.SSHServer):
    def begin_auth(self, username):
        return True
    def password_auth_supported(self):
        return True
    def validate_password(self, username, password):
        return password == sys.argv[2]

async def main():
    key = asyncssh.generate_private_key("ssh-ed25519")
    root = sys.argv[1]
    server = await asyncssh.listen("127.0.0.1", 0, server_factory=Anyone, server_host_keys=[key],
        sftp_factory=lambda chan: asyncssh.SFTPServer(chan, chroot=root))
    print(server.get_port(), key.export_public_key().decode().strip(), flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[tuple[str, str, Path]]:
    """(host and port, its line in known_hosts, what it serves) of a real server, for a minute at most."""
    for module in ("paramiko", "asyncssh"):
        if not find_spec(module):
            pytest.skip(f"{module} is not installed: pip install paramiko asyncssh")
    (tmp_path / "srv").mkdir()
    process = subprocess.Popen([sys.executable, "-c", SSHD, str(tmp_path / "srv"), SECRET], stdout=subprocess.PIPE, text=True)
    assert process.stdout
    port, key = process.stdout.readline().split(" ", 1)
    yield f"127.0.0.1:{port}", f"[127.0.0.1]:{port} {key}", tmp_path / "srv"
    process.kill()
    process.wait(10)
    process.stdout.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_sftp(show: Show, sftp: tuple[str, str, Path], tmp_path: Path) -> None:
    host, known, served = sftp
    url = f"sftp://mai:{SECRET}@{host}/show"
    assert "is not known to be the server" in refusal(show, url).message
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    (tmp_path / "home" / ".ssh" / "known_hosts").write_text(known)
    assert refusal(show, url.replace(SECRET, "wrong")).message == f"sftp://{host}/show refuses to let us in: access denied."
    upload(show.folder, url, feeds=["feed.xml"])
    assert {path.name: path.read_bytes() for path in (served / "show").iterdir()} == show.public()
    show.correct("one")
    show.withdraw("four")
    (served / "show" / "five.vtt").unlink()
    found = upload(show.folder, url, feeds=["feed.xml"])
    assert "four.mp3" in found.removed and "five.vtt" in found.sent and "five.mp3" not in found.sent
    assert {path.name: path.read_bytes() for path in (served / "show").iterdir()} == show.public()
