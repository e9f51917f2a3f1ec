"""fit(clips, length) -> what is said and with which pauses, so that the programme lasts exactly so long. Pure arithmetic; no sound.

The levers, in their order: whole paragraphs left out from the end of the least important stories; spare stories where there is time to
fill; the pace of speech, within what nobody notices; pauses, within what stays natural; music before the sign-off; and last a story
left out whole. A sentence is never cut.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bulletin.errors import SlotError
from bulletin.model import MUST, SPARE, USUAL, Clip, Fitted, Ms

TIGHT, WIDE = 0.6, 1.5
"""How far pauses may shrink and grow: nobody hears them as hurried or as lost."""
BRISK, EASY = 0.85, 1.2
"""How far they shrink before a paragraph is left out, and grow before speech slows down or music fills the rest."""
SLOW, FAST = 0.92, 1.08
"""How far the pace of speech may go, as measured: nobody notices."""
UNHURRIED, LIVELY = 0.96, 1.04
"""How far it goes before music fills the rest, and before a paragraph is left out."""
SHORTEST_FILL, LONGEST_FILL = Ms(3_000), Ms(15_000)
"""Music before the sign-off: less is a hiccup, more is a hole."""
TAKES = 4
"""How often all is voiced anew to find a pace: a voice does not speak just as fast as it is told."""

STOPS = frozenset(".!?…。！？।۔؟:")
"""What a paragraph ends with, and a subhead does not."""
SUBHEAD = 80
"""Characters that a subhead has at most: Thai ends no paragraph with a stop."""

Measure = Callable[[Sequence[Clip], Ms], int]
"""The length of the programme of these clips, with so much music before its sign-off."""
Voiced = Callable[[Sequence[Clip], float], Sequence[Clip] | None]
"""Clips at another pace, 1.05 a twentieth faster, in their order; None where they cannot be had."""
Paragraph = tuple[int, int]
"""(story, number of its passage)."""
NOBODY: Mapping[int, int] = {}


def fit(
    clips: Sequence[Clip],
    wanted: Ms,
    measure: Measure,
    *,
    music: bool,
    priorities: Mapping[int, int] = NOBODY,
    voiced: Voiced | None = None,
) -> Fitted:
    """The clips to be laid for a programme of `wanted` milliseconds.

    music: whether there is a bed to fill with. priorities: story -> MUST, 1 to 9, or SPARE; USUAL where it is not named.
    voiced: where the voices can speak at another pace.
    Raises SlotError where it cannot be, with the nearest length that can.
    """
    stories = list(dict.fromkeys(clip.segment.story for clip in clips if clip.segment.story is not None))
    rank = {story: priorities.get(story, USUAL) for story in stories}
    spare = [story for story in stories if rank[story] == SPARE]
    if len(spare) == len(stories):  # there is nothing that they could be spare to
        rank, spare = dict.fromkeys(stories, USUAL), []
    least = 0
    for gone in losses([story for story in stories if story not in spare], rank):
        for lively in (LIVELY, 1.0) if voiced else (1.0,):
            kept, out, idle = content(clips, [*gone, *spare], spare, wanted, measure, rank, lively)
            if measure(paced(hurried(kept, FAST if voiced else 1.0), TIGHT), Ms(0)) > wanted:
                continue  # arithmetic knows already, without anything being voiced
            said = paced_to(kept, wanted, measure, music, voiced)
            if measure(paced(said, TIGHT), Ms(0)) <= wanted:
                return settled(clips, said, out, sorted([*gone, *idle]), wanted, measure, music, least)
        least = measure(paced(kept, TIGHT), Ms(0))
    raise SlotError(
        f"It cannot be said in {spelled(wanted)}: with every story that must run down to its first paragraph it lasts {spelled(least)}.",
        f"Leave a story out, or ask for --length {spelled(least)}.",
    )


def settled(
    clips: Sequence[Clip],
    said: Sequence[Clip],
    out: Sequence[Paragraph],
    dropped: Sequence[int],
    wanted: Ms,
    measure: Measure,
    music: bool,
    least: int,
) -> Fitted:
    """The answer, with the pauses and the music that make the length exact.

    `least`: how short it can be with the story that was lost last; 0 where none was. Raises SlotError where there is too little to say.
    """
    fill = filled(said, wanted, measure) if music else Ms(0)
    most = measure(paced(said, WIDE), fill)
    if most < wanted and least:
        nearest = min(least, most, key=lambda length: abs(length - wanted))
        raise SlotError(
            f"{spelled(wanted)} cannot be met: with the story that is lost last it lasts at least {spelled(least)}, without it "
            f"{spelled(most)}.",
            f"Add a short story (--spare), or ask for --length {spelled(nearest)}.",
        )
    if most < wanted:
        raise SlotError(
            f"There is too little to say for {spelled(wanted)}: with long pauses{' and music' if music else ''} it lasts {spelled(most)}.",
            f"Add a story (--spare), or ask for --length {spelled(most)}.",
        )
    done = exact(said, wanted, fill, measure)
    before = sum(clip.pause for clip in said)
    return Fitted(
        clips=tuple(done),
        out=tuple(out),
        dropped=tuple(dropped),
        rate=round(pace_of(clips, said), 4),
        pace=round(sum(clip.pause for clip in done) / before if before else 1.0, 3),
        fill=fill,
        length=wanted,
    )


# --- what is said -------------------------------------------------------------------------------------------


def losses(stories: Sequence[int], rank: Mapping[int, int]) -> Iterator[list[int]]:
    """No story lost, then one after the other: the least important first, of equals the last; one is always left."""
    droppable = sorted((story for story in stories if rank[story] != MUST), key=lambda story: (-rank[story], -story))
    most = len(droppable) if len(droppable) < len(stories) else len(droppable) - 1
    yield from (droppable[:count] for count in range(most + 1))


def content(
    clips: Sequence[Clip], gone: Sequence[int], spare: Sequence[int], wanted: Ms, measure: Measure, rank: Mapping[int, int], rate: float
) -> tuple[list[Clip], list[Paragraph], list[int]]:
    """The clips that are said, the paragraphs left out in news order, and the spare stories that are not called upon."""
    kept, out = shortened(told(clips, gone), wanted, measure, rank, rate)
    idle = list(spare)
    for story in spare:
        if measure(paced(kept, EASY), Ms(0)) >= wanted:
            break
        others = [other for other in gone if other != story and (other not in spare or other in idle)]
        more = told(without(clips, out), others)
        fuller, shorter = shortened(more, wanted, measure, rank, 1.0, [story])
        if measure(paced(fuller, BRISK), Ms(0)) <= wanted:
            kept, out = fuller, sorted({*out, *shorter})
            idle.remove(story)
    return kept, out, idle


def told(clips: Sequence[Clip], gone: Iterable[int]) -> list[Clip]:
    """The clips without whole stories, their lines among the headlines too; without any line there are no headlines."""
    lost = set(gone)
    kept = [clip for clip in clips if clip.segment.story not in lost]
    if any(clip.segment.role == "headlines" and clip.segment.story is not None for clip in kept):
        return kept
    teased = any(clip.segment.role == "headlines" and clip.segment.story is not None for clip in clips)
    return [clip for clip in kept if not teased or clip.segment.role != "headlines"]


def shortened(
    clips: list[Clip], wanted: Ms, measure: Measure, rank: Mapping[int, int], rate: float, stories: Sequence[int] | None = None
) -> tuple[list[Clip], list[Paragraph]]:
    """The clips without as many last paragraphs as it takes at a pace of speech, and those paragraphs, in news order.

    The least important story loses first, of equals the last; each keeps its headline and its first paragraph. What fits again at
    easy pauses comes back. `stories`: only these lose any.
    """
    paragraphs = list(dict.fromkeys(place(clip) for clip in clips if clip.segment.role == "body" and clip.segment.story is not None))
    firsts = {story: min(number for of, number in paragraphs if of == story) for story, _ in paragraphs}
    losing = [pair for pair in paragraphs if pair[1] != firsts[pair[0]] and (stories is None or pair[0] in stories)]
    losing.sort(key=lambda pair: (-rank.get(pair[0], USUAL), -pair[0], -pair[1]))

    def fits(count: int) -> bool:
        return measure(paced(hurried(without(clips, losing[:count]), rate), BRISK), Ms(0)) <= wanted

    fewest = bisect_left(range(len(losing)), True, key=fits)
    out = list(reversed(losing[:fewest]))
    for paragraph in list(out):
        earlier = any(other[0] == paragraph[0] and other[1] < paragraph[1] for other in out)
        back = [other for other in out if other != paragraph]
        if not earlier and measure(without(clips, back), Ms(0)) <= wanted:
            out = back
    out = sorted({*out, *bare(without(clips, out), out)})
    return without(clips, out), out


def bare(kept: Sequence[Clip], out: Sequence[Paragraph]) -> list[Paragraph]:
    """Subheads that stand last in a story because what they head is left out."""
    body = [clip for clip in kept if clip.segment.role == "body"]
    last = {clip.segment.story: clip for clip in body}
    first = {clip.segment.story: clip.segment.passage for clip in reversed(body)}
    alone = Counter(place(clip) for clip in body)
    shortened = {story for story, _ in out}
    return [
        place(clip)
        for story, clip in last.items()
        if story in shortened
        and clip.segment.passage != first[story]
        and alone[place(clip)] == 1
        and len(clip.segment.text) <= SUBHEAD
        and clip.segment.text.rstrip("\"'”’)»")[-1:] not in STOPS
    ]


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


# --- how fast -----------------------------------------------------------------------------------------------


def paced_to(kept: Sequence[Clip], wanted: Ms, measure: Measure, music: bool, voiced: Voiced | None) -> Sequence[Clip]:
    """The clips at the pace that the length asks for, voiced anew where that is not their own, and never beyond SLOW and FAST."""
    goal = asked = rate_for(kept, wanted, measure, music)
    best: Sequence[Clip] = kept
    for _ in range(TAKES):
        if voiced is None or asked == 1.0 or (take := voiced(kept, round(asked, 3))) is None:
            break
        said = [replace(clip, pause=was.pause) for clip, was in zip(take, kept, strict=True)]
        heard = pace_of(kept, said)
        if SLOW <= heard <= FAST and (goal > 1) == (heard > 1) and abs(heard - goal) < abs(pace_of(kept, best) - goal):
            best = said
        if abs(heard - goal) < 0.004:
            break
        asked = min(1.25, max(0.8, asked * goal / heard))
    return best


def rate_for(kept: Sequence[Clip], wanted: Ms, measure: Measure, music: bool) -> float:
    """The pace of speech that the length asks for, by arithmetic: 1 where pauses can do it alone."""
    if measure(paced(kept, BRISK), Ms(0)) > wanted:
        return solved(kept, wanted, measure, BRISK, 1.0, FAST - 0.004)
    if measure(paced(kept, EASY), Ms(0)) >= wanted:
        return 1.0
    room = Ms(0)
    low = UNHURRIED
    if measure(paced(hurried(kept, UNHURRIED), EASY), LONGEST_FILL if music else room) < wanted:
        low = SLOW + 0.004
    return solved(kept, wanted, measure, EASY, low, 1.0)


def solved(kept: Sequence[Clip], wanted: Ms, measure: Measure, pause: float, low: float, high: float) -> float:
    """The pace between two at which it lasts as long as wanted, or the one that comes nearest."""
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (middle, high) if measure(paced(hurried(kept, middle), pause), Ms(0)) > wanted else (low, middle)
    return round(high, 3)


def hurried(clips: Sequence[Clip], rate: float) -> Sequence[Clip]:
    """The clips as long as they would be at another pace."""
    return clips if rate == 1.0 else [replace(clip, duration=Ms(round(clip.duration / rate))) for clip in clips]


def pace_of(clips: Sequence[Clip], said: Sequence[Clip]) -> float:
    """How fast clips are spoken against the same words at their own pace."""
    usual: dict[str, int] = {}
    for clip in clips:
        usual[clip.segment.id] = usual.get(clip.segment.id, 0) + clip.duration
    lasts = sum(clip.duration for clip in said)
    return sum(usual[id] for id in {clip.segment.id for clip in said}) / lasts if lasts else 1.0


# --- the rest -----------------------------------------------------------------------------------------------


def paced(clips: Sequence[Clip], factor: float) -> list[Clip]:
    """The clips with all pauses longer or shorter by a factor."""
    return [replace(clip, pause=Ms(round(clip.pause * factor))) for clip in clips]


def filled(clips: Sequence[Clip], wanted: Ms, measure: Measure) -> Ms:
    """How much music takes the rest that easy pauses leave; none where wide ones leave none and it would be a hiccup.

    Where there are too few pauses to make room for SHORTEST_FILL, it is shorter.
    """
    rest = wanted - measure(paced(clips, EASY), Ms(0))
    if rest < SHORTEST_FILL and measure(paced(clips, WIDE), Ms(0)) >= wanted:
        return Ms(0)
    room = wanted - measure(paced(clips, BRISK), Ms(0))
    return Ms(min(max(rest, min(SHORTEST_FILL, room)), LONGEST_FILL))


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
    if measure(said, fill) != wanted or any(clip.pause < 0 for clip in said):
        raise SlotError(f"{spelled(wanted)} cannot be met to the millisecond.", f"Ask for --length {spelled(measure(said, fill))}.")
    return said


def spelled(length: int) -> str:
    """`3:00`, `2:59.250`."""
    minutes, rest = divmod(int(length), 60_000)
    seconds, part = divmod(rest, 1000)
    return f"{minutes}:{seconds:02d}" + (f".{part:03d}" if part else "")
