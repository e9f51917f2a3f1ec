"""Plain text: pasted from a browser, typed, or saved from a terminal; its own paragraphs are kept."""

from __future__ import annotations

import itertools
import re
from statistics import median

from bulletin.errors import ReadError
from bulletin.model import Article, Block
from bulletin.readers.decode import decode

SENTENCE_END = re.compile(r"[.!?…。！？؟।:;]['\"”’»)\]]*$")
WRAP = range(50, 101)
"""Where terminals and mail programs break lines."""


def accepts(data: bytes, content_type: str) -> bool:
    """Whatever no other reader takes, if the server calls it text or says nothing."""
    return not content_type or content_type.startswith(("text/", "application/xhtml"))


def read(data: bytes, source: str, encoding: str) -> Article:
    """One block a line, or a paragraph where the text is hard-wrapped. The title is found by `furniture`."""
    lines = [" ".join(line.split()) for line in decode(data, encoding).split("\n")]
    if not any(lines):
        raise ReadError(f"{'Standard input' if source == '-' else source} is empty.", "Paste the article's text into it, headline first.")
    return Article(source=source, title="", blocks=tuple(Block(text=text) for text in paragraphs(lines)))


def paragraphs(lines: list[str]) -> list[str]:
    """Lines without the blank ones; joined between blank lines if they were wrapped by a machine."""
    if not hard_wrapped(lines):
        return [line for line in lines if line]
    joined = [""]
    for line in lines:
        if line:
            joined[-1] = f"{joined[-1]} {line}".strip()
        elif joined[-1]:
            joined.append("")
    return [text for text in joined if text]


def hard_wrapped(lines: list[str]) -> bool:
    """Whether a machine broke the lines: most that have a follower stop near one width, in mid-sentence."""
    inner = [line for line, after in itertools.pairwise(lines) if line and after]
    if len(inner) < 3 or max(map(len, lines)) > WRAP.stop or int(median(map(len, inner))) not in WRAP:
        return False
    return sum(not SENTENCE_END.search(line) for line in inner) > len(inner) * 0.6
