"""Write Atom 1.0 (RFC 4287) and RSS 2.0. The only module that imports feedgen.

feedgen builds entries and feeds, with some mistakes. The ``_mend…`` functions correct the finished
elements of an entry. The ``…Repair`` classes are extensions of feedgen that correct a feed. Neither
the locale (which feedgen sets for every RSS date) nor the clock (its default for every date)
reaches a feed.

Entries and shells are made separately and joined as bytes. Namespaces are declared only on the
root, Atom's without a prefix.
"""

import html
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import partial
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree
from lxml.etree import SubElement

from syndicate.feeds.channel import Channel, Front, Shell
from syndicate.feeds.item import Item
from syndicate.feeds.values import iri
from syndicate.feeds.xml_templates import hexadecimal
from syndicate.model import UNDATED, Author, Image

__all__ = ["atom_entry", "atom_shell", "rss_entry", "rss_shell"]

_GENERATOR = "syndicate"  # without a version: a new release must not change every feed
_ATOM = "http://www.w3.org/2005/Atom"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_DC = "http://purl.org/dc/elements/1.1/"
_MEDIA = "http://search.yahoo.com/mrss/"
_TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
_XHTML = "http://www.w3.org/1999/xhtml"
_XHTML_ALONE: Any = {None: _XHTML}  # without a prefix, which few readers expect
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ATOM_PREFIXES = {"media": _MEDIA}
_RSS_PREFIXES = {"atom": _ATOM, "content": _CONTENT, "dc": _DC, "media": _MEDIA}
_ATOM_ORDER = ("id", "title", "link", "published", "updated", "author", "category")
_ATOM_RANK = {name: rank for rank, name in enumerate((*_ATOM_ORDER, "summary", "content"))}


def atom_entry(item: Item) -> bytes:
    """Return the Atom entry of `item` (RFC 4287 4.1.2), for the feed of `atom_shell`."""
    links = _atom_links(item)
    entry = FeedEntry()
    entry.id(iri(item.id))  # RFC 4287 4.2.6; an adopted id may be any text
    entry.title(item.title)
    if item.published != UNDATED:
        entry.published(item.published)
    entry.updated(_atom_date(item.updated))
    entry.author([_person(author) for author in item.authors])
    entry.category([{"term": term} for term in item.terms])
    entry.link([dict(link) for link in links])  # feedgen changes its arguments
    if item.full and item.html:
        entry.content(item.html, type="html")
        entry.summary(item.plain_summary or None, type="text")
    elif item.full:
        entry.summary(item.summary or None, type="text")
    else:
        entry.summary(item.html or None, type="html")
    element = entry.atom_entry()
    feed = _within(element, _ATOM_PREFIXES, "feed")
    _mend_atom(element, item, links)
    return _cut_out(feed, "entry")


def rss_entry(item: Item) -> bytes:
    """Return the RSS item of `item`, for the feed of `rss_shell`.

    Readers treat `description` as HTML, so a plain summary is escaped twice.
    """
    entry = FeedEntry()
    entry.title(item.title)
    entry.link(href=item.url, rel="alternate")
    entry.guid(item.id, permalink=item.id == item.url)
    entry.category([{"term": term} for term in item.terms])
    if item.full:
        entry.description(html.escape(item.summary, quote=False))
        entry.content(item.html or None, type="html")
    else:
        entry.description(item.html)
    if item.enclosure:  # length 0 if unknown, as the profile of the RSS Advisory Board requires
        entry.enclosure(item.enclosure.url, item.enclosure.length, item.enclosure.type)
    element = entry.rss_entry()
    feed = _within(element, _RSS_PREFIXES, "rss", "channel")
    _mend_rss(element, item)
    return _hexadecimal(_cut_out(feed, "item"))


def atom_shell(channel: Channel) -> Shell:
    """Return the head and the end of the Atom feed (RFC 4287 4.1.1). Its id is its address."""
    url = channel.urls["atom"]
    feed = _feed(channel)
    feed.register_extension("syndicate", partial(_AtomFeedRepair, channel))
    feed.id(url)
    feed.updated(_atom_date(channel.updated))
    feed.icon(channel.icon or None)
    feed.subtitle(channel.description or None)
    if channel.author:
        feed.author(_person(channel.author))
    feed.link(href=channel.home, rel="alternate", type="text/html")
    feed.link(href=url, rel="self", type="application/atom+xml")
    for hub in channel.hubs:
        feed.link(href=hub, rel="hub")
    return _split(feed.atom_str(pretty=True), b"</feed>", b"  ")


def rss_shell(channel: Channel) -> Shell:
    """Return the head and the end of the RSS feed."""
    feed = _feed(channel)
    feed.register_extension("syndicate", partial(_RssFeedRepair, channel))
    feed.updated(_FalsyDate(1970, 1, 1, tzinfo=UTC))
    feed.description(channel.description or channel.title)
    feed.link(href=channel.urls["rss"], rel="self", type="application/rss+xml")
    feed.link(href=channel.home, rel="alternate")  # feedgen's channel link is the last one
    if channel.author and channel.author.email:
        feed.managingEditor(f"{channel.author.email} ({channel.author.name})")
    return _split(_hexadecimal(feed.rss_str(pretty=True)), b"</channel>", b"    ", b"  ")


def _atom_date(moment: datetime) -> datetime:
    """Return the date of change, which Atom requires (RFC 4287 4.1.2), or 1970 if undated."""
    return _EPOCH if moment == UNDATED else moment


class _FalsyDate(datetime):
    """Falsy date, so that feedgen omits lastBuildDate. `_RssFeedRepair` writes it."""

    def __bool__(self) -> bool:
        return False


def _mend_atom(entry: Any, item: Item, links: list[dict[str, str]]) -> None:
    """Add the attributes and pictures that feedgen drops, and sort the elements."""
    for element, link in zip(entry.iterchildren("link"), links, strict=True):
        element.attrib.update(link)
    entry.find("title").set("type", "text")
    if item.language:
        entry.set(_LANG, item.language)
    entry[:] = sorted(entry, key=lambda child: _ATOM_RANK[child.tag])
    _add_picture(entry, item.image)


def _mend_rss(element: Any, item: Item) -> None:
    """Add authors, dates, language and pictures to an item."""
    for author in item.authors:
        _add(element, f"{{{_DC}}}creator", author.name)
    if item.published != UNDATED:
        _add(element, "pubDate", format_datetime(item.published))
    if item.updated != UNDATED:
        # RSS has no element for it, and all formats must give the same dates.
        _add(element, f"{{{_ATOM}}}updated", item.updated.isoformat())
    if item.language:
        _add(element, f"{{{_DC}}}language", item.language)
    _add_picture(element, item.image)


class _AtomFeedRepair:
    """Feed extension: declares prefixes, marks the title as text, links to the page."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def extend_ns(self) -> dict[str, str]:
        return _ATOM_PREFIXES | ({"at": _TOMBSTONES} if self._channel.tombstones else {})

    def extend_atom(self, feed: Any) -> None:
        feed.find("title").set("type", "text")
        for tombstone in self._channel.tombstones:
            when = tombstone.when.isoformat()
            ref = iri(tombstone.id)
            SubElement(feed, f"{{{_TOMBSTONES}}}deleted-entry", ref=ref, when=when)
        if self._channel.front:
            _link_page(feed, self._channel, self._channel.front)
        _add_style(feed, self._channel.styles.get("atom"))


class _RssFeedRepair:
    """Feed extension: declares prefixes, adds hubs and the date of the last change."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def extend_ns(self) -> dict[str, str]:
        return _RSS_PREFIXES

    def extend_rss(self, feed: Any) -> None:
        for hub in self._channel.hubs:
            SubElement(feed[0], f"{{{_ATOM}}}link", rel="hub", href=hub)
        _add(feed[0], "lastBuildDate", format_datetime(self._channel.updated))
        _add_style(feed, self._channel.styles.get("rss"))


def _feed(channel: Channel) -> Any:
    """Return a feedgen feed with the elements that Atom and RSS share."""
    feed = FeedGenerator()
    feed.title(channel.title)
    feed.generator(_GENERATOR)
    feed.logo(channel.logo or None)
    feed.rights(channel.rights or None)
    feed.language(channel.language or None)
    return feed


def _atom_links(item: Item) -> list[dict[str, str]]:
    links = [{"href": item.url, "rel": "alternate", "type": "text/html"}]
    if item.external_url:
        links.append({"href": item.external_url, "rel": "related"})
    if media := item.enclosure:
        length = {"length": str(media.length)} if media.length else {}
        links.append({"href": media.url, "rel": "enclosure", "type": media.type} | length)
    return links


def _person(author: Author) -> dict[str, str]:
    return {"name": author.name, "email": author.email, "uri": author.uri}


def _add(parent: Any, tag: str, text: str) -> None:
    SubElement(parent, tag).text = text


def _add_picture(parent: Any, image: Image | None) -> None:
    """Add the picture as Media RSS 1.5.1, once in full and once as a thumbnail."""
    if image is None:
        return
    content = SubElement(parent, f"{{{_MEDIA}}}content", url=image.url, medium="image")
    if image.alt:
        _add(content, f"{{{_MEDIA}}}description", image.alt)
    SubElement(parent, f"{{{_MEDIA}}}thumbnail", url=image.url)


def _link_page(feed: Any, channel: Channel, front: Front) -> None:
    """Write the subtitle as XHTML with a link: the only link of a feed that browsers show."""
    subtitle = feed.find("subtitle")
    if subtitle is None:
        subtitle = SubElement(feed, "subtitle")
    subtitle.text = None
    subtitle.set("type", "xhtml")
    line = SubElement(subtitle, f"{{{_XHTML}}}div", nsmap=_XHTML_ALONE)
    line.text = f"{channel.description} " if channel.description else None
    link = SubElement(line, f"{{{_XHTML}}}a", href=channel.page)
    link.text = front.label
    if front.language != channel.language:
        link.set(_LANG, front.language)


def _add_style(root: Any, href: str | None) -> None:
    """Add the style sheet (Associating Style Sheets with XML 1.0), which browsers still apply."""
    if href:
        what = f'type="text/css" href="{html.escape(href)}"'
        root.addprevious(etree.ProcessingInstruction("xml-stylesheet", what))


def _within(element: Any, prefixes: dict[str, str], root: str, *around: str) -> Any:
    """Return a feed with only `element` in it, whose root declares all `prefixes`."""
    feed = parent = etree.Element(root, nsmap=prefixes)
    for name in around:
        parent = SubElement(parent, name)
    parent.append(element)
    return feed


def _cut_out(feed: Any, tag: str) -> bytes:
    """Return the bytes of the only element `tag` in the feed."""
    data: bytes = etree.tostring(feed, encoding="UTF-8", pretty_print=True)
    end = f"</{tag}>".encode()
    # No text holds these marks: a "<" in a text is escaped.
    return data[data.index(f"<{tag}".encode()) : data.rindex(end) + len(end)]


def _split(feed: bytes, end: bytes, indent: bytes, outer: bytes = b"") -> Shell:
    head, _, tail = feed.rpartition(outer + end)
    return Shell(head + indent, b"\n" + indent, b"\n" + outer + end + tail)


def _hexadecimal(data: bytes) -> bytes:
    """Return `data` with ``&`` and ``<`` in texts spelled as the RSS profile asks.

    Both spellings mean the same to an XML parser, so the body keeps the shorter one.
    """
    head, start, rest = data.partition(b"<content:encoded>")
    body, end, tail = rest.rpartition(b"</content:encoded>")
    return hexadecimal(head) + start + body + end + hexadecimal(tail)
