"""That the voice is synthetic, said openly: in words for people, in a vocabulary for machines.

Vocabulary: IPTC NewsCodes “Digital Source Type” (cv.iptc.org/newscodes/digitalsourcetype), which C2PA and the EU's code of
practice on marking AI-generated content take up. Which words are spoken, and when: docs/synthetic-voice.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from bulletin import languages
from bulletin.model import Station

VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED = "trainedAlgorithmicMedia"
"""Made by a model trained on recordings."""
COMPOSITE = "compositeWithTrainedAlgorithmicMedia"
"""That, and something else: here, the station's music."""
RULES = "algorithmicMedia"
"""Made by rules alone."""
QUALITIES = {"low", "medium", "high", "neural", "standard", "x"}
"""What a voice's id says besides its name."""


def digital_source(voices: Iterable[str], music: bool, trained: Callable[[str], bool]) -> str:
    """The term for a bulletin that these voices read; `trained` tells of an engine's name whether a model stands behind it."""
    if not any(trained(voice.partition(":")[0]) for voice in voices):
        return RULES
    return COMPOSITE if music else TRAINED


def disclosure(language: str, station: Station) -> str:
    """The sentence that says so, in the bulletin's language or else in English; it stands in every mark, spoken or not."""
    found = (languages.load(code, station.articles).words.get("disclosure", "") for code in (language, languages.FALLBACK))
    return next(filter(None, found), "")


def speakers(voices: Iterable[str], station: Station) -> dict[str, str]:
    """What transcripts call each voice: as the station says, else the voice's own name, else the station's."""
    return {voice: station.names.get(voice) or own_name(voice) or station.name or "Presenter" for voice in voices}


def own_name(voice: str) -> str:
    """The name in a voice's id: `Heart` of `hibari:heart`, `Joe` of `piper:en_US-joe-medium.onnx`; empty where it is a language's code."""
    engine, _, name = voice.partition(":")
    if engine in ("gtts", "espeak", "command"):  # these have languages, or programs, and no one by a name
        return ""
    words = re.split(r"[-_./\\]+", re.sub(r"\.onnx$", "", name.replace("\\", "/").rpartition("/")[2]))
    named = [word for word in words if len(word) > 2 and word.isalpha() and word.lower() not in QUALITIES]
    return re.sub(r"Neural$", "", named[-1][:1].upper() + named[-1][1:]) if named else ""


def marks(digital_source: str, disclosure: str) -> Mapping[str, str]:
    """Name of a mark in a file's tags -> its value."""
    return {"DigitalSourceType": VOCABULARY + digital_source, "AI-DISCLOSURE": disclosure} if digital_source else {}
