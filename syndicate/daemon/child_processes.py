"""The processes that this one has started, and those that they have."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path

from syndicate.files.read import read_own

__all__ = ["end"]


def end(number: signal.Signals) -> int:
    """Send all of them a signal; how many there were."""
    pids = {child.pid for child in active_children() if child.pid} | set(_below(os.getpid()))
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)
    return len(pids)


def _below(pid: int) -> Iterator[int]:
    """Where the system has /proc; elsewhere only those of `multiprocessing` are known."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, read_own(task, 1_000_000).split()):
                yield child
                yield from _below(child)
