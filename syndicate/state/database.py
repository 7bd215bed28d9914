"""SQLite files of ours: each is told from a stranger's, made whole or not at all, kept up to date.

Each kind of file has an `application_id`, so that another program's file is never taken for ours,
and numbered migrations (`user_version` is how many have run). A file that cannot be one of ours
raises `UnusableFile`: what may be forgotten is then discarded and made anew, what may not is left
as it is for its owner to see to. All else that goes wrong is a plain StateError.
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
"""How long to wait for another program that writes to the file."""

_COMPANIONS = ("-wal", "-shm", "-journal")


class Kind(Struct, frozen=True):
    """A kind of file. `name` is what people call it, `cure` what to do with an unusable one.

    `migrations` are the statements that lead from each version to the next, the first from
    nothing; one that was released is never changed. `durable` says that what was written must
    outlive a power cut, at the price of waiting for the disk at each transaction. `functions` may
    be called by SQL: name, number of arguments, function. Reading takes a file of an older version
    as it is from version `readable_from` on; 0: only files of the newest version.
    """

    name: str
    application_id: int
    migrations: tuple[tuple[str, ...], ...]
    cure: str
    durable: bool = False
    functions: tuple[tuple[str, int, Callable[..., Any]], ...] = ()
    readable_from: int = 0


class UnusableFile(StateError):
    """A file that is damaged, or another program's, or of a newer version of this one."""


@contextmanager
def database(
    path: Path, kind: Kind, *, read_only: bool = False, wait: float = WAIT_SECONDS
) -> "Iterator[Connection]":
    """The file at `path`, open; made, with its folder, where there is none and it may be written.

    Transactions are the caller's (see `transaction`). Raises UnusableFile and StateError, also
    for whatever SQLite finds wrong while it is open; `wait` is in seconds.
    """
    import sqlite3

    _check(path, kind)
    try:
        if not read_only and not is_there(path):
            _create(path, kind)
        with closing(_connect(path, kind, read_only=read_only, wait=wait)) as connection:
            yield connection
    except sqlite3.Error as error:
        raise _told(path, kind, error) from error


@contextmanager
def transaction(connection: "Connection") -> Iterator[None]:
    """All that is written within, or, where an exception leaves it, nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def is_there(path: Path) -> bool:
    """Whether there is a file. A folder that may not be looked into is a StateError, not a no."""
    try:
        path.stat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unwritable(error, path) from error
    return True


def companions(path: Path) -> tuple[Path, ...]:
    """What SQLite keeps beside the file, or may."""
    return tuple(path.with_name(path.name + ending) for ending in _COMPANIONS)


def discard(path: Path) -> None:
    """Remove the file and what SQLite keeps beside it. Raises StateError."""
    try:
        path.unlink(missing_ok=True)
        _discard_companions(path)
    except OSError as error:
        raise unwritable(error, path) from error


def _check(path: Path, kind: Kind) -> None:
    """Raise UnusableFile where SQLite would open something other than regular files."""
    try:
        for each in (path, *companions(path)):
            check_regular(each)
    except Refused as error:
        what = f"is no {kind.name}: {error.filename} is {error.strerror}"
        raise UnusableFile(str(path), what, kind.cure) from error
    except OSError as error:
        raise unwritable(error, path) from error


def _create(path: Path, kind: Kind) -> None:
    """Made under another name first: a file in its place is always whole."""
    part = path.with_name(f".{path.name}.part")
    try:
        make_folder(path.parent)
        # SQLite would take what a removed file has left beside it for the new file's own.
        _discard_companions(path)
        discard(part)
        part.touch(FILE_MODE)
        with closing(_opened(part, read_only=False, wait=0)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            _migrate(connection, kind, 0)
        sync(part)  # once, instead of SQLite's eight times
        part.replace(path)
    except OSError as error:
        raise unwritable(error, path.parent) from error


def _discard_companions(path: Path) -> None:
    for each in companions(path):
        each.unlink(missing_ok=True)


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
    except UnicodeDecodeError as error:  # in what SQLite itself says of a garbled table
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
    """`connection`; or one for a folder that may not be written, where nobody can write to it."""
    import sqlite3

    with suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA user_version").fetchone()
        return connection
    wal = path.with_name(path.name + "-wal")
    if os.access(path.parent, os.W_OK) or (wal.exists() and wal.stat().st_size):
        return connection  # something else is wrong with it: it will be told
    connection.close()
    return _opened(path, read_only=True, wait=0, how="mode=ro&immutable=1")


def _recognised(connection: "Connection", path: Path, kind: Kind, *, read_only: bool) -> int:
    """The file's version."""
    if path.stat().st_size == 0:
        raise UnusableFile(str(path), f"is empty, and no {kind.name}", kind.cure)
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application_id != kind.application_id or version < 1:
        raise UnusableFile(str(path), f"is another program's file, no {kind.name}", kind.cure)
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
        # Another program may have done it while this one waited.
        (now,) = connection.execute("PRAGMA user_version").fetchone()
        for statements in kind.migrations[max(now, version) :]:
            for statement in statements:
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {kind.application_id}")
        connection.execute(f"PRAGMA user_version = {len(kind.migrations)}")


def _told(path: Path, kind: Kind, error: "Error") -> StateError:
    import sqlite3

    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        cure = "wait until it has ended, and try again"
        return StateError(str(path), "another program is writing to it", cure)
    if code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        cure = "set [state] path to a folder that you may write to"
        return StateError(str(path), f"cannot be used ({error})", cure)
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return StateError(str(path), f"cannot be written ({error})", "is the disk full?")
    return UnusableFile(str(path), f"this {kind.name} is damaged ({error})", kind.cure)
