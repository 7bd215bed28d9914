"""Make the files of feeds and stage them beside their places, in this process or its children."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from syndicate.feeds.formats import add_shapes, new_shapes
from syndicate.files.staged import stage
from syndicate.model import Change, FeedPlan, Writable
from syndicate.pipeline.entries import Entries, StoredEntries
from syndicate.pipeline.feed_files import FeedFiles, name_of
from syndicate.pipeline.findings import Findings, joined
from syndicate.pipeline.ownership import digest_of
from syndicate.pipeline.processes import Forks, Workers, shared
from syndicate.state.cache import EntryRow

if TYPE_CHECKING:
    from syndicate.pipeline.guard import Guard

__all__ = ["Staged", "Stager", "gathered", "stage_documents", "stage_feeds"]

_WORTH_SHARING = 1_000
_MOST_BATCHES = 64
_FEED_POSTS = 20
"""Number of entries that take about as long as the feed's shells and pages."""


class Staged(Struct, frozen=True, array_like=True):
    """Result of staging some feeds.

    `digests` has the digests of their files by path. `carried` has the number of entries by the
    feed's name, without empty feeds. `repaired` has the rows of entries that the disk had damaged
    and that were rendered again.
    """

    changes: tuple[Change, ...] = ()
    digests: dict[str, str] = {}
    carried: dict[str, int] = {}
    findings: Findings = Findings()
    repaired: tuple[EntryRow, ...] = ()
    shapes: bytes = b""
    """Templates that a child process made."""


class Stager(Struct, frozen=True):
    """Inputs of staging feeds. At the paths `keep` are files of others.

    A feed of `limit` entries is full: its oldest entries leave it when new ones come. With
    `dry_run` nothing is written.
    """

    entries: Entries
    files: FeedFiles
    output: Path
    keep: frozenset[str]
    limit: int
    guard: "Guard | None" = None
    dry_run: bool = False

    def documents(self, documents: Iterable[Writable]) -> Staged:
        """Stage files that are no feeds. Raises OutputError."""
        return stage_documents(documents, self.output, keep=self.keep, dry_run=self.dry_run)

    def feed(self, feed: FeedPlan) -> Staged:
        """Make and stage the files of `feed`; the guard compares them. Raises OutputError."""
        entries = self.entries.of(feed)
        if not entries:
            return Staged(repaired=self.entries.repaired())
        documents = self.files.make(feed, entries)
        carried = documents[0].entries
        findings = Findings()
        if self.guard:
            # A feed is full of bytes, or of entries.
            full_at = carried if carried < len(entries) else self.limit
            files = documents[: len(feed.files)]
            # Entries of a large feed are read only to be written.
            ids = () if isinstance(entries, StoredEntries) else (e.id for e in entries[:carried])
            findings = self.guard.look(files, feed.name, full_at=full_at, ids=frozenset(ids))
        return msgspec.structs.replace(
            self.documents(documents),
            carried={name_of(feed): carried},
            findings=findings,
            repaired=self.entries.repaired(),
        )

    def encoded(self, feeds: Sequence[FeedPlan]) -> bytes:
        """Stage several feeds; return the encoded result."""
        done = gathered(map(self.feed, feeds))
        return msgspec.msgpack.encode(msgspec.structs.replace(done, shapes=new_shapes()))


def stage_documents(
    documents: Iterable[Writable],
    output: Path,
    *,
    keep: frozenset[str] = frozenset(),
    dry_run: bool = False,
) -> Staged:
    """Stage `documents`, except at the paths `keep`. Raises OutputError."""
    made = tuple(documents)
    digests = {} if dry_run else {document.path: digest_of(document) for document in made}
    return Staged(stage(made, output, keep=keep, dry_run=dry_run), digests)


def stage_feeds(stager: Stager, feeds: Sequence[FeedPlan], executor: Workers) -> Staged:
    """Stage `feeds`, several at once in children if that is faster.

    Only forks share the work: they have the entries and the disk. After a failure, no child
    process is left, but staged files are. Raises OutputError, and what `forked` raises.
    """
    with closing(_staged(stager, feeds, executor)) as parts:
        return gathered(parts)


def gathered(parts: Iterable[Staged]) -> Staged:
    """Return the result of staging all feeds."""
    done = tuple(parts)
    return Staged(
        tuple(change for part in done for change in part.changes),
        {path: digest for part in done for path, digest in part.digests.items()},
        {name: count for part in done for name, count in part.carried.items()},
        joined(part.findings for part in done),
        tuple(row for part in done for row in part.repaired),
    )


def _staged(
    stager: Stager, feeds: Sequence[FeedPlan], executor: Workers
) -> Generator[Staged, None, None]:
    weights = [len(feed.posts) + _FEED_POSTS for feed in feeds]
    forks = executor if isinstance(executor, Forks) and sum(weights) >= _WORTH_SHARING else None
    if forks:
        stager.files.prepare()
    decoder = msgspec.msgpack.Decoder(Staged)
    for answer in shared(forks, stager.encoded, list(_batches(feeds, weights))):
        done = decoder.decode(answer)
        if done.shapes:
            add_shapes(done.shapes)
        yield done


def _batches(feeds: Sequence[FeedPlan], weights: Sequence[int]) -> Iterator[list[FeedPlan]]:
    """Yield batches of `feeds` in their order, with about equal work."""
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
