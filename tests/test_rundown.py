"""The running order: what stands where, with which words, and what staff have edited stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bulletin import languages, rundown, script, scriptfile
from bulletin.model import MUST, SPARE, Passage, Rundown, Segment, Span, Station, Story

AT = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
OPENLY = "This bulletin is read by a synthetic voice."


def told(name: str, *, language: str = "en", place: str = "", priority: int = 5, body: str = "It happened.") -> Story:
    passages = (Passage(role="headline", spans=(Span(text=f"{name} opens"),)), Passage(role="body", spans=(Span(text=body),)))
    return Story(source=f"{name}.txt", headline=f"{name} opens", language=language, place=place, priority=priority, passages=passages)


THREE = [told("Bridge"), told("Library"), told("Zoo")]


def texts(passages: tuple[Passage, ...]) -> list[str]:
    return [passage.text for passage in passages]


def heard(made: Rundown, station: Station, **cast: object) -> list[Segment]:
    return list(script.write(made, station, lambda text, language, story: text, **cast).segments)


# --- the order ----------------------------------------------------------------------------------------------


def test_two_stories_need_no_headlines(station: Station) -> None:
    made = rundown.arrange(THREE[:2], station, AT)
    assert made.headlines == ()
    assert texts(made.opening) == ["This is the news.", OPENLY]


def test_from_three_stories_on_their_headlines_are_read_at_the_top(station: Station) -> None:
    made = rundown.arrange(THREE, station, AT)
    assert texts(made.headlines) == ["The headlines.", "Bridge opens", "Library opens", "Zoo opens"]
    assert [line.story for line in made.headlines] == [None, 0, 1, 2]
    assert [segment.id for segment in heard(made, station)][:5] == ["opening-1", "opening-2", "headlines-1", "headlines-2", "headlines-3"]
    assert rundown.arrange(THREE, replace(station, headlines=0), AT).headlines == ()
    assert rundown.arrange(THREE, replace(station, headlines=4), AT).headlines == ()


def test_no_more_headlines_are_read_than_anybody_remembers(station: Station) -> None:
    made = rundown.arrange([told(f"Bridge {number}") for number in range(9)], station, AT)
    assert len([line for line in made.headlines if line.story is not None]) == rundown.MOST_HEADLINES


def test_a_breaking_story_is_on_top_and_a_tail_piece_at_the_end_each_with_its_words(station: Station) -> None:
    made = rundown.arrange([told("Zoo", place="tail"), *THREE[:2], told("Fire", place="breaking", priority=MUST)], station, AT)
    assert [story.headline.split()[0] for story in made.stories] == ["Fire", "Bridge", "Library", "Zoo"]
    assert made.stories[0].passages[0] == Passage(role="lead-in", spans=(Span(text="Breaking news."),))
    assert made.stories[-1].passages[0].text == "And finally."
    again = rundown.arrange(made.stories, station, AT)
    assert again == made, "what is arranged already stays as it is"


def test_a_spare_story_stands_before_the_tail_piece_and_is_not_promised_at_the_top(station: Station) -> None:
    made = rundown.arrange([*THREE, told("Weather", priority=SPARE), told("Cat", place="tail")], station, AT)
    assert [story.headline.split()[0] for story in made.stories] == ["Bridge", "Library", "Zoo", "Weather", "Cat"]
    assert [line.story for line in made.headlines] == [None, 0, 1, 2, 4]


# --- the words ----------------------------------------------------------------------------------------------


def test_the_time_is_told_only_where_it_is_known(station: Station) -> None:
    own = replace(station, words={"": {"disclosure": "none", "opening": "{% if timed %}{{ time }}, {{ today }}. {% endif %}News."}})
    assert texts(rundown.arrange(THREE, own, AT).opening) == ["News."]
    assert texts(rundown.arrange(THREE, own, AT, timed=True).opening) == ["6:00 PM, Wednesday, November 25. News."]


def test_a_station_has_words_of_its_own_for_a_language_and_for_all(station: Station) -> None:
    own = replace(station, words={"": {"closing": "none", "headlines": "Top:"}, "vi": {"opening": "Xin chào."}})
    vietnamese = rundown.arrange([told(name, language="vi") for name in "ABC"], own, AT)
    assert (texts(vietnamese.opening)[0], texts(vietnamese.headlines)[0], vietnamese.closing) == ("Xin chào.", "Top:", ())
    assert texts(rundown.arrange(THREE, own, AT).opening) == ["This is the news.", OPENLY]


@pytest.mark.parametrize("part", ["opening", "headlines", "breaking", "tail", "closing"])
def test_each_part_can_be_left_out(station: Station, part: str) -> None:
    stories = [told("Fire", place="breaking"), *THREE, told("Cat", place="tail")]
    own = replace(station, words={"": {part: "none"}})
    whole = [segment.text for segment in heard(rundown.arrange(stories, station, AT), station)]
    without = [segment.text for segment in heard(rundown.arrange(stories, own, AT), own)]
    gone = {
        "opening": ["This is the news."],
        "headlines": ["The headlines.", *(f"{story.headline}" for story in stories)],
        "breaking": ["Breaking news."],
        "tail": ["And finally."],
        "closing": ["That was the news."],
    }[part]
    for text in gone:
        whole.remove(text)
    assert without == whole


def test_a_language_without_words_gets_the_opening_in_english_and_no_lead_in(station: Station) -> None:
    made = rundown.arrange([told("Fire", language="xx", place="breaking")], station, AT)
    assert (made.language, texts(made.opening)) == ("en", ["This is the news.", OPENLY])
    assert [passage.role for passage in made.stories[0].passages] == ["headline", "body"]


# --- what staff have edited ---------------------------------------------------------------------------------


def edited(station: Station) -> Rundown:
    text = scriptfile.dump(rundown.arrange(THREE, station, AT)).replace("The headlines.", "What matters.")
    return scriptfile.parse(text, "news.txt")


def test_a_breaking_story_goes_on_top_of_an_edited_script(station: Station) -> None:
    first = edited(station)
    both = [(told("Fire", place="breaking"), None), *((story, at) for at, story in enumerate(first.stories)), (told("Cat"), None)]
    made = rundown.combined(first, both, station)
    assert [story.headline.split()[0] for story in made.stories] == ["Fire", "Bridge", "Library", "Zoo", "Cat"]
    assert texts(made.headlines) == ["What matters.", "Fire opens", "Bridge opens", "Library opens", "Zoo opens", "Cat opens"]
    assert [line.story for line in made.headlines] == [None, 0, 1, 2, 3, 4]
    assert made.stories[0].passages[0].text == "Breaking news."
    assert made.opening == first.opening and made.edited


def test_an_edited_script_alone_stays_as_it_is(station: Station) -> None:
    first = edited(station)
    assert rundown.combined(first, [(story, at) for at, story in enumerate(first.stories)], station) == first


def test_a_headline_of_no_story_is_a_slip_of_the_pen(station: Station) -> None:
    from bulletin.errors import ScriptError

    text = scriptfile.dump(rundown.arrange(THREE, station, AT))
    for wrong, said in (("{story 7}", "of story 7, and there are 3"), ("{story one}", "is no story"), ("{story 0}", "is no story")):
        with pytest.raises(ScriptError, match=said):
            scriptfile.parse(text.replace("{story 3}", wrong), "news.txt")
    for wrong in ("place: somewhere", "priority: 11", "priority: high"):
        with pytest.raises(ScriptError, match=r"news\.txt"):
            scriptfile.parse(text.replace("language: en\n\n# Bridge", f"language: en\n{wrong}\n\n# Bridge"), "news.txt")


# --- who reads ----------------------------------------------------------------------------------------------


def readers(story: int, language: str) -> str:
    return ["low:one", "low:two"][story % 2]


def test_readers_read_the_stories_by_turns_and_the_presenter_the_rest(station: Station) -> None:
    made = heard(replace(rundown.arrange(THREE, station, AT), voice="hibari:heart"), station, cast=readers)
    assert {segment.voice for segment in made if segment.role != "body"} == {"hibari:heart"}
    assert [segment.voice for segment in made if segment.role == "body"] == ["low:one", "low:two", "low:one"]


def test_a_story_or_a_line_with_a_voice_of_its_own_keeps_it(station: Station) -> None:
    stories = [replace(THREE[0], voice="x:story"), THREE[1]]
    line = replace(THREE[2].passages[1], voice="x:line")
    stories.append(replace(THREE[2], passages=(THREE[2].passages[0], line)))
    made = heard(rundown.arrange(stories, station, AT), station, cast=readers)
    assert [segment.voice for segment in made if segment.role == "body"] == ["x:story", "low:two", "x:line"]


QUOTES = [
    ("No one spoke.", [("No one spoke.", False)]),
    ("“It was worth the wait,” she said.", [("“It was worth the wait,”", True), ("she said.", False)]),
    ('He said, "We are ready for it. We were not before." Then he left.',
     [("He said,", False), ('"We are ready for it. We were not before."', True), ("Then he left.", False)]),
    ("The so-called “clean” water.", [("The so-called “clean” water.", False)]),
    ("« Nous avons attendu longtemps ici », dit-elle.", [("« Nous avons attendu longtemps ici »,", True), ("dit-elle.", False)]),
    ("„Wir haben lange darauf gewartet“, sagte sie.", [("„Wir haben lange darauf gewartet“,", True), ("sagte sie.", False)]),
    ("“We waited for two long years", [("“We waited for two long years", True)]),
    ("“Yes,” he said.", [("“Yes,” he said.", False)]),
    ("… “It was worth the long wait,” she said.", [("… “It was worth the long wait,”", True), ("she said.", False)]),
    ("— “It was worth the long wait.”", [("— “It was worth the long wait.”", True)]),
    ('The pipe is 6" wide and burst on a Monday.', [('The pipe is 6" wide and burst on a Monday.', False)]),
    ('He said it was "over and done. Then he left.', [('He said it was "over and done.', False), ("Then he left.", False)]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), QUOTES)
def test_direct_speech_is_a_readers_and_a_word_in_quotes_is_not(station: Station, text: str, said: list[tuple[str, bool]]) -> None:
    own = replace(station, turns="quote")
    language = "fr" if "«" in text else "de" if "„" in text else "en"
    made = rundown.arrange([told("Bridge", body=text, language=language)], own, AT)
    body = [segment for segment in heard(replace(made, voice="p"), own, cast=readers) if segment.role == "body"]
    assert [(segment.text, segment.voice == "low:one") for segment in body] == said
    assert " ".join(segment.text for segment in body) == text, "no word is lost"
    for here in body[:-1]:
        assert here.pause == (own.pauses.sentence if here.text.endswith(('before."', "done.")) else own.pauses.turn)


def test_lines_before_the_headline_of_a_second_script_are_kept(station: Station) -> None:
    second = scriptfile.parse("bulletin script 1\n\n== Story ==\nplace: tail\n\nEarlier we told you of it.\n\n# Two\n\nBody.\n", "b.txt")
    first = edited(station)
    made = rundown.combined(first, [*((story, at) for at, story in enumerate(first.stories)), (second.stories[0], None)], station)
    assert texts(made.stories[-1].passages) == ["Earlier we told you of it.", "Two", "Body."]


def test_readers_take_turns_within_a_language(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    from bulletin import engines, voicing
    from bulletin.model import Voice

    voices = {name: Voice(engine=name, id="x", language=code) for name, code in (("a", "en"), ("b", "en"), ("c", "vi"))}
    monkeypatch.setattr(engines, "find", lambda name, language="": voices[name])
    stories = [told(str(at), language=language) for at, language in enumerate(["en", "vi", "en", "vi", "en"])]
    reader = voicing.cast(replace(station, readers=("a", "b", "c")), Rundown(at=AT, language="en", stories=tuple(stories)))
    assert [reader(at, story.language) for at, story in enumerate(stories)] == ["a", "c", "b", "c", "a"]


def test_a_headline_follows_its_story_by_its_words_and_one_without_a_story_is_named(station: Station) -> None:
    from bulletin.errors import ScriptError

    text = scriptfile.dump(rundown.arrange(THREE, station, AT))
    head, bridge, library, zoo = text.split("\n== Story ==\n")
    zoo, closing = zoo.split("\n== Closing ==\n")
    moved = "\n== Story ==\n".join([head, zoo, bridge, library]) + "\n== Closing ==\n" + closing
    assert [line.story for line in scriptfile.parse(moved, "x").headlines] == [None, 1, 2, 0]
    with pytest.raises(ScriptError, match=r"Library opens.*has another"):
        scriptfile.parse("\n== Story ==\n".join([head, bridge, zoo]) + "\n== Closing ==\n" + closing, "x")


# --- that the voice is synthetic ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", languages.codes())
def test_every_language_says_openly_that_the_voice_is_synthetic(code: str, station: Station) -> None:
    made = rundown.arrange([told("Bridge", language=code)], station, AT)
    said = texts(made.opening)
    assert made.language == code and said[-1] == languages.load(code).words["disclosure"] and len(said) == 2
    assert code == "en" or said[-1] != OPENLY


def test_a_station_says_it_in_its_own_words_or_not_at_all(station: Station) -> None:
    own = replace(station, name="River Radio", words={"": {"disclosure": "A computer reads for {{ station }}."}})
    assert texts(rundown.arrange(THREE, own, AT).opening)[-1] == "A computer reads for River Radio."
    silent = replace(station, words={"": {"disclosure": "none"}})
    assert texts(rundown.arrange(THREE, silent, AT).opening) == ["This is the news."]


def test_who_is_silent_about_it_still_opens_in_english_where_a_language_has_no_words(station: Station) -> None:
    silent = replace(station, words={"": {"disclosure": "none"}})
    assert rundown.arrange([told("Fire", language="xx")], silent, AT).language == "en"
