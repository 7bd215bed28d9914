"""One connection: uvicorn's, with bounds on what a client may send, and on how long it may take.

uvicorn bounds neither the size nor the time of a request's head, nor a client that does not read.
Here a head has at most `HEAD_BYTES` and `HEAD_SECONDS`, a body is refused, and whoever reads more
slowly than `SLOWEST` or idles longer than `IDLE_SECONDS` is left. What is refused is told why,
and the connection closed after the client could read it.

What the folder has at hand is sent from here, without a task and a scope for each request: that
makes it three times as fast.
"""

import asyncio
import re
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from syndicate.serve.answer import Ask
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
"""Bytes a second."""
MOST_CONNECTIONS = 4_000

_HOST = re.compile(rb"[\w.~%!$&'()*+,;=:\[\]-]*", re.ASCII)
_CLOSE = (b"connection", b"close")
_REFUSALS = {
    status: unshared(plain(status, text, _CLOSE, *more))
    for status, text, *more in (
        (400, "That is no HTTP request."),
        (405, "Only read here.", (b"allow", b"GET, HEAD, OPTIONS")),
        (408, "The request took too long."),
        (413, "No body is wanted."),
        (414, "The address is too long."),
        (431, "The headers are too large."),
        (503, "Too many connections.", (b"retry-after", b"30")),
    )
}


class FolderProtocol(HttpToolsProtocol):
    """A connection to `folder`."""

    folder: ClassVar[Folder]
    most_connections: ClassVar[int] = MOST_CONNECTIONS

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin; a connection too many is refused at once."""
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
        """Leave a client that took too long. To be called about every second."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent and self.cycle is not None and not self.cycle.response_complete:
            return  # it waits for us
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
        """Read on, unless the client has been refused."""
        if self._is_ending:
            return
        super().data_received(data)
        if self._is_in_head and not self._is_ending:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self._end(431)

    def resume_writing(self) -> None:
        """The client has read most of what was sent."""
        super().resume_writing()
        self._deadline = self.loop.time() + IDLE_SECONDS

    def eof_received(self) -> bool:  # type: ignore[override]  # as asyncio has it
        """The client sends no more, but may still read; whether to keep the connection for it."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        self.cycle.keep_alive = False
        return True

    def send_400_response(self, msg: str) -> None:
        """Refuse what the parser cannot read."""
        self._end(400)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._head = self._size = 0
        self._refusal = 0
        self._is_in_head = True
        self._is_answered = False
        self._deadline = self.loop.time() + HEAD_SECONDS

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, and count."""
        name = name.lower()
        self.headers.append((name, value))
        self._size += len(name) + len(value)
        if name == b"transfer-encoding" or (name == b"content-length" and value.strip(b"0 ")):
            self._refusal = 413

    def on_headers_complete(self) -> None:
        """Answer at once where that can be done, or else by a task."""
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
        """A body is never wanted."""

    def on_message_complete(self) -> None:
        """A request ends."""
        if not self._is_answered:
            super().on_message_complete()

    def on_response_complete(self) -> None:
        """A task has answered."""
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
        """Return whether Host is there once and may be a host, as RFC 9112 3.2 asks."""
        hosts = [value for name, value in self.headers if name == b"host"]
        if not hosts:
            return self.parser.get_http_version() == "1.0"
        return len(hosts) == 1 and _HOST.fullmatch(hosts[0]) is not None

    def _answer(self) -> bool:
        """Whether the request was answered here and now."""
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
        reply = self.folder.answer(Ask(method.decode(), self.url, headers, self._client))
        if reply is None or reply.stretch is not None or len(reply.body) > CHUNK:
            return False
        body = b"" if method == b"HEAD" else reply.body
        self.transport.write(b"".join((reply.head, self._date(), body)))
        self._deadline = self.loop.time() + IDLE_SECONDS
        return True

    def _date(self) -> bytes:
        lines = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        return b"".join((*lines, b"\r\n"))

    def _end(self, status: int) -> None:
        """Refuse, and close when the client has read it: closing at once could take it back."""
        if self._is_ending:
            return
        self._is_ending = True
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.keep_alive = False  # what was asked before is answered first, and last
            return
        reply: Reply = _REFUSALS[status]
        self._deadline = self.loop.time() + LINGER_SECONDS
        self.transport.write(b"".join((reply.head, self._date(), reply.body)))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.flow.resume_reading()

    def _unsupported_upgrade_warning(self) -> None:
        """An upgrade that nobody offers is not worth a line in the log."""
