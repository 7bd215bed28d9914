"""Recognise the program that made a feed.

Each says so in the feed's generator element, in the shape of its ids, or by the feed's path.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from syndicate.config.layouts import LayoutName
from syndicate.model import Format
from syndicate.reading.read_feed import ReadFeed

__all__ = ["GENERATORS", "Generator", "recognise"]


class Generator(Struct, frozen=True):
    """A program that makes feeds, and our layout with its ids.

    `limit` is how many entries its feeds have unless told otherwise, 0 for all. `files` are the
    paths of its feeds of everything, below the site's address. `mark` is found in its generator
    element, in lower case.
    """

    name: str
    layout: LayoutName
    limit: int
    files: Mapping[Format, str]
    mark: str = ""


_ROWS = (
    Generator("chirpy", "chirpy", 5, {"atom": "feed.xml"}),
    Generator("jekyll-feed", "jekyll-feed", 10, {"atom": "feed.xml"}),
    Generator("jekyll", "default", 10, {"rss": "feed.xml"}),
    Generator("hugo", "hugo", 0, {"rss": "index.xml"}, "hugo"),
    Generator("hexo", "hexo", 20, {"atom": "atom.xml", "rss": "rss2.xml"}, "hexo"),
    Generator("pelican", "pelican", 100,
              {"atom": "feeds/all.atom.xml", "rss": "feeds/all.rss.xml"}, "pelican"),
    Generator("nikola", "default", 10, {"rss": "rss.xml", "atom": "index.atom"}, "nikola"),
    Generator("zola", "zola", 0, {"atom": "atom.xml", "rss": "rss.xml"}, "getzola"),
    Generator("wordpress", "wordpress", 10,
              {"rss": "feed/index.xml", "atom": "feed/atom/index.xml"}, "wordpress"),
    Generator("eleventy", "default", 10, {"atom": "feed/feed.xml", "json": "feed/feed.json"},
              "eleventy"),
    Generator("astro", "default", 0, {"rss": "rss.xml"}, "astro"),
    Generator("docusaurus", "default", 20,
              {"rss": "blog/rss.xml", "atom": "blog/atom.xml", "json": "blog/feed.json"},
              "jpmonette/feed"),
)  # fmt: skip

GENERATORS: Mapping[str, Generator] = MappingProxyType({row.name: row for row in _ROWS})
"""Every program that is known, by its name."""

_TAG_ID = re.compile(r"tag:[^,]+,\d{4}-\d\d-\d\d:/")
_NUMBER_ID = re.compile(r"https?://[^?#]+/\?p=\d+")
_PATHS = {
    "rss2.xml": "hexo",
    "index.xml": "hugo",
    "feeds/all.atom.xml": "pelican",
    "feeds/all.rss.xml": "pelican",
    "index.atom": "nikola",
    "feed": "wordpress",
}


def recognise(feed: ReadFeed, path: str = "") -> Generator | None:
    """Return what made `feed`, which lies at `path` below its site, or None if unknown."""
    said = feed.generator.lower()
    if "jekyll" in said:
        return GENERATORS[_jekylls(feed)]
    found = next((row for row in _ROWS if row.mark and row.mark in said), None)
    if found or said:
        return found
    ids = [entry.id for entry in feed.entries]
    if feed.format == "wxr" or (ids and all(map(_NUMBER_ID.fullmatch, ids))):
        return GENERATORS["wordpress"]
    if ids and all(map(_TAG_ID.match, ids)):
        return GENERATORS["pelican"]
    known = [name for end, name in _PATHS.items() if path == end or path.endswith(f"/{end}")]
    return GENERATORS[known[0]] if known else None


def _jekylls(feed: ReadFeed) -> str:
    """Recognise the feed of the theme Chirpy, whose id is the home page, among "Jekyll" feeds."""
    if feed.format != "atom":
        return "jekyll"
    home = feed.home.rstrip("/")
    return "chirpy" if home and feed.id.rstrip("/") == home else "jekyll-feed"
