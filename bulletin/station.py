"""station.toml becomes a Station: defaults < the user's own < the project's < flags; checked once, passed explicitly."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from bulletin.errors import StationError
from bulletin.model import Master, Ms, Pauses, Station, Target
from bulletin.shows import address, podcast
from bulletin.targets import TARGETS

SLOTS = ("intro", "sting", "bed", "outro")
OPEN_TABLES = ("voice.by_language", "voice.names", "words.by_language", "masters")
"""Tables whose keys are the station's own."""
NAMES = ("output.cut", "station.name")
"""Texts that may be all figures."""
FILES = (*(f"sound.{slot}" for slot in SLOTS), "station.cover", "articles.folder", "spoken.lexicon", "signing.certificate", "signing.key")
"""Settings that name a file or a folder, which is looked for beside the station file."""
PARTS = ("opening", "disclosure", "headlines", "breaking", "tail", "closing")
"""The parts of a bulletin that have words of their own."""
BESIDE = ("vtt", "srt", "chapters", "transcript")
"""What may be written beside the sound."""
KINDS = ("mp3", "wav")
"""The files of sound that a bulletin goes out as."""
LIMITS = {
    "voice.rate": (0.5, 2.0),
    "voice.processes": (0, 256),
    "output.channels": (1, 2),
    "output.bitrate": (64, 320),
    "output.valid_for": (0, 525_600),
    "rundown.headlines": (0, 1000),
    "sound.jingle_level": (-60, 12),
    "sound.bed_level": (-60, 12),
    "sound.bed_between": (-60, 12),
    "sound.outro_level": (-60, 12),
    "sound.attack": (0, 10_000),
    "sound.release": (0, 10_000),
    "sound.overlap": (0, 60_000),
    "online.interval": (0, 60),
    "online.at_once": (1, 16),
    "online.timeout": (0.1, 600),
    "online.patience": (0, 86_400),
    "web.timeout": (0.1, 600),
    "web.max_megabytes": (0.001, 2000),
    "web.max_redirects": (0, 50),
    "store.max_megabytes": (0, 10_000_000),
    "podcast.page": (1, 10_000),
    "podcast.keep_days": (0, 36_500),
    **{f"pauses.{name}": (0, 60_000) for name in Pauses.__slots__},
}
QUOTES = ("silent", "pause", "said")
"""What may become of the marks of direct speech."""
CHOICES: dict[str, tuple[Any, ...]] = {
    "output.bitrate": (64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    "output.rate": (44_100, 48_000),
    "output.bits": (16, 24),
    "spoken.quotes": QUOTES,
    "voice.turns": ("story", "quote"),
    "voice.fallback_for": ("bulletin", "story"),
    "podcast.corrected": ("same", "new"),
}
"""Settings that take one of a few values."""


def template() -> str:
    """The commented station.toml that ships: the defaults, and the reference for users."""
    return resources.files("bulletin").joinpath("station.toml").read_text(encoding="utf-8")


def load(path: Path | None = None, flags: Mapping[str, Any] | None = None) -> Station:
    """Read the station file, lay it over the defaults, and lay `flags` (dotted keys) over both.

    Without `path`: `./station.toml`, over the user's own in their configuration folder; either may be missing.
    Raises StationError for a file that cannot be read, an unknown key (naming the nearest) or a value out of range.
    """
    defaults = flatten(tomllib.loads(template()))
    values = dict(defaults)
    for file in [path] if path else [user_file(), Path("station.toml")]:
        if path or (file and file.is_file()):
            for key, value in read(file, defaults).items():
                values[key] = over(values[key], value) if key in OPEN_TABLES else value
    for key, value in (flags or {}).items():
        table = next((table for table in OPEN_TABLES if key.startswith(f"{table}.")), "")
        if value is not None and table:
            for name in reversed(key.removeprefix(f"{table}.").split(".")):
                value = {name: value}
            values[table] = over(values[table], check(table, value, defaults, "the settings given"))
        elif value is not None:
            values[key] = check(key, value, defaults, "the settings given")
    return build(values)


def over(under: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """One open table laid over another, name by name."""
    return {
        name: over(under[name], more[name]) if isinstance(under.get(name), dict) and isinstance(more.get(name), dict) else value
        for name, value in {**under, **more}.items()
    }


def user_file() -> Path:
    """The user's own station.toml."""
    import platformdirs

    return platformdirs.user_config_path("bulletin", appauthor=False) / "station.toml"


def flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested tables to dotted keys; open tables stay whole."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict) and key not in OPEN_TABLES:
            flat |= flatten(value, f"{key}.")
        else:
            flat[key] = value
    return flat


def read(path: Path, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Read one station file; file names in it are made relative to it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise StationError(f"Cannot read the station file {path}: {error.strerror}.", "Write one with: bulletin station init") from error
    except UnicodeDecodeError as error:
        raise StationError(f"{path} is not UTF-8.", "Save it as UTF-8 in your editor.") from error
    except tomllib.TOMLDecodeError as error:
        raise StationError(f"{path} is not valid TOML: {error}.", 'Texts need quotes: name = "Radio One"') from error
    values = {key: check(key, value, defaults, str(path)) for key, value in flatten(table).items()}
    for key in FILES:
        if values.get(key) and values[key] not in ("shipped", "none"):
            values[key] = str(path.parent / Path(values[key]).expanduser())
    return values


def check(key: str, value: Any, defaults: Mapping[str, Any], where: str) -> Any:
    """The value if `key` exists and the value fits it."""
    if key not in defaults:
        near = near_by_name(key, defaults, 0.9) or difflib.get_close_matches(key, defaults, n=1) or near_by_name(key, defaults, 0.5)
        raise StationError(
            f"Unknown setting “{key}” in {where}.",
            f"Did you mean “{near[0]}”?" if near else "All settings: bulletin station init --print",
        )
    default = defaults[key]
    if key == "sound.target" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if key in NAMES and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(default, int) and isinstance(value, float) and key.endswith(("timeout", "megabytes", "patience")):
        return in_range(key, value, where)
    if type(value) is not type(default):
        kinds = {bool: "true or false", str: "a text in quotes", int: "a whole number", float: "a number", dict: "a table", list: "a list"}
        raise StationError(f"“{key}” in {where} must be {kinds[type(default)]}, not {value!r}.", f"The default is {default!r}.")
    return in_range(key, value, where)


def near_by_name(key: str, defaults: Mapping[str, Any], cutoff: float) -> list[str]:
    """The setting whose last part is nearest, for a key in the wrong table."""
    last = {name.rpartition(".")[2]: name for name in defaults}
    return [last[name] for name in difflib.get_close_matches(key.rpartition(".")[2], last, n=1, cutoff=cutoff)]


def in_range(key: str, value: Any, where: str) -> Any:
    """The value, if it lies within the limits of its key."""
    low, high = LIMITS.get(key, (None, None))
    if low is not None and high is not None and not low <= value <= high:
        raise StationError(f"“{key}” in {where} is {value}.", f"It goes from {low} to {high}.")
    if key in CHOICES and value not in CHOICES[key]:
        raise StationError(f"“{key}” in {where} is {value!r}.", f"Choose one of {', '.join(map(str, CHOICES[key]))}.")
    if key == "spoken.locale" and value and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", value):
        raise StationError(f"“{key}” in {where} is “{value}”.", "A language with its country: en-US, en-GB, vi-VN.")
    if key == "voice.by_language":
        for language, voice in value.items():
            if not isinstance(voice, str):
                raise StationError(f"“voice.by_language.{language}” in {where} must be a voice.", 'vi = "gtts:vi"')
    if key == "voice.names":
        for voice, name in value.items():
            if not isinstance(name, str) or not name.strip():
                raise StationError(f"“voice.names.{voice}” in {where} must be a name.", '"hibari:heart" = "Heart"')
    if key == "output.beside" and not set(value) <= set(BESIDE):
        raise StationError(f"“{key}” in {where} is {value!r}.", f"Some or none of {', '.join(BESIDE)}.")
    if key == "station.colours" and not (len(value) == 2 and all(re.fullmatch(r"#[0-9a-fA-F]{6}", str(colour)) for colour in value)):
        raise StationError(f"“{key}” in {where} must be two colours.", 'The ground, and what stands out: colours = ["#12263f", "#f2a541"]')
    if key in ("voice.readers", "voice.fallback") and not all(isinstance(voice, str) and voice for voice in value):
        raise StationError(f"“{key}” in {where} must be a list of voices.", f'{key.partition(".")[2]} = ["hibari:heart"]')
    if key == "words.by_language":
        for language, words in value.items():
            if not isinstance(words, dict) or not all(part in PARTS and isinstance(text, str) for part, text in words.items()):
                raise StationError(f"“words.by_language.{language}” in {where} must be a table of {', '.join(PARTS)}.", 'opening = "..."')
    return value


def build(values: Mapping[str, Any]) -> Station:
    """Checked values to a Station."""
    return Station(
        name=values["station.name"],
        language=values["station.language"].lower().partition("-")[0] or "en",
        cover=picture(values["station.cover"]),
        colours=(values["station.colours"][0].lower(), values["station.colours"][1].lower()),
        podcast=podcast(values),
        names=values["voice.names"],
        beside=tuple(values["output.beside"]),
        certificate=existing(values["signing.certificate"], "signing.certificate"),
        key=existing(values["signing.key"], "signing.key"),
        timestamps=address("signing.timestamps", values["signing.timestamps"]),
        voice=values["voice.default"],
        voices={language.lower().partition("-")[0]: voice for language, voice in values["voice.by_language"].items()},
        readers=tuple(values["voice.readers"]),
        turns=values["voice.turns"],
        fallback=tuple(values["voice.fallback"]),
        fallback_for=values["voice.fallback_for"],
        processes=values["voice.processes"],
        online=values["online.allowed"],
        interval=float(values["online.interval"]),
        at_once=values["online.at_once"],
        request_timeout=float(values["online.timeout"]),
        patience=float(values["online.patience"]),
        rate=values["voice.rate"],
        words={
            "": {part: values[f"words.{part}"] for part in PARTS if values[f"words.{part}"]},
            **{language.lower().partition("-")[0]: words for language, words in values["words.by_language"].items()},
        },
        headlines=values["rundown.headlines"],
        pauses=Pauses(**{name: Ms(values[f"pauses.{name}"]) for name in Pauses.__slots__}),
        jingles={slot: jingle(slot, values[f"sound.{slot}"]) for slot in SLOTS},
        jingle_level=values["sound.jingle_level"],
        bed_level=values["sound.bed_level"],
        bed_between=values["sound.bed_between"],
        attack=Ms(values["sound.attack"]),
        release=Ms(values["sound.release"]),
        outro_level=values["sound.outro_level"],
        overlap=Ms(values["sound.overlap"]),
        master=master("", {}, values),
        masters={name: master(name, form, values) for name, form in values["masters"].items()},
        folder=outbox(values["output.folder"]),
        upload=values["output.upload"] or (values["output.folder"] if "://" in values["output.folder"] else ""),
        latest=file_name("output.latest", values["output.latest"]),
        valid_for=values["output.valid_for"],
        cut=values["output.cut"],
        corrections=values["articles.corrections"],
        articles=folder(values["articles.folder"]),
        locale=values["spoken.locale"] or values["station.language"],
        emoji=values["spoken.emoji"],
        quotes=values["spoken.quotes"],
        lexicon=lexicon(values["spoken.lexicon"]),
        timeout=float(values["web.timeout"]),
        max_bytes=int(values["web.max_megabytes"] * 1_000_000),
        max_redirects=values["web.max_redirects"],
        store=store_folder(values["store.folder"]),
        store_bytes=int(values["store.max_megabytes"] * 1_000_000),
    )


def existing(name: str, key: str) -> Path | None:
    """The file that a setting names, or None where it is empty."""
    if not name or name == "none":
        return None
    path = Path(name).expanduser()
    if not path.is_file():
        raise StationError(f"No such file: {path} ({key}).", "A file name is looked for beside the station file.")
    return path


def picture(name: str) -> Path | None:
    """The cover, if there is one and it is a picture that tags can carry."""
    path = existing(name, "station.cover")
    try:
        if path is None or path.read_bytes()[:4].startswith((b"\xff\xd8\xff", b"\x89PNG")):
            return path
    except OSError as error:
        raise StationError(f"Cannot read the cover {path}: {error.strerror}.", "Check its rights.") from error
    raise StationError(f"{path} is no JPEG or PNG (station.cover).", "Export it as one, square, 1400 to 3000 pixels.")


def jingle(slot: str, name: str) -> Path | None:
    """The file for a jingle's slot."""
    if name == "shipped":
        return Path(str(resources.files("bulletin").joinpath("jingles", f"{slot}.flac")))
    return existing(name, f"sound.{slot}")


def target(wanted: str | float) -> Target:
    """A loudness target by name, or from a number of LUFS."""
    if isinstance(wanted, str) and wanted in TARGETS:
        return TARGETS[wanted]
    try:
        lufs = float(wanted)
    except ValueError:
        near = difflib.get_close_matches(str(wanted), TARGETS, n=1)
        raise StationError(
            f"Unknown loudness target “{wanted}”.",
            f"Did you mean “{near[0]}”?" if near else f"One of {', '.join(TARGETS)}, or a number such as -16.",
        ) from None
    if not -40 <= lufs <= -9:
        raise StationError(f"A target of {lufs:g} LUFS is out of range.", "It goes from -40 to -9.")
    return Target(name=f"{lufs:g} LUFS", lufs=lufs, true_peak=-1.0, source="the station")


def master(name: str, form: Any, values: Mapping[str, Any]) -> Master:
    """A form in which bulletins go out; what it does not set is the station's. Raises StationError, naming the setting."""
    known = {"target": "sound.target", **{key: f"output.{key}" for key in ("rate", "channels", "bitrate", "bits")}}
    where = f"[masters.{name}]"
    if not isinstance(form, dict):
        raise StationError(f"“masters.{name}” must be a table.", f'{where} and below it: target = "r128", files = ["wav"]')
    if unknown := next((key for key in form if key not in known and key != "files"), ""):
        raise StationError(f"Unknown setting “{unknown}” in {where}.", f"There are {', '.join(known)} and files.")
    if not re.fullmatch(r"[\w-]*", name):
        raise StationError(f"“{name}” is no name for a master.", "Letters, digits and hyphens: it becomes part of a file's name.")
    files = form.get("files", ["mp3"])
    if not isinstance(files, list) or not files or not set(files) <= set(KINDS) or len(set(files)) < len(files):
        raise StationError(f"“files” in {where} is {files!r}.", 'One or both of "mp3" and "wav": files = ["wav", "mp3"]')
    chosen = {key: check(setting, form[key], values, where) if key in form else values[setting] for key, setting in known.items()}
    return Master(name=name, kinds=tuple(f".{kind}" for kind in files), **{**chosen, "target": target(chosen["target"])})


def file_name(key: str, name: str) -> str:
    """A file's name without folder and ending."""
    if not name or not re.fullmatch(r"[^/\\:*?\"<>|.]+", name):
        raise StationError(f"“{name}” is no name for a file ({key}).", "Without folder and ending: latest")
    return name


def folder(name: str) -> Path | None:
    """The station's own folder of phrases, or None where there is none."""
    if name and not Path(name).expanduser().is_dir():
        raise StationError(f"No such folder: {name} (articles.folder).", "It holds languages/*.toml and sites/*.toml.")
    return Path(name).expanduser() if name else None


def lexicon(name: str) -> Path:
    """The station's own lexicon, which need not be there yet; its folder must."""
    if not name:
        return user_file().with_name("lexicon.csv")
    path = Path(name).expanduser()
    if path.is_dir() or not path.resolve().parent.is_dir():
        raise StationError(f"{path} cannot be a lexicon (spoken.lexicon).", "Name a .csv file in a folder that is there.")
    if path.suffix.lower() in (".pls", ".xml"):
        raise StationError(
            f"{path} cannot keep all that a lexicon holds (spoken.lexicon).",
            f"Name a .csv file, and bring it in: bulletin lexicon import {path.name}",
        )
    return path


def outbox(folder: str) -> Path:
    """Where bulletins land; for a URL, a folder of the user's from which they are sent there."""
    if "://" not in folder:
        return Path(folder).expanduser()
    import platformdirs

    name = re.sub(r"[^\w.-]+", "-", re.sub(r"//[^/@]*@", "//", folder)).strip("-")
    return platformdirs.user_data_path("bulletin", appauthor=False) / "outbox" / name


def store_folder(name: str) -> Path:
    """Where clips are kept: the setting, else the user's cache folder."""
    if name:
        return Path(name).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("bulletin", appauthor=False) / "clips"
