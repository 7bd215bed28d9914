"""Event loop of the daemon: takes messages, watches the clock, runs one build after the other.

Any thread may call `want` to request a build. Requests that arrive during a build lead to exactly
one more build afterwards.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from queue import SimpleQueue

from apscheduler.executors.base import BaseExecutor
from msgspec import Struct

from syndicate.config.schema import ScheduleConfig
from syndicate.daemon.clock import Clock, Mailbox, Message
from syndicate.daemon.scheduler import Scheduler
from syndicate.daemon.triggers import triggers_of

__all__ = ["Loop", "Next"]

_LOG = logging.getLogger("syndicate.daemon")
LONGEST_WAIT = 1.0
"""Seconds between two looks at the wall clock, which may be set or jump after a sleep."""
JUMP = 2.0
"""Seconds by which wall clock and monotonic clock must differ for a jump."""
AFTER_ERROR = timedelta(minutes=1)
"""Time until the retry after an unexpected exception."""
_SHORT = 0.05


class Next(Struct, frozen=True):
    """Times of the next builds: `due` for a post that falls due, `retry` after a failure."""

    due: datetime | None = None
    retry: datetime | None = None


class Loop:
    """Runs `work` in `executor` on request, on schedule, and at the times that `work` returns.

    `work` receives the reasons. All methods but `want` and `call` belong to one thread.
    """

    def __init__(
        self,
        clock: Clock,
        work: Callable[[tuple[str, ...]], Next],
        executor: BaseExecutor,
        longest_wait: float = LONGEST_WAIT,
    ) -> None:
        self._clock, self._work, self._longest_wait = clock, work, longest_wait
        self._box: Mailbox = SimpleQueue()
        self._scheduler = Scheduler(clock, executor, self._ended)
        self._schedule, self._timezone = ScheduleConfig(), "UTC"
        self._wanted: dict[str, None] = {}
        self._last = Next()
        self._drift = self._ahead()
        self.stopping = False
        self.working = False
        """True while a build runs."""

    def want(self, reason: str) -> None:
        """Request a build; its log line names the `reason`. Safe in any thread."""
        self.call(partial(self._want, reason))

    def call(self, message: Message) -> None:
        """Call `message` in the loop's thread. Safe in any thread and in a signal handler."""
        self._box.put(message)

    def stop(self) -> None:
        """Begin no more builds."""
        self.stopping = True

    def plan(self, schedule: ScheduleConfig, timezone: str) -> None:
        """Replace the schedule. Raises ConfigError and keeps the old one if it is invalid."""
        triggers = triggers_of(schedule, timezone, self._clock.now())
        self._schedule, self._timezone = schedule, timezone
        for name in ("every", "cron"):
            self._scheduler.forget(name)
        for name, trigger in triggers.items():
            self._scheduler.plan(name, trigger, partial(self._want, name))

    def planned(self) -> dict[str, datetime]:
        """Return the time of each planned build by its reason."""
        return self._scheduler.planned()

    def step(self) -> Next | None:
        """Start the builds that are due, then wait for one message and handle it.

        Return the result of a build that has ended (a bare `Next` if it raised), else None.
        """
        if not self._scheduler.running:
            self._scheduler.start()
        self._look_at_clock()
        self._scheduler.process()
        return self._take_message(self._pause())

    def finish(self, seconds: float) -> Next | None:
        """Wait up to `seconds` for the build under way, and return its result.

        `working` stays true if the build has not ended.
        """
        end, result = self._clock.steady() + seconds, None
        while self.working and self._clock.steady() < end:
            result = self._take_message(_SHORT)
        if not self.working and self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        return result

    def _take_message(self, seconds: float) -> Next | None:
        before, message = self._last, self._clock.take(self._box, seconds)
        if message:
            message()
        return self._last if self._last is not before else None

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
        if self.working or self.stopping or not self._wanted:
            return
        reasons, self._wanted, self.working = tuple(self._wanted), {}, True
        self._scheduler.work(partial(self._work, reasons))

    def _ended(self, result: Next | None) -> None:
        self.call(partial(self._done, result))

    def _done(self, result: Next | None) -> None:
        self.working = False
        in_a_while = self._clock.now() + AFTER_ERROR
        self._last = result or Next(self._last.due, in_a_while)
        for name, when in (("due", self._last.due), ("retry", self._last.retry)):
            self._scheduler.forget(name)
            if when:
                self._scheduler.plan_once(name, when, partial(self._want, name))
        self._begin()

    def _ahead(self) -> float:
        """Return the difference of wall clock and monotonic clock in seconds."""
        return self._clock.now().timestamp() - self._clock.steady()

    def _look_at_clock(self) -> None:
        jumped = self._ahead() - self._drift
        if abs(jumped) < JUMP:
            return
        self._drift += jumped
        fields = {"seconds": round(jumped, 1)}
        _LOG.warning("the clock jumped, or the machine slept", extra={"fields": fields})
        self.plan(self._schedule, self._timezone)
        self._scheduler.forget("due")
        self._scheduler.forget("retry")
        self._want("clock")
