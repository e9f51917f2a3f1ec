"""How names are said: the station's own lexicon over the one that ships, in the best form that each engine takes.

A lexicon is a CSV file that staff open in any editor or spreadsheet; W3C's Pronunciation Lexicon (PLS 1.0) is read and written too.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from bulletin import respelling
from bulletin.errors import LexiconError
from bulletin.languages import canonical
from bulletin.model import Pronunciation, Rewording

COLUMNS = tuple(field.name for field in fields(Pronunciation) if field.name != "shipped")
SPELL = ("", "word", "letters")
LARGEST = 20_000_000
"""Bytes of the largest file that is read."""
FORM = "Its first line names the columns: " + ",".join(COLUMNS)
PLS = "http://www.w3.org/2005/01/pronunciation-lexicon"
RESPELLED = "x-bulletin-respelling"
"""PLS's name for an alphabet of a vendor begins with `x-` (section 4.1)."""
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
    """Entries by their first word. Of two for the same name the story's own goes first, then the station's, then the longest."""

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
        made = respelling.misaki(phonemes, british=british) if alphabet == "misaki" else respelling.espeak(phonemes)
        return inline(written, made)
    return respelling.plain(hit.entry.respelling or respelling.letters(hit.entry.ipa)) + hit.ending


def lettered(match: re.Match[str], alphabet: str, inline: Callable[[str, str], str] | None, british: bool) -> str:
    """Capitals that the spoken form has left: by the names of their letters, whatever the engine would make of `WHO` or `ICE`."""
    capitals, ending = match["capitals"], match["ending"] or ""
    if not (alphabet and inline):
        return " ".join(capitals) if not ending and len(capitals) > 2 else match.group()
    sounds = respelling.inflected(respelling.spelled(capitals, british=british), ending)
    return inline(match.group(), respelling.misaki(sounds, british=british) if alphabet == "misaki" else respelling.espeak(sounds))


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


# --- files --------------------------------------------------------------------------------------------------


@functools.cache
def shipped() -> Lexicon:
    """The lexicon that ships: names of the news, each by the rule or usage that it names."""
    text = resources.files("bulletin").joinpath("lexicon.csv").read_text(encoding="utf-8")
    return Lexicon(replace(entry, shipped=True) for entry in read_csv(text, "lexicon.csv"))


def load(path: Path | None) -> Lexicon:
    """The station's lexicon over the one that ships. Raises LexiconError for a file that cannot be read."""
    if not path or not path.is_file():
        return shipped()
    about = path.stat()
    return loaded(path, about.st_mtime_ns, about.st_size)


@functools.lru_cache(4)
def loaded(path: Path, changed: int, size: int) -> Lexicon:
    """The station's lexicon as it was when it was last changed."""
    return Lexicon(read(path)).over(shipped())


def read(path: Path) -> tuple[Pronunciation, ...]:
    """The entries of a file, .csv or .pls/.xml. Raises LexiconError, naming the line."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise LexiconError(f"Cannot read the lexicon {path}: {error.strerror}.", "Check its name and its rights.") from error
    return parse(data, str(path))


def parse(data: bytes, name: str) -> tuple[Pronunciation, ...]:
    """The entries of a file's bytes: PLS where it begins with `<`, else CSV. Raises LexiconError."""
    if len(data) > LARGEST:
        raise LexiconError(
            f"The lexicon {name} has over {LARGEST // 1_000_000} MB.", "That is more names than anybody says: is it the right file?"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(f"The lexicon {name} is not UTF-8.", "Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”).") from error
    if text.lstrip()[:1] == "<":
        return tuple(read_pls(data, name))
    return tuple(read_csv(text, name))


def read_csv(text: str, name: str) -> Iterator[Pronunciation]:
    """The entries of a CSV text: commas, semicolons or tabs. Raises LexiconError."""
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    columns = [(column or "").strip().lower() for column in rows.fieldnames or ()]
    if "written" not in columns or (unknown := next((column for column in columns if column and column not in COLUMNS), "")):
        what = f"has a column “{unknown}” that is not known" if "written" in columns else "has no column “written”"
        raise LexiconError(f"The lexicon {name} {what}.", FORM)
    rows.fieldnames = columns
    try:
        for row in rows:
            values: dict[str, Any] = {column: " ".join((row.get(column) or "").split()) for column in columns if column}
            if row.get(None):  # what csv calls cells without a column
                raise LexiconError(f"{name}, line {rows.line_num}: there are more cells than columns.", FORM)
            if any(values.values()):
                yield checked(Pronunciation(**values), f"{name}, line {rows.line_num}")
    except csv.Error as error:
        raise LexiconError(f"{name}, line {rows.line_num}: {error}.", FORM) from error


def checked(entry: Pronunciation, where: str) -> Pronunciation:
    """The entry, if it can be said. Raises LexiconError."""
    wrong = ""
    if not WORD.search(fold(entry.written)):
        wrong = "there is no letter and no figure in “written”"
    elif any(ord(char) < 32 for char in entry.written + entry.instead):
        wrong = "there are control characters in it"
    elif entry.language and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", entry.language):
        wrong = f"“{entry.language}” is no code of a language, as en or vi"
    elif entry.checked and not is_date(entry.checked):
        wrong = f"“{entry.checked}” is no date, as 2026-01-31"
    elif entry.instead and (entry.spell or entry.respelling or entry.ipa):
        wrong = "“instead” goes alone: an entry for those other words says how they sound"
    elif entry.spell == "letters" and (entry.respelling or entry.ipa):
        wrong = "it is said by its letters or by its sounds, not both"
    elif entry.spell not in SPELL:
        wrong = f"“spell” is “{entry.spell}”: it can be word or letters"
    elif not (entry.respelling or entry.ipa or entry.spell or entry.instead):
        wrong = f"nothing says how “{entry.written}” is said"
    try:
        if entry.respelling:
            respelling.ipa(entry.respelling)
        if entry.ipa and not respelling.phones(entry.ipa):
            wrong = wrong or "“ipa” has no sounds"
    except ValueError as error:
        wrong = f"in “{entry.written}”, {error}"
    if wrong:
        raise LexiconError(
            f"{where}: {wrong}.",
            "Respell it in syllables, the stressed one in capitals (moon jay-IN); all spellings: bulletin lexicon add --help",
        )
    return entry


def is_date(text: str) -> bool:
    """Whether a text is a date as ISO 8601 writes it."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def dump(entries: Sequence[Pronunciation]) -> str:
    """The CSV of a lexicon, one name a line, in the order of the alphabet."""
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writeheader()
    for entry in sorted(entries, key=lambda entry: (fold(entry.written).casefold(), entry.written, entry.language, entry.story)):
        rows.writerow({column: getattr(entry, column) for column in COLUMNS})
    return out.getvalue()


def read_pls(data: bytes, name: str) -> Iterator[Pronunciation]:
    """The lexemes of a PLS 1.0 document: each grapheme with its first phoneme, or its alias. Raises LexiconError."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise LexiconError(f"{name} is not valid XML: {error}.", "W3C Pronunciation Lexicon 1.0 has a root <lexicon>.") from error
    if etree.QName(root).localname != "lexicon":
        raise LexiconError(f"{name} is no pronunciation lexicon: its root is <{etree.QName(root).localname}>.", "It should be <lexicon>.")
    language = canonical(root.get("{http://www.w3.org/XML/1998/namespace}lang", ""))
    alphabet = root.get("alphabet", "ipa")
    for lexeme in root.iter(f"{{{PLS}}}lexeme", "lexeme"):
        values: dict[str, Any] = {"language": language, "source": f"imported from {Path(name).name}"}
        graphemes = []
        for child in lexeme.iterchildren(tag=etree.Element):
            kind, text = etree.QName(child).localname, " ".join("".join(child.itertext()).split())
            if kind == "grapheme" and text:
                graphemes.append(text)
            elif kind == "alias":
                values.setdefault("instead", text)
            elif kind == "phoneme":
                own = child.get("alphabet", alphabet)
                if child.get("prefer") == "true":  # section 4.9.3: the form that is preferred, wherever it stands
                    values.pop("ipa", None)
                column = {"ipa": "ipa", RESPELLED: "respelling"}.get(own)
                if column is None:
                    raise LexiconError(f"{name}, line {child.sourceline}: phonemes in “{own}”.", "ipa is read.")
                values.setdefault(column, text)
        for grapheme in graphemes:
            yield checked(Pronunciation(written=grapheme, **values), f"{name}, line {lexeme.sourceline}")


def fits_pls(entry: Pronunciation, language: str = "en") -> bool:
    """Whether PLS can say it in a document of one language: it knows no stories."""
    return holds(entry, language, "") and not entry.story


def dump_pls(entries: Sequence[Pronunciation], language: str = "en") -> str:
    """A PLS 1.0 document of the entries that hold for one language; what PLS cannot say (story, spelling by letters) becomes an alias."""
    from lxml import etree

    space = {None: PLS}
    root = etree.Element(f"{{{PLS}}}lexicon", nsmap=space, version="1.0", alphabet="ipa")
    root.set("{http://www.w3.org/XML/1998/namespace}lang", language)
    for entry in entries:
        if not fits_pls(entry, language):
            continue
        lexeme = etree.SubElement(root, f"{{{PLS}}}lexeme")
        etree.SubElement(lexeme, f"{{{PLS}}}grapheme").text = entry.written
        if entry.respelling or entry.ipa:
            etree.SubElement(lexeme, f"{{{PLS}}}phoneme").text = entry.ipa or respelling.ipa(entry.respelling)
        if entry.respelling:
            etree.SubElement(lexeme, f"{{{PLS}}}phoneme", alphabet=RESPELLED).text = entry.respelling
        alias = entry.instead or {"letters": " ".join(entry.written), "word": entry.written.capitalize()}.get(entry.spell, "")
        if alias and not (entry.respelling or entry.ipa):
            etree.SubElement(lexeme, f"{{{PLS}}}alias").text = alias
    text: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return text.decode("utf-8")
