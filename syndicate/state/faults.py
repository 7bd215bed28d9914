"""What must never be in a ledger, whether it comes from a file of lines or from the disk."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.state.database import UnusableFile, database
from syndicate.state.ledger import FILE_NAME, LEDGER, Record, rows

__all__ = ["Fault", "faults", "verify"]

_MEND = "export the ledger, correct that line, move the ledger away and import the lines"


_SPACE = " \t\r\n"
"""What XML takes away around an id; a no-break space is part of one that an older feed has."""


class Fault(Struct, frozen=True):
    """What is wrong with the record at `index`, counted from 0, and the cure."""

    index: int
    what: str
    cure: str


def faults(records: Sequence[Record]) -> Iterator[Fault]:
    """One id twice, two posts in one file, what is no id or address, and dates out of order."""
    ids: set[str] = set()
    paths: dict[str, str] = {}
    for index, record in enumerate(records):
        if record.id in ids:
            yield Fault(index, f"{record.id}: there are two records of this id", "remove one")
        ids.add(record.id)
        yield from (Fault(index, *said) for said in _own_faults(record))
        if record.path and record.withdrawn is None:
            other = paths.setdefault(record.path, record.id)
            if other != record.id:
                what = f"{record.id}: is the post in {record.path}, as {other} is"
                yield Fault(index, what, 'say of one when it was "withdrawn"')


def _own_faults(record: Record) -> Iterator[tuple[str, str]]:
    if not record.id or record.id != record.id.strip(_SPACE):
        yield f"{record.id!r} is no id", "write it without white space around it"
    if "://" not in record.url and not (record.adopted and not record.url):
        yield f"{record.id}: {record.url!r} is no absolute address", "write it whole"
    if record.adopted or record.withdrawn:
        return
    if not record.path:
        yield f"{record.id}: names no file, though it is not withdrawn", 'write its "path"'
    if record.updated < record.published:
        yield f"{record.id}: was updated before it was published", "write a later one of both"


def verify(state: Path) -> list[str]:
    """A line for each thing that is wrong with the ledger, with the cure; none where all is well.

    Raises StateError where the ledger cannot be read at all.
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
    read = rows(state)
    if read.damage:
        yield from (f"{what}; {LEDGER.cure}" for what in read.damage)
        return
    for known_id, data in zip(read.ids, read.records, strict=True):
        try:
            records.append(decoder.decode(data))
        except (msgspec.DecodeError, UnicodeDecodeError, TypeError) as error:
            yield f"{known_id}: the record cannot be read ({error}); {LEDGER.cure}"
        else:
            if records[-1].id != known_id:
                yield f"{known_id}: the record has the id {records[-1].id}; {LEDGER.cure}"
    yield from (f"{fault.what}; {_MEND}: {fault.cure}" for fault in faults(records))
