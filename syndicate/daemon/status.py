"""What the daemon tells of itself, and status.json in the state folder, where it lies."""

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from syndicate.errors import StateError
from syndicate.files.read import OWN_BYTES, read_own
from syndicate.model import Problem
from syndicate.state.lock import holder_of
from syndicate.state.private import replace_file

__all__ = [
    "DAEMON_LOCK",
    "Build",
    "FeedFile",
    "HubAccount",
    "State",
    "Status",
    "TargetAccount",
    "Totals",
    "Waiting",
    "is_running",
    "read",
    "write",
]

DAEMON_LOCK = "daemon.lock"
FILE_NAME = "status.json"
State = Literal["starting", "idle", "building", "stopping", "stopped"]


class Build(Struct, frozen=True):
    """A build, and what came of it. `failed` says why it ended early; the counts are then 0.

    `files` were written or removed. `seconds` without publishing.
    """

    started: datetime
    seconds: float
    reasons: tuple[str, ...]
    failed: str = ""
    posts: int = 0
    feeds: int = 0
    files: int = 0
    rendered: int = 0
    problems: int = 0
    left_out: int = 0


class TargetAccount(Struct, frozen=True):
    """A target: how it went the last time, and what is to be done there still.

    `good` is when it last held everything. `again` is when it is tried again after `failures` in a
    row.
    """

    name: str
    kind: str
    place: str
    good: datetime | None = None
    sent: int = 0
    removed: int = 0
    pending: int = 0
    failures: int = 0
    failed: str = ""
    again: datetime | None = None


class HubAccount(Struct, frozen=True):
    """A hub: how many pings it took, and why it does not take them now."""

    hub: str
    told: int = 0
    failures: int = 0
    failed: str = ""
    again: datetime | None = None


class Waiting(Struct, frozen=True):
    """A post dated ahead."""

    path: str
    due: datetime


class FeedFile(Struct, frozen=True):
    """A feed as it lies in the output folder: `size` in bytes."""

    path: str
    entries: int
    size: int


class Totals(Struct, frozen=True):
    """Since the daemon was started. `seconds` is the time that builds took."""

    builds: int = 0
    failed: int = 0
    seconds: float = 0.0


class Status(Struct, frozen=True):
    """All of it. Of `builds`, `waiting`, `problems` and `feeds` only the first few are here.

    `builds` begins with the last one, `waiting` with the next to fall due. `planned` says when the
    next build is wanted, by reason. `refused` says why the configuration on disk is not in force;
    empty where it is.
    """

    version: str
    pid: int
    blog: str
    state: State
    started: datetime
    written: datetime
    totals: Totals = Totals()
    builds: tuple[Build, ...] = ()
    planned: dict[str, datetime] = {}
    waiting: tuple[Waiting, ...] = ()
    waiting_count: int = 0
    problems: tuple[Problem, ...] = ()
    problem_counts: dict[str, int] = {}
    targets: tuple[TargetAccount, ...] = ()
    hubs: tuple[HubAccount, ...] = ()
    feeds: tuple[FeedFile, ...] = ()
    feed_count: int = 0
    refused: str = ""


def write(state: Path, status: Status) -> None:
    """Put it where `read` finds it, whole or not at all. Raises StateError."""
    file = state / FILE_NAME
    try:
        replace_file(file, msgspec.json.format(msgspec.json.encode(status), indent=1))
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise StateError(
            str(error.filename or file), what, "see that the disk is not full"
        ) from error


def read(state: Path) -> Status | None:
    """What the daemon last wrote; None where none ever ran. Raises StateError."""
    file = state / FILE_NAME
    try:
        return msgspec.json.decode(read_own(file, OWN_BYTES), type=Status)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise StateError(
            str(file), f"cannot be read ({error})", "remove it; the daemon writes it anew"
        ) from error


def is_running(state: Path) -> bool:
    """Whether a daemon is at work on the state folder now."""
    return holder_of(state, DAEMON_LOCK) is not None
