"""The `bulletin` command: finds its subcommands, and turns every error into a message, a hint and an exit code."""

from __future__ import annotations

import os
import signal
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from bulletin.cli import console

COMMANDS = {
    "make": "Make a bulletin: articles in, an MP3 or a Broadcast WAV out.",
    "read": "Show what is read of a source, what is skipped, and why.",
    "script": "Write the script of a bulletin as a text file to edit.",
    "say": "Say one line, or show how it would be said.",
    "lexicon": "Teach the voices how names are said, and see which are new.",
    "check": "Prove a finished bulletin anew: is it still what its report says?",
    "feed": "Write the podcast feed of a folder, and its pages.",
    "serve": "Try the feed and the pages out, on this machine.",
    "upload": "Send a folder to where listeners find it, the feed last.",
    "correct": "Correct an episode that is out: its script, its sound, its notes.",
    "withdraw": "Take an episode back, and say why.",
    "reissue": "Publish an episode as a new one.",
    "latest": "Print the newest bulletin's path, and whether it still holds.",
    "voices": "List who can speak here, hear them, bring in more.",
    "station": "Write a station file, or check the one in force.",
    "completion": "Show how to switch on completion in your shell.",
}
"""In the order of `--help`. A command is imported when it is called."""


class Commands(click.Group):
    """Imports a command only when it is asked for, so that `bulletin --help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands in the order of the work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """The command by its name."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"bulletin.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, from the table above: no command is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """The command, or an error that names the nearest."""
        import difflib

        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1, cutoff=0.5)
            hint = f"Did you mean “bulletin {near[0]}”?" if near else f"To make a bulletin of it: bulletin make {args[0]}"
            raise click.UsageError(f"There is no command “{args[0]}”. {hint}", ctx)
        return super().resolve_command(ctx, args)


def version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        import bulletin

        click.echo(f"bulletin {bulletin.__version__}")
        ctx.exit()


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="News articles in, a radio bulletin out.",
    epilog="""\b
Examples:
  bulletin make article.txt                       an MP3 in audio_out/, its report beside it
  bulletin make lead.html second.txt -o news.mp3  two stories, a sting between them
  bulletin script article.txt -o news.txt         what will be said, to edit in any editor
  bulletin make news.txt                          ... and to speak as edited

\b
Exit codes:
  0 done   1 failed, nothing published   2 wrong usage or station file
  3 published, but something fell short (a source, a story, a voice); or check found a problem
  4 the latest is stale   130 interrupted""",
)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=version, help="Show the version.")
def cli() -> None:
    """Find the command; each lies in a file of its own."""


stopped: list[int] = []
"""The signals that asked us to stop: what is being imported then may turn the interruption into another error."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C by another name: under `python -m`, the bare one ends with a signal's code though it was caught, if it came to `exec`."""


def interrupted(number: int, _: object) -> None:
    """Ctrl-C, and a polite request to stop."""
    stopped.append(number)
    raise Interrupted


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, interrupted)
    for name in ("stdout", "stderr"):  # a shell may have closed them
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # for as long as we run
    try:
        code = run(arguments)
        sys.stdout.flush()
    except OSError as error:  # the reader of our output has gone, or its disk is full: nothing more can be said there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            console.error(f"Cannot write the result: {error.strerror or error}.", "Look at where the output goes.")
        code = 1
    if threading.active_count() > 1:  # a voice that was left behind, perhaps deep in a library that does not bear to be ended with us
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code."""
    from bulletin.errors import BulletinError

    try:
        color = False if os.environ.get("NO_COLOR") else None
        return cli.main(arguments, prog_name="bulletin", standalone_mode=False, color=color) or 0
    except BulletinError as error:
        console.error(error.message, error.hint)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (KeyboardInterrupt, click.Abort):
        stopped.append(signal.SIGINT)
    except Exception:  # an import that was interrupted fails as ImportError or worse; anything else goes on as it is
        if not stopped:
            raise
    console.error("Interrupted.", "Nothing is left half-written. What was voiced is kept: the next run goes on from there.")
    return 130
