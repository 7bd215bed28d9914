"""Stops a build before readers see old posts again, or lose many, by mistake.

Each feed that will change is compared with the feed that is published in its place, as
`syndicate.publish.published` defines it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from syndicate.config.schema import GuardConfig
from syndicate.errors import BuildStopped
from syndicate.files.read import read_own
from syndicate.model import COMPARED, FORMATS, Writable
from syndicate.publish.published import Seen
from syndicate.reading.diff import FeedDiff, compare
from syndicate.reading.read import read
from syndicate.reading.read_feed import MAX_BYTES, FeedError, ReadFeed
from syndicate.state.manifest import Written

__all__ = ["Findings", "Guard", "joined"]

FEW = 3
"""Entries below which no share of them says anything; feeds with fewer count together."""
EXAMPLES = 3
_ORDER = {FORMATS[form].type: place for place, form in enumerate(COMPARED)}
_AGAIN, _GONE = "appear once more under other ids", "disappear"
Found = TypeVar("Found", bound=tuple[str, *tuple[object, ...]])


class _Id(Struct, frozen=True):
    id: str = ""


class _Ids(Struct, frozen=True):
    items: tuple[_Id, ...] = ()


class Findings(Struct, frozen=True, array_like=True):
    """What speaks against feeds: paths with what readers would notice.

    `large` has a text for each path, `small` a kind of loss and the ids of its few entries.
    `gained` are the ids of entries that the feeds did not have before.
    """

    large: tuple[tuple[str, str], ...] = ()
    small: tuple[tuple[str, str, frozenset[str]], ...] = ()
    gained: frozenset[str] = frozenset()


class Guard:
    """Looks at feeds, in any process, and stops the build when the findings are together.

    `seen` are old feeds that were adopted since the last build, `foreign` the paths at which a
    feed of another program stands, `kept` those at which a file stays as it is. `withheld` are the
    ids of posts that their author now keeps from the public: their loss is meant. `held` gives the
    paths that targets hold, None if unknown.
    """

    def __init__(
        self,
        shares: GuardConfig,
        output: Path,
        *,
        seen: Seen | None = None,
        foreign: Collection[str] = (),
        kept: Collection[str] = (),
        withheld: Collection[str] = (),
        held: Callable[[], Collection[str] | None] = lambda: None,
    ) -> None:
        self._shares, self._output = shares, output
        self._seen, self._foreign, self._held = seen or Seen(), foreign, held
        self._kept, self._withheld = kept, withheld
        self._removed: list[tuple[str, frozenset[str]]] = []
        self._few_go = True

    def look(
        self, documents: Sequence[Writable], *, main: bool = False, full_at: int = 0
    ) -> Findings:
        """Compare a feed, given in all its formats, with what is published.

        `main` says that it is the feed of everything. Only a feed of `full_at` entries or more
        pushes out its oldest ones; 0: none does.
        """
        documents = [each for each in documents if each.path not in self._kept]
        ordered = sorted(documents, key=lambda document: _ORDER[document.type])
        gained = frozenset[str]()
        if ordered and self._removed and not main and ordered[0].size <= MAX_BYTES:
            path, data = ordered[0].path, ordered[0].data
            gained = _ids(data, path) - _ids(self._published(path), path)
        return joined([Findings(gained=gained), *self._looked(ordered, full_at, main=main)])

    def _looked(
        self, ordered: Sequence[Writable], full_at: int, *, main: bool
    ) -> Iterator[Findings]:
        for document in ordered:
            if old := self._seen.at(document.path, main=main):
                yield self._compare(document, old, full_at)
                return
        compared = self._seen.output_is_draft
        for document in ordered:
            # The formats of one feed agree, save where another program wrote one of them.
            if compared and document.path not in self._foreign:
                continue
            if document.size > MAX_BYTES:
                continue  # it could not be read
            if before := self._published(document.path):
                compared = True
                if before != document.data and not _keeps_all(before, document.data):
                    yield self._compare(document, before, full_at)

    def look_at_removed(self, paths: Collection[str], before: Written) -> None:
        """Note feeds that will be gone, and not because the configuration says so.

        `of` is how many files the last build had. Call it before `look`, which sees whether
        other feeds gain the entries.
        """
        if self._seen.output_is_draft:
            return
        # Where most files go at once, it is a mistake rather than a new name for a category.
        self._few_go = len(paths) <= self._shares.drop * len(before.files)
        kinds = before.kinds()
        for path in sorted(path for path in paths if kinds.get(path) in FORMATS):
            if ids := _ids(self._published(path), path).difference(self._withheld):
                self._removed.append((path, ids))

    def decide(self, found: Findings) -> None:
        """Raise BuildStopped if readers would notice what nobody meant, by all that was `found`."""
        found = joined([found, *self._of_removed(found.gained)])
        stops = [*self._of_published(found.large), *self._of_small_feeds(found)]
        if not stops:
            return
        others = len(stops) - EXAMPLES
        told = "; ".join(text for _, text in stops[:EXAMPLES])
        foreign = next((path for path, _ in stops if path in self._foreign), "")
        old = self._output / foreign if foreign else "URL"
        raise BuildStopped(
            str(self._output),
            told + (f"; and {others} more" if others > 0 else ""),
            f"`syndicate adopt {old}` takes over the ids of an older feed; "
            "`syndicate diff` shows the entries; --force writes it all the same",
        )

    def _of_removed(self, gained: frozenset[str]) -> Iterator[Findings]:
        """Yield the feeds that will be gone, save those of a term that was renamed."""
        for path, ids in self._removed:
            if ids <= gained and self._few_go:
                continue
            if len(ids) >= FEW:
                yield Findings(((path, f"{path} would be gone with its {len(ids)} entries"),))
            else:
                yield Findings(small=((path, _GONE, ids),))

    def _of_small_feeds(self, found: Findings) -> Iterator[tuple[str, str]]:
        """Yield what small feeds lose together; each entry counts once."""
        small = self._of_published(found.small)
        for kind in (_AGAIN, _GONE):
            of_kind = [(path, ids) for path, what, ids in small if what == kind]
            count = len(frozenset().union(*(ids for _, ids in of_kind)))
            if count >= FEW:
                paths = [path for path, _ in of_kind]
                text = f"{count} entries of small feeds ({paths[0]} is one) would {kind}"
                yield paths[0], text

    def _of_published(self, found: Sequence[Found]) -> Sequence[Found]:
        """Return `found` without feeds of ours that no target holds yet."""
        held = self._held() if found else None
        if held is None:
            return found
        adopted = self._seen.main or self._seen.feeds
        return [each for each in found if adopted or each[0] in held or each[0] in self._foreign]

    def _compare(self, document: Writable, published: bytes | ReadFeed, full_at: int) -> Findings:
        try:
            if isinstance(published, bytes):
                published = read(published, where=document.path)
            new = read(document.data, where=document.path)
        except FeedError:
            # No reader could have taken anything from it, or it is too large to be read.
            return Findings()
        return self._judged(compare(document.path, new, published, full_at))

    def _judged(self, found: FeedDiff) -> Findings:
        large, small = [], []
        lost = [each for each in found.withdrawn if each.id not in self._withheld]
        for entries, share, what in (
            (found.repeated, self._shares.repeat, _AGAIN),
            (lost, self._shares.drop, _GONE),
        ):
            count = len(entries)
            if count <= share * found.before:
                continue
            if count >= FEW:
                text = f"{found.path}: {count} of {found.before} entries would {what}"
                large.append((found.path, text))
            elif count == found.before:
                ids = frozenset(each.was or each.id for each in entries)
                small.append((found.path, what, ids))
        return Findings(tuple(large), tuple(small))

    def _published(self, path: str) -> bytes:
        try:
            return read_own(self._output / path, MAX_BYTES)
        except OSError:
            return b""


def joined(findings: Iterable[Findings]) -> Findings:
    """Return what speaks against any of the feeds."""
    found = tuple(findings)
    return Findings(
        tuple(chain.from_iterable(each.large for each in found)),
        tuple(chain.from_iterable(each.small for each in found)),
        frozenset().union(*(each.gained for each in found)),
    )


def _ids(data: bytes, path: str) -> frozenset[str]:
    """The ids of a feed's entries; none of a file that is no feed."""
    try:
        return frozenset(each.id for each in read(data, where=path).entries)
    except FeedError:
        return frozenset()


def _keeps_all(before: bytes, after: bytes) -> bool:
    """Whether no entry goes: of most feeds that can be told at a glance."""
    try:
        old, new = (msgspec.json.decode(data, type=_Ids).items for data in (before, after))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return {item.id for item in old} <= {item.id for item in new}
