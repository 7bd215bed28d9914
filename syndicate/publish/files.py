"""Documents -> files in the output folder: each whole, and only where its bytes differ.

Every file is written beside its place and synced first; only when all of them are there are they
renamed over. A build that fails on the way changes nothing.
"""

import os
from collections.abc import Collection, Iterable
from pathlib import Path, PurePosixPath

from syndicate.errors import OutputError
from syndicate.model import Change, Document

__all__ = ["write"]

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
    try:
        for document in documents:
            target = _inside(output, document.path)
            before = _bytes(target)
            changes.append(Change(document.path, _action(before, document.data)))
            if before != document.data and not dry_run:
                staged.append((_stage(target, document.data), target))
        for temporary, target in staged:
            os.replace(temporary, target)  # noqa: PTH105  one call, atomic on every system
    except OSError as error:
        where = str(error.filename or output)
        raise OutputError(where, f"cannot be written ({error.strerror})", _CURE) from error
    finally:
        for temporary, _ in staged:
            temporary.unlink(missing_ok=True)
    _sync_folders({target.parent for _, target in staged})
    wanted = {change.path for change in changes}
    gone = (_remove(output, path, dry_run) for path in sorted(set(earlier) - wanted))
    return (*changes, *(change for change in gone if change))


def _inside(output: Path, path: str) -> Path:
    """Where `path` lies below `output`. Raises OutputError if it leads out, by name or by link."""
    parts = PurePosixPath(path).parts
    target = output.joinpath(*parts)
    climbs = not parts or any(part in ("..", "/") or "\0" in part for part in parts)
    if climbs or not target.parent.resolve().is_relative_to(output.resolve()):
        raise OutputError(path, "leads out of the output folder", "nothing was written")
    return target


def _bytes(target: Path) -> bytes | None:
    try:
        return target.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _action(before: bytes | None, after: bytes) -> str:
    if before is None:
        return "created"
    return "unchanged" if before == after else "updated"


def _stage(target: Path, data: bytes) -> Path:
    """Write `data` beside `target` and make sure that it is on the disk."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # The same name each time: what a killed build left behind is overwritten by the next.
    temporary = target.with_name(f".{target.name}.part")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _sync_folders(folders: Collection[Path]) -> None:
    """A rename is on the disk only when its folder is."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _remove(output: Path, path: str, dry_run: bool) -> Change | None:
    target = _inside(output, path)
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
