"""OPML 2.0: one file from which a reader subscribes to any feed of the site."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from itertools import groupby
from typing import Any

from lxml import etree
from lxml.etree import SubElement

from syndicate.feeds.fields import person, writable
from syndicate.feeds.formats import FORMATS
from syndicate.feeds.item import site_title
from syndicate.feeds.paths import address
from syndicate.layouts import Layout
from syndicate.model import Document, FeedPlan, Site

__all__ = ["opml"]

_GROUPS = {"category": "Categories", "tag": "Tags", "author": "Authors", "language": "Languages"}


def opml(plans: Sequence[FeedPlan], site: Site, layout: Layout, changed: datetime) -> Document:
    """The list of the feeds in `plans`, at least one, for the place that `layout` gives it.

    A feed is listed once, in the first format of Atom, RSS, JSON that it has: a reader that
    imports the list would subscribe to each line. ``dateModified`` is `changed`, that of the post
    that changed last.
    """
    if not plans:
        raise ValueError("a list of feeds needs one feed at least")
    root = etree.Element("opml", version="2.0")
    _head(root, site, changed)
    body = SubElement(root, "body")
    for kind, feeds in groupby(plans, key=lambda plan: plan.kind):
        parent = SubElement(body, "outline", text=_GROUPS[kind]) if kind in _GROUPS else body
        for feed in feeds:
            _outline(parent, feed, site)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return Document(layout.opml, "text/x-opml", data)


def _head(root: Any, site: Site, changed: datetime) -> None:
    owner = person(site.author)
    lines = {
        "title": site_title(site),
        "dateModified": format_datetime(writable(changed)),
        "ownerName": owner.name if owner else "",
        "ownerEmail": owner.email if owner else "",
        "docs": "http://opml.org/spec2.opml",
    }
    head = SubElement(root, "head")
    for name, text in lines.items():
        if text:
            SubElement(head, name).text = text


def _outline(parent: Any, feed: FeedPlan, site: Site) -> None:
    path = next(feed.files[name] for name in FORMATS if name in feed.files)
    SubElement(
        parent,
        "outline",
        text=feed.title,
        title=feed.title,
        type="rss",
        xmlUrl=address(site.url, path),
        htmlUrl=feed.home,
    )
