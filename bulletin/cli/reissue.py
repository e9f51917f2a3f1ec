"""bulletin reissue: an episode is published as a new one."""

from __future__ import annotations

import click

from bulletin.cli import console
from bulletin.cli.feed import renewed


@click.command(
    epilog="""\b
Examples:
  bulletin reissue 2026-11-26-1800-ferry-sails-again --note "With the right name of the captain."
"""
)
@click.argument("episode")
@click.option("--note", required=True, metavar="TEXT", help="What listeners are told, in a sentence.")
@click.option("--valid-for", type=click.IntRange(0, 525_600), default=0, metavar="MINUTES", help="How long it holds from now; 0: for ever.")
@console.shared("station", "set", "json")
def reissue(episode: str, note: str, valid_for: int, station: str | None, settings: tuple[str, ...], as_json: bool) -> int:
    """Publish EPISODE (its MP3, its name or its guid) as a new one, which every app fetches again.

    For a correction that everyone must hear, or for an episode that was withdrawn or has expired. The sound is not made anew.
    """
    from bulletin import corrections
    from bulletin.produce import open_station

    profile = open_station({"station": station, "settings": console.settings(settings)})
    found = corrections.reissue(profile.folder, episode, note, profile, valid_for=valid_for)
    if as_json:
        console.show_json({"episode": found.name, **found.history.as_dict()})
    else:
        click.echo(str(found.report))
    return renewed(found.report.parent, profile, as_json)
