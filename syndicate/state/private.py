"""Write the files of the state folder: readable by this user only, and replaced as a whole.

The files name unpublished posts, targets, and the targets' errors.
"""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path
from stat import S_IMODE, S_ISLNK

from syndicate.files.write import sync, write_new

__all__ = ["FILE_MODE", "discard_part", "make_folder", "make_private", "replace_file", "set_aside"]

FILE_MODE = 0o600
_FOLDER_MODE = 0o700
_OTHERS = 0o077


def make_folder(folder: Path) -> None:
    """Make `folder` for this user only. An existing folder stays unchanged. Raises OSError.

    The new folder is synced to the disk.
    """
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    for path in new:
        with suppress(PermissionError):  # an unreadable folder cannot be synced
            sync(path.parent)


def replace_file(file: Path, data: bytes) -> None:
    """Replace the contents of `file` by `data`. Raises OSError.

    After a power cut, the file holds the old contents or `data`, as a whole.
    """
    make_folder(file.parent)
    part = _part(file)
    write_new(part, data, sync=True, mode=FILE_MODE)
    part.replace(file)


def discard_part(file: Path) -> None:
    """Remove the part file that a killed process left of `file`. Raises OSError."""
    _part(file).unlink(missing_ok=True)


def _part(file: Path) -> Path:
    return file.with_name(f".{file.name}.part")


def make_private(*paths: Path) -> None:
    """Remove the permissions of other users on `paths`, which older versions granted."""
    for path in paths:
        with suppress(OSError):  # missing, or another user's
            mode = path.lstat().st_mode
            if mode & _OTHERS and not S_ISLNK(mode):
                path.chmod(S_IMODE(mode) & ~_OTHERS)


def set_aside(path: Path) -> None:
    """Rename the file at `path`, which may be another program's, to a free name. Raises OSError."""
    names = (path.with_name(f"{path.name}.unusable{number or ''}") for number in count())
    path.replace(next(name for name in names if not os.path.lexists(name)))
