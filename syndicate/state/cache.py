"""What earlier builds made, so that the next need not: deleting it costs time and nothing else.

One SQLite file, ``cache.db``, of four tables: `notes` (named blobs), `posts` and `entries` (by the
post's path) and `feeds` (by the feed's first file). Everything in it stands under a key of all that
it was made from; who asks with another key is told nothing. Each row bears a seal: what the disk
has garbled is as if it were not there.
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
    cure="remove it: it is made anew",
)
_WAIT_SECONDS = 2.0  # only a stranger holds it: there is one build at a time


class DamagedCache(UnusableFile):
    """A cache that could not be used, and is out of the way."""


class EntryRow(Struct, frozen=True, array_like=True, gc=False):
    """An entry as it was made: under which key, of which bytes, and what else is known of it.

    `digest` is the `seal` of the encoded entry, which lies at `place` in the file of entries; both
    are empty for a post whose file is gone. `asked` is what else the body asked for, `said` the
    problems with it, both encoded and empty where there are none. Without a `key` the entry is for
    this build alone: the post changed while it was read.
    """

    path: str
    key: bytes
    digest: bytes
    asked: bytes
    said: bytes
    place: Place


class Cache:
    """An open cache. What is put into it is there for the next build once `cache` has ended."""

    def __init__(self, connection: "Connection", path: Path) -> None:
        self._connection = connection
        self._wal, *_ = companions(path)

    def note(self, name: str) -> bytes:
        """The blob `name`; empty where there is none."""
        found = self._connection.execute("SELECT seal, data FROM notes WHERE name = ?", (name,))
        return next((data for told, data in found if told == seal(name, data)), b"")

    def keep_note(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`; nothing under it any more where it is empty."""
        if data:
            row = (name, seal(name, data), data)
            self._connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?)", row)
        else:
            self._connection.execute("DELETE FROM notes WHERE name = ?", (name,))

    def settle(self) -> None:
        """What was put in so far stays, however the block ends, also after a power cut."""
        self._connection.commit()
        try:
            sync(self._wal)
        except FileNotFoundError:
            pass  # SQLite found no shared memory for one, and has synced the file itself
        except OSError as error:
            raise unwritable(error, self._wal) from error
        self._connection.execute("BEGIN IMMEDIATE")

    def posts(self, paths: Iterable[str] | None = None) -> list[bytes]:
        """Return the rows of the posts at `paths`, or all, as they were kept."""
        found = self._selected("SELECT path, seal, row FROM posts", paths)
        return [row for path, told, row in found if told == _checksum(path, row)]

    def keep_posts(self, rows: Iterable[tuple[str, bytes]]) -> None:
        """Keep the row of each path in place of what was kept of it."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO posts VALUES (?, ?, ?)",
            ((path, _checksum(path, row), row) for path, row in rows),
        )

    def drop_posts(self, paths: Iterable[str] | None = None) -> None:
        """Forget the posts at `paths`, or all."""
        if paths is None:
            self._connection.execute("DELETE FROM posts")
        else:
            self._connection.executemany("DELETE FROM posts WHERE path = ?", ((p,) for p in paths))

    def all_asked(self) -> list[bytes]:
        """Return what each entry asked for, as it was kept, of those that asked."""
        rows = self._connection.execute("SELECT asked FROM entries WHERE length(asked) > 0")
        return [asked for (asked,) in rows]

    def size_of_entries(self) -> int:
        """Return the bytes of all entries."""
        (found,) = self._connection.execute("SELECT total(size) FROM entries").fetchone()
        return int(found)

    def entry_rows(self, paths: Iterable[str] | None = None) -> dict[str, EntryRow]:
        """Return what is known of the entries at `paths`, or of all, by path."""
        rows = self._selected(
            "SELECT seal, path, key, digest, asked, said, at, size FROM entries", paths
        )
        whole = (row for told, *row in rows if told == seal(*row))
        return {
            path: EntryRow(path, key, digest, asked, said, Place(at, size))
            for path, key, digest, asked, said, at, size in whole
        }

    def keep_entries(self, made: Iterable[EntryRow]) -> None:
        """Keep entries, each in place of what was known of its path."""
        rows = ((*astuple(each)[:5], each.place.at, each.place.size) for each in made)
        self._connection.executemany(
            "INSERT OR REPLACE INTO entries (seal, path, key, digest, asked, said, at, size)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((seal(*row), *row) for row in rows),
        )

    def drop_entries(self, paths: Iterable[str]) -> None:
        """Forget the entries at `paths`."""
        self._connection.executemany("DELETE FROM entries WHERE path = ?", ((p,) for p in paths))

    def feeds(self, names: Iterable[str] | None = None) -> dict[str, tuple[bytes, bytes]]:
        """Return key and encoded files of the feeds called `names`, or of all, by name."""
        rows = self._selected("SELECT seal, name, key, files FROM feeds", names, by="name")
        return {row[0]: (row[1], row[2]) for told, *row in rows if told == seal(*row)}

    def keep_feeds(self, feeds: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Keep these feeds."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?, ?)",
            ((name, seal(name, *row), *row) for name, row in feeds.items()),
        )

    def _selected(
        self, select: str, values: Iterable[str] | None, *, by: str = "path"
    ) -> Iterable[tuple[Any, ...]]:
        """Run `select` for each of `values` of the column `by`, or for all rows."""
        if values is None:
            return self._connection.execute(select)
        one = f"{select} WHERE {by} = ?"
        return chain.from_iterable(self._connection.execute(one, (value,)) for value in values)

    def drop_feeds(self, names: Iterable[str]) -> None:
        """Forget these feeds."""
        self._connection.executemany("DELETE FROM feeds WHERE name = ?", ((n,) for n in names))


@contextmanager
def cache(folder: Path) -> Iterator[Cache]:
    """The cache in the state folder `folder`.

    What was kept in it is there to stay only when the block ends without an exception. Raises
    DamagedCache where it cannot be used, be it found out at once or within the block: it then is
    out of the way, and the next is a new one. Raises StateError where the folder or the disk
    cannot be written.
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
    """Whether it is the file, and not the disk, that something is wrong with."""
    import sqlite3

    code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF
    return isinstance(error, UnusableFile) or code == sqlite3.SQLITE_READONLY


def _checksum(path: str, row: bytes) -> int:
    """Return the CRC-32 of a row: a tenth of the time of `seal`. -1 if a type is wrong."""
    try:
        return crc32(row, crc32(path.encode()))
    except (AttributeError, TypeError):
        return -1


def seal(*fields: str | bytes | int) -> bytes:
    """What tells these fields from others; of one alone, its digest."""
    found = blake2b(digest_size=16)
    for field in fields:
        data = field if isinstance(field, bytes) else str(field).encode("utf-8", "replace")
        found.update(b"%d:" % len(data))
        found.update(data)
    return found.digest()


def _set_aside(path: Path) -> None:
    """Make room. What is not known to be ours may be somebody's: moved, not removed."""
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
    """Told by SQLite's header, or where there is nothing in the file."""
    try:
        head = head_own(path, 100)
    except OSError:
        return False
    mark = KIND.application_id.to_bytes(4)
    return not head or (head.startswith(b"SQLite format 3\0") and head[68:72] == mark)
