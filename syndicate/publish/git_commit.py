"""The commit of one run: the changes to a branch, and their stream for git fast-import."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from msgspec import Struct

from syndicate.config.target_faults import is_git_path
from syndicate.config.targets import GitTarget
from syndicate.errors import DeliveryError
from syndicate.publish.git_branch import LISTING, NEXT, Branch, Entry, entries_at
from syndicate.publish.target import File, Transfer, content

__all__ = ["Change", "changes_of", "import_stream"]


class Change(Struct, frozen=True):
    """Change of one path of the branch. A removal has no `file`."""

    path: str
    file: File | None = None
    new: bool = False


def changes_of(branch: Branch, transfer: Transfer, tip: str, folder: str) -> list[Change]:
    """Return the changes that `transfer` makes below `folder` of the branch's commit `tip`.

    Removals come first, since they may make room for a file. Raises DeliveryError if a file and a
    folder would have the same path.
    """
    entries = entries_at(branch, tip)
    changes = [
        Change(at)
        for path in transfer.remove
        if _may_remove(branch, transfer, path, entries.get(at := _at(branch, folder, path)))
    ]
    left = entries.keys() - {change.path for change in changes}
    folders = {str(parent) for path in left for parent in PurePosixPath(path).parents}
    for file in transfer.send:
        path = _at(branch, folder, file.path)
        _refuse_clash(branch, path, left, folders)
        if not _is_same(entries.get(path), content(transfer.root, file)):
            changes.append(Change(path, file, new=path not in entries))
    return changes


def import_stream(
    config: GitTarget, root: Path, changes: Sequence[Change], tip: str
) -> Iterator[bytes]:
    """Yield the input of git fast-import: one commit of `changes` on top of `tip`, if any."""
    yield f"commit {NEXT}\ncommitter {config.author} now\n".encode()
    yield from _data(f"{config.message}\n\n{_counts(changes)}\n".encode())
    if tip:
        yield f"from {tip}\n".encode()
    for change in changes:
        if change.file is None:
            yield b"D %s\n" % _quoted(change.path)
        else:
            yield b"M 100644 inline %s\n" % _quoted(change.path)
            yield from _data(content(root, change.file))


def _at(branch: Branch, folder: str, path: str) -> str:
    """Return the path in the branch of a file of the output folder."""
    if not is_git_path(path):
        what, cure = f"git does not accept the path {path!r}", "rename the category or the layout"
        raise DeliveryError(branch.where, what, cure)
    return f"{folder}/{path}" if folder else path


def _may_remove(branch: Branch, transfer: Transfer, path: str, entry: Entry | None) -> bool:
    if entry is None or not entry.is_file:
        return False
    data = branch.clone("cat-file", "blob", entry.id, kept=LISTING)
    return transfer.is_ours(path, hashlib.sha256(data).hexdigest())


def _refuse_clash(branch: Branch, path: str, files: set[str], folders: set[str]) -> None:
    above = {str(parent) for parent in PurePosixPath(path).parents}
    if path in folders or not above.isdisjoint(files):
        raise DeliveryError(
            branch.where,
            f"{path} cannot be written: the branch has a folder at its path, or a file above it",
            "move that away on the branch, or set another folder",
        )


def _is_same(entry: Entry | None, data: bytes) -> bool:
    """Return whether git's object id of `data` is that of the entry."""
    if entry is None or not entry.is_file:
        return False
    digest = hashlib.new("sha1" if len(entry.id) == 40 else "sha256", usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data))
    digest.update(data)
    return digest.hexdigest() == entry.id


def _counts(changes: Sequence[Change]) -> str:
    removed = sum(change.file is None for change in changes)
    added = sum(change.new for change in changes)
    changed = len(changes) - added - removed
    counts = ((added, "added"), (changed, "changed"), (removed, "removed"))
    return ", ".join(f"{count} {word}" for count, word in counts if count)


def _data(data: bytes) -> Iterator[bytes]:
    yield b"data %d\n" % len(data)
    yield data
    yield b"\n"


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return b'"%s"' % escaped.encode("utf-8", "surrogateescape")
