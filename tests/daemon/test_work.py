from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from syndicate.config.load import load
from syndicate.config.schema import Config
from syndicate.daemon.backoff import FIRST, LASTING
from syndicate.daemon.work import PATIENCE, Outcome, Work
from syndicate.errors import StateError
from syndicate.pipeline import build as pipeline
from syndicate.publish.after_build import publish_after
from syndicate.state.lock import locked
from tests.daemon.simulated import SimulatedClock
from tests.loopback import Handler, Server, serving

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
SITE = '[site]\ntitle = "Tea"\nurl = "https://blog.example.org"\n'
FOLDER = '[[publish]]\nname = "{name}"\nkind = "folder"\npath = "../{name}/feeds"\n'
HOOK = '[[publish]]\nname = "hook"\nkind = "webhook"\nurl = "{url}"\nsecret_env = "HOOK"\n'


class Blog:
    """Blog of one post, and the daemon's work on it by a simulated clock."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder = folder
        self.post("tea.md", "Green")
        self.environ: Mapping[str, str] = {"HOOK": "secret"}
        self.clock = SimulatedClock(NOW)
        self.stopped = False
        self.config = self.configured(more)
        self.work = Work(
            self.config, self.clock, lambda: nullcontext(None), self.environ, lambda: self.stopped
        )

    def configured(self, more: str) -> Config:
        (self.folder / "config.toml").write_text(SITE + more, encoding="utf-8")
        return load(self.folder)

    def post(self, name: str, title: str, date: datetime = NOW) -> None:
        text = f"---\ntitle: {title}\ndate: {date:%Y-%m-%d %H:%M:%S +0000}\n---\nx\n"
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, *reasons: str, after: float = 0.0) -> Outcome:
        self.clock.work(after)
        return self.work(reasons or ("watch",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "blog").mkdir()
    (tmp_path / "good").mkdir()
    return tmp_path / "blog"


@pytest.fixture
def hub() -> Iterator[Server]:
    """Serve a hub that accepts every ping until the test changes its answer."""
    with serving(lambda request: request.reply(204)) as server:
        yield server


def pinged(hub: Server) -> list[str]:
    return [parse_qs(each.body.decode())["hub.url"][0] for each in hub.asked]


def test_outcome_tells_when_the_next_post_falls_due(folder: Path) -> None:
    """The outcome has the time of the next due post and all waiting posts, if any."""
    blog = Blog(folder)
    assert blog.run().due is None
    blog.post("later.md", "Later", NOW + timedelta(days=2))
    blog.post("soon.md", "Soon", NOW + timedelta(hours=2))
    outcome = blog.run()
    assert outcome.due == NOW + timedelta(hours=2)
    assert [each.path for each in outcome.blog.waiting] == ["soon.md", "later.md"]


def test_failed_delivery_is_tried_again_with_growing_waits(folder: Path) -> None:
    """The working target is delivered at once; the failing one is retried after its wait."""
    blog = Blog(folder, FOLDER.format(name="good") + HOOK.format(url="http://127.0.0.1:1/"))
    outcome = blog.run()
    hook = outcome.targets[1]
    assert outcome.targets[0].sent > 0
    assert (hook.failures, hook.pending > 0, hook.failed != "") == (1, True, True)
    assert outcome.retry == NOW + timedelta(seconds=FIRST)
    assert blog.run("every").targets[1].failures == 1  # rests: was not tried
    again = blog.run("retry", after=FIRST)
    assert again.targets[1].failures == 2
    assert again.retry == blog.clock.now() + timedelta(seconds=2 * FIRST)


def test_retry_after_of_a_target_is_respected(folder: Path) -> None:
    """After a 503 with Retry-After the delivery waits that long, and then succeeds."""
    codes = [503]

    def hook(request: Handler) -> None:
        request.reply(codes[0], Retry_After="120")

    with serving(hook) as server:
        blog = Blog(folder, HOOK.format(url=server.url))
        assert blog.run().retry == NOW + timedelta(seconds=120)
        codes[0] = 200
        blog.run("watch", after=119)
        assert len(server.asked) == 1
        outcome = blog.run("retry", after=1)
        assert len(server.asked) == 2
    assert outcome.retry is None
    assert (outcome.targets[0].failed, outcome.targets[0].good) == ("", blog.clock.now())


def test_lasting_failures_are_retried_at_once_after_a_reload(folder: Path) -> None:
    """A missing secret is retried when the configuration is read again."""
    blog = Blog(folder, HOOK.format(url="http://127.0.0.1:1/").replace("HOOK", "NOT_SET"))
    assert blog.run().retry == NOW + timedelta(seconds=LASTING)
    assert blog.run("reload").targets[0].failures == 1
    assert blog.run("watch", after=1).retry == NOW + timedelta(seconds=LASTING)


def test_hubs_are_notified_once_after_publishing(folder: Path, hub: Server) -> None:
    """The hub gets one ping per changed feed, and none if nothing changed."""
    feeds = f'[feeds]\nformats = ["atom", "rss"]\nhubs = ["{hub.url}"]\n'
    blog = Blog(folder, feeds + FOLDER.format(name="good"))
    outcome = blog.run()
    assert sorted(pinged(hub)) == [
        "https://blog.example.org/atom.xml",
        "https://blog.example.org/rss.xml",
    ]
    assert outcome.hubs[0].told == 2
    blog.run("every", after=60)
    assert len(hub.asked) == 2


def test_hub_that_is_down_is_notified_later(folder: Path) -> None:
    """A hub gets the missed pings after its Retry-After; another hub gets them at once."""
    codes = {"/down": 503}

    def answer(request: Handler) -> None:
        request.reply(codes.get(request.path, 204), Retry_After="60")

    with serving(answer) as server:
        hubs = f'["{server.url}/down", "{server.url}/up"]'
        blog = Blog(folder, f'[feeds]\nformats = ["atom"]\nhubs = {hubs}\n')
        outcome = blog.run()
        assert outcome.retry == NOW + timedelta(seconds=60)
        assert [each.told for each in outcome.hubs] == [0, 1]
        blog.run("every", after=30)
        codes.clear()
        outcome = blog.run("retry", after=30)
        assert [each.path for each in server.asked].count("/down") == 2
        assert [each.path for each in server.asked].count("/up") == 1
    assert [each.told for each in outcome.hubs] == [1, 1]
    assert outcome.retry is None


def test_hubs_wait_for_a_target_that_may_recover(folder: Path, hub: Server) -> None:
    """Hubs wait for a failing target, as they would fetch the old feed; but not forever."""
    feeds = f'[feeds]\nformats = ["atom"]\nhubs = ["{hub.url}"]\n'
    with serving(lambda request: request.reply(503)) as bad:
        blog = Blog(folder, feeds + HOOK.format(url=bad.url))
        for _ in range(PATIENCE - 1):
            blog.run("retry", after=1_000)
            assert hub.asked == []
        blog.run("retry", after=1_000)
    assert len(hub.asked) == 1


def test_hub_that_waits_for_a_target_plans_no_run(folder: Path) -> None:
    """A hub that could be retried, but waits for a target, plans no run of its own."""
    with serving(lambda request: request.reply(503)) as down:
        config = f'[feeds]\nhubs = ["{down.url}"]\n' + HOOK.format(url=down.url)
        blog = Blog(folder, f'[feeds]\nhubs = ["{down.url}"]\n')
        assert blog.run().hubs[0].failures == 1
        blog.work.config = blog.configured(config)
        outcome = blog.run("retry", after=100)
        assert outcome.targets[0].failures == 1
        assert outcome.retry == blog.clock.now() + timedelta(seconds=FIRST)


def test_build_that_fails_is_an_outcome(folder: Path) -> None:
    """A failed build has its error, keeps the last good results, and is retried."""
    blog = Blog(folder)
    blog.post("soon.md", "Soon", NOW + timedelta(hours=2))
    blog.run()
    with locked(blog.config.state_folder):
        outcome = blog.run("watch")
    assert "is using it" in outcome.build.failed
    assert outcome.due == NOW + timedelta(hours=2)
    assert outcome.retry == NOW + timedelta(seconds=FIRST)
    assert blog.run("retry", after=FIRST).retry is None


def test_program_that_ends_tells_no_hub(folder: Path, hub: Server) -> None:
    """Deliveries that a stop prevented are made by the next start."""
    feeds = f'[feeds]\nhubs = ["{hub.url}"]\n'
    blog = Blog(folder, feeds + FOLDER.format(name="good"))
    blog.stopped = True
    assert blog.run().targets[0].pending > 0
    assert hub.asked == []


def test_target_that_is_gone_from_the_configuration_is_forgotten(folder: Path) -> None:
    """A target removed from the configuration is neither shown nor retried."""
    blog = Blog(folder, HOOK.format(url="http://127.0.0.1:1/"))
    assert blog.run().retry is not None
    blog.work.config = blog.configured("")
    outcome = blog.run("reload")
    assert (outcome.targets, outcome.retry) == ((), None)


def test_blog_without_posts_is_no_failure(folder: Path) -> None:
    """An empty blog publishes nothing and reports no failure."""
    blog = Blog(folder, FOLDER.format(name="good"))
    (folder / "tea.md").unlink()
    outcome = blog.run()
    assert (outcome.build.failed, outcome.retry) == ("", None)


def test_publish_after_serves_the_command_line_too(folder: Path, hub: Server) -> None:
    """--publish delivers to all targets, then notifies hubs; the exit code shows failures."""
    feeds = f'[feeds]\nformats = ["atom"]\nhubs = ["{hub.url}"]\n'
    blog = Blog(folder, feeds + FOLDER.format(name="good"))
    report = pipeline.build(blog.config, now=NOW)
    done = publish_after(blog.config, report, environ={})
    assert not done.failed
    assert [each.target for each in done.deliveries] == ["good"]
    assert [ping.feed for ping in done.pings] == pinged(hub)
    bad = blog.configured(feeds + FOLDER.format(name="nowhere"))
    report = pipeline.build(bad, now=NOW)
    assert publish_after(bad, report, environ={}).failed


def test_publish_after_needs_the_state_for_itself(folder: Path) -> None:
    """While another build runs, nothing is sent."""
    blog = Blog(folder, FOLDER.format(name="good"))
    report = pipeline.build(blog.config, now=NOW)
    with locked(blog.config.state_folder), pytest.raises(StateError, match="another build"):
        publish_after(blog.config, report, environ={})


def test_preview_is_not_published(folder: Path) -> None:
    """A blog without an address is built; its target reports why it receives nothing."""
    blog = Blog(folder, FOLDER.format(name="good"))
    text = (folder / "config.toml").read_text(encoding="utf-8")
    (folder / "config.toml").write_text(text.replace("url = ", "# url = "), encoding="utf-8")
    blog.work.config = load(folder)
    outcome = blog.run()
    assert not outcome.build.failed
    assert "so these feeds are a preview" in outcome.targets[0].failed
    assert outcome.retry is None
    assert not (folder.parent / "good" / "feeds").exists()
    blog.work.config = blog.configured(FOLDER.format(name="good"))
    assert blog.run().targets[0].failed == ""
