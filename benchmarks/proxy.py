"""Between a client and a server on loopback: passes bytes on, until it is told to misbehave."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Literal

__all__ = ["Fault", "Proxy", "proxy"]

Fault = Literal["", "refuses", "stalls", "closes"]


class Proxy:
    """Once `fault` is set, each connection gets `allowed` bytes from the client through, no more.

    "refuses" lets nobody in at all. `hurt` counts the connections that were harmed.
    """

    def __init__(self, behind: int) -> None:
        self._behind = behind
        self.fault: Fault = ""
        self.allowed = 0
        self.hurt = 0
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self._listener.getsockname()[1])

    def run(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(OSError):
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def end(self) -> None:
        self._over.set()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            pass
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        fault = self.fault
        with client:
            if fault == "refuses":
                self.hurt += 1
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                return
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", self._behind), 10) as server,
            ):
                back = threading.Thread(target=_pass, args=(server, client), daemon=True)
                back.start()
                self._forward(client, server, fault)
                back.join(10)

    def _forward(self, client: socket.socket, server: socket.socket, fault: Fault) -> None:
        left = self.allowed if fault else -1
        while data := client.recv(16_384):
            if 0 <= left < len(data):
                server.sendall(data[:left])
                self.hurt += 1
                if fault == "stalls":
                    _ = client.recv(1) and self._over.wait(3)
                for each in (client, server):
                    each.shutdown(socket.SHUT_RDWR)
                return
            left -= len(data) if fault else 0
            server.sendall(data)
        server.shutdown(socket.SHUT_WR)


def _pass(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(16_384):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def proxy(behind: int) -> Iterator[Proxy]:
    """One in front of port `behind`, for as long as the context lasts."""
    made = Proxy(behind)
    thread = threading.Thread(target=made.run, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.end()
        thread.join()
