"""Print becomes speech: `tests/spoken/en.txt`, a line a promise."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulletin.spoken import say

LINES = [
    tuple(part.strip() for part in line.split(" | "))
    for line in Path(__file__).with_name("spoken").joinpath("en.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]


@pytest.mark.parametrize(("written", "spoken"), LINES)
def test_spoken(written: str, spoken: str) -> None:
    assert say(written, "en") == spoken


@given(st.text(max_size=300), st.sampled_from(["en", "vi", "zh", "xx", ""]))
def test_no_text_raises_and_no_word_of_letters_is_lost(text: str, language: str) -> None:
    spoken = say(text, language)
    assert "\n" not in spoken
    if text.isalpha() and text.islower() and text.isascii() and language != "en":
        assert spoken == text
