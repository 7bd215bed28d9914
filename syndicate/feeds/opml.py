"""Write OPML 2.0: one file from which a reader can subscribe to all feeds of the site."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from syndicate.config.layouts import Layout
from syndicate.feeds.item import site_title
from syndicate.feeds.paths import address
from syndicate.feeds.values import person, rfc_822, writable
from syndicate.model import FORMATS, Document, FeedPlan, Site

__all__ = ["opml"]

_GROUPS = {"category": "Categories", "tag": "Tags", "author": "Authors", "language": "Languages"}


def opml(plans: Sequence[FeedPlan], site: Site, layout: Layout, changed: datetime) -> Document:
    """Return the OPML file of the feeds in `plans`, at the path that `layout` gives it.

    A feed is listed in one format: Atom, else RSS, else JSON. A reader would subscribe to every
    line. `changed` is the date of the latest change of a post, written as ``dateModified``. Raises
    ValueError without plans.
    """
    if not plans:
        raise ValueError("no feeds to list in OPML")
    lines = [*_head(site, changed), "  <body>"]
    for kind, feeds in groupby(plans, key=lambda plan: plan.kind):
        if kind in _GROUPS:
            lines.append(f'    <outline text="{_GROUPS[kind]}">')
            lines += (f"      {_outline(feed, site)}" for feed in feeds)
            lines.append("    </outline>")
        else:
            lines += (f"    {_outline(feed, site)}" for feed in feeds)
    lines += ("  </body>", "</opml>", "")
    return Document(layout.opml, "text/x-opml", "\n".join(lines).encode())


def _head(site: Site, changed: datetime) -> Iterator[str]:
    owner = person(site.author)
    texts = {
        "title": site_title(site),
        "dateModified": rfc_822(writable(changed)),
        "ownerName": owner.name if owner else "",
        "ownerEmail": owner.email if owner else "",
        "docs": "http://opml.org/spec2.opml",
    }
    yield "<?xml version='1.0' encoding='UTF-8'?>"
    yield '<opml version="2.0">'
    yield "  <head>"
    yield from (f"    <{name}>{_as_text(text)}</{name}>" for name, text in texts.items() if text)
    yield "  </head>"


def _outline(feed: FeedPlan, site: Site) -> str:
    path = next(feed.files[name] for name in FORMATS if name in feed.files)
    title, url = _as_value(feed.title), _as_value(address(site.url, path))
    home = _as_value(feed.home)
    return f'<outline text="{title}" title="{title}" type="rss" xmlUrl="{url}" htmlUrl="{home}"/>'


def _as_text(text: str) -> str:
    """Escape `text` for an element, as lxml does."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("\r", "&#13;")


def _as_value(text: str) -> str:
    """Escape `text` for an attribute, as lxml does."""
    escaped = _as_text(text).replace('"', "&quot;")
    return escaped.replace("\t", "&#9;").replace("\n", "&#10;")
