"""A blog on the disk, what can happen to it, and a build of it beside one from nothing."""

import os
import re
import shutil
import sqlite3
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from syndicate import Report
from syndicate.config.load import load
from syndicate.errors import SyndicateError
from syndicate.ledger import records as ledger
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.timings import UNTIMED, Timer
from tests.incremental.blogs import MOMENTS, SETTINGS, Blog

__all__ = ["STEPS", "World", "contents"]

TAMPERED = ("replaced-file", "kept-file")
OLD_NS = 1_600_000_000_000_000_000


class World:
    """`folder` holds the blog, its state and its output."""

    def __init__(self, folder: Path, blog: Blog) -> None:
        self.blog, self.root = blog, folder / "blog"
        self.state, self.output = folder / "state", folder / "output"
        self.nothing = folder / "nothing"
        self.now = MOMENTS[1]
        self.settings: Mapping[str, object] = {}
        self.past: list[tuple[Path, bytes, int]] = []
        for number, (path, text) in enumerate(blog.files.items()):
            write(self.root / path, text.replace("$n", "1").encode("utf-8"))
            os.utime(self.root / path, ns=(OLD_NS, OLD_NS + number))

    def build(self, timer: Timer = UNTIMED) -> Report:
        """Build with all that is remembered."""
        return self._built(self.output, self.state, timer)

    def build_from_nothing(self) -> tuple[Report | str, Mapping[str, bytes]]:
        """Build elsewhere, with the same ledger and nothing else."""
        shutil.rmtree(self.nothing, ignore_errors=True)
        (self.nothing / "state").mkdir(parents=True)
        if (self.state / ledger.FILE_NAME).exists():
            shutil.copy(self.state / ledger.FILE_NAME, self.nothing / "state")
        try:
            found: Report | str = self._built(self.nothing / "output", self.nothing / "state")
        except SyndicateError as error:
            found = error.what
        return found, contents(self.nothing / "output")

    def check(self) -> None:
        """What a build makes and says is what one from nothing does; the next has nothing to do."""
        before = ledger.load(self.state)
        expected, files = self.build_from_nothing()
        if isinstance(expected, str):
            with pytest.raises(SyndicateError, match=re.escape(expected)):
                self.build()
            return
        report = self.build()
        assert contents(self.output) == files
        assert said(report) == said(expected)
        assert ledger.load(self.state) == ledger.load(self.nothing / "state")
        if ledger.load(self.state) != before:
            expected, files = self.build_from_nothing()
        again = self.build()
        assert contents(self.output) == files
        assert said(again) == said(expected)
        assert again.rendered == 0
        assert {change.action for change in again.changes} <= {"unchanged"}

    def post(self, number: int) -> Path | None:
        """One of the posts that are there."""
        return one(sorted(self.root / p for p in (*self.blog.posts, *self.blog.new)), number)

    def write(self, path: Path, data: bytes) -> None:
        """Write a file of the blog, to come back to what it was."""
        if path.is_file():
            self.past.append((path, path.read_bytes(), path.stat().st_mtime_ns))
        write(path, data)

    def version(self, path: Path, number: int) -> bytes:
        """What the blog's file says in its version `number`."""
        name = path.relative_to(self.root).as_posix()
        text = self.blog.files.get(name) or self.blog.files[self.blog.posts[0]]
        return text.replace("$n", str(1 + number % 9)).encode("utf-8")

    def keys(self, output: Path, state: Path) -> Mapping[str, object]:
        """What the configuration says."""
        few = {"feeds.by": ["category", "tag"], "feeds.limit": 3, "feeds.pages": False}
        return {**few, **self.settings, "output.path": str(output), "state.path": str(state)}

    def _built(self, output: Path, state: Path, timer: Timer = UNTIMED) -> Report:
        config = load(self.root, settings=self.keys(output, state).items())
        report = pipeline.build(config, now=self.now, force=True, timer=timer)
        for problem in report.problems:
            if problem.kind == "kept-file":  # tampered with, and not wanted any more
                (output / problem.path).unlink()
        return report


def contents(folder: Path) -> Mapping[str, bytes]:
    """Every file below `folder`."""
    files = (path for path in folder.rglob("*") if not path.is_dir())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def said(report: Report) -> str:
    """All that a report says but what was done and replaced; dates with their offsets."""
    problems = tuple(each for each in report.problems if each.kind not in TAMPERED)
    same = replace(report, changes=(), rendered=0, problems=problems)
    return repr(same).replace(", ", ",\n")


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_symlink():
        path.unlink()
    path.write_bytes(data)


def one(paths: list[Path], number: int) -> Path | None:
    there = [path for path in paths if path.is_file()]
    return there[number % len(there)] if there else None


def edit(world: World, a: int, b: int) -> None:
    if path := world.post(a):
        world.write(path, world.version(path, b))


def edit_unseen(world: World, a: int, b: int) -> None:
    """Of equal size, and with the time that it had."""
    if path := world.post(a):
        before = path.stat().st_mtime_ns
        world.write(path, world.version(path, b))
        os.utime(path, ns=(before, before))


def grow(world: World, a: int, b: int) -> None:
    if path := world.post(a):
        world.write(path, path.read_bytes() + b"More.\n" * (1 + b % 3))


def touch(world: World, a: int, b: int) -> None:
    if path := world.post(a):
        moment = time.time_ns() if b % 2 else OLD_NS
        os.utime(path, ns=(moment, moment))


def delete(world: World, a: int, b: int) -> None:
    if path := world.post(a):
        world.past.append((path, path.read_bytes(), path.stat().st_mtime_ns))
        path.unlink()


def rename(world: World, a: int, b: int) -> None:
    path, to = world.post(a), world.root / world.blog.new[b % len(world.blog.new)]
    if path and not to.exists():
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)


def swap(world: World, a: int, b: int) -> None:
    one, other = world.post(a), world.post(b)
    if one and other:
        aside = world.root.parent / "aside"
        one.rename(aside)
        other.exists() and other.rename(one)
        aside.rename(other)


def come_back(world: World, a: int, b: int) -> None:
    """A file as it was, its time too."""
    if world.past:
        path, data, mtime = world.past[a % len(world.past)]
        world.write(path, data)
        os.utime(path, ns=(mtime, mtime))


def link(world: World, a: int, b: int) -> None:
    """A post that is a link to another."""
    path = world.root / world.blog.new[b % len(world.blog.new)]
    to = world.post(a)
    if to and to.resolve() != path.resolve() and (path.is_symlink() or not path.exists()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(to.resolve())


def add(world: World, a: int, b: int) -> None:
    path = world.root / world.blog.new[a % len(world.blog.new)]
    world.write(path, world.version(path, b))


def others(world: World) -> list[Path]:
    return [world.root / path for path in world.blog.files if path not in world.blog.posts]


def edit_other(world: World, a: int, b: int) -> None:
    """Whatever says something of posts: settings, data, includes, headers of their own."""
    if path := one(others(world), a):
        before = path.stat().st_mtime_ns
        world.write(path, world.version(path, b))
        if b % 2:
            os.utime(path, ns=(before, before))


def delete_other(world: World, a: int, b: int) -> None:
    if path := one(others(world)[1:], a):
        world.past.append((path, path.read_bytes(), path.stat().st_mtime_ns))
        path.unlink()


def add_other(world: World, a: int, b: int) -> None:
    if paths := others(world):
        path = paths[a % len(paths)]
        world.write(path, world.version(path, b))


def turn_round(world: World, a: int, b: int) -> None:
    """The lines of a file that says something of posts, in another order."""
    if path := one(others(world), a):
        world.write(path, b"".join(reversed(path.read_bytes().splitlines(keepends=True))))


def folder(world: World, a: int, b: int) -> None:
    path = world.root / world.blog.folders[a % len(world.blog.folders)]
    if path.is_dir():
        with suppress(OSError):
            path.rmdir()
    else:
        path.mkdir()


def linked_folder(world: World, a: int, b: int) -> None:
    """A folder that something is read from becomes a link to one elsewhere."""
    folders = sorted({path.parent for path in others(world)} - {world.root})
    folders = [path for path in folders if path.is_dir() and not path.is_symlink()]
    if folders:
        path = folders[a % len(folders)]
        away = world.root / "kept" if b % 2 else world.root.parent / "kept"
        if not away.exists():
            path.rename(away)
            path.symlink_to(away)


def setting(world: World, a: int, b: int) -> None:
    world.settings = {
        **SETTINGS[a % len(SETTINGS)],
        **(SETTINGS[b % len(SETTINGS)] if b % 2 else {}),
    }


def time_passes(world: World, a: int, b: int) -> None:
    """Forward or backward."""
    world.now = MOMENTS[a % len(MOMENTS)]


def lose_cache(world: World, a: int, b: int) -> None:
    for path in world.state.glob("cache.db*"):
        path.unlink()


def garble_cache(world: World, a: int, b: int) -> None:
    """A few bytes of the cache are others."""
    path = world.state / "cache.db"
    if path.is_file():
        data = bytearray(path.read_bytes())
        for number in range(1 + b % 5):
            place = (a * 7919 + b * 104_729 + number * 1299) % max(len(data), 1)
            data[place : place + 1] = bytes([(b + 1) % 256])
        path.write_bytes(data)


def replace_cache(world: World, a: int, b: int) -> None:
    """By what is no cache, or one of another version."""
    path = world.state / "cache.db"
    if not path.is_file():
        return
    data = path.read_bytes()
    for each in world.state.glob("cache.db*"):
        each.unlink()
    kinds: tuple[bytes | None, ...] = (b"", b"hello\n", data[: len(data) // 2], b"\0" * 8192, None)
    kind = kinds[a % len(kinds)]
    path.write_bytes(data if kind is None else kind)
    if kind is None:
        told(path, f"PRAGMA user_version = {(0, 99)[b % 2]}")


def tamper(world: World, a: int, b: int) -> None:
    """Somebody changes what was written."""
    path = one(sorted(world.output.rglob("[!.]*")), a)
    if path is None:
        return
    before, data = path.stat().st_mtime_ns, path.read_bytes()
    match b % 5:
        case 0:
            path.unlink()
        case 1:
            path.write_bytes(data[: len(data) // 2])
        case 2:
            path.write_bytes(data + b"\n")
        case _:
            path.write_bytes(bytes([data[0] ^ 1]) + data[1:])
            os.utime(path, ns=(before, before))


def leave_part(world: World, a: int, b: int) -> None:
    """What a build leaves that is killed before it has put its files in place."""
    path = one(sorted(world.output.rglob("[!.]*")), a)
    connection = world.state / "cache.db"
    if path and connection.is_file():
        path.with_name(f".{path.name}.part").write_bytes(b"half a fi")
        told(connection, "DELETE FROM notes WHERE name = 'last build'")


def told(path: Path, statement: str) -> None:
    """Unless the file has been garbled before."""
    with suppress(sqlite3.Error, UnicodeDecodeError), closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()


def nothing(world: World, a: int, b: int) -> None:
    pass


STEPS: Mapping[str, Callable[[World, int, int], None]] = {
    step.__name__: step
    for step in (
        edit, edit_unseen, grow, touch, delete, rename, swap, come_back, link, add, edit_other,
        delete_other, add_other, turn_round, folder, linked_folder, setting, time_passes,
        lose_cache, garble_cache, replace_cache, tamper, leave_part, nothing,
    )
}  # fmt: skip
