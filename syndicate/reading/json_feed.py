"""JSON Feed 1.0 and 1.1, read leniently: a value of the wrong type counts as left out."""

from collections.abc import Iterator
from typing import Any

import msgspec

from syndicate.reading.entry_words import digest, html_text
from syndicate.reading.feed_addresses import resolved
from syndicate.reading.feed_dates import moment
from syndicate.reading.read_feed import FeedError, ReadEntry, ReadFeed, counted, sparse
from syndicate.text.characters import one_line

__all__ = ["json_feed"]

_VERSION = "//jsonfeed.org/version/1"


def json_feed(data: bytes, url: str, where: str) -> ReadFeed:
    """The feed `data`, read from `url`. Raises FeedError, naming `where`."""
    feed = _decoded(data, where)
    if not isinstance(feed, dict) or _VERSION not in _text(feed, "version"):
        raise FeedError(where, "is JSON, but no JSON Feed 1", "give an Atom, RSS or JSON feed")
    base = url or _text(feed, "feed_url") or _text(feed, "home_page_url")
    items = counted(_objects(feed, "items"), where)
    return ReadFeed(
        format="json",
        title=one_line(_text(feed, "title")),
        url=_address(feed, "feed_url", base) or url,
        home=_address(feed, "home_page_url", base),
        entries=tuple(_entry(item, base) for item in items),
        next_page=_address(feed, "next_url", base),
        hubs=tuple(filter(None, (_address(hub, "url", base) for hub in _objects(feed, "hubs")))),
    )


def _decoded(data: bytes, where: str) -> Any:
    sparse(data, b"{", where)
    sparse(data, b"[", where)
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise FeedError(where, f"is not JSON that can be read ({error})", "correct it") from error


def _entry(item: dict[str, Any], base: str) -> ReadEntry:
    url = _address(item, "url", base)
    tags = item.get("tags")
    return ReadEntry(
        id=_text(item, "id").strip() or url,
        url=url,
        title=one_line(_text(item, "title")),
        published=moment(_text(item, "date_published")),
        updated=moment(_text(item, "date_modified")),
        digest=digest(_body(item)),
        categories=tuple(one_line(tag) for tag in tags if isinstance(tag, str) and tag.strip())
        if isinstance(tags, list)
        else (),
    )


def _body(item: dict[str, Any]) -> str:
    html = _text(item, "content_html")
    return html_text(html) if html else _text(item, "content_text") or _text(item, "summary")


def _objects(value: dict[str, Any], key: str) -> Iterator[dict[str, Any]]:
    found = value.get(key)
    if isinstance(found, list):
        yield from (each for each in found if isinstance(each, dict))


def _text(value: dict[str, Any], key: str) -> str:
    """JSON Feed 1.1 says of ids that numbers are to be read as strings."""
    found = value.get(key)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) else ""


def _address(value: dict[str, Any], key: str, base: str) -> str:
    address = _text(value, key).strip()
    return resolved(base, address) if address else ""
