import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import StateError
from syndicate.state.database import Kind, UnusableFile, database, discard, transaction

FIRST = ("CREATE TABLE words (word TEXT)", "CREATE INDEX by_word ON words (word)")
KIND = Kind("word list", 0x574F5244, (FIRST,), "remove it")
NEWER = Kind("word list", 0x574F5244, (FIRST, ("ALTER TABLE words ADD n INTEGER",)), "remove it")


def add(path: Path, word: str, kind: Kind = KIND) -> None:
    with database(path, kind) as connection, transaction(connection):
        connection.execute("INSERT INTO words (word) VALUES (?)", (word,))


def words(path: Path, kind: Kind = KIND) -> list[str]:
    with database(path, kind, read_only=True) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words ORDER BY word")]


def test_file_is_made_with_its_folder(tmp_path: Path) -> None:
    """In a folder of any name, the file alone is created, with the written data."""
    path = tmp_path / "a folder?#%20/茶/words.db"
    add(path, "tea")
    assert words(path) == ["tea"]
    assert path.is_file()
    assert not list(path.parent.glob(".*"))


def test_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    """A transaction with an error writes nothing."""
    path = tmp_path / "words.db"
    add(path, "tea")
    with database(path, KIND) as connection:
        with pytest.raises(KeyError):
            _fail_after_writing(connection)
        assert not connection.in_transaction
    assert words(path) == ["tea"]


def _fail_after_writing(connection: sqlite3.Connection) -> None:
    with transaction(connection):
        connection.execute("INSERT INTO words VALUES ('rum')")
        raise KeyError


def test_reading_makes_no_file(tmp_path: Path) -> None:
    """Reading a missing file is an error that creates nothing."""
    with (
        pytest.raises(StateError, match="cannot be used"),
        database(tmp_path / "x/words.db", KIND, read_only=True),
    ):
        pass
    assert not (tmp_path / "x").exists()


def test_reading_writes_nothing(tmp_path: Path) -> None:
    """A file that is open for reading cannot be written."""
    path = tmp_path / "words.db"
    add(path, "tea")
    with (
        pytest.raises(StateError, match="cannot be used"),
        database(path, KIND, read_only=True) as connection,
    ):
        connection.execute("INSERT INTO words VALUES ('rum')")


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
        connection.commit()


def _another_kind(path: Path) -> None:
    add(path, "tea", Kind("other", 77, (FIRST,), ""))


def _cut(path: Path) -> None:
    add(path, "tea")
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (lambda path: path.write_bytes(b""), "is empty"),
        (lambda path: path.write_text("hello", encoding="utf-8"), "damaged"),
        (lambda path: path.write_bytes(b"\0" * 9000), "damaged"),
        (_foreign, "another program's"),
        (_another_kind, "another program's"),
        (_cut, "damaged"),
        (lambda path: add(path, "tea", NEWER), "newer version"),
    ],
    ids=["empty", "text", "zeros", "foreign", "another kind", "cut", "newer"],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_unusable_file_is_left_alone(
    tmp_path: Path, spoil: object, what: str, read_only: bool
) -> None:
    """An unusable file is rejected with the cure, and stays unchanged."""
    path = tmp_path / "words.db"
    spoil(path)  # type: ignore[operator]
    before = path.read_bytes()
    with (
        pytest.raises(UnusableFile, match=what) as caught,
        database(path, KIND, read_only=read_only) as connection,
    ):
        connection.execute("SELECT * FROM words").fetchall()
    assert caught.value.where == str(path)
    assert "remove it" in caught.value.cure
    assert path.read_bytes() == before


def test_older_file_is_brought_up_to_date(tmp_path: Path) -> None:
    """Missing migrations are run, and the data stays."""
    path = tmp_path / "words.db"
    add(path, "tea")
    with pytest.raises(StateError, match="older version"):
        words(path, NEWER)
    add(path, "rum", NEWER)
    assert words(path, NEWER) == ["rum", "tea"]


def test_migration_is_all_or_nothing(tmp_path: Path) -> None:
    """A failed migration leaves the file at its version."""
    path = tmp_path / "words.db"
    add(path, "tea")
    wrong = Kind("word list", KIND.application_id, (FIRST, ("CREATE TABLE a (x)", "no")), "")
    with pytest.raises(StateError), database(path, wrong):
        pass
    assert words(path) == ["tea"]


def test_creation_is_all_or_nothing(tmp_path: Path) -> None:
    """A file that cannot be completed is not created."""
    path = tmp_path / "words.db"
    with pytest.raises(StateError), database(path, Kind("x", 1, (("no",),), "")):
        pass
    assert not path.exists()
    add(path, "tea")
    assert words(path) == ["tea"]


def test_left_over_log_is_not_taken_for_the_new_files(tmp_path: Path) -> None:
    """Files that a removed database left beside it are not used."""
    path = tmp_path / "words.db"
    with database(path, KIND) as connection:
        connection.execute("INSERT INTO words VALUES ('old')")
        log = (tmp_path / "words.db-wal").read_bytes()
    path.unlink()
    (tmp_path / "words.db-wal").write_bytes(log)
    add(path, "new")
    assert words(path) == ["new"]


def test_discarded_file_is_gone_with_all_beside_it(tmp_path: Path) -> None:
    """An unusable cache can be created again."""
    path = tmp_path / "words.db"
    for ending in ("", "-wal", "-shm"):
        (tmp_path / f"words.db{ending}").write_bytes(b"x")
    discard(path)
    discard(path)
    assert list(tmp_path.iterdir()) == []


def test_locked_file_is_told(tmp_path: Path) -> None:
    """Opening waits for another writer for a limited time."""
    path = tmp_path / "words.db"
    add(path, "tea")
    with (
        database(path, KIND) as first,
        transaction(first),
        pytest.raises(StateError, match="another program is writing") as caught,
        database(path, KIND, wait=0.01) as second,
        transaction(second),
    ):
        pass
    assert not isinstance(caught.value, UnusableFile)
    assert words(path) == ["tea"]


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    """During a build, other processes read the earlier data."""
    path = tmp_path / "words.db"
    add(path, "tea")
    with database(path, KIND) as writer, transaction(writer):
        writer.execute("INSERT INTO words VALUES ('rum')")
        assert words(path) == ["tea"]
    assert words(path) == ["rum", "tea"]


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The error has the path, and the setting that changes it."""
    (tmp_path / "file").touch()
    with (
        pytest.raises(StateError, match=r"set \[state\] path"),
        database(tmp_path / "file/words.db", KIND),
    ):
        pass


def test_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    """A folder in the place of the file is an error."""
    (tmp_path / "words.db").mkdir()
    with pytest.raises(StateError), database(tmp_path / "words.db", KIND):
        pass


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """A read-only folder can be read. Writing is an error with the cure."""
    folder = tmp_path / "state"
    add(folder / "words.db", "tea")
    folder.chmod(0o500)
    try:
        assert words(folder / "words.db") == ["tea"]
        with pytest.raises(StateError, match=r"set \[state\] path"):
            add(folder / "new.db", "rum")
    finally:
        folder.chmod(0o700)
