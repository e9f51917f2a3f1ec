"""Print becomes speech: `tests/spoken/*.txt`, a line a promise."""

from __future__ import annotations

import time
from pathlib import Path

import pages
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bulletin import languages
from bulletin.model import Rewording
from bulletin.sentences import sentences
from bulletin.spoken import explain, rules, say
from bulletin.spoken import numbers as in_words
from bulletin.spoken.signs import FOLDED

FOLDER = Path(__file__).with_name("spoken")


def lines() -> list[tuple[str, str, str]]:
    """(language, written, spoken) of every line; one without a bar is said as it is written."""
    found = []
    for file in sorted(FOLDER.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("# "):
                written, _, spoken = line.partition(" | ")
                found.append((file.stem, written.strip(), (spoken or written).strip()))
    return found


LINES = lines()
ODD = st.text(st.characters() | st.sampled_from("0123456789$£%.,:/-–()[]{}'\"°½²#@&*+ "), max_size=200)
MARKS = frozenset("0123456789")


@pytest.mark.parametrize(("language", "written", "spoken"), LINES)
def test_spoken(language: str, written: str, spoken: str) -> None:
    assert say(written, language) == spoken


def test_there_are_lines_enough_of_english() -> None:
    english = [line for line in LINES if line[0] == "en"]
    assert sum(written != spoken for _, written, spoken in english) >= 400
    assert sum(written == spoken for _, written, spoken in english) >= 100


def test_plain_sentences_are_said_as_they_are_written() -> None:
    titles = set(languages.load("en").spoken["titles"])
    plain = [
        sentence
        for page in pages.written(pages.INVENTED)
        if page.language == "en"
        for paragraph in page.text.split("\n")
        for sentence in sentences(paragraph, "en")
        if set(sentence) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ,.?!")
        and sentence.count(".") == sentence.endswith(".")
        and not titles & set(sentence.split())
        and not any(len(word) > 1 and word.isupper() for word in sentence.split())
    ]
    assert len(plain) > 100
    assert not [sentence for sentence in plain if say(sentence) != sentence]


@given(ODD, st.sampled_from(["en", "en-GB", "vi", "fr", "de", "ru", "zh", "xx", ""]))
@example("٣٫٥ and ²", "en")
@example("１２３ ﷽ \u202e5", "en")
@example("5" * 400, "en")
@example("9" * 39, "ru")
@example("9" * 40 + " %", "es")
@example("5" * 5000 + "th of 1/" + "3" * 5000, "en")
def test_nothing_vanishes_without_a_rules_name(text: str, language: str) -> None:
    found = explain(text, language)
    assert "\n" not in found.said
    shown = text.translate(FOLDED)
    place, at = 0, 0
    for change in (*found.changes, Rewording(start=len(text), written="", said="", rule="end")):
        assert change.rule
        if change.rule == "line in capitals":
            return
        assert text[change.start : change.start + len(change.written)].translate(FOLDED) == change.written.translate(FOLDED)
        assert change.start >= place, "no two rules speak of the same words"
        for char in shown[place : change.start]:
            if char.isalnum():
                at = found.said.find(char, at) + 1
                assert at, f"{char!r} is gone and no rule has said so"
        at = max(0, at)
        place = change.start + len(change.written)
        if change.said.strip(" ,.") and change.said.strip()[:1].isalnum():
            at = found.said.casefold().find(change.said.strip().split()[-1].casefold(), at)
            assert at >= 0
            at += len(change.said.strip().split()[-1])


@given(ODD)
def test_no_figure_is_left_in_english(text: str) -> None:
    assert not MARKS & set(say(text))


def test_a_region_tells_the_order_of_a_date() -> None:
    assert say("It opens on 5/12.", "en-US") == "It opens on May twelfth."
    assert say("On 5/12 he left.", "en-GB") == "On the fifth of December he left."
    assert say("It opens on 5/12.", "en-GB") == "It opens on the fifth of December."
    assert say("105 people", "en-GB") == "One hundred and five people"


def test_pictures_and_quotes_are_said_where_a_station_wants_them() -> None:
    assert say("Fire 🔥 in town") == "Fire in town"
    assert say("Fire 🔥 in town", emoji=True) == "Fire fire in town"
    assert say("He said “no way” twice.", quotes="said") == "He said quote, no way, unquote twice."
    assert say("He said “no way” twice.", quotes="pause") == "He said, no way, twice."
    assert say("Il dit “non” hier.", "fr", quotes="said") == "Il dit je cite, non, fin de citation hier."


def test_what_a_lexicon_says_goes_before_every_rule() -> None:
    def known(text: str) -> list[Rewording]:
        return [Rewording(start=text.index("No 10"), written="No 10", said="Downing Street", rule="lexicon")]

    assert say("At No 10 on Jan. 5", known=known) == "At Downing Street on January fifth"


def test_each_change_names_its_rule() -> None:
    found = explain("Gen. Kim got $1.2bn on Jan. 5.")
    assert [(change.written, change.rule) for change in found.changes] == [
        ("Gen.", "title"),
        ("$1.2bn", "money"),
        ("Jan. 5", "month and day"),
    ]


def test_what_shows_nothing_is_dropped_by_name() -> None:
    found = explain("a\u200bb c\u202ed")
    assert found.said == "ab cd"
    assert [change.rule for change in found.changes] == ["invisible", "invisible"]


def test_every_rule_says_what_it_does() -> None:
    for code in languages.codes():
        for rule in rules(languages.load(code)):
            assert rule.name
            assert rule.name == "sign" or rule.say.__doc__, rule.name


@pytest.mark.parametrize(
    "unit",
    [
        "1,",
        "$1.",
        "(",
        "[",
        "A - ",
        '"',
        "a.",
        "1-",
        "1/",
        "@a",
        "A.",
        "1:1 ",
        "https://a.b/",
        "#",
        "IV ",
        " ",
        "1 ",
        "*",
        "UN ",
        "A. ",
        "`",
    ],
)
def test_time_is_linear(unit: str) -> None:
    def took(times: int) -> float:
        found = []
        for _ in range(3):  # the quickest of three: the machine may be busy
            begin = time.process_time()
            say(unit * times)
            found.append(time.process_time() - begin)
        return min(found)

    took(100)
    assert took(16_000) < 100 * max(took(1_000), 0.001), "sixteen times as long takes sixteen times as long, not 256"


@given(st.integers(0, 10**24), st.booleans())
def test_every_number_has_words(number: int, british: bool) -> None:
    assert set(in_words.cardinal(number, british)) <= set("abcdefghijklmnopqrstuvwxyz -")
    assert in_words.ordinal(number, british)[-2:] in ("st", "nd", "rd", "th")


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "zero"), (15, "fifteen"), (100, "one hundred"), (1_000_001, "one million one"), (21, "twenty-one"), (-7, "minus seven")],
)
def test_cardinals(number: int, words: str) -> None:
    assert in_words.cardinal(number) == words


@pytest.mark.parametrize(("text", "number"), [("XIV", 14), ("IX", 9), ("LVIII", 58), ("IIII", 0), ("VX", 0), ("MIX", 0), ("", 0)])
def test_roman_numerals(text: str, number: int) -> None:
    assert in_words.roman(text) == number
