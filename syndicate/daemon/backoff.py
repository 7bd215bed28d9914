"""Who has failed is left alone for a while, each time for longer."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from msgspec import Struct

__all__ = ["Rest", "Rests"]

FIRST, LONGEST, LASTING = 2.0, 300.0, 900.0
"""Seconds: after the first failure, after many, and after one that will not pass by itself."""
MOST = 86_400.0
"""Seconds that anybody may ask to be left alone for."""


class Rest(Struct, frozen=True):
    """`failures` in a row; left alone for `seconds` from `since` on."""

    failures: int
    since: datetime
    seconds: float

    @property
    def until(self) -> datetime:
        """When to try again."""
        return self.since + timedelta(seconds=self.seconds)

    def left(self, now: datetime) -> float:
        """Seconds that are left; none where the clock was set back since."""
        return (self.until - now).total_seconds() if now >= self.since else 0.0


class Rests:
    """Of any number of others, by their names."""

    def __init__(self) -> None:
        self._rests: dict[str, Rest] = {}

    def failed(
        self, name: str, now: datetime, *, transient: bool, retry_after: float | None = None
    ) -> None:
        """`name` failed `now`: it rests, not shorter than it asked for."""
        before = self._rests.get(name)
        failures = before.failures + 1 if before else 1
        wait = min(LONGEST, FIRST * 2.0 ** min(failures - 1, 20)) if transient else LASTING
        asked = min(MOST, retry_after or 0.0)
        self._rests[name] = Rest(failures, now, max(wait, asked))

    def worked(self, name: str) -> None:
        """`name` did what it should."""
        self._rests.pop(name, None)

    def keep(self, names: Iterable[str]) -> None:
        """Forget all but `names`."""
        known = set(names)
        self._rests = {name: rest for name, rest in self._rests.items() if name in known}

    def forget(self) -> None:
        """Let everybody be tried at once."""
        self._rests.clear()

    def of(self, name: str) -> Rest | None:
        """The rest of `name`, over or not; None where it did not fail."""
        return self._rests.get(name)

    def resting(self, now: datetime) -> dict[str, float]:
        """Who is to be left alone, and for how many seconds."""
        left = {name: rest.left(now) for name, rest in self._rests.items()}
        return {name: seconds for name, seconds in left.items() if seconds > 0}

    def next(self, now: datetime, skipped: Collection[str]) -> datetime | None:
        """When the first rest is over: of those who rest `now`, and who were `skipped` as they did.

        Who was free to be tried and was not, waits for others, and is tried when they are.
        """
        waits = (
            rest.until
            for name, rest in self._rests.items()
            if name in skipped or rest.left(now) > 0
        )
        return min(waits, default=None)
