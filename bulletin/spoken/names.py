"""Names and what is shortened in them: Roman numerals, abbreviations, acronyms, models, streets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bulletin.sentences import OPENERS
from bulletin.spoken.numbers import amount, cardinal, digits, ordinal, paired, plural, roman
from bulletin.spoken.rule import Rule, Style, after, alternatives, before, rule, stop

ROMAN = r"(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})"


def roman_rules(spoken: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Kings and popes are counted, wars and chapters numbered."""
    rulers, numbered, titles = alternatives(spoken["rulers"]), alternatives(spoken["numbered"]), alternatives(spoken["crowned"])
    reign = re.compile(
        rf"(?:(?P<title>\b(?:{titles})\s)(?:[A-Z][\w'-]+\s){{1,2}}?|\b(?:{rulers})\s)(?P<roman>(?=[IVXL]){ROMAN})(?P<own>'s)?(?![\w-]|\.\w)"
    )

    def the_second(match: re.Match[str], style: Style) -> str | None:
        """`Henry VIII` -> `Henry the Eighth`."""
        number = roman(match["roman"])
        if not number:
            return None
        if match.group() == "Malcolm X":
            return None
        if match["roman"] in ("I", "X", "V") and not (
            match["own"] or match["title"] or re.match(r"\s?[.,;:)\"]|$|\s(?:of|was|had|and|in|is|died|ruled|reigned)\b", after(match))
        ):
            return None
        if (
            match["roman"] == "I"
            and not match["title"]
            and re.match(r"\s(?:was|had)\b", after(match))
            and re.search(r"\band $", before(match))
        ):
            return None
        return f"{match.group()[: match.start('roman') - match.start()]}the {ordinal(number).title()}{match['own'] or ''}"

    count = re.compile(rf"\b(?P<name>{numbered})\s(?P<roman>(?=[IVXL]){ROMAN})\b(?!\.\w|')", re.I)

    def numeral(match: re.Match[str], style: Style) -> str | None:
        """`World War II` -> `World War Two`."""
        number = roman(match["roman"])
        if not number or (match["roman"] == "I" and match["name"].islower()):
            return None
        said = cardinal(number)
        return f"{match['name']} {said.title() if number < 21 else said}"

    heir = re.compile(r"\b(?P<name>[A-Z][a-z]+,?)\s(?P<roman>II|III|IV|VI{1,3})\b(?!\.\w|\w)")

    def heirs(match: re.Match[str], style: Style) -> str | None:
        """`Robert Griffin III` -> `Robert Griffin the Third`."""
        person = re.search(r"[A-Z][\w.'-]+\s$", before(match))
        return (
            f"{match['name']} the {ordinal(roman(match['roman'])).title()}"
            if person
            else f"{match['name']} {cardinal(roman(match['roman'])).title()}"
        )

    return (Rule("ruler", reign, the_second), Rule("numeral", count, numeral), Rule("heir", heir, heirs))


PARTIES = {"D": "Democrat", "R": "Republican", "I": "independent"}
"""What stands before a lawmaker's state."""


UNDOTTED = frozenset(
    [
        "Det",
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Drs",
        "Prof",
        "Sgt",
        "Lt",
        "Col",
        "Capt",
        "Maj",
        "Gen",
        "Brig",
        "Cpl",
        "Pte",
        "Supt",
        "Insp",
        "Messrs",
        "Cmdr",
        "Adm",
    ]
)
"""Titles that British papers print without a full stop."""


def abbreviation_rules(spoken: Mapping[str, Any]) -> tuple[Rule, ...]:
    """Titles, states, streets, companies; what stands round them decides."""
    always, titles, companies, states = spoken["abbreviations"], spoken["titles"], spoken["companies"], spoken["states"]
    plain = re.compile(rf"(?<![\w.])(?:{alternatives(always)})(?![\w])")

    def abbreviation(match: re.Match[str], style: Style) -> str | None:
        """`vs.` -> `versus`, `e.g.` -> `for example`."""
        return str(always[match.group()]) + stop(match)

    founded = re.compile(r"\best\.(?=\s(?P<year>1\d{3}|20\d\d)?)", re.I)

    def established(match: re.Match[str], style: Style) -> str | None:
        """`est. 1887` -> `established`, `est. 500 people` -> `estimated`."""
        return "established" if match["year"] else "estimated"

    ranks = re.compile(rf"(?<![\w.'-])(?P<rank>{alternatives(titles)})(?P<dot>\.?)(?=-?\s?[A-Z(])")

    def title(match: re.Match[str], style: Style) -> str | None:
        """`Gen. Kim`, `Sgt Smith`, `Lt. Col. Lee`."""
        rest = after(match)
        if not match["dot"] and (match["rank"] not in UNDOTTED or not re.match(r"\s(?!Alpha\b)[A-Z][a-z.'’]", rest)):
            return None
        if match["dot"] and OPENERS.match(rest.strip()) and re.search(r"\b[A-Z][a-z]+\s$", before(match)):
            return None  # `Amartya Sen. He`
        if rest.startswith("-") and not re.match(r"-[A-Z]", rest):
            return None
        return str(titles[match["rank"]]) + ("" if rest[:1] in " -" else " ")

    firms = re.compile(rf"(?<=\s)(?P<firm>{alternatives(companies)})(?![\w])(?P<dot>\.?)")

    def company(match: re.Match[str], style: Style) -> str | None:
        """`Acme Inc.` -> `Acme Incorporated`."""
        if not re.search(r"[A-Z][\w.&'-]*,?\s$|&\s$|\)\s$", before(match)):
            return None
        if not match["dot"] and match["firm"] in ("Co", "Corp", "Bros"):
            return None
        return str(companies[match["firm"]]) + stop(match)

    places = re.compile(rf"(?:(?<=, )|(?<=\b[DRI]-))(?P<state>{alternatives(states)})(?P<dot>\.?)(?=[,.;:)\s]|$|\sand\b)(?!\w)")

    def state(match: re.Match[str], style: Style) -> str | None:
        """`Fresno, Calif.` -> `California`; `Austin, TX`."""
        short = match["state"]
        if (
            not re.search(r"[A-Za-z], $|-$", before(match))
            or (short == "MD" and not re.match(r"\s\d{5}", after(match)))
            or (
                short in ("OK", "OR", "IN", "ME", "HI", "OH", "PA", "MA", "LA", "MS", "ID")
                and not re.match(r",|\.|$|\s\d{5}|\)", after(match))
            )
        ):
            return None
        if not match["dot"] and not short.isupper():
            return None
        return str(states[short]) + stop(match)

    member = re.compile(rf"(?<=[,(\s])(?P<party>[DRI])-(?P<state>{alternatives(states)})\.?(?=[,.;:)\s]|$)")

    def party(match: re.Match[str], style: Style) -> str | None:
        """`D-Mich.` -> `Democrat of Michigan`."""
        return f"{PARTIES[match['party']]} of {states[match['state']]}{stop(match)}"

    governed = re.compile(
        rf"\b(?P<state>{alternatives([name for name in states if len(name) > 2])})\.(?=\s(?:governor|gov|legislature|lawmakers?|senators?|attorney|officials?|courts?|house"
        r"|senate|voters?|residents?|police|state)\b)"
    )

    def governed_state(match: re.Match[str], style: Style) -> str | None:
        """`the Mass. governor` -> `Massachusetts`."""
        return str(states[match["state"]])

    return (
        Rule("abbreviation", plain, abbreviation), Rule("est.", founded, established), Rule("title", ranks, title), Rule("company", firms, company), Rule("party", member, party), Rule("state", places, state), Rule("state", governed, governed_state),
    )  # fmt: skip


ROADS = {
    "St": "Street", "Ave": "Avenue", "Av": "Avenue", "Rd": "Road", "Blvd": "Boulevard", "Dr": "Drive", "Ln": "Lane", "Hwy": "Highway", "Expy": "Expressway",
    "Pkwy": "Parkway", "Sq": "Square", "Pl": "Place", "Ct": "Court", "Ter": "Terrace", "Cres": "Crescent",
}  # fmt: skip
POINTS = {"N": "North", "S": "South", "E": "East", "W": "West", "NE": "Northeast", "NW": "Northwest", "SE": "Southeast", "SW": "Southwest"}
ROAD = r"(?P<road>St|Ave|Av|Rd|Blvd|Dr|Ln|Hwy|Expy|Pkwy|Sq|Pl|Ct|Ter|Cres)\b"


@rule(
    rf"(?<![\w.,$£€])(?P<house>\d{{1,5}})(?P<letter>[A-Z])?\s(?P<point>(?:N|S|E|W|NE|NW|SE|SW)\.?\s)?(?P<name>(?:\d{{1,3}}(?:st|nd|rd|th)|(?:[A-Z][\w'-]*\.?\s)*?[A-Z][\w'-]+))\s(?:{ROAD}\.?|(?P<full>Street|Avenue|Road|Boulevard|Drive|Lane|Highway|Square|Place|Crescent|Terrace|[Ss]t\b\.?))(?!\w)",
    digits=True,
)
def address(match: re.Match[str], style: Style) -> str | None:
    """`1428 Elm St.` -> `fourteen twenty-eight Elm Street`."""
    name = re.sub(r"^(\d+)(?:st|nd|rd|th)", lambda number: ordinal(int(number[1])).capitalize(), match["name"])
    name = re.sub(r"^St\.?\s", "Saint ", name)
    road = (
        ROADS[match["road"]]
        if match["road"]
        else "Street"
        if match["full"].lower().startswith("st") and len(match["full"]) < 4
        else match["full"]
    )
    point = POINTS[match["point"].strip(" .")] if match["point"] else ""
    house = paired(match["house"]) + (f" {match['letter']}" if match["letter"] else "")
    return " ".join(filter(None, (house, point, name, road))) + stop(match)


@rule(r"(?<=\bBox\s)\d{3,6}\b|(?<![\w.,$£€-])\d{3,4}(?=\sblock\sof\b)", digits=True)
def box_or_block(match: re.Match[str], style: Style) -> str | None:
    """`P.O. Box 6944` digit by digit; `the 2300 block of` -> `twenty-three hundred`."""
    return paired(match.group()) if after(match, 6).startswith(" block") else digits(match.group())


@rule(r"\b(?P<a>[A-Z]{1,2}\d{1,2}[A-Z]?)\s(?P<b>\d[A-Z]{2})\b", digits=True)
def post_code(match: re.Match[str], style: Style) -> str | None:
    """`SW1A 1AA` -> `SW one A one AA`."""
    return ", ".join(
        " ".join(digits(part) if part.isdigit() else part for part in re.findall(r"\d+|[A-Z]+", half)) for half in (match["a"], match["b"])
    ).replace(",", "")


@rule(r"(?<=\b[A-Z]{2}\s)(?P<zip>\d{5})(?:-(?P<more>\d{4}))?\b", digits=True)
def zip_code(match: re.Match[str], style: Style) -> str | None:
    """`CA 95051` -> `California nine five zero five one`."""
    return " ".join(filter(None, (digits(match["zip"]), digits(match["more"] or ""))))


@rule(r"(?<=[A-Za-z]\s)(?P<road>St|Ave|Rd|Blvd|Dr|Ln|Hwy|Pkwy|Sq|Pl)\.(?![A-Za-z])")
def road(match: re.Match[str], style: Style) -> str | None:
    """`Wall St.` -> `Wall Street`, `Rodeo Dr.`: after a name, and no name behind it; else it is a saint or a doctor."""
    if not re.search(r"\b(?:[A-Z][\w'.-]*|\d+(?:st|nd|rd|th))\s$", before(match)):
        return None
    named = re.match(r"\s[A-Z][a-z]", after(match))
    if named and match["road"] in ("St", "Dr"):
        front = re.search(r"([\w'.-]+)\s$", before(match))
        if (
            match["road"] == "Dr"
            or not front
            or front[1] in ("In", "At", "Of", "The", "From", "And", "Near", "To", "For", "On")
            or not re.match(r"\s(?:He|She|It|The|A|An|They|But|In|On|At|His|Her|Police|Officials)\b", after(match))
        ):
            return None
    return ROADS[match["road"]] + stop(match)


@rule(r"(?<=[a-z]\s)St(?=\s(?:on|in|at|and|near|to|by|for|with|where|from|after|was|is)\b|[,;)]|\.?$)")
def street(match: re.Match[str], style: Style) -> str | None:
    """`Oxford St on Monday` -> `Oxford Street`."""
    return "Street" if re.search(r"\b[A-Z][\w'-]+\s$", before(match)) else None


@rule(r"(?<![\w.-])(?:St\.?|Ste\.)(?=\s[A-Z][a-z])|(?<![\w.-])(?:Mt|Ft|Pt)\.(?=\s[A-Z])")
def saint(match: re.Match[str], style: Style) -> str | None:
    """`St. Mark's`, `St Albans` -> `Saint`; `Mt. Everest` -> `Mount`."""
    if match.group() == "St" and re.match(r"\s(?:East|West|North|South)\b", after(match)):
        return "Street"
    return {"St": "Saint", "Ste": "Sainte", "Mt": "Mount", "Ft": "Fort", "Pt": "Point"}[match.group().rstrip(".")]


@rule(r"(?<![\w.])(?P<no>[Nn]os?\.?|№)\s?(?=\d)", digits=True)
def number_sign(match: re.Match[str], style: Style) -> str | None:
    """`No. 10` -> `number ten`; `Nos. 3 and 4`."""
    if match["no"] in ("no", "nos"):
        return None
    if match["no"] in ("No", "Nos", "no.") and not re.match(r"\d{1,3}\b(?!,\d| (?:people|of|to|percent))", after(match)):
        return None
    return "numbers " if match["no"].lower().startswith("nos") else "number "


COMPASS = {
    "N": "north", "S": "south", "E": "east", "W": "west", "NE": "northeast", "NW": "northwest", "SE": "southeast", "SW": "southwest",
    "NNE": "north-northeast", "NNW": "north-northwest", "SSE": "south-southeast", "SSW": "south-southwest", "ENE": "east-northeast",
    "ESE": "east-southeast", "WNW": "west-northwest", "WSW": "west-southwest",
}  # fmt: skip


@rule(r"(?<=[a-z\d]\s)(?P<point>[NSEW]{1,3})(?=\sof\b)")
def compass(match: re.Match[str], style: Style) -> str | None:
    """`90 miles SW of Key West` -> `southwest`."""
    far = re.search(r"\b(?:miles?|mi|k?m|kms|kilomet(?:er|re)s?|met(?:er|re)s?|blocks?|just|nm)\s$", before(match))
    return COMPASS.get(match["point"]) if far else None


@rule(r"(?<![\w])#(?=\d+\b)", digits=True)
def hash_number(match: re.Match[str], style: Style) -> str | None:
    """`#1` -> `number one`."""
    return "number "


@rule(r"(?<![\w./])(?P<p>pp?|vol|ch|fig|art|sec|para)\.\s?(?=\d)", digits=True)
def page_sign(match: re.Match[str], style: Style) -> str | None:
    """`p. 12` -> `page twelve`."""
    return {
        "p": "page",
        "pp": "pages",
        "vol": "volume",
        "ch": "chapter",
        "fig": "figure",
        "art": "article",
        "sec": "section",
        "para": "paragraph",
    }[match["p"]] + " "


# --- models and acronyms ------------------------------------------------------------------------------------


@rule(
    r"(?<![\w.,$£€-])(?:401\(?[kK]\)?|403\(?[bB]\)?|501\(c\)\(3\)|3M(?!\w)|7-[Ee]leven|1040(?=\sform)|20/20(?=\s(?:vision|hindsight)))",
    digits=True,
)
def known_figures(match: re.Match[str], style: Style) -> str | None:
    """`401(k)`, `3M`: each as its owners say it."""
    said = {
        "401k": "four oh one K",
        "403b": "four oh three B",
        "501c3": "five oh one C three",
        "3m": "three M",
        "7-eleven": "seven eleven",
        "1040": "ten forty",
        "20/20": "twenty twenty",
    }
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


SHOUTED = frozenset(
    [
        "NO",
        "NOT",
        "ALL",
        "YES",
        "NOW",
        "NEW",
        "YOU",
        "THE",
        "AND",
        "BUT",
        "ONE",
        "TWO",
        "OUT",
        "OFF",
        "TOO",
        "OUR",
        "EVER",
        "NEVER",
        "MUST",
        "VERY",
        "THIS",
        "THAT",
    ]
)
"""Words that are set in capitals for their weight: none of them is an acronym of the news."""


def acronym_rules(spoken: Mapping[str, Any]) -> tuple[Rule, ...]:
    """What is said as a word, what by its letters; with a number behind it; what no list knows."""
    words = frozenset(spoken["said_as_words"])
    known = frozenset(spoken["spelled"])

    def of(letters: str) -> str:
        """`COP` -> `Cop`; letters stay capitals."""
        return letters.capitalize() if letters in words else letters

    numbered = re.compile(
        r"(?<![\w.@#/-])(?P<letters>[A-Z]{1,6}|Su|MiG|Tu|Il|An|Ka|Mi|Covid|iPhone|iPad)(?P<gap>-|–)?(?P<number>\d{1,4})(?P<tail>[A-Za-z]{1,2}(?![A-Za-z\d]))?(?P<motorway>\(M\))?(?P<more>-(?:\d{1,3}))?(?![\d%])(?!,\d{3}|\.\d|-?\w*\d)",
    )

    versioned = re.compile(r"(?<![\w.@#/-])(?P<letters>[A-Z]{1,4})-?(?P<number>\d{1,2}\.\d{1,2})(?![\w%]|\.\d)")

    def version(match: re.Match[str], style: Style) -> str | None:
        """`PM2.5` -> `PM two point five`."""
        return f"{of(match['letters'])} {amount(match['number'])}"

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
        return f"{of(match['letters'])} {said}" + (f" {tail}" if tail else "") + more

    weapon = re.compile(r"\b(?P<name>[A-Z][a-z]{2,})-(?P<number>\d{3})(?P<more>s)?\b(?![.,-]?\d)")

    def named_model(match: re.Match[str], style: Style) -> str | None:
        """`Shahed-136s` -> `Shahed one thirty-sixes`."""
        said = paired(match["number"])
        return f"{match['name']} {plural(said) if match['more'] else said}"

    generation = re.compile(r"(?<![\w.,$£€/-])(?P<number>\d{1,4})-?(?P<letters>[A-Z]{1,4}|[a-z])(?![A-Za-z\d]|\.\d|[-/]\w*\d)")

    def number_and_letters(match: re.Match[str], style: Style) -> str | None:
        """`5G` -> `five G`, `3D`, `16c`."""
        if match.group()[-2:-1] == "-" and not match["letters"].isupper():
            return None
        number = match["number"]
        return f"{cardinal(int(number)) if len(number) < 3 else paired(number)} {match['letters']}"

    mixed = re.compile(r"(?<![\w@#.])(?=[\w-]{0,40}\d)(?=[\w-]{0,40}[A-Za-z])(?P<all>[A-Za-z\d]{1,40}(?:-[A-Za-z\d]{1,40}){0,8})(?![\w])")

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

    dotted = re.compile(
        r"(?<![\w.])(?P<letters>(?:[A-Z]\.){2,}|[A-Z]\.[A-Z]|Ph\.D\.|Ph\.D(?=s?\b)|[ap]\.k\.a\.|a\.k\.a\.|e\.s\.t\.?|[ap]\.m\.)(?![A-Za-z\d])(?P<own>'s|s\b)?"
    )

    def points_out(match: re.Match[str], style: Style) -> str | None:
        """`U.S.` -> `US`, `Ph.D.` -> `PhD`; initials of a name keep apart: `J.K. Rowling` -> `J K Rowling`."""
        letters = match["letters"].replace(".", "")
        letters = letters if any(map(str.isupper, letters)) else letters.upper()
        return of(letters) + (match["own"] or "") + (stop(match) if not match["own"] else "")

    initial = re.compile(r"(?<![\w.'])(?P<letter>[A-Z])\.(?=(?:\s[A-Z]\.)*\s[A-Z][a-z'])")

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
            "Plan",
            "Vitamin",
            "Hepatitis",
            "Group",
            "Type",
            "Grade",
            "Class",
            "Option",
            "Section",
            "Appendix",
            "Influenza",
        ):
            return None
        return match["letter"]

    shouting = re.compile(r"(?<![\w.@#&'-])(?=(?:[A-Z]{1,8}\s)*[A-Z]{5})[A-Z]{2,}(?:\s[A-Z]{2,})+(?![\w&])")

    def run_of_capitals(match: re.Match[str], style: Style) -> str | None:
        """`LOS ANGELES` -> `Los Angeles`: words set in capitals in a row, acronyms among them left as they are."""
        said = [word if word in known or not re.search("[AEIOUY]", word) else word.capitalize() for word in match.group().split()]
        return " ".join(said)

    capitals = re.compile(r"(?<![\w.@#&])(?P<letters>[A-Z]{2,8})(?P<end>s|'s)?(?![\w&])")

    def as_word(match: re.Match[str], style: Style) -> str | None:
        """`UNICEF` -> `Unicef`; spelled ones stay; an unknown one is a word if it can be said as one."""
        letters = match["letters"]
        if letters in SHOUTED and not match["end"]:
            return letters.lower()  # `he said NO`
        if (
            letters in words
            or (letters not in known and len(letters) > 3 and sayable(letters))
            or (len(letters) > 6 and letters not in known)
        ):
            return letters.capitalize() + (match["end"] or "")
        return None

    return (
        Rule("initials", dotted, points_out), Rule("initial", initial, one_initial), Rule("version", versioned, version, digits=True), Rule("model", numbered, model, digits=True),
        Rule("named model", weapon, named_model, digits=True), Rule("number and letters", generation, number_and_letters, digits=True), Rule("serial", mixed, serial, digits=True),
        Rule("run of capitals", shouting, run_of_capitals),
        Rule("said as a word", capitals, as_word),
    )  # fmt: skip


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
