"""A programme becomes files that someone else reads. One file here with `write` and `SUFFIX` is one output."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from itertools import count
from pathlib import Path

from bulletin.errors import PublishError, UsageError
from bulletin.model import Report, Station
from bulletin.ports import Output

KINDS = {".mp3": ("mp3", "report"), ".wav": ("wav", "report")}
"""The ending of a bulletin's name -> what is written: the bulletin itself, then what lies beside it."""
LONGEST = 60
"""Characters of the headline in a file's name."""


def publish(report: Report, station: Station, path: Path, wanted: Sequence[str] = (), *, new: bool = False) -> None:
    """Write every wanted output beside `path`, those of its ending if none is named: all of them whole, or none.

    new: never take the place of a file that is there. Raises FileExistsError then, and PublishError where the disk refuses.
    """
    made: dict[Path, Path] = {}
    try:
        for name in wanted or KINDS[path.suffix.lower()]:
            output: Output = import_module(f"{__name__}.{name}")
            final = beside(path, output.SUFFIX)
            made[final] = temporary = final.with_name(f".{final.name}.{secrets.token_hex(4)}.part")
            output.write(report, station, temporary)
        place(made, new)
    except FileExistsError:
        raise
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        for temporary in made.values():
            with suppress(OSError):
                temporary.unlink(missing_ok=True)


def place(made: Mapping[Path, Path], new: bool) -> None:
    """Give every temporary file its final name, the bulletin itself last: it is what others wait for."""
    placed: list[Path] = []
    try:
        for final, temporary in reversed(list(made.items())):
            if new:
                link(temporary, final)
                placed.append(final)
            else:
                temporary.replace(final)
    except FileExistsError:
        for final in placed:
            final.unlink()
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


def files(path: Path) -> tuple[Path, ...]:
    """The files that `publish` will write for `path`."""
    return tuple(beside(path, import_module(f"{__name__}.{name}").SUFFIX) for name in KINDS[path.suffix.lower()])


def beside(path: Path, suffix: str) -> Path:
    """The file of an output that goes with the bulletin at `path`; the bulletin itself keeps its name as it was given."""
    return path if path.suffix.lower() == suffix else path.with_suffix(suffix)


def destination(output: Path | None, folder: Path) -> Path:
    """The place that was asked for, or the folder for a new name; made and tried before any work is done.

    Raises UsageError for another kind of file, PublishError for a place that cannot be written.
    """
    if output is not None and output.suffix.lower() not in KINDS:
        raise UsageError(f"“{output}” must end in {' or '.join(KINDS)}.", "For example: -o six-oclock.mp3")
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
    """New names in a folder that sort by date and tell the headline, numbered from the second on."""
    stem = f"{at:%Y-%m-%d-%H%M}-{slug(headline)}"
    yield folder / f"{stem}.mp3"
    yield from (folder / f"{stem}-{number}.mp3" for number in count(2))


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all. Raises PublishError."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
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
