"""Find the pages of a built site that are about a category, tag, author or language.

They are recognised by their paths: ``categories/x/``, ``tag/x.html``, ``blog/category/x/page/2/``.
x is the name of a term, spelled as one of the generators names folders.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from urllib.parse import unquote

from syndicate.config.layouts import Layout
from syndicate.feeds.legacy import LEGACY
from syndicate.model import FeedPlan
from syndicate.pages.page_paths import folder_name

__all__ = ["Topics", "own_feeds", "topics_of"]

Topics = Mapping[tuple[str, str], FeedPlan]
"""Feeds by kind and by each possible name of their folder."""

_FOLDERS: Mapping[str, str] = {
    name: kind
    for kind, names in {
        "category": "category categories cat cats topic topics section sections 分类",
        "tag": "tag tags label labels keyword keywords 标签",
        "author": "author authors people writer writers by 作者",
    }.items()
    for name in names.split()
}
_INDEX = re.compile(r"(?:^|/)index\.x?html?$|\.x?html?$", re.I)
_NUMBER = re.compile(r"(?:/page)?/\d+$|/page[-_]?\d+$", re.I)


def topics_of(feeds: Iterable[FeedPlan], layout: Layout) -> Topics:
    """Return the feeds by the names that the pages of their terms may have.

    If two terms could have the same name, it belongs to the term whose feed has this folder. If
    neither feed has it, the name is left out.
    """
    surely: dict[tuple[str, str], FeedPlan] = {}
    perhaps: dict[tuple[str, str], FeedPlan | None] = {}
    for feed in feeds:
        if feed.kind == "all":
            continue
        surely[feed.kind, _plain(folder_name(feed, layout))] = feed
        for name in {_plain(way.folder(feed.term)) for way in LEGACY.values()}:
            key = feed.kind, name
            perhaps[key] = None if perhaps.get(key, feed) is not feed else feed
    likely = {key: feed for key, feed in perhaps.items() if feed and key[1]}
    return {**likely, **surely}


def own_feeds(path: str, topics: Topics) -> tuple[FeedPlan, ...]:
    """Return the feeds of the terms that the page at `path` in the site is about; mostly none."""
    parts = _plain(_NUMBER.sub("", _INDEX.sub("", path))).split("/")
    keys = [("language", parts[0])]
    if len(parts) > 1 and (kind := _FOLDERS.get(parts[-2])):
        keys.append((kind, parts[-1]))
    return tuple(topics[key] for key in keys if key in topics)


def _plain(name: str) -> str:
    """Return `name` without differences of case, percent-encoding and Unicode form."""
    return unicodedata.normalize("NFC", unquote(name)).casefold()
