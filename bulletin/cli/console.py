"""What people see: progress, warnings and errors on stderr; results, and nothing else, on stdout."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from datetime import time as time_of_day
from typing import Any

import click

from bulletin.model import Problem

LONG_PAST = timedelta(hours=6)
PATIENCE = 0.8
"""Seconds before a bar appears: what is over sooner needs none."""
AT_ONCE = ("Fetching",)
"""Steps that may take long before they can say how far they are."""


class Bars:
    """Progress bars with the time left, one a step, on a terminal; nothing elsewhere."""

    def __init__(self, shown: bool) -> None:
        self.shown = shown and sys.stderr.isatty()
        self.began = time.monotonic()
        self.step = ""
        self.bar: Any = None
        self.at = 0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` is done."""
        if not self.shown or not total:
            return
        if step != self.step or done < self.at:
            self.close()
            self.step, self.at = step, 0
        if self.bar is None and done < total and (step in AT_ONCE or time.monotonic() - self.began > PATIENCE):
            self.bar = click.progressbar(length=total, label=f"{step:<10}", file=sys.stderr, width=30)
            self.bar.__enter__()
        if self.bar is not None:
            self.bar.update(done - self.at)
            self.at = done
            if done >= total:
                self.close()

    def close(self) -> None:
        """End the bar that is shown."""
        if self.bar is not None:
            self.bar.__exit__(None, None, None)
            self.bar = None


@contextmanager
def bars(shown: bool) -> Iterator[Bars]:
    """Bars that end with the block, however it ends."""
    found = Bars(shown)
    try:
        yield found
    finally:
        found.close()


def error(message: str, hint: str = "") -> None:
    """What went wrong, and what to do."""
    click.echo(f"{click.style('Error:', fg='red', bold=True)} {message}", err=True)
    if hint:
        click.echo(f"  {click.style('→', fg='cyan')} {hint}", err=True)


def problems(found: Iterable[Problem]) -> None:
    """What fell short."""
    for problem in found:
        where = f" ({problem.source})" if problem.source and problem.source not in problem.message else ""
        click.echo(f"{click.style('Fell short:', fg='yellow', bold=True)} {problem.message}{where}", err=True)
        if problem.hint:
            click.echo(f"  {click.style('→', fg='cyan')} {problem.hint}", err=True)


def warnings(found: Iterable[Problem]) -> None:
    """What staff should look at before air."""
    for warning in found:
        warn(warning.message, warning.hint)


def warn(message: str, hint: str = "") -> None:
    """Something that staff should know."""
    click.echo(f"{click.style('Warning:', fg='yellow', bold=True)} {message}", err=True)
    if hint:
        click.echo(f"  {click.style('→', fg='cyan')} {hint}", err=True)


def show_json(value: Any) -> None:
    """A value for scripts."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def clock(milliseconds: int) -> str:
    """`2:05`, as a presenter reads a length."""
    seconds = round(milliseconds / 1000)
    return f"{seconds // 60}:{seconds % 60:02d}"


class Moment(click.ParamType):
    """A time of a date, or a time of day: today's, or tomorrow's where that has been over for LONG_PAST; in the local zone."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, with its zone."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.combine(datetime.now().date(), time_of_day.fromisoformat(value))
            if found < datetime.now() - LONG_PAST:  # midnight's news is made at ten to twelve
                found += timedelta(days=1)
        except ValueError:
            try:
                found = datetime.fromisoformat(value)
            except ValueError:
                self.fail(f"“{value}” is no time. A time as 18:00, or a date and a time as 2026-01-31 06:30.", param, ctx)
        return found.astimezone()


def shared(*names: str) -> Callable[[Any], Any]:
    """The options that several commands take, by name."""

    def add(command: Any) -> Any:
        for name in reversed(names):
            command = OPTIONS[name](command)
        return command

    return add


def single(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> str | None:
    """The one value of an option that can be given once: a second must not push the first out unseen."""
    if len(values) > 1:
        raise click.BadParameter(f"one story alone can stand there, not {len(values)}; name the others among the sources.", ctx, option)
    return values[0] if values else None


OPTIONS: dict[str, Callable[[Any], Any]] = {
    "voice": click.option("--voice", metavar="NAME", help="Who speaks: hibari:heart, gtts:vi, piper:FILE.onnx. See: bulletin voices"),
    "reader": click.option(
        "--reader",
        "readers",
        multiple=True,
        metavar="NAME",
        help="A further voice that reads the stories, or the quotes (voice.turns); several take turns. --voice presents.",
    ),
    "fallback": click.option(
        "--fallback",
        multiple=True,
        metavar="NAME",
        help="Who steps in where a voice is lost, for all that it was to say (voice.fallback_for); again for other languages.",
    ),
    "offline": click.option("--offline", is_flag=True, help="Make no request to the network: no online voice, no page."),
    "breaking": click.option(
        "--breaking", multiple=True, callback=single, metavar="SOURCE", help="A source that goes on top, with the words for it."
    ),
    "tail": click.option("--tail", multiple=True, callback=single, metavar="SOURCE", help="A source that goes last: the light one."),
    "spare": click.option(
        "--spare", multiple=True, metavar="SOURCE", help="A source that airs only where --length leaves time for it (may be given again)."
    ),
    "language": click.option("--language", metavar="CODE", help="The sources' language (en, vi, ...), where they are not what they seem."),
    "station": click.option(
        "--station",
        type=click.Path(dir_okay=False),
        metavar="FILE",
        help="Station file; else ./station.toml, else your own, else the defaults.",
    ),
    "set": click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        help="One setting of the station file: --set sound.target=r128 (may be given again).",
    ),
    "keep": click.option(
        "--keep", type=int, multiple=True, metavar="N", help="Say line N whatever its mark; see the numbers: bulletin read SOURCE."
    ),
    "skip": click.option("--skip", type=int, multiple=True, metavar="N", help="Skip line N whatever its mark (may be given again)."),
    "at": click.option(
        "--at",
        type=Moment(),
        metavar="TIME",
        help="When it is broadcast: 18:00 (the next, or today's up to six hours ago), or 2026-01-31 06:30; its opening and name say so.",
    ),
    "json": click.option("--json", "as_json", is_flag=True, help="Print the result as JSON."),
    "quiet": click.option("-q", "--quiet", is_flag=True, help="Show no progress; say only what fell short."),
    "verbose": click.option("-v", "--verbose", is_flag=True, help="Say what each step took."),
}


def asked(sources: Sequence[str], options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of whatever makes a bulletin, as the library takes them. Raises UsageError where there is no source at all."""
    if not sources and not options["breaking"] and not options["tail"] and not options["spare"]:
        raise click.UsageError("Missing argument 'SOURCE...'.", click.get_current_context(silent=True))
    return {**options, "settings": settings(options["settings"])}


def settings(pairs: Iterable[str]) -> dict[str, Any]:
    """`sound.target=r128` as a setting; numbers and quoted texts as TOML has them, bare words as texts."""
    import tomllib

    found = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise click.UsageError(f"--set {pair} needs a value: --set {pair}=...")
        try:
            found[key.strip()] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError:
            found[key.strip()] = value
    return found
