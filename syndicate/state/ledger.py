"""The ledger: what feed readers know of each post, kept for ever in ``ledger.db``.

Losing it costs the readers, who then see old posts as new ones: nothing here ever removes a
record, and a file that cannot be used is refused, never replaced.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from syndicate.state.database import Kind, UnusableFile, database, is_there, transaction

__all__ = ["FILE_NAME", "LEDGER", "Record", "keep", "load", "rows"]

FILE_NAME = "ledger.db"

LEDGER = Kind(
    name="ledger",
    application_id=0x53594C44,
    migrations=(
        ("CREATE TABLE records (id TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID",),
    ),
    cure="put a backup in its place, or move it away and `syndicate ledger import` an export: "
    "without it readers may see old posts as new",
    durable=True,
)


Instant = Annotated[datetime, Meta(tz=True)]


class Record(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """What readers know of a post, and what it is recognised by.

    `id` and `published` as readers have them, `url` the address of the last build, `past` the
    earlier ones, oldest first. `path`, `digest` and `dated` as the last build found them (see
    `Post`). `own` is the id that the front matter gave then. `withdrawn` is when the post was
    first missing, None while it is there. `adopted`: taken from an older feed, and no post has
    been found to be it yet; `path`, `digest` and `dated` are then empty, and `url` may be.
    """

    id: str
    url: str
    title: str
    published: Instant
    updated: Instant
    path: str = ""
    digest: str = ""
    dated: str = ""
    own: str = ""
    past: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    withdrawn: Instant | None = None
    adopted: bool = False


def load(state: Path) -> tuple[Record, ...]:
    """Every record by its id, those of withdrawn posts too; none where there is no ledger yet.

    Raises UnusableFile, and StateError where it cannot be read just now.
    """
    found = [data for _, data in rows(state)]
    try:
        # One call for all is twice as fast as one for each.
        return msgspec.json.decode(b"[%b]" % b",".join(found), type=tuple[Record, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        what = f"holds a record that cannot be read ({error}); `syndicate ledger verify` names it"
        raise UnusableFile(str(state / FILE_NAME), what, LEDGER.cure) from error


def rows(state: Path) -> Sequence[tuple[str, bytes]]:
    """Each id with its record's JSON, by id. Raises as `load` does."""
    file = state / FILE_NAME
    if not is_there(file):
        return ()
    with database(file, LEDGER, read_only=True) as connection:
        return connection.execute("SELECT id, record FROM records ORDER BY id").fetchall()


def keep(state: Path, records: Iterable[Record]) -> None:
    """Write `records` over those with the same ids: all of them, or none. Raises StateError."""
    changed = list(_encoded(records))
    if not changed:
        return
    with database(state / FILE_NAME, LEDGER) as connection, transaction(connection):
        connection.executemany(
            "INSERT INTO records VALUES (?, ?) "
            "ON CONFLICT (id) DO UPDATE SET record = excluded.record",
            changed,
        )


def _encoded(records: Iterable[Record]) -> Iterator[tuple[str, bytes]]:
    encoder = msgspec.json.Encoder()
    return ((record.id, encoder.encode(record)) for record in records)
