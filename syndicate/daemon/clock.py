"""The clock that the daemon goes by. A test hands in another, and a day passes in no time."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Protocol

__all__ = ["Clock", "Mailbox", "Message", "SystemClock"]

Message = Callable[[], None]
"""What the daemon's own thread is asked to do."""
Mailbox = SimpleQueue[Message]
"""Messages may be put in from any thread, and from a signal handler: it never waits for a lock."""


class Clock(Protocol):
    """Tells the time, and waits for a message."""

    def now(self) -> datetime:
        """The wall clock, in UTC: people set it, and it goes on while the machine sleeps."""
        ...

    def steady(self) -> float:
        """Seconds that nobody sets. They may stand still while the machine sleeps."""
        ...

    def take(self, box: Mailbox, seconds: float) -> Message | None:
        """The next message; None where none came within `seconds`."""
        ...


class SystemClock:
    """The machine's own."""

    def now(self) -> datetime:
        """The wall clock, in UTC."""
        return datetime.now(UTC)

    def steady(self) -> float:
        """Seconds that nobody sets."""
        return time.monotonic()

    def take(self, box: Mailbox, seconds: float) -> Message | None:
        """The next message; None where none came within `seconds`."""
        try:
            return box.get(timeout=max(0.0, seconds))
        except Empty:
            return None
