"""bulletin check: whether a finished bulletin is still what its report says, and fit for air."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from bulletin.cli import console

FELL_SHORT = 3
"""The exit code where problems were found."""
COLOURS = {"ok": "green", "warning": "yellow", "problem": "red"}


@click.command(
    epilog="""\b
Examples:
  bulletin check audio_out/latest.mp3
  bulletin check six-oclock.json                 all the files that the report tells of
  bulletin check latest.wav && aplay latest.wav  to air only what is as it was made

\b
Exit codes:
  0 nothing against it (warnings may be)   3 a problem was found   1 it cannot be read at all"""
)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--listen", is_flag=True, help="Listen to it too: what a recogniser of speech hears is held against the words.")
@click.option("--model", metavar="NAME|FOLDER", help="The recogniser's model, for --listen.")
@console.shared("station", "json", "quiet")
def check(file: Path, listen: bool, model: str | None, station: str | None, as_json: bool, quiet: bool) -> int:
    """Prove a finished bulletin anew: FILE is its sound (MP3, WAV) or its report (JSON); the other is found beside it.

    Its file, its tags, its levels, its silences, its music, and the place of every sentence are held against its report.
    """
    from bulletin import check as checking
    from bulletin.errors import BulletinError

    if model and not listen:
        raise click.UsageError("--model is for --listen.")
    if listen and find_spec("bulletin.listening") is None:
        raise click.UsageError("--listen is not part of this installation.")
    if model and ("/" in model or "\\" in model) and not Path(model).is_dir():
        raise click.UsageError(f"No such folder: {model} (--model).")
    try:
        with console.bars(not quiet and not as_json) as progress:
            verdict = checking.check(file, station=station, progress=progress)
            heard = listened(verdict, model, station, progress) if listen else []
    except BulletinError as error:
        if as_json:
            console.show_json({"result": "problem", "problems": [{"message": error.message, "hint": error.hint}]})
        raise
    found = [*verdict.findings, *heard]
    if as_json:
        console.show_json({**verdict.as_dict(), "listening": [finding.as_dict() for finding in heard] if listen else None})
    else:
        show(verdict, heard if listen else None)
    return FELL_SHORT if any(finding.severity == "problem" for finding in found) else 0


def listened(verdict: Any, model: str | None, station: str | None, progress: Any) -> list[Any]:
    """What the listening has to say of the first file: all masters have the same words."""
    from bulletin import listening

    if verdict.report is None or not verdict.sounds:
        raise click.UsageError("--listen needs the report: it has the words.")
    heard = listening.heard(verdict.report.values, verdict.sounds[0].path, model, progress, station=station)
    languages = {line["id"]: line["language"].partition("-")[0] for line in verdict.report.values["segments"]}
    return [misheard(each, languages.get(each.segment, "")) for each in heard]


def misheard(one: Any, language: str) -> Any:
    """The finding for something that is not heard as it should be.

    A name is a warning, for a recogniser does not know it; so is another word of a language in which nobody has measured how well it hears.
    """
    from bulletin.checks import PROBLEM, WARNING, Finding

    words, instead = f"“{one.expected}”", f"“{one.heard}”"
    what = {
        "missing": f"{words} is not heard.",
        "extra": f"{instead} is heard, and in no script.",
        "otherwise": f"{words} is heard as {instead}." if one.heard else f"{words} sounds otherwise.",
    }[one.kind]
    hint = "Teach it: bulletin lexicon" if one.name else "Listen to it there, and make the bulletin again: bulletin make"
    sure = one.kind == "missing" or language == "en"
    severity = PROBLEM if sure and not one.name else WARNING
    return Finding(severity=severity, what=what, at=one.start, expected=one.expected, found=one.heard, hint=hint)


def show(verdict: Any, heard: list[Any] | None) -> None:
    """A line for each check of each file, then what was found."""
    for sound in verdict.sounds:
        click.echo(click.style(str(sound.path), bold=True))
        for each in sound.checks:
            line(each.name, each.summary, each.word)
    if verdict.about:
        line("report", verdict.about.summary, verdict.about.word)
    if heard is not None:
        line("listening", f"{len(heard)} to look at" if heard else "every word heard", "warning" if heard else "ok")
    several = len(verdict.sounds) > 1
    for sound in verdict.sounds:
        told([finding for each in sound.checks for finding in each.findings], sound.path.name if several else "")
    told([*(verdict.about.findings if verdict.about else ()), *(heard or ())], "")


def line(name: str, summary: str, word: str) -> None:
    """`levels     -16.0 LUFS, -1.3 dBTP, 4.2 LU   ok`."""
    click.echo(f"  {name:<9}  {summary}  {click.style(word, fg=COLOURS[word])}")


def told(findings: list[Any], file: str) -> None:
    """Findings, each with its time, what was expected and found, and what to do."""
    for finding in findings:
        title = (
            click.style("Problem:", fg="red", bold=True)
            if finding.severity == "problem"
            else click.style("Warning:", fg="yellow", bold=True)
        )
        place = " ".join(part for part in (file, finding.where) if part)
        click.echo(f"{title} {f'{place}  ' if place else ''}{finding.what}")
        if finding.expected or finding.found:
            click.echo(
                "  " + "; ".join(f"{name}: {text}" for name, text in (("expected", finding.expected), ("found", finding.found)) if text)
            )
        if finding.hint:
            click.echo(f"  {click.style('→', fg='cyan')} {finding.hint}")
