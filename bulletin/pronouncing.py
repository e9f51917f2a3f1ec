"""What staff do with the lexicon: look names up before air, hear them, add and take away, bring in and take out."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from bulletin import engines, languages, lexicon, lexicons
from bulletin.errors import BulletinError, LexiconError
from bulletin.lexicon import Found, Lexicon, identity
from bulletin.model import Pronunciation, Station, Voice
from bulletin.names import Name, names
from bulletin.ports import Progress
from bulletin.produce import open_station
from bulletin.sources import gather, ordered, silent
from bulletin.voicing import about, pronounced, reworded

PATIENCE = 5.0
"""Seconds that another who writes the lexicon may take."""
NUMBERED = re.compile(r"[A-Z]{1,5}-?\d+s?")
"""`G20`, `F-35`: a rule says those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A name that nobody at the station has reviewed."""

    name: Name
    """It, how often it is said, and when first."""
    entry: Pronunciation | None
    """The entry of the lexicon that ships, or of the station's own without a date; None where there is none."""
    language: str
    """Of the story that it is first said in."""
    phonemes: str
    """What the voice would say, in its own letters; empty where the engine does not tell."""


def unreviewed(
    *sources: str | Path,
    station: str | Path | Station | None = None,
    voice: str | None = None,
    language: str | None = None,
    every: bool = False,
    progress: Progress = silent,
) -> list[Doubt]:
    """The names and acronyms of all that would be said, which no checked entry covers.

    Only if `every`: those that the lexicon that ships covers, and those whose words the voice has in its own dictionary.
    Raises BulletinError where a source cannot be read.
    """
    profile = open_station({"station": station, "voice": voice, "language": language})
    known = lexicons.load(profile.lexicon)
    rundown, failed = gather(ordered(sources), profile, language, voice, progress)
    if failed:
        raise failed[0][1]
    counted: dict[str, Name] = {}
    entries: dict[str, Pronunciation | None] = {}
    where: dict[str, tuple[str, Voice, str]] = {}
    before = 0
    for story in rundown.stories:
        book = languages.load(story.language)
        who = engines.find(voice, story.language) if voice else engines.choose(story.language, profile)
        texts = [passage.text for passage in story.passages if passage.text]
        for name in names(texts, book, common(book), partial(strange, voice=who)):
            for text, entry in parts(name.text, list(known.find(name.text, story.language, about(story))), who, every):
                had = counted.get(text, Name(text, 0, before + name.first))
                counted[text] = Name(text, had.times + name.times, min(had.first, before + name.first))
                entries[text] = entry
                where.setdefault(text, (story.language, who, about(story)))
        before += sum(len(text.split()) for text in texts)
    listed = sorted(counted.values(), key=lambda name: (-name.times, name.first))
    return [
        Doubt(
            name=name,
            entry=entries[name.text],
            language=where[name.text][0],
            phonemes=heard(name.text, *where[name.text], known, profile),
        )
        for name in listed
    ]


def parts(name: str, hits: Sequence[Found], voice: Voice, every: bool) -> Iterator[tuple[str, Pronunciation | None]]:
    """What of a name nobody has reviewed: an unchecked entry that covers some of it, and what no entry covers."""
    rest = name
    for hit in reversed(hits):
        rest = f"{rest[: hit.start]} {rest[hit.end :]}"
        if not hit.entry.checked and (every or not hit.entry.shipped):
            yield hit.entry.written, hit.entry
    left = guessed(" ".join(rest.split()), voice, every)
    if left and not NUMBERED.fullmatch(left):
        yield left, None


def strange(word: str, voice: Voice) -> bool:
    """Whether a voice's dictionary lacks a word; False where its engine does not tell."""
    knows = getattr(engines.load(voice.engine), "knows", None)
    return knows is not None and voice.ready and not all(knows(part, voice) for part in re.findall(r"[^\W\d_]+", word))


def guessed(name: str, voice: Voice, every: bool) -> str:
    """The part of a name that a voice has to guess, from the first such word to the last; the whole if `every`, or if it does not tell."""
    knows = getattr(engines.load(voice.engine), "knows", None)
    if every or knows is None or not voice.ready:
        return name
    words = name.split()
    unknown = [at for at, word in enumerate(words) if (word.isupper() and len(word) > 1) or strange(word, voice)]
    return " ".join(words[unknown[0] : unknown[-1] + 1]) if unknown else ""


def common(language: languages.Language) -> frozenset[str]:
    """Words with a capital that need no look: titles, months, weekdays, agencies, acronyms that a list knows."""
    spoken = language.spoken
    acronyms = {*spoken.get("spelled", ()), *spoken.get("said_as_words", ())}
    words = {*spoken.get("titles", {}), *spoken.get("titles", {}).values(), *spoken.get("short", ()), *language.dates, *language.agencies}
    return frozenset(word.casefold() for word in words | acronyms)


def heard(text: str, language: str, voice: Voice, story: str, known: Lexicon, profile: Station) -> str:
    """What a voice would say for a text, in its phonemes; empty where its engine does not tell."""
    engine = engines.load(voice.engine)
    tell = getattr(engine, "phonemes", None)
    if tell is None or not voice.ready:
        return ""
    said = reworded(text, language, profile, known, story).said
    try:
        return str(tell(pronounced(said, language, engine, voice, known, story), voice))
    except BulletinError:
        return ""


def forms(entry: Pronunciation) -> list[tuple[str, str]]:
    """(where, what): how an entry reaches each kind of engine."""
    only = Lexicon([replace(entry, story="", language="")])
    made = [("said as", next((claim.said for claim in only.claims(entry.written)), entry.written))]
    if entry.respelling or entry.ipa:
        from bulletin import respelling

        sounds = entry.ipa or respelling.ipa(entry.respelling)
        made += [
            ("respelled", entry.respelling or respelling.letters(entry.ipa)),
            ("IPA", sounds),
            ("hibari, Kokoro", respelling.misaki(sounds)),
            ("Piper", respelling.espeak(sounds)),
            ("gTTS", respelling.plain(entry.respelling or respelling.letters(entry.ipa))),
        ]
    return made


def look_up(text: str, station: str | Path | Station | None = None, language: str = "") -> list[Pronunciation]:
    """The entries of both lexicons that have these letters in their name."""
    wanted = lexicon.fold(text).casefold()
    known = lexicons.load(open_station({"station": station}).lexicon)
    return [
        entry for entry in known.entries if wanted in lexicon.fold(entry.written).casefold() and lexicon.holds(entry, language, entry.story)
    ]


def place(station: str | Path | Station | None = None) -> Path:
    """Where the station's own lexicon is, or will be."""
    path = open_station({"station": station}).lexicon
    assert path is not None
    return path


def own(path: Path) -> list[Pronunciation]:
    """The station's own entries. Raises LexiconError."""
    return list(lexicons.read(path)) if path.exists() else []


def add(entries: Sequence[Pronunciation], station: str | Path | Station | None = None, *, over: bool = True) -> tuple[Path, int, int]:
    """Put entries into the station's own lexicon; with `over` they take the place of those for the same name, language and story.

    (file, how many were put in, how many it has now). Raises LexiconError.
    """
    path = place(station)
    given = {identity(lexicons.checked(entry, entry.written)): entry for entry in entries}
    with held(path):
        had = {identity(entry): entry for entry in own(path)}
        fresh = {key: entry for key, entry in given.items() if over or key not in had}
        write(path, [*{**had, **fresh}.values()])
    return path, len(fresh), len(had.keys() | fresh.keys())


def bring_in(entries: Sequence[Pronunciation], station: str | Path | Station | None = None, *, over: bool = True) -> tuple[Path, int, int]:
    """The same for a file's entries: one whose name the lexicon has without a language stays without one, for PLS always names one."""
    plain = {(entry.written, entry.story) for entry in own(place(station)) if not entry.language}
    return add([replace(entry, language="") if (entry.written, entry.story) in plain else entry for entry in entries], station, over=over)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Keep others from writing the file meanwhile: two who add a name at once both have it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.with_name(f".{path.name}.lock")
    until = time.monotonic() + PATIENCE
    got = False
    while not got:
        try:
            lock.touch(exist_ok=False)
            got = True
        except FileExistsError:
            if time.monotonic() > until:  # whoever held it has gone without a word
                lock.unlink(missing_ok=True)
            time.sleep(0.02)
        except OSError:  # nothing can be written there: that is said where it is tried
            break
    try:
        yield
    finally:
        if got:
            with suppress(OSError):
                lock.unlink(missing_ok=True)


def remove(name: str, station: str | Path | Station | None = None) -> int:
    """Take a name's entries out of the station's own lexicon; how many. Raises LexiconError where it has none."""
    path = place(station)
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    with held(path):
        had = own(path)
        left = [entry for entry in had if entry.written != name]
        if len(left) < len(had):
            write(path, left)
    if len(left) == len(had):
        raise LexiconError(
            f"Your lexicon has no “{name}”.", "The lexicon that ships is left as it is; an entry of your own goes before it."
        )
    return len(had) - len(left)


def write(path: Path, entries: Sequence[Pronunciation]) -> None:
    """Write a lexicon whole, by its ending: .pls and .xml as PLS, else CSV. Raises PublishError."""
    from bulletin.outputs import write_text

    path.parent.mkdir(parents=True, exist_ok=True)
    path = path.resolve()  # a link's file is written, not the link
    write_text(path, lexicons.dump_pls(entries) if path.suffix.lower() in (".pls", ".xml") else lexicons.dump(entries))


def dated(entry: Pronunciation) -> Pronunciation:
    """The entry as checked today."""
    return replace(entry, checked=date.today().isoformat())
