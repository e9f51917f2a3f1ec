"""What became of a bulletin that was made while the network failed: nothing here trusts the exit code or the report alone.

A sentence is there if it is among the segments, a segment is said if its clips have all its words, and a clip is right if it is as long,
to the millisecond, as the sound that the service has for its words.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulletin import engines, sentences
from bulletin.model import Speech, Take
from bulletin.store import key, unsealed
from bulletin.takes import decoded, trimmed

if TYPE_CHECKING:
    from mouth import Mouth
    from standin import Asked

INTERVAL = 0.05
"""Seconds from one request to the next, as these bulletins are told."""
SPANS = (0.5, 2.0)
"""Seconds in which requests are counted."""
JITTER = 0.15
"""Seconds by which a busy machine delays a request between its turn and the service's log; what was measured is told."""
AFTER = ("429-delta", "429-date", "503")
"""Faults that ask to be left alone for a second."""
HEARD = 0.5
"""Share of a segment's words that must be understood for it to have been heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One bulletin that is to be made, and how the network fails meanwhile."""

    number: int
    fault: str
    """A fault's name, or a mixture's."""
    share: float
    """Of the requests that fail."""
    seed: int
    language: str = "en"
    stories: tuple[tuple[str, ...], ...]
    """The lines of each, its headline first; a line is a sentence."""
    scope: str = ""
    """`bulletin` or `story` where another voice may step in; empty where none may."""
    gaps: bool = False
    shell: bool = False
    """Whether it is made by the command line."""

    @property
    def voice(self) -> str:
        """Who is asked to read it."""
        return f"gtts:{self.language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What one run gave."""

    code: int
    report: Mapping[str, Any]
    asked: Sequence[Asked]
    complaint: str = ""
    """What the shell showed that it never should."""

    @property
    def segments(self) -> Sequence[Mapping[str, Any]]:
        """What was said; nothing where nothing was published."""
        found: Sequence[Mapping[str, Any]] = self.report.get("segments", ())
        return found

    @property
    def problems(self) -> Sequence[Mapping[str, Any]]:
        """What fell short."""
        found: Sequence[Mapping[str, Any]] = self.report["problems"]
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of one bulletin."""

    case: Case
    code: int
    silent: list[str]
    """What was lost or is not what it should be, without a word of it."""
    wrong: list[str]
    """Every other promise that was broken."""
    unnamed: int
    """Sentences that the message of a bulletin of which nothing was published does not name."""
    requests: int
    retries: int
    rates: tuple[int, ...]
    """The most requests in each of SPANS."""
    early: float
    """Seconds by which requests came in closer together than they may have gone out."""
    uneasy: int
    """The most requests that came within the second for which a Retry-After had asked."""
    again: int
    """Requests of the rerun."""
    made: Made = field(repr=False)

    @property
    def outcome(self) -> str:
        """`SILENT`, `whole`, `short` (published, and what is missing or said by another is named) or `none` (nothing published)."""
        return "SILENT" if self.silent else {0: "whole", 3: "short"}.get(self.code, "none")


def verdict(case: Case, folder: Path, first: Made, again: Made, kept: set[str], mouth: Mouth) -> Verdict:
    """Hold two runs of a case, the second without faults, against what was asked for; `kept` are the clips after the first."""
    unsaid, unnamed = missing(case, first)
    silent = [*unsaid, *unspoken(first, folder), *untrue(case, first, first.asked, folder, mouth)]
    rates = [tuple(most(times, span) for span in SPANS) for times in (sent(first), sent(again))]
    wrong = [*answered(case, first), *voiced(case, first), *left(folder, first), *rerun(case, first, again, kept)]
    later = [*unspoken(again, folder), *untrue(case, again, [*first.asked, *again.asked], folder, mouth)]
    wrong += [f"in the rerun {each}" for each in later if each not in silent]
    wrong += [
        f"{rate} requests in {span} s"
        for run in rates
        for rate, span in zip(run, SPANS, strict=True)
        if rate > allowed(span) + JITTER / INTERVAL
    ]
    wrong += [complaint for complaint in (first.complaint, again.complaint) if complaint]
    if first.code == 0 and first.report.get("voices") != [case.voice]:
        silent.append(f"read by {first.report.get('voices')} and 0")
    texts = {asked.text for asked in first.asked if asked.text}
    return Verdict(
        case=case,
        code=first.code,
        silent=silent,
        wrong=wrong,
        unnamed=unnamed,
        requests=len(first.asked),
        retries=max(0, len(first.asked) - len(texts)),
        rates=tuple(map(max, *rates)),
        early=max(map(crowding, (sent(first), sent(again)))),
        uneasy=unease(first.asked),
        again=len(again.asked),
        made=first,
    )


# --- words --------------------------------------------------------------------------------------------------


def unheard(case: Case, made: Made, named: str = "") -> list[str]:
    """Each sentence of the stories that is not among the segments, nor in `named`."""
    heard = letters(" ".join(segment["text"] for segment in made.segments))
    lines = [sentence for story in case.stories for line in story for sentence in sentences.sentences(line, case.language)]
    return [line for line in lines if letters(line) not in heard and letters(line) not in letters(named)]


def missing(case: Case, made: Made) -> tuple[list[str], int]:
    """(each sentence neither said nor named, how many are not named where nothing was published, which says that all are missing)."""
    said = " ".join(" ".join([problem["message"], *problem.get("missing", ())]) for problem in made.problems)
    whole = [story for story in case.stories if f"Left out: the story “{story[0]}”" in said]
    found = unheard(case, made, " ".join([said, *(line for story in whole for line in story)]))
    if made.code == 0 or made.report["files"]:
        return [f"not said, not named: {line}" for line in found], 0
    return [] if said.strip() else ["failed without a word"], len(found)


def unspoken(made: Made, folder: Path) -> Iterator[str]:
    """Each segment whose clips have not all its words, or which has fewer clips than pieces."""
    for segment in made.segments:
        words = " ".join(facts(folder, clip["key"]).get("text", "") for clip in segment["clips"])
        wanted = sentences.pieces(segment["said"], segment["language"], engines.load(segment["voice"].partition(":")[0]).max_chars)
        if letters(words) != letters(segment["said"]) or len(segment["clips"]) < sum(bool(letters(piece)) for piece in wanted):
            yield f"of “{segment['said']}” its clips have “{words}”"


def untrue(case: Case, made: Made, before: Sequence[Asked], folder: Path, mouth: Mouth) -> Iterator[str]:
    """Each clip of the service's that is not as long as the right sound for what was asked; `before` are all requests until then."""
    texts = {name: text for text in {asked.text for asked in before} for name in keys(case, text)}
    for segment in made.segments:
        for clip in segment["clips"] if segment["voice"] == case.voice else ():
            known, text = facts(folder, clip["key"]), texts.get(clip["key"], "")
            right = true_length(mouth, text, case.language) if text else "known"
            if known.get("duration") != right:
                yield f"“{text or known.get('text')}” lasts {known.get('duration')} ms, not {right}"


def keys(case: Case, text: str) -> tuple[str, str]:
    """The store's names of a text that the service was asked for, the first and a second time over."""
    name = key(engine="gtts", version=engines.load("gtts").version, voice=case.language, rate=1.0, text=text)
    return name, key(again=name)


@cache
def true_length(mouth: Mouth, text: str, language: str) -> int:
    """Milliseconds of the service's sound for a text, without the silence around it."""
    take = Take(words=text, text=text, voice=engines.find(f"gtts:{language}"), rate=1.0, key="")
    samples, rate = decoded(Speech(encoded=mouth.mp3(text, language)), take)
    return math.ceil(len(trimmed(samples, rate, take)[0]) * 1000 / rate)


def letters(text: str) -> str:
    """A text's letters and digits alone."""
    return "".join(filter(str.isalnum, text))


def facts(folder: Path, key: str) -> Mapping[str, Any]:
    """What the store knows of a clip."""
    return unsealed(folder / "clips" / key[:2] / f"{key}.json", key) or {}


def kept_clips(folder: Path) -> set[str]:
    """The keys of the clips in a case's store."""
    return {path.stem for path in folder.glob("clips/??/*.flac")}


def answered(case: Case, made: Made) -> Iterator[str]:
    """Whether the exit code is not what it should be."""
    complete = not unheard(case, made) and made.report.get("voices") == [case.voice]
    around = [problem for problem in made.problems if re.match(r"(Left out:|A gap in) the (opening|headlines|closing)", problem["message"])]
    wanted = 0 if complete and not around else 3 if made.report["files"] else 1
    if made.code != wanted:
        yield f"exit code {made.code}, not {wanted}: {[problem['message'] for problem in made.problems]}"
    if made.code and not all(problem["message"] and problem["hint"] for problem in made.problems):
        yield "a problem without a hint"


def voiced(case: Case, made: Made) -> Iterator[str]:
    """Whether somebody speaks who should not, or nobody says that somebody has stepped in."""
    voices = made.report.get("voices", [])
    if len(voices) > 1 and case.scope != "story":
        yield f"two voices: {voices}"
    others = set(voices) - {case.voice}
    if others and not (case.scope and all(any(f"read by {other}" in problem["message"] for problem in made.problems) for other in others)):
        yield f"{others} stepped in unasked or unnamed"


def left(folder: Path, made: Made) -> Iterator[str]:
    """What is half-written, or published though nothing should be."""
    yield from (f"left behind: {path.name}" for path in folder.rglob("*") if path.name.startswith(".making-") or path.suffix == ".part")
    if not made.report["files"] and any(folder.glob("first.*")):
        yield "published and said to have failed"


def rerun(case: Case, first: Made, again: Made, kept: set[str]) -> Iterator[str]:
    """What is wrong with the run after the faults: it ends complete and asks for nothing that had come right and was kept."""
    good = {asked.text for asked in first.asked if asked.text and asked.fault is None}
    if twice := [asked.text for asked in again.asked if asked.text in good and kept.intersection(keys(case, asked.text))]:
        yield f"asked again for what was there: {twice}"
    if lost := [text for text in good if not kept.intersection(keys(case, text))]:
        yield f"not kept though it came right: {sorted(lost)}"
    if again.code or unheard(case, again) or again.report.get("voices") != [case.voice]:
        yield f"the rerun ends with {again.code}: {[problem['message'] for problem in again.problems]}"


def sent(made: Made) -> list[float]:
    """When requests came in, in order."""
    return sorted(asked.at for asked in made.asked)


def most(times: Sequence[float], span: float) -> int:
    """The most of them in any `span` seconds."""
    return max((sum(begin <= time <= begin + span for time in times) for begin in times), default=0)


def allowed(span: float) -> int:
    """How many requests are polite in `span` seconds."""
    return round(span / INTERVAL) + 1


def crowding(times: Sequence[float]) -> float:
    """Seconds by which two requests, however many lie between them, came closer together than INTERVAL each."""
    pairs = ((j - i) * INTERVAL - (times[j] - times[i]) for i in range(len(times)) for j in range(i + 1, min(len(times), i + 50)))
    return max(0.0, max(pairs, default=0.0))


def unease(asked: Sequence[Asked]) -> int:
    """The most requests in the second after a Retry-After; one may have been under way."""
    return max((sum(0 < other.at - each.at < 1.0 for other in asked) for each in asked if each.fault in AFTER), default=0)


def heard(verdict: Verdict, model: Any) -> tuple[float, list[str]]:
    """(word error against what was to be said, each segment that was not heard) of a published bulletin, by a Whisper model."""
    from bulletin.listening.words import plain

    parts, _ = model.transcribe(str(verdict.made.report["files"][0]), language=verdict.case.language, beam_size=5)
    found = plain(" ".join(part.text for part in parts), verdict.case.language)
    owners = [(number, word) for number, each in enumerate(verdict.made.segments) for word in plain(each["said"], verdict.case.language)]
    codes = difflib.SequenceMatcher(None, [word for _, word in owners], found, autojunk=False).get_opcodes()
    errors = sum(max(j - i, m - k) for kind, i, j, k, m in codes if kind != "equal")
    understood = Counter(number for kind, i, j, _, _ in codes if kind == "equal" for number, _ in owners[i:j])
    words = Counter(number for number, _ in owners)
    lost = [each["said"] for number, each in enumerate(verdict.made.segments) if understood[number] < HEARD * words[number]]
    return errors / max(1, len(owners)), lost
