"""Two texts compared as they sound: print is said first, spelling and spaces count for nothing."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bulletin import spoken
from bulletin.languages import canonical

CONTRACTED = {"'ll": "will", "'re": "are", "'ve": "have", "n't": "not", "'m": "am", "'d": "would"}
IS = frozenset(["it", "he", "she", "that", "what", "there", "here", "who", "where", "how"])
"""Words whose `'s` is short for “is”, and no possessive."""
SAME = {
    "ok": "okay", "mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "&": "and", "per": "per", "oh": "zero", "nought": "zero",
    "gonna": "going", "alright": "right", "whilst": "while", "amongst": "among", "toward": "towards", "grey": "gray", "mom": "mum",
    "an": "a", "yeah": "yes", "til": "till", "cannot": "can not", "percent": "per cent",
}  # fmt: skip
"""Words that are written in two ways, or that nobody hears apart."""
BRITISH = (
    (r"(?<=[a-z]{2})ou(?=r)", "o"),
    (r"(?<=[a-z]{3})is(?=(e|ed|es|er|ers|ing|ation|ations)$)", "iz"),
    (r"(?<=[a-z]{3})tre(s?)$", r"ter\1"),
    (r"ll(?=(ed|ing|er|ers)$)", "l"),
    (r"(?<=[a-z]{2})ogue(s?)$", r"og\1"),
    (r"(?<=[a-z]{2})ence$", "ense"),
    (r"ae(?=[a-z]{3})", "e"),
)
"""Spellings of one word on both sides of the Atlantic."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of one text that stand for others in another."""

    start: int
    end: int
    """Of the first text's words; the same where nothing of it is lost."""
    other: tuple[int, int]
    """Of the second's."""


@lru_cache(4096)
def plain(text: str, language: str, say: bool = True) -> tuple[str, ...]:
    """The words of a text as they are compared."""
    text = spoken.say(text, language) if say and canonical(language) == "en" else text
    text = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char))
    found: list[str] = []
    for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", text):
        found += unfolded(word) if canonical(language) == "en" else [word.replace("'", "")]
    return tuple(found)


def unfolded(word: str) -> list[str]:
    """An English word as it is compared."""
    for ending, full in CONTRACTED.items():
        if word.endswith(ending) and len(word) > len(ending):
            stem = word.removesuffix(ending)
            return [*unfolded({"wo": "will", "ca": "can", "sha": "shall"}.get(stem, stem) if full == "not" else stem), full]
    if word.endswith("'s") and word[:-2] in IS:
        return [word[:-2], "is"]
    word = word.replace("'", "")
    if word in SAME:
        return SAME[word].split()
    for pattern, other in BRITISH:
        word = re.sub(pattern, other, word)
    return [word]


def differences(first: tuple[str, ...], second: tuple[str, ...]) -> list[Difference]:
    """Where two texts differ, words run together or apart being the same."""
    found = []
    for kind, i, j, k, m in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if kind != "equal" and "".join(first[i:j]) != "".join(second[k:m]):
            found.append(Difference(i, j, (k, m)))
    return found
