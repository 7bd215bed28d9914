"""Define the options of one build."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from syndicate.model import WRONG_CLOCK, Problem
from syndicate.pipeline.processes import Workers
from syndicate.pipeline.timings import UNTIMED, Timer
from syndicate.state.clock import Clock

__all__ = ["BuildOptions", "Progress", "no_progress"]

Progress = Callable[[int, int], None]
"""Called with the number of rendered posts, and the number of posts to render."""


def no_progress(_done: int, _total: int) -> None:
    """Ignore the progress."""


class BuildOptions(Struct, frozen=True):
    """The moment to build for, and the caller's progress display, workers and timer.

    `clock_fault` describes a wrong clock of the machine; it is empty if the clock is right.
    """

    now: datetime
    progress: Progress = no_progress
    executor: Workers = None
    timer: Timer = UNTIMED
    clock_fault: str = ""

    def at(self, clock: Clock) -> "BuildOptions":
        """Return the options with the clock's moment and its fault."""
        return replace(self, now=clock.now, clock_fault=clock.wrong)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the Problem of a wrong clock, if there is one."""
        if not self.clock_fault:
            return ()
        cure = "set the clock; if it is right, run `syndicate build --force` once"
        return (Problem("clock", WRONG_CLOCK, self.clock_fault, cure),)

    @property
    def trusted_now(self) -> datetime | None:
        """Return `now`; None if the clock is wrong, so that no post is withdrawn or dated by it."""
        return None if self.clock_fault else self.now
