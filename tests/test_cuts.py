"""Only what is no story is cut from a line: a dateline before the lead, a credit, a sign-off or a link behind the last sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import cuts, phrases

REST = "The new bridge opened to traffic on Monday, two years after the old one was closed."


def said(text: str, code: str = "en", *, lead: bool = True, authors: frozenset[str] = frozenset()) -> str:
    gone = cuts.cuts(text, phrases.book(code), lead, authors)
    return " ".join(cuts.without(text, list(gone)).split())


@pytest.mark.parametrize(
    "lead",
    [
        "United Nations – The council voted on Friday.",
        "US - China talks began on Monday in the old harbour town.",
        "“It is late,” he said - and left.",
        "Tottenham – who lost – won in the end.",
        "The plan (AP) is good, they said.",
        "Man City 3-1 Fluminense: City won the cup.",
        "World War II: the story of a bridge that never fell.",
        "Wang Yi - who visited on Monday - said so.",
        "A ferry - the first of three - sailed.",
        "The mayor (right) cut the ribbon.",
        "IBM said on Monday that it would close its plant.",
        "On January 2 - a Sunday - the bridge opened.",
        "Prime Minister Jean Martin: We shall build it again.",
        "(This is a note.) The bridge opened on Monday.",
    ],
)
def test_a_sentence_that_only_looks_like_a_dateline_is_whole(lead: str) -> None:
    assert said(lead) == lead


@pytest.mark.parametrize(
    ("code", "tag"),
    [
        ("en", "(VOVWORLD) -"),
        ("en", "(VOVworld)- "),
        ("en", "VOV.VN - "),
        ("en", "SEOUL, January 2 (AJP) - "),
        ("en", "TOKYO, June 6, 2010 (AFP) – "),
        ("en", "BEIJING, April 11 (Xinhua) -- "),
        ("en", "HANOI (Reuters) - "),
        ("en", "WASHINGTON, D.C. (AP) — "),
        ("en", "LOS ANGELES (AP) — "),
        ("en", "GROTON ― "),
        ("en", "PARIS — "),
        ("en", "LONDON, Nov 3 - "),
        ("en", "Geneva, 3 Nov. – "),
        ("en", "(Bloomberg) -- "),
        ("de", "Berlin (dpa) - "),
        ("fr", "Paris (AFP) – "),
        ("es", "Madrid, 3 mar (EFE).- "),
        ("it", "ROMA - (ANSA) - "),
        ("it", "(ANSA) - ROMA, 12 MAR - "),
        ("pt", "Lisboa, 12 mar (Lusa) – "),
        ("ru", "МОСКВА, 12 мар — РИА Новости. "),
        ("ru", "МОСКВА, 12 марта. /ТАСС/. "),
        ("id", "Jakarta (ANTARA) - "),
        ("id", "JAKARTA, KOMPAS.com - "),
        ("id", "TEMPO.CO, Jakarta - "),
        ("hi", "नई दिल्ली, 12 मार्च (भाषा) "),
        ("ar", "القاهرة (رويترز) - "),
        ("zh", "新华社北京3月12日电（记者张三）"),
        ("zh", "（中央社記者王大明台北12日電）"),
        ("ja", "【ワシントン共同】"),
        ("ja", "［東京　12日　ロイター］ - "),
        ("ko", "(서울=연합뉴스) 홍길동 기자 = "),
        ("tr", "ANKARA (AA) - "),
        ("vi", "(TTXVN) "),
    ],
)
def test_a_dateline_is_cut_in_every_countrys_way(code: str, tag: str) -> None:
    assert said(tag + REST, code) == REST
    assert said(tag + REST, code, lead=False).endswith(REST)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (f"{REST} (Xinhua/Lena Hart)", REST),
        (f"{REST} Lena Hart/VOV.VN", REST),
        (f"{REST} Lena Hart", REST),
        (f"{REST} (Photo: Lena Hart/River Radio)", REST),
        (f"{REST} | Video", REST),
        (f"{REST} Read more", REST),
        (f"{REST} Read more: Fares go up in spring", REST),
        (f"{REST} [17]", REST),
        ("The bridge [3] opened on Monday, the council said.", "The bridge opened on Monday, the council said."),
        ("Prices rose by two percent (source: Statistics Office).", "Prices rose by two percent."),
    ],
)
def test_what_is_glued_to_a_paragraph_is_cut_from_it(line: str, left: str) -> None:
    assert said(line, authors=frozenset({"lena hart"})) == left


@pytest.mark.parametrize(
    "line",
    [
        "He was born in Hanoi (Vietnam).",
        "The mayor said yes. She meant it",
        "“It was worth the wait,” she said. “Truly",
        "The treaty was signed in 1992 (and broken in 1995).",
        "He scored twice [in the second half] and went off.",
    ],
)
def test_a_bracket_that_is_part_of_the_story_stays(line: str) -> None:
    assert said(line, authors=frozenset({"lena hart"})) == line


@given(st.text(max_size=400), st.sampled_from(["en", "ru", "zh", "ko", "ar"]))
def test_cuts_lie_in_order_inside_the_line_and_leave_words(text: str, code: str) -> None:
    text = " ".join(text.split())
    at = 0
    gone = cuts.cuts(text, phrases.book(code), True, frozenset({"li"}))
    for cut in gone:
        assert at <= cut.start < cut.end <= len(text)
        at = cut.end
    assert not gone or any(map(str.isalnum, cuts.without(text, list(gone))))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{REST} Photo: Mara Voss/River Radio", REST),
        (f"{REST} Image credit: Mara Voss et al.", REST),
        ("He said that he had one source: himself.", "He said that he had one source: himself."),
        (
            "They left three things in the picture: a boat, a bridge, a dog.",
            "They left three things in the picture: a boat, a bridge, a dog.",
        ),
    ],
)
def test_a_credit_without_brackets_is_cut_where_a_name_follows_its_word(text: str, left: str) -> None:
    assert said(text, lead=False) == left


@pytest.mark.parametrize(("code", "cut"), [("id", True), ("de", True), ("en", False)])
def test_a_place_and_a_dash_is_a_dateline_where_papers_write_so(code: str, cut: bool) -> None:
    assert said("Velik - Sebanyak 40 pedagang pindah ke pasar baru.", code).startswith("Sebanyak" if cut else "Velik")


def test_brackets_that_end_or_sign_a_story_are_cut() -> None:
    assert said("桥已重新开放。（完）", "zh", lead=False) == "桥已重新开放。"
    assert said("橋は再び開通した。【佐久間遥】", "ja", lead=False) == "橋は再び開通した。"
