"""ASGI application that serves a folder, after optional routes of Starlette."""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from syndicate.files.read import open_own
from syndicate.serve.answer import ClientRequest
from syndicate.serve.conditions import joined
from syndicate.serve.file_memory import SENT_BYTES, stamp_of
from syndicate.serve.folder import Folder
from syndicate.serve.prepared import FileRange, Reply, plain

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

__all__ = ["CHUNK", "FolderApp", "application"]

CHUNK = 64 * 1024
"""Bytes that are sent in one piece."""
_TRIES = 3
_CHANGING = plain(503, "The file is being replaced. Try again.", (b"retry-after", b"5"))


def application(folder: Folder, routes: "Sequence[BaseRoute]" = ()) -> "Starlette":
    """Return an application that answers `routes`, and all other requests from `folder`."""
    from starlette.applications import Starlette

    app = Starlette(routes=routes)
    app.router.default = FolderApp(folder)
    app.router.redirect_slashes = False  # a redirect would repeat the client's Host header
    return app


class FolderApp:
    """ASGI application of `folder`."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request. Its body is not read."""
        if scope["type"] != "http":
            return
        client = scope.get("client")
        request = ClientRequest(
            method=scope["method"],
            target=scope["raw_path"],
            headers=joined(scope["headers"]),
            client=client[0] if client else "",
        )
        for _ in range(_TRIES):
            reply = await self._folder.respond(request)
            if reply.file_range is None or request.method == "HEAD":
                await _send(reply, send)
                return
            if (stream := _opened(reply.file_range)) is not None:
                with stream:
                    await _stream(stream, reply, reply.file_range, receive, send)
                return
        await _send(_CHANGING, send)


async def _send(reply: Reply, send: "Send") -> None:
    """Send a body from memory in pieces, so that a slow client holds only one in a buffer."""
    await send(_start(reply))
    body = memoryview(reply.body)
    for at in range(0, len(body), CHUNK):
        await send(_piece(bytes(body[at : at + CHUNK]), more=at + CHUNK < len(body)))
    if not body:
        await send(_piece(b"", more=False))


def _start(reply: Reply) -> dict[str, Any]:
    headers = list(reply.headers)
    return {"type": "http.response.start", "status": reply.status, "headers": headers}


def _piece(data: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


def _opened(file_range: FileRange) -> BinaryIO | None:
    """Open the file, or return None if it has been replaced."""
    try:
        stream = open_own(file_range.where, limit=SENT_BYTES, follow=False)
    except OSError:
        return None
    if stamp_of(os.fstat(stream.fileno())) == file_range.stamp:
        return stream
    stream.close()
    return None


async def _stream(
    stream: BinaryIO, reply: Reply, file_range: FileRange, receive: "Receive", send: "Send"
) -> None:
    """Send a body from the disk as fast as the client reads; stop if the client disconnects."""
    await receive()  # the request itself; the next event is the disconnection
    leaving = asyncio.ensure_future(receive())
    try:
        await send(_start(reply))
        await asyncio.to_thread(stream.seek, file_range.start)
        left = file_range.length
        while left and not leaving.done():
            data = await asyncio.to_thread(stream.read, min(CHUNK, left))
            if not data:
                return  # the file was truncated; Content-Length tells the client
            left -= len(data)
            await send(_piece(data, more=bool(left)))
    finally:
        leaving.cancel()
