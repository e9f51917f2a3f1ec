"""Measures and units, percent, maths."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bulletin.spoken.dates import COUNTED
from bulletin.spoken.numbers import DASH, NUMBER, amount, cardinal, digits, fraction, ordinal, plural
from bulletin.spoken.rule import NOT_NOUN, Rule, Style, after, alternatives, attributive, before, link, rule

VULGAR = {
    "½": (1, 2),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "¼": (1, 4),
    "¾": (3, 4),
    "⅕": (1, 5),
    "⅖": (2, 5),
    "⅗": (3, 5),
    "⅘": (4, 5),
    "⅙": (1, 6),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅝": (5, 8),
    "⅞": (7, 8),
}
POWERS = {"2": "square", "²": "square", "3": "cubic", "³": "cubic"}


RACES = frozenset(("60", "100", "110", "200", "400", "800", "1500", "1,500", "3000", "3,000", "5000", "5,000", "10000", "10,000"))
"""Meters that are run or swum."""


def rules(units: Mapping[str, list[str]], scales: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules of measures over a language's units (`km: [kilometer, kilometers]`)."""
    plain = [unit for unit in units if unit[-1].isalpha()]
    name = alternatives(units)
    scale = r"(?:\s?(?P<short>bn|tn|trn|mn|m(?=\s(?:sq|cu)\b))\b|\s(?P<scale>hundred|thousand|million|billion|trillion)\b)?"
    end = r"(?![A-Za-z\d²³']|-\d)(?:(?<=[a-z])\.(?=\s[a-z]))?"
    one = (
        rf"(?<![\w.,/$£€])(?<!\w-)(?!(?:1\d{{3}}|20\d\d)\sto\s)(?P<minus>(?<!\w)[-−])?(?P<number>{NUMBER})(?P<vulgar>[½⅓⅔¼¾])?"
        rf"(?:(?P<own>\s?(?:{name}))?(?P<link>\s?(?:[-–]|to|by|x|×)\s?)(?P<to>{NUMBER}))?(?:(?P<link3>\s?[x×]\s?)(?P<third>{NUMBER}))?{scale}"
        rf"(?P<gap>[\s-]?)(?P<square>sq\.?\s?|cu\.?\s)?(?P<unit>{name})(?P<power>[23²³](?!\w))?(?:\s?/\s?(?P<per>{alternatives(plain)}))?{end}"
    )

    def measure(match: re.Match[str], style: Style) -> str | None:
        """`100 km/h` -> `one hundred kilometers per hour`; `a 10m wall` -> `a ten-meter wall`; `10m people` is millions."""
        unit, gap, number = match["unit"], match["gap"], match["to"] or match["number"]
        if not sure(match, unit, gap):
            return None
        if unit == "m" and not gap and not match["power"] and not match["square"] and millions(match):
            low = f"{amount(match['number'], style.british)} to " if match["to"] else ""
            return f"{low}{amount(number, style.british)} million"
        power = POWERS.get(match["power"] or "", "") or {"s": "square", "c": "cubic"}.get((match["square"] or "")[:1], "")
        scaled = scales[match["short"]] if match["short"] else match["scale"] or ""
        said = amount(number, style.british) + (f" and {vulgar_words(match['vulgar'])}" if match["vulgar"] else "")
        if match["third"]:
            said += f" by {amount(match['third'], style.british)}"
        if match["to"]:
            low = amount(match["number"], style.british)
            if match["own"] and (match["own"].strip() != unit or match["link"].strip() == "to"):
                low += " " + units[match["own"].strip()][1]
            said = f"{low} {'by' if match['link'].strip() in ('x', '×', 'by') else 'to'} {said}"
        if match["minus"]:
            said = "minus " + said
        single = (number == "1" or (number == "0.5" and not scaled)) and not match["to"] and not scaled and not match["vulgar"]
        noun = re.match(r"\s([a-z]{3,})\b", after(match))
        glued = not gap and len(unit) > 1 and not unit.startswith("°") and noun is not None and noun[1] not in NOT_NOUN and not match["to"]
        describes = (glued or attributive(match) or (gap == "-" and bool(re.match(r"\s[a-z]", after(match))))) and not unit.startswith("°")
        per = f" per {units[match['per']][0]}" if match["per"] else ""
        if describes and unit not in ("C", "F"):
            words = [power, units[unit][0]]
            if (" " in units[unit][0] and " per " not in units[unit][0]) or power or per or match["to"]:
                return " ".join(filter(None, [said, scaled, *words])) + per
            return " ".join(filter(None, (said, scaled, units[unit][0]))).replace(" ", "-")
        return " ".join(filter(None, (said, scaled, power, units[unit][0 if single and number == "1" else 1]))) + per

    def sure(match: re.Match[str], unit: str, gap: str) -> bool:
        """Whether a short unit is one: `5 in the` and `2 a day` are none, nor is `5G`."""
        rest = after(match)
        if unit == "in" and gap == " " and re.match(r"\sof\s(?:rain|snow|ice|sleet|hail)", rest):
            return True
        if unit in ("in", "a", "h", "t", "s", "g", "l", "C", "F", "K", "d", "ha", "B", "M", "T", "mo") and gap == " ":
            return (
                unit in ("g", "t", "l", "ha", "K", "C", "F")
                and not re.match(r"'|\.\s?[A-Z]", rest)
                and not (unit in "CFK" and re.match(r"\s[A-Z]", rest))
            )
        if unit in ("C", "F") and not -90 <= float(match["number"].replace(",", "")) <= 130:
            return False
        if unit == "in" and re.match(r"\sa\s|-", rest):
            return False
        return unit != "s" or "." in match["number"]

    def millions(match: re.Match[str]) -> bool:
        """Whether `10m` counts: people or things follow, not a race or a wall."""
        rest = re.match(r"[\s]([a-z]+)", after(match))
        if attributive(match) and not re.match(r"\s(?:people|strong)", after(match)):
            return False
        if re.match(
            r"\s(?:sprint|hurdles|metres|meters|race|relay|final|breaststroke|freestyle|butterfly|backstroke|individual|gold|title|high|tall|long|wide|deep|away|above|below|apart|north|south|east|west|from|record|in\s(?:length|height|depth)|tides?|waves?)\b",
            after(match),
        ):
            return False
        if re.search(r"\.\d\d$", match["number"]) or re.search(
            r"\b(?:jump(?:ed|s)?|threw|throws?|clear(?:ed|s)|leapt|leaps|vault(?:ed|s)|ran|runs|swam)\s$", before(match)
        ):
            return False
        if match["number"] in RACES and re.search(r"(?:men|women|boys|girls|the|world)(?:'s|s')?\s$", before(match)):
            return False
        if "." in match["number"] and re.match(r"\s[A-Z][A-Za-z]+", after(match)):
            return True
        return bool(re.match(COUNTED, after(match)) or re.match(r"\s[a-z]+(?<!s)s\b", after(match))) or (
            bool(rest and rest[1] in ("more", "other", "in", "to", "of", "last", "this", "a", "are", "were", "have", "on", "by", "for"))
            and not match["gap"]
        )

    feet = re.compile(r"(?<![\w.,])(?P<feet>\d{1,2})\s?(?:ft\.?|')\s?(?P<inches>\d{1,2}(?:\.\d+|½)?)\s?(?:ins?\b\.?|\"|'')?(?![\w])")

    def feet_and_inches(match: re.Match[str], style: Style) -> str | None:
        """`6ft 2in` -> `six feet two inches`; `5'11"`."""
        if "'" in match.group() and not match.group().endswith(('"', "''", "in", "ins")):
            return None
        inches = match["inches"].replace("½", "")
        half = " and a half" if "½" in match["inches"] else ""
        return f"{cardinal(int(match['feet']))} feet {amount(inches)}{half} inch{'' if inches == '1' and not half else 'es'}"

    stones = re.compile(r"(?<![\w.,])(?P<a>\d{1,3})\s?(?P<big>st|lbs?)\.?\s(?P<b>\d{1,2})\s?(?P<small>lbs?|oz)\b\.?")

    def pounds_and_ounces(match: re.Match[str], style: Style) -> str | None:
        """`11st 4lb`, `7lb 6oz`."""
        big = "stone" if match["big"] == "st" else "pounds"
        return f"{cardinal(int(match['a']))} {big} {cardinal(int(match['b']))} {'ounces' if match['small'] == 'oz' else 'pounds'}"

    per = re.compile(rf"(?<![\w.,])(?P<number>{NUMBER})\s?/\s?(?P<per>{alternatives([unit for unit in plain if len(unit) > 1])})(?![\w/])")

    def so_much_per(match: re.Match[str], style: Style) -> str | None:
        """`12/kg` -> `twelve per kilogram`."""
        return f"{amount(match['number'], style.british)} per {units[match['per']][0]}"

    return (
        Rule("feet and inches", feet, feet_and_inches, digits=True),
        Rule("pounds and ounces", stones, pounds_and_ounces, digits=True),
        Rule("measure", re.compile(one), measure, digits=True),
        Rule("so much per", per, so_much_per, digits=True),
    )


@rule(r"(?<=\d\s)(?P<power>sq|cu)\.?\s(?=(?:miles?|feet|foot|yards?|inch(?:es)?|kilomet\w+|met\w+|centimet\w+)\b)", digits=True)
def square(match: re.Match[str], style: Style) -> str | None:
    """`34 sq miles` -> `square`."""
    return "square " if match["power"] == "sq" else "cubic "


@rule(rf"(?<![\w.,])(?P<degrees>{NUMBER})\s?°\s?(?:(?P<minutes>\d{{1,2}})['′]\s?)?(?P<point>[NSEW])\b", digits=True)
def coordinates(match: re.Match[str], style: Style) -> str | None:
    """`16.2°N` -> `sixteen point two degrees north`."""
    minutes = f" {cardinal(int(match['minutes']))} minutes" if match["minutes"] else ""
    point = {"N": "north", "S": "south", "E": "east", "W": "west"}[match["point"]]
    return f"{amount(match['degrees'])} degree{'' if match['degrees'] == '1' else 's'}{minutes} {point}"


@rule(r'(?<![\w.,])(?P<number>\d+(?:\.\d+)?)"(?!\w)', digits=True)
def inches(match: re.Match[str], style: Style) -> str | None:
    """`12"` -> `twelve inches`, where no quotation is open."""
    if match.string[: match.start()].count('"') % 2:
        return None
    return f"{amount(match['number'])} inch{'' if match['number'] == '1' else 'es'}"


def vulgar_words(char: str) -> str:
    """`½` -> `a half`, behind a whole number."""
    over, under = VULGAR[char]
    return fraction(over, under).replace("one half", "a half").replace("one quarter", "a quarter").replace("one third", "a third")


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


@rule(r"(?<![\w.,/])(?P<whole>\d+[\s-])?(?P<over>\d{1,4})[/⁄](?P<under>\d{1,4})(?P<th>ths?|rds?|nds?)?(?![\w/]|[.,]\d)", digits=True)
def a_fraction(match: re.Match[str], style: Style) -> str | None:
    """`3/4` -> `three quarters`, `2 1/2` -> `two and a half`."""
    over, under = int(match["over"]), int(match["under"])
    if under < 2 or (match["whole"] and over >= under):
        return None
    said = fraction(over, under, style.british)
    if not match["whole"]:
        return said
    if over == 1:
        said = said.replace("one ", "a " if under != 8 else "an ", 1)
    return f"{cardinal(int(match['whole'].strip(' -')), style.british)} and {said}"


@rule(r"(?<![\w])(?P<whole>\d[\d,]{0,12})?\s?(?P<vulgar>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞])")
def vulgar_fraction(match: re.Match[str], style: Style) -> str | None:
    """`2½` -> `two and a half`, `¾` -> `three quarters`."""
    if match["whole"]:
        return f"{amount(match['whole'], style.british)} and {vulgar_words(match['vulgar'])}"
    return fraction(*VULGAR[match["vulgar"]])


@rule(
    r"(?<![\w.,])(?P<number>\d+(?:\.\d+)?)(?:[eE](?P<e>[+-]?\d{1,3})|\s?[×x]\s?10\^?(?P<power>[-+−]?\d{1,3}|[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))(?![\w])",
    digits=True,
)
def e_notation(match: re.Match[str], style: Style) -> str | None:
    """`1.5e6` -> `one point five times ten to the sixth`."""
    power = int((match["e"] or match["power"]).translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")))
    return f"{amount(match['number'], style.british)} times ten to the {'minus ' if power < 0 else ''}{ordinal(abs(power))}"


SUPERS = {"²": "squared", "³": "cubed"}


@rule(r"(?<=[\w)])\^(?P<n>\d{1,2})\b|(?<=[A-Za-z\d)])(?P<sup>[²³])", digits=False)
def power(match: re.Match[str], style: Style) -> str | None:
    """`x²` -> `x squared`, `2^8` -> `two to the eighth`."""
    if match["sup"]:
        return " " + SUPERS[match["sup"]]
    return {2: " squared", 3: " cubed"}.get(int(match["n"]), f" to the {ordinal(int(match['n']))}")


SIGNS = {
    "+": "plus",
    "-": "minus",
    "−": "minus",
    "±": "plus or minus",
    "×": "times",
    "*": "times",
    "÷": "divided by",
    "=": "equals",
    "<": "less than",
    ">": "more than",
}


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
        "~": "about",
        "≈": "about",
        "<": "less than",
        ">": "more than",
        "≥": "at least",
        "≤": "at most",
        "±": "plus or minus",
        "+": "plus",
        "-": "minus",
    }
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
    """`1,250` -> `one thousand two hundred fifty`; `007` digit by digit; ten digits and more without commas too."""
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
