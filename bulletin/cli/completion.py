"""bulletin completion: how to switch on completion."""

from __future__ import annotations

import click

LINES = {
    "bash": 'eval "$(_BULLETIN_COMPLETE=bash_source bulletin)"',
    "zsh": 'eval "$(_BULLETIN_COMPLETE=zsh_source bulletin)"',
    "fish": "_BULLETIN_COMPLETE=fish_source bulletin | source",
}
FILES = {"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/completions/bulletin.fish"}


@click.command(
    epilog="""\b
Examples:
  bulletin completion bash >> ~/.bashrc
  bulletin completion fish > ~/.config/fish/completions/bulletin.fish
"""
)
@click.argument("shell", type=click.Choice(list(LINES)))
def completion(shell: str) -> None:
    """Print the line that switches on completion in your shell; add it to the file that your shell reads at its start."""
    click.echo(LINES[shell])
    click.echo(f"# Add the line to {FILES[shell]}", err=True)
