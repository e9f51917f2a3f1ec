"""bulletin serve: a folder of bulletins on this machine, to try its feed, its page and its sound."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli import console

if TYPE_CHECKING:
    from bulletin.model import Station
    from bulletin.serving import Made


def made(folder: Path, station: Station) -> Made:
    """The feed and the pages, which on disk name the public address, at this server's; a new bulletin is in them at once."""
    from bulletin.podcasting import Live

    return Live(folder, station)


@click.command(
    epilog="""\b
Examples:
  bulletin serve
  bulletin serve audio_out --open
  bulletin serve --port 0 --verbose"""
)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where it listens; 0 for any that is free.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Whom it answers: this machine; 0.0.0.0 for all.")
@click.option("--open", "shown", is_flag=True, help="Open it in the browser.")
@click.option("-v", "--verbose", is_flag=True, help="Show each request on stderr.")
@console.shared("station")
def serve(folder: Path | None, port: int, host: str, shown: bool, verbose: bool, station: str | None) -> None:
    """Give out the files of FOLDER (else the station's) over HTTP, to try the feed, the page and the sound.

    Only this machine is answered, unless --host says otherwise. For the public, put the folder on a web server.
    """
    from bulletin.produce import open_station
    from bulletin.serving import server

    profile = open_station({"station": station})
    folder = folder or profile.folder
    try:
        with server(folder, host, port, made(folder, profile), log if verbose else lambda line: None) as listening:
            if listening.shared:
                console.warn(f"Everyone on the network can read {folder}.", "For this machine alone, leave out --host.")
            click.echo(f"Serving {folder} at {listening.url} (Ctrl-C stops)")
            if shown:
                click.launch(listening.url)
            listening.serve_forever()
    except KeyboardInterrupt:  # how it is meant to end
        return


def log(line: str) -> None:
    """One request."""
    click.echo(line, err=True)
