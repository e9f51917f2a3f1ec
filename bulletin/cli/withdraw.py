"""bulletin withdraw: an episode is taken back."""

from __future__ import annotations

import click

from bulletin.cli import console
from bulletin.cli.feed import renewed


@click.command(
    epilog="""\b
Examples:
  bulletin withdraw 2026-11-26-1800-ferry-sails-again --note "The harbour office has denied the report."
"""
)
@click.argument("episode")
@click.option("--note", required=True, metavar="TEXT", help="What listeners are told, in a sentence.")
@console.shared("station", "set", "json")
def withdraw(episode: str, note: str, station: str | None, settings: tuple[str, ...], as_json: bool) -> int:
    """Take EPISODE (its MP3, its name or its guid) back.

    It leaves the feed; its page says why; its files go into the folder withdrawn/, beside the others, and nothing is deleted but its
    stable names (latest.mp3). corrections.jsonl logs it. To bring it back: bulletin reissue
    """
    from bulletin import corrections
    from bulletin.produce import open_station

    profile = open_station({"station": station, "settings": console.settings(settings)})
    found = corrections.withdraw(profile.folder, episode, note, profile)
    if as_json:
        console.show_json({"episode": found.name, **found.history.as_dict()})
    else:
        click.echo(str(found.report))
    return renewed(found.report.parent, profile, as_json)
