"""Single execution of work that several requests need at the same time."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

__all__ = ["SharedWork"]

Result = TypeVar("Result")


class SharedWork:
    """Runs functions in threads. Concurrent calls with the same key share one result."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    async def __call__(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """Return the result of `work`, or raise its exception. `key` identifies the work."""
        if (task := self._running.get(key)) is None:
            task = asyncio.create_task(asyncio.to_thread(work))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        result: Result = await asyncio.shield(task)  # a cancelled caller must not stop the others
        return result
