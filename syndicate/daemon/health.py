"""HTTP server for the daemon's status: its page, /healthz, /status and /metrics. Read-only.

Host names that an attacker's DNS could point here are rejected, so that no web page can read the
status through a browser. The number of clients and the time of each are bounded.
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
from syndicate.pages.theme import ThemeSource, plain_theme
from syndicate.serve.address import unusable_address

__all__ = ["StatusServer", "diagnosis", "status_server"]

AT_ONCE = 16
TIMEOUT = 5.0
LONGEST_RUN = 1_800.0
"""Seconds after which a run (build and publishing) counts as hanging."""
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:]+)(?::\d+)?")
Health = Callable[[], tuple[Status, str]]
"""Return the status and its `diagnosis`."""


def diagnosis(status: Status, quiet_for: float, busy_for: float = 0.0) -> str:
    """Return what is wrong with the daemon, or an empty string if nothing is.

    `quiet_for` is the number of seconds since the last step of the loop, `busy_for` the number of
    seconds since the run under way began.
    """
    if busy_for > LONGEST_RUN:
        return f"a build has been running for {busy_for / 60:.0f} minutes"
    if quiet_for > 30:
        return f"the daemon has not responded for {quiet_for:.0f} seconds"
    if not status.builds:
        return "no build has finished yet"
    return f"the last build failed: {status.builds[0].failed}" if status.builds[0].failed else ""


class StatusServer(ThreadingHTTPServer):
    """Listening socket and request handling; `serve_forever` starts to answer."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self, host: str, port: int, health: Health, theme: ThemeSource = plain_theme
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.host, self.health, self.theme = host, health, theme
        self._free = threading.BoundedSemaphore(AT_ONCE)
        try:
            super().__init__((host, port), _Handler)
        except OSError as error:
            raise unusable_address("daemon", host, port, error) from error

    @property
    def url(self) -> str:
        """Return the address of the status page."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.server_port}/"

    def server_bind(self) -> None:
        """Bind the socket without the name server lookup of the standard library."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = self.host, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread; close the connection if all threads are busy."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Answer, then free the thread's place."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that close the connection early."""

    def accepts_host(self, host: str) -> bool:
        """Return whether the header Host holds an address, a name without a dot or our own name.

        Other names may be pointed at this server by anybody (DNS rebinding).
        """
        match = _HOST.fullmatch(host.lower())
        if not match:
            return False
        name = match[1]
        try:
            return bool(ip_address(name.strip("[]")))
        except ValueError:
            return "." not in name or name == self.host.lower()


@contextmanager
def status_server(
    host: str, port: int, health: Health, theme: ThemeSource = plain_theme
) -> Iterator[StatusServer]:
    """Serve the status until the context ends. Raises ConfigError if the address is in use."""
    with StatusServer(host, port, health, theme) as server:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    server: StatusServer
    timeout = TIMEOUT
    server_version, sys_version = "syndicate", ""

    def do_GET(self) -> None:
        """Answer one of the four paths; 404 for any other."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) > 1 or (not hosts and self.request_version == "HTTP/1.1"):  # RFC 9112 3.2
            self._reply(400, "text/plain", b"Exactly one Host header is required.\n")
            return
        if hosts and not self.server.accepts_host(hosts[0]):
            self._reply(421, "text/plain", b"This host name is not served here.\n")
            return
        status, wrong = self.server.health()
        path = self.path.partition("?")[0]
        if path == "/":
            self._reply(200, "text/html", page(status, wrong, self.server.theme))
        elif path == "/healthz":
            self._reply(503 if wrong else 200, "text/plain", f"{wrong or 'ok'}\n".encode())
        elif path == "/status":
            self._reply(200, "application/json", msgspec.json.encode(status))
        elif path == "/metrics":
            self._reply(200, "text/plain; version=0.0.4", metrics(status).encode())
        else:
            self._reply(404, "text/plain", b"Not found. Try /, /healthz, /status or /metrics.\n")

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
        """Log no requests."""
