"""What must be said is said; what is furniture is not, and keeps its text and a reason."""

from __future__ import annotations

from dataclasses import replace

import pages
import pytest
from conftest import EXAMPLES, SAID, SHARED, STORY
from hypothesis import given
from hypothesis import strategies as st

from bulletin import furniture, languages, readers
from bulletin.errors import UsageError
from bulletin.model import Article, Block, Station
from bulletin.station import PARTS

TITLE = "Harbour bridge opens after two years"
LEAD = "The new harbour bridge opened to traffic on Monday, two years after the old one was closed to all."
END = "Engineers will watch the bridge for a month before lorries may use it, the council said."


def reason(line: str, language: str = "en", byline: str = "") -> str | None:
    blocks = (Block(text=TITLE, kind="headline"), Block(text=LEAD), Block(text=line), Block(text=END))
    return furniture.mark(Article(source="x", title=TITLE, language=language, byline=byline, blocks=blocks)).blocks[2].furniture


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "By Tuesday, the ferry was full."),
        ("en", "Posted to Malta in 1941, he never returned."),
        ("en", "In 2019, he left."),
        ("en", "The war ended in 1945"),
        ("en", "Top 10"),
        ("en", "Harbour bridge opens after two years-long dispute about its colour, the council says."),
        ("en", "Prices rose by two percent in the year to March (source: General Statistics Office)."),
        ("en", "Harbour bridge opens after two years of work and a dispute about its colour."),
        ("en", "He said: “Share this with everyone you know and love.”"),
        ("en", "More than 30 people came."),
        ("en", "Related to the queen, he was never short of invitations to the palace."),
        ("en", "What the bridge will cost"),
        ("en", "Home is where the heart is, the mayor told the crowd on the quay."),
        ("en", "Comment is free, but facts are sacred, the old editor used to say."),
        ("fr", "Publié le 12 mars, le rapport alerte sur les crues."),
        ("fr", "Par ailleurs, les camions devront attendre un mois."),
        ("vi", "Theo Ban quản lý, cầu mới dài 300 mét và rộng 20 mét."),
        ("de", "Von Montag an fahren hier wieder Busse."),
    ],
)
def test_story_lines_are_left_alone(language: str, line: str) -> None:
    assert reason(line, language) is None


@pytest.mark.parametrize(
    ("language", "line", "why"),
    [
        ("en", "Related News", "related"),
        ("en", "RELATED STORIES:", "related"),
        ("en", "Editor’s picks", "related"),
        ("en", "Read more: Fares go up in spring", "related"),
        ("en", "Feedback", "feedback"),
        ("en", "Comments (12)", "feedback"),
        ("en", "Share this article", "share"),
        ("en", "ADVERTISEMENT", "advertisement"),
        ("en", "Accept all", "cookie notice"),
        ("en", "© 2026 River Radio. All rights reserved.", "copyright"),
        ("en", "By Lena Hart and Jon Bell", "byline"),
        ("en", "By Lena Hart, transport reporter", "byline"),
        ("en", "March 12, 2026 | 10:30 am", "timestamp"),
        ("en", "3 min read", "timestamp"),
        ("en", "The mayor cuts the ribbon (Photo: Lena Hart/River Radio)", "caption"),
        ("en", "Photo: Lena Hart", "caption"),
        ("en", "The mayor cuts the ribbon. [Photo/RR]", "caption"),
        ("en", "Harbour bridge opens after two years - image 1 The mayor on the bridge", "caption"),
        ("en", "Harbour bridge opens after two years", "repeated headline"),
        ("vi", "Tin liên quan", "related"),
        ("vi", "Phản hồi", "feedback"),
        ("vi", "Thứ Năm, 16:57, 02/04/2026", "timestamp"),
        ("vi", "Cầu mới lúc khánh thành (Ảnh: Lan Anh)", "caption"),
        ("vi", "Related News", "related"),
        ("fr", "12 mars 2026, 10h30", "timestamp"),
        ("fr", "Par Jeanne Morel", "byline"),
        ("ja", "2026年3月12日 10時30分", "timestamp"),
        ("ja", "港の様子（写真：共同）", "caption"),
        ("zh", "港口（图：王某）", "caption"),
        ("ko", "항구 [사진=연합뉴스]", "caption"),
        ("hi", "संबंधित ख़बरें", "related"),
    ],
)
def test_furniture_is_marked_with_its_reason(language: str, line: str, why: str) -> None:
    assert reason(line, language) == why


def test_the_authors_name_alone_is_a_byline() -> None:
    assert reason("Lena Hart", byline="Lena Hart") == "byline"


@pytest.mark.parametrize(
    "tag",
    [
        "(VOVWORLD) -",
        "(VOVworld)- ",
        "VOV.VN - ",
        "SEOUL, January 2 (AJP) - ",
        "TOKYO, June 6, 2010 (AFP) – ",
        "BEIJING, April 11 (Xinhua) -- ",
        "HANOI (Reuters) - ",
        "Berlin (dpa) - ",
        "PARIS — ",
    ],
)
def test_a_dateline_is_cut_from_the_lead_and_nothing_more(tag: str) -> None:
    blocks = (Block(text=TITLE, kind="headline"), Block(text=tag + LEAD), Block(text=END))
    lead = furniture.mark(Article(source="x", title=TITLE, language="en", blocks=blocks)).blocks[1]
    assert lead.said == LEAD
    assert lead.text == tag + LEAD
    assert lead.cuts[0].reason == "dateline"


@pytest.mark.parametrize("lead", ["US - China talks began on Monday in the old harbour town, officials said.", LEAD, f"“{LEAD}”"])
def test_a_lead_without_a_dateline_is_whole(lead: str) -> None:
    blocks = (Block(text=TITLE, kind="headline"), Block(text=lead), Block(text=END))
    assert furniture.mark(Article(source="x", title=TITLE, language="en", blocks=blocks)).blocks[1].said.endswith(lead[-20:])


def test_paragraphs_that_differ_by_a_number_are_both_said() -> None:
    one, two = f"Part 1. {LEAD}", f"Part 2. {LEAD}"
    article = furniture.mark(Article(source="x", title=TITLE, language="en", blocks=(Block(text=one), Block(text=two), Block(text=two))))
    assert [block.furniture for block in article.blocks] == [None, None, None, "repeated"]
    assert article.blocks[0].kind == "headline"  # the page gives it and does not show it


def test_a_pasted_page_is_marked_line_by_line(station: Station) -> None:
    article = furniture.mark(readers.read(STORY.encode(), "x", station))
    assert [block.said for block in article.blocks if block.said] == SAID
    assert {block.text for block in article.blocks if block.furniture} == {"Related News", "Fares go up in spring", "Feedback"}


def test_the_headline_is_found_below_a_menu_and_the_menu_is_marked(station: Station) -> None:
    text = f"Home\nWorld\nSport\n{TITLE}\nBy Lena Hart\n12 March 2026\n\n{LEAD}\n\n{END}\n"
    article = furniture.mark(readers.read(text.encode(), "x", station))
    assert article.title == TITLE
    assert [block.said for block in article.blocks if block.said] == [TITLE, LEAD, END]


def test_a_text_without_a_headline_has_none(station: Station) -> None:
    article = furniture.mark(readers.read(f"{LEAD}\n\n{END}".encode(), "x", station))
    assert article.title == ""
    assert [block.said for block in article.blocks] == [LEAD, END]


@pytest.mark.parametrize("name", ["harbour.txt", "library.txt", "cho-noi.txt", "orchard.html"])
def test_the_examples_are_clean(name: str, station: Station) -> None:
    article = furniture.mark(readers.read((EXAMPLES / name).read_bytes(), name, station))
    said = [block.said for block in article.blocks if block.said]
    assert said[0] == article.title
    for line in said[1:]:
        assert line[-1] in '.”"’' or len(line.split()) < 8, line
        assert not line.startswith("("), line


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared articles are not here")
def test_the_shared_article_is_said_whole_and_nothing_else(station: Station) -> None:
    folder = SHARED / "articles"
    article = furniture.mark(readers.read((folder / "vovworld-thaw.txt").read_bytes(), "x", station))
    wanted = (folder / "vovworld-thaw.said.txt").read_text(encoding="utf-8").split("\n\n")
    assert [block.said for block in article.blocks if block.said] == [" ".join(text.split()) for text in wanted if text.strip()]


@given(st.lists(st.text(max_size=300), max_size=12))
def test_marking_never_loses_text_and_never_raises(lines: list[str]) -> None:
    blocks = tuple(Block(text=" ".join(line.split())) for line in lines if line.strip())
    article = furniture.mark(Article(source="x", title="", language="en", blocks=blocks))
    assert [block.text for block in article.blocks] == [block.text for block in blocks]
    for block in article.blocks:
        assert "".join(text for text, _ in block.spans) == block.text
        assert set(block.said) <= set(block.text) | {" "}


@pytest.mark.parametrize("code", languages.codes())
def test_every_language_has_its_words(code: str) -> None:
    language = languages.load(code)
    assert language.name and set(language.words) == set(PARTS)
    assert {"related", "feedback", "share", "navigation"} <= set(language.furniture)


def test_a_credit_behind_a_sentence_is_cut_and_the_sentence_said() -> None:
    line = "Prices rose by two percent in the year to March (source: General Statistics Office)."
    blocks = (Block(text=TITLE, kind="headline"), Block(text=LEAD), Block(text=line), Block(text=END))
    block = furniture.mark(Article(source="x", title=TITLE, language="en", blocks=blocks)).blocks[2]
    assert block.said == "Prices rose by two percent in the year to March."


def test_a_name_that_begins_another_word_is_no_byline() -> None:
    assert reason("Lily said no more", byline="Li") is None


def test_a_short_first_paragraph_is_not_taken_for_the_headline(station: Station) -> None:
    text = f"{TITLE}\n\nThe harbour bridge opened on Monday.\n\n{LEAD}\n\n{END}\n"
    article = furniture.mark(readers.read(text.encode(), "x", station))
    assert article.title == TITLE
    assert len([block for block in article.blocks if block.said]) == 4


def test_a_link_in_mid_story_does_not_take_the_next_subhead_with_it() -> None:
    lines = ("Read more: Fares go up in spring and the winter timetable begins", "What it will cost")
    blocks = (Block(text=TITLE, kind="headline"), Block(text=LEAD), *(Block(text=line) for line in lines), Block(text=END))
    marked = furniture.mark(Article(source="x", title=TITLE, language="en", blocks=blocks)).blocks
    assert [block.furniture for block in marked] == [None, None, "related", None, None]


def story_of(*lines: str, **more: object) -> Article:
    return Article(source="x", title="", language="en", blocks=tuple(Block(text=line) for line in lines), **more)


def test_every_mark_says_how_sure_it_is() -> None:
    for block in furniture.mark(story_of(TITLE, "By Lena Hart", LEAD, "Share", END)).blocks:
        assert 0.5 <= block.confidence <= 1.0


def test_a_correction_is_said_unless_the_station_skips_it(station: Station) -> None:
    line = "Correction: An earlier version of this story gave the wrong year for the old bridge."
    kept = furniture.mark(story_of(TITLE, LEAD, END, line), station).blocks[-1]
    assert kept.said == line
    skipped = furniture.mark(story_of(TITLE, LEAD, END, line), replace(station, corrections=False)).blocks[-1]
    assert skipped.furniture == "correction"


def test_staff_overrule_marks_by_number() -> None:
    article = furniture.mark(story_of(TITLE, "By Lena Hart", LEAD, END))
    told = furniture.overrule(article, frozenset({2}), frozenset({4}))
    assert told.blocks[1].said == "By Lena Hart"
    assert told.blocks[3].furniture == "skipped by staff"


@pytest.mark.parametrize(("keep", "skip"), [({9}, set()), (set(), {0}), ({2}, {2})])
def test_a_number_that_is_no_lines_is_an_error_with_a_hint(keep: set[int], skip: set[int]) -> None:
    article = furniture.mark(story_of(TITLE, LEAD, END))
    with pytest.raises(UsageError) as caught:
        furniture.overrule(article, frozenset(keep), frozenset(skip))
    assert caught.value.hint


def test_a_name_that_stands_only_in_a_byline_or_a_caption_is_never_said() -> None:
    lines = (
        TITLE,
        "By Lena Hart, transport reporter",
        f"(RIVER RADIO) - {LEAD}",
        "Jon Bell on the new bridge on Monday (Photo: Mara Voss/River Radio)",
        "The mayor cut the ribbon at noon in front of several hundred people from both banks of the river.",
        f"{END} Lena Hart/River Radio",
        "Lena Hart",
    )
    said = " ".join(block.said for block in furniture.mark(story_of(*lines, byline="Lena Hart")).blocks)
    assert "The mayor cut the ribbon" in said and END in said
    for name in ("Hart", "Bell", "Voss"):
        assert name not in said


def test_the_words_under_a_pictures_label_are_its_caption() -> None:
    article = furniture.mark(story_of(TITLE, LEAD, "Image", "The mayor speaks to reporters at the bridge on Monday.", END))
    assert article.blocks[3].furniture == "caption"


def written() -> list[pages.Written]:
    return pages.written(pages.HELD)


@pytest.mark.parametrize("page", written(), ids=lambda page: page.id)
def test_an_invented_page_has_its_headline_said_once_and_no_agency_or_credit(page: pages.Written, station: Station) -> None:
    article = furniture.mark(readers.read(page.text.encode(), page.id, station), station)
    heads = [block.said for block in article.blocks if block.kind == "headline" and block.said]
    assert heads == [page.headline]
    said = [block.said for block in article.blocks if block.said and block.kind != "headline"]
    assert page.headline not in said
    found = sum(line in said for line in page.said)
    assert found >= 0.6 * len(page.said), [line for line in page.said if line not in said]


def test_a_list_behind_a_colon_is_said_with_its_sentence() -> None:
    items = ("Which lorries may use the bridge", "What the ferry will cost", "Who pays for the old bridge")
    article = furniture.mark(
        story_of(TITLE, LEAD, "The council must still answer three questions about the bridge:", *items, END, LEAD[::-1])
    )
    assert [block.furniture for block in article.blocks[2:6]] == [None] * 4


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("ja", "開通した橋を渡る住民ら＝3月2日午前9時、佐久間遥撮影"),
        ("zh", "居民走过新桥。王晓明 摄"),
        ("en", "A ferry at dusk Credit: Mara Voss"),
    ],
)
def test_a_credit_without_brackets_makes_a_caption(language: str, line: str) -> None:
    assert reason(line, language) == "caption"


def test_a_sign_off_behind_the_last_sentence_is_cut_and_the_sentence_is_said() -> None:
    for sign in ("(Reuters)", "(dpa/afe)", "Reporting by Mara Voss; Editing by Jon Bell"):
        article = furniture.mark(
            story_of(TITLE, LEAD, "The ferry that served for two years made its last trip on Sunday night.", f"{END} {sign}")
        )
        assert article.blocks[-1].said.strip() == END, sign


def test_a_standfirst_below_the_byline_is_said() -> None:
    standfirst = "Lorries must wait a month while engineers watch the new bridge over the harbour"
    article = furniture.mark(story_of(TITLE, "By Lena Hart", standfirst, LEAD, END))
    assert article.blocks[2].said == standfirst


def test_a_text_without_a_sentence_is_one_to_look_at() -> None:
    assert "no sentence" in furniture.mark(story_of("The bridge", "is open again they say", "but not for lorries")).warning


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Man rescued from river",
            "A man was rescued from the river on Sunday night.",
            "He is in hospital.",
            "Police are looking for witnesses.",
        ),
        ("Mayor resigns", "The mayor resigned on Tuesday, her office said."),
        ("Rovers win the cup", "Rovers beat United 2-1 in the cup final on Saturday.", "It is their first cup in forty years."),
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_a_short_item_is_said_from_its_headline_to_its_last_sentence(lines: tuple[str, ...], between: str, station: Station) -> None:
    article = furniture.mark(readers.read(between.join(lines).encode(), "x", station))
    assert [block.said for block in article.blocks] == list(lines)
    assert article.blocks[0].kind == "headline"


@pytest.mark.parametrize("paragraphs", [12, 60, 200])
def test_a_long_text_that_is_all_story_is_said_to_its_end(paragraphs: int, station: Station) -> None:
    said = [
        f"On day {number} the council heard that the bridge had carried {number * 37} cars, and the ferry's master, Owen Pask, said that "
        f"he had taken {number + 4} passengers across the river before noon." for number in range(paragraphs)
    ]  # fmt: skip
    article = furniture.mark(readers.read("\n\n".join([TITLE, *said]).encode(), "x", station), station)
    assert [block.text for block in article.blocks if block.furniture] == []
