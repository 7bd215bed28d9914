"""The seam between what was built and the places it is published to.

`deliver` (deliver.py) compares the output folder with what a target is believed to hold, and gives
the target a Transfer. A target sends, verifies, and says of each file that it is there; it keeps
nothing itself. Each kind of target is one module with a function

    open_target(config, around: Surroundings) -> Target

that connects to nothing yet. It raises ConfigError where a credential that the configuration
names is missing.
"""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct

from syndicate.errors import ConfigError, DeliveryError
from syndicate.files.read import OWN_BYTES, read_own

__all__ = ["Done", "File", "Surroundings", "Target", "Transfer", "Watchful", "content", "located"]

Done = Callable[[str, str | None], None]
"""Told ``(path, digest)`` of a file once it is confirmed there, ``(path, None)`` of one removed.

May be called from any thread. Raises DeliveryError where the run is to be abandoned: let it pass.
"""


class File(Struct, frozen=True):
    """A file of the output folder.

    `path` is below that folder, with "/"; `digest` is SHA-256 in hex; `size` in bytes; `type` is
    the media type, with the charset where one applies. `encoding` is "gzip", "br" or "zstd" for
    a prepared variant (atom.xml.gz), whose `type` is that of what it unpacks to. `feed`: readers
    subscribe to it. Files of one `rank` may arrive in any order, after all those of lower ones.
    """

    path: str
    digest: str
    size: int
    type: str
    encoding: str = ""
    feed: bool = False
    rank: int = 0


class Transfer(Struct, frozen=True):
    """What one run has to do at one target.

    `root` is the output folder. `send` is in the order in which files must arrive: what feeds refer
    to, then feeds, then lists of feeds. `remove` comes after everything is sent; it names only what
    this target was told to put there. `held` maps each path to the digests it may have there
    now, "" standing for "not there": one where the last run ended well, several after one
    that was cut short. `files` is all that the target should hold in the end.
    """

    root: Path
    send: tuple[File, ...] = ()
    remove: tuple[str, ...] = ()
    held: Mapping[str, tuple[str, ...]] = {}
    files: tuple[File, ...] = ()

    def is_ours(self, path: str, digest: str) -> bool:
        """Whether what is there now, with SHA-256 `digest` ("" if not known), may be removed.

        After a run that was cut short a path may never have been ours: only bytes that we sent are
        then removed. Where the last run ended well, the path is ours whatever its bytes.
        """
        digests = self.held.get(path, ())
        return (digest != "" and digest in digests) if "" in digests else bool(digests)


class Surroundings(Struct, frozen=True):
    """What a target may know of the run.

    `folder` is where relative paths of the configuration start. `work` is a folder of the target's
    own for what it wants to keep (a clone): it may not exist yet, and may be deleted between runs.
    `environ` is the environment: nobody below reads os.environ. `site` is the home page's
    address, without a trailing slash; empty where not known.
    """

    folder: Path
    work: Path
    environ: Mapping[str, str]
    site: str = ""


class Target(Protocol):
    """A place that files are published to."""

    name: str

    def deliver(self, transfer: Transfer, done: Done) -> None:
        """Send, then remove; verify each step by size, digest or ETag, and tell `done` of it.

        What was confirmed before a failure stays confirmed: the next run does the rest. Readers
        never see half a file where the target can avoid it. Nothing but `send` and `remove` is
        touched. Returns when all is done, in bounded time. Raises DeliveryError, with no credential
        in its words.
        """
        ...


@runtime_checkable
class Watchful(Protocol):
    """A target that can cheaply see what others did to it."""

    def missing(self, files: tuple[File, ...]) -> set[str]:
        """The paths of those `files` that are not there, or not with these bytes."""
        ...


def located(path: str, folder: Path, where: str) -> Path:
    """`path` of the configuration, from `folder`. Raises ConfigError for a "~" of nobody's."""
    try:
        return folder / Path(path).expanduser()
    except RuntimeError:
        raise ConfigError(where, f"{path}: no such home folder", "write the path out") from None


def content(root: Path, file: File) -> bytes:
    """The bytes of `file`. Raises DeliveryError (transient) where they are not those meant."""
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
            "publish again when the build has ended",
            transient=True,
        )
    return data
