"""say(text, language) -> the words as they are spoken, the same for every engine.

Tiny named rules over data in `languages/`. Each claims spans of the text as written, in the order of `english()`; what one has
claimed no later one may touch, and what none has claimed stays as it is written. So each word is accounted for: kept,
said otherwise by a named rule, or dropped by one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from bulletin import languages
from bulletin.languages import Language
from bulletin.model import Reworded, Rewording
from bulletin.spoken.rule import Rule, Style, claims, joined
from bulletin.spoken.signs import FOLDED, invisible, lowered

DAY_FIRST = frozenset(("AU", "GB", "HK", "IE", "IN", "KE", "MY", "NG", "NZ", "PK", "SG", "VN", "ZA"))
"""Countries whose English puts the day before the month and says `one hundred and five`."""


Known = Callable[[str], Iterable[Rewording]]
"""What a lexicon says of a text: it goes before every rule."""


def say(text: str, language: str = "en", *, known: Known | None = None, emoji: bool = False, quotes: str = "silent") -> str:
    """The spoken form of one sentence or headline, white space folded. Never raises; empty only where nothing is left to say."""
    return explain(text, language, known=known, emoji=emoji, quotes=quotes).said


def explain(text: str, language: str = "en", *, known: Known | None = None, emoji: bool = False, quotes: str = "silent") -> Reworded:
    """The spoken form, and which rule put it in place of what. A region in `language` (`en-GB`) tells the order of dates."""
    style = styled(language, emoji, quotes)
    shown, places = visible(text)
    folded = lowered(shown.translate(FOLDED), *capitals(style.language))
    changes = claims(folded, rules(style.language), style, known(folded) if known else ())
    said = tidy(joined(folded, changes))
    return Reworded(written=text, said=said, changes=(*typography(text, shown, folded, places, changes),))


@functools.cache
def styled(language: str, emoji: bool, quotes: str) -> Style:
    """The style of a language with its region."""
    region = language.partition("-")[2].upper()
    return Style(languages.load(language), british=region in DAY_FIRST, emoji=emoji, quotes=quotes)


def visible(text: str) -> tuple[str, list[int] | None]:
    """The text without characters that show nothing, and where each of its characters stood; None where none is gone."""
    if text.isascii() and text.isprintable():
        return text, None
    places = [place for place, char in enumerate(text) if char in "\t\n\r\x0b\x0c" or not invisible(char)]
    if len(places) == len(text):
        return text, None
    return "".join(text[place] for place in places), places


def typography(text: str, shown: str, folded: str, places: list[int] | None, changes: list[Rewording]) -> list[Rewording]:
    """The changes with their places in the text as it came, and a line for what shows nothing and for a line in capitals."""
    if places is not None:
        moved = [relocated(change, text, places) for change in changes]
        kept = set(places) | {place for change in moved for place in range(change.start, change.start + len(change.written))}
        gone = [Rewording(start=place, written=char, said="", rule="invisible") for place, char in enumerate(text) if place not in kept]
        changes = sorted([*moved, *gone], key=lambda change: change.start)
    if shown.translate(FOLDED) != folded:
        changes = [Rewording(start=0, written=text, said=folded, rule="line in capitals"), *changes]
    return changes


def relocated(change: Rewording, text: str, places: list[int]) -> Rewording:
    """A change where it stands in the text as it came, with what shows nothing inside it."""
    start, end = places[change.start], places[change.start + len(change.written) - 1] + 1
    return replace(change, start=start, written=text[start:end])


def tidy(text: str) -> str:
    """What the rules left: doubled commas, spaces before a mark, a comma before a full stop."""
    text = re.sub(r",(?:\s*,)+", ",", " ".join(text.split()))
    text = re.sub(r"\s+(?=[,;:.!?](?:[\"')\s]|$)|\.\.\.)", "", text)
    text = re.sub(r",\s*(?=[.;:!?](?:\s|$))|^[\s,]+", "", text)
    return " ".join(text.split())


@functools.cache
def capitals(language: Language) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """For a line in capitals: short words, acronyms said as words, acronyms spelled; those of English stand in every language's headlines."""
    everywhere = languages.load(languages.FALLBACK).spoken
    spelled = {*everywhere["spelled"], *language.spoken.get("spelled", ())}
    return frozenset(language.spoken.get("short", ())), frozenset(everywhere["said_as_words"]), frozenset(spelled)


@functools.cache
def rules(language: Language) -> tuple[Rule, ...]:
    """The rules of a language, in order."""
    from bulletin.spoken import signs, web, world

    if language.code == "en":
        return english()
    return (signs.footnote, signs.markup, web.web, *(world.RULES if "numbers" in language.spoken else ()), *signs.PAUSES)


def english() -> tuple[Rule, ...]:
    """The rules of English: what is surest of its print comes first."""
    from bulletin.spoken import acronyms, dates, figures, measures, money, names, scores, signs, web

    return (
        signs.footnote, signs.markup,
        # addresses of every kind
        web.e_mail, web.web, web.other_address, web.telephone, web.ip_address, web.hashtag, web.handle, names.box_or_block,
        names.post_code, names.zip_code,
        # dates and times
        acronyms.known_figures, dates.known_by_numbers, dates.date_in_numbers, dates.months_from_to, dates.from_month_to_month,
        dates.month_and_day,
        dates.day_and_month, dates.month_and_year, names.address, dates.elapsed, dates.elapsed_minutes, dates.hours_from_to, dates.hour,
        dates.twenty_four_hours, dates.military, dates.hour_with_point, dates.day_and_month_in_numbers, dates.fiscal_year, dates.quarter,
        dates.weekdays, dates.weekday,
        # money and measures
        money.money, money.money_behind, money.coins_alone, figures.percent, figures.points, figures.e_notation, measures.coordinates,
        measures.feet_and_inches, measures.pounds_and_ounces, measures.measure, measures.so_much_per, measures.inches, measures.square,
        # names with numbers, years, scores
        web.emergency, acronyms.model_number, names.the_second, names.numeral, names.heirs, dates.range_of_years, dates.decade,
        dates.short_year, dates.era, scores.wickets, scores.sets, scores.score, scores.range_describing, scores.a_range,
        scores.chapter_and_verse,
        scores.ratio, names.compass, names.number_sign, names.hash_number, names.page_sign, figures.a_fraction,
        figures.vulgar_fraction, figures.so_many_times, figures.ers, figures.scaled, figures.an_ordinal, figures.several_of_age,
        # shortened words
        names.abbreviation, names.point_of_the_compass, names.established, names.title, names.company, names.party, names.state,
        names.governed_state, names.state_in_a_sentence, names.road,
        names.street, names.saint, acronyms.rating, acronyms.points_out, acronyms.one_initial, acronyms.version, acronyms.model,
        acronyms.named_model,
        acronyms.number_and_letters, acronyms.serial, acronyms.run_of_capitals, acronyms.as_word,
        # numbers
        figures.scaled_describing, dates.a_year, figures.point_in_a_name, figures.before_a_number, figures.a_number,
        figures.left_digits, figures.maths, figures.power, scores.hyphen_between, scores.dash_before_number,
        # signs and pauses
        signs.ampersand, signs.slash, signs.at, *signs.PAUSES, signs.lone_sign,
    )  # fmt: skip
