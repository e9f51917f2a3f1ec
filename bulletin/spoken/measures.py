"""Measures: an amount, a range or a size with its unit."""

from __future__ import annotations

import re

from bulletin.spoken.dates import COUNTED
from bulletin.spoken.numbers import NUMBER, amount, cardinal, vulgar_words
from bulletin.spoken.rule import NOT_NOUN, Style, Words, after, alternatives, attributive, before, rule

POWERS = {"2": "square", "²": "square", "3": "cubic", "³": "cubic"}


DATA = frozenset(("GB", "TB", "MB", "KB", "W", "kW", "MW", "GHz", "MHz"))
"""Units before what they describe, whatever its capitals: `an 8TB SSD`."""
RACES = frozenset(("60", "100", "110", "200", "400", "800", "1500", "1,500", "3000", "3,000", "5000", "5,000", "10000", "10,000"))
"""Meters that are run or swum."""


@rule(
    r"(?<![\w.,])(?P<feet>\d{1,2})\s?(?:ft\.?|')\s?(?P<inches>\d{1,2}(?:\.\d+|½)?)\s?(?:ins?\b\.?|\"|'')?(?![\w])",
    digits=True,
)
def feet_and_inches(match: re.Match[str], style: Style) -> str | None:
    """`6ft 2in` -> `six feet two inches`; `5'11"`."""
    if "'" in match.group() and not match.group().endswith(('"', "''", "in", "ins")):
        return None
    inches = match["inches"].replace("½", "")
    if attributive(match):
        return f"{cardinal(int(match['feet']))}-foot-{amount(inches).replace(' ', '-')}"
    half = " and a half" if "½" in match["inches"] else ""
    return f"{cardinal(int(match['feet']))} feet {amount(inches)}{half} inch{'' if inches == '1' and not half else 'es'}"


@rule(r"(?<![\w.,])(?P<a>\d{1,3})\s?(?P<big>st|lbs?)\.?\s(?P<b>\d{1,2})\s?(?P<small>lbs?|oz)\b\.?", digits=True)
def pounds_and_ounces(match: re.Match[str], style: Style) -> str | None:
    """`11st 4lb`, `7lb 6oz`."""
    big = "stone" if match["big"] == "st" else "pounds"
    return f"{cardinal(int(match['a']))} {big} {cardinal(int(match['b']))} {'ounces' if match['small'] == 'oz' else 'pounds'}"


def measured(words: Words) -> str:
    """An amount, a range or a size with its unit: `5 km`, `10-15 kg`, `2 x 4 m`, `5m sq ft`, `3 m/s`."""
    name = alternatives(words["units"])
    per = alternatives([unit for unit in words["units"] if unit[-1].isalpha()])
    scale = r"(?:\s?(?P<short>bn|tn|trn|mn|m(?=\s(?:sq|cu)\b))\b|\s(?P<scale>hundred|thousand|million|billion|trillion)\b)?"
    end = r"(?![A-Za-z\d²³']|-\d)(?:(?<=[a-z])\.(?=\s[a-z]))?"
    return (
        rf"(?<![\w.,/$£€])(?<!\w-)(?!(?:1\d{{3}}|20\d\d)\sto\s)(?P<minus>(?<!\w)[-−])?(?P<number>{NUMBER})(?P<vulgar>[½⅓⅔¼¾])?"
        rf"(?:(?P<own>\s?(?:{name}))?(?P<link>\s?(?:[-–]|to|by|x|×)\s?)(?P<to>{NUMBER}))?(?:(?P<link3>\s?[x×]\s?)(?P<third>{NUMBER}))?{scale}"
        rf"(?P<gap>[\s-]?)(?P<square>sq\.?\s?|cu\.?\s)?(?P<unit>{name})(?P<power>[23²³](?!\w))?(?:\s?/\s?(?P<per>{per})(?P<per_power>[23²³])?)?{end}"
    )


@rule(measured, digits=True)
def measure(match: re.Match[str], style: Style) -> str | None:
    """`100 km/h` -> `one hundred kilometers per hour`; `a 10m wall` -> `a ten-meter wall`; `10m people` is millions."""
    units, scales = style.language.spoken["units"], style.language.spoken["scales"]
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
    noun = re.match(r"\s([A-Za-z]{3,})\b" if unit in DATA else r"\s([a-z]{3,})\b", after(match))
    glued = not gap and len(unit) > 1 and not unit.startswith("°") and noun is not None and noun[1] not in NOT_NOUN and not match["to"]
    describes = (glued or attributive(match) or (gap == "-" and bool(re.match(r"\s[a-z]", after(match))))) and not unit.startswith("°")
    per = " ".join(filter(None, (" per", POWERS.get(match["per_power"] or "", ""), units[match["per"]][0]))) if match["per"] else ""
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
    if re.match(r"\s(?:people|men|women|children)\b", after(match)):
        return True
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


@rule(
    lambda words: (
        rf"(?<![\w.,])(?P<number>{NUMBER})\s?/\s?"
        rf"(?P<per>{alternatives([unit for unit in words['units'] if unit[-1].isalpha() and len(unit) > 1])})(?![\w/])"
    ),
    digits=True,
)
def so_much_per(match: re.Match[str], style: Style) -> str | None:
    """`12/kg` -> `twelve per kilogram`."""
    units = style.language.spoken["units"]
    return f"{amount(match['number'], style.british)} per {units[match['per']][0]}"


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
