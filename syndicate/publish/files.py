"""Documents -> files in the output folder: each whole, and only where its bytes differ.

Every file is written beside its place and synced first; only when all of them are there are they
renamed over. A build that fails on the way changes nothing.
"""

import os
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from typing import Literal

from syndicate.errors import OutputError
from syndicate.model import Change, Document

__all__ = ["write"]

SYNCING = 4
"""Files that are on their way to the disk at once."""
_CURE = "set [output] path to a folder that you may write to"


def write(
    documents: Iterable[Document],
    output: Path,
    *,
    earlier: Collection[str] = (),
    dry_run: bool = False,
) -> tuple[Change, ...]:
    """Bring `output` to hold `documents`, and no more those of `earlier` that are not among them.

    `earlier` are the paths that builds before this one wrote; no file but these and the
    documents' own is ever touched. `dry_run` tells what would be done. Changes come in the
    documents' order, removals last. Raises OutputError, with everything as it was unless the
    disk fails during the renames themselves.
    """
    changes: list[Change] = []
    staged: list[tuple[Path, Path]] = []
    place = _Places(output)
    try:
        # The disk works while the next document is being made.
        with ThreadPoolExecutor(SYNCING) as pool:
            syncs = []
            for document in documents:
                target = place(document.path)
                before = _bytes(target)
                changes.append(Change(document.path, _action(before, document.data)))
                if before != document.data and not dry_run:
                    staged.append((_stage(target, document.data), target))
                    syncs.append(pool.submit(_sync, staged[-1][0]))
            for sync in syncs:
                sync.result()
        for temporary, target in staged:
            os.replace(temporary, target)  # noqa: PTH105  one call, atomic on every system
    except OSError as error:
        where = str(error.filename or output)
        raise OutputError(where, f"cannot be written ({error.strerror})", _CURE) from error
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
    for folder in {target.parent for _, target in staged}:
        _sync(folder)  # a rename is on the disk only when its folder is
    wanted = {change.path for change in changes}
    gone = (_remove(place(path), path, output, dry_run) for path in sorted(set(earlier) - wanted))
    return (*changes, *(change for change in gone if change))


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


def _bytes(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _action(before: bytes | None, after: bytes) -> Literal["created", "updated", "unchanged"]:
    if before is None:
        return "created"
    return "unchanged" if before == after else "updated"


def _stage(target: Path, data: bytes) -> Path:
    """Write `data` beside `target`."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # The same name each time: what a killed build left behind is overwritten by the next.
    temporary = target.with_name(f".{target.name}.part")
    temporary.write_bytes(data)
    return temporary


def _sync(path: Path) -> None:
    """Return when the file, or the names in the folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(target: Path, path: str, output: Path, dry_run: bool) -> Change | None:
    if not target.is_file():
        return None
    if not dry_run:
        target.unlink()
        _remove_empty(target.parent, output)
    return Change(path, "removed")


def _remove_empty(folder: Path, output: Path) -> None:
    while folder != output and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
