"""Entries of RSS 2.0, 1.0 and 0.9x, and of WordPress exports (RSS 2.0 with own elements)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from syndicate.reading.entry_words import digest, html_text, inner_text, line
from syndicate.reading.feed_dates import moment
from syndicate.reading.read_feed import ReadEntry
from syndicate.reading.xml import ATOM, CONTAINERS, joined, local, named, own

__all__ = ["is_export", "is_published", "items", "rss_entries"]

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_ORIGINAL = "{http://rssnamespace.org/feedburner/ext/1.0}origLink"
_EXPORT = "{http://wordpress.org/export/"


def items(root: Any) -> Iterator[Any]:
    """Return the items of `root`; in RSS 1.0 they are beside the channel, not inside."""
    return (item for item in root.iter("{*}item") if _is_container(item.getparent()))


def is_export(root: Any) -> bool:
    """Return whether `root` is a WordPress export (WXR) rather than a feed."""
    channel = root.find("{*}channel")
    return channel is not None and bool(_wp(channel, "wxr_version"))


def is_published(item: Any) -> bool:
    """Return whether the item of an export is a public post."""
    return _wp(item, "post_type") in ("", "post") and _wp(item, "status") in ("", "publish")


def rss_entries(elements: Iterable[Any], base: str) -> Iterator[ReadEntry]:
    """Yield the entries of the item `elements`. An id is the guid, else the link."""
    for item in elements:
        guid = own(item, "guid")
        url = _link(item, guid, base)
        yield ReadEntry(
            id=line(guid) or (item.get(f"{_RDF}about") or "").strip() or url,
            url=url,
            title=line(own(item, "title")),
            published=_published(item),
            updated=_date(item, f"{{{ATOM}}}updated", f"{_TERMS}modified") or _modified(item),
            digest=digest(_body(item)),
            categories=tuple(_categories(item)),
        )


def _is_container(parent: Any) -> bool:
    return parent is not None and local(parent) in CONTAINERS


def _link(item: Any, guid: Any, base: str) -> str:
    """Return the address of the item's page: FeedBurner's original link, the link, or the guid."""
    link = own(item, _ORIGINAL, "link")
    url = joined(line(link), item, base)
    if url or guid is None or guid.get("isPermaLink", "true").strip().lower() != "true":
        return url
    return joined(line(guid), item, base)


def _published(item: Any) -> datetime | None:
    date = _date(item, "pubDate", f"{_DC}date", f"{_TERMS}issued", f"{{{ATOM}}}published")
    return date or moment(_wp(item, "post_date_gmt"))


def _modified(item: Any) -> datetime | None:
    return moment(_wp(item, "post_modified_gmt"))


def _date(item: Any, *names: str) -> datetime | None:
    return next(filter(None, (moment(line(own(item, name))) for name in names)), None)


def _body(item: Any) -> str:
    return html_text(_text(own(item, _CONTENT)) or _text(own(item, "description")))


def _text(element: Any) -> str:
    return "" if element is None else inner_text(element).strip()


def _categories(item: Any) -> Iterator[str]:
    for name in (named(item, "category"), f"{_DC}subject"):
        yield from filter(None, map(line, item.iterfind(name)))


def _wp(element: Any, name: str) -> str:
    """Return the text of WordPress' own element `name`, in any version of its export format."""
    for child in element.iterchildren("{*}" + name):
        if child.tag.startswith(_EXPORT):
            return line(child)
    return ""
