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
    return store.put(name, ".bin", made, {"length": len(data)})[0]


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


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", "null", '{"sha256": 3}', '{"facts": [], "seal": ""}'])
def test_damaged_facts_are_not_believed(store: Store, damage: str) -> None:
    put(store, "aa11", b"sound").with_suffix(".json").write_text(damage)
    assert store.get("aa11", ".bin") is None


def test_a_digit_that_changed_among_the_facts_is_seen(store: Store) -> None:
    facts = put(store, "aa11", b"sound").with_suffix(".json")
    facts.write_text(facts.read_text().replace('"length": 5', '"length": 6'))
    assert store.get("aa11", ".bin") is None
    store.remember("bb22", {"lufs": -23.1})
    facts = store.path("bb22", ".facts")
    facts.write_text(facts.read_text().replace("-23.1", "-93.1"))
    assert store.recall("bb22", "lufs") is None
    assert len(store.damaged) == 2


def test_what_is_damaged_is_known_from_what_was_never_there(store: Store) -> None:
    assert store.get("aa10", ".bin") is None and store.recall("aa10", "x") is None
    assert not store.damaged
    put(store, "aa11", b"sound").unlink()
    assert store.get("aa11", ".bin") is None
    assert [path.name for path in store.damaged] == ["aa11.bin"]
    put(store, "aa12", b"sound").with_suffix(".json").unlink()  # a run was killed between its two renames
    assert store.get("aa12", ".bin") is None
    assert len(store.damaged) == 1


def test_where_two_runs_make_the_same_the_first_stays_for_it_may_be_in_use(store: Store) -> None:
    put(store, "aa11", b"first")
    assert put(store, "aa11", b"another").read_bytes() == b"first"
    put(store, "aa11", b"first").write_bytes(b"broken")
    assert put(store, "aa11", b"another").read_bytes() == b"another"


def test_nothing_is_begun_in_a_store_that_is_closed(tmp_path: Path) -> None:
    with Store(tmp_path / "clips", 1_000) as store:
        pass
    with pytest.raises(StoreError):
        store.temporary(".flac")
    assert not list((tmp_path / "clips").iterdir())


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


def test_what_is_another_keys_is_not_taken_for_it_though_it_is_whole(store: Store) -> None:
    one, other = put(store, "aa11", b"sound"), put(store, "bb22", b"other")
    for suffix in (".bin", ".json"):
        one.with_suffix(suffix).write_bytes(other.with_suffix(suffix).read_bytes())
    assert store.get("aa11", ".bin") is None
    store.remember("cc33", {"lufs": -20.0})
    store.remember("dd44", {"lufs": -30.0})
    store.path("cc33", ".facts").write_bytes(store.path("dd44", ".facts").read_bytes())
    assert store.recall("cc33", "lufs") is None
    assert len(store.damaged) == 2


@pytest.mark.parametrize("suffix", [".bin", ".json"])
def test_a_folder_that_has_a_files_name_gives_way(suffix: str, store: Store) -> None:
    path = put(store, "aa11", b"sound").with_suffix(suffix)
    path.unlink()
    path.mkdir()
    (path / "thing").write_text("x")
    assert store.get("aa11", ".bin") is None
    put(store, "aa11", b"sound")
    assert store.get("aa11", ".bin")


def test_a_folder_that_has_the_name_of_facts_gives_way(store: Store) -> None:
    store.remember("cc33", {"lufs": -20.0})
    path = store.path("cc33", ".facts")
    path.unlink()
    path.mkdir()
    assert store.recall("cc33", "lufs") is None
    store.remember("cc33", {"lufs": -20.0})
    assert store.recall("cc33", "lufs")


def test_what_was_used_a_moment_ago_may_be_another_runs_and_stays(store: Store) -> None:
    for name in ("aa11", "bb22"):
        put(store, name, b"x" * 900)
    store.sweep()
    assert store.get("aa11", ".bin") and store.get("bb22", ".bin")


def test_a_folder_among_the_files_stops_no_sweep(store: Store) -> None:
    for age, name in enumerate(("aa11", "bb22", "cc33")):
        os.utime(put(store, name, b"x" * 600), (age, age))
    odd = store.folder / "00" / "odd.bin"
    odd.mkdir(parents=True)
    os.utime(odd, (0, 0))
    store.sweep()
    assert store.get("bb22", ".bin") is None


def test_a_store_that_may_only_be_read_gives_what_it_has(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, "aa11", b"sound")

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "utime", refused)
    assert store.get("aa11", ".bin") and not store.damaged
