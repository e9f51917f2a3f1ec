"""What is hibari's own, beside what every engine promises."""

from __future__ import annotations

from bulletin import engines
from bulletin.engines.hibari import fold


def test_it_names_the_letters_it_has_no_sound_for() -> None:
    assert engines.load("hibari").cannot_say("The 大桥 in Київ 🚢") == "大桥Київ🚢"


def test_it_names_the_signs_it_passes_over() -> None:
    assert engines.load("hibari").cannot_say("5 ≥ 3 € №") == "≥€"


def test_the_marks_that_would_split_a_word_are_folded() -> None:
    assert fold("Nguyễn Phú Trọng, Łódź, Đà Nẵng, Zoë") == "Nguyen Phú Trong, Lódz, Dà Nang, Zoë"


def test_it_takes_nothing_for_what_it_is_not() -> None:
    engine, voice = engines.load("hibari"), engines.find("hibari:heart")
    assert engine.phonemes("He said no.", voice).endswith("nˈO.")
    assert "zˈɪɹO" not in engine.phonemes("King Charles met James Cleverly.", voice)
    assert engine.phonemes("[Xi's](/ʃˈiz/) dog", voice).startswith("ʃˈiz")
    assert not engine.knows("Kwibbel", voice)
    assert engine.knows("farmers", voice)
