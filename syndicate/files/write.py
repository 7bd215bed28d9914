"""Write new files, and sync files and folders."""

import errno
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from syndicate.files.read import check_regular

__all__ = ["open_to_append", "sync", "sync_all", "write_new"]

_SYNCING = 4
"""Files that are synced in parallel if the file system cannot be synced as a whole."""
_FUSE = 0x65735546
"""Type of a file system in user space (statfs(2))."""

_NEW = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL  # never through a link or into a FIFO
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


_APPEND = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_APPEND
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def write_new(
    path: str | Path, data: bytes | Iterable[bytes], *, sync: bool = False, mode: int = 0o666
) -> None:
    """Write `data`, or its pieces, to a new file at `path`. With `sync`, wait for the disk.

    An existing file, link or FIFO is removed first. Raises OSError.
    """
    try:
        file = os.open(path, _NEW, mode)
    except FileExistsError:
        os.unlink(path)  # noqa: PTH108  a Path costs more than the call
        file = os.open(path, _NEW, mode)
    try:
        for piece in (data,) if isinstance(data, bytes) else data:
            left = memoryview(piece)
            while left:
                left = left[os.write(file, left) :]
        if sync:
            os.fsync(file)
    finally:
        os.close(file)


def open_to_append(path: Path, mode: int = 0o666) -> BinaryIO:
    """Open or create a regular file to write at its end. Raises OSError."""
    check_regular(path)
    return os.fdopen(os.open(path, _APPEND, mode), "ab")


def sync(path: str | Path) -> None:
    """Wait until the file, or the names in the folder, are on the disk. Raises OSError."""
    if os.name == "nt" and os.path.isdir(path):  # noqa: PTH112
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(paths: Iterable[str]) -> None:
    """Wait until the files, and the names in the folders, at `paths` are on the disk.

    Several files are synced with their whole file system if it can do that: 1,375 files of 141 MB
    take 0.07 s instead of 0.29 s. Raises OSError.
    """
    systems: dict[int, list[str]] = {}
    for path in paths:
        systems.setdefault(os.stat(path).st_dev, []).append(path)  # noqa: PTH116
    for members in systems.values():
        if len(members) == 1 or not _sync_system(members[0]):
            _sync_each(members)


def _sync_system(path: str) -> bool:
    """Sync the file system of `path`. Return False if it cannot do that reliably."""
    if sys.platform != "linux":
        return False
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    file = os.open(path, os.O_RDONLY)
    try:
        about = (
            ctypes.c_long * 64
        )()  # twice the size of struct statfs, whose first field is the type
        if library.fstatfs(file, about) == 0 and about[0] == _FUSE:
            return False  # the serving process may not be notified
        if library.syncfs(file) == 0:
            return True
    finally:
        os.close(file)
    number = ctypes.get_errno()
    if number == errno.ENOSYS:
        return False
    raise OSError(number, os.strerror(number), path)


def _sync_each(paths: Iterable[str]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(_SYNCING) as pool:
        for _ in pool.map(sync, paths):
            pass
