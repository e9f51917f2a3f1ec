"""Models, acronyms and capitals: what is said as a word, what by its letters, what with a number behind it."""

from __future__ import annotations

import re

from bulletin.spoken.numbers import amount, cardinal, digits, paired, plural
from bulletin.spoken.rule import Style, before, rule, stop


@rule(
    r"(?<![\w.,$£€-])(?:401\(?[kK]\)?|403\(?[bB]\)?|501\(c\)\(3\)|3M(?!\w)|7-[Ee]leven|1040(?=\sform)|20/20(?=\s(?:vision|hindsight)))",
    digits=True,
)
def known_figures(match: re.Match[str], style: Style) -> str | None:
    """`401(k)`, `3M`: each as its owners say it."""
    said = {
        "401k": "four oh one K", "403b": "four oh three B", "501c3": "five oh one C three", "3m": "three M",
        "7-eleven": "seven eleven", "1040": "ten forty", "20/20": "twenty twenty",
    }  # fmt: skip
    return said[re.sub(r"[()]", "", match.group()).lower()]


@rule(
    r"\b(?P<maker>Boeing|Airbus|Flight|flight|Route|Highway|Interstate|Concorde|Embraer|Bus|Cessna|Antonov|Tupolev|Ilyushin)\s(?P<a>\d{3,4})(?:-(?P<b>\d{1,4})(?P<letters>ER|LR|MAX)?)?(?P<tail>[A-Z]{1,3})?\b(?!,\d)",
    digits=True,
)
def model_number(match: re.Match[str], style: Style) -> str | None:
    """`Boeing 737-800` -> `Boeing seven three seven eight hundred`; `Flight 370` -> `Flight three seventy`."""
    plane = match["maker"] in ("Boeing",)
    first = digits(match["a"]) if plane else paired(match["a"])
    rest = [paired(match["b"])] if match["b"] else []
    return " ".join(
        [match["maker"], first, *rest, *([match["letters"]] if match["letters"] else []), *([match["tail"]] if match["tail"] else [])]
    )


SHOUTED = frozenset((
    "NO", "NOT", "ALL", "YES", "NOW", "NEW", "YOU", "THE", "AND", "BUT", "ONE", "TWO", "OUT", "OFF", "TOO", "OUR", "EVER", "NEVER",
    "MUST", "VERY", "THIS", "THAT",
))  # fmt: skip
"""Words that are set in capitals for their weight: none of them is an acronym of the news."""


def called(letters: str, style: Style) -> str:
    """`COP` -> `Cop`, which is said as a word; others stay capitals, which are said by their letters."""
    return letters.capitalize() if letters in style.language.spoken["said_as_words"] else letters


@rule(r"(?<![\w-])(?P<grade>[A-DF]{1,3})(?P<sign>[+-])(?![\w-])")
def rating(match: re.Match[str], style: Style) -> str | None:
    """`A-`, `BBB+`: a mark or a rating."""
    return f"{match['grade']} {'plus' if match['sign'] == '+' else 'minus'}"


@rule(
    r"(?<![\w.])(?P<letters>(?:[A-Z]\.){2,}|[A-Z]\.[A-Z]|Ph\.D\.|Ph\.D(?=s?\b)|[ap]\.k\.a\.|a\.k\.a\.|e\.s\.t\.?|[ap]\.m\.)(?![A-Za-z\d])(?P<own>'s|s\b)?",
    name="initials",
)
def points_out(match: re.Match[str], style: Style) -> str | None:
    """`U.S.` -> `US`, `Ph.D.` -> `PhD`; initials of a name keep apart: `J.K. Rowling` -> `J K Rowling`."""
    letters = match["letters"].replace(".", "")
    letters = letters if any(map(str.isupper, letters)) else letters.upper()
    return called(letters, style) + (match["own"] or "") + (stop(match) if not match["own"] else "")


@rule(r"(?<![\w.'])(?P<letter>[A-Z])\.(?=(?:\s[A-Z]\.){0,6}\s[A-Z][a-z'])", name="initial")
def one_initial(match: re.Match[str], style: Style) -> str | None:
    """`George W. Bush` -> `George W Bush`."""
    front = re.search(r"([A-Za-z.'-]+)\s$", before(match))
    if front and not front[1][0].isupper():
        return (
            match["letter"]
            if front[1] in ("by", "of", "and", "with", "said", "for", "to", "from", "under", "that", "president", "actor", "author")
            else None
        )
    if front and front[1] in (
        "Plan", "Vitamin", "Hepatitis", "Group", "Type", "Grade", "Class", "Option", "Section", "Appendix", "Influenza",
    ):  # fmt: skip
        return None
    return match["letter"]


@rule(r"(?<![\w.@#/-])(?P<letters>[A-Z]{1,4})-?(?P<number>\d{1,2}\.\d{1,2})(?![\w%]|\.\d)", digits=True)
def version(match: re.Match[str], style: Style) -> str | None:
    """`PM2.5` -> `PM two point five`."""
    return f"{called(match['letters'], style)} {amount(match['number'])}"


@rule(
    r"(?<![\w.@#/-])(?P<letters>[A-Z]{1,6}|Su|MiG|Tu|Il|An|Ka|Mi|Covid|iPhone|iPad)(?P<gap>-|–)?(?P<number>\d{1,4})(?P<tail>[A-Za-z]{1,2}(?![A-Za-z\d]))?(?P<motorway>\(M\))?(?P<more>-(?:\d{1,3}))?(?![\d%])(?!,\d{3}|\.\d|-?\w*\d)",
    digits=True,
)
def model(match: re.Match[str], style: Style) -> str | None:
    """`F-35` -> `F thirty-five`, `MH370` -> `MH three seventy`, `COVID-19` -> `Covid nineteen`."""
    number, tail = match["number"], match["tail"] or ""
    said = cardinal(int(number)) if len(number) < 3 and number[0] != "0" else digits(number) if number[0] == "0" else paired(number)
    if tail == "s":
        said += "s" if not said.endswith(("x", "s", "y")) else "es" if not said.endswith("y") else ""
        said = said if not said.endswith("y") else said[:-1] + "ies"
        tail = ""
    tail = "M" if match["motorway"] else tail
    more = f" {cardinal(int(match['more'][1:]))}" if match["more"] else ""
    return f"{called(match['letters'], style)} {said}" + (f" {tail}" if tail else "") + more


@rule(r"\b(?P<name>[A-Z][a-z]{2,})-(?P<number>\d{3})(?P<more>s)?\b(?![.,-]?\d)", digits=True)
def named_model(match: re.Match[str], style: Style) -> str | None:
    """`Shahed-136s` -> `Shahed one thirty-sixes`."""
    said = paired(match["number"])
    return f"{match['name']} {plural(said) if match['more'] else said}"


@rule(r"(?<![\w.,$£€/-])(?P<number>\d{1,4})-?(?P<letters>[A-Z]{1,4}|[a-z])(?![A-Za-z\d]|\.\d|[-/]\w*\d)", digits=True)
def number_and_letters(match: re.Match[str], style: Style) -> str | None:
    """`5G` -> `five G`, `3D`, `16c`."""
    if match.group()[-2:-1] == "-" and not match["letters"].isupper():
        return None
    number = match["number"]
    return f"{cardinal(int(number)) if len(number) < 3 else paired(number)} {match['letters']}"


@rule(
    r"(?<![\w@#.])(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[A-Za-z])(?P<all>[A-Za-z\d]{1,40}(?:-[A-Za-z\d]{1,40}){0,8})(?![\w])",
    digits=True,
)
def serial(match: re.Match[str], style: Style) -> str | None:
    """`B2A23C` -> `B two A twenty-three C`; three digits and more one by one."""
    if re.fullmatch(r"\d+(?:-[A-Za-z]+)+|[A-Za-z]+-\d+(?:-[a-z]+)?|\d+[a-z]{2,}(?:-[a-z]+)*", match["all"]) and not re.match(
        r"[A-Z]{1,3}-\d", match["all"]
    ):
        return None
    if re.fullmatch(r"\d+x\d+", match["all"]):
        return " by ".join(cardinal(int(part)) for part in match["all"].split("x"))
    parts = re.findall(r"\d+|[A-Za-z]+|-", match["all"])
    said = [
        "" if part == "-" else part if part.isalpha() else digits(part) if len(part) > 2 or part[0] == "0" else cardinal(int(part))
        for part in parts
    ]
    return " ".join(" ".join(said).split())


@rule(r"(?<![\w.@#&'-])(?=(?:[A-Z]{1,8}\s){0,8}[A-Z]{5})[A-Z]{2,40}(?:\s[A-Z]{2,40}){1,12}(?![\w&])")
def run_of_capitals(match: re.Match[str], style: Style) -> str | None:
    """`LOS ANGELES` -> `Los Angeles`: words set in capitals in a row, acronyms among them left as they are."""
    known = style.language.spoken["spelled"]
    said = [word if word in known or not re.search("[AEIOUY]", word) else word.capitalize() for word in match.group().split()]
    return " ".join(said)


@rule(r"(?<![\w.@#&])(?P<letters>[A-Z]{2,8})(?P<end>s|'s)?(?![\w&])", name="said as a word")
def as_word(match: re.Match[str], style: Style) -> str | None:
    """`UNICEF` -> `Unicef`; spelled ones stay; an unknown one is a word if it can be said as one."""
    words, known = style.language.spoken["said_as_words"], style.language.spoken["spelled"]
    letters = match["letters"]
    if letters in SHOUTED and not match["end"]:
        return letters.lower()  # `he said NO`
    if letters in words or (letters not in known and len(letters) > 3 and sayable(letters)) or (len(letters) > 6 and letters not in known):
        return letters.capitalize() + (match["end"] or "")
    return None


SAYABLE = re.compile(
    r"(?:[BCDFGHJKLMNPQRSTVWZ]|[BCFGPKS]L|[BCDFGKPT]R|S[CKMNPTW]|STR|SPR|TH|SH|CH|QU|PH)?[AEIOUY]{1,2}"
    r"(?:(?:[BCDFGHKLMNPRSTVXZ]|[LMNR][BCDFGKMNPST]|S[KPT]|[CPK]T|SH|TH|CH|NG|CK|LL|SS)?"
    r"(?:[BCDFGHJKLMNPRSTVWZ]|[BCFGPKS]L|[BCDFGKPT]R|S[CKMNPTW]|TH|SH|CH|PH)[AEIOUY]{1,2})*"
    r"(?:[BCDFGKLMNPRSTVXZ]|[LMNR][BCDFGKMNPST]|S[KPT]|[CPK]T|SH|TH|CH|NG|CK|LL|SS)?S?"
)


def sayable(letters: str) -> bool:
    """Whether letters make syllables as English does: `NATO` and `FEMA` do, `NHLS` does not."""
    return (
        bool(SAYABLE.fullmatch(letters))
        and not re.search(r"[AEIOUY]{3}|II|UU|AA|YY|[AEIOU]Y[AEIOU]", letters)
        and sum(c in "AEIOU" for c in letters) >= 2
    )
