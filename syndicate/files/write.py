"""Write a file anew, whatever stands in its place."""

import os
from pathlib import Path
from typing import BinaryIO

from syndicate.files.read import check_regular

__all__ = ["open_to_append", "sync", "write_new"]

_NEW = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL  # never through a link, never into a FIFO that nobody reads
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


def write_new(path: Path, data: bytes, *, sync: bool = False, mode: int = 0o666) -> None:
    """Write a new file at `path`; with `sync` return when it is on the disk.

    A file, link or FIFO that is there is removed, not written to. Raises OSError.
    """
    try:
        file = os.open(path, _NEW, mode)
    except FileExistsError:
        path.unlink()
        file = os.open(path, _NEW, mode)
    with os.fdopen(file, "wb") as stream:
        stream.write(data)
        if sync:
            stream.flush()
            os.fsync(file)


def open_to_append(path: Path, mode: int = 0o666) -> BinaryIO:
    """Open a regular file to write at its end; it is made where there is none. Raises OSError."""
    check_regular(path)
    return os.fdopen(os.open(path, _APPEND, mode), "ab")


def sync(path: Path) -> None:
    """Return when the file, or the names in the folder, are on the disk. Raises OSError."""
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
