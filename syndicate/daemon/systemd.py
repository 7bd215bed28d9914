"""What systemd is told by a service of ``Type=notify``: sd_notify(3), without its library."""

import os
import socket
import time
from collections.abc import Mapping

__all__ = ["Notifier"]


class Notifier:
    """Says nothing where nobody listens."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        self._every = _watchdog(environ)
        self._barked = 0.0

    def ready(self, status: str) -> None:
        """Started, or reloaded."""
        self._send("READY=1", f"STATUS={status}")

    def reloading(self) -> None:
        """About to read the configuration anew."""
        if not self._address:
            return
        usec = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1_000
        self._send("RELOADING=1", f"MONOTONIC_USEC={usec}")

    def status(self, status: str) -> None:
        """A line for ``systemctl status``."""
        self._send(f"STATUS={status}")

    def stopping(self) -> None:
        """About to end."""
        self._send("STOPPING=1")

    def alive(self, steady: float) -> None:
        """To be called often: tells the watchdog, where there is one, as often as it needs."""
        if self._every and steady - self._barked >= self._every:
            self._barked = steady
            self._send("WATCHDOG=1")

    def _send(self, *lines: str) -> None:
        if not self._address:
            return
        plain = (line.replace("\n", " ") for line in lines)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to:
                to.settimeout(1)
                to.sendto("\n".join(plain).encode(), self._address)
        except OSError:
            return  # it restarts us where it misses this; there is nobody else to tell


def _watchdog(environ: Mapping[str, str]) -> float:
    """Seconds between two signs of life: half of what is allowed. 0 where none is wanted."""
    usec, pid = environ.get("WATCHDOG_USEC", ""), environ.get("WATCHDOG_PID", "")
    if not usec.isdigit() or (pid and pid != str(os.getpid())):
        return 0.0
    return int(usec) / 2_000_000
