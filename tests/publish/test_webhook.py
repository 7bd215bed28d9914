import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from syndicate.config.targets import WebhookTarget
from syndicate.errors import ConfigError, DeliveryError
from syndicate.publish.target import File, TargetContext, Transfer
from syndicate.publish.webhook import Webhook, open_target
from tests.loopback import Handler, serving

SECRET = "correct horse"
NOW = datetime(2026, 11, 1, 20, 0, 5, 999, tzinfo=timezone(timedelta(hours=8)))
ATOM = File("category/茶/atom.xml", "ab" * 32, 120, "application/atom+xml", feed=True)
PACKED = File("atom.xml.gz", "cd" * 32, 60, "application/atom+xml", encoding="gzip", feed=True)
PAGE = File("index.html", "ef" * 32, 10, "text/html; charset=utf-8")


class Told:
    """Records the confirmed files."""

    def __init__(self) -> None:
        self.files: dict[str, str | None] = {}

    def __call__(self, path: str, digest: str | None) -> None:
        self.files[path] = digest


def surroundings(
    folder: Path, environ: Mapping[str, str] | None = None, site: str = "https://example.org/blog"
) -> TargetContext:
    return TargetContext(folder, folder / "work", environ or {"HOOK": SECRET}, site)


def target(url: str, folder: Path, *, allow_private: bool = False) -> Webhook:
    config = WebhookTarget(name="hook", url=url, secret_env="HOOK", allow_private=allow_private)
    return open_target(config, surroundings(folder), clock=lambda: NOW)


def transfer(folder: Path, **changes: Any) -> Transfer:
    return Transfer(root=folder, **changes)


def accept(asked: Handler) -> None:
    asked.reply(202)


def test_changes_are_sent_and_signed(tmp_path: Path) -> None:
    """The notice has files, feeds, removals and time, and is signed with HMAC."""
    told = Told()
    with serving(accept) as server:
        target(f"{server.url}/hook?x=y", tmp_path).deliver(
            transfer(
                tmp_path,
                send=(PAGE, ATOM, PACKED),
                remove=("old.xml",),
                held={"index.html": ("12" * 32,), "category/茶/atom.xml": ("",)},
            ),
            told,
        )
    (asked,) = server.asked
    assert (asked.command, asked.path) == ("POST", "/hook?x=y")
    assert asked.headers["Content-Type"] == "application/json"
    expected = hmac.new(SECRET.encode(), asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["X-Syndicate-Signature-256"] == f"sha256={expected}"
    base = "https://example.org/blog"
    feed = f"{base}/category/%E8%8C%B6/atom.xml"
    assert json.loads(asked.body) == {
        "version": 1,
        "site": base,
        "sent": "2026-11-01T12:00:05Z",
        "feeds": [feed],
        "changed": [
            {"path": "index.html", "url": f"{base}/index.html", "type": "text/html; charset=utf-8",
             "size": 10, "digest": f"sha256:{'ef' * 32}", "action": "updated", "feed": False,
             "encoding": ""},
            {"path": "category/茶/atom.xml", "url": feed, "type": "application/atom+xml",
             "size": 120, "digest": f"sha256:{'ab' * 32}", "action": "created", "feed": True,
             "encoding": ""},
            {"path": "atom.xml.gz", "url": f"{base}/atom.xml.gz", "type": "application/atom+xml",
             "size": 60, "digest": f"sha256:{'cd' * 32}", "action": "created", "feed": True,
             "encoding": "gzip"},
        ],
        "removed": [{"path": "old.xml", "url": f"{base}/old.xml"}],
    }  # fmt: skip
    assert told.files == {
        file.path: file.digest for file in (PAGE, ATOM, PACKED)
    } | {"old.xml": None}  # fmt: skip


def test_nothing_changed_is_not_news(tmp_path: Path) -> None:
    """Without changes no request is sent."""
    with serving(accept) as server:
        target(server.url, tmp_path).deliver(transfer(tmp_path, files=(ATOM,)), Told())
    assert not server.asked


def test_the_time_is_that_of_sending(tmp_path: Path) -> None:
    """A repeated notice has a new time and a new signature."""
    times = iter([NOW, NOW + timedelta(hours=1)])
    with serving(accept) as server:
        config = WebhookTarget(name="hook", url=server.url, secret_env="HOOK")
        hook = open_target(config, surroundings(tmp_path), clock=lambda: next(times))
        for _ in range(2):
            hook.deliver(transfer(tmp_path, send=(ATOM,)), Told())
    first, second = (json.loads(asked.body)["sent"] for asked in server.asked)
    assert (first, second) == ("2026-11-01T12:00:05Z", "2026-11-01T13:00:05Z")


def test_a_blog_without_an_address_has_paths(tmp_path: Path) -> None:
    """Without the site's address, all addresses are empty and no feed is listed."""
    with serving(accept) as server:
        config = WebhookTarget(name="hook", url=server.url, secret_env="HOOK")
        open_target(config, surroundings(tmp_path, site="")).deliver(
            transfer(tmp_path, send=(ATOM,)), Told()
        )
    notice = json.loads(server.asked[0].body)
    assert (notice["feeds"], notice["changed"][0]["url"]) == ([], "")
    sent = datetime.fromisoformat(notice["sent"])
    assert sent.tzinfo == UTC


def failed(serve: Callable[[Handler], None], folder: Path) -> DeliveryError:
    told = Told()
    with serving(serve) as server, pytest.raises(DeliveryError) as caught:
        target(f"{server.url}/key-{SECRET}?k=v", folder).deliver(
            transfer(folder, send=(ATOM,)), told
        )
    assert told.files == {}
    assert SECRET not in str(caught.value)
    assert "k=v" not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("status", "transient"),
    [(400, False), (401, False), (404, False), (408, True), (425, True), (429, True), (500, True),
     (501, False), (503, True)],
)  # fmt: skip
def test_a_refusal_is_an_error(tmp_path: Path, status: int, transient: bool) -> None:
    """A rejection confirms no file, and has the time of the retry."""
    error = failed(lambda asked: asked.reply(status, b"why", Retry_After="3"), tmp_path)
    assert (error.where, error.what) == ("hook", f"the receiver answers {status}: why")
    assert (error.transient, error.retry_after) == (transient, 3.0)
    assert error.cure


def test_a_receiver_that_moved_is_named(tmp_path: Path) -> None:
    """A redirect that would change POST to GET is an error with the new address."""
    error = failed(lambda asked: asked.reply(302, Location="https://new.example/a"), tmp_path)
    assert not error.transient
    assert error.cure == "set url to its new address: https://new.example/a"


def test_a_receiver_that_hangs_up_may_answer_later(tmp_path: Path) -> None:
    """A connection closed without an answer is a transient error."""
    error = failed(lambda asked: asked.connection.close(), tmp_path)
    assert (error.where, error.transient) == ("hook", True)


def test_a_redirect_to_a_private_address_has_to_be_allowed(tmp_path: Path) -> None:
    """Only `allow_private` permits redirects to private addresses."""
    news = transfer(tmp_path, send=(ATOM,))
    with (
        serving(accept) as inner,
        serving(lambda asked: asked.reply(307, Location=inner.url)) as outer,
    ):
        with pytest.raises(DeliveryError, match="private address"):
            target(outer.url, tmp_path).deliver(news, Told())
        assert not inner.asked
        target(outer.url, tmp_path, allow_private=True).deliver(news, Told())
    assert inner.asked[0].body == outer.asked[-1].body


def test_a_secret_comes_from_a_file(tmp_path: Path) -> None:
    """A secret file is relative to the configuration's folder, and its line end is removed."""
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    with serving(accept) as server:
        config = WebhookTarget(name="hook", url=server.url, secret_file="secret")
        open_target(config, surroundings(tmp_path)).deliver(
            transfer(tmp_path, send=(ATOM,)), Told()
        )
    (asked,) = server.asked
    expected = hmac.new(SECRET.encode(), asked.body, hashlib.sha256).hexdigest()
    assert asked.headers["X-Syndicate-Signature-256"] == f"sha256={expected}"


@pytest.mark.parametrize(
    ("keys", "what"),
    [
        ({}, "has no secret"),
        ({"secret_env": "HOOK", "secret_file": "a"}, "has two secrets"),
        ({"secret_env": "OTHER"}, "OTHER is empty or not set"),
        ({"secret_file": "empty"}, "empty is empty or not set"),
        ({"secret_file": "missing"}, "missing cannot be read"),
    ],
)
def test_a_missing_secret_is_an_error_of_the_configuration(
    tmp_path: Path, keys: dict[str, str], what: str
) -> None:
    """Without a secret, the configuration is invalid."""
    (tmp_path / "empty").write_text("\n", encoding="utf-8")
    config = WebhookTarget(name="hook", url="https://example.org/", **keys)
    with pytest.raises(ConfigError, match=what) as caught:
        open_target(config, surroundings(tmp_path))
    assert caught.value.cure
