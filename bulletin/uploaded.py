"""What is at a place by our doing, and noted in the folder, so that the next run sends only what has changed."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bulletin.errors import PublishError
from bulletin.model import Problem
from bulletin.shipment import Piece, There

RECORD = ".uploaded.json"
"""In the folder: what is where by our doing."""
SETTLED = 2_000_000_000
"""Nanoseconds after which a file that keeps its time of change keeps its bytes: clocks of disks tick that slowly."""
SHARE = 20
"""The record is written anew after each file, but for at most one twentieth of the time."""


class Record:
    """What is at a place by our doing, kept in the folder: of each file its size, its sums, and the mark that the place gave it.

    A file that is under way has `before`, the mark of what was there before it: from one that was killed meanwhile it can be
    told whether it has arrived.
    """

    def __init__(self, folder: Path, place: str) -> None:
        self.path = folder / RECORD
        self.problems: list[Problem] = []
        self.changed = False
        self.next = 0.0
        self.all = self.read()
        self.entries: dict[str, dict[str, Any]] = self.all["places"].setdefault(place, {})
        self.token: str = self.all["token"]
        """In the names of our temporary files, so that what a killed run left is known as ours."""

    def read(self) -> dict[str, Any]:
        """What is on the disk, or an empty record."""
        empty = {"format": 1, "token": secrets.token_hex(4), "places": {}}
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            entries = [entry for place in found["places"].values() for entry in place.values()]
            if found["format"] == 1 and isinstance(found["token"], str) and all(isinstance(entry, dict) for entry in entries):
                return {**empty, **found}
        except FileNotFoundError:
            return empty
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        message = f"{self.path} cannot be read: all is uploaded again, and nothing that was uploaded earlier is taken down."
        self.problems.append(Problem(message=message, hint="Take down by hand what has been withdrawn."))
        return empty

    def begin(self, coming: Iterable[Piece], there: Mapping[str, There]) -> None:
        """Note what is about to go up. Raises PublishError."""
        for piece in coming:
            mark = there[piece.name].mark if piece.name in there else ""
            self.entries.setdefault(piece.name, {}).setdefault("before", mark)
        self.changed = True
        self.write()

    def add(self, piece: Piece, sha256: str, there: There, at: int) -> None:
        """Note what has arrived and was read `at` that time; write it down, unless that was done a moment ago. Raises PublishError."""
        mtime = piece.mtime if at - piece.mtime > SETTLED else 0
        self.entries[piece.name] = {"size": piece.size, "mtime": mtime, "sha256": sha256, "mark": there.mark}
        self.changed = True
        if time.monotonic() >= self.next:
            self.write()

    def drop(self, name: str) -> None:
        """Forget what is not there any more, or not ours."""
        del self.entries[name]
        self.changed = True

    def write(self) -> None:
        """Write it whole, if there is something new. Raises PublishError."""
        if not self.changed:
            return
        start = time.monotonic()
        temporary = self.path.with_name(f"{RECORD}.part")
        try:
            temporary.write_text(json.dumps(self.all, ensure_ascii=False), encoding="utf-8")
            temporary.replace(self.path)
        except OSError as error:
            raise unwritable(self.path, error) from error
        self.changed = False
        self.next = time.monotonic() + SHARE * (time.monotonic() - start)

    def ours(self, name: str, there: There) -> bool:
        """Whether what is there under a name is what we put there, and not what somebody has put in its place."""
        entry = self.entries.get(name, {})
        return entry.get("mark") == there.mark or entry.get("before", there.mark) != there.mark


def unwritable(path: Path, error: OSError) -> PublishError:
    """The error for a folder in which nothing can be noted."""
    return PublishError(
        f"Cannot write {path}: {error.strerror or error}.", "What is uploaded is noted there: make room, or look at who may write."
    )
