"""The names and acronyms in a text, whatever its letters."""

from __future__ import annotations

import pytest

from bulletin import languages
from bulletin.names import names


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("en", "The mayor met the crowd. It rained.", []),
        ("en", "The mayor met Ann Kwibbel and the NHS. Kwibbel smiled.", ["Kwibbel", "Ann Kwibbel", "NHS"]),
        ("en", "She met Ngozi Okonjo-Iweala, Ursula von der Leyen and others.", ["Ngozi Okonjo-Iweala", "Ursula von der Leyen"]),
        ("vi", "Hôm nay đường phố ở Hà Nội rất đông và ướt.", ["Hà Nội"]),
        ("ru", "Сегодня президент приехал в Москву.", ["Москву"]),
    ],
)
def test_names(language: str, text: str, found: list[str]) -> None:
    listed = [name.text for name in names([text], languages.load(language))]
    assert sorted(listed) == sorted(found)
