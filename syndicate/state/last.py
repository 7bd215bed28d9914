"""Whether there is anything to do: what the last build saw of the world, against what there is.

Nothing is opened but the cache: the blog's folder and the files that were written are looked at by
their sizes and times alone, and where a time is too fresh to tell, the answer is no.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from hashlib import blake2b
from pathlib import Path, PurePath
from typing import TypeVar

import msgspec
from msgspec import Struct

from syndicate.model import Report
from syndicate.state.cache import Cache, seal
from syndicate.state.ledger import FILE_NAME as LEDGER
from syndicate.state.manifest import FILE_NAME as MANIFEST

__all__ = [
    "FRESH_NS",
    "LastBuild",
    "Stamps",
    "forget",
    "ledger_stamps",
    "recall",
    "remember",
    "report_of",
    "settings_of",
    "stamps_of",
    "world_of",
]

Kind = TypeVar("Kind")
Stamp = tuple[str, int, int, int]
"""Path, size, and the times of the last change to content and to the file, in nanoseconds."""
Stamps = tuple[Stamp, ...]

FRESH_NS = 2_000_000_000
"""File systems count in steps of up to two seconds: within one, a file may change unnoticed."""

_NOT_LOOKED_INTO = frozenset((".git", ".hg", ".svn", "node_modules"))
"""Large folders beside a blog's own that no generator reads."""
_NEVER_PAST = 1 << 63
_NOTE, _REPORT = "last build", "last report"


class LastBuild(Struct, frozen=True):
    """What a build was made from and what it wrote.

    `key` stands for program and configuration, `world` for every file of the blog (empty where one
    was too fresh to tell), `written` for the output, `ledger` for ledger and manifest, `report` for
    what was reported. It holds from `since` on, and not any more when it is `until`.
    """

    key: bytes
    world: bytes
    written: Stamps = ()
    ledger: Stamps = ()
    report: bytes = b""
    since: datetime | None = None
    until: datetime | None = None
    root: str = ""
    """The folder that `world` stands for."""

    def holds(self, key: bytes, world: bytes, now: datetime) -> bool:
        """Whether it was made from what there is now."""
        return (
            self.key == key
            and self.world == world
            and (self.since is None or self.since <= now)
            and (self.until is None or now < self.until)
        )

    def is_left(self, output: Path, state: Path) -> bool:
        """Whether what it wrote is as it was left."""
        paths = [path for path, *_ in self.written]
        return self.written == stamps_of(paths, output) and self.ledger == ledger_stamps(state)


def world_of(root: Path, *, keep_out: Collection[str], clock_ns: int) -> tuple[bytes, bool, int]:
    """Return a name for all files below `root` (but not in `keep_out`) as they are.

    The second says whether it can be trusted: no file has changed just before `clock_ns`, and no
    link leads to a folder that is not looked into. The third is the time of the newest file, in
    nanoseconds.
    """
    seen = sorted(_walk(os.path.realpath(root), _NOT_LOOKED_INTO.union(keep_out)))
    newest = max((max(stamp[2], stamp[3]) for stamp in seen), default=0)
    try:
        told = msgspec.msgpack.encode(seen)
    except UnicodeEncodeError:  # names in no encoding
        told = repr(seen).encode("utf-8", "surrogatepass")
    return blake2b(told, digest_size=16).digest(), newest < clock_ns - FRESH_NS, newest


def settings_of(folders: Iterable[Path], names: Iterable[str], *, clock_ns: int) -> bytes:
    """Return a digest of the stamps of the files called `names` in `folders`."""
    wanted, before_ns = tuple(names), clock_ns - FRESH_NS
    seen = [stamps_of(wanted, folder, before_ns=before_ns) for folder in folders]
    return blake2b(msgspec.msgpack.encode(seen), digest_size=16).digest()


def stamps_of(paths: Iterable[str], folder: Path, *, before_ns: int = _NEVER_PAST) -> Stamps:
    """The stamps of files below `folder`; -1 stands for the size of one that is not there.

    A file that has changed at `before_ns` or later might do so once more within the same tick of
    the clock: its stamp then is one that no file has.
    """
    stamps = (_stamp(path, f"{folder}/{path}") for path in paths)
    return tuple(each if max(each[2:]) < before_ns else (each[0], -2, 0, 0) for each in stamps)


def ledger_stamps(state: Path, *, before_ns: int = _NEVER_PAST) -> Stamps:
    """What changes when somebody writes to the ledger or the manifest."""
    names = (LEDGER, MANIFEST, f"{LEDGER}-wal")
    *both, wal = stamps_of(names, state, before_ns=before_ns)
    return (*both, *([wal] if wal[1] > 0 else ()))  # an empty one says nothing


def recall(cache: Cache) -> LastBuild | None:
    """The last build that is remembered."""
    return _decoded(cache.note(_NOTE), LastBuild)


def remember(cache: Cache, build: LastBuild | None, report: Report) -> None:
    """Keep `build` with its report; with None, that there is none to go by."""
    try:
        # MessagePack would lose the offsets of dates.
        data = msgspec.json.encode(report) if build else b""
    except UnicodeEncodeError:  # half a character, from a data file
        data = b""
    told = msgspec.structs.replace(build, report=seal(data)) if build and data else None
    cache.keep_note(_NOTE, msgspec.json.encode(told) if told else b"")
    cache.keep_note(_REPORT, data)


def forget(cache: Cache) -> bool:
    """Let there be no last build, for good; whether there was one.

    Called before anything is written: none is there to go by where a build has been killed.
    """
    known = bool(cache.note(_NOTE))
    cache.keep_note(_NOTE, b"")
    cache.settle()
    return known


def report_of(cache: Cache, build: LastBuild) -> Report | None:
    """The report of `build`, the last one."""
    data = cache.note(_REPORT)
    return _decoded(data, Report) if seal(data) == build.report else None


def _decoded(data: bytes, kind: type[Kind]) -> Kind | None:
    try:
        return msgspec.json.decode(data, type=kind) if data else None
    except msgspec.DecodeError:
        return None


def _walk(root: str, keep_out: frozenset[str]) -> Iterator[Stamp]:
    """Every file and folder. What can change unseen has a time that is never past."""
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(f"{root}/{folder}") as entries:
                for entry in entries:
                    path = folder + entry.name
                    if entry.is_symlink():
                        yield _link(root, path, entry, keep_out)
                    elif not entry.is_dir():
                        stat = entry.stat()
                        yield path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
                    elif path not in keep_out:
                        folders.append(f"{path}/")
        except OSError:  # gone, or not to be looked into
            yield folder, -1, 0, 0
        yield folder, 0, 0, 0  # that there is such a folder may say something


def _link(root: str, path: str, link: "os.DirEntry[str]", keep_out: frozenset[str]) -> Stamp:
    """Changes with the link and with what it leads to."""
    _, size, mtime, ctime = _stamp(path, link)
    own = os.lstat(link).st_ctime_ns
    if link.is_dir():
        real = os.path.realpath(link.path)
        inside = f"{real}/".startswith(f"{root.rstrip('/')}/")
        folders = PurePath(real[len(root) :].strip("/"))
        if not inside or not keep_out.isdisjoint(
            each.as_posix() for each in (folders, *folders.parents)
        ):
            own = _NEVER_PAST  # the folder's own times say nothing of the files in it
    return path, size, mtime, max(ctime, own)


def _stamp(path: str, file: "str | os.DirEntry[str]") -> Stamp:
    try:
        stat = os.stat(file) if isinstance(file, str) else file.stat()  # noqa: PTH116
    except OSError:
        return path, -1, 0, 0
    return path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
