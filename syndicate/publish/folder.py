"""Target that is a folder of this machine: a web server's root, a site's output, a mount.

Files are staged beside their places and renamed, as in the output folder. Files that others
changed or deleted there are sent again.
"""

import errno
import hashlib
from pathlib import Path

from syndicate.config.targets import FolderTarget
from syndicate.errors import DeliveryError, OutputError
from syndicate.files.read import open_own
from syndicate.files.staged import write
from syndicate.model import Document
from syndicate.publish.target import (
    Done,
    File,
    Target,
    TargetContext,
    Transfer,
    content,
    resolved_path,
)

__all__ = ["open_target"]

_LASTING = frozenset((errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR))
_CURE = "let this user write there, or set another path"


def open_target(config: FolderTarget, context: TargetContext) -> Target:
    """Return the target of `config`. Raises ConfigError for a path with an unknown "~user"."""
    path = resolved_path(config.path, context.folder, f"publish.{config.name}.path")
    return _Folder(config.name, path)


class _Folder:
    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder

    def missing(self, files: tuple[File, ...]) -> set[str]:
        """Return the paths of files that are absent or have other bytes."""
        return {file.path for file in files if self._digest(file.path) != file.digest}

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Write all files, or none if the disk rejects one; then remove."""
        self._refuse_own_output(transfer.root)
        remove = [path for path in transfer.remove if self._may_remove(transfer, path)]
        self._write(transfer, remove)
        for file in transfer.send:
            self._verify(file)
            done(file.path, file.digest)
        for path in transfer.remove:
            done(path, None)

    def _refuse_own_output(self, root: Path) -> None:
        if self._folder.resolve().is_relative_to(root.resolve()):
            raise DeliveryError(
                str(self._folder),
                "is inside the output folder",
                "set another path, or delete this target: the feeds are there already",
            )

    def _may_remove(self, transfer: Transfer, path: str) -> bool:
        digest = self._digest(path)
        return digest is not None and transfer.is_ours(path, digest)

    def _write(self, transfer: Transfer, remove: list[str]) -> None:
        documents = (
            Document(file.path, file.type, content(transfer.root, file)) for file in transfer.send
        )
        try:
            # Without parents: if they are missing, their disk is probably not mounted.
            self._folder.mkdir(exist_ok=True)
            write(documents, self._folder, earlier=remove)
        except OutputError as error:
            raise _refused(error.where, error.what, error.__cause__) from error
        except OSError as error:
            where = str(error.filename or self._folder)
            raise _refused(where, f"cannot be written ({error.strerror})", error) from error

    def _verify(self, file: File) -> None:
        if self._digest(file.path) != file.digest:
            raise DeliveryError(
                str(self._folder / file.path),
                "does not read back as it was written",
                "check that no other program writes there, and that the disk is healthy",
                transient=True,
            )

    def _digest(self, path: str) -> str | None:
        try:
            with open_own(self._folder / path) as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None  # writing the file will report the cause


def _refused(where: str, what: str, cause: BaseException | None) -> DeliveryError:
    lasting = not isinstance(cause, OSError) or cause.errno in _LASTING
    return DeliveryError(where, what, _CURE, transient=not lasting)
