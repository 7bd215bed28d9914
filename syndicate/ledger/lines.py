"""Export and import the ledger as JSON Lines: one record a line, ordered by id, fit for git.

The same records give the same bytes, and a changed record changes one line. An import is checked
as a whole before anything is written.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.errors import StateError
from syndicate.ledger.faults import faults
from syndicate.ledger.records import Record, keep, load

__all__ = ["Imported", "export_lines", "import_lines", "read_lines"]

_CURE = "correct that line, or take an earlier version of the file; nothing was imported"
_BOM = b"\xef\xbb\xbf"


class Imported(Struct, frozen=True):
    """Counts of an import: records read, records added, records replaced."""

    read: int
    added: int
    replaced: int


def export_lines(records: Iterable[Record]) -> bytes:
    """Return the records as JSON Lines: UTF-8, no BOM, LF after each line, no empty fields."""
    ordered = sorted(records, key=lambda record: record.id)
    return msgspec.json.Encoder().encode_lines(ordered)


def read_lines(data: bytes, where: str) -> tuple[Record, ...]:
    """Parse an export. Raises StateError that names `where` and the line."""
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
        raise StateError(place, f"not a record of a ledger ({error})", _CURE) from error


def import_lines(state: Path, data: bytes, where: str, *, merge: bool = False) -> Imported:
    """Add the records of an export to the ledger, in one transaction. Raises StateError.

    Without `merge`, the ledger must be empty. With `merge`, of two records with one id the later
    update wins. If both have the same time, the record that has the other's address among its
    earlier ones wins, else the ledger's.
    """
    new = read_lines(data, where)
    old = {record.id: record for record in load(state)}
    if old and not merge:
        what = f"the ledger already has {len(old)} {'record' if len(old) == 1 else 'records'}"
        raise StateError(str(state), what, "use --merge to combine both")
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
    """Raise StateError if the lines and the ledger together have a fault."""
    for fault in faults(records):
        what = f"does not fit the ledger: {fault.what}"
        raise StateError(where, what, f"{fault.cure}; nothing was imported")
