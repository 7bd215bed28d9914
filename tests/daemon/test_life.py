import json
import re
import signal
import sys
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.daemon.running import CONFIG, Blog, daemon, run, until
from tests.loopback import Handler, serving

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")


def slow_target(sign: Path) -> str:
    """Configure a target that never ends and creates the file `sign` when it begins."""
    code = f"import pathlib, time; pathlib.Path('{sign}').touch(); time.sleep(60)"
    command = f'["{sys.executable}", "-c", "{code}"]'
    return f'[[publish]]\nname = "slow"\nkind = "command"\ncommand = {command}\n'


def test_builds_and_publishes_at_the_start_and_on_change(tmp_path: Path) -> None:
    """A saved edit is in the published feed; SIGTERM ends the daemon with exit code 0."""
    blog = Blog(tmp_path)
    with daemon(blog) as running:
        until(lambda: blog.shows("Green"), running)
        blog.write("tea.md", "Black")
        until(lambda: blog.shows("Black"), running)
        assert running.stop() == 0
    assert blog.status()["state"] == "stopped"


def test_future_post_is_published_and_pinged_when_it_falls_due(tmp_path: Path) -> None:
    """A post dated ahead appears at its second, and the hub is notified afterwards."""
    seen: list[bool] = []
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=4)

    def hub(request: Handler) -> None:
        seen.append(blog.shows("Soon"))
        request.reply(204)

    with serving(hub) as server:
        hubs = f'[feeds]\nformats = ["atom"]\nhubs = ["{server.url}"]\n'
        blog = Blog(tmp_path, config=hubs + CONFIG)
        blog.write("soon.md", "Soon", due)
        with daemon(blog) as running:
            until(lambda: blog.shows("Green"), running)
            until(lambda: blog.status().get("waiting"), running)
            assert datetime.now(UTC) > due or not blog.shows("Soon")
            until(lambda: blog.shows("Soon"), running)
            assert datetime.now(UTC) >= due
            until(lambda: any(seen), running)
            assert running.says("reasons=due")


def test_second_daemon_is_refused(tmp_path: Path) -> None:
    """The error names the process of the first daemon, which goes on."""
    blog = Blog(tmp_path)
    with daemon(blog) as running:
        until(lambda: blog.shows("Green"), running)
        second = run("daemon", blog.folder)
        assert second.returncode == 2
        assert f"another daemon (process {running.process.pid}) is using it" in second.stderr
        assert running.process.poll() is None


def test_killed_daemon_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    """After SIGKILL the next daemon starts, and publishes what the first one could not."""
    blog = Blog(tmp_path)
    with daemon(blog) as running:
        until(lambda: blog.shows("Green"), running)
        running.process.kill()
        assert running.ended() == -signal.SIGKILL
    blog.write("tea.md", "Black")
    assert run("status", blog.folder).stdout.startswith("daemon: not running; it was killed")
    with daemon(blog) as running:
        until(lambda: blog.shows("Black"), running)


def test_term_during_a_run_ends_within_seconds(tmp_path: Path) -> None:
    """The delivery is abandoned, its child processes are ended, and the exit code is 0."""
    sign = tmp_path / "begun"
    blog = Blog(tmp_path, slow_target(sign))
    with daemon(blog) as running:
        until(sign.exists, running)
        children = _children(running.process.pid)
        began = time.monotonic()
        assert running.stop() == 0
        assert time.monotonic() - began < 8  # five, and what a busy machine needs to run a test
        assert children
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    assert blog.shows("Green")


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for file in found for child in file.read_text().split()]


def test_one_shot_build_beside_a_busy_daemon_is_refused(tmp_path: Path) -> None:
    """The error names the daemon's process; beside an idle daemon the build succeeds."""
    sign = tmp_path / "begun"
    blog = Blog(tmp_path, slow_target(sign))
    with daemon(blog) as running:
        until(sign.exists, running)
        second = run("build", blog.folder)
        assert second.returncode == 2
        assert f"another build (process {running.process.pid}) is using it" in second.stderr


def test_hup_takes_a_new_configuration(tmp_path: Path) -> None:
    """The next build uses the new configuration."""
    blog = Blog(tmp_path, "[schedule]\nwatch = false\n")
    with daemon(blog) as running:
        until(lambda: blog.shows("Green"), running)
        blog.configure(CONFIG.replace('"Tea"', '"Coffee"') + "[schedule]\nwatch = false\n")
        running.signal(signal.SIGHUP)
        until(lambda: blog.shows("Coffee"), running)


def test_hup_refuses_a_wrong_configuration(tmp_path: Path) -> None:
    """The error is logged, and the old configuration stays in use."""
    blog = Blog(tmp_path)
    with daemon(blog) as running:
        until(lambda: blog.shows("Green"), running)
        blog.configure(CONFIG + '[schedule]\ncron = "every day"\n')
        running.signal(signal.SIGHUP)
        until(lambda: running.says("rejected, the old one stays in use: .*cron"), running)
        blog.write("tea.md", "Black")
        until(lambda: blog.shows("Black"), running)


@pytest.mark.parametrize("left", [None, ""])
def test_configuration_that_is_gone_stays_in_force(tmp_path: Path, left: str | None) -> None:
    """Target and address are kept, and the status holds the error until the file is back."""
    blog = Blog(tmp_path)
    with daemon(blog) as running:
        until(lambda: blog.shows("Green"), running)
        file = blog.folder / "config.toml"
        file.unlink()
        if left is not None:
            file.write_text(left, encoding="utf-8")
        until(lambda: running.says("rejected, the old one stays in use: .*gone or empty"), running)
        until(lambda: "gone or empty" in refused(blog), running)
        blog.write("tea.md", "Black")
        until(lambda: blog.shows("Black"), running)
        blog.configure(CONFIG)
        until(lambda: refused(blog) == "", running)


def refused(blog: Blog) -> str:
    return str(blog.status().get("refused", ""))


def test_saved_configuration_is_taken(tmp_path: Path) -> None:
    """With watch on, saving config.toml reloads it."""
    blog = Blog(tmp_path)
    with daemon(blog) as running:
        until(lambda: running.says("reasons=watch"), running)
        blog.configure(CONFIG.replace('"Tea"', '"Coffee"'))
        until(lambda: blog.shows("Coffee"), running)


def test_failed_build_is_logged_and_made_good(tmp_path: Path) -> None:
    """The daemon survives the loss of the blog's folder, and builds when it is back."""
    blog = Blog(tmp_path)
    away = tmp_path / "away"
    posts = blog.folder / "posts"
    posts.mkdir()
    (blog.folder / "tea.md").rename(posts / "tea.md")
    blog.configure('[posts]\npath = "posts"\n' + CONFIG + '[schedule]\nevery = "1s"\n')
    with daemon(blog) as running:
        until(lambda: blog.shows("Green"), running)
        posts.rename(away)
        until(lambda: running.says('build failed failed=".*no such folder'), running)
        assert blog.shows("Green")
        (away / "tea.md").write_text((away / "tea.md").read_text().replace("Green", "Black"))
        away.rename(posts)
        until(lambda: blog.shows("Black"), running)


def test_log_as_json(tmp_path: Path) -> None:
    """Each line is a JSON object; a build's line has its counts and times."""
    blog = Blog(tmp_path)
    with daemon(blog, "--log-format", "json") as running:
        until(lambda: blog.shows("Green"), running)
        running.stop()
        events = [json.loads(line) for line in running.lines]
    built = next(event for event in events if event["event"] == "built")
    assert (built["posts"], built["reasons"], built["level"]) == (1, "start", "info")
    assert built["seconds"] >= 0


def test_daemon_serves_the_feeds_if_configured(tmp_path: Path) -> None:
    """With [daemon] serve = true the same process serves the feeds."""
    pytest.importorskip("uvicorn")
    config = CONFIG.replace("port = 0", "port = 0\nserve = true") + "[serve]\nport = 0\n"
    blog = Blog(tmp_path, config=config)
    with daemon(blog) as running:
        until(lambda: running.says("serving address") and blog.shows("Green"), running)
        port = re.search(r"serving address=.*, (\d+)", running.log)[1]  # type: ignore[index]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/atom.xml") as answer:
            assert b"Green" in answer.read()
