import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from syndicate.errors import StateError
from syndicate.ledger.faults import verify
from syndicate.ledger.lines import Imported, export_lines, import_lines, read_lines
from syndicate.ledger.records import FILE_NAME, LEDGER, Record, keep, load, salvage
from syndicate.state.database import UnusableFile, database, transaction

DAY = datetime(2024, 5, 1, 9, 30, 15, tzinfo=timezone(timedelta(hours=8)))
TEA = Record("https://example.org/tea", "https://example.org/tea", "茶", DAY, DAY, "tea.md", "d1")
RUM = Record(
    "urn:rum",
    "https://example.org/rum",
    "Rum",
    DAY,
    DAY.astimezone(UTC),
    path="rum.md",
    past=("https://example.org/a",),
    tags=("x",),
    withdrawn=DAY,
)
OLD = Record("old:1", "https://example.org/1", "", DAY, DAY, adopted=True)


def spoil(state: Path, sql: str, *values: object) -> None:
    with database(state / FILE_NAME, LEDGER) as connection, transaction(connection):
        connection.execute(sql, values)


def test_no_ledger_is_an_empty_one(tmp_path: Path) -> None:
    """Before the first build the ledger is empty, and reading creates no file."""
    assert load(tmp_path / "state") == ()
    assert not (tmp_path / "state").exists()


def test_records_are_kept_whole(tmp_path: Path) -> None:
    """All fields are read back, with the offsets of dates, ordered by id."""
    keep(tmp_path, [RUM, TEA, OLD])
    assert load(tmp_path) == (TEA, OLD, RUM)
    assert load(tmp_path)[0].published.utcoffset() == timedelta(hours=8)


def test_changed_record_replaces_the_one_with_its_id(tmp_path: Path) -> None:
    """Writing a record does not change the others."""
    keep(tmp_path, [RUM, TEA])
    changed = replace(TEA, title="Green")
    keep(tmp_path, [changed])
    assert load(tmp_path) == (changed, RUM)


def test_nothing_to_keep_writes_nothing(tmp_path: Path) -> None:
    """Writing no records creates no file."""
    keep(tmp_path / "state", [])
    assert not (tmp_path / "state").exists()


def test_damaged_ledger_is_refused_with_the_cure(tmp_path: Path) -> None:
    """An unusable ledger is neither read nor replaced."""
    (tmp_path / FILE_NAME).write_text("hello", encoding="utf-8")
    for use in (lambda: load(tmp_path), lambda: keep(tmp_path, [TEA])):
        with pytest.raises(UnusableFile, match="backup"):
            use()
    assert (tmp_path / FILE_NAME).read_text(encoding="utf-8") == "hello"


@pytest.mark.parametrize("data", [b"{", b"{}", b'{"id":"x\xff"}'])
def test_record_that_cannot_be_read_is_refused(tmp_path: Path, data: bytes) -> None:
    """A ledger with an invalid record is rejected as a whole."""
    keep(tmp_path, [TEA, RUM])
    spoil(tmp_path, "UPDATE records SET record = ? WHERE id = ?", data, RUM.id)
    with pytest.raises(UnusableFile, match="ledger verify"):
        load(tmp_path)
    (line,) = verify(tmp_path)
    assert "urn:rum" in line


_KEEP_FOR_EVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from syndicate.ledger.records import Record, keep
now = datetime.now(UTC)
for n in range(10**6):
    keep(Path(sys.argv[1]), [Record(f"{i}", "x://x", f"{n}", now, now, f"{i}") for i in range(50)])
    print(n, flush=True)
"""


def test_killed_writer_leaves_a_sound_ledger(tmp_path: Path) -> None:
    """If the process is killed at any time, all records are valid and of one build."""
    for kept in range(3):
        command = [sys.executable, "-c", _KEEP_FOR_EVER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            assert process.stdout
            for _ in range(kept * 3 + 1):
                process.stdout.readline()
            process.kill()
        assert len({record.title for record in load(tmp_path)}) == 1
        assert verify(tmp_path) == []


def test_sound_ledger_has_no_faults(tmp_path: Path) -> None:
    """Withdrawn and adopted records have no faults."""
    keep(tmp_path, [TEA, RUM, OLD, replace(RUM, id="x")])
    assert verify(tmp_path) == []


@pytest.mark.parametrize(
    ("record", "what"),
    [
        (replace(RUM, withdrawn=None, path="tea.md"), "(tea.md)"),
        (replace(RUM, withdrawn=None, path=""), "has no file"),
        (replace(RUM, url="rum.html"), "not an absolute address"),
        (replace(RUM, id=""), "not a valid id"),
        (replace(RUM, withdrawn=None, updated=DAY - timedelta(1)), "before it was published"),
    ],
)
def test_faults_are_named_with_their_cure(tmp_path: Path, record: Record, what: str) -> None:
    """Every fault has one line with place, fault and cure."""
    keep(tmp_path, [TEA, record])
    (line,) = verify(tmp_path)
    assert line.startswith(str(tmp_path / FILE_NAME))
    assert what in line
    assert "export the ledger" in line


def test_record_under_another_id_is_a_fault(tmp_path: Path) -> None:
    """A record with another id than its row is a fault."""
    keep(tmp_path, [TEA])
    spoil(tmp_path, "UPDATE records SET id = 'x'")
    (line,) = verify(tmp_path)
    assert "x: the row does not match its checksum" in line


def test_damage_on_disk_is_a_fault(tmp_path: Path) -> None:
    """SQLite's own checks are run too."""
    keep(tmp_path, [replace(TEA, id=f"{n}", path=f"{n}.md") for n in range(500)])
    file = tmp_path / FILE_NAME
    data = bytearray(file.read_bytes())
    data[-4096 * 3 :] = b"\x07" * (4096 * 3)
    file.write_bytes(data)
    assert all("damaged" in line for line in verify(tmp_path))
    assert verify(tmp_path)


def _flips(data: bytes, count: int) -> Iterator[bytes]:
    """Give `data` with one bit flipped, at `count` places."""
    draw = random.Random(5)
    for _ in range(count):
        flipped = bytearray(data)
        flipped[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
        yield bytes(flipped)


def test_a_flipped_bit_changes_nothing_without_a_word(tmp_path: Path) -> None:
    """A flipped bit is detected with the cure, or changes nothing."""
    records = [replace(TEA, id=f"urn:{n}", path=f"{n}.md", title=f"No {n}") for n in range(80)]
    keep(tmp_path / "sound", records)
    sound, wanted = (tmp_path / "sound" / FILE_NAME).read_bytes(), load(tmp_path / "sound")
    cures = []
    for number, flipped in enumerate(_flips(sound, 80)):
        state = tmp_path / str(number)
        state.mkdir()
        (state / FILE_NAME).write_bytes(flipped)
        try:
            assert load(state) == wanted
            keep(state, [RUM])
            assert load(state) == (*wanted, RUM)
        except StateError as error:
            cures.append(error.cure)
    assert 20 < len(cures) < 80
    assert all(cures)


def test_sound_rows_of_a_damaged_ledger_can_be_saved(tmp_path: Path) -> None:
    """A damaged row is reported and left out of the export."""
    keep(tmp_path, [TEA, RUM, OLD])
    spoil(tmp_path, "UPDATE records SET record = '{' WHERE id = 'urn:rum'")
    records, (line,) = salvage(tmp_path)
    assert records == (TEA, OLD)
    assert "urn:rum" in line


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM records WHERE id = 'urn:rum'",
        "UPDATE records SET id = 'urn:gin' WHERE id = 'urn:rum'",
        "UPDATE records SET record = (SELECT record FROM records WHERE id = 'old:1'), "
        "checksum = (SELECT checksum FROM records WHERE id = 'old:1') WHERE id = 'urn:rum'",
        "UPDATE records SET record = CAST(record AS TEXT) WHERE id = 'urn:rum'",
        "UPDATE records SET checksum = checksum + 1 WHERE id = 'urn:rum'",
        "INSERT INTO records SELECT id || 'x', record, checksum FROM records",
        "DELETE FROM whole",
        "INSERT INTO whole VALUES (0, 0)",
    ],
)
def test_rows_that_damage_lost_doubled_or_exchanged_are_refused(tmp_path: Path, sql: str) -> None:
    """Builds and `verify` reject such a ledger."""
    keep(tmp_path, [TEA, RUM, OLD])
    spoil(tmp_path, sql)
    with pytest.raises(UnusableFile, match="backup"):
        load(tmp_path)
    assert verify(tmp_path)


def test_a_ledger_without_checksums_is_read_and_gets_them_from_the_next_build(
    tmp_path: Path,
) -> None:
    """An older version's ledger keeps all records. Reading does not change it."""
    path = tmp_path / FILE_NAME
    with database(path, replace(LEDGER, migrations=LEDGER.migrations[:1])) as connection:
        connection.executemany(
            "INSERT INTO records VALUES (?, ?)",
            [(each.id, msgspec.json.encode(each)) for each in (TEA, RUM)],
        )
    before = path.read_bytes()
    assert load(tmp_path) == (TEA, RUM)
    assert verify(tmp_path) == []
    assert path.read_bytes() == before
    keep(tmp_path, [])
    assert load(tmp_path) == (TEA, RUM)
    spoil(tmp_path, "DELETE FROM records WHERE id = 'urn:rum'")
    with pytest.raises(UnusableFile):
        load(tmp_path)


def test_lines_are_stable_and_sorted() -> None:
    """The same records give the same bytes: one line a record, no empty fields."""
    lines = export_lines([RUM, TEA])
    assert lines == export_lines([TEA, RUM])
    assert lines.decode().splitlines() == [
        '{"id":"https://example.org/tea","url":"https://example.org/tea","title":"茶",'
        '"published":"2024-05-01T09:30:15+08:00","updated":"2024-05-01T09:30:15+08:00",'
        '"path":"tea.md","digest":"d1"}',
        '{"id":"urn:rum","url":"https://example.org/rum","title":"Rum",'
        '"published":"2024-05-01T09:30:15+08:00","updated":"2024-05-01T01:30:15Z",'
        '"path":"rum.md","past":["https://example.org/a"],"tags":["x"],'
        '"withdrawn":"2024-05-01T09:30:15+08:00"}',
    ]
    assert lines.endswith(b"\n")


def test_lines_come_back_as_they_were(tmp_path: Path) -> None:
    """Importing an export gives the same ledger."""
    keep(tmp_path / "a", [TEA, RUM, OLD])
    lines = export_lines(load(tmp_path / "a"))
    assert import_lines(tmp_path / "b", lines, "f") == Imported(3, 3, 0)
    assert export_lines(load(tmp_path / "b")) == lines
    assert load(tmp_path / "b") == load(tmp_path / "a")


def test_lines_of_other_editors_are_read() -> None:
    """A BOM, CRLF, empty lines and a missing last line end are accepted."""
    lines = b"\xef\xbb\xbf\r\n" + export_lines([TEA, RUM]).replace(b"\n", b"\r\n\r\n").rstrip()
    assert read_lines(lines, "f") == (TEA, RUM)


GOOD = export_lines([TEA]).decode().rstrip()


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("hello", "not a record"),
        ("[]", "not a record"),
        ('{"id":"x"}', "missing required field `url`"),
        (GOOD.replace('"digest"', '"digset"'), "unknown field `digset`"),
        (GOOD.replace('"茶"', "7"), "Expected `str`"),
        (GOOD.replace("+08:00", ""), "timezone"),
        (GOOD, "two records have this id"),
        (GOOD.replace('{"id":"https:', '{"id":"http:'), "(tea.md)"),
        (GOOD.replace('{"id":"https://example.org/tea"', '{"id":" "'), "not a valid id"),
        ("<<<<<<< HEAD", "not a record"),
    ],
)
def test_wrong_line_is_named_and_nothing_kept(tmp_path: Path, line: str, what: str) -> None:
    """The error has file and line, and the ledger is unchanged."""
    data = f"{GOOD}\n\n{line}\n".encode()
    with pytest.raises(StateError, match=r"^ledger\.jsonl:3: ") as caught:
        import_lines(tmp_path / "state", data, "ledger.jsonl")
    assert what in str(caught.value)
    assert "nothing was imported" in caught.value.cure
    assert not (tmp_path / "state").exists()


def test_import_into_a_full_ledger_is_asked_for(tmp_path: Path) -> None:
    """An import into a ledger with records needs --merge."""
    keep(tmp_path, [TEA])
    with pytest.raises(StateError, match="--merge"):
        import_lines(tmp_path, export_lines([RUM]), "f")
    assert load(tmp_path) == (TEA,)


def test_merge_takes_what_was_updated_later(tmp_path: Path) -> None:
    """The later update of two records with one id wins. Other records stay."""
    later = replace(TEA, updated=DAY + timedelta(1), title="later")
    keep(tmp_path, [TEA, OLD])
    assert import_lines(tmp_path, export_lines([later, RUM]), "f", merge=True) == Imported(2, 1, 1)
    assert load(tmp_path) == (later, OLD, RUM)
    assert import_lines(tmp_path, export_lines([TEA]), "f", merge=True) == Imported(1, 0, 0)
    assert load(tmp_path) == (later, OLD, RUM)


def test_merge_that_contradicts_is_refused(tmp_path: Path) -> None:
    """A merge that gives one file two ids is rejected."""
    keep(tmp_path, [TEA])
    with pytest.raises(StateError, match=r"has the same file as"):
        import_lines(tmp_path, export_lines([replace(TEA, id="x")]), "f", merge=True)
    assert load(tmp_path) == (TEA,)
