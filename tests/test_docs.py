"""What the docs promise is there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from conftest import ROOT

from bulletin import languages, station
from bulletin.cli.main import COMMANDS

PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "examples" / "README.md",
    ROOT / "bulletin" / "jingles" / "README.md",
    ROOT / "bulletin" / "fonts" / "README.md",
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_shown_is_one(page: Path) -> None:
    for block in re.findall(r"```sh\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        for name in re.findall(r"^bulletin (\w+)", block, re.MULTILINE):
            assert name in COMMANDS
        assert not re.search(r'"[^"\n]*\$\d', block), "a shell takes $1 in double quotes for a variable"
        for script in re.findall(r"^scripts/(\w+)", block, re.MULTILINE):
            assert (ROOT / "scripts" / script).stat().st_mode & 0o111


def test_every_setting_shown_in_the_how_tos_is_one() -> None:
    known = station.flatten(tomllib.loads(station.template()))
    for page in PAGES:
        for block in re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
            for key in station.flatten(tomllib.loads(block)):
                assert key in known, (page.name, key)


def test_every_dependency_earns_its_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    for wanted in [*project["dependencies"], *project["optional-dependencies"]["piper"]]:
        assert re.match(r"[\w-]+", wanted).group().lower() in page, wanted  # type: ignore[union-attr]


def test_every_room_stands_in_the_picture_of_the_house() -> None:
    picture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for room in (ROOT / "bulletin").iterdir():
        if room.suffix == ".py" and room.name != "__main__.py":
            assert f"  {room.name} " in picture, room.name
        if room.is_dir() and not room.name.startswith("__") and any(room.iterdir()):
            assert f"  {room.name}/" in picture, room.name
    assert {"en", "vi", "fr", "es", "de", "pt", "ru", "zh", "ar", "hi", "id", "ja", "ko"} <= set(languages.codes())
