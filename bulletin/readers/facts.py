"""What a page says of itself where nobody looks: schema.org, Open Graph, the language of its root."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bulletin.phrases import squeezed


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page says of itself where nobody looks: schema.org and Open Graph."""

    body: str = ""
    """The article's text, squeezed; empty where the page does not give it."""
    descriptions: tuple[str, ...] = ()
    """Squeezed."""


def metadata(tree: Any) -> Facts:
    """The article's text and description, as the page's head and its JSON-LD give them."""
    descriptions = []
    for meta in tree.iter("meta"):
        if (meta.get("property") or meta.get("name") or "").lower() in (
            "og:description",
            "description",
            "twitter:description",
            "dc.description",
        ):
            descriptions.append(meta.get("content") or "")
    body = ""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "") or len(script.text or "") > 2_000_000:
            continue
        for node in nodes(script.text or ""):
            body = max(body, str(node.get("articleBody") or ""), key=len)
            if "rticle" in str(node.get("@type")) and isinstance(node.get("description"), str):
                descriptions.append(node["description"])
    return Facts(body=squeezed(body), descriptions=tuple(filter(None, dict.fromkeys(map(squeezed, descriptions)))))


def nodes(text: str) -> Iterator[Mapping[str, Any]]:
    """Every object in a JSON-LD script, outermost first; none if it is broken."""
    try:
        waiting = [json.loads(text, strict=False)]
    except (ValueError, RecursionError):
        return
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(value for value in node.values() if isinstance(value, (dict, list)))
        elif isinstance(node, list):
            waiting.extend(node)


def language(tree: Any) -> str:
    """The language the page says it is in, or empty."""
    root = tree.getroottree().getroot()
    said = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""
    code = re.match(r"[A-Za-z]{2,3}", said.strip())
    return code.group().lower() if code and code.group().lower() not in ("und", "mul", "zxx") else ""
