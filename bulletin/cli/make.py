"""bulletin make: sources in, a bulletin out."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from typing import Any

import click

from bulletin.cli import console

M_MMAP_THRESHOLD = -3
LARGE = 4 << 20
"""Bytes of an array that is given back when it is done with."""


@click.command(
    epilog="""\b
Examples:
  bulletin make article.txt
  bulletin make lead.html second.txt https://example.org/third -o six-oclock.mp3
  pbpaste | bulletin make - --voice gtts:en
  bulletin make news-script.txt --json > report.json
  bulletin make article.txt --set sound.bed=none --set pauses.story=800
"""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=True), metavar="FILE.mp3", help="Where the bulletin goes; else a new name in audio_out/."
)
@console.shared("voice", "language", "station", "set", "keep", "skip", "json", "quiet", "verbose")
def make(
    sources: tuple[str, ...],
    output: str | None,
    voice: str | None,
    language: str | None,
    station: str | None,
    settings: tuple[str, ...],
    keep: tuple[int, ...],
    skip: tuple[int, ...],
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Make a bulletin: articles in, an MP3 fit for air out.

    A SOURCE is a text file, a saved HTML page, a URL, a script file (bulletin script), or - for standard input.
    Several make one bulletin, a story each, in the order given. A JSON report is written beside the MP3.
    """
    import bulletin
    from bulletin.errors import BulletinError

    give_back_memory()
    try:
        with console.bars(not quiet) as progress:
            report = bulletin.make(
                *sources,
                output=output,
                voice=voice,
                language=language,
                station=station,
                settings=console.settings(settings),
                keep=keep,
                skip=skip,
                progress=progress,
            )
    except BulletinError as error:
        if as_json:  # a script that reads the report finds one, whatever happened
            console.show_json({"files": [], "problems": [{"message": error.message, "hint": error.hint, "source": ""}]})
        raise
    if as_json:
        console.show_json(report.as_dict())
    else:
        click.echo(str(report.files[0]))
    console.problems(report.problems)
    console.warnings(report.warnings)
    if verbose or (sys.stderr.isatty() and not quiet):
        summary(report.as_dict(), verbose)
    return 3 if report.problems else 0


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
    steps = ", ".join(f"{step} {seconds:.2f} s" for step, seconds in report["seconds"].items())
    click.echo("\n".join((made, kept, steps) if verbose else (made,)), err=True)
