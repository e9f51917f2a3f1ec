"""bulletin lexicon: how names are said."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bulletin.cli import console

if TYPE_CHECKING:
    from bulletin.model import Pronunciation


@click.group(
    epilog="""\b
Examples:
  bulletin lexicon check article.txt             names that nobody has reviewed yet
  bulletin lexicon say 'Moon Jae-in'             how each kind of voice gets it
  bulletin lexicon add Nghe --respell ngay-AHN
  bulletin lexicon export names.pls              for another system
"""
)
def lexicon() -> None:
    """Teach the voices how names are said, and see which are new.

    Your own entries stand in a file that any editor or spreadsheet opens (spoken.lexicon in the station file); they go before
    those that ship. A respelling is written as it is said, syllables joined by hyphens, the stressed one in capitals.
    """


@lexicon.command(
    epilog="""\b
Examples:
  bulletin lexicon add 'Moon Jae-in' --respell 'moon jay-IN' --by 'Korea desk'
  bulletin lexicon add Siobhan --ipa ʃɪˈvɔːn
  bulletin lexicon add VOV --letters
  bulletin lexicon add 'No 10' --instead 'Downing Street'
  bulletin lexicon add Li --respell LEE --story beijing-summit.txt

\b
A respelling has syllables joined by hyphens, the stressed one in capitals:
hwah choon-YING. Its vowels: a (cat) ah (father) ar aw (law) or ay (day)
air e eh (bet) er (better) ee (see) eer i ih (pit) igh (high) o (cot)
oh (no) oo (boot) oor uu (book) ow (now) oy (boy) u (cup) uh (about)
ur (fur). Its consonants: b ch d dh (this) f g h j k kh (loch) l m n ng
p r s sh t th (thin) v w y z zh (vision).
"""
)
@click.argument("name")
@click.option("--respell", default="", metavar="WORDS", help="As it is said: moon jay-IN.")
@click.option("--ipa", default="", metavar="IPA", help="In the International Phonetic Alphabet.")
@click.option("--word", "spell", flag_value="word", help="An acronym that is said as a word.")
@click.option("--letters", "spell", flag_value="letters", help="Said letter by letter.")
@click.option("--instead", default="", metavar="WORDS", help="Other words to say in its place.")
@click.option("--story", default="", metavar="TEXT", help="For stories alone whose source or headline has this text.")
@click.option("--by", default="", metavar="WHO", help="Who checked it.")
@click.option("--source", default="", metavar="TEXT", help="Where it is from: whom you asked, which rule.")
@console.shared("language", "station")
def add(
    name: str,
    respell: str,
    ipa: str,
    spell: str | None,
    instead: str,
    story: str,
    by: str,
    source: str,
    language: str | None,
    station: str | None,
) -> None:
    """Add a name to your lexicon, or change it; today is noted as the day on which it was checked."""
    from bulletin import pronouncing
    from bulletin.model import Pronunciation

    if not (respell or ipa or spell or instead):
        raise click.UsageError("Say how it is said: --respell, --ipa, --word, --letters or --instead.")
    if not any(map(str.isalnum, name)):
        raise click.UsageError(f"“{name}” has no letter and no figure: what is the name?")
    entry = pronouncing.dated(
        Pronunciation(
            written=" ".join(name.split()),
            respelling=respell,
            ipa=ipa,
            spell=spell or "",
            instead=instead,
            language=language or "",
            story=story,
            by=by,
            source=source,
        )
    )
    path, *_ = pronouncing.add([entry], station)
    show(entry)
    click.echo(f"Kept in {path}", err=True)


@lexicon.command(
    "list",
    epilog="""\b
Examples:
  bulletin lexicon list
  bulletin lexicon list nguyen
  bulletin lexicon list --own --json
""",
)
@click.argument("text", default="", metavar="[TEXT]")
@click.option("--own", "only_own", is_flag=True, help="Only your own entries.")
@console.shared("language", "station", "json")
def list_(text: str, only_own: bool, language: str | None, station: str | None, as_json: bool) -> int:
    """List the entries, or those with TEXT in their name: yours, then those that ship."""
    from bulletin import pronouncing

    found = [entry for entry in pronouncing.look_up(text, station, language or "") if not (only_own and entry.shipped)]
    if as_json:
        console.show_json([as_dict(entry) for entry in found])
        return 0
    width = max((len(entry.written) for entry in found), default=0)
    for entry in found:
        about = "ships" if entry.shipped else f"yours{f', {entry.checked}' if entry.checked else ''}{f', {entry.by}' if entry.by else ''}"
        scope = "".join(f" ({where})" for where in (entry.story, "" if entry.shipped else entry.language) if where)
        click.echo(f"{entry.written:<{width}}  {in_words(entry)}{scope}  {click.style(about, dim=True)}")
    if not found and text:
        console.error(f"No entry has “{text}” in its name.", "bulletin lexicon add NAME --respell ...")
        return 1
    if not found:
        click.echo("It has no entry yet: bulletin lexicon add NAME --respell ...", err=True)
    return 0


@lexicon.command(
    epilog="""\b
Examples:
  bulletin lexicon say 'Xi Jinping'
  bulletin lexicon say THAAD -o thaad.mp3 --voice hibari:heart
"""
)
@click.argument("name")
@click.option("-o", "--output", type=click.Path(), metavar="FILE.mp3", help="Hear it, too.")
@console.shared("voice", "language", "station")
def say(name: str, output: str | None, voice: str | None, language: str | None, station: str | None) -> int:
    """Show how a name reaches each kind of voice, and hear it."""
    from bulletin import pronouncing
    from bulletin.lexicon import fold

    wanted = fold(" ".join(name.split())).casefold()
    entries = [entry for entry in pronouncing.look_up(name, station, language or "") if fold(entry.written).casefold() == wanted]
    for entry in entries[:1]:
        show(entry)
    if not entries:
        console.error(f"The lexicon has no “{name}”: each voice reads it as it likes.", f"bulletin lexicon add '{name}' --respell ...")
    if output:
        from bulletin.tryout import audition

        click.echo(str(audition(name, output, voice=voice, language=language, station=station).files[0]))
    return 0 if entries else 1


@lexicon.command(
    epilog="""\b
Examples:
  bulletin lexicon remove 'Moon Jae-in'
"""
)
@click.argument("name")
@console.shared("station")
def remove(name: str, station: str | None) -> None:
    """Take a name out of your lexicon."""
    from bulletin import pronouncing

    count = pronouncing.remove(name, station)
    click.echo(f"{name}: {count} {'entry' if count == 1 else 'entries'} taken out.")


@lexicon.command(
    "import",
    epilog="""\b
Examples:
  bulletin lexicon import names.csv
  bulletin lexicon import another-system.pls --keep-mine
""",
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--keep-mine", is_flag=True, help="Where both have a name, keep your entry.")
@console.shared("station")
def import_(file: Path, keep_mine: bool, station: str | None) -> None:
    """Bring in a lexicon: CSV, or W3C Pronunciation Lexicon (.pls); - is standard input."""
    from bulletin import lexicons, pronouncing

    entries = lexicons.parse(sys.stdin.buffer.read(lexicons.LARGEST + 1), "standard input") if str(file) == "-" else lexicons.read(file)
    path, count, total = pronouncing.bring_in(entries, station, over=not keep_mine)
    click.echo(f"{len(entries)} read, {count} put in; {path} now has {total}.")


@lexicon.command(
    epilog="""\b
Examples:
  bulletin lexicon export names.csv
  bulletin lexicon export names.pls --all
"""
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
@click.option("--all", "every", is_flag=True, help="Those that ship, too.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@console.shared("station")
def export(file: Path, every: bool, force: bool, station: str | None) -> None:
    """Take your lexicon out: CSV, or W3C Pronunciation Lexicon where FILE ends in .pls or .xml; - is standard output.

    PLS holds names and their sounds; who checked them and when, and entries for one story, only CSV does.
    """
    from bulletin import lexicons, pronouncing

    if file.exists() and not force:
        raise click.UsageError(f"{file} is there already. Write over it with --force, or choose another name.")
    entries = [entry for entry in pronouncing.look_up("", station) if every or not entry.shipped]
    if str(file) == "-":
        click.echo(lexicons.dump(entries), nl=False)
        return
    pronouncing.write(file, entries)
    pls = file.suffix.lower() in (".pls", ".xml")
    left = sum(not lexicons.fits_pls(entry) for entry in entries) if pls else 0
    click.echo(f"{len(entries) - left} {'entry' if len(entries) - left == 1 else 'entries'} in {file}")
    if left:
        click.echo(f"{left} left out: PLS knows no stories, and one language a file. CSV holds all.", err=True)


@lexicon.command(
    epilog="""\b
Examples:
  bulletin lexicon check article.txt
  bulletin lexicon check page.html second.txt --listen clips/
  bulletin lexicon check news.txt --all --json
"""
)
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--all", "every", is_flag=True, help="List those, too, that the shipped lexicon covers but nobody here has checked.")
@click.option("--listen", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Voice each name into a file there.")
@console.shared("voice", "language", "station", "json")
def check(
    sources: tuple[str, ...], every: bool, listen: Path | None, voice: str | None, language: str | None, station: str | None, as_json: bool
) -> None:
    """List the names and acronyms that nobody has reviewed, before anything is voiced.

    Those said most often come first, of those the earliest; with what the voice would say. Nothing is sent anywhere.
    """
    from bulletin import pronouncing
    from bulletin.tryout import audition

    with console.bars(True) as progress:
        found = pronouncing.unreviewed(*sources, station=station, voice=voice, language=language, every=every, progress=progress)
        clips: dict[str, str] = {}
        for number, doubt in enumerate(found if listen else ()):
            assert listen is not None
            progress("Voicing", number, len(found))
            listen.mkdir(parents=True, exist_ok=True)
            name = "".join(char if char.isalnum() else "-" for char in doubt.name.text)
            report = audition(
                doubt.name.text, listen / f"{number + 1:02d}-{name}.mp3", voice=voice, language=doubt.language, station=station
            )
            clips[doubt.name.text] = str(report.files[0])
    if as_json:
        console.show_json(
            [
                {
                    "name": doubt.name.text,
                    "times": doubt.name.times,
                    "first": doubt.name.first,
                    "voice_says": doubt.phonemes,
                    "entry": as_dict(doubt.entry) if doubt.entry else None,
                    "clip": clips.get(doubt.name.text),
                }
                for doubt in found
            ]
        )
        return
    width = max((len(doubt.name.text) for doubt in found), default=0)
    for doubt in found:
        says = doubt.phonemes or "(this voice does not tell)"
        known = click.style("  ships, unchecked", dim=True) if doubt.entry else ""
        click.echo(f"{doubt.name.times:>3}x  {doubt.name.text:<{width}}  {says}{known}")
    if not found:
        click.echo("Every name is reviewed.", err=True)
    else:
        click.echo(f"\n{len(found)} to look at. Wrong? bulletin lexicon add NAME --respell ...", err=True)


def show(entry: Pronunciation) -> None:
    """An entry in all its forms."""
    from bulletin import pronouncing

    click.echo(click.style(entry.written, bold=True) + (f"  {entry.source}" if entry.source else ""))
    for where, what in pronouncing.forms(entry):
        click.echo(f"  {where:<15} {what}")


def in_words(entry: Pronunciation) -> str:
    """How an entry is said, in a few words."""
    spelled = {"word": "as a word", "letters": "letter by letter"}.get(entry.spell, "")
    return entry.respelling or (f"/{entry.ipa}/" if entry.ipa else "") or (f"“{entry.instead}”" if entry.instead else spelled)


def as_dict(entry: Pronunciation) -> dict[str, str | bool]:
    """An entry for scripts."""
    from bulletin.lexicons import COLUMNS

    return {column: getattr(entry, column) for column in COLUMNS} | {"shipped": entry.shipped}
