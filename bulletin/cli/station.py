"""bulletin station: the station file."""

from __future__ import annotations

from pathlib import Path

import click

from bulletin.cli import console


@click.group(
    epilog="""\b
Examples:
  bulletin station init
  bulletin station check
"""
)
def station() -> None:
    """Write a station file, or check the one in force."""


@station.command(
    epilog="""\b
Examples:
  bulletin station init
  bulletin station init my-station.toml
  bulletin station init --print | less
"""
)
@click.argument("path", type=click.Path(path_type=Path), default=Path("station.toml"), metavar="[FILE]")
@click.option("--print", "show", is_flag=True, help="Print it instead of writing a file.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def init(path: Path, show: bool, force: bool) -> None:
    """Write a commented station.toml with every setting and its default."""
    from bulletin.outputs import write_text
    from bulletin.station import template

    if show:
        click.echo(template(), nl=False)
        return
    if path.exists() and not force:
        raise click.UsageError(f"{path} is there already. Write over it with --force, or choose another name.")
    write_text(path, template())
    click.echo(str(path))


@station.command(
    epilog="""\b
Examples:
  bulletin station check
  bulletin station check --station my-station.toml
"""
)
@console.shared("station")
def check(station: str | None) -> None:
    """Check the station file: its settings, its voices, its sounds."""
    from bulletin.tryout import check_station

    for line in check_station(station):
        click.echo(line)
