"""HTTP server of the preview: its pages, the blog's pictures, and events for reloading.

Drafts are private, so only the browser on this machine is answered. Requests from other origins
(other sites, other ports) and unknown Host names are rejected, and no reply has CORS headers.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.config.schema import Config
from syndicate.live_preview.pages import FOLDER, file, waiting, with_preview
from syndicate.live_preview.status_board import StatusBoard
from syndicate.pages.theme import theme_of
from syndicate.serve.answer import ClientRequest
from syndicate.serve.file_memory import path_of
from syndicate.serve.folder import Folder, Lookups
from syndicate.serve.media import is_media, media_type
from syndicate.serve.prepared import NO_STORE, Reply, plain, reply, unshared
from syndicate.serve.redirects import KnownAddresses

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

__all__ = ["PreviewFolder", "is_foreign", "routes"]

INDEX = "feeds/index.html"
PICTURES = ("", "static", "public", "source", "content", "src")
"""Folders of a blog whose files site generators copy to the site."""
_FOREIGN = plain(403, "The preview is only for this machine.")
_TICK, _TICKS = 0.1, 150
_UNSHARED = {"Cross-Origin-Resource-Policy": "same-origin"}
_HTML = ((b"content-type", b"text/html; charset=utf-8"), NO_STORE)


class PreviewFolder(Folder):
    """Serves the pages that were built with `copy`, and the pictures of the folder `blog`."""

    def __init__(self, copy: Config, blog: Path) -> None:
        known = KnownAddresses(copy.state_folder, copy.output_folder)
        super().__init__(
            copy.output_folder,
            copy.state_folder,
            copy.serve,
            Lookups(known.past, known.formats, theme=partial(theme_of, copy)),
            page_filter=with_preview,
        )
        self._index_file = copy.output_folder / INDEX
        self._host = copy.serve.host
        places = (*copy.apart[:1], *(blog / name for name in PICTURES))
        self._pictures = [
            Folder(place, copy.state_folder / f"pictures{number}", copy.serve)
            for number, place in enumerate(places)
        ]

    def answer(self, request: ClientRequest) -> Reply | None:
        """Return the reply without CORS headers; None for other origins or uncached files."""
        if is_foreign(request.headers, self._host):
            return None
        answer = super().answer(request)
        return unshared(answer) if answer else None

    async def respond(self, request: ClientRequest) -> Reply:
        """Return the reply without CORS headers; 403 for requests from other origins."""
        if is_foreign(request.headers, self._host):
            return unshared(_FOREIGN)
        return unshared(await self._respond(request))

    async def _respond(self, request: ClientRequest) -> Reply:
        path = path_of(request.target)
        if path in ("", "feeds/", INDEX) and not self._index_file.exists():
            return reply(200, _HTML, waiting(self._lookups.theme))
        answer = await super().respond(request)
        if answer.status not in (404, 410) or path is None:
            return answer
        if path.endswith((".html", "/")):
            return reply(404, _HTML, waiting(self._lookups.theme))
        return await self._picture(path, request) or answer

    async def _picture(self, path: str, request: ClientRequest) -> Reply | None:
        if not is_media(path):
            return None
        for folder in self._pictures:
            if (answer := await folder.respond(request)).status not in (404, 204):
                return answer
        return None


def is_foreign(headers: Mapping[bytes, bytes], host: str) -> bool:
    """Return whether the request comes from another origin, or has an unknown Host name.

    A link to the preview may be followed from any page (Fetch Metadata: a navigation to a
    document), but no other page may fetch, include or frame it.
    """
    name = headers.get(b"host", b"").decode("latin-1").lower()
    origin = headers.get(b"origin")
    if origin is not None and origin.decode("latin-1").lower() != f"http://{name}":
        return True
    is_ours = headers.get(b"sec-fetch-site", b"none") in (b"none", b"same-origin")
    is_opened = (
        headers.get(b"sec-fetch-mode") == b"navigate"
        and headers.get(b"sec-fetch-dest", b"document") == b"document"
    )
    return not (is_ours or is_opened) or _is_strange(name, host)


def _is_strange(header: str, host: str) -> bool:
    """Return whether the Host `header` is a name that an attacker's DNS could point here."""
    name = header if header.endswith("]") else header.rpartition(":")[0] or header
    if name in ("", host, "localhost") or name.endswith(".localhost"):
        return False
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return True
    return False


def routes(board: StatusBoard, host: str, stopping: Callable[[], bool]) -> "Sequence[Route]":
    """Return the preview's own routes: events of `board`, script and style sheet."""
    from starlette.responses import PlainTextResponse, Response, StreamingResponse
    from starlette.routing import Route

    def refused() -> "Response":
        return PlainTextResponse("The preview is only for this machine.\n", 403, _UNSHARED)

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


async def _events(board: StatusBoard, stopping: Callable[[], bool]) -> AsyncIterator[bytes]:
    """Yield server-sent events (HTML 9.2): the current state, and every later state."""
    yield b"retry: 1000\n\n"
    sent = ticks = 0
    while not stopping():
        number, data = board.seen
        if number != sent:
            sent = number
            yield b"data: %b\n\n" % data
        elif not (ticks := (ticks + 1) % _TICKS):
            yield b":\n\n"  # only writing reveals that a client has disconnected
        await asyncio.sleep(_TICK)
