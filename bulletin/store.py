"""Clips by content key in a local folder: the same words, voice, rate and engine version are never voiced twice.

A file appears whole (temporary name, then rename) and is trusted only while its hash, and that of its facts, is the one sealed beside it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from bulletin.errors import StoreError

ABANDONED = 86_400
"""Seconds after which a temporary file belongs to no one."""
BETWEEN = 0.05
"""Seconds that another run may need from the rename of a file to that of its facts."""
IN_USE = 7_200
"""Seconds after its last use for which a file may be another run's, which is still to mix it."""
FORMAT = 3
"""Part of every key: raise it when what is stored changes its meaning."""


def key(**parts: Any) -> str:
    """The content key of whatever is named by these parts."""
    canonical = json.dumps([FORMAT, parts], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:40]


class Store:
    """Files with a few facts about each, by key. The oldest go when the folder grows over its limit."""

    def __init__(self, folder: Path, limit: int) -> None:
        self.folder = folder
        self.limit = limit
        self.making: list[Path] = []
        self.damaged: list[Path] = []
        """What was sealed once and is not what it was: found by `get` and `recall`, to be made anew."""
        self.closed = False
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Cannot keep clips in {folder}: {error.strerror}.", "Choose another folder: station.toml, [store] folder"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was begun and not put in, whatever came between; nothing can be begun any more."""
        self.closed = True
        for path in self.making:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def get(self, key: str, suffix: str) -> tuple[Path, dict[str, Any]] | None:
        """The file and its facts, or None if it is not there or not whole any more."""
        path = self.path(key, suffix)
        for last in (False, True):  # another run may be just between its two renames
            if (facts := unsealed(path.with_suffix(".json"), key)) is None:
                break
            try:
                if facts.pop("sha256") == digest(path):
                    with contextlib.suppress(OSError):  # a store that may only be read is none the worse
                        os.utime(path)
                    return path, facts
            except (OSError, KeyError):
                pass
            if not last:
                time.sleep(BETWEEN)
        if os.path.lexists(path.with_suffix(".json")):
            self.damaged.append(path)
        return None

    def put(self, key: str, suffix: str, made: Path, facts: Mapping[str, Any]) -> tuple[Path, dict[str, Any]]:
        """Move a finished file in, with its facts; where another run was quicker, its file stays, for it may be in use.

        What is there now, as `get` gives it. Raises StoreError where the disk does not take it.
        """
        path = self.path(key, suffix)
        written = self.temporary(".json")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(sealed({**facts, "sha256": digest(made)}, key), encoding="utf-8")
            if os.path.lexists(path) and (theirs := Store(self.folder, self.limit).get(key, suffix)):
                return theirs
            into(made, path)
            into(written, path.with_suffix(".json"))
        except OSError as error:
            raise full(self.folder, error) from error
        return path, dict(facts)

    def recall(self, key: str, *names: str) -> dict[str, Any] | None:
        """Facts that were remembered without a file, or None if one of `names` is not among them."""
        path = self.path(key, ".facts")
        facts = unsealed(path, key)
        if facts is None and os.path.lexists(path):
            self.damaged.append(path)
        return facts if facts is not None and facts.keys() >= set(names) else None

    def remember(self, key: str, facts: dict[str, Any]) -> dict[str, Any]:
        """Keep facts without a file. Raises StoreError."""
        written = self.temporary(".facts")
        try:
            written.write_text(sealed(facts, key), encoding="utf-8")
            self.path(key, ".facts").parent.mkdir(parents=True, exist_ok=True)
            into(written, self.path(key, ".facts"))
        except OSError as error:
            raise full(self.folder, error) from error
        return facts

    def temporary(self, suffix: str) -> Path:
        """A new, empty file in the store's own folder, so that a rename is enough; gone when the store is closed."""
        if self.closed:  # a voice that was left behind has answered after all
            raise StoreError("The store is closed.")
        path = self.folder / f".making-{secrets.token_hex(8)}{suffix}"
        self.making.append(path)
        try:
            path.touch(exist_ok=False)
        except OSError as error:
            raise full(self.folder, error) from error
        return path

    def path(self, key: str, suffix: str) -> Path:
        """Where a key's file lies."""
        return self.folder / key[:2] / f"{key}{suffix}"

    def sweep(self) -> None:
        """Remove what an interrupted run left, and the files unused for longest while the store is over its limit.

        Another run may sweep at the same time: what is gone already is no error, and what is left the next run removes.
        """
        with contextlib.suppress(OSError):
            for left in self.folder.glob(".making-*"):
                if left.stat().st_mtime < time.time() - ABANDONED:
                    left.unlink(missing_ok=True)
            files = [(path.stat().st_mtime, path.stat().st_size, path) for path in self.folder.glob("??/*") if path.suffix != ".json"]
            total = sum(size for _, size, _ in files)
            for used, size, path in sorted(files):
                if total <= self.limit or used > time.time() - IN_USE:
                    break
                with contextlib.suppress(IsADirectoryError, PermissionError):  # what is no file of ours stays
                    path.unlink(missing_ok=True)
                    path.with_suffix(".json").unlink(missing_ok=True)
                    total -= size


def into(made: Path, path: Path) -> None:
    """Give a file its name, in place of whatever has it: a folder too, where a disk was mended wrongly. Raises OSError."""
    try:
        made.replace(path)
    except OSError:
        if not path.is_dir():
            raise
        shutil.rmtree(path)
        made.replace(path)


def sealed(facts: Mapping[str, Any], name: str) -> str:
    """The facts of a key as JSON, with a hash of themselves and of the key: those of another key are not taken for them."""
    return json.dumps({"facts": facts, "seal": key(facts=facts, of=name)})


def unsealed(path: Path, name: str) -> dict[str, Any] | None:
    """The facts of a key in a file, or None where it is not there or they are not what was sealed."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        facts: dict[str, Any] = found["facts"]
        return facts if found["seal"] == key(facts=facts, of=name) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def full(folder: Path, error: OSError) -> StoreError:
    """The error for a store that takes no more."""
    free = ""
    with contextlib.suppress(OSError):
        free = f" ({shutil.disk_usage(folder).free / 1e6:.0f} MB free)"
    return StoreError(
        f"Cannot write to the store {folder}: {error.strerror or error}{free}.",
        "Make room, or choose another folder: station.toml, [store] folder. What was voiced so far is kept.",
    )
