"""What a web page's elements and the names of its classes say of the lines in them, as bits."""

from __future__ import annotations

import functools
import re

ELEMENTS = (
    "p", "li", "h1", "h2", "h3", "h4", "blockquote", "td", "figcaption", "figure", "aside", "nav", "header", "footer", "form",
    "button", "label", "time", "address", "article", "main", "ul", "table", "a", "section",
)  # fmt: skip
"""Elements that are hints by themselves."""
FAMILIES = {
    "body": r"article-?_*(?:body|text|content)|story-?_*(?:body|text|content)|(?:post|entry|news|main|page|body)-?_*(?:content|body|text)"
    r"|rich-?text|wysiwyg|body-?copy|paragraph|articlebody|textblock|text-block|content-?_*(?:body|text)",
    "article": r"article|story|\bpost\b|entry|single",
    "lead": r"stand-?first|sub-?title|sub-?head|\bdek\b|\bdeck\b|\blede?\b|intro|summary|excerpt|descri|chapo|chapeau|sapo|entradilla"
    r"|bajada|vorspann|teaser-?text|abstract|kicker|strapline|preamble|ingress",
    "caption": r"caption|legend|cutline|bildunter|wp-caption",
    "credit": r"credit|copyright-?holder|photographer|image-?source|img-?src",
    "picture": r"image|photo|picture|\bimg|figure|gallery|slide|carousel|thumb|lightbox",
    "video": r"video|player|embed|audio|podcast|youtube|jw",
    "byline": r"byline|by-line|author|writer|contributor|\bbio\b|profile|journalist|reporter|signature|redact|autor",
    "time": r"date|\btime|timestamp|publish|posted|updated|read-?time",
    "meta": r"meta|info\b|details",
    "related": r"relat|recommend|more-|-more|readmore|read-also|also-|popular|most-?read|trending|latest|top-?stor|teaser|outbrain|taboola"
    r"|recirc|next-|up-?next|suggest|mgid|similar|seealso|see-also|linked|inline-?link|promo-?link",
    "promo": r"promo|cta\b|call-to|banner|offer|special|campaign|sticky",
    "share": r"share|sharing|social|follow|facebook|twitter|whatsapp|toolbar|tools\b|\bactions?\b|addthis|a2a",
    "comment": r"comment|disqus|discussion|repl(?:y|ies)|respond|fyre|coral",
    "subscribe": r"newsletter|subscri|sign-?up|paywall|regwall|log-?in|register|piano|donat|member|premium|mailing|tinypass",
    "ad": r"\bads?\b|\bad-|-ad\b|_ad\b|advert|sponsor|\bdfp|\bgpt|adslot|ad_|affiliate|commerce|shopping|product",
    "menu": r"\bnav|menu|breadcrumb|masthead|top-?bar|skip-?link|site-?header|drawer|hamburger|mega",
    "foot": r"footer|colophon|bottom-?bar|legal|copyright",
    "side": r"side-?bar|\baside|widget|\brail|secondary|complementary|right-?col",
    "card": r"card|tile|grid|list-?item|\bitem\b|feed|stream|headlines?-?list|collection",
    "tag": r"\btags?\b|topic|keyword|categor|label|eyebrow|section-?name|rubric|tag-?list",
    "consent": r"cookie|consent|gdpr|privacy|modal|popup|pop-?up|overlay|onetrust",
    "hidden": r"hidden|screen-?reader|sr-only|visually|invisible|offscreen|\bhide\b|a11y",
    "quote": r"pull|blockquote|\bquote",
    "post": r"tweet|twitter-|instagram|embed-?social|fb-post|tiktok|bluesky",
    "note": r"correction|footnote|disclaimer|editor-?s?-?note|\bnote|clarification|tagline|shirttail|endnote|trust",
    "list": r"toc\b|table-of|key-?points?|highlights?|bullet|at-a-glance|jump|in-this",
    "headline": r"headline|\btitle|heading",
}  # fmt: skip
"""What the names of classes mean."""
FAMILY = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in FAMILIES.items()}
BITS = {name: 1 << at for at, name in enumerate((*(f"<{tag}>" for tag in ELEMENTS), *FAMILIES, "unshown"))}
"""Each hint of an element as a bit."""
LONGEST_NAME = 400
"""Characters of a class name that are looked at."""


def marks(tag: str, names: str, seen: bool) -> int:
    """The bits of one element, by its tag and the names of its classes, id and role; `seen` is whether it is shown."""
    bits = BITS.get(f"<{tag}>", 0) | (0 if seen else BITS["unshown"])
    if tag in ("html", "body"):
        return bits
    for name in names[:LONGEST_NAME].split():
        bits |= meant(name)
    return bits


@functools.lru_cache(maxsize=16_384)
def meant(name: str) -> int:
    """The bits of one class name."""
    words = re.sub(r"([a-z])([A-Z])", r"\1-\2", name)
    return sum(BITS[family] for family, pattern in FAMILY.items() if pattern.search(words))
