"""One command's time and memory, by the operating system's own accounting.

Helper processes count: on Linux those that outlive the command are adopted here and waited for,
and the memory is what all of them held at the same instant, looked at every 20 ms.
"""

import ctypes
import os
import resource
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread

PR_SET_CHILD_SUBREAPER = 36
LINUX = sys.platform == "linux"
MEGABYTE = 1024 * 1024
INTERVAL = 0.02


@dataclass(frozen=True)
class Figures:
    """Wall-clock and processor seconds, and the peak of memory in MB."""

    wall: float
    cpu: float
    memory: float


class CommandFailed(Exception):
    """The command's name and what it said."""


def run(command: Sequence[str], *, folder: Path, environment: Mapping[str, str] = {}) -> Figures:
    """Run `command` in `folder` to its end. Raises CommandFailed."""
    adopt_orphans()
    others = set(descendants(os.getpid()))  # a browser that another test keeps open
    with TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        watch = Watch(others)
        watch.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        usages = [usage, *orphans(others)]
        sampled = watch.end()
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise CommandFailed(command[0], said.read().decode(errors="replace"))
    cpu = sum(each.ru_utime + each.ru_stime for each in usages)
    # Elsewhere there are only the sums of peaks that need not have met: an upper bound.
    memory = sampled if LINUX else sum(each.ru_maxrss for each in usages)
    return Figures(wall, cpu, memory / MEGABYTE)


def adopt_orphans() -> None:
    """Become the parent of processes whose own has ended (prctl(2), Linux only)."""
    if LINUX:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def orphans(others: Collection[int]) -> Iterator[resource.struct_rusage]:
    """Yield what each adopted process used, once it has ended; not that of `others`."""
    if not LINUX:
        return
    while found := set(descendants(os.getpid())).difference(others):
        for process in found:
            # What is no child yet is one when its own parent has ended.
            with suppress(ChildProcessError):
                yield os.wait4(process, 0)[2]
        time.sleep(INTERVAL)


class Watch(Thread):
    """Watches the memory of this process's descendants, save `others`, until told to end (Linux).

    Several processes share pages. Counting those once (PSS) is slow, so it is done only when
    counting them in each (RSS) gives more than ever before.
    """

    def __init__(self, others: Collection[int] = ()) -> None:
        super().__init__(daemon=True)
        self._others = frozenset(others)
        self._over = Event()
        self._peak = 0
        self._highest = 0

    def run(self) -> None:
        while LINUX and not self._over.wait(INTERVAL):
            found = descendants(os.getpid())
            self._look(tuple(each for each in found if each not in self._others))

    def _look(self, processes: Sequence[int]) -> None:
        if len(processes) == 1:
            self._peak = max(self._peak, total(processes, "status", "VmHWM:"))
        elif (resident := total(processes, "status", "VmRSS:")) > self._highest:
            self._highest = resident
            self._peak = max(self._peak, total(processes, "smaps_rollup", "Pss:"))

    def end(self) -> int:
        """The highest number of bytes seen."""
        self._over.set()
        self.join()
        return self._peak


def descendants(process: int) -> Iterator[int]:
    # Not Path.glob, which raises where a process ends under its eyes.
    for children in glob(f"/proc/{process}/task/*/children"):  # noqa: PTH207
        for child in read(children).split():
            yield int(child)
            yield from descendants(int(child))


def total(processes: Sequence[int], file: str, key: str) -> int:
    """Bytes: the sum of what the processes' own files say after `key`."""
    return sum(kilobytes(f"/proc/{each}/{file}", key) for each in processes) * 1024


def kilobytes(file: str, key: str) -> int:
    lines = read(file).splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith(key)), 0)


def read(path: str) -> str:
    """Nothing where the process or thread has ended."""
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
