"""Find the feeds whose files must be written again."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.model import FeedPlan
from syndicate.pipeline.entries import feed_digests
from syndicate.pipeline.feed_files import FeedFiles, name_of
from syndicate.state.cache import Cache, EntryRow
from syndicate.state.plans import FeedRow, feed_row
from syndicate.state.world import stamps_of

__all__ = ["StaleFeeds", "WrittenFeed", "keep_feeds", "stale_feeds"]


class StaleFeeds(Struct, frozen=True):
    """Stale feeds, and the number of entries of the other feeds by their names.

    `unwanted` are the names of feeds in the cache that are not planned any more.
    """

    feeds: tuple[FeedPlan, ...]
    carried: Mapping[str, int]
    unwanted: frozenset[str]


class WrittenFeed(Struct, frozen=True):
    """A feed whose files were written, its number of entries and their digests, if known."""

    plan: FeedPlan
    entries: int
    digests: Sequence[bytes] | None


def stale_feeds(
    feeds: Sequence[FeedPlan],
    files: FeedFiles,
    entries: Mapping[str, EntryRow],
    cache: Cache,
    output: Path,
) -> StaleFeeds:
    """Return the feeds whose inputs or files changed; `entries` has the known rows by path.

    A feed is stale as well if one of its entries is unknown.
    """
    rows, stale, carried = cache.feeds(), list[FeedPlan](), dict[str, int]()
    for feed in feeds:
        feed_key, encoded = rows.get(name_of(feed), (b"", b""))
        digests = feed_digests(feed, entries) if feed_key else None
        is_same = digests is not None and feed_key == files.key(feed, digests)
        row = feed_row(encoded) if is_same else None
        if row and row.stamps == stamps_of(files.of(feed), output):
            carried[name_of(feed)] = row.entries
        else:
            stale.append(feed)
    unwanted = rows.keys() - set(map(name_of, feeds))
    return StaleFeeds(tuple(stale), carried, frozenset(unwanted))


def keep_feeds(
    cache: Cache, files: FeedFiles, output: Path, feeds: Iterable[WrittenFeed], clock_ns: int
) -> None:
    """Keep the inputs and files of `feeds` for the next build.

    `clock_ns` is the file system's time after the files were written.
    """
    rows = {}
    for feed in feeds:
        feed_key = b"" if feed.digests is None else files.key(feed.plan, feed.digests)
        stamps = stamps_of(files.of(feed.plan), output, before_ns=clock_ns)
        row = msgspec.msgpack.encode(FeedRow(stamps, feed.entries))
        rows[name_of(feed.plan)] = feed_key, row
    cache.keep_feeds(rows)
