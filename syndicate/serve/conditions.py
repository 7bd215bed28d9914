"""Conditional and partial requests (RFC 9110 13, 14): what their headers say.

Headers that cannot be read count as absent, as the RFC asks.
"""

import re
from collections.abc import Iterable
from email.utils import formatdate, parsedate_to_datetime

from syndicate.serve.bounded_cache import Kept

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


@Kept
def entity_tags(header: bytes) -> tuple[bytes, ...]:
    """Return the opaque tags in If-None-Match, without quotes; ANY for ``*``.

    A tag whose quotes were lost is taken as it is.
    """
    return tuple(tag for _, tag in _tags(header))


@Kept
def strong_tags(header: bytes) -> tuple[bytes, ...]:
    """Return the strong tags in If-Match or If-Range, as `entity_tags` does."""
    return tuple(tag for weak, tag in _tags(header) if not weak)


def _tags(header: bytes) -> list[tuple[bytes, bytes]]:
    header = header.strip()
    if header == ANY or b'"' not in header:
        return [(b"", header)] if header else []
    return _TAG.findall(header)


@Kept
def seconds_of(header: bytes) -> int | None:
    """An HTTP date in seconds since 1970, None where it is none."""
    try:
        return int(parsedate_to_datetime(header.decode("ascii")).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None


def http_date(seconds: int) -> bytes:
    """Seconds since 1970 as an HTTP date."""
    return formatdate(seconds, usegmt=True).encode()


def range_of(header: bytes, size: int) -> tuple[int, int] | None:
    """Which bytes of `size` the header Range asks for, from the first up to before the second.

    None where the whole is to be sent: another unit, several ranges, or what is no range. Raises
    ValueError where no byte is in the range (416).
    """
    if not (found := _RANGE.fullmatch(header.strip())) or header.count(b"-") != 1:
        return None
    first, last = found.groups()
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
    """Whether what was last `modified` then is newer than the date in the header."""
    since = seconds_of(header) if header is not None else None
    return since is None or modified > since


def joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Headers by name; the values of those sent several times joined (RFC 9110 5.3)."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        found[name] = found[name] + b", " + value if name in found else value
    return found
