"""Clients that stall, send garbage or too much, or ask too often."""

import random
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from syndicate.serve import protocol
from syndicate.serve.accept import best_format, coding_tiers, weights
from syndicate.serve.bounded_cache import BoundedCache
from syndicate.serve.conditions import entity_tags, seconds_of, strong_tags
from syndicate.serve.file_memory import path_of
from syndicate.serve.protocol import FolderProtocol
from syndicate.serve.ratelimit import RateLimit
from tests.serve.conftest import Served, atom, posts

CACHES: tuple[BoundedCache[..., Any], ...] = (
    best_format, coding_tiers, weights, entity_tags, seconds_of, strong_tags, path_of
)  # fmt: skip
GET = b"GET /atom.xml HTTP/1.1\r\nHost: x\r\n"


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), 400),
        (b"GET\r\n\r\n", 400),
        (b"GET / HTTP/9.9\r\n\r\n", 400),
        (b"GET /\xff\xfe HTTP/1.1\r\n\r\n", 400),
        (b"GET /atom.xml HTTP/1.1\r\n\r\n", 400),
        (b"GET /atom.xml HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", 400),
        (b"GET /atom.xml HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET /atom.xml HTTP/1.1\r\nHost: a/b\r\n\r\n", 400),
        (b"GET /atom.xml HTTP/1.1\r\nHost: \r\n\r\n", 200),
        (b"GET /atom.xml HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n", 200),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\na: b\x00c\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"CONNECT example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"GET /atom.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 413),
        (GET + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 413),
        (GET + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400),
        (GET + b"Transfer-Encoding: \r\n x\r\n\r\n", 400),
        (b"POST /atom.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello", 405),
        (b"GET /" + b"a" * 5_000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET /" + b"a" * 500_000 + b" HTTP/1.1\r\n\r\n", 431),
        (GET + b"X: " + b"y" * 17_000 + b"\r\n\r\n", 431),
        (GET + b"X: " + b"y" * 500_000, 431),
        (GET + b"X: y\r\n" * 101 + b"\r\n", 431),
        (GET + b"X: y\r\n" * 50_000 + b"\r\n", 431),
    ],
)
def test_bad_requests_are_rejected_cleanly(standing: Served, data: bytes, wanted: int) -> None:
    """A bad request gets one error answer and the end of its connection; others are served."""
    answer = standing.raw(data)
    assert status(answer) == wanted
    assert answer.count(b"HTTP/1.1 ") == 1
    assert standing.get("/atom.xml").status == 200


def test_headers_of_strangers_fill_no_memory(
    standing: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of long headers and paths, each sent once, do not fill the caches."""
    monkeypatch.setattr("syndicate.serve.bounded_cache.CACHE_BYTES", 20_000)
    standing.get("/atom.xml")

    def request(number: int) -> bytes:
        ids = ",".join(f'"{number}-{n}"' for n in range(30)).encode()
        wishes = ",".join(f"a{number}-{n};q=0.{n + 1}" for n in range(30)).encode()
        heads = [
            b"Accept: " + wishes,
            b"Accept-Encoding: " + wishes,
            b"A-IM: feed," + wishes,
            b"If-None-Match: " + ids,
            b"If-Range: " + ids,
            b"If-Modified-Since: %d " % number + b"x" * 200,
            b"Range: bytes=%d-" % number,
            b"Host: %d.example" % number,
        ]
        path = b"/atom.xml" if number % 3 else b"/feed"
        target = path + b"?%d" % number + b"x" * 700
        return b"GET " + target + b" HTTP/1.1\r\n" + b"\r\n".join(heads) + b"\r\n\r\n"

    most = 0
    for number in range(500):
        assert standing.raw(request(number)).startswith(b"HTTP/1.1 2")
        most = max(most, sum(cache.held for cache in CACHES))
    assert 0 < most < 8 * 20_000


def test_a_short_text_is_computed_once_and_a_long_one_each_time() -> None:
    """Short headers are cached, long ones are not."""
    asked = []
    cached = BoundedCache(asked.append)
    for text in (b"a", b"a", b"b" * 5_000, b"b" * 5_000):
        cached(text)
    assert asked == [b"a", b"b" * 5_000, b"b" * 5_000]


def test_requests_on_one_connection_are_answered_in_order(standing: Served) -> None:
    """Pipelined requests for cached files, other files and errors are answered in order."""
    standing.get("/atom.xml")
    paths = ["atom.xml", "rss.xml", "none", "atom.xml", "feed.json", "rss.xml", "atom.xml"]
    data = b"".join(f"HEAD /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths)
    with socket.create_connection(("127.0.0.1", standing.port), timeout=20) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    heads = received.strip().split(b"\r\n\r\n")
    assert [status(head) for head in heads if head.startswith(b"HTTP")] == [
        404 if path == "none" else 200 for path in paths
    ]
    tags = [standing.get(f"/{path}").headers.get("etag", "") for path in paths if path != "none"]
    found = [line[6:].decode() for line in received.split(b"\r\n") if line.startswith(b"etag: ")]
    assert found == tags


def test_garbage_after_a_request_ends_the_connection(standing: Served) -> None:
    """The request before the garbage is answered, nothing after it."""
    for path in (b"none", b"atom.xml"):
        answer = standing.raw(b"HEAD /" + path + b" HTTP/1.1\r\nHost: x\r\n\r\n\x00\x01\r\n\r\n")
        assert status(answer) == (404 if path == b"none" else 200)


@pytest.mark.parametrize(
    "target", [b"*", b"/", b"//evil.example/", b"/none", b"http://evil.example"]
)
def test_host_header_is_never_repeated(standing: Served, target: bytes) -> None:
    """No answer repeats the Host header or an absolute address."""
    line = b"GET " + target + b" HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    answer = standing.raw(line)
    assert b"evil" not in answer
    assert status(answer) in (200, 400, 404)


def test_an_old_client_is_answered_and_left(standing: Served) -> None:
    """HTTP/1.0 gets its answer, and the connection ends."""
    for _ in range(2):
        assert standing.raw(b"GET /atom.xml HTTP/1.0\r\n\r\n").endswith(b"</feed>\n")


def test_request_for_an_upgrade_is_ignored(standing: Served) -> None:
    """A request for an upgrade gets a normal answer."""
    for wish in (b"websocket", b"h2c"):
        answer = standing.raw(GET + b"Connection: Upgrade\r\nUpgrade: " + wish + b"\r\n\r\n")
        assert status(answer) == 200


@pytest.mark.parametrize("data", [b"", b"GET /ato", GET, b"\r\n" * 9])
def test_a_client_that_stalls_is_left(
    start: Callable[..., Served], monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    """A connection with half a head or none is closed in time, with 408 if a request has begun."""
    for name in ("HEAD_SECONDS", "LINGER_SECONDS"):
        monkeypatch.setattr(protocol, name, 0.1)
    served = start()
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(data)
        received = b""
        while chunk := connection.recv(1000):
            received += chunk
    assert not received or status(received) == 408


def test_a_client_that_does_not_read_is_left(
    start: Callable[..., Served], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers fill no more than the buffers, and the connection is closed."""
    for name in ("HEAD_SECONDS", "IDLE_SECONDS"):
        monkeypatch.setattr(protocol, name, 0.1)
    served = start()
    served.write("atom.xml", atom({"a": "x" * 8_000_000}))
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall((GET + b"\r\n") * 3)
        deadline = time.monotonic() + 20
        connections = served.server.server_state.connections
        while not connections and time.monotonic() < deadline:
            time.sleep(0.01)
        while connections and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not connections


def test_connection_too_many_gets_503(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection too many gets 503 with Retry-After; the others stay open."""
    monkeypatch.setattr(FolderProtocol, "most_connections", 2)
    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=20) as first,
        socket.create_connection(("127.0.0.1", served.port), timeout=20),
    ):
        answer = served.raw(b"")
        assert status(answer) == 503
        assert b"retry-after: 30" in answer
        first.sendall(GET + b"\r\n")
        assert first.recv(100).startswith(b"HTTP/1.1 200")


def test_noise_leaves_the_server_answering(standing: Served) -> None:
    """Three hundred randomly damaged requests each get an answer or a closed connection."""
    rng = random.Random(7)
    model = GET + b'Accept-Encoding: gzip\r\nRange: bytes=0-9\r\nIf-None-Match: "x"\r\n\r\n'
    for _ in range(300):
        data = bytearray(model)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        answer = standing.raw(bytes(data[: rng.randint(1, len(data))]))
        assert not answer or answer.startswith(b"HTTP/1.1 ")
        assert not answer.startswith(b"HTTP/1.1 5")
    assert standing.get("/atom.xml").status == 200


def test_unconditional_polling_is_limited() -> None:
    """A client gets so many full answers per feed and hour; an IPv6 /64 network is one client."""
    polls = RateLimit(6)
    asked = [polls.exceeds("2001:db8::1", "atom.xml", 0) for _ in range(7)]
    assert asked == [False] * 6 + [True]
    assert polls.exceeds("2001:db8::ffff", "atom.xml", 0)
    assert not polls.exceeds("2001:db8::1", "rss.xml", 0)
    assert not polls.exceeds("192.0.2.1", "atom.xml", 0)
    assert polls.exceeds("2001:db8::1", "atom.xml", 599)
    assert not polls.exceeds("2001:db8::1", "atom.xml", 601)


@pytest.mark.parametrize("client", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "", "unknown"])
def test_this_machine_may_ask_at_will(client: str) -> None:
    """Clients on this machine are not limited, since they may be a proxy."""
    polls = RateLimit(1)
    assert not any(polls.exceeds(client, "atom.xml", 0) for _ in range(9))


def test_memory_of_clients_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of very many clients, those with the oldest requests are dropped."""
    monkeypatch.setattr("syndicate.serve.ratelimit._MOST_CLIENTS", 10)
    polls = RateLimit(1)
    for number in range(11):
        assert not polls.exceeds(f"192.0.2.{number}", "atom.xml", 0)
    assert not polls.exceeds("192.0.2.0", "atom.xml", 0)
    assert polls.exceeds("192.0.2.10", "atom.xml", 0)


def test_a_stop_lets_answers_end(start: Callable[..., Served]) -> None:
    """Answers under way at a stop arrive complete."""
    served = start()
    body = atom(posts("a") | {"b": "x" * 3_000_000})
    served.write("atom.xml", body)
    served.get("/atom.xml")
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        connection.sendall(GET + b"\r\n")
        received = connection.recv(1000)
        served.server.should_exit = True
        while chunk := connection.recv(1 << 20):
            received += chunk
    assert received.endswith(body.encode())
