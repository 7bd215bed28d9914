"""JSON Feed 1.0 and 1.1, read leniently: a value of the wrong type counts as absent."""

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
    """Parse the feed `data`, read from `url`. Raises FeedError, naming `where`."""
    feed = _decoded(data, where)
    if not isinstance(feed, dict) or _VERSION not in _text(feed, "version"):
        cure = "use the address of an Atom, RSS or JSON feed"
        raise FeedError(where, "is JSON, but not JSON Feed 1", cure)
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
        raise FeedError(where, f"is not valid JSON ({error})", "correct the feed") from error


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
    items = value.get(key)
    if isinstance(items, list):
        yield from (item for item in items if isinstance(item, dict))


def _text(value: dict[str, Any], key: str) -> str:
    """Return a value as text. Numbers are converted, as JSON Feed 1.1 requires for ids."""
    text = value.get(key)
    if isinstance(text, int | float) and not isinstance(text, bool):
        return str(text)
    return text if isinstance(text, str) else ""


def _address(value: dict[str, Any], key: str, base: str) -> str:
    address = _text(value, key).strip()
    return resolved(base, address) if address else ""
