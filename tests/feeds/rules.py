"""Check a feed against numbered rules, each from an RFC or the specification of its format.

The rules are written only from the specifications, so that they share no mistake with our code.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from lxml import etree

from syndicate.model import Document

__all__ = ["faults"]

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
# XML Schema, which RFC 4287's grammar refers to, allows offsets up to 14 hours.
OFFSET = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d" + OFFSET, re.A)
RFC822 = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}", re.A)
ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def faults(document: Document, address: str) -> list[str]:
    """Return the rules that `document`, published at `address`, breaks."""
    judge: Callable[[bytes, str], Iterator[tuple[int, bool]]] = {
        "application/atom+xml": _atom,
        "application/rss+xml": _rss,
        "application/feed+json": _json,
        "text/x-opml": _opml,
    }[document.type]
    shape = [(1, not document.data.startswith(b"\xef\xbb\xbf"))]
    return [
        f"rule {number}" for number, kept in [*shape, *judge(document.data, address)] if not kept
    ]


def _atom(data: bytes, address: str) -> Iterator[tuple[int, bool]]:
    feed = etree.fromstring(data)
    yield 14, feed.tag == f"{ATOM}feed" and feed.prefix is None and data.count(b"xmlns=") >= 1
    yield 13, [link.get("href") for link in _links(feed, "self")] == [address]
    for node in (feed, *feed.iterfind(f"{ATOM}entry")):
        yield from _atom_node(node)
        alternates = [(x.get("type"), x.get("hreflang")) for x in _links(node, "alternate")]
        yield 11, len(alternates) == len(set(alternates)) == 1
        yield 15, node.find(f"{ATOM}link").get("rel") == "alternate"
        yield 16, node.find(f"{ATOM}title").get("type") == "text"
    for entry in feed.iterfind(f"{ATOM}entry"):
        content = entry.find(f"{ATOM}content")
        yield 16, content is None or content.get("type") == "html"
        undated = entry.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00+00:00"
        yield 10, undated or entry.find(f"{ATOM}published") is not None
        yield 6, entry.find(f"{ATOM}author") is not None


def _atom_node(node: Any) -> Iterator[tuple[int, bool]]:
    for name in ("id", "title", "updated"):
        yield 9, len(node.findall(f"{ATOM}{name}")) == 1
    yield 7, bool(node.findtext(f"{ATOM}title", "").strip())
    yield 9, bool(ABSOLUTE.fullmatch(node.findtext(f"{ATOM}id", "")))
    for name in ("updated", "published"):
        yield 10, all(RFC3339.fullmatch(date.text) for date in node.iterfind(f"{ATOM}{name}"))
    yield 12, all(LANGUAGE.fullmatch(value) for value in _languages(node))
    yield 4, all(ABSOLUTE.fullmatch(x.get("href")) for x in node.iterfind(f"{ATOM}link"))
    for person in node.iterfind(f"{ATOM}author"):
        yield 6, bool(person.findtext(f"{ATOM}name", "").strip())
        yield 6, "@" in person.findtext(f"{ATOM}email", "@")
        yield 4, bool(ABSOLUTE.fullmatch(person.findtext(f"{ATOM}uri", "a:b")))
    yield 9, all(x.get("term") for x in node.iterfind(f"{ATOM}category"))


def _rss(data: bytes, address: str) -> Iterator[tuple[int, bool]]:
    channel = etree.fromstring(data).find("channel")
    for name in ("title", "link", "description"):
        yield 18, bool(channel.findtext(name, "").strip())
    yield 18, channel.findtext("link") != address
    yield 19, [link.get("href") for link in _links(channel, "self")] == [address]
    for item in channel.iterfind("item"):
        yield from _rss_item(item)
    plain = re.sub(rb"<content:encoded>.*?</content:encoded>", b"", data, flags=re.S)
    yield 22, b"&amp;" not in plain and b"&lt;" not in plain
    yield 1, data.count(b"xmlns:") == 4


def _rss_item(item: Any) -> Iterator[tuple[int, bool]]:
    tags = [child.tag for child in item]
    yield 7, bool(item.findtext("title", "").strip())
    yield 4, bool(ABSOLUTE.fullmatch(item.findtext("link", "")))
    guid = item.find("guid")
    yield 20, (guid.get("isPermaLink") == "true") == (guid.text == item.findtext("link"))
    undated = item.find("pubDate") is item.find(f"{ATOM}updated") is None
    yield 21, undated or bool(RFC822.fullmatch(item.findtext("pubDate", "")))
    if ENCODED in tags and "description" in tags:
        yield 23, tags.index("description") < tags.index(ENCODED)
    yield 6, bool(item.findtext(f"{DC}creator", "").strip()) and "author" not in tags
    yield 24, tags.count("enclosure") <= 1
    for media in item.iterfind("enclosure"):
        yield 24, media.get("length").isdecimal() and "/" in media.get("type")
        yield 24, media.get("url").startswith(("http:", "https:"))
    yield 20, all(category.text for category in item.iterfind("category"))


def _json(data: bytes, address: str) -> Iterator[tuple[int, bool]]:
    feed = json.loads(data)
    yield 1, not any(ILLEGAL.search(text) for text in _strings(feed))
    yield 25, feed["version"] == "https://jsonfeed.org/version/1.1" and bool(feed["title"])
    yield 26, feed["feed_url"] == address and bool(ABSOLUTE.fullmatch(feed["home_page_url"]))
    yield 26, bool(LANGUAGE.fullmatch(feed.get("language", "en")))
    for item in feed["items"]:
        yield 25, isinstance(item["id"], str) and bool(item["id"])
        yield 25, ("content_html" in item) != ("content_text" in item)
        yield 7, bool(item["title"].strip())
        yield 6, all(author["name"] for author in item["authors"]) and bool(item["authors"])
        dates = [item[name] for name in ("date_published", "date_modified") if name in item]
        yield 27, all(map(RFC3339.fullmatch, dates))
        places = [item[name] for name in ("url", "external_url", "image") if name in item]
        yield 4, all(ABSOLUTE.fullmatch(place) for place in places)
        yield 25, all(media.get("size_in_bytes", 1) > 0 for media in item.get("attachments", ()))


def _opml(data: bytes, address: str) -> Iterator[tuple[int, bool]]:
    root = etree.fromstring(data)
    yield 34, root.get("version") == "2.0" and [part.tag for part in root] == ["head", "body"]
    yield 34, bool(RFC822.fullmatch(root.findtext("head/dateModified", "")))
    outlines = list(root.iter("outline"))
    yield 34, bool(outlines) and all(line.get("text") for line in outlines)
    for line in outlines:
        subscribes = line.get("type") == "rss"
        yield 34, subscribes == (line.get("xmlUrl") is not None) == (len(line) == 0)
        yield 34, not subscribes or bool(ABSOLUTE.fullmatch(line.get("xmlUrl")))


def _links(node: Any, rel: str) -> list[Any]:
    return [link for link in node.iterfind(f"{ATOM}link") if link.get("rel") == rel]


def _languages(node: Any) -> list[str]:
    value = node.get("{http://www.w3.org/XML/1998/namespace}lang")
    return [] if value is None else [value]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _strings(part)
