"""[podcast] of station.toml becomes a Podcast: checked by the rules of the directories, empty settings filled in."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from bulletin.errors import StationError
from bulletin.model import Podcast

CATEGORIES = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": ("Careers", "Entrepreneurship", "Investing", "Management", "Marketing", "Non-Profit"),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": ("Alternative Health", "Fitness", "Medicine", "Mental Health", "Nutrition", "Sexuality"),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": ("Animation & Manga", "Automotive", "Aviation", "Crafts", "Games", "Hobbies", "Home & Garden", "Video Games"),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": ("Business News", "Daily News", "Entertainment News", "News Commentary", "Politics", "Sports News", "Tech News"),
    "Religion & Spirituality": ("Buddhism", "Christianity", "Hinduism", "Islam", "Judaism", "Religion", "Spirituality"),
    "Science": (
        "Astronomy", "Chemistry", "Earth Sciences", "Life Sciences", "Mathematics", "Natural Sciences", "Nature", "Physics",
        "Social Sciences",
    ),
    "Society & Culture": ("Documentary", "Personal Journals", "Philosophy", "Places & Travel", "Relationships"),
    "Sports": (
        "Baseball", "Basketball", "Cricket", "Fantasy Sports", "Football", "Golf", "Hockey", "Rugby", "Running", "Soccer", "Swimming",
        "Tennis", "Volleyball", "Wilderness", "Wrestling",
    ),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    "Technology": (),
    "True Crime": (),
}  # fmt: skip
"""Apple Podcasts Categories (podcasters.apple.com/support/1691): the words that directories know."""
LONGEST = 255
"""Characters of a value, PSP-1; 4000 bytes of a description."""
LONGEST_DESCRIPTION = 4000
LISTS = {
    "podcast.categories": ("a category of Apple's", 'categories = ["News > Daily News"]'),
    "podcast.people": ("a name, with a role behind a bar if you like", 'people = ["Mai Tran", "Jo Bell | editor"]'),
    "podcast.txt": ("a text, with its purpose before a colon if it has one", 'txt = ["verify: 8kzf"]'),
}


def podcast(values: Mapping[str, Any]) -> Podcast:
    """The show of a station file's checked values. Raises StationError, naming the setting."""
    name = values["station.name"]
    title = within("podcast.title", values["podcast.title"]) or name or "News"
    return Podcast(
        feed=feed_name(values["podcast.feed"]),
        title=title,
        description=within("podcast.description", values["podcast.description"]) or f"News bulletins{f' from {name}' if name else ''}.",
        link=address("podcast.link", values["podcast.link"]),
        author=within("podcast.author", values["podcast.author"]) or name or title,
        owner=within("podcast.owner", values["podcast.owner"]) or name or title,
        email=mailbox(values["podcast.email"]),
        copyright=within("podcast.copyright", values["podcast.copyright"]),
        categories=tuple(category(text) for text in texts("podcast.categories", values)) or (("News",),),
        explicit=values["podcast.explicit"],
        people=tuple(halves(text, "|") for text in texts("podcast.people", values)),
        locked=values["podcast.locked"],
        txt=tuple((purpose, text) if text else ("", purpose) for purpose, text in (halves(t, ":") for t in texts("podcast.txt", values))),
        base_url=base(values["podcast.base_url"]),
        page=values["podcast.page"],
        keep=values["podcast.keep_days"],
        corrected=values["podcast.corrected"],
    )


def texts(key: str, values: Mapping[str, Any]) -> Sequence[str]:
    """A list of texts. Raises StationError for another list."""
    found: Sequence[Any] = values[key]
    what, example = LISTS[key]
    for text in found:
        if not isinstance(text, str) or not text.strip():
            raise StationError(f"“{key}” holds {text!r}, and each must be {what}.", example)
        within(key, text, 4000 if key == "podcast.txt" else LONGEST)  # podcast:txt has limits of its own
    return found


def halves(text: str, mark: str) -> tuple[str, str]:
    """What stands before and behind the first mark."""
    first, _, second = text.partition(mark)
    return first.strip(), second.strip()


def category(text: str) -> tuple[str, ...]:
    """One of Apple's categories: `News`, `News > Daily News`. Raises StationError, naming the nearest."""
    main, sub = halves(text, ">")
    names = {name.lower(): name for name in CATEGORIES}
    subs = {name.lower(): name for name in CATEGORIES.get(names.get(main.lower(), ""), ())}
    if main.lower() in names and (not sub or sub.lower() in subs):
        return (names[main.lower()], *([subs[sub.lower()]] if sub else []))
    every = [f"{main} > {sub}" for main, subs in CATEGORIES.items() for sub in subs] + list(CATEGORIES)
    near = difflib.get_close_matches(text, every, n=1, cutoff=0.5)
    raise StationError(
        f"“{text}” is none of Apple's categories (podcast.categories).",
        f"Did you mean “{near[0]}”?" if near else 'For example: categories = ["News > Daily News"]',
    )


def within(key: str, text: str, most: int = LONGEST) -> str:
    """A text that is not too long for a directory. Raises StationError."""
    text = " ".join(text.split())
    size, most = (len(text.encode()), LONGEST_DESCRIPTION) if key == "podcast.description" else (len(text), most)
    if size > most:
        raise StationError(f"“{key}” is {size} {'bytes' if most == LONGEST_DESCRIPTION else 'characters'} long.", f"At most {most}.")
    return text


def feed_name(name: str) -> str:
    """A feed's file name without its ending."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", name) or re.search(r"-\d+$", name):
        raise StationError(f"“{name}” is no name for a feed (podcast.feed).", "Latin letters, digits and hyphens, no -2 at its end: sport")
    return name


def address(key: str, url: str) -> str:
    """A web address, or empty. Raises StationError."""
    try:
        parts = urlsplit(url.strip())
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", url.strip())
    except ValueError:
        fits = False
    if url and not fits:
        raise StationError(f"“{url}” is no address on the web ({key}).", "Write it whole: https://example.org/news/")
    return url.strip()


def base(url: str) -> str:
    """The address of a folder, with a slash at its end, or empty. Raises StationError."""
    found = address("podcast.base_url", url)
    if urlsplit(found).query or urlsplit(found).fragment:
        raise StationError(f"“{url}” is no folder's address (podcast.base_url).", "Without ? and #: https://example.org/news/")
    return found if not found or found.endswith("/") else f"{found}/"


def mailbox(text: str) -> str:
    """An address for mail, or empty. Raises StationError."""
    if text and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", text.strip()):
        raise StationError(f"“{text}” is no address for mail (podcast.email).", 'As in: email = "newsroom@example.org"')
    return text.strip()
