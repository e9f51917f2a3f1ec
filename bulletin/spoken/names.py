"""Names and what is shortened in them: Roman numerals, titles, states, companies, streets."""

from __future__ import annotations

import re

from bulletin.sentences import OPENERS
from bulletin.spoken.numbers import cardinal, digits, ordinal, paired, roman
from bulletin.spoken.rule import Style, Words, after, alternatives, before, rule, stop

ROMAN = r"(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})"


@rule(
    lambda words: (
        rf"(?:(?P<title>\b(?:{alternatives(words['crowned'])})\s)(?:[A-Z][\w'-]+\s){{1,2}}?|\b(?:{alternatives(words['rulers'])})\s)"
        rf"(?P<roman>(?=[IVXL]){ROMAN})(?P<own>'s)?(?![\w-]|\.\w)"
    ),
    name="ruler",
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
    if match["roman"] == "I" and not match["title"] and re.match(r"\s(?:was|had)\b", after(match)) and re.search(r"\band $", before(match)):
        return None
    return f"{match.group()[: match.start('roman') - match.start()]}the {ordinal(number).title()}{match['own'] or ''}"


@rule(lambda words: rf"\b(?P<name>{alternatives(words['numbered'])})\s(?P<roman>(?=[IVXL]){ROMAN})\b(?!\.\w|')", flags=re.I)
def numeral(match: re.Match[str], style: Style) -> str | None:
    """`World War II` -> `World War Two`."""
    number = roman(match["roman"])
    if not number or (match["roman"] == "I" and match["name"].islower()):
        return None
    said = cardinal(number)
    return f"{match['name']} {said.title() if number < 21 else said}"


@rule(r"\b(?P<name>[A-Z][a-z]+,?)\s(?P<roman>II|III|IV|VI{1,3})\b(?!\.\w|\w)", name="heir")
def heirs(match: re.Match[str], style: Style) -> str | None:
    """`Robert Griffin III` -> `Robert Griffin the Third`."""
    front = re.search(r"([A-Z][\w.'-]+)\s$", before(match))
    person = front and not OPENERS.fullmatch(front[1])
    return (
        f"{match['name']} the {ordinal(roman(match['roman'])).title()}"
        if person
        else f"{match['name']} {cardinal(roman(match['roman'])).title()}"
    )


def full(words: Words) -> dict[str, str]:
    """The states' full names."""
    return {name: name for name in words["states"].values()}


PARTIES = {"D": "Democrat", "R": "Republican", "I": "independent"}
"""What stands before a lawmaker's state."""


UNDOTTED = frozenset((
    "Det", "Mr", "Mrs", "Ms", "Dr", "Drs", "Prof", "Sgt", "Lt", "Col", "Capt", "Maj", "Gen", "Brig", "Cpl", "Pte", "Supt", "Insp",
    "Messrs", "Cmdr", "Adm",
))  # fmt: skip
"""Titles that British papers print without a full stop."""


@rule(lambda words: rf"(?<![\w.])(?:{alternatives(words['abbreviations'])})(?![\w])")
def abbreviation(match: re.Match[str], style: Style) -> str | None:
    """`vs.` -> `versus`, `e.g.` -> `for example`."""
    always = style.language.spoken["abbreviations"]
    return str(always[match.group()]) + stop(match)


@rule(
    r"(?<![\w.])(?P<point>[NSEW])\.(?=\s(?:Korea|Korean|Koreans|Dakota|Carolina|Africa|African|Sudan|Ireland|Irish|America|American|Bank|Timor|Macedonia|Virginia)\b)"
)
def point_of_the_compass(match: re.Match[str], style: Style) -> str | None:
    """`N. Korea` -> `North Korea`."""
    return POINTS[match["point"]]


@rule(r"\best\.(?=\s(?P<year>1\d{3}|20\d\d)?)", name="est.", flags=re.I)
def established(match: re.Match[str], style: Style) -> str | None:
    """`est. 1887` -> `established`, `est. 500 people` -> `estimated`."""
    return "established" if match["year"] else "estimated"


@rule(lambda words: rf"(?<![\w.'-])(?P<rank>{alternatives(words['titles'])})(?P<dot>\.?)(?=-?\s?[A-Z(])")
def title(match: re.Match[str], style: Style) -> str | None:
    """`Gen. Kim`, `Sgt Smith`, `Lt. Col. Lee`."""
    titles = style.language.spoken["titles"]
    rest = after(match)
    if not match["dot"] and (match["rank"] not in UNDOTTED or not re.match(r"\s(?!Alpha\b|[XYZ](?:ers?)?\b)[A-Z][a-z.'’]", rest)):
        return None
    if match["dot"] and OPENERS.match(rest.strip()) and re.search(r"\b[A-Z][a-z]+\s$", before(match)):
        return None  # `Amartya Sen. He`
    if rest.startswith("-") and not re.match(r"-[A-Z]", rest):
        return None
    return str(titles[match["rank"]]) + ("" if rest[:1] in " -" else " ")


@rule(lambda words: rf"(?<=\s)(?P<firm>{alternatives(words['companies'])})(?![\w])(?P<dot>\.?)")
def company(match: re.Match[str], style: Style) -> str | None:
    """`Acme Inc.` -> `Acme Incorporated`."""
    companies = style.language.spoken["companies"]
    if not re.search(r"[A-Z][\w.&'-]*,?\s$|&\s$|\)\s$", before(match)):
        return None
    if not match["dot"] and match["firm"] in ("Co", "Corp", "Bros"):
        return None
    return str(companies[match["firm"]]) + stop(match)


@rule(lambda words: rf"(?<=[,(\s])(?P<party>[DRI])-(?P<state>{alternatives({**words['states'], **full(words)})})\.?(?=[,.;:)\s]|$)")
def party(match: re.Match[str], style: Style) -> str | None:
    """`D-Mich.` -> `Democrat of Michigan`."""
    states = style.language.spoken["states"]
    return f"{PARTIES[match['party']]} of {states.get(match['state'], match['state'])}{stop(match)}"


@rule(lambda words: rf"(?<=, )(?P<state>{alternatives(words['states'])})(?P<dot>\.?)(?=[,.;:)\s]|$|\sand\b)(?!\w)")
def state(match: re.Match[str], style: Style) -> str | None:
    """`Fresno, Calif.` -> `California`; `Austin, TX`."""
    states = style.language.spoken["states"]
    short = match["state"]
    if (
        not re.search(r"[A-Za-z], $|-$", before(match))
        or (short == "MD" and not re.match(r"\s\d{5}", after(match)))
        or (
            short in ("OK", "OR", "IN", "ME", "HI", "OH", "PA", "MA", "LA", "MS", "ID") and not re.match(r",|\.|$|\s\d{5}|\)", after(match))
        )
    ):
        return None
    if not match["dot"] and not short.isupper():
        return None
    return str(states[short]) + stop(match)


AMBIGUOUS = frozenset(("Miss", "Wash", "Ill", "Ind", "Ore", "Mass", "Del", "Man", "Que", "Mont", "Cal", "Tex", "Ark", "Kan"))
"""Short forms of states that are words or names too."""


@rule(
    lambda words: (
        rf"(?<=[a-z]\s)(?P<state>{alternatives([name for name in words['states'] if len(name) > 2 and name[1].islower() and name not in AMBIGUOUS])})\.(?=\s[a-z])"
    ),
    name="state",
)
def state_in_a_sentence(match: re.Match[str], style: Style) -> str | None:
    """`prices in Calif. hit` -> `California`."""
    return str(style.language.spoken["states"][match["state"]])


@rule(
    lambda words: (
        rf"\b(?P<state>{alternatives([name for name in words['states'] if len(name) > 2])})\.(?=\s(?:governor|gov|legislature|lawmakers?"
        r"|senators?|attorney|officials?|courts?|house|senate|voters?|residents?|police|state)\b)"
    ),
    name="state",
)
def governed_state(match: re.Match[str], style: Style) -> str | None:
    """`the Mass. governor` -> `Massachusetts`."""
    states = style.language.spoken["states"]
    return str(states[match["state"]])


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
    """`Santa Clara, CA 95051` -> `California nine five zero five one`: behind a state alone."""
    state = re.search(r",\s([A-Z]{2})\s$", before(match, 6))
    if not state or state[1] not in style.language.spoken["states"]:
        return None
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
        "p": "page", "pp": "pages", "vol": "volume", "ch": "chapter", "fig": "figure", "art": "article", "sec": "section",
        "para": "paragraph",
    }[match["p"]] + " "  # fmt: skip
