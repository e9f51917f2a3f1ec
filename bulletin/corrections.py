"""What becomes of a bulletin after it was published: corrected, withdrawn, issued again; every step is logged and told to listeners.

What the guid has to do with it, and what listeners' apps make of it: docs/corrections.md.
"""

from __future__ import annotations

import difflib
import json
import os
import tempfile
import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bulletin import episodes, outputs, produce, readers, scriptfile
from bulletin.errors import PublishError, ScriptError, UsageError
from bulletin.model import Correction, Episode, History, Ms, Report, Station
from bulletin.outputs import transcript, vtt
from bulletin.podcasting import LOG
from bulletin.ports import Progress
from bulletin.readers.decode import decode
from bulletin.sources import silent

AWAY = "withdrawn"
"""The folder, beside the bulletins, where the files of one go that was taken back."""
LONGEST_NOTE = 1000
"""Characters of what listeners are told."""


def find(folder: Path, wanted: str) -> Path:
    """The report of an episode, by its file, its name in the folder, or its guid. Raises PublishError for none."""
    given = Path(wanted)
    stems = [given.name, given.stem, given.name.partition(".")[0]]
    where = given.parent if given.parent != Path() or given.exists() else folder
    for path in [where / f"{stem}.json" for stem in stems]:
        if path.is_file():
            return path
    names = episodes.listing(folder) if folder.is_dir() else {}
    for name, report in episodes.reports(folder, names):
        if report.get("guid") == wanted:
            return folder / name
    near = difflib.get_close_matches(given.stem, [Path(name).stem for name in names if name.endswith(".json")], n=1, cutoff=0.4)
    raise PublishError(
        f"There is no episode “{wanted}” in {folder}.", f"Did you mean {near[0]}?" if near else "Name its MP3, its report, or its guid."
    )


def load(path: Path) -> tuple[dict[str, Any], Episode]:
    """A report as its file has it, and its episode. Raises PublishError for what is none, and for a stable name's copy."""
    try:
        report = json.loads(path.read_bytes())
        each = episodes.episode(path, report, episodes.listing(path.parent))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(f"{path} is no report of a bulletin.", "A report lies beside each bulletin that is made.") from error
    if not report.get("guid"):
        raise PublishError(f"{path.name} was made before bulletins could be corrected.", "Make it again: bulletin make")
    if not episodes.own(each, report):
        published = Path(report["files"][-1]).with_suffix("").name
        raise PublishError(f"{path.name} is another name of {published}.", f"Name that one: {published}")
    return report, each


def script(folder: Path, wanted: str) -> str:
    """The script file of an episode, to be edited. Raises PublishError."""
    return str(load(find(folder, wanted))[0]["script"])


def edited(path: Path, station: Station) -> str:
    """An edited script. Raises ReadError."""
    data, _, encoding = readers.load(str(path), station)
    return decode(data, encoding)


def correct(
    folder: Path, wanted: str, text: str, note: str, station: Station, *, offline: bool = False, progress: Progress = silent
) -> Report:
    """Voice what an edited script says otherwise, and publish the episode anew under its own name, with a note of it.

    Raises UsageError where nothing was changed, PublishError for an episode that is withdrawn, and all that `make` raises.
    """
    report, each = load(find(folder, wanted))
    told = noted(note)
    if each.history.withdrawn:
        raise PublishError(f"{each.name} is withdrawn.", f"Bring it back first: bulletin reissue {each.name}")
    if not scriptfile.is_script(text):
        raise ScriptError("What should be said instead is no script.", f"Begin with its script: bulletin correct {each.name} --print")
    changes = differences(report["script"], text)
    if not changes:
        raise UsageError("The script says what it said before.", "Change the words to correct, and save the file.")
    history = corrected(each.history, told, station)
    with tempfile.TemporaryDirectory(prefix="bulletin-") as place:
        source = Path(place) / f"{each.name}-script.txt"
        source.write_text(text, encoding="utf-8", newline="\n")
        made = produce.make(
            source, station=station, history=history, offline=offline, progress=progress, **as_before(report, each, station)
        )
    log(each.report.parent, "correct", each, history, told, {"changes": changes})
    return made


def as_before(report: Mapping[str, Any], each: Episode, station: Station) -> dict[str, Any]:
    """What `make` was asked for, as far as a report tells: the same name, time, length, forms and end. Raises PublishError."""
    masters = list(dict.fromkeys(told["master"] for told in report["masters"]))
    if lost := [name for name in masters if name and name not in station.masters]:
        raise PublishError(f"The station has no master “{lost[0]}” any more.", f"Put [masters.{lost[0]}] back into the station file.")
    files = [Path(told["file"]) for told in report["masters"]]
    folder = each.report.parent
    name = files[0].name if len(files) == 1 else f"{each.name}{files[0].suffix}"
    slot, until, made = report.get("slot"), report.get("valid_until"), episodes.moment(report["made"])
    return {
        "output": folder / name,
        "masters": [name for name in masters if name],
        "length": Ms(slot["length_ms"]) if slot else None,
        "latest": is_latest(each, station),
        "valid_for": round((episodes.moment(until) - made).total_seconds() / 60) if until else 0,
        "plot": (folder / f"{each.name}.png").is_file(),
        "at": made,
    }


def withdraw(folder: Path, wanted: str, note: str, station: Station) -> Episode:
    """Take an episode back: it leaves the feed, its files go into a folder of their own, its page says why. Raises PublishError."""
    report, each = load(find(folder, wanted))
    told = each.history.withdrawn or noted(note)
    history = replace(each.history, withdrawn=told)
    place = each.report.parent
    with outputs.alone(place):
        if is_latest(each, station):
            outputs.forget(place, station.latest, station)
        rewrite(each.report, report, history)
        (place / AWAY).mkdir(exist_ok=True)
        for name in belongings(report, each):
            (place / name).replace(place / AWAY / name)
    if not each.history.withdrawn:
        log(place, "withdraw", each, history, told)
    return load(each.report)[1]


def reissue(folder: Path, wanted: str, note: str, station: Station, *, valid_for: int = 0) -> Episode:
    """Publish an episode as another, which every app takes for new; one that was withdrawn comes back. Raises PublishError."""
    report, each = load(find(folder, wanted))
    place, told = each.report.parent, noted(note)
    guid = str(uuid.uuid5(outputs.EPISODES, f"{each.history.guid}|{each.history.revision + 1}"))
    history = replace(
        each.history,
        guid=guid,
        revision=each.history.revision + 1,
        published=told.at,
        corrections=(*each.history.corrections, told),
        withdrawn=None,
    )
    until = produce.end_of(told.at, valid_for)
    with outputs.alone(place):
        for path in sorted((place / AWAY).glob("*")) if (place / AWAY).is_dir() else []:
            if path.name in names_of(report, each):
                path.replace(place / path.name)
        with suppress(OSError):  # others may lie there
            (place / AWAY).rmdir()
        stable, files = is_latest(each, station), belongings(report, each)
        for name in files:
            note_in(place / name, told)
        rewrite(each.report, {**report, "valid_until": until.isoformat() if until else None}, history)
        if stable:
            outputs.again(place / each.name, [*files, each.report.name], station)
    log(place, "reissue", each, history, told)
    return load(each.report)[1]


def corrected(before: History, told: Correction, station: Station) -> History:
    """The history with a correction; by the station's policy, as the same episode or as a new one."""
    history = replace(before, revision=before.revision + 1, corrections=(*before.corrections, told))
    if station.podcast.corrected == "same":
        return history
    guid = str(uuid.uuid5(outputs.EPISODES, f"{before.guid}|{history.revision}"))
    return replace(history, guid=guid, published=told.at)


def noted(note: str) -> Correction:
    """What listeners are told, with the moment. Raises UsageError for nothing, or too much."""
    text = " ".join(note.split())
    if not text:
        raise UsageError("Listeners are told why.", 'Say it in a sentence: --note "An earlier version gave a wrong name."')
    if len(text) > LONGEST_NOTE:
        raise UsageError(f"The note has {len(text)} characters.", f"At most {LONGEST_NOTE}.")
    return Correction(at=datetime.now().astimezone().replace(microsecond=0), note=text)


def differences(before: str, after: str) -> list[dict[str, str]]:
    """The lines that were changed: what each said, and what it says now; the head and notes do not count."""
    was, now = spoken_lines(before), spoken_lines(after)
    found = []
    for kind, a, b, c, d in difflib.SequenceMatcher(a=was, b=now, autojunk=False).get_opcodes():
        if kind != "equal":
            found.append({"was": "\n".join(was[a:b]), "now": "\n".join(now[c:d])})
    return found


def spoken_lines(text: str) -> list[str]:
    """The lines of a script file that are not its head, notes or empty."""
    lines = [line.strip() for line in text.splitlines()]
    begin = next((at for at, line in enumerate(lines) if scriptfile.SECTION.match(line)), 0)
    return [line for line in lines[begin:] if line and not line.startswith("//")]


def is_latest(each: Episode, station: Station) -> bool:
    """Whether it is the bulletin that lies under the stable name: by its guid, or as it was before it was issued again, by its sound."""
    try:
        own, stable = (json.loads(path.read_bytes()) for path in (each.report, each.report.with_name(f"{station.latest}.json")))
        return bool(stable["guid"] == each.history.guid) or sums(own) == sums(stable)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def sums(report: Mapping[str, Any]) -> Sequence[str]:
    """The SHA-256 of each file of sound. Raises KeyError for a report that has none."""
    return [told["sha256"] for told in report["masters"]]


def names_of(report: Mapping[str, Any], each: Episode) -> set[str]:
    """The names of all that was published of an episode, but for its report."""
    return {Path(file).name for file in report["files"]} - {each.report.name}


def belongings(report: Mapping[str, Any], each: Episode) -> Sequence[str]:
    """Those of them that are there; the sound first."""
    there = episodes.listing(each.report.parent)
    return sorted(names_of(report, each) & there.keys(), key=lambda name: (not name.endswith(episodes.SOUND), name))


def rewrite(path: Path, report: Mapping[str, Any], history: History) -> None:
    """Write a report anew with another history, whole or not at all."""
    outputs.write_text(path, json.dumps({**report, **history.as_dict()}, ensure_ascii=False, indent=2) + "\n")


def note_in(path: Path, told: Correction) -> None:
    """Add a note to a transcript or captions that were written; other files are left alone. Raises PublishError."""
    for output in (transcript, vtt):
        if path.name.endswith(output.SUFFIX):
            outputs.write_text(path, output.noted(path.read_text(encoding="utf-8"), told))


def log(folder: Path, what: str, each: Episode, history: History, told: Correction, more: Mapping[str, Any] | None = None) -> None:
    """Add a line to the folder's log, which is never written over. Raises PublishError."""
    entry = {
        "at": told.at.isoformat(),
        "what": what,
        "episode": each.name,
        "guid": history.guid,
        **({"guid_before": each.history.guid} if history.guid != each.history.guid else {}),
        "revision": history.revision,
        "note": told.note,
        **(more or {}),
    }
    line = (json.dumps(entry, ensure_ascii=False) + "\n").encode()
    try:
        handle = os.open(folder / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        raise PublishError(f"Cannot write {folder / LOG}: {error.strerror or error}.", f"It should say: {line.decode().strip()}") from error
