"""Read the last build's posts from the cache, with final ids and dates, without the parser."""

from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct

from syndicate.model import Post
from syndicate.state.cache import Cache

__all__ = ["Known", "known_of", "posts_of", "settled"]


class Known(Struct, frozen=True, array_like=True, gc=False):
    """The fields of a post that depend on other posts and on the ledger."""

    id: str
    published: datetime
    updated: datetime
    own_id: bool


class _Parsed(Struct, frozen=True, gc=False):
    """The part of `posts.parse_post.Parsed` that is read here."""

    post: Post | None = None


class _Row(Struct, frozen=True, array_like=True, gc=False):
    """The part of `pipeline.known_posts.Row` that is read here."""

    path: str
    known: Known | None
    parsed: _Parsed


def known_of(post: Post | None, parsed: Post | None) -> Known | None:
    """Return the fields of `post` that the ledger changed, or None if it equals `parsed`."""
    if post is None or post is parsed:
        return None
    return Known(post.id, post.published, post.updated, post.own_id)


def settled(parsed: Post, known: Known | None) -> Post:
    """Apply the fields `known` to the parsed post; the inverse of `known_of`."""
    if known is None:
        return parsed
    return msgspec.structs.replace(
        parsed,
        id=known.id,
        published=known.published,
        updated=known.updated,
        own_id=known.own_id,
    )


def posts_of(cache: Cache, paths: Iterable[str] | None = None) -> tuple[Post, ...]:
    """Return the posts at `paths`, or all, in the order of `Report.posts`; () if unreadable."""
    try:
        rows = msgspec.json.decode(b"[%b]" % b",".join(cache.posts(paths)), type=list[_Row])
    except msgspec.DecodeError:
        return ()
    found = [(row.parsed.post, row.known) for row in rows if row.parsed.post]
    found.sort(key=lambda item: item[0].path)
    found.sort(key=lambda item: item[0].published, reverse=True)
    return tuple(settled(*item) for item in found)
