"""bulletin make: sources in, a bulletin out."""

from __future__ import annotations

import ctypes
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import click

from bulletin.cli import console

if TYPE_CHECKING:
    from bulletin.model import CueSheet, Fitted, Problem, Report, Rundown

M_MMAP_THRESHOLD = -3
LARGE = 4 << 20
"""Bytes of an array that is given back when it is done with."""


class Length(click.ParamType):
    """A length as radio writes it: `3:00`, `2:59.5`, or seconds."""

    name = "length"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Milliseconds."""
        found = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,5}(?:\.\d{1,3})?)", str(value))
        if not found or (found[1] and float(found[2]) >= 60):
            self.fail(f"“{value}” is no length. Minutes and seconds, as 3:00 or 2:59.5, or seconds, as 180.", param, ctx)
        return int(found[1] or 0) * 60_000 + round(float(found[2]) * 1000)


@click.command(
    epilog="""\b
Examples:
  bulletin make article.txt
  bulletin make lead.txt second.txt third.txt --length 3:00 --plan
  bulletin make lead.txt second.txt third.txt --length 3:00
  bulletin make lead.txt second.txt --breaking just-in.txt --tail zoo.txt --spare weather.txt --length 5:00
  bulletin make lead.txt second.txt --at 18:00 --master air --latest --valid-for 65
  bulletin make lead.html second.txt https://example.org/third -o six-oclock.mp3
  bulletin make lead.txt --voice hibari:heart --reader piper:joe.onnx --set voice.turns=quote
  pbpaste | bulletin make - --voice gtts:en --fallback hibari:heart
  bulletin make news-script.txt --json > report.json
  bulletin make article.txt --set sound.bed=none --set pauses.story=800
"""
)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=True),
    metavar="FILE",
    help="Where the bulletin goes, .mp3 or .wav (for playout); else a new MP3 in audio_out/.",
)
@click.option(
    "--length", type=Length(), metavar="M:SS", help="How long the whole lasts, to the millisecond: 3:00, 2:59.5, or seconds (180)."
)
@click.option("--plan", "only_plan", is_flag=True, help="Show what would be heard when, with back-times, and write no bulletin.")
@click.option(
    "--master",
    "masters",
    multiple=True,
    metavar="NAME",
    help="A form that goes out: podcast (MP3), air (Broadcast WAV and MP3), or one of your station file. Again for more, all of one mix.",
)
@click.option("--latest", is_flag=True, help="Give it a second name too, latest.mp3 (output.latest), in place of the bulletin before.")
@click.option(
    "--valid-for",
    type=click.IntRange(0, 525_600),
    metavar="MINUTES",
    help="How long it holds after its broadcast. See: bulletin latest",
)
@click.option("--allow-gaps", is_flag=True, help="Air a story without a sentence that no voice would say; else it is left out whole.")
@click.option("--plot", is_flag=True, help="Draw it beside the sound: waveform, music, loudness, cues (needs bulletin[plot]).")
@console.shared(
    "at",
    "breaking",
    "tail",
    "spare",
    "voice",
    "reader",
    "fallback",
    "offline",
    "language",
    "station",
    "set",
    "keep",
    "skip",
    "json",
    "quiet",
    "verbose",
)
def make(
    sources: tuple[str, ...],
    output: str | None,
    length: int | None,
    only_plan: bool,
    masters: tuple[str, ...],
    latest: bool,
    valid_for: int | None,
    plot: bool,
    allow_gaps: bool,
    as_json: bool,
    quiet: bool,
    verbose: bool,
    **asked: Any,
) -> int:
    """Make a bulletin: articles in, an MP3 or a Broadcast WAV fit for air out.

    A SOURCE is a text file, a saved HTML page, a URL, a script file (bulletin script), or - for standard input.
    Several make one bulletin, a story each, in the order given. A JSON report is written beside the sound.
    """
    import bulletin
    from bulletin.errors import BulletinError
    from bulletin.model import Ms, Problem

    give_back_memory()
    wanted = console.asked(sources, asked)
    slot = None if length is None else Ms(length)
    try:
        with console.bars(not quiet) as progress:
            if only_plan:
                rundown, sheet, fitted, problems = bulletin.plan(
                    *sources, output=output, masters=masters, length=slot, progress=progress, **wanted
                )
                show_plan(rundown, sheet, fitted, problems, as_json)
                return 3 if problems else 0
            report = bulletin.make(
                *sources,
                output=output,
                length=slot,
                masters=masters,
                latest=latest,
                valid_for=valid_for,
                plot=plot,
                allow_gaps=allow_gaps,
                progress=progress,
                **wanted,
            )
    except BulletinError as error:
        if as_json:  # a script that reads the report finds one, whatever happened
            lost = Problem(message=error.message, hint=error.hint, missing=getattr(error, "missing", ()))
            console.show_json({"files": [], "problems": [lost.as_dict()]})
        raise
    if as_json:
        console.show_json(report.as_dict())
    else:
        for file in report.files[: len(report.programmes)]:
            click.echo(str(file))
    console.problems(report.problems)
    console.warnings(report.warnings)
    if verbose or (sys.stderr.isatty() and not quiet):
        summary(report.as_dict(), verbose)
    return max(sent(report, asked), 3 if report.problems else 0)


def sent(report: Report, asked: Mapping[str, Any]) -> int:
    """Send what was made where the station says, for whoever names no folder; the exit code."""
    from bulletin.cli.upload import after
    from bulletin.produce import open_station

    profile = open_station({"station": asked["station"], "settings": console.settings(asked["settings"])})
    return after(profile.folder, profile) if profile.upload and report.files[0].parent == profile.folder else 0


def show_plan(rundown: Rundown, sheet: CueSheet, fitted: Fitted | None, problems: Sequence[Problem], as_json: bool) -> None:
    """What would be heard when, as a table or as JSON."""
    found = rows(sheet)
    left = left_out(rundown, fitted)
    if as_json:
        console.show_json(
            {
                "length_ms": sheet.length,
                "speech": fitted.rate if fitted else 1.0,
                "pauses": fitted.pace if fitted else 1.0,
                "music_ms": fitted.fill if fitted else 0,
                "cues": [
                    {"start_ms": start, "left_ms": sheet.length - start, "duration_ms": stop - start, "what": what}
                    for start, stop, what in found
                ],
                "left_out": left,
                "problems": [problem.as_dict() for problem in problems],
            }
        )
        return
    clock = "  on the clock" if rundown.timed else ""
    click.echo(f"   from       left     lasts{clock}")
    for start, stop, what in found:
        at = f"  {rundown.at + timedelta(milliseconds=start):%H:%M:%S}    " if rundown.timed else ""
        click.echo(f"{tenths(start):>8} {tenths(sheet.length - start):>8}  {tenths(stop - start):>8}{at}  {what}")
    click.echo(f"{tenths(sheet.length):>8}                     end")
    if fitted:
        click.echo(
            f"\nSpeech at {fitted.rate:.1%} of its own pace, pauses {fitted.pace:.0%} of the station's; music {fitted.fill / 1000:.1f} s."
        )
    for line in left:
        click.echo(f"Left out: {line[:100]}")
    console.problems(problems)


def rows(sheet: CueSheet) -> list[tuple[int, int, str]]:
    """(start, end, what it is) of each part of a programme and of its music, by start."""
    words = [(line.start, line.start + line.duration) for line in sheet.transcript]
    found = []
    for cue in sheet.cues:
        end = cue.start + cue.length
        under = any(start < end and cue.start < stop for start, stop in words)
        name = ("bed, under the words" if under else "music") if cue.role == "bed" else cue.role
        found += [(cue.start, end, name)] if cue.role != "speech" else []
    found += [(chapter.start, chapter.end, f"story: {chapter.title}") for chapter in sheet.chapters]
    for role in ("opening", "headlines", "closing"):
        lines = [line for line in sheet.transcript if line.segment.role == role]
        found += [(lines[0].start, lines[-1].start + lines[-1].duration, role)] if lines else []
    return sorted(found, key=lambda row: (row[0], -row[1]))


def left_out(rundown: Rundown, fitted: Fitted | None) -> list[str]:
    """What there is no time for: whole stories by their headlines, single paragraphs by their words."""
    if not fitted:
        return []
    stories = [f"the story “{rundown.stories[number].headline}”" for number in fitted.dropped]
    words = (" ".join(span.text for span in rundown.stories[story].passages[passage].spans) for story, passage in fitted.out)
    return [*stories, *words]


def tenths(milliseconds: int) -> str:
    """`2:59.8`, rounded down: a clock is never ahead."""
    tenth = milliseconds // 100
    return f"{tenth // 600}:{tenth % 600 // 10:02d}.{tenth % 10}"


def give_back_memory() -> None:
    """Have the C library hand large arrays straight back to the system (mallopt(3), M_MMAP_THRESHOLD).

    Left alone, glibc raises that threshold to 32 MB by itself and keeps the pieces that an hour of sentences leaves:
    64 MB, where this leaves 16. Other systems have no such call and need none.
    """
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LARGE)


def summary(report: dict[str, Any], verbose: bool) -> None:
    """What was made, and what each step took, on stderr."""
    made = f"{console.clock(report['duration_ms'])}, {report['loudness_lufs']} LUFS, {report['true_peak_dbtp']} dBTP, {report['voice']}"
    kept = f"{report['synthesised']} segments voiced, {report['stored']} kept from before; {len(report['skipped'])} passages skipped"
    voicing = "; ".join(f"{count} {what}" for what, count in report["voicing"].items() if count and what != "voiced")
    steps = ", ".join(f"{step} {seconds:.2f} s" for step, seconds in report["seconds"].items())
    click.echo("\n".join(filter(None, (made, kept, voicing, steps) if verbose else (made,))), err=True)
