"""Every noun of the house, frozen, in the order in which it comes into being.

Times inside are whole milliseconds (`Ms`); seconds appear only where a file format or a person asks for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, NewType

Ms = NewType("Ms", int)
"""A time or a length in whole milliseconds. At 48 kHz one of them is exactly 48 samples."""


def frames(time: Ms, rate: int) -> int:
    """Milliseconds to samples of one channel, the nearest: exact at 48 kHz, and at 44.1 wherever they are a multiple of ten."""
    return (time * rate + 500) // 1000


def joined(runs: Iterable[str]) -> str:
    """Runs of words as one text: a space between them, none before punctuation, white space folded."""
    text = ""
    for run in (" ".join(run.split()) for run in runs):
        text += run if not text or run[:1] in ",.;:!?)]}”’" else f" {run}" if run else ""
    return text


# --- a page as published ------------------------------------------------------------------------------------


OUTSIDE = "outside the story"
"""What the reader of web pages says of a line that is not in the article, until a better reason is found."""
SKIPPED = "skipped by staff"
"""The reason for a line that somebody took out with --skip."""
NO_TIME = "no time"
"""The reason for a paragraph that a bulletin's length leaves no time for."""
UNCALLED = "spare"
"""The reason for a spare story that there was no time to fill with."""
REASONS = (
    "dateline", "caption", "credit", "byline", "timestamp", "table", "repeated", "repeated headline", "before the headline",
    OUTSIDE, NO_TIME, UNCALLED, "after the story", "related", "navigation", "footer", "form", "not shown", "link number", SKIPPED,
)  # fmt: skip
"""Reasons to skip something that no phrase gives; those of the phrases stand in `languages/`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A part of a block that is not to be spoken."""

    start: int
    """Index of its first character in the block's text."""
    end: int
    """Index after its last character."""
    reason: str
    """Why it is skipped: `dateline`, `credit`..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One paragraph, heading, list item or caption. What is skipped keeps its text."""

    text: str
    """As published, white space folded."""
    kind: str = "paragraph"
    """`headline`, `paragraph`, `heading`, `quote`, `list item`, `caption`, `table` or `aside`."""
    furniture: str | None = None
    """The reason to skip the whole block, or None if (part of) it is spoken."""
    cuts: tuple[Cut, ...] = ()
    """The parts to skip, in order, not overlapping; empty where the block is spoken or skipped whole."""
    confidence: float = 1.0
    """How sure the mark is, spoken or skipped: 0.5 is a guess, 1 is certain."""
    hints: Mapping[str, float] = field(default_factory=dict)
    """What the page itself shows of the block besides its words, by the names that `evidence.py` knows: `in figure`, `extracted`."""

    @property
    def said(self) -> str:
        """The words of it that will be spoken, white space folded; empty if none."""
        return joined(text for text, reason in self.spans if not reason)

    @property
    def spans(self) -> tuple[tuple[str, str | None], ...]:
        """The text in runs, each with the reason to skip it or None."""
        if self.furniture:
            return ((self.text, self.furniture),)
        runs: list[tuple[str, str | None]] = []
        at = 0
        for cut in self.cuts:
            runs += [(self.text[at : cut.start], None), (self.text[cut.start : cut.end], cut.reason)]
            at = cut.end
        runs.append((self.text[at:], None))
        return tuple((text, reason) for text, reason in runs if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One page as published."""

    source: str
    """Where it came from: a path, a URL, or `-` for standard input."""
    title: str
    """The headline, or empty where the page has none."""
    byline: str = ""
    """Who wrote it, as the page says."""
    published: str = ""
    """When, as the page says: an ISO 8601 date where it gives one."""
    language: str = ""
    """BCP 47 code, lower case, without region: `en`, `vi`."""
    site: str = ""
    """The publisher's name, as the page says."""
    blocks: tuple[Block, ...] = ()
    """In page order."""
    warning: str = ""
    """What staff should look at before air, because its marks are guesses; empty where they are not."""


# --- what goes on air ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of words in a passage: spoken, or struck out for a reason."""

    text: str
    """The words as written."""
    reason: str | None = None
    """Why they are struck out; None if they are spoken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """One paragraph of the script as staff see it, struck-out words included."""

    role: str
    """`opening`, `headlines` (one line of those at the top), `lead-in`, `headline`, `body` or `closing`."""
    spans: tuple[Span, ...]
    """Its words in order."""
    voice: str = ""
    """The voice staff chose for it (`piper:joe`), or empty for the story's."""
    pause: Ms | None = None
    """Silence after it that staff asked for, or None for the station's."""
    story: int | None = None
    """Of a line of the headlines: index of the story that it is of, with which it goes; else None."""

    @property
    def text(self) -> str:
        """What is spoken, as written; empty if all of it is struck out."""
        return joined(span.text for span in self.spans if not span.reason)


MUST, USUAL, SPARE = 0, 5, 10
"""Priorities of a story: it runs whatever the length; what nobody has set; it runs only where there is time to fill. 1 to 9 lie between."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One thing to read, and where its story goes."""

    name: str
    """A path, a URL, or `-` for standard input."""
    place: str = ""
    """`breaking`, `tail`, or empty."""
    priority: int = USUAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article told on air."""

    source: str
    """Where it came from."""
    headline: str
    """Its headline as written, or empty."""
    language: str
    """BCP 47 code of the text."""
    byline: str = ""
    """Who wrote it; never spoken."""
    published: str = ""
    """When it was published, as the page says."""
    voice: str = ""
    """The voice for all of it, or empty for the bulletin's."""
    warning: str = ""
    """What staff should look at before air; empty if nothing."""
    place: str = ""
    """`breaking`: on top; `tail`: the light one at the end; else empty."""
    priority: int = USUAL
    """MUST, 1 (goes last) to 9 (goes first where a length leaves no time), or SPARE."""
    passages: tuple[Passage, ...] = ()
    """Lead-in, headline and body in order, struck-out ones in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """The running order of one bulletin: what the script file shows."""

    at: datetime
    """When it is broadcast, or else when it was made, with its zone."""
    timed: bool = False
    """Whether the time of broadcast is known, so that words may tell it."""
    language: str
    """Language of the opening and the closing."""
    voice: str = ""
    """The voice for all of it, or empty to choose one by language."""
    opening: tuple[Passage, ...] = ()
    """Before everything else."""
    headlines: tuple[Passage, ...] = ()
    """Read over the bed, before the first story."""
    stories: tuple[Story, ...] = ()
    """In the order in which they air."""
    closing: tuple[Passage, ...] = ()
    """After the last story."""
    edited: bool = False
    """True if it comes from a script file: nothing in it is arranged anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Words spoken in one go: a headline, or one sentence."""

    id: str
    """`opening-1`, `story-2-headline-1`, `story-2-body-7`, `closing-1`: unique in its script."""
    role: str
    """`opening`, `headlines`, `lead-in`, `headline`, `body` or `closing`."""
    story: int | None
    """Index of its story in the rundown, that of a line of the headlines too; None for what belongs to none."""
    passage: int = 0
    """Index of its passage in its part: its story, the opening, the headlines, the closing."""
    text: str
    """The words as written."""
    said: str
    """The words as spoken, which is what the engine gets."""
    language: str
    """BCP 47 code of the words."""
    voice: str
    """The voice asked for, or empty to choose one by language."""
    pause: Ms
    """Silence after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pronunciation:
    """How a name or an acronym is said: an entry of a lexicon. One of `respelling`, `ipa`, `spell` and `instead` is given, or two."""

    written: str
    """As it is printed, without plural or possessive."""
    respelling: str = ""
    """`moon jay-IN`: syllables, the stressed one in capitals (`respelling.py`)."""
    ipa: str = ""
    """Broad IPA, where the respelling is not exact enough."""
    spell: str = ""
    """`word`: said as a word; `letters`: letter by letter; else empty."""
    instead: str = ""
    """Other words that are said in its place."""
    language: str = ""
    """Language of the texts that it holds for; empty for all."""
    story: str = ""
    """A part of a source's name or of a headline: it holds for those stories alone; empty for all."""
    checked: str = ""
    """When somebody last made sure of it, `2026-11-25`; empty where nobody has."""
    by: str = ""
    """Who did."""
    source: str = ""
    """Where it is from: a rule, or whom they asked."""
    shipped: bool = False
    """Whether it is of the lexicon that ships, not of the station's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """Some characters of a text that are said otherwise than they are written, or not at all."""

    start: int
    """Where they stand in the text as written, in characters from 0."""
    written: str
    """The characters."""
    said: str
    """What is said for them; empty where nothing is."""
    rule: str
    """Name of the rule that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reworded:
    """A text in its spoken form, each difference accounted for."""

    written: str
    """The text as it came."""
    said: str
    """Its spoken form."""
    changes: tuple[Rewording, ...]
    """In the order of the text; what none of them covers is said as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The rundown flattened into segments, in the order in which they are heard."""

    rundown: Rundown
    """What it was written from."""
    segments: tuple[Segment, ...]
    """All that is spoken."""


# --- sound --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Someone who speaks. An engine is software; a voice is someone."""

    engine: str
    """Name of the engine: `hibari`, `gtts`, `piper`."""
    id: str
    """The engine's own name for the voice: `heart`, `en`."""
    language: str
    """BCP 47 code it speaks, with a region if it has an accent: `en-US`."""
    note: str = ""
    """What staff may want to know: who it is, what it costs."""
    online: bool = False
    """Whether each sentence goes out to a service on the network."""
    ready: bool = True
    """Whether it can speak now, without installing or fetching anything."""

    @property
    def name(self) -> str:
        """How it is asked for: `hibari:heart`."""
        return f"{self.engine}:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What an engine answers: one sentence as sound, decoded or not."""

    samples: Any = None
    """numpy float32, shape (n,), full scale 1.0; None if `encoded` is given."""
    rate: int = 0
    """Samples a second, with `samples`."""
    encoded: bytes = b""
    """A whole sound file (MP3, WAV, FLAC, Ogg), if the engine gives one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """Words to be voiced in one call: a segment, or a piece of one that is too long for its engine."""

    words: str
    """As people read them."""
    text: str
    """As the engine gets them, names with their phonemes."""
    voice: Voice
    rate: float
    """1.0 is the voice's own pace."""
    key: str
    """The store's key of its clip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """Sound on disk that says a segment, or a part of one that is too long for its engine."""

    segment: Segment
    """What it belongs to."""
    voice: str
    """Name of the voice that speaks."""
    path: Path
    """FLAC, mono, the engine's own rate, silence at both ends trimmed."""
    key: str
    """The store's key: names the sound itself."""
    duration: Ms
    """Length, rounded up."""
    loudness: float
    """LUFS of the clip as stored (ITU-R BS.1770-5, ungated: a sentence is shorter than the gate's memory)."""
    pause: Ms
    """Silence after it."""
    stored: bool
    """True if it was kept from an earlier run, False if it was synthesised now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jingle:
    """A sound of the station's, with the place it is for."""

    slot: str
    """`intro`, `sting`, `bed` or `outro`."""
    path: Path
    """Any format that can be decoded here."""
    key: str
    """Names the sound by its content."""
    duration: Ms
    """Length, rounded up."""
    loudness: float
    """Integrated LUFS, on two channels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One sound in its place on the timeline."""

    path: Path
    """The sound."""
    key: str
    """Names the sound itself, so that an unchanged sheet is recognised."""
    role: str
    """`speech`, `intro`, `sting`, `bed` or `outro`."""
    start: Ms
    """When it begins."""
    length: Ms
    """For how long it is heard; a shorter sound is looped if `loop`, else ends by itself."""
    level: tuple[tuple[Ms, float], ...]
    """Gain in dB at times from the cue's start, straight lines in dB between, constant outside."""
    loop: bool = False
    """Whether the sound starts again when it ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A story's place on the timeline."""

    start: Ms
    end: Ms
    title: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptLine:
    """When a segment is heard."""

    segment: Segment
    voice: str
    start: Ms
    duration: Ms
    stored: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """What is said, and with which pauses, for a programme of a length that was asked for."""

    clips: tuple[Clip, ...]
    """In their order, with their new pauses."""
    out: tuple[tuple[int, int], ...]
    """(story, passage) of each paragraph that is left out, in news order."""
    dropped: tuple[int, ...] = ()
    """Stories that are left out whole, in news order; spare ones that were not called upon are among them."""
    rate: float = 1.0
    """How fast is spoken, measured, against the station's own pace: 1.05 is a twentieth faster."""
    pace: float
    """By which factor pauses grew or shrank."""
    fill: Ms
    """Music before the sign-off."""
    length: Ms
    """Of the whole, as asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CueSheet:
    """What plays when. Pure numbers."""

    cues: tuple[Cue, ...]
    """By start."""
    length: Ms
    """Of the whole programme."""
    chapters: tuple[Chapter, ...]
    transcript: tuple[TranscriptLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How loud a programme is to be."""

    name: str
    lufs: float
    """Integrated loudness of the whole (ITU-R BS.1770-5)."""
    true_peak: float
    """Highest true peak allowed, dBTP, measured on the decoded file."""
    source: str
    """The document that asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """A form in which the mix goes out: how loud, as which files."""

    name: str
    """`podcast`, `air`, one of the station's own, or empty for the station's usual one."""
    target: Target
    kinds: tuple[str, ...]
    """Endings of its files: `.mp3`, `.wav`."""
    rate: int
    """Samples a second: 44100 or 48000."""
    channels: int
    bitrate: int
    """kbit/s of an MP3."""
    bits: int
    """Bits a sample of a WAV: 16 or 24."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """The finished sound, before tags."""

    path: Path
    """MP3 frames with an Info frame, or PCM in a WAV file; no tags."""
    kind: str
    """Its ending: `.mp3`, `.wav`."""
    master: Master
    duration: Ms
    """Of the sound that was mixed; decoders that read the Info frame agree to the sample."""
    loudness: float
    """Integrated LUFS of the decoded file."""
    true_peak: float
    """dBTP of the decoded file."""
    momentary: float
    """Highest momentary loudness (400 ms) of the decoded file, LUFS."""
    short_term: float
    """Highest short-term loudness (3 s), LUFS."""
    range: float
    """Loudness range (EBU Tech 3342), LU."""
    sheet: CueSheet
    stored: bool = False
    """True if nothing had changed and the sound of an earlier run was taken."""
    sha256: str = ""
    """Of the file as it was published, tags and all; empty until then."""

    def as_dict(self, file: Path) -> dict[str, Any]:
        """What was measured of it, and what was asked for, as plain values; `file` is where it went."""
        return {
            "master": self.master.name,
            "file": str(file),
            "target_lufs": self.master.target.lufs,
            "target_dbtp": self.master.target.true_peak,
            "loudness_lufs": self.loudness,
            "true_peak_dbtp": self.true_peak,
            "max_momentary_lufs": self.momentary,
            "max_short_term_lufs": self.short_term,
            "range_lu": self.range,
            "rate": self.master.rate,
            "channels": self.master.channels,
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Silence, in milliseconds, after each kind of passage."""

    sentence: Ms
    paragraph: Ms
    headline: Ms
    headlines: Ms
    story: Ms
    opening: Ms
    turn: Ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Podcast:
    """What a show's feed and page say of it: [podcast] in station.toml, empty settings filled in."""

    feed: str
    """The feed's name, without ending: it tells the shows of one folder apart."""
    title: str
    description: str
    link: str
    """The station's own page about it; empty for the one that is written beside the feed."""
    author: str
    owner: str
    email: str
    """The owner's address; public, or empty."""
    copyright: str
    categories: tuple[tuple[str, ...], ...]
    """Apple's: (category,) or (category, subcategory)."""
    explicit: bool
    people: tuple[tuple[str, str], ...]
    """(name, role of the Podcast Taxonomy or empty)."""
    locked: bool
    txt: tuple[tuple[str, str], ...]
    """(purpose or empty, text)."""
    base_url: str
    """Where the folder is found on the web, with a slash at its end; or empty."""
    page: int
    """Episodes a page of the feed."""
    keep: int
    """Days after which an episode leaves the feed; 0 for never."""
    corrected: str
    """Whether a correction keeps the `same` guid or gets a `new` one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """The profile: station.toml, read and checked once."""

    name: str
    language: str
    cover: Path | None
    colours: tuple[str, str]
    """`#12263f`: the ground, and what stands out on it."""
    podcast: Podcast
    names: Mapping[str, str]
    """Name of a voice -> what transcripts call it."""
    certificate: Path | None
    """With which files are signed (C2PA); None where they are not."""
    key: Path | None
    """Its key."""
    timestamps: str
    """Address of a time-stamp authority (RFC 3161), or empty."""
    beside: tuple[str, ...]
    """Outputs that are written beside the sound and its report: `vtt`, `srt`, `chapters`, `transcript`."""
    voice: str
    voices: Mapping[str, str]
    """Language code -> voice name."""
    readers: tuple[str, ...]
    """Further voices, by name, who read by turns what the first one presents; none where one voice says all."""
    turns: str
    """What a reader reads: `story`, the story behind its headline, or `quote`, direct speech alone."""
    fallback: tuple[str, ...]
    """Voices, by name, that step in for one that is lost: the first that speaks the language."""
    fallback_for: str
    """What they say then: all that the lost voice was to say in the `bulletin`, or in the `story` that was lost alone."""
    processes: int
    """How many processes may voice at once; 0 for as many as there are cores."""
    online: bool
    """Whether requests to the network are allowed at all."""
    interval: float
    """Seconds at least from one request to an online voice to the next."""
    at_once: int
    """How many requests to online voices may be under way at once."""
    request_timeout: float
    """Seconds that one request to an online voice may take, all in all."""
    patience: float
    """Seconds that a bulletin may spend waiting for online voices that are busy, in all."""
    rate: float
    """1.0 is the voice's own pace; 1.1 is a tenth faster."""
    words: Mapping[str, Mapping[str, str]]
    """Language code, or empty for all -> part of a bulletin (`station.PARTS`) -> Jinja2; `none` for none."""
    headlines: int
    """From how many stories on the headlines are read at the top; 0 for never."""
    pauses: Pauses
    jingles: Mapping[str, Path | None]
    """Slot -> file, or None for silence there."""
    jingle_level: float
    """dB of the jingles against speech."""
    bed_level: float
    """dB of the bed against speech, while someone speaks."""
    bed_between: float
    """dB of the bed against speech, between two headlines."""
    attack: Ms
    """In which music goes down before words."""
    release: Ms
    """In which it comes up behind them."""
    outro_level: float
    """dB of the outro against speech, while someone speaks."""
    overlap: Ms
    """For how long the intro's tail runs under the first words."""
    master: Master
    """The form that goes out where none is named."""
    masters: Mapping[str, Master]
    """Name -> form: `podcast`, `air`, and the station's own."""
    folder: Path
    """Where bulletins land."""
    upload: str
    """URL of the place where listeners find them, for fsspec; empty for none."""
    latest: str
    """The name, without ending, under which the newest bulletin is always found."""
    valid_for: int
    """Minutes after its broadcast for which a bulletin holds; 0 for always."""
    cut: str
    """The cut's number in the station's playout system."""
    corrections: bool
    """Whether a page's own corrections are said."""
    locale: str
    """`en-GB`, `en-US`: the order of dates in numbers, and how numbers are said, in texts of that language."""
    emoji: bool
    """Whether pictures are said by their names."""
    quotes: str
    """What becomes of the marks of direct speech: `silent`, `pause`, or `said`: “quote ... unquote”."""
    lexicon: Path | None
    """The station's own pronunciations, or where they will be."""
    articles: Path | None
    """The station's own folder of `languages/` and `sites/`, or None."""
    timeout: float
    """Seconds that a server may take to answer, or to go on."""
    max_bytes: int
    """Largest page that is fetched."""
    max_redirects: int
    store: Path
    """Where clips are kept."""
    store_bytes: int
    """How large the store may grow; the oldest clips go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that fell short: it is in the report, and the exit code says so."""

    message: str
    hint: str = ""
    source: str = ""
    """The source or the segment it happened to."""
    missing: tuple[str, ...] = ()
    """The sentences that are not heard for it, as written."""

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain values."""
        missing = {"missing": list(self.missing)} if self.missing else {}
        return {"message": self.message, "hint": self.hint, "source": self.source, **missing}


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """That an episode was changed after it was published, and why."""

    at: datetime
    note: str
    """What listeners are told."""

    def as_dict(self) -> dict[str, str]:
        """The correction as plain values."""
        return {"at": self.at.isoformat(), "note": self.note}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What becomes of a bulletin after it was first published."""

    guid: str = ""
    """Names the episode in feeds, for ever; empty before it is published."""
    revision: int = 1
    """How often its sound has been published."""
    published: datetime | None = None
    """When it came out anew, as another episode; None for its time of broadcast."""
    corrections: tuple[Correction, ...] = ()
    """The oldest first."""
    withdrawn: Correction | None = None
    """Why it is not to be heard any more; None where it is."""

    def as_dict(self) -> dict[str, Any]:
        """The history as plain values."""
        return {
            "guid": self.guid,
            "revision": self.revision,
            "published": self.published.isoformat() if self.published else None,
            "corrections": [correction.as_dict() for correction in self.corrections],
            "withdrawn": self.withdrawn.as_dict() if self.withdrawn else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was made, what was skipped and why, what fell short, what it cost."""

    files: tuple[Path, ...]
    """Those of sound first, as `programmes` has them, then what lies beside them."""
    rundown: Rundown
    station: str
    programmes: tuple[Programme, ...]
    """One a file of sound, the first the main one; all of the same cue sheet."""
    skipped: tuple[tuple[str, str], ...]
    """(text, reason) in the order of the script."""
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    """What staff should look at before air: nothing fell short, but marks are guesses."""
    fitted: Fitted | None = None
    """How the length that was asked for was met; None where none was."""
    valid_until: datetime | None = None
    """When it is stale; None for never."""
    feed: str = "feed"
    """The show that it is an episode of."""
    script: str = ""
    """Its script file, by which it can be corrected."""
    digital_source: str = ""
    """How its sound came about: a term of IPTC's Digital Source Type vocabulary, as `trainedAlgorithmicMedia`."""
    disclosure: str = ""
    """The sentence that says so, in its language."""
    speakers: Mapping[str, str] = field(default_factory=dict)
    """Name of a voice -> what transcripts call it."""
    history: History = field(default_factory=History)
    voicing: Mapping[str, int] = field(default_factory=dict)
    """What the voices took: how many takes were voiced, voiced again, split; how many requests went out."""
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Step -> wall time."""

    @property
    def programme(self) -> Programme:
        """The main file's."""
        return self.programmes[0]

    @property
    def title(self) -> str:
        """The headlines; empty where there are none."""
        return "; ".join(chapter.title for chapter in self.programme.sheet.chapters)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain values, as its JSON file has them; times in milliseconds."""
        programme, rundown = self.programme, self.rundown
        lines = programme.sheet.transcript
        voices = list(dict.fromkeys(line.voice for line in lines))
        return {
            "files": [str(file) for file in self.files],
            "made": rundown.at.isoformat(),
            "valid_until": self.valid_until.isoformat() if self.valid_until else None,
            "station": self.station,
            "language": rundown.language,
            "duration_ms": programme.duration,
            "slot": {
                "length_ms": self.fitted.length,
                "paragraphs_left_out": len(self.fitted.out),
                "stories_left_out": len(self.fitted.dropped),
                "speech": self.fitted.rate,
                "pauses": self.fitted.pace,
                "music_ms": self.fitted.fill,
            }
            if self.fitted
            else None,
            "out_cue": lines[-1].segment.text if lines else "",
            "loudness_lufs": programme.loudness,
            "true_peak_dbtp": programme.true_peak,
            "masters": [each.as_dict(file) for each, file in zip(self.programmes, self.files, strict=False)],
            "voice": voices[0] if voices else "",
            "voices": voices,
            "speakers": dict(self.speakers),
            "digital_source": self.digital_source,
            "disclosure": self.disclosure,
            "feed": self.feed,
            **self.history.as_dict(),
            "stories": [
                {"headline": chapter.title, "source": chapter.source, "start_ms": chapter.start, "end_ms": chapter.end}
                for chapter in programme.sheet.chapters
            ],
            "segments": [
                {
                    "id": line.segment.id,
                    "role": line.segment.role,
                    "story": line.segment.story,
                    "passage": line.segment.passage,
                    "text": line.segment.text,
                    "said": line.segment.said,
                    "language": line.segment.language,
                    "voice": line.voice,
                    "start_ms": line.start,
                    "duration_ms": line.duration,
                    "stored": line.stored,
                    "clips": [
                        {"key": cue.key, "start_ms": cue.start, "duration_ms": cue.length, "gain_db": cue.level[0][1]}
                        for cue in programme.sheet.cues
                        if cue.role == "speech" and line.start <= cue.start < line.start + line.duration
                    ],
                }
                for line in lines
            ],
            "cues": [
                {"role": cue.role, "start_ms": cue.start, "duration_ms": cue.length} for cue in programme.sheet.cues if cue.role != "speech"
            ],
            "skipped": [{"text": text, "reason": reason} for text, reason in self.skipped],
            "problems": [problem.as_dict() for problem in self.problems],
            "warnings": [warning.as_dict() for warning in self.warnings],
            "synthesised": sum(not line.stored for line in lines),
            "stored": sum(line.stored for line in lines),
            "mix_stored": programme.stored,
            "voicing": dict(self.voicing),
            "seconds": {step: round(seconds, 3) for step, seconds in self.seconds.items()},
            "script": self.script,
        }

    def __getitem__(self, name: str) -> Any:
        """One value of the JSON: `report["duration_ms"]`."""
        return self.as_dict()[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A bulletin that lies in a folder, as its report tells."""

    files: tuple[Path, ...]
    """Of sound, those that are there."""
    report: Path
    at: datetime
    """When it is broadcast."""
    valid_until: datetime | None
    """When it is stale; None for never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A bulletin as a feed and a page tell it: what its report says, and what lies beside that."""

    report: Path
    """Its stem is the name of all that lies beside it."""
    station: str
    title: str
    """The headlines, at most 255 characters."""
    language: str
    at: datetime
    """When it came out: its broadcast, or when it was issued anew."""
    valid_until: datetime | None
    duration: Ms
    sound: str
    """Name of the MP3, which lies beside the report."""
    size: int
    """Of the MP3, in bytes."""
    beside: tuple[str, ...]
    """Names of the captions, chapters and transcript that are there: `x.vtt`, `x.srt`, `x.chapters.json`, `x.transcript.txt`."""
    chapters: tuple[Chapter, ...]
    disclosure: str
    """That the voice is synthetic, in its language."""
    digital_source: str
    """Term of IPTC's Digital Source Type vocabulary; empty where it is not known."""
    history: History

    @property
    def name(self) -> str:
        """By which it is asked for, and of its page."""
        return self.report.stem

    @property
    def updated(self) -> datetime:
        """When it last changed."""
        return max([self.at, *(correction.at for correction in self.history.corrections)])
