"""Figures without a unit of measure: percent, points, fractions, ordinals, maths, and numbers that nothing else has taken."""

from __future__ import annotations

import re

from bulletin.spoken.dates import COUNTED
from bulletin.spoken.numbers import DASH, NUMBER, VULGAR, amount, cardinal, digits, fraction, ordinal, plural, vulgar_words
from bulletin.spoken.rule import Style, after, attributive, before, link, rule

PERCENT = r"\s?(?:%|pct\.?(?!\w))"


@rule(
    rf"(?<![\w.,])(?!(?:1\d{{3}}|20\d\d)\sto\s)(?P<minus>(?<!\w)[-−+])?(?P<number>{NUMBER})(?P<vulgar>[½¼¾])?(?P<own>{PERCENT})?(?:(?P<link>{DASH}|\sto\s)(?P<to>{NUMBER}))?{PERCENT}",
    digits=True,
)
def percent(match: re.Match[str], style: Style) -> str | None:
    """`5%` -> `five percent`; `10-15%` -> `ten to fifteen percent`."""
    word = "per cent" if style.british else "percent"
    if match["own"] and not match["to"]:
        return None
    said = amount(match["number"], style.british) + (f" and {vulgar_words(match['vulgar'])}" if match["vulgar"] else "")
    if match["minus"]:
        said = ("plus " if match["minus"] == "+" else "minus ") + said
    if match["to"]:
        said += f"{f' {word}' if match['own'] else ''} {link(match)} {amount(match['to'], style.british)}"
    return f"{said} {word}"


@rule(rf"(?<![\w.,])(?P<number>{NUMBER})(?:{DASH}(?P<to>{NUMBER}))?(?P<gap>\s?-?)(?P<unit>bps?|pp|ppts?)\b", digits=True)
def points(match: re.Match[str], style: Style) -> str | None:
    """`25bp` -> `twenty-five basis points`; `2pp` -> `two percentage points`."""
    low = f"{amount(match['number'], style.british)} to " if match["to"] else ""
    number = match["to"] or match["number"]
    kind = "basis" if match["unit"].startswith("b") else "percentage"
    if attributive(match) or match["gap"] == "-":
        return f"{low}{amount(number, style.british)}-{kind}-point"
    return f"{low}{amount(number, style.british)} {kind} point{'' if number == '1' else 's'}"


@rule(r"(?<![\w.,/])(?P<whole>\d{1,3}[\s-])?(?P<over>\d{1,4})[/⁄](?P<under>\d{1,4})(?P<th>ths?|rds?|nds?)?(?![\w/]|[.,]\d)", digits=True)
def a_fraction(match: re.Match[str], style: Style) -> str | None:
    """`3/4` -> `three quarters`, `2 1/2` -> `two and a half`."""
    over, under = int(match["over"]), int(match["under"])
    if under < 2 or (match["whole"] and over >= under):
        return None
    said = fraction(over, under, style.british)
    if not match["whole"]:
        return said
    if over == 1:
        said = said.replace("one ", "an " if ordinal(under)[0] == "e" else "a ", 1)
    return f"{cardinal(int(match['whole'].strip(' -')), style.british)} and {said}"


@rule(r"(?<![\w])(?P<whole>\d[\d,]{0,12})?\s?(?P<vulgar>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞])")
def vulgar_fraction(match: re.Match[str], style: Style) -> str | None:
    """`2½` -> `two and a half`, `¾` -> `three quarters`."""
    if match["whole"]:
        return f"{amount(match['whole'], style.british)} and {vulgar_words(match['vulgar'])}"
    return fraction(*VULGAR[match["vulgar"]])


@rule(
    r"(?<![\w.,])(?P<number>\d+(?:\.\d+)?)(?:[eE](?P<e>[+-]?\d{1,3})|\s?[×x]\s?10(?:\^(?P<power>[-+−]?\d{1,3})|(?P<sup>[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[-−]\d{1,3})))(?![\w])",
    digits=True,
)
def e_notation(match: re.Match[str], style: Style) -> str | None:
    """`1.5e6` -> `one point five times ten to the sixth`."""
    power = int((match["e"] or match["power"] or match["sup"]).translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")))
    return f"{amount(match['number'], style.british)} times ten to the {'minus ' if power < 0 else ''}{ordinal(abs(power))}"


SUPERS = {"²": "squared", "³": "cubed"}


@rule(r"(?<=[\w)])\^(?P<n>\d{1,2})\b|(?<=[A-Za-z\d)])(?P<sup>[²³])", digits=False)
def power(match: re.Match[str], style: Style) -> str | None:
    """`x²` -> `x squared`, `2^8` -> `two to the eighth`."""
    if match["sup"]:
        return " " + SUPERS[match["sup"]]
    return {2: " squared", 3: " cubed"}.get(int(match["n"]), f" to the {ordinal(int(match['n']))}")


SIGNS = {
    "+": "plus", "-": "minus", "−": "minus", "±": "plus or minus", "×": "times", "*": "times", "÷": "divided by", "=": "equals",
    "<": "less than", ">": "more than",
}  # fmt: skip


@rule(
    r"(?<=\d)\s?(?P<sign>[+*×÷=±])\s?(?=\d)|(?<=\d)\s?(?P<by>[x×])\s?(?=\d)|(?<=[A-Za-z\d)])\s(?P<spaced>[+=±÷×<>])\s(?=[A-Za-z\d(])",
    digits=True,
)
def maths(match: re.Match[str], style: Style) -> str | None:
    """`2+2=4` -> `two plus two equals four`; `3x4` -> `three by four`."""
    sized = match["sign"] == "×" and re.match(
        rf"{NUMBER}[\s-]?(?:[mck]?m\b|ft\b|in\b|feet|foot|inch|met|yard|kilomet|centimet|mil)", after(match)
    )
    return f" {'by' if match['by'] or sized else SIGNS[match['sign'] or match['spaced']]} "


@rule(r"(?<![\w.,])(?P<number>\d\d)ers\b", digits=True)
def ers(match: re.Match[str], style: Style) -> str | None:
    """`49ers` -> `forty-niners`."""
    return cardinal(int(match["number"])).removesuffix("e") + "ers"


@rule(r"(?<=[A-Za-z])\.(?=\d)", digits=True)
def point_in_a_name(match: re.Match[str], style: Style) -> str | None:
    """`JN.1` -> `JN point one`."""
    return " point " if before(match, 2).isupper() or before(match, 1) == "v" else None


@rule(r"(?<![\w])(?P<sign>[~≈<>≥≤±+]|-(?=\d))\s?(?=[$£€]?\d)", digits=True)
def before_a_number(match: re.Match[str], style: Style) -> str | None:
    """`~5` -> `about five`, `>5` -> `more than five`, `-4` -> `minus four`."""
    if match["sign"] == "-" and not match.start() and re.match(r"[\d,.]+\s(?!degrees|°|percent|%|million|billion)[a-z]", after(match)):
        return ""  # an item of a list
    words = {
        "~": "about", "≈": "about", "<": "less than", ">": "more than", "≥": "at least", "≤": "at most", "±": "plus or minus",
        "+": "plus", "-": "minus",
    }  # fmt: skip
    return words[match["sign"]] + " "


@rule(r"(?<![\w.,])(?P<number>\d+(?:\.\d+)?)x(?!\w)", digits=True)
def so_many_times(match: re.Match[str], style: Style) -> str | None:
    """`2.5x` -> `two point five times`."""
    return f"{amount(match['number'], style.british)} times"


@rule(r"(?<![\w.,])(?P<number>\d[\d,]*)(?P<th>st|nd|rd|th)\b", digits=True, flags=re.I)
def an_ordinal(match: re.Match[str], style: Style) -> str | None:
    """`21st` -> `twenty-first`."""
    number = int(match["number"].replace(",", ""))
    right = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return ordinal(number, style.british) if match["th"].lower() == right else f"{cardinal(number, style.british)} {match['th']}"


@rule(r"(?<![\w.,])(?<![A-Z]-)(?P<number>\d{1,3})s\b", digits=True)
def several_of_age(match: re.Match[str], style: Style) -> str | None:
    """`under-21s` -> `under-twenty-ones`."""
    if re.search(r"\b(?!Over-|Under-)[A-Z]\w*-$", before(match)):
        return None
    return plural(cardinal(int(match["number"])))


@rule(rf"(?<![\w.,])(?<![A-Z]-)(?P<number>{NUMBER})(?:\s?(?P<short>bn|tn|trn|mn|k|K|B|M|T|b)(?![\w'])|(?P<plus>\+))", digits=True)
def scaled(match: re.Match[str], style: Style) -> str | None:
    """`3.5bn people` -> `three point five billion people`; `10k` -> `ten thousand`."""
    said = amount(match["number"], style.british)
    if match["plus"]:
        return f"{said} plus"
    if match["short"] in "KBMT" and re.search(r"\b[A-Z][a-z]+\s$", before(match)):
        return f"{said} {match['short']}"  # `Hall 4B`
    scale = style.language.spoken["scales"][match["short"].lower()]
    if match["short"] == "K" and len(match["number"]) < 2:
        return f"{said} K"
    if match["short"] in "KBMTkb" and match.group()[-2] == " ":
        return None
    adjective = re.match(r"-[a-z]", after(match))
    return f"{said}{'-' if adjective else ' '}{scale}"


@rule(rf"(?<![\w.,:/])(?P<number>{NUMBER})(?P<gap>\s)(?P<scale>thousand|million|billion|trillion)-(?=[a-z])", digits=True)
def scaled_describing(match: re.Match[str], style: Style) -> str | None:
    """`2 million-strong` -> `two-million-strong`."""
    return f"{amount(match['number'], style.british)}-{match['scale']}-"


@rule(rf"(?<![\w.])(?P<number>{NUMBER})(?!\w)", digits=True)
def a_number(match: re.Match[str], style: Style) -> str | None:
    """`1,250` -> `one thousand two hundred fifty`; `007` digit by digit; six digits and more without commas too, if they count nothing."""
    number = match["number"]
    if len(number) > 4 and number.isdigit() and "/" in (before(match, 1), after(match, 1)):
        return digits(number)
    if re.search(r"(?:\b(?:code|pin|otp|otp is|ending in|ssn|passcode)\s(?:is\s)?)$", before(match, 20), re.I) or (
        len(number) > 9 and number.isdigit()
    ):
        return digits(number)
    if len(number) > 5 and number.isdecimal() and not re.match(COUNTED, after(match)):
        return digits(number)
    said = amount(number, style.british)
    return said.replace(" ", "-") if re.match(r"-[a-z]", after(match)) else said


@rule(r"\d+", digits=True)
def left_digits(match: re.Match[str], style: Style) -> str | None:
    """What no other rule has taken: short numbers whole, long ones digit by digit."""
    number = match.group()
    if (len(number) > 1 and number[0] == "0") or (len(number) > 3 and match.start() and match.string[match.start() - 1] == "."):
        return digits(number)
    return cardinal(int(number), style.british) if len(number) < 13 else digits(number)
