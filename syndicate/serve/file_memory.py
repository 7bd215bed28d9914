"""Files of the output folder, with the most requested ones in memory.

Every request checks the file's stat, and reads its bytes only after a change, so that a replaced
file is noticed at once. Files outside the folder and hidden files are never opened. Memory is
bounded, and concurrent requests read a file once.
"""

import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote_to_bytes

from msgspec import Struct

from syndicate.config.schema import ContentTypes
from syndicate.errors import StateError
from syndicate.files.read import open_own
from syndicate.model import FORMATS
from syndicate.serve.bounded_cache import BoundedCache
from syndicate.serve.codings import encoded
from syndicate.serve.feed_parts import Outline, outline
from syndicate.serve.feed_states import FileHistory, next_history, record_file
from syndicate.serve.media import is_media, is_text, media_type
from syndicate.serve.prepared import Reply
from syndicate.serve.shared_work import SharedWork

__all__ = ["File", "FileMemory", "Listed", "PageFilter", "path_of", "stamp_of", "unchanged_page"]

PageFilter = Callable[[bytes], bytes]
"""Changes an HTML page before it is sent."""

Listed = Callable[[], Mapping[str, str]]
"""Returns the paths of the files that may be served. May be slow: called in threads."""

MEMORY_BYTES = 16_000_000
"""Larger files are sent from the disk, uncompressed."""
SENT_BYTES = 16_000_000_000
"""Larger files are not served, since their digest would take minutes."""
MOST_BYTES = 128_000_000
_CHUNK = 1 << 20
_FEED_ENDINGS = (".xml", ".json", *(row.ending for row in FORMATS.values() if row.ending))
_FORBIDDEN = "\\:" if os.name == "nt" else "\\"


class File(Struct, frozen=True):
    """File as it was read. `bodies` holds its bytes by content coding; empty for a large file.

    `feed` is its outline if it is a feed. `replies` and `parts` cache what was made of it.
    """

    path: str
    where: str
    stamp: tuple[int, ...]
    size: int
    type: str
    digest: str
    history: FileHistory
    feed: Outline | None
    bodies: dict[str, bytes]
    replies: dict[object, Reply]
    parts: OrderedDict[int, dict[str, bytes]]


def unchanged_page(page: bytes) -> bytes:
    """Return the page unchanged."""
    return page


def stamp_of(status: os.stat_result) -> tuple[int, ...]:
    """Return values that change when a file is replaced or written."""
    return (status.st_ino, status.st_mtime_ns, status.st_ctime_ns, status.st_size)


@BoundedCache
def path_of(target: bytes) -> str | None:
    """Return the path of a request's target, relative to the folder; None if it is invalid.

    The path of a subfolder ends in "/", that of the folder itself is "". Every part must be UTF-8,
    not empty, not begin with a dot, and have no slash, backslash or control character, even
    encoded.
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


class FileMemory:
    """Files below `root`. `state` is the state folder, `now` returns seconds since 1970.

    With `listed`, only the listed files are opened, and pictures, sounds and films, which pages and
    feeds show.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        *,
        now: Callable[[], float],
        content_types: ContentTypes = "stylable",
        page_filter: PageFilter = unchanged_page,
        listed: Listed | None = None,
    ) -> None:
        self._root = os.fspath(root)
        self._state = state
        self._now = now
        self._content_types: ContentTypes = content_types
        self._page_filter = page_filter
        self._listed = listed
        self._held = 0
        self._files: OrderedDict[str, File] = OrderedDict()
        self._once = SharedWork()

    @property
    def root(self) -> str:
        """Return the path of the folder."""
        return self._root

    def ready(self, path: str) -> File | None:
        """Return the file at `path` if it is in memory and unchanged; None if it must be read."""
        if (file := self._files.get(path)) is None:
            return None
        try:
            status = os.stat(file.where)  # noqa: PTH116  a third of the time of Path.stat
        except OSError:
            return None
        if stamp_of(status) != file.stamp:
            return None
        self._files.move_to_end(path)
        return file

    async def file(self, path: str) -> File | None:
        """Return the file at `path`, reading it if necessary; None if it cannot be served."""
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
        """Return whether `path` is a folder."""
        return os.path.isdir(self._place(path))  # noqa: PTH112

    def load(self, path: str) -> File | None:
        """Read the file at `path`; return None if it is missing, not listed or outside."""
        where = self._place(path)
        if self._listed is not None and not is_media(path) and path not in self._listed():
            return None
        try:
            real, root = os.path.realpath(where), os.path.realpath(self._root)
            if os.path.commonpath((real, root)) != root:
                return None
            with open_own(real, limit=SENT_BYTES, follow=False) as stream:
                return self._read(path, where, stream, os.fstat(stream.fileno()))
        except (OSError, ValueError):
            return None

    def _read(self, path: str, where: str, stream: BinaryIO, status: os.stat_result) -> File:
        whole = status.st_size <= MEMORY_BYTES
        data = stream.read(MEMORY_BYTES) if whole else b""
        if path.endswith(".html"):
            data = self._page_filter(data)
        hashed = sha256(data)
        while not whole and (chunk := stream.read(_CHUNK)):
            hashed.update(chunk)
        digest = hashed.hexdigest()[:32]
        feed = outline(data) if data and self._may_be_feed(path) else None
        kind = media_type(path, feed.kind if feed else "", self._content_types)
        bodies = {"identity": data} if whole else {}
        return File(
            path=path,
            where=where,
            stamp=stamp_of(status),
            size=len(data) if whole else status.st_size,
            type=kind,
            digest=digest,
            history=self._record(path, digest, feed, int(status.st_mtime)),
            feed=feed,
            bodies=encoded(data) if whole and is_text(kind) else bodies,
            replies={},
            parts=OrderedDict(),
        )

    def _may_be_feed(self, path: str) -> bool:
        kind = self._listed().get(path) if self._listed else ""
        # while a build runs, the manifest does not know the kind of a new feed yet
        return kind in FORMATS or (not kind and path.endswith(_FEED_ENDINGS))

    def _record(self, path: str, digest: str, feed: Outline | None, mtime: int) -> FileHistory:
        now = int(self._now())
        # Not the feed's own date, since adding an older post does not change it.
        first = min(now, mtime)
        try:
            return record_file(self._state, path, digest, feed, first=first, now=now)
        except StateError:  # readers are still answered, without history
            before = self._files.get(path)
            return next_history(
                before.history if before else None, digest, feed, first=first, now=now
            )

    def _place(self, path: str) -> str:
        return f"{self._root}/{path}"

    def _keep(self, file: File) -> None:
        if old := self._files.pop(file.path, None):
            self._held -= _weight(old)
        self._files[file.path] = file
        self._held += _weight(file)
        while self._held > MOST_BYTES and len(self._files) > 1:
            _, oldest = self._files.popitem(last=False)
            self._held -= _weight(oldest)


def _weight(file: File) -> int:
    """Return the bytes of a file in memory, twice, to leave room for its parts."""
    return 2_000 + 2 * sum(map(len, file.bodies.values()))
