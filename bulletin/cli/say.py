"""bulletin say: audition one line, or show its spoken form."""

from __future__ import annotations

import dataclasses
import sys
from typing import TYPE_CHECKING

import click

from bulletin.cli import console

if TYPE_CHECKING:
    from bulletin.model import Reworded


@click.command(
    epilog="""\b
Examples:
  bulletin say 'The bill was $1.2bn.'                  writes say.mp3
  bulletin say 'Xin chào' --voice gtts:vi -o hello.mp3
  bulletin say --print 'The bill was $1.2bn.'
  bulletin say --print - < lines.txt                   one spoken form a line
  bulletin say --explain 'The bill was $1.2bn.'        ... and which rule said so
"""
)
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.option("-o", "--output", type=click.Path(), default="say.mp3", show_default=True, metavar="FILE.mp3", help="Where the sound goes.")
@click.option("--print", "show", is_flag=True, help="Print the spoken form and make no sound.")
@click.option("--explain", "why", is_flag=True, help="Print the spoken form and each change with the rule that made it.")
@console.shared("voice", "offline", "language", "station", "json")
def say(
    text: tuple[str, ...],
    output: str,
    show: bool,
    why: bool,
    voice: str | None,
    offline: bool,
    language: str | None,
    station: str | None,
    as_json: bool,
) -> int:
    """Say one line, or show how it would be said.

    TEXT is said as a headline would be, without jingles; - reads it from standard input, line by line.
    """
    import bulletin

    if show or why or as_json:
        from bulletin.produce import open_station
        from bulletin.tryout import spoken_language

        profile = open_station({"station": station, "voice": voice, "language": language})
        code = language or spoken_language(voice, profile)
        found = (bulletin.explain(line, code, profile) for line in lines(text))
        if as_json:
            console.show_json([dataclasses.asdict(one) for one in found])
            return 0
        for one in found:
            click.echo(one.said)
            if why:
                explain(one)
        return 0
    from bulletin.tryout import audition

    report = audition("\n".join(lines(text)), output, voice=voice, language=language, station=station, offline=offline)
    click.echo(str(report.files[0]))
    console.problems(report.problems)
    return 3 if report.problems else 0


def explain(one: Reworded) -> None:
    """Each change of a line with its rule; what is not listed is said as written."""
    width = max((len(change.written.strip()) for change in one.changes), default=0)
    for change in one.changes:
        said = " ".join(change.said.split()) or ("(a pause)" if change.said else "(dropped)")
        if change.said != change.written or change.rule == "lexicon":
            click.echo(f"  {change.written.strip():<{width}}  {said}  {click.style(change.rule, dim=True)}")
    if not one.changes:
        click.echo("  said as it is written")


def lines(text: tuple[str, ...]) -> list[str]:
    """The lines to say."""
    if text == ("-",):
        return (sys.stdin.buffer.read() if sys.stdin else b"").decode("utf-8", "replace").removesuffix("\n").split("\n")
    return [" ".join(text)]
