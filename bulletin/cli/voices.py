"""bulletin voices: who can speak here, how they sound, and bringing in more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from bulletin.cli import console

if TYPE_CHECKING:
    from bulletin.catalogue import Offer
    from bulletin.installing import Installed
    from bulletin.model import Problem, Station, Voice

MANY = 60
"""Offline voices of one engine that are not listed one by one unless they are asked for: espeak-ng has a hundred and thirty."""


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  bulletin voices
  bulletin voices --language vi
  bulletin voices --json
  bulletin voices --samples listen/               hear each that is ready
  bulletin voices install piper:en_US-joe-medium  bring in another
""",
)
@click.option("--all", "every", is_flag=True, help="List every voice on a line of its own, online ones too; with --samples, hear them all.")
@click.option("--samples", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Let each say a line, into a file there.")
@click.option("--language", metavar="CODE", help="Those that speak this language only: en, vi, pt-BR.")
@console.shared("station", "json")
@click.pass_context
def voices(ctx: click.Context, every: bool, samples: Path | None, language: str | None, station: str | None, as_json: bool) -> int:
    """List who can speak here, in which languages.

    The first that is ready for a language is taken unless the station or --voice names another.
    """
    if ctx.invoked_subcommand:
        if every or samples or language or station or as_json:
            raise click.UsageError(f"Options go behind the command: bulletin voices {ctx.invoked_subcommand} ...", ctx)
        return 0
    import bulletin
    from bulletin.engines import speaks

    found = [voice for voice in bulletin.voices() if not language or speaks(voice, language)]
    listed = found if language or every else usual(found)
    if samples:
        return listen([voice for voice in listed if voice.ready], samples, language, station, as_json)
    if as_json:
        console.show_json([as_dict(voice) for voice in found])
        return 0
    show(found, listed)
    if not any(voice.ready for voice in found):
        console.error(
            f"No voice that speaks “{language}” is ready here.", f"To install: bulletin voices install --list --language {language}"
        )
        return 1
    if not language:
        click.echo("\nMore can be installed: bulletin voices install --list")
    return 0


def usual(found: Sequence[Voice]) -> list[Voice]:
    """The voices that are worth a line each where nobody asks for more: offline ones, of engines that have not very many."""
    count = Counter(voice.engine for voice in found)
    return [voice for voice in found if not voice.online and count[voice.engine] <= MANY]


def show(found: Sequence[Voice], listed: Sequence[Voice]) -> None:
    """The voices `listed`, one a line; of the others, engine by engine, the languages."""
    from bulletin.languages import canonical

    width = max((len(voice.name) for voice in listed), default=0)
    for voice in listed:
        where = click.style("online ", fg="yellow") if voice.online else click.style("offline", fg="green")
        ready = "" if voice.ready else click.style("  (not installed)", fg="red")
        click.echo(f"{voice.name:<{width}}  {voice.language:<6} {where}  {voice.note.removesuffix(', not installed')}{ready}")
    for engine in dict.fromkeys(voice.engine for voice in found if voice not in listed):
        mine = [voice for voice in found if voice.engine == engine]
        codes = sorted({canonical(voice.language) for voice in mine})
        where = "online" if mine[0].online else "offline"
        click.echo(f"\n{engine}: {where}, {len(mine)} voices, as {mine[0].name}; one language's: --language CODE")
        click.echo(click.wrap_text(", ".join(codes), 100, "  ", "  "))


def as_dict(voice: Voice) -> dict[str, Any]:
    """A voice for scripts."""
    return {name: getattr(voice, name) for name in ("name", "engine", "id", "language", "online", "ready", "note")}


# --- samples ------------------------------------------------------------------------------------------------


def listen(heard: Sequence[Voice], place: Path, language: str | None, station: str | None, as_json: bool) -> int:
    """Let each voice say a line into ENGINE-ID.mp3; the exit code. A voice that fails is a problem, and the others go on."""
    from bulletin.errors import BulletinError, VoiceError
    from bulletin.model import Problem
    from bulletin.produce import open_station

    profile = open_station({"station": station})
    if not heard:
        raise VoiceError(
            f"No voice is ready here{f' for “{language}”' if language else ''}.", "Bring one in: bulletin voices install --list"
        )
    made: list[tuple[Voice, Path]] = []
    lost: list[Problem] = []
    with console.bars(True) as progress:
        for number, voice in enumerate(heard):
            progress("Voicing", number, len(heard))
            try:
                made.append((voice, sample(voice, place, profile)))
            except BulletinError as error:
                lost.append(Problem(message=error.message, hint=error.hint, source=voice.name))
        progress("Voicing", len(heard), len(heard))
    if as_json:
        files = [{"name": voice.name, "language": voice.language, "file": str(path)} for voice, path in made]
        console.show_json({"samples": files, "problems": [problem.as_dict() for problem in lost]})
    else:
        for _, path in made:
            click.echo(str(path))
    console.problems(lost)
    return (3 if made else 1) if lost else 0


def sample(voice: Voice, place: Path, profile: Station) -> Path:
    """A line in a voice's own language, into a file of its name. Raises BulletinError."""
    from bulletin.errors import EngineError
    from bulletin.tryout import audition

    name = "".join(char if char.isalnum() or char in "-_." else "-" for char in f"{voice.engine}-{voice.id}")
    code = voice.language.partition("-")[0]
    report = audition(line(code, profile), place / f"{name}.mp3", voice=voice.name, language=code, station=profile)
    if report.problems:
        raise EngineError(report.problems[0].message, report.problems[0].hint)
    return report.files[0]


def line(code: str, profile: Station) -> str:
    """What a voice says to be heard: the opening and the sign-off in its language; where none are known, the numbers to ten."""
    from datetime import datetime

    from bulletin import languages, rundown
    from bulletin.model import Story

    if not languages.load(code).words:
        return "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."
    words = rundown.arrange([Story(source="", headline="", language=code)], profile, datetime.now().astimezone())
    return " ".join(passage.text for passage in (*words.opening, *words.closing)) or languages.load(code).name


# --- installing ---------------------------------------------------------------------------------------------


def names(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What can be installed, for the shell; bash cuts words at their colons, and wants then what stands behind one."""
    from bulletin import catalogue

    before = list(ctx.params.get("names") or ())
    cut = [*before, incomplete][-2:] if incomplete == ":" else before[-2:]
    engine = f"{cut[0]}:" if len(cut) == 2 and cut[1] == ":" else ""
    wanted = f"{engine}{incomplete.removeprefix(':') if engine else incomplete}".lower()
    return [
        CompletionItem(offer.name.removeprefix(engine), help=f"{offer.language}, {offer.note}, {megabytes(offer)}")
        for offer in catalogue.shipped().values()
        if offer.name.lower().startswith(wanted)
    ]


@voices.command(
    epilog="""\b
Examples:
  bulletin voices install --list --language vi
  bulletin voices install piper:vi_VN-vais1000-medium hibari:emma
  bulletin voices install kokoro:af_heart --from /media/stick

\b
What was interrupted goes on from there when it is run again. For a machine
without a network, fetch the files elsewhere: --list --json has their addresses.
"""
)
@click.argument("names", nargs=-1, metavar="NAME...", shell_complete=names)
@click.option("--list", "listed", is_flag=True, help="List what can be installed: language, size, licence.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Take the files from a folder, at whatever depth, in place of the network.",
)
@click.option("--offline", is_flag=True, help="Make no request to the network.")
@click.option("--language", metavar="CODE", help="With --list: this language only.")
@console.shared("station", "json", "quiet")
def install(
    names: tuple[str, ...],
    listed: bool,
    source: Path | None,
    offline: bool,
    language: str | None,
    station: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Bring in voices by their names, from the places that their makers publish them at.

    Each file is checked against the size and the checksum in bulletin's catalogue before it is used. A voice has a licence of its
    own, which is shown: read it before you go on the air.
    """
    from bulletin import catalogue, installing

    if listed:
        offer_all(catalogue.of_language(language or "", catalogue.shipped()), language, as_json)
        return 0
    if not names or language:
        raise click.UsageError("--language goes with --list." if names else "Which voice? See: bulletin voices install --list")
    offers = installing.chosen(names)
    for offer in [] if quiet else offers:
        click.echo(licence(offer), err=True)
    try:
        with console.bars(not quiet) as progress:

            def say(line: str) -> None:
                """A line between two bars."""
                progress.close()
                if not quiet:
                    click.echo(line, err=True)

            done, lost = installing.install(offers, source=source, station=station, offline=offline, say=say, progress=progress)
    except KeyboardInterrupt:
        click.echo("\nWhat was fetched is kept: run the same command again, and it goes on from there.", err=True)
        raise
    tell(done, lost, as_json)
    return 3 if lost else 0


def offer_all(offers: Sequence[Offer], language: str | None, as_json: bool) -> None:
    """What can be installed, one a line."""
    from bulletin.installing import present

    if as_json:
        console.show_json([{**offer.as_dict(), "installed": present(offer)} for offer in offers])
        return
    width = max((len(offer.name) for offer in offers), default=0)
    for offer in offers:
        here = click.style("  (installed)", fg="green") if present(offer) else ""
        about = f"{offer.note}; {terms(offer)}"
        click.echo(f"{offer.name:<{width}}  {offer.language:<6} {megabytes(offer):>9}  {about}{here}")
    if not offers:
        console.error(f"There is no voice for “{language}” to install.", "gTTS may have one, online: bulletin voices --all")


def tell(done: Sequence[Installed], lost: Sequence[Problem], as_json: bool) -> None:
    """What has been installed, and what has not."""
    if as_json:
        console.show_json({"installed": [one.as_dict() for one in done], "problems": [problem.as_dict() for problem in lost]})
    for one in done:
        if not as_json:
            click.echo(f"{one.offer.name}: {'installed' if one.fetched else 'is installed already, and whole'} ({one.folder})")
        if one.lacks:
            console.warn(f"{one.offer.name} cannot speak yet: {one.lacks}.")
    console.problems(lost)


def megabytes(offer: Offer) -> str:
    """How large an offer is."""
    return f"{offer.size / 1e6:.1f} MB"


def terms(offer: Offer) -> str:
    """An offer's licence in a few words."""
    return offer.licence + (f", trained on from {offer.base}" if offer.base else "")


def licence(offer: Offer) -> str:
    """An offer's licence in a line, with where it stands."""
    base = f"; its model was trained on from {offer.base}, whose licence counts too" if offer.base else ""
    return f"{offer.name} ({megabytes(offer)}): licence {offer.licence}{base}. {offer.link}"
