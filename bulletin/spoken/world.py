"""Other languages: numbers by num2words, the names of units, currencies and months by Babel (CLDR), the rest from `languages/*.toml`.

A language is here once its file has a table `spoken.numbers`; for others the engine's own reading of numbers stands.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bulletin.languages import Language
from bulletin.spoken.numbers import roman
from bulletin.spoken.rule import Rule, Style, after, alternatives, before

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
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
    "¥": "JPY",
    "₽": "RUB",
    "₫": "VND",
    "R$": "BRL",
    "₩": "KRW",
    "₹": "INR",
    "₴": "UAH",
}
CODES = ("USD", "EUR", "GBP", "JPY", "RUB", "VND", "BRL", "CHF", "CNY", "KRW", "INR", "UAH", "MXN", "ARS", "CAD", "AUD")


def rules(language: Language) -> tuple[Rule, ...]:
    """The rules of numbers of one language, from its table."""
    own: Mapping[str, Any] = language.spoken["numbers"]
    code = language.code
    group, point = re.escape(own["group"]), re.escape(own["point"])
    space = "[   ]" if own["group"] == " " else group
    number = rf"(?:\d{{1,3}}(?:{space}\d{{3}})+(?!\d)(?:{point}\d+)?|\d+(?:{point}\d+)?)"
    lead = r"(?<![\w.,/$€£-])"
    scale = rf"(?:\s(?P<scale>{alternatives(own['scales'])})(?!\w)|\s(?P<word>{'|'.join(own['scale_words'])})\b)?"
    link = rf"(?:\s?[-–]\s?|\s{own['range']}\s)"

    def words(text: str) -> str:
        return cardinal(text, code, own)

    def several(match: re.Match[str], counted: bool = False) -> str:
        """One number, or both ends of a range; a minus in front."""
        number = one_of(words(match["number"]), code) if counted else words(match["number"])
        said = f"{words(match['low'])} {own['range']} {number}" if match["low"] else number
        return f"{own['minus']} {said}" if match.groupdict().get("minus") else said

    def money(match: re.Match[str], style: Style) -> str | None:
        """A sum with its currency's sign or code before or behind it."""
        sign = match["sign"] or match["behind"]
        scaled = scale_of(match["scale"], plain(match["number"], own), code, own) if match["scale"] else match["word"] or ""
        return f"{several(match)} {' '.join(filter(None, (scaled, currency(sign, plain(match['number'], own), bool(scaled), code, own))))}"

    signs = alternatives([*SIGNS, *CODES])
    first = re.compile(rf"(?<!\w)(?P<sign>{signs})\s?(?:(?P<low>{number}){link})?(?P<number>{number}){scale}(?P<behind>(?!))?(?!\d)")
    behind = re.compile(rf"{lead}(?:(?P<low>{number}){link})?(?P<number>{number}){scale}(?P<sign>(?!))?\s?(?P<behind>{signs})(?!\w)")

    def percent(match: re.Match[str], style: Style) -> str | None:
        """`5%` in words."""
        said = several(match)
        count = plain(match["number"], own)
        return f"{said} {unit('concentr-percent', count, code) or own['percent']}"

    def measure(match: re.Match[str], style: Style) -> str | None:
        """`100 km/h` in words."""
        name: str = own.get("units", {}).get(match["unit"]) or unit(UNITS[match["unit"]], plain(match["number"], own), code)
        return f"{several(match, True)} {name}" if name else None

    def short_scale(match: re.Match[str], style: Style) -> str | None:
        """`3,2 млрд` in words."""
        return f"{words(match['number'])} {scale_of(match['scale'], plain(match['number'], own), code, own)}"

    months = own["months"]

    def date(match: re.Match[str], style: Style) -> str | None:
        """`5/12/2024`: day, month, year."""
        day, month, year = int(match["day"]), int(match["month"]), match["year"]
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return None
        if not year and not re.search(own["before_date"], before(match), re.I):
            return None
        name = words(str(month)) if not months else months[month - 1]
        written = bool(re.search(r"\bngày\s$", before(match), re.I))
        said: str = own["date"].format(day=ordinal_day(day, match, code, own), month=name)
        said = said.removeprefix("ngày ") if written else said
        return said + (own["year"].format(year=years(year, code, own)) if year else "")

    def day_of_month(match: re.Match[str], style: Style) -> str | None:
        """`5. Dezember 2024`, `1er mai`: a month in words, the rest in numbers."""
        name = re.sub(r"\d+", lambda month: words(month[0]), match["name"])
        said = f"{ordinal_day(int(match['day']), match, code, own)}{match['gap'].replace('.', '')}{name}"
        return said + (f"{match['between']}{years(match['year'], code, own)}" if match["year"] else "")

    def clock(match: re.Match[str], style: Style) -> str | None:
        """`15:30`, `15h30`."""
        hour, minute = int(match["h"]), int(match["m"] or 0)
        if (
            hour > 24
            or (not match["m"] and not match["mark"] and match["sep"] in ":.")
            or (not match["mark"] and not re.search(own["before_date"] + own["before_time"], before(match), re.I) and match["sep"] == ".")
        ):
            return None
        hours = feminine(words(str(hour)), code) if own.get("hours_feminine") else one_of(words(str(hour)), code)
        return str(own["time"].format(h=hours, m=words(str(minute))) if minute else own["hour"].format(h=hours))

    def ordinal(match: re.Match[str], style: Style) -> str | None:
        """`1er`, `3º`, `20. Jahrhundert`, `5-й`."""
        return ordinal_words(int(match["n"]), match, code)

    def numeral(match: re.Match[str], style: Style) -> str | None:
        """`siglo XX`, `thế kỷ XXI`."""
        value = roman(match["roman"])
        return f"{match['name']} {words(str(value))}" if value else None

    def counted(match: re.Match[str], style: Style) -> str | None:
        """`XXe siècle`."""
        value = roman(match["roman"])
        return ordinal_words(value, match, code) if value else None

    def between(match: re.Match[str], style: Style) -> str | None:
        """`10-15`: from, to."""
        return f"{words(match['low'])} {own['range']} {words(match['number'])}"

    def year(match: re.Match[str], style: Style) -> str | None:
        """A number of four digits behind a word of time."""
        return years(match["year"], code, own) if re.search(own["before_year"], before(match), re.I) else None

    def russian_year(match: re.Match[str], style: Style) -> str | None:
        """`в 1987 году`, `с 1987 года`: the year is an ordinal in the case of its noun."""
        from num2words import num2words

        case = {"год": "n", "года": "g", "году": "p" if re.search(r"\b[Вво]о?\s$", before(match)) else "d", "годом": "i", "г.": "g"}[
            match["noun"]
        ]
        return f"{num2words(int(match['year']), lang='ru', to='ordinal', case=case, gender='m')} {match['noun'].replace('г.', 'года')}"

    def per(match: re.Match[str], style: Style) -> str | None:
        """`3.200 đồng/kg`: for each."""
        name = own.get("units", {}).get(match["unit"]) or unit(UNITS[match["unit"]], Decimal(1), code)
        return f" {own['per']} {name}" if name else None

    def a_number(match: re.Match[str], style: Style) -> str | None:
        """Any other number."""
        if len(match["number"]) > 1 and match["number"][0] == "0" and match["number"].isdigit():
            return " ".join(words(digit) for digit in match["number"])
        said = words(match["number"])
        if code == "ru" and (noun := FEMININE.match(after(match))) and match["number"].isdecimal():
            from num2words import num2words

            return str(num2words(int(match["number"]), lang="ru", gender="f", case="a" if noun[1].endswith("у") else "n"))
        return one_of(said, code) if re.match(r"\s[^\W\d_]", after(match)) else said

    name = rf"(?P<name>{'|'.join(own['month_words'])})"
    made = [
        Rule("date", re.compile(rf"{lead}(?P<day>\d{{1,2}})(?P<sep>[/.-])(?P<month>\d{{1,2}})(?:(?P=sep)(?P<year>[12]\d{{3}}|\d{{2}}))?(?![\w%]|[.,/-]\d)"), date, True),
        Rule("day and month", re.compile(rf"{lead}(?P<day>\d{{1,2}})(?:er|º|°)?(?P<gap>\.?\s{own['of']}){name}\b(?:(?P<between>\s{own['of_year']})(?P<year>[12]\d{{3}})\b)?", re.I), day_of_month, True),
        Rule("time", re.compile(rf"{lead}(?P<h>\d{{1,2}})(?P<sep>{own['clock']})(?P<m>[0-5]\d)?(?P<mark>{own['clock_mark']})?(?![\w]|[.,:]\d|\s?%)"), clock, True),
        Rule("money", first, money, True),
        Rule("money behind", behind, money, True),
        Rule("percent", re.compile(rf"{lead}(?P<minus>[-−])?(?:(?P<low>{number})\s?%?{link})?(?P<number>{number})\s?%"), percent, True),
        Rule("measure", re.compile(rf"{lead}(?P<minus>[-−])?(?:(?P<low>{number}){link})?(?P<number>{number})\s?(?P<unit>{alternatives(UNITS)})(?!\w)"), measure, True),
        Rule("ordinal", re.compile(own["ordinal"]), ordinal, True),
        Rule("numeral", re.compile(rf"(?P<name>{'|'.join(own['numbered'])})\s(?P<roman>(?=[IVXL])[IVXL]+)\b", re.I), numeral),
        Rule("per", re.compile(rf"(?<=[^\W\d_])/(?P<unit>{alternatives(UNITS)})(?!\w)" if "per" in own else r"(?!)"), per),
        Rule("numeral", re.compile(own.get("counted", r"(?!)")), counted),
        Rule("year", re.compile(r"(?<![\w.,])(?P<year>1[1-9]\d\d|20\d\d)[\s\u00a0](?P<noun>года|году|годом|год|г\.)(?!\w)" if code == "ru" else r"(?!)"), russian_year, True),
        Rule("short scale", re.compile(rf"{lead}(?P<low>(?!))?(?P<number>{number})\s(?P<scale>{alternatives(own['scales'])})(?!\w)"), short_scale, True),
        Rule("range", re.compile(rf"{lead}(?P<low>{number})\s?[-–]\s?(?P<number>{number})(?![\w-]|[.,/]\d)"), between, True),
        Rule("year", re.compile(rf"{lead}(?P<year>1[1-9]\d\d|20\d\d)(?![\w%]|[.,/]\d)"), year, True),
        Rule("number", re.compile(rf"(?<![\w.,])(?P<number>{number})(?![\w])"), a_number, True),
    ]  # fmt: skip
    return tuple(made)


def plain(text: str, own: Mapping[str, Any]) -> Decimal:
    """A number as it is printed in a language, as a number."""
    text = re.sub(r"\s", "", text)
    if own["group"].strip():
        text = text.replace(own["group"], "")
    try:
        return Decimal(text.replace(own["point"], "."))
    except InvalidOperation:
        return Decimal(0)


def cardinal(text: str, code: str, own: Mapping[str, Any]) -> str:
    """A number as printed, in words; decimals digit by digit where there are more than two or a zero leads them."""
    value = plain(text, own)
    whole, _, part = str(value).partition(".")
    said = vietnamese(int(whole)) if code == "vi" else spelled(int(whole), code)
    if not part:
        return said
    if code == "ru":
        from num2words import num2words

        return str(num2words(value, lang="ru"))
    digits = " ".join(spelled(int(digit), code) for digit in part)
    return f"{said} {own['decimal']} {digits if len(part) > 2 or part[0] == '0' or code == 'de' else cardinal(part, code, own)}"


@functools.lru_cache(4096)
def spelled(number: int, code: str) -> str:
    """A whole number in words."""
    from num2words import num2words

    try:
        return str(num2words(number, lang=code))
    except (OverflowError, NotImplementedError):
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


def scale_of(short: str, count: Decimal, code: str, own: Mapping[str, Any]) -> str:
    """A scale in words for so many of it: Russian has three forms."""
    forms = own["scales"][short]
    if isinstance(forms, str):
        return forms
    from babel import Locale

    return str(forms[{"one": 0, "few": 1, "other": 1}.get(Locale(code).plural_form(count), 2)])


def years(text: str, code: str, own: Mapping[str, Any]) -> str:
    """A year as the language says it."""
    number = int(text) if len(text) == 4 else (2000 if int(text) < 50 else 1900) + int(text)
    if code == "de":
        from num2words import num2words

        return str(num2words(number, lang="de", to="year"))
    if code == "ru":
        from num2words import num2words

        return str(num2words(number, lang="ru", to="ordinal", case="g"))
    return cardinal(str(number), code, own)


def ordinal_day(day: int, match: re.Match[str], code: str, own: Mapping[str, Any]) -> str:
    """The day of a month as the language counts it."""
    from num2words import num2words

    if code == "de":
        return german(day, match)
    if code == "ru":
        return str(num2words(day, lang="ru", to="ordinal", case="g", gender="n"))
    if day == 1 and own.get("first"):
        return str(own["first"])
    return cardinal(str(day), code, own)


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


def ordinal_words(number: int, match: re.Match[str], code: str) -> str | None:
    """`1er`, `2º`, `5-й` in words, with the gender that is written."""
    from num2words import num2words

    mark = match["mark"]
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


def one_of(said: str, code: str) -> str:
    """A number before its noun: German `ein`, Spanish `un`."""
    if code == "de" and said.endswith("eins"):
        return said[:-1]
    if code == "es" and said.endswith("uno"):
        return said[:-3] + ("ún" if len(said) > 3 and said[-4].isalpha() else "un")
    return said


def feminine(said: str, code: str) -> str:
    """A number before a noun of feminine gender, in Portuguese and Spanish: `uma`, `duas`."""
    return re.sub(r"\bdois$", "duas", re.sub(r"\bum$", "uma", said)) if code == "pt" else re.sub(r"uno$", "una", said)


@functools.lru_cache(1024)
def unit(name: str, count: Decimal, code: str) -> str:
    """A unit's name for so many of it, from CLDR; empty where it has none."""
    from babel.core import UnknownLocaleError
    from babel.units import UnknownUnitError, format_unit

    try:
        said = format_unit(count, name, "long", locale=code)
    except (UnknownUnitError, UnknownLocaleError):
        return ""
    bare = re.sub(r"[\d.,\s  ]*\d\s?", "", said, count=1).strip()
    return "" if "-" in bare and bare == name else bare


def currency(sign: str, count: Decimal, scaled: bool, code: str, own: Mapping[str, Any]) -> str:
    """A currency's name for so many of it, with the word that stands between a million and it."""
    from babel.numbers import get_currency_name

    count = Decimal(5) if scaled else count
    short = own.get("currencies", {}).get(sign)
    name = short[0 if count == 1 else 1] if short else get_currency_name(SIGNS.get(sign, sign), count=count, locale=code)
    if not scaled or not own.get("of_money"):
        return str(name)
    return f"d'{name}" if code == "fr" and name[0].lower() in "aeiouéè" else f"{own['of_money']} {name}"
