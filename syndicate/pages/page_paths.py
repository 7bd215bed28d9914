"""Paths of the pages: all below ``feeds/``, so that none can replace a page of the site.

Each feed has one page, in every layout. Its path depends on the feed alone.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from syndicate.config.layouts import Layout, template_of
from syndicate.errors import ConfigError
from syndicate.feeds.paths import slug
from syndicate.model import FeedPlan

__all__ = [
    "FOLDER",
    "HEAD",
    "INDEX",
    "STYLE",
    "WORTH_A_LIST",
    "list_page",
    "page_path",
    "paths",
    "upward",
]

FOLDER = "feeds"
INDEX = f"{FOLDER}/index.html"
STYLE = f"{FOLDER}/feed.css"
HEAD = f"{FOLDER}/head.html"
WORTH_A_LIST = 400
"""Number of feeds of one kind above which the index links to a page that lists them."""


def page_path(feed: FeedPlan, layout: Layout) -> str:
    """Return the path of the page of `feed` under the output folder.

    The page of the feed of everything is the index. The page of a category has the name of the
    folder of the category's feed.
    """
    if feed.kind == "all":
        return INDEX
    return f"{FOLDER}/{feed.kind}/{folder_name(feed, layout)}.html"


def list_page(kind: str) -> str:
    """Return the path of the list of feeds of `kind`, for more than `WORTH_A_LIST` of them."""
    return f"{FOLDER}/{kind}.html"


def paths(feeds: Iterable[FeedPlan], layout: Layout) -> frozenset[str]:
    """Return all paths of the pages of `feeds`. Raises ConfigError if a feed has one of them."""
    feeds = list(feeds)
    kinds = [feed.kind for feed in feeds]
    lists = {list_page(kind) for kind in set(kinds) if kinds.count(kind) > WORTH_A_LIST}
    pages = frozenset((INDEX, STYLE, HEAD, *lists, *(page_path(feed, layout) for feed in feeds)))
    taken = {path.lower() for feed in feeds for path in feed.files.values()} | {layout.opml.lower()}
    if both := sorted(path for path in pages if path.lower() in taken):
        cure = "give the feed another path, or set feeds.pages = false"
        raise ConfigError("feeds.layout", f"{both[0]} is the path of a feed and of a page", cure)
    return pages


def upward(path: str) -> str:
    """Return the way from the file at `path` to the output folder: "../" for each folder."""
    return "../" * path.count("/")


@lru_cache(maxsize=100)
def _pattern(template: str) -> re.Pattern[str]:
    """Return a pattern of the paths that the layout's `template` makes; group 1 is the folder."""
    pattern = re.escape(template).replace(re.escape("{slug}"), "([^/]+)", 1)
    return re.compile(pattern.replace(re.escape("{slug}"), r"\1"))


def folder_name(feed: FeedPlan, layout: Layout) -> str:
    """Return the name of the folder of `feed`, taken from the path that the layout gave it."""
    for form, path in feed.files.items():
        template = template_of(layout, feed.kind, form).replace("{file}", getattr(layout, form))
        match = _pattern(template).fullmatch(path)
        if match and match.groups():
            return match[1]
    return slug(feed.term)
