"""Interface of targets, the places that feeds are published to.

`deliver` (deliver.py) compares the output folder with the target's holdings and passes the
difference to the target as a Transfer. The target sends the files, verifies them and confirms each
one; it keeps no record. A kind of target is one module with a function

    open_target(config, context: TargetContext) -> Target

that does not connect yet. It raises ConfigError if a configured credential is missing.
"""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct

from syndicate.errors import ConfigError, DeliveryError
from syndicate.files.read import OWN_BYTES, read_own

__all__ = [
    "DetectsChanges",
    "Done",
    "File",
    "Target",
    "TargetContext",
    "Transfer",
    "content",
    "resolved_path",
]

Done = Callable[[str, str | None], None]
"""Confirms a file: ``(path, digest)`` after sending, ``(path, None)`` after removing it.

Thread-safe. Raises DeliveryError to interrupt the run; a target must not catch it.
"""


class File(Struct, frozen=True):
    """File of the output folder.

    `path` is relative to that folder, with "/". `digest` is its SHA-256 in hex, `size` is in bytes,
    `type` is the media type with its charset. `encoding` is "gzip", "br" or "zstd" for a compressed
    variant (atom.xml.gz), whose `type` is that of the plain file. `feed` marks the files that
    readers subscribe to. Files are sent by ascending `rank`, within a rank in any order.
    """

    path: str
    digest: str
    size: int
    type: str
    encoding: str = ""
    feed: bool = False
    rank: int = 0


class Transfer(Struct, frozen=True):
    """Changes that one run makes at one target.

    `root` is the output folder. `send` is in the order of delivery: files that feeds refer to, then
    feeds, then lists of feeds. `remove` follows; it names only files that earlier runs sent.
    `held` maps a path to the digests that it may have at the target, "" for an absent file: one
    digest after a complete run, several after an interrupted one. `files` are all files that the
    target should hold in the end.
    """

    root: Path
    send: tuple[File, ...] = ()
    remove: tuple[str, ...] = ()
    held: Mapping[str, tuple[str, ...]] = {}
    files: tuple[File, ...] = ()

    def is_ours(self, path: str, digest: str) -> bool:
        """Return whether the file at `path` with SHA-256 `digest` ("" if unknown) may be removed.

        After a complete run the path is ours, whatever its bytes. After an interrupted run only
        bytes that we sent are ours, since the path may never have been written.
        """
        digests = self.held.get(path, ())
        return (digest != "" and digest in digests) if "" in digests else bool(digests)


class TargetContext(Struct, frozen=True):
    """Environment of a target in a run.

    Relative paths of the configuration start at `folder`. `work` is the target's own folder for
    files it wants to keep (a clone); it may not exist yet, and may be deleted between runs.
    `environ` replaces os.environ, which no target reads. `site` is the home page's address without
    a trailing slash, or "" if unknown.
    """

    folder: Path
    work: Path
    environ: Mapping[str, str]
    site: str = ""


class Target(Protocol):
    """Place that files are published to."""

    name: str

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Send, then remove. Verify each file by size, digest or ETag, and confirm it with `done`.

        After a failure the confirmed files stay confirmed, and the next run does the rest. A file
        is replaced atomically if the target can do that. No other file is changed. Returns in
        bounded time. Raises DeliveryError, whose text contains no credential.
        """
        ...


@runtime_checkable
class DetectsChanges(Protocol):
    """Target that can cheaply detect changes by other programs."""

    def missing(self, files: tuple[File, ...]) -> set[str]:
        """Return the paths of `files` that are absent or have other bytes."""
        ...


def resolved_path(path: str, folder: Path, where: str) -> Path:
    """Return a configured path, relative to `folder`. Raises ConfigError for an unknown "~user"."""
    try:
        return folder / Path(path).expanduser()
    except RuntimeError:
        cure = "write the path without ~"
        raise ConfigError(where, f"{path}: no such home folder", cure) from None


def content(root: Path, file: File) -> bytes:
    """Return the bytes of `file`. Raises a transient DeliveryError if its digest differs."""
    try:
        data = read_own(root / file.path, OWN_BYTES)
    except OSError as error:
        raise DeliveryError(
            str(root / file.path),
            f"cannot be read ({error.strerror})",
            "build again, and publish again",
            transient=True,
        ) from error
    if hashlib.sha256(data).hexdigest() != file.digest:
        raise DeliveryError(
            str(root / file.path),
            "changed while it was sent",
            "publish again after the build has ended",
            transient=True,
        )
    return data
