"""A show and its episodes as pages: each one file that asks for nothing but its sound, on the web or from a disk.

What they look like and do lies in `pages/`: HTML (Jinja2), CSS and JavaScript, put into each page as they are, and named in its
Content-Security-Policy by their hashes. Rules: WCAG 2.2 AA, Open Graph, schema.org.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from hashlib import sha256
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from bulletin import colours, languages, synthetic
from bulletin.languages import canonical
from bulletin.model import Correction, Episode, Ms, Podcast, Station, TranscriptLine
from bulletin.outputs.feed import Page, home_name
from bulletin.outputs.transcript import clock, place

if TYPE_CHECKING:
    from jinja2 import Environment, Template

EDITION = 2
"""Part of what a page is made of: raise it when the same episode would look otherwise."""
EPISODES = 30
"""Of a page of the show."""
RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")
LABELS = {".vtt": "WebVTT", ".srt": "SRT", ".transcript.txt": "TXT"}
"""Ending of a file to take along -> what it is called."""
DESCRIPTION = 200
"""Characters of a description, where others quote a page."""
LIGHT, DARK = ("#fbfaf8", "#16191d"), ("#121519", "#e9e7e3")
"""Paper, and ink on it, as `pages/page.css` has them."""


class Paragraph(NamedTuple):
    """A paragraph of a transcript."""

    headline: bool
    start: Ms
    language: str
    speaker: str
    """Who reads it, where that changes; else empty."""
    sentences: tuple[TranscriptLine, ...]


def episode_page(
    episode: Episode, lines: Sequence[TranscriptLine], station: Station, speakers: Mapping[str, str], base_url: str = "", cover: str = ""
) -> str:
    """The page of an episode; of one that was withdrawn, why. `base_url` is where it will be found, for those who quote it."""
    show, withdrawn = station.podcast, episode.history.withdrawn
    url = base_url + quote(f"{episode.name}.html") if base_url else ""
    sound = sound_of(episode)
    audio_url = base_url + sound if base_url and not withdrawn else ""
    said = {line.segment.text for line in lines}
    told = "" if withdrawn else json.dumps(facts(episode, show, url, audio_url), ensure_ascii=False)
    context = {
        **shared(station, episode.language, base_url, cover),
        "episode": episode,
        "withdrawn": withdrawn,
        "heading": heading(episode),
        "title": f"{heading(episode)} | {show.title}",
        "description": brief(withdrawn.note if withdrawn else summary(lines)),
        "url": url,
        "audio": sound,
        "audio_url": audio_url,
        "data": plainly(told),
        "home": home_name(show),
        "length": clock(episode.duration),
        "groups": () if withdrawn else stories(paragraphs(lines, speakers)),
        "spoken": episode.disclosure in said or not episode.disclosure,
        "files": [(quote(name), label) for name in episode.beside for ending, label in LABELS.items() if name.endswith(ending)],
    }
    return template("episode.html").render(context)


def show_page(page: Page, every: Sequence[Page], station: Station, base_url: str = "", cover: str = "") -> str:
    """A page of the show: its episodes, the newest first, and the way to newer and older ones."""
    show, at = station.podcast, [each.name for each in every].index(page.name)
    context = {
        **shared(station, station.language, base_url, cover),
        "page": page,
        "heading": show.title,
        "title": show.title,
        "description": brief(show.description),
        "url": base_url + (page.name if at or page.name != "index.html" else "") if base_url else "",
        "newer": every[at - 1].name if at else "",
        "older": every[at + 1].name if at + 1 < len(every) else "",
        "newest": page.episodes[0] if page.episodes and not at else None,
        "sound_of": sound_of,
    }
    return template("show.html").render(context)


def sound_of(episode: Episode) -> str:
    """The address of an episode's sound beside its page; another for each revision, so that none hears what a cache has kept."""
    return quote(episode.sound) + (f"?r={episode.history.revision}" if episode.history.revision > 1 else "")


def shared(station: Station, language: str, base_url: str, cover: str) -> dict[str, Any]:
    """What every page of a station has."""
    show, words = station.podcast, page_words(language, station)
    style, script = styled(station.colours), scripted(words)
    return {
        "language": language,
        "rtl": canonical(language) in RIGHT_TO_LEFT,
        "show": show,
        "words": words,
        "ground": station.colours[0],
        "feed": f"{show.feed}.xml",
        "episode": None,
        "audio_url": "",
        "data": "",
        "cover_url": base_url + quote(cover) if base_url and cover else "",
        "style": trusted(style),
        "script": trusted(script),
        "style_hash": hashed(style),
        "script_hash": hashed(script),
        "clock": clock,
        "seconds": lambda milliseconds: f"{milliseconds / 1000:g}",
        "quote": quote,
        "moment": partial(moment, station=station),
        "lang_of": partial(lang_of, language),
    }


# --- words --------------------------------------------------------------------------------------------------


def page_words(language: str, station: Station) -> dict[str, str]:
    """What stands on a page besides its contents, in its language, or in English where that has no word."""
    own = {**languages.load(languages.FALLBACK).page, **languages.load(language, station.articles).page}
    return {**own, "made": synthetic.disclosure(language, station)}


def moment(at: datetime, language: str, station: Station) -> str:
    """A date and a time as the language writes them, the station's own as it does where it is, in the zone of the broadcast."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_time

    try:
        locale = Locale.parse(station.locale if canonical(station.locale) == canonical(language) else language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return f"{format_date(at, 'long', locale=locale)}, {format_time(at.time(), 'short', locale=locale)}"


def heading(episode: Episode) -> str:
    """The first headline; the others stand among the chapters."""
    return episode.chapters[0].title if episode.chapters else episode.title


def summary(lines: Sequence[TranscriptLine]) -> str:
    """The first words of the first story."""
    return " ".join(line.segment.text for line in lines if line.segment.role == "body")


def brief(text: str) -> str:
    """A text as others quote it, cut between words."""
    return text if len(text) <= DESCRIPTION else f"{text[:DESCRIPTION].rpartition(' ')[0] or text[:DESCRIPTION]}…"


def lang_of(page: str, language: str) -> Any:
    """A `lang` attribute, where a part is in another language than its page."""
    from markupsafe import Markup, escape

    if canonical(language) == canonical(page):
        return ""
    turned = Markup(' dir="rtl"') if canonical(language) in RIGHT_TO_LEFT else Markup(' dir="ltr"')
    return Markup(' lang="{}"').format(escape(language)) + turned


# --- transcript ---------------------------------------------------------------------------------------------


def paragraphs(lines: Sequence[TranscriptLine], speakers: Mapping[str, str]) -> list[Paragraph]:
    """The transcript in paragraphs; a speaker is named where another begins, and never where one speaks alone."""
    several, before, found = len({line.voice for line in lines}) > 1, "", []
    for _, group in groupby(lines, key=place):
        said = tuple(group)
        first = said[0].segment
        speaker = speakers.get(said[0].voice, said[0].voice) if several and said[0].voice != before else ""
        found.append(Paragraph(first.role == "headline", said[0].start, first.language, speaker, said))
        before = said[0].voice
    return found


def stories(found: Sequence[Paragraph]) -> list[list[Paragraph]]:
    """Paragraphs in groups: what comes before the first headline, then a story each."""
    groups: list[list[Paragraph]] = [[]]
    for each in found:
        if each.headline and groups[-1]:
            groups.append([])
        groups[-1].append(each)
    return [group for group in groups if group]


# --- for machines -------------------------------------------------------------------------------------------


def facts(episode: Episode, show: Podcast, url: str, audio_url: str) -> dict[str, Any]:
    """The episode as schema.org's PodcastEpisode; how its sound came about by IPTC's vocabulary."""
    source = {"digitalSourceType": synthetic.VOCABULARY + episode.digital_source} if episode.digital_source else {}
    seconds = round(episode.duration / 1000)
    sound = {
        "@type": "AudioObject",
        "contentUrl": audio_url or episode.sound,
        "encodingFormat": "audio/mpeg",
        "duration": f"PT{seconds // 60}M{seconds % 60}S",
        **source,
    }
    return {
        "@context": "https://schema.org",
        "@type": "PodcastEpisode",
        "name": episode.title,
        **({"url": url} if url else {}),
        "identifier": episode.history.guid,
        "inLanguage": episode.language,
        "datePublished": episode.at.isoformat(),
        "dateModified": episode.updated.isoformat(),
        "accessMode": ["auditory", "textual"],
        "associatedMedia": sound,
        "partOfSeries": {"@type": "PodcastSeries", "name": show.title},
        **({"correction": [corrected(each) for each in episode.history.corrections]} if episode.history.corrections else {}),
    }


def corrected(correction: Correction) -> dict[str, str]:
    """A correction as schema.org's CorrectionComment."""
    return {"@type": "CorrectionComment", "text": correction.note, "datePublished": correction.at.isoformat()}


def plainly(text: str) -> Any:
    """JSON that cannot end the element that it stands in."""
    return trusted(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def hashed(text: str) -> str:
    """What a Content-Security-Policy calls an inline style or script (CSP 3 §2.3.1)."""
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def trusted(text: str) -> Any:
    """Our own text, which goes into a page as it is."""
    from markupsafe import Markup

    return Markup(text)  # noqa: S704  # ours, or escaped


# --- style and script ---------------------------------------------------------------------------------------


@cache
def asset(name: str) -> str:
    """A file of `pages/`."""
    return resources.files("bulletin").joinpath("pages", name).read_text(encoding="utf-8")


@cache
def styled(own: tuple[str, str]) -> str:
    """The style in a station's two colours, each made readable on what it stands on."""
    ground, accent = own
    stronger = max(own, key=lambda colour: colours.contrast(colour, LIGHT[0]))
    values = {
        "LIGHT_MARK": tinted(accent, *LIGHT),
        "DARK_MARK": tinted(accent, *DARK),
        "LIGHT_LINK": colours.readable(stronger, LIGHT[0]),
        "DARK_LINK": colours.readable(accent, DARK[0]),
        "ON_GROUND": colours.ink(ground),
        "ON_ACCENT": colours.readable(accent, ground, 3),
        "GROUND": ground,
    }
    text = asset("page.css")
    for name, value in values.items():
        text = text.replace(name, value)
    return text


def tinted(accent: str, paper: str, ink: str) -> str:
    """The accent as a marker's: so far towards the paper that the ink on it can be read well."""
    shades = (colours.mixed(accent, paper, step / 20) for step in range(8, 21))
    return next((shade for shade in shades if colours.contrast(shade, ink) >= 7), paper)


def scripted(words: Mapping[str, str]) -> str:
    """The script with the words that it says."""
    told = json.dumps({name: words[name] for name in ("copied", "there", "lost")}, ensure_ascii=False)
    return asset("page.js").replace("WORDS", told.replace("<", "\\u003c"), 1)


@cache
def environment() -> Environment:
    """Jinja2, which escapes all that is put into a page."""
    from jinja2 import DictLoader, StrictUndefined
    from jinja2 import Environment as New

    names = ("base.html", "episode.html", "show.html")
    return New(autoescape=True, undefined=StrictUndefined, trim_blocks=True, loader=DictLoader({name: asset(name) for name in names}))


@cache
def template(name: str) -> Template:
    """One of the kinds of pages."""
    return environment().get_template(name)
