"""bulletin upload: a folder to where listeners find it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli import console

if TYPE_CHECKING:
    from bulletin.model import Station
    from bulletin.uploading import Uploaded


@click.command(
    epilog="""\b
Examples:
  bulletin upload --to s3://bucket/news
  bulletin upload audio_out --to sftp://user@example.org/srv/www/news
  bulletin feed && bulletin upload --dry-run

\b
It needs bulletin[upload], and for s3:// bulletin[s3], for sftp:// bulletin[sftp], for gs:// gcsfs.
"""
)
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
@click.option("--to", "url", default="", metavar="URL", help="Where to: s3://, gs://, sftp://, any that fsspec knows; else output.upload.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent and removed, and do neither.")
@click.option("--overwrite", is_flag=True, help="Replace what others have put there under a name of ours.")
@console.shared("station", "set", "json", "quiet")
def upload(
    folder: Path | None,
    url: str,
    dry_run: bool,
    overwrite: bool,
    station: str | None,
    settings: tuple[str, ...],
    as_json: bool,
    quiet: bool,
) -> int:
    """Upload FOLDER (else the station's) to where listeners find it: the sound first, the feed last.

    Sent is what has changed since; an upload that was cut off goes on where it was. At no moment does the public feed name a file that
    is not there whole. What we uploaded earlier and is here no more is removed there, behind the feed; what others have put there stays.
    Reports and logs stay here: they name your files.
    """
    from bulletin.produce import open_station

    profile = open_station({"station": station, "settings": console.settings(settings)})
    if not (url or profile.upload):
        raise click.UsageError("Where to? --to s3://bucket/news, or [output] upload in the station file.")
    with console.bars(not quiet) as progress:
        found = carried(folder or profile.folder, url or profile.upload, profile.latest, dry_run, overwrite, progress)
    if as_json:
        console.show_json(found.as_dict())
    else:
        for name in (*found.sent, *(f"- {name}" for name in found.removed)):
            click.echo(name)
        would = "would be " if dry_run else ""
        click.echo(
            f"{len(found.sent)} {would}sent to {found.url}, {found.kept} there already, {len(found.removed)} {would}removed", err=True
        )
    console.problems(found.problems)
    return 3 if found.problems else 0


def carried(folder: Path, url: str, stable: str, dry: bool, overwrite: bool, progress: console.Bars) -> Uploaded:
    """The folder at its place, with every feed that it has; what is for nobody else stays here."""
    from bulletin import podcasting, uploading

    feeds = [f"{name}.xml" for name in podcasting.identity(folder) if (folder / f"{name}.xml").is_file()]
    own = podcasting.private(folder, stable)
    return uploading.upload(folder, url, feeds=feeds, private=own, dry=dry, overwrite=overwrite, progress=progress)


def after(folder: Path, profile: Station) -> int:
    """Upload what was written, where the station says so; the exit code, for what is here is made whatever becomes of it there."""
    from bulletin.errors import BulletinError
    from bulletin.model import Problem

    if not profile.upload:
        return 0
    try:
        with console.bars(True) as progress:
            found = carried(folder, profile.upload, profile.latest, False, False, progress)
    except BulletinError as error:
        console.problems([Problem(message=error.message, hint=error.hint)])
        return 3
    click.echo(f"{len(found.sent)} sent to {found.url}", err=True)
    console.problems(found.problems)
    return 3 if found.problems else 0
