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
        ("content and date", lambda each: _with_content(each, each.published)),
        ("content and date", lambda each: _with_content(each, each.dated) if each.dated else None),
        ("content and address", lambda each: _with_content(each, each.url)),
        ("content and file", lambda each: _with_content(each, each.path)),
        ("content", lambda each: None if each.digest in shared else each.digest or None),
        ("file and title", lambda each: (each.path, one_line(each.title)) if each.title else None),
        ("title and date", _title_and_date),
        ("file and date", lambda each: (each.path, each.published) if _is_dated(each) else None),
        ("file and date", lambda each: (each.path, each.dated) if each.dated else None),
        ("file and address", lambda each: (each.path, bare(each.url))),
        ("address", address),
    )


def address(each: Post | Record) -> str:
    """Return the present address in the form of `bare`."""
    return bare(each.url)


def bare(url: str) -> str:
    """Remove the scheme and a trailing slash, which may change when a site moves."""
    return url.partition("://")[2].rstrip("/")


def moment(each: Post | Record) -> Hashable | None:
    """Return the time of publication; None for a bare date, which many posts may share."""
    published = each.published
    exact = published.hour or published.minute or published.second
    return published if exact and _is_dated(each) else None


def _adopted_id(each: Post | Record) -> str | None:
    """Return the id of an adopted record, or the id that a new post would get."""
    return each.id if isinstance(each, Post) or each.adopted else None


def _with_content(each: Post | Record, other: Hashable) -> Hashable | None:
    return (each.digest, other) if each.digest else None


def _title_and_date(each: Post | Record) -> Hashable | None:
    return (one_line(each.title), each.published) if each.title and _is_dated(each) else None


def _is_dated(each: Post | Record) -> bool:
    return each.published != UNDATED
