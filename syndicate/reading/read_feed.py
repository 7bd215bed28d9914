"""Data of parsed feeds of all formats, FeedError, and size limits."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Literal, TypeVar

from msgspec import Struct

from syndicate.errors import FeedError
from syndicate.model import Problem

__all__ = [
    "MAX_BYTES",
    "MAX_ENTRIES",
    "MAX_NODES",
    "FeedError",
    "ReadEntry",
    "ReadFeed",
    "ReadFormat",
    "counted",
    "sparse",
]

MAX_BYTES = 50_000_000
MAX_ENTRIES = 200_000
MAX_NODES = 3_000_000
"""Most tags or braces of a document; a tree of more would take too much memory."""

ReadFormat = Literal["atom", "rss", "rdf", "json", "wxr"]
"""Atom 1.0; RSS 0.91 to 2.0; RSS 0.90 and 1.0; JSON Feed 1; a WordPress export."""


class ReadEntry(Struct, frozen=True):
    """Entry of a feed. Absent values are empty or None.

    `url` is absolute and percent-encoded. Dates have an offset and no fraction of a second.
    `digest` is the digest of the visible text, without tags and with single spaces; it is empty if
    there is no text.
    """

    id: str
    url: str = ""
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    digest: str = ""
    categories: tuple[str, ...] = ()


class ReadFeed(Struct, frozen=True):
    """Parsed feed, with its entries in their original order.

    `url` is the feed's own address (its self link), else the address it was read from; `home` is
    its site's address. `id` is the id of an Atom feed, `generator` the name and address of the
    program that made the feed. `next_page` (RFC 5005 section 3), `prev_archive` and `next_archive`
    (section 4) are the addresses of its other parts. All addresses are absolute or empty.
    """

    format: ReadFormat
    title: str = ""
    url: str = ""
    home: str = ""
    id: str = ""
    generator: str = ""
    entries: tuple[ReadEntry, ...] = ()
    next_page: str = ""
    prev_archive: str = ""
    next_archive: str = ""
    hubs: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


Item = TypeVar("Item")


def sparse(data: bytes, opening: bytes, where: str) -> None:
    """Raise FeedError if `data` has more than `MAX_NODES` of the character `opening`."""
    if data.count(opening) > MAX_NODES:
        what = f"has more than {MAX_NODES:,} {opening.decode()!r}"
        raise FeedError(where, what, "split the feed")


def counted(entries: Iterable[Item], where: str) -> list[Item]:
    """Return the `entries` as a list. Raises FeedError for more than `MAX_ENTRIES`."""
    result = list(islice(entries, MAX_ENTRIES + 1))
    if len(result) > MAX_ENTRIES:
        raise FeedError(where, f"has more than {MAX_ENTRIES:,} entries", "split the feed")
    return result
