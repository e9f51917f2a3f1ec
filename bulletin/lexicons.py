"""Lexicons as files: CSV, which staff open in any editor or spreadsheet, and W3C's Pronunciation Lexicon (PLS 1.0)."""

from __future__ import annotations

import csv
import functools
import io
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

from bulletin import respelling
from bulletin.errors import LexiconError
from bulletin.languages import canonical
from bulletin.lexicon import WORD, Lexicon, fold, holds
from bulletin.model import Pronunciation

COLUMNS = tuple(field.name for field in fields(Pronunciation) if field.name != "shipped")
SPELL = ("", "word", "letters")
LARGEST = 20_000_000
"""Bytes of the largest file that is read."""
FORM = "Its first line names the columns: " + ",".join(COLUMNS)
PLS = "http://www.w3.org/2005/01/pronunciation-lexicon"
RESPELLED = "x-bulletin-respelling"
"""PLS's name for an alphabet of a vendor begins with `x-` (section 4.1)."""


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
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    try:
        columns = [(column or "").strip().lower() for column in rows.fieldnames or ()]
        if "written" not in columns or (unknown := next((column for column in columns if column and column not in COLUMNS), "")):
            what = f"has a column “{unknown}” that is not known" if "written" in columns else "has no column “written”"
            raise LexiconError(f"The lexicon {name} {what}.", FORM)
        rows.fieldnames = columns
        for row in rows:
            values: dict[str, Any] = {column: " ".join((row.get(column) or "").split()) for column in columns if column}
            if row.get(None):  # what csv calls cells without a column
                raise LexiconError(f"{name}, line {rows.line_num}: there are more cells than columns.", FORM)
            if any(values.values()):
                yield checked(Pronunciation(**values), f"{name}, line {rows.line_num}")
    except csv.Error as error:
        raise LexiconError(f"{name}, line {rows.line_num}: {error}.", FORM) from error


def checked(entry: Pronunciation, where: str) -> Pronunciation:
    """The entry, its letters composed (NFC), if it can be said. Raises LexiconError."""
    entry = replace(entry, written=unicodedata.normalize("NFC", entry.written))
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
        if "ipa" in values or "respelling" in values:
            values.pop("instead", None)  # both may stand in a lexeme; the sounds say more
        for grapheme in graphemes:
            yield checked(Pronunciation(written=grapheme, **values), f"{name}, line {lexeme.sourceline}")


def fits_pls(entry: Pronunciation, language: str = "en") -> bool:
    """Whether PLS can say it in a document of one language: it knows no stories."""
    return holds(entry, language, "") and not entry.story


def dump_pls(entries: Sequence[Pronunciation], language: str = "en") -> str:
    """A PLS 1.0 document of the entries of one language: spelling by letters becomes an alias, and entries for one story are left out."""
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
