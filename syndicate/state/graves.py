"""Withdrawn posts, of which feeds tell for a while (RFC 6721)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from syndicate.model import FeedPlan, Tombstone
from syndicate.state.ledger import Record

__all__ = ["buried", "marked", "span"]


def buried(
    records: Iterable[Record], changed: Iterable[Record], *, now: datetime, days: int
) -> tuple[Record, ...]:
    """The records of posts that were withdrawn within `days`, the last first.

    `changed` take the place of those of `records` that have their ids.
    """
    found = [each for each in _withdrawn(records, changed) if now < _end(each, days)]
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


def span(
    records: Iterable[Record], changed: Iterable[Record], *, now: datetime, days: int
) -> tuple[datetime | None, datetime | None]:
    """Since when those that are `buried` are the ones, and until when; None for always."""
    ends = [_end(record, days) for record in _withdrawn(records, changed)]
    past, ahead = [end for end in ends if end <= now], [end for end in ends if now < end]
    return max(past, default=None), min(ahead, default=None)


def _withdrawn(records: Iterable[Record], changed: Iterable[Record]) -> list[Record]:
    latest = {record.id: record for record in (*records, *changed)}
    return [record for record in latest.values() if record.withdrawn]


def _end(record: Record, days: int) -> datetime:
    try:
        return _day(record) + timedelta(days=days)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


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
