"""How names are said: found in a text, in the best form that each engine takes."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from bulletin import respelling
from bulletin.languages import canonical
from bulletin.model import Pronunciation, Rewording

ENDINGS = ("'s", "s'", "s", "'")
"""What a name may end in: an entry covers its plural and possessive."""
SPECIAL = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ı": "i", "ø": "o", "Ø": "O", "ħ": "h", "’": "'"}
WORD = re.compile(r"[^\W_]+")
ACRONYM = re.compile(r"(?<![\w'.-])(?P<capitals>[A-Z]{2,6})(?P<ending>'s|s'|s)?(?![\w]|'[a-z])")
"""What the spoken form leaves in capitals is said by its letters."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that stands in a text."""

    start: int
    end: int
    """Where, its ending included."""
    entry: Pronunciation
    ending: str
    """`'s`, `s`, or empty."""


class Lexicon:
    """Entries by their first word. The longest goes first; of two for the same name the story's own, then the station's."""

    def __init__(self, entries: Iterable[Pronunciation] = ()) -> None:
        self.entries = tuple(entries)
        self.by_word: dict[str, list[tuple[int, Pronunciation]]] = defaultdict(list)
        for entry in self.entries:
            if first := WORD.search(fold(entry.written)):
                self.by_word[first.group().casefold()].append((first.start(), entry))
        for found in self.by_word.values():
            found.sort(key=lambda pair: (-len(pair[1].written), not pair[1].story, pair[1].shipped))

    def find(self, text: str, language: str = "", story: str = "") -> Iterator[Found]:
        """Every entry that stands in a text, in order, none over another. Linear in the text."""
        folded, place = fold(text), 0
        for word in WORD.finditer(folded):
            if word.start() < place:
                continue
            for key in near(word.group()):
                if found := next(
                    (
                        hit
                        for offset, entry in self.by_word.get(key, ())
                        if word.start() - offset >= place
                        and holds(entry, language, story)
                        and (hit := stands(folded, word.start() - offset, entry))
                    ),
                    None,
                ):
                    place = found.end
                    yield found
                    break

    def claims(self, text: str, language: str = "", story: str = "") -> list[Rewording]:
        """What the lexicon says of a text as written, for `spoken.explain`: other words, letters, or the name kept as it is."""
        return [
            Rewording(start=hit.start, written=text[hit.start : hit.end], said=said(hit, text[hit.start : hit.end]), rule="lexicon")
            for hit in self.find(text, language, story)
        ]

    def pronounced(
        self, text: str, language: str, alphabet: str, inline: Callable[[str, str], str] | None, story: str = "", british: bool = False
    ) -> str:
        """A spoken text in the form that an engine takes: phonemes where it has a door for them, else letters that lead to the sound."""
        english = canonical(language or "en") == "en"

        def between(words: str) -> str:
            return ACRONYM.sub(lambda match: lettered(match, alphabet, inline, british), words) if english else words

        parts, place = [], 0
        for hit in self.find(text, language, story):
            if not (hit.entry.respelling or hit.entry.ipa):
                continue
            written = text[hit.start : hit.end]
            parts += [between(text[place : hit.start]), form(hit, written, alphabet, inline, british)]
            place = hit.end
        return "".join([*parts, between(text[place:])])

    def over(self, other: Lexicon) -> Lexicon:
        """Its own entries, and the other's where this has none for the same name, language and story."""
        own = {identity(entry) for entry in self.entries}
        return Lexicon([*self.entries, *(entry for entry in other.entries if identity(entry) not in own)])


def identity(entry: Pronunciation) -> tuple[str, str, str]:
    """What makes two entries the same one."""
    return entry.written, entry.language, entry.story


def said(hit: Found, written: str) -> str:
    """The words said for a name: others instead, letters one by one, or itself."""
    if hit.entry.instead:
        return hit.entry.instead + hit.ending
    if hit.entry.spell == "letters":
        return " ".join(written[: len(written) - len(hit.ending)]) + hit.ending
    bare = written.removesuffix(hit.ending) if hit.ending else written
    if (hit.entry.spell == "word" or hit.entry.respelling or hit.entry.ipa) and bare.isupper() and len(bare) > 1 and " " not in bare:
        return bare.capitalize() + hit.ending
    return written


def form(hit: Found, written: str, alphabet: str, inline: Callable[[str, str], str] | None, british: bool) -> str:
    """One name for one engine."""
    phonemes = hit.entry.ipa or respelling.ipa(hit.entry.respelling)
    if alphabet and inline:
        phonemes = respelling.inflected(phonemes, hit.ending)
        return inline(written, in_alphabet(phonemes, alphabet, british))
    return respelling.plain(hit.entry.respelling or respelling.letters(hit.entry.ipa)) + hit.ending


def lettered(match: re.Match[str], alphabet: str, inline: Callable[[str, str], str] | None, british: bool) -> str:
    """Capitals that the spoken form has left: by the names of their letters, whatever the engine would make of `WHO` or `ICE`."""
    capitals, ending = match["capitals"], match["ending"] or ""
    if not (alphabet and inline):
        return " ".join(capitals) if not ending and len(capitals) > 2 else match.group()
    sounds = respelling.inflected(respelling.spelled(capitals, british=british), ending)
    return inline(match.group(), in_alphabet(sounds, alphabet, british))


def in_alphabet(sounds: str, alphabet: str, british: bool) -> str:
    """IPA in the letters that an engine takes."""
    return respelling.misaki(sounds, british=british) if alphabet == "misaki" else respelling.espeak(sounds)


def holds(entry: Pronunciation, language: str, story: str) -> bool:
    """Whether an entry is for this language and this story."""
    return (not entry.language or not language or canonical(entry.language) == canonical(language)) and (
        not entry.story or entry.story.casefold() in story.casefold()
    )


def near(word: str) -> Iterator[str]:
    """A word as an entry may have it: itself, and without a plural's s."""
    word = word.casefold()
    yield word
    if word.endswith("s"):
        yield word[:-1]


def stands(text: str, start: int, entry: Pronunciation) -> Found | None:
    """The entry at this place of a folded text, with its ending; None if it is not there."""
    written = fold(entry.written)
    end = start + len(written)
    here = text[start:end]
    if here != written and not (alike(here, written) or here == initial(written)):
        return None
    ending = next(
        (ending for ending in ENDINGS if text.startswith(ending, end) and not text[end + len(ending) : end + len(ending) + 1].isalnum()), ""
    )
    if text[end + len(ending) : end + len(ending) + 1].isalnum() or (start and text[start - 1].isalnum()):
        return None
    return Found(start, end + len(ending), entry, ending)


def alike(here: str, written: str) -> bool:
    """Whether a name in other letters is the same: all in capitals in a headline, or an acronym that is written as a word."""
    return len(written) > 3 and here.casefold() == written.casefold() and (here.isupper() or (written.isupper() and here.istitle()))


def initial(written: str) -> str:
    """A common word as it opens a sentence."""
    return written[:1].upper() + written[1:] if written.islower() else written


def fold(text: str) -> str:
    """Letters without their marks, one for one: `Nguyễn` -> `Nguyen`. The length stays as it is."""
    return text if text.isascii() else "".join(plain(char) for char in text)


@functools.lru_cache(4096)
def plain(char: str) -> str:
    """One letter without its marks."""
    if char in SPECIAL:
        return SPECIAL[char]
    letters = "".join(part for part in unicodedata.normalize("NFD", char) if not unicodedata.combining(part))
    return letters if len(letters) == 1 else char
