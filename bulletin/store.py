"""Clips by content key in a local folder: the same words, voice, rate and engine version are never voiced twice.

A file appears whole (temporary name, then rename) and is trusted only while its hash is the one written beside it.
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
FORMAT = 1
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
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Cannot keep clips in {folder}: {error.strerror}.", "Choose another folder: station.toml, [store] folder"
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Remove what was begun and not put in, whatever came between."""
        for path in self.making:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def get(self, key: str, suffix: str) -> tuple[Path, dict[str, Any]] | None:
        """The file and its facts, or None if it is not there or not whole any more."""
        path = self.path(key, suffix)
        try:
            facts = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            if facts.pop("sha256") != digest(path):
                raise ValueError(path)
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return path, facts

    def put(self, key: str, suffix: str, made: Path, facts: Mapping[str, Any]) -> Path:
        """Move a finished file in, with its facts. Raises StoreError where the disk does not take it."""
        path = self.path(key, suffix)
        written = self.temporary(".json")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            written.write_text(json.dumps({**facts, "sha256": digest(made)}), encoding="utf-8")
            made.replace(path)
            written.replace(path.with_suffix(".json"))
        except OSError as error:
            raise full(self.folder, error) from error
        return path

    def recall(self, key: str, *names: str) -> dict[str, Any] | None:
        """Facts that were remembered without a file, or None if one of `names` is not among them."""
        try:
            facts: dict[str, Any] = json.loads(self.path(key, ".facts").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return facts if isinstance(facts, dict) and facts.keys() >= set(names) else None

    def remember(self, key: str, facts: dict[str, Any]) -> dict[str, Any]:
        """Keep facts without a file. Raises StoreError."""
        written = self.temporary(".facts")
        try:
            written.write_text(json.dumps(facts), encoding="utf-8")
            self.path(key, ".facts").parent.mkdir(parents=True, exist_ok=True)
            written.replace(self.path(key, ".facts"))
        except OSError as error:
            raise full(self.folder, error) from error
        return facts

    def temporary(self, suffix: str) -> Path:
        """A new, empty file in the store's own folder, so that a rename is enough; gone when the store is closed."""
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
            for _, size, path in sorted(files):
                if total <= self.limit:
                    break
                path.unlink(missing_ok=True)
                path.with_suffix(".json").unlink(missing_ok=True)
                total -= size


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
