"""Paragraphs become sentences without a word lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.sentences import pieces, sentences


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Gen. Smith met Sen. Jones at St. Mark's St. on Jan. 5.", 1),
        ("The U.S. said No. 10 had agreed. “We will go,” she said.", 2),
        ("J. K. Rowling wrote it at 10 p.m. on Tuesday.", 1),
        ("It rose 1.2 percent. It fell 3.4.", 2),
        ("Is it over? Yes! It is...", 3),
        ("中国和韩国。你好！世界", 3),
        ("", 0),
    ],
)
def test_boundaries(text: str, count: int) -> None:
    found = sentences(text, "zh" if "中" in text else "en")
    assert len(found) == count, found


@given(st.text(max_size=400), st.sampled_from(["en", "vi", "zh", "xx", ""]), st.integers(1, 120))
def test_no_character_is_lost(text: str, language: str, limit: int) -> None:
    def squeezed(text: str) -> str:
        return "".join(text.split())

    assert squeezed("".join(sentences(text, language))) == squeezed(text)
    found = pieces(text, language, limit)
    assert squeezed("".join(found)) == squeezed(text)
    assert all(0 < len(piece) <= limit for piece in found)


def test_long_sentences_are_cut_where_one_breathes() -> None:
    text = "The minister, who had come by boat, said that the bridge, which is long, would be opened on Monday"
    assert pieces(text, "en", 40) == [
        "The minister, who had come by boat,",
        "said that the bridge, which is long,",
        "would be opened on Monday",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Maj. Gen. Li met Sen. Lee and Rep. Ann Wu on Jan. 5 at 6 p.m. EST.|George W. Bush spoke.|The U.S. Senate voted.",
        "He lives in the U.S.|The law passed.",
        "He joined Acme Inc.|The firm grew.",
        "See No. 10 vs. Dr. Who at St. Paul.|It is on Wall St. Prices fell.",
        "Vitamin C.|It helps.",
        "At 5 p.m. the vote began.|It ended at 5 p.m.|The crowd left.",
        "Sept. 11 was sad.|He left.",
        "J.K. Rowling wrote it.|Ph.D. students won.|She holds a Ph.D.|He does not.",
    ],
)
def test_an_abbreviation_of_the_news_ends_a_sentence_only_where_another_begins(text: str) -> None:
    assert sentences(text.replace("|", " "), "en") == text.split("|")


def test_a_state_in_initials_is_not_cut() -> None:
    assert sentences("Sen. Al Reed, D-N.J., said so. He left.", "en") == ["Sen. Al Reed, D-N.J., said so.", "He left."]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("no", "Klokken er 18:00, og det er onsdag 25. november.|Her er nyhetene."),
        ("hr", "Danas je srijeda, 25. studenoga, sada je 18:00.|Vijesti."),
        ("sr", "Данас је среда, 25. новембар, сада је 18:00.|Вести."),
        ("cs", "Je středa 25. října, 18:00.|Posloucháte zprávy."),
        ("de", "Am 5. Mai, einem Sonntag, kam er.|Er blieb bis zum 25. Jänner."),
    ],
)
def test_a_date_is_not_cut_at_its_dot(language: str, text: str) -> None:
    assert sentences(text.replace("|", " "), language) == text.split("|")
