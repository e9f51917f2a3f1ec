"""bulletin say: audition one line, or show its spoken form."""

from __future__ import annotations

import sys

import click

from bulletin.cli import console


@click.command(
    epilog="""\b
Examples:
  bulletin say 'The bill was $1.2bn.'                  writes say.mp3
  bulletin say 'Xin chào' --voice gtts:vi -o hello.mp3
  bulletin say --print 'The bill was $1.2bn.'
  bulletin say --print - < lines.txt                   one spoken form a line
"""
)
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.option("-o", "--output", type=click.Path(), default="say.mp3", show_default=True, metavar="FILE.mp3", help="Where the sound goes.")
@click.option("--print", "show", is_flag=True, help="Print the spoken form and make no sound.")
@console.shared("voice", "language", "station")
def say(text: tuple[str, ...], output: str, show: bool, voice: str | None, language: str | None, station: str | None) -> int:
    """Say one line, or show how it would be said.

    TEXT is said as a headline would be, without jingles; - reads it from standard input, line by line.
    """
    import bulletin

    if show:
        from bulletin.tryout import spoken_language

        code = language or spoken_language(voice, station)
        for line in lines(text):
            click.echo(bulletin.say(line, code))
        return 0
    from bulletin.tryout import audition

    report = audition("\n".join(lines(text)), output, voice=voice, language=language, station=station)
    click.echo(str(report.files[0]))
    console.problems(report.problems)
    return 3 if report.problems else 0


def lines(text: tuple[str, ...]) -> list[str]:
    """The lines to say."""
    if text == ("-",):
        return (sys.stdin.buffer.read() if sys.stdin else b"").decode("utf-8", "replace").removesuffix("\n").split("\n")
    return [" ".join(text)]
