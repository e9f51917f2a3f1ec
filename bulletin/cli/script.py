"""bulletin script: the script of a bulletin as a text file to edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli import console

if TYPE_CHECKING:
    from datetime import datetime


@click.command(
    epilog="""\b
Examples:
  bulletin script article.txt -o news.txt
  $EDITOR news.txt
  bulletin make news.txt
"""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where the script goes; else standard output.")
@click.option("--force", is_flag=True, help="Write over FILE if it is there: an edited script is not replaced unasked.")
@console.shared("at", "voice", "language", "station", "set", "keep", "skip")
def script(
    sources: tuple[str, ...],
    output: Path | None,
    force: bool,
    at: datetime | None,
    voice: str | None,
    language: str | None,
    station: str | None,
    settings: tuple[str, ...],
    keep: tuple[int, ...],
    skip: tuple[int, ...],
) -> int:
    """Write the script of a bulletin as a text file to edit.

    Each line is a paragraph and is spoken as it stands; ~~struck-out~~ words are skipped, their reason beside them.
    Edit it in any editor and give it to: bulletin make FILE
    """
    import bulletin
    from bulletin.outputs import write_text

    with console.bars(True) as progress:
        text, problems = bulletin.draft(
            *sources,
            voice=voice,
            language=language,
            station=station,
            settings=console.settings(settings),
            keep=keep,
            skip=skip,
            at=at,
            progress=progress,
        )
    if output is None:
        click.echo(text, nl=False)
    elif output.exists() and not force:
        raise click.UsageError(f"{output} is there already. Write over it with --force, or choose another name.")
    else:
        write_text(output, text)
        click.echo(str(output))
    console.problems(problems)
    return 3 if problems else 0
