"""Clean up pictures and films: restore lazy ones, remove trackers and placeholders."""

import re
from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.body_addresses import Page, set_or_drop
from syndicate.content.lazy_pictures import lazy_source
from syndicate.content.overview import Attributes
from syndicate.model import Image

__all__ = ["first_picture", "settle_media", "settle_picture", "spread_policy"]

_TRACKERS = re.compile(
    r"https?://(?:[\w.-]*\.)?(?:google-analytics\.com|doubleclick\.net|hm\.baidu\.com"
    r"|scorecardresearch\.com|pixel\.wp\.com|stats\.wordpress\.com|feeds\.wordpress\.com"
    r"|feeds\.feedburner\.com/~r|facebook\.com/tr\b|quantserve\.com|statcounter\.com"
    r"|c\.statcounter\.com|pixel\.quantserve\.com|bat\.bing\.com)",
    re.IGNORECASE,
)
_EMPTY_ALTS = frozenset(
    [
        "在这里插入图片描述",
        "这里写图片描述",
        "请添加图片描述",
        "输入图片说明",
        "输入图片描述",
        "插入图片描述",
        "图片描述",
        "图片",
        "图像",
        "[图片]",
        "image",
        "[image]",
        "img",
        "picture",
        "photo",
        "alt",
        "null",
        "undefined",
        "imagen",
        "bild",
    ]
) | {"alt text", "alternate text", "image description", "image alt"}
_FILE_NAME = re.compile(
    r"[^\s/]*\.(?:png|jpe?g|gif|webp|svg|bmp|avif)(?:[?#]\S*)?|\d+\?wx_fmt=\w+", re.IGNORECASE
)
_LONGEST_NAME = 1_000
_SIZE = re.compile(r"\s*(\d{1,5})(?:\.\d*)?\s*(?:px\s*)?$")
_BADGE = re.compile(r"shields\.io|badge|travis-ci|icon-default|/emoji|/smil|gravatar|\.svg$", re.I)
_SMALLEST = 48  # pixels; a picture smaller on both sides is an icon


def settle_picture(node: LexborNode, attributes: Attributes, page: Page) -> None:
    """Make an ``<img>`` with `attributes` fit for every reader, or remove it."""
    source, sources = _sources(attributes, page)
    if not source or _is_tracker(attributes, source):
        alt = "" if source else _words(attributes)
        if alt and node.parent is not None and node.parent.tag == "a":
            node.replace_with(alt)  # a link around it would be lost
        else:
            node.decompose()
        return
    if attributes.get("src") != source:
        node.attrs["src"] = source
    if attributes.get("srcset") or sources:
        set_or_drop(node, "srcset", sources)
    if not _words(attributes):
        node.attrs["alt"] = ""


def _words(attributes: Attributes) -> str:
    """Return the alternative text, or "" if it is a default of an editor or a file name."""
    alt = (attributes.get("alt") or "").strip()
    is_name = len(alt) <= _LONGEST_NAME and bool(_FILE_NAME.fullmatch(alt))
    return "" if is_name or alt.lower() in _EMPTY_ALTS else alt


def spread_policy(tree: LexborHTMLParser) -> None:
    """Apply the policy of a ``<meta name="referrer">`` in the body to each ``<img>``."""
    meta = tree.css_first('meta[name="referrer" i][content]')
    policy = (meta.attributes.get("content") or "").strip().lower() if meta is not None else ""
    for node in tree.css("img:not([referrerpolicy])") if policy else ():
        node.attrs["referrerpolicy"] = "no-referrer" if policy == "never" else policy


def settle_media(node: LexborNode, attributes: Attributes, page: Page) -> None:
    """Make the address of a ``<video>``, ``<audio>`` or ``<source>`` absolute, or remove it."""
    for name in ("src", "poster"):
        if name in attributes or f"data-{name}" in attributes:
            address = attributes.get(name) or attributes.get(f"data-{name}") or ""
            set_or_drop(node, name, page.file(address))
    if "srcset" in attributes or "data-srcset" in attributes:
        srcset = attributes.get("srcset") or attributes.get("data-srcset") or ""
        set_or_drop(node, "srcset", page.candidates(srcset))
    if node.tag == "source":
        if "src" not in node.attrs and "srcset" not in node.attrs:
            node.decompose()
    elif "src" in node.attrs or node.css_first("source[src]") is not None:
        node.attrs["controls"] = ""
    else:
        node.unwrap()


def first_picture(pictures: Iterable[LexborNode]) -> Image | None:
    """Return the first of `pictures` that is no icon, badge or ``data:`` address."""
    for node in pictures:
        attributes = node.attributes
        source = attributes.get("src") or ""
        sides = [_pixels(attributes.get(side)) for side in ("width", "height")]
        small = all(0 <= side <= _SMALLEST for side in sides)
        if source.startswith("http") and not small and not _BADGE.search(source):
            return Image(url=source, alt=" ".join((attributes.get("alt") or "").split()))
    return None


def _sources(attributes: Attributes, page: Page) -> tuple[str, str]:
    """Return the address of a picture and its ``srcset``, both absolute, or ""."""
    own = (attributes.get("src") or "").strip()
    srcset = attributes.get("srcset") or ""
    if lazy := lazy_source(attributes, page):
        own, srcset = lazy[0], lazy[1] or srcset
    sources = page.candidates(srcset) if srcset else ""
    source = page.picture(own) if own != "#" else ""
    if sources and (not source or source.startswith("data:")):
        source = sources.split()[0].rstrip(",")
    return source, sources


def _is_tracker(attributes: Attributes, source: str) -> bool:
    width, height = _pixels(attributes.get("width")), _pixels(attributes.get("height"))
    return (0 <= width <= 1 and 0 <= height <= 1) or bool(_TRACKERS.match(source))


def _pixels(value: str | None) -> int:
    match = _SIZE.match(value or "")
    return int(match[1]) if match else -1
