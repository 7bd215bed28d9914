"""Withdrawn posts, of which feeds tell for a while (RFC 6721)."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import msgspec

from syndicate.model import FeedPlan, Tombstone
from syndicate.state.ledger import Record

__all__ = ["buried", "expiry", "marked"]


def buried(
    records: Iterable[Record], changed: Iterable[Record], *, now: datetime, days: int
) -> tuple[Record, ...]:
    """The records of posts that were withdrawn within `days`, the last first.

    `changed` take the place of those of `records` that have their ids.
    """
    latest = {record.id: record for record in (*records, *changed)}
    found = [
        record
        for record in latest.values()
        if record.withdrawn and now < record.withdrawn + timedelta(days=days)
    ]
    return tuple(sorted(found, key=lambda each: (_day(each), each.id), reverse=True))


def marked(plan: FeedPlan, graves: Sequence[Record]) -> FeedPlan:
    """`plan` with the tombstones of the posts that it would have carried."""
    carried = {post.id for post in plan.posts} if graves else set()
    stones = tuple(
        Tombstone(record.id, _day(record))
        for record in graves
        if record.id not in carried and _belongs(record, plan)
    )
    return msgspec.structs.replace(plan, tombstones=stones) if stones else plan


def expiry(graves: Iterable[Record], days: int) -> datetime | None:
    """When the next of `graves` is told of no more."""
    return min((_day(record) + timedelta(days=days) for record in graves), default=None)


def _belongs(record: Record, plan: FeedPlan) -> bool:
    match plan.kind:
        case "all":
            return True
        case "category":
            return plan.term in record.categories
        case "tag":
            return plan.term in record.tags
    return False


def _day(record: Record) -> datetime:
    if record.withdrawn is None:
        raise ValueError(f"{record.id} is not withdrawn")
    return record.withdrawn
