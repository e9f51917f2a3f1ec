"""Signs, pictures, brackets, dashes, quotes: what has words gets them, what is a pause becomes one, what is neither goes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from bulletin.spoken.rule import Style, after, alternatives, before, rule

FOLDED = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‟": '"', "‘": "'", "’": "'", "‛": "'", "‚": "'", "＂": '"', "＇": "'",
     "\u2010": "-", "\u2011": "-", "\u2012": "–", "\u2015": "—", "\u2212": "−", "\u2044": "/"}
    | {chr(space): " " for space in (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)}
    | {chr(0xFF10 + number): str(number) for number in range(10)}
)  # fmt: skip
"""One character for one: quotes, hyphens, spaces and digits of full width in their plain form."""
READ = frozenset("°℃℉№^`´¨£€¥₩₫₹$¢₽₺₪฿₱₦")
"""Signs that other rules, or the voices, read."""


@rule(
    r"(?<=[\w.”\"'’)])\[(?:\d{1,3}|note \d+|citation needed)\]|(?<=[a-z]{3}[.,])\d{1,2}(?=\s[A-Z]|$)|(?<=[a-z]{3})\s?(?:\(\d{1,2}\)){2,}(?=[.;])|\s\((?:NYSE|NASDAQ|Nasdaq|LON|LSE|HKG|TYO|TSX|ASX|AMEX|OTC)\s?:\s?[A-Z.]{1,6}\)"
)
def footnote(match: re.Match[str], style: Style) -> str | None:
    """A footnote's number, `[12]` or `said.3`, goes; a day behind its month, `Sept.5`, stays."""
    return None if re.search(r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|[Nn]os?|vol|fig|art)\.$", before(match, 6)) else ""


def invisible(char: str) -> bool:
    """Whether a character shows nothing: controls, zero-width and direction marks, variation selectors, soft hyphens."""
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") or "\ufe00" <= char <= "\ufe0f"


def picture(char: str) -> bool:
    """Whether a character is a picture, a dingbat, a bullet or a rule that has no words."""
    return (unicodedata.category(char) in ("So", "Sk") and char not in READ) or char in "•‣◦∙·※†‡¶|¦‖_\\⁂"


@rule(r"[^\w\s.,;:!?…'\"()\[\]{}\-–—/&%$£€@#+=*<>°]+")
def pictures(match: re.Match[str], style: Style) -> str | None:
    """Pictures, dingbats and bullets go, or are said by their names where a station wants it: `🚢` -> `ship`."""
    said = []
    for char in match.group():
        if not picture(char) or char in style.language.spoken.get("signs", {}):
            return None if len(match.group()) == 1 else one_by_one(match, style)
        if style.emoji and ord(char) > 0x2190:
            said.append(unicodedata.name(char, "").lower().removesuffix(" sign"))
    return f" {' '.join(filter(None, said))} " if any(said) else " "


def one_by_one(match: re.Match[str], style: Style) -> str | None:
    """A run of signs of which some are read: pictures among them go, the rest stays."""
    words: Mapping[str, str] = style.language.spoken.get("signs", {})
    said = "".join(f" {words[char]} " if char in words else " " if picture(char) else char for char in match.group())
    return said if said != match.group() else None


@rule(lambda words: rf"\s{{0,4}}(?P<sign>{alternatives(words.get('signs', ()))})\s{{0,4}}")
def sign(match: re.Match[str], style: Style) -> str | None:
    """Signs with words of their own: `≥` -> `at least`."""
    return f" {style.language.spoken['signs'][match['sign']]} "


@rule(r"\s?&(?:amp;)?\s?")
def ampersand(match: re.Match[str], style: Style) -> str | None:
    """`Q&A`, `Marks & Spencer` -> `and`."""
    return " and "


@rule(r"(?<=[A-Za-z\d])/(?=[A-Za-z])|(?<=\S)\s/\s(?=\S)|(?<=[A-Za-z])/(?=\d)")
def slash(match: re.Match[str], style: Style) -> str | None:
    """`and/or` -> `and or`, `Reuters/Ipsos` without a word; a slash with spaces is a pause, between other words it is `slash`."""
    if match.group() != "/":
        return ", "
    if re.search(r"\band$", before(match, 4), re.I) and re.match(r"or\b", after(match, 3), re.I):
        return " "
    names = re.search(r"\b[A-Z][a-z]{2,}$", before(match)) and re.match(r"[A-Z][a-z]{2,}", after(match))
    return " " if names else " slash "


@rule(r"(?<=\w)\s?@\s?(?=\w)|\s@\s")
def at(match: re.Match[str], style: Style) -> str | None:
    """`two @ 5 dollars` -> `at`."""
    return " at "


@rule(r"^\s?>+\s?|>{2,}|(?<=\s)->(?=\s)|(?<=\w)\((?:s|es|ies)\)")
def leftovers(match: re.Match[str], style: Style) -> str | None:
    """Marks of mail and of menus, `>>>`, go; `->` is a pause; `bridge(s)` is `bridges`."""
    return ", " if match.group() == "->" else match.group()[1:-1] if match.group()[0] == "(" else " "


@rule(
    r"(?<![\w*])\*++(?=\w)|(?<=[\w.,!?'\"])\*++(?!\w)|(?<![\w`~^])[`~^]++|[`~^]++(?!\w)|(?<=\s)[*#|\\]+(?=\s|$)|^[*#|\\]+(?=\s)|_{2,}|={3,}|-{3,}"
)
def marks(match: re.Match[str], style: Style) -> str | None:
    """Asterisks, backticks and rules of a typewriter have no words."""
    return " " if len(match.group()) > 1 and match.group()[0] in "_=-" else ""


@rule(r"(?<=[\w.,!?;'\"%)])\s{0,4}(?:\s[-–―]{1,2}\s|—|\s--\s|(?<=\w)--(?=\w))\s*")
def dash(match: re.Match[str], style: Style) -> str | None:
    """A dash between words is a pause: ` - `, ` – `, `—` become a comma; between two amounts it is `to`."""
    front = match.string[: match.start()][-12:]
    if re.search(r"\d\s?(?:%|[a-z]{1,4}|[KMGT]?B)?$", front) and re.match(r"[$£€]?\d", after(match)) and match.group().strip() != "—":
        return " to "
    return " " if front[-1:] in ",;:.!?" and not ABBREVIATED.search(front) else ", "


@rule(r"^\s{0,4}[-–—]\s{1,4}|\s{1,4}[-–—]\s{0,4}$|(?<=\s)[-–—](?=\s)|(?<=\w)–(?=[A-Za-z])")
def dash_at_the_edge(match: re.Match[str], style: Style) -> str | None:
    """A dash that opens or ends a line goes; one between two names without spaces is a hyphen: `Paris–Dakar`."""
    if match.group() != "–" or not match.start():
        return " "
    return " to " if match.string[match.start() - 1].isdecimal() else "-"


ABBREVIATED = re.compile(r"(?:\b[A-Za-z]\.[A-Za-z]\.|\b(?:Inc|Corp|Co|Ltd|Jr|Sr|No|St|[A-Z][a-z]{0,4})\.)$")
"""A full stop that ends no sentence."""


@rule(r"</?[A-Za-z][\w:-]{0,30}(?:\s[^<>]{0,300})?/?>")
def markup(match: re.Match[str], style: Style) -> str | None:
    """Marks of HTML and of other systems, `<b>`, are not words."""
    return " "


@rule(r"\[\s?(?=[^\[\]]{0,2000}\])|(?<=[^\s\[])\s?\](?!\w)")
def square_bracket(match: re.Match[str], style: Style) -> str | None:
    """Square brackets hold an editor's own words, `exacerbate [it]`: the words are said, the brackets go. Behind a pronoun they explain it."""
    opening = match.string.rfind("[", 0, match.end())
    inside = match.string[opening + 1 : match.string.find("]", opening)]
    if " " in inside and re.search(
        r"\b(?:he|she|they|it|him|her|them|this|that|who|we|us|I)\s$", match.string[max(0, opening - 6) : opening], re.I
    ):
        return ", "
    return ""


def one_word(text: str, start: int) -> bool:
    """Whether a bracket holds one word inside a name or behind an article, `the (astronomical) start`, `the Firearms (Amendment) Act`."""
    inside = re.compile(r"([A-Za-z-]+)\)\s(\w+)").match(text, start)
    if not inside:
        return False
    front = text[:start].rstrip("( ")
    return bool(re.search(r"\b(?:the|a|an|his|her|their|its)$", front, re.I)) or inside[2] in (
        "Act",
        "Bill",
        "Order",
        "Regulations",
        "Rules",
    )


@rule(r"\s{0,4}[({]\s{0,4}(?=[^(){}]{0,2000}[)}])")
def bracket(match: re.Match[str], style: Style) -> str | None:
    """A bracket opens with a pause: `the group (led by Kim) said` -> `the group, led by Kim, said`."""
    front = match.string[: match.start()].rstrip()
    if one_word(match.string, match.end()):
        return " "
    paused = not front or (front[-1] in ",;:.!?" and not ABBREVIATED.search(front[-12:]))
    return (" " if front else "") if paused else ", "


@rule(r"(?<=[^\s({])\s*[)}]\s*")
def bracket_end(match: re.Match[str], style: Style) -> str | None:
    """And it ends with one, unless a mark follows that is one already."""
    rest = after(match, 2)
    front = match.string[: match.start()].rstrip()
    opening = match.string.rfind("(", 0, match.start())
    if opening >= 0 and one_word(match.string, opening + 1):
        return " "
    if "(" not in match.string[: match.start()] and "{" not in match.string[: match.start()]:
        return " "
    ended = front[-1:] in ".!?,;:" and not ABBREVIATED.search(front[-12:])
    return " " if ended and rest[:1] not in ".,;:!?" else "" if not rest or rest[0] in ".,;:!?'\"" else ", "


@rule(r"[()\[\]{}]+")
def lone_bracket(match: re.Match[str], style: Style) -> str | None:
    """A bracket without its other half goes."""
    return " "


LONE = {
    "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₩": "won", "₹": "rupee", "¢": "cent", "#": "hash", "%": "percent",
    "+": "plus", "=": "equals", "§": "section", "°": "degrees", "@": "at", "<": "less than", ">": "more than", "*": "asterisk",
    "±": "plus or minus", "×": "times", "÷": "divided by", "^": "to the power of", "~": "about", "−": "minus",
}  # fmt: skip


@rule(r"\s{0,4}(?P<sign>[$€£¥₩₹¢#%+=§°<>*±×÷^~@−])\s{0,4}")
def lone_sign(match: re.Match[str], style: Style) -> str | None:
    """A sign that no other rule has taken is said by its name."""
    return f" {LONE[match['sign']]} "


@rule(r"\.{4,}|…+\.?|(?:\.\s){2,}\.")
def ellipsis(match: re.Match[str], style: Style) -> str | None:
    """`…`, `. . .` -> `...`, which every voice takes for a pause."""
    return "..."


@rule(r"([!?])[!?]+")
def shouting(match: re.Match[str], style: Style) -> str | None:
    """`?!`, `!!!` -> one mark."""
    return "?" if "?" in match.group() else "!"


@rule(r'(?:(?<=\s)|^|(?<=[(\[]))"(?=\S)|(?<=\S)"(?=\s|$|[.,;:!?)\]])')
def quote(match: re.Match[str], style: Style) -> str | None:
    """Direct speech with a pause at its ends, or with `quote ... unquote` said, where a station wants it."""
    opens = match.start() == 0 or match.string[match.start() - 1] in " (["
    words = style.language.spoken.get("quoting", ())
    if style.quotes == "silent" or (style.quotes == "said" and not words):
        return None
    if style.quotes == "pause":
        return ", "
    return f"{words[0]}, " if opens else f", {words[1]}"


VOWELS = frozenset("AEIOUYАЕЁИОУЫЭЮЯІЇЄΑΕΗΙΟΥΩ")
AMBIGUOUS = frozenset(("US", "WHO", "IT"))
"""Acronyms that are words in small letters too: in a line of capitals they are taken for acronyms."""


def lowered(text: str, short: frozenset[str], words: frozenset[str], spelled: frozenset[str]) -> str:
    """A line all in capitals would be spelled out: its words get small letters, its acronyms keep theirs. Length is kept."""
    found = re.findall(r"[^\W\d_]{2,}", text)
    if len(found) < 3 or not all(word.isupper() for word in found):
        return text

    def small(match: re.Match[str]) -> str:
        word = match.group()
        if word == "UN" and text[max(0, match.start() - 5) : match.start()] == "JONG ":
            return "Un"  # the one name of the news that is an acronym too
        if word.lower() in short and word not in AMBIGUOUS:
            return same(word.lower(), word)
        dotted = len(word) < 3 and re.match(r"\.\w?", text[match.end() : match.end() + 2])
        if word in spelled or word in words or dotted or len(word) < 2 or not VOWELS & set(unicodedata.normalize("NFD", word)):
            return word
        return same(word.capitalize(), word)

    text = re.sub(r"[^\W\d_]+(?:'[^\W\d_]+)*", small, text)
    return text[:1].upper() + text[1:] if len(text[:1].upper()) == 1 else text


def same(made: str, word: str) -> str:
    """What was made of a word, if it is as long as the word was."""
    return made if len(made) == len(word) else word


PAUSES = (
    sign, pictures, leftovers, marks, quote, dash, dash_at_the_edge, square_bracket, bracket, bracket_end, lone_bracket, ellipsis, shouting,
)  # fmt: skip
"""What comes last in every language: signs, pictures, brackets, dashes, quotes."""
