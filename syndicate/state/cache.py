"""The cache of earlier builds' results. Deleting it costs only time.

One SQLite file, ``cache.db``, with four tables: `notes` (named blobs), `posts` and `entries` (by
the post's path) and `feeds` (by the feed's first file). Every result has the key of its inputs, and
is returned only for this key. Every row has a seal, a digest by which damaged rows are ignored.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from msgspec import Struct
from msgspec.structs import astuple

from syndicate.errors import StateError
from syndicate.files.read import head_own
from syndicate.files.write import sync
from syndicate.state.database import Kind, UnusableFile, companions, database, discard, transaction
from syndicate.state.entry_file import Place
from syndicate.state.private import set_aside
from syndicate.state.refusals import unwritable

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = ["Cache", "DamagedCache", "EntryRow", "cache", "seal"]

FILE_NAME = "cache.db"
KIND = Kind(
    name="cache",
    application_id=0x53594E43,  # "SYNC"
    migrations=(
        (
            "CREATE TABLE notes (name TEXT PRIMARY KEY, seal BLOB, data BLOB)",
            "CREATE TABLE entries (path TEXT PRIMARY KEY, seal BLOB, key BLOB, digest BLOB,"
            " asked BLOB, said BLOB, entry BLOB)",
            "CREATE TABLE feeds (name TEXT PRIMARY KEY, seal BLOB, key BLOB, files BLOB)"
            " WITHOUT ROWID",
        ),
        ("CREATE TABLE posts (path TEXT PRIMARY KEY, seal INTEGER, row BLOB)",),
        (
            "DROP TABLE entries",
            "CREATE TABLE entries (path TEXT PRIMARY KEY, seal BLOB, key BLOB, digest BLOB,"
            " asked BLOB, said BLOB, at INTEGER, size INTEGER)",
        ),
    ),
    cure="remove the file; the next build makes a new one",
)
_WAIT_SECONDS = 2.0  # builds never wait for each other, only for other programs


class DamagedCache(UnusableFile):
    """The cache was unusable, and has been removed or renamed."""


class EntryRow(Struct, frozen=True, array_like=True, gc=False):
    """Metadata of a rendered entry.

    `digest` is the `seal` of the encoded entry, `place` its place in the file of entries. Both are
    empty for a post whose file is gone. `asked` holds the body's questions to other files, `said`
    its problems, in encoded form. An entry with an empty `key` is valid for this build only,
    because the post changed while it was read.
    """

    path: str
    key: bytes
    digest: bytes
    asked: bytes
    said: bytes
    place: Place


class Cache:
    """An open cache. Changes are stored when the block of `cache` ends."""

    def __init__(self, connection: "Connection", path: Path) -> None:
        self._connection = connection
        self._wal, *_ = companions(path)

    def note(self, name: str) -> bytes:
        """Return the blob `name`; empty if there is none."""
        found = self._connection.execute("SELECT seal, data FROM notes WHERE name = ?", (name,))
        return next((data for mark, data in found if mark == seal(name, data)), b"")

    def keep_note(self, name: str, data: bytes) -> None:
        """Store `data` as the blob `name`. Empty data removes it."""
        if data:
            row = (name, seal(name, data), data)
            self._connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", row)
        else:
            self._connection.execute("DELETE FROM notes WHERE name = ?", (name,))

    def settle(self) -> None:
        """Commit the changes so far, and sync them to the disk. Raises StateError."""
        self._connection.commit()
        try:
            sync(self._wal)
        except FileNotFoundError:
            pass  # without shared memory, SQLite has no -wal file and syncs the file itself
        except OSError as error:
            raise unwritable(error, self._wal) from error
        self._connection.execute("BEGIN IMMEDIATE")

    def posts(self, paths: Iterable[str] | None = None) -> list[bytes]:
        """Return the stored rows of the posts at `paths`, or all."""
        found = self._selected("SELECT path, seal, row FROM posts", paths)
        return [row for path, mark, row in found if mark == _checksum(path, row)]

    def keep_posts(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Insert or replace rows of posts."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO posts VALUES (?, ?, ?)",
            ((path, _checksum(path, row), row) for path, row in rows),
        )

    def drop_posts(self, paths: Iterable[str] | None = None) -> None:
        """Remove the posts at `paths`, or all."""
        if paths is None:
            self._connection.execute("DELETE FROM posts")
        else:
            self._connection.executemany("DELETE FROM posts WHERE path = ?", ((p,) for p in paths))

    def all_asked(self) -> list[bytes]:
        """Return the stored `asked` of all entries that have one."""
        rows = self._connection.execute("SELECT asked FROM entries WHERE length(asked) > 0")
        return [asked for (asked,) in rows]

    def size_of_entries(self) -> int:
        """Return the size of all entries in bytes."""
        (found,) = self._connection.execute("SELECT total(size) FROM entries").fetchone()
        return int(found)

    def entry_rows(self, paths: Iterable[str] | None = None) -> dict[str, EntryRow]:
        """Return the rows of the entries at `paths`, or all, by path."""
        rows = self._selected(
            "SELECT seal, path, key, digest, asked, said, at, size FROM entries", paths
        )
        whole = (row for mark, *row in rows if mark == seal(*row))
        return {
            path: EntryRow(path, key, digest, asked, said, Place(at, size))
            for path, key, digest, asked, said, at, size in whole
        }

    def keep_entries(self, entries: Iterable[EntryRow]) -> None:
        """Insert or replace rows of entries."""
        rows = ((*astuple(entry)[:5], entry.place.at, entry.place.size) for entry in entries)
        self._connection.executemany(
            "INSERT OR REPLACE INTO entries (seal, path, key, digest, asked, said, at, size)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((seal(*row), *row) for row in rows),
        )

    def drop_entries(self, paths: Iterable[str]) -> None:
        """Remove the entries at `paths`."""
        self._connection.executemany("DELETE FROM entries WHERE path = ?", ((p,) for p in paths))

    def feeds(self, names: Iterable[str] | None = None) -> dict[str, tuple[bytes, bytes]]:
        """Return key and encoded files of the feeds `names`, or all, by name."""
        rows = self._selected("SELECT seal, name, key, files FROM feeds", names, by="name")
        return {row[0]: (row[1], row[2]) for mark, *row in rows if mark == seal(*row)}

    def keep_feeds(self, feeds: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Insert or replace feeds."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?)",
            ((name, seal(name, *row), *row) for name, row in feeds.items()),
        )

    def _selected(
        self, select: str, values: Iterable[str] | None, *, by: str = "path"
    ) -> Iterable[tuple[Any, ...]]:
        """Run `select` for the given values of the column `by`, or for all rows."""
        if values is None:
            return self._connection.execute(select)
        one = f"{select} WHERE {by} = ?"
        return chain.from_iterable(self._connection.execute(one, (value,)) for value in values)

    def drop_feeds(self, names: Iterable[str]) -> None:
        """Remove these feeds."""
        self._connection.executemany("DELETE FROM feeds WHERE name = ?", ((n,) for n in names))


@contextmanager
def cache(folder: Path) -> Iterator[Cache]:
    """Open the cache in the state folder. Commit the changes if the block ends without an error.

    Raises DamagedCache if the cache is unusable, also within the block. The file is then removed or
    renamed, and the next call makes a new one. Raises StateError if the folder or the disk cannot
    be written.
    """
    path, usable = folder / FILE_NAME, False
    try:
        with database(path, KIND, wait=_WAIT_SECONDS) as connection, transaction(connection):
            usable = True
            yield Cache(connection, path)
    except StateError as error:
        if error.where != str(path) or (usable and not _is_lost(error)):
            raise
        _set_aside(path)
        raise DamagedCache(error.where, error.what, error.cure) from error


def _is_lost(error: StateError) -> bool:
    """Return True if the error is due to the file, not to the disk."""
    import sqlite3

    code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, UnusableFile) or code == sqlite3.SQLITE_READONLY


def _checksum(path: str, row: bytes) -> int:
    """Return the CRC-32 of a row, in a tenth of the time of `seal`; -1 if a type is wrong."""
    try:
        return crc32(row, crc32(path.encode()))
    except (AttributeError, TypeError):
        return -1


def seal(*fields: str | bytes | int) -> bytes:
    """Return a digest of `fields`: BLAKE2b, 16 bytes."""
    found = blake2b(digest_size=16)
    for field in fields:
        data = field if isinstance(field, bytes) else str(field).encode("utf-8", "replace")
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.digest()


def _set_aside(path: Path) -> None:
    """Remove the cache. Rename the file instead if it may be another program's."""
    if _is_ours(path):
        discard(path)
        return
    try:
        for part in (path, *companions(path)):
            if os.path.lexists(part):
                set_aside(part)
    except OSError as error:
        what = f"cannot be used or moved ({error.strerror})"
        raise StateError(str(path), what, KIND.cure) from error


def _is_ours(path: Path) -> bool:
    """Return True if SQLite's header has our application id, or the file is empty."""
    try:
        head = head_own(path, 100)
    except OSError:
        return False
    mark = KIND.application_id.to_bytes(4)
    return not head or (head.startswith(b"SQLite format 3\0") and head[68:72] == mark)
