"""Files of the state folder: readable by this user alone, and each replaced as a whole.

They tell of posts that are not published, of targets and of what went wrong there.
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
    """Make `folder` for this user alone; one that is there stays as it is. Raises OSError.

    The folder is on the disk when this returns: what is synced in it is not lost with it.
    """
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
    for each in made:
        with suppress(PermissionError):  # a folder that may not be read cannot be synced
            sync(each.parent)


def replace_file(file: Path, data: bytes) -> None:
    """Put `data` into `file`, whole or not at all. Raises OSError.

    After a power cut the file holds `data` or what it held before.
    """
    make_folder(file.parent)
    part = _part(file)
    write_new(part, data, sync=True, mode=FILE_MODE)
    part.replace(file)


def discard_part(file: Path) -> None:
    """Remove what a killed process has left of replacing `file`. Raises OSError."""
    _part(file).unlink(missing_ok=True)


def _part(file: Path) -> Path:
    return file.with_name(f".{file.name}.part")


def make_private(*paths: Path) -> None:
    """Take from others what an older version let them do with `paths`, where this user may."""
    for path in paths:
        with suppress(OSError):  # not there, or another user's
            mode = path.lstat().st_mode
            if mode & _OTHERS and not S_ISLNK(mode):
                path.chmod(S_IMODE(mode) & ~_OTHERS)


def set_aside(path: Path) -> None:
    """Rename whatever is at `path`: it may be somebody's. Raises OSError."""
    names = (path.with_name(f"{path.name}.unusable{number or ''}") for number in count())
    path.replace(next(name for name in names if not os.path.lexists(name)))
