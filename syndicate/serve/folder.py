"""The output folder as feed readers and browsers see it: from a request to its reply.

`answer` is all of it for a file at hand, and waits for nothing; `respond` does the rest as well:
files to be read first, folders, one address for all formats, past addresses, refusals.
"""

import asyncio
import posixpath
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import quote

from syndicate.config.schema import Config, ServeConfig
from syndicate.serve.accept import best_format
from syndicate.serve.answer import Answers, Ask, keep_part, lacking, make_part
from syndicate.serve.file_memory import Dress, File, Listed, Shelf, path_of, undressed
from syndicate.serve.listing import listing
from syndicate.serve.once import Once
from syndicate.serve.prepared import CORS, Reply, plain, redirect, reply
from syndicate.serve.redirects import Directory

__all__ = ["Folder", "Formats", "Past", "folder_of"]

Past = Callable[[str], str | None]
"""Where what was at a path is now; "" where it was withdrawn, None where nothing is known."""
Formats = Callable[[str], Mapping[str, str]]
"""The file of each format that one address stands for; none where it is no such address."""

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
_NOT_FOUND = plain(404, "There is no such file.")
_ICON = "favicon.ico"
_NO_ICON = reply(204, (*CORS, (b"cache-control", b"max-age=86400")))
"""Browsers ask for it whenever a feed is opened; an error would be noise in their console."""


def folder_of(config: Config) -> "Folder":
    """The output folder of `config`, with all that the state folder knows of its addresses."""
    known = Directory(config.state_folder, config.output_folder)
    return Folder(
        config.output_folder,
        config.state_folder,
        config.serve,
        past=known.past,
        formats=known.formats,
        listed=known.files,
    )


class Folder:
    """Serves the files below `root`. `state` is the folder of what is remembered.

    `past` knows the addresses that feeds and posts had, `formats` the one address that each feed
    has for all its formats; both are called in threads. `dress` may change HTML before it is sent.
    Where `listed` is given, only those files are served, and pictures, sounds and films.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        settings: ServeConfig,
        *,
        past: Past = lambda _path: None,
        formats: Formats = lambda _path: {},
        dress: Dress = undressed,
        listed: Listed | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._shelf = Shelf(
            root, state, now=now, content_types=settings.content_types, dress=dress, listed=listed
        )
        self._answers = Answers(settings)
        self._past = past
        self._formats = formats
        self._listed = listed
        self._once = Once()

    def answer(self, ask: Ask) -> Reply | None:
        """The reply to a GET or HEAD; None where something must be read or made first."""
        path = path_of(ask.target)
        if not path or (file := self._shelf.ready(path)) is None:
            return None
        return self._answers(file, ask)

    async def respond(self, ask: Ask) -> Reply:
        """The reply, whatever was asked."""
        if ask.method not in ("GET", "HEAD"):
            allow = (b"allow", _METHODS)
            return _PREFLIGHT if ask.method == "OPTIONS" else plain(405, "Only read here.", allow)
        if (path := path_of(ask.target)) is None:
            return _NOT_FOUND
        if file := await self._shelf.file(path):
            return await self._sent(file, ask)
        if path.endswith("/") or not path:
            found = await self._index(path, ask)
        else:
            found = await self._other(path, ask)
        if found or (found := await self._moved(path)):
            return found
        return _NO_ICON if path == _ICON else _NOT_FOUND

    async def prepare(self, path: str) -> bool:
        """Have the file at `path` read, remembered and in all codings, before anyone asks for it.

        Whether there is such a file. To be called after a build, for each path that changed.
        """
        return await self._shelf.file(path) is not None

    async def _sent(self, file: File, ask: Ask, location: bytes = b"") -> Reply:
        while (found := self._answers(file, ask, location)) is None:
            await self._make_part(file, ask)
        return found

    async def _make_part(self, file: File, ask: Ask) -> None:
        if wanted := lacking(file, ask):
            _, entries = wanted
            key = (file.path, file.digest, len(entries))
            keep_part(file, entries, await self._once(key, partial(make_part, file, entries)))

    async def _index(self, path: str, ask: Ask) -> Reply | None:
        for name in _INDEXES:
            if file := await self._shelf.file(path + name):
                return await self._sent(file, ask)
        if path:
            return None
        if await self._shelf.file(_FRONT + _INDEXES[0]):
            return redirect(302, f"./{_FRONT}", self._answers.cache)
        return await self._once("listing", self._listing)

    def _listing(self) -> Reply:
        kind = ((b"content-type", b"text/html; charset=utf-8"), (b"cache-control", b"no-cache"))
        safe = ((b"x-content-type-options", b"nosniff"),
                (b"content-security-policy", b"default-src 'none'"))  # fmt: skip
        return reply(
            200, (*kind, *safe, *CORS), listing(self._shelf.root, self._listed and self._listed())
        )

    async def _other(self, path: str, ask: Ask) -> Reply | None:
        """A folder asked for without its slash, or a feed asked for without its format."""
        if self._shelf.is_folder(path):
            for name in _INDEXES:
                if await self._shelf.file(f"{path}/{name}"):
                    return redirect(301, _relative(f"{path}/", path), self._answers.cache)
        return await self._negotiated(path, ask)

    async def _negotiated(self, path: str, ask: Ask) -> Reply | None:
        known = await asyncio.to_thread(self._formats, path)
        found = {name: file for name, at in known.items() if (file := await self._shelf.file(at))}
        if not found:
            return None
        accept = ask.headers.get(b"accept", b"").decode("latin-1")
        file = found[best_format(accept, tuple(found))]
        return await self._sent(file, ask, _relative(file.path, path).encode())

    async def _moved(self, path: str) -> Reply | None:
        to = await asyncio.to_thread(self._past, path)
        if to is None:
            return None
        if not to:
            return plain(410, "What was here was withdrawn.", self._answers.cache)
        return redirect(301, _relative(to, path), self._answers.cache)


def _relative(to: str, path: str) -> str:
    """The address of `to` as seen from `path`: the same wherever the folder is mounted."""
    if to.startswith(("https://", "http://")):
        return quote(to, safe="%/:=&?~#+!$,;'@()*[]")
    found = posixpath.relpath(f"/{to}", posixpath.dirname(f"/{path}"))
    end = "/" if to.endswith("/") else ""
    # A first part with a colon would read as a scheme.
    return f"./{quote(found)}{end}"
