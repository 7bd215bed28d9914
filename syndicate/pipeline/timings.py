"""Measure the seconds and the items of each stage of a build."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

from syndicate.model import Timing

__all__ = ["UNTIMED", "Stopwatch", "Timer"]

Count = Callable[[int], None]
Timer = Callable[[str], AbstractContextManager[Count]]
"""``with timer("read") as count: ...; count(items)``. Stages may be entered again and nest."""


def _untimed(_stage: str) -> AbstractContextManager[Count]:
    return nullcontext(lambda _: None)


UNTIMED: Timer = _untimed
"""Measures nothing."""


class Stopwatch:
    """Times stages; while a stage is entered within another, the outer one's time stands still."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}
        self._items: dict[str, int] = {}
        self._open: list[str] = []
        self._since = time.perf_counter()

    @contextmanager
    def __call__(self, stage: str) -> Iterator[Count]:
        """Time what is done within."""
        self._lap()
        self._seconds.setdefault(stage, 0.0)
        self._open.append(stage)
        try:
            yield lambda items: self._items.update({stage: self._items.get(stage, 0) + items})
        finally:
            self._lap()
            self._open.pop()

    def timings(self) -> tuple[Timing, ...]:
        """Each stage in the order in which it was first entered."""
        return tuple(
            Timing(stage, seconds, self._items.get(stage, 0))
            for stage, seconds in self._seconds.items()
        )

    def _lap(self) -> None:
        now = time.perf_counter()
        if self._open:
            self._seconds[self._open[-1]] += now - self._since
        self._since = now
