import json
import socket
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import msgspec
import pytest
from lxml import etree
from prometheus_client.parser import text_string_to_metric_families

from syndicate.daemon.health import AT_ONCE, StatusServer, diagnosis, status_server
from syndicate.daemon.metrics import metrics
from syndicate.daemon.page import page
from syndicate.daemon.status import (
    Build,
    FeedFile,
    HubStatus,
    Status,
    TargetStatus,
    Totals,
    Waiting,
)
from syndicate.errors import ConfigError
from syndicate.model import Problem

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
NEW = Status("1.0", 7, "/blog", "idle", NOW, NOW)
BUSY = Status(
    "1.0",
    7,
    "/blog",
    "idle",
    NOW,
    NOW,
    totals=Totals(3, 1, 4.5),
    builds=(Build(NOW, 0.25, ("watch",), posts=5, feeds=2),),
    waiting=(Waiting("soon.md", NOW + timedelta(hours=1)),),
    waiting_count=1,
    problem_counts={"warning": 2},
    targets=(TargetStatus('a"b\\c\nd', "folder", "x", good=NOW, sent=9, pending=1),),
    hubs=(HubStatus("https://hub.example/", told=4),),
)


@pytest.fixture
def server() -> Iterator[StatusServer]:
    with status_server("127.0.0.1", 0, lambda: (BUSY, diagnosis(BUSY, 0))) as server:
        yield server


def ask(
    server: StatusServer, path: str, host: str = "", method: str = "GET"
) -> tuple[int, str, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.headers)
    finally:
        connection.close()


def test_metrics_are_prometheus_s() -> None:
    """Prometheus' own parser reads the metrics, with any characters in labels."""
    families = {each.name: each for each in text_string_to_metric_families(metrics(BUSY))}
    assert all(
        name.startswith("syndicate_") and each.documentation for name, each in families.items()
    )

    def value(name: str, **labels: str) -> float:
        samples = families[name].samples
        return next(float(each.value) for each in samples if each.labels == labels)

    assert value("syndicate_builds", result="ok") == 2
    assert value("syndicate_builds", result="failed") == 1
    assert value("syndicate_last_build_seconds") == 0.25
    assert value("syndicate_problems", severity="error") == 0
    assert value("syndicate_problems", severity="warning") == 2
    assert value("syndicate_files_pending", target='a"b\\c\nd') == 1
    assert value("syndicate_hub_pings", hub="https://hub.example/") == 4
    assert value("syndicate_next_post_timestamp_seconds") == NOW.timestamp() + 3_600


def test_metrics_before_the_first_build() -> None:
    """Values that are not known yet are absent, not zero."""
    names = {each.name for each in text_string_to_metric_families(metrics(NEW)) if each.samples}
    assert "syndicate_builds" in names
    assert "syndicate_last_build_timestamp_seconds" not in names
    assert "syndicate_next_post_timestamp_seconds" not in names


def test_the_three_answers(server: StatusServer) -> None:
    """/healthz answers in text, /status in JSON, /metrics in text format 0.0.4."""
    assert ask(server, "/healthz")[:2] == (200, "ok\n")
    code, body, headers = ask(server, "/status?x")
    assert (code, json.loads(body)["builds"][0]["posts"]) == (200, 5)
    assert headers["Content-Type"] == "application/json"
    assert ask(server, "/metrics")[2]["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert ask(server, "/../etc/passwd")[0] == 404


def test_it_can_only_be_read(server: StatusServer) -> None:
    """HEAD is GET without a body; other paths give 404."""
    assert ask(server, "/healthz", method="HEAD")[:2] == (200, "")
    assert ask(server, "/healthz", method="POST")[0] == 501


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("localhost:8081", 200),
        ("127.0.0.1", 200),
        ("[::1]:8081", 200),
        ("syndicate:8081", 200),
        ("attacker.example", 421),
        ("attacker.example:8081", 421),
        (":8081", 421),
    ],
)
def test_names_that_could_be_anybody_s_are_refused(
    server: StatusServer, host: str, code: int
) -> None:
    """A web page cannot read the status through a host name that points here."""
    assert ask(server, "/status", host)[0] == code


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"GET /healthz HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.0\r\n\r\n", b"200"),
    ],
)
def test_one_host_is_wanted(server: StatusServer, head: bytes, code: bytes) -> None:
    """HTTP/1.1 needs exactly one Host header (RFC 9112 3.2); HTTP/1.0 needs none."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(1000).split(b" ")[1] == code


def test_crowd_is_turned_away(server: StatusServer) -> None:
    """Silent clients use no more than their share, and free it when they leave."""
    address = ("127.0.0.1", server.server_port)
    idle = [socket.create_connection(address) for _ in range(AT_ONCE)]
    try:
        with pytest.raises(OSError):  # noqa: PT011  reset or closed, as the system likes
            urllib.request.urlopen(f"{server.url}healthz", timeout=10)
    finally:
        for each in idle:
            each.close()


def test_a_port_in_use_is_an_error(server: StatusServer) -> None:
    """The error names the port and the key to change."""
    with (
        pytest.raises(ConfigError, match=r"\[daemon\] .*port \d+ is in use.*\[daemon\] port"),
        status_server("127.0.0.1", server.server_port, lambda: (NEW, "")),
    ):
        pass


def test_illness() -> None:
    """A failed build, no build yet and a loop that hangs are diagnosed; else nothing is wrong."""
    bad = Build(NOW, 0.1, ("every",), failed="no such folder")
    assert diagnosis(BUSY, 1) == ""
    assert "no build" in diagnosis(NEW, 1)
    assert "not responded for 31 seconds" in diagnosis(BUSY, 31)
    assert "running for 31 minutes" in diagnosis(BUSY, 1, 31 * 60)
    sick = Status("1", 7, "/blog", "idle", NOW, NOW, builds=(bad, *BUSY.builds))
    assert diagnosis(sick, 0) == "the last build failed: no such folder"


def test_the_page_shows_all_there_is_to_know(server: StatusServer) -> None:
    """The page shows builds with a chart, waiting posts and deliveries; all text is escaped."""
    status, text, headers = ask(server, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    tree = etree.HTML(text)
    assert len(tree.findall(".//svg//rect")) == 1
    cells = {cell.text for cell in tree.iter("td")}
    assert {"watch", "0.25", "soon.md", "https://hub.example/"} <= cells


def test_the_page_runs_nothing_that_it_shows() -> None:
    """File names and messages of posts are escaped in HTML."""
    evil = "<script>x</script>"
    problem = Problem(evil, "kind", evil, evil, 3)
    shown = page(msgspec.structs.replace(BUSY, problems=(problem,), blog=evil), evil).decode()
    assert "<script" not in shown
    assert "&lt;script&gt;x&lt;/script&gt;:3" in shown


def test_the_page_tells_the_feeds(tmp_path: Path) -> None:
    """Each feed is listed with its number of entries and its size on disk."""
    feeds = (FeedFile("atom.xml", 20, 123_456),)
    shown = page(msgspec.structs.replace(BUSY, feeds=feeds, feed_count=7), "").decode()
    assert "Feeds (7)" in shown
    assert "123,456" in shown
