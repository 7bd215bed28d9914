"""One build at a time: two that write the same files would mix them up."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from syndicate.errors import StateError

__all__ = ["locked"]


@contextmanager
def locked(state: Path) -> Iterator[int]:
    """Hold the state folder. The system lets go of it when the process ends, however it ends.

    Gives the file system's own time, in nanoseconds: what files change from now on is not older.

    Raises StateError where another build holds it, or where the folder cannot be written.
    """
    try:
        state.mkdir(parents=True, exist_ok=True)
        lock = FileLock(state / "lock", timeout=0)
        lock.acquire()
        os.utime(lock.lock_file)
        clock_ns = os.stat(lock.lock_file).st_mtime_ns  # noqa: PTH116
    except Timeout:
        raise StateError(
            str(state), "another build is at work on it", "wait until it has ended"
        ) from None
    except OSError as error:
        raise StateError(
            str(error.filename or state),
            f"cannot be written ({error.strerror})",
            "set [state] path to a folder that you may write to",
        ) from error
    try:
        yield clock_ns
    finally:
        lock.release()
