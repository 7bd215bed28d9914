"""Builds that share work with children: what becomes of them when something goes wrong."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest

from benchmarks import blogs
from benchmarks.kills import contents, in_session
from benchmarks.measure import descendants

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks are made on Linux alone")

POSTS = 1_200
LONG = 30.0
Found = TypeVar("Found")


class Site:
    """A blog that was built once, and that the next build makes anew."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.output = folder, folder / "output"
        blogs.write(folder, POSTS)
        (folder / "config.toml").write_text("[feeds]\nlimit = 5\n", encoding="utf-8")
        self.run()
        self.before = contents(self.output)
        (folder / ".syndicate/cache.db").unlink()
        (folder / "config.toml").write_text('[site]\ntitle = "T"\n', encoding="utf-8")

    def command(self) -> Sequence[str]:
        return (sys.executable, "-m", "syndicate", "build", str(self.folder), "--quiet")

    def run(self) -> None:
        subprocess.run(self.command(), check=True)

    def shows_what_it_did(self) -> bool:
        return contents(self.output) == self.before


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return Site(tmp_path_factory.mktemp("processes") / "blog")


@contextmanager
def building(site: Site, **options: Any) -> Iterator["subprocess.Popen[str]"]:
    """A build in a session of its own, in which nobody is left when the block ends."""
    process = subprocess.Popen(
        site.command(), start_new_session=True, stderr=subprocess.PIPE, text=True, **options
    )
    try:
        yield process
    finally:
        for left in in_session(process.pid):
            os.kill(left, signal.SIGKILL)
        process.communicate()


def children(process: "subprocess.Popen[str]") -> Sequence[int]:
    """The build's children, as soon as there are any."""
    return _until(lambda: list(descendants(process.pid)))


def _until(found: Callable[[], Found]) -> Found:
    deadline = time.monotonic() + LONG
    while not (what := found()):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return what


def ended(process: "subprocess.Popen[str]") -> tuple[int, Sequence[str]]:
    """The build's exit code and the lines that it printed as errors."""
    _, errors = process.communicate(timeout=LONG)
    return process.returncode, errors.splitlines()


def test_a_killed_child_leaves_the_published_feeds(site: Site) -> None:
    """The build says so in one line, and the next one is as if nothing had happened."""
    with building(site) as process:
        os.kill(children(process)[0], signal.SIGKILL)
        code, errors = ended(process)
        assert not in_session(process.pid)
    assert (code, len(errors)) == (2, 1)
    assert "a worker process was killed" in errors[0]
    assert site.shows_what_it_did()


def test_ctrl_c_ends_all_processes_with_one_line(site: Site) -> None:
    """No traceback, no child that goes on, and nothing was changed."""
    with building(site) as process:
        children(process)
        os.killpg(process.pid, signal.SIGINT)
        code, errors = ended(process)
        assert not in_session(process.pid)
    assert code == 130
    assert errors == ["Stopped. Nothing was changed."]
    assert site.shows_what_it_did()


def test_children_end_when_their_parent_is_killed(site: Site) -> None:
    """Nobody asks them any more."""
    with building(site) as process:
        children(process)
        process.kill()
        process.wait()
        _until(lambda: not in_session(process.pid))
    assert site.shows_what_it_did()


def test_a_disk_that_is_full_in_a_child_stops_the_build(site: Site) -> None:
    """What cannot be written is named, as it is without children."""
    most = 4_000_000

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    with building(site, preexec_fn=limit) as process:
        code, errors = ended(process)
        assert not in_session(process.pid)
    assert (code, len(errors)) == (2, 1)
    assert "entries.bin: cannot be written" in errors[0]
    assert site.shows_what_it_did()
