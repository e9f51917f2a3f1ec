"""The speech: whether every sentence is where the report says, whole, and as loud as the others.

A sentence is looked for by its clip in the store; where that has gone, by when there is sound and when there is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

import numpy as np

from bulletin.checks import PROBLEM, Checked, Finding, Line, Music, Piece, Told, counted, seconds
from bulletin.checks.exhibit import Exhibit, Place
from bulletin.checks.hearing import STEPS
from bulletin.loudness import factor
from bulletin.model import Ms

OFF = 20.0
"""ms by which a sentence may be elsewhere: under a frame of MP3 (24), and nobody hears it."""
UNEVEN = 2.0
"""dB by which a sentence may be louder or quieter than the others; the limiter and music under it make 0.3."""
MANY = 4
"""Findings of one kind from which they are told of as one."""
LEVEL = -30.0
"""dB under the loudness of the whole from which 10 ms are sound, where a clip has gone from the store."""
ONSET, SHARE, STILL, EDGE = 75, 0.4, -50.0, 30
"""ms in which a sentence begins (15 of them are kept before it); share of it that is sound; dBFS of a pause; ms left out at its ends."""
AGAIN = "Make the bulletin again: bulletin make"


def look(exhibit: Exhibit) -> Checked:
    """Look for every sentence."""
    told = exhibit.told
    if told is None or not told.lines:
        return Checked(name="speech", summary="no words to look for")
    located = [piece for _, piece in told.pieces if piece in exhibit.places]
    there = [piece for piece in located if exhibit.places[piece]]
    others = len(told.pieces) - len(located)
    if exhibit.another:
        what = f"It is another recording: {len(located) - len(there)} of {counted(len(located), 'sentence')} are not in it."
        findings = [Finding(severity=PROBLEM, what=what, hint="Give the report that was made with this file.")]
    else:
        findings = [*lost(exhibit, told), *moved(exhibit, told), *torn(exhibit, told), *uneven(exhibit, told), *by_level(exhibit, told)]
    summary = f"{len(there)} of {counted(len(located), 'clip')} found" + (f", {others} by level alone" if others else "")
    shifts = [place.shift for place in exhibit.places.values() if place]
    alike = [place.alike for place in exhibit.places.values() if place]
    measured = {
        "clips": len(told.pieces),
        "compared": len(located),
        "found": len(there),
        "by_level": others,
        "furthest_ms": round(max((abs(shift), shift) for shift in shifts)[1], 1) if shifts else None,
        "least_alike": round(min(alike), 3) if alike else None,
    }
    return Checked(
        name="speech", summary=summary, measured=measured, findings=sorted(findings, key=lambda finding: round((finding.at or 0) / 100))
    )


def several(lines: Sequence[Line]) -> str:
    """`“The mayor…”`, `“The mayor…” and 3 sentences after it`."""
    more = len(dict.fromkeys(line.id for line in lines)) - 1
    return lines[0].quoted + (f" and {counted(more, 'sentence')} after it" if more else "")


def verb(lines: Sequence[Line]) -> str:
    """`is` or `are`."""
    return "is" if len({line.id for line in lines}) == 1 else "are"


def lost(exhibit: Exhibit, told: Told) -> Iterator[Finding]:
    """Sentences that are nowhere, side by side as one."""

    def gone(pair: tuple[Line, Piece]) -> bool:
        return pair[1] in exhibit.places and exhibit.places[pair[1]] is None

    for missing, run in groupby(told.pieces, key=gone):
        if missing:
            pieces = list(run)
            lines = [line for line, _ in pieces]
            first, last = pieces[0][1], pieces[-1][1]
            begin = max(0.0, first.start + exhibit.shift(first.start, before=True))
            silent = exhibit.is_quiet(begin, begin + last.start + last.duration - first.start)
            over = begin >= exhibit.heard.length
            yield Finding(
                severity=PROBLEM,
                what=f"{several(lines)} {verb(lines)} not heard.",
                at=Ms(min(round(begin), exhibit.heard.length)),
                expected=lines[0].text,
                found="the sound has ended" if over else "silence" if silent else "other sound",
                hint=AGAIN,
            )


def moved(exhibit: Exhibit, told: Told) -> list[Finding]:
    """Sentences that are elsewhere, those that are so together as one."""
    runs: list[tuple[float, list[tuple[Line, Piece]]]] = []
    for line, piece in told.pieces:
        if place := exhibit.places.get(piece):
            if runs and abs(place.shift - runs[-1][0]) <= OFF:
                runs[-1][1].append((line, piece))
            else:
                runs.append((place.shift, [(line, piece)]))
    late = [(shift, run) for shift, run in runs if abs(shift) > OFF]
    if len(late) > MANY:
        _, run = late[0]
        what = f"From {run[0][0].quoted} on, {counted(sum(len(run) for _, run in late), 'sentence')} are not where the report says."
        said = f"{seconds(min(shift for shift, _ in late))} to {seconds(max(shift for shift, _ in late))} off"
        return [Finding(severity=PROBLEM, what=what, at=run[0][1].start, found=said, hint=AGAIN)]
    return [elsewhere(shift, run) for shift, run in late]


def elsewhere(shift: float, run: Sequence[tuple[Line, Piece]]) -> Finding:
    """The finding for sentences that are early or late together."""
    lines, first = [line for line, _ in run], run[0][1]
    what = f"{several(lines)} {verb(lines)} {seconds(abs(shift))} {'late' if shift > 0 else 'early'}."
    return Finding(
        severity=PROBLEM,
        what=what,
        at=Ms(round(first.start + shift)),
        expected=f"at {first.start / 1000:.2f} s",
        found=f"at {(first.start + shift) / 1000:.2f} s",
        hint=AGAIN,
    )


def torn(exhibit: Exhibit, told: Told) -> Iterator[Finding]:
    """Sentences that are there in part."""
    for line, piece in told.pieces:
        place = exhibit.places.get(piece)
        for start, stop in place.holes if place else ():
            found = "silence" if exhibit.is_quiet(start, stop) else "other sound"
            what = f"{seconds(stop - start)} of {line.quoted} are not heard."
            yield Finding(severity=PROBLEM, what=what, at=Ms(start), expected=line.text, found=found, hint=AGAIN)


def uneven(exhibit: Exhibit, told: Told) -> list[Finding]:
    """Sentences that are louder or quieter than the others, those side by side as one."""
    places = [(line, piece, place) for line, piece in told.pieces if (place := exhibit.places.get(piece)) and not place.holes]
    if len(places) < 3:
        return []
    usual = float(np.median([place.gain for _, _, place in places]))

    def off(entry: tuple[Line, Piece, Place]) -> int:
        return 0 if abs(entry[2].gain - usual) <= UNEVEN else 1 if entry[2].gain > usual else -1

    found = []
    for side, run in groupby(places, key=off):
        if side:
            group = list(run)
            much = max(abs(place.gain - usual) for _, _, place in group)
            lines = [line for line, _, _ in group]
            what = f"{several(lines)} {verb(lines)} {much:.1f} dB too {'loud' if side > 0 else 'quiet'} against the others."
            at = Ms(round(group[0][1].start + group[0][2].shift))
            found.append(
                Finding(severity=PROBLEM, what=what, at=at, expected=f"±{UNEVEN:g} dB", found=f"{side * much:+.1f} dB", hint=AGAIN)
            )
    return found


# --- without the clips --------------------------------------------------------------------------------------


def by_level(exhibit: Exhibit, told: Told) -> list[Finding]:
    """Sentences whose clips have gone, where sound and silence are not where they should be; those side by side as one."""
    pieces = told.pieces
    wrong = []
    for number, (line, piece) in enumerate(pieces):
        if piece not in exhibit.places:
            after = pieces[number + 1][1].start if number + 1 < len(pieces) else piece.start + piece.duration
            if reason := amiss(exhibit, told, piece, after):
                wrong.append((number, line, piece, reason))
    return [unlike([entry[1:] for entry in run]) for run in runs_of(wrong)]


def runs_of(wrong: Sequence[tuple[int, Line, Piece, str]]) -> Iterator[list[tuple[int, Line, Piece, str]]]:
    """What is wrong, in runs with no more than one sentence between."""
    run: list[tuple[int, Line, Piece, str]] = []
    for entry in wrong:
        if run and entry[0] - run[-1][0] > 2:
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


def unlike(run: Sequence[tuple[Line, Piece, str]]) -> Finding:
    """The finding for sentences that sound and silence do not fit."""
    line, piece, reason = run[0]
    many = len(run) > 1
    what = f"From {line.quoted} on, sound and silence do not fit the report." if many else f"{line.quoted} does not fit: {reason}."
    return Finding(severity=PROBLEM, what=what, at=piece.start, found=reason, hint=AGAIN)


def amiss(exhibit: Exhibit, told: Told, piece: Piece, after: int) -> str:
    """What is wrong with the sound where a sentence should be and in the pause after it; empty for nothing."""
    heard = exhibit.heard
    shift = exhibit.shift(piece.start)
    start, stop, after = round(piece.start + shift), round(piece.start + piece.duration + shift), round(after + shift)
    loud = heard.peaks[max(0, start * STEPS // 1000) : max(0, -(-stop * STEPS // 1000))] > factor(heard.meter.integrated + LEVEL)
    if stop > heard.length + OFF:
        return "the sound ends before it does"
    if not len(loud) or loud.mean() < SHARE:
        return "there is too little sound"
    if not loud[: ONSET * STEPS // 1000 + 1].any():
        return "it begins late"
    pause = heard.peaks[-(-(stop + EDGE) * STEPS // 1000) : max(0, (after - EDGE) * STEPS // 1000)]
    if len(pause) and pause.max() > factor(STILL) and not under(told.music, (stop - round(shift), after - round(shift))):
        return "there is sound in the pause after it"
    return ""


def under(music: Iterable[Music], span: tuple[int, int]) -> bool:
    """Whether music plays in a span of the report's time."""
    return any(cue.start < span[1] and span[0] < cue.start + cue.duration for cue in music)


def gaps(told: Told) -> list[tuple[int, int]]:
    """The pauses that the report asks for, in its own time: where neither words nor music are."""
    spans = sorted(
        [(piece.start, piece.start + piece.duration) for _, piece in told.pieces] + [(c.start, c.start + c.duration) for c in told.music]
    )
    ends = [(0, 0), *spans, (told.duration, told.duration)]
    reach = 0
    found = []
    for (_, stop), (start, _) in pairwise(ends):
        reach = max(reach, stop)
        if start > reach:
            found.append((reach, start))
    return found
