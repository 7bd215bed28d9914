"""Read files without blocking, and only files in permitted places.

Every file must be a regular file, and is read up to a limit. Files of a blog are untrusted:
`read_inside`, `head_inside` and `read_beside` reject links that lead out of the blog's folder.
`read_own`, `head_own` and `open_own` read files of the user and of this program, and follow links.

All functions raise OSError with `strerror` and `filename`.
"""

import errno
import os
from collections.abc import Iterable
from io import BufferedReader
from pathlib import Path
from stat import S_ISDIR, S_ISREG

__all__ = [
    "OWN_BYTES",
    "LeadsOut",
    "Refused",
    "check_regular",
    "closed_at",
    "first_there",
    "head_inside",
    "head_own",
    "is_folder",
    "is_there",
    "may_be_folder",
    "names_in",
    "open_own",
    "read_beside",
    "read_inside",
    "read_own",
    "real_inside",
]

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_READ = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO without a writer would block
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
OWN_BYTES = 1_000_000_000
"""Size limit for files that this program wrote."""
_LINK = (errno.ELOOP, errno.EMLINK)
"""Errors of O_NOFOLLOW for a link: Linux and macOS, FreeBSD."""


class Refused(OSError):
    """Raised for a file that is not regular or too large, and for an impossible name."""


class LeadsOut(Refused):
    """Raised for a link, or a path with "..", that leads out of the blog's folder."""


def read_inside(root: str | Path, path: str, limit: int) -> bytes:
    """Return the bytes of the file at `path` below the blog's folder `root`.

    Raises LeadsOut if a link on the path leads out of `root`, and Refused if the file is not
    regular or larger than `limit` bytes.
    """
    return _whole(*_open(real_inside(root, path), _NOFOLLOW), path, limit)


def head_inside(root: str | Path, path: str, limit: int) -> bytes:
    """Return the first `limit` bytes of a file of any size. Raises as `read_inside` does."""
    return _head(*_open(real_inside(root, path), _NOFOLLOW), limit)


def read_beside(root: str | Path, path: str, limit: int) -> bytes:
    """Return the first `limit` bytes of a file whose folder is inside the blog.

    As fast as a plain open: the whole path is resolved only if the file is a link. Raises as
    `head_inside` does.
    """
    if not _NOFOLLOW:
        return head_inside(root, path, limit)
    try:
        file, size = _open(f"{root}/{path}", _NOFOLLOW)
    except OSError as error:
        if error.errno not in _LINK:
            raise
        return head_inside(root, path, limit)
    return _head(file, size, limit)


def read_own(path: str | Path, limit: int) -> bytes:
    """Return the bytes of one of the user's or our files. Raises Refused as `read_inside` does."""
    return _whole(*_open(str(path)), str(path), limit)


def head_own(path: str | Path, limit: int) -> bytes:
    """Return the first `limit` bytes of one of the user's or our files."""
    return _head(*_open(str(path)), limit)


def open_own(path: str | Path, *, limit: int = OWN_BYTES, follow: bool = True) -> BufferedReader:
    """Open one of the user's or our files. Raises as `read_own` does."""
    file, size = _open(str(path), 0 if follow else _NOFOLLOW)
    if size > limit:
        os.close(file)
        raise Refused(errno.EFBIG, f"larger than {_size(limit)}", str(path))
    return os.fdopen(file, "rb")


def check_regular(path: str | Path) -> None:
    """Raise Refused if something other than a regular file is at `path`."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  a NUL raises here, and is an answer to Path
    except FileNotFoundError:
        return
    except ValueError:
        raise _impossible(str(path)) from None
    if not S_ISREG(mode):
        raise _not_regular(str(path), mode)


def real_inside(root: str | Path, path: str) -> str:
    """Return the path without links. Raises LeadsOut if it is not `root` or below it.

    Every containment check of a blog's files is made here.
    """
    try:
        real = os.path.realpath(f"{root}/{path}")
        inside = real.startswith(os.path.join(os.path.realpath(root), ""))  # noqa: PTH118
    except ValueError:
        raise _impossible(path) from None
    if not inside and real != os.path.realpath(root):
        raise LeadsOut(errno.EINVAL, "leads out of the blog's folder", f"{root}/{path}")
    return real


def is_there(path: str | Path) -> bool:
    """Return whether something other than a folder is at `path`, readable or not.

    True for a broken link, False inside a folder that this user may not enter.
    """
    try:
        return not S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116  a third of Path's time
    except (OSError, ValueError):
        return os.path.islink(path)  # noqa: PTH114  False for names that no file can have


def first_there(root: str | Path, names: Iterable[str]) -> str:
    """Return the first name of an existing file below `root`; empty if there is none."""
    return next((name for name in names if is_there(f"{root}/{name}")), "")


def is_folder(path: str | Path) -> bool:
    """Return whether a folder is at `path`. Never raises."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises where a folder may not be entered


def may_be_folder(path: str | Path) -> bool:
    """Return whether a folder is at `path`; True if this user may not look."""
    try:
        return S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116
    except PermissionError:
        return True
    except (OSError, ValueError):
        return False


def closed_at(path: str) -> str:
    """Return the outermost folder above `path` that this user may not enter, else `path`."""
    above = reversed(Path(path).parents)
    return next((str(folder) for folder in above if not os.access(folder, os.X_OK)), path)


def names_in(root: str | Path, folder: str) -> list[str]:
    """Return the sorted names in a folder of the blog; none if there is no such folder.

    Raises LeadsOut, and OSError if the folder may not be read.
    """
    try:
        return sorted(os.listdir(real_inside(root, folder)))  # noqa: PTH208  names are all
    except (FileNotFoundError, NotADirectoryError):
        return []


def _open(path: str, flags: int = 0) -> tuple[int, int]:
    """Open a regular file and return its descriptor and size in bytes."""
    try:
        file = os.open(path, _READ | flags)  # three times as fast as Path.open()
    except ValueError:
        raise _impossible(path) from None
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise _not_regular(path, 0) from None
        raise
    stat = os.fstat(file)
    if not S_ISREG(stat.st_mode):
        os.close(file)
        raise _not_regular(path, stat.st_mode)
    return file, stat.st_size


def _whole(file: int, size: int, path: str, limit: int) -> bytes:
    with os.fdopen(file, "rb") as stream:
        data = stream.read(limit + 1) if size <= limit else b""
    if max(size, len(data)) > limit:
        raise Refused(errno.EFBIG, f"larger than {_size(limit)}", path)
    return data


def _head(file: int, size: int, limit: int) -> bytes:
    try:
        return os.read(file, min(size, limit))
    finally:
        os.close(file)


def _size(limit: int) -> str:
    return f"{limit // 1_000_000} MB" if limit >= 1_000_000 else f"{limit // 1_000} kB"


def _not_regular(path: str, mode: int) -> OSError:
    if S_ISDIR(mode):
        return IsADirectoryError(errno.EISDIR, "is a folder, not a file", path)
    return Refused(errno.EINVAL, "not a regular file", path)


def _impossible(path: str) -> Refused:
    return Refused(errno.EINVAL, "no file can have this name", path)
