"""Store rendered entries in one file, to which several processes append.

The cache has the place and the digest of every entry. A damaged or lost entry is rendered again.
"""

import errno
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG

from msgspec import Struct

from syndicate.state.private import FILE_MODE, make_folder, set_aside
from syndicate.state.refusals import unwritable

__all__ = ["FILE_NAME", "EntryFile", "Place", "entry_file"]

FILE_NAME = "entries.bin"
_MARK = b"syndicate entries 1\n"
"""First bytes of the file. A file without them is another program's."""
_OPEN = (
    os.O_RDWR
    | os.O_CREAT
    | os.O_APPEND
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_SLACK_BYTES = 1_000_000


class Place(Struct, frozen=True, array_like=True, gc=False):
    """Position of an entry in the file. The size 0 means no entry."""

    at: int = 0
    size: int = 0

    @property
    def end(self) -> int:
        """Return the first byte after the entry."""
        return self.at + self.size


class EntryFile:
    """An open file of entries. Parent and child processes may append and read."""

    def __init__(self, file: int, path: Path) -> None:
        self._file, self._path = file, path
        self._process = os.getpid()

    def append(self, entries: Sequence[bytes]) -> list[Place]:
        """Append `entries` and return their places. Raises StateError."""
        file, data = self._own(), b"".join(entries)
        try:
            os.lseek(file, 0, os.SEEK_END)
            written = os.write(file, data)
        except OSError as error:
            raise unwritable(error, self._path) from error
        if written < len(data):
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise unwritable(full, self._path)
        at = os.lseek(file, 0, os.SEEK_CUR) - len(data)
        places = []
        for entry in entries:
            places.append(Place(at, len(entry)))
            at += len(entry)
        return places

    def read(self, place: Place) -> bytes:
        """Return the bytes at `place`; fewer if the file is damaged."""
        try:
            os.lseek(self._own(), place.at, os.SEEK_SET)
            return os.read(self._own(), place.size)
        except OSError:
            return b""

    def size(self) -> int:
        """Return the size of the file in bytes."""
        return os.fstat(self._own()).st_size

    def is_slack(self, used: int) -> bool:
        """Return True if more than half of the file is unused. `used` is in bytes."""
        return self.size() > 2 * used + _SLACK_BYTES

    def cut(self, end: int) -> None:
        """Remove the bytes after `end`, which a killed build left."""
        os.ftruncate(self._own(), max(end, len(_MARK)))

    def compacted(self, places: Mapping[str, Place]) -> dict[str, Place]:
        """Keep only the entries at `places`, if they are less than half of the file.

        Return the new places; empty if the file is unchanged. Raises StateError. If the build is
        killed before it stores the new places, the entries are lost.
        """
        if not self.is_slack(sum(place.size for place in places.values())):
            return {}
        moved, end = {}, len(_MARK)
        try:
            with self._path.open("r+b", buffering=0) as file:
                for name, place in sorted(places.items(), key=lambda item: item[1].at):
                    file.seek(end)  # entries only move towards the start
                    file.write(self.read(place))
                    moved[name] = Place(end, place.size)
                    end += place.size
                file.truncate(end)
        except OSError as error:
            raise unwritable(error, self._path) from error
        return moved

    def _own(self) -> int:
        """Return this process's own descriptor. The parent's would share its position."""
        if self._process != os.getpid():
            self._file = os.open(f"/proc/self/fd/{self._file}", _OPEN & ~os.O_CREAT)
            self._process = os.getpid()
        return self._file


@contextmanager
def entry_file(folder: Path | None) -> Iterator[EntryFile]:
    """Open the file of the state folder `folder`, or a temporary one. Raises StateError.

    Another program's file at this path is renamed.
    """
    if folder is None:
        from tempfile import TemporaryFile, gettempdir

        with TemporaryFile(buffering=0) as temporary:
            yield EntryFile(temporary.fileno(), Path(gettempdir()))
        return
    path = folder / FILE_NAME
    try:
        make_folder(folder)
        file = _opened(path)
    except OSError as error:
        raise unwritable(error, path) from error
    try:
        yield EntryFile(file, path)
    finally:
        os.close(file)


def _opened(path: Path) -> int:
    with suppress(IsADirectoryError):
        file = os.open(path, _OPEN, FILE_MODE)
        if _is_ours(file):
            return file
        os.close(file)
    set_aside(path)
    file = os.open(path, _OPEN | os.O_EXCL, FILE_MODE)
    os.write(file, _MARK)
    return file


def _is_ours(file: int) -> bool:
    """Return True if the file is regular, and is empty or begins with the mark."""
    stat = os.fstat(file)
    if not S_ISREG(stat.st_mode):
        return False
    if not stat.st_size:
        os.write(file, _MARK)
    os.lseek(file, 0, os.SEEK_SET)
    return os.read(file, len(_MARK)) == _MARK
