"""Size, digest, media type and delivery order of the output folder's files."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import cast

from syndicate.errors import OutputError
from syndicate.files.names import is_plain
from syndicate.files.read import LeadsOut, open_own, real_inside
from syndicate.model import FORMATS, Format
from syndicate.publish.target import File
from syndicate.text.media_types import media_type

__all__ = ["describe"]

_ENCODINGS = {".gz": "gzip", ".br": "br", ".zst": "zstd"}
_OPML = media_type("feeds.opml")


def describe(output: Path, kinds: Mapping[str, str]) -> tuple[File, ...]:
    """Return the files of `output` by path, in the order in which they must be sent.

    `kinds` are the kinds of the files by path, as the manifest's `Written.kinds` returns them.

    Files that feeds refer to come first, then compressed variants, then feeds (those of categories
    before the main feed), then lists of feeds. Raises OutputError if a path leads out of the
    folder or its file is missing: a lost file must not be removed from the targets.
    """
    return tuple(sorted((_file(output, path, kinds) for path in kinds), key=_order))


def _file(output: Path, path: str, kinds: Mapping[str, str]) -> File:
    if not is_plain(path):
        raise OutputError(path, "leads out of the output folder", "nothing was published")
    place = output / path
    try:
        real_inside(output, path)
        stat = place.stat()
        # Files are replaced, never changed in place, so these four identify the bytes.
        digest = _digest(place, stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size)
    except LeadsOut:
        what, cure = "is a link that leads out of the output folder", "remove it, and build again"
        raise OutputError(path, what, cure) from None
    except OSError as error:
        cure = "build again, then publish"
        raise OutputError(str(place), f"cannot be read ({error.strerror})", cure) from error
    inner, encoding = _unpacked(path)
    kind = kinds.get(inner, "")
    rank = _rank(inner, kind, encoding)
    feed = kind in FORMATS and not encoding
    return File(path, digest, stat.st_size, _type(inner, kind), encoding, feed, rank)


@lru_cache(maxsize=65_536)
def _digest(place: Path, *_identity: int) -> str:
    with open_own(place) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpacked(path: str) -> tuple[str, str]:
    """Return the path without the suffix of its compression, and the compression or ""."""
    encoding = _ENCODINGS.get(PurePosixPath(path).suffix, "")
    return (path.rpartition(".")[0], encoding) if encoding else (path, "")


def _type(path: str, kind: str) -> str:
    row = FORMATS.get(cast("Format", kind))
    return row.type if row else _OPML if kind == "opml" else media_type(path)


def _rank(path: str, kind: str, encoding: str) -> int:
    if encoding:
        return 1
    if kind == "opml" or PurePosixPath(path).stem == path.partition(".")[0] == "index":
        return 3
    return 2 if kind in FORMATS else 0


def _order(file: File) -> tuple[int, int, str]:
    return file.rank, -file.path.count("/"), file.path
