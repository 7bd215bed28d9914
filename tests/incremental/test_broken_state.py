"""A cache that cannot be used is made anew; a ledger that cannot be is refused, with the cure."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from syndicate.errors import StateError
from syndicate.ledger import records as ledger
from syndicate.state import cache
from syndicate.state.database import UnusableFile, database
from tests.incremental.blogs import BLOGS
from tests.incremental.conditions import folder
from tests.incremental.world import World, contents

NOBODY = 65_534


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A blog that was built before; a locked file is not waited for long."""
    monkeypatch.setattr(cache, "_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(ledger, "database", partial(database, wait=0.05))
    with folder() as path:
        world = World(path, BLOGS["jekyll"])
        world.build()
        world.write(world.post(0), world.version(world.post(0), 5))
        yield world


def garbled(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + b"\xa5" * (len(data) - 100))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def newer(path: Path) -> None:
    said(path, "PRAGMA user_version = 99")


def nameless(path: Path) -> None:
    said(path, "PRAGMA user_version = 0")


def headless(path: Path) -> None:
    path.write_bytes(b"\0" * 4096 + path.read_bytes()[4096:])


def without_tables(path: Path) -> None:
    said(path, "DROP TABLE notes")


def said(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


DAMAGES = (garbled, cut, emptied, newer, nameless, headless)


@pytest.mark.parametrize("damage", [*DAMAGES, without_tables])
def test_a_broken_cache_is_made_anew(world: World, damage: Callable[[Path], None]) -> None:
    """Files and report are as from nothing, and the next build finds a good cache."""
    damage(world.state / "cache.db")
    world.check()


def test_a_folder_in_the_place_of_the_cache_is_moved_aside(world: World) -> None:
    """What is no file is kept as well."""
    path = world.state / "cache.db"
    path.unlink()
    path.mkdir()
    (path / "kept").write_text("mine", encoding="utf-8")
    world.check()
    assert (world.state / "cache.db.unusable/kept").read_text(encoding="utf-8") == "mine"


def test_strangers_files_in_the_place_of_the_cache_are_kept(world: World) -> None:
    """One after the other: none is removed, none takes the place of another."""
    path = world.state / "cache.db"
    for text in ("one", "two"):
        path.write_text(text, encoding="utf-8")
        world.check()
    kept = sorted(each.read_text(encoding="utf-8") for each in world.state.glob("*.unusable*"))
    assert kept == ["one", "two"]


def test_another_programs_database_is_kept_whole(world: World) -> None:
    """With what SQLite had not yet moved into its file."""
    path = world.state / "cache.db"
    path.unlink()
    elsewhere = world.state.parent / "theirs.db"
    with closing(sqlite3.connect(elsewhere)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE letters (text)")
        connection.execute("INSERT INTO letters VALUES ('dear')")
        connection.commit()
        for ending in ("", "-wal"):
            shutil.copy(f"{elsewhere}{ending}", f"{path}{ending}")
    world.check()
    kept = sqlite3.connect(world.state / "cache.db.unusable")
    with closing(kept):
        assert kept.execute("SELECT text FROM letters").fetchall() == [("dear",)]


def test_a_cache_that_another_program_holds_is_left_to_it(world: World) -> None:
    """The build has a new one, and does not wait for ever."""
    with closing(sqlite3.connect(world.state / "cache.db")) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        world.check()
        connection.rollback()


def test_a_cache_that_cannot_be_written_is_made_anew(world: World) -> None:
    """As long as the folder can be."""
    (world.state / "cache.db").chmod(0o444)
    with nobody(world.state.parent):
        world.check()


def test_a_folder_that_cannot_be_written_is_named(world: World) -> None:
    """The error says which, and what to do; the feeds stay."""
    before = contents(world.output)
    with nobody(world.state.parent):
        world.state.chmod(0o555)
        with pytest.raises(StateError, match=r"cannot be .*set \[state\] path"):
            world.build()
        world.state.chmod(0o755)
    assert contents(world.output) == before


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_broken_ledger_is_refused(world: World, damage: Callable[[Path], None]) -> None:
    """The error names the cure; ledger and feeds are left as they are."""
    path = world.state / ledger.FILE_NAME
    damage(path)
    before, feeds = path.read_bytes(), contents(world.output)
    with pytest.raises(UnusableFile, match=r"ledger\.db: .*(backup|that version)"):
        world.build()
    assert path.read_bytes() == before
    assert contents(world.output) == feeds


def test_a_strangers_file_in_the_place_of_the_ledger_is_refused(world: World) -> None:
    """It is neither read nor replaced."""
    path = world.state / ledger.FILE_NAME
    path.write_text("a letter", encoding="utf-8")
    with pytest.raises(UnusableFile, match=r"ledger\.db"):
        world.build()
    assert path.read_text(encoding="utf-8") == "a letter"


def test_a_ledger_that_another_program_writes_to_stops_the_build(world: World) -> None:
    """Nothing is put in place that the ledger does not know of."""
    feeds = contents(world.output)
    with closing(sqlite3.connect(world.state / ledger.FILE_NAME)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match="another program is writing to it"):
            world.build()
        connection.rollback()
    assert contents(world.output) == feeds
    world.check()


def test_a_ledger_that_cannot_be_written_stops_the_build(world: World) -> None:
    """The error names the file."""
    feeds = contents(world.output)
    (world.state / ledger.FILE_NAME).chmod(0o444)
    with nobody(world.state.parent), pytest.raises(StateError, match=r"ledger\.db: cannot be used"):
        world.build()
    assert contents(world.output) == feeds


@contextmanager
def nobody(place: Path) -> Iterator[None]:
    """As a user who owns all below `place` and may not do everything."""
    if os.name == "nt" or os.geteuid() != 0:
        yield
        return
    for path in (place, *place.rglob("*")):
        os.chown(path, NOBODY, NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
