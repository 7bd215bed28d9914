"""Decide whether there is anything to do, by comparing the last build's inputs with the present.

Only the cache and fresh files are opened. The blog's folder and the written files are compared by
their sizes and times.
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
    """Inputs and outputs of a build.

    `key` is a key of the program and the configuration, `world` of all files of the blog (empty if
    a file may change without a new time). `written` are the stamps of the output, `ledger` of
    ledger and manifest. `report` is the digest of the report. `fresh` holds the digests of the
    fresh files. The result holds from `since` until `until`.
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
    """The blog's folder."""

    def holds(self, key: bytes, now: datetime) -> bool:
        """Return True if program and configuration are unchanged, and the result holds `now`."""
        return (
            self.key == key
            and bool(self.world)
            and (self.since is None or self.since <= now)
            and (self.until is None or now < self.until)
        )

    def is_unchanged(self, world: bytes) -> bool:
        """Return True if the blog is unchanged. Reads the files that were fresh."""
        return self.world == world and has_digests(Path(self.root), self.fresh)

    def is_left(self, output: Path, state: Path) -> bool:
        """Return True if output, ledger and manifest are unmodified since that build."""
        paths = [path for path, *_ in self.written]
        return self.written == stamps_of(paths, output) and self.ledger == ledger_stamps(state)


def ledger_stamps(state: Path, *, before_ns: int = NEVER_PAST) -> Stamps:
    """Return stamps that change with the ledger and the manifest."""
    names = (LEDGER_FILE, MANIFEST, f"{LEDGER_FILE}-wal")
    *both, wal = stamps_of(names, state, before_ns=before_ns)
    return (*both, *([wal] if wal[1] > 0 else ()))  # an empty -wal file has no meaning


class Look(Struct, frozen=True):
    """State of the blog before a build reads anything. `build` is stored if the build succeeds.

    `above` is a digest of the settings above the blog's folder. `clock_ns` is the file system's own
    time, `before` holds the digests of the fresh files that were read.
    """

    build: LastBuild
    world: World
    above: bytes
    clock_ns: int
    before: Mapping[str, str] = {}

    def fresh(self, read: Mapping[str, str]) -> dict[str, str] | None:
        """Return the digests of the fresh files; None if one is unknown or changed meanwhile.

        `read` holds the digests of the bytes that the build has read.
        """
        found = {}
        for path in self.world.fresh:
            digest = read.get(path) or self.before.get(path)
            if not digest or self.before.get(path, digest) != digest:
                return None
            found[path] = digest
        return found


def name_of(stamps: bytes, above: bytes) -> bytes:
    """Return `LastBuild.world` for these stamps and settings."""
    return seal(stamps, above)


def recall(cache: Cache) -> LastBuild | None:
    """Return the last build; None if there is none."""
    return _decoded(cache.note(_NOTE), LastBuild)


def remember(cache: Cache, build: LastBuild | None, report: Report, stamps: bytes) -> None:
    """Store `build` with its report and the blog's `stamps`. With None, store no last build.

    The report is stored without its posts, which are in the cache.
    """
    try:
        # MessagePack would lose the offsets of dates.
        data = msgspec.json.encode(msgspec.structs.replace(report, posts=())) if build else b""
    except UnicodeEncodeError:  # half a character, from a data file
        data = b""
    stored = msgspec.structs.replace(build, report=seal(data)) if build and data else None
    cache.keep_note(_NOTE, msgspec.json.encode(stored) if stored else b"")
    cache.keep_note(_REPORT, data)
    cache.keep_note(_WORLD, stamps if stored else b"")


def settle(cache: Cache, build: LastBuild, fresh: Collection[str]) -> None:
    """Reduce the fresh files of `build` to `fresh`. The other files have not changed."""
    digests = {path: digest for path, digest in build.fresh.items() if path in fresh}
    if digests != build.fresh:
        stored = msgspec.structs.replace(build, fresh=digests)
        cache.keep_note(_NOTE, msgspec.json.encode(stored))


def remember_same(cache: Cache, build: LastBuild, stamps: bytes) -> None:
    """Store `build` and the blog's `stamps`. The report of the build before stays."""
    cache.keep_note(_NOTE, msgspec.json.encode(build))
    cache.keep_note(_WORLD, stamps)


def stamps_before(cache: Cache, build: LastBuild, above: bytes) -> bytes:
    """Return the blog's stamps at the time of `build`; empty if the settings `above` changed."""
    stamps = cache.note(_WORLD)
    return stamps if name_of(stamps, above) == build.world else b""


def forget(cache: Cache) -> bool:
    """Remove the last build durably. Return True if there was one.

    Call it before anything is written, so that a killed build leaves no last build.
    """
    known = bool(cache.note(_NOTE))
    cache.keep_note(_NOTE, b"")
    cache.settle()
    return known


def report_of(cache: Cache, build: LastBuild, *, brief: bool) -> Report | None:
    """Return the report of the last build; without its posts if `brief`; None if it is lost."""
    data = cache.note(_REPORT)
    report = _decoded(data, Report) if seal(data) == build.report else None
    return report if report is None or brief else with_posts(cache, report)


def with_posts(cache: Cache, report: Report) -> Report | None:
    """Add the cached posts to `report`. Return None if the cache does not have all of them."""
    posts = posts_of(cache)
    whole = msgspec.structs.replace(report, posts=posts)
    return whole if len(posts) == report.post_count else None


def _decoded(data: bytes, kind: type[Kind]) -> Kind | None:
    try:
        return msgspec.json.decode(data, type=kind) if data else None
    except msgspec.DecodeError:
        return None
