"""Reuse the parse results of files that did not change, without opening the files.

A file is unchanged if its size and both of its times are unchanged. If the times are too recent, or
are not trusted, the bytes are compared. A result also has a date window: outside it, the file is
parsed again.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.engines.base import Engine
from syndicate.files.lookup import Files
from syndicate.files.read import read_beside
from syndicate.model import Post, Source
from syndicate.posts.parse_post import MAX_BYTES, Parsed
from syndicate.posts.read_posts import Collected
from syndicate.state.cache import Cache
from syndicate.state.settled_posts import Known, known_of
from syndicate.state.world import FRESH_NS
from syndicate.text.digests import content_digest

__all__ = ["KnownPosts", "Row", "keep_rows", "rows_of"]

Stamp = tuple[int, int, int]
_KEY = "key of posts"


class Row(Struct, frozen=True, array_like=True, gc=False):
    """Cached parse result of one file.

    `beside` are the stamps of the data files beside it. `settled` is True if the stamp can be
    trusted. `known` has the id and the dates that readers know.

    `settled_posts` reads the same rows.
    """

    path: str
    known: Known | None
    parsed: Parsed
    stamp: Stamp
    beside: tuple[Stamp | None, ...]
    settled: bool


class KnownPosts:
    """Cached parse results of the last build.

    Rows of `cache` under another `key` are ignored. `clock_ns` is the file system's time at the
    start of the build, in nanoseconds. With `by_content` no times are trusted.
    """

    def __init__(
        self,
        cache: Cache,
        key: bytes,
        *,
        root: Path,
        engine: Engine,
        now: datetime,
        clock_ns: int,
        by_content: bool = False,
    ) -> None:
        self._cache, self._key = cache, key
        self._rows = {row.path: row for row in rows_of(cache, key)}
        self._root, self._engine, self._now = root, engine, now
        self._safe_ns = clock_ns - FRESH_NS
        self._by_content = by_content
        self._stamps: dict[str, tuple[Stamp | None, ...]] = {}
        self._files = Files(root)

    def recall(self, source: Source) -> Parsed | None:
        """Return the cached result; None if the file, a data file or a date window changed."""
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

    def keep(self, collected: Collected, posts: Iterable[Post]) -> None:
        """Write the rows that changed for the next build; `posts` are as readers know them."""
        settled = {post.path: post for post in posts}
        changed, there = [], set()
        for source, parsed in zip(collected.sources, collected.parsed, strict=True):
            there.add(source.path)
            row = self._row(source, parsed, settled.get(source.path))
            if row is not self._rows.get(source.path):
                changed.append(row)
        if self._cache.note(_KEY) != self._key:
            self._cache.drop_posts()
            self._cache.keep_note(_KEY, self._key)
        self._cache.drop_posts(path for path in self._rows if path not in there)
        keep_rows(self._cache, changed)

    def _row(self, source: Source, parsed: Parsed, settled: Post | None) -> Row:
        row = self._rows.get(source.path)
        beside = self._stamps.get(source.path, ())
        # What lies beside a post is read by its stamp alone: a fresh one is not trusted either.
        newest = max(*_stamp(source)[1:], *(max(each[1:]) for each in beside if each))
        trusted = newest < self._safe_ns
        known = known_of(settled, parsed.post)
        same = row and row.parsed is parsed and row.stamp == _stamp(source) and row.known == known
        if row and same and row.settled == trusted:
            return row
        return Row(source.path, known, parsed, _stamp(source), beside, trusted)

    def _is_trusted(self, row: Row, source: Source) -> bool:
        return row.settled and not self._by_content and row.stamp == _stamp(source)

    def _is_same(self, row: Row, source: Source) -> bool:
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


def keep_rows(cache: Cache, rows: Iterable[Row]) -> None:
    """Keep `rows` under the key that the cache's other rows have."""
    # MessagePack would lose the offsets of dates.
    encoder = msgspec.json.Encoder()
    cache.keep_posts((row.path, encoder.encode(row)) for row in rows)


def rows_of(cache: Cache, key: bytes, paths: Iterable[str] | None = None) -> Iterable[Row]:
    """Return the rows at `paths`, or all; none if they stand under another key."""
    if cache.note(_KEY) != key:
        return []
    # One call for all is twice as fast as one for each.
    with suppress(msgspec.DecodeError):
        return msgspec.json.decode(b"[%b]" % b",".join(cache.posts(paths)), type=list[Row])
    return []


def _stamp(source: Source) -> Stamp:
    return source.size, source.mtime_ns, source.ctime_ns


def _holds(parsed: Parsed, now: datetime) -> bool:
    since, until = parsed.since, parsed.until
    return (since is None or since <= now) and (until is None or now < until)
