"""The bulletin as a picture: what is where, how loud, and whether it is right, on one time axis.

Drawn in pixels on matplotlib's Agg, without pyplot: no display, no global state. The sound is read in blocks, and whatever
its length, only three numbers for each column of pixels are kept.
"""

from __future__ import annotations

import logging
import warnings
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bulletin import cuesheet, loudness
from bulletin.errors import UsageError
from bulletin.model import Cue, CueSheet, Programme, Report, Station

SUFFIX = ".png"

WIDTH, HEIGHT, DPI = 1600, 900, 100
"""Of the picture; pixels are counted from the top left."""
LEFT, RIGHT = 84, 1484
"""Columns between which the time axis runs."""
STORIES, WAVE, SPEECH, MUSIC, LOUD = (112, 190), (218, 446), (480, 500), (508, 614), (646, 806)
"""Top and bottom row of each panel."""
COLOURS = {"speech": "#0072B2", "intro": "#E69F00", "sting": "#D55E00", "bed": "#009E73", "outro": "#CC79A7"}
"""Role -> colour, from the palette of Okabe and Ito (2008), which every kind of colour vision tells apart. The first is on top."""
PAPER, INK, SOFT, FAINT, ALARM = "#FCFCFA", "#22282E", "#6B747C", "#DDE1E4", "#B3001B"
UNDER = {"facecolor": PAPER, "edgecolor": "none", "pad": 1.5}
"""Behind words that a line may cross."""
FLOOR, CEILING = -40.0, 6.0
"""dB against speech that the music's lane shows."""
BAND, CLOSE = 1.0, 0.3
"""LU around the target that are drawn, and that are within what is promised."""
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
"""Seconds from one number of the time axis to the next."""
NAME = 450
"""Columns of pixels for the station's name."""
THIN = 3
"""Columns of pixels that music takes at least, so that a sting is seen in an hour."""

Panel = tuple[int, int]
Scale = Callable[[Any], Any]
Levels = NDArray[np.float64]


def write(report: Report, station: Station, path: Path) -> None:
    """A PNG of 1600 x 900. Raises OSError, and UsageError where matplotlib is missing."""
    installed()
    programme, name = report.programme, station.name or "Bulletin"
    with content_with_fonts():
        picture = Picture(max(1, programme.duration), [name, *texts(programme.sheet)])
        head(picture, report, name)
        stories(picture, programme.sheet)
        wave(picture, programme)
        lanes(picture, programme.sheet.cues)
        loud(picture, programme)
        foot(picture, programme)
        picture.save(path, f"{name}, {report.rundown.at:%Y-%m-%d %H:%M}")


def installed() -> None:
    """Raise UsageError where matplotlib is missing."""
    try:
        import matplotlib  # noqa: F401  # asked for by its own name: its parts may be in memory although it is not there
    except ImportError as error:
        raise UsageError("The picture needs matplotlib.", "pip install 'bulletin[plot]'") from error


@contextmanager
def content_with_fonts() -> Iterator[None]:
    """No word of characters that no font here has, and are drawn as boxes, or of a font's weight: nothing that staff could mend."""
    log = logging.getLogger("matplotlib.font_manager")
    log.addFilter(drop := lambda record: record.levelno > logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", r"Glyph .* missing from")
            yield
    finally:
        log.removeFilter(drop)


def texts(sheet: CueSheet) -> list[str]:
    """The words of others that the picture may show."""
    return [chapter.title for chapter in sheet.chapters] + [line.segment.text for line in sheet.transcript[-1:]]


class Picture:
    """A sheet of pixels with a time axis."""

    def __init__(self, length: int, said: Iterable[str]) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.length = length
        self.figure: Any = Figure(figsize=(WIDTH / DPI, HEIGHT / DPI), dpi=DPI, facecolor=PAPER)
        self.canvas: Any = FigureCanvasAgg(self.figure)
        self.axes: Any = self.figure.add_axes((0, 0, 1, 1), frameon=False)
        self.axes.set(xlim=(0, WIDTH), ylim=(HEIGHT, 0), xticks=[], yticks=[])
        self.family = families(said)

    def x(self, at: Any) -> Any:
        """The column of a time, ms."""
        return LEFT + at / self.length * (RIGHT - LEFT)

    def areas(self, corners: Any, colour: str, *, alpha: float = 1.0, sharp: bool = False, inside: Panel | None = None) -> None:
        """Filled polygons, shape (n, corners, 2)."""
        from matplotlib.collections import PolyCollection

        drawn = PolyCollection(corners, facecolors=colour, edgecolors="none", linewidths=0, alpha=alpha, antialiaseds=not sharp)
        self.axes.add_collection(drawn, autolim=False)
        self.keep(drawn, inside)

    def boxes(self, spans: Sequence[tuple[float, float]], rows: tuple[float, float], colour: str, alpha: float = 1.0) -> None:
        """Rectangles between times, ms."""
        top, bottom = rows
        sides = [(self.x(start), self.x(stop)) for start, stop in spans]
        self.areas([[(a, top), (b, top), (b, bottom), (a, bottom)] for a, b in sides], colour, alpha=alpha)

    def line(self, xs: Any, ys: Any, colour: str = INK, width: float = 0.8, *, inside: Panel | None = None, **more: Any) -> None:
        """A line through points."""
        (drawn,) = self.axes.plot(xs, ys, color=colour, linewidth=width, scalex=False, scaley=False, marker="", **more)
        self.keep(drawn, inside)

    def keep(self, drawn: Any, inside: Panel | None) -> None:
        """Show only what is in a panel."""
        from matplotlib.transforms import Bbox

        if inside:
            drawn.set_clip_box(Bbox.from_extents(LEFT, HEIGHT - inside[1], RIGHT, HEIGHT - inside[0]))

    def words(
        self, x: float, y: float, text: str, size: float = 9, colour: str = INK, *, ha: str = "left", va: str = "center", **more: Any
    ) -> Any:
        """A text, never taken for mathematics: headlines have dollar signs."""
        more |= {"parse_math": False, "usetex": False, "fontfamily": self.family}
        return self.axes.text(x, y, text, fontsize=size, color=colour, ha=ha, va=va, **more)

    def wide(self, text: str, size: float = 9, **more: Any) -> float:
        """How many pixels a text takes."""
        tried = self.words(0, 0, text, size, **more)
        width = float(tried.get_window_extent(self.canvas.get_renderer()).width)
        tried.remove()
        return width

    def folded(self, text: str, width: float, lines: int, size: float = 9) -> list[str]:
        """As much of a text as goes into so many lines, shortened with an ellipsis; none where not even a few letters go in."""
        found: list[str] = []
        rest = " ".join(text.split())
        while rest and len(found) < lines:
            if self.wide(rest, size) <= width:
                return [*found, rest]
            last = len(found) == lines - 1
            fits = bisect_right(range(1, len(rest)), width, key=lambda n: self.wide(rest[:n] + "…" * last, size))
            if fits < 3:
                return []
            cut = fits if last else rest.rfind(" ", 0, fits + 1)
            cut = cut if cut > 0 else fits
            found.append(rest[:cut].rstrip(" ,.;:") + "…" if last else rest[:cut])
            rest = rest[cut:].lstrip()
        return found

    def save(self, path: Path, title: str) -> None:
        """Write the PNG."""
        self.figure.savefig(path, format="png", dpi=DPI, facecolor=PAPER, metadata={"Title": title})


def liking(font: Any) -> tuple[bool, bool, bool, str]:
    """Which font to take first: real letters before boxes that only name a script, the common weight, no serifs."""
    return "Last Resort" in font.name, font.weight != 400, "Sans" not in font.name, font.name


def families(said: Iterable[str]) -> list[str]:
    """The font that comes with matplotlib, and installed ones for the characters that it lacks, those without serifs first."""
    from matplotlib import font_manager

    first = "DejaVu Sans"
    plain = {ord(char) for text in said for char in text if char.isprintable()}
    lacking = plain - set(font_manager.get_font(font_manager.findfont(first)).get_charmap())
    found = [first]
    fonts = sorted(font_manager.fontManager.ttflist, key=liking)
    for font in fonts:
        if not lacking:
            break
        if font.name in found or font.style != "normal":
            continue
        try:
            has = lacking & set(font_manager.get_font(font.fname).get_charmap())
        except (OSError, RuntimeError):  # a font that is gone, or broken
            continue
        if has:
            found.append(font.name)
            lacking -= has
    return found


def clock(ms: float, digits: int = 0) -> str:
    """A time as m:ss, with so many digits behind."""
    step = 10 ** (3 - digits)
    seconds, rest = divmod(int(ms) // step * step, 1000)
    return f"{seconds // 60}:{seconds % 60:02}" + (f".{rest:03}"[: digits + 1] if digits else "")


def number(value: float, digits: int = 1) -> str:
    """A level with a real minus sign."""
    return f"{value:.{digits}f}".replace("-", "−").replace("inf", "∞")


def scale(panel: Panel, low: float, high: float) -> Scale:
    """Value -> row in a panel."""
    top, bottom = panel
    return lambda value: bottom - (value - low) / (high - low) * (bottom - top)


# --- the panels, top to bottom ------------------------------------------------------------------------------


def head(picture: Picture, report: Report, name: str) -> None:
    """The station, the date, and the numbers that say whether it is right."""
    programme, at, target = report.programme, report.rundown.at, report.programme.master.target
    size = 21 if picture.wide(name, 21) <= NAME else 14
    for row, words in enumerate(picture.folded(name, NAME, 2, size)):
        picture.words(LEFT, 42 if size == 21 else 28 + 24 * row, words, size)
    picture.words(LEFT, 76, f"{at.day} {at:%B %Y, %H:%M}", 11, SOFT)
    count, problems = len(programme.sheet.chapters), len(report.problems)
    asked = report.fitted.length if report.fitted else None
    off = programme.loudness - target.lufs
    over = programme.true_peak - target.true_peak
    facts = (
        ("length", clock(programme.duration, 1), f"{clock(asked, 1)} asked" if asked else "", asked in (None, programme.duration)),
        ("stories", str(count), "", True),
        ("loudness", f"{number(programme.loudness)} LUFS", f"target {number(target.lufs, int(target.lufs % 1 > 0))}", abs(off) <= CLOSE),
        ("true peak", f"{number(programme.true_peak)} dBTP", f"limit {number(target.true_peak)}", over <= 0),
        ("problems", str(problems) if problems else "none", "see the report" if problems else "", not problems),
    )
    for column, (what, value, note, right) in zip((560, 730, 850, 1070, 1290), facts, strict=True):
        picture.words(column, 28, what, 9.5, SOFT)
        picture.words(column, 54, value, 16, INK if right else ALARM)
        if note:
            picture.words(column, 80, f"{'✓' if right else '✗'} {note}", 9.5, SOFT if right else ALARM)


def stories(picture: Picture, sheet: CueSheet) -> None:
    """Each story's place with its headline, and a line through everything where it starts."""
    top, _ = STORIES
    for count, chapter in enumerate(sheet.chapters, 1):
        start, stop = picture.x(chapter.start), picture.x(chapter.end)
        picture.boxes([(chapter.start, chapter.end)], STORIES, "#EDF1F4")
        picture.line([start, start], [top, LOUD[1]], INK, 0.7, alpha=0.45, zorder=0.5)
        room = stop - start - 9
        marks = (f"{count}   {clock(chapter.start)}", f"{count} {clock(chapter.start)}", str(count))
        mark = next((mark for mark in marks if picture.wide(mark) <= room), "")
        picture.words(start + 6, top + 13, mark, 9, SOFT)
        for row, words in enumerate(picture.folded(chapter.title, room, 3)):
            picture.words(start + 6, top + 32 + 16 * row, words)


def wave(picture: Picture, programme: Programme) -> None:
    """The waveform in the colours of what sounds, its RMS in full, and its peak under the limit; linear, told in dBFS."""
    row = scale(WAVE, -1.06, 1.06)
    caption(picture, WAVE, "waveform, dBFS")
    for decibels in (0, -6, -12):
        for sign in (1, -1):
            grid(picture, row(sign * loudness.factor(decibels)), number(decibels, 0))
    grid(picture, row(0.0), "−∞")
    columns = RIGHT - LEFT
    low, high, middle = extremes(programme.path, programme.duration, columns)
    roles = by_column(programme.sheet.cues, programme.duration, columns)
    for place, colour in enumerate((*COLOURS.values(), SOFT)):
        at = np.flatnonzero(roles == place)
        left = LEFT + at.astype(float)
        for top, bottom, alpha in ((high[at], low[at], 0.5), (middle[at], -middle[at], 1.0)):
            sides = [left, row(top) - 0.5, left + 1, row(top) - 0.5, left + 1, row(bottom) + 0.5, left, row(bottom) + 0.5]
            picture.areas(np.stack(sides, axis=-1).reshape(-1, 4, 2), colour, alpha=alpha, sharp=True)
    peak, limit = programme.true_peak, programme.master.target.true_peak
    colour = INK if peak <= limit else ALARM
    for sign in (1, -1):
        picture.line([LEFT, RIGHT], [row(sign * loudness.factor(limit))] * 2, ALARM, 0.9, dashes=(6, 4))
        picture.line([LEFT, RIGHT], [row(sign * loudness.factor(peak))] * 2, colour, 0.7, inside=WAVE)
    marks = ((limit, f"limit {number(limit)}", ALARM), (peak, f"peak {number(peak)}", colour))
    beside(picture, [(row(min(1.06, loudness.factor(level))), words, shade) for level, words, shade in marks])


def lanes(picture: Picture, cues: Sequence[Cue]) -> None:
    """Speech as bars; music as loud as it is against speech, so that it is seen to duck."""
    picture.boxes([(0, picture.length)], SPEECH, "#F1F3F4")
    picture.boxes([(cue.start, cue.start + cue.length) for cue in cues if cue.role == "speech"], SPEECH, COLOURS["speech"])
    picture.words(LEFT - 8, sum(SPEECH) / 2, "speech", 9, SOFT, ha="right")
    caption(picture, SPEECH, "what plays: speech, and music with its level in dB against speech")
    row = scale(MUSIC, FLOOR, CEILING)
    for decibels in (0, -10, -20, -30, -40):
        grid(picture, row(decibels), number(decibels, 0))
    music = [cue for cue in cues if cue.role != "speech"]
    gains = {path: gain(cue, cues) for path, cue in {cue.path: cue for cue in music}.items()}
    for cue, after in zip(music, [*(cue.start for cue in music), picture.length][1:], strict=True):
        knots = [(0, cue.level[0][1]), *(point for point in cue.level if 0 < point[0] < cue.length)]
        times, levels = zip(*cue.level, strict=True)
        knots.append((cue.length, float(np.interp(cue.length, times, levels))))
        left, wide = picture.x(cue.start), max(THIN, picture.x(cue.start + cue.length) - picture.x(cue.start))
        xs = [left + wide * at / cue.length for at, _ in knots]
        ys = [row(level + gains[cue.path]) for _, level in knots]
        area = [*zip(xs, ys, strict=True), (xs[-1], row(FLOOR)), (xs[0], row(FLOOR))]
        picture.areas([area], COLOURS[cue.role], alpha=0.35, inside=MUSIC)
        picture.line(xs, ys, COLOURS[cue.role], 1.8, inside=MUSIC, solid_joinstyle="round")
        if picture.wide(cue.role) + 8 <= picture.x(min(after, cue.start + cue.length)) - left:
            picture.words(left + 5, MUSIC[1] - 10, cue.role)


def loud(picture: Picture, programme: Programme) -> None:
    """The short-term loudness against the target, and what it comes to."""
    curve = loudness.measure_file(programme.path).curve
    target, whole = programme.master.target.lufs, programme.loudness
    low = min(target - 14, whole - 3)
    row = scale(LOUD, low, max(target + 5, whole + 3, float(curve.max(initial=target)) + 1))
    caption(picture, LOUD, "short-term loudness, LUFS")
    picture.boxes([(0, picture.length)], (row(target + BAND), row(target - BAND)), COLOURS["bed"], 0.16)
    for value in range(-5 * int(-low // 5), 1, 5):
        if row(value) > LOUD[0]:
            grid(picture, row(value), number(value, 0))
    ends = picture.x(100.0 * np.arange(1, len(curve) + 1))
    if len(curve) > 2 * (RIGHT - LEFT):  # more than two values a column: their range, and their middle
        starts = np.unique(np.searchsorted(ends, np.arange(LEFT, RIGHT)))
        starts = starts[starts < len(curve)]
        lowest, highest, xs = np.minimum.reduceat(curve, starts), np.maximum.reduceat(curve, starts), ends[starts]
        outline = np.concatenate([np.stack([xs, row(highest)], -1), np.stack([xs, row(lowest)], -1)[::-1]])
        picture.areas([outline], COLOURS["speech"], alpha=0.35, inside=LOUD)
        ends, curve = xs, (lowest + highest) / 2
    picture.line(ends, row(curve), COLOURS["speech"], 1.3, inside=LOUD)
    picture.line([LEFT, RIGHT], [row(target)] * 2, "#00664B", 1.1, dashes=(6, 4))
    picture.line([LEFT, RIGHT], [row(whole)] * 2, INK, 1.1)
    marks = [(row(whole), f"{number(whole)} LUFS", INK), (row(target), f"target {number(target, int(target % 1 > 0))}", "#00664B")]
    beside(picture, marks)


def foot(picture: Picture, programme: Programme) -> None:
    """The time, the last word, the end, and what the colours mean."""
    bottom, lines = LOUD[1], programme.sheet.transcript
    step = next((step for step in STEPS if picture.length / 1000 / step <= 15), -(-picture.length // 15_000))
    for at in range(0, picture.length + 1, step * 1000):
        picture.line([picture.x(at)] * 2, [bottom, bottom + 4], SOFT)
        picture.words(picture.x(at), bottom + 15, clock(at), 9, SOFT, ha="center", zorder=4, bbox=UNDER)
    picture.line([RIGHT, RIGHT], [STORIES[0], bottom], INK, 0.9)
    picture.line([LEFT, RIGHT], [bottom, bottom], SOFT)
    at = LEFT
    for role in (role for role in COLOURS if any(cue.role == role for cue in programme.sheet.cues)):
        picture.areas([[(at, 860), (at + 12, 860), (at + 12, 872), (at, 872)]], COLOURS[role])
        picture.words(at + 18, 866, role, 9.5, SOFT)
        at += 42 + round(picture.wide(role, 9.5))
    if not lines:
        return
    last = lines[-1].start + lines[-1].duration
    picture.line([picture.x(last)] * 2, [STORIES[0], 852], INK, 1.0, dashes=(3, 3))
    said = (picture.folded(f"“{lines[-1].segment.text}”", 620, 1, 9.5) or [""])[0]
    picture.words(RIGHT, 866, f"last word at {clock(last, 1)}  {said}   end at {clock(programme.duration, 1)}", 9.5, ha="right")


def caption(picture: Picture, panel: Panel, text: str) -> None:
    """What a panel shows, over it."""
    picture.words(LEFT, panel[0] - 13, text, 9, SOFT, zorder=4, bbox=UNDER)


def grid(picture: Picture, y: float, text: str) -> None:
    """A faint line with its value."""
    picture.line([LEFT, RIGHT], [y, y], FAINT, 0.8, zorder=0)
    picture.words(LEFT - 8, y, text, 8.5, SOFT, ha="right")


def beside(picture: Picture, marks: Sequence[tuple[float, str, str]]) -> None:
    """Two values at the right of their lines, pushed apart where they would touch."""
    (upper, first, one), (lower, second, two) = sorted(marks, key=lambda mark: mark[0])
    push = max(0.0, 17 - (lower - upper)) / 2
    picture.words(RIGHT + 8, upper - push, first, 9.5, one)
    picture.words(RIGHT + 8, lower + push, second, 9.5, two)


# --- what they show -----------------------------------------------------------------------------------------


def extremes(path: Path, duration: int, columns: int) -> tuple[Levels, Levels, Levels]:
    """The lowest sample, the highest and the RMS in each of `columns` equal parts of `duration`, ms. Raises what soundfile raises."""
    import soundfile

    low, high, power, heard = (np.zeros(columns) for _ in range(4))
    with soundfile.SoundFile(path) as file:
        total, at = max(1, duration * file.samplerate // 1000), 0
        while len(block := file.read(4 * file.samplerate, dtype="float32", always_2d=True)):
            column = np.minimum(np.arange(at, at + len(block)) * columns // total, columns - 1)
            starts = np.flatnonzero(np.diff(column, prepend=-1))
            where = column[starts]
            low[where] = np.minimum(low[where], np.minimum.reduceat(block.min(axis=1), starts))
            high[where] = np.maximum(high[where], np.maximum.reduceat(block.max(axis=1), starts))
            power[where] += np.add.reduceat(np.square(block).mean(axis=1), starts)
            heard[where] += np.diff(starts, append=len(block))
            at += len(block)
    return low, high, np.sqrt(power / np.maximum(heard, 1))


def sounding(cues: Sequence[Cue]) -> Iterator[tuple[int, int, int]]:
    """(start, end, role) of each time in which the same is heard: the role's place in COLOURS, speech before all music."""
    order = list(COLOURS)
    edges = sorted({edge for cue in cues for edge in (cue.start, cue.start + cue.length)})
    waiting = sorted(cues, key=lambda cue: -cue.start)
    now: list[Cue] = []
    for start, stop in pairwise(edges):
        while waiting and waiting[-1].start <= start:
            now.append(waiting.pop())
        now = [cue for cue in now if cue.start + cue.length > start]
        if now:
            yield start, stop, min(order.index(cue.role) for cue in now)


def by_column(cues: Sequence[Cue], duration: int, columns: int) -> NDArray[np.intp]:
    """What is heard longest in each column, or a sting: the role's place in COLOURS, or one more where nothing is."""
    heard = np.zeros((len(COLOURS) + 1, columns))
    heard[-1] = 1e-6
    each = max(1, duration) / columns
    for start, stop, role in sounding(cues):
        a, b = min(columns, start / each), min(columns, stop / each)
        inner = np.arange(int(a), min(columns, int(np.ceil(b))))
        heard[role, inner] += np.minimum(inner + 1, b) - np.maximum(inner, a)
    for cue in cues:
        if cue.role == "sting" and cue.length < THIN * each:
            heard[list(COLOURS).index("sting"), int(cue.start / each) : int(cue.start / each) + THIN] = 2
    longest: NDArray[np.intp] = heard.argmax(axis=0)
    return longest


def gain(cue: Cue, cues: Sequence[Cue]) -> float:
    """The dB that turn a music cue's gain into its level against speech; where it cannot be measured, against its own loudest."""
    try:
        return loudness.measure_file(cue.path).on_two - cuesheet.REFERENCE
    except (OSError, RuntimeError):  # gone since, or decoded by ffmpeg alone
        return -max(level for other in cues if other.path == cue.path for _, level in other.level)
