"""Discovery of the feeds that an HTML page links to, in its head and its body."""

import re
from collections.abc import Iterator

from lxml import etree

from syndicate.model import FORMATS
from syndicate.reading.feed_addresses import resolved

__all__ = ["feed_links"]

MAX_PAGE = 5_000_000
"""Bytes of a page that are read."""
MAX_LINKS = 200
MAX_ADDRESS = 2_000
"""Characters of an address that are read."""

_TYPES = frozenset((*(row.type for row in FORMATS.values()), "application/rdf+xml"))
_ENDINGS = tuple(row.ending for row in FORMATS.values() if row.ending)
_FILES = frozenset(("feed", *(row.file for row in FORMATS.values())))
_NAMES = ("atom", "rss", "feed", "index")
"""Words in the names of feed files that end with ".xml"."""
_OTHERS = re.compile(r"comment|sitemap", re.I)


def feed_links(page: bytes, url: str) -> list[str]:
    """Return up to `MAX_LINKS` feed addresses of the page at `url`, links of its head first.

    Feeds of comments are skipped.
    """
    parser = etree.HTMLParser(no_network=True, remove_comments=True, huge_tree=False)
    try:
        root = etree.fromstring(page[:MAX_PAGE], parser)
    except (etree.XMLSyntaxError, ValueError):
        return []
    if root is None:
        return []
    base = next((element.get("href") or "" for element in root.iter("base")), "")
    urls = (resolved(url, base, href) for href in (*_declared(root), *_linked(root)))
    return list(dict.fromkeys(filter(None, urls)))[:MAX_LINKS]


def _declared(root: etree._Element) -> Iterator[str]:
    """Yield autodiscovery links: ``<link rel="alternate" type="application/rss+xml">``."""
    for link in root.iter("link"):
        kind = (link.get("type") or "").partition(";")[0].strip().lower()
        href = (link.get("href") or "").strip()[:MAX_ADDRESS]
        declared = "alternate" in (link.get("rel") or "").lower().split() and kind in _TYPES
        if declared and href and not _OTHERS.search(f"{href} {link.get('title') or ''}"):
            yield href


def _linked(root: etree._Element) -> Iterator[str]:
    for link in root.iter("a"):
        href = (link.get("href") or "").strip()[:MAX_ADDRESS]
        if _is_like_a_feed(href.partition("?")[0].lower()) and not _OTHERS.search(href):
            yield href


def _is_like_a_feed(path: str) -> bool:
    folder, _, name = path.rstrip("/").rpartition("/")
    if name.endswith(".xml"):
        return any(word in name for word in _NAMES) or f"/{folder}".endswith(("/feed", "/feeds"))
    return name.endswith(_ENDINGS) or name in _FILES
