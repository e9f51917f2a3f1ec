"""Installing voices: their files are fetched, or taken from a folder, checked, and put in the engines' own folders.

A file appears under its name only when it is whole: until then it is NAME.part, from which the next run goes on.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import shutil
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from bulletin import catalogue, downloading, engines
from bulletin.catalogue import Offer, VoiceFile
from bulletin.engines import hibari
from bulletin.errors import InstallError, VoiceError
from bulletin.model import Problem, Station
from bulletin.ports import Progress
from bulletin.produce import open_station
from bulletin.sources import silent

CHUNK = 1 << 20
"""Bytes copied or hashed at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A voice that is in its place."""

    offer: Offer
    folder: Path
    fetched: int
    """Bytes that had to be fetched or copied; 0 where all was there and whole."""
    lacks: str
    """What is still missing before it can speak, as its engine says; or empty."""

    def as_dict(self) -> dict[str, Any]:
        """It, as plain values."""
        return {**self.offer.as_dict(), "folder": str(self.folder), "fetched": self.fetched, "lacks": self.lacks}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How files come here, and whom it is told."""

    online: bool
    """Whether requests are allowed."""
    timeout: float
    """Seconds that a server may take to answer, or to go on."""
    shelf: dict[str, list[Path]] | None
    """Of a folder to take files from: name -> where such files lie; None for the network."""
    say: Callable[[str], None]
    progress: Progress
    whole: set[Path] = field(default_factory=set)
    """Files found whole in this run: a model that many voices share is read once."""


def install(
    offers: Sequence[Offer],
    *,
    source: Path | None = None,
    station: str | Path | Station | None = None,
    offline: bool = False,
    say: Callable[[str], None] = lambda _: None,
    progress: Progress = silent,
) -> tuple[list[Installed], list[Problem]]:
    """Put the voices in their places; those that are there, and a problem for each that is not.

    source: a folder to take the files from, at whatever depth, in place of the network. say: hears what is under way.
    Raises InstallError if nothing could be installed, StationError for a station file that is wrong.
    """
    profile = open_station({"station": station})
    shelf = shelved(source) if source else None
    way = Way(online=profile.online and not offline, timeout=profile.timeout, shelf=shelf, say=say, progress=progress)
    done: list[Installed] = []
    lost: list[InstallError] = []
    for offer in offers:
        try:
            done.append(installed(offer, way))
        except InstallError as error:
            lost.append(error)
    if lost and not done:
        raise InstallError("\n".join(dict.fromkeys(error.message for error in lost)), lost[0].hint)
    return done, [Problem(message=error.message, hint=error.hint) for error in lost]


def chosen(names: Sequence[str]) -> list[Offer]:
    """The voices of the catalogue by their names, each once. Raises VoiceError for one that is not there, or needs no installing."""
    found: dict[str, Offer] = {}
    for name in names:
        try:
            offer = catalogue.find(name, catalogue.shipped())
        except VoiceError:
            if any(voice.name.lower() == name.lower() and voice.ready for voice in engines.voices()):
                raise VoiceError(f"{name} is ready as it is: there is nothing to install.", f"--voice {name}") from None
            raise
        found[offer.name] = offer
    return list(found.values())


def folder(engine: str) -> Path:
    """Where an engine looks for its voices."""
    if engine == "hibari":
        return hibari.cache_folder()
    import platformdirs

    voices = platformdirs.user_data_path("bulletin", appauthor=False) / "voices"
    return voices / "kokoro" if engine == "kokoro" else voices


def present(offer: Offer) -> bool:
    """Whether all files of a voice are in their places, by their sizes alone: quick enough for a list."""
    place = folder(offer.engine)
    return all((place / file.name).is_file() and (place / file.name).stat().st_size == file.size for file in offer.files)


def installed(offer: Offer, way: Way) -> Installed:
    """Put one voice in its place. Raises InstallError."""
    place = folder(offer.engine)
    within_reach(offer, place, way)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(place, error) from error
    with alone(place, way.say):
        fetched = sum(put(file, place, way) for file in offer.files)
    return Installed(offer=offer, folder=place, fetched=fetched, lacks=lacking(offer))


def within_reach(offer: Offer, place: Path, way: Way) -> None:
    """Raise InstallError, naming every file, where one is missing that neither the network nor the folder may give."""
    missing = [file for file in offer.files if not known_whole(place / file.name, file, way)]
    if way.shelf is not None:
        missing = [file for file in missing if not any(known_whole(path, file, way) for path in way.shelf.get(file.name, []))]
        why = "; ".join(f"{file.name} is {'damaged, or another version' if file.name in way.shelf else 'not there'}" for file in missing)
        message = f"{offer.name} cannot be installed from that folder: {why}."
    elif not way.online:
        message = f"{offer.name} is not installed, and requests to the network are not allowed (online.allowed, --offline)."
    else:
        return
    if missing:
        addresses = " and ".join(file.url for file in missing)
        raise InstallError(message, f"Fetch {addresses} elsewhere, and name the folder: --from FOLDER")


def put(file: VoiceFile, place: Path, way: Way) -> int:
    """Put one file in its place; the bytes that came for it. Raises InstallError."""
    final, part = place / file.name, place / f"{file.name}.part"
    if known_whole(final, file, way):
        return 0
    if final.exists():
        way.say(f"{final} is damaged: it is replaced.")
    try:
        if way.shelf is None:
            room(place, file, part)
            download(file, part, way)
        else:
            copy(file, next(path for path in way.shelf[file.name] if path in way.whole), part, way)
        part.replace(final)
    except OSError as error:
        raise unwritable(final, error) from error
    finally:
        with contextlib.suppress(OSError):
            if part.stat().st_size == 0:
                part.unlink()
    way.whole.add(final)
    return file.size


def download(file: VoiceFile, part: Path, way: Way) -> None:
    """Fetch a file into `part`, from where it ends, and check it; once more from the start if what was there before was wrong."""
    resumed = part.exists() and part.stat().st_size > 0
    if resumed:
        way.say(f"{file.name}: going on at {part.stat().st_size / 1e6:.1f} MB.")
    downloading.fetch(file, part, way.timeout, way.say, way.progress)
    if is_whole(part, file):
        return
    part.unlink()
    if not resumed:
        raise InstallError(
            f"{file.url} is not the file that the catalogue lists: its checksum is another.",
            "Try again. If it stays so, a proxy changes files on their way, or the file was changed at its source: do not use it.",
        )
    way.say(f"{file.name}: what was here of it was wrong; fetching it anew.")
    download(file, part, way)


def copy(file: VoiceFile, good: Path, part: Path, way: Way) -> None:
    """Copy a file from the folder into `part`, and check it there. Raises InstallError."""
    with good.open("rb") as source, part.open("wb") as target:
        for block in iter(lambda: source.read(CHUNK), b""):
            target.write(block)
            way.progress(f"Copying {file.name}", target.tell(), file.size)
    if not is_whole(part, file):
        part.unlink()
        raise InstallError(f"{file.name} was not copied right.", "Look at the disk, and try again.")


def known_whole(path: Path, file: VoiceFile, way: Way) -> bool:
    """Whether a file is whole, read once a run."""
    if path in way.whole:
        return True
    if not is_whole(path, file):
        return False
    way.whole.add(path)
    return True


def shelved(source: Path) -> dict[str, list[Path]]:
    """The files of a folder, at whatever depth, by name. Raises VoiceError for no folder."""
    if not source.is_dir():
        raise VoiceError(f"There is no folder {source}.", "Name the folder that the voice's files are in: --from FOLDER")
    found: dict[str, list[Path]] = {}
    for path in sorted(source.rglob("*")):
        if path.is_file():
            found.setdefault(unicodedata.normalize("NFC", path.name), []).append(path)
    return found


def is_whole(path: Path, file: VoiceFile) -> bool:
    """Whether the file at `path` has the size and the checksum that are listed."""
    method, _, wanted = file.checksum.partition(":")
    try:
        if path.stat().st_size != file.size:
            return False
        with path.open("rb") as data:
            return hashlib.file_digest(data, lambda: hashlib.new(method, usedforsecurity=False)).hexdigest() == wanted
    except OSError:
        return False


def room(place: Path, file: VoiceFile, part: Path) -> None:
    """Raise InstallError where the disk has no room for what is still to come."""
    left = file.size - (part.stat().st_size if part.exists() else 0)
    free = shutil.disk_usage(place).free
    if free < left:
        raise InstallError(
            f"{place} has {free / 1e6:.0f} MB free; {file.name} needs {left / 1e6:.0f} MB.", "Make room: what is here of it is kept."
        )


def unwritable(path: Path, error: OSError) -> InstallError:
    """The error for a place that cannot be written."""
    full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None))  # Windows has no quotas
    hint = "Make room: the next run goes on from there." if full else "Look at who may write there."
    return InstallError(f"Cannot write {path}: {error.strerror or error}.", hint)


def lacking(offer: Offer) -> str:
    """What is still missing before an installed voice can speak, as its engine says; or an empty text."""
    found = next((voice for voice in engines.load(offer.engine).voices() if unicodedata.normalize("NFC", voice.id) == offer.id), None)
    if found is None:
        return f"{offer.engine} does not find it"
    return "" if found.ready else found.note.rpartition("; ")[2]


@contextmanager
def alone(place: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the folder while inside: another install waits, so that no two write one file."""
    try:
        lock = (place / ".installing").open("ab")
    except OSError as error:
        raise unwritable(place, error) from error
    with lock:
        if not held(lock):
            say("Another install is under way in the same folder: waiting for it.")
            while not held(lock):
                time.sleep(0.1)
        yield


def held(lock: BinaryIO) -> bool:
    """Try to hold a file until it is closed: False while another has it; True where the file system knows no locks."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True
