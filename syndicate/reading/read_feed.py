"""A feed as it was read: the same nouns whatever its format, and the one error of reading it."""

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from typing import Literal, TypeVar

from msgspec import Struct

from syndicate.errors import SyndicateError
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
"""More tags or braces than this take memory out of all proportion; no feed has them."""

ReadFormat = Literal["atom", "rss", "rdf", "json", "wxr"]
"""Atom 1.0; RSS 0.91 to 2.0; RSS 0.90 and 1.0; JSON Feed 1; a WordPress export."""


class FeedError(SyndicateError):
    """What is at `where` is no feed that can be read as a whole."""


class ReadEntry(Struct, frozen=True):
    """An entry of a feed. What the feed does not say is empty, or None.

    `url` is absolute and percent-encoded. Dates have an offset and no fraction of a second.
    `digest` is of the text that a reader sees, without tags, its white space evened out: the
    same for the same text however it is written. It is empty where there is no text.
    """

    id: str
    url: str = ""
    title: str = ""
    published: datetime | None = None
    updated: datetime | None = None
    digest: str = ""
    categories: tuple[str, ...] = ()


class ReadFeed(Struct, frozen=True):
    """A feed, its entries in the feed's own order.

    `url` is its own address as it says, else the one it was read from; `home` is its site's.
    `id` is that of an Atom feed, `generator` the program that made the feed, with its address.
    `next_page` (RFC 5005 section 3), `prev_archive` and `next_archive` (section 4) are the
    addresses of its other parts. All are absolute or empty.
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
    """Raises FeedError where `opening` stands in `data` too often for a tree to be made of it."""
    if data.count(opening) > MAX_NODES:
        raise FeedError(where, f"has more than {MAX_NODES:,} {opening.decode()!r}", "split it")


def counted(entries: Iterable[Item], where: str) -> list[Item]:
    """All `entries`. Raises FeedError where they are more than `MAX_ENTRIES`."""
    found = list(islice(entries, MAX_ENTRIES + 1))
    if len(found) > MAX_ENTRIES:
        raise FeedError(where, f"has more than {MAX_ENTRIES:,} entries", "split it")
    return found
