import gzip
import pickle
import socket
import threading
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
import trustme

from syndicate import net as http
from syndicate.net import HttpError, fetch, retry_after, send, shown
from tests.loopback import Handler, secured, serving, talking, trust


def drip(head: bytes, drop: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Send `head`, then `drop` repeatedly without end."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.sendall(head)
        while not over.wait(0.01):
            connection.sendall(drop)

    return talk


def failure(url: str, **options: object) -> HttpError:
    with pytest.raises(HttpError) as caught:
        fetch(url, **options)  # type: ignore[arg-type]
    return caught.value


def test_file_is_fetched_with_its_validators() -> None:
    """`fetch` returns data, media type, ETag and Last-Modified, and sends a user agent."""
    when = "Sun, 01 Nov 2026 12:00:00 GMT"
    headers = {"Content_Type": "Text/XML; charset=utf-8", "ETag": '"1"', "Last_Modified": when}
    with serving(lambda asked: asked.reply(200, b"<a/>", **headers)) as server:
        got = fetch(f"{server.url}/a?b=c", headers={"Accept": "text/xml"})
    assert got == http.Fetched(b"<a/>", f"{server.url}/a?b=c", "text/xml", 200, '"1"', when)
    asked = server.asked[0]
    assert asked.path == "/a?b=c"
    assert asked.headers["Host"] == f"localhost:{server.server_port}"
    assert asked.headers["User-Agent"].startswith("syndicate/")
    assert asked.headers["Accept"] == "text/xml"


def test_not_modified_is_an_answer() -> None:
    """A conditional request may get 304 without data."""
    with serving(lambda asked: asked.reply(304, ETag='"1"')) as server:
        got = fetch(server.url, headers={"If-None-Match": '"1"'})
    assert (got.status, got.data, got.etag) == (304, b"", '"1"')


@pytest.mark.parametrize(
    ("status", "transient"), [(404, False), (410, False), (429, True), (503, True), (501, False)]
)
def test_a_refusal_says_whether_to_try_again(status: int, transient: bool) -> None:
    """Errors are transient or lasting by their status, and have the time to wait."""
    with serving(lambda asked: asked.reply(status, Retry_After="7")) as server:
        error = failure(f"{server.url}/a")
    assert (error.status, error.transient, error.retry_after) == (status, transient, 7.0)
    assert str(error) == f"{server.url}/a: answers {status}"


def test_a_refusal_may_be_long() -> None:
    """The body of an error may have any size and encoding."""
    with serving(lambda asked: asked.reply(404, b"x" * 50_000, Content_Encoding="br")) as server:
        assert failure(server.url, max_bytes=10).status == 404


def test_an_answer_to_a_post_is_returned_whatever_it_is() -> None:
    """`send` returns any status, and the answer's text as one short line."""
    text = b"no\n\tway\x00 " + b"x" * 50_000

    with serving(lambda asked: asked.reply(503, text, Retry_After="9")) as server:
        answer = send(server.url, b"body", headers={"Content-Type": "text/plain"})
    assert (answer.status, answer.retry_after) == (503, 9.0)
    assert answer.text.startswith("no way xxx")
    assert len(answer.text) == 300
    assert server.asked[0].body == b"body"
    assert server.asked[0].command == "POST"


def test_user_and_password_are_sent_and_never_shown() -> None:
    """A login in the address becomes an Authorization header, and is in no message."""
    with serving(lambda asked: asked.reply(403)) as server:
        error = failure(server.url.replace("//", "//me:s%40cret@") + "/a?token=t#f")
    assert server.asked[0].headers["Authorization"] == "Basic bWU6c0BjcmV0"
    assert str(error) == f"{server.url}/a: answers 403"


def test_secrets_stay_with_the_server_they_are_for() -> None:
    """Authorization and Cookie are not sent to another server after a redirect."""
    secrets = {"Authorization": "Bearer x", "Cookie": "a=b", "Accept": "text/xml"}
    with (
        serving(lambda asked: asked.reply(200)) as second,
        serving(lambda asked: asked.reply(302, Location=second.url)) as first,
    ):
        fetch(first.url, headers=secrets, private="always")
    assert first.asked[0].headers["Authorization"] == "Bearer x"
    assert second.asked[0].headers["Authorization"] is None
    assert second.asked[0].headers["Cookie"] is None
    assert second.asked[0].headers["Accept"] == "text/xml"


def test_relative_redirects_are_followed() -> None:
    """Relative redirects are followed, and the final address is returned."""

    def serve(asked: Handler) -> None:
        asked.reply(200, b"x") if asked.path == "/b/c" else asked.reply(301, Location="/b/c")

    with serving(serve) as server:
        assert fetch(f"{server.url}/a").url == f"{server.url}/b/c"


@pytest.mark.parametrize("path", ["/a", "/a?again"])
def test_a_redirect_loop_ends(path: str) -> None:
    """More than `MAX_REDIRECTS` redirects are an error."""
    with serving(lambda asked: asked.reply(302, Location=path)) as server:
        error = failure(f"{server.url}/a")
    assert error.what == "redirects more than 5 times"
    assert not error.transient
    assert len(server.asked) == http.MAX_REDIRECTS + 1


def test_a_post_goes_on_only_where_it_stays_a_post() -> None:
    """308 is followed with method and body; 301 is returned as the answer."""

    def serve(asked: Handler) -> None:
        status = {"/moved": 308, "/old": 301}.get(asked.path, 200)
        asked.reply(status, Location="/new")

    with serving(serve) as server:
        assert send(f"{server.url}/moved", b"x", headers={}).status == 200
        assert (server.asked[1].command, server.asked[1].body) == ("POST", b"x")
        answer = send(f"{server.url}/old", b"x", headers={})
    assert (answer.status, answer.headers["location"]) == (301, "/new")


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://localhost/", "http://[", "//:80"])
def test_only_the_web_is_redirected_to(to: str) -> None:
    """Redirects to other schemes or invalid addresses are errors."""
    with serving(lambda asked: asked.reply(302, Location=to)) as server:
        assert "address" in failure(server.url, private="always").what


def test_a_redirect_does_not_reach_a_private_address() -> None:
    """A configured address may be private, but not the target of its redirect."""
    with (
        serving(lambda asked: asked.reply(200, b"secret")) as inner,
        serving(lambda asked: asked.reply(302, Location=f"{inner.url}/x?y")) as outer,
    ):
        error = failure(outer.url)
        assert not inner.asked
        assert fetch(outer.url, private="always").data == b"secret"
    assert error.what == "redirects to a private address"
    assert error.where == f"{inner.url}/x"
    assert not error.transient


def test_a_stranger_s_address_is_public() -> None:
    """An address from a post cannot reach a private address, however it is written."""
    with serving(lambda asked: asked.reply(200)) as server:
        for host in ("localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"):
            error = failure(f"http://{host}:{server.server_port}/", private="never")
            assert error.what == "leads to a private address"
    assert not server.asked


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "169.254.169.254", "192.168.0.1", "0.0.0.0", "100.64.0.1", "::1",
     "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1",
     "ff0e::1", "::", "::7f00:1", "64:ff9b:1::1", "255.255.255.255", "nonsense"],
)  # fmt: skip
def test_private_addresses_are_recognised(address: str) -> None:
    """Loopback, link-local, shared and multicast addresses are private, also embedded in IPv6."""
    assert not http.is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "64:ff9b::808:808"])
def test_public_addresses_are_recognised(address: str) -> None:
    """Addresses of the internet are public, also through NAT64."""
    assert http.is_public(address)


def test_a_name_that_changes_its_address_gets_nowhere() -> None:
    """The address that was checked is connected to, without a second lookup."""
    answers = iter([["127.0.0.1"], ["127.0.0.1"], AssertionError])
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return next(answers)  # type: ignore[return-value]

    with serving(lambda asked: asked.reply(200)) as inner:
        to = f"http://rebound.example:{inner.server_port}/"
        with serving(lambda asked: asked.reply(302, Location=to)) as outer:
            url = f"http://hub.example:{outer.server_port}/"
            error = failure(url, resolve=resolve)
    assert error.what == "redirects to a private address"
    assert looked_up == ["hub.example", "rebound.example"]
    assert outer.asked[0].headers["Host"] == f"hub.example:{outer.server_port}"
    assert not inner.asked


def test_of_several_addresses_only_public_ones_are_tried() -> None:
    """Of several addresses, private ones are skipped."""
    with serving(lambda asked: asked.reply(200)) as server:
        error = failure(
            f"http://mixed.example:{server.server_port}/",
            private="never",
            timeout=0.2,
            # RFC 5737 addresses are not public either; this one leads nowhere from a test.
            resolve=lambda host, port: ["192.0.2.1", "127.0.0.1"],
        )
    assert error.what == "leads to a private address"
    assert not server.asked


def test_the_next_address_is_tried_when_one_refuses() -> None:
    """If the first address refuses the connection, the second is tried."""
    with serving(lambda asked: asked.reply(200, b"x")) as server:
        got = fetch(
            f"http://two.example:{server.server_port}/",
            resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"],
        )
    assert got.data == b"x"


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"14\r\n" + gzip.compress(b"", mtime=0) + b"\r\n",
        ),
    ],
    ids=["body", "counted body", "chunks", "header", "continue", "empty gzip members"],
)
def test_a_dripping_server_is_left(head: bytes, drop: bytes) -> None:
    """A slow drip of bytes does not extend the timeout."""
    with talking(drip(head, drop)) as url:
        error = failure(url, timeout=0.2)
    assert error.what == "took longer than 0.2 s"
    assert error.transient


def test_a_dripping_handshake_is_left() -> None:
    """The timeout includes the TLS handshake."""
    with talking(drip(b"\x16\x03\x03\x40\x00", b"\x00")) as url:
        assert failure(url.replace("http:", "https:"), timeout=0.2).transient


def test_a_silent_look_up_is_left() -> None:
    """The timeout includes the name lookup."""
    over = threading.Event()

    def resolve(host: str, port: int) -> Sequence[str]:
        over.wait()
        return []

    error = failure("http://slow.example/", timeout=0.05, resolve=resolve)
    over.set()
    assert error.what == "took longer than 0.05 s"


def test_an_unknown_host_is_named() -> None:
    """An unknown host is a transient error that names it."""

    def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    error = failure("http://nowhere.example/a?b", resolve=resolve)
    assert str(error) == "http://nowhere.example/a: the host nowhere.example was not found"
    assert error.transient


@pytest.mark.parametrize("size", [1_000, 70_000])
def test_a_large_body_is_refused(size: int) -> None:
    """One byte too many is an error, with or without Content-Length."""
    with serving(lambda asked: asked.reply(200, b"x" * size)) as server:
        assert len(fetch(server.url, max_bytes=size).data) == size
        error = failure(server.url, max_bytes=size - 1)
    assert error.what == f"is larger than {size - 1:,} bytes"
    assert not error.transient


def test_an_endless_body_is_refused() -> None:
    """An endless body is aborted when it is too large."""
    with talking(drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 50_000)) as url:
        assert failure(url, max_bytes=100_000).what == "is larger than 100,000 bytes"


def _deflated(size: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(size)) + packer.flush()


def test_a_small_body_that_unpacks_large_is_refused() -> None:
    """A gzip bomb is aborted after the first chunk beyond the limit."""
    bomb = _deflated(20)
    assert len(bomb) < 30_000
    with serving(lambda asked: asked.reply(200, bomb, Content_Encoding="gzip")) as server:
        assert failure(server.url, max_bytes=100_000).what == "is larger than 100,000 bytes"


def test_a_packed_body_is_unpacked() -> None:
    """gzip is supported; the limit applies to the decompressed size."""
    data = b"x" * 200_000
    packed = gzip.compress(data, mtime=0)
    with serving(lambda asked: asked.reply(200, packed, Content_Encoding="gzip")) as server:
        assert fetch(server.url, max_bytes=200_000).data == data
    assert server.asked[0].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("encoding", "what"),
    [
        ("br", "answers in an unsupported encoding (br)"),
        ("gzip, gzip", "answers in an unsupported encoding (gzip, gzip)"),
        ("gzip", "sent a body that cannot be decompressed"),
    ],
)
def test_a_body_that_cannot_be_unpacked_is_refused(encoding: str, what: str) -> None:
    """A body in an unsupported encoding, or damaged, is an error."""
    with serving(lambda asked: asked.reply(200, b"\x00junk", Content_Encoding=encoding)) as server:
        assert failure(server.url).what == what


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 O",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
        b"SSH-2.0-OpenSSH\r\n",
    ],
    ids=[
        "at once",
        "in the status",
        "before headers",
        "in a header",
        "in a counted body",
        "in a chunk",
        "after something else",
    ],
)
def test_a_connection_closed_half_way_is_no_answer(said: bytes) -> None:
    """A truncated answer is a transient error."""

    def talk(connection: socket.socket, over: threading.Event) -> None:
        connection.recv(65_536)
        connection.sendall(said)

    with talking(talk) as url:
        error = failure(url)
    assert error.what == "closed the connection before the answer was complete"
    assert error.transient


def test_a_closed_port_is_named() -> None:
    """A closed port is a transient error."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    error = failure(f"http://127.0.0.1:{port}/a?b")
    assert str(error) == f"http://127.0.0.1:{port}/a: cannot be reached (Connection refused)"
    assert error.transient


@pytest.mark.parametrize(
    "url",
    ["", "example.org", "file:///etc/passwd", "http://", "http://a:b", "http://a:0/", "//a/b",
     "http://[::1", "gopher://a/"],
)  # fmt: skip
def test_other_schemes_are_rejected(url: str) -> None:
    """Other addresses than http and https are rejected before connecting."""
    assert "is not an" in failure(url).what


@pytest.mark.parametrize("rest", ["/\r\nX: y", "/a b?c=茶\r\nX: y", "/%0D%0AX: y"])
def test_an_address_cannot_smuggle_headers(rest: str) -> None:
    """Line ends and other invalid characters in addresses are encoded or removed."""
    with serving(lambda asked: asked.reply(200)) as server:
        fetch(server.url + rest)
    assert server.asked[0].headers["X"] is None
    assert server.asked[0].path.isascii()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    return trust(authority, tmp_path, monkeypatch)


def test_a_trusted_server_is_spoken_to(trusted: trustme.CA) -> None:
    """The certificate is checked against the host name, not the IP address."""
    with serving(lambda asked: asked.reply(200, b"x"), secured(trusted, "hub.example")) as server:
        url = f"https://hub.example:{server.server_port}/"
        assert fetch(url, resolve=lambda host, port: ["127.0.0.1"]).data == b"x"


def test_a_certificate_for_another_name_is_refused(trusted: trustme.CA) -> None:
    """A valid certificate of another host is rejected."""
    with serving(lambda asked: asked.reply(200), secured(trusted, "other.example")) as server:
        error = failure(server.url)
    assert error.what.startswith("has an untrusted certificate: Hostname mismatch")
    assert not server.asked


def test_an_unknown_authority_is_refused(authority: trustme.CA) -> None:
    """The message explains the certificate's fault and the cure."""
    with serving(lambda asked: asked.reply(200), secured(authority, "localhost")) as server:
        error = failure(f"{server.url}/a?b")
    assert "unable to get local issuer certificate" in error.what
    assert error.cure
    assert not error.transient
    assert not server.asked


def test_server_without_tls_is_an_error(authority: trustme.CA) -> None:
    """https to a plain HTTP port is a TLS error."""
    with serving(lambda asked: asked.reply(200)) as server:
        error = failure(server.url.replace("http:", "https:"))
    assert error.what.startswith("failed the TLS handshake (")


def test_a_redirect_does_not_leave_tls(trusted: trustme.CA) -> None:
    """Redirects from https to http are not followed."""
    with serving(lambda asked: asked.reply(200)) as plain:
        to = f"{plain.url}/x?y"
        with serving(lambda a: a.reply(302, Location=to), secured(trusted, "localhost")) as server:
            error = failure(server.url, private="always")
    assert error.what == "redirects from https to http"
    assert not plain.asked


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Proxy variables of the environment are ignored."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1/")
    with serving(lambda asked: asked.reply(200, b"x")) as server:
        assert fetch(server.url).data == b"x"


NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("99999999999999999999", http.LONGEST_WAIT),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(NOW - timedelta(seconds=90), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=900), usegmt=True), http.LONGEST_WAIT),
        ("-1", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("", None),
        ("Sun, 99 Nov 2026 12:00:00 GMT", None),
        ("Sun, 01 Nov 2026 12:00:00", None),
        ("Sun, 01 Nov 99999999999999999999 12:00:00 GMT", None),
    ],
)
def test_retry_after_is_understood(value: str, seconds: float | None) -> None:
    """Retry-After is seconds, or a date relative to Date; bounded; else None."""
    date = format_datetime(NOW, usegmt=True)
    assert retry_after({"retry-after": value, "date": date}) == seconds


def test_a_date_without_a_clock_says_nothing() -> None:
    """A Retry-After date without a Date header is ignored."""
    assert retry_after({"retry-after": format_datetime(NOW, usegmt=True)}) is None


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://me:pw@example.org:8443/a?t=s#f", "https://example.org:8443/a"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("http://a:b/?s", "an invalid address"),
    ],
)
def test_shown_address_has_no_secret(url: str, text: str) -> None:
    """User, password, query string and fragment are removed."""
    assert shown(url) == text


def test_errors_cross_process_borders() -> None:
    """A pickled error keeps all its values."""
    error = HttpError("a", "b", "c", 503, transient=True, retry_after=2.0)
    back = pickle.loads(pickle.dumps(error))
    assert (back.args, back.status, back.transient, back.retry_after) == (error.args, 503, True, 2)
    assert str(back) == "a: b; c"
