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

from syndicate.daemon.health import AT_ONCE, Answering, answering, illness
from syndicate.daemon.metrics import metrics
from syndicate.daemon.page import page
from syndicate.daemon.status import (
    Build,
    FeedFile,
    HubAccount,
    Status,
    TargetAccount,
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
    targets=(TargetAccount('a"b\\c\nd', "folder", "x", good=NOW, sent=9, pending=1),),
    hubs=(HubAccount("https://hub.example/", told=4),),
)


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering("127.0.0.1", 0, lambda: (BUSY, illness(BUSY, 0))) as server:
        yield server


def ask(
    server: Answering, path: str, host: str = "", method: str = "GET"
) -> tuple[int, str, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    try:
        connection.request(method, path, headers={"Host": host} if host else {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.headers)
    finally:
        connection.close()


def test_metrics_are_prometheus_s() -> None:
    """Its own parser reads them, labels of any characters and all."""
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
    """What is not known yet is left out, not zero."""
    names = {each.name for each in text_string_to_metric_families(metrics(NEW)) if each.samples}
    assert "syndicate_builds" in names
    assert "syndicate_last_build_timestamp_seconds" not in names
    assert "syndicate_next_post_timestamp_seconds" not in names


def test_the_three_answers(server: Answering) -> None:
    """/healthz in words, /status as JSON, /metrics as text of version 0.0.4."""
    assert ask(server, "/healthz")[:2] == (200, "ok\n")
    code, body, headers = ask(server, "/status?x")
    assert (code, json.loads(body)["builds"][0]["posts"]) == (200, 5)
    assert headers["Content-Type"] == "application/json"
    assert ask(server, "/metrics")[2]["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert ask(server, "/../etc/passwd")[0] == 404


def test_it_can_only_be_read(server: Answering) -> None:
    """HEAD is GET without a body; nothing else is there."""
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
def test_names_that_could_be_anybody_s_are_refused(server: Answering, host: str, code: int) -> None:
    """A web page cannot read it by a name that is made to lead here."""
    assert ask(server, "/status", host)[0] == code


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"GET /healthz HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", b"400"),
        (b"GET /healthz HTTP/1.0\r\n\r\n", b"200"),
    ],
)
def test_one_host_is_wanted(server: Answering, head: bytes, code: bytes) -> None:
    """As RFC 9112 3.2 asks; HTTP/1.0 needs none."""
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(1000).split(b" ")[1] == code


def test_crowd_is_turned_away(server: Answering) -> None:
    """Clients who say nothing do not fill the machine, and are gone when they leave."""
    address = ("127.0.0.1", server.server_port)
    idle = [socket.create_connection(address) for _ in range(AT_ONCE)]
    try:
        with pytest.raises(OSError):  # noqa: PT011  reset or closed, as the system likes
            urllib.request.urlopen(f"{server.url}healthz", timeout=10)
    finally:
        for each in idle:
            each.close()


def test_port_in_use_is_told(server: Answering) -> None:
    """With what to do about it."""
    with (
        pytest.raises(ConfigError, match=r"\[daemon\] .* cannot be listened at"),
        answering("127.0.0.1", server.server_port, lambda: (NEW, "")),
    ):
        pass


def test_illness() -> None:
    """A failed build, none yet, and a loop that stands still are told; else nothing is."""
    bad = Build(NOW, 0.1, ("every",), failed="no such folder")
    assert illness(BUSY, 1) == ""
    assert "no build" in illness(NEW, 1)
    assert "no sign of life" in illness(BUSY, 31)
    assert "under way for 31 minutes" in illness(BUSY, 1, 31 * 60)
    sick = Status("1", 7, "/blog", "idle", NOW, NOW, builds=(bad, *BUSY.builds))
    assert illness(sick, 0) == "the last build failed: no such folder"


def test_the_page_shows_all_there_is_to_know(server: Answering) -> None:
    """Builds with a chart, what waits, and deliveries; somebody's words stay words."""
    status, text, headers = ask(server, "/")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    tree = etree.HTML(text)
    assert len(tree.findall(".//svg//rect")) == 1
    cells = {cell.text for cell in tree.iter("td")}
    assert {"watch", "0.25", "soon.md", "https://hub.example/"} <= cells


def test_the_page_runs_nothing_that_it_shows() -> None:
    """File names and messages of posts are escaped."""
    evil = "<script>x</script>"
    problem = Problem(evil, "kind", evil, evil, 3)
    shown = page(msgspec.structs.replace(BUSY, problems=(problem,), blog=evil), evil).decode()
    assert "<script" not in shown
    assert "&lt;script&gt;x&lt;/script&gt;:3" in shown


def test_the_page_tells_the_feeds(tmp_path: Path) -> None:
    """Each with its entries and its size as it lies there."""
    feeds = (FeedFile("atom.xml", 20, 123_456),)
    shown = page(msgspec.structs.replace(BUSY, feeds=feeds, feed_count=7), "").decode()
    assert "Feeds (7)" in shown
    assert "123,456" in shown
