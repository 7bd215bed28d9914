import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import flask
import pytest
import trustme
from flask_websub.hub import Hub, SQLite3HubStorage
from flask_websub.subscriber import (
    SQLite3SubscriberStorage,
    SQLite3TempSubscriberStorage,
    Subscriber,
    discover,
)
from werkzeug.serving import make_server

import syndicate
from syndicate.errors import StateError
from syndicate.feeds.paths import address
from syndicate.publish.hubs import FILE_NAME, Ping, notify, pending_pings
from tests.conftest import NOW
from tests.loopback import Handler, Server, secured, serving, trust

A, B = "https://example.org/atom.xml", "https://example.org/rss.xml"


def received_forms(server: Server) -> list[dict[str, str]]:
    """Return the received forms."""
    forms = [parse_qs(asked.body.decode(), strict_parsing=True) for asked in server.asked]
    return [{name: "".join(values) for name, values in form.items()} for form in forms]


def pinged_feeds(server: Server) -> list[str]:
    return sorted(form["hub.url"] for form in received_forms(server))


def accept(asked: Handler) -> None:
    asked.reply(204)


def refusing(*replies: tuple[int, dict[str, str]]) -> Callable[[Handler], None]:
    """Serve a hub that answers with `replies` in turn, then accepts everything."""
    left = iter(replies)

    def serve(asked: Handler) -> None:
        status, headers = next(left, (204, {}))
        asked.reply(status, b"because", **headers)

    return serve


def test_each_hub_gets_a_ping_for_each_feed(tmp_path: Path) -> None:
    """Each feed gives one form-encoded POST with hub.url and hub.topic."""
    with serving(accept) as one, serving(accept) as two:
        pings = notify([one.url, two.url], {A: "1", B: "2"}, state=tmp_path)
    assert set(pings) == {
        Ping(hub.url, feed, digest) for hub in (one, two) for feed, digest in ((A, "1"), (B, "2"))
    }
    for server in (one, two):
        assert pinged_feeds(server) == [A, B]
        assert received_forms(server)[0]["hub.mode"] == "publish"
        assert received_forms(server)[0]["hub.topic"] == received_forms(server)[0]["hub.url"]
        assert server.asked[0].headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_no_hub_gets_the_same_ping_twice(tmp_path: Path) -> None:
    """A hub is pinged only for new content."""
    with serving(accept) as hub:
        notify([hub.url], {A: "1", B: "1"}, state=tmp_path)
        hub.asked.clear()
        assert notify([hub.url], {A: "1", B: "1"}, state=tmp_path) == ()
        assert notify([hub.url], {A: "1", B: "2"}, state=tmp_path) == (Ping(hub.url, B, "2"),)
    assert pinged_feeds(hub) == [B]


def test_bytes_that_come_back_are_news(tmp_path: Path) -> None:
    """Content that returns to an earlier state is pinged again."""
    with serving(accept) as hub:
        for digest in "121":
            assert len(notify([hub.url], {A: digest}, state=tmp_path)) == 1
    assert len(hub.asked) == 3


def test_hub_listed_twice_gets_one_ping(tmp_path: Path) -> None:
    """A hub listed twice gets one ping."""
    with serving(accept) as hub:
        assert len(notify([hub.url, hub.url], {A: "1"}, state=tmp_path)) == 1


def test_new_hub_gets_pings_for_all_feeds(tmp_path: Path) -> None:
    """A new hub gets pings for all feeds."""
    with serving(accept) as old, serving(accept) as new:
        notify([old.url], {A: "1"}, state=tmp_path)
        assert notify([old.url, new.url], {A: "1"}, state=tmp_path) == (Ping(new.url, A, "1"),)


def test_a_ping_is_tried_again_with_growing_waits(tmp_path: Path) -> None:
    """Transient failures are retried in the same run."""
    slept: list[float] = []
    with serving(refusing((503, {}), (500, {}))) as hub:
        pings = notify([hub.url], {A: "1"}, state=tmp_path, sleep=slept.append)
    assert pings == (Ping(hub.url, A, "1"),)
    assert slept == [1.0, 5.0]


def test_retry_after_is_heeded(tmp_path: Path) -> None:
    """A short Retry-After is waited for."""
    slept: list[float] = []
    with serving(refusing((429, {"Retry_After": "7"}))) as hub:
        notify([hub.url], {A: "1"}, state=tmp_path, sleep=slept.append)
    assert slept == [7.0]


def test_a_hub_that_asks_for_long_is_left_alone(tmp_path: Path) -> None:
    """A long Retry-After postpones all pings of that hub to the next run."""
    feeds = {f"{A}?{number}": "1" for number in range(20)}
    with serving(lambda asked: asked.reply(503, b"", Retry_After="3600")) as hub:
        pings = notify([hub.url], feeds, state=tmp_path, sleep=pytest.fail)
        assert len(hub.asked) <= 4  # those under way when the first answer came
        assert len(pings) == 20
        assert all(ping.transient and ping.retry_after == 3600 for ping in pings)
        assert all("answers 503" in ping.problem for ping in pings)
        assert len(pending_pings([hub.url], feeds, state=tmp_path)) == 20
        hub.serve = accept
        hub.asked.clear()
        assert not any(ping.problem for ping in notify([hub.url], feeds, state=tmp_path))
    assert len(hub.asked) == 20


def test_one_hub_s_failure_does_not_hold_back_the_others(tmp_path: Path) -> None:
    """A failing hub does not affect the others, and is notified by the next run."""
    feeds = {f"{A}?{number}": "1" for number in range(10)}
    with serving(accept) as up, serving(accept) as down:
        pass
    with serving(accept) as up:
        pings = notify([down.url, up.url], feeds, state=tmp_path, sleep=lambda _: None)
        assert len(up.asked) == 10
        assert {ping.hub for ping in pings if ping.problem} == {down.url}
        assert {ping.hub for ping in pending_pings([down.url, up.url], feeds, state=tmp_path)} == {
            down.url
        }
        assert "cannot be reached" in next(ping.problem for ping in pings if ping.problem)


def test_a_refusal_is_not_repeated_in_the_same_run(tmp_path: Path) -> None:
    """A 400 is reported with the hub's text, and the next feed is still tried."""
    with serving(refusing((400, {}))) as hub:
        pings = notify([hub.url], {A: "1"}, state=tmp_path, sleep=pytest.fail)
        assert pings == (Ping(hub.url, A, "1", f"{hub.url}: answers 400: because"),)
        assert notify([hub.url], {A: "1"}, state=tmp_path) == (Ping(hub.url, A, "1"),)


def test_a_hub_that_moved_is_named_with_its_new_address(tmp_path: Path) -> None:
    """A redirect that would change POST to GET is a problem with the new address."""
    with serving(refusing((301, {"Location": "https://new.example/hub?key=x"}))) as hub:
        (ping,) = notify([hub.url], {A: "1"}, state=tmp_path, sleep=pytest.fail)
    assert ping.problem.endswith("set its new address, https://new.example/hub, in [feeds] hubs")


def test_record_drops_unpublished_feeds(tmp_path: Path) -> None:
    """The record has one line per present hub and feed."""
    with serving(accept) as hub:
        for digest in "123456":
            notify([hub.url, f"{hub.url}/old"], {A: digest, B: "1"}, state=tmp_path)
        notify([hub.url], {A: "7"}, state=tmp_path)
        notify([hub.url], {A: "8"}, state=tmp_path)
    lines = (tmp_path / FILE_NAME).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [[hub.url, A, "7"], [hub.url, A, "8"]]


def test_half_a_line_is_a_ping_that_was_not_sent(tmp_path: Path) -> None:
    """A half-written line only repeats its own ping."""
    with serving(accept) as hub:
        notify([hub.url], {A: "1"}, state=tmp_path)
        file = tmp_path / FILE_NAME
        file.write_bytes(file.read_bytes() + f'["{hub.url}","{B}'.encode())
        assert notify([hub.url], {A: "1", B: "1"}, state=tmp_path) == (Ping(hub.url, B, "1"),)
        assert notify([hub.url], {A: "1", B: "1"}, state=tmp_path) == ()


def test_interrupted_run_has_recorded_answered_pings(tmp_path: Path) -> None:
    """An interrupted run has recorded the answered pings."""

    class Stop(Exception):
        pass

    def stop(seconds: float) -> None:
        raise Stop

    with serving(accept) as up, serving(lambda asked: asked.reply(503)) as down:
        with pytest.raises(Stop):
            notify([up.url, down.url], {A: "1"}, state=tmp_path, sleep=stop)
        assert pending_pings([up.url, down.url], {A: "1"}, state=tmp_path) == (
            Ping(down.url, A, "1"),
        )


@pytest.mark.parametrize("text", ["nonsense\n", '{"a": 1}\n', "\xff\n"])
def test_a_damaged_record_is_an_error(tmp_path: Path, text: str) -> None:
    """A damaged record is an error with a cure, and no ping is sent."""
    (tmp_path / FILE_NAME).write_text(text, encoding="latin-1")
    with serving(accept) as hub, pytest.raises(StateError, match=r"hubs\.jsonl: .*delete it"):
        notify([hub.url], {A: "1"}, state=tmp_path)
    assert not hub.asked


def test_a_state_folder_that_is_none_is_an_error(tmp_path: Path) -> None:
    """With an unusable state folder no ping is sent."""
    (tmp_path / "state").write_text("x", encoding="utf-8")
    with serving(accept) as hub, pytest.raises(StateError):
        notify([hub.url], {A: "1"}, state=tmp_path / "state")
    assert not hub.asked


class AtOnce:
    """Task queue of the hub that runs its tasks at once."""

    def task(self, bind: bool = False, **_: object) -> Callable[..., Any]:
        def mark(function: Any) -> Any:
            function.delay = lambda *given: function(None, *given) if bind else function(*given)
            return function

        return mark


class WebSub:
    """Independent hub and subscriber, and the content that the subscriber received."""

    def __init__(self, folder: Path, tls: Any) -> None:
        self.received: dict[str, list[bytes]] = {}
        self.confirmed: list[str] = []
        self.app = flask.Flask("websub")
        self.app.config.update(PUBLISH_SUPPORTED=True)
        hub = Hub(SQLite3HubStorage(str(folder / "hub.db")), AtOnce())
        self.subscriber = Subscriber(
            SQLite3SubscriberStorage(str(folder / "subscriber.db")),
            SQLite3TempSubscriberStorage(str(folder / "waiting.db")),
        )
        self.subscriber.add_success_handler(lambda topic, *_: self.confirmed.append(topic))
        self.subscriber.add_listener(
            lambda topic, _, body: self.received.setdefault(topic, []).append(body)
        )
        self.app.register_blueprint(hub.build_blueprint(url_prefix="/hub"))
        self.app.register_blueprint(self.subscriber.build_blueprint(url_prefix="/callbacks"))
        self.server = make_server("localhost", 0, self.app, threaded=True, ssl_context=tls)
        self.url = f"https://localhost:{self.server.server_port}"
        self.hub = f"{self.url}/hub"

    def subscribe(self, topic: str) -> None:
        """Subscribe as a reader does: discover the hub, request, confirm."""
        with self.app.test_request_context(base_url=self.url):
            self.subscriber.subscribe(**discover(topic))


@pytest.fixture
def websub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebSub]:
    authority = trust(trustme.CA(), tmp_path, monkeypatch)
    websub = WebSub(tmp_path, secured(authority, "localhost"))
    thread = threading.Thread(target=websub.server.serve_forever, args=(0.01,))
    thread.start()
    yield websub
    websub.server.shutdown()
    thread.join()
    websub.server.server_close()


class Blog:
    """Small served blog whose feeds name `hub`."""

    def __init__(self, folder: Path, hub: str) -> None:
        self.folder = folder
        self.hub = hub
        self.links = False
        (folder / "_posts").mkdir()

    def serve(self, asked: Handler) -> None:
        """Serve the blog with or without the Link headers of WebSub section 4."""
        site = f"http://{asked.headers['Host']}"
        link = f'<{self.hub}>; rel="hub", <{site}{asked.path}>; rel="self"'
        data = (self.folder / "output" / asked.path.lstrip("/")).read_bytes()
        headers = {"Content_Type": "application/xml; charset=utf-8"}
        asked.reply(200, data, **headers, **({"Link": link} if self.links else {}))

    def build(self, site: str, title: str) -> dict[str, str]:
        """Build with a new post, and return the digest of each feed by its address."""
        post = self.folder / f"_posts/2026-10-01-{title}.md"
        post.write_text(f"---\ntitle: {title}\n---\nText\n", encoding="utf-8")
        settings = {"site.url": site, "feeds.hubs": [self.hub]}
        report = syndicate.build(self.folder, settings=settings, now=NOW)
        urls = {url for feed in report.feeds for url in feed.urls.values()}
        paths = {address(site, change.path): change.path for change in report.changes}
        return {url: hashlib.sha256(self.bytes(paths[url])).hexdigest() for url in sorted(urls)}

    def bytes(self, path: str) -> bytes:
        return (self.folder / "output" / path).read_bytes()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the subscriber leaves connections open
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_subscriber_receives_what_was_published(websub: WebSub, tmp_path: Path) -> None:
    """A subscriber that discovers the hub in our feed receives the published bytes."""
    (tmp_path / "blog").mkdir()
    blog = Blog(tmp_path / "blog", websub.hub)
    state = tmp_path / "state"
    with serving(blog.serve) as server:
        feeds = blog.build(server.url, "one")
        assert not any(ping.problem for ping in notify([], feeds, state=state))
        for name in ("atom.xml", "rss.xml"):
            websub.subscribe(f"{server.url}/{name}")
        assert websub.confirmed == [f"{server.url}/atom.xml", f"{server.url}/rss.xml"]
        assert json.loads(blog.bytes("feed.json"))["hubs"] == [
            {"type": "WebSub", "url": websub.hub}
        ]
        blog.links = True  # this hub asks for them where it fetches
        feeds = blog.build(server.url, "two")
        pings = notify([websub.hub], feeds, state=state)
        assert [ping.problem for ping in pings] == [""] * len(feeds)
        assert notify([websub.hub], feeds, state=state) == ()
    assert websub.received == {
        f"{server.url}/{name}": [blog.bytes(name)] for name in ("atom.xml", "rss.xml")
    }
    assert b"<title>two</title>" in websub.received[f"{server.url}/rss.xml"][0]
