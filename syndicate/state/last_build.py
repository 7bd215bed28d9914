"""Whether there is anything to do: what the last build saw of the world, against what there is.

Nothing is opened but the cache and files that are too fresh for their times to tell: the blog's
folder and the files that were written are looked at by their sizes and times alone.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from syndicate.model import Report
from syndicate.state.cache import Cache, seal
from syndicate.state.manifest import FILE_NAME as MANIFEST
from syndicate.state.names import LEDGER_FILE
from syndicate.state.settled_posts import posts_of
from syndicate.state.world import NEVER_PAST, Stamps, World, has_digests, stamps_of

__all__ = [
    "LastBuild",
    "Look",
    "forget",
    "ledger_stamps",
    "name_of",
    "recall",
    "remember",
    "remember_same",
    "report_of",
    "settle",
    "stamps_before",
    "with_posts",
]

Kind = TypeVar("Kind")
_NOTE, _REPORT, _WORLD = "last build", "last report", "last world"


class LastBuild(Struct, frozen=True):
    """What a build was made from and what it wrote.

    `key` stands for program and configuration, `world` for every file of the blog (empty where one
    could change unseen), `written` for the output, `ledger` for ledger and manifest, `report` for
    what was reported. `fresh` are the digests of the files that had just changed. It holds from
    `since` on, and not any more when it is `until`.
    """

    key: bytes
    world: bytes
    written: Stamps = ()
    ledger: Stamps = ()
    report: bytes = b""
    fresh: Mapping[str, str] = {}
    since: datetime | None = None
    until: datetime | None = None
    root: str = ""
    """The folder that `world` stands for."""

    def holds(self, key: bytes, now: datetime) -> bool:
        """Whether program, configuration and hour are those that it was made with."""
        return (
            self.key == key
            and bool(self.world)
            and (self.since is None or self.since <= now)
            and (self.until is None or now < self.until)
        )

    def is_unchanged(self, world: bytes) -> bool:
        """Return whether the blog is as it was; reads the files that were fresh."""
        return self.world == world and has_digests(Path(self.root), self.fresh)

    def is_left(self, output: Path, state: Path) -> bool:
        """Whether what it wrote is as it was left."""
        paths = [path for path, *_ in self.written]
        return self.written == stamps_of(paths, output) and self.ledger == ledger_stamps(state)


def ledger_stamps(state: Path, *, before_ns: int = NEVER_PAST) -> Stamps:
    """What changes when somebody writes to the ledger or the manifest."""
    names = (LEDGER_FILE, MANIFEST, f"{LEDGER_FILE}-wal")
    *both, wal = stamps_of(names, state, before_ns=before_ns)
    return (*both, *([wal] if wal[1] > 0 else ()))  # an empty one says nothing


class Look(Struct, frozen=True):
    """What was seen before anything was read: `build` is what to remember if all else goes well.

    `above` stands for the settings above the blog's folder. `clock_ns` is the file system's own
    time then, `before` the digests of fresh files, as many as were read.
    """

    build: LastBuild
    world: World
    above: bytes
    clock_ns: int
    before: Mapping[str, str] = {}

    def fresh(self, read: Mapping[str, str]) -> dict[str, str] | None:
        """Return the digests of the files that were fresh; None if that of one is not known.

        `read` are the digests of the files whose bytes the build is made from.
        """
        found = {}
        for path in self.world.fresh:
            digest = read.get(path) or self.before.get(path)
            if not digest or self.before.get(path, digest) != digest:
                return None
            found[path] = digest
        return found


def name_of(stamps: bytes, above: bytes) -> bytes:
    """Return the `LastBuild.world` of these stamps and settings."""
    return seal(stamps, above)


def recall(cache: Cache) -> LastBuild | None:
    """The last build that is remembered."""
    return _decoded(cache.note(_NOTE), LastBuild)


def remember(cache: Cache, build: LastBuild | None, report: Report, stamps: bytes) -> None:
    """Keep `build` with its report and the blog's `stamps`; with None, that nothing holds.

    The posts of the report are those of the cache.
    """
    try:
        # MessagePack would lose the offsets of dates.
        data = msgspec.json.encode(msgspec.structs.replace(report, posts=())) if build else b""
    except UnicodeEncodeError:  # half a character, from a data file
        data = b""
    told = msgspec.structs.replace(build, report=seal(data)) if build and data else None
    cache.keep_note(_NOTE, msgspec.json.encode(told) if told else b"")
    cache.keep_note(_REPORT, data)
    cache.keep_note(_WORLD, stamps if told else b"")


def settle(cache: Cache, build: LastBuild, fresh: Collection[str]) -> None:
    """Note that of the fresh files of `build` only these still are; the others have not changed."""
    digests = {path: digest for path, digest in build.fresh.items() if path in fresh}
    if digests != build.fresh:
        told = msgspec.structs.replace(build, fresh=digests)
        cache.keep_note(_NOTE, msgspec.json.encode(told))


def remember_same(cache: Cache, build: LastBuild, stamps: bytes) -> None:
    """Keep `build`, whose report is that of the build before, and the blog's `stamps`."""
    cache.keep_note(_NOTE, msgspec.json.encode(build))
    cache.keep_note(_WORLD, stamps)


def stamps_before(cache: Cache, build: LastBuild, above: bytes) -> bytes:
    """Return the blog's stamps as `build` saw them; empty if the settings `above` are others."""
    stamps = cache.note(_WORLD)
    return stamps if name_of(stamps, above) == build.world else b""


def forget(cache: Cache) -> bool:
    """Let there be no last build, for good; whether there was one.

    Called before anything is written: none is there to go by where a build has been killed.
    """
    known = bool(cache.note(_NOTE))
    cache.keep_note(_NOTE, b"")
    cache.settle()
    return known


def report_of(cache: Cache, build: LastBuild, *, brief: bool) -> Report | None:
    """Return the report of `build`, the last one; without its posts if `brief`."""
    data = cache.note(_REPORT)
    report = _decoded(data, Report) if seal(data) == build.report else None
    return report if report is None or brief else with_posts(cache, report)


def with_posts(cache: Cache, report: Report) -> Report | None:
    """Return `report` with the posts that the cache holds; None if it does not hold them all."""
    posts = posts_of(cache)
    whole = msgspec.structs.replace(report, posts=posts)
    return whole if len(posts) == report.post_count else None


def _decoded(data: bytes, kind: type[Kind]) -> Kind | None:
    try:
        return msgspec.json.decode(data, type=kind) if data else None
    except msgspec.DecodeError:
        return None
