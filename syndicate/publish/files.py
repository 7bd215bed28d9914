"""Documents -> files in the output folder: each whole, and only where its bytes differ.

Every file is written beside its place and synced first; only when all of them are there are they
renamed over. A build that fails on the way changes nothing.
"""

import errno
import os
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Literal

from syndicate.errors import OutputError
from syndicate.files.read import Refused, read_own
from syndicate.files.write import sync, write_new
from syndicate.model import Change, Document

__all__ = ["sweep", "write"]

SYNCING = 4
"""Files that are on their way to the disk at once."""
_CURE = "set [output] path to a folder that you may write to"


def sweep(paths: Iterable[str], output: Path) -> None:
    """Remove what a build that was killed has left beside the files at `paths`.

    Raises OutputError.
    """
    place = _Places(output)
    try:
        for path in paths:
            _beside(place(path)).unlink(missing_ok=True)
    except OSError as error:
        where = str(error.filename or output)
        raise OutputError(where, f"cannot be removed ({error.strerror})", _CURE) from error


def write(
    documents: Iterable[Document],
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
    place = _Places(output)
    staged: list[tuple[Path, Path]] = []
    try:
        changes = _stage_all(documents, place, staged, keep=keep, dry_run=dry_run)
        wanted = {change.path for change in changes}
        unwanted = [(path, place(path)) for path in sorted(set(earlier) - wanted)]
        for temporary, target in staged:
            os.replace(temporary, target)  # noqa: PTH105  one call, atomic on every system
        for folder in {target.parent for _, target in staged}:
            sync(folder)  # a rename is on the disk only when its folder is
        gone = [path for path, target in unwanted if _remove(target, output, dry_run=dry_run)]
    except OSError as error:
        where = str(error.filename or output)
        raise OutputError(where, f"cannot be written ({error.strerror})", _CURE) from error
    finally:
        for temporary, _ in staged:
            with suppress(OSError):  # the reason of the failure is told; this would hide it
                temporary.unlink(missing_ok=True)
    return (*changes, *(Change(path, "removed") for path in gone))


def _stage_all(
    documents: Iterable[Document],
    place: Callable[[str], Path],
    staged: list[tuple[Path, Path]],
    *,
    keep: Collection[str],
    dry_run: bool,
) -> list[Change]:
    """Write what differs beside its place, noting each in `staged`; return when all is on disk."""
    changes: list[Change] = []
    # The disk works while the next document is being made.
    with ThreadPoolExecutor(SYNCING) as pool:
        syncs = []
        for document in documents:
            target = place(document.path)
            action = _action(target, document.data)
            if document.path in keep and action != "unchanged":
                continue
            changes.append(Change(document.path, action))
            if dry_run:
                continue
            temporary = _beside(target)
            if action == "unchanged":
                temporary.unlink(missing_ok=True)  # a killed build may have left it
                continue
            staged.append((temporary, target))
            target.parent.mkdir(parents=True, exist_ok=True)
            write_new(temporary, document.data)
            syncs.append(pool.submit(sync, temporary))
        for done in syncs:
            done.result()
    return changes


class _Places:
    """Where paths lie below the output folder. Each folder on the way is looked at once."""

    def __init__(self, output: Path) -> None:
        self._output = output
        self._real = output.resolve()
        self._safe: set[Path] = set()

    def __call__(self, path: str) -> Path:
        """Raises OutputError where `path` leads out of the folder, by name or by link."""
        parts = PurePosixPath(path).parts
        target = self._output.joinpath(*parts)
        climbs = not parts or any(part in ("..", "/") or "\0" in part for part in parts)
        if climbs or not self._is_inside(target.parent):
            raise OutputError(path, "leads out of the output folder", "nothing was written")
        return target

    def _is_inside(self, folder: Path) -> bool:
        if folder not in self._safe:
            if not folder.resolve().is_relative_to(self._real):
                return False
            self._safe.add(folder)
        return True


def _action(target: Path, after: bytes) -> Literal["created", "updated", "unchanged"]:
    try:
        same = read_own(target, len(after)) == after
    except (FileNotFoundError, NotADirectoryError):
        return "created"
    except Refused as error:
        if error.errno != errno.EFBIG:
            raise
        same = False  # there is more in it
    return "unchanged" if same else "updated"


def _beside(target: Path) -> Path:
    """Where `target` is written first: always the same, so that nothing piles up."""
    return target.with_name(f".{target.name}.part")


def _remove(target: Path, output: Path, *, dry_run: bool) -> bool:
    """Whether there was anything to remove."""
    there = target.is_file()
    if not dry_run:
        if there or not target.is_dir():  # where a folder stands by now, ours is gone
            target.unlink(missing_ok=True)
        _beside(target).unlink(missing_ok=True)
        _remove_empty(target.parent, output)
    return there


def _remove_empty(folder: Path, output: Path) -> None:
    while folder != output and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
