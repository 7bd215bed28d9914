"""Read and write the ledger: the ids and dates under which readers know posts, in ``ledger.db``.

Without the ledger, readers would see old posts as new ones. So a record is removed only if no
reader can have seen its id, and a damaged file is rejected, never replaced.

Each row has a checksum of its key and record. The table `whole` has the number of rows and the sum
of their checksums. They detect changed, lost, doubled and exchanged rows, most of which SQLite
would accept.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zlib import crc32

import msgspec
from msgspec import Meta, Struct

from syndicate.state.database import Kind, UnusableFile, database, is_there, transaction
from syndicate.state.names import LEDGER_FILE
from syndicate.text.homes import NO_ADDRESS

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = [
    "FILE_NAME",
    "LEDGER",
    "Record",
    "Rows",
    "find",
    "is_provisional",
    "is_provisional_whole",
    "keep",
    "load",
    "rows",
    "salvage",
]

FILE_NAME = LEDGER_FILE
_CHECKED = 2
"""First version whose rows have checksums."""


def checksum(known_id: str, record: bytes) -> int:
    """Return the CRC-32 of a row. It detects all damage of up to 32 adjacent bits.

    It takes a third of the time of BLAKE2.
    """
    return crc32(record, crc32(known_id.encode()))


LEDGER = Kind(
    name="ledger",
    application_id=0x53594C44,
    migrations=(
        ("CREATE TABLE records (id TEXT PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID",),
        (
            "ALTER TABLE records ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0",
            "UPDATE records SET checksum = ledger_checksum(id, record)",
            "CREATE TABLE whole (rows INTEGER NOT NULL, checksums INTEGER NOT NULL)",
            "INSERT INTO whole SELECT count(*), coalesce(sum(checksum), 0) FROM records",
        ),
    ),
    cure="restore a backup, or move the file away and import an export with `syndicate ledger "
    "import`. Without the ledger, readers may see old posts as new",
    durable=True,
    functions=(("ledger_checksum", 2, checksum),),
    readable_from=1,
)

Instant = Annotated[datetime, Meta(tz=True)]


class Rows(Struct, frozen=True):
    """The ledger's rows: ids, records in JSON, and one line of text per damage.

    `unsound` holds the indexes of the damaged rows.
    """

    ids: Sequence[str] = ()
    records: Sequence[bytes] = ()
    damage: Sequence[str] = ()
    unsound: Sequence[int] = ()


class Record(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """The id and dates under which readers know a post, and the values that recognise it.

    `url` is the address in the last build, `past` holds the earlier addresses, oldest first.
    `path`, `digest` and `dated` are the values of the last build (see `Post`). `own` is the id in
    the front matter then. `withdrawn` is the time of the first build without the post, None while
    the post exists.

    `adopted`: the record comes from an older feed, and no post has matched it yet. Its `path`,
    `digest` and `dated` are empty, and `url` may be. `from_feed`: the id comes from an older feed,
    so readers know it. `provisional`: made while the blog's address was unknown, so no reader
    knows the id.
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
    from_feed: bool = False
    provisional: bool = False


def is_provisional(record: Record) -> bool:
    """Return True if no reader knows the record. Records from before the field count too."""
    if record.adopted or record.from_feed:
        return False
    return record.provisional or record.id.startswith(NO_ADDRESS)


def load(state: Path) -> tuple[Record, ...]:
    """Return all records by id, withdrawn posts included; none if there is no ledger yet.

    Raises UnusableFile for a damaged file, and StateError if it cannot be read now.
    """
    stored = rows(state)
    if stored.damage:
        others = f" and {len(stored.damage) - 1} more" if len(stored.damage) > 1 else ""
        what = f"is damaged: {stored.damage[0]}{others}; `syndicate ledger verify` lists all damage"
        raise UnusableFile(str(state / FILE_NAME), what, LEDGER.cure)
    try:
        # One call for all records is twice as fast as one call per record.
        return msgspec.json.decode(b"[%b]" % b",".join(stored.records), type=tuple[Record, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        what = f"holds a record that cannot be read ({error}); `syndicate ledger verify` finds it"
        raise UnusableFile(str(state / FILE_NAME), what, LEDGER.cure) from error


def salvage(state: Path) -> tuple[tuple[Record, ...], Sequence[str]]:
    """Return the undamaged records, and one line per damage. Raises as `load` does."""
    stored = rows(state)
    unsound = frozenset(stored.unsound)
    sound = (data for index, data in enumerate(stored.records) if index not in unsound)
    records = {record.id: record for record in map(msgspec.json.Decoder(Record).decode, sound)}
    return tuple(records.values()), stored.damage


def find(state: Path, ids: Iterable[str]) -> dict[str, Record]:
    """Return the undamaged records with these ids. Call it only after `load` of the same file.

    Raises UnusableFile and StateError.
    """
    sql = "SELECT record, checksum FROM records WHERE id = ?"
    found = {}
    with database(state / FILE_NAME, LEDGER, read_only=True) as connection:
        for known_id in ids:
            row = connection.execute(sql, (known_id,)).fetchone()
            if row and _computed(known_id, row[0]) == row[1]:
                found[known_id] = msgspec.json.decode(row[0], type=Record)
    return found


def is_provisional_whole(state: Path) -> bool:
    """Return True if every record has the field `provisional`. Raises as `find` does."""
    sql = "SELECT 1 FROM records WHERE instr(record, '\"provisional\":true') = 0 LIMIT 1"
    with database(state / FILE_NAME, LEDGER, read_only=True) as connection:
        return connection.execute(sql).fetchone() is None


def rows(state: Path) -> Rows:
    """Read all rows, ordered by id, and check their checksums. Raises as `load` does."""
    file = state / FILE_NAME
    if not is_there(file):
        return Rows()
    with database(file, LEDGER, read_only=True) as connection:
        connection.execute("BEGIN")  # read both tables in the same state
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < _CHECKED:
            return Rows(*_columns(connection, "id", "record"))
        whole = connection.execute("SELECT rows, checksums FROM whole").fetchall()
        ids, records, checksums = _columns(connection, "id", "record", "checksum")
    unsound = [
        index
        for index, (known_id, record, known) in enumerate(zip(ids, records, checksums, strict=True))
        if _computed(known_id, record) != known
    ]
    damage = [f"{ids[index]}: the row does not match its checksum" for index in unsound]
    if not damage and whole != [(len(ids), sum(checksums))]:
        damage = ["rows are missing or doubled"]
    return Rows(ids, records, damage, unsound)


def _columns(connection: "Connection", *names: str) -> Sequence[Sequence[Any]]:
    sql = f"SELECT {', '.join(names)} FROM records ORDER BY id"  # noqa: S608  our own names
    found = connection.execute(sql).fetchall()
    return list(zip(*found, strict=True)) or [()] * len(names)


def _computed(known_id: str, record: bytes) -> int:
    """Return the row's checksum; -1 if a column has the wrong type."""
    try:
        return crc32(record, crc32(known_id.encode()))
    except (AttributeError, TypeError):
        return -1


def keep(state: Path, records: Iterable[Record], dropped: Collection[str] = ()) -> None:
    """Insert or replace `records` by id, in one transaction. Raises StateError.

    Also remove the records with the ids `dropped`, which no reader can have seen. A ledger of an
    older version is migrated, even if there is nothing to write.
    """
    changed = list(_encoded(records))
    file = state / FILE_NAME
    if not changed and not is_there(file):
        return
    with database(file, LEDGER) as connection:
        if not changed and not dropped:
            return
        with transaction(connection):
            _drop(connection, dropped)
            _put(connection, changed)


def _drop(connection: "Connection", ids: Iterable[str]) -> None:
    for known_id in ids:
        where = "FROM records WHERE id = ?"
        taken = connection.execute(f"SELECT checksum {where}", (known_id,)).fetchall()
        connection.executemany("UPDATE whole SET rows = rows - 1, checksums = checksums - ?", taken)
        connection.execute(f"DELETE {where}", (known_id,))


def _put(connection: "Connection", changed: Sequence[tuple[str, bytes, int]]) -> None:
    added = total = 0
    for known_id, _, new in changed:
        old = connection.execute(
            "SELECT checksum FROM records WHERE id = ?", (known_id,)
        ).fetchone()
        added += old is None
        total += new - (old[0] if old else 0)
    connection.executemany(
        "INSERT INTO records VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE "
        "SET record = excluded.record, checksum = excluded.checksum",
        changed,
    )
    connection.execute(
        "UPDATE whole SET rows = rows + ?, checksums = checksums + ?", (added, total)
    )


def _encoded(records: Iterable[Record]) -> Iterator[tuple[str, bytes, int]]:
    """Yield the rows of `records`. Of two records with one id, the last is written."""
    encoder = msgspec.json.Encoder()
    for record in {record.id: record for record in records}.values():
        data = encoder.encode(record)
        yield record.id, data, checksum(record.id, data)
