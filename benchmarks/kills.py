"""Builds killed at random moments, and what the next build makes of what they leave.

``python -m benchmarks.kills`` kills `syndicate build`, or one of its children, 200 times (SIGKILL:
no clean-up of any kind), half of them with nothing remembered, half with posts edited, added,
renamed and removed since the last build, or with another configuration. Then it builds again and
holds every file of the output against a build from nothing with the same ledger.

``--power`` builds on an ext4 file system of its own (as root, on Linux) and cuts that off instead,
as a power cut would: what was not synced is gone. Every second time the names are synced first, and
the bytes are not. A third of the cuts come at random moments, a third while names change, and a
third when the build has just ended.
"""

import argparse
import fcntl
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks import blogs
from benchmarks.measure import descendants
from syndicate.config.load import load
from syndicate.ledger import records as ledger
from syndicate.ledger.faults import verify
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.processes import processes

LIMITS = (20, 5, 0)
LONGEST = 60.0
OF_CHILDREN = 0.3
"""Share of the kills that hit a child of the build instead."""
DISK_BYTES = 300_000_000
EXT4_IOC_SHUTDOWN = 0x8004587D
NO_LOG_FLUSH = 2
"""The journal stays as it is on the disk (EXT4_GOING_FLAGS_NOLOGFLUSH)."""


@dataclass
class Tally:
    """Counts of the kills and of the faults after them."""

    kills: int = 0
    ended_before: int = 0
    left_parts: int = 0
    changed_files: int = 0
    unlike: list[str] = field(default_factory=list)
    halves: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    survived: list[float] = field(default_factory=list)

    def row(self, name: str) -> str:
        cells = (
            name, self.kills, self.ended_before, self.left_parts, self.changed_files,
            len(self.halves), len(self.unlike), len(self.parts), len(self.faults),
            f"{max(self.survived, default=0):.2f} s",
        )  # fmt: skip
        return "| " + " | ".join(map(str, cells)) + " |"


HEAD = (
    "| before the kill | kills | had ended | left unfinished files | had put files in place "
    "| half files | unlike a build from nothing | left over after it | faults of the ledger "
    "| helpers gone after |\n" + "|---" * 10 + "|"
)


class Site:
    """A blog with its state and output, and how it is built."""

    def __init__(self, folder: Path, posts: int, seed: int) -> None:
        self.blog, self.state = folder / "blog", folder / "state"
        self.output, self.nothing = folder / "output", folder / "nothing"
        self.draw = Random(seed)
        self.limit = LIMITS[0]
        self.number = 0
        blogs.write(self.blog, posts)

    def command(self) -> list[str]:
        command = [sys.executable, "-m", "syndicate", "build", str(self.blog), "--quiet", "--force"]
        for key, value in self.settings(self.output, self.state).items():
            command += ["--set", f"{key}={value!r}".replace("'", '"')]
        return command

    def settings(self, output: Path, state: Path) -> Mapping[str, object]:
        paths = {"output.path": str(output), "state.path": str(state)}
        return {**paths, "feeds.by": ["category"], "feeds.limit": self.limit}

    def edit(self) -> None:
        """As an author and his tools would, a few posts at once."""
        posts = sorted((self.blog / "_posts").glob("*.md"))
        for post in self.draw.sample(posts, self.draw.randint(1, 1 + len(posts) // 25)):
            self.number += 1
            match self.draw.randrange(6):
                case 0 | 1 | 2:
                    text = post.read_text(encoding="utf-8")
                    post.write_text(f"{text}\nEdited {self.number}.\n", encoding="utf-8")
                case 3:
                    post.rename(post.with_name(f"{post.name[:11]}renamed-{self.number}.md"))
                case 4:
                    post.unlink()
                case _:
                    copy = post.with_name(f"{post.name[:11]}new-{self.number}.md")
                    text = post.read_text(encoding="utf-8")
                    copy.write_text(f"{text}\nNew {self.number}.\n", encoding="utf-8")
        if self.draw.random() < 0.3:
            self.limit = self.draw.choice(LIMITS)

    def forget(self) -> None:
        for folder in (self.state, self.output):
            shutil.rmtree(folder, ignore_errors=True)

    def files(self) -> dict[str, bytes]:
        return contents(self.output)

    def from_nothing(self) -> dict[str, bytes]:
        """Return the files of a build that has the ledger, but no cache and no output."""
        shutil.rmtree(self.nothing, ignore_errors=True)
        (self.nothing / "state").mkdir(parents=True)
        shutil.copy(self.state / ledger.FILE_NAME, self.nothing / "state")
        keys = self.settings(self.nothing / "output", self.nothing / "state")
        config = load(self.blog, settings=keys.items())
        with processes() as executor:
            pipeline.build(config, now=datetime.now(UTC), force=True, executor=executor)
        return contents(self.nothing / "output")


class Disk:
    """An ext4 file system in the file `image`, mounted at `mount`."""

    def __init__(self, image: Path, mount: Path) -> None:
        self._image, self._mount, self._cuts = image, mount, 0
        with image.open("wb") as file:
            file.truncate(DISK_BYTES)
        subprocess.run(["mkfs.ext4", "-q", image], check=True)
        mount.mkdir()
        self._attach()

    def _attach(self) -> None:
        # Without its heuristic, which syncs files as they are renamed over others.
        options = "loop,noauto_da_alloc"
        subprocess.run(["mount", "-o", options, self._image, self._mount], check=True)

    def cut(self) -> None:
        """Lose what is not on the disk; whoever writes now gets an error."""
        self._cuts += 1
        folder = os.open(self._mount, os.O_RDONLY)
        if self._cuts % 2:
            with (self._mount / "other").open("w") as file:
                os.fsync(file.fileno())  # and with it the journal, which holds all names
        fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(folder)

    def repair(self) -> None:
        """Mount what is left, once nobody uses the disk any more."""
        self.detach()
        self._attach()

    def detach(self) -> None:
        subprocess.run(["umount", self._mount], check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m benchmarks.kills")
    parser.add_argument("--power", action="store_true", help="cut a disk off instead, as root")
    parser.add_argument("--posts", type=int, default=1_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    tallies = {"nothing remembered": Tally(), "edits pending": Tally()}
    with TemporaryDirectory() as folder, ExitStack() as ending:
        place, disk = Path(folder), None
        if arguments.power:
            place = place / "mount"
            disk = Disk(Path(folder) / "image", place)
            ending.callback(disk.detach)
        site = Site(place, arguments.posts, arguments.seed)
        # How long a build takes decides when it may be killed.
        spans = dict.fromkeys(tallies, 0.0)
        for name in spans:
            prepare(site, name)
            start = time.perf_counter()
            subprocess.run(site.command(), check=True)
            spans[name] = time.perf_counter() - start
        for number in range(arguments.kills):
            name = list(tallies)[number % 2]
            after = site.draw.uniform(0, 1.1) * spans[name]
            killed(site, name, after, tallies[name], disk)
    print(HEAD)
    for name, tally in tallies.items():
        print(tally.row(name))
        for line in (*tally.halves, *tally.unlike, *tally.parts, *tally.faults):
            print(f"  {line}")
    raise SystemExit(any(t.halves or t.unlike or t.parts or t.faults for t in tallies.values()))


def prepare(site: Site, name: str) -> None:
    if name == "edits pending":
        site.edit()
    else:
        site.forget()


def killed(site: Site, name: str, after: float, tally: Tally, disk: Disk | None) -> None:
    """Kill one build `after` so many seconds, build again, and note what came of it."""
    prepare(site, name)
    before = site.files()
    if disk:
        os.sync()  # the author's edits and the last build are from another day
    main_feed = identity(site.output / "atom.xml")
    with session(site.command()) as process:
        time.sleep(after)
        if disk and tally.kills % 3:  # a third of the cuts while names change, a third at the end
            while process.poll() is None and (
                tally.kills % 3 == 1 or identity(site.output / "atom.xml") == main_feed
            ):
                time.sleep(0.0002)
            time.sleep(site.draw.uniform(0, 0.02))
        tally.ended_before += process.poll() is not None
        if disk:
            disk.cut()
        elif site.draw.random() < OF_CHILDREN:
            kill_a_child(process, site.draw)
    tally.survived.append(gone_after(process.pid))
    if disk:
        disk.repair()
    tally.kills += 1
    left = site.files()
    parts = {path for path in left if path.endswith(".part")}
    tally.left_parts += bool(parts)
    tally.changed_files += {p: d for p, d in left.items() if p not in parts} != before
    if site.draw.random() < 0.2:
        site.edit()  # the author goes on before the next build
        edited = True
    else:
        edited = False
    subprocess.run(site.command(), check=True)
    where, after_it = f"{name}, killed after {after:.2f} s", site.files()
    if not edited:
        tally.halves += [
            f"{where}: {path}"
            for path, data in left.items()
            if path not in parts and data not in (before.get(path), after_it.get(path))
        ]
    tally.parts += [f"{where}: {path}" for path in after_it if path.endswith(".part")]
    tally.parts += [f"{where}: {path}" for path in site.state.glob("*.part")]
    expected = site.from_nothing()
    tally.unlike += [
        f"{where}: {path}"
        for path in sorted({*expected, *after_it})
        if expected.get(path) != after_it.get(path)
    ]
    tally.faults += [f"{where}: {line}" for line in verify(site.state)]


def identity(file: Path) -> int:
    """Return what changes when the file is renamed over."""
    return file.stat().st_ino if file.exists() else 0


def kill_a_child(process: "subprocess.Popen[bytes]", draw: Random) -> None:
    """Kill one of the build's children, if it has any, and wait for the build to end by itself."""
    if children := list(descendants(process.pid)):
        with suppress(ProcessLookupError):
            os.kill(draw.choice(children), signal.SIGKILL)
        process.wait(LONGEST)


@contextmanager
def session(command: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The command in a session of its own, killed when the block ends."""
    process = subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def gone_after(leader: int) -> float:
    """Wait until no process of the session is left, and kill late ones. Return the seconds."""
    start = time.perf_counter()
    while members := in_session(leader):
        if time.perf_counter() - start > LONGEST:
            for member in members:
                os.kill(member, signal.SIGKILL)
            return LONGEST
        time.sleep(0.01)
    return time.perf_counter() - start


def in_session(leader: int) -> list[int]:
    """The processes that still run, by Linux's own table."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if int(fields[3]) == leader and fields[0] != "Z":
            found.append(int(stat.parent.name))
    return found


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


if __name__ == "__main__":
    main()
