"""Write a file anew, whatever stands in its place."""

import os
from pathlib import Path

__all__ = ["write_new"]

_NEW = (
    os.O_WRONLY
    | os.O_CREAT
    | os.O_EXCL  # never through a link, never into a FIFO that nobody reads
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
