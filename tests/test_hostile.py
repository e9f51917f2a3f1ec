"""Whatever comes in, it is marked in bounded time or refused with a clear error."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulletin import furniture, readers
from bulletin.errors import BulletinError, ReadError
from bulletin.model import Article, Station
from bulletin.station import load

STORY = (
    "The new harbour bridge opened to traffic on Monday, two years after the old one was closed to all.\n\n"
    "Engineers will watch the bridge for a month before lorries may use it, the council said.\n"
)
PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class='caption'>", "</div>", "<a href=x>", "</a>", "<figure>", "<br>", "<li>", "<!--", "-->", "<script>",
     "</script>",
     "The bridge opened on Monday, officials said. ", "Share", "Photo: A. Roy", "Read more: ", "(AP) - ", "[1]", "\n", "\n\n", "|",
     "# ", "![x](y)", "[a](b)", "\u202e", "\u200b", "\0", "。", "ảnh 1", "ﷺ", "𝕏"]
)  # fmt: skip


def marked(data: bytes, station: Station) -> Article:
    return furniture.mark(readers.read(data, "x", station), station)


def test_a_hundred_megabytes_are_refused_before_they_are_read(tmp_path, station: Station) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(ReadError, match="too large") as caught:
        readers.load(str(path), station)
    assert caught.value.hint


def test_a_text_of_too_many_lines_is_refused_by_number(station: Station) -> None:
    with pytest.raises(ReadError, match="lines") as caught:
        marked(b"a b\n" * 200_000, station)
    assert caught.value.hint


@pytest.mark.parametrize("word", ["x", "word ", "A sentence ends here. ", "(Photo: x) ", "[[[[((((", "字。", "Read more: ", "| - | - "])
def test_one_line_of_ten_megabytes_is_marked(word: str, station: Station) -> None:
    article = marked((word * (10_000_000 // len(word.encode()))).encode(), station)
    assert len(article.blocks) >= 1


def test_a_hundred_thousand_nested_elements_do_no_harm(station: Station) -> None:
    for page in ("<div>" * 100_000 + STORY, "<html><body><p>" + "<b>" * 100_000 + STORY, "<table><tr><td>" * 30_000 + STORY):
        try:
            marked(page.encode(), station)
        except ReadError as error:
            assert error.hint


@pytest.mark.parametrize(
    ("put_in", "name"),
    [
        ("\0", "null bytes"),
        ("\u202b", "right-to-left marks"),
        ("\u200b", "zero-width spaces"),
        ("\u00ad", "soft hyphens"),
        ("\ufeff", "byte-order marks"),
    ],
)
def test_characters_that_nobody_sees_change_nothing(put_in: str, name: str, station: Station) -> None:
    plain = [block.said for block in marked(STORY.encode(), station).blocks]
    spoiled = STORY.replace("bridge", f"bri{put_in}dge").replace("council", f"{put_in}council")
    assert [block.said for block in marked(spoiled.encode(), station).blocks] == plain, name


def test_mixed_encodings_are_read_as_far_as_they_go(station: Station) -> None:
    said = " ".join(
        block.said for block in marked(STORY.encode() + "Café à l’été, naïve.".encode("cp1252") + b"\xff\xfe\x81", station).blocks
    )
    assert "harbour bridge opened" in said


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(PIECES, st.text(max_size=40)), max_size=60))
def test_any_text_or_page_is_marked_or_refused(parts: list[str]) -> None:
    station = load(flags={})
    text = "".join(parts)
    for data in (text.encode("utf-8", "surrogatepass"), f"<html><body>{text}</body></html>".encode("utf-8", "surrogatepass")):
        try:
            article = marked(data, station)
        except BulletinError as error:
            assert error.hint
            continue
        for block in article.blocks:
            assert "".join(run for run, _ in block.spans) == block.text
            assert 0.5 <= block.confidence <= 1.0
        assert sum(block.kind == "headline" and not block.furniture for block in article.blocks) <= 1


@settings(max_examples=60)
@given(st.binary(max_size=2000))
def test_any_bytes_are_marked_or_refused(data: bytes) -> None:
    station = load(flags={})
    try:
        marked(data, station)
    except BulletinError as error:
        assert error.hint
