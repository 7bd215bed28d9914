"""Status of the daemon, stored as status.json in the state folder."""

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
    "HubStatus",
    "State",
    "Status",
    "TargetStatus",
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
    """Result of one build. `failed` holds the error of a broken build; its counts are then 0.

    `files` counts files written or removed. `seconds` excludes publishing.
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


class TargetStatus(Struct, frozen=True):
    """Status of a target: files sent and still pending, and its failures in a row.

    `good` is the time of the last complete delivery. `again` is the time of the next attempt.
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


class HubStatus(Struct, frozen=True):
    """Status of a hub: `told` counts the pings that it accepted, `failed` holds its last error."""

    hub: str
    told: int = 0
    failures: int = 0
    failed: str = ""
    again: datetime | None = None


class Waiting(Struct, frozen=True):
    """Post dated ahead, with the time when it falls due."""

    path: str
    due: datetime


class FeedFile(Struct, frozen=True):
    """Feed file in the output folder: `size` in bytes."""

    path: str
    entries: int
    size: int


class Totals(Struct, frozen=True):
    """Counts since the daemon was started. `seconds` is the total time of its builds."""

    builds: int = 0
    failed: int = 0
    seconds: float = 0.0


class Status(Struct, frozen=True):
    """Status of the whole daemon. `builds`, `waiting`, `problems` and `feeds` are cut short.

    `builds` begins with the latest, `waiting` with the post that falls due next. `planned` maps a
    reason to the time of its next build. `refused` is the error of a configuration on disk that
    was rejected; empty if the daemon uses the configuration on disk.
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
    targets: tuple[TargetStatus, ...] = ()
    hubs: tuple[HubStatus, ...] = ()
    feeds: tuple[FeedFile, ...] = ()
    feed_count: int = 0
    refused: str = ""


def write(state: Path, status: Status) -> None:
    """Write status.json atomically. Raises StateError."""
    file = state / FILE_NAME
    try:
        replace_file(file, msgspec.json.format(msgspec.json.encode(status), indent=1))
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        cure = "free some space on the disk, or check who may write there"
        raise StateError(str(error.filename or file), what, cure) from error


def read(state: Path) -> Status | None:
    """Read status.json; return None if no daemon has run yet. Raises StateError."""
    file = state / FILE_NAME
    try:
        return msgspec.json.decode(read_own(file, OWN_BYTES), type=Status)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise StateError(
            str(file), f"cannot be read ({error})", "delete it; the daemon writes a new one"
        ) from error


def is_running(state: Path) -> bool:
    """Return whether a daemon holds the lock of the state folder."""
    return holder_of(state, DAEMON_LOCK) is not None
