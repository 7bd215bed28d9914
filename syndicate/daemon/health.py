"""Answers about the daemon by HTTP: its page, /healthz, /status, /metrics. It can only be read.

A web page cannot make a browser read it (names that could be anybody's are refused as Host), and
no more than a few clients are served at once, none for long.
"""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from socketserver import TCPServer
from typing import Any

import msgspec

from syndicate.daemon.metrics import metrics
from syndicate.daemon.page import page, policy
from syndicate.daemon.status import Status
from syndicate.errors import ConfigError

__all__ = ["Answering", "answering", "illness"]

AT_ONCE = 16
TIMEOUT = 5.0
LONGEST_RUN = 1_800.0
"""Seconds after which a build and what comes after it is taken to hang."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:]+)(?::\d+)?")
Health = Callable[[], tuple[Status, str]]
"""What there is to tell, and what is wrong, empty where nothing is."""


def illness(status: Status, quiet_for: float, busy_for: float = 0.0) -> str:
    """What is wrong, if anything.

    The loop has not gone round for `quiet_for` seconds, and a run is under way for `busy_for`.
    """
    if busy_for > LONGEST_RUN:
        return f"a run is under way for {busy_for / 60:.0f} minutes"
    if quiet_for > 30:
        return f"no sign of life for {quiet_for:.0f} seconds"
    if not status.builds:
        return "no build has ended yet"
    return f"the last build failed: {status.builds[0].failed}" if status.builds[0].failed else ""


class Answering(ThreadingHTTPServer):
    """The server, listening but not yet answering."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, host: str, port: int, health: Health) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.host, self.health = host, health
        self._free = threading.BoundedSemaphore(AT_ONCE)
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            what = f"cannot be listened at ({error.strerror})"
            cure = "set another port, or stop the program that has it"
            raise ConfigError(f"[daemon] {host}:{port}", what, cure) from error

    @property
    def url(self) -> str:
        """Where it answers."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.server_port}/"

    def server_bind(self) -> None:
        """Without asking a name server what this machine is called."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread, if there is one to spare."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, and let others."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that leave early are no news."""

    def is_for_us(self, host: str) -> bool:
        """Whether a client may call us so. Names with a dot may be made to lead here by anybody."""
        found = _HOST.fullmatch(host.lower())
        if not found:
            return False
        name = found[1]
        try:
            return bool(ip_address(name.strip("[]")))
        except ValueError:
            return "." not in name or name == self.host.lower()


@contextmanager
def answering(host: str, port: int, health: Health) -> Iterator[Answering]:
    """Answer until the context ends. Raises ConfigError where the address cannot be had."""
    with Answering(host, port, health) as server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: Answering
    timeout = TIMEOUT
    server_version, sys_version = "syndicate", ""

    def do_GET(self) -> None:
        """One of four, or 404."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) > 1 or (not hosts and self.request_version == "HTTP/1.1"):  # RFC 9112 3.2
            self._reply(400, "text/plain", b"One Host is wanted.\n")
            return
        if hosts and not self.server.is_for_us(hosts[0]):
            self._reply(421, "text/plain", b"Not the name of this server.\n")
            return
        status, ill = self.server.health()
        path = self.path.partition("?")[0]
        if path == "/":
            self._reply(200, "text/html", page(status, ill))
        elif path == "/healthz":
            self._reply(503 if ill else 200, "text/plain", f"{ill or 'ok'}\n".encode())
        elif path == "/status":
            self._reply(200, "application/json", msgspec.json.encode(status))
        elif path == "/metrics":
            self._reply(200, "text/plain; version=0.0.4", metrics(status).encode())
        else:
            self._reply(404, "text/plain", b"There are /, /healthz, /status and /metrics.\n")

    do_HEAD = do_GET  # noqa: N815  the standard library's name

    def _reply(self, code: int, kind: str, body: bytes) -> None:
        charset = "" if "json" in kind else "; charset=utf-8"
        self.send_response(code)
        self.send_header("Content-Type", kind + charset)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        if kind == "text/html":
            self.send_header("Content-Security-Policy", policy())
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nobody wants a line for each look."""
