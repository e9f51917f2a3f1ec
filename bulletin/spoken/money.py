"""Money: signs and codes, scales, ranges, coins, prices for something."""

from __future__ import annotations

import re

from bulletin.spoken.numbers import NUMBER, amount, cardinal
from bulletin.spoken.rule import Style, Words, after, alternatives, attributive, link, rule

EACH = {
    "mo": "month", "yr": "year", "wk": "week", "hr": "hour", "h": "hour", "bbl": "barrel", "oz": "ounce", "t": "tonne",
    "kg": "kilogram",
}  # fmt: skip
"""What a price is for, where it is shortened."""
FOR = r"(?P<each>(?:\s?/\s?|\s?-an?-|\s?-per-)(?P<unit>[a-z]+)(?:-(?P<noun>[a-z]+))?\b|(?=$|\W|\w))"
"""What an amount is for each of: `/mo`, `-a-month`."""
SCALE_WORDS = r"hundred\sthousand|hundred|thousand|million|billion|trillion|quadrillion|crore|lakh"


def scale(words: Words) -> str:
    """The scale of an amount: `bn`, `million`."""
    return rf"(?:\s?(?P<short>{alternatives([*words['scales'], *map(str.upper, words['scales'])])})\b|[\s-](?P<scale>{SCALE_WORDS})\b)"


def signs(words: Words) -> str:
    """Any sign or code of a currency."""
    return alternatives(words["currencies"])


def in_front(words: Words) -> str:
    """A currency's sign, or its code's letters, in front of an amount."""
    own = [sign for sign in words["currencies"] if not sign[-1].isalpha()]
    codes = [sign for sign in words["currencies"] if sign[-1].isalpha()]
    return rf"(?:(?P<sign>{alternatives(own)})\s?|\b(?P<code>{alternatives(codes)})\.?\s?(?=\.?\d))"


def amounts(words: Words) -> str:
    """One amount or the two ends of a range, each with a scale of its own where it has one: `$1.2bn-$1.5bn`."""
    own = rf"(?:\s?(?P<short0>{alternatives(words['scales'])})\b|\s(?P<scale0>{SCALE_WORDS})\b)?"
    return rf"(?P<number>{NUMBER})(?:{own}(?:\s?[-–]\s?|\sto\s)(?P<again>{signs(words)})?\s?(?P<to>{NUMBER}))?"


@rule(
    lambda words: (
        rf"(?P<minus>(?<!\w)[-−])?(?<![A-Za-z\d])(?<![A-Z]\.){in_front(words)}{amounts(words)}(?![\d])(?:{scale(words)})?(?P<plus>\+)?"
        rf"(?P<again_in_words>\s(?:dollars?|USD|euros?|pounds?)\b)?{FOR}"
    ),
    digits=True,
)
def money(match: re.Match[str], style: Style) -> str | None:
    """`$1.2bn` -> `one point two billion dollars`, `a $40 million plan` -> `a forty-million-dollar plan`."""
    currencies, scales = style.language.spoken["currencies"], style.language.spoken["scales"]
    table = currencies[match["sign"] or match["code"]]
    if match["again_in_words"]:
        if match["again_in_words"].strip() == "USD":
            table = currencies["USD"]
        elif match["again_in_words"].strip().rstrip("s") != table[0]:
            return None
    scaled = scales[match["short"].lower()] if match["short"] else match["scale"] or ""
    minus = "minus " if match["minus"] else ""
    own = scales.get((match["short0"] or "").lower(), "")
    if match["to"]:
        other = currencies.get(match["again"], table)
        if other is not table:
            return f"{minus}{price(match['number'], own or match['scale0'] or '', table, style)} {link(match)} {price(match['to'], scaled, other, style)}"
        whole = bool(match["again"] and scaled and not own and not match["scale0"])
        bare = not whole and not same_coins(match["number"], match["to"], scaled)
        low = price(match["number"], own if own != scaled else "", table, style, bare=bare)
        said = f"{minus}{low} {link(match)} {price(match['to'], scaled, table, style)}"
    else:
        said = minus + price(match["number"], scaled, table, style)
    if match["plus"]:
        said += " plus"
    if match["each"] and match["unit"]:
        unit = EACH.get(match["unit"], match["unit"])
        if "/" in match["each"]:
            return f"{said} per {unit}" + (f"-{match['noun']}" if match["noun"] else "")
        joined = match["each"].strip().replace(match["unit"], unit)
        return hyphened(match, scaled, table, style) + joined if noun_follows(match) else f"{said} {joined.strip('-').replace('-', ' ')}"
    if (attributive(match) or re.match(r"-[a-z]", after(match))) and (scaled or not re.search(r"\.\d\d$", match["number"])):
        return hyphened(match, scaled, table, style)
    return said


def hyphened(match: re.Match[str], scaled: str, table: list[str], style: Style) -> str:
    """The amount as one describing word: `forty-million-dollar`."""
    low = amount(match["number"], style.british)
    words = [f"{low} to {amount(match['to'], style.british)}" if match["to"] else low, scaled.replace(" ", "-"), table[0]]
    said = " ".join(filter(None, words))
    return said if match["to"] else said.replace(" ", "-")


@rule(
    lambda words: (
        rf"(?<![\w.,$£€])(?P<number>{NUMBER})(?:\s?[-–]\s?(?P<to>{NUMBER}))?(?:{scale(words)})?\s?(?P<sign>{signs(words)})(?!\w|\d)"
    ),
    digits=True,
)
def money_behind(match: re.Match[str], style: Style) -> str | None:
    """`500 billion VND` -> `five hundred billion dong`; `5€`."""
    currencies, scales = style.language.spoken["currencies"], style.language.spoken["scales"]
    table = currencies[match["sign"]]
    scaled = scales[match["short"].lower()] if match["short"] else match["scale"] or ""
    low = f"{amount(match['number'], style.british)} to " if match["to"] else ""
    return low + price(match["to"] or match["number"], scaled, table, style)


@rule(
    rf"(?<![\w.,$£€])(?P<number>{NUMBER})(?:\s?[-–]\s?(?P<to>{NUMBER}))?(?P<coin>p|¢|c(?=\s(?:a|per|an)\b))(?![\w/.](?!\s|$)|\w)",
    name="coins",
    digits=True,
)
def coins_alone(match: re.Match[str], style: Style) -> str | None:
    """`50p` -> `fifty pence`, `20¢` -> `twenty cents`."""
    one, many = ("penny", "pence") if match["coin"] == "p" else ("cent", "cents")
    if match["coin"] == "p" and match["number"] in ("360", "480", "540", "720", "1080", "2160"):
        return None
    if match["coin"] == "p" and re.match(r"\.?\s?m\b", after(match)):
        return None
    low = f"{amount(match['number'], style.british)} to " if match["to"] else ""
    number = match["to"] or match["number"]
    adjective = attributive(match)
    return (
        f"{low}{amount(number, style.british)}{'-' if adjective else ' '}{one if number == '1' or (adjective and one == 'cent') else many}"
    )


def noun_follows(match: re.Match[str]) -> bool:
    """Whether a noun stands behind: `$10-a-month plan`."""
    return bool(
        re.match(
            r"\s(?!and\b|or\b|to\b|for\b|from\b|in\b|on\b|if\b|as\b|but\b|is\b|was\b|when\b|by\b|at\b|after\b|with\b)[a-z]+", after(match)
        )
    )


def same_coins(low: str, high: str, scaled: str) -> bool:
    """Whether both ends of a range are sums with coins, `$50.00-$100.00`: each is said whole."""
    return not scaled and bool(re.search(r"\.\d\d$", low) or re.search(r"\.\d\d$", high))


def price(number: str, scale: str, table: list[str], style: Style, bare: bool = False) -> str:
    """One sum: `1.2`, `billion` -> `one point two billion dollars`; `2.01` -> `two pounds and one penny`. `bare` leaves the unit out."""
    one, many, *coin = table
    if bare:
        return " ".join(filter(None, (amount(number, style.british), scale)))
    whole, _, part = number.replace(",", "").partition(".")
    if scale or not part or not coin or len(part) not in (2, 3) or (len(part) == 3 and part[-1] != "0"):
        if len(part) == 1 and not scale and coin and int(whole or 0) == 0:
            return coined(int(part) * 10, coin, style)
        said = amount(number, style.british)
        return " ".join(filter(None, (said, scale, one if number == "1" and not scale else many)))
    cents = int(part[:2])
    coins = coined(cents, coin, style) if cents else ""
    if not int(whole or 0):
        return coins or f"zero {many}"
    big = f"{cardinal(int(whole), style.british)} {one if int(whole) == 1 else many}"
    return f"{big} and {coins}" if coins else big


def coined(number: int, coin: list[str], style: Style) -> str:
    """`one penny`, `fifty pence`."""
    return f"{cardinal(number, style.british)} {coin[0] if number == 1 else coin[1]}"
