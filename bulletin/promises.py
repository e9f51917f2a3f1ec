"""What feeds name: each file that one promises must be there, whole and of the length that it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from bulletin.errors import PublishError
from bulletin.shipment import ARCHIVE, Mention, Piece, There, some

ANEW = "Write the feed anew, and upload again; the public feed is as it was."
LINKS = ("next", "prev", "previous", "first", "last", "next-archive", "prev-archive", "current")
NAMING = ("enclosure", "transcript", "chapters", "image", "source", "person", "content", "thumbnail")
"""Elements of a feed, in whatever namespace, that name a file in an attribute."""


def mentions(pieces: Iterable[Piece], base: str) -> dict[str, list[Mention]]:
    """Feed -> the files under its base that it names. Raises PublishError for a feed that is broken, or has no address to go by."""
    found = {}
    for piece in pieces:
        if piece.rank < ARCHIVE:
            continue
        try:
            root = parsed(piece.path.read_bytes())
            here = f"{base.rstrip('/')}/" if base else home(root, piece.name)
            urls = [(urljoin(here, url.strip()), length) for url, length in addresses(root)]
        except (OSError, ValueError) as error:
            raise PublishError(f"{piece.name} is no feed: {error}.", ANEW) from error
        if not here and urls:
            raise PublishError(
                f"{piece.name} does not say where it will be found.", "station.toml: [podcast] base_url. Then write the feed anew."
            )
        found[piece.name] = [Mention(name=name, length=length) for url, length in urls if (name := within(here, url))]
    return found


def named(mentioned: Mapping[str, Iterable[Mention]]) -> set[str]:
    """The names of all files that feeds name."""
    return {each.name for found in mentioned.values() for each in found}


def parsed(data: bytes) -> Any:
    """A feed's root. Raises ValueError."""
    from lxml import etree

    try:
        return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from error


def home(root: Any, name: str) -> str:
    """The public address of the whole folder, by a feed's link to itself; empty without one."""
    link = next(iter(root.xpath("/rss/channel/*[local-name()='link' and @rel='self']/@href")), "")
    return str(link).removesuffix(name).rpartition("/")[0] + "/" if link else ""


def addresses(root: Any) -> Iterator[tuple[str, int | None]]:
    """(address, length or None) of every sound, transcript, list of chapters, picture and further page."""
    for node in root.iter("*"):
        name = node.xpath("local-name()")
        if name in NAMING:
            above = node.getparent()
            given = node.get("length", "-1" if name == "enclosure" or above is None else above.get("length"))
            length = None if given is None else int(given) if str(given).strip().isdecimal() else -1
            yield from ((node.get(key), length) for key in ("url", "href", "uri", "img") if node.get(key))
        elif (name == "url" and node.getparent().xpath("local-name()") == "image") and node.text:
            yield node.text, None
        elif name == "link" and node.get("rel") in LINKS and node.get("href"):
            yield node.get("href"), None


def within(base: str, url: str) -> str:
    """The name of a file in the folder at `base`; empty for what is elsewhere, or the folder itself."""
    here, there = urlsplit(base), urlsplit(url)
    if here.netloc.lower() != there.netloc.lower() or not there.path.startswith(here.path):
        return ""
    return unquote(there.path.removeprefix(here.path))


def check(mentioned: Mapping[str, Sequence[Mention]], there: Mapping[str, There], pieces: Mapping[str, Piece], where: str) -> None:
    """Raise PublishError where a feed names a file that is not there, or gives it another length; `pieces` go before what is there."""
    sizes = {name: each.size for name, each in there.items()} | {name: each.size for name, each in pieces.items()}
    for feed, found in mentioned.items():
        if missing := [each.name for each in found if each.name not in sizes]:
            raise PublishError(f"{feed} names {some(missing)}, which {'is' if len(set(missing)) == 1 else 'are'} {where}.", ANEW)
        for each in found:
            if each.length is not None and each.length != sizes[each.name]:
                told = f"{each.length:,} bytes" if each.length >= 0 else "no length"
                raise PublishError(f"{feed} gives {told} for {each.name}, which has {sizes[each.name]:,}.", ANEW)
