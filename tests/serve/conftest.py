"""Test server on a free port of this machine, and feeds of all formats to serve."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from msgspec import Struct

pytest.importorskip("uvicorn", reason="the extra [serve] is not installed")

from syndicate.config.schema import ServeConfig
from syndicate.serve.folder import Folder, Lookups
from syndicate.serve.server import FolderServer, listen

BASE = "https://example.org/blog/"
HUB = "https://hub.example.org/"
PAGE = "<!doctype html><title>Feeds</title>" + "<p>What a feed is." * 40


class Response(Struct):
    """Response of the server, with header names in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Served:
    """Running server and its folder."""

    def __init__(self, root: Path, state: Path, port: int, server: FolderServer) -> None:
        self.root, self.state, self.port, self.server = root, state, port, server

    def get(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET"
    ) -> Response:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            connection.endheaders()
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return Response(answer.status, named, answer.read())
        finally:
            connection.close()

    def raw(self, data: bytes, timeout: float = 20) -> bytes:
        """Send `data`; return all that the server sends until it closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received

    def write(self, path: str, data: str | bytes) -> Path:
        """Write as a build does, by replacing the old file."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f".{file.name}.part")
        part.write_bytes(data.encode() if isinstance(data, str) else data)
        part.replace(file)
        return file


def atom(entries: dict[str, str], title: str = "Notes") -> str:
    made = "".join(
        f"  <entry>\n    <id>urn:{name}</id>\n    <title>{name}</title>\n"
        f'    <link href="{BASE}{name}/"/>\n    <updated>2026-10-18T19:30:00+00:00</updated>\n'
        f'    <content type="html">{text}</content>\n  </entry>\n'
        for name, text in entries.items()
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<feed xmlns="http://www.w3.org/2005/Atom">\n  <id>{BASE}atom.xml</id>\n'
        f"  <title>{title}</title>\n  <author><name>Ann</name></author>\n"
        f"  <updated>2026-10-18T19:30:00+00:00</updated>\n"
        f'  <link href="{BASE}atom.xml" rel="self"/>\n  <link href="{HUB}" rel="hub"/>\n'
        f"{made}</feed>\n"
    )


def rss(entries: dict[str, str], title: str = "Notes") -> str:
    made = "".join(
        f"    <item>\n      <title>{name}</title>\n      <link>{BASE}{name}/</link>\n"
        f'      <guid isPermaLink="false">urn:{name}</guid>\n'
        f"      <description>{text}</description>\n    </item>\n"
        for name, text in entries.items()
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        '<rss xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">\n  <channel>\n'
        f"    <title>{title}</title>\n    <link>{BASE}</link>\n    <description>d</description>\n"
        f'    <atom:link href="{BASE}rss.xml" rel="self" type="application/rss+xml"/>\n'
        f'    <atom:link href="{HUB}" rel="hub"/>\n'
        "    <lastBuildDate>Sun, 18 Oct 2026 19:30:00 +0000</lastBuildDate>\n"
        f"{made}  </channel>\n</rss>\n"
    )


def json_feed(entries: dict[str, str], title: str = "Notes") -> str:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": title,
            "feed_url": f"{BASE}feed.json",
            "hubs": [{"type": "WebSub", "url": HUB}],
            "items": [
                {
                    "id": f"urn:{name}",
                    "title": name,
                    "content_html": text,
                    "date_modified": "2026-10-18T19:30:00+00:00",
                }
                for name, text in entries.items()
            ],
        }
    )


FORMATS = {
    "feed": {
        "atom": "atom.xml", "rss": "rss.xml", "json": "feed.json", "html": "feeds/index.html"
    },
    "category/x/feed": {"atom": "category/x/atom.xml", "html": "feeds/category/x.html"},
}  # fmt: skip
"""Files by format for the common addresses, as a build records them."""

MAKERS: dict[str, Callable[..., str]] = {
    "atom.xml": atom,
    "rss.xml": rss,
    "feed.json": json_feed,
}


def posts(*names: str) -> dict[str, str]:
    return {name: f"&lt;p&gt;What {name} says. 観測" + " Words." * 60 for name in names}


def formats_of(path: str) -> Mapping[str, str]:
    return FORMATS.get(path, {})


@contextmanager
def serving(folder: Path, settings: ServeConfig | None = None, **more: Any) -> Iterator[Served]:
    root, state = folder / "output", folder / "state"
    root.mkdir(exist_ok=True)
    more.setdefault("lookups", Lookups(formats=formats_of))
    server = FolderServer(Folder(root, state, settings or ServeConfig(), **more))
    with listen("127.0.0.1", 0) as opened:
        thread = Thread(target=server.run, kwargs={"sockets": [opened]})
        thread.start()
        try:
            yield Served(root, state, opened.getsockname()[1], server)
        finally:
            server.should_exit = True
            thread.join()


def fill(served: Served) -> Served:
    for path, make in MAKERS.items():
        served.write(path, make(posts("c", "b", "a")))
    served.write("index.html", PAGE)
    served.write("feeds/index.html", PAGE)
    served.write("feeds.opml", '<opml version="2.0"><head/><body/></opml>')
    return served


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Return a function that starts a server of a folder."""
    with ExitStack() as stack:
        yield lambda *given, **more: stack.enter_context(serving(tmp_path, *given, **more))


@pytest.fixture
def served(start: Callable[..., Served]) -> Served:
    """Serve the feeds of three posts in all formats, with a page."""
    return fill(start())


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the same feeds, for tests that change nothing."""
    with serving(tmp_path_factory.mktemp("served")) as found:
        yield fill(found)
