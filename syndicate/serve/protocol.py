"""HTTP connection of uvicorn with limits on the size and the time of requests.

uvicorn limits neither the head of a request nor clients that do not read. Here a head has at most
`HEAD_BYTES` and `HEAD_SECONDS`, bodies are rejected, and the connection is closed if a client
reads more slowly than `SLOWEST` or idles longer than `IDLE_SECONDS`. A rejected client receives
the reason, and time to read it, before the connection is closed.

Files in memory are sent from here, without an ASGI task per request, which is three times as fast.
"""

import asyncio
import re
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from syndicate.serve.answer import ClientRequest
from syndicate.serve.app import CHUNK
from syndicate.serve.folder import Folder
from syndicate.serve.prepared import Reply, plain, unshared

__all__ = ["MOST_CONNECTIONS", "FolderProtocol"]

HEAD_BYTES = 16_384
TARGET_BYTES = 4_096
MOST_HEADERS = 100
HEAD_SECONDS = 10.0
IDLE_SECONDS = 20.0
LINGER_SECONDS = 2.0
SLOWEST = 1_000.0
"""Slowest accepted client, in bytes per second."""
MOST_CONNECTIONS = 4_000

_HOST = re.compile(rb"[\w.~%!$&'()*+,;=:\[\]-]*", re.ASCII)
_CLOSE = (b"connection", b"close")
_REFUSALS = {
    status: unshared(plain(status, text, _CLOSE, *more))
    for status, text, *more in (
        (400, "The request is not valid HTTP."),
        (405, "Use GET or HEAD.", (b"allow", b"GET, HEAD, OPTIONS")),
        (408, "The request took too long."),
        (413, "Send no request body."),
        (414, "The address is too long."),
        (431, "The headers are too large."),
        (503, "Too many connections.", (b"retry-after", b"30")),
    )
}


class FolderProtocol(HttpToolsProtocol):
    """Connection of a client that is served from `folder`."""

    folder: ClassVar[Folder]
    most_connections: ClassVar[int] = MOST_CONNECTIONS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the connection; reject it if there are too many."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._client = self.client[0] if self.client else ""
        self._deadline = self.loop.time() + HEAD_SECONDS
        self._unsent = 0
        self._is_ending = False
        self._is_in_head = False
        self._is_answered = False
        if len(self.connections) > self.most_connections:
            self._end(503)

    def check(self, now: float) -> None:
        """Close the connection if the client is too slow. Call this about every second."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent and self.cycle is not None and not self.cycle.response_complete:
            return  # the client waits for our answer
        if 0 < unsent < self._unsent:
            more = (self._unsent - unsent) / SLOWEST
            self._deadline = min(now + IDLE_SECONDS, self._deadline + more)
        self._unsent = unsent
        if now < self._deadline:
            return
        if self._is_in_head and not self._is_ending:
            self._end(408)
        else:
            self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Parse received bytes, unless the client was rejected."""
        if self._is_ending:
            return
        super().data_received(data)
        if self._is_in_head and not self._is_ending:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self._end(431)

    def resume_writing(self) -> None:
        """Extend the deadline, since the client has read most of the sent bytes."""
        super().resume_writing()
        self._deadline = self.loop.time() + IDLE_SECONDS

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio has it
        """Return whether to keep the connection for a client that will send no more."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        self.cycle.keep_alive = False
        return True

    def send_400_response(self, msg: str) -> None:
        """Reject a request that the parser cannot read."""
        self._end(400)

    def on_message_begin(self) -> None:
        """Reset the counters at the start of a request."""
        super().on_message_begin()
        self._head = self._size = 0
        self._refusal = 0
        self._is_in_head = True
        self._is_answered = False
        self._deadline = self.loop.time() + HEAD_SECONDS

    def on_header(self, name: bytes, value: bytes) -> None:
        """Store a header and add its size."""
        name = name.lower()
        self.headers.append((name, value))
        self._size += len(name) + len(value)
        if name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 ")):
            self._refusal = 413

    def on_headers_complete(self) -> None:
        """Answer from memory if possible, otherwise by an ASGI task."""
        self._is_in_head = False
        self._is_answered = True
        if self._is_ending or self.transport.is_closing():
            return
        if status := self._refused():
            self._end(status)
        elif not self._answer():
            self._is_answered = False
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Ignore request bodies."""

    def on_message_complete(self) -> None:
        """Finish a request that an ASGI task answers."""
        if not self._is_answered:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """Extend the deadline after the answer of an ASGI task."""
        super().on_response_complete()
        self._deadline = self.loop.time() + IDLE_SECONDS

    def _refused(self) -> int:
        if len(self.url) > TARGET_BYTES:
            return 414
        if self._size > HEAD_BYTES or len(self.headers) > MOST_HEADERS:
            return 431
        if not self._names_host():
            return 400
        if self._refusal and self.parser.get_method() not in (b"GET", b"HEAD", b"OPTIONS"):
            return 405
        return self._refusal

    def _names_host(self) -> bool:
        """Return whether there is one valid Host header (RFC 9112 3.2)."""
        hosts = [value for name, value in self.headers if name == b"host"]
        if not hosts:
            return self.parser.get_http_version() == "1.0"
        return len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None

    def _answer(self) -> bool:
        """Answer from memory; return whether this was possible."""
        parser, headers = self.parser, dict(self.headers)
        method = parser.get_method()
        if (
            method not in (b"GET", b"HEAD")
            or len(headers) < len(self.headers)
            or not parser.should_keep_alive()
            or self.flow.write_paused
            or (self.cycle is not None and not self.cycle.response_complete)
        ):
            return False
        reply = self.folder.answer(ClientRequest(method.decode(), self.url, headers, self._client))
        if reply is None or reply.file_range is not None or len(reply.body) > CHUNK:
            return False
        body = b"" if method == b"HEAD" else reply.body
        self.transport.write(b"".join((reply.head, self._date(), body)))
        self._deadline = self.loop.time() + IDLE_SECONDS
        return True

    def _date(self) -> bytes:
        lines = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        return b"".join((*lines, b"\r\n"))

    def _end(self, status: int) -> None:
        """Reject the client, and close the connection once it has had time to read the reason."""
        if self._is_ending:
            return
        self._is_ending = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False  # finish the answer under way, then close
            return
        reply: Reply = _REFUSALS[status]
        self._deadline = self.loop.time() + LINGER_SECONDS
        self.transport.write(b"".join((reply.head, self._date(), reply.body)))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()

    def _unsupported_upgrade_warning(self) -> None:
        """Do not log requests for an upgrade."""
