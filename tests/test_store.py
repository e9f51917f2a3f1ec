"""A stored file is whole, and is what was put in; or it is not there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bulletin.errors import StoreError
from bulletin.store import Store, key


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "clips", 1_000)


def put(store: Store, name: str, data: bytes) -> Path:
    made = store.temporary(".bin")
    made.write_bytes(data)
    return store.put(name, ".bin", made, {"length": len(data)})


def test_what_was_put_in_comes_out_with_its_facts(store: Store) -> None:
    put(store, "aa11", b"sound")
    path, facts = store.get("aa11", ".bin") or (None, None)
    assert path and path.read_bytes() == b"sound"
    assert facts == {"length": 5}
    assert store.get("aa12", ".bin") is None


@pytest.mark.parametrize("damage", [b"", b"sounx", b"soun", b"\0\0\0\0\0"])
def test_a_damaged_file_is_not_there(store: Store, damage: bytes) -> None:
    put(store, "aa11", b"sound").write_bytes(damage)
    assert store.get("aa11", ".bin") is None


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", "null", '{"sha256": 3}'])
def test_damaged_facts_are_not_believed(store: Store, damage: str) -> None:
    put(store, "aa11", b"sound").with_suffix(".json").write_text(damage)
    assert store.get("aa11", ".bin") is None


def test_the_files_unused_for_longest_go_first(store: Store) -> None:
    for age, name in enumerate(("aa", "bb", "cc")):
        os.utime(put(store, name, b"x" * 400), (age, age))
    assert store.get("aa", ".bin")
    store.sweep()
    assert store.get("bb", ".bin") is None
    assert store.get("aa", ".bin") and store.get("cc", ".bin")


def test_the_key_changes_with_every_part() -> None:
    parts = {"text": "Hello", "voice": "a", "rate": 1.0}
    keys = {key(**parts), *(key(**{**parts, name: "other"}) for name in parts)}
    assert len(keys) == 4
    assert key(**parts) == key(**dict(reversed(parts.items())))


def test_a_folder_that_cannot_be_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="Cannot keep clips") as caught:
        Store(tmp_path / "file" / "clips", 1)
    assert "[store]" in caught.value.hint


def test_what_was_begun_and_not_put_in_is_gone_when_the_store_is_closed(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), Store(tmp_path / "clips", 1_000) as store:
        store.temporary(".flac").write_bytes(b"half")
        raise KeyboardInterrupt
    assert not list((tmp_path / "clips").iterdir())
