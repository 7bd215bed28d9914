"""Announce withdrawn posts in feeds for a while, by tombstones (RFC 6721)."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from syndicate.ledger.records import Record
from syndicate.model import FeedPlan, Tombstone

__all__ = ["recently_withdrawn", "validity", "with_tombstones"]


def recently_withdrawn(
    records: Iterable[Record], changed: Iterable[Record], *, now: datetime, days: int
) -> tuple[Record, ...]:
    """Return the records of posts that were withdrawn in the last `days`, the latest first.

    `changed` replaces the records with the same ids.
    """
    recent = [record for record in _withdrawn(records, changed) if now < _end(record, days)]
    return tuple(sorted(recent, key=lambda record: (_day(record), record.id), reverse=True))


def with_tombstones(plan: FeedPlan, withdrawn: Sequence[Record]) -> FeedPlan:
    """Add the tombstones of the withdrawn posts that belong to the feed."""
    carried = {post.id for post in plan.posts} if withdrawn else set()
    tombstones = tuple(
        Tombstone(record.id, _day(record))
        for record in withdrawn
        if record.id not in carried and _belongs(record, plan)
    )
    return msgspec.structs.replace(plan, tombstones=tombstones) if tombstones else plan


def validity(
    records: Iterable[Record], changed: Iterable[Record], *, now: datetime, days: int
) -> tuple[datetime | None, datetime | None]:
    """Return the interval in which `recently_withdrawn` returns this result; None: no limit."""
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
