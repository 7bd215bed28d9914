"""Work that many wait for, done once."""

import asyncio
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

__all__ = ["Once"]

Result = TypeVar("Result")


class Once:
    """Runs functions in threads; whoever asks for one that is running gets its result."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    async def __call__(self, key: Hashable, work: Callable[[], Result]) -> Result:
        """What `work` returns, or raises. `key` tells one work from another."""
        if (task := self._running.get(key)) is None:
            task = asyncio.create_task(asyncio.to_thread(work))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        found: Result = await asyncio.shield(task)  # one who leaves stops it for nobody else
        return found
