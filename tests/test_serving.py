"""A folder given out over HTTP: ranges, tags, names, and what is never given out. Real sockets, on loopback."""

from __future__ import annotations

import hashlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.utils import formatdate
from pathlib import Path
from urllib.parse import quote

import pytest

from bulletin.errors import PublishError, UsageError
from bulletin.serving import Made, Server, server

SOUND = bytes(range(256)) * 40  # 10,240 bytes, each place told from its neighbours
CHANGED = 1_760_000_000
Answer = tuple[int, http.client.HTTPMessage, bytes]


@contextmanager
def serving(folder: Path, made: Made | None = None, **more: object) -> Iterator[Server]:
    listening = server(folder, "127.0.0.1", 0, made or {}, **more)  # type: ignore[arg-type]
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield listening
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a bulletin, inside one that holds what nobody may see."""
    (tmp_path / "secret.txt").write_text("the key")
    made = tmp_path / "out"
    made.mkdir()
    (made / "news.mp3").write_bytes(SOUND)
    os.utime(made / "news.mp3", (CHANGED, CHANGED))
    return made


@pytest.fixture
def at(folder: Path) -> Iterator[Server]:
    with serving(folder) as listening:
        yield listening


def ask(at: Server, path: str = "/news.mp3", method: str = "GET", **headers: str) -> Answer:
    with closing(http.client.HTTPConnection("127.0.0.1", at.server_port, timeout=10)) as connection:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()


def raw(at: Server, request: bytes) -> bytes:
    """What a client that we do not control sends, and all that it gets until the end of the connection."""
    with socket.create_connection(("127.0.0.1", at.server_port), timeout=10) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        found = b""
        while block := client.recv(1 << 16):
            found += block
        return found


def test_a_file_is_given_out_whole(at: Server) -> None:
    status, headers, body = ask(at)
    assert (status, body) == (200, SOUND)
    assert headers["Content-Length"] == str(len(SOUND))
    assert headers["Content-Type"] == "audio/mpeg"
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Last-Modified"] == formatdate(CHANGED, usegmt=True)
    assert re.fullmatch(r'"[0-9a-f]+-2800"', headers["ETag"])


def test_head_tells_the_same_without_the_body(at: Server) -> None:
    status, headers, body = ask(at, method="HEAD")
    same = dict(ask(at)[1])
    assert (status, body) == (200, b"")
    assert {**same, "Date": ""} == {**dict(headers), "Date": ""}
    status, headers, _ = ask(at, method="HEAD", Range="bytes=0-9")  # RFC 9110 §14.2: ranges are for GET alone
    assert (status, headers["Content-Length"], headers["Content-Range"]) == (200, str(len(SOUND)), None)
    assert ask(at, "/none.mp3", "HEAD")[::2] == (404, b"")


@pytest.mark.parametrize(
    ("wanted", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 10_240),
        ("bytes=100-199", 100, 200),
        ("bytes=10239-", 10_239, 10_240),
        ("bytes=10000-99999", 10_000, 10_240),
        ("bytes=5-" + "9" * 400, 5, 10_240),
        ("bytes=-1", 10_239, 10_240),
        ("bytes=-500", 9_740, 10_240),
        ("bytes=-20000", 0, 10_240),
        ("Bytes = 7 - 9 ", 7, 10),
    ],
)
def test_one_range_is_cut_out(at: Server, wanted: str, first: int, end: int) -> None:
    status, headers, body = ask(at, Range=wanted)
    if (first, end) == (0, len(SOUND)):  # all of it: either answer is right, and this one is the plain one
        assert (status, headers["Content-Range"], body) == (200, None, SOUND)
        return
    assert (status, body) == (206, SOUND[first:end])
    assert headers["Content-Range"] == f"bytes {first}-{end - 1}/10240"
    assert headers["Content-Length"] == str(end - first)
    assert headers["Content-Type"] == "audio/mpeg"


@pytest.mark.parametrize("wanted", ["bytes=10240-", "bytes=10240-10250", "bytes=-0", "bytes=" + "9" * 400 + "-"])
def test_a_range_beyond_the_end_is_refused_with_the_length(at: Server, wanted: str) -> None:
    status, headers, body = ask(at, Range=wanted)
    assert (status, headers["Content-Range"], headers["Content-Length"], body) == (416, "bytes */10240", "0", b"")


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=5",
        "bytes=9-5",
        "bytes=a-b",
        "bytes=-5-",
        "bytes=0-1,5-6",
        "items=0-5",
        "bytes=1-2x",
        "bytes=²-",
    ],
)
def test_a_range_that_is_malformed_or_one_of_several_is_as_if_it_were_not_there(at: Server, wanted: str) -> None:
    assert ask(at, Range=wanted)[::2] == (200, SOUND)


def test_an_empty_file_has_no_ranges(folder: Path, at: Server) -> None:
    (folder / "empty.mp3").touch()
    for wanted in ("bytes=0-", "bytes=-5"):
        status, headers, body = ask(at, "/empty.mp3", Range=wanted)
        assert (status, headers["Content-Length"], body) == (200, "0", b"")


def test_if_range_gives_a_part_only_of_the_same_file(at: Server) -> None:
    tag, date = (ask(at)[1][name] for name in ("ETag", "Last-Modified"))
    part = {"Range": "bytes=0-9"}
    assert ask(at, If_Range=tag, **part)[0] == 206
    assert ask(at, If_Range=date, **part)[0] == 206
    for other in (f"W/{tag}", '"other"', formatdate(CHANGED - 1, usegmt=True), formatdate(CHANGED + 1, usegmt=True), "yesterday"):
        assert ask(at, If_Range=other, **part)[::2] == (200, SOUND)


def test_a_file_that_has_changed_has_another_tag(folder: Path, at: Server) -> None:
    old = ask(at)[1]["ETag"]
    assert ask(at)[1]["ETag"] == old
    (folder / "news.mp3").write_bytes(SOUND[::-1])
    new = ask(at)[1]["ETag"]
    assert new != old
    assert ask(at, If_None_Match=old)[0] == 200
    assert ask(at, If_Range=old, Range="bytes=0-9")[::2] == (200, SOUND[::-1])


def test_what_a_client_has_already_is_not_sent_again(at: Server) -> None:
    tag, date = (ask(at)[1][name] for name in ("ETag", "Last-Modified"))
    for known in (tag, f"W/{tag}", f'"a", {tag}', f'W/"b",{tag} , "c"', "*"):
        status, headers, body = ask(at, If_None_Match=known)
        assert (status, body, headers["ETag"], headers["Last-Modified"]) == (304, b"", tag, date)
    assert ask(at, method="HEAD", If_None_Match=tag)[0] == 304
    assert ask(at, If_None_Match=tag, Range="bytes=0-9")[0] == 304
    assert ask(at, If_None_Match='"other"')[0] == 200
    assert ask(at, If_None_Match=tag.strip('"'))[0] == 200


@pytest.mark.parametrize(
    ("date", "status"),
    [
        (formatdate(CHANGED, usegmt=True), 304),
        (formatdate(CHANGED + 3600, usegmt=True), 304),
        (time.strftime("%A, %d-%b-%y %H:%M:%S GMT", time.gmtime(CHANGED)), 304),  # RFC 850
        (time.asctime(time.gmtime(CHANGED)), 304),
        (formatdate(CHANGED - 1, usegmt=True), 200),
        ("yesterday", 200),
        ("Mon, 32 Foo 99999 99:99:99 GMT", 200),
        ("0", 200),
    ],
)
def test_a_date_will_do_in_place_of_a_tag(at: Server, date: str, status: int) -> None:
    assert ask(at, If_Modified_Since=date)[0] == status
    assert ask(at, If_Modified_Since=date, If_None_Match='"other"')[0] == 200  # a tag goes before


def test_a_client_that_wants_one_version_only_is_told_when_it_has_gone(at: Server) -> None:
    tag = ask(at)[1]["ETag"]
    assert ask(at, If_Match=tag)[0] == ask(at, If_Match="*")[0] == 200
    assert ask(at, If_Match='"other"')[0] == ask(at, If_Match=f"W/{tag}")[0] == 412
    assert ask(at, If_Unmodified_Since=formatdate(CHANGED, usegmt=True))[0] == 200
    assert ask(at, If_Unmodified_Since=formatdate(CHANGED - 1, usegmt=True))[0] == 412


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.mp3", "audio/mpeg"),
        ("A.MP3", "audio/mpeg"),
        ("a.wav", "audio/wav"),
        ("a.vtt", "text/vtt; charset=utf-8"),
        ("a.srt", "application/x-subrip; charset=utf-8"),
        ("a.chapters.json", "application/json+chapters"),
        ("a.json", "application/json"),
        ("feed.xml", "application/rss+xml; charset=utf-8"),
        ("a.html", "text/html; charset=utf-8"),
        ("a.txt", "text/plain; charset=utf-8"),
        ("a.png", "image/png"),
        ("a.jpg", "image/jpeg"),
        ("a", "application/octet-stream"),
        ("a.toml", "application/octet-stream"),
    ],
)
def test_each_kind_of_file_has_its_type(folder: Path, at: Server, name: str, kind: str) -> None:
    (folder / name).write_bytes(b"x")
    assert ask(at, f"/{name}")[1]["Content-Type"] == kind


@pytest.mark.parametrize(
    "name", ["Đài Tiếng nói.mp3", "Радио.mp3", "إذاعة.mp3", "放送.mp3", "a & b #1?=100% [x]'\".mp3", "a:b.mp3", "+.mp3"]
)
def test_names_in_any_script_work(folder: Path, at: Server, name: str) -> None:
    (folder / name).write_bytes(b"this")
    assert ask(at, "/" + quote(name))[::2] == (200, b"this")
    links = re.findall(r'href="([^"]*)"', ask(at, "/")[2].decode())
    assert sorted(ask(at, f"/{link}")[2] for link in links) == [SOUND, b"this"]


def test_a_client_that_encodes_nothing_is_understood(folder: Path, at: Server) -> None:
    (folder / "放送.mp3").write_bytes(b"this")
    assert raw(at, "GET /放送.mp3 HTTP/1.0\r\n\r\n".encode()).endswith(b"this")


def test_a_query_is_no_part_of_the_name(at: Server) -> None:
    assert ask(at, "/news.mp3?_from=feed&x=../y")[2] == SOUND


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/x/../../secret.txt",
        "/./news.mp3",
        "/..\\secret.txt",
        "/..%5csecret.txt",
        "//..//secret.txt",
        "/%00",
        "/news.mp3%00.html",
        "/news.mp3/",
        "/news.mp3/x",
        "/%c0%ae%c0%ae/secret.txt",
        "/%ff",
        "/" + "a" * 5000,
        "/" + "a/" * 5000,
        "/.env",
        "/.git/config",
        "/sub/.env",
        "/.news.mp3.0a1b2c3d.part",
        "/news.mp3.part",
        "/NEWS.PART",
        "/link.txt",
        "/away/secret.txt",
        "/away/",
        "/away",
        "/inside.txt",
        "/round",
        "/pipe",
        "http://elsewhere/../secret.txt",
    ],
)
def test_nothing_hidden_unfinished_or_outside_is_given_out(folder: Path, at: Server, path: str) -> None:
    for name in (".env", ".git/config", "sub/.env", ".news.mp3.0a1b2c3d.part", "news.mp3.part", "NEWS.PART"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("the key")
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "away").symlink_to(folder.parent)
    (folder / "inside.txt").symlink_to(folder / ".env")
    (folder / "round").symlink_to(folder / "round")
    os.mkfifo(folder / "pipe")
    status, _, body = ask(at, path)
    assert status == 404
    assert b"the key" not in body


def test_a_link_that_stays_in_the_folder_is_followed(folder: Path, at: Server) -> None:
    (folder / "latest.mp3").symlink_to("news.mp3")
    assert ask(at, "/latest.mp3")[2] == SOUND


def test_a_folder_without_an_index_is_listed(folder: Path, at: Server) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "<b>.txt").write_text("x")
    for name in (".env", "news.mp3.part"):
        (folder / name).touch()
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    status, headers, body = ask(at, "/")
    assert (status, headers["Content-Type"], headers["Content-Length"]) == (200, "text/html; charset=utf-8", str(len(body)))
    assert re.findall(r'href="([^"]*)"', body.decode()) == ["news.mp3", "sub/"]
    assert b"<b>" not in ask(at, "/sub/")[2]
    assert ask(at, "/sub/%3Cb%3E.txt")[2] == b"x"
    assert ask(at, "/", If_None_Match=headers["ETag"])[0] == 304


def test_an_index_stands_for_its_folder(folder: Path, at: Server) -> None:
    (folder / "sub").mkdir()
    for name in ("index.html", "sub/index.html"):
        (folder / name).write_text(f"this is {name}")
    assert ask(at, "/")[2] == ask(at, "")[2] == b"this is index.html"
    assert ask(at, "/sub/")[2] == b"this is sub/index.html"
    status, headers, _ = ask(at, "/sub?x")
    assert (status, headers["Location"]) == (301, "/sub/")


def test_a_redirect_stays_here(folder: Path, at: Server) -> None:
    (folder / "elsewhere.example").mkdir()
    (folder / "a\r\nSet-Cookie: b").mkdir()
    assert ask(at, "//elsewhere.example")[1]["Location"] == "/elsewhere.example/"
    assert ask(at, "/%2F/elsewhere.example")[1]["Location"] == "/elsewhere.example/"
    headers = ask(at, "/a%0D%0ASet-Cookie:%20b")[1]
    assert headers["Set-Cookie"] is None
    assert headers["Location"] == "/a%0D%0ASet-Cookie%3A%20b/"


def test_what_is_not_there_says_so(at: Server) -> None:
    status, headers, body = ask(at, "/<script>.mp3")
    assert (status, headers["Content-Length"]) == (404, str(len(body)))
    assert b"no such file" in body
    assert b"<script>" not in body


def test_a_feed_is_made_for_this_address_at_each_request(folder: Path) -> None:
    asked: list[str] = []

    def feed(base: str) -> bytes:
        asked.append(base)
        return f"<rss>{base} {len(asked) // 3}</rss>".encode()

    (folder / "feed.xml").write_text("https://radio.example/")
    with serving(folder, {"feed.xml": feed}) as at:
        status, headers, body = ask(at, "/feed.xml")
        assert (status, headers["Content-Type"], headers["Last-Modified"]) == (200, "application/rss+xml; charset=utf-8", None)
        assert body == f"<rss>http://127.0.0.1:{at.server_port}/ 0</rss>".encode()
        assert headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"'
        assert ask(at, "/feed.xml", If_None_Match=headers["ETag"])[0] == 304
        status, headers, body = ask(at, "/feed.xml", If_None_Match=headers["ETag"], Host="studio.local:8000")
        assert (status, body) == (200, b"<rss>http://studio.local:8000/ 1</rss>")
        assert ask(at, "/feed.xml", Range="bytes=0-4")[::2] == (206, b"<rss>")
        assert b'href="feed.xml"' in ask(at, "/")[2]
    with serving(folder, {"index.html": lambda base: b"made"}) as at:
        assert ask(at, "/")[2] == ask(at, "/index.html")[2] == b"made"


@pytest.mark.parametrize("host", ["a/b", "x@y", "a b", "<a>", "[::1", "a:999999", "", "é"])
def test_a_client_can_put_nothing_into_a_feed_but_an_address(folder: Path, host: str) -> None:
    with serving(folder, {"feed.xml": str.encode}) as at:
        answer = raw(at, f"GET /feed.xml HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        assert answer.endswith(f"\r\n\r\nhttp://127.0.0.1:{at.server_port}/".encode())


def test_a_feed_that_cannot_be_made_says_why_and_the_server_lives_on(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    def broken(base: str) -> bytes:
        raise PublishError("The station has no name.", "Give it one.")

    def bug(base: str) -> bytes:
        raise RuntimeError("a bug")

    with serving(folder, {"feed.xml": broken, "index.html": bug}) as at:
        status, _, body = ask(at, "/feed.xml")
        assert status == 500
        assert b"The station has no name." in body
        assert b"Give it one." in body
        assert capfd.readouterr().err == ""
        assert ask(at, "/")[0] == 500
        assert ask(at)[2] == SOUND
    told, until = "", time.monotonic() + 5
    while "RuntimeError: a bug" not in told and time.monotonic() < until:  # its thread tells of it behind the answer
        told += capfd.readouterr().err
        time.sleep(0.02)
    assert "RuntimeError: a bug" in told


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_changed(folder: Path, at: Server, method: str) -> None:
    status, headers, _ = ask(at, "/news.mp3", method)
    assert (status, headers["Allow"]) == (405, "GET, HEAD")
    assert (folder / "news.mp3").read_bytes() == SOUND


def test_one_connection_takes_many_requests(at: Server) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", at.server_port, timeout=10)) as connection:
        mine = None
        for path, headers, status in [
            ("/news.mp3", {}, 200),
            ("/none", {}, 404),
            ("/news.mp3", {"Range": "bytes=5-9"}, 206),
            ("/news.mp3", {"Range": "bytes=99999-"}, 416),
            ("/news.mp3", {"If-None-Match": "*"}, 304),
            ("/news.mp3", {"If-Match": '"x"'}, 412),
            ("/", {}, 200),
        ]:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status
            mine = mine or connection.sock
            assert connection.sock is mine


def test_the_body_of_a_request_is_never_the_next_request(at: Server) -> None:
    inner = b"GET /none HTTP/1.1\r\nHost: a\r\n\r\n"
    for method in (b"GET", b"POST"):
        answer = raw(at, method + b" /news.mp3 HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(inner) + inner)
        assert answer.count(b"HTTP/1.1") == 1
        assert b"Connection: close" in answer
        chunked = b" /news.mp3 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(inner)
        assert raw(at, method + chunked + inner + b"\r\n0\r\n\r\n").count(b"HTTP/1.1") == 1


def test_old_clients_and_the_absolute_form_are_answered(at: Server) -> None:
    assert raw(at, b"GET /news.mp3 HTTP/1.0\r\n\r\n").endswith(SOUND)
    assert raw(at, b"GET http://anything:1/news.mp3?x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").endswith(SOUND)
    two = raw(at, b"GET /news.mp3 HTTP/1.1\r\nHost: a\r\n\r\n" * 2)  # one behind the other
    assert two.count(b"HTTP/1.1 200") == 2
    assert two.endswith(SOUND)


@pytest.mark.parametrize(
    "noise",
    [b"\x00\x01\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"\x16\x03\x01"],
)
def test_noise_is_refused_and_the_next_is_answered(at: Server, noise: bytes, capfd: pytest.CaptureFixture[str]) -> None:
    answer = raw(at, noise)
    assert b" 200 " not in answer
    assert ask(at)[2] == SOUND
    assert capfd.readouterr().err == ""


def test_a_client_that_goes_away_mid_file_is_nobodys_trouble(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (folder / "long.wav").open("wb") as file:
        file.truncate(200_000_000)
    lines: list[str] = []
    others = threading.active_count()
    with serving(folder, log=lines.append) as at:
        for _ in range(3):
            client = socket.create_connection(("127.0.0.1", at.server_port), timeout=10)
            client.sendall(b"GET /long.wav HTTP/1.1\r\nHost: a\r\n\r\n")
            client.recv(1000)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # a reset, as of a closed lid
            client.close()
        assert ask(at)[2] == SOUND
        gone = time.monotonic() + 5
        while threading.active_count() > others + 1 and time.monotonic() < gone:
            time.sleep(0.02)
        assert threading.active_count() <= others + 1, "a thread still sends to a client that has gone"
    assert capfd.readouterr().err == ""


def test_slow_clients_hold_nobody_up(folder: Path) -> None:
    long = os.urandom(8_000_000)
    (folder / "long.wav").write_bytes(long)
    with serving(folder) as at:
        slow = [socket.create_connection(("127.0.0.1", at.server_port), timeout=10) for _ in range(20)]
        for number, client in enumerate(slow):
            client.sendall(b"GET /long.wav HTTP/1.0\r\n\r\n" if number % 2 else b"GET /lo")  # half of them have not even asked
        began = time.monotonic()
        assert ask(at)[2] == SOUND
        assert time.monotonic() - began < 2
        found = b""
        while block := slow[1].recv(1 << 20):
            found += block
        assert found.endswith(long)
        for client in slow:
            client.close()


def test_many_at_once_each_get_their_own(folder: Path, at: Server) -> None:
    for number in range(40):
        (folder / f"{number}.txt").write_text(f"{number}" * 1000)
    found: dict[int, bytes] = {}

    def get(number: int) -> None:
        found[number] = ask(at, f"/{number}.txt", Range="bytes=0-1")[2] + ask(at, f"/{number}.txt")[2]

    threads = [threading.Thread(target=get, args=(number,)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(body == (f"{number}" * 1000).encode()[:2] + (f"{number}" * 1000).encode() for number, body in found.items())
    assert len(found) == 40


def test_a_client_that_neither_asks_nor_takes_is_let_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("bulletin.serving.Handler.timeout", 0.2)
    with (folder / "long.wav").open("wb") as file:
        file.truncate(200_000_000)
    others = threading.active_count()
    with serving(folder) as at:
        idle, stuck = (socket.create_connection(("127.0.0.1", at.server_port), timeout=10) for _ in range(2))
        stuck.sendall(b"GET /long.wav HTTP/1.1\r\nHost: a\r\n\r\n")
        assert idle.recv(10) == b""
        gone = time.monotonic() + 5
        while threading.active_count() > others + 1 and time.monotonic() < gone:
            time.sleep(0.02)
        assert threading.active_count() <= others + 1
        idle.close()
        stuck.close()
    assert capfd.readouterr().err == ""


def test_a_file_that_is_replaced_meanwhile_is_sent_as_it_was(folder: Path, at: Server) -> None:
    long = os.urandom(30_000_000)
    (folder / "long.wav").write_bytes(long)
    with closing(http.client.HTTPConnection("127.0.0.1", at.server_port, timeout=10)) as connection:
        connection.request("GET", "/long.wav")
        answer = connection.getresponse()
        begun = answer.read(1000)
        (folder / ".new").write_bytes(b"new")
        (folder / ".new").replace(folder / "long.wav")
        assert begun + answer.read() == long
    assert ask(at, "/long.wav")[2] == b"new"


def test_a_file_that_is_cut_off_meanwhile_ends_the_connection(folder: Path, at: Server) -> None:
    with (folder / "long.wav").open("wb") as file:
        file.truncate(50_000_000)
    with closing(http.client.HTTPConnection("127.0.0.1", at.server_port, timeout=10)) as connection:
        connection.request("GET", "/long.wav")
        answer = connection.getresponse()
        answer.read(1000)
        os.truncate(folder / "long.wav", 10)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            answer.read()


def test_a_log_line_cannot_move_the_cursor(folder: Path) -> None:
    lines: list[str] = []
    with serving(folder, log=lines.append) as at:
        raw(at, b"GET /\x1b[2Jx HTTP/1.0\r\n\r\n")
    (line,) = lines
    assert line == '127.0.0.1 "GET /\\x1b[2Jx HTTP/1.0" 404 -'


def test_a_port_in_use_names_another(folder: Path, at: Server) -> None:
    with pytest.raises(UsageError, match=f"{at.server_port} is in use") as caught:
        server(folder, "127.0.0.1", at.server_port, {})
    assert f"--port {at.server_port + 1}" in caught.value.hint


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1", "2001:db8::1"])
def test_an_address_that_is_not_ours_is_named(folder: Path, host: str) -> None:
    with pytest.raises(UsageError, match=re.escape(host)) as caught:
        server(folder, host, 0, {})
    assert "--host" in caught.value.hint


def test_a_folder_that_is_not_there_is_named(folder: Path) -> None:
    for missing in (folder / "nowhere", folder / "news.mp3"):
        with pytest.raises(UsageError, match="no folder"):
            server(missing, "127.0.0.1", 0, {})


@pytest.mark.parametrize(
    ("host", "shared", "url"),
    [
        ("127.0.0.1", False, "http://127.0.0.1:"),
        ("localhost", False, "http://localhost:"),
        ("0.0.0.0", True, "http://127.0.0.1:"),
        ("", True, "http://127.0.0.1:"),
        ("::1", False, "http://[::1]:"),
        ("::", True, "http://[::1]:"),
    ],
)
def test_it_knows_whom_it_answers_and_where_it_is_found(folder: Path, host: str, shared: bool, url: str) -> None:
    if ":" in host and not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with server(folder, host, 0, {}) as listening:
        assert listening.shared == shared
        assert listening.url == f"{url}{listening.server_port}/"


# The command

SCRIPT = """\
import sys
from bulletin.cli import main
main.COMMANDS.setdefault("serve", "")
main.main(["serve", *sys.argv[1:]])
"""
Command = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def command(folder: Path) -> Iterator[Command]:
    """The command line as a shell starts it, ended whatever happens."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **more: str) -> subprocess.Popen[str]:
        environment = {**os.environ, **more}
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
        )
        begun.append(process)
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_serves_until_it_is_stopped_and_ends_quietly(folder: Path, command: Command, number: int) -> None:
    process = command(str(folder), "--port", "0")
    found = re.fullmatch(rf"Serving {re.escape(str(folder))} at http://127\.0\.0\.1:(\d+)/ \(Ctrl-C stops\)\n", line(process))
    assert found
    with (folder / "long.wav").open("wb") as file:
        file.truncate(100_000_000)
    with socket.create_connection(("127.0.0.1", int(found[1])), timeout=10) as client:
        client.sendall(b"GET /long.wav HTTP/1.1\r\nHost: a\r\n\r\n")
        assert client.recv(15) == b"HTTP/1.1 200 OK"
        process.send_signal(number)  # while somebody still listens
        assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 0


def test_the_command_says_so_where_it_cannot_listen(folder: Path, at: Server, command: Command) -> None:
    process = command(str(folder), "--port", str(at.server_port))
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (2, "")
    assert "in use" in err
    assert "--port" in err
    process = command("nowhere")
    assert "no folder nowhere" in process.communicate(timeout=30)[1]
    assert process.returncode == 2


def test_the_command_serves_the_stations_folder_and_warns_when_others_can_reach_it(command: Command) -> None:
    Path("audio_out").mkdir()
    process = command("--port", "0", "--host", "0.0.0.0", "--verbose")
    found = re.search(r"audio_out at http://127\.0\.0\.1:(\d+)/", line(process))
    assert found
    with closing(http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=10)) as connection:
        connection.request("GET", "/none")
        connection.getresponse().read()
    process.terminate()
    _, err = process.communicate(timeout=10)
    assert "Everyone on the network can read audio_out" in err
    assert '127.0.0.1 "GET /none HTTP/1.1" 404' in err


def test_the_command_opens_the_browser(folder: Path, tmp_path: Path, command: Command) -> None:
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n')
    opener.chmod(0o755)
    process = command(str(folder), "--port", "0", "--open", PATH=f"{opener.parent}:{os.environ['PATH']}")
    url = re.search(r"http://\S+", line(process))
    assert url
    until = time.monotonic() + 10
    while not (tmp_path / "opened").exists() and time.monotonic() < until:
        time.sleep(0.05)
    process.terminate()
    process.communicate(timeout=10)
    assert process.returncode == 0
    assert (tmp_path / "opened").read_text().strip() == url[0]
