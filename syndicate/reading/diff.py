"""What readers will see once the new feeds take the place of the published ones.

A reader knows an entry by its id: another id is another entry, whatever it says. Nothing here
reads a file or asks the network; both sides are given.
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
    """An entry that readers will see otherwise than before.

    `changed` names what is edited, of "content", "title", "updated", "date" and "link"; `was` is
    the id under which a repeated entry is published.
    """

    id: str
    title: str = ""
    url: str = ""
    changed: tuple[str, ...] = ()
    was: str = ""


class FeedDiff(Struct, frozen=True):
    """How one feed will differ; a feed on one side only is "created" or "removed".

    `entries` and `before` count those of the new and of the published feed. `repeated` are there
    already under another id: readers see them once more. `withdrawn` are gone from within the
    feed, `aged_out` were pushed out at its end. An entry is in at most one of these.
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
    """All feeds, by their paths; a published file that cannot be read is a Problem."""

    feeds: tuple[FeedDiff, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def compared(self) -> int:
        """Return how many feeds are on both sides."""
        return sum(feed.state in ("changed", "unchanged") for feed in self.feeds)

    @property
    def differs(self) -> bool:
        """Whether readers will see anything new."""
        return any(feed.state != "unchanged" for feed in self.feeds)


def diff(
    new: Mapping[str, bytes | ReadFeed],
    published: Mapping[str, bytes | ReadFeed],
    *,
    limit: int | None = None,
) -> FeedDiffs:
    """Each feed of `new` beside the one of `published` that has the same path.

    `limit` is as in `compare`. A published feed that cannot be read counts as not there. Raises
    FeedError for one of `new`.
    """
    problems: list[Problem] = []
    found = []
    for path in sorted({*new, *published}):
        after = _read(new[path], path) if path in new else None
        before = _forgiven(published[path], path, problems) if path in published else None
        if after or before:
            found.append(_feed_diff(path, after, before, limit))
    return FeedDiffs(tuple(found), tuple(problems))


def compare(path: str, new: ReadFeed, published: ReadFeed, limit: int | None = None) -> FeedDiff:
    """The feed at `path`. `limit` is how many entries make it full, 0 if nothing does.

    Only a full feed pushes entries out, and only those after all that stayed. Where the limit is
    not known (None), a feed that has not become shorter counts as full.
    """
    before = {entry.id: entry for entry in published.entries}
    after = {entry.id: entry for entry in new.entries}
    came = [entry for entry in new.entries if entry.id not in before]
    went = [entry for entry in published.entries if entry.id not in after]
    repeated = _repeated(came, went)
    again = {each.id for each in repeated}
    stayed = after.keys() | {each.was for each in repeated}
    pushed = _pushed_out(new, published, stayed) if _is_full(new, published, limit) else ()
    groups = {
        "new": [_told(entry) for entry in came if entry.id not in again],
        "edited": _edited(before, new.entries),
        "repeated": repeated,
        "withdrawn": [_told(e) for e in went if e.id not in stayed and e.id not in pushed],
        "aged_out": [_told(entry) for entry in went if entry.id in pushed],
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


def _forgiven(feed: bytes | ReadFeed, path: str, problems: list[Problem]) -> ReadFeed | None:
    try:
        return _read(feed, path)
    except FeedError as error:
        what = f"as published {error.what}"
        problems.append(Problem(path, "published-feed", what, "the next build replaces it"))
        return None


def _repeated(came: Sequence[ReadEntry], went: Sequence[ReadEntry]) -> list[EntryDiff]:
    """Those that `came` and, as a reader sees it, are what `went` under another id.

    The same they are by their address, or by two of text, title and date.
    """
    known: dict[tuple[object, ...], str] = {}
    for entry in reversed(went):
        known.update(dict.fromkeys(_marks(entry), entry.id))
    found, taken = [], set[str]()
    for entry in came:
        was = next((known[mark] for mark in _marks(entry) if mark in known), "")
        if was and was not in taken:
            taken.add(was)
            found.append(_told(entry, was=was))
    return found


def _marks(entry: ReadEntry) -> Iterable[tuple[object, ...]]:
    """What another entry must share one of, to be the same; the surest first."""
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
    return [_told(new, changed=what) for old, new in both if (what := _changed(old, new))]


def _changed(old: ReadEntry, new: ReadEntry) -> tuple[str, ...]:
    """A date that one side does not say is no change: formats differ in what they say."""
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
    """The ids at the end of `published`, after all that `stayed`, and older than all of `new`."""
    kept = set(stayed)
    places = [place for place, entry in enumerate(published.entries) if entry.id in kept]
    tail = published.entries[places[-1] + 1 :] if places else published.entries
    oldest = min(filter(None, (entry.published for entry in new.entries)), default=None)
    return {entry.id for entry in tail if not _is_later(entry.published, oldest)}


def _is_later(date: datetime | None, oldest: datetime | None) -> bool:
    return date is not None and oldest is not None and date > oldest


def _told(entry: ReadEntry, changed: tuple[str, ...] = (), was: str = "") -> EntryDiff:
    return EntryDiff(entry.id, entry.title, entry.url, changed, was)
