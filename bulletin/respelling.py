"""Pronunciations in three spellings, each from the other: a newsroom's respelling, IPA, and what engines take.

A respelling is what a presenter reads at sight, `moon jay-IN`: syllables joined by hyphens, the stressed one in capitals,
in the manner of the BBC's text spelling. IPA is broad, with the marks of English; phones of other languages go to the nearest.
"""

from __future__ import annotations

import functools
import re
import unicodedata

VOWELS = {
    "a": "æ", "ah": "ɑː", "ar": "ɑːɹ", "aw": "ɔː", "or": "ɔːɹ", "ay": "eɪ", "air": "ɛɹ", "e": "ɛ", "eh": "ɛ", "er": "əɹ", "ee": "iː",
    "eer": "ɪɹ", "i": "ɪ", "ih": "ɪ", "igh": "aɪ", "o": "ɒ", "oh": "oʊ", "oo": "uː", "oor": "ʊɹ", "uu": "ʊ", "ow": "aʊ", "oy": "ɔɪ",
    "u": "ʌ", "uh": "ə", "ur": "ɜːɹ",
}  # fmt: skip
CONSONANTS = {
    "b": "b", "ch": "tʃ", "d": "d", "f": "f", "g": "ɡ", "h": "h", "j": "dʒ", "k": "k", "kh": "x", "l": "l", "m": "m", "n": "n", "ng": "ŋ",
    "p": "p", "r": "ɹ", "s": "s", "sh": "ʃ", "t": "t", "th": "θ", "dh": "ð", "v": "v", "w": "w", "y": "j", "z": "z", "zh": "ʒ",
}  # fmt: skip
NEAREST = {
    "əʊ": "oʊ", "ɜː": "ɜː", "ɝ": "ɜːɹ", "ɚ": "əɹ", "a": "ɑː", "ɑ": "ɑː", "e": "ɛ", "i": "iː", "u": "uː", "o": "oʊ", "ɔ": "ɔː",
    "ɜ": "ɜː", "ɐ": "ə", "ɯ": "uː", "y": "uː", "ø": "ɜː", "œ": "ɜː", "ɤ": "ʌ", "ɨ": "ɪ", "ᵻ": "ɪ", "ɵ": "ə", "aː": "ɑː", "eː": "eɪ",
    "oː": "oʊ", "ɛː": "ɛ", "r": "ɹ", "ɾ": "ɹ", "ʁ": "ɹ", "ʀ": "ɹ", "ɻ": "ɹ", "ɽ": "ɹ", "g": "ɡ", "ɣ": "ɡ", "q": "k", "c": "k",
    "χ": "x", "ħ": "h", "ç": "ʃ", "ɕ": "ʃ", "ʂ": "ʃ", "ʑ": "ʒ", "ʐ": "ʒ", "tɕ": "tʃ", "ʈʂ": "tʃ", "tʂ": "tʃ", "ʧ": "tʃ", "dʑ": "dʒ",
    "dʐ": "dʒ", "ʤ": "dʒ", "ɟ": "dʒ", "β": "v", "ʋ": "v", "ɲ": "nj", "ɳ": "n", "ʎ": "lj", "ɭ": "l", "ɫ": "l", "ʈ": "t", "ɖ": "d",
    "ɱ": "m", "ts": "ts", "ʦ": "ts", "dz": "dz", "ʣ": "dz", "ʍ": "hw", "ɥ": "w", "ɬ": "l", "ɸ": "f",
}  # fmt: skip
"""IPA of other languages and other habits of writing -> the broad IPA of English."""
PASSED = "ʔʕʰʷʲˠˤ.‿ˑ̯̩̪̃̊̚͜͡ː '"
"""Marks of IPA that English has no use for."""
STRESS = "ˈˌ"
NUCLEI = tuple(dict.fromkeys(VOWELS.values()))
PHONES = tuple(sorted({*VOWELS.values(), *CONSONANTS.values(), "ɜː"}, key=len, reverse=True))
WORD = re.compile(r"[A-Za-z]+(?:-[A-Za-z]+)*")
SYLLABLE = re.compile(
    rf"((?:{'|'.join(sorted(CONSONANTS, key=len, reverse=True))})*)({'|'.join(sorted(VOWELS, key=len, reverse=True))})"
    rf"((?:{'|'.join(sorted(CONSONANTS, key=len, reverse=True))})*)"
)
ONSET = re.compile("|".join(sorted(CONSONANTS, key=len, reverse=True)))
MISAKI = {"eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O", "tʃ": "ʧ", "dʒ": "ʤ", "ɒ": "ɑ", "x": "k"}
"""misaki's American alphabet, where it differs from broad IPA; length is not marked."""
MISAKI_BRITISH = MISAKI | {"oʊ": "Q", "ɒ": "ɒ"}
"""Its British one: length is marked, r is said before a vowel only."""
PLAIN = {"igh": "y", "uu": "oo", "kh": "k", "dh": "th", "ih": "i", "eh": "eh", "o": "o"}
"""Respelling for an engine that takes letters alone."""


def ipa(respelling: str) -> str:
    """`moon jay-IN` -> `ˈmuːn dʒeɪˈɪn`: broad IPA, stress before its syllable. Raises ValueError, naming what cannot be read."""
    words = []
    for word in respelling.split():
        if not WORD.fullmatch(word):
            raise ValueError(f"“{word}” has other signs than letters and hyphens")
        syllables = word.split("-")
        said = []
        for syllable in syllables:
            parts = SYLLABLE.fullmatch(syllable.lower())
            if not parts:
                raise ValueError(f"“{syllable}” is no syllable: consonants, one vowel, consonants, as in “jay” or “strayt”")
            stressed = syllable.isupper() or len(syllables) == 1
            onset, vowel, coda = parts.groups()
            said.append(("ˈ" if stressed else "") + sounds(onset) + VOWELS[vowel] + sounds(coda))
        words.append("".join(said))
    return " ".join(words)


def sounds(consonants: str) -> str:
    """Consonants of a respelling in IPA."""
    return "".join(CONSONANTS[one] for one in ONSET.findall(consonants))


@functools.lru_cache(4096)
def phones(written: str) -> tuple[str, ...]:
    """IPA -> phones of broad English, ` ` between words, a stress mark before its vowel. Raises ValueError for a sign that is none."""
    table = {phone: phone for phone in PHONES} | {sign: phone for sign, phone in NEAREST.items() if sign not in PHONES}
    longest = sorted(table, key=len, reverse=True)
    found: list[str] = []
    place, stress = 0, ""
    text = "".join(char if char in table else unicodedata.normalize("NFD", char) for char in written.strip("/[] "))
    while place < len(text):
        char = text[place]
        if char in STRESS:
            stress, place = char, place + 1
            continue
        sign = next((sign for sign in longest if text.startswith(sign, place)), "")
        if not sign:
            if char == " " or char == "-":
                found.append(" ")
            elif char not in PASSED:
                raise ValueError(f"“{char}” is no sign of IPA that is known here")
            place += 1
            continue
        for phone in split(table[sign]):
            if stress and phone in (*NUCLEI, "ɜː"):
                found.append(stress)
                stress = ""
            found.append(phone)
        place += len(sign)
    return tuple(found)


def split(phone: str) -> list[str]:
    """What a table gives for one sign, as phones: `nj` -> n, j."""
    return [phone] if phone in PHONES else list(phone)


def misaki(written: str, *, british: bool = False) -> str:
    """IPA in the alphabet of misaki (Kokoro, hibari): `θˈæd`, `ʤAˈɪn`. Raises ValueError."""
    table = MISAKI_BRITISH if british else MISAKI
    given = phones(written)
    said = []
    for at, phone in enumerate(given):
        following = next((later for later in given[at + 1 :] if later not in STRESS), " ")
        one = table.get(phone, phone)
        if british and phone not in CONSONANTS.values() and phone.endswith("ɹ") and following not in NUCLEI:
            one = phone[:-1]
        elif british and phone == "ɹ" and following not in NUCLEI:
            one = ""
        said.append(one if british else one.replace("ː", ""))
    return "".join(said)


def espeak(written: str) -> str:
    """IPA as espeak and Piper take it: broad, stress before the vowel. Raises ValueError."""
    return "".join("k" if phone == "x" else phone for phone in phones(written))


def letters(written: str) -> str:
    """IPA as a respelling, `jay-IN`: for an engine without a door for phonemes, and for people. Raises ValueError."""
    words: list[list[str]] = [[]]
    for phone in phones(written):
        if phone == " ":
            words.append([])
        else:
            words[-1].append(phone)
    return " ".join(respelled(word) for word in words if word)


def respelled(word: list[str]) -> str:
    """One word's phones in syllables: of the consonants between two vowels the last begins the next, with an r, l, w or y behind it."""
    vowels = {phone: name for name, phone in reversed(VOWELS.items())} | {"ɜː": "ur"}
    consonants = {phone: name for name, phone in CONSONANTS.items()}
    syllables: list[str] = []
    pending: list[str] = []
    stressed = False
    for phone in word:
        if phone in STRESS:
            stressed = stressed or phone == "ˈ"
        elif phone in vowels:
            keep = len(pending) if not syllables else 2 if len(pending) > 2 and pending[-1] in "rlwy" else 1
            coda, onset = (pending[:-keep], pending[-keep:]) if pending else ([], [])
            if syllables:
                syllables[-1] += cased(coda, syllables[-1].isupper())
            syllables.append(cased([*onset, vowels[phone]], stressed))
            pending, stressed = [], False
        else:
            pending.append(consonants[phone])
    if not syllables:
        return "".join(pending)
    syllables[-1] += cased(pending, syllables[-1].isupper())
    return syllables[0].lower() if len(syllables) == 1 else "-".join(syllables)


def cased(parts: list[str], capitals: bool) -> str:
    """Letters in capitals where their syllable is stressed."""
    return "".join(parts).upper() if capitals else "".join(parts)


def plain(respelling: str) -> str:
    """A respelling for an engine that reads letters: `moon jay-IN` -> `moon jay-in`."""
    return re.sub(r"[a-z]+", lambda syllable: smoothed(syllable[0]), respelling.lower())


def smoothed(syllable: str) -> str:
    """One syllable in letters that English reads so."""
    parts = SYLLABLE.fullmatch(syllable)
    if not parts:
        return syllable
    onset, vowel, coda = parts.groups()
    onset, coda = ("".join(PLAIN.get(one, one) for one in ONSET.findall(part)) for part in (onset, coda))
    if vowel == "igh":
        vowel, coda = ("i", coda + "e") if coda and onset else ("eye", coda) if not onset else ("y", coda)
    return onset + PLAIN.get(vowel, vowel) + coda


LETTERS = {
    "A": "eɪ", "B": "biː", "C": "siː", "D": "diː", "E": "iː", "F": "ɛf", "G": "dʒiː", "H": "eɪtʃ", "I": "aɪ",
    "J": "dʒeɪ", "K": "keɪ", "L": "ɛl", "M": "ɛm", "N": "ɛn", "O": "oʊ", "P": "piː", "Q": "kjuː", "R": "ɑːɹ",
    "S": "ɛs", "T": "tiː", "U": "juː", "V": "viː", "W": "dʌbəljuː", "X": "ɛks", "Y": "waɪ", "Z": "ziː",
}  # fmt: skip
"""The names of the letters in American English."""


def spelled(acronym: str, *, british: bool = False) -> str:
    """The IPA of capitals said by their names, the last one stressed: `UN` -> `ˌjuːˈɛn`."""
    names = [("zɛd" if british and letter == "Z" else LETTERS[letter]) for letter in acronym]
    return "".join(("ˈ" if at == len(names) - 1 else "ˌ") + name for at, name in enumerate(names))


def inflected(written: str, ending: str) -> str:
    """IPA with a plural's or a possessive's s: `z` after a voiced sound, `ɪz` after a hiss, else `s`."""
    if not ending or ending == "'":
        return written
    last = phones(written)[-1]
    if last in ("s", "z", "ʃ", "ʒ", "tʃ", "dʒ"):
        return written + "ɪz"
    return written + ("s" if last in ("p", "t", "k", "f", "θ", "x") else "z")
