"""The folder as an ASGI application, and with Starlette's routes before it."""

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

from syndicate.files.read import open_own
from syndicate.serve.answer import Ask
from syndicate.serve.conditions import joined
from syndicate.serve.file_memory import SENT_BYTES, stamp_of
from syndicate.serve.folder import Folder
from syndicate.serve.prepared import Reply, Stretch, plain

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.routing import BaseRoute
    from starlette.types import Receive, Scope, Send

__all__ = ["CHUNK", "FolderApp", "application"]

CHUNK = 64 * 1024
"""Bytes that are sent at once."""
_TRIES = 3
_CHANGING = plain(503, "The file is changing; ask again.", (b"retry-after", b"5"))


def application(folder: Folder, routes: "Sequence[BaseRoute]" = ()) -> "Starlette":
    """An application that answers `routes`, and all else from `folder`."""
    from starlette.applications import Starlette

    made = Starlette(routes=routes)
    made.router.default = FolderApp(folder)
    made.router.redirect_slashes = False  # it would repeat what the client says in Host
    return made


class FolderApp:
    """`folder` by ASGI."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request. Its body, if any, is not read."""
        if scope["type"] != "http":
            return
        client = scope.get("client")
        ask = Ask(
            method=scope["method"],
            target=scope["raw_path"],
            headers=joined(scope["headers"]),
            client=client[0] if client else "",
        )
        for _ in range(_TRIES):
            reply = await self._folder.respond(ask)
            if reply.stretch is None or ask.method == "HEAD":
                await _send(reply, send)
                return
            if (stream := _opened(reply.stretch)) is not None:
                with stream:
                    await _stream(stream, reply, reply.stretch, receive, send)
                return
        await _send(_CHANGING, send)


async def _send(reply: Reply, send: "Send") -> None:
    """Send from memory, in pieces: a client that does not read holds up no more than one."""
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


def _opened(stretch: Stretch) -> BinaryIO | None:
    """The file, if no other has taken its place."""
    try:
        stream = open_own(stretch.where, limit=SENT_BYTES, follow=False)
    except OSError:
        return None
    if stamp_of(os.fstat(stream.fileno())) == stretch.stamp:
        return stream
    stream.close()
    return None


async def _stream(
    stream: BinaryIO, reply: Reply, stretch: Stretch, receive: "Receive", send: "Send"
) -> None:
    """Send from the disk, as fast as the client reads, as long as it is there."""
    await receive()  # the request itself; what comes next is the client's leaving
    leaving = asyncio.ensure_future(receive())
    try:
        await send(_start(reply))
        await asyncio.to_thread(stream.seek, stretch.start)
        left = stretch.length
        while left and not leaving.done():
            data = await asyncio.to_thread(stream.read, min(CHUNK, left))
            if not data:
                return  # cut short in its place: the client sees that bytes are missing
            left -= len(data)
            await send(_piece(data, more=bool(left)))
    finally:
        leaving.cancel()
