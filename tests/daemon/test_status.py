import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from syndicate.daemon.status import (
    DAEMON_LOCK,
    Build,
    HubStatus,
    Status,
    TargetStatus,
    Totals,
    Waiting,
    read,
    write,
)
from syndicate.model import Problem
from syndicate.state.lock import locked
from tests.daemon.running import run

NOW = datetime.now(UTC)


def status(**more: object) -> Status:
    ahead = NOW + timedelta(hours=3)
    known = {
        "totals": Totals(12, 1, 3.5),
        "builds": (
            Build(NOW, 0.25, ("due",), posts=9, feeds=4, files=3),
            Build(NOW, 0.1, ("watch",), failed="/blog: no such folder"),
        ),
        "planned": {"due": ahead},
        "waiting": (Waiting("soon\x1b[31m.md", ahead),),
        "waiting_count": 1,
        "problems": (Problem("a.md", "no-date", "has no date", "write one", 3),),
        "problem_counts": {"warning": 1},
        "targets": (
            TargetStatus("web", "folder", "/srv", good=NOW),
            TargetStatus("s3", "s3", "s3://b", pending=2, failures=3, failed="503", again=ahead),
        ),
        "hubs": (HubStatus("https://hub.example/", told=4),),
    }
    fields = {**known, **more}
    return Status("1.0", 7, "/blog", "idle", NOW, NOW, **fields)  # type: ignore[arg-type]


def test_status_is_kept_as_it_is(tmp_path: Path) -> None:
    """`read` returns what `write` wrote, and no temporary file is left."""
    write(tmp_path, status())
    assert read(tmp_path) == status()
    assert [path.name for path in tmp_path.iterdir()] == ["status.json"]


def test_status_shows_everything(tmp_path: Path) -> None:
    """The status shows builds, next builds, waiting posts, problems, deliveries and hubs."""
    (tmp_path / ".syndicate").mkdir()
    write(tmp_path / ".syndicate", status())
    with locked(tmp_path / ".syndicate", DAEMON_LOCK):
        done = run("status", tmp_path)
    assert done.returncode == 0
    for words in (
        "daemon: idle (process 7)",
        "12 since the start, 1 failed",
        "9 posts, 4 feeds, 3 files changed (due; 0.25 s)",
        "failed: /blog: no such folder",
        "next: due",
        "(in 3 h)",
        "waiting: 1 post dated ahead",
        "soon�[31m.md",
        "a.md:3: has no date; write one",
        "target web: up to date since",
        "target s3: never delivered -> s3://b; 2 files pending, 3 failures: 503; next attempt",
        "hub https://hub.example/: 4 pings accepted",
    ):
        assert words in done.stdout


def test_status_of_a_dead_daemon(tmp_path: Path) -> None:
    """The status of a dead daemon is its last one; the exit code is 1."""
    (tmp_path / ".syndicate").mkdir()
    write(tmp_path / ".syndicate", status())
    done = run("status", tmp_path)
    assert done.returncode == 1
    assert "not running; it was killed after" in done.stdout
    assert "target web: up to date since" in done.stdout


def test_no_daemon_ever(tmp_path: Path) -> None:
    """Without a daemon, status explains how to start one, and creates no state folder."""
    done = run("status", tmp_path)
    assert (done.returncode, "Run: syndicate daemon" in done.stdout) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_status_as_json(tmp_path: Path) -> None:
    """--json prints the whole status and whether the daemon runs."""
    (tmp_path / ".syndicate").mkdir()
    write(tmp_path / ".syndicate", status())
    told = json.loads(run("status", tmp_path, "--json").stdout)
    assert (told["running"], told["totals"]["builds"]) == (False, 12)


def test_damaged_status_is_an_error_with_its_cure(tmp_path: Path) -> None:
    """A broken status.json is one error line, not a traceback."""
    (tmp_path / ".syndicate").mkdir()
    (tmp_path / ".syndicate/status.json").write_text("{", encoding="utf-8")
    done = run("status", tmp_path)
    assert done.returncode == 2
    assert "delete it" in done.stderr
