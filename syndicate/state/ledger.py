"""The ledger: what feed readers know of each post, kept for ever in ``ledger.db``.

Losing it costs the readers, who then see old posts as new ones: a record is removed only if no
reader can have seen its id, and a file that cannot be used is refused, never replaced.

Each row carries a checksum of its key and record, and one row of `whole` their number and sum: a
changed, lost, doubled or exchanged row is refused. SQLite itself would take most of them.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zlib import crc32

import msgspec
from msgspec import Meta, Struct

from syndicate.homes import NO_ADDRESS
from syndicate.state.database import Kind, UnusableFile, database, is_there, transaction

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

FILE_NAME = "ledger.db"
_CHECKED = 2
"""The version from which rows carry checksums."""


def checksum(known_id: str, record: bytes) -> int:
    """Return the CRC-32 of a row: every damage of up to 32 adjacent bits changes it, in a third of
    the time of BLAKE2.
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
    cure="put a backup in its place, or move it away and `syndicate ledger import` an export: "
    "without it readers may see old posts as new",
    durable=True,
    functions=(("ledger_checksum", 2, checksum),),
    readable_from=1,
)

Instant = Annotated[datetime, Meta(tz=True)]


class Rows(Struct, frozen=True):
    """The ledger's rows: ids, the JSON of their records, and a line for each damage found.

    `unsound` are the places of the damaged rows.
    """

    ids: Sequence[str] = ()
    records: Sequence[bytes] = ()
    damage: Sequence[str] = ()
    unsound: Sequence[int] = ()


class Record(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """What readers know of a post, and what it is recognised by.

    `id` and `published` as readers have them, `url` the address of the last build, `past` the
    earlier ones, oldest first. `path`, `digest` and `dated` as the last build found them (see
    `Post`). `own` is the id that the front matter gave then. `withdrawn` is when the post was
    first missing, None while it is there. `adopted`: taken from an older feed, and no post has
    been found to be it yet; `path`, `digest` and `dated` are then empty, and `url` may be.
    `from_feed`: the post has the id that an older feed gave it, so readers know the id.
    `provisional`: made while the blog's address was unknown, so that no reader knows it.
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
    """Return whether no reader knows `record`, also in a ledger older than the mark."""
    if record.adopted or record.from_feed:
        return False
    return record.provisional or record.id.startswith(NO_ADDRESS)


def load(state: Path) -> tuple[Record, ...]:
    """Every record by its id, those of withdrawn posts too; none where there is no ledger yet.

    Raises UnusableFile, and StateError where it cannot be read just now.
    """
    read = rows(state)
    if read.damage:
        others = f" and {len(read.damage) - 1} more" if len(read.damage) > 1 else ""
        what = f"is damaged: {read.damage[0]}{others}; `syndicate ledger verify` names all"
        raise UnusableFile(str(state / FILE_NAME), what, LEDGER.cure)
    try:
        # One call for all is twice as fast as one for each.
        return msgspec.json.decode(b"[%b]" % b",".join(read.records), type=tuple[Record, ...])
    except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
        what = f"holds a record that cannot be read ({error}); `syndicate ledger verify` names it"
        raise UnusableFile(str(state / FILE_NAME), what, LEDGER.cure) from error


def salvage(state: Path) -> tuple[tuple[Record, ...], Sequence[str]]:
    """Return the sound records of a ledger, and a line for each damage. Raises as `load` does."""
    read = rows(state)
    unsound = frozenset(read.unsound)
    sound = (data for place, data in enumerate(read.records) if place not in unsound)
    records = {record.id: record for record in map(msgspec.json.Decoder(Record).decode, sound)}
    return tuple(records.values()), read.damage


def find(state: Path, ids: Iterable[str]) -> dict[str, Record]:
    """Return the sound records with these ids; to be used where `load` has read the same file.

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
    """Return whether every record says that it is provisional. Raises as `find`."""
    sql = "SELECT 1 FROM records WHERE instr(record, '\"provisional\":true') = 0 LIMIT 1"
    with database(state / FILE_NAME, LEDGER, read_only=True) as connection:
        return connection.execute(sql).fetchone() is None


def rows(state: Path) -> Rows:
    """Return the rows by id, with what their checksums say. Raises as `load` does."""
    file = state / FILE_NAME
    if not is_there(file):
        return Rows()
    with database(file, LEDGER, read_only=True) as connection:
        connection.execute("BEGIN")  # one moment for both tables
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version < _CHECKED:
            return Rows(*_columns(connection, "id", "record"))
        whole = connection.execute("SELECT rows, checksums FROM whole").fetchall()
        ids, records, checksums = _columns(connection, "id", "record", "checksum")
    unsound = [
        place
        for place, (known_id, record, known) in enumerate(zip(ids, records, checksums, strict=True))
        if _computed(known_id, record) != known
    ]
    damage = [f"{ids[place]}: the row does not fit its checksum" for place in unsound]
    if not damage and whole != [(len(ids), sum(checksums))]:
        damage = ["rows are missing, or stand there twice"]
    return Rows(ids, records, damage, unsound)


def _columns(connection: "Connection", *names: str) -> Sequence[Sequence[Any]]:
    sql = f"SELECT {', '.join(names)} FROM records ORDER BY id"  # noqa: S608  our own names
    found = connection.execute(sql).fetchall()
    return list(zip(*found, strict=True)) or [()] * len(names)


def _computed(known_id: str, record: bytes) -> int:
    """Return the row's checksum; -1 where the damage is in the type of a column."""
    try:
        return crc32(record, crc32(known_id.encode()))
    except (AttributeError, TypeError):
        return -1


def keep(state: Path, records: Iterable[Record], dropped: Collection[str] = ()) -> None:
    """Write `records` over those with the same ids: all of them, or none. Raises StateError.

    Remove the records with the ids `dropped`, which no reader can have seen. A ledger of an older
    version is brought up to date, even where nothing is to be written.
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
    """Yield the rows of `records`; of two with one id the last."""
    encoder = msgspec.json.Encoder()
    for record in {record.id: record for record in records}.values():
        data = encoder.encode(record)
        yield record.id, data, checksum(record.id, data)
