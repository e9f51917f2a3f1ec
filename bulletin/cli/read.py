"""bulletin read: what is read of a source, what is skipped, and why."""

from __future__ import annotations

from typing import Any

import click

from bulletin.cli import console
from bulletin.model import Article


@click.command(
    epilog="""\b
Examples:
  bulletin read article.txt
  bulletin read saved-page.html --said
  bulletin read https://example.org/story --json
"""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--said", is_flag=True, help="Show only what will be said, as plain text.")
@console.shared("language", "station", "json")
def read(sources: tuple[str, ...], said: bool, language: str | None, station: str | None, as_json: bool) -> None:
    """Show what is read of a source, what is skipped, and why.

    Plain text will be spoken; struck-out text will not, and its reason stands before it.
    """
    import bulletin

    with console.bars(True) as progress:
        articles = bulletin.read(*sources, language=language, station=station, progress=progress)
    if as_json:
        console.show_json([as_dict(article) for article in articles])
        return
    for number, article in enumerate(articles):
        if said:
            click.echo("\n\n".join(block.said for block in article.blocks if block.said) + "\n")
        else:
            show(article, number)


def show(article: Article, number: int) -> None:
    """One article for people."""
    facts = filter(None, (article.byline, article.published, article.language, article.site))
    click.echo(("\n" if number else "") + click.style(article.source, bold=True) + click.style(f"  {' · '.join(facts)}", dim=True))
    for block in article.blocks:
        if block.kind == "headline" and not block.furniture:
            click.echo("\n" + click.style(block.text, bold=True) + "\n")
            continue
        words = [
            click.style(f"[{reason}] ", fg="yellow") + click.style(text.strip(), dim=True, strikethrough=True) if reason else text.strip()
            for text, reason in block.spans
        ]
        click.echo(" ".join(words) + ("" if block.furniture else "\n"))


def as_dict(article: Article) -> dict[str, Any]:
    """The article as JSON has it."""
    return {
        "source": article.source,
        "title": article.title,
        "byline": article.byline,
        "published": article.published,
        "language": article.language,
        "site": article.site,
        "blocks": [
            {
                "text": block.text,
                "kind": block.kind,
                "furniture": block.furniture,
                "said": block.said,
                "cuts": [{"text": block.text[cut.start : cut.end], "reason": cut.reason} for cut in block.cuts],
            }
            for block in article.blocks
        ],
    }
