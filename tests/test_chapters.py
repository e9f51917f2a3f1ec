"""Chapters, captions and marks: in the file and beside it they say the same, when programs read them that we did not write."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
import soxr
from conftest import tool
from mutagen.id3 import ID3

import bulletin
from bulletin.model import Report
from bulletin.outputs.captions import pieces, shares, wrapped

STORIES = 11
"""More than nine, so that an order by name or by size shows."""
HEADLINES = [
    "Ferry sails", "Mobile library adds an evening stop", "Bridge", "Market & fair < open >", "Rain",
    "Schools open again on Monday morning", "Harbour lights", "Zoo: “a seal”", "Tram line 4", "Bakery wins", "Snow on the pass",
]  # fmt: skip
EXACT = 20
"""Milliseconds by which times may differ, as the issue of captions has it."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Report:
    """A bulletin of many short stories, two voices' worth of captions, with pages on the web as its sources."""
    folder = tmp_path_factory.mktemp("chapters")
    stories = "\n\n".join(
        f"== Story ==\nsource: https://example.org/{number}?a=1&b=ü\n\n# {headline}\n\nIt is story {number}. It says no more than this."
        for number, headline in enumerate(HEADLINES)
    )
    script = f"bulletin script 1\nat: 2026-03-12T18:05:00+07:00\n\n== Opening ==\n\nThis is the news.\n\n{stories}\n"
    (folder / "news.txt").write_text(script, encoding="utf-8")
    settings = {
        "station.name": "Radio Đà Nẵng",
        "voice.names": {"hibari:heart": "Mai <Heart>"},
        "rundown.headlines": 0,
        "store.folder": str(cache / "bulletin" / "clips"),
    }
    return bulletin.make(folder / "news.txt", output=folder / "out.mp3", settings=settings)


def beside(report: Report, ending: str) -> str:
    path = report.files[0].with_name(f"out{ending}")
    return path.read_text(encoding="utf-8")


def stamps(text: str) -> list[tuple[int, int]]:
    """(start, end) of each cue of a VTT or an SRT."""
    found = re.findall(r"(\d+):(\d\d):(\d\d)[.,](\d{3}) --> (\d+):(\d\d):(\d\d)[.,](\d{3})", text)
    return [tuple(((int(h) * 60 + int(m)) * 60 + int(s)) * 1000 + int(ms) for h, m, s, ms in (cue[:4], cue[4:])) for cue in found]  # type: ignore[misc]


def told(report: Report) -> list[tuple[int, int, str]]:
    return [(chapter.start, chapter.end, chapter.title) for chapter in report.programme.sheet.chapters]


# --- chapters -----------------------------------------------------------------------------------------------


def test_ffprobe_lists_the_chapters_in_order_with_their_times(made: Report) -> None:
    command = [tool("ffprobe"), "-v", "error", "-show_chapters", "-of", "json", str(made.files[0])]
    chapters = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["chapters"]
    found = [(round(float(each["start_time"]) * 1000), round(float(each["end_time"]) * 1000), each["tags"]["title"]) for each in chapters]
    assert found == told(made) and len(found) == STORIES


def test_mutagen_reads_the_table_of_contents_and_each_chapter_with_its_link(made: Report) -> None:
    tags = ID3(made.files[0])
    contents = tags.getall("CTOC")[0]
    chapters = [tags[f"CHAP:{name}"] for name in contents.child_element_ids]
    assert [(each.start_time, each.end_time, each.sub_frames["TIT2"].text[0]) for each in chapters] == told(made)
    assert contents.flags == 3
    assert [each.sub_frames["WXXX:"].url for each in chapters] == [f"https://example.org/{n}?a=1&b=ü" for n in range(STORIES)]


def test_eyed3_agrees(made: Report) -> None:
    eyed3 = pytest.importorskip("eyed3")
    tag = eyed3.load(made.files[0]).tag
    contents = next(iter(tag.table_of_contents))
    found = [tag.chapters.get(name) for name in contents.child_ids]
    assert [(*each.times, each.title) for each in found] == told(made)
    assert tag.title == "; ".join(HEADLINES) and tag.artist == "Radio Đà Nẵng" and tag.album == "Radio Đà Nẵng 2026-03-12"


def test_mp3val_has_nothing_to_say(made: Report) -> None:
    said = subprocess.run([tool("mp3val"), str(made.files[0])], capture_output=True, text=True, check=True).stdout
    assert "WARNING" not in said and "ERROR" not in said and "INFO:" in said


def test_the_chapters_beside_are_those_of_the_file(made: Report) -> None:
    found = json.loads(beside(made, ".chapters.json"))
    chapters = found["chapters"]
    assert found["version"] == "1.2.0" and found["podcastName"] == "Radio Đà Nẵng"
    assert [(round(each["startTime"] * 1000), round(each["endTime"] * 1000), each["title"]) for each in chapters] == told(made)
    assert chapters[3]["url"] == "https://example.org/3?a=1&b=ü"


def test_a_chapter_begins_where_its_headline_does_in_the_captions(made: Report) -> None:
    starts = {start for start, _ in stamps(beside(made, ".vtt"))}
    assert {start for start, _, _ in told(made)} <= starts


def test_the_sound_is_where_the_captions_say(made: Report) -> None:
    """Each clip is found again in the decoded file, by correlation, within EXACT of the start of its cue."""
    command = [tool("ffmpeg"), "-v", "error", "-i", str(made.files[0]), "-f", "f32le", "-ac", "1", "-ar", "48000", "-"]
    sound = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<f4")
    cues = [cue for cue in made.programme.sheet.cues if cue.role == "speech"]
    assert [cue.start for cue in cues] == [start for start, _ in stamps(beside(made, ".vtt"))]
    for cue in cues[:: max(1, len(cues) // 20)]:
        assert abs(offset(sound, cue.path, cue.start)) <= EXACT, cue


def offset(sound: np.ndarray, clip: Path, start: int) -> float:
    """Milliseconds by which a clip is heard later than it should be, within 200."""
    samples, rate = soundfile.read(clip, dtype="float32")
    clip_there = soxr.resample(samples, rate, 48_000)[: 48 * 3000]
    margin = 48 * 200
    begin = start * 48 - margin
    around = sound[max(0, begin) : start * 48 + len(clip_there) + margin]
    found = np.correlate(around, clip_there, "valid")
    return (int(np.argmax(found)) + max(0, begin) - start * 48) / 48


# --- captions -----------------------------------------------------------------------------------------------


def test_the_vtt_has_a_cue_a_sentence_with_its_speaker_in_lines_of_32(made: Report) -> None:
    text = beside(made, ".vtt")
    cues = [part.split("\n") for part in text.split("\n\n") if "-->" in part]
    assert len(cues) == len(made.programme.sheet.transcript)
    assert all(cue[1].startswith("<v Mai &lt;Heart&gt;>") for cue in cues)
    assert all(
        len(re.sub(r"<v .*?>", "", line).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) <= 32
        for cue in cues
        for line in cue[1:]
    )
    assert "Market &amp; fair &lt; open &gt;" in text and text.startswith("WEBVTT\n\nNOTE This bulletin is read by a synthetic voice.\n")


@pytest.mark.parametrize("ending", [".vtt", ".srt"])
def test_ffmpeg_reads_every_cue_with_its_times(made: Report, ending: str) -> None:
    path = made.files[0].with_name(f"out{ending}")
    command = [tool("ffprobe"), "-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "json", str(path)]
    packets = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["packets"]
    found = [
        (round(float(each["pts_time"]) * 1000), round((float(each["pts_time"]) + float(each["duration_time"])) * 1000)) for each in packets
    ]
    assert found == stamps(path.read_text(encoding="utf-8")) and len(found) >= len(made.programme.sheet.transcript)


def test_the_srt_has_two_lines_of_32_at_most_and_keeps_the_ends_of_sentences(made: Report) -> None:
    text = beside(made, ".srt")
    cues = [part.strip().split("\n") for part in text.split("\n\n")]
    assert [int(cue[0]) for cue in cues] == list(range(1, len(cues) + 1))
    assert all(len(cue) <= 4 and all(len(line) <= 32 for line in cue[2:]) for cue in cues)
    found = stamps(text)
    lines = made.programme.sheet.transcript
    assert {line.start for line in lines} <= {start for start, _ in found} and {line.start + line.duration for line in lines} <= {
        end for _, end in found
    }
    assert all(a < b for a, b in found) and all(before[1] <= after[0] for before, after in pairwise(found))
    words = " ".join(" ".join(cue[2:]) for cue in cues).removeprefix("Mai <Heart>: ")
    assert words == " ".join(line.segment.text for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "word",
        "a" * 100,
        "one two three " * 30,
        "ข่าวนี้อ่านด้วยเสียงสังเคราะห์" * 5,
        "新しい橋は月曜日に開通した" * 6,
        "x " + "b" * 40 + " and more words to wrap around here",
    ],
)
def test_no_letter_is_lost_when_lines_are_broken(text: str) -> None:
    lines = wrapped(text, 32)
    assert all(0 < len(line) <= 32 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_mark_stays_on_its_letter() -> None:
    assert all(not part.startswith("\u0301") for part in pieces("e\u0301" * 40, 31))


@pytest.mark.parametrize("texts", [["a"], ["aa", "b", "cccc"], ["x" * 64] * 7])
def test_the_parts_of_a_sentence_fill_its_time(texts: Sequence[str]) -> None:
    found = shares(1000, 4321, texts)
    assert found[0][0] == 1000 and found[-1][1] == 5321
    assert all(before[1] == after[0] for before, after in pairwise(found))


# --- what else the file tells -------------------------------------------------------------------------------


def test_the_file_carries_all_that_is_said(made: Report) -> None:
    lyrics = ID3(made.files[0]).getall("USLT")[0]
    assert lyrics.lang == "eng" and "It is story 10. It says no more than this." in lyrics.text and "[0:0" in lyrics.text


def test_the_file_says_that_the_voice_is_synthetic_to_people_and_to_machines(made: Report) -> None:
    marks = {frame.desc: frame.text[0] for frame in ID3(made.files[0]).getall("TXXX")}
    assert marks["AI-DISCLOSURE"] == "This bulletin is read by a synthetic voice."
    assert marks["DigitalSourceType"] == "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"
    command = [tool("ffprobe"), "-v", "error", "-show_entries", "format_tags", "-of", "json", str(made.files[0])]
    assert "compositeWithTrainedAlgorithmicMedia" in subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_transcript_is_plain_and_tells_when_each_story_begins(made: Report) -> None:
    text = beside(made, ".transcript.txt")
    assert text.startswith("Radio Đà Nẵng, 2026-03-12 18:05 +0700\n\nThis bulletin is read by a synthetic voice.\n\n")
    starts = re.findall(r"^\[(\d+):(\d\d)\] (.*)$", text, re.MULTILINE)
    assert [(int(m) * 60 + int(s), title) for m, s, title in starts] == [(start // 1000, title) for start, _, title in told(made)]


def settings_of(beside: tuple[str, ...]) -> dict[str, object]:
    return {"output.beside": list(beside)}


def test_a_station_chooses_what_lies_beside(story: Path, tmp_path: Path) -> None:
    report = bulletin.make(story, output=tmp_path / "a.mp3", settings=settings_of(("vtt",)))
    assert sorted(path.name for path in report.files) == ["a.json", "a.mp3", "a.vtt"]
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("a.")) == ["a.json", "a.mp3", "a.vtt"]


def test_stable_names_are_taken_from_what_the_next_bulletin_has_not(story: Path) -> None:
    bulletin.make(story, latest=True)
    assert Path("audio_out/latest.vtt").is_file() and Path("audio_out/latest.chapters.json").is_file()
    bulletin.make(story, latest=True, settings=settings_of(()))
    assert sorted(path.name for path in Path("audio_out").glob("latest*")) == ["latest.json", "latest.mp3"]
