"""bulletin latest: the newest bulletin, and whether it still holds."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import click

from bulletin.cli import console

STALE = 4
"""The exit code for a bulletin that holds no longer."""


@click.command(
    epilog="""\b
Examples:
  bulletin latest
  bulletin latest audio_out --kind wav
  bulletin latest --max-age 65 && aplay "$(bulletin latest --kind wav)"

\b
Exit codes:
  0 it holds   4 it is stale (its name is printed all the same)   1 there is none"""
)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(["mp3", "wav"]), help="The newest that has such a file; else the first file it has.")
@click.option("--max-age", type=click.IntRange(0), metavar="MINUTES", help="Stale too if it was broadcast longer ago than this.")
@console.shared("station", "json")
def latest(folder: Path | None, kind: str | None, max_age: int | None, station: str | None, as_json: bool) -> int:
    """Print the path of the newest bulletin in FOLDER (else the station's), by the time of its broadcast.

    It is stale when its --valid-for is over, or when it is older than --max-age.
    """
    from bulletin import latest as editions
    from bulletin.produce import open_station

    folder = folder or open_station({"station": station}).folder
    found = editions.latest(folder, f".{kind}" if kind else "")
    age = None if max_age is None else timedelta(minutes=max_age)
    over = editions.stale(found, datetime.now().astimezone(), age)
    if as_json:
        until = found.valid_until.isoformat() if found.valid_until else None
        files = [str(file) for file in found.files]
        console.show_json({"files": files, "report": str(found.report), "made": found.at.isoformat(), "valid_until": until, "stale": over})
    else:
        click.echo(str(found.files[0]))
    if over:
        console.warn(f"{found.files[0].name} is stale: broadcast {found.at:%Y-%m-%d %H:%M}.", "Make a new one: bulletin make")
    return STALE if over else 0
