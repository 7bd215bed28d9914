"""Where the pages go: all below ``feeds/``, one for each feed, whatever the layout of the feeds.

The site's own pages have the rest of the output folder. A page's path depends on its feed alone.
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
"""Feeds of one kind above which the index, to stay light, leaves them to a page of their own."""


def page_path(feed: FeedPlan, layout: Layout) -> str:
    """Where the page of `feed` goes under the output folder: the feed of everything has the index.

    The page of a category is called as the folder of its feed is.
    """
    if feed.kind == "all":
        return INDEX
    return f"{FOLDER}/{feed.kind}/{folder_name(feed, layout)}.html"


def list_page(kind: str) -> str:
    """Where the list of all feeds of `kind` goes, if they are more than `WORTH_A_LIST`."""
    return f"{FOLDER}/{kind}.html"


def paths(feeds: Iterable[FeedPlan], layout: Layout) -> frozenset[str]:
    """Every path that the pages of `feeds` take. Raises ConfigError where a feed has one too."""
    feeds = list(feeds)
    kinds = [feed.kind for feed in feeds]
    lists = {list_page(kind) for kind in set(kinds) if kinds.count(kind) > WORTH_A_LIST}
    found = frozenset((INDEX, STYLE, HEAD, *lists, *(page_path(feed, layout) for feed in feeds)))
    taken = {path.lower() for feed in feeds for path in feed.files.values()} | {layout.opml.lower()}
    if both := sorted(path for path in found if path.lower() in taken):
        cure = "give the feed another path, or set feeds.pages = false"
        raise ConfigError("feeds.layout", f"{both[0]} is a page of the feeds too", cure)
    return found


def upward(path: str) -> str:
    """What leads from the file at `path` back to the output folder: "../" for each folder."""
    return "../" * path.count("/")


@lru_cache(maxsize=100)
def _pattern(template: str) -> re.Pattern[str]:
    """Return what matches the paths that the layout's `template` makes; its group is the folder."""
    pattern = re.escape(template).replace(re.escape("{slug}"), "([^/]+)", 1)
    return re.compile(pattern.replace(re.escape("{slug}"), r"\1"))


def folder_name(feed: FeedPlan, layout: Layout) -> str:
    """The folder that `feed` has, read back from the path that the layout made of it."""
    for form, path in feed.files.items():
        template = template_of(layout, feed.kind, form).replace("{file}", getattr(layout, form))
        match = _pattern(template).fullmatch(path)
        if match and match.groups():
            return match[1]
    return slug(feed.term)
