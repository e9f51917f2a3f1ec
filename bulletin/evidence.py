"""What can be seen of each line of a page: its words, its neighbours, its place, and the page's own hints, as a row of numbers.

Only forms count here, never a topic's words: what was learned from pages in one language holds for the others, where the
phrases in `languages/` speak for them. NaN stands for what cannot be known: capitals in a script that has none, elements in
plain text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bulletin.cuts import dateline, parts, without
from bulletin.hints import BITS
from bulletin.model import Block
from bulletin.phrases import DIGIT, UNSPACED, Phrasebook, ends, folded, length, pieces, squeezed

if TYPE_CHECKING:
    import numpy as np

    Matrix = np.ndarray[Any, np.dtype[np.float32]]

REASONS = (
    "related", "feedback", "share", "subscribe", "advertisement", "cookie notice", "navigation", "copyright", "tag", "byline",
    "timestamp", "caption", "correction", "end", "author",
)  # fmt: skip
"""Reasons that phrases give."""
OWN = (
    "words", "full stop", "colon end", "ellipsis end", "sentences", "commas", "digits", "capitals", "all capitals",
    "small start", "quote start", "bullet start", "bracket start", "digit start", "quotes", "address", "handle", "strokes", "question",
    "bracketed", "bracket end", "name", "stamp", "by", "credit", "credited", "agency", "arrow", "phrase fills", "phrase begins",
    *(f"phrase: {reason}" for reason in REASONS), "phrase inside", "title in it", "it in title", "title start", "topic", "repeats",
    "inside another", "blank before", "heading", "quote", "list", "picture text", "to the reader", "of an author",
    "of a picture", "of a story", "of a day",
    "opens as told", "like above", "like below", "author first", "in the picture", "credit end", "glued", "dateline", "short link",
)  # fmt: skip
"""What is seen of a line by itself."""
PAGE = (
    *BITS, "extracted", "linked", "bold", "above heart", "below heart", "in schema body", "described",
    *(f"{measure} {up}" for measure in ("story share", "story density", "prose share") for up in range(4)),
)  # fmt: skip
"""What a web page's own marks say."""
NEAR = (
    "words",
    "full stop",
    "phrase fills",
    "phrase begins",
    "title in it",
    "topic",
    "blank before",
    "stamp",
    "extracted",
    "linked",
    "name",
    "credit",
    "heading",
    "colon end",
    "of a story",
    "phrase: related",
)
"""What is also seen of the lines around."""
REACH = (-3, -2, -1, 1, 2, 3)
"""Which lines around."""
PLACE = (
    "from top", "from end", "after title", "story before", "story after", "story near before", "story near after", "short run",
    "page lines", "page story", "since related", "since long", "until long", "since phrase", "median words",
)  # fmt: skip
"""Where a line stands."""
NAMES = (*OWN, *PAGE, *PLACE, *(f"{name} {step:+d}" for step in REACH for name in NEAR))
"""The columns, in order."""
COLUMN = {name: at for at, name in enumerate(PAGE)}
LONG = 14.0
"""Words of a line that reads as a paragraph."""
NAN = float("nan")
FAR, MANY, WORDY = 300, 400, 3000
"""Lines from a page's ends, lines and words of a page beyond which more make no difference: a long read is not less of a story."""
GLUED = 60
"""Characters of a line that something may be glued to."""
HEAD = 1500
"""Characters of a line that are looked at."""
QUOTES = "\"“”„«‘'「『"
QUOTED = re.compile(r"[\"“”„«»「『]")
QUESTION = re.compile(r"[?？؟]")
COMMA = re.compile(r"[,،、，]")
STROKES = re.compile(r"[|·•/›»]")
INNER_END = re.compile(r"[.!?…]['\"”’»)]?\s|[。！？।؟]")
BRACKETS = re.compile(r"[(\[（【][^()\[\]（）【】]*[)\]）】]")
BRACKET_END = re.compile(r"[)\]）】]\W*$")
BULLET = re.compile(r"^\s*(?:[*•·▪■●○◦‣⁃►▶▸➤→»>+]|[-–—]\s)")
ADDRESS = re.compile(r"https?://|www\.|\w@\w|\.(?:com|org|net|co)\b")
ADDRESSES = ("http", "www.", "@", ".com", ".org", ".net", ".co")
HANDLE = re.compile(r"(?:^|\s)[@#]\w")
MOST = 400_000
"""Characters in which repeats are looked for."""


class Evidence:
    """The evidence of a page: all that does not hang on the headline is gathered once."""

    def __init__(self, blocks: Sequence[Block], book: Phrasebook) -> None:
        import numpy as np

        self.texts = texts = [trimmed(block.text, book) for block in blocks]
        """The lines without what is glued to them."""
        self.words = np.array([length(text) for text in texts], np.float32)
        self.keys = [squeezed(text) for text in texts]
        self.content = [content(text[:HEAD]) for text in texts]
        long = [size >= LONG and ends(text) for size, text in zip(self.words, texts, strict=True)]
        topic = Topic(self.keys, self.content, long, authors(texts, book))
        rows = [seen(block, texts[at], at, float(self.words[at]), topic, book) for at, block in enumerate(blocks)]
        self.own = np.array(rows, np.float32).reshape(-1, len(OWN))
        self.page = np.full((len(blocks), len(PAGE)), np.nan, np.float32)
        for at, block in enumerate(blocks):
            if block.hints:
                if "extracted" in block.hints:
                    self.page[at, : len(BITS)] = 0.0
                for name, value in block.hints.items():
                    if name in COLUMN:
                        self.page[at, COLUMN[name]] = value

    def matrix(self, title: str = "") -> Matrix:
        """One row a block, one column a name of NAMES; float32, NaN for what is not known."""
        import numpy as np

        own = self.own.copy()
        wanted, key = content(title), squeezed(title)
        if wanted:
            first = OWN.index("title in it")
            for at, mine in enumerate(self.content):
                common = len(mine & wanted)
                own[at, first : first + 3] = (common / len(wanted), common / len(mine) if mine else np.nan, self.keys[at].startswith(key))
        return np.hstack((own, self.page, places(own, self.words), around(own, self.page)))


def trimmed(text: str, book: Phrasebook) -> str:
    """A line without what is glued to it: a paragraph that ends in a credit or a link is a paragraph all the same."""
    if len(text) < GLUED or len(text) > 5 * HEAD:
        return text
    gone = list(parts(text, book, frozenset()))
    left = " ".join(without(text, gone).split()) if gone else text
    return left if len(left) >= GLUED else text


def authors(texts: Sequence[str], book: Phrasebook) -> tuple[str, ...]:
    """The names in the page's bylines, letters alone: a paragraph that begins with one is the author's box."""
    found = [name for text in texts if len(text) < 120 for name in book.names(text)]
    return tuple(key for key in map(squeezed, found[:20]) if len(key) > 5)


class Topic:
    """The words of the page's long lines, against which a line is held, and all its lines, for repeats."""

    def __init__(self, keys: Sequence[str], contents: Sequence[set[str]], long: Sequence[bool], names: tuple[str, ...]) -> None:
        self.keys, self.contents, self.long, self.names = keys, contents, long, names
        self.known: Counter[str] = Counter()
        for mine, counts in zip(contents, long, strict=True):
            if counts:
                self.known.update(mine)
        self.times = Counter(keys)
        self.whole = "\n".join(keys)[:MOST]

    def share(self, at: int) -> float:
        """The share of a line's words that other long lines have too."""
        mine, own = self.contents[at], self.long[at]
        return sum(self.known[word] > own for word in mine) / len(mine) if mine else float("nan")

    def likeness(self, at: int, step: int) -> float:
        """The share of a line's words that the nearest long line above (-1) or below (1) has too; NaN if there is none near."""
        mine = self.contents[at]
        for other in range(at + step, min(len(self.long), max(-1, at + 5 * step)), step):
            if self.long[other]:
                return len(mine & self.contents[other]) / len(mine) if mine else NAN
        return NAN

    def inside(self, at: int) -> bool:
        """Whether a line stands inside another one, as a pull-quote does."""
        key = self.keys[at]
        if not 20 < len(key) < 3000 or self.times[key] > 1:
            return False
        first = self.whole.find(key)
        return first >= 0 and self.whole.find(key, first + 1) >= 0


def content(text: str) -> set[str]:
    """Words of four letters and more, lower case; pairs of characters in scripts without spaces."""
    found = {word for word in pieces(text) if len(word) > 3}
    if not text.isascii() and UNSPACED.search(text):
        for run in re.findall(r"[぀-ヿ㐀-鿿฀-๿]{2,}", folded(text)):
            found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found


def seen(block: Block, text: str, at: int, words: float, topic: Topic, book: Phrasebook) -> list[float]:
    """What is seen of one line by itself: the values of OWN; those that hang on the headline are not known yet.

    `text` is the line without what is glued to it; credits are looked for in all of it.
    """
    head = text[:HEAD]
    chars = max(1, len(head))
    plain = folded(head)
    tokens = head.split()
    starts = [token.lstrip("\"“”'‘’«([")[:1] for token in tokens]
    upper = sum(map(str.isupper, starts))
    cased = upper + sum(map(str.islower, starts))
    capital = upper / cased if cased else NAN
    end = ends(text)
    found = book.reason(text) if len(text) <= 600 else None
    fills = bool(found and found[1])
    inside = book.inside(text) if 3 <= words <= 60 and not fills else None
    reasons = [0.0] * len(REASONS)
    if inside in REASONS:
        reasons[REASONS.index(inside)] = 0.3
    if found and found[0] in REASONS:
        reasons[REASONS.index(found[0])] = 1.0 if fills else 0.6
    first, last, key = text[:1], block.text[-200:], topic.keys[at]
    brackets = BRACKETS.findall(block.text[:HEAD]) if any(mark in block.text for mark in "([（【") else []
    return [
        min(words, 150.0),
        end,
        text.endswith((":", "：")),
        text.endswith(("...", "…", "[…]", "[...]")),
        min(12, len(INNER_END.findall(head))),
        len(COMMA.findall(head)) / max(1.0, min(words, 200.0)),
        len(DIGIT.findall(head)) / chars,
        capital,
        head.isupper() if cased else NAN,
        first.islower() if cased else NAN,
        first in QUOTES,
        bool(BULLET.match(text)),
        first in "([{（【<",
        first.isdigit(),
        bool(QUOTED.search(head)),
        any(mark in plain for mark in ADDRESSES) and bool(ADDRESS.search(plain)),
        bool(HANDLE.search(head)),
        min(5, len(STROKES.findall(head))),
        bool(QUESTION.search(head)),
        min(1.0, sum(map(len, brackets)) / chars),
        bool(BRACKET_END.search(last)),
        2 <= len(tokens) <= 4 and capital == 1.0 and not end,
        book.stamp(text),
        book.authored(text),
        bool(book.credit and brackets and book.credit.search(last)),
        bool(book.credited and book.credited.search(text[:80])),
        book.agency(last),
        text.endswith(("→", "›", "»", ">", "▶", "►")),
        fills,
        bool(found) and not fills,
        *reasons,
        bool(inside),
        NAN,
        NAN,
        NAN,
        topic.share(at),
        min(5, topic.times[topic.keys[at]] - 1),
        topic.inside(at),
        block.hints.get("blank before", NAN),
        block.kind == "heading",
        block.kind == "quote",
        block.kind == "list item",
        block.hints.get("picture text", 0.0),
        *book.tells(head),
        book.opens(head),
        topic.likeness(at, -1),
        topic.likeness(at, 1),
        len(key) > 20 and key.startswith(topic.names),
        book.pointed(brackets),
        book.credit_from(block.text) is not None,
        len(text) < len(block.text),
        words >= LONG and dateline(text, book) > 0,
        block.hints.get("linked", 0.0) > 0.8 and words < LONG,
    ]


def around(own: Matrix, page: Matrix) -> Matrix:
    """What is seen of the lines around each line."""
    import numpy as np

    both = np.hstack((own, page))
    names = [*OWN, *PAGE]
    near = both[:, [names.index(name) for name in NEAR]]
    reach = max(REACH)
    padded = np.pad(near, ((reach, reach), (0, 0)), constant_values=-1.0)
    return np.hstack([padded[reach + step : reach + step + len(near)] for step in REACH])


def places(own: Matrix, words: Any) -> Matrix:
    """Where each line stands: the values of PLACE."""
    import numpy as np

    column = {name: own[:, at] for at, name in enumerate(OWN)}
    size = len(own)
    index = np.arange(size, dtype=np.float32)
    long = (words >= LONG) & (column["full stop"] > 0)
    story = np.where(long, np.minimum(words, 150.0), 0.0)
    before = np.cumsum(story) - story
    total = max(1.0, float(story.sum()))
    window = np.convolve(np.pad(story, 6), np.ones(6), "valid")
    likeness = np.nan_to_num(column["title in it"]) * np.nan_to_num(column["it in title"])
    title = int(np.argmax(likeness)) if size else 0
    known = size > 0 and likeness[title] > 0.5
    related = column["phrase: related"] >= 0.6
    phrase = (column["phrase fills"] > 0) | (column["phrase begins"] > 0)
    return np.stack(
        (
            np.minimum(index, FAR),
            np.minimum(size - 1 - index, FAR),
            np.clip(index - title, -60, 200) if known else np.full(size, np.nan),
            before / total,
            (total - before - story) / total,
            np.log1p(window[:size]),
            np.log1p(window[7 : 7 + size]),
            runs(words < LONG),
            np.full(size, np.log1p(min(size, MANY))),
            np.full(size, np.log1p(min(total, WORDY))),
            since(related),
            since(long),
            since(long[::-1])[::-1],
            since(phrase),
            np.full(size, float(np.median(words[long])) if long.any() else 0.0),
        ),
        axis=1,
    ).astype(np.float32)


def since(marks: Any) -> Any:
    """How many lines ago the last mark was, 0 at the mark itself; 60 at most."""
    import numpy as np

    index = np.arange(len(marks))
    last = np.maximum.accumulate(np.where(marks, index, -100)) if len(marks) else index
    return np.minimum(index - last, 60)


def runs(marks: Any) -> Any:
    """The length of the run of marks that each mark stands in; 0 where there is none; 60 at most."""
    import numpy as np

    if not len(marks):
        return np.zeros(0)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], marks.astype(int), [0]))))
    found = np.zeros(len(marks))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        found[start:end] = min(60, end - start)
    return found
