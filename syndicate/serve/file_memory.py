"""The files of the output folder as they are just now, the well-asked-for ones in memory.

A file's place, time and size are looked at for every request, its bytes only when these change;
what replaces a file is seen at once. Nothing outside the folder is ever opened, nor any name that
begins with a dot. Memory is bounded, and a file is read once however many ask for it.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Collection
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from syndicate.config.schema import ContentTypes
from syndicate.errors import StateError
from syndicate.files.read import open_own
from syndicate.serve.bounded_cache import Kept
from syndicate.serve.codings import encoded
from syndicate.serve.feed_parts import Outline, outline
from syndicate.serve.feed_states import Seen, see, seen_anew
from syndicate.serve.media import is_media, is_text, media_type
from syndicate.serve.once import Once
from syndicate.serve.prepared import Reply

__all__ = ["Dress", "File", "Listed", "Shelf", "path_of", "stamp_of", "undressed"]

Dress = Callable[[bytes], bytes]
"""What becomes of a page before it is sent."""

Listed = Callable[[], Collection[str]]
"""Returns the paths of the files that may be served. May take a moment: called in threads."""

KEPT_BYTES = 16_000_000
"""A larger file is sent from the disk, as it is."""
SENT_BYTES = 16_000_000_000
"""A larger file is not sent: its digest would take minutes."""
SHELF_BYTES = 128_000_000
_CHUNK = 1 << 20
_FORBIDDEN = "\\:" if os.name == "nt" else "\\"


class File(Struct, frozen=True):
    """A file, read. `bodies` has its bytes in each content coding; none where it is too large.

    `feed` is there where it is one. `replies` and `parts` keep what was made of it.
    """

    path: str
    where: str
    stamp: tuple[int, ...]
    size: int
    type: str
    digest: str
    seen: Seen
    feed: Outline | None
    bodies: dict[str, bytes]
    replies: dict[object, Reply]
    parts: OrderedDict[int, dict[str, bytes]]


def undressed(page: bytes) -> bytes:
    """As it is."""
    return page


def stamp_of(found: os.stat_result) -> tuple[int, ...]:
    """What changes when another file is at a place, or other bytes in it."""
    return (found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size)


@Kept
def path_of(target: bytes) -> str | None:
    """The path below the folder that a request's target names; None where it names none.

    A folder's ends in "/", the folder itself is "". Each part must be plain UTF-8: no empty
    one, none that begins with a dot, no slash, backslash or control character, encoded or not.
    """
    raw, _, _ = target.partition(b"?")
    if not raw.startswith(b"/"):
        return None
    try:
        parts = [unquote_to_bytes(part).decode() for part in raw[1:].split(b"/")]
    except UnicodeDecodeError:
        return None
    *folders, last = parts
    if not all(map(_is_plain, folders)) or (last and not _is_plain(last)):
        return None
    return "/".join(parts)


def _is_plain(part: str) -> bool:
    return (
        bool(part)
        and part[0] != "."
        and "/" not in part
        and part.isprintable()
        and not any(character in part for character in _FORBIDDEN)
    )


class Shelf:
    """The files below `root`. `state` remembers them, `now` is the time in seconds since 1970.

    Where `listed` is given, no other file is opened but pictures, sounds and films, which pages and
    feeds show from beside them.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        *,
        now: Callable[[], float],
        content_types: ContentTypes = "stylable",
        dress: Dress = undressed,
        listed: Listed | None = None,
        budget: int = SHELF_BYTES,
    ) -> None:
        self._root = os.fspath(root)
        self._state = state
        self._now = now
        self._content_types: ContentTypes = content_types
        self._dress = dress
        self._listed = listed
        self._budget = budget
        self._held = 0
        self._files: OrderedDict[str, File] = OrderedDict()
        self._once = Once()

    @property
    def root(self) -> str:
        """The folder."""
        return self._root

    def ready(self, path: str) -> File | None:
        """The file at `path` if it is at hand and still the same; None where it must be read."""
        if (file := self._files.get(path)) is None:
            return None
        try:
            found = os.stat(file.where)  # noqa: PTH116  a third of the time of Path.stat
        except OSError:
            return None
        if stamp_of(found) != file.stamp:
            return None
        self._files.move_to_end(path)
        return file

    async def file(self, path: str) -> File | None:
        """The file at `path`, read if need be; None where there is none to be served."""
        if not path or path.endswith("/"):
            return None
        if file := self.ready(path):
            return file
        if not os.path.isfile(self._place(path)):  # noqa: PTH113  as fast as a thread
            return None
        file = await self._once(path, partial(self.load, path))
        if file and self._files.get(path) is not file:
            self._keep(file)
        return file

    def is_folder(self, path: str) -> bool:
        """Whether a folder is at `path`."""
        return os.path.isdir(self._place(path))  # noqa: PTH112

    def load(self, path: str) -> File | None:
        """Read the file at `path`; None where it is not listed, none, or outside the folder."""
        where = self._place(path)
        if self._listed is not None and not is_media(path) and path not in self._listed():
            return None
        try:
            real, root = os.path.realpath(where), os.path.realpath(self._root)
            if os.path.commonpath((real, root)) != root:
                return None
            with open_own(real, limit=SENT_BYTES, follow=False) as stream:
                found = os.fstat(stream.fileno())
                return self._read(path, where, stream, found)
        except (OSError, ValueError):
            return None

    def _read(self, path: str, where: str, stream: BinaryIO, found: os.stat_result) -> File:
        whole = found.st_size <= KEPT_BYTES
        data = stream.read(KEPT_BYTES) if whole else b""
        if path.endswith(".html"):
            data = self._dress(data)
        hashed = sha256(data)
        while not whole and (chunk := stream.read(_CHUNK)):
            hashed.update(chunk)
        digest = hashed.hexdigest()[:32]
        feed = outline(data) if data and path.endswith((".xml", ".json")) else None
        kind = media_type(path, feed.kind if feed else "", self._content_types)
        bodies = {"identity": data} if whole else {}
        return File(
            path=path,
            where=where,
            stamp=stamp_of(found),
            size=len(data) if whole else found.st_size,
            type=kind,
            digest=digest,
            seen=self._see(path, digest, feed, int(found.st_mtime)),
            feed=feed,
            bodies=encoded(data) if whole and is_text(kind) else bodies,
            replies={},
            parts=OrderedDict(),
        )

    def _see(self, path: str, digest: str, feed: Outline | None, mtime: int) -> Seen:
        now = int(self._now())
        # Not the feed's own date, which an older post that is added leaves as it was.
        first = min(now, mtime)
        try:
            return see(self._state, path, digest, feed, first=first, now=now)
        except StateError:  # readers are answered all the same, if with less memory
            before = self._files.get(path)
            return seen_anew(before.seen if before else None, digest, feed, first=first, now=now)

    def _place(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _keep(self, file: File) -> None:
        if old := self._files.pop(file.path, None):
            self._held -= _weight(old)
        self._files[file.path] = file
        self._held += _weight(file)
        while self._held > self._budget and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._held -= _weight(oldest)


def _weight(file: File) -> int:
    """Bytes held, and as many again for the parts that may be made of it."""
    return 2_000 + 2 * sum(map(len, file.bodies.values()))
