"""A line is known by its words, in every language that ships."""

from __future__ import annotations

import time

import pytest

from bulletin import languages, phrases

BOOK = phrases.book("en")


@pytest.mark.parametrize("line", ["March 12, 2026 | 10:30 am", "Updated 2 hours ago", "3 min read", "12 Mar 2026 10:30 GMT"])
def test_a_line_of_dates_and_times_is_a_stamp(line: str) -> None:
    assert BOOK.stamp(line) == 1.0


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("vi", "Thứ Năm, 16:57, 02/04/2026"),
        ("fr", "12 mars 2026, 10h30"),
        ("de", "12. März 2026, 10:30 Uhr"),
        ("ru", "12 марта 2026, 10:30"),
        ("ja", "2026年3月12日 午前10時30分"),
        ("zh", "2026年3月12日 下午3:30"),
        ("ko", "2026년 3월 12일 오후 3:30"),
        ("hi", "12 मार्च 2026, 10:30"),
        ("id", "Kamis, 12 Maret 2026 10:30 WIB"),
        ("es", "12 de marzo de 2026 a las 10:30"),
    ],
)
def test_a_stamp_is_known_in_other_languages(code: str, line: str) -> None:
    assert phrases.book(code).stamp(line) == 1.0


@pytest.mark.parametrize("line", ["In 2019, he left.", "12 people came on Monday", "The war ended in 1945", "Monday"])
def test_a_sentence_with_a_date_is_no_stamp(line: str) -> None:
    assert BOOK.stamp(line) < 1.0


@pytest.mark.parametrize("line", ["By Lena Hart", "By Lena Hart and Jon Bell", "Story by Lena Hart, Jon Bell"])
def test_by_and_names_is_a_byline(line: str) -> None:
    assert BOOK.authored(line)


@pytest.mark.parametrize("line", ["By Tuesday, the ferry was full.", "By then the council had left", "Bystanders cheered"])
def test_by_and_a_sentence_is_none(line: str) -> None:
    assert not BOOK.authored(line)


def test_a_lower_case_word_in_another_script_is_no_name() -> None:
    assert not phrases.book("ru").authored("Автор книги рассказал о ней.")


@pytest.mark.parametrize(
    ("code", "line", "why"),
    [
        ("en", "12 Comments", "feedback"),
        ("en", "© 2026 River Radio", "copyright"),
        ("zh", "责任编辑：王某", "byline"),
        ("tr", "İlgili Haberler", "related"),
        ("hi", "संबंधित ख़बरें", "related"),
    ],
)
def test_a_phrase_is_found_with_its_count_its_sign_and_its_script(code: str, line: str, why: str) -> None:
    found = phrases.book(code).reason(line)
    assert found and found[0] == why


def test_a_count_makes_no_menu_of_a_line() -> None:
    assert BOOK.reason("8,300 women") is None


@pytest.mark.parametrize("code", languages.codes())
def test_no_phrase_is_empty_or_there_twice(code: str) -> None:
    for reason, known in languages.load(code).furniture.items():
        assert all(any(map(str.isalnum, phrase)) or len(phrase) > 1 for phrase in known), (code, reason)
        assert len(set(known)) == len(known), (code, reason)


def test_looking_up_is_linear_in_the_line() -> None:
    def cost(line: str) -> float:
        begin = time.process_time()
        for _ in range(20):
            BOOK.inside(line), BOOK.reason(line), BOOK.stamp(line), BOOK.agency(line[-200:])
        return time.process_time() - begin

    short, long = cost("sign up " * 400), cost("sign up " * 4000)
    assert long < 60 * max(short, 0.001)


@pytest.mark.parametrize("code", languages.codes())
def test_every_language_has_words_that_tell_a_lines_kind(code: str) -> None:
    known = languages.load(code)
    for kind in languages.TELLING:
        assert len(getattr(known, kind)) >= 12, kind


def test_words_tell_of_a_picture_and_of_a_story() -> None:
    pictured = BOOK.tells("The mayor, left, poses in this undated picture")
    told = BOOK.tells("But he said that they had told her so")
    at = languages.TELLING.index("pictured")
    assert pictured[at] > told[at]
    assert told[languages.TELLING.index("told")] > pictured[languages.TELLING.index("told")]
    assert BOOK.pointed(["(second from left)"]) and not BOOK.pointed(["(Reuters)"])
