"""Exponential back-off after failures of the build, of targets and of hubs."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from msgspec import Struct

__all__ = ["Backoff", "Backoffs"]

FIRST, LONGEST, LASTING = 2.0, 300.0, 900.0
"""Seconds to wait after the first failure, after many, and after a failure that needs a cure."""
MOST = 86_400.0
"""Longest Retry-After that is honoured, in seconds."""


class Backoff(Struct, frozen=True):
    """State after `failures` in a row: wait `seconds`, counted from `since`."""

    failures: int
    since: datetime
    seconds: float

    @property
    def until(self) -> datetime:
        """Return the time of the next attempt."""
        return self.since + timedelta(seconds=self.seconds)

    def left(self, now: datetime) -> float:
        """Return the seconds still to wait; 0 if the clock was set back before `since`."""
        return (self.until - now).total_seconds() if now >= self.since else 0.0


class Backoffs:
    """Back-off state of the build, of each target and of each hub, by name."""

    def __init__(self) -> None:
        self._backoffs: dict[str, Backoff] = {}

    def failed(
        self, name: str, now: datetime, *, transient: bool, retry_after: float | None = None
    ) -> None:
        """Record a failure of `name` at `now`; wait at least `retry_after` seconds."""
        before = self._backoffs.get(name)
        failures = before.failures + 1 if before else 1
        wait = min(LONGEST, FIRST * 2.0 ** min(failures - 1, 20)) if transient else LASTING
        self._backoffs[name] = Backoff(failures, now, max(wait, min(MOST, retry_after or 0.0)))

    def succeeded(self, name: str) -> None:
        """Record a success of `name`, which ends its back-off."""
        self._backoffs.pop(name, None)

    def keep(self, names: Iterable[str]) -> None:
        """Delete the state of all names but `names`."""
        kept = set(names)
        self._backoffs = {key: value for key, value in self._backoffs.items() if key in kept}

    def reset(self) -> None:
        """Delete the state of all names, so that everything is tried at once."""
        self._backoffs.clear()

    def get(self, name: str) -> Backoff | None:
        """Return the state of `name`, even if its wait is over; None after a success."""
        return self._backoffs.get(name)

    def waiting(self, now: datetime) -> dict[str, float]:
        """Return the names that may not be tried at `now`, with the seconds still to wait."""
        left = {name: backoff.left(now) for name, backoff in self._backoffs.items()}
        return {name: seconds for name, seconds in left.items() if seconds > 0}

    def next(self, now: datetime, skipped: Collection[str]) -> datetime | None:
        """Return when to retry first, considering names that wait `now` or were `skipped`.

        A name that could have been tried but was not depends on another name, and is tried
        together with it.
        """
        ends = (
            backoff.until
            for name, backoff in self._backoffs.items()
            if name in skipped or backoff.left(now) > 0
        )
        return min(ends, default=None)
