"""A web page: the story's paragraphs in order, the rest of the page beside them, marked."""

from __future__ import annotations

import pytest
from conftest import EXAMPLES

from bulletin import furniture, readers
from bulletin.errors import ReadError
from bulletin.model import Article, Station

PAGE = """<!doctype html><html lang="fr-CA"><head><title>Le pont rouvre | Radio Fleuve</title>
<meta property="og:title" content="Le pont rouvre après deux ans"></head><body>
<nav><ul><li><a>Accueil</a></li><li><a>Monde</a></li></ul></nav>
<main><article><h1>Le pont rouvre après deux ans</h1>
<p>Le nouveau pont du port a rouvert lundi à la circulation, deux ans après la fermeture de l'ancien ouvrage.</p>
<figure><img src="a.jpg"><figcaption>La mairesse coupe le ruban, lundi (Photo : A. Roy)</figcaption></figure>
<p>La mairesse a coupé le ruban à midi devant plusieurs centaines de personnes venues des deux rives du fleuve.</p>
<h2>Les camions attendront</h2>
<p>Les ingénieurs surveilleront l'ouvrage pendant un mois avant d'y autoriser le passage des camions et des autobus.</p>
</article></main><footer>© Radio Fleuve</footer></body></html>"""


def article(page: str, station: Station) -> Article:
    return furniture.mark(readers.read(page.encode(), "page.html", station))


def test_the_story_is_said_headline_first_and_in_order(station: Station) -> None:
    said = [block.said for block in article(PAGE, station).blocks if block.said]
    assert said[0] == "Le pont rouvre après deux ans"
    assert [words.split()[0] for words in said[1:]] == ["Le", "La", "Les", "Les"]
    assert len(said) == 5


def test_the_page_tells_the_language(station: Station) -> None:
    assert article(PAGE, station).language == "fr"


def test_what_is_outside_the_story_is_kept_with_a_reason(station: Station) -> None:
    skipped = {block.text: block.furniture for block in article(PAGE, station).blocks if block.furniture}
    assert skipped["La mairesse coupe le ruban, lundi (Photo : A. Roy)"] == "caption"
    assert skipped["Accueil"] == "navigation"
    assert skipped["© Radio Fleuve"] == "copyright"


def test_kinds_are_kept(station: Station) -> None:
    kinds = {block.text: block.kind for block in article(PAGE, station).blocks}
    assert kinds["Les camions attendront"] == "heading"
    assert kinds["Le pont rouvre après deux ans"] == "headline"


def test_the_example_page_is_read_clean(station: Station) -> None:
    found = furniture.mark(readers.read((EXAMPLES / "orchard.html").read_bytes(), "orchard.html", station))
    said = "\n".join(block.said for block in found.blocks)
    for furniture_words in ("cookies", "Newsletter", "newsletter", "planted before 1890", "Most read", "Bee-keepers", "Advertisement"):
        assert furniture_words not in said
    assert found.title == "Village buys its last orchard to save forgotten apples"
    assert found.byline == "Priya Lansdowne"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body></body></html>",
        "<html><body><form><input name=user><input name=password></form></body></html>",
        "<!doctype html><title>Watch</title><video src=x></video>",
    ],
)
def test_a_page_without_an_article_says_so(page: str, station: Station) -> None:
    with pytest.raises(ReadError, match=r"No article|not a page"):
        article(page, station)


def test_broken_and_hostile_pages_do_not_crash(station: Station) -> None:
    for page in (
        "<div>" * 20_000 + "x",
        PAGE[: len(PAGE) // 2],
        PAGE.replace("<p>", "<p><b><i>"),
        "<p>" + "<br>" * 1000,
        "<html><!--" + PAGE,
    ):
        try:
            article(page, station)
        except ReadError as error:
            assert error.hint


def test_an_encoding_that_is_none_is_passed_over(station: Station) -> None:
    page = PAGE.replace("<head>", "<head><meta charset=undefined>").encode("cp1252", "replace")
    found = furniture.mark(readers.read(page, "page.html", station))
    assert "mairesse a coupé" in " ".join(block.said for block in found.blocks)


def test_a_page_in_utf_16_is_a_page(station: Station) -> None:
    assert readers.read(PAGE.encode("utf-16"), "page.html", station).title == "Le pont rouvre après deux ans"


def test_the_pages_h1_is_the_headline_though_its_title_is_shorter(station: Station) -> None:
    page = PAGE.replace("<h1>Le pont rouvre après deux ans</h1>", "<h1>Le pont rouvre après deux ans, sans les camions</h1>")
    assert article(page, station).title == "Le pont rouvre après deux ans, sans les camions"


def test_an_h1_that_is_the_sites_name_is_no_headline(station: Station) -> None:
    page = PAGE.replace("<h1>Le pont rouvre après deux ans</h1>", "<h1>Radio Fleuve</h1><h2>Le pont rouvre après deux ans</h2>")
    assert article(page, station).title == "Le pont rouvre après deux ans"


@pytest.mark.parametrize("name", ["photo-caption", "article__legend", "image-cutline"])
def test_what_a_class_name_calls_a_caption_is_none_of_the_story(name: str, station: Station) -> None:
    line = "Plusieurs centaines de personnes des deux rives regardent la mairesse couper le ruban."
    page = PAGE.replace("<figure><img", f'<div class="photo"><img src="b.jpg"><p class="{name}">{line}</p></div><figure><img')
    found = next(block for block in article(page, station).blocks if block.text == line)
    assert found.furniture == "caption"


def test_a_break_in_the_h1_joins_words_and_is_not_said_twice(station: Station) -> None:
    page = PAGE.replace("<h1>Le pont rouvre après deux ans</h1>", "<h1>Le pont rouvre<br>après deux ans</h1>")
    said = [block.said for block in article(page, station).blocks if block.said]
    assert said[0] == "Le pont rouvre après deux ans"
    assert len(said) == 5


def test_what_the_page_does_not_show_is_not_said(station: Station) -> None:
    line = "La mairesse d'une autre ville a reçu une amende lundi pour excès de vitesse près d'une école."
    for hidden in (f"<p hidden>{line}</p>", f'<p style="display: none">{line}</p>'):
        found = article(PAGE.replace("<h2>", f"{hidden}<h2>"), station)
        assert next(block for block in found.blocks if block.text == line).furniture == "not shown"


def test_a_raised_number_is_not_fused_and_a_soft_hyphen_not_kept(station: Station) -> None:
    page = PAGE.replace("plusieurs centaines", "450<sup>2</sup> per&shy;sonnes et plusieurs centaines")
    said = " ".join(block.said for block in article(page, station).blocks)
    assert "450² personnes" in said


def test_a_page_with_one_short_item_is_read(station: Station) -> None:
    found = article("<h1>Mayor resigns</h1><p>The mayor resigned on Tuesday, her office said.</p>", station)
    assert [block.said for block in found.blocks] == ["Mayor resigns", "The mayor resigned on Tuesday, her office said."]
