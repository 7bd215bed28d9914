"""Locks of the state folder: one build and one daemon at a time.

The operating system holds the lock, and releases it when the process ends. The file has the id of
the holder, for messages only: an id that is left in the file has no meaning.
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EAGAIN
from functools import partial
from pathlib import Path

from syndicate.errors import StateError
from syndicate.files.read import Refused, check_regular, head_own, is_folder
from syndicate.state.private import FILE_MODE, make_folder, make_private
from syndicate.state.refusals import unwritable

__all__ = ["BUILD", "check_held", "discard", "holder_of", "locked", "ticked"]

BUILD = "lock"
"""Name of the lock of builds and publishing."""
_TICK_MS = 20
_OURS = frozenset(
    ("ledger.db", "cache.db", "entries.bin", "serve.db", "manifest.json", "status.json",
     "hubs.jsonl", BUILD, "daemon.lock", "targets", "clock.json")
)  # fmt: skip
"""This program's files in the state folder; SQLite's companions add "-wal" and "-shm"."""


@contextmanager
def locked(
    state: Path,
    name: str = BUILD,
    who: str = "another build",
    cure: str = "wait until it has ended",
) -> Iterator[int]:
    """Hold the lock `name` of the state folder.

    Yield the file system's own time, in nanoseconds: later changes of files are not older.

    Raises StateError if another process holds the lock, or if the folder cannot be written. `who`
    is the holder in the message, `cure` the advice.
    """
    try:
        make_folder(state)
        check_regular(state / name)
        release = _acquire(state / name, sign=_sign)
        _make_private(state)
        os.utime(state / name)
        clock_ns = (state / name).stat().st_mtime_ns
    except _Held:
        pid = _noted(state / name)
        process = f" (process {pid})" if pid else ""
        raise StateError(str(state), f"{who}{process} is using it", cure) from None
    except Refused as error:
        raise StateError(str(state / name), str(error.strerror), "remove it") from error
    except OSError as error:
        raise unwritable(error, state) from error
    try:
        yield clock_ns
    finally:
        release()


def check_held(state: Path, name: str = BUILD) -> None:
    """Raise StateError if the lock of this process is gone, because its folder was deleted.

    The state that the build has read is then obsolete, and another build may be running.
    """
    try:
        held = int(head_own(state / name, 100).split()[0]) == os.getpid()
    except PermissionError:
        return  # on Windows, a locked file cannot be read
    except (OSError, ValueError, IndexError):
        held = False
    if not held:
        raise _deleted(state)


def _deleted(state: Path) -> StateError:
    return StateError(str(state), "was deleted during the build", "build again")


def ticked(state: Path, name: str = BUILD) -> int:
    """Wait until the file system's time moves on, at most 20 ms. Return it in nanoseconds.

    Files written before this call then have an older time, except on file systems whose time moves
    in seconds. The caller must hold the lock. Raises StateError.
    """
    path = state / name
    try:
        os.utime(path)
        before = path.stat().st_mtime_ns
        for _ in range(_TICK_MS):
            os.utime(path)
            if path.stat().st_mtime_ns > before:
                break
            time.sleep(0.001)
        return path.stat().st_mtime_ns
    except OSError as error:
        raise _deleted(state) from error


def holder_of(state: Path, name: str) -> int | None:
    """Return the id of the process with the lock, 0 if it is unknown, None if the lock is free."""
    if not is_folder(state):
        return None
    try:
        check_regular(state / name)
        release = _acquire(state / name)
    except _Held:
        return _noted(state / name)
    except OSError:
        return None  # without write permission, this user's processes hold no lock
    release()
    return None


def discard(state: Path) -> None:
    """Remove this program's files from the state folder, and the folder if it is then empty.

    Call it only for a folder that this process made and that holds nothing worth keeping.
    """
    with suppress(OSError):
        for path in state.iterdir():
            if path.name.partition("-")[0] in _OURS and path.is_file():
                path.unlink()
        state.rmdir()


def _make_private(state: Path) -> None:
    """Make this program's files private; older versions did not. Other files stay."""
    make_private(*(path for path in state.iterdir() if path.name.partition("-")[0] in _OURS))


class _Held(Exception):
    """Another process holds the lock."""


def _acquire(path: Path, sign: Callable[[Path], None] = lambda _: None) -> Callable[[], None]:
    """Lock the file at `path`, call `sign`, and return a function that releases the lock.

    Raises _Held and OSError.
    """
    try:
        from fcntl import LOCK_EX, LOCK_NB, flock
    except ImportError:
        return _acquire_by_library(path, sign)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, FILE_MODE)
    try:
        flock(file, LOCK_EX | LOCK_NB)
    except OSError as error:
        os.close(file)
        if error.errno in (EAGAIN, EACCES):
            raise _Held from error
        return _acquire_by_library(path, sign)  # the file system does not support flock
    sign(path)
    return partial(os.close, file)


def _acquire_by_library(path: Path, sign: Callable[[Path], None]) -> Callable[[], None]:
    from filelock import FileLock, SoftFileLock, Timeout  # imported late: it takes 10 ms

    lock = FileLock(path, timeout=0, mode=FILE_MODE)
    try:
        lock.acquire()
    except Timeout as error:
        raise _Held from error
    # A SoftFileLock is a file of the library, with this process's id in it.
    if not isinstance(lock, SoftFileLock):
        sign(path)
    return lock.release


def _sign(path: Path) -> None:
    """Write this process's id into the locked file."""
    with suppress(PermissionError):  # on Windows, a locked file cannot be written
        path.write_text(f"{os.getpid()}\n", encoding="ascii")


def _noted(path: Path) -> int:
    try:
        return int(head_own(path, 100).split()[0])
    except (OSError, ValueError, IndexError):
        return 0
