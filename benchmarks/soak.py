"""``python -m benchmarks.soak``: the daemon beside a blog that changes every second.

A generated blog is watched and published to a folder. First, posts dated a few seconds ahead: how
late they are in the published feed, and a hub is told. Then an edit every second: when each is in
the published feed, and what memory and open files do meanwhile. Exits with 1 where a change was
missed or came late, memory grew by more than a tenth after the first minute, or files stayed open.
"""

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import blogs
from tests.loopback import Server, serving

NEWEST = 15
LATE = 2.0
"""Seconds within which a change must be in the published feed."""
LOST = 10.0
SOON = 4
CONFIG = """\
[feeds]
hubs = ["{hub}"]
[daemon]
port = 0
[[publish]]
name = "web"
kind = "folder"
path = "{web}"
"""
POST = (
    "---\ntitle: {title}\ndate: {date:%Y-%m-%d %H:%M:%S +0000}\ncategories: [soon]\n---\n{title}\n"
)


@dataclass
class Beside:
    """A daemon at work, and what it was seen to do."""

    blog: Path
    web: Path
    process: "subprocess.Popen[bytes]"
    memory: list[tuple[float, int]] = field(default_factory=list)
    files: list[tuple[float, int]] = field(default_factory=list)

    def shows(self, words: str) -> bool:
        try:
            return words.encode() in (self.web / "atom.xml").read_bytes()
        except FileNotFoundError:
            return False

    def wait(self, words: str, patience: float) -> float | None:
        """The Unix time at which the published feed holds `words`."""
        end = time.time() + patience
        while time.time() < end:
            if self.shows(words):
                return time.time()
            time.sleep(0.01)
        return None

    def look(self, since: float) -> None:
        """Note what the daemon's process uses."""
        proc = Path(f"/proc/{self.process.pid}")
        lines = (proc / "status").read_text(encoding="ascii").splitlines()
        resident = next(line for line in lines if line.startswith("VmRSS"))
        now = time.monotonic() - since
        self.memory.append((now, int(resident.split()[1])))
        self.files.append((now, sum(1 for _ in (proc / "fd").iterdir())))


@contextmanager
def beside(posts: int, log: Path | None) -> Iterator[tuple[Beside, Server]]:
    with (
        TemporaryDirectory() as name,
        serving(lambda request: request.reply(204)) as hub,
        (log or Path(os.devnull)).open("wb") as lines,
    ):
        blog, web = Path(name) / "blog", Path(name) / "web"
        blogs.write(blog, posts)
        config = CONFIG.format(hub=hub.url, web=web)
        (blog / "config.toml").write_text(config, encoding="utf-8")
        command = (sys.executable, "-m", "syndicate", "daemon", str(blog))
        with subprocess.Popen(command, stderr=lines) as process:
            try:
                running = Beside(blog, web, process)
                assert running.wait("<feed", 120), "no feed in two minutes"
                time.sleep(3)  # until it is watched
                yield running, hub
            finally:
                process.send_signal(signal.SIGTERM)


def due(running: Beside, hub: Server, tries: int) -> list[tuple[float, float]]:
    """For posts dated ahead: seconds until they are published, and until the hub is told."""
    found = []
    for number in range(tries):
        when = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=SOON)
        title, asked = f"Soon {number} {when:%H%M%S}", len(hub.asked)
        path = running.blog / f"_posts/{when:%Y-%m-%d}-soon-{number}.md"
        path.write_text(POST.format(title=title, date=when), encoding="utf-8")
        seen = running.wait(title, SOON + LOST)
        while seen and len(hub.asked) == asked and time.time() < seen + LOST:
            time.sleep(0.01)
        told = time.time()
        at = when.timestamp()
        found.append(((seen or float("inf")) - at, told - at))
        time.sleep(1.5)
    return found


class Marks:
    """Each edit leaves a mark of its own in one of the newest posts."""

    def __init__(self, blog: Path) -> None:
        posts = sorted((blog / "_posts").iterdir())
        self._posts = [path for path in posts if "-soon-" not in path.name][-NEWEST:]
        self._texts = [path.read_text(encoding="utf-8") for path in self._posts]
        self.count = 0

    def edit(self) -> str:
        """Save a post with a new mark, as editors do in one way or the other."""
        turn, mark = self.count % len(self._posts), f"mark-{self.count}-end"
        path, text = self._posts[turn], f"{self._texts[turn]}\n\n{mark}\n"
        if self.count % 2:
            path.write_text(text, encoding="utf-8")
        else:
            aside = path.with_name(f".{path.name}.swp")
            aside.write_text(text, encoding="utf-8")
            aside.replace(path)
        self.count += 1
        return mark


def edits(running: Beside, seconds: float) -> list[float]:
    """One edit a second; how long each took to be published, infinity where it never was."""
    marks = Marks(running.blog)
    waiting: dict[str, float] = {}
    found: dict[str, float] = {}
    began = time.monotonic()
    looked = next_edit = began
    while (now := time.monotonic()) < began + seconds or (waiting and now < began + seconds + LOST):
        if now >= next_edit and now < began + seconds:
            waiting[marks.edit()] = time.monotonic()
            next_edit += 1.0
        data = (running.web / "atom.xml").read_bytes()
        for mark in [mark for mark in waiting if mark.encode() in data]:
            found[mark] = time.monotonic() - waiting.pop(mark)
        if now - looked >= 1:
            looked = now
            running.look(began)
        time.sleep(0.01)
    return [*found.values(), *(float("inf") for _ in waiting)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.soak")
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--posts", type=int, default=1_000)
    parser.add_argument("--due", type=int, default=5, help="posts dated ahead")
    parser.add_argument("--log", type=Path, help="where the daemon's log goes")
    arguments = parser.parse_args()
    with beside(arguments.posts, arguments.log) as (running, hub):
        ahead = due(running, hub, arguments.due)
        late = edits(running, arguments.seconds)
    faults = [*told_due(ahead), *told_edits(late), *told_growth(running)]
    print("\n".join(faults) or "all as it should be")
    sys.exit(bool(faults))


def told_due(ahead: Sequence[tuple[float, float]]) -> Iterator[str]:
    if not ahead:
        return
    published, pinged = [one for one, _ in ahead], [other for _, other in ahead]
    print(f"{len(ahead)} posts dated ahead: published {median(published):.2f} s after their time "
          f"(worst {max(published):.2f}), hub notified after {median(pinged):.2f} s "
          f"(worst {max(pinged):.2f})")  # fmt: skip
    if max(published) > LATE or min(published) < 0:
        yield "a post dated ahead was not published in time"


def told_edits(late: Sequence[float]) -> Iterator[str]:
    ordered = sorted(late)
    p99 = ordered[int(len(ordered) * 0.99)]
    lost = sum(each == float("inf") for each in late)
    print(f"{len(late)} edits: published after {median(late):.2f} s, 99 % within {p99:.2f} s, "
          f"worst {ordered[-1]:.2f} s, {lost} never")  # fmt: skip
    if lost:
        yield f"{lost} edits were never published"
    if p99 > LATE:
        yield "edits were published late"


def told_growth(running: Beside) -> Iterator[str]:
    settled = [kb for at, kb in running.memory if 60 <= at < 90] or [running.memory[0][1]]
    last = [kb for _, kb in running.memory[-30:]]
    growth = median(last) / median(settled) - 1
    files = [count for at, count in running.files if at >= 60] or [running.files[0][1]]
    print(f"memory: {median(settled) / 1024:.0f} MB after a minute, {median(last) / 1024:.0f} MB "
          f"at the end ({growth:+.1%}); open files: {median(files):.0f}, at the end "
          f"{running.files[-1][1]}, at most {max(files)}")  # fmt: skip
    if growth > 0.1:
        yield "memory grows"
    if running.files[-1][1] > median(files) + 5:
        yield "files stay open"


if __name__ == "__main__":
    main()
