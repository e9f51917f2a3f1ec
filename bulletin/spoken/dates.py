"""Dates, years, decades, and times of day."""

from __future__ import annotations

import re

from bulletin.spoken.numbers import amount, cardinal, ordinal, paired, plural, year
from bulletin.spoken.rule import NOT_NOUN, Style, after, before, rule, stop

MONTHS = {
    "jan": "January", "feb": "February", "mar": "March", "apr": "April", "may": "May", "jun": "June", "jul": "July", "aug": "August",
    "sep": "September", "sept": "September", "oct": "October", "nov": "November", "dec": "December",
}  # fmt: skip
NAMES = tuple(dict.fromkeys(MONTHS.values()))
MONTH = rf"{'|'.join(NAMES)}|(?:JAN|FEB|MAR|APR|JUN|JUL|AUG|SEPT?|OCT|NOV|DEC|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
LOWER = (
    r"(?:january|february|april|june|july|august|september|october|november|december|jan|feb|apr|jun|jul|aug|sept?|oct|nov)\b\.?"
    r"|(?:march|may|mar|dec)\b\.?(?=,?\s\d{4})"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
TH = r"(?:st|nd|rd|th)?"
YEAR = r"(?P<year>1\d{3}|20\d\d)\b(?![,.]\d|[-–/]\d)"
VERBS = r"levels|prices|figures|standards|results|elections|rules|targets|forecasts|estimates|sales|earnings|is|was|has|does|marks|sees|brings|begins|ends|starts|remains|comes|gets|goes|looks|seems|promises|means|shows|saw|was|as|this|its|his|us|yes|thus|plus|less|versus|always|perhaps|besides|whereas"
COUNTED = rf"\s+(?:more\s|other\s|new\s|dead\s|young\s|people|men|women|children|troops|police|(?!(?:{VERBS})\b)[a-z]{{3,}}(?<![siu])s\b)"
"""A noun in the plural: what stands before it counts it."""
TELLS_YEAR = re.compile(
    r"(?:\b(?:in|since|until|till|after|before|early|late|mid|during|circa|year|spring|summer|autumn|fall|winter|through|back|the|and|or"
    rf"|{'|'.join(NAMES)}|to|from|between|by|for|of|season|election|class|vintage|this|its|their|his|her)|'s|[(–-])[\s-]*$",
    re.I,
)
YEARLY = re.compile(r"(?:\b(?:by|in|since|until|till|early|late|mid|during|circa|year|spring|summer|autumn|fall|winter)|\()[\s-]*$", re.I)


def named(month: str) -> str:
    """A month's full name."""
    return MONTHS[month.lower().rstrip(".")] if month.lower().rstrip(".") in MONTHS else month.capitalize()


def the(match: re.Match[str]) -> str:
    """`the `, unless it is written already or an ordinal's own words are."""
    return "" if re.search(r"\bthe\s+$", before(match, 6), re.I) else "the "


@rule(
    rf"(?<![A-Za-z])(?P<a>{MONTH})\s(?P<day>{DAY}){TH}\s?[-–]\s?(?P<b>{MONTH})\s(?P<last>{DAY}){TH}\b(?![:.]\d)(?:(?P<comma>,?)\s{YEAR})?",
    digits=True,
)
def from_month_to_month(match: re.Match[str], style: Style) -> str | None:
    """`Dec. 23-Jan. 2` -> `December twenty-third to January second`."""
    said = f"{named(match['a'])} {ordinal(int(match['day']))} to {named(match['b'])} {ordinal(int(match['last']))}"
    return said + (f"{match['comma']} {year(int(match['year']))}" if match["year"] else "")


@rule(
    rf"(?<![A-Za-z])(?P<month>{MONTH}|{LOWER})\s(?P<day>{DAY}){TH}(?P<range>\s?(?:[-–]|\bto\b|\band\b|\bthrough\b|\bor\b)\s?(?P<last>{DAY}){TH})?\b(?![:.,]?\d|\s?(?:%|percent\b|per\scent\b|[ap]\.?m\b))(?:(?P<comma>,?)\s{YEAR})?",
    digits=True,
)
def month_and_day(match: re.Match[str], style: Style) -> str | None:
    """`Jan. 5, 2024` -> `January fifth, twenty twenty-four`; `June 3-5` -> `June third to fifth`."""
    said = f"{named(match['month'])} {ordinal(int(match['day']))}"
    if match["range"]:
        if int(match["last"]) <= int(match["day"]):
            return None
        link = re.sub(r"[-–]", "to", match["range"][: match["range"].index(match["last"])]).strip()
        said += f" {link} {ordinal(int(match['last']))}"
    return said + (f"{match['comma']} {year(int(match['year']))}" if match["year"] else "")


@rule(
    rf"\b(?P<day>{DAY}){TH}(?:\s?(?P<link>[-–]|\bto\b|\band\b|\bor\b)\s?(?P<last>{DAY}){TH})?\s(?:of\s)?(?P<month>{MONTH}|{LOWER})(?![A-Za-z])(?:(?P<comma>,?)\s?{YEAR})?",
    digits=True,
)
def day_and_month(match: re.Match[str], style: Style) -> str | None:
    """`5 January 2024` -> `the fifth of January twenty twenty-four`; `5-11 November` -> `the fifth to the eleventh of November`."""
    said = the(match) + ordinal(int(match["day"]))
    if match["last"]:
        link = "to the" if match["link"] in "-–" else match["link"]
        said += f" {link} {ordinal(int(match['last']))}"
    said += f" of {named(match['month'])}"
    return said + (f"{match['comma']} {year(int(match['year']))}" if match["year"] else "")


@rule(rf"(?<![A-Za-z])(?P<month>{MONTH}|{LOWER})(?P<comma>,?)\s{YEAR}(?!{COUNTED})", digits=True)
def month_and_year(match: re.Match[str], style: Style) -> str | None:
    """`Sept. 2023` -> `September twenty twenty-three`."""
    return f"{named(match['month'])}{match['comma']} {year(int(match['year']))}"


@rule(
    r"(?<![\w.,/-])(?P<a>\d{1,2}|[12]\d{3}|[A-Z][a-z]{2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<c>[12]\d{3}|\d{2})(?![\w/]|[.,-]\d)",
    digits=True,
)
def date_in_numbers(match: re.Match[str], style: Style) -> str | None:
    """`5/12/2024`, `2024-05-12`, `15.01.2020`, `Jan-15-2020`: in the order of the station's country; a day over 12 tells it."""
    a, b, c, sep = match["a"], match["b"], match["c"], match["sep"]
    if a.isalpha():
        if a.lower() not in MONTHS or len(c) != 4:
            return None
        return f"{named(a)} {ordinal(int(b))} {year(int(c))}"
    if len(a) == 4:
        if len(c) == 4 or not (1 <= int(b) <= 12 and 1 <= int(c) <= 31):
            return None
        return in_order(int(c), int(b), style.british, year(int(a)), match)
    if len(c) == 2 and sep != "/":
        return None
    first, second = int(a), int(b)
    day, month, british = (first, second, True) if (style.british or first > 12) and second <= 12 else (second, first, False)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    said = year(int(c)) if len(c) == 4 else f"oh {cardinal(int(c))}" if 0 < int(c) < 10 else cardinal(int(c))
    return in_order(day, month, british, said, match)


def in_order(day: int, month: int, british: bool, years: str, match: re.Match[str]) -> str:
    """A date as its country says it."""
    name = NAMES[month - 1]
    return " ".join(filter(None, (f"{the(match)}{ordinal(day)} of {name}" if british else f"{name} {ordinal(day)}", years)))


@rule(r"(?<![\w./,])(?<!\d-)(?:24/7|9/11|7/7)(?![\w/-]|[.,]\d)", digits=True)
def known_by_numbers(match: re.Match[str], style: Style) -> str | None:
    """`24/7`, `9/11`: each number for itself."""
    return " ".join(cardinal(int(part)) for part in match.group().split("/"))


@rule(r"(?<![\w./,-])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\w/-]|[.,]\d)", digits=True)
def day_and_month_in_numbers(match: re.Match[str], style: Style) -> str | None:
    """`on 5/12` -> `on May twelfth`, or `the fifth of December` where days come first."""
    if not re.search(
        r"\b(?:on|by|since|until|till|before|after|from|dated|due|and|[A-Z][a-z]+day|Mon\.|Tue\.|Tues\.|Wed\.|Thu\.|Thurs\.|Fri\.|Sat\.|Sun\.),?\s$",
        before(match, 12),
        re.I,
    ) or re.match(r"\s(?:of|cups?|miles?|inch|inches|a|an|the)\b", after(match)):
        return None
    first, second = int(match["a"]), int(match["b"])
    if first < second <= 10 and re.search(r"\b(?:by|from|and|before|after)\s$", before(match, 8)):
        return None  # `down by 1/3`
    british = second <= 12 and (style.british or first > 12)
    day, month = (first, second) if british else (second, first)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return in_order(day, month, british, "", match)


@rule(r"(?<![\w,.])(?P<from>1\d{3}|20\d\d)(?P<link>\s?[-–]\s?|/)(?P<to>1\d{3}|20\d\d|\d\d)(?![\w/]|[.,]\d|[-–]\d)", digits=True)
def range_of_years(match: re.Match[str], style: Style) -> str | None:
    """`2019–2023` -> `twenty nineteen to twenty twenty-three`; `2024/25`, `2019-20` -> `twenty nineteen to twenty`."""
    start, end = int(match["from"]), match["to"]
    if start < 1100 or re.match(r"\s?(?:[kcm]?m|kg|km|mph|ft)\b|\s(?:GMT|hours|UTC|local)", after(match)):
        return None
    if len(end) == 4:
        return None if int(end) <= start else f"{year(start)} to {year(int(end))}"
    if int(end) == start % 100 + 1 or "/" in match["link"] or int(end) > start % 100:
        return f"{year(start)} to {'oh ' if 0 < int(end) < 10 else ''}{cardinal(int(end))}"
    return None


@rule(r"(?<![\w,.'])(?P<century>\d\d)?(?P<apostrophe>')?(?P<ten>\d0)'?s\b", digits=True)
def decade(match: re.Match[str], style: Style) -> str | None:
    """`1980s`, `'90s`, `his 50s`; `1900s` -> `nineteen hundreds`."""
    ten = int(match["ten"])
    if match["century"] == "20" and ten == 0:
        return "two thousands"
    if match["century"]:
        if int(match["century"]) < 11:
            return None
        return f"{cardinal(int(match['century']))} {plural(cardinal(ten)) if ten else 'hundreds'}"
    return plural(cardinal(ten)) if ten else "two thousands" if match["apostrophe"] else None


@rule(r"\b(?P<label>FY|fiscal\s|CY)\s?'?(?P<year>20\d\d|\d\d)\b(?:[/-](?P<to>\d\d)\b)?", digits=True)
def fiscal_year(match: re.Match[str], style: Style) -> str | None:
    """`FY24` -> `fiscal twenty twenty-four`."""
    number = int(match["year"]) if len(match["year"]) == 4 else 2000 + int(match["year"])
    to = f" to {cardinal(int(match['to']))}" if match["to"] else ""
    return f"{'calendar' if match['label'] == 'CY' else 'fiscal'} {year(number)}{to}"


FIGURES = frozenset((
    "profit", "profits", "revenue", "revenues", "sales", "earnings", "results", "net", "gross", "growth", "income", "loss", "losses", "output", "figures",
    "report", "guidance", "shipments", "orders", "deliveries", "margins", "production", "turnover", "operating", "core", "adjusted", "pretax",
))  # fmt: skip
"""What has quarters and halves."""
HALVES = {"Q1": "first", "Q2": "second", "Q3": "third", "Q4": "fourth", "H1": "first", "H2": "second"}


@rule(r"\b(?P<part>Q[1-4]|H[12])\b(?P<year>(?:\s(?:of\s|FY\s?)?|/)'?(?:20\d\d|\d\d)\b(?![,.%]\d|%))?(?!-\w*\d)", digits=True)
def quarter(match: re.Match[str], style: Style) -> str | None:
    """`in Q3` -> `in the third quarter`, `Q3 profit` -> `third-quarter profit`, `Q1 2024` -> `the first quarter of ...`."""
    name = "quarter" if match["part"][0] == "Q" else "half"
    which = HALVES[match["part"]]
    front, rest = before(match, 12), re.match(r"[\s-]([a-z]+)", after(match))
    number = re.search(r"\d+$", match["year"] or "")
    years = year(int(number[0]) if len(number[0]) == 4 else 2000 + int(number[0])) if number else ""
    article = "" if re.search(r"\b(?:the|this|last|next|its|their|our)\s+$", front, re.I) else "the "
    in_time = re.search(
        r"\b(?:in|for|during|of|by|since|until|from|to|and|early|late|mid|end|through|versus|vs|than|this|last|next|the|its|'s)[\s-]+$",
        front,
        re.I,
    )
    if rest and not years and rest[1] not in NOT_NOUN:
        return f"{which}-{name}" if in_time or rest[1] in FIGURES else None
    if not years and not in_time and front and not front.rstrip().endswith((",", ".", ";", ":", "(", "–", "—")):
        return None  # `an Audi Q3`
    return f"{article}{which} {name}{f' of {years}' if years else ''}"


@rule(r"(?<![\w,.])(?P<year>\d{1,4})\s?(?P<era>A\.?D\.?|B\.?C\.?(?:E\.?)?|C\.E\.|CE)(?![A-Za-z])", digits=True)
def era(match: re.Match[str], style: Style) -> str | None:
    """`340 A.D.` -> `three forty AD`."""
    number = int(match["year"])
    return f"{paired(match['year']) if number % 100 and number > 99 else cardinal(number)} {match['era'].replace('.', '')}{stop(match)}"


@rule(
    r"(?<![\w.,/:+-])(?P<year>1[1-9]\d\d|20\d\d|2100)(?![\w%/]|[.,:]\d|-\d|\s?(?:%|percent|per\scent|[kcm]?m\b|kg\b|mph\b|GMT\b|UTC\b|hours?\b|people\b))",
    digits=True,
)
def a_year(match: re.Match[str], style: Style) -> str | None:
    """`in 2020` -> `twenty twenty`; what counts something is left to be a number: `2020 people`."""
    front = before(match, 16)
    counts = re.match(rf"(?:-\w+)?{COUNTED}", after(match)) and not YEARLY.search(front)
    if counts and not re.search(r"(?:\b(?:the|its|his|her|their|our|this|that|last|next|an?|early|late|of)|'s)\s+$", front):
        return None
    return year(int(match["year"]))


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT_DAY = r"(?:Mon|Tues?|Wed|Thur?s?|Fri|Sat|Sun)"


@rule(rf"\b(?P<a>{MONTH})\s?[-–/]\s?(?P<b>{MONTH})(?:(?P<comma>,?)\s{YEAR})?(?=[\s,.;)]|$)")
def months_from_to(match: re.Match[str], style: Style) -> str | None:
    """`Jan.-Sept.` -> `January to September`."""
    years = f"{match['comma']} {year(int(match['year']))}" if match["year"] else ""
    return f"{named(match['a'])} to {named(match['b'])}{years}{stop(match)}"


@rule(rf"\b(?P<a>{SHORT_DAY})\.?(?P<link>\s?[-–/]\s?|\sto\s)(?P<b>{SHORT_DAY})\b\.?")
def weekdays(match: re.Match[str], style: Style) -> str | None:
    """`Mon-Fri` -> `Monday to Friday`."""
    first, last = (next(name for name in WEEKDAYS if name.startswith(match[end][:2])) for end in "ab")
    return f"{first} {'and' if '/' in match['link'] else 'to'} {last}{stop(match)}"


@rule(r"(?<![\w'])'(?P<year>\d\d)(?![\w'\"]|[.,]\d|[-–]\d)", digits=True)
def short_year(match: re.Match[str], style: Style) -> str | None:
    """`the '08 crash` -> `the oh eight crash`."""
    number = int(match["year"])
    return f"oh {cardinal(number)}" if number < 10 else cardinal(number)


@rule(rf"\b(?P<day>{SHORT_DAY})\.(?=\s|,)")
def weekday(match: re.Match[str], style: Style) -> str | None:
    """`Mon.` -> `Monday`."""
    short = match["day"][:2]
    if not re.match(r",?\s(?:\d|[A-Z]|[a-z])", after(match)) and not stop(match):
        return None
    full = next(name for name in WEEKDAYS if name.startswith(short))
    return full + stop(match)


# --- times of day -------------------------------------------------------------------------------------------

CLOCK = r"(?:[01]?\d|2[0-4])"
HALF = r"(?:\s?(?P<half>[AaPp])\.?\s?[Mm]\b\.?)"


def clock(hour: int, minute: str, half: str = "") -> str:
    """One time in words: `9`, `05`, `a` -> `nine oh five AM`."""
    words = [cardinal(hour)]
    if minute and int(minute):
        words.append(f"oh {cardinal(int(minute))}" if int(minute) < 10 else cardinal(int(minute)))
    return " ".join(words) + (f" {half.upper()}M" if half else "")


@rule(
    rf"(?<![\w:.,$£€-])(?P<h>{CLOCK})(?:[:.](?P<m>[0-5]\d))?(?P<first>\s?[AaPp]\.?[Mm]\b\.?)?(?P<to>\s?[-–]\s?|\sto\s|\sand\s)(?P<h2>{CLOCK})(?:[:.](?P<m2>[0-5]\d))?{HALF}",
    digits=True,
)
def hours_from_to(match: re.Match[str], style: Style) -> str | None:
    """`7-9 p.m.` -> `seven to nine PM`; `5pm-7pm`."""
    first = re.sub(r"[^ap]", "", (match["first"] or "").lower())
    link = match["to"].strip()
    link = "to" if link in ("-", "–") else link
    return (
        f"{clock(int(match['h']), match['m'] or '', first)} {link} {clock(int(match['h2']), match['m2'] or '', match['half'])}{stop(match)}"
    )


@rule(rf"(?<![\w:.,$£€])(?P<h>{CLOCK})(?:[:.](?P<m>[0-5]\d))?{HALF}", digits=True)
def hour(match: re.Match[str], style: Style) -> str | None:
    """`10.30pm` -> `ten thirty PM`; `5 a.m.` -> `five AM`."""
    return clock(int(match["h"]), match["m"] or "", match["half"]) + stop(match)


@rule(r"(?<![\w:.,])(?P<h>\d{1,2}):(?P<m>[0-5]\d):(?P<s>[0-5]\d)(?P<part>\.\d+)?(?![\w:])", digits=True)
def elapsed(match: re.Match[str], style: Style) -> str | None:
    """`2:01:35` -> `two hours one minute thirty-five seconds`."""
    parts = [(int(match["h"]), "hour"), (int(match["m"]), "minute")]
    said = [f"{cardinal(number)} {unit}{'' if number == 1 else 's'}" for number, unit in parts if number]
    seconds = amount(str(int(match["s"])) + (match["part"] or ""))
    if seconds != "zero":
        said.append(f"{seconds} second{'' if seconds == 'one' else 's'}")
    return " ".join(said) or "zero seconds"


@rule(r"(?<![\w:.,])(?P<m>\d{1,2}):(?P<s>[0-5]\d)\.(?P<part>\d{1,3})(?![\w:])", digits=True)
def elapsed_minutes(match: re.Match[str], style: Style) -> str | None:
    """`1:45.32` -> `one minute forty-five point three two seconds`."""
    minutes = int(match["m"])
    return f"{cardinal(minutes)} minute{'' if minutes == 1 else 's'} {amount(str(int(match['s'])) + '.' + match['part'])} seconds"


ZONE = r"\s?(?:GMT|UTC|BST|CET|CEST|EST|EDT|EET|ET|PT|PST|PDT|IST|JST|KST|MSK|[Ll]ocal\b|hours\b|hrs\b|h\b)"


@rule(
    rf"(?<![\w:.,$£€-])(?P<h>{CLOCK}):(?P<m>[0-5]\d)(?![\w:]|\.\d)(?:(?P<to>\s?[-–]\s?)(?P<h2>{CLOCK}):(?P<m2>[0-5]\d)(?![\w:]|\.\d))?",
    digits=True,
)
def twenty_four_hours(match: re.Match[str], style: Style) -> str | None:
    """`15:30` -> `fifteen thirty`; `15:00 GMT` -> `fifteen hundred GMT`; `9:00` -> `nine o'clock`."""
    zone = re.match(ZONE, after(match))
    said = daytime(match["h"], match["m"], bool(zone))
    return said + (f" to {daytime(match['h2'], match['m2'], bool(zone))}" if match["to"] else "")


def daytime(hour: str, minute: str, zone: bool) -> str:
    """`15`, `00` -> `fifteen hundred`; `9`, `00` -> `nine o'clock`."""
    early = len(hour) == 2 and hour[0] == "0"
    lead = "oh " if early and (zone or minute == "00") else ""
    if minute == "00":
        return f"{lead}{cardinal(int(hour))} {'hundred' if zone or early or int(hour) > 12 or hour == '00' else 'o' + chr(39) + 'clock'}"
    return lead + clock(int(hour), minute)


@rule(rf"(?<![\w:.,$£€-])(?P<h>[01]\d|2[0-4])(?P<m>[0-5]\d)(?={ZONE})", digits=True)
def military(match: re.Match[str], style: Style) -> str | None:
    """`0600 GMT` -> `oh six hundred GMT`; `1530 GMT` -> `fifteen thirty GMT`."""
    return daytime(match["h"], match["m"], True)


@rule(
    rf"(?<![\w:.,$£€-])(?P<h>{CLOCK})\.(?P<m>[0-5]\d)(?={ZONE}\b|[.,;]?$|[.,;]?\s(?:on|at|and|today|tomorrow|yesterday|tonight|in the|when|for|with|[A-Z]))",
    digits=True,
)
def hour_with_point(match: re.Match[str], style: Style) -> str | None:
    """`at 10.30` -> `at ten thirty`, where a word of time stands before it."""
    race = re.search(r"\bthe\s$", before(match, 5)) and re.match(r"\sat\s[A-Z]", after(match))
    if not race and not re.search(r"\b(?:at|until|till|by|before|after)\s(?:about\s|around\s)?$", before(match, 14), re.I):
        return None
    if re.search(
        r"\b(?:shares?|stocks?|index|yields?|prices?|dollar|euro|yen|pound|rose|fell|rise|fall|up|down|trad(?:ed|ing)|clos(?:ed|ing))\b",
        before(match),
    ):
        return None
    return daytime(match["h"], match["m"], bool(re.match(ZONE, after(match))))
