"""What a rule is, and how rules are laid over a text: each claims spans of it, and what one has claimed no later one may touch."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bulletin.languages import Language
from bulletin.model import Rewording


@dataclass(frozen=True, slots=True)
class Style:
    """How one newsroom says things."""

    language: Language
    """Whose words and tables."""
    british: bool = False
    """Day before month in `5/12`, and `one hundred and five`."""
    emoji: bool = False
    """Say pictures by their names; else they are dropped."""
    quotes: str = "silent"
    """The marks of direct speech: `silent`, a `pause`, or `said`: `quote ... unquote`."""


Say = Callable[[re.Match[str], Style], str | None]
"""What a match is said as; None where the rule does not speak of it after all. The match knows the text around it."""
Words = Mapping[str, Any]
"""The tables of a language, `[spoken]` in its file."""
Source = str | Callable[[Words], str]
"""A regular expression, or what makes one of a language's tables."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One named rule: where it looks, what it says."""

    name: str
    """As `say --explain` shows it."""
    source: Source
    """Where it may apply, on the text as written."""
    say: Say
    """What is said there."""
    digits: bool = False
    """Whether it needs a digit somewhere in the text: without one it is not tried."""
    flags: int = 0
    """Of the regular expression."""


def rule(source: Source, *, name: str = "", digits: bool = False, flags: int = 0) -> Callable[[Say], Rule]:
    """Make a rule of a function: its name is the function's unless another is given, its promise the docstring."""
    return lambda say: Rule(name or say.__name__.replace("_", " "), source, say, digits, flags)


@functools.cache
def compiled(source: Source, flags: int, language: Language) -> re.Pattern[str]:
    """The pattern of a rule in a language."""
    return re.compile(source if isinstance(source, str) else source(language.spoken), flags)


def claims(text: str, rules: Iterable[Rule], style: Style, given: Iterable[Rewording] = ()) -> list[Rewording]:
    """The rewordings of a text, in its order, none over another; those `given` come first. Linear in its length."""
    taken = bytearray(len(text))
    found = list(given)
    for one in found:
        taken[one.start : one.start + len(one.written)] = b"\1" * len(one.written)
    numeric = any(map(str.isdecimal, text))
    for each in rules:
        if each.digits and not numeric:
            continue
        for match in compiled(each.source, each.flags, style.language).finditer(text):
            start, end = match.span()
            if start == end or taken.find(1, start, end) >= 0:
                continue
            try:
                said = each.say(match, style)
            except (ValueError, KeyError, ArithmeticError):  # Python reads no number of 4,300 digits, the libraries none of 40
                said = None
            if said is None:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Rewording(start=start, written=text[start:end], said=said, rule=each.name))
    return sorted(found, key=lambda claim: claim.start)


def joined(text: str, changes: Sequence[Rewording]) -> str:
    """The text with its rewordings in place, with a space where words would run together, a capital where one opens a sentence."""
    parts: list[str] = []
    place, last = 0, ""
    for change in changes:
        parts.append(kept := text[place : change.start])
        last = (last + kept)[-4:]
        if said := change.said:
            if last[-1:].isalnum() and said[0].isalnum():
                said = " " + said
            elif said[0].islower() and not change.written[0].islower() and opens(last):
                said = said[0].upper() + said[1:]
            parts.append(said)
            last = (last + said)[-4:]
        place = change.start + len(change.written)
        if said and last[-1:].isalnum() and text[place : place + 1].isalnum():
            parts.append(" ")
            last += " "
    parts.append(text[place:])
    return "".join(parts)


def opens(last: str) -> bool:
    """Whether what comes behind these last characters opens a sentence."""
    words = last.rstrip(" \"'(")
    return not words or (words[-1] in ".!?" and last != words and " " in last and not words.endswith("..."))


def before(match: re.Match[str], width: int = 40) -> str:
    """What stands in front of a match."""
    return match.string[max(0, match.start() - width) : match.start()]


def after(match: re.Match[str], width: int = 40) -> str:
    """What stands behind a match."""
    return match.string[match.end() : match.end() + width]


def stop(match: re.Match[str]) -> str:
    """`.` where a match that ends in one ends the sentence too."""
    rest = after(match, 3)
    return "." if match.group().endswith(".") and (not rest.strip("\"')] ")) else ""


def link(match: re.Match[str]) -> str:
    """What is said between the ends of a range: `to`, or `and` behind `between`."""
    return "and" if re.search(r"\bbetween\s(?:about\s)?$", before(match, 16), re.I) else "to"


def alternatives(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


NOT_NOUN = frozenset((
    "of", "in", "and", "or", "to", "a", "an", "the", "for", "from", "on", "at", "more", "less", "was", "is", "are", "had", "that",
    "who", "which", "by", "with", "per", "when", "than", "worth", "since", "as", "if", "over", "last", "this", "next", "each", "but",
    "after", "before", "were", "will", "would", "has", "have", "into", "through", "while", "during", "under", "between", "among",
    "against", "because", "until", "about", "so", "then", "could", "should", "may", "might", "can", "not", "only", "also", "now",
    "today", "yesterday", "tomorrow", "ago", "he", "she", "it", "they", "we", "you", "i", "out", "up", "down", "off", "all", "every",
    "another", "where", "what", "how", "did", "does", "do", "been", "being", "be", "went", "came", "go", "rose", "fell",
    "say", "says", "said", "rising", "within", "without", "near", "long", "wide", "deep", "high", "tall", "apart", "ahead",
    "inland", "offshore", "away", "above", "below", "north", "south", "east", "west", "northeast", "northwest", "southeast",
    "southwest", "taller", "higher", "longer", "wider", "deeper", "farther", "further", "closer", "faster", "heavier", "lower",
    "shorter", "slid", "slipped", "beat", "missed", "grew", "slowed", "eased", "jumped", "surged", "dropped", "climbed", "plunged",
))  # fmt: skip
"""Words after a measure that it does not describe: `a 10 km` is `a ten-kilometer` before a noun, not before these."""
DETERMINERS = re.compile(
    r"(?:^|[\s\"'(])(?:an?|the|this|that|another|each|one|his|her|its|their|our|my|your|new|first|second|[A-Za-z]+'s)\s+"
    r"(?:(?:[a-z]+ed|[a-z]+ing|new|record|so-called)\s+|[a-z]+-[a-z]+,\s+)?$",
    re.I,
)
"""What stands before an amount that describes a noun."""


def attributive(match: re.Match[str]) -> bool:
    """Whether an amount stands before the noun it describes, after a determiner: `a $40 million plan`, `the 10m wall`."""
    rest = re.match(r"[\s-]([A-Za-z]+)", after(match))
    if not rest or rest[1] in NOT_NOUN:
        return False
    named = rest[1][0].isupper() and not re.search(r"\b[Aa]n?\s$", before(match, 4))
    return not named and bool(DETERMINERS.search(before(match, 30)))
