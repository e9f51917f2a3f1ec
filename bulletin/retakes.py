"""A take that is doubted is voiced once more, then in halves; where that does not help it is not taken for speech.

Doubted is what gave no sound at all, again and again, and a clip that is not what its voice says of such words (proof.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bulletin import proof
from bulletin.errors import EngineError
from bulletin.model import Take
from bulletin.sentences import halves
from bulletin.store import key

ALIKE = 0.2
"""Share by which a sentence and its halves may differ in length and still confirm each other."""
SAME = 0.02
"""Share by which two answers to the same words may differ in length and still be one."""
AROUND = 0.075
"""Seconds of silence that a clip keeps at its ends."""

Kept = tuple[Path, dict[str, Any]]
"""A clip's file and its facts."""
Told = tuple[Take, Kept]
Voice = Callable[[Take], Kept]
"""Gives a take's clip, from the store or voiced now. Raises EngineError."""


def retaken(
    take: Take, first: Kept | EngineError, pace: proof.Pace, voice: Voice, retake: Callable[[str], Take], cost: Callable[..., None]
) -> Sequence[Told]:
    """What is to be heard for a doubted take: takes with their clips. Raises EngineError where nothing is beyond doubt.

    `retake` makes a take of other words in its place; `cost` is told what was done, and the takes that it gave.
    """
    whole = [] if isinstance(first, EngineError) else [(take, first)]
    ends = pace
    if whole:
        again = replace(take, key=key(again=take.key))
        whole.append((again, voice(again)))
        cost("voiced again", again)
        if abs(seconds(whole[0]) / seconds(whole[1]) - 1) < SAME:  # no line is cut twice at the same place
            ends = replace(pace, tail=0.0)
        if not doubt(*whole[-1], ends):
            return whole[-1:]
    words = halves(take.words)
    parts: list[Told] = []
    if len(words) > 1:
        parts = [(half, voice(half)) for half in map(retake, words)]
        cost("split", *(half for half, _ in parts))
    reason = next((why for told in parts if (why := doubt(*told, pace))), "") if parts else "cannot be split"
    if reason:
        raise (
            first
            if isinstance(first, EngineError)
            else EngineError(
                f"What {take.voice.name} says for “{take.words}” {doubt(take, first, pace)}, twice over.",
                "Change the words, or choose another voice; --allow-gaps goes on without them.",
            )
        )
    halved = sum(map(seconds, parts))
    alike = [told for told in whole if abs(seconds(told) / halved - 1) < ALIKE and not proof.cut_off(measured(*told), ends)]
    return alike[:1] or parts


def doubt(take: Take, kept: Kept, pace: proof.Pace) -> str:
    """Why a clip can hardly be what its voice says of its words; empty where it can."""
    return proof.doubt(measured(take, kept), pace)


def measured(take: Take, kept: Kept) -> proof.Measured:
    """What is known of a clip, at the voice's own pace."""
    return proof.Measured(words=take.words, duration=seconds((take, kept)) * take.rate, tail=kept[1]["tail"])


def seconds(told: Told) -> float:
    """How long somebody speaks in a clip."""
    return max(0.01, float(told[1][1]["duration"]) / 1000 - AROUND)
