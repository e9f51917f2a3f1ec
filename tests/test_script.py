"""Script to file to script is an identity, and what staff edit is what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from conftest import SAID, STORY
from hypothesis import given
from hypothesis import strategies as st

from bulletin import furniture, readers, script, scriptfile, spoken
from bulletin import rundown as rundowns
from bulletin.errors import ScriptError, StationError
from bulletin.model import MUST, SPARE, USUAL, Ms, Passage, Rundown, Span, Station, Story

TOP = (Span(text="At the top, in words of its own."), Span(text="not this", reason="related"))
AT = datetime(2026, 3, 12, 18, 0, tzinfo=UTC)

words = st.text(st.characters(exclude_categories=("C", "Z")) | st.sampled_from(" ~\\{}[]#/=:>"), max_size=40)
tidy = words.map(lambda text: " ".join(text.split())).filter(bool)
name = st.from_regex(r"[a-z]{1,8}( [a-z]{1,8})?", fullmatch=True).filter(lambda text: text[0] not in "pv")
voice = st.sampled_from(["", "hibari:heart", "gtts:vi"])


def plain(text: str, language: str, story: Story | None) -> str:
    return spoken.say(text, language)


@pytest.mark.parametrize(
    ("language", "locale", "said"),
    [
        ("en", "en-US", "Thursday, 6:00 PM"),
        ("en", "en-GB", "Thursday, 6:00 PM"),
        ("fr", "en-US", "jeudi, 18:00"),
        ("xx", "en-US", "Thursday, 6:00 PM"),
    ],
)
def test_the_opening_tells_the_day_and_time_of_broadcast(station: Station, language: str, locale: str, said: str) -> None:
    story = Story(source="a", headline="A", language=language)
    own = replace(station, words={"": {"opening": "{{ day }}, {{ time }}"}}, locale=locale)
    assert rundowns.arrange([story], own, AT).opening[0].text == said


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    found: list[Span] = []
    for _ in range(draw(st.integers(1, 3))):
        struck = draw(st.booleans()) or (bool(found) and found[-1].reason is None)
        found.append(Span(text=draw(tidy), reason=draw(st.sampled_from([scriptfile.STRUCK]) | name) if struck else None))
    return tuple(found)


def passages(*roles: str) -> st.SearchStrategy[tuple[Passage, ...]]:
    pause = st.none() | st.integers(0, 60_000).map(Ms)
    passage = st.builds(Passage, role=st.sampled_from(roles), spans=spans(), voice=voice, pause=pause)
    return st.lists(passage, max_size=4).map(tuple)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    found = draw(passages("headline", "body"))
    heads = [at for at, passage in enumerate(found) if passage.role == "headline"]
    first = next((at for at in heads if found[at].text), heads[0] if heads else 0)
    spoken = found[first].text if heads else ""
    found = tuple(replace(passage, role="lead-in") if at < first and passage.text else passage for at, passage in enumerate(found))
    return Story(
        source=draw(name),
        headline=spoken or draw(st.just("") | name),
        language=draw(st.sampled_from(["en", "vi"])),
        byline=draw(st.just("") | name),
        published=draw(st.just("") | name),
        voice=draw(voice),
        place=draw(st.sampled_from(["", "breaking", "tail"])),
        priority=draw(st.sampled_from([MUST, 1, USUAL, 9, SPARE])),
        passages=(*found, Passage(role="body", spans=(Span(text="words"),))),
    )


@st.composite
def running_orders(draw: st.DrawFn) -> Rundown:
    told = tuple(draw(st.lists(stories(), min_size=1, max_size=3)))
    of = st.none() | st.integers(0, len(told) - 1)
    return Rundown(
        at=AT,
        timed=draw(st.booleans()),
        language=draw(st.sampled_from(["en", "vi"])),
        voice=draw(voice),
        opening=draw(passages("opening")),
        headlines=tuple(replace(line, story=draw(of), spans=TOP) for line in draw(passages("headlines"))),
        stories=told,
        closing=draw(passages("closing")),
        edited=True,
    )


@given(running_orders())
def test_script_to_file_to_script_is_an_identity(rundown: Rundown) -> None:
    assert scriptfile.parse(scriptfile.dump(rundown), "x") == rundown


def made(station: Station) -> Rundown:
    article = furniture.mark(readers.read(STORY.encode(), "bridge.txt", station))
    return rundowns.arrange([rundowns.tell(article)], station, AT)


def said(text: str, station: Station) -> list[str]:
    return [segment.text for segment in script.write(scriptfile.parse(text, "x"), station, plain).segments]


def test_the_file_shows_what_is_said_and_what_is_skipped(station: Station) -> None:
    text = scriptfile.dump(made(station))
    assert f"# {SAID[0]}\n" in text
    assert f"~~(RIVER RADIO) -~~ {{dateline}} {SAID[1]}\n" in text
    assert f"\n{SAID[2]}\n" in text
    assert "\n~~Related News~~ {related}\n~~Fares go up in spring~~ {related}\n~~Feedback~~ {feedback}\n" in text


def test_taking_the_strokes_away_airs_a_line(station: Station) -> None:
    text = scriptfile.dump(made(station)).replace("~~Fares go up in spring~~", "Fares go up in spring")
    assert "Fares go up in spring" in said(text, station)
    assert "Fares go up in spring {related}" not in said(text, station)


def test_striking_words_out_skips_them(station: Station) -> None:
    text = scriptfile.dump(made(station)).replace("The mayor cut the ribbon at noon.", "~~The mayor cut the ribbon at noon.~~")
    assert not any("mayor cut" in line for line in said(text, station))
    assert '"It was worth the wait," she told reporters.' in said(text, station)


def test_pauses_and_voices_are_obeyed(station: Station) -> None:
    text = (
        scriptfile.dump(made(station))
        .replace("Engineers will", "{voice gtts:en} Engineers will")
        .replace("use it.", "use it. {pause 2500}")
    )
    segment = script.write(scriptfile.parse(text, "x"), station, plain).segments[-2]
    assert (segment.text[:9], segment.voice, segment.pause) == ("Engineers", "gtts:en", 2500)


def test_a_note_is_heard_by_nobody(station: Station) -> None:
    assert not any("ask" in line for line in said(scriptfile.dump(made(station)) + "// ask the mayor\n", station))


def test_a_file_typed_by_hand_needs_no_head(station: Station) -> None:
    assert said("bulletin script 1\n\n== Story ==\n\n# Hello\n\nOne. Two.\n", station) == ["Hello", "One.", "Two."]


def test_each_sentence_is_a_segment_with_its_pause(station: Station) -> None:
    segments = script.write(made(station), station, plain).segments
    assert [(s.id, s.role, s.pause) for s in segments] == [
        ("opening-1", "opening", 700),
        ("opening-2", "opening", 600),
        ("story-1-headline-1", "headline", 900),
        ("story-1-body-1", "body", 700),
        ("story-1-body-2", "body", 350),
        ("story-1-body-3", "body", 700),
        ("story-1-body-4", "body", 1200),
        ("closing-1", "closing", 0),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bulletin script 2\n", "another kind"),
        ("bulletin script 1\n\n== Story ==\n\nA ~~b\n", "line 5: ~~ begins"),
        ("bulletin script 1\n\n== Story ==\n\nA. {pause long}\n", "line 5: {pause long} is no length"),
        ("bulletin script 1\n\n== Story ==\n\nA. {pasue 500}\n", "unknown mark"),
        ("bulletin script 1\n\n== Story ==\n\nHe said {sic} it.\n", "unknown mark"),
        ("bulletin script 1\n\n== Stroy ==\n\nA.\n", "unknown section"),
        ("bulletin script 1\n\nhello there\n", "before the first section"),
        ("bulletin script 1\nmade: yesterday\n\n== Story ==\n\nA.\n", "no date"),
        ("bulletin script 1\n\n== Story ==\n\n~~A.~~\n", "no words to speak"),
        ("bulletin script 1\n", "no words to speak"),
        ("bulletin script 1\n\n== Story ==\nvoise: gtts:en\n\nA.\n", "unknown field"),
        ("bulletin script 1\nlangauge: en\n\n== Story ==\n\nA.\n", "unknown field"),
        ("bulletin script 1\n\n== Story ==\n\nA.\n\n{pause 5000}\n", "line 7: a mark stands alone"),
    ],
)
def test_a_slip_of_the_pen_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ScriptError, match=said.replace("{", r"\{")) as caught:
        scriptfile.parse(text, "news.txt")
    assert caught.value.hint


@given(st.text(max_size=500))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        scriptfile.parse("bulletin script 1\n" + text, "x")
    except ScriptError as error:
        assert error.message


def test_the_stations_words_open_and_close(station: Station) -> None:
    from dataclasses import replace

    station = replace(
        station,
        name="River Radio",
        words={"": {"opening": "{{ station }}: {{ stories }} story.\nGood evening.", "disclosure": "none", "closing": "none"}},
    )
    rundown = made(station)
    assert [passage.text for passage in rundown.opening] == ["River Radio: 1 story.", "Good evening."]
    assert rundown.closing == ()
    with pytest.raises(StationError, match=r"words\.opening"):
        rundowns.arrange(rundown.stories, replace(station, words={"": {"opening": "{{ station"}}), AT)


def test_the_opening_is_in_the_language_of_the_story(station: Station) -> None:
    story = Story(source="x", headline="", language="vi", passages=(Passage(role="body", spans=(Span(text="Xin chào."),)),))
    rundown = rundowns.arrange([story], station, AT)
    assert rundown.language == "vi"
    assert "news" not in rundown.opening[0].text


def test_words_right_under_a_heading_are_words(station: Station) -> None:
    text = "bulletin script 1\n\n== Story ==\nBreaking: the bridge is open.\n\n== Closing ==\nSource: the mayor.\n"
    assert said(text, station) == ["Breaking: the bridge is open.", "Source: the mayor."]


def test_a_line_of_stars_parts_and_is_not_said(station: Station) -> None:
    assert said("bulletin script 1\n\n== Story ==\n\nOne.\n\n* * *\n\nTwo.\n", station) == ["One.", "Two."]


@pytest.mark.parametrize(
    ("text", "is_one"), [("Bulletin Script 1\n", True), ("bulletin script 7\n", True), ("Bulletin scripts found\n", False)]
)
def test_a_script_is_known_by_its_first_line(text: str, is_one: bool) -> None:
    assert scriptfile.is_script(text) == is_one
