"""Replies, built once with their head as bytes and sent many times.

No header repeats text that the client sent.
"""

import html
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus

from msgspec import Struct

__all__ = [
    "CORS",
    "NO_STORE",
    "FileRange",
    "Headers",
    "Reply",
    "plain",
    "redirect",
    "reply",
    "unshared",
]

Headers = tuple[tuple[bytes, bytes], ...]

CORS: Headers = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, IM, Delta-Base, Content-Range, Content-Location, Retry-After",
    ),
)
NO_STORE = (b"cache-control", b"no-store")
NOSNIFF = (b"x-content-type-options", b"nosniff")
_NO_BODY = (204, 304)
_SIZE_AND_SHARING = (b"content-length", b"cross-origin-resource-policy")


class FileRange(Struct, frozen=True):
    """Byte range of a file that is too large for memory and is sent from the disk.

    `stamp` identifies the file, which may be replaced meanwhile.
    """

    where: str
    stamp: tuple[int, ...]
    start: int
    length: int


class Reply(Struct, frozen=True):
    """Response. `head` holds status line and headers as bytes, without Date and the final CRLF.

    `headers` include Content-Length. The body is `file_range` if set, else `body`.
    """

    status: int
    headers: Headers
    body: bytes
    head: bytes
    file_range: FileRange | None = None


def reply(
    status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes | FileRange = b""
) -> Reply:
    """Return a Reply with its Content-Length."""
    length = body.length if isinstance(body, FileRange) else len(body)
    sized = () if status in _NO_BODY else ((b"content-length", b"%d" % length),)
    full = (*headers, *sized)
    lines = b"".join(b"%b: %b\r\n" % header for header in full)
    line = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
    if isinstance(body, FileRange):
        return Reply(status, full, b"", line + lines, body)
    return Reply(status, full, body, line + lines)


@lru_cache(64)
def plain(status: int, text: str, *headers: tuple[bytes, bytes]) -> Reply:
    """Return an error or notice in plain text."""
    own = ((b"content-type", b"text/plain; charset=utf-8"), NOSNIFF)
    named = {name for name, _ in headers}
    cache = () if b"cache-control" in named else (NO_STORE,)
    return reply(status, (*own, *CORS, *cache, *headers), text.encode() + b"\n")


def redirect(status: int, to: str, cache: tuple[bytes, bytes]) -> Reply:
    """Return a redirect to `to`, which is percent-encoded."""
    body = f'<!doctype html><title>Moved</title><a href="{html.escape(to)}">Moved</a>\n'
    own = ((b"content-type", b"text/html; charset=utf-8"), NOSNIFF, (b"location", to.encode()))
    return reply(status, (*own, *CORS, cache), body.encode())


def unshared(answer: Reply) -> Reply:
    """Return `answer` without CORS headers, so that no page of another origin can read it.

    Its Cross-Origin-Resource-Policy also forbids other origins to include it.
    """
    kept = (
        header
        for header in answer.headers
        if not header[0].startswith(b"access-control-") and header[0] not in _SIZE_AND_SHARING
    )
    headers = (*kept, (b"cross-origin-resource-policy", b"same-origin"))
    return reply(answer.status, headers, answer.file_range or answer.body)
