"""Whole-process time and peak memory, by the operating system's own accounting.

A program's helper processes count: on Linux those that outlive it are adopted here and waited for.
"""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

PR_SET_CHILD_SUBREAPER = 36
MEGABYTE = 1024 if sys.platform == "linux" else 1024 * 1024
"""`ru_maxrss` counts kilobytes on Linux and bytes elsewhere."""


@dataclass(frozen=True)
class Case:
    """A Python command. `remove` is deleted before each run; `warm_up` runs it once uncounted."""

    name: str
    arguments: tuple[str, ...]
    remove: tuple[Path, ...] = ()
    warm_up: bool = False


@dataclass(frozen=True)
class Figures:
    """Medians: wall-clock and processor seconds, peak memory in MB.

    Both are summed over the processes; as their peaks need not meet, the memory is an upper bound.
    """

    name: str
    wall: float
    cpu: float
    memory: float


def compare(cases: Sequence[Case], rounds: int) -> list[Figures]:
    """Run the cases in turn, `rounds` times, and give each one's medians."""
    adopt_orphans()
    for case in cases:
        if case.warm_up:
            run(case)
    samples: dict[str, list[tuple[float, float, float]]] = {case.name: [] for case in cases}
    for _ in range(rounds):
        for case in cases:
            samples[case.name].append(run(case))
    return [
        Figures(name, *(median(column) for column in zip(*rows, strict=True)))
        for name, rows in samples.items()
    ]


def run(case: Case) -> tuple[float, float, float]:
    for path in case.remove:
        shutil.rmtree(path, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *case.arguments])
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{case.name}: exit code {process.returncode}")
    usages = [usage, *orphans()]
    cpu = sum(each.ru_utime + each.ru_stime for each in usages)
    return wall, cpu, sum(each.ru_maxrss for each in usages) / MEGABYTE


def adopt_orphans() -> None:
    """Become the parent of processes whose own has ended (prctl(2), Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def orphans() -> Iterator[resource.struct_rusage]:
    """What each adopted process used, once it has ended."""
    while True:
        try:
            yield os.wait3(0)[2]
        except ChildProcessError:
            return


def table(figures: Sequence[Figures]) -> str:
    """A Markdown table; the last column is the wall-clock time over that of the first row."""
    first = figures[0].wall
    rows = [
        f"| {f.name} | {f.wall:.2f} s | {f.cpu:.2f} s | {f.memory:.0f} MB | {f.wall / first:.0f} |"
        for f in figures
    ]
    head = "| | wall clock | processor | peak memory | ratio |\n|---|---|---|---|---|"
    return "\n".join((head, *rows))
