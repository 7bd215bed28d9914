"""A clock that a test moves: days pass in no time, and nothing waits."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from queue import Empty

from apscheduler.executors.debug import DebugExecutor

from syndicate.config.schema import ScheduleConfig
from syndicate.daemon.clock import Mailbox, Message
from syndicate.daemon.loop import Loop, Next
from syndicate.daemon.triggers import triggers_of


class SimulatedClock:
    """Stands still but while somebody waits for a message; then what the test planned happens."""

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
        """Let time pass, as it does while something is done."""
        self._now += timedelta(seconds=max(0.0, seconds))
        self._steady += max(0.0, seconds)

    def jump(self, seconds: float) -> None:
        """Set the wall clock, or let the machine sleep."""
        self._now += timedelta(seconds=seconds)

    def at(self, when: datetime, what: Message) -> None:
        """Plan what happens to the machine."""
        self._planned.append((when.astimezone(UTC), what))
        self._planned.sort(key=lambda pair: pair[0])


class Day:
    """A loop in simulated time, and the builds that it made: when, and why."""

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
        schedule = schedule or ScheduleConfig()
        self.loop = Loop(
            self.clock,
            self._work,
            lambda now: triggers_of(schedule, timezone, now),
            DebugExecutor(),
            longest_wait=looks,
        )

    def run(self, **length: float) -> list[tuple[datetime, tuple[str, ...]]]:
        """Let so much time pass (as timedelta has it)."""
        self.clock.at(self.clock.now() + timedelta(**length), self.loop.stop)
        self.loop.plan()
        self.loop.run()
        assert self.loop.finish(10)
        return self.builds

    def _work(self, reasons: tuple[str, ...]) -> Next:
        self.builds.append((self.clock.now(), reasons))
        found = self._does(reasons)
        self.clock.work(self._takes)
        return found
