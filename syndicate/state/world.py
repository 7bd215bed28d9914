"""Compare a blog's folder with its state in the last build, by sizes and times of files only.

File systems count time in steps of up to two seconds. Within a step, a file may change without a
new time. So a file that changed in the last two seconds is fresh, and its digest is compared too.
"""

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path, PurePath
from stat import S_IFDIR, S_IFREG

import msgspec
from msgspec import Struct

from syndicate.files.read import read_beside
from syndicate.files.seen import Entry, Seen, looked_into
from syndicate.text.digests import content_digest

__all__ = [
    "FRESH_NS",
    "Stamp",
    "Stamps",
    "World",
    "changed_since",
    "digests_of",
    "has_digests",
    "settings_of",
    "stamps_of",
    "world_of",
]

Stamp = tuple[str, int, int, int]
"""Path, size, and the times of the last change to content and to the file, in nanoseconds."""
Stamps = tuple[Stamp, ...]

FRESH_NS = 2_000_000_000
NEVER_PAST = 1 << 63
"""Time of files that may change without a new time."""
MOST_FRESH = 100
"""Number of fresh files that are read before a build: enough for edits, not for a copied blog."""
_BLOCK = 64
"""Number of stamps in an encoded block. Only blocks that differ are decoded."""
_STAMPS = msgspec.msgpack.Decoder(list[Stamp])
MOST_BYTES = 20_000_000
"""Bytes of the largest fresh file that is read for its digest."""
_NOT_LOOKED_INTO = frozenset((".git", ".hg", ".svn", "node_modules"))
"""Large folders that no generator reads."""


class World(Struct, frozen=True):
    """The stamps of all files and folders below `root`, ordered by path.

    `blocks` holds the stamps in encoded form. `unseen` are the folders that were skipped, `mixed`
    the folders with links, devices or errors. `fresh` are the paths of the fresh files. If not
    `trusted`, something may change without a change of stamps. `newest_ns` is the time of the
    newest file, in nanoseconds.
    """

    root: str
    seen: list[Stamp]
    blocks: list[bytes]
    unseen: list[str]
    mixed: frozenset[str]
    fresh: tuple[str, ...]
    trusted: bool
    newest_ns: int

    @property
    def stamps(self) -> bytes:
        """Return all blocks in one encoded value."""
        return msgspec.msgpack.encode(self.blocks)

    def listing(self) -> Callable[[str], Sequence[Entry]]:
        """Return a function that lists a folder by its absolute path, from the stamps."""
        inside: dict[str, list[Seen]] = {}
        folders = dict.fromkeys(item[0][:-1] for item in self.seen if item[0].endswith("/"))
        for path in (*folders, *self.unseen):
            parent, _, name = path.rpartition("/")
            entry = Seen(name, f"{self.root}/{path}", S_IFDIR, 0, 0, 0)
            inside.setdefault(parent, []).append(entry)
        for path, *stamp in self.seen:
            if path and path[-1] != "/":
                parent, _, name = path.rpartition("/")
                entry = Seen(name, f"{self.root}/{path}", S_IFREG, *stamp)
                inside.setdefault(parent, []).append(entry)
        below = f"{self.root.rstrip('/')}/"

        def listed(folder: str) -> Sequence[Entry]:
            path = f"{folder.rstrip('/')}/".removeprefix(below).rstrip("/")
            if folder.startswith(below) and path in inside and path not in self.mixed:
                return inside[path]
            with os.scandir(folder) as entries:
                return list(entries)

        return listed


def world_of(root: Path, *, keep_out: Collection[str], clock_ns: int) -> World:
    """Walk the folder `root`, except the folders `keep_out` (relative).

    `clock_ns` is the file system's own time. A link to a folder that is skipped makes the result
    untrusted.
    """
    real, unseen, mixed = os.path.realpath(root), list[str](), set[str]()
    seen = _walked(real, _NOT_LOOKED_INTO.union(keep_out), unseen, mixed)
    seen.sort()
    newest = max(max(map(itemgetter(place), seen)) for place in (2, 3))
    safe_ns = clock_ns - FRESH_NS
    fresh = [item[0] for item in seen if max(item[2:]) >= safe_ns] if newest >= safe_ns else []
    is_trusted = newest < NEVER_PAST
    try:
        starts = range(0, len(seen), _BLOCK)
        blocks = [msgspec.msgpack.encode(seen[start : start + _BLOCK]) for start in starts]
    except UnicodeEncodeError:  # names in no encoding
        blocks = [repr(seen).encode("utf-8", "surrogatepass")]
        fresh, is_trusted = [], is_trusted and not fresh
    odd = frozenset(mixed)
    return World(real, seen, blocks, unseen, odd, tuple(fresh), is_trusted, newest)


def changed_since(before: bytes, now: World) -> Stamps | None:
    """Return the new stamps of the changed files; None if files were added or removed."""
    try:
        old = msgspec.msgpack.decode(before, type=list[bytes])
        blocks = [item for item in zip(old, now.blocks, strict=True) if item[0] != item[1]]
        pairs = [
            (one, other)
            for block in blocks
            for one, other in zip(*map(_STAMPS.decode, block), strict=True)
            if one != other
        ]
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        return None  # of another version, or other files
    same = all(one[0] == other[0] and one[1] >= 0 <= other[1] for one, other in pairs)
    return tuple(other for _, other in pairs) if same else None


def digests_of(root: Path, paths: Iterable[str]) -> dict[str, str]:
    """Return the digests of files below `root`. Skip files that cannot be read."""
    found = {}
    for path in paths:
        try:
            data = read_beside(root, path, MOST_BYTES)
        except OSError:
            continue
        found[path] = content_digest(data)
    return found


def has_digests(root: Path, digests: Mapping[str, str]) -> bool:
    """Return True if the files below `root` still have these digests."""
    return all(digests_of(root, [path]) == {path: digest} for path, digest in digests.items())


def settings_of(folders: Iterable[Path], names: Iterable[str], *, clock_ns: int) -> bytes:
    """Return a digest of the stamps of the files `names` in `folders`."""
    wanted, before_ns = tuple(names), clock_ns - FRESH_NS
    seen = [stamps_of(wanted, folder, before_ns=before_ns) for folder in folders]
    return blake2b(msgspec.msgpack.encode(seen), digest_size=16).digest()


def stamps_of(paths: Iterable[str], folder: Path, *, before_ns: int = NEVER_PAST) -> Stamps:
    """Return the stamps of files below `folder`. A missing file has the size -1.

    A file that changed at `before_ns` or later may change again within the same tick of the clock.
    It gets a stamp that no file has, with the size -2.
    """
    prefix, found = f"{folder}/", []
    for path in paths:
        try:
            stat = os.stat(prefix + path)  # noqa: PTH116
        except OSError:
            found.append((path, -1, 0, 0))
            continue
        mtime_ns, ctime_ns = stat.st_mtime_ns, stat.st_ctime_ns
        is_past = mtime_ns < before_ns and ctime_ns < before_ns
        stamp = (path, stat.st_size, mtime_ns, ctime_ns)
        found.append(stamp if is_past else (path, -2, 0, 0))
    return tuple(found)


def _walked(root: str, keep_out: frozenset[str], unseen: list[str], mixed: set[str]) -> list[Stamp]:
    """Return the stamps of all files and folders. Add to `unseen` and `mixed` as in `World`.

    Files that may change without a new time get the time `NEVER_PAST`.
    """
    found: list[Stamp] = []
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with looked_into(f"{root}/{folder}") as entries:
                for entry in entries:
                    path = folder + entry.name
                    if entry.is_file(follow_symlinks=False):
                        stat = entry.stat()
                        found.append((path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
                    elif entry.is_symlink():
                        mixed.add(folder[:-1])
                        found.append(_link(root, path, keep_out))
                    elif not entry.is_dir():
                        mixed.add(folder[:-1])
                        stat = entry.stat()
                        found.append((path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
                    elif path in keep_out:
                        unseen.append(path)
                    else:
                        folders.append(f"{path}/")
        except OSError:  # removed, or not readable
            mixed.add(folder[:-1])
            found.append((folder, -1, 0, 0))
        found.append((folder, 0, 0, 0))  # an empty folder may matter to an engine
    return found


def _link(root: str, path: str, keep_out: frozenset[str]) -> Stamp:
    """Return a stamp that changes with the link and with its target."""
    link = f"{root}/{path}"
    ((_, size, mtime, ctime),) = stamps_of([path], Path(root))
    own = os.lstat(link).st_ctime_ns
    if os.path.isdir(link):  # noqa: PTH112
        real = os.path.realpath(link)
        inside = f"{real}/".startswith(f"{root.rstrip('/')}/")
        folders = PurePath(real[len(root) :].strip("/"))
        if not inside or not keep_out.isdisjoint(
            item.as_posix() for item in (folders, *folders.parents)
        ):
            own = NEVER_PAST  # a folder's times do not change with the files below it
    return path, size, mtime, max(ctime, own)
