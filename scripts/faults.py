"""Bulletins made while the network fails, and whether anything was lost in silence: the library part of `scripts/faults`.

Each bulletin is made against the stand-in for Google Translate's voice, which fails as it is told, then once more without faults. What
comes out is held against what went in: every sentence, every clip's words, every clip against the sound that the service has for them.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from standin import EARLY, FAULTS, LOST, PASSING, StandIn  # noqa: E402  # it lies among the tests
from verdicts import INTERVAL, Case, Made, Verdict, kept_clips, verdict  # noqa: E402

import bulletin  # noqa: E402
from bulletin import sentences  # noqa: E402
from bulletin.errors import BulletinError  # noqa: E402

SETTINGS: dict[str, Any] = {
    "online.interval": INTERVAL,
    "online.timeout": 1.5,
    "online.patience": 30,
    "output.channels": 1,
    **{f"sound.{place}": "none" for place in ("intro", "sting", "bed", "outro")},
}
"""Of every bulletin here: quick, and without music, so that what is heard is speech."""
OUTAGE = 5
"""Seconds of patience where every request fails."""
FALLBACK = "hibari:heart"
PASSES = tuple(fault for fault in (*EARLY, *PASSING) if fault not in ("refused", "stranger", "host"))
"""Faults that are over when one asks again and that can be noticed without listening."""
MIXED = {"mixed, passing": PASSES, "mixed, all": tuple(FAULTS), "mixed, lost": (*PASSING, *LOST, *EARLY)}
"""Name of a mixture -> its faults."""
SHARES = (0.2, 0.4, 0.2, 1.0, 0.4)
"""Of the requests that fail where one fault comes alone, bulletin by bulletin; 0.2 where they are mixed."""
BASICS = {"en": ("harbour.txt", "library.txt"), "vi": ("cho-noi.txt",)}
"""Language -> the examples whose sentences are told."""
DAYS = {"en": "On day {}, ", "vi": "Ngày {}, "}
"""What makes a sentence another for each bulletin."""
TITLES = {"en": "What the harbour and the library did on day {}", "vi": "Chợ nổi và bến tàu trong ngày {}"}


class Chance:
    """A plan for the stand-in: a share of requests fails, drawn by the request's number since the plan was made."""

    def __init__(self, share: float, seed: int, faults: Sequence[str], first: int = 0) -> None:
        self.share, self.seed, self.faults, self.first = share, seed, tuple(faults), first

    def __call__(self, number: int, text: str) -> str | None:
        """The fault of a request, or None."""
        dice = random.Random(f"{self.seed} {number - self.first}")
        fault = dice.choice(self.faults) if dice.random() < self.share else None
        return fault if fault is None or (fault in EARLY) != bool(text) else None


# --- what is made -------------------------------------------------------------------------------------------


def cases(count: int, seed: int) -> list[Case]:
    """So many bulletins: two in three with one fault alone, each in turn, the others with many; a third by the command line."""
    found = []
    for number in range(count):
        alone = number % 10 < 7
        order = number // 10 * 7 + number % 10
        fault = FAULTS[order % len(FAULTS)] if alone else list(MIXED)[number % 10 - 7]
        language = "vi" if number % 8 == 5 else "en"
        found.append(
            Case(
                number=number,
                fault=fault,
                share=SHARES[order // len(FAULTS) % len(SHARES)] if alone else 0.2,
                seed=seed,
                language=language,
                stories=told(number, language, random.Random(f"{seed} {number}")),
                scope=("", "bulletin", "", "story")[number % 4] if language == "en" else "",
                gaps=number % 5 == 2,
                shell=number % 3 == 0,
            )
        )
    return found


def told(number: int, language: str, draw: random.Random) -> tuple[tuple[str, ...], ...]:
    """One to three stories in sentences that no other bulletin has."""
    known = draw.sample(basics(language), k=min(len(basics(language)), 9))
    found = []
    for story in range(draw.randint(1, 3)):
        day = 121 + number * 3 + story
        lines = [f"{DAYS[language].format(day)}{line[0].lower()}{line[1:]}" for line in known[story * 3 : story * 3 + 3]]
        found.append((TITLES[language].format(day), *lines))
    return tuple(found)


def basics(language: str) -> list[str]:
    """Sentences of the examples, each of which can stand alone."""
    text = "\n".join((ROOT / "examples" / name).read_text(encoding="utf-8") for name in BASICS[language])
    lines = [re.sub(r"^\([^)]*\)\s*-\s*", "", line) for line in text.splitlines() if line.rstrip().endswith((".", '"'))]
    known = [sentence for line in lines for sentence in sentences.sentences(line, language)]
    return [sentence for sentence in dict.fromkeys(known) if len(sentence.split()) > 6 and '"' not in sentence]


def written(case: Case, folder: Path) -> list[Path]:
    """A case's stories as text files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"story-{number}.txt" for number in range(len(case.stories))]
    for path, (title, *lines) in zip(paths, case.stories, strict=True):
        path.write_text("\n\n".join([title, *lines]) + "\n", encoding="utf-8")
    return paths


def make(case: Case, folder: Path, service: StandIn, name: str, *, shell: bool) -> Made:
    """Make a case's bulletin, and tell what the service was asked for it."""
    before = len(service.asked)
    wanted = {"store.folder": str(folder / "clips"), **SETTINGS, "voice.fallback_for": case.scope or "bulletin"}
    if case.share == 1.0:
        wanted["online.patience"] = OUTAGE
    way = by_shell if shell else here
    code, report, complaint = way(case, written(case, folder), folder / name, wanted, service)
    return Made(code=code, report=report, asked=service.asked[before:], complaint=complaint)


def here(case: Case, sources: Sequence[Path], output: Path, settings: Any, service: StandIn) -> tuple[int, Any, str]:
    """(exit code as the command line would have it, report, "") of a bulletin that is made in this process; it waits a tenth as long."""
    fallback = [FALLBACK] if case.scope else []
    with patch.dict(os.environ, service.environment), patch("bulletin.crew.FIRST", 0.1 if case.share < 1 else 1.0):
        try:
            made = bulletin.make(
                *sources,
                output=output,
                voice=case.voice,
                fallback=fallback,
                allow_gaps=case.gaps,
                settings=settings,
                language=case.language,
            )
        except BulletinError as error:
            return error.exit_code, {"files": [], "problems": [{"message": error.message, "hint": error.hint}]}, ""
    return 3 if made.problems else 0, json.loads(json.dumps(made.as_dict())), ""


def by_shell(case: Case, sources: Sequence[Path], output: Path, settings: Any, service: StandIn) -> tuple[int, Any, str]:
    """(exit code, report, what it said if that was no report) of `bulletin make`."""
    options = ["--voice", case.voice, "--language", case.language, "--json", "-o", str(output), *(["--allow-gaps"] if case.gaps else [])]
    options += ["--fallback", FALLBACK] if case.scope else []
    options += [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    command = [sys.executable, "-m", "bulletin", "make", *map(str, sources), *options]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=180, check=False, env={**os.environ, **service.environment, "PYTHONPATH": path}
    )
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return done.returncode, {"files": [], "problems": []}, f"no report: {done.stderr[-300:]}"
    return done.returncode, report, f"a traceback: {done.stderr[-300:]}" if "Traceback" in done.stderr else ""


def measured(case: Case, folder: Path, service: StandIn) -> Verdict:
    """Make a bulletin while the network fails, and again when it does not, and tell what became of it."""
    service.plan = Chance(case.share, case.seed + case.number, MIXED.get(case.fault, (case.fault,)), service.count)
    first = make(case, folder, service, "first.mp3" if case.shell else "first.wav", shell=case.shell)
    kept = kept_clips(folder)
    service.plan = lambda *_: None
    again = make(case, folder, service, "again.wav", shell=False)
    return verdict(case, folder, first, again, kept, service.mouth)
