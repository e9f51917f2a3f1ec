"""bulletin script: the script of a bulletin as a text file to edit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bulletin.cli import console


@click.command(
    epilog="""\b
Examples:
  bulletin script article.txt -o news.txt
  $EDITOR news.txt
  bulletin make news.txt
"""
)
@click.argument("sources", nargs=-1, metavar="SOURCE...")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where the script goes; else standard output.")
@click.option("--force", is_flag=True, help="Write over FILE if it is there: an edited script is not replaced unasked.")
@console.shared("at", "breaking", "tail", "spare", "voice", "offline", "language", "station", "set", "keep", "skip")
def script(sources: tuple[str, ...], output: Path | None, force: bool, **asked: Any) -> int:
    """Write the script of a bulletin as a text file to edit.

    Each line is a paragraph and is spoken as it stands; ~~struck-out~~ words are skipped, their reason beside them.
    Edit it in any editor and give it to: bulletin make FILE
    """
    import bulletin
    from bulletin.outputs import write_text

    with console.bars(True) as progress:
        text, problems = bulletin.draft(*sources, progress=progress, **console.asked(sources, asked))
    if output is None:
        click.echo(text, nl=False)
    elif output.exists() and not force:
        raise click.UsageError(f"{output} is there already. Write over it with --force, or choose another name.")
    else:
        write_text(output, text)
        click.echo(str(output))
    console.problems(problems)
    return 3 if problems else 0
