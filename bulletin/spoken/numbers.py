"""Numbers in English words: pure functions of numbers, no text around them is looked at."""

from __future__ import annotations

import functools
import re

ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["_", "_", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion")
IRREGULAR = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth"}
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
"""A number as English prints it: `1,250`, `3.5`, `.5`."""
DASH = r"\s?[-–]\s?"
"""What stands between the two ends of a range."""


@functools.lru_cache(4096)
def cardinal(number: int, british: bool = False) -> str:
    """`1250` -> `one thousand two hundred fifty`; British English says `and fifty`. From 10^21 on, digit by digit."""
    if number < 0:
        return "minus " + cardinal(-number, british)
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return f"{ONES[number // 100]} hundred" + (f"{' and' if british else ''} {cardinal(rest)}" if rest else "")
    if number >= 1000 ** len(SCALES):
        return digits(str(number))
    words = []
    for power in range(len(SCALES) - 1, -1, -1):
        part = number // 1000**power % 1000
        if part:
            low = british and not power and part < 100
            words.append(f"{'and ' if low else ''}{cardinal(part, british)} {SCALES[power]}".strip())
    return " ".join(words)


def ordinal(number: int, british: bool = False) -> str:
    """`21` -> `twenty-first`."""
    words = cardinal(number, british)
    last = re.split(r"[ -]", words)[-1]
    return words.removesuffix(last) + (IRREGULAR.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th"))


def digits(text: str, zero: str = "zero") -> str:
    """`4231` -> `four two three one`; other characters are passed over."""
    return " ".join(zero if char == "0" else ONES[int(char)] for char in text if char.isdecimal())


def amount(text: str, british: bool = False) -> str:
    """A number as printed, `1,250`, `-3.05`, `.5`: the whole in words, decimals digit by digit. A whole that begins with 0 is spelled."""
    text = text.replace(",", "").strip()
    if text[:1] in "-−":
        return "minus " + amount(text[1:], british)
    whole, point, part = text.partition(".")
    said = "" if not whole else digits(whole) if len(whole) > 1 and whole[0] == "0" else cardinal(int(whole), british)
    return f"{said} point {digits(part)}".strip() if point and part else said


def year(number: int) -> str:
    """`1905` -> `nineteen oh five`, `2005` -> `two thousand five`, `1900` -> `nineteen hundred`."""
    if number < 1000 or number % 1000 < 10:
        return cardinal(number)
    return paired(str(number))


def paired(text: str) -> str:
    """House, road and flight numbers: `221` -> `two twenty-one`, `1428` -> `fourteen twenty-eight`, `400` -> `four hundred`."""
    number = int(text)
    if text[0] == "0" or len(text) > 4:
        return digits(text, "zero" if text[0] == "0" else "oh")
    if len(text) < 3 or number % 1000 == 0:
        return cardinal(number)
    high, low = divmod(number, 100)
    if not low:
        return f"{cardinal(high)} hundred"
    return f"{cardinal(high)} {'oh ' if low < 10 else ''}{cardinal(low)}"


def plural(words: str) -> str:
    """`ninety` -> `nineties`, `ten` -> `tens`, `twenty-six` -> `twenty-sixes`."""
    return words[:-1] + "ies" if words.endswith("y") else words + ("es" if words.endswith(("x", "s")) else "s")


def fraction(over: int, under: int, british: bool = False) -> str:
    """`3/4` -> `three quarters`, `1/2` -> `one half`, `31/32` -> `thirty-one thirty-seconds`."""
    one = over == 1
    if under == 2:
        name = "half" if one else "halves"
    elif under == 4:
        name = "quarter" if one else "quarters"
    else:
        name = ordinal(under, british) + ("" if one else "s")
    return f"{cardinal(over, british)} {name}"


def roman(text: str) -> int:
    """The number of a well-formed Roman numeral up to 89, or 0."""
    if not re.fullmatch(r"(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})", text):
        return 0
    values = [{"I": 1, "V": 5, "X": 10, "L": 50}[char] for char in text]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


VULGAR = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5), "⅘": (4, 5),
    "⅙": (1, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}  # fmt: skip


def vulgar_words(char: str) -> str:
    """`½` -> `a half`, behind a whole number."""
    over, under = VULGAR[char]
    return fraction(over, under).replace("one half", "a half").replace("one quarter", "a quarter").replace("one third", "a third")
