"""Clock of the daemon. Tests replace it with a simulated clock."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Protocol

__all__ = ["Clock", "Mailbox", "Message", "SystemClock"]

Message = Callable[[], None]
"""Function that the daemon's own thread will call."""
Mailbox = SimpleQueue[Message]
"""Queue of messages. `put` is safe in any thread and in a signal handler: it takes no lock."""


class Clock(Protocol):
    """Wall clock, monotonic clock, and waiting for a message."""

    def now(self) -> datetime:
        """Return the wall clock's time in UTC. It may be set, and runs while the machine sleeps."""
        ...

    def steady(self) -> float:
        """Return monotonic seconds. They may stand still while the machine sleeps."""
        ...

    def take(self, box: Mailbox, seconds: float) -> Message | None:
        """Return the next message, or None if none arrives within `seconds`."""
        ...


class SystemClock:
    """Clock of the machine."""

    def now(self) -> datetime:
        """Return the wall clock's time in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def take(self, box: Mailbox, seconds: float) -> Message | None:
        """Return the next message, or None if none arrives within `seconds`."""
        try:
            return box.get(timeout=max(0.0, seconds))
        except Empty:
            return None
