"""Stale feeds -> files beside their places, made here or by children of this process."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.feeds.formats import add_shapes, new_shapes
from syndicate.files.staged import stage
from syndicate.model import Change, FeedPlan, Writable
from syndicate.pipeline.entries import Entries
from syndicate.pipeline.feed_files import FeedFiles, name_of
from syndicate.pipeline.guard import Findings, Guard, joined
from syndicate.pipeline.ownership import digest_of
from syndicate.pipeline.processes import Forks, Workers, shared
from syndicate.state.cache import EntryRow

__all__ = ["Staged", "Stager", "gathered", "staged"]

_WORTH_SHARING = 1_000
_MOST_BATCHES = 64
_FEED_POSTS = 20
"""A feed's shells and pages take about as long as so many of its entries."""


class Staged(Struct, frozen=True, array_like=True):
    """What became of some feeds.

    `digests` are those of their files by path, `carried` how many entries each feed has, by name;
    a feed without entries is not in it. `rows` are of entries that the disk had damaged, made anew.
    """

    changes: tuple[Change, ...] = ()
    digests: dict[str, str] = {}
    carried: dict[str, int] = {}
    found: Findings = Findings()
    rows: tuple[EntryRow, ...] = ()
    shapes: bytes = b""
    """Templates that a child made of shapes that were new to it."""


class Stager(Struct, frozen=True):
    """What staging feeds takes: their entries are made. `keep` are paths with files of others."""

    entries: Entries
    files: FeedFiles
    output: Path
    keep: frozenset[str]
    limit: int
    guard: Guard | None

    def documents(self, documents: Iterable[Writable]) -> Staged:
        """Stage files that are no feeds. Raises OutputError."""
        made = tuple(documents)
        digests = {document.path: digest_of(document) for document in made}
        return Staged(stage(made, self.output, keep=self.keep), digests)

    def feed(self, feed: FeedPlan) -> Staged:
        """Make and stage the files of `feed`, and have the guard look. Raises OutputError."""
        entries = self.entries.of(feed)
        if not entries:
            return Staged(rows=self.entries.mended())
        documents = self.files.make(feed, entries)
        carried = documents[0].entries
        found = Findings()
        if self.guard:
            # A feed is full of bytes, or of entries.
            full_at = carried if carried < len(entries) else self.limit
            files = documents[: len(feed.files)]
            found = self.guard.look(files, main=feed.kind == "all", full_at=full_at)
        return msgspec.structs.replace(
            self.documents(documents),
            carried={name_of(feed): carried},
            found=found,
            rows=self.entries.mended(),
        )

    def encoded(self, feeds: Sequence[FeedPlan]) -> bytes:
        """Stage several feeds; return what became of them, encoded."""
        done = gathered(map(self.feed, feeds))
        return msgspec.msgpack.encode(msgspec.structs.replace(done, shapes=new_shapes()))


def staged(
    stager: Stager, feeds: Sequence[FeedPlan], executor: Workers
) -> Generator[Staged, None, None]:
    """Stage `feeds`, several at once in children where that pays.

    Only forks are used: they have the entries, and the disk. If it fails or is closed on the way,
    files are left beside their places; no process is. Raises OutputError, and as `forked`.
    """
    weights = [len(feed.posts) + _FEED_POSTS for feed in feeds]
    forks = executor if isinstance(executor, Forks) and sum(weights) >= _WORTH_SHARING else None
    batches = list(_batches(feeds, weights))
    if forks:
        stager.files.prepare()
    decoder = msgspec.msgpack.Decoder(Staged)
    for answer in shared(forks, stager.encoded, batches):
        found = decoder.decode(answer)
        if found.shapes:
            add_shapes(found.shapes)
        yield found


def gathered(parts: Iterable[Staged]) -> Staged:
    """Return what became of all feeds."""
    found = tuple(parts)
    return Staged(
        tuple(change for each in found for change in each.changes),
        {path: digest for each in found for path, digest in each.digests.items()},
        {name: count for each in found for name, count in each.carried.items()},
        joined(each.found for each in found),
        tuple(row for each in found for row in each.rows),
    )


def _batches(feeds: Sequence[FeedPlan], weights: Sequence[int]) -> Iterator[list[FeedPlan]]:
    """Yield `feeds` in their order, about as much work at once."""
    most = sum(weights) // _MOST_BATCHES
    batch, weight = list[FeedPlan](), 0
    for feed, own in zip(feeds, weights, strict=True):
        batch.append(feed)
        weight += own
        if weight >= most:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
