"""Reading of complete replies: headers, and bodies up to a size."""

import socket
from http.client import HTTPResponse, IncompleteRead
from io import BufferedReader
from typing import TYPE_CHECKING, Any

from syndicate.net.log_text import shown
from syndicate.net.messages import HttpError, Place, Request
from syndicate.text.peers import heard

if TYPE_CHECKING:
    from urllib3.response import BaseHTTPResponse

__all__ = ["ANSWER_BYTES", "CompleteResponse", "read_body"]

ANSWER_BYTES = 16_000
"""Bytes that are read of an answer to `send`, and of an error."""
_CHUNK = 65_536
_ENCODINGS = ("", "identity", "gzip", "x-gzip", "deflate")


class CompleteResponse(HTTPResponse):
    """Reply whose headers must end with an empty line.

    The standard library also accepts the end of the connection, so that a truncated reply would be
    an empty file.
    """

    def __init__(self, sock: socket.socket, *given: Any, **named: Any) -> None:
        super().__init__(sock, *given, **named)
        self._lines = self.fp = _Lines(self.fp.detach())

    def begin(self) -> None:
        """Read the headers. Raises IncompleteRead if they are truncated."""
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
    """Return the decompressed body. Read at most one chunk more than the limit.

    Of an error or an answer to `send`, only the beginning is returned.
    """
    whole = request.method == "GET" and response.status // 100 == 2
    limit = request.max_bytes if whole else ANSWER_BYTES
    encoding = response.headers.get("content-encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        if not whole:
            return b""
        raise HttpError(
            shown(place.url),
            f"answers in an unsupported encoding ({heard(encoding, longest=40)})",
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
