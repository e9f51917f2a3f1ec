"""Articles become stories, and stories a rundown: opening, headlines, breaking story, the others, tail piece, closing.

Each part but the stories is a template of the station's, or of the language, and may be left out.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from bulletin import languages
from bulletin.errors import StationError
from bulletin.languages import canonical
from bulletin.model import NO_TIME, SPARE, UNCALLED, Article, Block, Passage, Rundown, Span, Station, Story

if TYPE_CHECKING:
    from babel import Locale

ORDER = ("breaking", "", "spare", "tail")
"""In which stories air, by their place; within one, as they come."""
MOST_HEADLINES = 5
"""Read at the top: who hears more remembers none."""
LONGEST_WORDS = 5_000
"""Characters that a part may have."""


def tell(article: Article) -> Story:
    """An article as a story: its headline, its paragraphs, and in their places all that is skipped."""
    passages = tuple(passage(block) for block in article.blocks if block.text.strip())
    return Story(
        source=article.source,
        headline=next((told.text for told in passages if told.role == "headline" and told.text), article.title),
        language=article.language,
        byline=article.byline,
        published=article.published,
        warning=article.warning,
        passages=passages,
    )


def passage(block: Block) -> Passage:
    """A block as a passage, its cuts as struck-out spans."""
    spans = [Span(text=" ".join(text.split()), reason=reason) for text, reason in block.spans if text.strip()]
    return Passage(role="headline" if block.kind == "headline" else "body", spans=tuple(spans))


def arrange(stories: Sequence[Story], station: Station, at: datetime, *, timed: bool = False) -> Rundown:
    """The running order. `at` is the time of broadcast; the words tell it only where it is known, which is `timed`.

    Raises StationError for a template that cannot be read.
    """
    ordered = sorted(stories, key=rank)
    language = ordered[0].language
    spoken = language if has_words(language, station) else languages.FALLBACK
    facts = facts_of(ordered, at, station, timed)
    told = tuple(led_in(story, station, facts) for story in ordered)
    return Rundown(
        at=at,
        timed=timed,
        language=spoken,
        opening=(*words("opening", spoken, station, facts), *words("disclosure", spoken, station, facts, "opening")),
        headlines=headlines(told, spoken, station, facts),
        stories=told,
        closing=words("closing", spoken, station, facts),
    )


def facts_of(stories: Sequence[Story], at: datetime, station: Station, timed: bool) -> dict[str, object]:
    """What a template may name; `stories` in the order in which they air, spare ones not counted."""
    return {
        "station": station.name,
        "headline": stories[0].headline,
        "stories": sum(story.priority != SPARE for story in stories),
        "timed": timed,
        **of_air(at, stories[0].language, station),
        "language": stories[0].language,
    }


def rank(story: Story) -> int:
    """Where a story stands, by its place."""
    return ORDER.index("spare" if story.priority == SPARE else story.place)


def led_in(story: Story, station: Station, facts: dict[str, object]) -> Story:
    """A breaking story or a tail piece behind the words that say so, in its own language; one that has such words keeps them."""
    if not story.place or any(passage.role == "lead-in" for passage in story.passages):
        return story
    return replace(story, passages=(*words(story.place, story.language, station, facts, "lead-in"), *story.passages))


def headlines(stories: Sequence[Story], language: str, station: Station, facts: dict[str, object]) -> tuple[Passage, ...]:
    """The headlines at the top, if there are stories enough: the words before them, then a line of each of the first."""
    lines = [line for number, story in enumerate(stories) for line in teaser(number, story)]
    template = own_words("headlines", language, station)
    if not station.headlines or len(lines) < station.headlines or template == "none":
        return ()
    return (*words("headlines", language, station, facts), *lines[:MOST_HEADLINES])


def teaser(number: int, story: Story) -> list[Passage]:
    """The line of a story in the headlines; none for one that may not air or has no headline."""
    spoken = next((passage.text for passage in story.passages if passage.role == "headline" and passage.text), "")
    if not spoken or story.priority == SPARE:
        return []
    return [Passage(role="headlines", spans=(Span(text=spoken),), story=number)]


def has_words(language: str, station: Station) -> bool:
    """Whether an opening or another part can be said in a language."""
    own = {**station.words.get("", {}), **station.words.get(canonical(language), {})}
    return bool(own.keys() - {"disclosure"} or languages.load(language, station.articles).words)


def own_words(part: str, language: str, station: Station) -> str:
    """The template of a part: the station's for the language, its own for all, the language's; or empty."""
    tables = (station.words.get(canonical(language), {}), station.words.get("", {}), languages.load(language, station.articles).words)
    return next((table[part] for table in tables if table.get(part)), "")


def words(part: str, language: str, station: Station, facts: dict[str, object], role: str = "") -> tuple[Passage, ...]:
    """A part of the bulletin as passages, a line of its template each; none if it has no template."""
    template = own_words(part, language, station)
    return spoken_template(part, template, facts, role or part) if template else ()


def of_air(at: datetime, language: str, station: Station) -> dict[str, str]:
    """Day and time of broadcast as the language writes them: `2026-11-25`, `Wednesday`, `Wednesday, November 25`, `6:00 PM` or `18:00`."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_time

    local = station.locale if canonical(station.locale) == canonical(language) else language
    try:
        known = Locale.parse(local, sep="-")
    except (UnknownLocaleError, ValueError):
        known = Locale("en")
    clock = format_time(at.time(), "short", locale=known).replace("\u202f", " ")
    if known.language == "en":  # nobody says “eighteen hundred” to a listener
        clock = f"{at.hour % 12 or 12}:{at:%M} {'AM' if at.hour < 12 else 'PM'}"
    return {
        "date": at.date().isoformat(),
        "day": format_date(at, "EEEE", locale=known),
        "today": format_date(at, long_day(known), locale=known),
        "time": clock,
    }


def long_day(locale: Locale) -> str:
    """CLDR's pattern for weekday, day and month in a locale, with names for abbreviations."""
    known = locale.datetime_skeletons
    pattern = str(known["MMMMEd" if "MMMMEd" in known else "MMMEd"].pattern)
    return re.sub(r"E+|ccc+", "EEEE", re.sub(r"(?<![ML])([ML])\1\1(?!\1)", r"\1\1\1\1", pattern))


def spoken_template(part: str, template: str, facts: dict[str, object], role: str) -> tuple[Passage, ...]:
    """A template as passages, a line each. Raises StationError where Jinja2 does not understand it."""
    if template.strip() == "none":
        return ()
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    try:
        text = SandboxedEnvironment(undefined=StrictUndefined).from_string(template).render(facts)
    except Exception as error:  # a template may raise whatever its expressions do
        known = ", ".join(f"{{{{ {name} }}}}" for name in facts)
        raise StationError(f"The template “words.{part}” cannot be read: {error}.", f"Known are {known}.") from error
    if len(text) > LONGEST_WORDS:
        raise StationError(f"The template “words.{part}” gives {len(text)} characters.", f"At most {LONGEST_WORDS} are spoken.")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(Passage(role=role, spans=(Span(text=line),)) for line in lines if line)


def combined(first: Rundown, stories: Sequence[tuple[Story, int | None]], station: Station) -> Rundown:
    """A rundown that staff have edited among the stories of other sources; its own words and its order stay as they are.

    `stories` are all, each with its index in `first` or None. Where that reads headlines, those of the others are read too: a
    breaking one's first, the rest last.
    """
    ordered = sorted(stories, key=lambda pair: rank(pair[0]) if pair[1] is None and pair[0].place else ORDER.index(""))
    facts = facts_of([story for story, _ in ordered], first.at, station, first.timed)
    told = tuple(story if own is not None else led_in(story, station, facts) for story, own in ordered)
    if not first.headlines:
        return replace(first, stories=told)
    now = {own: at for at, (_, own) in enumerate(ordered) if own is not None}
    lines = [line if line.story is None else replace(line, story=now[line.story]) for line in first.headlines]
    begin = next((at for at, line in enumerate(lines) if line.story is not None), len(lines))
    lines_of: dict[bool, list[Passage]] = {True: [], False: []}
    for at, (story, (_, own)) in enumerate(zip(told, ordered, strict=True)):
        if own is None:
            lines_of[story.place == "breaking"] += teaser(at, story)
    return replace(first, stories=told, headlines=(*lines[:begin], *lines_of[True], *lines[begin:], *lines_of[False]))


def rearranged(rundown: Rundown, aired: Container[int | None], profile: Station) -> Rundown:
    """The rundown of the stories that are left; one that staff have edited loses these alone, with their lines among the headlines."""
    left = {number: at for at, number in enumerate(number for number in range(len(rundown.stories)) if number in aired)}
    stories = tuple(rundown.stories[number] for number in left)
    if not rundown.edited:
        return arrange(stories, profile, rundown.at, timed=rundown.timed)
    lines = [line for line in rundown.headlines if line.story is None or line.story in left]
    lines = [line if line.story is None else replace(line, story=left[line.story]) for line in lines]
    return replace(rundown, stories=stories, headlines=tuple(lines))


def without_spare(rundown: Rundown) -> Rundown:
    """The rundown with its spare stories struck out: there is no time to fill."""
    spare = [number for number, story in enumerate(rundown.stories) if story.priority == SPARE]
    return rundown if len(spare) == len(rundown.stories) else struck_out(rundown, spare, [])


def struck_out(rundown: Rundown, dropped: Container[int], out: Container[tuple[int, int]]) -> Rundown:
    """The rundown with whole stories, and single paragraphs, struck out for want of time."""

    def reason(number: int) -> str:
        return UNCALLED if number in dropped and rundown.stories[number].priority == SPARE else NO_TIME

    stories = tuple(
        replace(
            story,
            passages=tuple(
                untold(passage, reason(number)) if number in dropped or (number, at) in out else passage
                for at, passage in enumerate(story.passages)
            ),
        )
        for number, story in enumerate(rundown.stories)
    )
    headlines = tuple(
        untold(line, reason(line.story)) if line.story is not None and line.story in dropped else line for line in rundown.headlines
    )
    return replace(rundown, stories=stories, headlines=headlines)


def untold(passage: Passage, reason: str) -> Passage:
    """A passage that is not said."""
    return replace(passage, spans=tuple(replace(span, reason=span.reason or reason) for span in passage.spans))


def struck(story: Story) -> list[tuple[str, str]]:
    """(text, reason) of all that is skipped of a story, in order."""
    return [(span.text, span.reason) for passage in story.passages for span in passage.spans if span.reason]
