"""A programme becomes files that someone else reads. One file here with `write` and `SUFFIX` is one output."""

from __future__ import annotations

import difflib
import os
import re
import secrets
import shutil
import time
import unicodedata
import uuid
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from itertools import count
from pathlib import Path

from bulletin.errors import PublishError, UsageError
from bulletin.model import History, Master, Programme, Report, Station
from bulletin.ports import Output
from bulletin.store import ABANDONED, digest

BESIDE = (".png", ".vtt", ".srt", ".chapters.json", ".transcript.txt")
"""The endings of what may lie beside it; its report always does."""
KINDS = {".mp3": "mp3", ".wav": "wav"}
"""The ending of a file of sound -> the output that writes it."""
PATIENCE = 10.0
"""Seconds that a run waits for another, which needs a millisecond."""
Seal = Callable[[Path, Report], None]
EPISODES = uuid.UUID("7d0c3f5e-6f0b-5b0e-9a55-2f1f7c1b8a41")
"""Namespace of their guids (RFC 9562 §5.5)."""
LONGEST = 60
"""Characters of the headline in a file's name."""


def unsealed(path: Path, report: Report) -> None:
    """A file of sound is left as it was written."""


def forms(path: Path | None, station: Station, masters: Sequence[str]) -> list[Master]:
    """The forms that were asked for, by name or by the ending of the bulletin's name. Raises UsageError."""
    kind = path.suffix.lower() if path else ""
    if path and kind not in KINDS:
        raise UsageError(f"“{path}” must end in {' or '.join(KINDS)}.", "For example: -o six-oclock.mp3")
    if unknown := next((name for name in masters if name not in station.masters), ""):
        near = difflib.get_close_matches(unknown, station.masters, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are {', '.join(station.masters)}; add one in station.toml: [masters.NAME]"
        raise UsageError(f"There is no master “{unknown}”.", hint)
    found = [station.masters[name] for name in dict.fromkeys(masters)]
    if kind and found and not any(kind in form.kinds for form in found):
        raise UsageError(f"“{path}” ends in {kind}, and the master goes out as {' and '.join(found[0].kinds)}.", "Give it that ending.")
    return found or [replace(station.master, kinds=(kind or ".mp3",))]


def ready(beside: Sequence[str]) -> None:
    """Raise UsageError where what an output needs is not installed, before any work is done."""
    if "plot" in beside:
        from bulletin.outputs.plot import installed

        installed()


def publish(
    report: Report,
    station: Station,
    place: Path,
    beside: Sequence[str] = ("report",),
    *,
    new: bool = False,
    latest: str = "",
    seal: Seal = unsealed,
) -> Report:
    """Write the files of sound and the outputs beside them, all whole or none; the report with its files.

    place: the bulletin's name, or with `new` a folder, in which it gets the first that is free. latest: the name, without ending,
    under which all of them are found too, in place of those of the bulletin before. seal: what is done to each file of sound before it
    is given its name. Raises PublishError where the disk refuses.
    """
    headline = next((chapter.title for chapter in report.programme.sheet.chapters), "")
    for path in names(place, report.rundown.at, headline) if new else [place]:
        named = replace(report, files=tuple(files(path, report.programmes, beside)), history=episode(report, stem(path).name))
        made: dict[Path, Path] = {}
        try:
            named = written(named, station, beside, made, seal)
            stable = linked(path, latest, made) if latest else {}
            with alone(path.parent):
                put(made, new)
                renewed(stable, path.parent, latest, station)
        except FileExistsError:
            continue
        except OSError as error:
            raise unwritable(path, error) from error
        finally:
            for temporary in made.values():
                with suppress(OSError):
                    temporary.unlink(missing_ok=True)
        clear_away(path.parent)
        return named
    raise unwritable(place, FileExistsError(17, "it is there already"))


def episode(report: Report, name: str) -> History:
    """A report's history with the guid of its episode: the same whenever a bulletin of this name and time is made again."""
    own = f"{report.station}|{report.feed}|{report.rundown.at.isoformat()}|{name}"
    return report.history if report.history.guid else replace(report.history, guid=str(uuid.uuid5(EPISODES, own)))


def written(report: Report, station: Station, beside: Sequence[str], made: dict[Path, Path], seal: Seal = unsealed) -> Report:
    """Write every file of a report under a temporary name, which goes into `made`, the sound first; the report with its hashes."""

    def write(final: Path, name: str, about: Report) -> Path:
        output: Output = import_module(f"{__name__}.{name}")
        made[final] = temporary = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
        output.write(about, station, temporary)
        return temporary

    def sounding(final: Path, each: Programme) -> Programme:
        about = replace(report, programmes=(each,))
        temporary = write(final, KINDS[each.kind], about)
        seal(temporary, about)
        return replace(each, sha256=digest(temporary))

    sounds = [sounding(final, each) for final, each in zip(report.files, report.programmes, strict=False)]
    report = replace(report, programmes=tuple(sounds))
    for final, name in zip(report.files[len(sounds) :], beside, strict=True):
        write(final, name, report)
    return report


def linked(path: Path, latest: str, made: dict[Path, Path]) -> dict[Path, Path]:
    """Every file a second time, as a link or a copy, under temporary names that go into `made` too: stable name -> that."""
    stable = {}
    for final, temporary in list(made.items()):
        name = final.with_name(latest + final.name.removeprefix(stem(path).name))
        if name.is_dir():
            raise IsADirectoryError(21, f"{name.name} is a folder")
        if name == final:
            continue
        second = name.with_name(f".{name.name}.{secrets.token_hex(4)}.part")
        stable[name] = made[second] = second
        try:
            second.hardlink_to(temporary)
        except OSError:  # a disk without links
            shutil.copyfile(temporary, second)
    return stable


def renewed(stable: dict[Path, Path], folder: Path, latest: str, station: Station) -> None:
    """Give the stable names to the new files, and take them from those of the bulletin before that this one has not."""
    for final, temporary in reversed(stable.items()):
        temporary.replace(final)
    if stable:
        forget(folder, latest, station, stable)


def again(path: Path, names: Sequence[str], station: Station) -> None:
    """Give the stable names to a bulletin's files once more, as they are now. path: its name, without ending. Raises PublishError."""
    there = {path.with_name(name): path.with_name(name) for name in names}
    made = dict(there)
    try:
        renewed(linked(path, station.latest, made), path.parent, station.latest, station)
    except OSError as error:
        raise unwritable(path.with_name(station.latest), error) from error
    finally:
        for temporary in made.keys() - there.keys():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def forget(folder: Path, latest: str, station: Station, but: Container[Path] = ()) -> None:
    """Take the stable names from the files of a bulletin, those of `but` excepted."""
    masters = ["", *(f"-{name}" for name in station.masters)]
    for old in [folder / f"{latest}{master}{kind}" for master in masters for kind in (*KINDS, *BESIDE, ".json")]:
        if old not in but:
            old.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One run at a time gives names in a folder, so that a report lies beside its own sound.

    Where the system has no such lock, or another holds it for longer than PATIENCE, all do.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.02)
            except OSError:  # a network disk without locks
                break
        yield
    finally:
        os.close(handle)


def clear_away(folder: Path) -> None:
    """Remove the temporary files of runs that were killed, once they belong to no one."""
    with suppress(OSError):
        for left in folder.glob(".*.part"):
            if re.search(r"\.[0-9a-f]{8}\.part$", left.name) and left.stat().st_mtime < time.time() - ABANDONED:
                left.unlink(missing_ok=True)


def put(made: Mapping[Path, Path], new: bool) -> None:
    """Give every temporary file its final name, the bulletin itself last: it is what others wait for."""
    placed: list[Path] = []
    try:
        for final, temporary in reversed([pair for pair in made.items() if pair[0] != pair[1]]):
            if new:
                link(temporary, final)
                placed.append(final)
            else:
                temporary.replace(final)
    except OSError:
        for final in placed:
            final.unlink(missing_ok=True)
        raise


def link(temporary: Path, final: Path) -> None:
    """A second name for a file, which unlike a rename fails where the name is taken; on disks without links, look first."""
    try:
        final.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        if final.exists():
            raise FileExistsError(final) from None
        temporary.replace(final)


def files(path: Path, programmes: Sequence[Programme], beside: Sequence[str]) -> list[Path]:
    """The files that a bulletin of this name has: those of sound, with their master's name where there are several, then the others."""
    several = len({each.master.name for each in programmes}) > 1
    found = []
    for each in programmes:
        if several or path.suffix.lower() != each.kind:
            found.append(with_ending(path, (f"-{each.master.name}" if several else "") + each.kind))
        else:  # it keeps its name as it was given
            found.append(path)
    return found + [with_ending(path, import_module(f"{__name__}.{name}").SUFFIX) for name in beside]


def stem(path: Path) -> Path:
    """A bulletin's name without the ending of its sound."""
    return path.with_name(path.name[: -len(path.suffix)]) if path.suffix.lower() in KINDS else path


def with_ending(path: Path, ending: str) -> Path:
    """A bulletin's name with another ending."""
    return path.with_name(stem(path).name + ending)


def destination(output: Path | None, folder: Path) -> Path:
    """The place that was asked for, or the folder for a new name; made and tried before any work is done.

    Raises PublishError for a place that cannot be written.
    """
    path = output or folder / "new.mp3"
    probe = path.with_name(f".{secrets.token_hex(4)}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        probe.touch()
    except OSError as error:
        raise unwritable(path if output else folder, error) from error
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return output or folder


def names(folder: Path, at: datetime, headline: str) -> Iterator[Path]:
    """New names in a folder, without ending, that sort by date and tell the headline, numbered from the second on."""
    name = f"{at:%Y-%m-%d-%H%M}-{slug(headline)}"
    yield folder / name
    yield from (folder / f"{name}-{number}" for number in count(2))


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all. Raises PublishError."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all. Raises PublishError."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        raise PublishError(f"Cannot write {path}: {error.strerror or error}.", "Choose another place.") from error
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def unwritable(path: Path, error: OSError) -> PublishError:
    """The error for a place that does not take the bulletin."""
    return PublishError(
        f"Cannot write {path}: {error.strerror or error}.",
        "Choose another place with -o FILE.mp3, or [output] folder in station.toml. What was voiced is kept.",
    )


def slug(headline: str) -> str:
    """The headline as part of a file's name: letters and digits of any script, hyphens between, at most LONGEST."""
    plain = unicodedata.normalize("NFC", headline).lower().replace("’", "").replace("'", "")
    words = re.findall(r"[^\W_]+", plain)
    text = ""
    for word in words:
        if len(text) + 1 + len(word) > LONGEST and text:
            break
        text += f"-{word[:LONGEST]}" if text else word[:LONGEST]
    return text or "bulletin"
