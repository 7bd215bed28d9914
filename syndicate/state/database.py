"""Open, create and migrate this program's SQLite files.

Every kind of file has an `application_id`, by which other programs' files are rejected, and
numbered migrations (`user_version` counts the ones that ran). A damaged file, or a file of another
kind, raises UnusableFile. The caller may then discard it, if nothing in it is worth keeping. All
other errors are plain StateErrors.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from syndicate.errors import StateError
from syndicate.files.read import Refused, check_regular
from syndicate.files.write import sync
from syndicate.state.private import FILE_MODE, make_folder, make_private
from syndicate.state.refusals import unwritable

if TYPE_CHECKING:  # a command that remembers nothing need not load it
    from sqlite3 import Connection, Error

__all__ = [
    "Kind",
    "UnusableFile",
    "companions",
    "database",
    "discard",
    "is_there",
    "transaction",
]

WAIT_SECONDS = 10.0
"""Seconds to wait for another program that writes to the file."""

_COMPANIONS = ("-wal", "-shm", "-journal")


class Kind(Struct, frozen=True):
    """A kind of file. `name` is its name for users, `cure` the advice for an unusable file.

    `migrations` are the statements that lead from one version to the next; the first ones create
    the tables. A released migration is never changed. If `durable`, transactions survive a power
    cut, but wait for the disk. `functions` may be called by SQL: name, number of arguments,
    function. Files of an older version can be read from version `readable_from` on; 0 allows only
    the newest version.
    """

    name: str
    application_id: int
    migrations: tuple[tuple[str, ...], ...]
    cure: str
    durable: bool = False
    functions: tuple[tuple[str, int, Callable[..., Any]], ...] = ()
    readable_from: int = 0


class UnusableFile(StateError):
    """The file is damaged, another program's, or of a newer version of this program."""


@contextmanager
def database(
    path: Path, kind: Kind, *, read_only: bool = False, wait: float = WAIT_SECONDS
) -> "Iterator[Connection]":
    """Open the file at `path`. Create it and its folder if they are missing, unless `read_only`.

    The caller begins transactions (see `transaction`). `wait` is in seconds. Raises UnusableFile
    and StateError, also for SQLite's errors while the file is open.
    """
    import sqlite3

    _check(path, kind)
    try:
        if not read_only and not is_there(path):
            _create(path, kind)
        with closing(_connect(path, kind, read_only=read_only, wait=wait)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise _as_state_error(path, kind, error) from error


@contextmanager
def transaction(connection: "Connection") -> Iterator[None]:
    """Commit all writes of the block, or none if it raises."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def is_there(path: Path) -> bool:
    """Return True if the file exists. Raises StateError if its folder cannot be entered."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unwritable(error, path) from error
    return True


def companions(path: Path) -> tuple[Path, ...]:
    """Return the paths of the files that SQLite may keep beside the file."""
    return tuple(path.with_name(path.name + ending) for ending in _COMPANIONS)


def discard(path: Path) -> None:
    """Remove the file and SQLite's files beside it. Raises StateError."""
    try:
        path.unlink(missing_ok=True)
        _discard_companions(path)
    except OSError as error:
        raise unwritable(error, path) from error


def _check(path: Path, kind: Kind) -> None:
    """Raise UnusableFile if the file or one of SQLite's files is not a regular file."""
    try:
        for item in (path, *companions(path)):
            check_regular(item)
    except Refused as error:
        what = f"is not a {kind.name}: {error.filename} is {error.strerror}"
        raise UnusableFile(str(path), what, kind.cure) from error
    except OSError as error:
        raise unwritable(error, path) from error


def _create(path: Path, kind: Kind) -> None:
    """Create the file under another name first, so that the file at `path` is always complete."""
    part = path.with_name(f".{path.name}.part")
    try:
        make_folder(path.parent)
        # SQLite would use the files that a removed database left beside it.
        _discard_companions(path)
        discard(part)
        part.touch(FILE_MODE)
        with closing(_opened(part, read_only=False, wait=0)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection, kind, 0)
        sync(part)  # once; SQLite would sync eight times
        part.replace(path)
    except OSError as error:
        raise unwritable(error, path.parent) from error


def _discard_companions(path: Path) -> None:
    for companion in companions(path):
        companion.unlink(missing_ok=True)


def _connect(path: Path, kind: Kind, *, read_only: bool, wait: float) -> "Connection":
    # SQLite gives -wal and -shm the mode of the file itself.
    make_private(path, *companions(path))
    connection = _opened(path, read_only=read_only, wait=wait)
    try:
        if read_only:
            connection = _readable(connection, path)
        version = _recognised(connection, path, kind, read_only=read_only)
        connection.execute(f"PRAGMA synchronous = {'FULL' if kind.durable else 'NORMAL'}")
        if version < len(kind.migrations) and not read_only:
            _migrate(connection, kind, version)
    except UnicodeDecodeError as error:  # in SQLite's own message about a damaged table
        connection.close()
        raise UnusableFile(str(path), f"this {kind.name} is damaged", kind.cure) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _opened(path: Path, *, read_only: bool, wait: float, how: str = "") -> "Connection":
    import sqlite3

    mode = how or ("mode=ro" if read_only else "mode=rw")
    address = f"{path.absolute().as_uri()}?{mode}"
    return sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)


def _readable(connection: "Connection", path: Path) -> "Connection":
    """Return `connection`, or an immutable one if the folder is read-only."""
    import sqlite3

    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA user_version").fetchone()
        return connection
    wal = path.with_name(path.name + "-wal")
    if os.access(path.parent, os.W_OK) or (wal.exists() and wal.stat().st_size):
        return connection  # the next statement reports the error
    connection.close()
    return _opened(path, read_only=True, wait=0, how="mode=ro&immutable=1")


def _recognised(connection: "Connection", path: Path, kind: Kind, *, read_only: bool) -> int:
    """Return the file's version. Raise UnusableFile if the file is not of this kind."""
    if path.stat().st_size == 0:
        raise UnusableFile(str(path), f"is empty, not a {kind.name}", kind.cure)
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != kind.application_id or version < 1:
        raise UnusableFile(str(path), f"is another program's file, not a {kind.name}", kind.cure)
    if version > len(kind.migrations):
        what = f"this {kind.name} is of a newer version of syndicate ({version})"
        raise UnusableFile(str(path), what, f"use that version, or {kind.cure}")
    if read_only and version < (kind.readable_from or len(kind.migrations)):
        what = f"this {kind.name} is of an older version of syndicate ({version})"
        raise StateError(str(path), what, "`syndicate build` brings it up to date")
    return int(version)


def _migrate(connection: "Connection", kind: Kind, version: int) -> None:
    for name, count, function in kind.functions:
        connection.create_function(name, count, function, deterministic=True)
    with transaction(connection):
        # Another process may have migrated the file while this one waited.
        (now,) = connection.execute("PRAGMA user_version").fetchone()
        for statements in kind.migrations[max(now, version) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {kind.application_id}")
        connection.execute(f"PRAGMA user_version = {len(kind.migrations)}")


def _as_state_error(path: Path, kind: Kind, error: "Error") -> StateError:
    import sqlite3

    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        cure = "wait until it has ended, and try again"
        return StateError(str(path), "another program is writing to it", cure)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        cure = "set [state] path to a folder that you may write to"
        return StateError(str(path), f"cannot be used ({error})", cure)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StateError(
            str(path), f"cannot be written ({error})", "check that the disk has space"
        )
    return UnusableFile(str(path), f"this {kind.name} is damaged ({error})", kind.cure)
