"""Small HTTP proxy between a client and a real server, which injects faults."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Between(ThreadingHTTPServer):
    """Passes requests on to `port`; `fault` says for the n-th request (from 1) what goes wrong.

    A fault is "" (none), "stall", "close", or a status such as "503".
    """

    daemon_threads = True

    def __init__(self, port: int, fault: Callable[[int], str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = port
        self.fault = fault
        self.count = 0
        self.seen: list[str] = []
        self.lock = threading.Lock()
        self.ended = threading.Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: Any) -> None:
        """Print nothing about clients that disconnect."""

    def next_fault(self, line: str) -> str:
        with self.lock:
            self.count += 1
            self.seen.append(line)
            return self.fault(self.count)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Between

    def handle_any(self) -> None:
        fault = self.server.next_fault(f"{self.command} {self.path}")
        length = int(self.headers.get("Content-Length", 0))
        if fault in ("stall", "close"):
            self.rfile.read(length // 2)
            if fault == "stall":
                self.server.ended.wait(20)
            self.connection.shutdown(socket.SHUT_RDWR)
            self.close_connection = True
            return
        body = self.rfile.read(length)
        if fault:
            self._answer(int(fault), [("Content-Length", "0"), ("Retry-After", "1")], b"")
        else:
            self._answer(*self._pass_on(body))

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any  # noqa: N815

    def _pass_on(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        with contextlib.closing(HTTPConnection("127.0.0.1", self.server.behind)) as behind:
            behind.request(self.command, self.path, body, dict(self.headers))
            answer = behind.getresponse()
            return answer.status, answer.getheaders(), answer.read()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in ("connection", "transfer-encoding"):
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@contextlib.contextmanager
def between(port: int, fault: Callable[[int], str]) -> Iterator[Between]:
    """Run the proxy until the context ends."""
    server = Between(port, fault)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def free_port() -> int:
    """Return a port on which no server listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
