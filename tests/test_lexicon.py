"""How names are said: entries in a file, found in a text, in the form that each engine takes."""

from __future__ import annotations

import json
import re
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import lexicon, lexicons, pronouncing
from bulletin.engines import find, load
from bulletin.errors import LexiconError
from bulletin.lexicon import Lexicon
from bulletin.model import Pronunciation

XI = Pronunciation(written="Xi Jinping", respelling="shee jin-PING")
THAAD = Pronunciation(written="THAAD", respelling="thad")
NGUYEN = Pronunciation(written="Nguyễn", respelling="nwin")
LEXICON = Lexicon([XI, THAAD, NGUYEN])


def inline(word: str, phonemes: str) -> str:
    return f"<{word}|{phonemes}>"


# --- what must be left alone --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Xi said so.", "the thaad of it", "Thaadish", "xi jinping", "", "Maxi Jinping"])
def test_other_words_are_left_alone(text: str) -> None:
    assert LEXICON.pronounced(text, "en", "misaki", inline) == text


def test_the_metal_and_the_seeds_sound_otherwise() -> None:
    said = [
        claim.said for claim in lexicons.shipped().claims("Lead pipes lead to the lead actor, who sows doubt and likes to sow seeds.", "en")
    ]
    assert said == ["led pipes", "sew seeds"]


def test_a_short_name_is_told_by_its_capitals() -> None:
    assert not list(Lexicon([Pronunciation(written="US", spell="letters")]).find("Tell us more."))


# --- what is found ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Xi Jinping spoke.", "<Xi Jinping|ʃˈi ʤɪnpˈɪŋ> spoke."),
        ("XI JINPING spoke", "<XI JINPING|ʃˈi ʤɪnpˈɪŋ> spoke"),
        ("Xi Jinping’s visit", "<Xi Jinping’s|ʃˈi ʤɪnpˈɪŋz> visit"),
        ("Thaad, it said", "<Thaad|θˈæd>, it said"),
        ("two THAADs", "two <THAADs|θˈædz>"),
        ("Nguyen Van", "<Nguyen|nwˈɪn> Van"),
        ("“Nguyễn!”", "“<Nguyễn|nwˈɪn>!”"),
    ],
)
def test_names_get_their_phonemes_with_their_endings(text: str, said: str) -> None:
    assert LEXICON.pronounced(text, "en", "misaki", inline) == said


def test_an_engine_without_a_door_for_phonemes_gets_letters() -> None:
    assert LEXICON.pronounced("Xi Jinping's THAAD", "en", "", None) == "shee jin-ping's thad"


def test_capitals_are_said_by_their_letters_in_english_whatever_the_engine_would_make_of_them() -> None:
    assert Lexicon().pronounced("The WHO's MPs", "en", "misaki", inline) == "The <WHO's|dˌʌbəljuˌAʧˈOz> <MPs|ˌɛmpˈiz>"
    assert Lexicon().pronounced("The WHO", "en", "", None) == "The W H O"
    assert Lexicon().pronounced("WHO", "vi", "misaki", inline) == "WHO"


def test_the_longest_name_wins_and_a_story_goes_before_all() -> None:
    known = Lexicon([Pronunciation(written="Li", respelling="lee"), Pronunciation(written="Li Wei", respelling="lee way"),
                     Pronunciation(written="Li", respelling="ligh", story="summit")])  # fmt: skip
    assert [hit.entry.respelling for hit in known.find("Li Wei met Li.", "en", "summit.txt")] == ["lee way", "ligh"]
    assert [hit.entry.respelling for hit in known.find("Li Wei met Li.", "en", "other.txt")] == ["lee way", "lee"]


def test_an_entry_holds_for_its_language() -> None:
    known = Lexicon([Pronunciation(written="Paris", respelling="pa-REE", language="fr")])
    assert list(known.find("Paris", "fr-CA"))
    assert not list(known.find("Paris", "en"))


def test_other_words_and_letters_are_said_instead() -> None:
    known = Lexicon([Pronunciation(written="No 10", instead="Downing Street"), Pronunciation(written="VOV", spell="letters"), THAAD])
    assert [claim.said for claim in known.claims("No 10's VOV and THAAD", "en")] == ["Downing Street's", "V O V", "Thaad"]


def test_the_stations_own_entry_goes_before_the_shipped_one(tmp_path: Path) -> None:
    file = tmp_path / "lexicon.csv"
    file.write_text("written,respelling\nXi Jinping,zee jin-PING\n", encoding="utf-8")
    said = lexicons.load(file).pronounced("Xi Jinping, Moon Jae-in", "en", "", None)
    assert said == "zee jin-ping, moon jay-in"


@given(st.text(max_size=80), st.sampled_from(["misaki", "espeak", ""]))
def test_no_text_raises_and_what_is_no_name_stays(text: str, alphabet: str) -> None:
    said = lexicons.shipped().pronounced(text, "en", alphabet, inline)
    if not list(lexicons.shipped().find(text, "en")) and not re.search("[A-Z]{2}", text):
        assert said == text


# --- the lexicon that ships ---------------------------------------------------------------------------------


def test_the_shipped_lexicon_is_large_and_each_entry_has_its_source() -> None:
    entries = lexicons.shipped().entries
    assert len(entries) >= 300
    assert all(entry.source and (entry.respelling or entry.instead) and entry.shipped for entry in entries)
    assert len({lexicon.identity(entry) for entry in entries}) == len(entries)


def test_the_voice_has_every_phoneme_of_it() -> None:
    voice, engine = find("hibari:heart"), load("hibari")
    letters = set(json.loads(files("hibari").joinpath("assets", "vocab.json").read_text("utf-8")))
    for entry in lexicons.shipped().entries:
        if entry.instead:
            continue
        given = lexicons.shipped().pronounced(entry.written, "en", engine.alphabet, engine.inline)
        wanted = given.partition("(/")[2].partition("/)")[0]
        assert wanted, entry.written
        assert set(wanted) <= letters, entry.written
    assert (
        engine.phonemes(lexicons.shipped().pronounced("Moon Jae-in met Hua Chunying", "en", "misaki", engine.inline), voice)
        == "mˈun ʤAˈɪn mˈɛt hwˈɑ ʧunjˈɪŋ"
    )


# --- files --------------------------------------------------------------------------------------------------


def test_csv_there_and_back_is_the_same() -> None:
    entries = [XI, THAAD, NGUYEN, Pronunciation(written="A, “B”", instead="x, y", story="s", checked="2026-01-02", by="me", source="a; b")]
    assert sorted(lexicons.read_csv(lexicons.dump(entries), "x"), key=lambda e: e.written) == sorted(entries, key=lambda e: e.written)


def test_pls_there_and_back_says_the_same(tmp_path: Path) -> None:
    file = tmp_path / "names.pls"
    file.write_text(lexicons.dump_pls([XI, THAAD, Pronunciation(written="VOV", spell="letters")]), encoding="utf-8")
    back = lexicons.read(file)
    assert [(entry.written, entry.respelling, entry.instead) for entry in back] == [
        ("Xi Jinping", "shee jin-PING", ""), ("THAAD", "thad", ""), ("VOV", "", "V O V"),
    ]  # fmt: skip


def test_pls_of_another_system_is_read(tmp_path: Path) -> None:
    file = tmp_path / "other.xml"
    file.write_text(
        '<?xml version="1.0"?><lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon"'
        ' alphabet="ipa" xml:lang="en-GB">'
        "<lexeme><grapheme>Siobhan</grapheme><grapheme>Siobhán</grapheme><phoneme>ʃɪˈvɔːn</phoneme></lexeme>"
        "<lexeme><grapheme>W3C</grapheme><alias>World Wide Web Consortium</alias></lexeme></lexicon>",
        encoding="utf-8",
    )
    assert [(entry.written, entry.ipa, entry.instead, entry.language) for entry in lexicons.read(file)] == [
        ("Siobhan", "ʃɪˈvɔːn", "", "en"), ("Siobhán", "ʃɪˈvɔːn", "", "en"), ("W3C", "", "World Wide Web Consortium", "en"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("name,respelling\nA,ay\n", "no column “written”"),
        ("written,sound\nA,ay\n", "column “sound”"),
        ("written,respelling\nXi,x1\n", "line 2.*“x1”"),
        ("written,respelling\nXi,\n", "nothing says how"),
        ("written,ipa\nXi,%\n", "“%”"),
        ("written,spell\nXi,aloud\n", "“aloud”"),
        ("written,respelling\nXi,shee,more\n", "more cells"),
        ("written,respelling,language\nXi,shee,klingon\n", "“klingon”"),
        ("written,respelling,checked\nXi,shee,5/6/2024\n", "no date"),
        ("written,respelling,instead\nXi,shee,he\n", "“instead” goes alone"),
        ("written,respelling\n!!!,shee\n", "no letter"),
        ("written,respelling\rXi,x1\r", "line 2"),
        ("<lexicon><lexeme>", "not valid XML"),
        ("<html/>", "no pronunciation lexicon"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "lexicon.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LexiconError, match=what) as error:
        lexicons.read(file)
    assert error.value.hint


def test_semicolons_and_tabs_are_read_too() -> None:
    for mark in ";\t":
        assert next(lexicons.read_csv(f"written{mark}respelling\nXi{mark}shee\n", "x")).respelling == "shee"


# --- what staff do with it ----------------------------------------------------------------------------------


@pytest.fixture
def station(tmp_path: Path) -> Path:
    file = tmp_path / "station.toml"
    file.write_text('[spoken]\nlexicon = "names.csv"\n', encoding="utf-8")
    return file


def test_add_change_and_remove(station: Path) -> None:
    path, count, total = pronouncing.add([XI], station)
    assert (path, count, total) == (station.with_name("names.csv"), 1, 1)
    pronouncing.add([Pronunciation(written="Xi Jinping", respelling="see jin-PING")], station)
    assert [entry.respelling for entry in lexicons.read(path)] == ["see jin-PING"]
    assert pronouncing.remove("Xi Jinping", station) == 1
    with pytest.raises(LexiconError, match="no “Xi Jinping”"):
        pronouncing.remove("Xi Jinping", station)


def test_entries_for_several_languages_stand_side_by_side(station: Path) -> None:
    for language, respelling in (("en", "lee"), ("vi", "lay"), ("", "loo")):
        pronouncing.add([Pronunciation(written="Li", respelling=respelling, language=language)], station)
    assert len(lexicons.read(station.with_name("names.csv"))) == 3


def test_a_lexicon_that_went_out_as_pls_comes_in_as_it_was(station: Path, tmp_path: Path) -> None:
    path, *_ = pronouncing.add([XI], station)
    pronouncing.write(tmp_path / "out.pls", lexicons.read(path))
    pronouncing.bring_in(lexicons.read(tmp_path / "out.pls"), station)
    assert [(entry.written, entry.respelling, entry.language) for entry in lexicons.read(path)] == [("Xi Jinping", "shee jin-PING", "")]


def test_a_preferred_form_of_pls_wins() -> None:
    forms = '<phoneme>fuː</phoneme><phoneme prefer="true">fɔː</phoneme>'
    text = f'<lexicon xmlns="{lexicons.PLS}" alphabet="ipa"><lexeme><grapheme>X</grapheme>{forms}</lexeme></lexicon>'
    assert lexicons.parse(text.encode(), "x")[0].ipa == "fɔː"


def test_sounds_go_before_an_alias_of_pls() -> None:
    text = f'<lexicon xmlns="{lexicons.PLS}"><lexeme><grapheme>W3C</grapheme><alias>Web</alias><phoneme>wɛb</phoneme></lexeme></lexicon>'
    assert lexicons.parse(text.encode(), "x")[0].ipa == "wɛb"


def test_letters_that_are_composed_otherwise_are_the_same() -> None:
    known = Lexicon(lexicons.read_csv(unicodedata.normalize("NFD", "written,respelling\nNguyễn,nwin\n"), "x"))
    assert list(known.find("Nguyễn"))


def test_a_link_stays_a_link(station: Path, tmp_path: Path) -> None:
    shared = tmp_path / "shared.csv"
    shared.write_text("written,respelling\nLi,lee\n", encoding="utf-8")
    station.with_name("names.csv").symlink_to(shared)
    pronouncing.add([XI], station)
    assert "Xi Jinping" in shared.read_text(encoding="utf-8")
    assert station.with_name("names.csv").is_symlink()


def test_two_who_add_at_once_both_have_their_name(station: Path) -> None:
    with ThreadPoolExecutor(8) as many:
        list(many.map(lambda n: pronouncing.add([Pronunciation(written=f"Kwib{'abcdefgh'[n]}l", respelling="kwib")], station), range(8)))
    assert len(lexicons.read(station.with_name("names.csv"))) == 8


def test_a_name_that_begins_with_a_sign_is_found() -> None:
    known = Lexicon([Pronunciation(written="$TSLA", instead="Tesla"), Pronunciation(written="’Ndrangheta", respelling="en-DRAHNG-geh-tah")])
    assert [claim.said for claim in known.claims("$TSLA rose", "en")] == ["Tesla"]
    assert list(known.find("the 'Ndrangheta"))


def test_the_desk_lists_what_nobody_has_reviewed(station: Path, tmp_path: Path) -> None:
    story = tmp_path / "story.txt"
    story.write_text(
        "Minister meets farmers\n\nMinister Tranh Kwibbel met Xi Jinping on Monday. Kwibbel thanked the farmers.\n\n"
        "Kwibbel then left for Osaka with a QWRTZ delegation, which had waited for two hours in the rain.\n",
        encoding="utf-8",
    )
    found = pronouncing.unreviewed(str(story), station=station)
    assert [(doubt.name.text, doubt.name.times) for doubt in found] == [("Kwibbel", 2), ("Tranh Kwibbel", 1), ("QWRTZ", 1)]
    assert all(doubt.phonemes for doubt in found)
    every = [doubt.name.text for doubt in pronouncing.unreviewed(str(story), station=station, every=True)]
    assert {"Xi Jinping", "Osaka"} <= set(every)
    pronouncing.add([pronouncing.dated(Pronunciation(written="Kwibbel", respelling="KWI-bul"))], station)
    assert "Kwibbel" not in [doubt.name.text for doubt in pronouncing.unreviewed(str(story), station=station)]
