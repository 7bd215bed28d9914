"""Simulated clock and loop: a test lets days pass at once, and nothing waits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from queue import Empty

from apscheduler.executors.debug import DebugExecutor

from syndicate.config.schema import ScheduleConfig
from syndicate.daemon.clock import Mailbox, Message
from syndicate.daemon.loop import Loop, Next


class SimulatedClock:
    """Moves only while the loop waits for a message, and delivers what the test planned."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)
        self._steady = 1_000.0
        self._planned: list[tuple[datetime, Message]] = []

    def now(self) -> datetime:
        return self._now

    def steady(self) -> float:
        return self._steady

    def take(self, box: Mailbox, seconds: float) -> Message | None:
        if self._planned and self._planned[0][0] <= self._now:
            return self._planned.pop(0)[1]
        try:
            return box.get_nowait()
        except Empty:
            pass
        until = self._now + timedelta(seconds=seconds)
        if self._planned and self._planned[0][0] <= until:
            when, message = self._planned.pop(0)
            self.work((when - self._now).total_seconds())
            return message
        self.work(seconds)
        return None

    def work(self, seconds: float) -> None:
        """Let both clocks advance, as during a build."""
        self._now += timedelta(seconds=max(0.0, seconds))
        self._steady += max(0.0, seconds)

    def jump(self, seconds: float) -> None:
        """Move the wall clock alone, as after a sleep."""
        self._now += timedelta(seconds=seconds)

    def at(self, when: datetime, what: Message) -> None:
        """Call `what` at the simulated time `when`."""
        self._planned.append((when.astimezone(UTC), what))
        self._planned.sort(key=lambda pair: pair[0])


class Day:
    """Loop in simulated time. Records the time and the reasons of each build."""

    def __init__(
        self,
        start: datetime,
        schedule: ScheduleConfig | None = None,
        timezone: str = "UTC",
        takes: float = 0.0,
        work: Callable[[tuple[str, ...]], Next] | None = None,
        looks: float = 60.0,
    ) -> None:
        self.clock = SimulatedClock(start)
        self.builds: list[tuple[datetime, tuple[str, ...]]] = []
        self._takes, self._does = takes, work or (lambda _: Next())
        self._schedule, self._timezone = schedule or ScheduleConfig(), timezone
        self.loop = Loop(self.clock, self._work, DebugExecutor(), looks)

    def run(self, **length: float) -> list[tuple[datetime, tuple[str, ...]]]:
        """Let the time of a timedelta pass, and return the builds."""
        self.clock.at(self.clock.now() + timedelta(**length), self.loop.stop)
        self.loop.plan(self._schedule, self._timezone)
        while not self.loop.stopping:
            self.loop.step()
        self.loop.finish(10)
        assert not self.loop.working
        return self.builds

    def _work(self, reasons: tuple[str, ...]) -> Next:
        self.builds.append((self.clock.now(), reasons))
        found = self._does(reasons)
        self.clock.work(self._takes)
        return found
