"""The previewed pages by HTTP: with pictures of the blog, and told when they have changed.

For the browser on this machine alone: pages of other origins (other sites, other ports of this
machine) and hosts that could be anybody's are refused, and no reply carries CORS headers: drafts
are private.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.config.schema import Config
from syndicate.preview.pages import FOLDER, dressed, file, waiting
from syndicate.preview.status_board import Board
from syndicate.serve.answer import Ask
from syndicate.serve.file_memory import path_of
from syndicate.serve.folder import Folder
from syndicate.serve.media import is_media, media_type
from syndicate.serve.prepared import NO_STORE, Reply, plain, reply, unshared
from syndicate.serve.redirects import Directory

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

__all__ = ["PreviewFolder", "is_foreign", "routes"]

INDEX = "feeds/index.html"
PICTURES = ("", "static", "public", "source", "content", "src")
"""Where site generators have the files that they copy, in the blog's folder."""
_FOREIGN = plain(403, "A preview is for this machine alone.")
_TICK, _TICKS = 0.1, 150
_UNSHARED = {"Cross-Origin-Resource-Policy": "same-origin"}
_HTML = ((b"content-type", b"text/html; charset=utf-8"), NO_STORE)


class PreviewFolder(Folder):
    """Serves what was built as `copy` says, and pictures of `blog`, the blog's own folder."""

    def __init__(self, copy: Config, blog: Path) -> None:
        known = Directory(copy.state_folder, copy.output_folder)
        super().__init__(
            copy.output_folder,
            copy.state_folder,
            copy.serve,
            past=known.past,
            formats=known.formats,
            dress=dressed,
        )
        self._index_file = copy.output_folder / INDEX
        self._host = copy.serve.host
        places = (*copy.apart[:1], *(blog / name for name in PICTURES))
        self._pictures = [
            Folder(place, copy.state_folder / f"pictures{number}", copy.serve)
            for number, place in enumerate(places)
        ]

    def answer(self, ask: Ask) -> Reply | None:
        """Return the reply to a request of this origin, without CORS; else None."""
        if is_foreign(ask.headers, self._host):
            return None
        found = super().answer(ask)
        return unshared(found) if found else None

    async def respond(self, ask: Ask) -> Reply:
        """Return the reply to a request of this origin, without CORS; 403 to all others."""
        if is_foreign(ask.headers, self._host):
            return unshared(_FOREIGN)
        return unshared(await self._respond(ask))

    async def _respond(self, ask: Ask) -> Reply:
        path = path_of(ask.target)
        if path in ("", "feeds/", INDEX) and not self._index_file.exists():
            return reply(200, _HTML, waiting())
        found = await super().respond(ask)
        if found.status not in (404, 410) or path is None:
            return found
        if path.endswith((".html", "/")):
            return reply(404, _HTML, waiting())
        return await self._picture(path, ask) or found

    async def _picture(self, path: str, ask: Ask) -> Reply | None:
        if not is_media(path):
            return None
        for folder in self._pictures:
            if (found := await folder.respond(ask)).status not in (404, 204):
                return found
        return None


def is_foreign(headers: Mapping[bytes, bytes], host: str) -> bool:
    """Return whether a page of another origin asks, or the Host is a name of somebody else.

    A reader may follow a link to the preview from anywhere (Fetch Metadata: a navigation to a
    document), but no page may fetch, include or frame it.
    """
    asked = headers.get(b"host", b"").decode("latin-1").lower()
    origin = headers.get(b"origin")
    if origin is not None and origin.decode("latin-1").lower() != f"http://{asked}":
        return True
    is_ours = headers.get(b"sec-fetch-site", b"none") in (b"none", b"same-origin")
    is_opened = (
        headers.get(b"sec-fetch-mode") == b"navigate"
        and headers.get(b"sec-fetch-dest", b"document") == b"document"
    )
    return not (is_ours or is_opened) or _is_strange(asked, host)


def _is_strange(asked: str, host: str) -> bool:
    """Return whether the Host `asked` is a name that somebody could make lead here (rebinding)."""
    name = asked if asked.endswith("]") else asked.rpartition(":")[0] or asked
    if name in ("", host, "localhost") or name.endswith(".localhost"):
        return False
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return True
    return False


def routes(board: Board, host: str, stopping: Callable[[], bool]) -> "Sequence[Route]":
    """The preview's own addresses: what is on `board`, whenever it changes; script and style."""
    from starlette.responses import PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Route

    def refused() -> "Response":
        return PlainTextResponse("A preview is for this machine alone.\n", 403, _UNSHARED)

    async def events(request: "Request") -> "Response":
        if is_foreign(dict(request.headers.raw), host):
            return refused()
        headers = {"Cache-Control": "no-store"} | _UNSHARED
        stream = _events(board, stopping)
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    def own(name: str) -> "Route":
        kind, headers = media_type(name, "", "stylable"), {"Cache-Control": "no-cache"} | _UNSHARED

        async def send(request: "Request") -> "Response":
            if is_foreign(dict(request.headers.raw), host):
                return refused()
            return Response(file(name), media_type=kind, headers=headers)

        return Route(f"/{FOLDER}/{name}", send)

    return [Route(f"/{FOLDER}/events", events), own("preview.js"), own("preview.css")]


async def _events(board: Board, stopping: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Server-sent events (HTML 9.2): the state now, and each time that it changes."""
    yield b"retry: 1000\n\n"
    sent = ticks = 0
    while not stopping():
        number, data = board.seen
        if number != sent:
            sent = number
            yield b"data: %b\n\n" % data
        elif not (ticks := (ticks + 1) % _TICKS):
            yield b":\n\n"  # a client that left is noticed by writing to it
        await asyncio.sleep(_TICK)
