"""Signals for the child processes of this process, and for their children."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing import active_children
from pathlib import Path

from syndicate.files.read import read_own

__all__ = ["signal_children"]


def signal_children(number: signal.Signals) -> None:
    """Send a signal to all descendants of this process."""
    pids = {child.pid for child in active_children() if child.pid} | set(_below(os.getpid()))
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _below(pid: int) -> Iterator[int]:
    """Yield the descendants of `pid`; none on systems without /proc."""
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, read_own(task, 1_000_000).split()):
                yield child
                yield from _below(child)
