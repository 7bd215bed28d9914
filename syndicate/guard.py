"""Stops a build before readers see old posts again, or lose many, by mistake.

Each feed that will change is held against the file that is published in its place.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.config import GuardConfig
from syndicate.diff import FeedDiff, compare
from syndicate.errors import BuildStopped
from syndicate.model import Document
from syndicate.reading.nouns import FeedError
from syndicate.reading.read import read

__all__ = ["Guard"]

FEW = 3
"""Entries below which no share of them says anything."""
EXAMPLES = 3


class _Id(Struct, frozen=True):
    id: str = ""


class _Ids(Struct, frozen=True):
    items: tuple[_Id, ...] = ()


class Guard:
    """Looks at feeds one by one, and stops the build when all have been seen."""

    def __init__(self, shares: GuardConfig, output: Path) -> None:
        self._shares, self._output = shares, output
        self._found: list[str] = []

    def look(self, documents: Sequence[Document]) -> None:
        """Hold a feed, in all its formats, against what is published."""
        document = min(documents, key=lambda each: not each.path.endswith(".json"))
        before = self._published(document.path)
        if not before or before == document.data or _keeps_all(before, document.data):
            return
        try:
            published = read(before, where=document.path)
            new = read(document.data, where=document.path)
        except FeedError:
            return  # no reader could have taken anything from it, or it is too large to be read
        # What fills a feed may be a number of entries or of bytes: either pushes out the last.
        self._judge(compare(document.path, new, published, len(new.entries)))

    def look_at_removed(self, paths: Iterable[str]) -> None:
        """Feeds that will be gone, and not because the configuration says so."""
        for path in sorted(paths):
            try:
                entries = read(self._published(path), where=path).entries
            except FeedError:
                continue  # a page, or the list of feeds
            if len(entries) >= FEW:
                self._found.append(f"{path} would be gone with its {len(entries)} entries")

    def decide(self) -> None:
        """Raise BuildStopped if readers would notice what nobody meant."""
        if not self._found:
            return
        others = len(self._found) - EXAMPLES
        told = "; ".join(self._found[:EXAMPLES])
        raise BuildStopped(
            str(self._output),
            told + (f"; and {others} more" if others > 0 else ""),
            "see `syndicate diff`; `syndicate ledger adopt` takes over the ids of an older feed; "
            "--force writes it all the same",
        )

    def _judge(self, found: FeedDiff) -> None:
        for count, share, what in (
            (len(found.repeated), self._shares.repeat, "appear once more under other ids"),
            (len(found.withdrawn), self._shares.drop, "disappear"),
        ):
            if count >= FEW and count > share * found.before:
                self._found.append(f"{found.path}: {count} of {found.before} entries would {what}")

    def _published(self, path: str) -> bytes:
        try:
            return (self._output / path).read_bytes()
        except OSError:
            return b""


def _keeps_all(before: bytes, after: bytes) -> bool:
    """Whether no entry goes: of most feeds that can be told at a glance."""
    try:
        old, new = (msgspec.json.decode(data, type=_Ids).items for data in (before, after))
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return {item.id for item in old} <= {item.id for item in new}
