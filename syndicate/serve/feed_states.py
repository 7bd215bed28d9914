"""What was served before: when a file's bytes last changed, and which entries each state had.

``serve.db`` in the state folder. Deleting it costs each reader one full answer. A file's bytes
that come back unchanged (written again, copied, cloned) keep their date.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.serve.feed_parts import Outline
from syndicate.state.database import Kind, database, transaction

__all__ = ["FILE_NAME", "MOST_STATES", "Seen", "recall", "see", "seen_anew"]

FILE_NAME = "serve.db"
MOST_STATES = 500
"""How many past states of a feed are told apart; a reader with an older one gets it whole."""

_KIND = Kind(
    name="memory of what was served",
    application_id=0x53594E53,
    migrations=(("CREATE TABLE seen (path TEXT PRIMARY KEY, row BLOB NOT NULL) WITHOUT ROWID",),),
    cure="remove it: readers then get each feed whole once more",
)


class Seen(Struct, frozen=True):
    """A file as it was last seen, and, of a feed, the states it had before.

    `modified` is in seconds since 1970. States are numbered from 1 as they come: `states` maps
    each digest to its number and the digest of its shell, `entries` each entry of now to the
    number of the state since which it has been there.
    """

    digest: str
    modified: int
    number: int = 1
    states: dict[str, tuple[int, str]] = {}
    entries: dict[str, int] = {}

    def lacking(self, state: int) -> tuple[str, ...]:
        """The entries of now that a reader lacks who has seen the state of that number."""
        return tuple(entry for entry, since in self.entries.items() if since > state)


def see(
    state_folder: Path, path: str, digest: str, feed: Outline | None, *, first: int, now: int
) -> Seen:
    """Take note of the file at `path`, whose bytes have `digest`; what is now known of it.

    `first` is its date where it was never seen before, `now` where it has changed since. Raises
    StateError.
    """
    with database(state_folder / FILE_NAME, _KIND) as connection:
        if (known := _row(connection, path)) and known.digest == digest:
            return known
        with transaction(connection):
            seen = seen_anew(_row(connection, path), digest, feed, first=first, now=now)
            row = msgspec.msgpack.encode(seen)
            connection.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (path, row))
    return seen


def recall(state_folder: Path, path: str) -> Seen | None:
    """What is known of the file at `path`. Raises StateError."""
    with database(state_folder / FILE_NAME, _KIND) as connection:
        return _row(connection, path)


def _row(connection: object, path: str) -> Seen | None:
    found = connection.execute(  # type: ignore[attr-defined]
        "SELECT row FROM seen WHERE path = ?", (path,)
    ).fetchone()
    return msgspec.msgpack.decode(found[0], type=Seen) if found else None


def seen_anew(
    before: Seen | None, digest: str, feed: Outline | None, *, first: int, now: int
) -> Seen:
    """What is known after `before` of a file that now has `digest`."""
    if before and before.digest == digest:
        return before
    number = before.number + 1 if before else 1
    # Dates count seconds: two states of one second must differ (RFC 9110 8.8.2.2).
    modified = max(now, before.modified + 1) if before else first
    if feed is None:
        return Seen(digest, modified, number)
    earlier = before or Seen("", 0)
    states = {name: state for name, state in earlier.states.items() if name != digest}
    states[digest] = (number, feed.shell)
    return Seen(
        digest=digest,
        modified=modified,
        number=number,
        states=dict(list(states.items())[-MOST_STATES:]),
        entries={piece.digest: earlier.entries.get(piece.digest, number) for piece in feed.pieces},
    )
