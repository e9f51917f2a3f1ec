"""Uploading: a finished folder to any place that fsspec knows, the sound first and the feeds last.

At every moment, killed or not, a public feed names only files that are there whole: nothing is replaced but by something whole, every
file is looked at where it has arrived before a feed that names it goes up, and what is taken down is taken down after the feeds.
A correction reuses a name. From its upload to that of the feed, in the same run and a few small files later, listeners get the new sound
under the old feed: whole, with the old title, notes and length, which programs take as a hint. The other order would promise
what is not there. So that the time stays short, all that a run could fail on is checked before the first byte is sent, and within
each kind what is new goes before what replaces.
"""

from __future__ import annotations

import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from bulletin import outputs
from bulletin.elsewhere import WAITS, Place
from bulletin.errors import PublishError
from bulletin.model import Problem
from bulletin.ports import Progress
from bulletin.promises import check, mentions, named
from bulletin.shipment import ARCHIVE, FEED, KEPT, PAGE, SHOW, SOUND, TYPES, Mention, Piece, There, digests, page, some
from bulletin.sources import silent
from bulletin.uploaded import SETTLED, Record, unwritable

LOCK = ".uploading"
NEVER = ("withdrawn",)
"""Folders that never go up."""
OURS = ("corrections.jsonl", "podcast.json")
"""Files of the folder's own, that never go up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """What a run did; with `dry`, what it would do."""

    url: str
    """The place, without credentials."""
    sent: tuple[str, ...]
    """Names, in the order of going up."""
    removed: tuple[str, ...]
    """Names of what we had uploaded earlier and is in the folder no more."""
    kept: int
    """Files that were there already."""
    left: tuple[str, ...]
    """Names of files that stay here, for nobody has said what they are."""
    size: int
    """Bytes sent."""
    problems: tuple[Problem, ...]
    dry: bool

    def as_dict(self) -> dict[str, Any]:
        """It, as plain values."""
        lists = {"sent": list(self.sent), "removed": list(self.removed), "left": list(self.left)}
        problems = [problem.as_dict() for problem in self.problems]
        return {"url": self.url, **lists, "kept": self.kept, "size": self.size, "problems": problems, "dry": self.dry}


def upload(
    folder: Path,
    url: str,
    *,
    feeds: Sequence[str],
    progress: Progress = silent,
    dry: bool = False,
    base: str = "",
    private: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
    overwrite: bool = False,
) -> Uploaded:
    """Make the place at `url` show what the folder holds; what others have put there is left alone.

    feeds: names of the feeds' first pages; their archive pages, and any other RSS in the folder, go with them. base: the folder's public
    address, else that of each feed's link to itself. private: names or patterns that never go up. options: fsspec's, for the place.
    overwrite: also what others have put there under a name of ours. progress: in bytes. Raises PublishError, UsageError for a URL.
    """
    with tempfile.TemporaryDirectory(prefix="bulletin-") as shelf:
        pieces, left = gathered(folder, feeds, private, Path(shelf))
        mentioned = mentions(pieces.values(), base)
        with nullcontext() if dry else alone(folder), closing(Place(url, options or {}, folder)) as place:
            record = Record(folder, place.name)
            there = place.look({*pieces, *record.entries, *named(mentioned)})
            coming = order([each for each in pieces.values() if not standing(each, record, there)], record)
            going = record.entries.keys() - pieces.keys() - named(mentioned)
            check(mentioned, there, pieces, f"neither in {folder} nor at {place.name}")
            if not overwrite:
                free(coming, record, there, place)
            if coming and not dry:
                carry(coming, pieces, mentioned, place, record, there, progress)
            removed, problems = take_down(going, place, record, there, dry)
    return Uploaded(
        url=place.name,
        sent=tuple(each.name for each in coming),
        removed=tuple(removed),
        kept=len(pieces) - len(coming),
        left=tuple(left),
        size=sum(each.size for each in coming),
        problems=(*record.problems, *problems),
        dry=dry,
    )


# What is here


def gathered(folder: Path, feeds: Sequence[str], private: Sequence[str], shelf: Path) -> tuple[dict[str, Piece], list[str]]:
    """The files of the folder that are for the public, by name, and the names of those that stay; feeds are copied to the shelf.

    Raises PublishError for a folder with nothing in it, or without one of the feeds.
    """
    pieces: dict[str, Piece] = {}
    left: list[str] = []
    try:
        with outputs.alone(folder):  # while nobody gives names there: the feeds and what they name are of one moment
            for path in public(folder, private):
                name = path.relative_to(folder).as_posix()
                if piece := taken(name, path, feeds, shelf):
                    pieces[name] = piece
                else:
                    left.append(name)
    except OSError as error:
        raise PublishError(f"Cannot read {error.filename or folder}: {error.strerror or error}.", "Look at who may read there.") from error
    if lacking := [name for name in feeds if name not in pieces]:
        raise PublishError(f"There is no {lacking[0]} in {folder}.", "Write the feed first: nothing was uploaded.")
    if not pieces:
        raise PublishError(f"There is nothing to upload in {folder}.", "Name the folder that the bulletins are in.")
    return pieces, left


def public(folder: Path, private: Sequence[str]) -> Iterator[Path]:
    """The files below a folder, in order, but for what is hidden, half written, withdrawn or private. Raises OSError."""

    def lost(error: OSError) -> None:
        raise error

    for where, folders, names in os.walk(folder, onerror=lost):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in NEVER)
        for path in (Path(where, name) for name in sorted(names)):
            name = path.relative_to(folder).as_posix()
            kept = any(each in (name, path.name) or fnmatchcase(name, each) or fnmatchcase(path.name, each) for each in (*OURS, *private))
            if not path.name.startswith(".") and path.suffix != ".part" and not kept and path.is_file():
                yield path


def taken(name: str, path: Path, feeds: Sequence[str], shelf: Path) -> Piece | None:
    """A file as what goes up; None for one that is not known as such. Raises OSError."""
    known = next((TYPES[ending] for ending in TYPES if name.lower().endswith(ending)), None)
    if known is None:
        return None
    rank, kind = known
    facts = path.stat()
    piece = Piece(name=name, path=path, size=facts.st_size, mtime=facts.st_mtime_ns, rank=rank, type=kind)
    if rank == PAGE:
        shows = {"index.html", *(feed.removesuffix(".xml") + ".html" for feed in feeds)}
        return replace(piece, rank=SHOW if name in shows else PAGE)
    return copied(piece, shelf, name in feeds) if rank == FEED else piece


def copied(piece: Piece, shelf: Path, sure: bool) -> Piece | None:
    """A feed as it is now, for it may be written anew while the sound goes up; None for XML that is none, unless we are `sure`."""
    data = piece.path.read_bytes()
    if not sure and not re.search(rb"<rss[\s>]", data[:2_000]):
        return None
    copy = shelf / secrets.token_hex(8)
    copy.write_bytes(data)
    return replace(piece, path=copy, size=len(data), rank=ARCHIVE if page(piece.name) else FEED)


def order(pieces: Iterable[Piece], record: Record) -> list[Piece]:
    """In which order they go up: by kind, then what is new before what replaces; of a feed's archive, the oldest page first."""
    return sorted(pieces, key=lambda each: (each.rank, each.name in record.entries, page(each.name), each.name))


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's uploads while inside. Raises PublishError while another run does; where there are no locks, all may."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    try:
        lock = (folder / LOCK).open("ab")
    except OSError as error:
        raise unwritable(folder, error) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublishError(f"{folder} is being uploaded already.", "Wait for that run to end, and upload again.") from None
        except OSError:  # a network disk without locks
            pass
        yield


def standing(piece: Piece, record: Record, there: Mapping[str, There]) -> bool:
    """Whether a file is there as it is here: by size and time, else by its sum. Raises PublishError."""
    entry = record.entries.get(piece.name, {})
    if piece.name not in there or entry.get("mark") != there[piece.name].mark or entry.get("size") != piece.size:
        return False
    if entry.get("mtime") == piece.mtime:
        return True
    at = time.time_ns()
    sha256, _ = summed(piece)
    if sha256 != entry.get("sha256"):
        return False
    if at - piece.mtime > SETTLED:
        record.entries[piece.name] = {**entry, "mtime": piece.mtime}
        record.changed = True
    return True


def summed(piece: Piece) -> tuple[str, bytes]:
    """The sums of a file. Raises PublishError for one that cannot be read."""
    try:
        return digests(piece.path)
    except OSError as error:
        raise PublishError(f"Cannot read {piece.name}: {error.strerror or error}.", f"Look at who may read it. {KEPT}") from error


def free(coming: Iterable[Piece], record: Record, there: Mapping[str, There], place: Place) -> None:
    """Raise PublishError where a name is taken by what somebody else has put there; the same size is taken for the same file."""
    foreign = [
        each.name for each in coming if each.name in there and each.name not in record.entries and there[each.name].size != each.size
    ]
    if foreign:
        raise PublishError(
            f"{place.name} has {some(foreign)} already, and not from here.",
            "Choose another place, or move that away; --overwrite puts ours in its place. Nothing was uploaded.",
        )


# Going up


def carry(
    coming: Sequence[Piece],
    pieces: Mapping[str, Piece],
    mentioned: Mapping[str, Sequence[Mention]],
    place: Place,
    record: Record,
    there: Mapping[str, There],
    progress: Progress,
) -> None:
    """Send all but the feeds, look whether everything has arrived, then send the feeds. Raises PublishError; what arrived is noted."""
    feeds = {name: each for name, each in pieces.items() if each.rank >= ARCHIVE}
    total, done = sum(each.size for each in coming), 0
    try:
        place.ready()
        record.begin(coming, there)
        place.sweep(there, record.token)
        looked = False
        for piece in coming:
            if piece.rank >= ARCHIVE and not looked:
                arrived = place.look({*pieces, *named(mentioned)})
                settled(pieces, arrived, record, place)
                check(mentioned, arrived, feeds, f"not at {place.name}")
                looked = True
            send(piece, place, record, meter(progress, done, piece.size, total))
            done += piece.size
            progress("Uploading", done, total)
    finally:
        record.write()


def meter(progress: Progress, done: int, size: int, total: int) -> Callable[..., None]:
    """What fsspec tells how far a file is."""

    def tell(_: int | None, value: int, **__: Any) -> None:
        progress("Uploading", done + min(value, size), total)

    return tell


def send(piece: Piece, place: Place, record: Record, tell: Callable[..., None]) -> None:
    """Send a file until it is there whole, and as it is here. Raises PublishError."""
    for _ in range(1 + len(WAITS)):
        at = time.time_ns()
        sha256, md5 = summed(piece)
        try:
            arrived = place.put(piece, md5, record.token, tell)
        finally:
            now = piece if piece.rank >= ARCHIVE else seen(piece)
        if arrived and now == piece:
            record.add(piece, sha256, arrived, at)
            return
        piece = now
    raise PublishError(f"{piece.name} does not arrive at {place.name} whole.", KEPT)


def seen(piece: Piece) -> Piece:
    """A file as it is now. Raises PublishError for one that is gone."""
    try:
        facts = piece.path.stat()
    except OSError as error:
        raise PublishError(f"{piece.name} went away while it was uploaded.", KEPT) from error
    return replace(piece, size=facts.st_size, mtime=facts.st_mtime_ns)


def settled(pieces: Mapping[str, Piece], arrived: Mapping[str, There], record: Record, place: Place) -> None:
    """Raise PublishError unless all but the feeds is at the place as it was when it arrived."""
    lost = [
        name
        for name, each in pieces.items()
        if each.rank < ARCHIVE and (name not in arrived or arrived[name].mark != record.entries.get(name, {}).get("mark"))
    ]
    if lost:
        raise PublishError(
            f"{place.name} does not show {some(lost)} as uploaded.",
            "Does somebody else write there? Upload again; the public feed is as it was.",
        )


def take_down(going: Iterable[str], place: Place, record: Record, there: Mapping[str, There], dry: bool) -> tuple[list[str], list[Problem]]:
    """Remove what we uploaded and is in the folder no more: pages and feeds first, sound last. What others have put there stays."""
    ranks = {name: next((TYPES[ending][0] for ending in TYPES if name.lower().endswith(ending)), SOUND) for name in going}
    removed, problems = [], []
    try:
        for name in sorted(ranks, key=lambda each: (-ranks[each], each)):
            if name in there and not record.ours(name, there[name]):
                problems.append(Problem(message=f"{name} at {place.name} is not what was uploaded: it stays.", hint="Remove it by hand."))
            elif name in there:
                removed.append(name)
                if not dry:
                    place.remove(name)
            if not dry:
                record.drop(name)
    finally:
        if not dry:
            record.write()
    return removed, problems
