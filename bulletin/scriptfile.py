r"""The script file that staff edit: a rundown as text, both ways.

The file's grammar is small: a head, sections between `==`, and lines. Every line is a paragraph.

    # Words            a headline
    ~~words~~ {why}    struck out: seen, not spoken
    {voice piper:joe}  at a line's start: who reads it
    {pause 1500}       at a line's end: milliseconds of silence behind it
    {story 2}          at the end of a line of the headlines: the story that it is of, and goes with
    // words           a note that nobody hears
    \                  before ~ { } \ and what else would begin a mark: the character itself
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bulletin import languages
from bulletin.errors import ScriptError
from bulletin.model import MUST, REASONS, SPARE, USUAL, Ms, Passage, Rundown, Span, Story

FIRST_LINE = "bulletin script 1"
GUIDE = """\
// Each line is a paragraph and is spoken as it stands. Nobody hears a line like this one.
// ~~Struck-out words~~ are skipped; the reason stands behind them. Take the ~~ away and they are aired;
// put ~~ around other words and they are not.
// at: in the head is when it is broadcast; made: when it was drafted, which nothing goes by.
// {pause 1500} at the end of a line: so many milliseconds of silence behind it.
// {voice gtts:en} at the start of a line: another voice for it. All voices: bulletin voices
// Under == Story ==, priority: must, 1 to 9 (goes first where --length leaves no time), or spare (airs only where there is time to fill).
// {story 2} at the end of a headline at the top: it goes where the second story goes.
// Speak it: bulletin make THIS_FILE"""
STRUCK = "struck out"
"""The reason for words that staff struck out and gave no reason for."""
SPECIAL = re.compile(r"([\\~{}])")
TOKEN = re.compile(r"\\(?P<escaped>.)|(?P<strike>~~)|\{(?P<mark>[^{}]*)\}|(?P<text>[^\\~{]+|.)", re.DOTALL)
SECTION = re.compile(r"^==\s*(\w+).*?=*\s*$")
FIELDS = {
    "head": ("made", "at", "language", "voice"),
    "story": ("source", "language", "voice", "place", "priority", "byline", "published", "title"),
}
"""What may be set before the first section, and directly under the heading of a story."""
PLACES = ("breaking", "tail")
PRIORITIES = {"must": MUST, "spare": SPARE, **{str(number): number for number in range(1, 10)}}
SECTIONS = {"opening": "opening", "headlines": "headlines", "story": "body", "closing": "closing"}
"""Section -> the role of a line in it."""
FIELD = re.compile(r"^(\w+):\s*(.*)$")


# --- the script file ----------------------------------------------------------------------------------------


def dump(rundown: Rundown) -> str:
    """The script file of a rundown."""
    head = [FIRST_LINE, f"{'at' if rundown.timed else 'made'}: {rundown.at.isoformat()}", f"language: {rundown.language}"]
    head += [f"voice: {rundown.voice}"] if rundown.voice else []
    parts = ["\n".join(head), GUIDE, section("Opening", rundown.opening)]
    parts += [section("Headlines", rundown.headlines)] if rundown.headlines else []
    for story in rundown.stories:
        heard = any(passage.role == "headline" and passage.text == story.headline for passage in story.passages)
        fields = [("source", story.source), ("language", story.language), ("voice", story.voice)]
        fields += [("byline", story.byline), ("published", story.published), ("title", "" if heard else story.headline)]
        priority = next(name for name, value in PRIORITIES.items() if value == story.priority)
        fields += [("place", story.place), ("priority", "" if story.priority == USUAL else priority)]
        about = [f"{name}: {value}" for name, value in fields if value]
        about += [f"// Look before air: {story.warning}"] if story.warning else []
        parts.append(section("Story", story.passages, about))
    parts.append(section("Closing", rundown.closing))
    return "\n\n".join(parts) + "\n"


def section(name: str, passages: Sequence[Passage], about: Sequence[str] = ()) -> str:
    """One section: its heading, what is known of it, its lines; struck-out lines stand close together."""
    text = "\n".join([f"== {name} ==", *about])
    before = False
    for passage in passages:
        struck = not passage.text
        text += ("\n" if struck and before else "\n\n") + line(passage)
        before = struck
    return text


def line(passage: Passage) -> str:
    """One passage as a line."""
    words = [f"{{voice {passage.voice}}}"] if passage.voice else []
    for span in passage.spans:
        text = SPECIAL.sub(r"\\\1", span.text)
        reason = f" {{{span.reason}}}" if span.reason and span.reason != STRUCK else ""
        words.append(f"~~{text}~~{reason}" if span.reason else text)
    words += [f"{{pause {passage.pause}}}"] if passage.pause is not None else []
    words += [f"{{story {passage.story + 1}}}"] if passage.story is not None else []
    text = " ".join(words)
    if passage.role == "headline":
        return f"# {text}"
    return f"\\{text}" if re.match(r"#|//|==", text) else text


def is_script(text: str) -> bool:
    """Whether a text begins as a script file does, of whatever version."""
    return bool(re.match(r"\s*bulletin script \d+\s*(?:\n|$)", text, re.IGNORECASE))


def parse(text: str, source: str) -> Rundown:
    """The rundown of a script file. Raises ScriptError, naming the line."""
    lines = text.lstrip("\ufeff").splitlines()
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[first].strip().lower() != FIRST_LINE:
        raise ScriptError(f"{source} is a script of another kind: “{lines[first] if lines else ''}”.", f"It must begin with: {FIRST_LINE}")
    head: dict[str, str] = {}
    parts: list[tuple[str, dict[str, str], list[Passage]]] = []
    fields = head
    for number, raw in enumerate(lines[first + 1 :], first + 2):
        line = raw.strip()
        heading, field = SECTION.match(line), FIELD.match(line)
        if not line or line.startswith("//"):
            fields = fields if fields is head and not parts else {}
        elif heading:
            name = section_name(heading.group(1), source, number)
            fields = {}
            parts.append((name, fields, []))
        elif field and (name := field_name(field.group(1).lower(), settable(parts, fields), source, number)):
            fields[name] = field.group(2).strip()
        elif parts:
            fields = {}
            parts[-1][2].extend(parsed(line, parts[-1][0], source, number))
        else:
            raise ScriptError(f"{source}, line {number}: words before the first section.", "Begin a section: == Story ==")
    return rundown(head, parts, source)


def rundown(head: dict[str, str], parts: list[tuple[str, dict[str, str], list[Passage]]], source: str) -> Rundown:
    """The parts of a script file put together."""
    try:
        when = head.get("at") or head.get("made")
        at = datetime.fromisoformat(when) if when else datetime.now().astimezone()
        at = at if at.tzinfo else at.astimezone()
    except ValueError as error:
        raise ScriptError(f"{source}: “{when}” is no date.", "Write it as 2026-01-31T18:00:00+00:00.") from error
    language = head.get("language", "en")
    stories = tuple(story(fields, passages, source, language) for name, fields, passages in parts if name == "story")
    if not any(passage.text for story in stories for passage in story.passages):
        raise ScriptError(f"{source} has no words to speak.", "Write a story under == Story ==.")

    def said(section: str) -> tuple[Passage, ...]:
        return tuple(passage for name, _, found in parts if name == section for passage in found)

    lines = tuple(owned(said("headlines"), stories, source))
    if (last := max((line.story or 0 for line in said("headlines")), default=0)) >= len(stories):
        raise ScriptError(
            f"{source}: a headline is of story {last + 1}, and there are {len(stories)}.", "Count them as they stand, from 1."
        )
    return Rundown(
        at=at,
        timed="at" in head,
        language=language,
        voice=head.get("voice", ""),
        opening=said("opening"),
        headlines=lines,
        stories=stories,
        closing=said("closing"),
        edited=True,
    )


def owned(lines: Sequence[Passage], stories: Sequence[Story], source: str) -> Iterator[Passage]:
    """The lines of the headlines, each with its story: the one with the same headline, wherever it stands now, or the one it names.

    Raises ScriptError where the one it names has another line already: its own story has been taken out, or moved.
    """
    heads = [story.headline for story in stories]
    own = {at: heads.index(line.text) for at, line in enumerate(lines) if line.text and heads.count(line.text) == 1}
    for at, line in enumerate(lines):
        if at not in own and line.story is not None and line.story in own.values():
            raise ScriptError(
                f"{source}: the headline “{line.text}” is of story {line.story + 1}, which has another.",
                "Was its story taken out or moved? Take the line out too, or mend its {story N}.",
            )
        yield replace(line, story=own.get(at, line.story))


def story(fields: dict[str, str], passages: Sequence[Passage], source: str, language: str) -> Story:
    """A story of a script file. Lines before its headline lead in to it. Raises ScriptError."""
    place, priority = fields.get("place", "").lower(), fields.get("priority", "").lower()
    if place and place not in PLACES:
        raise ScriptError(f"{source}: “place: {place}” is no place.", f"Known are {' and '.join(PLACES)}.")
    if priority and priority not in PRIORITIES:
        raise ScriptError(f"{source}: “priority: {priority}” is no priority.", "must, spare, or 1 (goes last) to 9 (goes first).")
    heads = [at for at, passage in enumerate(passages) if passage.role == "headline"]
    first = next((at for at in heads if passages[at].text), None)
    leads = {at for at in range(heads[0] if first is None and heads else first or 0) if passages[at].text}
    return Story(
        source=fields.get("source", source),
        headline=fields.get("title", "") if first is None else passages[first].text,
        language=fields.get("language", language),
        byline=fields.get("byline", ""),
        published=fields.get("published", ""),
        voice=fields.get("voice", ""),
        place=place,
        priority=PRIORITIES.get(priority, USUAL),
        passages=tuple(replace(passage, role="lead-in") if at in leads else passage for at, passage in enumerate(passages)),
    )


def settable(parts: Sequence[tuple[str, dict[str, str], list[Passage]]], fields: dict[str, str]) -> Sequence[str]:
    """The fields that may be set here: in the head, or right under the heading of a story."""
    if not parts:
        return FIELDS["head"]
    return FIELDS.get(parts[-1][0], ()) if fields is parts[-1][1] else ()


def field_name(name: str, known: Sequence[str], source: str, number: int) -> str:
    """The field that a line sets, or empty if it is words. Raises ScriptError for a slip of the pen."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    if name not in known and (near or known == FIELDS["head"]):
        raise ScriptError(f"{source}, line {number}: unknown field “{name}”.", f"Known here are {', '.join(known)}.")
    return name if name in known else ""


def section_name(name: str, source: str, number: int) -> str:
    """A section by its name. Raises ScriptError for another."""
    names = tuple(SECTIONS)
    if name.lower() not in names:
        near = difflib.get_close_matches(name.lower(), names, n=1)
        hint = f"Did you mean == {near[0].capitalize()} ==?" if near else "There are Opening, Headlines, Story and Closing."
        raise ScriptError(f"{source}, line {number}: unknown section “{name}”.", hint)
    return name.lower()


def parsed(line: str, part: str, source: str, number: int) -> Iterator[Passage]:
    """The passage that a line holds; none if nothing is left of it."""
    headline = re.match(r"#+\s+", line) if part == "story" else None
    spans: list[Span] = []
    text, struck, voice, pause, of, just_struck = "", False, "", None, None, False
    for token in TOKEN.finditer(line, headline.end() if headline else 0):
        mark = token.group("mark")
        if token.group("strike"):
            spans += span(text, STRUCK if struck else None)
            text, struck, just_struck = "", not struck, struck and bool(text.strip())
        elif mark is None:
            text += token.group("escaped") or token.group("text") or ""
            just_struck = just_struck and not text.strip()
        elif (name := command(mark, source, number)) == "pause":
            pause = milliseconds(mark, source, number)
        elif name == "story" and part == "headlines":
            of = story_number(mark, source, number)
        elif name == "voice":
            voice = mark.strip().partition(" ")[2].strip()
        elif just_struck and spans:
            spans[-1] = Span(text=spans[-1].text, reason=" ".join(mark.split()) or STRUCK)
            just_struck = False
        elif " ".join(mark.split()) not in known_reasons():  # a reason may stand on where the words were aired again
            raise ScriptError(f"{source}, line {number}: unknown mark {{{mark}}}.", f"To have it said, write \\{{{mark}\\}}.")
    if struck:
        raise ScriptError(f"{source}, line {number}: ~~ begins and does not end.", "Put ~~ at both ends of the words to skip.")
    spans += span(text, None)
    if not spans and (voice or pause is not None):
        raise ScriptError(f"{source}, line {number}: a mark stands alone.", "Put {pause 1500} behind words, and {voice NAME} before them.")
    if spans:
        role = "headline" if headline else SECTIONS[part]
        yield Passage(role=role, spans=tuple(spans), voice=voice, pause=pause, story=of)


@functools.cache
def known_reasons() -> frozenset[str]:
    """Every reason that the house gives for skipping something."""
    return frozenset({STRUCK, *REASONS}.union(*(languages.load(code).furniture for code in languages.codes())))


def span(text: str, reason: str | None) -> list[Span]:
    """A span of these words, or none."""
    return [Span(text=" ".join(text.split()), reason=reason)] if text.strip() else []


def command(mark: str, source: str, number: int) -> str:
    """`pause`, `voice`, `story`, or empty for a reason. Raises ScriptError for a slip of the pen."""
    name = (mark.split() or [""])[0].lower()
    near = difflib.get_close_matches(name, ("pause", "voice", "story"), n=1, cutoff=0.75)
    if near and name != near[0] and len(mark.split()) > 1:
        raise ScriptError(f"{source}, line {number}: unknown mark {{{mark}}}.", f"Did you mean {{{near[0]} …}}?")
    return near[0] if near and len(mark.split()) > 1 else ""


def milliseconds(mark: str, source: str, number: int) -> Ms:
    """The length of a {pause}. Raises ScriptError for what is no number, or over a minute."""
    value = mark.split()[1]
    if not value.isdecimal() or int(value) > 60_000:
        raise ScriptError(f"{source}, line {number}: {{{mark}}} is no length.", "Milliseconds, up to 60000: {pause 1500}")
    return Ms(int(value))


def story_number(mark: str, source: str, number: int) -> int:
    """The index of the story that a {story 2} names. Raises ScriptError."""
    value = mark.split()[1]
    if not value.isdecimal() or value == "0":
        raise ScriptError(f"{source}, line {number}: {{{mark}}} is no story.", "Count them from 1, as they stand: {story 2}")
    return int(value) - 1
