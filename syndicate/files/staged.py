"""Documents -> files in the output folder: each whole, and only where its bytes differ.

Every file is staged beside its place first. Only when all of them are there and on the disk are
they renamed over. A build that fails on the way changes nothing. ARCHITECTURE.md, "Durability", has
the order and its reasons.
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
    """Bring `output` to hold `documents`, and no more those of `earlier` that are not among them.

    `earlier` are paths that builds before this one wrote; no file but these and the documents' own
    is ever touched. At the paths in `keep` others have their own files: these stay, and no Change
    tells of them unless they are as the documents are. `dry_run` tells what would be done. Changes
    come in the documents' order, removals last. Raises OutputError, with everything as it was
    unless the disk fails during the renames themselves; the next build then does what is left.
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
    """Write each document that differs from its file beside that file, for `commit`.

    Several processes may each stage some of the documents of one build: nothing is synced here.
    See `write` for the arguments. Raises OutputError, and what `documents` raises, with the files
    removed that this call staged; those of other calls are the caller's to `discard`.
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
                    _unlink(_beside(target))  # a killed build may have left it
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
    """Rename the files over that `stage` wrote, and remove those of `earlier` that are unwanted.

    Everything that was staged is on the disk before the first rename, and all names are before this
    returns. Return `changes` with the removals. Raises OutputError as `write`; what was staged and
    not renamed is then removed.
    """
    place = _Places(output)
    changes = tuple(changes)
    staged = [] if dry_run else [each.path for each in changes if each.action != "unchanged"]
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
    """Remove what is staged for `paths`, as far as the disk allows.

    Call it where a build has failed: no exception hides the one that says why.
    """
    place = _Places(output)
    for path in paths:
        with suppress(OSError, OutputError):
            _unlink(_beside(place(path)))


def sweep(paths: Iterable[str], output: Path) -> None:
    """Remove what a build that was killed has left beside the files at `paths`.

    Raises OutputError.
    """
    place = _Places(output)
    with _reported(output, "removed"):
        for path in paths:
            _unlink(_beside(place(path)))


@contextmanager
def _reported(output: Path, done: str = "written") -> Iterator[None]:
    """Raise OSErrors as OutputErrors, which say that something cannot be `done`."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or output)
        raise OutputError(where, f"cannot be {done} ({error.strerror})", _CURE) from error


class _Places:
    """Places of paths below the output folder. Each folder is checked once, and made once."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._real = output.resolve()
        self._safe = {""}  # the output folder itself
        self._made: set[str] = set()

    def __call__(self, path: str) -> str:
        """Return the file's place.

        Raises OutputError where `path` leads out of the output folder, by name or by link.
        """
        if not is_plain(path) or not self._is_inside(path.rpartition("/")[0]):
            raise OutputError(path, "leads out of the output folder", "nothing was written")
        return f"{self._output}/{path}"

    def make_folder(self, target: str) -> None:
        """Make the folder of the file `target`. Raises OSError."""
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
    """Sync every folder from those of the files at `paths` up to the one that holds `output`."""
    folders: set[str] = set()
    for path in paths:
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            folders.add(f"{output}/{folder}")
    if folders:
        above = str(output.absolute().parent)  # the output folder may be new
        # A folder that was removed needs no sync, and one that may not be read can have none.
        sync_all(each for each in (*sorted(folders), above) if os.access(each, os.R_OK))


def _action(target: str, document: Writable) -> Literal["created", "updated", "unchanged"]:
    try:
        with open_own(target, limit=document.size) as before:
            same = all(before.read(len(piece)) == piece for piece in document.pieces())
    except (FileNotFoundError, NotADirectoryError):
        return "created"
    except Refused as error:
        if error.errno != errno.EFBIG:
            raise
        same = False  # there is more in it
    return "unchanged" if same else "updated"


def _beside(target: str) -> str:
    """Return where `target` is staged: always the same place, so that nothing piles up."""
    folder, _, name = target.rpartition("/")
    return f"{folder}/.{name}.part"


def _unlink(file: str) -> None:
    """Remove `file` if it is there."""
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(file)  # noqa: PTH108  a Path costs more than the call


def _remove(target: Path, output: Path, *, dry_run: bool) -> bool:
    """Return whether there was anything to remove."""
    there = target.is_file()
    if not dry_run:
        if there or not target.is_dir():  # where a folder stands by now, ours is gone
            target.unlink(missing_ok=True)
        _unlink(_beside(str(target)))
        _remove_empty(target.parent, output)
    return there


def _remove_empty(folder: Path, output: Path) -> None:
    while folder != output and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
