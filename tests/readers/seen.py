"""What readers show of an entry, and what they are to show."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from syndicate.model import Post

__all__ = ["Seen", "Subscription", "as_posted", "as_updated", "at", "untagged"]


class Seen(Struct, frozen=True, order=True):
    """An entry, as a reader shows it."""

    id: str
    title: str
    link: str
    date: datetime


Subscription = Callable[[], Iterable[Seen]]
"""Lets a reader fetch a feed, as it does by itself from time to time, and gives what it shows."""


def as_posted(post: Post) -> Seen:
    """Nothing less than all."""
    return Seen(post.id, post.title, post.url, post.published)


def as_updated(post: Post) -> Seen:
    """With the date of the last change, for a reader that shows no other."""
    return replace(as_posted(post), date=post.updated)


def untagged(post: Post) -> Seen:
    """Without what looks like tags in the title, for a reader that takes them out of any text."""
    return replace(as_posted(post), title=re.sub(r"</?[A-Za-z][^>]*>", "", post.title))


def at(seconds: str | int) -> datetime:
    """The moment that many seconds after 1970 began."""
    return datetime.fromtimestamp(int(seconds), UTC)
