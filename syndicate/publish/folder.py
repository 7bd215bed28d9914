"""A folder of this machine as a target: a web server's root, another site's output, a mount.

Files are written beside their places and renamed over, as in the output folder; what others did
to them since is seen, and repaired.
"""

import errno
import hashlib
from pathlib import Path

from syndicate.config.targets import FolderTarget
from syndicate.errors import DeliveryError, OutputError
from syndicate.files.read import open_own
from syndicate.files.staged import write
from syndicate.model import Document
from syndicate.publish.target import Done, File, Surroundings, Target, Transfer, content, located

__all__ = ["open_target"]

_LASTING = frozenset((errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR))
_CURE = "let this user write there, or set another path"


def open_target(config: FolderTarget, around: Surroundings) -> Target:
    """The folder that `config` names. Raises ConfigError for one that cannot be named."""
    path = located(config.path, around.folder, f"publish.{config.name}.path")
    return _Folder(config.name, path)


class _Folder:
    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._folder = folder

    def missing(self, files: tuple[File, ...]) -> set[str]:
        """The paths that do not have the bytes they should have."""
        return {file.path for file in files if self._digest(file.path) != file.digest}

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Put all files in place, or none where the disk refuses one; then take away."""
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
                "lies in the output folder itself",
                "set another path, or leave this target out: the feeds are there already",
            )

    def _may_remove(self, transfer: Transfer, path: str) -> bool:
        digest = self._digest(path)
        return digest is not None and transfer.is_ours(path, digest)

    def _write(self, transfer: Transfer, remove: list[str]) -> None:
        documents = (
            Document(file.path, file.type, content(transfer.root, file)) for file in transfer.send
        )
        try:
            # Not its parents: where those are missing, so is the disk they should be on.
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
                "see that nothing else writes there, and that the disk is sound",
                transient=True,
            )

    def _digest(self, path: str) -> str | None:
        try:
            with open_own(self._folder / path) as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            return None  # writing will say what is wrong with it


def _refused(where: str, what: str, cause: BaseException | None) -> DeliveryError:
    lasting = not isinstance(cause, OSError) or cause.errno in _LASTING
    return DeliveryError(where, what, _CURE, transient=not lasting)
