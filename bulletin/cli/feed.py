"""bulletin feed: the podcast feed and the pages of a folder."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli import console
from bulletin.cli.upload import after

if TYPE_CHECKING:
    from bulletin.model import Station
    from bulletin.podcasting import Refreshed

WHY = {
    "not yet": "not broadcast yet", "expired": "expired", "old": "older than podcast.keep_days", "withdrawn": "withdrawn",
    "no MP3": "without an MP3",
}  # fmt: skip


@click.command(
    epilog="""\b
Examples:
  bulletin feed --base-url https://example.org/news/
  bulletin feed audio_out
  bulletin feed audio_out --station sport.toml
  bulletin make article.txt && bulletin feed
"""
)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--base-url", default="", metavar="URL", help="Where the folder is found on the web; else podcast.base_url, else as before.")
@click.option("--pages/--no-pages", default=True, help="Write a page for the show and one for each episode too, which is the default.")
@console.shared("station", "set", "json", "quiet")
def feed(
    folder: Path | None, base_url: str, pages: bool, station: str | None, settings: tuple[str, ...], as_json: bool, quiet: bool
) -> int:
    """Write the podcast feed of the bulletins in FOLDER (else the station's), its cover, and a page for each.

    All of it is made of the reports, and is byte for byte the same where nothing has changed. Bulletins that have expired, that are
    withdrawn or whose broadcast is yet to come are not in it. What the show is called, and more: [podcast] in the station file.
    """
    from bulletin import podcasting
    from bulletin.produce import open_station

    profile = open_station({"station": station, "settings": console.settings(settings)})
    with console.bars(not quiet) as progress:
        found = podcasting.refresh(folder or profile.folder, profile, base_url, pages=pages, progress=progress)
    if as_json:
        console.show_json(found.as_dict())
    else:
        click.echo(str(found.feed))
    if not quiet and not as_json:
        tell(found)
    return after(found.feed.parent, profile)


def tell(found: Refreshed) -> None:
    """What is in the feed, and what is not, on stderr."""
    count = len(found.shelf.out)
    why = Counter(WHY.get(reason, reason) for reason in found.shelf.left.values())
    left = "; left out: " + ", ".join(f"{number} {reason}" for reason, number in why.items()) if why else ""
    click.echo(f"{count} episode{'s' if count != 1 else ''}{left}; {len(found.changed)} files changed", err=True)
    for name, number in found.shelf.others.items():
        click.echo(f"{number} of the show “{name}” lie here too: give its station file, or --set podcast.feed={name}", err=True)


def renewed(folder: Path, profile: Station, as_json: bool) -> int:
    """The feed anew, where the folder has one, and sent where the station says; else a word about it. The exit code."""
    from bulletin import podcasting

    if profile.podcast.feed in podcasting.identity(folder) or profile.podcast.base_url:
        click.echo(str(podcasting.refresh(folder, profile).feed), err=as_json)
    else:
        click.echo("There is no feed yet: bulletin feed --base-url URL", err=True)
    return after(folder, profile)
