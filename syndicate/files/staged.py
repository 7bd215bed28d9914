"""Atomic writing of documents to the output folder, only if their bytes differ.

All files are staged beside their places and synced before the first one is renamed. A build that
fails before that changes nothing. ARCHITECTURE.md, "Durability", explains the order.
"""

import errno
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from syndicate.errors import OutputError
from syndicate.files.names import is_plain
from syndicate.files.read import Refused, open_own
from syndicate.files.write import sync_all, write_new
from syndicate.model import Change, Writable

__all__ = ["commit", "discard", "stage", "sweep", "write"]

_CURE = "set [output] path to a folder that you may write to"


def write(
    documents: Iterable[Writable],
    output: Path,
    *,
    earlier: Collection[str] = (),
    keep: Collection[str] = (),
    dry_run: bool = False,
) -> tuple[Change, ...]:
    """Write `documents` to `output`, and remove the other files of `earlier`.

    `earlier` are the paths that earlier builds wrote; no file but these and the documents' own is
    changed. Files at the paths in `keep` belong to others: they stay, and have a Change only if
    they equal their document. `dry_run` changes nothing. Return the changes in the order of the
    documents, removals last. Raises OutputError; nothing has changed then, unless the disk failed
    during the renames, which the next build completes.
    """
    changes = stage(documents, output, keep=keep, dry_run=dry_run)
    return commit(changes, output, earlier=earlier, dry_run=dry_run)


def stage(
    documents: Iterable[Writable],
    output: Path,
    *,
    keep: Collection[str] = (),
    dry_run: bool = False,
) -> tuple[Change, ...]:
    """Write each document that differs from its file beside this file, for `commit`.

    Nothing is synced here, and several processes may stage documents of one build. See `write` for
    the arguments. Raises OutputError and the exceptions of `documents`; the files staged by this
    call are removed then. The caller must `discard` those of other calls.
    """
    place = _Places(output)
    changes: list[Change] = []
    staged: list[str] = []
    try:
        with _reported(output):
            for document in documents:
                target = place(document.path)
                action = _action(target, document)
                if document.path in keep and action != "unchanged":
                    continue
                changes.append(Change(document.path, action))
                if dry_run:
                    continue
                if action == "unchanged":
                    _unlink(_beside(target))  # left by a killed build
                    continue
                staged.append(document.path)
                place.make_folder(target)
                write_new(_beside(target), document.pieces())
    except BaseException:
        discard(staged, output)
        raise
    return tuple(changes)


def commit(
    changes: Iterable[Change],
    output: Path,
    *,
    earlier: Collection[str] = (),
    dry_run: bool = False,
) -> tuple[Change, ...]:
    """Rename the staged files into place, and remove the unwanted files of `earlier`.

    All staged files are synced before the first rename, and all folders before this returns. Return
    `changes` and the removals. Raises OutputError as `write` does; staged files that were not
    renamed are removed then.
    """
    place = _Places(output)
    changes = tuple(changes)
    staged = [] if dry_run else [it.path for it in changes if it.action != "unchanged"]
    try:
        with _reported(output):
            targets = list(map(place, staged))
            wanted = {change.path for change in changes}
            unwanted = {path: Path(place(path)) for path in sorted(set(earlier) - wanted)}
            sync_all(map(_beside, targets))
            for target in targets:
                os.replace(_beside(target), target)  # noqa: PTH105  atomic on every system
            gone = [
                path
                for path, target in unwanted.items()
                if _remove(target, output, dry_run=dry_run)
            ]
            if not dry_run:
                _sync_names((*staged, *gone), output)
    except BaseException:
        discard(staged, output)
        raise
    return (*changes, *(Change(path, "removed") for path in gone))


def discard(paths: Iterable[str], output: Path) -> None:
    """Remove the staged files of `paths` after a failed build.

    Errors are ignored, so that they do not hide the error of the build.
    """
    place = _Places(output)
    for path in paths:
        with suppress(OSError, OutputError):
            _unlink(_beside(place(path)))


def sweep(paths: Iterable[str], output: Path) -> None:
    """Remove the staged files of `paths` that a killed build has left. Raises OutputError."""
    place = _Places(output)
    with _reported(output, "removed"):
        for path in paths:
            _unlink(_beside(place(path)))


@contextmanager
def _reported(output: Path, done: str = "written") -> Iterator[None]:
    """Convert OSError to OutputError with the message "cannot be `done`"."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or output)
        raise OutputError(where, f"cannot be {done} ({error.strerror})", _CURE) from error


class _Places:
    """File names for paths below the output folder. Each folder is checked and created once."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._real = output.resolve()
        self._safe = {""}  # the output folder itself
        self._made: set[str] = set()

    def __call__(self, path: str) -> str:
        """Return the file name of `path`.

        Raises OutputError if `path` leads out of the output folder, by name or by a link.
        """
        if not is_plain(path) or not self._is_inside(path.rpartition("/")[0]):
            raise OutputError(path, "leads out of the output folder", "nothing was written")
        return f"{self._output}/{path}"

    def make_folder(self, target: str) -> None:
        """Create the folder of the file `target`. Raises OSError."""
        folder = target.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            self._made.add(folder)

    def _is_inside(self, folder: str) -> bool:
        if folder in self._safe:
            return True
        if os.path.islink(f"{self._output}/{folder}"):  # noqa: PTH114
            inside = (self._output / folder).resolve().is_relative_to(self._real)
        else:
            inside = self._is_inside(folder.rpartition("/")[0])
        if inside:
            self._safe.add(folder)
        return inside


def _sync_names(paths: Iterable[str], output: Path) -> None:
    """Sync the folders of the files at `paths`, their parents, and the parent of `output`."""
    folders: set[str] = set()
    for path in paths:
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            folders.add(f"{output}/{folder}")
    if folders:
        above = str(output.absolute().parent)  # the output folder may be new
        # A removed folder needs no sync, and an unreadable one cannot be synced.
        sync_all(it for it in (*sorted(folders), above) if os.access(it, os.R_OK))


def _action(target: str, document: Writable) -> Literal["created", "updated", "unchanged"]:
    try:
        with open_own(target, limit=document.size) as before:
            same = all(before.read(len(piece)) == piece for piece in document.pieces())
    except (FileNotFoundError, NotADirectoryError):
        return "created"
    except Refused as error:
        if error.errno != errno.EFBIG:
            raise
        same = False  # the file is longer
    return "unchanged" if same else "updated"


def _beside(target: str) -> str:
    """Return the staging name of `target`, which is always the same, so that none are left over."""
    folder, _, name = target.rpartition("/")
    return f"{folder}/.{name}.part"


def _unlink(file: str) -> None:
    """Remove `file` if it exists."""
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(file)  # noqa: PTH108  a Path costs more than the call


def _remove(target: Path, output: Path, *, dry_run: bool) -> bool:
    """Remove a file, its staged file and empty folders. Return whether the file existed."""
    exists = target.is_file()
    if not dry_run:
        if exists or not target.is_dir():  # a folder at this path is not ours
            target.unlink(missing_ok=True)
        _unlink(_beside(str(target)))
        _remove_empty(target.parent, output)
    return exists


def _remove_empty(folder: Path, output: Path) -> None:
    while folder != output and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
