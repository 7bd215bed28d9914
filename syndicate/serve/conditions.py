"""Headers of conditional and range requests (RFC 9110 13, 14).

Unreadable headers count as absent, as the RFC requires.
"""

import re
from collections.abc import Iterable
from email.utils import formatdate, parsedate_to_datetime

from syndicate.serve.bounded_cache import BoundedCache

__all__ = [
    "ANY",
    "entity_tags",
    "http_date",
    "is_newer",
    "joined",
    "range_of",
    "seconds_of",
    "strong_tags",
]

ANY = b"*"
_TAG = re.compile(rb'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_RANGE = re.compile(rb"bytes=[ \t]*(\d{0,18})-(\d{0,18})[ \t]*", re.I)


@BoundedCache
def entity_tags(header: bytes) -> tuple[bytes, ...]:
    """Return the opaque tags in If-None-Match, without quotes; ANY for ``*``.

    A header without quotes is one tag.
    """
    return tuple(tag for _, tag in _tags(header))


@BoundedCache
def strong_tags(header: bytes) -> tuple[bytes, ...]:
    """Return the strong tags in If-Match or If-Range, as `entity_tags` does."""
    return tuple(tag for weak, tag in _tags(header) if not weak)


def _tags(header: bytes) -> list[tuple[bytes, bytes]]:
    header = header.strip()
    if header == ANY or b'"' not in header:
        return [(b"", header)] if header else []
    return _TAG.findall(header)


@BoundedCache
def seconds_of(header: bytes) -> int | None:
    """Return an HTTP date as seconds since 1970; None if the header is not a date."""
    try:
        return int(parsedate_to_datetime(header.decode("ascii")).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None


def http_date(seconds: int) -> bytes:
    """Return seconds since 1970 as an HTTP date."""
    return formatdate(seconds, usegmt=True).encode()


def range_of(header: bytes, size: int) -> tuple[int, int] | None:
    """Return start and end (exclusive) of the header Range for a file of `size` bytes.

    Return None to send the whole file: for another unit, several ranges or an invalid header.
    Raises ValueError if the range is outside the file (status 416).
    """
    if not (match := _RANGE.fullmatch(header.strip())) or header.count(b"-") != 1:
        return None
    first, last = match.groups()
    if not first:
        return _suffix(last, size)
    start = int(first)
    end = min(int(last) + 1, size) if last else size
    if last and int(last) < start:
        return None
    if start >= size:
        raise ValueError(f"{start} is not below {size}")
    return start, end


def _suffix(length: bytes, size: int) -> tuple[int, int] | None:
    if not length:
        return None
    if not int(length) or not size:
        raise ValueError("no byte")
    return max(0, size - int(length)), size


def is_newer(modified: int, header: bytes | None) -> bool:
    """Return whether `modified` (seconds since 1970) is later than the header's date, if any."""
    since = seconds_of(header) if header is not None else None
    return since is None or modified > since


def joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return the headers by name. Repeated headers become one value (RFC 9110 5.3)."""
    result: dict[bytes, bytes] = {}
    for name, value in headers:
        result[name] = result[name] + b", " + value if name in result else value
    return result
