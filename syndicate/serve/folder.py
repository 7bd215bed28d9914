"""Requests to the output folder, and their replies.

`answer` replies from memory without waiting. `respond` handles all other requests too: files that
must be read first, folders, the common address of a feed's formats, redirects and errors.
"""

import asyncio
import posixpath
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct

from syndicate.config.schema import Config, ServeConfig
from syndicate.pages.theme import ThemeSource, plain_theme, theme_of
from syndicate.serve.accept import best_format
from syndicate.serve.answer import ClientRequest, FileReplies, keep_part, lacking, make_part
from syndicate.serve.file_memory import (
    File,
    FileMemory,
    Listed,
    PageFilter,
    path_of,
    unchanged_page,
)
from syndicate.serve.listing import listing
from syndicate.serve.prepared import CORS, Reply, plain, redirect, reply
from syndicate.serve.redirects import KnownAddresses
from syndicate.serve.shared_work import SharedWork

__all__ = ["Folder", "Formats", "Lookups", "Past", "folder_of"]

Past = Callable[[str], str | None]
"""Return the new path or address for a past path; "" if withdrawn, None if unknown."""
Formats = Callable[[str], Mapping[str, str]]
"""Return the files by format for the common address of a feed's formats; empty for others."""

_INDEXES = ("index.html", "index.xml")
_FRONT = "feeds/"
_METHODS = b"GET, HEAD, OPTIONS"
_PREFLIGHT = reply(
    204,
    (
        *CORS,
        (b"allow", _METHODS),
        (b"access-control-allow-methods", _METHODS),
        (
            b"access-control-allow-headers",
            b"A-IM, Accept, Cache-Control, If-Modified-Since, If-None-Match, If-Range, Range",
        ),
        (b"access-control-max-age", b"86400"),
        (b"cache-control", b"max-age=86400"),
    ),
)
_NOT_FOUND = plain(404, "File not found.")
_ICON = "favicon.ico"
_NO_ICON = reply(204, (*CORS, (b"cache-control", b"max-age=86400")))
"""Reply for a missing favicon, since browsers request it for every feed and log a 404."""


def folder_of(config: Config) -> "Folder":
    """Return the Folder of a blog's output folder, with the redirects of its state folder."""
    known = KnownAddresses(config.state_folder, config.output_folder)
    return Folder(
        config.output_folder,
        config.state_folder,
        config.serve,
        Lookups(known.past, known.formats, known.kinds, partial(theme_of, config)),
    )


class Lookups(Struct, frozen=True):
    """Facts about a folder's addresses. `past` returns redirects, `formats` a feed's files.

    With `listed`, only the listed files are served, besides pictures, sounds and films. `theme`
    returns the templates of the list of files.
    """

    past: Past = lambda _path: None
    formats: Formats = lambda _path: {}
    listed: Listed | None = None
    theme: ThemeSource = plain_theme


class Folder:
    """Serves the files below `root`. `state` is the state folder.

    `lookups` are called in threads. `page_filter` may change HTML before it is sent.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        settings: ServeConfig,
        lookups: Lookups = Lookups(),  # noqa: B008  a frozen value
        *,
        page_filter: PageFilter = unchanged_page,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._memory = FileMemory(
            root,
            state,
            now=now,
            content_types=settings.content_types,
            page_filter=page_filter,
            listed=lookups.listed,
        )
        self._answers = FileReplies(settings)
        self._lookups = lookups
        self._once = SharedWork()

    def answer(self, request: ClientRequest) -> Reply | None:
        """Return the reply to GET or HEAD; None if a file must be read or a part made first."""
        path = path_of(request.target)
        if not path or (file := self._memory.ready(path)) is None:
            return None
        return self._answers(file, request)

    async def respond(self, request: ClientRequest) -> Reply:
        """Return the reply to any request."""
        if request.method not in ("GET", "HEAD"):
            allow = (b"allow", _METHODS)
            return (
                _PREFLIGHT if request.method == "OPTIONS" else plain(405, "Use GET or HEAD.", allow)
            )
        if (path := path_of(request.target)) is None:
            return _NOT_FOUND
        if file := await self._memory.file(path):
            return await self._sent(file, request)
        if path.endswith("/") or not path:
            answer = await self._index(path, request)
        else:
            answer = await self._other(path, request)
        if answer or (answer := await self._moved(path)):
            return answer
        return _NO_ICON if path == _ICON else _NOT_FOUND

    async def prepare(self, path: str) -> bool:
        """Read and compress the file at `path` before the first request for it.

        Return whether the file exists. Call this after a build for each changed path.
        """
        return await self._memory.file(path) is not None

    async def _sent(self, file: File, request: ClientRequest, location: bytes = b"") -> Reply:
        while (answer := self._answers(file, request, location)) is None:
            await self._make_part(file, request)
        return answer

    async def _make_part(self, file: File, request: ClientRequest) -> None:
        if wanted := lacking(file, request):
            _, entries = wanted
            key = (file.path, file.digest, len(entries))
            keep_part(file, entries, await self._once(key, partial(make_part, file, entries)))

    async def _index(self, path: str, request: ClientRequest) -> Reply | None:
        for name in _INDEXES:
            if file := await self._memory.file(path + name):
                return await self._sent(file, request)
        if path:
            return None
        if await self._memory.file(_FRONT + _INDEXES[0]):
            return redirect(302, f"./{_FRONT}", self._answers.cache)
        return await self._once("listing", self._listing)

    def _listing(self) -> Reply:
        kind = ((b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-cache"))
        safe = ((b"x-content-type-options", b"nosniff"),
                (b"content-security-policy", b"default-src 'none'"))  # fmt: skip
        listed = self._lookups.listed and self._lookups.listed()
        return reply(
            200, (*kind, *safe, *CORS), listing(self._memory.root, listed, self._lookups.theme)
        )

    async def _other(self, path: str, request: ClientRequest) -> Reply | None:
        """Answer for a folder without its slash, or for the common address of a feed's formats."""
        if self._memory.is_folder(path):
            for name in _INDEXES:
                if await self._memory.file(f"{path}/{name}"):
                    return redirect(301, _relative(f"{path}/", path), self._answers.cache)
        return await self._negotiated(path, request)

    async def _negotiated(self, path: str, request: ClientRequest) -> Reply | None:
        formats = await asyncio.to_thread(self._lookups.formats, path)
        files = {
            name: file for name, at in formats.items() if (file := await self._memory.file(at))
        }
        if not files:
            return None
        accept = request.headers.get(b"accept", b"").decode("latin-1")
        file = files[best_format(accept, tuple(files))]
        return await self._sent(file, request, _relative(file.path, path).encode())

    async def _moved(self, path: str) -> Reply | None:
        to = await asyncio.to_thread(self._lookups.past, path)
        if to is None:
            return None
        if not to:
            return plain(410, "This post or feed was withdrawn.", self._answers.cache)
        return redirect(301, _relative(to, path), self._answers.cache)


def _relative(to: str, path: str) -> str:
    """Return the address of `to` relative to `path`, which is valid wherever we are mounted."""
    if to.startswith(("https://", "http://")):
        return quote(to, safe="%/:=&?~#+!$,;'@()*[]")
    relative = posixpath.relpath(f"/{to}", posixpath.dirname(f"/{path}"))
    end = "/" if to.endswith("/") else ""
    # "./", since a colon in the first part would make it a scheme.
    return f"./{quote(relative)}{end}"
