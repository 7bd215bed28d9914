"""Replies read whole, or not at all: their headers, and their bodies within a size."""

import socket
from http.client import HTTPResponse, IncompleteRead
from io import BufferedReader
from typing import TYPE_CHECKING, Any

from syndicate.net.log_text import shown
from syndicate.net.messages import HttpError, Place, Request
from syndicate.text.peers import heard

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

__all__ = ["ANSWER_BYTES", "Whole", "read_body"]

ANSWER_BYTES = 16_000
"""What is read of an answer to `send`, and of a refusal."""
_CHUNK = 65_536
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


class Whole(HTTPResponse):
    """A reply whose headers ended with the empty line, not with the connection.

    The standard library takes the one for the other: a 200 cut short would be an empty file.
    """

    def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
        super().__init__(sock, *given, **named)
        self._lines = self.fp = _Lines(self.fp.detach())

    def begin(self) -> None:
        """Read the headers. Raises IncompleteRead where they have no end."""
        super().begin()
        self._lines.strict = False


class _Lines(BufferedReader):
    strict = True

    def readline(self, limit: int | None = -1, /) -> bytes:
        line = super().readline(limit)
        if self.strict and not line.endswith(b"\n"):
            raise IncompleteRead(line)
        return line


def read_body(request: Request, place: Place, response: "BaseHTTPResponse") -> bytes:
    """What `response` holds, decompressed: never more than a chunk beyond what is allowed.

    Of one that is no success, and of an answer to `send`, only the beginning is of use.
    """
    whole = request.method == "GET" and response.status // 100 == 2
    limit = request.max_bytes if whole else ANSWER_BYTES
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        if not whole:
            return b""
        raise HttpError(
            shown(place.url),
            f"answers in an encoding not asked for ({heard(encoding, longest=40)})",
        )
    data = bytearray()
    while len(data) <= limit:
        chunk = response.read(_CHUNK, decode_content=True)
        if not chunk:
            return bytes(data)
        data += chunk
    if whole:
        raise HttpError(shown(place.url), f"is larger than {limit:,} bytes")
    return bytes(data[:limit])
