"""Plain text keeps its own paragraphs."""

from __future__ import annotations

import textwrap

import pages
import pytest

from bulletin import readers
from bulletin.errors import ReadError
from bulletin.model import Station


def texts(data: bytes, station: Station) -> list[str]:
    return [block.text for block in readers.read(data, "test", station).blocks]


def test_every_line_is_kept_in_order(station: Station) -> None:
    assert texts(b"One\n\nTwo words\nThree\n", station) == ["One", "Two words", "Three"]


def test_white_space_is_folded_and_nothing_else_is_changed(station: Station) -> None:
    assert texts("A\u00a0 b\tc — “d” (e)".encode(), station) == ["A b c — “d” (e)"]


def test_lines_that_a_machine_wrapped_are_joined_to_paragraphs(station: Station) -> None:
    wrapped = (
        "Ferry sails again\n\n"
        "The ferry between the two towns sailed again on Monday morning after\n"
        "seven months of repairs, and several hundred people stood on the quay\n"
        "to see it leave. The harbour master said that all had gone to plan and\n"
        "that the next boat would be full.\n\n"
        "Tickets cost four pounds, as they did before, and the first crossing of\n"
        "the day leaves at six in the morning.\n"
    )
    found = texts(wrapped.encode(), station)
    assert len(found) == 3
    assert found[1].startswith("The ferry") and found[1].endswith("would be full.")


def test_lines_that_a_writer_ended_are_not_joined(station: Station) -> None:
    lines = ["The first paragraph of the story is this one and it ends here.", "The second one is of the same length and it ends as well."]
    assert texts("\n".join(lines * 3).encode(), station) == lines * 3


@pytest.mark.parametrize(
    ("encoding", "mark"), [("utf-8", b""), ("utf-8-sig", b""), ("utf-16", b""), ("utf-16-le", b"\xff\xfe"), ("cp1252", b"")]
)
def test_the_encoding_is_found(encoding: str, mark: bytes, station: Station) -> None:
    words = "Café society: the naïve façade of Zoë’s “résumé” drew a déjà vu in the quarter, she said."
    assert texts(mark + words.encode(encoding), station) == [words]


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Новый мост через реку открылся в понедельник, сообщили городские власти и строители."),
        ("gb18030", "市政府星期一宣布，跨河新桥已经通车，首日有数千辆汽车驶过，市民排队参观。"),
        ("shift_jis", "市は月曜日、川に架かる新しい橋が開通したと発表した。多くの市民が集まった。"),
        ("euc-kr", "시는 월요일 강을 가로지르는 새 다리가 개통되었다고 발표했다. 많은 시민이 모였다."),
    ],
)
def test_the_encoding_of_other_scripts_is_guessed(encoding: str, words: str, station: Station) -> None:
    assert texts(words.encode(encoding), station) == [words]


def test_invisible_characters_go(station: Station) -> None:
    assert texts("zero\u200bwidth \u202bright\u202c soft\u00adhyphen\x07".encode(), station) == ["zerowidth right softhyphen"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"PK\x03\x04....", "a ZIP"),
        (b"ID3\x03....", "an MP3"),
        (bytes(range(256)) * 20, "binary"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, said: str, station: Station) -> None:
    with pytest.raises(ReadError, match=said) as caught:
        readers.read(data, "test", station)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("The government said on Monday that it would build a new bridge over the river.", "en"),
        ("Chính phủ cho biết hôm thứ Hai sẽ xây một cây cầu mới bắc qua sông.", "vi"),
        ("Le gouvernement a annoncé lundi la construction d'un nouveau pont sur le fleuve.", "fr"),
        ("政府は月曜日、川に新しい橋を架けると発表した。", "ja"),
        ("12 / 34", "en"),
    ],
)
def test_the_language_is_detected_or_the_stations(words: str, language: str, station: Station) -> None:
    assert readers.read(words.encode(), "test", station).language == language


def test_a_huge_text_is_read_in_one_pass(station: Station) -> None:
    line = "A sentence of the story that goes on for a while and then ends. " * 3
    assert len(texts((line + "\n").encode() * 20_000, station)) == 20_000
    assert len(texts(b"x" * 5_000_000, station)) == 1


def wrapped(text: str, width: int) -> str:
    return "\n".join(textwrap.fill(line, width) for line in text.split("\n"))


@pytest.mark.parametrize("width", [36, 45, 60, 72, 80])
def test_lines_wrapped_at_any_width_are_joined(width: int, station: Station) -> None:
    paragraphs = [
        "The new harbour bridge opened to traffic on Monday, two years after the old one was closed to all who had used it.",
        "Engineers will watch the bridge for a month before lorries may use it, the council said in a statement on Sunday.",
        "The ferry that served the islands in those two years made its last crossing on Sunday night with 240 on board.",
    ]
    article = readers.read(wrapped("\n\n".join(paragraphs), width).encode(), "x", station)
    assert [block.text for block in article.blocks] == paragraphs


def test_short_lines_of_a_list_are_not_joined(station: Station) -> None:
    lines = [
        "Harbour bridge opens to lorries",
        "Ferry makes its last crossing",
        "Council to sell the old library",
        "Fares go up in spring again",
    ]
    assert [block.text for block in readers.read("\n".join(lines).encode(), "x", station).blocks] == lines


def test_one_heading_and_a_bold_word_make_markdown(station: Station) -> None:
    text = "# Bridge opens\n\nThe **city council** voted on Tuesday.\n\n> It is *good* news, she said.\n"
    assert [(block.text, block.kind) for block in readers.read(text.encode(), "x", station).blocks] == [
        ("Bridge opens", "heading"),
        ("The city council voted on Tuesday.", "paragraph"),
        ("It is good news, she said.", "quote"),
    ]


def test_the_title_between_rules_before_markdown_is_the_title(station: Station) -> None:
    article = readers.read(b"---\ntitle: Bridge opens\ndate: 2026-01-01\n---\n\nThe bridge opened on Monday.\n", "x", station)
    assert article.title == "Bridge opens"
    assert [block.text for block in article.blocks] == ["The bridge opened on Monday."]


def test_a_language_goes_by_the_code_that_its_file_has(station: Station) -> None:
    hebrew = "הגשר החדש בנמל נפתח לתנועה ביום שני, שנתיים אחרי שהישן נסגר. המהנדסים ישגיחו על הגשר במשך חודש."
    assert readers.read(hebrew.encode(), "x", station).language == "he"


def test_a_page_that_nobody_wrapped_is_read_line_by_line(station: Station) -> None:
    for page in pages.written(pages.INVENTED) + pages.written(pages.HELD):
        assert [block.text for block in readers.read(page.text.encode(), page.id, station).blocks] == list(page.lines), page.id
