"""Served files, their types and their addresses."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.config.schema import ServeConfig
from syndicate.serve.folder import Lookups
from tests.serve.conftest import HUB, PAGE, Served, atom, formats_of, posts

TRICKS = (
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/category/../../secret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "/%252e%252e/secret.txt",
    "/%c0%ae%c0%ae/secret.txt",
    "/atom.xml%00.html",
    "/%00",
    "//etc/passwd",
    "/%2fetc%2fpasswd",
    "/./atom.xml",
    "/.atom.xml.part",
    "/.hidden/atom.xml",
    "/atom.xml/",
    "/atom.xml/x",
    "/outside/secret.txt",
    "/link.txt",
    "/pipe",
    "/%ff",
    "/a%0d%0aSet-Cookie:x",
    "/" + "a" * 3_000,
)


def test_each_kind_of_file_has_its_type(standing: Served) -> None:
    """Feeds have a stylable type, text has charset UTF-8, and all types forbid sniffing."""
    types = {
        "/atom.xml": "application/xml; charset=utf-8",
        "/rss.xml": "application/xml; charset=utf-8",
        "/feed.json": "application/feed+json; charset=utf-8",
        "/feeds.opml": "text/x-opml; charset=utf-8",
        "/index.html": "text/html; charset=utf-8",
    }
    for path, wanted in types.items():
        found = standing.get(path)
        assert found.headers["content-type"] == wanted
        assert found.headers["x-content-type-options"] == "nosniff"


def test_precise_types_are_a_choice(start: Callable[..., Served]) -> None:
    """`content_types = "precise"` sends the feeds' own media types."""
    served = start(ServeConfig(content_types="precise"))
    served.write("a.xml", atom(posts("a")))
    assert served.get("/a.xml").headers["content-type"] == "application/atom+xml; charset=utf-8"


def test_a_feed_says_where_it_is_and_who_its_hubs_are(standing: Served) -> None:
    """`Link` has the feed's own address and its hub, in each format."""
    for path in ("atom.xml", "rss.xml", "feed.json"):
        link = standing.get(f"/{path}").headers["link"]
        assert link == f'<https://example.org/blog/{path}>; rel="self", <{HUB}>; rel="hub"'


def test_scripts_of_any_site_may_read_feeds(standing: Served) -> None:
    """CORS headers are on 200, 304, HEAD, errors and preflight answers."""
    tag = standing.get("/atom.xml").headers["etag"]
    for found in (
        standing.get("/atom.xml"),
        standing.get("/atom.xml", {"If-None-Match": tag}),
        standing.get("/atom.xml", method="HEAD"),
        standing.get("/none"),
        standing.get("/atom.xml", method="OPTIONS"),
    ):
        assert found.headers["access-control-allow-origin"] == "*"
    allowed = standing.get("/atom.xml", method="OPTIONS").headers["access-control-allow-headers"]
    assert "If-None-Match" in allowed


def test_a_page_keeps_its_own_policy(standing: Served) -> None:
    """The header only adds what a page cannot set in `meta`; feeds may run no scripts."""
    said = standing.get("/index.html").headers["content-security-policy"]
    assert said == "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
    assert "default-src 'none'" in standing.get("/atom.xml").headers["content-security-policy"]


def test_a_missing_icon_is_no_error(standing: Served) -> None:
    """A missing favicon.ico is not a 404, as browsers request it for every feed."""
    assert standing.get("/favicon.ico").status == 204


def test_head_is_get_without_a_body(served: Served) -> None:
    """HEAD sends the headers of GET without a body, cached or not."""
    for _ in range(2):
        got, head = served.get("/atom.xml"), served.get("/atom.xml", method="HEAD")
        got.headers.pop("date")
        head.headers.pop("date")
        assert head.headers == got.headers
        assert head.body == b""


@pytest.fixture(scope="module")
def fenced(standing: Served) -> Served:
    """Serve a folder that contains links to secrets beside it."""
    (standing.root.parent / "secret.txt").write_text("secret", encoding="utf-8")
    standing.write(".hidden/atom.xml", "secret")
    standing.write(".atom.xml.part", "secret")
    (standing.root / "outside").symlink_to(standing.root.parent)
    (standing.root / "link.txt").symlink_to(standing.root.parent / "secret.txt")
    os.mkfifo(standing.root / "pipe")
    return standing


@pytest.mark.parametrize("trick", TRICKS)
def test_no_trick_leaves_the_folder(fenced: Served, trick: str) -> None:
    """Climbing, encoded, absolute and hidden paths, links and pipes give 404, and no file."""
    line = f"GET {trick} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1")
    answer = fenced.raw(line)
    assert answer.split(b" ", 2)[1] in (b"400", b"404")
    assert b"secret" not in answer.partition(b"\r\n\r\n")[2]
    assert b"set-cookie" not in answer.lower()


def test_a_link_within_the_folder_is_followed(served: Served) -> None:
    """A link that stays inside is a file like any other."""
    (served.root / "latest.xml").symlink_to("atom.xml")
    assert served.get("/latest.xml").status == 200


def test_a_link_turned_outwards_is_noticed(served: Served) -> None:
    """A link is no longer served once it leads out of the folder."""
    link = served.root / "latest.xml"
    link.symlink_to("atom.xml")
    assert served.get("/latest.xml").status == 200
    secret = served.root.parent / "secret.xml"
    secret.write_text("secret", encoding="utf-8")
    link.unlink()
    link.symlink_to(secret)
    assert served.get("/latest.xml").status == 404


def test_a_name_of_any_script_is_found(served: Served) -> None:
    """Names with UTF-8, spaces and plus signs are found."""
    served.write("category/観測 c++/atom.xml", atom(posts("a")))
    address = "/category/%E8%A6%B3%E6%B8%AC%20c++/atom.xml?x=1"
    assert served.get(address).status == 200


def test_a_rebuilt_file_is_seen_at_once(served: Served) -> None:
    """After a build the next request gets the new bytes and tag; a removed file gives 404."""
    before = served.get("/atom.xml")
    file = served.write("atom.xml", atom(posts("d", "c", "b")))
    after = served.get("/atom.xml")
    assert after.body == file.read_bytes()
    assert after.headers["etag"] != before.headers["etag"]
    file.unlink()
    assert served.get("/atom.xml").status == 404


def test_a_large_file_comes_from_the_disk(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file too large for memory is sent from the disk, whole or in ranges, with validators."""
    monkeypatch.setattr("syndicate.serve.file_memory.MEMORY_BYTES", 1000)
    data = bytes(range(256)) * 5000
    served.write("talk.mp3", data)
    found = served.get("/talk.mp3", {"Accept-Encoding": "gzip"})
    assert found.body == data
    assert found.headers["content-type"] == "audio/mpeg"
    assert served.get("/talk.mp3", {"Range": "bytes=10-19"}).body == data[10:20]
    assert served.get("/talk.mp3", {"If-None-Match": found.headers["etag"]}).status == 304
    assert served.get("/talk.mp3", method="HEAD").headers["content-length"] == str(len(data))


def test_only_reading_is_allowed(standing: Served) -> None:
    """Other methods get 405 and the list of allowed methods."""
    for method in ("POST", "PUT", "DELETE", "TRACE", "PROPFIND"):
        found = standing.get("/atom.xml", method=method)
        assert found.status == 405
        assert found.headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_front_is_the_page_of_feeds(start: Callable[..., Served]) -> None:
    """The root is index.html, a redirect to feeds/ or a list; folders lead to their index."""
    served = start()
    served.write("atom.xml", atom(posts("a")))
    served.write("category/<b>&/rss.xml", "x")
    served.write(".x.part", "x")
    listed = served.get("/").body.decode()
    assert '<a href="./atom.xml">atom.xml</a>' in listed
    assert "&lt;b&gt;&amp;" in listed
    assert ".part" not in listed
    served.write("feeds/index.html", PAGE)
    assert served.get("/").headers["location"] == "./feeds/"
    assert served.get("/feeds/").body == PAGE.encode()
    assert (moved := served.get("/feeds")).status == 301
    assert moved.headers["location"] == "./feeds/"
    served.write("index.html", PAGE + "front")
    assert served.get("/").body.endswith(b"front")


_XML = "<?xml version='1.0' encoding='UTF-8'?>\n"


@pytest.mark.parametrize(
    ("accept", "start_of_body"),
    [
        ("", _XML + "<feed"),
        ("*/*", _XML + "<feed"),
        ("application/rss+xml, */*;q=0.1", _XML + "<rss"),
        ("application/rss+xml;q=0.5, application/atom+xml", _XML + "<feed"),
        ("application/feed+json", "{"),
        ("application/json, text/plain, */*", "{"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "<!doctype html>"),
        ("application/atom+xml;q=0, application/xml", _XML + "<rss"),
        ("image/png", _XML + "<feed"),
        (";;q=,,é/*;q=nan", _XML + "<feed"),
    ],
)  # fmt: skip
def test_one_address_gives_the_format_asked_for(
    standing: Served, accept: str, start_of_body: str
) -> None:
    """`/feed` follows Accept and its weights, and names the file in Content-Location."""
    found = standing.get("/feed", {"Accept": accept} if accept else {})
    assert found.body.decode().startswith(start_of_body)
    assert found.headers["vary"] == "Accept, Accept-Encoding"
    where = found.headers["content-location"].removeprefix(".")
    assert standing.get(where).body == found.body
    again = standing.get("/feed", {"Accept": accept, "If-None-Match": found.headers["etag"]})
    assert again.status == 304
    assert again.headers["vary"] == "Accept, Accept-Encoding"


def test_a_category_has_one_address_too(served: Served) -> None:
    """The common address only offers files that exist."""
    served.write("category/x/atom.xml", atom(posts("x")))
    assert b"<title>x</title>" in served.get("/category/x/feed", {"Accept": "text/html"}).body
    served.write("feeds/category/x.html", PAGE)
    page = served.get("/category/x/feed", {"Accept": "text/html"})
    assert page.headers["content-location"] == "./../../feeds/category/x.html"
    assert served.get("/category/none/feed").status == 404


def test_past_addresses_lead_on_and_withdrawn_ones_say_so(start: Callable[..., Served]) -> None:
    """A moved feed gives 301, a withdrawn one 410; an existing file has precedence."""
    past = {"old/atom.xml": "category/new:观/atom.xml", "gone.xml": "", "kept.xml": "atom.xml",
            "away.xml": "https://other.example/a b.xml"}  # fmt: skip
    served = start(lookups=Lookups(past.get, formats_of))
    served.write("kept.xml", atom(posts("a")))
    moved = served.get("/old/atom.xml")
    assert moved.status == 301
    assert moved.headers["location"] == "./../category/new%3A%E8%A7%82/atom.xml"
    assert served.get("/away.xml").headers["location"] == "https://other.example/a%20b.xml"
    assert served.get("/gone.xml").status == 410
    assert served.get("/kept.xml").status == 200


def test_the_command_serves_until_stopped(tmp_path: Path) -> None:
    """SIGTERM ends the server; a port in use is an error that names the port."""
    (tmp_path / "output").mkdir()

    def begin(port: int) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "syndicate", "serve", str(tmp_path), "--port", str(port)]
        return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)

    with begin(0) as running:
        assert running.stderr
        address = running.stderr.readline()
        port = int(address.rstrip("/\n").rpartition(":")[2])
        with begin(port) as second:
            assert second.stderr
            assert f"port {port} is in use" in second.stderr.read()
            assert second.wait(20) == 2
        with socket.create_connection(("127.0.0.1", port)) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) in (0, -signal.SIGTERM)
