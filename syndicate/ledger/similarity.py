"""Evidence that a post and a record belong together.

A piece of evidence is a key function. If exactly one post and one record share a key, they match.
"""

from collections.abc import Callable, Collection, Hashable

from syndicate.ledger.records import Record
from syndicate.model import UNDATED, Post
from syndicate.text.characters import one_line

__all__ = ["Key", "address", "bare", "keys", "moment"]

Key = Callable[[Post | Record], Hashable | None]
"""Function that returns the key of a post or a record, or None if it has none."""


def keys(shared: Collection[str]) -> tuple[tuple[str, Key], ...]:
    """Return all pieces of evidence by name, the surest first. Digests in `shared` do not count."""
    return (
        ("id", _adopted_id),
        ("content and date", lambda item: _with_content(item, item.published)),
        ("content and date", lambda item: _with_content(item, item.dated) if item.dated else None),
        ("content and address", lambda item: _with_content(item, item.url)),
        ("content and file", lambda item: _with_content(item, item.path)),
        ("content", lambda item: None if item.digest in shared else item.digest or None),
        ("file and title", lambda item: (item.path, one_line(item.title)) if item.title else None),
        ("title and date", _title_and_date),
        ("file and date", lambda item: (item.path, item.published) if _is_dated(item) else None),
        ("file and date", lambda item: (item.path, item.dated) if item.dated else None),
        ("file and address", lambda item: (item.path, bare(item.url))),
        ("address", address),
    )


def address(item: Post | Record) -> str:
    """Return the present address in the form of `bare`."""
    return bare(item.url)


def bare(url: str) -> str:
    """Remove the scheme and a trailing slash, which may change when a site moves."""
    return url.partition("://")[2].rstrip("/")


def moment(item: Post | Record) -> Hashable | None:
    """Return the time of publication; None for a bare date, which many posts may share."""
    published = item.published
    exact = published.hour or published.minute or published.second
    return published if exact and _is_dated(item) else None


def _adopted_id(item: Post | Record) -> str | None:
    """Return the id of an adopted record, or the id that a new post would get."""
    return item.id if isinstance(item, Post) or item.adopted else None


def _with_content(item: Post | Record, other: Hashable) -> Hashable | None:
    return (item.digest, other) if item.digest else None


def _title_and_date(item: Post | Record) -> Hashable | None:
    return (one_line(item.title), item.published) if item.title and _is_dated(item) else None


def _is_dated(item: Post | Record) -> bool:
    return item.published != UNDATED
