"""What a build is given: the moment, and what the work is done and watched with."""

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from syndicate.model import WRONG_CLOCK, Problem
from syndicate.pipeline.processes import Workers
from syndicate.pipeline.timings import UNTIMED, Timer

__all__ = ["Means", "Progress"]

Progress = Callable[[int, int], None]
"""Called with the number of posts that are rendered, and of those that will be."""


class Means(Struct, frozen=True):
    """The moment, and what the work is done and watched with.

    `wrong` says what is wrong with the machine's clock, empty where nothing is.
    """

    now: datetime
    progress: Progress
    executor: Workers = None
    timer: Timer = UNTIMED
    wrong: str = ""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return the Problem of a wrong clock, if there is one."""
        cure = "set the clock; if it is right, run `syndicate build --force` once"
        return (Problem("clock", WRONG_CLOCK, self.wrong, cure),) if self.wrong else ()
