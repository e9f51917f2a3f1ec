"""A show and its episodes as RSS 2.0, with the iTunes, Podcasting 2.0, Atom and content namespaces.

Rules: RSS 2.0 (rssboard.org), PSP-1 (the Podcast Standards Project's RSS specification), Apple's “A Podcaster's Guide to RSS”,
the podcast namespace 1.0 (podcastindex.org), paged feeds by RFC 5005 §3. Built by hand on lxml: the well-known builders do not
pass the W3C's validator.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.parse import quote

from bulletin.model import Episode, Podcast, Station
from bulletin.outputs.transcript import clock

if TYPE_CHECKING:
    from lxml.etree import _Element

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
NAMESPACES = {"atom": ATOM, "content": CONTENT, "itunes": ITUNES, "podcast": PODCAST}
SHOWS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""Namespace of the guids of shows, by the podcast namespace's `guid`."""
TYPES = {
    ".vtt": "text/vtt", ".srt": "application/x-subrip", ".transcript.txt": "text/plain", ".chapters.json": "application/json+chapters",
}  # fmt: skip
FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST_NOTES = 4000
"""Bytes of an item's description, PSP-1; the whole notes stand in `content:encoded`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One file of a feed."""

    name: str
    """`feed.xml`, or `feed-3.xml` for an older page."""
    episodes: tuple[Episode, ...]
    """The newest first."""


def pages(episodes: Sequence[Episode], first: str, size: int, older: str = "") -> list[Page]:
    """The episodes, the newest first, in files of so many; `first` names that of the newest, `older` begins the names of the others.

    Older pages are full, and numbered from the oldest: a new episode changes the first file alone, until there are enough for another.
    """
    count = max(0, len(episodes) // size - 1)
    rest = len(episodes) - count * size
    name, ending = older or first.rpartition(".")[0], first.rpartition(".")[2]
    found = [Page(name=first, episodes=tuple(episodes[:rest]))]
    for number in range(count, 0, -1):
        begin = rest + (count - number) * size
        found.append(Page(name=f"{name}-{number}.{ending}", episodes=tuple(episodes[begin : begin + size])))
    return found


def show_guid(url: str) -> str:
    """The guid of a show whose feed is first published at this URL: once given, it never changes."""
    return str(uuid.uuid5(SHOWS, url.partition("://")[2].strip("/")))


def feed(page: Page, every: Sequence[Page], station: Station, base_url: str, guid: str, cover: str) -> bytes:
    """One file of a feed, byte for byte the same for the same episodes; `cover` is the name of its picture."""
    from lxml import etree

    root = etree.Element("rss", {"version": "2.0"}, nsmap=NAMESPACES)
    channel = etree.SubElement(root, "channel")
    about(channel, page, every, station, base_url, guid, cover)
    for episode in page.episodes:
        item(add(channel, "item"), episode, station.podcast, base_url)
    etree.indent(root)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8")) + b"\n"


def add(parent: _Element, name: str, text: str = "", /, **attributes: str) -> _Element:
    """An element: `title`, `itunes:author`; characters that XML has not are left out."""
    from lxml import etree

    prefix, _, local = name.rpartition(":")
    tag = f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local
    found = etree.SubElement(parent, tag, {key: plain(value) for key, value in attributes.items()})
    found.text = plain(text) or None
    return found


def plain(text: str) -> str:
    """A text without the characters that XML 1.0 §2.2 forbids."""
    return FORBIDDEN.sub("", text)


# --- the show -----------------------------------------------------------------------------------------------


def about(channel: _Element, page: Page, every: Sequence[Page], station: Station, base: str, guid: str, cover: str) -> None:
    """What the feed says of the show."""
    show, home = station.podcast, station.podcast.link or base + home_name(station.podcast)
    add(channel, "title", show.title)
    add(channel, "link", home)
    add(channel, "description", show.description)
    add(channel, "language", station.language)
    if show.copyright:
        add(channel, "copyright", show.copyright)
    add(channel, "generator", f"bulletin {version('bulletin')}")
    if page.episodes:
        add(channel, "lastBuildDate", format_datetime(max(episode.updated for episode in page.episodes)))
    add(channel, "atom:link", href=base + page.name, rel="self", type="application/rss+xml")
    for rel, name in neighbours(page, every).items():
        add(channel, "atom:link", href=base + name, rel=rel, type="application/rss+xml")
    picture = add(channel, "image")
    for name, text in (("url", address(base, cover)), ("title", show.title), ("link", home)):
        add(picture, name, text)
    itunes(channel, show, address(base, cover))
    podcast(channel, show, guid)


def itunes(channel: _Element, show: Podcast, cover: str) -> None:
    """What Apple asks for."""
    add(channel, "itunes:author", show.author)
    add(channel, "itunes:image", href=cover)
    for names in show.categories:
        main = add(channel, "itunes:category", text=names[0])
        if names[1:]:
            add(main, "itunes:category", text=names[1])
    add(channel, "itunes:explicit", "true" if show.explicit else "false")
    add(channel, "itunes:type", "episodic")
    if show.email:
        owner = add(channel, "itunes:owner")
        add(owner, "itunes:name", show.owner)
        add(owner, "itunes:email", show.email)


def podcast(channel: _Element, show: Podcast, guid: str) -> None:
    """What the podcast namespace adds."""
    add(channel, "podcast:guid", guid)
    add(channel, "podcast:medium", "podcast")
    add(channel, "podcast:locked", "yes" if show.locked else "no", **({"owner": show.email} if show.email else {}))
    for name, role in show.people:
        add(channel, "podcast:person", name, **({"role": role} if role else {}))
    for purpose, text in show.txt:
        add(channel, "podcast:txt", text, **({"purpose": purpose} if purpose else {}))


def neighbours(page: Page, every: Sequence[Page]) -> Mapping[str, str]:
    """Relation -> name of another file of the feed: RFC 5005 §3, `next` is the older one."""
    if len(every) == 1:
        return {}
    at = [each.name for each in every].index(page.name)
    newer = {"previous": every[at - 1].name} if at else {}
    older = {"next": every[at + 1].name} if at + 1 < len(every) else {}
    return {"first": every[0].name, **newer, **older, "last": every[-1].name}


def home_name(show: Podcast) -> str:
    """The file name of the show's page."""
    return "index.html" if show.feed == "feed" else f"{show.feed}.html"


# --- an episode ---------------------------------------------------------------------------------------------


def item(parent: _Element, episode: Episode, show: Podcast, base: str) -> None:
    """What the feed says of an episode."""
    add(parent, "title", episode.title)
    add(parent, "link", address(base, f"{episode.name}.html"))
    add(parent, "guid", episode.history.guid, isPermaLink="false")
    add(parent, "pubDate", format_datetime(episode.at))
    if episode.updated > episode.at:
        add(parent, "atom:updated", episode.updated.isoformat())
    parts = list(notes(episode))
    add(parent, "description", fitting(parts))
    add(parent, "content:encoded", "".join(parts))
    add(parent, "enclosure", url=address(base, episode.sound, episode.history.revision), length=str(episode.size), type="audio/mpeg")
    add(parent, "itunes:duration", str(round(episode.duration / 1000)))
    add(parent, "itunes:explicit", "true" if show.explicit else "false")
    add(parent, "itunes:episodeType", "full")
    for name in episode.beside:
        ending = next(ending for ending in TYPES if name.endswith(ending))
        beside(parent, ending, address(base, name, episode.history.revision), episode.language)


def beside(parent: _Element, ending: str, url: str, language: str) -> None:
    """What the podcast namespace says of captions, of a transcript, of chapters."""
    if ending == ".chapters.json":
        add(parent, "podcast:chapters", url=url, type=TYPES[ending])
        return
    captions = {"rel": "captions"} if ending != ".transcript.txt" else {}
    add(parent, "podcast:transcript", url=url, type=TYPES[ending], language=language, **captions)


def address(base: str, name: str, revision: int = 1) -> str:
    """The URL of a file of the folder; a corrected one has another, so that no cache gives the old."""
    return base + quote(name) + (f"?r={revision}" if revision > 1 else "")


def notes(episode: Episode) -> Iterator[str]:
    """The show notes as paragraphs of HTML: corrections first, then each story with its time and source, then how it was made."""
    for correction in reversed(episode.history.corrections):
        at = f"{correction.at:%Y-%m-%d %H:%M}"
        yield f"<p><strong>{at}</strong> {escape(correction.note)}</p>"
    for chapter in episode.chapters:
        title = escape(chapter.title)
        linked = chapter.source.startswith(("http://", "https://"))
        link = f'<a href="{escape(chapter.source)}">{title}</a>' if linked else title
        yield f"<p>{clock(chapter.start)} {link}</p>"
    yield f"<p>{escape(episode.disclosure)}</p>"


def fitting(parts: Sequence[str]) -> str:
    """As many paragraphs as a description may hold, the last of them always."""
    text, last = "", parts[-1]
    for part in parts[:-1]:
        if len((text + part + last).encode()) > LONGEST_NOTES:
            break
        text += part
    return text + last
