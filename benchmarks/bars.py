"""The figures that every release must keep, each beside its bar.

``python -m benchmarks.bars`` measures the figures that need no other generator. `make bench` prints
all of them after the comparison with Hugo. A ratio compares two runs of one round. The median of
the rounds is shown.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import blogs
from benchmarks.measure import Figures, descendants, run
from benchmarks.peers import Job, syndicate
from benchmarks.soak import Marks
from benchmarks.tables import Samples

TAGS = tuple(f"subject {number}" for number in range(5_000))
WHOLE_PAGES = blogs.Shape(scraped=1)
"""Every post is a scraped page, as in the founding blog."""
LARGE = 36_855
EDITS = 10
TICKS = os.sysconf("SC_CLK_TCK")
COLD, SAME, CHANGED = "cold", "nothing changed", "one post changed"


@dataclass(frozen=True)
class Row:
    """A line of the table; `unit` follows the figures."""

    name: str
    figure: float
    bar: float
    stretch: float | None = None
    unit: str = ""

    @property
    def text(self) -> str:
        stretch = "" if self.stretch is None else f"{self.stretch:g}{self.unit}"
        figure = f"{self.figure:.3g}{self.unit}"
        held = "yes" if self.figure <= self.bar else "no"
        return f"| {self.name} | {figure} | {self.bar:g}{self.unit} | {stretch} | {held} |"


def table(rows: Sequence[Row]) -> str:
    """Write `rows` as a table of Markdown."""
    head = ("| | measured | bar | stretch | kept |", "|---|---:|---:|---:|---|")
    return "\n".join((*head, *(row.text for row in rows)))


def beside_hugo(samples: Samples, *, founding: bool) -> Iterator[Row]:
    """Yield the bars of builds beside Hugo's cold build in the same round."""
    if founding:
        yield Row("founding blog, cold / Hugo, wall", of_hugo(samples, COLD, "wall"), 0.7, 0.5)
        return
    yield Row("10,000 posts, cold / Hugo, wall", of_hugo(samples, COLD, "wall"), 0.5, 0.4)
    yield Row("… nothing changed / Hugo", of_hugo(samples, SAME, "wall"), 0.03, 0.02)
    yield Row("… one post changed / Hugo", of_hugo(samples, CHANGED, "wall"), 0.06, 0.04)
    yield Row("… memory (summed PSS) / Hugo", of_hugo(samples, COLD, "memory"), 0.22)


def of_hugo(samples: Samples, case: str, key: str) -> float:
    ours, theirs = samples[case, "syndicate"], samples[COLD, "Hugo"]
    return median(
        getattr(one, key) / getattr(other, key) for one, other in zip(ours, theirs, strict=False)
    )


def of_our_own(rounds: int) -> Iterator[Row]:
    """Yield the bars that no other generator is needed for."""
    with generated(10_000, blogs.Shape(tags=TAGS)) as blog:
        many = [cold(blog) for _ in range(rounds)]
    yield Row(
        "5,000 tags: wall / processor", median(each.wall / each.cpu for each in many), 0.6, 0.55
    )
    with generated(10_000) as small, generated(100_000) as large:
        sizes = [(cold(large).cpu, cold(small).cpu) for _ in range(max(1, rounds // 3))]
    # Ten times the posts, and the same number of feeds.
    yield Row("100,000 posts, processor / 10,000", median(a / b for a, b in sizes), 4)
    with generated(10_000) as blog:
        yield Row("one change in the daemon, processor", daemon_change(blog), 0.06, 0.03, " s")
    with generated(LARGE, WHOLE_PAGES) as blog:
        memory = cold(blog).memory / 1024
    yield Row("36,855 scraped pages, memory (summed PSS)", memory, 0.5, 0.3, " GB")


@contextmanager
def generated(count: int, shape: blogs.Shape = blogs.USUAL) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        blogs.write(Path(folder) / "blog", count, shape=shape)
        yield Path(folder) / "blog"


def cold(blog: Path) -> Figures:
    """Measure a build from nothing."""
    with TemporaryDirectory() as folder:
        peer = syndicate(Job(blog, Path(folder), (), 1, ()))
        return run(peer.command, folder=Path(folder), environment=peer.environment)


def daemon_change(blog: Path) -> float:
    """Return the processor seconds that the daemon needs for one edit of a post."""
    (blog / "config.toml").write_text("[daemon]\nport = 0\n", encoding="utf-8")
    feed = blog / "output/atom.xml"
    command = (sys.executable, "-m", "syndicate", "daemon", str(blog))
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait(feed, b"<feed")
            time.sleep(3)  # until the blog is watched
            marks = Marks(blog)
            wait(feed, marks.edit().encode())  # the first imports what all others use
            time.sleep(2)
            before = processor(process.pid)
            for _ in range(EDITS):
                wait(feed, marks.edit().encode())
                time.sleep(0.5)
            return (processor(process.pid) - before) / EDITS
        finally:
            process.terminate()


def wait(feed: Path, words: bytes, patience: float = 120) -> None:
    end = time.monotonic() + patience
    while not (feed.exists() and words in feed.read_bytes()):
        if time.monotonic() > end:
            raise TimeoutError(f"{feed}: no {words!r} in {patience:.0f} s")
        time.sleep(0.02)


def processor(process: int) -> float:
    """Return the processor seconds of a process and its children, ended ones too."""
    total = 0
    for each in (process, *descendants(process)):
        fields = Path(f"/proc/{each}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        total += sum(map(int, fields[11:15] if each == process else fields[11:13]))
    return total / TICKS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.bars")
    parser.add_argument("--rounds", type=int, default=3)
    print(table(list(of_our_own(parser.parse_args().rounds))))


if __name__ == "__main__":
    main()
