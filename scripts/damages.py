"""Ten ways in which a stored file can be spoiled: each gets the file, dice, and another stored file with the same ending."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path


def flipped(path: Path, dice: random.Random, _: Path) -> None:
    """One bit is another."""
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


def cut(path: Path, dice: random.Random, _: Path) -> None:
    """It breaks off."""
    os.truncate(path, dice.randrange(path.stat().st_size))


def zeroed(path: Path, dice: random.Random, _: Path) -> None:
    """It has its length, and nothing in it."""
    path.write_bytes(bytes(path.stat().st_size))


def emptied(path: Path, dice: random.Random, _: Path) -> None:
    """It has no length."""
    path.write_bytes(b"")


def gone(path: Path, dice: random.Random, _: Path) -> None:
    """It is not there."""
    path.unlink()


def locked(path: Path, dice: random.Random, _: Path) -> None:
    """Nobody may read it."""
    path.chmod(0)


def a_folder(path: Path, dice: random.Random, _: Path) -> None:
    """A folder has its name, with something in it."""
    path.unlink()
    path.mkdir()
    (path / "thing").write_text("x")


def digit(path: Path, dice: random.Random, other: Path) -> None:
    """A digit among its facts is another; a file of sound is another's."""
    if path.suffix not in (".json", ".facts"):
        return others(path, dice, other)
    text = path.read_text()
    at = dice.choice([number for number, letter in enumerate(text) if letter.isdigit()])
    path.write_text(f"{text[:at]}{(int(text[at]) + 1) % 10}{text[at + 1 :]}")
    return None


def others(path: Path, dice: random.Random, other: Path) -> None:
    """It is a copy of another of its kind."""
    path.write_bytes(other.read_bytes())


def exchanged(path: Path, dice: random.Random, other: Path) -> None:
    """It is a copy of another of its kind, whose facts are copied too."""
    for suffix in {path.suffix, other.suffix} if path.suffix == ".facts" else {".json", sound_of(path).suffix}:
        path.with_suffix(suffix).write_bytes(other.with_suffix(suffix).read_bytes())


def sound_of(path: Path) -> Path:
    """The stored sound whose facts these are, or that this is."""
    return next(found for found in path.parent.glob(f"{path.stem}.*") if found.suffix != ".json")


Damage = Callable[[Path, random.Random, Path], None]
DAMAGES: tuple[Damage, ...] = (flipped, cut, zeroed, emptied, gone, locked, a_folder, digit, others, exchanged)
