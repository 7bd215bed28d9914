"""Stop a build by which readers would see old posts again, or lose many posts, by mistake.

Each feed that will change is compared with the published feed at its path.
`syndicate.publish.published` defines which feeds are published.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from syndicate.config.schema import GuardConfig
from syndicate.errors import BuildStopped
from syndicate.files.read import read_own
from syndicate.model import COMPARED, FORMATS, Writable
from syndicate.pipeline.findings import Findings, joined
from syndicate.publish.published import Seen
from syndicate.reading.diff import FeedDiff, compare
from syndicate.reading.read import read
from syndicate.reading.read_feed import MAX_BYTES, FeedError, ReadFeed
from syndicate.state.manifest import Written

__all__ = ["Guard", "RemovedFeeds", "removed_feeds"]

FEW = 3
"""Fewer entries say nothing as a share; losses of such small feeds are added up."""
EXAMPLES = 3
_ORDER = {FORMATS[form].type: place for place, form in enumerate(COMPARED)}
_MAIN = "all"
_AGAIN, _GONE = "appear once more under other ids", "disappear"
Found = TypeVar("Found", bound=tuple[str, *tuple[object, ...]])


class _Id(Struct, frozen=True):
    id: str = ""


class _Ids(Struct, frozen=True):
    items: tuple[_Id, ...] = ()


class RemovedFeeds(Struct, frozen=True):
    """Feeds that the build removes, with the ids of their entries, by path.

    `few`: they are few enough that the author may have renamed a category.
    """

    ids: Mapping[str, frozenset[str]] = {}
    few: bool = True


class Guard(Struct, frozen=True):
    """Compares feeds with the published ones, and stops the build if readers would lose by it.

    `seen` are old feeds that were adopted since the last build. At the paths `foreign` are feeds of
    other programs; files at the paths `kept` stay. `withheld` are the ids of posts that their
    author now withholds, so that their loss is intended. `removed` are feeds that will be gone.
    `held` returns the paths that targets hold, None if unknown. `ids_of` returns the ids of the
    entries of the feed with a name in the last build, empty if they are unknown.
    """

    shares: GuardConfig
    output: Path
    seen: Seen = Seen()
    foreign: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    removed: RemovedFeeds = RemovedFeeds()
    held: Callable[[], Collection[str] | None] = lambda: None
    ids_of: Callable[[str], frozenset[str]] = lambda _: frozenset()

    def look(
        self,
        documents: Sequence[Writable],
        name: str = "",
        *,
        full_at: int = 0,
        ids: frozenset[str] = frozenset(),
    ) -> Findings:
        """Compare the feed called `name`, given in all its formats, with the published feed.

        Old entries may leave a feed of at least `full_at` entries; with 0 no entry may leave. `ids`
        are the ids of the feed's entries, empty if they are not known.
        """
        main = name == _MAIN
        known = self.ids_of(name) if ids else frozenset()
        documents = [document for document in documents if document.path not in self.kept]
        ordered = sorted(documents, key=lambda document: _ORDER[document.type])
        gained = frozenset[str]()
        if ordered and self.removed.ids and not main and ordered[0].size <= MAX_BYTES:
            first = ordered[0]
            gained = ids or _ids(first.data, first.path)
            gained -= known or _ids(_published(self.output, first.path), first.path)
        keeps_all = bool(known) and known <= ids
        found = self._looked(ordered, full_at, main=main, keeps_all=keeps_all)
        return joined([Findings(gained=gained), *found])

    def _looked(
        self, ordered: Sequence[Writable], full_at: int, *, main: bool, keeps_all: bool
    ) -> Iterator[Findings]:
        for document in ordered:
            if old := self.seen.at(document.path, main=main):
                yield self._compare(document, old, full_at)
                return
        compared = self.seen.output_is_draft or keeps_all
        for document in ordered:
            # The formats of one feed agree, save where another program wrote one of them.
            if compared and document.path not in self.foreign:
                continue
            if document.size > MAX_BYTES:
                continue  # it could not be read
            if before := _published(self.output, document.path):
                compared = True
                if before != document.data and not _keeps_all(before, document.data):
                    yield self._compare(document, before, full_at)

    def decide(self, found: Findings) -> None:
        """Raise BuildStopped if readers would lose or see again too many entries by mistake."""
        found = joined([found, *self._of_removed(found.gained)])
        stops = [*self._of_published(found.large), *self._of_small_feeds(found)]
        if not stops:
            return
        others = len(stops) - EXAMPLES
        shown = "; ".join(text for _, text in stops[:EXAMPLES])
        foreign = next((path for path, _ in stops if path in self.foreign), "")
        old = self.output / foreign if foreign else "URL"
        raise BuildStopped(
            str(self.output),
            shown + (f"; and {others} more" if others > 0 else ""),
            f"`syndicate adopt {old}` takes over the ids of an older feed; "
            "`syndicate diff` shows the entries; --force writes it all the same",
        )

    def _of_removed(self, gained: frozenset[str]) -> Iterator[Findings]:
        """Yield findings about removed feeds, except for feeds of a renamed term."""
        for path, ids in self.removed.ids.items():
            if ids <= gained and self.removed.few:
                continue
            if len(ids) >= FEW:
                yield Findings(((path, f"{path} would be gone with its {len(ids)} entries"),))
            else:
                yield Findings(small=((path, _GONE, ids),))

    def _of_small_feeds(self, found: Findings) -> Iterator[tuple[str, str]]:
        """Yield the sum of small feeds' losses; each entry counts once."""
        small = self._of_published(found.small)
        for kind in (_AGAIN, _GONE):
            of_kind = [(path, ids) for path, what, ids in small if what == kind]
            count = len(frozenset().union(*(ids for _, ids in of_kind)))
            if count >= FEW:
                paths = [path for path, _ in of_kind]
                text = f"{count} entries of small feeds ({paths[0]} is one) would {kind}"
                yield paths[0], text

    def _of_published(self, found: Sequence[Found]) -> Sequence[Found]:
        """Return the findings about feeds that a target holds, or that another program wrote."""
        held = self.held() if found else None
        if held is None:
            return found
        adopted = self.seen.main or self.seen.feeds
        return [each for each in found if adopted or each[0] in held or each[0] in self.foreign]

    def _compare(self, document: Writable, published: bytes | ReadFeed, full_at: int) -> Findings:
        try:
            if isinstance(published, bytes):
                published = read(published, where=document.path)
            new = read(document.data, where=document.path)
        except FeedError:
            # No reader could parse it, or it is too large to be read.
            return Findings()
        return self._judged(compare(document.path, new, published, full_at))

    def _judged(self, found: FeedDiff) -> Findings:
        large, small = [], []
        lost = [entry for entry in found.withdrawn if entry.id not in self.withheld]
        for entries, share, what in (
            (found.repeated, self.shares.repeat, _AGAIN),
            (lost, self.shares.drop, _GONE),
        ):
            count = len(entries)
            if count <= share * found.before:
                continue
            if count >= FEW:
                text = f"{found.path}: {count} of {found.before} entries would {what}"
                large.append((found.path, text))
            elif count == found.before:
                ids = frozenset(entry.was or entry.id for entry in entries)
                small.append((found.path, what, ids))
        return Findings(tuple(large), tuple(small))


def removed_feeds(
    paths: Collection[str],
    output: Path,
    shares: GuardConfig,
    before: Written,
    *,
    withheld: Collection[str],
) -> RemovedFeeds:
    """Return the feeds of the build `before` at `paths`, which lose their entries.

    Entries with the ids `withheld` do not count.
    """
    # If most files go at once, it is a mistake rather than a new name for a category.
    few = len(paths) <= shares.drop * len(before.files)
    feeds = {
        path: name
        for name, files in before.feeds.items()
        for form, path in files.items()
        if form in FORMATS and path in paths
    }
    lost = {}
    for path, name in sorted(feeds.items()):
        ids = before.ids_of(name) or _ids(_published(output, path), path)
        if ids := ids.difference(withheld):
            lost[path] = ids
    return RemovedFeeds(lost, few)


def _published(output: Path, path: str) -> bytes:
    try:
        return read_own(output / path, MAX_BYTES)
    except OSError:
        return b""


def _ids(data: bytes, path: str) -> frozenset[str]:
    """Return the ids of a feed's entries; none for a file that is no feed."""
    try:
        return frozenset(entry.id for entry in read(data, where=path).entries)
    except FeedError:
        return frozenset()


def _keeps_all(before: bytes, after: bytes) -> bool:
    """Return True if the JSON Feeds can be compared quickly and no entry is lost."""
    try:
        old, new = (msgspec.json.decode(data, type=_Ids).items for data in (before, after))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return {item.id for item in old} <= {item.id for item in new}
