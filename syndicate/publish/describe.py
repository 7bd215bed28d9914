"""Size, digest, media type and delivery order of the output folder's files."""

import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from mimetypes import MimeTypes
from pathlib import Path, PurePosixPath

from syndicate.errors import OutputError
from syndicate.files.names import is_plain
from syndicate.files.read import LeadsOut, open_own, real_inside
from syndicate.model import FORMATS
from syndicate.publish.target import File

__all__ = ["describe"]

_ENCODINGS = {".gz": "gzip", ".br": "br", ".zst": "zstd"}
_TYPES = {
    **{row.ending: row.type for row in FORMATS.values() if row.ending},
    ".css": "text/css; charset=utf-8",
    ".htm": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".opml": "text/x-opml",
    ".txt": "text/plain; charset=utf-8",
    ".xsl": "application/xslt+xml",
    ".xslt": "application/xslt+xml",
}
_FEEDS = frozenset(row.type for row in FORMATS.values())
_SNIFFED = frozenset((".xml", ".json", ""))
_ROOTS = (
    *((re.compile(row.sign), row.type) for row in FORMATS.values()),
    (re.compile(rb"<opml\b"), "text/x-opml"),
    (re.compile(rb"\A\s*[{\[]"), "application/json"),
    (re.compile(rb"\A\s*<\?xml|\A\s*<"), "application/xml"),
)
_BUILT_IN = MimeTypes()
"""Python's own table of media types; the machine's table differs from one to the next."""


def describe(output: Path, paths: Iterable[str]) -> tuple[File, ...]:
    """Return the files of `output` at `paths`, in the order in which they must be sent.

    Files that feeds refer to come first, then compressed variants, then feeds (those of categories
    before the main feed), then lists of feeds. Raises OutputError if a path leads out of the
    folder or its file is missing: a lost file must not be removed from the targets.
    """
    return tuple(sorted((_file(output, path) for path in set(paths)), key=_order))


def _file(output: Path, path: str) -> File:
    if not is_plain(path):
        raise OutputError(path, "leads out of the output folder", "nothing was published")
    place = output / path
    try:
        real_inside(output, path)
        stat = place.stat()
        # Files are replaced, never changed in place, so these four identify the bytes.
        digest, head = _read(place, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
    except LeadsOut:
        what, cure = "is a link that leads out of the output folder", "remove it, and build again"
        raise OutputError(path, what, cure) from None
    except OSError as error:
        cure = "build again, then publish"
        raise OutputError(str(place), f"cannot be read ({error.strerror})", cure) from error
    inner, encoding = _unpacked(path)
    kind = _type(inner, b"" if encoding else head)
    feed = kind in _FEEDS and not encoding
    return File(path, digest, stat.st_size, kind, encoding, feed, _rank(inner, kind, encoding))


@lru_cache(maxsize=65_536)
def _read(place: Path, *_identity: int) -> tuple[str, bytes]:
    with open_own(place) as stream:
        head = stream.read(1_000)
        stream.seek(0)
        return hashlib.file_digest(stream, "sha256").hexdigest(), head


def _unpacked(path: str) -> tuple[str, str]:
    """Return the path without the suffix of its compression, and the compression or ""."""
    encoding = _ENCODINGS.get(PurePosixPath(path).suffix, "")
    return (path.rpartition(".")[0], encoding) if encoding else (path, "")


def _type(path: str, head: bytes) -> str:
    suffix = PurePosixPath(path).suffix.lower()
    if known := _TYPES.get(suffix):
        return known
    if suffix in _SNIFFED:
        kinds = (kind for root, kind in _ROOTS if root.search(head))
        if kind := next(kinds, ""):
            return kind
    return _BUILT_IN.types_map[True].get(suffix, "application/octet-stream")


def _rank(path: str, kind: str, encoding: str) -> int:
    if encoding:
        return 1
    if kind == "text/x-opml" or PurePosixPath(path).stem == path.partition(".")[0] == "index":
        return 3
    return 2 if kind in _FEEDS else 0


def _order(file: File) -> tuple[int, int, str]:
    return file.rank, -file.path.count("/"), file.path
