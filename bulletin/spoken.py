"""say(text, language) -> the words as they are spoken, the same for every engine.

Tiny named rules over data in `languages/`, in the order of `RULES`. What no rule speaks of is left as it is written.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Mapping

from bulletin import languages
from bulletin.languages import Language

QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‛": "'", " ": " "})
SIGNS = "°℃℉№^`´¨"
BULLETS = "•‣◦∙\ufe0e\ufe0f\u200d"
NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"

Rule = Callable[[str, Language], str]


def say(text: str, language: str) -> str:
    """The spoken form of one sentence or headline, white space folded. Never raises; empty only for empty text."""
    known = languages.load(language)
    for rule in RULES if known.code == "en" else COMMON:
        text = rule(text, known)
    return " ".join(text.split())


def typography(text: str, language: Language) -> str:
    """Curly quotes and odd spaces to plain ones; a footnote's number goes."""
    return re.sub(r"(?<=[\w.”\"’'])\[\d{1,3}\]", "", text).translate(QUOTES)


def web(text: str, language: Language) -> str:
    """`https://www.vov.vn/news` is said as its host: `vov.vn`."""
    return re.sub(r"(?:https?://(?:www\.)?|\bwww\.)([\w.-]+\.[a-z]{2,})(?:/[^\s,;)]*)?", r"\1", text)


def symbols(text: str, language: Language) -> str:
    """Pictures, dingbats and bullets have no words: ☎ ✔ ● 🚢 go. Signs that are read (°, №) stay."""
    return "".join(
        " " if char not in SIGNS and (unicodedata.category(char) in ("So", "Sk", "Cs", "Co", "Cn") or char in BULLETS) else char
        for char in text
    )


def dashes(text: str, language: Language) -> str:
    """A dash between words is a pause: ` - `, ` – `, `—` become a comma."""
    return re.sub(r"\s+[-–―]{1,2}\s+|\s*—\s*", ", ", text)


def brackets(text: str, language: Language) -> str:
    """Brackets are pauses: `the group (led by Kim) said` -> `the group, led by Kim, said`."""
    text = re.sub(r"\s*[(\[]\s*([^()\[\]]*?)\s*[)\]](?=\s*[.,;:!?]|\s*$)", r", \1", text)
    return re.sub(r"\s*[(\[]\s*([^()\[\]]*?)\s*[)\]]\s*", r", \1, ", text)


def capitals(text: str, language: Language) -> str:
    """A headline all in capitals would be spelled out: its words get small letters, its short acronyms keep theirs."""
    found = re.findall(r"[^\W\d_]{2,}", text)
    if len(found) < 3 or not all(word.isupper() for word in found):
        return text
    short = language.spoken.get("short", ())

    def small(match: re.Match[str]) -> str:
        word = match.group()
        if word.lower() in short:
            return word.lower()
        return word.capitalize() if len(word) > 3 else word

    text = re.sub(r"[^\W\d_]+", small, text)
    return text[:1].upper() + text[1:]


def abbreviations(text: str, language: Language) -> str:
    """`Gen. Kim` -> `General Kim`, `vs.` -> `versus`; months before a day or a year."""
    text = replace_words(text, language.spoken.get("abbreviations", {}))
    months = language.spoken.get("months", {})
    for short, full in months.items():
        text = re.sub(rf"\b{re.escape(short)}(?=\s+\d)", full, text)
    return re.sub(r"\bNo\.\s?(?=\d)", "number ", text)


def acronyms(text: str, language: Language) -> str:
    """Acronyms that are said as words, respelled: `THAAD` -> `Thad`."""
    return replace_words(text, language.spoken.get("words", {}))


def money(text: str, language: Language) -> str:
    """`$1.2bn` -> `1.2 billion dollars`, `€5-6 million` -> `5-6 million euros`, `$10-a-month` -> `10 dollars a month`."""
    currencies, scales = language.spoken.get("currencies", {}), language.spoken.get("scales", {})
    if not currencies:
        return text

    def amount(match: re.Match[str]) -> str:
        article, sign, number, short, scale, each = match.groups()
        scale = scales[short.lower()] if short else scale
        one, many = currencies[sign]
        noun = article and re.match(r"\s+[a-z]", text[match.end() :])  # `a $200 fine`: one thing, not many dollars
        unit = one if (number == "1" and not scale) or noun else many
        coins = re.fullmatch(r"(\d[\d,]*)\.(\d\d)", number) if not scale else None
        words = (coins[1], one if coins[1] == "1" else many, coins[2] if coins[2] != "00" else "") if coins else (number, scale, unit)
        return (article or "") + " ".join(filter(None, words)) + (f" {each.strip('-')} " if each else "")

    pattern = (
        rf"(\b[Aa]n? )?({alternatives(currencies)})\s?({NUMBER}(?:\s?[-–]\s?{NUMBER})?)"
        rf"(?:\s?((?i:{alternatives(scales)}))\b|[\s-](hundred|thousand|million|billion|trillion)\b)?(-an?-)?"
    )
    return re.sub(pattern, amount, text)


def scaled(text: str, language: Language) -> str:
    """`3.5bn people` -> `3.5 billion people`; only the scales that are nothing else: bn, tn, trn, mn."""
    scales = language.spoken.get("scales", {})
    return re.sub(rf"\b({NUMBER})\s?(bn|tn|trn|mn)\b", lambda m: f"{m.group(1)} {scales[m.group(2)]}", text)


def ranges(text: str, language: Language) -> str:
    """Ranges and scores: `2019–2023`, `10-15`, `3-1` -> `2019 to 2023`, `10 to 15`, `3 to 1`."""
    return re.sub(rf"(?<![\w.-])({NUMBER})\s?[-–]\s?({NUMBER})(?![\w-]|\.\d)", r"\1 to \2", text)


def percent(text: str, language: Language) -> str:
    """`5%` -> `5 percent`."""
    return re.sub(rf"({NUMBER})\s?%", r"\1 percent", text)


def signs(text: str, language: Language) -> str:
    """`≥ 5` -> `at least 5`."""
    words = language.spoken.get("signs", {})
    return re.sub(rf"\s*({alternatives(words)})\s*", lambda match: f" {words[match.group(1)]} ", text) if words else text


def ampersand(text: str, language: Language) -> str:
    """`Marks & Spencer`, `Q&A` -> `and`."""
    return re.sub(r"\s?&\s?", " and ", text)


def punctuation(text: str, language: Language) -> str:
    """What the rules left: doubled commas, spaces before punctuation, a comma before a full stop."""
    text = re.sub(r"\s+(?=[,;:.!?](?:\s|$))", "", text)
    text = re.sub(r",(?:\s*,)+", ",", text)
    return re.sub(r",\s*(?=[.;:!?])|^\s*,\s*|,\s*$", "", text)


def replace_words(text: str, words: Mapping[str, str]) -> str:
    """Each key that stands as a word of its own becomes its value; the longest first, case kept in mind."""
    if not words:
        return text
    return re.sub(rf"(?<![\w.])(?:{alternatives(words)})(?!\w)", lambda match: words[match.group()], text)


@functools.cache
def sorted_alternatives(keys: tuple[str, ...]) -> str:
    """A regular expression that matches any of the keys, the longest first."""
    return "|".join(re.escape(key) for key in sorted(keys, key=len, reverse=True)) or r"(?!)"


def alternatives(table: Mapping[str, object]) -> str:
    """A regular expression that matches any key of the table."""
    return sorted_alternatives(tuple(table))


COMMON: tuple[Rule, ...] = (typography, symbols, web, dashes, brackets, capitals, punctuation)
"""For languages whose engines read their own numbers."""
RULES: tuple[Rule, ...] = (
    typography, symbols, web, dashes, brackets, capitals, abbreviations, money, scaled, ranges, percent, acronyms,
    signs, ampersand, punctuation,
)  # fmt: skip
