r"""Articles become stories, a rundown, and a script of segments; and the script file that staff edit, both ways.

The file's grammar is small: a head, sections between `==`, and lines. Every line is a paragraph.

    # Words            a headline
    ~~words~~ {why}    struck out: seen, not spoken
    {voice piper:joe}  at a line's start: who reads it
    {pause 1500}       at a line's end: milliseconds of silence behind it
    // words           a note that nobody hears
    \                  before ~ { } \ and what else would begin a mark: the character itself
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from bulletin import languages
from bulletin.errors import ScriptError, StationError
from bulletin.model import REASONS, Article, Block, Ms, Passage, Rundown, Script, Segment, Span, Station, Story
from bulletin.sentences import sentences

FIRST_LINE = "bulletin script 1"
GUIDE = """\
// Each line is a paragraph and is spoken as it stands. Nobody hears a line like this one.
// ~~Struck-out words~~ are skipped; the reason stands behind them. Take the ~~ away and they are aired;
// put ~~ around other words and they are not.
// {pause 1500} at the end of a line: so many milliseconds of silence behind it.
// {voice gtts:en} at the start of a line: another voice for it. All voices: bulletin voices
// Speak it: bulletin make THIS_FILE"""
LONGEST_WORDS = 5_000
"""Characters that an opening or a closing may have."""
STRUCK = "struck out"
"""The reason for words that staff struck out and gave no reason for."""
SPECIAL = re.compile(r"([\\~{}])")
TOKEN = re.compile(r"\\(?P<escaped>.)|(?P<strike>~~)|\{(?P<mark>[^{}]*)\}|(?P<text>[^\\~{]+|.)", re.DOTALL)
SECTION = re.compile(r"^==\s*(\w+).*?=*\s*$")
FIELDS = {"head": ("made", "language", "voice"), "story": ("source", "language", "voice", "byline", "published", "title")}
"""What may be set before the first section, and directly under the heading of a story."""
FIELD = re.compile(r"^(\w+):\s*(.*)$")


# --- from articles to segments ------------------------------------------------------------------------------


def tell(article: Article) -> Story:
    """An article as a story: its headline, its paragraphs, and in their places all that is skipped."""
    passages = tuple(passage(block) for block in article.blocks if block.text.strip())
    return Story(
        source=article.source,
        headline=next((told.text for told in passages if told.role == "headline" and told.text), article.title),
        language=article.language,
        byline=article.byline,
        published=article.published,
        warning=article.warning,
        passages=passages,
    )


def passage(block: Block) -> Passage:
    """A block as a passage, its cuts as struck-out spans."""
    spans = [Span(text=" ".join(text.split()), reason=reason) for text, reason in block.spans if text.strip()]
    return Passage(role="headline" if block.kind == "headline" else "body", spans=tuple(spans))


def arrange(stories: Sequence[Story], station: Station, at: datetime) -> Rundown:
    """The running order: the station's opening, the stories as they come, the station's closing."""
    language = stories[0].language
    known = languages.load(language, station.articles)
    words = known if known.opening else languages.load(languages.FALLBACK)
    facts = {
        "station": station.name,
        "headline": stories[0].headline,
        "stories": len(stories),
        "date": at.date().isoformat(),
        **of_air(at, language, station),
        "language": language,
    }
    return Rundown(
        at=at,
        language=language if known.opening or station.opening else words.code,
        opening=spoken_template("opening", station.opening or words.opening, facts),
        stories=tuple(stories),
        closing=spoken_template("closing", station.closing or words.closing, facts),
    )


def of_air(at: datetime, language: str, station: Station) -> dict[str, str]:
    """The day and the time of broadcast as the language writes them: `Wednesday`, `6:00 PM` or `18:00` by the station's country."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_time

    local = station.locale if languages.canonical(station.locale) == language else language
    try:
        known = Locale.parse(local, sep="-")
    except (UnknownLocaleError, ValueError):
        known = Locale("en")
    return {
        "day": format_date(at, "EEEE", locale=known),
        "time": format_time(at.time(), "short", locale=known).replace("\u202f", " "),
    }


def spoken_template(role: str, template: str, facts: dict[str, object]) -> tuple[Passage, ...]:
    """A station's template as passages, a line each. Raises StationError where Jinja2 does not understand it."""
    if template.strip() == "none":
        return ()
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    try:
        text = SandboxedEnvironment(undefined=StrictUndefined).from_string(template).render(facts)
    except Exception as error:  # a template may raise whatever its expressions do
        known = ", ".join(f"{{{{ {name} }}}}" for name in facts)
        raise StationError(f"The template “words.{role}” cannot be read: {error}.", f"Known are {known}.") from error
    if len(text) > LONGEST_WORDS:
        raise StationError(f"The template “words.{role}” gives {len(text)} characters.", f"At most {LONGEST_WORDS} are spoken.")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return tuple(Passage(role=role, spans=(Span(text=line),)) for line in lines if line)


class Say(Protocol):
    """The spoken form of a text, in a story or in none."""

    def __call__(self, text: str, language: str, story: Story | None) -> str:
        """What is said for it."""


def write(rundown: Rundown, station: Station, say: Say) -> Script:
    """The rundown as segments: headlines whole, the rest sentence by sentence, each with its pause."""
    pauses = station.pauses
    segments = [*told("opening", None, rundown.opening, rundown.language, rundown.voice, pauses.opening, station, partial(say, story=None))]
    for number, story in enumerate(rundown.stories):
        voice = story.voice or rundown.voice
        own = partial(say, story=story)
        segments += told(f"story-{number + 1}", number, story.passages, story.language, voice, pauses.story, station, own)
    segments += told("closing", None, rundown.closing, rundown.language, rundown.voice, Ms(0), station, partial(say, story=None))
    return Script(rundown=rundown, segments=tuple(segments))


def told(
    name: str,
    story: int | None,
    passages: Sequence[Passage],
    language: str,
    voice: str,
    last: Ms,
    station: Station,
    say: Callable[[str, str], str],
) -> Iterator[Segment]:
    """The segments of one part; `last` is the pause behind its end."""
    spoken = [passage for passage in passages if any(map(str.isalnum, passage.text))]  # `* * *` parts, and is not said
    counts: dict[str, int] = {}
    for passage in spoken:
        number = next(at for at, other in enumerate(passages) if other is passage)
        texts = [passage.text] if passage.role == "headline" else sentences(passage.text, language)
        behind = station.pauses.headline if passage.role == "headline" else station.pauses.paragraph
        behind = last if passage is spoken[-1] else behind
        behind = behind if passage.pause is None else passage.pause
        for at, text in enumerate(texts):
            counts[passage.role] = counts.get(passage.role, 0) + 1
            yield Segment(
                id=f"{name}-{counts[passage.role]}" if name == passage.role else f"{name}-{passage.role}-{counts[passage.role]}",
                role=passage.role,
                story=story,
                passage=number,
                text=text,
                said=say(text, language),
                language=language,
                voice=passage.voice or voice,
                pause=behind if at == len(texts) - 1 else station.pauses.sentence,
            )


# --- the script file ----------------------------------------------------------------------------------------


def dump(rundown: Rundown) -> str:
    """The script file of a rundown."""
    head = [FIRST_LINE, f"made: {rundown.at.isoformat()}", f"language: {rundown.language}"]
    head += [f"voice: {rundown.voice}"] if rundown.voice else []
    parts = ["\n".join(head), GUIDE, section("Opening", rundown.opening)]
    for story in rundown.stories:
        heard = any(passage.role == "headline" and passage.text == story.headline for passage in story.passages)
        fields = [("source", story.source), ("language", story.language), ("voice", story.voice)]
        fields += [("byline", story.byline), ("published", story.published), ("title", "" if heard else story.headline)]
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
        at = datetime.fromisoformat(head["made"]) if "made" in head else datetime.now().astimezone()
    except ValueError as error:
        raise ScriptError(f"{source}: “made: {head['made']}” is no date.", "Write it as 2026-01-31T18:00:00+00:00.") from error
    language = head.get("language", "en")
    stories = []
    for name, fields, passages in parts:
        if name == "story":
            spoken = next((passage.text for passage in passages if passage.role == "headline" and passage.text), "")
            stories.append(
                Story(
                    source=fields.get("source", source),
                    headline=spoken or fields.get("title", ""),
                    language=fields.get("language", language),
                    byline=fields.get("byline", ""),
                    published=fields.get("published", ""),
                    voice=fields.get("voice", ""),
                    passages=tuple(passages),
                )
            )
    if not any(passage.text for story in stories for passage in story.passages):
        raise ScriptError(f"{source} has no words to speak.", "Write a story under == Story ==.")
    return Rundown(
        at=at,
        language=language,
        voice=head.get("voice", ""),
        opening=tuple(passage for name, _, found in parts if name == "opening" for passage in found),
        stories=tuple(stories),
        closing=tuple(passage for name, _, found in parts if name == "closing" for passage in found),
        edited=True,
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
    """`opening`, `story` or `closing`. Raises ScriptError for another."""
    names = ("opening", "story", "closing")
    if name.lower() not in names:
        near = difflib.get_close_matches(name.lower(), names, n=1)
        hint = f"Did you mean == {near[0].capitalize()} ==?" if near else "There are == Opening ==, == Story == and == Closing ==."
        raise ScriptError(f"{source}, line {number}: unknown section “{name}”.", hint)
    return name.lower()


def parsed(line: str, part: str, source: str, number: int) -> Iterator[Passage]:
    """The passage that a line holds; none if nothing is left of it."""
    headline = re.match(r"#+\s+", line) if part == "story" else None
    spans: list[Span] = []
    text, struck, voice, pause, just_struck = "", False, "", None, False
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
        role = "headline" if headline else {"story": "body"}.get(part, part)
        yield Passage(role=role, spans=tuple(spans), voice=voice, pause=pause)


@functools.cache
def known_reasons() -> frozenset[str]:
    """Every reason that the house gives for skipping something."""
    return frozenset({STRUCK, *REASONS}.union(*(languages.load(code).furniture for code in languages.codes())))


def span(text: str, reason: str | None) -> list[Span]:
    """A span of these words, or none."""
    return [Span(text=" ".join(text.split()), reason=reason)] if text.strip() else []


def command(mark: str, source: str, number: int) -> str:
    """`pause`, `voice`, or empty for a reason. Raises ScriptError for a slip of the pen."""
    name = (mark.split() or [""])[0].lower()
    near = difflib.get_close_matches(name, ("pause", "voice"), n=1, cutoff=0.75)
    if near and name != near[0] and len(mark.split()) > 1:
        raise ScriptError(f"{source}, line {number}: unknown mark {{{mark}}}.", f"Did you mean {{{near[0]} …}}?")
    return near[0] if near and len(mark.split()) > 1 else ""


def milliseconds(mark: str, source: str, number: int) -> Ms:
    """The length of a {pause}. Raises ScriptError for what is no number, or over a minute."""
    value = mark.split()[1]
    if not value.isdecimal() or int(value) > 60_000:
        raise ScriptError(f"{source}, line {number}: {{{mark}}} is no length.", "Milliseconds, up to 60000: {pause 1500}")
    return Ms(int(value))
