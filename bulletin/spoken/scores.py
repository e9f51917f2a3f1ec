"""Scores, votes, odds and ranges: the same print, `3-1`, said by what it counts."""

from __future__ import annotations

import re

from bulletin.spoken.numbers import NUMBER, amount, cardinal
from bulletin.spoken.rule import Style, after, before, link, rule

SPORT = re.compile(
    r"\b(?:w[io]n|wins|winning|beat(?:s|en|ing)?|los[et]|loses|losing|drew|draws?|drawn|defeat(?:s|ed|ing)?|victor(?:y|ies)|leads?|led|leading|scor(?:e|ed|es|ing)|scoreline"
    r"|thrash(?:ed|ing)?|sets?|goal(?:s|less)?|ahead|trail(?:s|ed|ing)?|level(?:led|ed)?|aggregate|ti(?:e|ed)|past|penalt(?:y|ies)|shoot-?out|tie-?break"
    r"|half-?time|full-?time|down|equali[sz]ed|hammer(?:ed|ing)?|edg(?:e|ed|ing)|crush(?:ed|ing)?|rout(?:ed)?|stun(?:ned|ning)?|over(?:came|whelmed)?|advanced|finals?"
    r"|semi-?finals?|quarter-?finals?|match|games?|thriller|knocked|held|comeback|cruised?|eliminated|upset|sweep|swept|series|opener|derby|stalemate|record|outclass(?:ed)?)\b",
    re.I,
)
VOTE = re.compile(
    r"\b(?:vot(?:e|ed|es|ing)|rul(?:ed|ing)|court|justices|judges|majority|odds|ratio|favou?r(?:ite)?s?|outsiders?|long ?shot|panel|committee|bet|bookmakers?|council|senate|board|decision)\b",
    re.I,
)


RECORD_BEFORE = re.compile(
    r"\b(?:(?:f[ae]ll|drop(?:ped)?|improv(?:ed|es|e)|moved?)\sto|record\sof|now|went|are|were)\s$|\b[A-Z][a-z]+\s\($"
)
"""What stands before games won and lost."""
BOOKS = (
    "Genesis|Exodus|Leviticus|Deuteronomy|Joshua|Judges|Samuel|Kings|Psalms?|Proverbs|Isaiah|Jeremiah|Ezekiel|Daniel|Matthew|Mark|Luke|John"
    "|Acts|Romans|Corinthians|Galatians|Ephesians|Philippians|Timothy|Hebrews|James|Peter|Revelation|Surah?|Quran|Koran"
)
"""Scriptures whose chapter and verse are joined by a colon."""


def sporting(match: re.Match[str]) -> bool:
    """Whether a pair of numbers is the score of a game."""
    near = before(match, 60) + " " + after(match, 30)
    return bool(SPORT.search(near)) and not VOTE.search(near)


@rule(r"(?<![\w.,/$£€-])(?P<runs>\d{1,3})[-–/](?P<wickets>\d)(?![\w/-]|[.,]\d)", digits=True)
def wickets(match: re.Match[str], style: Style) -> str | None:
    """`245-6 at stumps` -> `two hundred forty-five for six`: cricket."""
    if not re.search(
        r"\b(?:stumps|wickets?|innings|overs|not out|all out|declared|bowled|cricket|Test match|batting|batted)\b",
        before(match, 60) + after(match, 40),
    ):
        return None
    return f"{cardinal(int(match['runs']), style.british)} for {cardinal(int(match['wickets']))}" if int(match["runs"]) > 10 else None


@rule(
    r"(?<![\w.,/$£€-])(?P<all>\d{1,2}[-–]\d{1,2}(?:\s\(\d{1,2}(?:[-–]\d{1,2})?\))?(?:,?\s(?:and\s)?\d{1,2}[-–]\d{1,2}(?:\s\(\d{1,2}(?:[-–]\d{1,2})?\))?)+)(?![\w/-]|[.,]\d)",
    digits=True,
)
def sets(match: re.Match[str], style: Style) -> str | None:
    """`6-4, 7-6 (7-5)` -> `six four, seven six, seven five`; nothing in tennis is love."""
    pairs = re.findall(r"\d+", match["all"])
    zero = (
        "love"
        if all(int(number) <= 20 for number in pairs) and sum(number in ("6", "7") for number in pairs) * 2 >= len(pairs) / 2
        else "nil"
    )
    said = re.sub(r"\s\((\d+(?:[-–]\d+)?)\)", r", \1,", match["all"]).replace(",,", ",")
    return re.sub(r"\d+", lambda number: zero if number[0] == "0" else cardinal(int(number[0])), re.sub(r"(?<=\d)[-–](?=\d)", " ", said))


@rule(
    r"(?<![\w.,/$£€-])(?P<a>\d{1,3})[-–](?P<b>\d{1,3})(?P<third>[-–]\d{1,3})?(?![\w/-]|[.,]\d|\s?(?:%|percent|per\scent|years?|days?|weeks?|months?|hours?|minutes?|people|points?\sof|[kcm]?m\b|kg\b|mph\b|million|billion))",
    digits=True,
)
def score(match: re.Match[str], style: Style) -> str | None:
    """`won 1-0` -> `won one nil`; `voted 5-4` -> `voted five to four`."""
    listed = re.search(r"\b[A-Z][a-z]+\s\($", before(match)) and after(match, 1) == ")" and not match["third"]
    if not sporting(match) and not listed:
        return None
    numbers = [match["a"], match["b"], *([match["third"][1:]] if match["third"] else [])]
    words = ["nil" if number == "0" else cardinal(int(number)) for number in numbers]
    if RECORD_BEFORE.search(before(match)) or re.match(r"(?:\s[a-z-]+){0,2}\s(?:record|mark)\b", after(match)):
        return " and ".join("zero" if word == "nil" else word for word in words)
    return (" to " if max(map(int, numbers)) > 99 else " ").join(words)


@rule(rf"(?<![\w./-])(?P<a>{NUMBER})\s?[-–]\s?(?P<b>{NUMBER})(?P<scale>\s?(?:bn|tn|trn|mn|k|m)(?!\w))?(?![\w-]|[.,]\d|/)", digits=True)
def a_range(match: re.Match[str], style: Style) -> str | None:
    """`10-15` -> `ten to fifteen`; `5-4` in a vote too."""
    scale = style.language.spoken["scales"][match["scale"].strip()] if match["scale"] else ""
    low, high = match["a"], match["b"]
    if (low, high) == ("50", "50"):
        return "fifty-fifty"
    if re.search(r"\d{2,}[-–]\d{4,}$", match.group()) and len(low) < 4:
        return None
    return " ".join(filter(None, (amount(low, style.british), link(match), amount(high, style.british), scale)))


@rule(rf"(?<![\w./-])(?P<a>{NUMBER})[-–](?P<b>{NUMBER})(?=-[a-z])", digits=True)
def range_describing(match: re.Match[str], style: Style) -> str | None:
    """`a 10-15-minute walk` -> `ten to fifteen-minute`."""
    return f"{amount(match['a'], style.british)} to {amount(match['b'], style.british)}"


@rule(r"(?<=[a-z]\s)(?P<a>\d{1,3}):(?P<b>\d{1,3})(?:-(?P<c>\d{1,3}))?(?![\w:]|\.\d)", digits=True)
def chapter_and_verse(match: re.Match[str], style: Style) -> str | None:
    """`Luke 2:7` -> `Luke two, seven`."""
    if not re.search(rf"\b(?:{BOOKS})\s$", before(match)):
        return None
    return f"{cardinal(int(match['a']))}, {cardinal(int(match['b']))}" + (f" to {cardinal(int(match['c']))}" if match["c"] else "")


@rule(r"(?<![\w./:-])(?P<a>\d{1,3}(?:\.\d)?)\s?:\s?(?P<b>\d{1,3})(?![\w:]|\.\d)", digits=True)
def ratio(match: re.Match[str], style: Style) -> str | None:
    """`2:1` -> `two to one`."""
    return f"{amount(match['a'])} to {amount(match['b'])}"


@rule(r"(?<=[A-Za-z%\d])(?<!-\d)\s?–\s?(?=[$£€]?\d)", digits=True)
def dash_before_number(match: re.Match[str], style: Style) -> str | None:
    """A dash that is left between two figures or dates: `to`."""
    if not re.search(r"\d\w*\.?$|%$", before(match, 8)):
        return ", " if " " in match.group() else None
    return " to "


@rule(r"(?<=\d)\s?(?:%|m|pm|am|st|nd|rd|th)?\s?[-–]\s?(?=[$£€]?\d)", digits=True)
def hyphen_between(match: re.Match[str], style: Style) -> str | None:
    """A hyphen that is left between figures which other rules have said."""
    if match.group().strip() not in ("-", "–"):
        return None
    return " to " if match.string[match.start() - 1] == "%" or re.match(r"\d+/\d", after(match)) else None
