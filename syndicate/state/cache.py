"""What earlier builds made, so that the next need not: deleting it costs time and nothing else.

One SQLite file, ``cache.db``, of three tables: `notes` (named blobs), `entries` (by the post's
path) and `feeds` (by the feed's first file). Everything in it stands under a key of all that it
was made from; who asks with another key is told nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from syndicate.errors import StateError
from syndicate.state.database import Kind, UnusableFile, database, discard, transaction

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = ["Cache", "EntryRow", "cache"]

FILE_NAME = "cache.db"
KIND = Kind(
    name="cache",
    application_id=0x53594E43,  # "SYNC"
    migrations=(
        (
            "CREATE TABLE notes (name TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID",
            "CREATE TABLE entries (path TEXT PRIMARY KEY, key BLOB NOT NULL, digest BLOB NOT NULL,"
            " asked BLOB, said BLOB, entry BLOB NOT NULL)",
            "CREATE TABLE feeds (name TEXT PRIMARY KEY, key BLOB NOT NULL, files BLOB NOT NULL)"
            " WITHOUT ROWID",
        ),
    ),
    cure="remove it: it is made anew",
)
_AT_ONCE = 500  # SQLite takes so many values in one statement, and more


class EntryRow(Struct, frozen=True):
    """An entry as it was made: under which key, of which bytes, and what else is known of it.

    `asked` is what else the body asked for, `said` the problems with it, both encoded and empty
    where there are none.
    """

    path: str
    key: bytes
    digest: bytes
    asked: bytes
    said: bytes


class Cache:
    """An open cache. What is put into it is there for the next build once `cache` has ended."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection

    def note(self, name: str) -> bytes:
        """The blob `name`; empty where there is none."""
        found = self._connection.execute("SELECT data FROM notes WHERE name = ?", (name,))
        return next((data for (data,) in found), b"")

    def keep_note(self, name: str, data: bytes) -> None:
        """Keep `data` under `name`; nothing under it any more where it is empty."""
        if data:
            self._connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, data))
        else:
            self._connection.execute("DELETE FROM notes WHERE name = ?", (name,))

    def settle(self) -> None:
        """What was put in so far stays, however the block ends."""
        self._connection.commit()
        self._connection.execute("BEGIN IMMEDIATE")

    def entry_rows(self) -> dict[str, EntryRow]:
        """What is known of every entry but the entry itself."""
        rows = self._connection.execute("SELECT path, key, digest, asked, said FROM entries")
        return {row[0]: EntryRow(*row) for row in rows}

    def entries(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The encoded entries at `paths`, as many as there are."""
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            yield from self._connection.execute(
                f"SELECT path, entry FROM entries WHERE path IN ({marks})",  # noqa: S608
                some,
            )

    def keep_entries(self, made: Iterable[tuple[EntryRow, bytes]]) -> None:
        """Keep entries, each in place of what was known of its path."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO entries (path, key, digest, asked, said, entry)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            ((r.path, r.key, r.digest, r.asked, r.said, data) for r, data in made),
        )

    def drop_entries(self, paths: Iterable[str]) -> None:
        """Forget the entries at `paths`."""
        self._connection.executemany("DELETE FROM entries WHERE path = ?", ((p,) for p in paths))

    def feeds(self) -> dict[str, tuple[bytes, bytes]]:
        """Key and encoded files of every feed, by name."""
        rows = self._connection.execute("SELECT name, key, files FROM feeds")
        return {name: (key, files) for name, key, files in rows}

    def keep_feeds(self, feeds: Mapping[str, tuple[bytes, bytes]]) -> None:
        """Keep these feeds."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO feeds VALUES (?, ?, ?)",
            ((name, key, files) for name, (key, files) in feeds.items()),
        )

    def drop_feeds(self, names: Iterable[str]) -> None:
        """Forget these feeds."""
        self._connection.executemany("DELETE FROM feeds WHERE name = ?", ((n,) for n in names))


@contextmanager
def cache(folder: Path) -> Iterator[Cache]:
    """The cache in the state folder `folder`, made anew where it cannot be used.

    What was kept in it is there to stay only when the block ends without an exception. Raises
    StateError where the folder cannot be written, or another program holds the file.
    """
    path = folder / FILE_NAME
    try:
        with database(path, KIND) as connection:
            connection.execute("SELECT count(*) FROM notes").fetchone()
            usable = True
    except UnusableFile:
        usable = False
    if not usable:
        _set_aside(path)
    with database(path, KIND) as connection, transaction(connection):
        yield Cache(connection)


def _set_aside(path: Path) -> None:
    """Whatever it is, it may be somebody's: moved, not removed."""
    try:
        path.replace(path.with_name(f"{FILE_NAME}.unusable"))
    except OSError as error:
        what = f"cannot be used or moved ({error.strerror})"
        raise StateError(str(path), what, KIND.cure) from error
    discard(path)
