"""Check the records of a ledger or an export for faults."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.ledger.records import FILE_NAME, LEDGER, Record, rows
from syndicate.state.database import UnusableFile, database

__all__ = ["Fault", "faults", "verify"]

_MEND = "export the ledger, correct that line, move the ledger away and import the lines"


_SPACE = " \t\r\n"
"""White space that XML strips around an id. A no-break space may be part of an older feed's id."""


class Fault(Struct, frozen=True):
    """A fault of the record at `index` (from 0), and its cure."""

    index: int
    what: str
    cure: str


def faults(records: Sequence[Record]) -> Iterator[Fault]:
    """Yield doubled ids, two posts in one file, invalid ids and addresses, dates out of order."""
    ids: set[str] = set()
    paths: dict[str, str] = {}
    for index, record in enumerate(records):
        if record.id in ids:
            yield Fault(index, f"{record.id}: two records have this id", "remove one of them")
        ids.add(record.id)
        yield from (Fault(index, what, cure) for what, cure in _own_faults(record))
        if record.path and record.withdrawn is None:
            other = paths.setdefault(record.path, record.id)
            if other != record.id:
                what = f"{record.id}: has the same file as {other} ({record.path})"
                yield Fault(index, what, 'give one of them the date on which it was "withdrawn"')


def _own_faults(record: Record) -> Iterator[tuple[str, str]]:
    if not record.id or record.id != record.id.strip(_SPACE):
        yield f"{record.id!r} is not a valid id", "write an id without white space around it"
    if "://" not in record.url and not (record.adopted and not record.url):
        yield f"{record.id}: {record.url!r} is not an absolute address", 'write a whole "url"'
    if record.adopted or record.withdrawn:
        return
    if not record.path:
        yield f"{record.id}: has no file, but is not withdrawn", 'write its "path"'
    if record.updated < record.published:
        yield f"{record.id}: updated before it was published", 'correct "updated" or "published"'


def verify(state: Path) -> list[str]:
    """Check the whole ledger. Return one line per fault, with its cure.

    Raises StateError if the ledger cannot be read.
    """
    file = state / FILE_NAME
    try:
        with database(file, LEDGER, read_only=True) as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        if found != ["ok"]:
            return [f"{file}: damaged: {what}; {LEDGER.cure}" for what in found]
        return [f"{file}: {line}" for line in _record_faults(state)]
    except UnusableFile as error:
        return [str(error)]


def _record_faults(state: Path) -> Iterator[str]:
    decoder = msgspec.json.Decoder(Record)
    records = []
    stored = rows(state)
    if stored.damage:
        yield from (f"{what}; {LEDGER.cure}" for what in stored.damage)
        return
    for known_id, data in zip(stored.ids, stored.records, strict=True):
        try:
            records.append(decoder.decode(data))
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
            yield f"{known_id}: the record cannot be read ({error}); {LEDGER.cure}"
        else:
            if records[-1].id != known_id:
                yield f"{known_id}: the record has the id {records[-1].id}; {LEDGER.cure}"
    yield from (f"{fault.what}; {_MEND}: {fault.cure}" for fault in faults(records))
