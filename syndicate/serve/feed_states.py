"""History of the served files: date of their last change, and the entries of past feed states.

It is ``serve.db`` in the state folder. If it is deleted, each reader receives its feeds whole
once. A file with unchanged bytes keeps its date, even if it was written again or copied.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.serve.feed_parts import Outline
from syndicate.state.database import Kind, database, transaction

__all__ = ["FILE_NAME", "MOST_STATES", "FileHistory", "next_history", "recall", "record_file"]

FILE_NAME = "serve.db"
MOST_STATES = 500
"""Number of past feed states kept; a reader with an older state receives the whole feed."""

_KIND = Kind(
    name="history of served files",
    application_id=0x53594E53,
    migrations=(("CREATE TABLE seen (path TEXT PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID",),),
    cure="delete it; readers then receive each feed whole once more",
)


class FileHistory(Struct, frozen=True):
    """Last known state of a file; for a feed also its past states.

    `modified` is in seconds since 1970. States are numbered from 1. `states` maps the digest of a
    state to its number and the digest of its shell. `entries` maps each present entry to the number
    of the first state that contains it.
    """

    digest: str
    modified: int
    number: int = 1
    states: dict[str, tuple[int, str]] = {}
    entries: dict[str, int] = {}

    def lacking(self, state: int) -> tuple[str, ...]:
        """Return the present entries that are newer than the state with this number."""
        return tuple(entry for entry, since in self.entries.items() if since > state)


def record_file(
    state_folder: Path, path: str, digest: str, feed: Outline | None, *, first: int, now: int
) -> FileHistory:
    """Record that the file at `path` has `digest`, and return its history.

    Its date becomes `first` if it is new, and `now` if it has changed. Raises StateError.
    """
    with database(state_folder / FILE_NAME, _KIND) as connection:
        if (known := _row(connection, path)) and known.digest == digest:
            return known
        with transaction(connection):
            history = next_history(_row(connection, path), digest, feed, first=first, now=now)
            row = msgspec.msgpack.encode(history)
            connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (path, row))
    return history


def recall(state_folder: Path, path: str) -> FileHistory | None:
    """Return the history of the file at `path`. Raises StateError."""
    with database(state_folder / FILE_NAME, _KIND) as connection:
        return _row(connection, path)


def _row(connection: object, path: str) -> FileHistory | None:
    row = connection.execute(  # type: ignore[attr-defined]
        "SELECT row FROM seen WHERE path = ?", (path,)
    ).fetchone()
    return msgspec.msgpack.decode(row[0], type=FileHistory) if row else None


def next_history(
    before: FileHistory | None, digest: str, feed: Outline | None, *, first: int, now: int
) -> FileHistory:
    """Return the history that follows `before` for a file that now has `digest`."""
    if before and before.digest == digest:
        return before
    number = before.number + 1 if before else 1
    # Dates count seconds: two states of one second must differ (RFC 9110 8.8.2.2).
    modified = max(now, before.modified + 1) if before else first
    if feed is None:
        return FileHistory(digest, modified, number)
    earlier = before or FileHistory("", 0)
    states = {name: state for name, state in earlier.states.items() if name != digest}
    states[digest] = (number, feed.shell)
    return FileHistory(
        digest=digest,
        modified=modified,
        number=number,
        states=dict(list(states.items())[-MOST_STATES:]),
        entries={piece.digest: earlier.entries.get(piece.digest, number) for piece in feed.pieces},
    )
