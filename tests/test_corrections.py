"""Corrected, withdrawn, issued again: what changes, what must not, what listeners and the log are told."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import soundfile

import bulletin
from bulletin import corrections, podcasting
from bulletin import station as stations
from bulletin.errors import BulletinError, PublishError, UsageError
from bulletin.model import Station

NOTE = "An earlier version gave the wrong day."
AT = datetime(2026, 3, 12, 18, 5).astimezone()
URL = "https://example.org/news/"
QUIET = {f"sound.{slot}": "none" for slot in ("intro", "sting", "bed", "outro")}
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def station(tmp_path: Path) -> Station:
    path = tmp_path / "station.toml"
    settings = "\n".join(f'{name.partition(".")[2]} = "none"' for name in QUIET)
    path.write_text(f'[station]\nname = "River Radio"\n[podcast]\nbase_url = "{URL}"\n[sound]\n{settings}\n', encoding="utf-8")
    return stations.load(path)


@pytest.fixture
def out(story: Path, station: Station) -> Path:
    """The report of an episode that is out."""
    report = bulletin.make(story, station=station, at=AT, latest=True, valid_for=525_600)
    return report.files[-1]


def report(path: Path) -> dict[str, object]:
    return json.loads(path.read_text(encoding="utf-8"))


def log(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (path.parent / "corrections.jsonl").read_text(encoding="utf-8").splitlines()]


def parts(path: Path, ending: str) -> list[str]:
    return path.with_suffix(ending).read_text(encoding="utf-8").split("\n\n")


def script(path: Path) -> str:
    return corrections.script(path.parent, path.name)


def correct(path: Path, station: Station, was: str = "on Monday", now: str = "on Tuesday", note: str = NOTE) -> dict[str, object]:
    text = script(path)
    assert was in text
    return corrections.correct(path.parent, path.stem, text.replace(was, now), note, station).as_dict()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


# --- correct ------------------------------------------------------------------------------------------------


def test_a_correction_voices_what_changed_alone_and_keeps_every_name(out: Path, station: Station) -> None:
    before, there = report(out), names(out.parent)
    after = correct(out, station)
    assert (after["synthesised"], after["stored"]) == (1, before["stored"] + before["synthesised"] - 1)  # type: ignore[operator]
    assert after["files"] == before["files"] and names(out.parent) == there | {"corrections.jsonl"}
    same = ("guid", "made", "valid_until", "station", "feed", "published")
    assert {name: after[name] for name in same} == {name: before[name] for name in same}
    assert [(a["id"], a["text"]) for a, b in zip(after["segments"], before["segments"], strict=True) if a["text"] != b["text"]] == [  # type: ignore[call-overload]
        ("story-1-body-1", "The new harbour bridge opened to traffic on Tuesday, two years after the old one was closed.")
    ]
    assert after["revision"] == 2 and report(out) == json.loads(json.dumps(after))


def test_listeners_are_told_in_the_captions_the_transcript_and_the_show_notes(out: Path, station: Station) -> None:
    correct(out, station)
    podcasting.refresh(out.parent, station)
    for ending in (".vtt", ".transcript.txt", ".html"):
        assert NOTE in out.with_suffix(ending).read_text(encoding="utf-8"), ending
    feed = (out.parent / "feed.xml").read_text(encoding="utf-8")
    assert feed.count(NOTE) == 2 and f"{out.stem}.mp3?r=2" in feed and "<atom:updated>" in feed


def test_a_correction_changes_only_what_it_must_in_the_feed(out: Path, story: Path, station: Station) -> None:
    other = bulletin.make(story, station=station, at=AT - timedelta(days=1))
    podcasting.refresh(out.parent, station)
    before = (out.parent / "feed.xml").read_text(encoding="utf-8")
    after_made = correct(out, station)
    podcasting.refresh(out.parent, station)
    after = (out.parent / "feed.xml").read_text(encoding="utf-8")
    items = [re.findall(r"<item>.*?</item>", text, re.DOTALL) for text in (before, after)]
    assert items[0][1] == items[1][1] and other.files[0].name in items[0][1]
    changed = {line.split(">")[0].split()[0].strip("<") for line in items[1][0].splitlines() if line not in items[0][0]}
    assert changed == {"atom:updated", "description", "content:encoded", "enclosure", "podcast:transcript", "podcast:chapters"}
    assert str(after_made["guid"]) in items[0][0] and str(after_made["guid"]) in items[1][0]


def test_by_the_stations_policy_a_correction_is_a_new_episode(out: Path, tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text('[station]\nname = "River Radio"\n[podcast]\ncorrected = "new"\n', encoding="utf-8")
    before = report(out)
    after = correct(out, stations.load(tmp_path / "station.toml"))
    assert after["guid"] != before["guid"] and after["published"] == after["corrections"][0]["at"]  # type: ignore[index]
    assert log(out)[0]["guid_before"] == before["guid"] and log(out)[0]["guid"] == after["guid"]


def test_the_log_says_what_was_and_what_is(out: Path, station: Station) -> None:
    correct(out, station)
    correct(out, station, "the mayor", "the deputy mayor") if "the mayor" in script(out) else correct(
        out, station, "The mayor", "The deputy"
    )
    first, second = log(out)
    assert first["what"] == "correct" and first["note"] == NOTE and first["revision"] == 2 and second["revision"] == 3
    (change,) = first["changes"]  # type: ignore[misc]
    assert "on Monday" in change["was"] and "on Tuesday" in change["now"]
    assert len(report(out)["corrections"]) == 2  # type: ignore[arg-type]


def test_the_stable_name_goes_with_the_correction(out: Path, station: Station) -> None:
    correct(out, station)
    sound = out.with_suffix(".mp3")
    assert (out.parent / "latest.mp3").read_bytes() == sound.read_bytes() and report(out.parent / "latest.json")["revision"] == 2


def test_a_length_that_was_asked_for_is_still_met(story: Path, station: Station, tmp_path: Path) -> None:
    made = bulletin.make(story, station=station, output=tmp_path / "a.mp3", length=bulletin.model.Ms(25_000), at=AT)  # type: ignore[attr-defined]
    correct(made.files[-1], station)
    assert soundfile.info(made.files[0]).frames == 25 * 48_000


def test_each_form_is_made_anew(story: Path, station: Station, tmp_path: Path) -> None:
    made = bulletin.make(story, station=station, output=tmp_path / "a.mp3", masters=["podcast", "air"], at=AT)
    before = {path: path.read_bytes() for path in made.files}
    after = correct(made.files[-1], station)
    assert after["files"] == [str(path) for path in made.files]
    assert all(path.read_bytes() != data for path, data in before.items() if path.suffix in (".mp3", ".wav", ".vtt", ".json"))


@pytest.mark.parametrize(
    ("change", "note", "error"),
    [
        (lambda text: text, NOTE, "says what it said before"),
        (lambda text: text + "\n// a note that nobody hears\n", NOTE, "says what it said before"),
        (lambda text: text.replace("Monday", "Tuesday"), "  ", "Listeners are told why"),
        (lambda text: text.replace("Monday", "Tuesday"), "x" * 1001, "1001 characters"),
        (lambda text: "no script", NOTE, "no script"),
        (lambda text: "", NOTE, "no script"),
        (lambda text: text.replace("The new", "{voice nobody:x} The new"), NOTE, "nobody"),
    ],
)
def test_what_is_no_correction_changes_nothing(change: Callable[[str], str], note: str, error: str, out: Path, station: Station) -> None:
    before = {path: path.read_bytes() for path in out.parent.iterdir()}
    with pytest.raises(BulletinError, match=error):
        corrections.correct(out.parent, out.stem, change(script(out)), note, station)
    assert {path: path.read_bytes() for path in out.parent.iterdir()} == before


@pytest.mark.parametrize("by", ["stem", "mp3", "json", "path", "guid"])
def test_an_episode_is_found_by_each_of_its_names(by: str, out: Path) -> None:
    given = {
        "stem": out.stem,
        "mp3": f"{out.stem}.mp3",
        "json": out.name,
        "path": str(out.with_suffix(".mp3")),
        "guid": str(report(out)["guid"]),
    }
    assert corrections.find(out.parent, given[by]) == out


def test_the_stable_name_is_not_what_is_corrected(out: Path, station: Station) -> None:
    with pytest.raises(PublishError, match="another name of"):
        corrections.script(out.parent, "latest")


def test_an_unknown_episode_is_an_error_that_names_the_nearest(out: Path) -> None:
    with pytest.raises(PublishError) as failed:
        corrections.find(out.parent, out.stem[:-2])
    assert out.stem in failed.value.hint


# --- withdraw and reissue -----------------------------------------------------------------------------------


def test_a_withdrawn_episode_leaves_the_feed_its_files_go_aside_its_page_says_why(out: Path, station: Station) -> None:
    podcasting.refresh(out.parent, station)
    sound = out.with_suffix(".mp3").read_bytes()
    corrections.withdraw(out.parent, out.stem, "The port denies it.", station)
    found = podcasting.refresh(out.parent, station)
    assert found.shelf.out == () and found.shelf.left == {out.stem: "withdrawn"}
    assert "<item>" not in (out.parent / "feed.xml").read_text(encoding="utf-8")
    page = out.with_suffix(".html").read_text(encoding="utf-8")
    assert "The port denies it." in page and "<audio" not in page and "harbour bridge opened" not in page
    assert (out.parent / "withdrawn" / f"{out.stem}.mp3").read_bytes() == sound
    assert not [path for path in out.parent.iterdir() if path.name.startswith("latest") or path.suffix in (".mp3", ".vtt")]
    assert log(out)[-1]["what"] == "withdraw"


def test_withdrawing_twice_ends_what_the_first_had_begun(out: Path, station: Station) -> None:
    told = corrections.noted("Why.")
    values = report(out) | {"withdrawn": told.as_dict()}
    out.write_text(json.dumps(values), encoding="utf-8")  # as one that was killed before it moved the files
    corrections.withdraw(out.parent, out.stem, "Another why.", station)
    assert not out.with_suffix(".mp3").exists() and report(out)["withdrawn"] == told.as_dict()


def test_a_withdrawn_episode_cannot_be_corrected(out: Path, station: Station) -> None:
    text = script(out)
    corrections.withdraw(out.parent, out.stem, "Why.", station)
    with pytest.raises(PublishError, match="is withdrawn"):
        corrections.correct(out.parent, out.stem, text.replace("Monday", "Tuesday"), NOTE, station)


def test_reissued_it_is_another_episode_with_the_same_sound(out: Path, station: Station) -> None:
    before, sound = report(out), out.with_suffix(".mp3").read_bytes()
    corrections.withdraw(out.parent, out.stem, "Why.", station)
    corrections.reissue(out.parent, out.stem, "It was right.", station)
    after = report(out)
    assert after["guid"] != before["guid"] and after["withdrawn"] is None and after["valid_until"] is None
    assert out.with_suffix(".mp3").read_bytes() == sound and not (out.parent / "withdrawn").exists()
    podcasting.refresh(out.parent, station)
    feed = (out.parent / "feed.xml").read_text(encoding="utf-8")
    assert str(after["guid"]) in feed and str(before["guid"]) not in feed and "It was right." in feed
    assert [entry["what"] for entry in log(out)] == ["withdraw", "reissue"]


def test_the_note_of_a_second_issue_stands_where_that_of_a_correction_does(out: Path, station: Station) -> None:
    correct(out, station)
    before = {ending: parts(out, ending) for ending in (".vtt", ".transcript.txt", ".srt")}
    corrections.reissue(out.parent, out.stem, "Again --> and louder.", station)
    at = datetime.fromisoformat(report(out)["corrections"][1]["at"])  # type: ignore[index]
    for ending, note in ((".vtt", "NOTE {} Again → and louder."), (".transcript.txt", "{}: Again --> and louder.")):
        after, first = parts(out, ending), next(part for part in before[ending] if NOTE in part)
        added = note.format(f"{at:%Y-%m-%d %H:%M}")
        assert after.pop(before[ending].index(first) + 1) == added
        assert after == before[ending]
    assert parts(out, ".srt") == before[".srt"]  # which knows no comments


def test_issued_again_the_latest_lies_under_the_stable_name_as_it_is_now(out: Path, station: Station) -> None:
    corrections.reissue(out.parent, out.stem, "Again.", station)
    for ending in (".mp3", ".vtt", ".transcript.txt", ".json"):
        assert (out.parent / f"latest{ending}").read_bytes() == out.with_suffix(ending).read_bytes(), ending
    assert not list(out.parent.glob(".*.part"))
    corrections.withdraw(out.parent, out.stem, "Why.", station)
    assert not list(out.parent.glob("latest*"))


def test_the_stable_name_goes_even_where_it_still_has_the_guid_of_the_first_issue(out: Path, station: Station) -> None:
    stable = (out.parent / "latest.json").read_bytes()
    corrections.reissue(out.parent, out.stem, "Again.", station)
    (out.parent / "latest.json").unlink()
    (out.parent / "latest.json").write_bytes(stable)  # as one that was killed before it gave the stable names
    corrections.withdraw(out.parent, out.stem, "Why.", station)
    assert not list(out.parent.glob("latest*"))


def test_the_stable_name_of_another_bulletin_is_left_alone(out: Path, story: Path, station: Station) -> None:
    bulletin.make(story, station=station, at=AT + timedelta(hours=1), latest=True)
    stable = {path: path.read_bytes() for path in out.parent.glob("latest*")}
    corrections.reissue(out.parent, out.stem, "Again.", station)
    corrections.withdraw(out.parent, out.stem, "Why.", station)
    assert stable and stable == {path: path.read_bytes() for path in out.parent.glob("latest*")}


# --- the command line ---------------------------------------------------------------------------------------


def test_the_commands_from_a_shell(run: Run, story: Path, tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(
        f'[podcast]\nbase_url = "{URL}"\n[sound]\nintro = "none"\noutro = "none"\nbed = "none"\n', encoding="utf-8"
    )
    made = Path(run("make", story).stdout.strip())
    name = made.stem
    printed = run("correct", name, "--print")
    assert printed.returncode == 0 and printed.stdout.startswith("bulletin script 1")
    (tmp_path / "edited.txt").write_text(printed.stdout.replace("Monday", "Tuesday"), encoding="utf-8")
    found = run("correct", name, "--script", "edited.txt", "--note", NOTE)
    assert (found.returncode, found.stdout.split()) == (0, [str(made), "audio_out/feed.xml"]), found.stderr
    found = run("correct", name, "--script", "edited.txt", "--note", NOTE)
    assert found.returncode == 2 and "says what it said before" in found.stderr and "Traceback" not in found.stderr
    found = run("withdraw", name, "--note", "Why.")
    assert found.returncode == 0 and not made.exists()
    found = run("reissue", name, "--note", "Again.", "--json", "--valid-for", "90")
    assert found.returncode == 0 and json.loads(found.stdout)["revision"] == 3 and made.exists()


def test_what_somebody_edited_is_not_lost_where_it_cannot_be_voiced(
    run: Run, story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Path(run("make", story, "--set", "sound.intro=none").stdout.strip())
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\nsed -i 's/The new harbour/{voice nobody:x} The newer harbour/' \"$1\"\n", encoding="utf-8")
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    found = run("correct", made.stem, "--note", NOTE)
    kept = tmp_path / f"{made.stem}-script.txt"
    assert found.returncode == 1 and kept.name in found.stderr and "The newer harbour" in kept.read_text(encoding="utf-8")


def test_usage_errors_are_of_their_kind() -> None:
    with pytest.raises(UsageError):
        corrections.noted("")
