"""A URL is bounded in time, size and redirects, and every limit has its own words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bulletin import readers
from bulletin.errors import ReadError
from bulletin.model import Station
from bulletin.readers.fetch import fetch

Server = tuple[str, dict[str, tuple[int, dict[str, str], bytes]]]


@pytest.fixture
def quick(station: Station) -> Station:
    return replace(station, timeout=0.6, max_bytes=100_000, max_redirects=3)


def test_a_page_is_fetched_with_its_type_and_encoding(server: Server, quick: Station) -> None:
    base, pages = server
    pages["/a"] = (200, {"Content-Type": "text/html; charset=windows-1251"}, "<p>Мост</p>".encode("cp1251"))
    assert fetch(f"{base}/a", quick) == ("<p>Мост</p>".encode("cp1251"), "text/html", "windows-1251")


def test_redirects_are_followed(server: Server, quick: Station) -> None:
    base, pages = server
    pages["/old"] = (301, {"Location": "/new"}, b"")
    pages["/new"] = (200, {"Content-Type": "text/plain"}, b"words")
    assert fetch(f"{base}/old", quick)[0] == b"words"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/headers", "did not answer within"),
        ("/missing", "404: there is no such page"),
        ("/hang", "did not answer within"),
        ("/drip", "did not answer within"),
        ("/loop", "redirects more than 3 times"),
        ("/endless", "larger than 0.1 MB"),
        ("/huge", "larger than 0.1 MB"),
        ("/broken", "500"),
    ],
)
def test_each_fault_has_its_own_words(path: str, said: str, server: Server, quick: Station) -> None:
    base, pages = server
    pages["/huge"] = (200, {"Content-Length": "2000000000"}, b"")
    pages["/broken"] = (500, {}, b"")
    with pytest.raises(ReadError, match=said) as caught:
        fetch(base + path, quick)
    assert caught.value.hint


def test_a_server_that_is_not_there(quick: Station) -> None:
    with pytest.raises(ReadError, match="Cannot reach") as caught:
        fetch("http://127.0.0.1:9/", quick)
    assert "network" in caught.value.hint


def test_other_schemes_are_refused(quick: Station) -> None:
    with pytest.raises(ReadError, match="only http and https"):
        readers.load("ftp://127.0.0.1/x", quick)


def test_a_picture_is_no_article(server: Server, quick: Station) -> None:
    with pytest.raises(ReadError, match="neither text nor HTML"):
        readers.read(b"words in a picture", "x", quick, content_type="image/svg+xml")
