"""bulletin correct: an episode is voiced and published anew where its script was changed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import click

from bulletin.cli import console
from bulletin.cli.feed import renewed


@click.command(
    epilog="""\b
Examples:
  bulletin correct 2026-11-26-1800-ferry-sails-again --note "An earlier version gave a wrong name for the captain."
  bulletin correct audio_out/news.mp3 --print > news.txt
  bulletin correct audio_out/news.mp3 --script news.txt --note "The figure for the repairs was wrong."
"""
)
@click.argument("episode")
@click.option("--note", default="", metavar="TEXT", help="What listeners are told, in the show notes, the transcript and on the page.")
@click.option(
    "--script",
    "edited",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="The script as it should be; else your editor opens it ($EDITOR).",
)
@click.option("--print", "only_print", is_flag=True, help="Print its script, and change nothing.")
@console.shared("offline", "station", "set", "json", "quiet")
def correct(
    episode: str,
    note: str,
    edited: Path | None,
    only_print: bool,
    offline: bool,
    station: str | None,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Correct EPISODE (its MP3, its name or its guid): edit its script, and it is published anew under its own name.

    Only what was changed is voiced anew. The report keeps every correction, corrections.jsonl logs it, and the feed is written anew.
    Whether apps see the same episode or a new one is podcast.corrected in the station file.
    """
    from bulletin import corrections
    from bulletin.errors import BulletinError
    from bulletin.produce import open_station

    profile = open_station({"station": station, "settings": console.settings(settings)})
    before = corrections.script(profile.folder, episode)
    if only_print:
        click.echo(before, nl=False)
        return 0
    corrections.noted(note)
    text = corrections.edited(edited, profile) if edited else click.edit(before, extension=".txt") or before
    try:
        with console.bars(not quiet) as progress:
            report = corrections.correct(profile.folder, episode, text, note, profile, offline=offline, progress=progress)
    except (BulletinError, KeyboardInterrupt):
        if not edited and text != before:
            keep(text, corrections.find(profile.folder, episode).stem)
        raise
    if as_json:
        console.show_json(report.as_dict())
    else:
        for file in report.files[: len(report.programmes)]:
            click.echo(str(file))
    console.problems(report.problems)
    return max(renewed(report.files[0].parent, profile, as_json), 3 if report.problems else 0)


def keep(text: str, name: str) -> None:
    """What somebody has edited is not lost because it could not be voiced."""
    path = Path(f"{name}-script.txt")
    with suppress(OSError):
        path.write_text(text, encoding="utf-8")
        click.echo(f"What you have edited is kept in {path}: bulletin correct {name} --script {path}", err=True)
