"""The daemon's own thread: messages, the clock, and one build after the other.

Everything that asks for a build says `want`, whatever thread it is in. What is wanted while a build
runs is wanted once more, and leads to exactly one more build.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue

from apscheduler.executors.base import BaseExecutor
from apscheduler.triggers.base import BaseTrigger
from msgspec import Struct

from syndicate.daemon.clock import Clock, Mailbox, Message
from syndicate.daemon.scheduler import Scheduler

__all__ = ["Loop", "Next", "Triggers"]

_LOG = logging.getLogger("syndicate.daemon")
LONGEST_WAIT = 1.0
"""Seconds after which the wall clock is looked at again: it may have been set, or have slept."""
JUMP = 2.0
"""Seconds by which the wall clock must have left the steady one to have been set."""
AFTER_ERROR = timedelta(minutes=1)
"""When to try again after an exception that nobody expected."""
_SHORT = 0.05
Triggers = Callable[[datetime], Mapping[str, BaseTrigger]]


class Next(Struct, frozen=True):
    """When a build is wanted, by what the last one found: a post falls due; something failed."""

    due: datetime | None = None
    retry: datetime | None = None


class Loop:
    """Runs `work` when it is wanted, when the `triggers` say, and when it said itself.

    `work` is given the reasons and runs in `executor`; `heard` is called after every step, in
    the thread that called `run`: with what the work that ended returned (a bare `Next` where it
    raised), or None.
    """

    def __init__(
        self,
        clock: Clock,
        work: Callable[[tuple[str, ...]], Next],
        triggers: Triggers,
        executor: BaseExecutor,
        heard: Callable[[Next | None], None] = lambda _: None,
        longest_wait: float = LONGEST_WAIT,
    ) -> None:
        self._clock, self._work, self._triggers, self._heard = clock, work, triggers, heard
        self._box: Mailbox = SimpleQueue()
        self._scheduler = Scheduler(clock, executor, self._ended)
        self._wanted: dict[str, None] = {}
        self._last = Next()
        self._drift = self._ahead()
        self._longest_wait = longest_wait
        self._stopping = False
        self.working = False
        """Whether a build is under way. For the thread that called `run`."""

    def want(self, reason: str) -> None:
        """Have a build made, for a `reason` that is told in the log. From any thread."""
        self.call(partial(self._want, reason))

    def call(self, message: Message) -> None:
        """Have `message` called in the loop's thread. From any thread, and any signal handler."""
        self._box.put(message)

    def stop(self) -> None:
        """Have `run` return after this step. For the thread that called it."""
        self._stopping = True

    def plan(self) -> None:
        """Plan by what the triggers are now. Raises ConfigError, and leaves the plan as it was."""
        found = self._triggers(self._clock.now())
        for name in ("every", "cron"):
            self._scheduler.forget(name)
        for name, trigger in found.items():
            self._scheduler.plan(name, trigger, partial(self._want, name))

    def planned(self) -> dict[str, datetime]:
        """When which builds are planned."""
        return self._scheduler.planned()

    def run(self) -> None:
        """Go on until stopped."""
        self._scheduler.start()
        while not self._stopping:
            self._step(self._pause())
            self._look_at_clock()
            self._scheduler.process()

    def finish(self, seconds: float) -> bool:
        """Wait so long for the build under way, and begin no other. Whether it ended."""
        end = self._clock.steady() + seconds
        while self.working and self._clock.steady() < end:
            self._step(_SHORT)
        if not self.working and self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        return not self.working

    def _step(self, seconds: float) -> None:
        before, message = self._last, self._clock.take(self._box, seconds)
        if message:
            message()
        self._heard(self._last if self._last is not before else None)

    def _pause(self) -> float:
        planned = self._scheduler.planned().values()
        first = min(planned, default=None)
        if first is None:
            return self._longest_wait
        return min(self._longest_wait, max(0.0, (first - self._clock.now()).total_seconds()))

    def _want(self, reason: str) -> None:
        self._wanted[reason] = None
        self._begin()

    def _begin(self) -> None:
        if self.working or self._stopping or not self._wanted:
            return
        reasons, self._wanted, self.working = tuple(self._wanted), {}, True
        self._scheduler.work(partial(self._work, reasons))

    def _ended(self, found: Next | None) -> None:
        self.call(partial(self._done, found))

    def _done(self, found: Next | None) -> None:
        self.working = False
        in_a_while = self._clock.now() + AFTER_ERROR
        self._last = found or Next(self._last.due, in_a_while)
        for name, when in (("due", self._last.due), ("retry", self._last.retry)):
            self._scheduler.forget(name)
            if when:
                self._scheduler.plan_once(name, when, partial(self._want, name))
        self._begin()

    def _ahead(self) -> float:
        """By how much the wall clock is ahead of the steady one."""
        return self._clock.now().timestamp() - self._clock.steady()

    def _look_at_clock(self) -> None:
        jumped = self._ahead() - self._drift
        if abs(jumped) < JUMP:
            return
        self._drift += jumped
        fields = {"seconds": round(jumped, 1)}
        _LOG.warning("the clock jumped, or the machine slept", extra={"fields": fields})
        self.plan()
        self._scheduler.forget("due")
        self._scheduler.forget("retry")
        self._want("clock")
