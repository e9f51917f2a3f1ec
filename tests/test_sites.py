"""A site's own words hold for its pages alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from bulletin import furniture, sites
from bulletin.errors import StationError
from bulletin.model import Article, Block
from bulletin.station import load

LEAD = "The new harbour bridge opened to traffic on Monday, two years after the old one was closed to all."
END = "Engineers will watch the bridge for a month before lorries may use it, the council said."


@pytest.mark.parametrize("site", sites.all_sites(None), ids=lambda site: site.words.english)
def test_every_site_names_its_hosts_and_pages_to_try(site: sites.Site) -> None:
    assert site.domains and site.words.english
    assert site.pages
    for page in site.pages:
        assert sites.find(Article(source=page, title="")) is site.words


def test_another_host_that_ends_alike_is_not_the_site() -> None:
    assert sites.find(Article(source="https://notapnews.com/a", title="")) is None


def test_a_pasted_text_is_known_by_its_own_mark() -> None:
    found = sites.find(Article(source="-", title="", blocks=(Block(text=f"(VOVWORLD) -{LEAD}"),)))
    assert found and found.english == "VOVWORLD"


def test_a_stations_folder_adds_phrases_and_sites(tmp_path: Path) -> None:
    (tmp_path / "own" / "languages").mkdir(parents=True)
    (tmp_path / "own" / "sites").mkdir()
    (tmp_path / "own" / "languages" / "en.toml").write_text('[furniture]\nrelated = ["from our harbour desk"]\n', encoding="utf-8")
    (tmp_path / "own" / "sites" / "river.toml").write_text(
        'name = "River Radio"\ndomains = ["river.example"]\nmarks = ["(RIVER)"]\n[furniture]\nshare = ["tell the river"]\n',
        encoding="utf-8",
    )
    station = load(flags={"articles.folder": str(tmp_path / "own")})
    lines = ("Harbour bridge opens", f"(RIVER) - {LEAD}", "From our harbour desk", "Tell the river", END)
    article = furniture.mark(Article(source="-", title="", language="en", blocks=tuple(Block(text=line) for line in lines)), station)
    assert [block.furniture for block in article.blocks] == [None, None, "related", "share", None]
    assert article.blocks[1].said == LEAD


@pytest.mark.parametrize("text", ["name = 3", 'domains = ["a.example"]', "[broken"])
def test_a_broken_site_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "bad.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StationError, match=r"bad\.toml") as caught:
        sites.find(Article(source="-", title=""), tmp_path)
    assert caught.value.hint


def test_a_folder_that_is_not_there_is_named() -> None:
    with pytest.raises(StationError, match="No such folder"):
        load(flags={"articles.folder": "nowhere"})


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("sites/x.toml", b'name = "X"\ndomains = ["x"]\n\xff', "cannot be read"),
        ("sites/x.toml", b'name = "X"\ndomains = ["x"]\nmarks = [5]', "marks"),
        ("sites/x.toml", b'name = "X"\ndomains = ["x"]\nmarks = [""]', "marks"),
        ("sites/x.toml", b'name = "X"\ndomains = "x.y"', "domains"),
        ("sites/x.toml", b'domains = ["x"]', "name"),
        ("languages/en.toml", b"[furnitur]", "furnitur"),
        ("languages/en.toml", b'[furniture]\nmine = ["a"]', "mine"),
        ("languages/en.toml", b'[furniture]\nshare = "a"', "share"),
        ("languages/en.toml", b"credits = [1]", "credits"),
    ],
)
def test_a_stations_file_that_is_wrong_says_what_is(path: str, content: bytes, said: str, tmp_path: Path) -> None:
    file = tmp_path / path
    file.parent.mkdir()
    file.write_bytes(content)
    station = load(flags={"articles.folder": str(tmp_path)})
    with pytest.raises(StationError, match=said) as caught:
        furniture.mark(Article(source="-", title="", language="en", blocks=(Block(text=LEAD), Block(text=END))), station)
    assert caught.value.hint


def test_a_folder_where_a_file_should_be_is_an_error_of_the_station(tmp_path: Path) -> None:
    (tmp_path / "sites" / "x.toml").mkdir(parents=True)
    with pytest.raises(StationError):
        sites.all_sites(tmp_path)
