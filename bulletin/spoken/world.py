"""Other languages: numbers by num2words, the names of units, currencies and months by Babel (CLDR), the rest from `languages/*.toml`.

A language is here once its file has a table `spoken.numbers`; for others the engine's own reading of numbers stands.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bulletin.spoken.numbers import roman
from bulletin.spoken.rule import Style, Words, after, alternatives, before, rule

UNITS = {
    "km/h": "speed-kilometer-per-hour", "m/s": "speed-meter-per-second", "km²": "area-square-kilometer", "km2": "area-square-kilometer",
    "m²": "area-square-meter", "m2": "area-square-meter", "m³": "volume-cubic-meter", "m3": "volume-cubic-meter", "km": "length-kilometer",
    "cm": "length-centimeter", "mm": "length-millimeter", "m": "length-meter", "kg": "mass-kilogram", "mg": "mass-milligram", "g": "mass-gram",
    "t": "mass-tonne", "ha": "area-hectare", "l": "volume-liter", "L": "volume-liter", "ml": "volume-milliliter", "kWh": "energy-kilowatt-hour",
    "kW": "power-kilowatt", "MW": "power-megawatt", "GW": "power-gigawatt", "°C": "temperature-celsius", "°F": "temperature-fahrenheit", "°": "angle-degree",
    "км/ч": "speed-kilometer-per-hour", "км²": "area-square-kilometer", "км": "length-kilometer", "м": "length-meter", "см": "length-centimeter",
    "кг": "mass-kilogram", "т": "mass-tonne", "га": "area-hectare", "л": "volume-liter", "кВт·ч": "energy-kilowatt-hour", "МВт": "power-megawatt",
}  # fmt: skip
"""How a unit is printed -> CLDR's name for it."""
SIGNS = {
    "$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₽": "RUB", "₫": "VND", "R$": "BRL", "₩": "KRW", "₹": "INR",
    "₴": "UAH",
}  # fmt: skip
CODES = ("USD", "EUR", "GBP", "JPY", "RUB", "VND", "BRL", "CHF", "CNY", "KRW", "INR", "UAH", "MXN", "ARS", "CAD", "AUD")


def own(style: Style) -> Mapping[str, Any]:
    """A language's table of numbers."""
    table: Mapping[str, Any] = style.language.spoken["numbers"]
    return table


def number(words: Words) -> str:
    """A number as the language prints it."""
    table = words["numbers"]
    group = "[ \u00a0\u202f]" if table["group"] == " " else re.escape(table["group"])
    point = re.escape(table["point"])
    return rf"(?:\d{{1,3}}(?:{group}\d{{3}})+(?!\d)(?:{point}\d+)?|\d+(?:{point}\d+)?)"


def one_or_two(words: Words) -> str:
    """A number, or the two ends of a range."""
    return rf"(?:(?P<low>{number(words)})(?:\s?[-–]\s?|\s{words['numbers']['range']}\s))?(?P<number>{number(words)})"


def scale(words: Words) -> str:
    """`млрд`, `Millionen`."""
    table = words["numbers"]
    return rf"(?:\s(?P<scale>{alternatives(table['scales'])})(?!\w)|\s(?P<word>{'|'.join(table['scale_words'])})\b)?"


def month(words: Words) -> str:
    """The names of the months."""
    return rf"(?P<name>{'|'.join(words['numbers']['month_words'])})"


LEAD = r"(?<![\w.,/$€£-])"
"""What may not stand before a number of its own."""
SIGN = alternatives([*SIGNS, *CODES])


@rule(
    rf"{LEAD}(?P<day>\d{{1,2}})(?P<sep>[/.-])(?P<month>\d{{1,2}})(?:(?P=sep)(?P<year>[12]\d{{3}}|\d{{2}}))?(?![\w%]|[.,/-]\d)",
    digits=True,
)
def date(match: re.Match[str], style: Style) -> str | None:
    """`5/12/2024`: day, month, year."""
    table = own(style)
    day, month, year = int(match["day"]), int(match["month"]), match["year"]
    if not (1 <= day <= 31 and 1 <= month <= 12) or not (year or re.search(table["before_date"], before(match), re.I)):
        return None
    name = table["months"][month - 1] if table["months"] else cardinal(str(month), style)
    said: str = table["date"].format(day=ordinal_day(day, match, style), month=name)
    said = said.removeprefix("ngày ") if re.search(r"\bngày\s$", before(match), re.I) else said
    return said + (table["year"].format(year=years(year, style)) if year else "")


@rule(
    lambda words: (
        rf"{LEAD}(?P<day>\d{{1,2}})(?:er|º|°)?(?P<gap>\.?\s{words['numbers']['of']}){month(words)}\b"
        rf"(?:(?P<between>\s{words['numbers']['of_year']})(?P<year>[12]\d{{3}})\b)?"
    ),
    digits=True,
    flags=re.I,
)
def day_and_month(match: re.Match[str], style: Style) -> str | None:
    """`5. Dezember 2024`, `1er mai`: a month in words, the rest in numbers."""
    name = re.sub(r"\d+", lambda month: cardinal(month[0], style), match["name"])
    said = f"{ordinal_day(int(match['day']), match, style)}{match['gap'].replace('.', '')}{name}"
    return said + (f"{match['between']}{years(match['year'], style)}" if match["year"] else "")


@rule(
    lambda words: (
        rf"{LEAD}(?P<h>\d{{1,2}})(?P<sep>{words['numbers']['clock']})(?P<m>[0-5]\d)?(?P<mark>{words['numbers']['clock_mark']})?"
        r"(?![\w]|[.,:]\d|\s?%)"
    ),
    digits=True,
)
def time(match: re.Match[str], style: Style) -> str | None:
    """`15:30`, `15h30`."""
    table = own(style)
    hour, minute = int(match["h"]), int(match["m"] or 0)
    timed = table["before_date"] + table["before_time"]
    if hour > 24 or (not match["m"] and not match["mark"] and match["sep"] in ":."):
        return None
    if not match["mark"] and match["sep"] == "." and not re.search(timed, before(match), re.I):
        return None
    said = cardinal(str(hour), style)
    said = feminine(said, style) if table.get("hours_feminine") else one_of(said, style)
    name = "hour" if not minute else "time_small" if minute < 10 and "time_small" in table else "time"
    form: str = (table.get(f"{name}_one") if hour < 2 else None) or table[name]
    return form.format(h=said, m=cardinal(str(minute), style))


@rule(lambda words: rf"(?<!\w)(?P<sign>{SIGN})\s?{one_or_two(words)}{scale(words)}(?!\d)", digits=True)
def money(match: re.Match[str], style: Style) -> str | None:
    """A sum with its currency's sign or code before it."""
    count = plain(match["number"], style)
    scaled = scale_of(match["scale"], count, style) if match["scale"] else match["word"] or ""
    return f"{several(match, style)} {' '.join(filter(None, (scaled, currency(match['sign'], count, bool(scaled), style))))}"


@rule(lambda words: rf"{LEAD}{one_or_two(words)}{scale(words)}\s?(?P<sign>{SIGN})(?!\w)", digits=True)
def money_behind(match: re.Match[str], style: Style) -> str | None:
    """And behind it."""
    return money.say(match, style)


@rule(lambda words: rf"{LEAD}(?P<minus>[-−])?{one_or_two(words)}\s?%", digits=True)
def percent(match: re.Match[str], style: Style) -> str | None:
    """`5 %` in words."""
    return (
        f"{several(match, style)} {unit('concentr-percent', plain(match['number'], style), style.language.code) or own(style)['percent']}"
    )


@rule(lambda words: rf"{LEAD}(?P<minus>[-−])?{one_or_two(words)}\s?(?P<unit>{alternatives(UNITS)})(?!\w)", digits=True)
def measure(match: re.Match[str], style: Style) -> str | None:
    """`100 km/h` in words."""
    name = unit_name(match["unit"], plain(match["number"], style), style)
    return f"{several(match, style, counted=True)} {name}" if name else None


@rule(lambda words: words["numbers"]["ordinal"], digits=True)
def ordinal(match: re.Match[str], style: Style) -> str | None:
    """`1er`, `3º`, `20. Jahrhundert`, `5-й`."""
    return ordinal_words(int(match["n"]), match, style)


@rule(lambda words: rf"(?P<name>{'|'.join(words['numbers']['numbered'])})\s(?P<roman>(?=[IVXL])[IVXL]+)\b", flags=re.I)
def numeral(match: re.Match[str], style: Style) -> str | None:
    """`siglo XX`, `thế kỷ XXI`."""
    value = roman(match["roman"])
    return f"{match['name']} {cardinal(str(value), style)}" if value else None


@rule(lambda words: words["numbers"].get("counted", r"(?!)"), name="numeral")
def counted_numeral(match: re.Match[str], style: Style) -> str | None:
    """`XXe siècle`."""
    value = roman(match["roman"])
    return ordinal_words(value, match, style) if value else None


@rule(lambda words: rf"(?<=[^\W\d_])/(?P<unit>{alternatives(UNITS)})(?!\w)" if "per" in words["numbers"] else r"(?!)")
def per(match: re.Match[str], style: Style) -> str | None:
    """`3.200 đồng/kg`: for each."""
    name = unit_name(match["unit"], Decimal(1), style)
    return f" {own(style)['per']} {name}" if name else None


@rule(
    lambda words: (
        r"(?<![\w.,])(?P<year>1[1-9]\d\d|20\d\d)[\s\u00a0](?P<noun>года|году|годом|год|г\.)(?!\w)"
        if "года" in words["numbers"]["year"]
        else r"(?!)"
    ),
    digits=True,
)
def russian_year(match: re.Match[str], style: Style) -> str | None:
    """`в 1987 году`, `с 1987 года`: the year is an ordinal in the case of its noun."""
    from num2words import num2words

    where = "p" if re.search(r"\b[Вв]о?\s$", before(match)) else "d"
    case = {"год": "n", "года": "g", "году": where, "годом": "i", "г.": "g"}[match["noun"]]
    return f"{num2words(int(match['year']), lang='ru', to='ordinal', case=case, gender='m')} {match['noun'].replace('г.', 'года')}"


@rule(lambda words: rf"{LEAD}(?P<number>{number(words)})\s(?P<scale>{alternatives(words['numbers']['scales'])})(?!\w)", digits=True)
def short_scale(match: re.Match[str], style: Style) -> str | None:
    """`3,2 млрд` in words."""
    return f"{cardinal(match['number'], style)} {scale_of(match['scale'], plain(match['number'], style), style)}"


@rule(lambda words: rf"{LEAD}(?P<low>{number(words)})\s?[-–]\s?(?P<number>{number(words)})(?![\w-]|[.,/]\d)", name="range", digits=True)
def between(match: re.Match[str], style: Style) -> str | None:
    """`10-15`: from, to."""
    return several(match, style)


@rule(rf"{LEAD}(?P<year>1[1-9]\d\d|20\d\d)(?![\w%]|[.,/]\d)", digits=True)
def year(match: re.Match[str], style: Style) -> str | None:
    """A number of four digits behind a word of time."""
    return years(match["year"], style) if re.search(own(style)["before_year"], before(match), re.I) else None


@rule(lambda words: rf"(?<![\w.,])(?P<number>{number(words)})(?![\w])", name="number", digits=True)
def a_number(match: re.Match[str], style: Style) -> str | None:
    """Any other number."""
    written = match["number"]
    if len(written) > 1 and written[0] == "0" and written.isdigit():
        return " ".join(cardinal(digit, style) for digit in written)
    noun = FEMININE.match(after(match))
    if style.language.code == "ru" and noun and written.isdecimal():
        from num2words import num2words

        return str(num2words(int(written), lang="ru", gender="f", case="a" if noun[1].endswith("у") else "n"))
    said = cardinal(written, style)
    return one_of(said, style) if re.match(r"\s[^\W\d_]", after(match)) else said


RULES = (
    date, day_and_month, time, money, money_behind, percent, measure, ordinal, numeral, per, counted_numeral, russian_year, short_scale,
    between, year, a_number,
)  # fmt: skip
"""In the order in which they claim."""


def several(match: re.Match[str], style: Style, counted: bool = False) -> str:
    """One number, or both ends of a range; a minus in front."""
    said = cardinal(match["number"], style)
    said = one_of(said, style) if counted else said
    said = f"{cardinal(match['low'], style)} {own(style)['range']} {said}" if match["low"] else said
    return f"{own(style)['minus']} {said}" if match.groupdict().get("minus") else said


def unit_name(printed: str, count: Decimal, style: Style) -> str:
    """A unit's name for so many of it: the language's own, else CLDR's."""
    name: str = own(style).get("units", {}).get(printed) or unit(UNITS[printed], count, style.language.code)
    return name


def plain(text: str, style: Style) -> Decimal:
    """A number as it is printed in a language, as a number."""
    text = re.sub(r"\s", "", text)
    table = own(style)
    if table["group"].strip():
        text = text.replace(table["group"], "")
    try:
        return Decimal(text.replace(table["point"], "."))
    except InvalidOperation:
        return Decimal(0)


def cardinal(text: str, style: Style) -> str:
    """A number as printed, in words; decimals digit by digit where there are more than two or a zero leads them."""
    value, code = plain(text, style), style.language.code
    whole, _, part = str(value).partition(".")
    said = vietnamese(int(whole)) if code == "vi" else spelled(int(whole), code)
    if not part:
        return said
    if code == "ru":
        from num2words import num2words

        return str(num2words(value, lang="ru"))
    digits = " ".join(spelled(int(digit), code) for digit in part)
    return f"{said} {own(style)['decimal']} {digits if len(part) > 2 or part[0] == '0' or code == 'de' else cardinal(part, style)}"


@functools.lru_cache(4096)
def spelled(number: int, code: str) -> str:
    """A whole number in words."""
    from num2words import num2words

    try:
        return str(num2words(number, lang=code))
    except (OverflowError, NotImplementedError, KeyError):  # what its languages raise for a number beyond their words
        return " ".join(str(num2words(int(digit), lang=code)) for digit in str(number))


FEMININE = re.compile(r"\s((?:тысяч|минут|секунд|недел|копе|тонн|стран|женщин|школ|машин|квартир|книг|семь|гривн|крон|лир|побед|попыт)\w*)")
"""Russian nouns of feminine gender that are often counted."""
ONES_VI = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"]
SCALES_VI = ("", "nghìn", "triệu", "tỷ", "nghìn tỷ", "triệu tỷ")


def vietnamese(number: int) -> str:
    """A whole number in Vietnamese: `2024` -> `hai nghìn không trăm hai mươi tư`; num2words says `lẻ hai mươi bốn` there."""
    if number < 1000:
        return hundreds_vi(number, whole=False) if number else ONES_VI[0]
    if number >= 1000 ** len(SCALES_VI):
        return " ".join(ONES_VI[int(digit)] for digit in str(number))
    said: list[str] = []
    for power in range(len(SCALES_VI) - 1, -1, -1):
        part = number // 1000**power % 1000
        if part:
            said.append(f"{hundreds_vi(part, whole=bool(said))} {SCALES_VI[power]}".strip())
    return " ".join(said)


def hundreds_vi(number: int, *, whole: bool) -> str:
    """Three digits; `whole` says the hundred though it is nought."""
    hundred, ten, one = number // 100, number // 10 % 10, number % 10
    said = [f"{ONES_VI[hundred]} trăm"] if hundred or whole else []
    if ten > 1:
        last = {0: "", 1: "mốt", 4: "tư", 5: "lăm"}.get(one, ONES_VI[one])
        said.append(f"{ONES_VI[ten]} mươi {last}".strip())
    elif ten == 1:
        said.append(f"mười {'lăm' if one == 5 else ONES_VI[one] if one else ''}".strip())
    elif one:
        said.append(f"{'lẻ ' if said else ''}{ONES_VI[one]}")
    return " ".join(said)


def scale_of(short: str, count: Decimal, style: Style) -> str:
    """A scale in words for so many of it: Russian has three forms."""
    forms = own(style)["scales"][short]
    if isinstance(forms, str):
        return forms
    from babel import Locale

    return str(forms[{"one": 0, "few": 1, "other": 1}.get(Locale(style.language.code).plural_form(count), 2)])


def years(text: str, style: Style) -> str:
    """A year as the language says it."""
    number = int(text) if len(text) == 4 else (2000 if int(text) < 50 else 1900) + int(text)
    code = style.language.code
    if code == "de":
        from num2words import num2words

        return str(num2words(number, lang="de", to="year"))
    if code == "ru":
        from num2words import num2words

        return str(num2words(number, lang="ru", to="ordinal", case="g"))
    return cardinal(str(number), style)


def ordinal_day(day: int, match: re.Match[str], style: Style) -> str:
    """The day of a month as the language counts it."""
    from num2words import num2words

    if style.language.code == "de":
        return german(day, match)
    if style.language.code == "ru":
        return str(num2words(day, lang="ru", to="ordinal", case="g", gender="n"))
    if day == 1 and "first" in own(style):
        return str(own(style)["first"])
    return cardinal(str(day), style)


def german(number: int, match: re.Match[str]) -> str:
    """A German ordinal with the ending that the word before it asks for: `am fünften`, `der fünfte`, `fünfter`."""
    from num2words import num2words

    said = str(num2words(number, lang="de", to="ordinal"))
    front = before(match, 16).lower()
    if re.search(r"\b(?:am|vom|zum|beim|im|dem|den|des|ab|seit|bis|einem|einen|jedem|jeden|und dem)\s$", front):
        return said + "n"
    return said if re.search(r"\b(?:der|die|das|diese[rs]?)\s$", front) else said + "r"


RUSSIAN: Mapping[str, Mapping[str, Any]] = {
    "го": {"case": "g", "gender": "m"}, "му": {"case": "d", "gender": "m"}, "м": {"case": "p", "gender": "m"}, "я": {"gender": "f"},
    "ю": {"case": "a", "gender": "f"}, "е": {"gender": "n"}, "х": {"case": "g", "plural": True},
}  # fmt: skip
"""The ending of an ordinal as it is written -> case and gender."""


def ordinal_words(number: int, match: re.Match[str], style: Style) -> str | None:
    """`1er`, `2º`, `5-й` in words, with the gender that is written."""
    from num2words import num2words

    mark, code = match["mark"], style.language.code
    if code == "de":
        return german(number, match)
    if code == "ru":
        return str(num2words(number, lang="ru", to="ordinal", **RUSSIAN.get(mark, {})))
    said = str(num2words(number, lang=code, to="ordinal"))
    if mark in ("ª", ".ª", "a"):
        return said[:-1] + "a" if said.endswith("o") else said
    if mark in ("ère", "re"):
        return "première" if number == 1 else said
    if code == "es" and mark in ("er", ".er"):
        return said.removesuffix("o")
    return said


def one_of(said: str, style: Style) -> str:
    """A number before its noun: German `ein`, Spanish `un`."""
    if style.language.code == "de" and said.endswith("eins"):
        return said[:-1]
    if style.language.code == "es" and said.endswith("uno"):
        return said[:-3] + ("ún" if len(said) > 3 and said[-4].isalpha() else "un")
    return said


def feminine(said: str, style: Style) -> str:
    """A number before a noun of feminine gender, in French, Portuguese and Spanish: `une`, `uma`, `duas`."""
    if style.language.code == "pt":
        return re.sub(r"\bdois$", "duas", re.sub(r"\bum$", "uma", said))
    return re.sub(r"\bun$", "une", said) if style.language.code == "fr" else re.sub(r"uno$", "una", said)


@functools.lru_cache(1024)
def unit(name: str, count: Decimal, code: str) -> str:
    """A unit's name for so many of it, from CLDR; empty where it has none, or a sign alone, as Babel 2.19 has for percent in Vietnamese."""
    from babel.core import UnknownLocaleError
    from babel.units import UnknownUnitError, format_unit

    try:
        said = format_unit(count, name, "long", locale=code)
    except (UnknownUnitError, UnknownLocaleError):
        return ""
    bare = re.sub(r"[\d.,\s  ]*\d\s?", "", said, count=1).strip()
    return bare if any(map(str.isalpha, bare)) and not ("-" in bare and bare == name) else ""


def currency(sign: str, count: Decimal, scaled: bool, style: Style) -> str:
    """A currency's name for so many of it, with the word that stands between a million and it."""
    from babel.numbers import get_currency_name

    count, code, table = Decimal(5) if scaled else count, style.language.code, own(style)
    short = table.get("currencies", {}).get(sign)
    name = short[0 if count == 1 else 1] if short else get_currency_name(SIGNS.get(sign, sign), count=count, locale=code)
    if not scaled or not table.get("of_money"):
        return str(name)
    return f"d'{name}" if code == "fr" and name[0].lower() in "aeiouéè" else f"{table['of_money']} {name}"
