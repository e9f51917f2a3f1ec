"""fit(clips, length) -> what is said and with which pauses, so that the programme lasts exactly so long. Pure arithmetic; no sound.

The levers, in their order: whole paragraphs left out from the end of the last stories; pauses, within what stays natural; music before
the sign-off. A sentence is never cut, and no voice hurried.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from bulletin.errors import SlotError
from bulletin.model import Clip, Fitted, Ms

TIGHT, WIDE = 0.6, 1.5
"""How far pauses may shrink and grow: nobody hears them as hurried or as lost."""
BRISK, EASY = 0.85, 1.2
"""How far they shrink before a paragraph is left out, and grow before music fills the rest."""
SHORTEST_FILL, LONGEST_FILL = Ms(3_000), Ms(15_000)
"""Music before the sign-off: less is a hiccup, more is a hole."""

STOPS = frozenset(".!?…。！？।")
"""What a paragraph ends with, and a subhead does not."""

Measure = Callable[[Sequence[Clip], Ms], int]
"""The length of the programme of these clips, with so much music before its sign-off."""
Paragraph = tuple[int, int]
"""(story, number of its passage)."""


def fit(clips: Sequence[Clip], wanted: Ms, measure: Measure, *, music: bool) -> Fitted:
    """The clips to be laid for a programme of `wanted` milliseconds; `music` tells whether there is a bed to fill with.

    Raises SlotError where it cannot be, with the nearest length that can.
    """
    kept, out = shortened(list(clips), wanted, measure)
    if (least := measure(paced(kept, TIGHT), Ms(0))) > wanted:
        raise SlotError(
            f"It cannot be said in {spelled(wanted)}: with every story down to its first paragraph it lasts {spelled(least)}.",
            f"Leave a story out, or ask for --length {spelled(least)}.",
        )
    fill = filled(kept, wanted, measure) if music else Ms(0)
    most = measure(paced(kept, WIDE), fill)
    if most < wanted:
        raise SlotError(
            f"There is too little to say for {spelled(wanted)}: with long pauses{' and music' if music else ''} it lasts {spelled(most)}.",
            f"Add a story, or ask for --length {spelled(most)}.",
        )
    said = exact(kept, wanted, fill, measure)
    before = sum(clip.pause for clip in kept)
    pace = sum(clip.pause for clip in said) / before if before else 1.0
    return Fitted(clips=tuple(said), out=tuple(out), pace=round(pace, 3), fill=fill, length=wanted)


def shortened(clips: list[Clip], wanted: Ms, measure: Measure) -> tuple[list[Clip], list[Paragraph]]:
    """The clips without as many last paragraphs as it takes, and the paragraphs left out, in news order.

    The last story loses first; each keeps its headline and its first paragraph. What fits again at an easy pace comes back.
    """
    paragraphs = list(dict.fromkeys(place(clip) for clip in clips if clip.segment.role == "body" and clip.segment.story is not None))
    firsts = {story: min(number for of, number in paragraphs if of == story) for story, _ in paragraphs}
    out: list[Paragraph] = []
    for paragraph in reversed([pair for pair in paragraphs if pair[1] != firsts[pair[0]]]):
        if measure(paced(without(clips, out), BRISK), Ms(0)) <= wanted:
            break
        out.insert(0, paragraph)
    for paragraph in list(out):
        earlier = any(other[0] == paragraph[0] and other[1] < paragraph[1] for other in out)
        back = [other for other in out if other != paragraph]
        if not earlier and measure(without(clips, back), Ms(0)) <= wanted:
            out = back
    out = sorted({*out, *bare(without(clips, out), out)})
    return without(clips, out), out


def bare(kept: Sequence[Clip], out: Sequence[Paragraph]) -> list[Paragraph]:
    """Subheads that stand last in a story because what they head is left out."""
    last = {clip.segment.story: clip for clip in kept if clip.segment.role == "body"}
    shortened = {story for story, _ in out}
    return [place(clip) for story, clip in last.items() if story in shortened and clip.segment.text.rstrip("\"'”’)»")[-1:] not in STOPS]


def place(clip: Clip) -> Paragraph:
    """The paragraph that a clip is of."""
    return (-1 if clip.segment.story is None else clip.segment.story), clip.segment.passage


def without(clips: Sequence[Clip], out: Sequence[Paragraph]) -> list[Clip]:
    """The clips of what is not left out. The last of a story keeps the pause that stands behind a story."""
    gone = set(out)
    kept = [clip for clip in clips if clip.segment.role != "body" or place(clip) not in gone]
    ends = {clip.segment.story: clip.pause for clip in clips if clip.segment.story is not None}
    last = {clip.segment.story: at for at, clip in enumerate(kept) if clip.segment.story is not None}
    for story, at in last.items():
        kept[at] = replace(kept[at], pause=ends[story])
    return kept


def paced(clips: Sequence[Clip], factor: float) -> list[Clip]:
    """The clips with all pauses longer or shorter by a factor."""
    return [replace(clip, pause=Ms(round(clip.pause * factor))) for clip in clips]


def filled(clips: Sequence[Clip], wanted: Ms, measure: Measure) -> Ms:
    """How much music takes the rest that easy pauses leave; none where wide ones leave none and it would be a hiccup."""
    rest = wanted - measure(paced(clips, EASY), Ms(0))
    if rest < SHORTEST_FILL and measure(paced(clips, WIDE), Ms(0)) >= wanted:
        return Ms(0)
    return Ms(min(max(rest, SHORTEST_FILL), LONGEST_FILL))


def exact(clips: Sequence[Clip], wanted: Ms, fill: Ms, measure: Measure) -> list[Clip]:
    """The clips with the pauses that make the length exact: first all alike, then a millisecond here and there."""
    low, high = TIGHT, WIDE
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if measure(paced(clips, middle), fill) <= wanted else (low, middle)
    said = paced(clips, low)
    elastic = [at for at, clip in enumerate(said[:-1]) if clip.pause]
    missing = wanted - measure(said, fill)
    for at in elastic[:missing]:
        said[at] = replace(said[at], pause=Ms(said[at].pause + 1))
    missing = wanted - measure(said, fill)
    if missing and elastic:
        at = elastic[-1]
        said[at] = replace(said[at], pause=Ms(said[at].pause + missing))
    if measure(said, fill) != wanted:
        raise SlotError(f"{spelled(wanted)} cannot be met to the millisecond.", f"Ask for --length {spelled(measure(said, fill))}.")
    return said


def spelled(length: int) -> str:
    """`3:00`, `2:59.250`."""
    minutes, rest = divmod(int(length), 60_000)
    seconds, part = divmod(rest, 1000)
    return f"{minutes}:{seconds:02d}" + (f".{part:03d}" if part else "")
