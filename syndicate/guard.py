"""Stops a build before readers see old posts again, or lose many, by mistake.

Each feed that will change is compared with the feed that is published in its place, as
`syndicate.published` defines it.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from syndicate.config import GuardConfig
from syndicate.diff import FeedDiff, compare
from syndicate.errors import BuildStopped
from syndicate.files.read import OWN_BYTES, read_own
from syndicate.model import Document
from syndicate.published import Seen
from syndicate.reading.nouns import FeedError, ReadFeed
from syndicate.reading.read import read

__all__ = ["Guard"]

FEW = 3
"""Entries below which no share of them says anything; feeds with fewer count together."""
EXAMPLES = 3
_AGAIN, _GONE = "appear once more under other ids", "disappear"
Found = TypeVar("Found", bound=tuple[str, *tuple[object, ...]])


class _Id(Struct, frozen=True):
    id: str = ""


class _Ids(Struct, frozen=True):
    items: tuple[_Id, ...] = ()


class Guard:
    """Looks at feeds one by one, and stops the build when all have been seen.

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
        self._found: list[tuple[str, str]] = []
        self._small: list[tuple[str, str, frozenset[str]]] = []
        self._removed: list[tuple[str, frozenset[str]]] = []
        self._gained: set[str] = set()
        self._few_go = True

    def look(self, documents: Sequence[Document], *, main: bool = False, full_at: int = 0) -> None:
        """Compare a feed, given in all its formats, with what is published.

        `main` says that it is the feed of everything. Only a feed of `full_at` entries or more
        pushes out its oldest ones; 0: none does.
        """
        documents = [each for each in documents if each.path not in self._kept]
        ordered = sorted(documents, key=lambda each: not each.path.endswith(".json"))
        if ordered and self._removed and not main:
            path, data = ordered[0].path, ordered[0].data
            self._gained |= _ids(data, path) - _ids(self._published(path), path)
        for document in ordered:
            if old := self._seen.at(document.path, main=main):
                self._compare(document, old, full_at)
                return
        compared = self._seen.output_is_draft
        for document in ordered:
            # The formats of one feed agree, save where another program wrote one of them.
            if compared and document.path not in self._foreign:
                continue
            if before := self._published(document.path):
                compared = True
                if before != document.data and not _keeps_all(before, document.data):
                    self._compare(document, before, full_at)

    def look_at_removed(self, paths: Collection[str], *, of: int) -> None:
        """Note feeds that will be gone, and not because the configuration says so.

        `of` is how many files the last build had. Call it before `look`, which sees whether
        other feeds gain the entries.
        """
        if self._seen.output_is_draft:
            return
        # Where most files go at once, it is a mistake rather than a new name for a category.
        self._few_go = len(paths) <= self._shares.drop * of
        for path in sorted(paths):
            # A page, or the list of feeds, has no ids.
            if ids := _ids(self._published(path), path).difference(self._withheld):
                self._removed.append((path, ids))

    def _judge_removed(self) -> None:
        """Hold the feeds that go against the build, save those of a term that was renamed."""
        for path, ids in self._removed:
            if ids <= self._gained and self._few_go:
                continue
            if len(ids) >= FEW:
                self._found.append((path, f"{path} would be gone with its {len(ids)} entries"))
            else:
                self._small.append((path, _GONE, ids))

    def decide(self) -> None:
        """Raise BuildStopped if readers would notice what nobody meant."""
        self._judge_removed()
        found = [*self._of_published(self._found), *self._of_small_feeds()]
        if not found:
            return
        others = len(found) - EXAMPLES
        told = "; ".join(text for _, text in found[:EXAMPLES])
        foreign = next((path for path, _ in found if path in self._foreign), "")
        old = self._output / foreign if foreign else "URL"
        raise BuildStopped(
            str(self._output),
            told + (f"; and {others} more" if others > 0 else ""),
            f"`syndicate adopt {old}` takes over the ids of an older feed; "
            "`syndicate diff` shows the entries; --force writes it all the same",
        )

    def _of_small_feeds(self) -> Iterator[tuple[str, str]]:
        """Yield what small feeds lose together; each entry counts once."""
        small = self._of_published(self._small)
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

    def _compare(self, document: Document, published: bytes | ReadFeed, full_at: int) -> None:
        try:
            if isinstance(published, bytes):
                published = read(published, where=document.path)
            new = read(document.data, where=document.path)
        except FeedError:
            return  # no reader could have taken anything from it, or it is too large to be read
        self._judge(compare(document.path, new, published, full_at))

    def _judge(self, found: FeedDiff) -> None:
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
                self._found.append((found.path, text))
            elif count == found.before:
                ids = frozenset(each.was or each.id for each in entries)
                self._small.append((found.path, what, ids))

    def _published(self, path: str) -> bytes:
        try:
            return read_own(self._output / path, OWN_BYTES)
        except OSError:
            return b""


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
