"""Read files without waiting, and only those that lie where they may.

Every file is opened without blocking, must be a regular file, and is read up to a limit. Files of
a blog are untrusted: `read_inside` and its like follow links only as far as they stay in the blog's
folder. `read_own` and its like are for the user's and this program's own files, and follow links.

All functions raise OSError; `strerror` and `filename` are always set. `Refused` is raised for what
the system would read and this program does not, `LeadsOut` for a link out of the blog's folder.
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
"""Limit for a file that this program wrote: large enough for any, small enough for a memory."""
_LINK = (errno.ELOOP, errno.EMLINK)
"""Errors of O_NOFOLLOW where a link stands: Linux and macOS, FreeBSD."""


class Refused(OSError):
    """A file that this program does not read: no regular file, too large, or an impossible name."""


class LeadsOut(Refused):
    """A link, or a path with "..", that leads out of the blog's folder."""


def read_inside(root: str | Path, path: str, limit: int) -> bytes:
    """Return the bytes of the file at `path` below the blog's folder `root`.

    Raises LeadsOut where a link anywhere on the path leads out of `root`, and Refused where the
    file is no regular file or larger than `limit` bytes.
    """
    return _whole(*_open(real_inside(root, path), _NOFOLLOW), path, limit)


def head_inside(root: str | Path, path: str, limit: int) -> bytes:
    """Return the first `limit` bytes of the file. Raises as `read_inside`, for any size."""
    return _head(*_open(real_inside(root, path), _NOFOLLOW), limit)


def read_beside(root: str | Path, path: str, limit: int) -> bytes:
    """Return the first `limit` bytes of a file in a folder that is known to lie in the blog.

    As fast as a plain open: only where the file itself is a link is the whole path resolved.
    Raises as `head_inside`.
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
    """Return the bytes of a file of the user's or of ours. Raises Refused as `read_inside`."""
    return _whole(*_open(str(path)), str(path), limit)


def head_own(path: str | Path, limit: int) -> bytes:
    """Return the first `limit` bytes of a file of the user's or of ours."""
    return _head(*_open(str(path)), limit)


def open_own(path: str | Path, *, limit: int = OWN_BYTES, follow: bool = True) -> BufferedReader:
    """Open a file of the user's or of ours, to read it piece by piece. Raises as `read_own`."""
    file, size = _open(str(path), 0 if follow else _NOFOLLOW)
    if size > limit:
        os.close(file)
        raise Refused(errno.EFBIG, f"larger than {_size(limit)}", str(path))
    return os.fdopen(file, "rb")


def check_regular(path: str | Path) -> None:
    """Raise Refused where something other than a regular file is at `path`; nothing may be."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116  a NUL raises here, and is an answer to Path
    except FileNotFoundError:
        return
    except ValueError:
        raise _impossible(str(path)) from None
    if not S_ISREG(mode):
        raise _not_regular(str(path), mode)


def real_inside(root: str | Path, path: str) -> str:
    """Return the path of the file without links. Raises LeadsOut where it is not below `root`.

    This is the one rule of containment for files of a blog.
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
    """Return whether something other than a folder is at `path`, be it readable or not.

    A link to nothing is there. What lies in a folder that may not be entered is not.
    """
    try:
        return not S_ISDIR(os.stat(path).st_mode)  # noqa: PTH116  a third of Path's time
    except (OSError, ValueError):
        return os.path.islink(path)  # noqa: PTH114  False for names that no file can have


def first_there(root: str | Path, names: Iterable[str]) -> str:
    """Return the first of the files below `root` that is there; empty where none is."""
    return next((name for name in names if is_there(f"{root}/{name}")), "")


def is_folder(path: str | Path) -> bool:
    """Return whether a folder is at `path`, as far as can be seen. Raises nothing."""
    return os.path.isdir(path)  # noqa: PTH112  Path.is_dir raises where a folder may not be entered


def may_be_folder(path: str | Path) -> bool:
    """Return whether a folder is at `path`, or may be, in one that this user may not enter."""
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
    """Return the sorted names in a folder of the blog; none where there is no such folder.

    Raises LeadsOut, and OSError where the folder may not be looked into.
    """
    try:
        return sorted(os.listdir(real_inside(root, folder)))  # noqa: PTH208  names are all
    except (FileNotFoundError, NotADirectoryError):
        return []


def _open(path: str, flags: int = 0) -> tuple[int, int]:
    """Open a regular file and return its descriptor and size in bytes."""
    try:
        file = os.open(path, _READ | flags)  # a third of what Path.open() takes
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
