"""Trying things out: one line with a voice, a station file with all that it names."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from bulletin import cuesheet, engines, languages, lexicons, outputs, readers, rundown, sites
from bulletin.errors import ReadError, VoiceError
from bulletin.model import Jingle, Master, Passage, Report, Rundown, Span, Station, Story
from bulletin.produce import load_jingles, mastered, open_station
from bulletin.shortfalls import mismatched
from bulletin.sources import silent
from bulletin.speech import Studio
from bulletin.store import Store
from bulletin.voicing import spoken_rundown


def audition(
    text: str,
    output: str | Path,
    *,
    voice: str | None = None,
    language: str | None = None,
    station: str | Path | Station | None = None,
    offline: bool = False,
) -> Report:
    """Say a few words into an MP3 or a WAV, without jingles, opening or closing, at the station's level. Raises BulletinError."""
    profile = replace(open_station({"station": station, "voice": voice, "language": language, "offline": offline}), jingles={}, fallback=())
    path = Path(output)
    (form,) = outputs.forms(path, profile, ())
    outputs.destination(path, profile.folder)
    spans = [Span(text=" ".join(line.split())) for line in text.splitlines() if line.strip()]
    if not spans:
        raise ReadError("There are no words to say.", "bulletin say 'Good evening.'")
    passages = tuple(Passage(role="body", spans=(span,)) for span in spans)
    detected = readers.detect(text, profile)
    language = language or (engines.find(voice, detected).language.partition("-")[0] if voice else detected)
    told = Story(source="", headline="", language=language, passages=passages)
    lines = Rundown(at=datetime.now().astimezone(), language=language, voice=voice or "", edited=True, stories=(told,))
    with Store(profile.store, profile.store_bytes) as store, Studio(store, profile, silent) as studio:
        lines, clips, problems = spoken_rundown(lines, studio)
        programme = mastered(cuesheet.lay(clips, lines, {}, profile), form, form.kinds[0], store, silent)
        short = (*problems, *mismatched(clips))
        report = Report(files=(), rundown=lines, station=profile.name, programmes=(programme,), skipped=(), problems=short)
        return outputs.publish(report, profile, path, ())


def spoken_language(voice: str | None, station: str | Path | Station | None) -> str:
    """The language of a voice, else of the station."""
    profile = open_station({"station": station, "voice": voice})
    return engines.find(voice, profile.language).language.partition("-")[0] if voice else profile.language


def check_station(station: str | Path | None = None) -> list[str]:
    """One line on each thing that a station file names, having looked at it. Raises StationError, VoiceError, SoundError."""
    profile = open_station({"station": station})
    with Store(profile.store, profile.store_bytes) as store:
        sounds = load_jingles(profile, store)
    sample = Story(source="", headline="Headline", language=profile.language)
    words = rundown.arrange([sample], profile, datetime.now().astimezone())
    return [
        f"station   {profile.name or '(no name)'}, language {profile.language}",
        f"opening   {' '.join(passage.text for passage in words.opening) or 'none'}",
        f"closing   {' '.join(passage.text for passage in words.closing) or 'none'}",
        *(f"voice     {voice_in_words(code, profile)}" for code in dict.fromkeys((profile.language, *profile.voices))),
        *(f"{slot:<9} {in_words(sounds.get(slot))}" for slot in profile.jingles),
        f"articles  {phrases_in_words(profile)}",
        f"names     {names_in_words(profile)}",
        *(f"{'loudness' if not form.name else form.name:<9} {form_in_words(form)}" for form in (profile.master, *profile.masters.values())),
        f"bulletins {profile.folder}",
        f"store     {profile.store}",
    ]


def form_in_words(form: Master) -> str:
    """A form in which bulletins go out."""
    files = " and ".join(kind[1:].upper() for kind in form.kinds)
    return f"{form.target.lufs:g} LUFS, {form.target.true_peak:g} dBTP ({form.target.source}); {files}"


def phrases_in_words(profile: Station) -> str:
    """What of the station's own stands in its folder of phrases. Raises StationError for a file that cannot be read."""
    if not profile.articles:
        return "no phrases of the station's own"
    known = [languages.load(path.stem, profile.articles).code for path in sorted((profile.articles / "languages").glob("*.toml"))]
    own = len(sites.all_sites(profile.articles)) - len(sites.all_sites(None))
    return f"phrases for {', '.join(known) or 'no language'} and {own} {'site' if own == 1 else 'sites'} in {profile.articles}"


def names_in_words(profile: Station) -> str:
    """How many names have their pronunciation. Raises LexiconError for a lexicon that cannot be read."""
    known = lexicons.load(profile.lexicon).entries
    own = sum(not entry.shipped for entry in known)
    there = f"in {profile.lexicon}" if profile.lexicon and profile.lexicon.exists() else f"(no {profile.lexicon} yet)"
    return f"{own} of the station's own {there}, {len(known) - own} that ship"


def voice_in_words(language: str, profile: Station) -> str:
    """Who speaks a language. Raises VoiceError for a voice that cannot speak now."""
    voice = engines.choose(language, profile)
    if not voice.ready:
        raise VoiceError(f"{voice.name} is not ready: {voice.note}.", "All voices: bulletin voices")
    return f"{voice.name} for {language}{', online' if voice.online else ''}"


def in_words(jingle: Jingle | None) -> str:
    """A jingle in words."""
    return f"{jingle.path} ({jingle.duration / 1000:.1f} s, {jingle.loudness:.1f} LUFS)" if jingle else "none"
