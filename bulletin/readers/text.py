"""Plain text: pasted from a browser, typed, printed by a terminal's browser, or Markdown; its own paragraphs are kept."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

from bulletin.errors import ReadError
from bulletin.model import Article, Block
from bulletin.readers.decode import decode

SENTENCE_END = re.compile(r"[.!?…。！？؟।:;]['\"”’»)\]]*$")
WRAP, NARROW = range(30, 101), 50
"""Where terminals and mail programs break lines; below `NARROW` nearly every line must be full."""
FULL = 0.8
"""The share of a narrow text's lines behind which the next word would not have fitted."""
FEWEST = 5
"""So many full lines a narrow text must have: two or three may be so by chance."""
MARKED = 20_000
"""Characters of a line in which Markdown is looked for."""
LINK = re.compile(
    r"(?<!!)\[((?:[^\[\]]|\[[^\[\]]{0,200}\]){0,2000})\]\(\s*<?[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})*>?(?:\s+\"[^\"]{0,500}\")?\s*\)"
)
"""A link in Markdown: `[words](address "title")`."""
PICTURE = re.compile(r"!\[([^\[\]]{0,2000})\]\(\s*<?[^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,500})*>?(?:\s+\"[^\"]{0,500}\")?\s*\)")
"""A picture in Markdown."""
NUMBER = re.compile(r"\[\d{1,4}\]")
"""The number of a link in a terminal browser's text."""
EMPHASIS = re.compile(r"(?<![\w\\])(\*\*\*|___|\*\*|__|\*|_)(?=\S)(.{1,1000}?)(?<=\S)\1(?!\w)")
SIGNS = tuple(re.compile(sign, re.MULTILINE) for sign in (r"^#{1,6} \S", r"^\s{0,3}> ?\S", r"\*\*\w[^*\n]{0,200}\*\*"))
"""Of headings, quotes and bold words in Markdown."""
FRONT = re.compile(r"\s*---\n((?:[\w-]+:.{0,500}\n|[ -].{0,500}\n){1,50})---\n")
"""What stands between rules before a Markdown text: its title, its date."""
TITLE = re.compile(r"^title:\s*[\"']?(.+?)[\"']?\s*$", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$")
BULLET = re.compile(r"^(?:[*+•-]|\d{1,2}\.)\s+(?=\S)")
ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])")


def accepts(data: bytes, content_type: str) -> bool:
    """Whatever no other reader takes, if the server calls it text or says nothing."""
    return not content_type or content_type.startswith(("text/", "application/xhtml"))


def read(data: bytes, source: str, encoding: str) -> Article:
    """One block a line, or a paragraph where the text is hard-wrapped. The title is found by `furniture`."""
    text = decode(data, encoding)
    front = FRONT.match(text)
    title = TITLE.search(front.group(1)) if front else None
    lines = [line.rstrip() for line in text[front.end() if front else 0 :].split("\n")]
    if not any(line.strip() for line in lines):
        raise ReadError(f"{'Standard input' if source == '-' else source} is empty.", "Paste the article's text into it, headline first.")
    return Article(source=source, title=title.group(1) if title else "", blocks=tuple(blocks(lines)))


def blocks(lines: Sequence[str]) -> Iterator[Block]:
    """The text's lines as blocks, in the form they came in: Markdown, a terminal's dump, or plain."""
    sample = "\n".join(lines[:5000])
    numbered = len(NUMBER.findall(sample)) >= 5
    if numbered:
        lines = [NUMBER.sub("", line) for line in without_references(lines)]
    marked = is_markdown(sample)
    for text, blank in joined(lines):
        yield from (
            unmarked(text, blank) if marked and len(text) < MARKED else [Block(text=text, hints={"blank before": float(min(blank, 3))})]
        )


def is_markdown(sample: str) -> bool:
    """Whether a text begins with a Markdown heading, has two links or headings, or signs of two kinds."""
    counts = [len(LINK.findall(sample)), *(len(sign.findall(sample)) for sign in SIGNS)]
    return sample.lstrip().startswith("# ") or max(counts[:2]) >= 2 or sum(map(bool, counts)) >= 2


def unmarked(text: str, blank: int) -> Iterator[Block]:
    """A line of Markdown as one block, or two where a picture's text stands in it."""
    hints = {"blank before": float(min(blank, 3))}
    for words in PICTURE.findall(text):
        if words.strip():
            yield Block(text=" ".join(words.split()), kind="caption", hints=hints | {"picture text": 1.0})
    text = PICTURE.sub(" ", text)
    linked = sum(len(match.group(1)) for match in LINK.finditer(text))
    kind = "paragraph"
    while (plain := LINK.sub(r"\1", text)) != text:
        text = plain
    if heading := HEADING.match(text.strip()):
        text, kind = heading.group(1), "heading"
    elif text.lstrip().startswith(">"):
        text, kind = re.sub(r"^[\s>]+", "", text), "quote"
    elif bullet := BULLET.match(text.strip()):
        text, kind = text.strip()[bullet.end() :], "list item"
    text = " ".join(ESCAPE.sub(r"\1", EMPHASIS.sub(r"\2", EMPHASIS.sub(r"\2", text))).split())
    if text:
        yield Block(text=text, kind=kind, hints=hints | {"linked": min(1.0, linked / len(text))})


def without_references(lines: Sequence[str]) -> list[str]:
    """The lines without the list of addresses at the end of a terminal browser's text."""
    for at in range(len(lines) - 1, -1, -1):
        if lines[at].strip().lower() in ("references", "visible links", "visible links:"):
            rest = [line.strip() for line in lines[at + 1 :] if line.strip()]
            if rest and sum(bool(re.match(r"\d+\.\s+\S+$|(?:Visible|Hidden) links", line)) for line in rest) > 0.8 * len(rest):
                return list(lines[:at])
    return list(lines)


def joined(lines: Sequence[str]) -> Iterator[tuple[str, int]]:
    """(text, blank lines before it): lines without the blank ones; joined between blank lines if a machine wrapped them."""
    wrapped = width(lines)
    text, blank, before = "", 0, 0
    last = ""
    for line in lines:
        words = " ".join(line.split())
        if words and text and wrapped and goes_on(last, line, wrapped):
            text = f"{text} {words}"
        else:
            if text:
                yield text, before
            text, before, blank = words, blank, 0
        blank = 0 if words else blank + 1
        last = line
    if text:
        yield text, before


def goes_on(last: str, line: str, wrapped: int) -> bool:
    """Whether a line goes on where the last one was broken: its first word would not have fitted there."""
    if not last.strip() or re.match(r"\s*(?:[*+•#>-]|\d{1,3}\.|\(BUTTON\))\s", line):
        return False
    return (
        len(last.rstrip()) + 1 + len(line.split()[0]) > wrapped - 3 and len(last) - len(last.lstrip()) >= len(line) - len(line.lstrip()) - 8
    )


def width(lines: Sequence[str]) -> int:
    """The column at which a machine broke the lines, or 0 if it did not: most of those with a follower stop near it, in mid-sentence."""
    whole = [line.rstrip() for line in lines]
    pairs = [(line, after) for line, after in itertools.pairwise(whole) if len(line) >= WRAP.start and after.strip()]
    sizes = sorted(len(line) for line, _ in pairs)
    if len(sizes) < 3 or max(map(len, whole)) > WRAP.stop + 20 or int(median(sizes)) not in WRAP:
        return 0
    broken = [(line, after) for line, after in pairs if not SENTENCE_END.search(line)]
    column = sizes[int(0.95 * (len(sizes) - 1))]
    full = sum(len(line) + 1 + len(after.split()[0]) > column for line, after in broken)
    if len(broken) <= 0.6 * len(pairs) or (column < NARROW and full < max(FULL * len(broken), FEWEST)):
        return 0
    return column
