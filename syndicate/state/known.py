"""Which files are as they were when they were last read, told without opening them.

A file is the same while its size and both of its times are; where the times are too fresh to tell,
or are not trusted, its bytes decide. What its header said then holds, as long as the hour is right.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from syndicate.collect.posts import MAX_BYTES, Collected, Parsed, content_digest
from syndicate.engines import Engine
from syndicate.files.lookup import Files
from syndicate.files.read import read_beside
from syndicate.model import Source
from syndicate.state.last import FRESH_NS

__all__ = ["PARTS", "KnownPosts", "recalled"]

PARTS = 256
"""One edited post of a large blog should not cost writing down all of them."""

Stamp = tuple[int, int, int]


class _Row(Struct, frozen=True, array_like=True, gc=False):
    """A file as it was read. `beside` are the stamps of the files whose fields stand in for its
    own; `settled` says that the stamp can be trusted.
    """

    path: str
    stamp: Stamp
    beside: tuple[Stamp | None, ...]
    settled: bool
    parsed: Parsed


class _Rows(Struct, frozen=True, array_like=True):
    key: bytes
    rows: list[_Row]


class KnownPosts:
    """What the last build read, and what this one need not read again.

    `clock_ns` is the file system's own time at the start of the build. With `by_content` no times
    are trusted.
    """

    def __init__(
        self,
        rows: Mapping[str, _Row],
        key: bytes,
        *,
        root: Path,
        engine: Engine,
        now: datetime,
        clock_ns: int,
        by_content: bool = False,
    ) -> None:
        self._rows, self._key = rows, key
        self._root, self._engine, self._now = root, engine, now
        self._safe_ns = clock_ns - FRESH_NS
        self._by_content = by_content
        self._stamps: dict[str, tuple[Stamp | None, ...]] = {}
        self._files = Files(root)

    def recall(self, source: Source) -> Parsed | None:
        """What became of the file, if that still holds."""
        beside = tuple(map(self._beside, self._engine.sidecars(source.path)))
        if beside:
            self._stamps[source.path] = beside
        row = self._rows.get(source.path)
        if row is None or row.beside != beside or not _holds(row.parsed, self._now):
            return None
        if any(self._files.answer(asked) != answer for asked, answer in row.parsed.asked):
            return None
        if self._is_trusted(row, source) or self._is_same(row, source):
            return row.parsed
        return None

    def encoded(self, collected: Collected) -> Iterator[tuple[int, bytes]]:
        """What the next build shall know: by its number each part that it does not know already."""
        before = Counter(map(_part, self._rows))
        parts: list[list[_Row]] = [[] for _ in range(PARTS)]
        for source, parsed in zip(collected.sources, collected.parsed, strict=True):
            parts[_part(source.path)].append(self._row(source, parsed))
        for number, rows in enumerate(parts):
            same = all(self._rows.get(row.path) is row for row in rows)
            if not same or len(rows) != before[number]:
                # MessagePack would lose the offsets of dates.
                yield number, msgspec.json.encode(_Rows(self._key, rows))

    def _row(self, source: Source, parsed: Parsed) -> _Row:
        known = self._rows.get(source.path)
        beside = self._stamps.get(source.path, ())
        # What lies beside a post is read by its stamp alone: a fresh one is not trusted either.
        newest = max(*_stamp(source)[1:], *(max(each[1:]) for each in beside if each))
        settled = newest < self._safe_ns
        same = known and known.parsed is parsed and known.stamp == _stamp(source)
        if known and same and known.settled == settled:
            return known
        return _Row(source.path, _stamp(source), beside, settled, parsed)

    def _is_trusted(self, row: _Row, source: Source) -> bool:
        return row.settled and not self._by_content and row.stamp == _stamp(source)

    def _is_same(self, row: _Row, source: Source) -> bool:
        if not row.parsed.content or row.stamp[0] != source.size or any(row.beside):
            return False
        try:
            data = read_beside(self._root, source.path, MAX_BYTES)
        except OSError:
            return False
        return content_digest(data) == row.parsed.content

    def _beside(self, name: str) -> Stamp | None:
        try:
            stat = os.stat(f"{self._root}/{name}")  # noqa: PTH116 - called for every post
        except OSError:
            return None
        return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns


def recalled(parts: Iterable[bytes], key: bytes) -> Mapping[str, _Row]:
    """The rows of an earlier build's `encoded`, without those that stand under another key."""
    decoder = msgspec.json.Decoder(_Rows)
    rows: dict[str, _Row] = {}
    for data in filter(None, parts):
        with suppress(msgspec.DecodeError):
            found = decoder.decode(data)
            rows.update((row.path, row) for row in found.rows if found.key == key)
    return rows


def _part(path: str) -> int:
    return crc32(path.encode("utf-8", "replace")) % PARTS


def _stamp(source: Source) -> Stamp:
    return source.size, source.mtime_ns, source.ctime_ns


def _holds(parsed: Parsed, now: datetime) -> bool:
    since, until = parsed.since, parsed.until
    return (since is None or since <= now) and (until is None or now < until)
