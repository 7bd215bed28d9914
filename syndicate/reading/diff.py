"""Differences between new and published feeds, as feed readers will see them.

A reader identifies an entry by its id: a new id is a new entry, even with the same text. This
module reads no files and no network.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from syndicate.model import Problem
from syndicate.reading.read import read
from syndicate.reading.read_feed import FeedError, ReadEntry, ReadFeed

__all__ = ["EntryDiff", "FeedDiff", "FeedDiffs", "compare", "diff"]


class EntryDiff(Struct, frozen=True, omit_defaults=True):
    """Entry that changes for readers.

    `changed` lists the edited parts: "content", "title", "updated", "date", "link". `was` is the
    published id of a repeated entry.
    """

    id: str
    title: str = ""
    url: str = ""
    changed: tuple[str, ...] = ()
    was: str = ""


class FeedDiff(Struct, frozen=True):
    """Differences of one feed. A feed on only one side is "created" or "removed".

    `entries` and `before` count the entries of the new and the published feed. `repeated` entries
    are published under another id, so that readers see them again. `withdrawn` entries disappeared
    from the middle of the feed, `aged_out` entries from its end. An entry is in at most one group.
    """

    path: str
    state: Literal["created", "removed", "changed", "unchanged"]
    entries: int = 0
    before: int = 0
    new: tuple[EntryDiff, ...] = ()
    edited: tuple[EntryDiff, ...] = ()
    repeated: tuple[EntryDiff, ...] = ()
    withdrawn: tuple[EntryDiff, ...] = ()
    aged_out: tuple[EntryDiff, ...] = ()


class FeedDiffs(Struct, frozen=True):
    """Differences of all feeds, sorted by path. Unreadable published files are Problems."""

    feeds: tuple[FeedDiff, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def compared(self) -> int:
        """Return the number of feeds that exist on both sides."""
        return sum(feed.state in ("changed", "unchanged") for feed in self.feeds)

    @property
    def differs(self) -> bool:
        """Return whether any feed changes."""
        return any(feed.state != "unchanged" for feed in self.feeds)


def diff(
    new: Mapping[str, bytes | ReadFeed],
    published: Mapping[str, bytes | ReadFeed],
    *,
    limit: int | None = None,
) -> FeedDiffs:
    """Compare the feeds of `new` and `published` with the same paths.

    `limit` is as in `compare`. An unreadable published feed counts as absent. Raises FeedError for
    an unreadable feed of `new`.
    """
    problems: list[Problem] = []
    diffs = []
    for path in sorted({*new, *published}):
        after = _read(new[path], path) if path in new else None
        before = _read_published(published[path], path, problems) if path in published else None
        if after or before:
            diffs.append(_feed_diff(path, after, before, limit))
    return FeedDiffs(tuple(diffs), tuple(problems))


def compare(path: str, new: ReadFeed, published: ReadFeed, limit: int | None = None) -> FeedDiff:
    """Compare two states of the feed at `path`. `limit` is its most entries, 0 for no limit.

    Entries age out only of a full feed, and only after the last entry that stays. If the limit is
    unknown (None), a feed that has not become shorter counts as full.
    """
    before = {entry.id: entry for entry in published.entries}
    after = {entry.id: entry for entry in new.entries}
    came = [entry for entry in new.entries if entry.id not in before]
    went = [entry for entry in published.entries if entry.id not in after]
    repeated = _repeated(came, went)
    again = {entry.id for entry in repeated}
    stayed = after.keys() | {entry.was for entry in repeated}
    pushed = _pushed_out(new, published, stayed) if _is_full(new, published, limit) else ()
    groups = {
        "new": [_entry_diff(entry) for entry in came if entry.id not in again],
        "edited": _edited(before, new.entries),
        "repeated": repeated,
        "withdrawn": [_entry_diff(e) for e in went if e.id not in stayed and e.id not in pushed],
        "aged_out": [_entry_diff(entry) for entry in went if entry.id in pushed],
    }
    return FeedDiff(
        path,
        "changed" if any(groups.values()) else "unchanged",
        entries=len(after),
        before=len(before),
        **{name: tuple(group) for name, group in groups.items()},
    )


def _feed_diff(
    path: str, after: ReadFeed | None, before: ReadFeed | None, limit: int | None
) -> FeedDiff:
    if after and before:
        return compare(path, after, before, limit)
    if after:
        return FeedDiff(path, "created", entries=len(after.entries))
    return FeedDiff(path, "removed", before=len(before.entries) if before else 0)


def _read(feed: bytes | ReadFeed, path: str) -> ReadFeed:
    return feed if isinstance(feed, ReadFeed) else read(feed, where=path)


def _read_published(feed: bytes | ReadFeed, path: str, problems: list[Problem]) -> ReadFeed | None:
    """Read a published feed; add a Problem and return None if it is unreadable."""
    try:
        return _read(feed, path)
    except FeedError as error:
        what = f"the published feed {error.what}"
        problems.append(Problem(path, "published-feed", what, "the next build replaces it"))
        return None


def _repeated(came: Sequence[ReadEntry], went: Sequence[ReadEntry]) -> list[EntryDiff]:
    """Return the entries of `came` that equal an entry of `went` under another id.

    Entries are equal if they share the address, or two of text, title and date.
    """
    known: dict[tuple[object, ...], str] = {}
    for entry in reversed(went):
        known.update(dict.fromkeys(_match_keys(entry), entry.id))
    repeated, taken = [], set[str]()
    for entry in came:
        was = next((known[key] for key in _match_keys(entry) if key in known), "")
        if was and was not in taken:
            taken.add(was)
            repeated.append(_entry_diff(entry, was=was))
    return repeated


def _match_keys(entry: ReadEntry) -> Iterable[tuple[object, ...]]:
    """Yield keys, of which an equal entry shares at least one; the most reliable first."""
    if entry.digest:
        yield "text, title", entry.digest, entry.title
    if entry.digest and entry.published:
        yield "text, date", entry.digest, entry.published
    if entry.title and entry.published:
        yield "title, date", entry.title, entry.published
    if entry.url:
        yield "address", entry.url


def _edited(before: Mapping[str, ReadEntry], entries: Iterable[ReadEntry]) -> list[EntryDiff]:
    both = ((before[entry.id], entry) for entry in entries if entry.id in before)
    return [_entry_diff(new, changed=parts) for old, new in both if (parts := _changed(old, new))]


def _changed(old: ReadEntry, new: ReadEntry) -> tuple[str, ...]:
    """Return the names of the edited parts. A date missing on one side is not an edit."""
    pairs = {
        "content": old.digest != new.digest,
        "title": old.title != new.title,
        "updated": _differ(old.updated, new.updated),
        "date": _differ(old.published, new.published),
        "link": old.url != new.url,
    }
    return tuple(name for name, differs in pairs.items() if differs)


def _differ(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one != other


def _is_full(new: ReadFeed, published: ReadFeed, limit: int | None) -> bool:
    if limit is None:
        return len(new.entries) >= len(published.entries)
    return 0 < limit <= len(new.entries)


def _pushed_out(new: ReadFeed, published: ReadFeed, stayed: Iterable[str]) -> set[str]:
    """Return the ids after the last entry of `published` that `stayed`, if older than all `new`."""
    kept = set(stayed)
    places = [place for place, entry in enumerate(published.entries) if entry.id in kept]
    tail = published.entries[places[-1] + 1 :] if places else published.entries
    oldest = min(filter(None, (entry.published for entry in new.entries)), default=None)
    return {entry.id for entry in tail if not _is_later(entry.published, oldest)}


def _is_later(date: datetime | None, oldest: datetime | None) -> bool:
    return date is not None and oldest is not None and date > oldest


def _entry_diff(entry: ReadEntry, changed: tuple[str, ...] = (), was: str = "") -> EntryDiff:
    return EntryDiff(entry.id, entry.title, entry.url, changed, was)
