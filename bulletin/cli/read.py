"""bulletin read: what is read of a source, what is skipped, and why."""

from __future__ import annotations

from typing import Any

import click

from bulletin.cli import console
from bulletin.model import Article

GUESS = 0.75
"""A mark less sure than this says how sure it is."""


@click.command(
    epilog="""\b
Examples:
  bulletin read article.txt
  bulletin read saved-page.html --said
  bulletin read article.txt --skip 12 --keep 4
  bulletin read https://example.org/story --json
"""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--said", is_flag=True, help="Show only what will be said, as plain text.")
@console.shared("language", "station", "set", "keep", "skip", "json")
def read(
    sources: tuple[str, ...],
    said: bool,
    language: str | None,
    station: str | None,
    settings: tuple[str, ...],
    keep: tuple[int, ...],
    skip: tuple[int, ...],
    as_json: bool,
) -> None:
    """Show what is read of a source, what is skipped, and why.

    Each line has a number. Plain text will be spoken; struck-out text will not, and its reason stands before it. A line that
    is marked by a guess says how sure the guess is. Overrule a mark with --keep N or --skip N, here and in make and script.
    """
    import bulletin
    from bulletin.model import Problem

    with console.bars(True) as progress:
        articles = bulletin.read(
            *sources, language=language, station=station, settings=console.settings(settings), keep=keep, skip=skip, progress=progress
        )
    if as_json:
        console.show_json([as_dict(article) for article in articles])
        return
    for number, article in enumerate(articles):
        if said:
            click.echo("\n\n".join(block.said for block in article.blocks if block.said) + "\n")
        else:
            show(article, number)
    hint = "Overrule a mark: --keep N says line N, --skip N skips it."
    console.warnings(Problem(message=f"Look before air: {article.warning}", hint=hint) for article in articles if article.warning)


def show(article: Article, number: int) -> None:
    """One article for people."""
    facts = filter(None, (article.byline, article.published, article.language, article.site))
    click.echo(("\n" if number else "") + click.style(article.source, bold=True) + click.style(f"  {' · '.join(facts)}", dim=True) + "\n")
    width = len(str(len(article.blocks)))
    for at, block in enumerate(article.blocks, 1):
        sure = f"{block.confidence:.0%}" if block.confidence < GUESS else ""
        if block.kind == "headline" and not block.furniture:
            words = [click.style(block.text, bold=True)]
        else:
            words = [marked(text.strip(), reason, sure) for text, reason in block.spans if text.strip()]
        if sure and not block.furniture:
            words.insert(0, click.style(f"[said, {sure} sure]", fg="yellow"))
        click.echo(click.style(f"{at:>{width}}  ", dim=True) + " ".join(words) + ("" if block.furniture else "\n"))


def marked(text: str, reason: str | None, sure: str) -> str:
    """A run of words as it is shown: plain if it is said, else its reason and the words struck out."""
    if not reason:
        return text
    return click.style(f"[{reason}{f', {sure} sure' if sure else ''}] ", fg="yellow") + click.style(text, dim=True, strikethrough=True)


def as_dict(article: Article) -> dict[str, Any]:
    """The article as JSON has it."""
    return {
        "source": article.source,
        "title": article.title,
        "byline": article.byline,
        "published": article.published,
        "language": article.language,
        "site": article.site,
        "warning": article.warning,
        "blocks": [
            {
                "number": number,
                "text": block.text,
                "kind": block.kind,
                "furniture": block.furniture,
                "said": block.said,
                "confidence": round(block.confidence, 2),
                "cuts": [{"text": block.text[cut.start : cut.end], "reason": cut.reason} for cut in block.cuts],
            }
            for number, block in enumerate(article.blocks, 1)
        ],
    }
