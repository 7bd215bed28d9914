"""Update a post from its record, and the record from its post.

The record's id and `published` win, unless the author changed them. `updated` changes only with
the content. The record keeps the post's former addresses.
"""

from datetime import datetime

from msgspec.structs import replace

from syndicate.ledger.records import Record
from syndicate.model import UNDATED, Post

__all__ = ["unchanged", "updated_record", "with_record"]


def unchanged(post: Post, before: Record) -> bool:
    """Return True if the record `before` needs no update, as for most posts of most builds."""
    return (
        before.digest == post.digest
        and before.path == post.path
        and before.url == post.url
        and before.title == post.title
        and before.dated == post.dated
        and before.categories == post.categories
        and before.tags == post.tags
        and before.withdrawn is None
        and not before.adopted
        and not (post.own_updated and post.updated != before.updated)
    )


def with_record(post: Post, record: Record) -> Post:
    """Return `post` with the id and dates of its record."""
    if (
        post.id == record.id
        and post.published == record.published
        and post.updated == record.updated
    ):
        return post
    return replace(
        post,
        id=record.id,
        published=record.published,
        updated=record.updated,
        own_id=post.own_id and post.id == record.id,
    )


def updated_record(
    post: Post, before: Record | None, new_id: str | None, now: datetime | None
) -> Record:
    """Return the new record of `post`. `before` is its former record, `now` the time of an edit.

    Without `now`, an edited post keeps its former digest, so that a later build dates the edit.
    """
    known_id = new_id or (before.id if before else post.id)
    published = _published(post, before)
    undated = now is None and before and _is_edited(post, before)
    return Record(
        id=known_id,
        url=post.url,
        title=post.title,
        published=published,
        updated=max(_updated(post, before, now), published),
        path=post.path,
        digest=before.digest if undated and before else post.digest,
        dated=post.dated,
        own=post.id if post.own_id and post.id != known_id else before.own if before else "",
        past=_past(post, before),
        categories=post.categories,
        tags=post.tags,
        from_feed=bool(before and before.id == known_id and (before.adopted or before.from_feed)),
    )


def _published(post: Post, before: Record | None) -> datetime:
    if before is None:
        return post.published
    has_lost_its_date = not post.dated and post.published != UNDATED
    if post.dated == before.dated or has_lost_its_date or before.adopted:
        return before.published
    return post.published


def _updated(post: Post, before: Record | None, now: datetime | None) -> datetime:
    if before is None or post.own_updated:
        return post.updated
    if now is None or post.minor or not _is_edited(post, before):
        return before.updated
    return max(now, before.updated)  # `updated` never goes back, even if the clock does


def _is_edited(post: Post, before: Record) -> bool:
    """Return True if the content changed. Digests of two ways of counting are not compared."""
    ways = {digest.rpartition(":")[0] for digest in (post.digest, before.digest)}
    return bool(before.digest) and post.digest != before.digest and len(ways) == 1


def _past(post: Post, before: Record | None) -> tuple[str, ...]:
    if before is None:
        return ()
    if before.url in ("", post.url):  # an adopted entry may have no address
        return before.past
    return (*(url for url in before.past if url not in (post.url, before.url)), before.url)
