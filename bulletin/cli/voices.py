"""bulletin voices: who can speak here."""

from __future__ import annotations

import click

from bulletin.cli import console


@click.command(
    epilog="""\b
Examples:
  bulletin voices
  bulletin voices --language vi
  bulletin voices --json
"""
)
@click.option("--all", "every", is_flag=True, help="List each online voice on a line of its own.")
@console.shared("language", "json")
def voices(every: bool, language: str | None, as_json: bool) -> None:
    """List who can speak here, in which languages.

    The first that is ready for a language is taken unless the station or --voice names another.
    """
    import bulletin
    from bulletin.engines import speaks

    found = [voice for voice in bulletin.voices() if not language or speaks(voice, language)]
    if as_json:
        console.show_json(
            [
                {
                    "name": voice.name,
                    "engine": voice.engine,
                    "id": voice.id,
                    "language": voice.language,
                    "online": voice.online,
                    "ready": voice.ready,
                    "note": voice.note,
                }
                for voice in found
            ]
        )
        return
    listed = found if language or every else [voice for voice in found if not voice.online]
    width = max((len(voice.name) for voice in listed), default=0)
    for voice in listed:
        where = click.style("online ", fg="yellow") if voice.online else click.style("offline", fg="green")
        ready = "" if voice.ready else click.style("  (not installed)", fg="red")
        click.echo(f"{voice.name:<{width}}  {voice.language:<6} {where}  {voice.note.removesuffix(', not installed')}{ready}")
    for engine in dict.fromkeys(voice.engine for voice in found if voice not in listed):
        ids = [voice.id for voice in found if voice.engine == engine]
        click.echo(f"\n{engine}: online, {len(ids)} languages, as {engine}:{ids[0]}")
        click.echo(click.wrap_text(", ".join(ids), 100, "  ", "  "))
    if not found:
        console.error(f"No voice here speaks “{language}”.", "Piper has forty languages: pip install 'bulletin[piper]'")
