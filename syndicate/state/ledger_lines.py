"""The ledger as JSON Lines: one record a line, sorted by id, made to live in a git repository.

The same records give the same bytes, and a changed record changes one line. What is read is
checked whole before anything is kept.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.errors import StateError
from syndicate.state.faults import faults
from syndicate.state.ledger import Record, keep, load

__all__ = ["Imported", "export_lines", "import_lines", "read_lines"]

_CURE = "correct that line, or take an earlier version of the file; nothing was imported"
_BOM = b"\xef\xbb\xbf"


class Imported(Struct, frozen=True):
    """What an import did: of `read` lines, how many records were new and how many replaced one."""

    read: int
    added: int
    replaced: int


def export_lines(records: Iterable[Record]) -> bytes:
    """UTF-8 without a BOM, each line ended by LF; what is empty in a record is left out."""
    ordered = sorted(records, key=lambda record: record.id)
    return msgspec.json.Encoder().encode_lines(ordered)


def read_lines(data: bytes, where: str) -> tuple[Record, ...]:
    """The records of an export, in its order. Raises StateError with `where` and the line."""
    decoder = msgspec.json.Decoder(Record)
    records, numbers = [], []
    for number, line in enumerate(data.removeprefix(_BOM).split(b"\n"), 1):
        if line.strip():
            records.append(_read_line(decoder, line, f"{where}:{number}"))
            numbers.append(number)
    for fault in faults(records):
        place = f"{where}:{numbers[fault.index]}"
        raise StateError(place, fault.what, f"{fault.cure}; nothing was imported")
    return tuple(records)


def _read_line(decoder: msgspec.json.Decoder[Record], line: bytes, place: str) -> Record:
    try:
        return decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StateError(place, f"is no record of a ledger ({error})", _CURE) from error


def import_lines(state: Path, data: bytes, where: str, *, merge: bool = False) -> Imported:
    """Take the records of an export into the ledger: all of them, or none.

    With `merge` the ledger may hold records of its own: of two with one id the one that was
    updated later counts; where both were updated at once, the one that has left the other's address
    behind, else the ledger's. Raises StateError.
    """
    new = read_lines(data, where)
    old = {record.id: record for record in load(state)}
    if old and not merge:
        what = f"the ledger has {len(old)} records already"
        raise StateError(str(state), what, "--merge brings both together")
    taken = [record for record in new if _is_newer(record, old.get(record.id))]
    replaced = sum(record.id in old for record in taken)
    _agree(list({**old, **{record.id: record for record in taken}}.values()), where)
    keep(state, taken)
    return Imported(len(new), len(taken) - replaced, replaced)


def _is_newer(record: Record, old: Record | None) -> bool:
    if old is None or record.updated != old.updated:
        return old is None or record.updated > old.updated
    return old.url in record.past and record.url not in old.past


def _agree(records: Sequence[Record], where: str) -> None:
    """The lines and the ledger must not say two things of one file."""
    for fault in faults(records):
        raise StateError(where, f"with the ledger: {fault.what}", f"{fault.cure}; nothing imported")
