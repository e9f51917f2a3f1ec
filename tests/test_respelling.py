"""A pronunciation in three spellings, each from the other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin import lexicons, respelling


@pytest.mark.parametrize(
    ("written", "ipa", "misaki", "espeak", "plain"),
    [
        ("thad", "ˈθæd", "θˈæd", "θˈæd", "thad"),
        ("moon jay-IN", "ˈmuːn dʒeɪˈɪn", "mˈun ʤAˈɪn", "mˈuːn dʒeɪˈɪn", "moon jay-in"),
        ("shee jin-PING", "ˈʃiː dʒɪnˈpɪŋ", "ʃˈi ʤɪnpˈɪŋ", "ʃˈiː dʒɪnpˈɪŋ", "shee jin-ping"),
        ("kee-EEV", "kiːˈiːv", "kiˈiv", "kiːˈiːv", "kee-eev"),
        ("khah-MAY-nee", "xɑːˈmeɪniː", "kɑmˈAni", "kɑːmˈeɪniː", "kah-may-nee"),
        ("tigh", "ˈtaɪ", "tˈI", "tˈaɪ", "ty"),
    ],
)
def test_a_respelling_reaches_each_engine(written: str, ipa: str, misaki: str, espeak: str, plain: str) -> None:
    assert respelling.ipa(written) == ipa
    assert respelling.misaki(ipa) == misaki
    assert respelling.espeak(ipa) == espeak
    assert respelling.plain(written) == plain


def test_british_voices_say_no_r_before_a_consonant() -> None:
    assert respelling.misaki(respelling.ipa("MAR-ten"), british=True) == "mˈɑːtɛn"
    assert respelling.misaki(respelling.ipa("MAR-ten")) == "mˈɑɹtɛn"


@pytest.mark.parametrize("wrong", ["moon j1-IN", "xyz", "mn", "", "jay--in", "moon, jay"])
def test_what_cannot_be_read_is_named(wrong: str) -> None:
    if not wrong:
        assert respelling.ipa(wrong) == ""
        return
    with pytest.raises(ValueError, match="“"):
        respelling.ipa(wrong)


@pytest.mark.parametrize(
    ("ipa", "respelled"), [("ʃɪˈvɔːn", "shi-VAWN"), ("ʒoɐˈkĩ", "zhoh-uh-KEE"), ("ˈkeːln", "kayln"), ("tɕʰøŋˈnjaŋ", "churng-NYAHNG")]
)
def test_ipa_of_other_languages_goes_to_the_nearest(ipa: str, respelled: str) -> None:
    assert respelling.letters(ipa) == respelled


def test_a_sign_that_is_no_ipa_is_named() -> None:
    with pytest.raises(ValueError, match="“%”"):
        respelling.phones("ˈb%")


@pytest.mark.parametrize(
    ("word", "ending", "said"), [("ˈhʊti", "s", "ˈhʊtiz"), ("ˈtæs", "'s", "ˈtæsɪz"), ("ˈθæk", "s", "ˈθæks"), ("ˈθæd", "", "ˈθæd")]
)
def test_endings_follow_the_sound(word: str, ending: str, said: str) -> None:
    assert respelling.inflected(word, ending) == said


@given(st.sampled_from([entry.respelling for entry in lexicons.shipped().entries if entry.respelling]))
def test_there_and_back_says_the_same(written: str) -> None:
    ipa = respelling.ipa(written)
    assert "".join(respelling.phones(respelling.ipa(respelling.letters(ipa)))) == "".join(respelling.phones(ipa))
