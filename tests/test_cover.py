"""The cover that is drawn for a station without one: what podcast apps ask of it, and the names of the world on it."""

from __future__ import annotations

import io
import struct
import sys
import unicodedata
import zlib
from functools import lru_cache
from subprocess import run as execute

import numpy as np
import pytest
from babel import Locale
from PIL import Image

from bulletin import cover, languages, lettering

COLOURS = ("#12263f", "#f2a541")
NAMES = {
    "en": "River Radio",
    "vi": "Đài Tiếng nói Việt Nam",
    "tr": "Türkiye’nin Sesi İğüş",
    "pl": "Źródło Łódź – Rozgłośnia",
    "ro": "Știri și Țară",
    "hu": "Kossuth Rádió Űrőr",
    "cs": "Český rozhlas Řeřicha",
    "yo": "Rédíò Ọ̀yọ́ Ẹ̀kọ́",
    "ha": "Muryar Ɗan Ƙasa Ɓauchi",
    "ru": "Радио Свобода",
    "uk": "Українське радіо Ґанок Їжак",
    "sr": "Радио Љубљана Ђорђе",
    "el": "Ελληνική Ραδιοφωνία",
    "ar": "إذاعة الشرق",
    "fa": "رادیو پیام می‌گوید",
    "ur": "ریڈیو پاکستان ٹھیک",
    "he": "קול ישראל",
    "hi": "आकाशवाणी क्षेत्रीय समाचार",
    "bn": "বাংলাদেশ বেতার",
    "th": "วิทยุกระจายเสียงแห่งประเทศไทย",
    "ja": "日本放送協会 ラジオ第一",
    "zh": "中央人民广播电台",
    "zh-TW": "臺灣廣播電臺新聞網",
    "ko": "한국방송 라디오",
}
HOSTILE = [
    "A",
    "ễ",
    "🎙",
    "🎙️ Radio 👩🏽‍🚀 Luna 🇫🇷 1️⃣",
    "x" * 300,
    "Rundfunk " * 40,
    "放" * 300,
    "ش" * 300,
    "क्षि" * 100,
    "á̸́́́́́" * 50,
    "a-" * 150,
    "-" * 300,
    "—",
    "Radio\nLuna\r\n\tNews\x00\x1b[2J",
    " \u00a0\u3000 ",
    "\u200d\u200c\u200b\u2060\ufeff",
    "\u202eRadio\u202c",
    "\u0301",
    "\ud800",
    "\U0010ffff",
    "\ufffd",
    "ㅤ",
    "ᚠᚢᚦ",
    "<b>&amp;</b> %s {} \\",
    "(إذاعة) FM 98.5 [الشرق] – 101,7",
]


@lru_cache(4)
def pixels(name: str, colours: tuple[str, str] = COLOURS) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(cover.draw(name, colours))))


def waves_alone(name: str) -> bool:
    """Whether a cover has its two colours and their tints only."""
    return not letters(name).any()


def letters(name: str) -> np.ndarray:
    """Where the ink of words is: of the colours here, it alone has much blue."""
    found: np.ndarray = pixels(name)[..., 2] > 160
    return found


@pytest.mark.parametrize("name", ["", "VOV", NAMES["vi"], "Radio Télévision Libre des Mille Collines du Nord"])
def test_it_is_what_podcast_apps_ask_for_and_small(name: str) -> None:
    made = cover.draw(name, COLOURS)
    picture = Image.open(io.BytesIO(made))
    picture.load()
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (1500, 1500))
    assert len(made) < 100_000


def test_its_parts_are_a_sound_png() -> None:
    made = cover.draw("VOV", COLOURS)
    at, names = 8, []
    while at < len(made):
        (length,) = struct.unpack(">I", made[at : at + 4])
        names.append(made[at + 4 : at + 8])
        assert struct.unpack(">I", made[at + 8 + length : at + 12 + length]) == (zlib.crc32(made[at + 4 : at + 8 + length]),)
        at += 12 + length
    assert names == [b"IHDR", b"IDAT", b"IEND"]


def test_the_same_name_and_colours_give_the_same_bytes_in_any_run() -> None:
    script = f"import hashlib; from bulletin import cover; print(hashlib.sha256(cover.draw({NAMES['ar']!r}, {COLOURS!r})).hexdigest())"
    outputs = {execute([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout for _ in range(2)}
    assert len(outputs) == 1
    assert outputs != {""}


def test_each_station_has_waves_of_its_own() -> None:
    tops = {pixels(name)[:400].tobytes() for name in ("BBA", "BBB", "BBC", "BBD", "ᚠ", "ᚢ")}
    assert len(tops) == 6


def test_how_a_name_is_typed_makes_no_difference() -> None:
    assert cover.draw(unicodedata.normalize("NFD", f" {NAMES['vi']}\n"), COLOURS) == cover.draw(NAMES["vi"], COLOURS)


def test_each_pair_of_colours_has_a_cover_of_its_own() -> None:
    assert len({cover.draw("VOV", colours) for colours in [COLOURS, COLOURS[::-1], ("#12263f", "#f2a542"), ("#ffffff", "#0057b8")]}) == 4


@pytest.mark.parametrize(
    "colours",
    [
        COLOURS,
        COLOURS[::-1],
        ("#000000", "#000000"),
        ("#ffffff", "#ffffff"),
        ("#ffffff", "#ffff00"),
        ("#777777", "#777777"),
        ("#757575", "#767676"),
        ("#ff0000", "#00ff00"),
        ("#0000ff", "#ff0000"),
        ("#ffff00", "#ffffff"),
        ("#ABCDEF", "#FEDCBA"),
    ],
)
def test_words_can_be_read_and_waves_be_seen_whatever_the_colours(colours: tuple[str, str]) -> None:
    found = pixels("VOV", colours)
    ground, accent, ink = cover.palette(*map(cover.rgb, colours))
    assert (found[1490, 5] == np.rint(ground)).all()
    assert (found == np.rint(ink).astype(np.uint8)).all(axis=2).mean() > 0.1
    assert (found == np.rint(accent).astype(np.uint8)).all(axis=2).mean() > 0.01
    assert cover.contrast(ground, ink) >= 4.5
    assert cover.contrast(ground, accent) >= 3


@pytest.mark.parametrize(("one", "other", "ratio"), [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#123456", "#123456", 1)])
def test_contrast_is_as_the_standard_has_it(one: str, other: str, ratio: float) -> None:
    assert cover.contrast(cover.rgb(one), cover.rgb(other)) == pytest.approx(ratio, abs=0.005)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_in_the_scripts_of_the_languages_are_set_without_a_box(name: str) -> None:
    assert lettering.drawable(name).replace(" ", "") == unicodedata.normalize("NFC", name).replace(" ", "")
    for run in lettering.runs(lettering.drawable(name), lettering.reads_rightwards(name)):
        for glyph, *_ in lettering.shaped(run):
            assert glyph != 0, run


@pytest.mark.parametrize("code", languages.codes())
def test_every_language_of_the_house_can_be_set(code: str) -> None:
    for word in [languages.load(code).name, *Locale.parse(code).months["format"]["wide"].values()]:
        assert lettering.drawable(word) == unicodedata.normalize("NFC", " ".join(word.split()))


@pytest.mark.parametrize("name", ["ᚠᚢᚦ", "Radio ᚠ", "தமிழ் வானொலி", "ア\U0002a6d6", "🎙", "", " ", "\u200d"])
def test_a_letter_that_no_font_has_leaves_the_waves_alone(name: str) -> None:
    assert lettering.drawable(name).strip("\u200d") == ""
    assert waves_alone(name)


def test_a_sign_that_no_font_has_is_left_out() -> None:
    assert lettering.drawable("🎙️ Radio 👩🏽‍🚀 Luna 🇫🇷") == "Radio Luna"
    assert (pixels("🎙️ Radio Luna")[-400:] == pixels("Radio Luna")[-400:]).all()


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: ascii(name)[:24])
def test_no_name_breaks_it_and_no_word_leaves_the_picture(name: str) -> None:
    ink = letters(name)
    assert ink.shape == (1500, 1500)
    inner = ink[300 : 1500 - cover.MARGIN + 2, cover.MARGIN - 2 : 1500 - cover.MARGIN + 2]
    assert ink.sum() == inner.sum()


@pytest.mark.parametrize("name", [*NAMES.values(), "VOV", "Radio Télévision Libre des Mille Collines du Nord"])
def test_waves_and_words_never_touch(name: str) -> None:
    setting = cover.fitted(lettering.drawable(name))
    assert setting
    top = int(setting.top())
    rows = letters(name).any(axis=1)
    assert np.flatnonzero(rows).min() == pytest.approx(top, abs=2)
    assert (pixels(name)[top - 40 : top - 2] == np.rint(cover.rgb(COLOURS[0]))).all()
    below = pixels(name)[top:].reshape(-1, 3).astype(int)
    assert (below[:, 0] <= below[:, 2] + 4).all(), "a wave, which is orange, among the words, which are white on blue"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("VOV", ["VOV"]),
        ("River Radio", ["River", "Radio"]),
        ("Westdeutscher Rundfunk Köln", ["Westdeutscher", "Rundfunk Köln"]),
        ("中央人民广播电台", ["中央人民", "广播电台"]),
        ("臺灣廣播電臺新聞網", ["臺灣", "廣播電臺", "新聞網"]),
        ("日本放送協会 ラジオ第一", ["日本放送協会", "ラジオ第一"]),
        ("聞くラジオ、「みんなの声」", ["聞くラジオ、", "「みんなの", "声」"]),
        ("Rhein-Neckar-Welle", ["Rhein-", "Neckar-", "Welle"]),
        ("KBS 한국방송", ["KBS", "한국방송"]),
    ],
)
def test_lines_are_even_and_end_between_words(name: str, lines: list[str]) -> None:
    parts = cover.pieces(name)
    breaks = cover.broken([lettering.width(part) for part in parts], len(lines))
    assert ["".join(parts[start:end]).strip() for start, end in breaks] == lines
    setting = cover.fitted(name)
    assert setting
    assert len(setting.lines) == len(lines)


@pytest.mark.parametrize("name", [*NAMES.values(), *HOSTILE], ids=lambda name: ascii(name)[:24])
def test_no_letter_is_lost_between_lines(name: str) -> None:
    words = lettering.drawable(name)
    assert "".join(cover.pieces(words)) == words


@pytest.mark.parametrize("name", ["VOV", "BBC", "River Radio", "Đài Tiếng nói Việt Nam", "إذاعة الشرق", "NHK ラジオ", "Радио Свобода"])
def test_a_name_can_be_read_in_a_list_of_podcasts(name: str) -> None:
    setting = cover.fitted(name)
    assert setting
    assert setting.size * 55 / cover.SIDE >= 9  # pixels an em, where an app shows 55


def test_what_reads_from_the_right_stands_on_the_right() -> None:
    assert np.flatnonzero(letters("قول").any(axis=0)).max() == pytest.approx(1500 - cover.MARGIN, abs=3)
    assert np.flatnonzero(letters("Radio").any(axis=0)).min() == pytest.approx(cover.MARGIN, abs=3)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Radio 1", ["Radio 1"]),
        ("إذاعة", ["إذاعة"]),
        ("إذاعة FM", ["FM", "إذاعة"]),
        ("إذاعة 98.5 FM", ["FM", "98.5", "إذاعة"]),
        ("إذاعة (1) الشرق", ["الشرق", "1", "إذاعة"]),
        ("Radio إذاعة News", ["Radio", "إذاعة", "News"]),
        ("קול 101.5", ["101.5", "קול"]),
    ],
)
def test_mixed_directions_stand_as_unicode_has_them(text: str, seen: list[str]) -> None:
    found = [run.text.strip(" ()") for run in lettering.runs(text, lettering.reads_rightwards(text))]
    assert [word for word in found if word] == seen


def test_arabic_letters_join() -> None:
    def glyphs(text: str) -> list[int]:
        return [glyph for run in lettering.runs(text, False) for glyph, *_ in lettering.shaped(run)]

    assert len(set(glyphs("ببب"))) > len(set(glyphs("ب")))


def test_a_font_that_is_not_there_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "FONTS", ("none.ttf", *lettering.FONTS[:-1]))
    assert lettering.drawable("Radio") == "Radio"
    assert lettering.drawable("中央") == ""


def test_a_square_covers_what_it_covers() -> None:
    square = np.array([(1.5, 1.5), (3.0, 1.5), (3.0, 3.0), (1.5, 3.0)])
    found = cover.coverage([square], 5, 5)
    wanted = np.zeros((5, 5))
    wanted[1:3, 1:3] = [[0.25, 0.5], [0.5, 1.0]]
    assert found == pytest.approx(wanted, abs=0.5 / cover.STEPS + 1e-6)
    hole = np.array([(0.0, 0.0), (0.0, 5.0), (5.0, 5.0), (5.0, 0.0)])
    assert cover.coverage([hole, square], 5, 5) == pytest.approx(1 - wanted, abs=0.5 / cover.STEPS + 1e-6)
    assert cover.coverage([square + 100], 5, 5).max() == 0
