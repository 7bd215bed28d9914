"""One build at a time: two that write the same files would mix them up. And one daemon.

Who holds a lock is in its file, for others to tell. It is the system that keeps the lock and lets
go of it when the process ends, however it ends: a number that is left in the file means nothing.
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
"""The lock that builds and publishing take."""
_TICK_MS = 20
_OURS = frozenset(
    ("ledger.db", "cache.db", "entries.bin", "serve.db", "manifest.json", "status.json",
     "hubs.jsonl", BUILD, "daemon.lock", "targets", "clock.json")
)  # fmt: skip
"""Names of what this program keeps in the state folder; SQLite's companions add "-wal", "-shm"."""


@contextmanager
def locked(
    state: Path,
    name: str = BUILD,
    who: str = "another build",
    cure: str = "wait until it has ended",
) -> Iterator[int]:
    """Hold the lock called `name` in the state folder.

    Gives the file system's own time, in nanoseconds: what files change from now on is not older.

    Raises StateError where another process holds it, named as `who` with its id, or where the
    folder cannot be written.
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
        raise StateError(str(state), f"{who}{process} is at work on it", cure) from None
    except Refused as error:
        raise StateError(str(state / name), str(error.strerror), "remove it") from error
    except OSError as error:
        raise unwritable(error, state) from error
    try:
        yield clock_ns
    finally:
        release()


def check_held(state: Path, name: str = BUILD) -> None:
    """Raise StateError where the lock that this process took is gone, and the folder with it.

    What the build read of the state folder then says nothing, and another build may be at work.
    """
    try:
        held = int(head_own(state / name, 100).split()[0]) == os.getpid()
    except PermissionError:
        return  # Windows lets nobody read a file that is locked
    except (OSError, ValueError, IndexError):
        held = False
    if not held:
        raise _deleted(state)


def _deleted(state: Path) -> StateError:
    return StateError(str(state), "was deleted during the build", "build again")


def ticked(state: Path, name: str = BUILD) -> int:
    """The file system's time in nanoseconds, once it has moved on; the lock is held.

    What was written before it was called has an older time, but where time moves in steps of
    seconds: for those nobody waits. Raises StateError.
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
    """The id of the process that holds the lock, 0 where it cannot be told; None if nobody does."""
    if not is_folder(state):
        return None
    try:
        check_regular(state / name)
        release = _acquire(state / name)
    except _Held:
        return _noted(state / name)
    except OSError:
        return None  # who may not write there holds no lock; others may
    release()
    return None


def discard(state: Path) -> None:
    """Remove this program's files from the state folder, and the folder if nothing else is in it.

    Call it only for a folder that this process made and that holds nothing worth keeping.
    """
    with suppress(OSError):
        for path in state.iterdir():
            if path.name.partition("-")[0] in _OURS and path.is_file():
                path.unlink()
        state.rmdir()


def _make_private(state: Path) -> None:
    """Close the files of older versions to other users; what else lies in the folder stays."""
    make_private(*(path for path in state.iterdir() if path.name.partition("-")[0] in _OURS))


class _Held(Exception):
    """Another process holds the lock."""


def _acquire(path: Path, sign: Callable[[Path], None] = lambda _: None) -> Callable[[], None]:
    """Take the lock of the file at `path`, `sign` it, and return what releases it.

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
        return _acquire_by_library(path, sign)  # the file system has no such locks
    sign(path)
    return partial(os.close, file)


def _acquire_by_library(path: Path, sign: Callable[[Path], None]) -> Callable[[], None]:
    from filelock import FileLock, SoftFileLock, Timeout  # 10 ms that most systems can do without

    lock = FileLock(path, timeout=0, mode=FILE_MODE)
    try:
        lock.acquire()
    except Timeout as error:
        raise _Held from error
    # Without locks of the system, the library's own file stands for one, and names us already.
    if not isinstance(lock, SoftFileLock):
        sign(path)
    return lock.release


def _sign(path: Path) -> None:
    """Write this process's id into the locked file."""
    with suppress(PermissionError):  # Windows lets nobody write to a file that is locked
        path.write_text(f"{os.getpid()}\n", encoding="ascii")


def _noted(path: Path) -> int:
    try:
        return int(head_own(path, 100).split()[0])
    except (OSError, ValueError, IndexError):
        return 0
