"""What lies in a folder for listeners, made of its reports: the feed, its older pages, the cover, a page for each episode.

The bulletins themselves are not touched. Written twice, every file is byte for byte the same where nothing has changed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bulletin import cover, episodes, outputs
from bulletin.episodes import Shelf
from bulletin.errors import PublishError, UsageError
from bulletin.model import Episode, Station
from bulletin.outputs import feed, page
from bulletin.ports import Progress
from bulletin.shows import base
from bulletin.sources import silent

IDENTITY = "podcast.json"
"""Where a folder keeps the guids of its shows, which never change."""
LOG = "corrections.jsonl"
"""Where it keeps what was corrected and withdrawn."""
Maker = Callable[[], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """All that is to lie in the folder for listeners, made when it is asked for."""

    shelf: Shelf
    feeds: Mapping[str, Maker]
    """Name -> file, in the order in which to write them: the first page last."""
    pages: Mapping[str, Maker]
    """The page of each episode, and then the show's."""
    pictures: Mapping[str, Maker]
    of: Mapping[str, Path]
    """Name of an episode's page -> its report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What was written."""

    feed: Path
    shelf: Shelf
    changed: tuple[Path, ...]
    """Files that are not as they were."""
    removed: tuple[Path, ...]
    """Older pages of the feed for which there are not enough episodes any more."""

    def as_dict(self) -> dict[str, Any]:
        """The same as plain values."""
        return {
            "feed": str(self.feed),
            "episodes": [{"name": each.name, "guid": each.history.guid, "title": each.title} for each in self.shelf.out],
            "left_out": dict(self.shelf.left),
            "other_shows": dict(self.shelf.others),
            "changed": [str(path) for path in self.changed],
            "removed": [str(path) for path in self.removed],
        }


def refresh(
    folder: Path, station: Station, base_url: str = "", *, pages: bool = True, now: datetime | None = None, progress: Progress = silent
) -> Refreshed:
    """Write the feed and the pages of the station's show, each whole or not at all, the feed last.

    Raises UsageError without an address, PublishError for a folder that cannot be read or written.
    """
    episodes.listing(folder)
    with outputs.alone(folder):
        known = identity(folder)
        mine = known.get(station.podcast.feed, {})
        url = public(base_url, station, mine.get("url", ""))
        guid = mine.get("guid") or feed.show_guid(f"{url}{station.podcast.feed}.xml")
        built = site(folder, station, url, guid, now)
        stamp = stamp_of(station, url)
        changed = [path for name, maker in built.pictures.items() if renew(path := folder / name, maker())]
        if pages:
            changed += written_pages(folder, built, mine.get("stamp") == stamp, progress)
        mark = {**known, station.podcast.feed: {"guid": guid, "url": url, "stamp": stamp if pages else mine.get("stamp", "")}}
        renew(folder / IDENTITY, (json.dumps(mark, indent=2) + "\n").encode())
        changed += [path for name, maker in built.feeds.items() if renew(path := folder / name, maker())]
        removed = tuple(older_gone(folder, station.podcast.feed, {**built.feeds, **built.pages}, ("xml", "html") if pages else ("xml",)))
    return Refreshed(feed=folder / f"{station.podcast.feed}.xml", shelf=built.shelf, changed=tuple(changed), removed=removed)


def site(folder: Path, station: Station, url: str, guid: str, now: datetime | None = None) -> Site:
    """All that is to lie in the folder at this address. Raises PublishError where there is no bulletin of the show."""
    show = station.podcast
    found = episodes.shelf(folder, show.feed, now or datetime.now().astimezone(), show.keep)
    if not found.out and not found.left:
        others = f" It has bulletins of {', '.join(f'“{name}”' for name in found.others)} (podcast.feed)." if found.others else ""
        raise PublishError(f"There is no bulletin in {folder}.{others}", "Make one: bulletin make article.txt")
    name, picture = covering(station)
    every = feed.pages(found.out, f"{show.feed}.xml", show.page)
    homes = feed.pages(found.out, feed.home_name(show), page.EPISODES, show.feed)

    def told(each: feed.Page) -> Maker:
        return lambda: feed.feed(each, every, station, url, guid, name)

    def paged(each: Episode) -> Maker:
        return lambda: episode_page(each, station, url, name)

    def home(each: feed.Page) -> Maker:
        return lambda: page.show_page(each, homes, station, url, name).encode()

    out = [*found.out, *found.withdrawn]
    return Site(
        shelf=found,
        feeds={each.name: told(each) for each in reversed(every)},
        pages={**{f"{each.name}.html": paged(each) for each in out}, **{each.name: home(each) for each in reversed(homes)}},
        pictures={name: picture},
        of={f"{each.name}.html": each.report for each in out},
    )


class Live(Mapping[str, Callable[[str], bytes]]):
    """The same, made anew for whoever asks, at the address at which they ask: name -> (address -> file)."""

    def __init__(self, folder: Path, station: Station) -> None:
        self.folder, self.station = folder, station

    def at(self, url: str) -> dict[str, Maker]:
        """All of it at an address; nothing where the folder has no bulletin."""
        try:
            known = identity(self.folder).get(self.station.podcast.feed, {})
            built = site(self.folder, self.station, url, known.get("guid") or feed.show_guid(f"{url}{self.station.podcast.feed}.xml"))
        except PublishError:
            return {}
        return {**built.pictures, **built.pages, **built.feeds}

    def __getitem__(self, name: str) -> Callable[[str], bytes]:
        if name not in self.at(""):
            raise KeyError(name)
        return lambda url: self.at(url)[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(self.at(""))

    def __len__(self) -> int:
        return len(self.at(""))


def episode_page(each: Episode, station: Station, url: str, picture: str) -> bytes:
    """The page of an episode, from its report."""
    report = json.loads(each.report.read_bytes())
    speakers = report.get("speakers", {})
    return page.episode_page(each, episodes.transcript(report), station, speakers, url, picture).encode()


def covering(station: Station) -> tuple[str, Maker]:
    """The show's picture: its name in the folder, and its bytes."""
    own = station.cover
    if own:
        kind = "png" if own.read_bytes()[:4] == b"\x89PNG" else "jpg"
        return f"{station.podcast.feed}-cover.{kind}", own.read_bytes
    return f"{station.podcast.feed}-cover.png", lambda: cover.draw(station.podcast.title, station.colours)


def public(base_url: str, station: Station, before: str = "") -> str:
    """Where the folder is found on the web: as asked, as the station says, as the last time. Raises UsageError where nobody has said."""
    if url := base(base_url) or station.podcast.base_url or before:
        return url
    raise UsageError(
        "A feed names its files by their address on the web.",
        "Say where the folder will be found: --base-url https://example.org/news/ (or [podcast] base_url)",
    )


def identity(folder: Path) -> dict[str, dict[str, str]]:
    """What the folder knows of its shows. Raises PublishError for a file that cannot be read: a guid is never made anew."""
    path = folder / IDENTITY
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise PublishError(f"{path} cannot be read: {error}.", "It keeps the guid of each show. Bring it back from a backup.") from error
    if not isinstance(found, dict) or not all(isinstance(each, dict) for each in found.values()):
        raise PublishError(f"{path} does not tell the guids of shows.", "Bring it back from a backup.")
    return found


def private(folder: Path, stable: str) -> list[str]:
    """Names in a folder that are for nobody else: reports, which name files of this machine, and sound that no feed names.

    stable: the name, without ending, of the newest bulletin. Raises PublishError for a folder that cannot be read.
    """
    names = episodes.listing(folder)
    told = dict(episodes.reports(folder, names))
    heard = {next((sound for sound in episodes.sounds(folder / name, report) if sound in names), "") for name, report in told.items()}
    sounds = {name for name in names if name.lower().endswith((".mp3", ".wav"))} - heard - {f"{stable}{episodes.SOUND}"}
    reports = {name for name in names if name.endswith(".json") and not name.endswith(".chapters.json")}
    return sorted(sounds | reports | {LOG})


def stamp_of(station: Station, url: str) -> str:
    """Names all that a page is made of beside its report: where it is another, every page is written anew."""
    own = (station.name, station.language, station.colours, replace(station.podcast, base_url=url), station.names, version("bulletin"))
    return sha256(repr((own, page.EDITION)).encode()).hexdigest()[:16]


def written_pages(folder: Path, built: Site, same: bool, progress: Progress) -> list[Path]:
    """Write the pages whose reports are not those that they were made of, which a page shows by having its report's time."""
    changed = []
    for number, (name, maker) in enumerate(built.pages.items()):
        progress("Pages", number, len(built.pages))
        report = built.of.get(name)
        if same and report and age(folder / name) == age(report):
            continue
        changed += [folder / name] if renew(folder / name, maker()) else []
        if report:
            os.utime(folder / name, ns=(age(report), age(report)))
    progress("Pages", len(built.pages), len(built.pages))
    return changed


def age(path: Path) -> int:
    """When a file was last written, ns; 0 for none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def renew(path: Path, data: bytes) -> bool:
    """Write a file whole unless it is there and the same; whether it was written. Raises PublishError."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    outputs.write_bytes(path, data)
    return True


def older_gone(folder: Path, name: str, made: Mapping[str, Maker], kinds: Sequence[str]) -> Sequence[Path]:
    """Remove the older pages of a feed and of its show that they have no more; those that are gone."""
    numbered = [path for kind in kinds for path in folder.glob(f"{name}-*.{kind}") if path.stem.removeprefix(f"{name}-").isdecimal()]
    gone = [path for path in numbered if path.name not in made]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone
