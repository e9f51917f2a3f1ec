"""Addresses of the web and of post, handles and hashtags, telephone numbers."""

from __future__ import annotations

import re

from bulletin.spoken.numbers import cardinal, digits
from bulletin.spoken.rule import Style, after, before, rule

ENDINGS = "com|org|net|gov|edu|info|news|online|shop|site|app|dev|tech|media|press|world|live|biz|mil|int|asia|africa|london|museum|radio|travel|health|cloud|blog|store"
ALSO_WORDS = frozenset((
    "us", "it", "in", "is", "no", "to", "at", "be", "my", "me", "so", "am", "as", "by", "he", "or", "an", "on", "of", "if", "we",
    "up",
))  # fmt: skip
"""Endings of countries that are words: `told.us` may be a slip of the keyboard."""
WORDS = frozenset(ENDINGS.split("|"))
MARKS = {
    ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "?": "question mark", "=": "equals", "&": "and", "~": "tilde",
    "+": "plus", "#": "hash", ":": "colon", "%": "percent",
}  # fmt: skip
LABEL = r"[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?"


def spelled(text: str) -> str:
    """An address in words: marks by name, digits one by one."""
    said = [
        MARKS[piece] if piece in MARKS else digits(piece) if piece.isdecimal() else piece
        for piece in re.findall(r"\d+|[^\W\d_]+|[^\w\s]|_", text)
        if piece in MARKS or piece[0].isalnum()
    ]
    return " ".join(said)


def host(name: str) -> str:
    """`vov.vn` -> `VOV dot VN`: an ending of two letters, and a short name without a vowel or before it, by its letters."""
    *labels, ending = name.split(".")
    said = []
    for label in labels:
        short = len(label) <= 4 and label.isalpha() and (not re.search(r"[aeiouy]", label.lower()) or label.lower() in SHORT)
        said.append(label.upper() if short else spelled(label))
    return " dot ".join([*said, ending if ending in WORDS else ending.upper() if len(ending) <= 3 else ending])


SHORT = frozenset(
    ("vov", "voa", "bbc", "cnn", "npr", "rfi", "abc", "nbc", "afp", "nhs", "who", "un", "imf", "eu", "cbs", "nhk", "kbs", "aol")
)


@rule(
    r"(?<![\w@])(?P<name>[A-Za-z\d](?:[\w.+-]{0,62}[\w])?|\.?[a-z])@(?P<host>(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,12})(?P<path>/[\w/-]+)?(?!\w)"
)
def e_mail(match: re.Match[str], style: Style) -> str | None:
    """`news.desk@example.org` -> `news dot desk at example dot org`."""
    name = re.sub(r"(\d+)", lambda number: f" {spoken_digits(number[1])} ", match["name"])
    name = " ".join(MARKS.get(piece, piece) for piece in re.findall(r"[^\W_]+|[^\w\s]|_", name))
    return f"{name} at {host(match['host'])}" + (f" {spelled(match['path'])}" if match["path"] else "")


def spoken_digits(number: str) -> str:
    """Short numbers whole, longer ones digit by digit."""
    return cardinal(int(number)) if len(number) < 2 else digits(number)


@rule(
    rf"(?<![\w@./])(?:(?P<scheme>https?|ftp)://)?(?P<www>www\.)?(?P<host>(?:{LABEL}\.){{1,8}}(?:{ENDINGS}|[a-z]{{2}}))(?P<port>:\d+)?(?P<path>(?:[/?#][\w/.?=&%~+#-]*)?)(?![\w@])"
)
def web(match: re.Match[str], style: Style) -> str | None:
    """`https://www.vov.vn/news` -> `VOV dot VN slash news`; what follows a question mark is not said."""
    ending = match["host"].rsplit(".", 1)[1]
    bare = not match["scheme"] and not match["www"]
    if bare and (
        ending not in WORDS
        and (
            match["host"].lower() in ("a.m", "p.m", "e.g", "i.e")
            or len(match["host"]) < 5
            or not re.search(r"[a-z]", match["host"])
            or match["host"].split(".")[0].isdecimal()
        )
    ):
        return None
    if bare and ending in ALSO_WORDS and not match["path"]:
        return None
    path = re.sub(r"[?#].*$", "", match["path"]).rstrip("/.")
    full_stop = "." if match["path"].endswith(".") else ""
    return host(match["host"]) + (f" {spelled(path)}" if path else "") + full_stop


@rule(r"(?P<scheme>https?|ftp|file)://(?P<rest>[\w./?=&%~+#-]*[\w/])")
def other_address(match: re.Match[str], style: Style) -> str | None:
    """`file:///c/code` -> `c slash code`."""
    return spelled(match["rest"].strip("/"))


@rule(r"(?<![\w&])#(?P<tag>[A-Za-z]\w+)")
def hashtag(match: re.Match[str], style: Style) -> str | None:
    """`#MeToo` -> `hashtag Me Too`."""
    return f"hashtag {apart(match['tag'])}"


@rule(r"(?<!\w)\.?@(?P<handle>[A-Za-z_]\w+)")
def handle(match: re.Match[str], style: Style) -> str | None:
    """`@BBCNews` -> `at BBC News`."""
    return f"at {apart(match['handle'])}"


def apart(name: str) -> str:
    """`MeToo`, `BBCNews2024`, `vov_news` in words."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+", name.replace("_", " "))
    return " ".join(year_or_digits(word) if word.isdecimal() else word for word in words)


def year_or_digits(number: str) -> str:
    """`2024` as a year, `24` whole, longer digit by digit."""
    from bulletin.spoken.numbers import year

    return (
        year(int(number))
        if len(number) == 4 and number[:2] in ("19", "20")
        else cardinal(int(number))
        if len(number) < 3
        else digits(number)
    )


@rule(
    r"(?<![\w.,/$£€-])(?:\+\d{1,3}[\s.-]?(?:\(\d{1,4}\)[\s.-]?)?\d{1,4}(?:[\s.-]\d{2,4}){1,4}"
    r"|\(\d{2,4}\)[\s-]?\d{3,4}[\s-]\d{3,4}|\d{3}-\d{3,4}-\d{3,4}|1-\d{3}-\d{3}-\d{4}|0\d{2,4}[\s-]\d{3,4}[\s-]\d{3,4}|\d{3}-\d{2}-\d{4})(?![\w-]|[.,]\d)",
    digits=True,
)
def telephone(match: re.Match[str], style: Style) -> str | None:
    """`+84 24 3934 4231`: digit by digit, a pause between groups."""
    groups = re.findall(r"\d+", match.group())
    return ("plus " if match.group()[0] == "+" else "") + ", ".join(map(digits, groups))


@rule(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.])|(?<![\w.,])(?!\d\d?\.\d\d?\.\d{4}\b)\d{1,4}(?:\.\d{1,4}){2,}(?![\w])", digits=True)
def ip_address(match: re.Match[str], style: Style) -> str | None:
    """`123.123.0.40` digit by digit."""
    return " dot ".join(digits(part) for part in match.group().split("."))


@rule(r"(?<![\w.,/$£€:-])(?:911|999|112|113|114|115|110|119|988|111|101)(?![\w%/-]|[.,:]\d)", digits=True)
def emergency(match: re.Match[str], style: Style) -> str | None:
    """`dial 911` -> `dial nine one one`."""
    if re.match(r"\s(?:calls?|callers?|operators?|dispatch\w*|hotline|line|service|system|recordings?)\b", after(match)):
        return digits(match.group(), "oh")
    called = re.search(
        r"\b(?:call(?:s|ed|ing)?|dial(?:s|l?ed|l?ing)?|text(?:s|ed|ing)?|rang|ring|phone[ds]?|hotline|helpline|lifeline|number)"
        r"(?:\sto|\son|\sat|\sis|\sof)?\s$",
        before(match, 20),
        re.I,
    )
    counted = re.search(r"\bnumber\s(?:to|of)\s$", before(match, 14)) or re.match(r"\s(?:[a-z]+s|people)\b", after(match))
    return digits(match.group(), "oh") if called and not counted else None
