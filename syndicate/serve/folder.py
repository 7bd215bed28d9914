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
from types import MappingProxyType
from urllib.parse import quote

from syndicate.config import ServeConfig
from syndicate.layouts import Layout
from syndicate.serve.accept import best_format
from syndicate.serve.answers import Answers, Ask, keep_part, lacking, make_part
from syndicate.serve.listing import listing
from syndicate.serve.once import Once
from syndicate.serve.replies import CORS, Reply, plain, redirect, reply
from syndicate.serve.shelf import File, Shelf, path_of

__all__ = ["FORMAT_FILES", "Folder", "Past", "formats_of"]

Past = Callable[[str], str | None]
"""Where what was at a path is now; "" where it was withdrawn, None where nothing is known."""

FORMAT_FILES: Mapping[str, str] = MappingProxyType(
    {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json", "html": "index.html"}
)
"""The file names of one feed, by format."""

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


class Folder:
    """Serves the files below `root`. `state` is the folder of what is remembered.

    `past` knows the addresses that feeds had, and `formats` the file names that one feed's
    formats have, so that its folder's address followed by "feed" answers in the format asked for.
    """

    def __init__(
        self,
        root: Path,
        state: Path,
        settings: ServeConfig,
        *,
        past: Past = lambda _path: None,
        formats: Mapping[str, str] = FORMAT_FILES,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._shelf = Shelf(root, state, now=now, content_types=settings.content_types)
        self._answers = Answers(settings)
        self._past = past
        self._formats = formats
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
        return found or await self._moved(path) or _NOT_FOUND

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
        return reply(200, (*kind, *safe, *CORS), listing(self._shelf.root))

    async def _other(self, path: str, ask: Ask) -> Reply | None:
        """A folder asked for without its slash, or a feed asked for without its format."""
        if self._shelf.is_folder(path):
            for name in _INDEXES:
                if await self._shelf.file(f"{path}/{name}"):
                    return redirect(301, _relative(f"{path}/", path), self._answers.cache)
        folder, _, name = path.rpartition("/")
        before = f"{folder}/" if folder else ""
        return await self._negotiated(before if name == "feed" else f"{path}.", path, ask)

    async def _negotiated(self, before: str, path: str, ask: Ask) -> Reply | None:
        found = {
            name: file
            for name, end in self._formats.items()
            if (file := await self._shelf.file(before + end))
        }
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
            return plain(410, "This feed was withdrawn.", self._answers.cache)
        return redirect(301, _relative(to, path), self._answers.cache)


def _relative(to: str, path: str) -> str:
    """The address of `to` as seen from `path`: the same wherever the folder is mounted."""
    if to.startswith(("https://", "http://")):
        return quote(to, safe="%/:=&?~#+!$,;'@()*[]")
    found = posixpath.relpath(f"/{to}", posixpath.dirname(f"/{path}"))
    end = "/" if to.endswith("/") else ""
    # A first part with a colon would read as a scheme.
    return f"./{quote(found)}{end}"


def formats_of(layout: Layout) -> Mapping[str, str]:
    """The file names of one feed, by format, where feeds lie in `layout`."""
    return {**FORMAT_FILES, "atom": layout.atom, "rss": layout.rss, "json": layout.json}
