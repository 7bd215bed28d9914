"""`syndicate serve` beside nginx: the same file, the same load, in turns. Needs wrk and nginx.

    python -m benchmarks.serve [FILE] [--seconds 5] [--rounds 3]

FILE is a feed (output/atom.xml unless named). Printed are requests per second and the 99th
percentile of the answers' times, the best of all rounds for either server, and their ratios.
"""

import argparse
import gzip
import http.client
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

ASKED = {"Accept-Encoding": "gzip"}
LOADS = (("200, gzip", 50, False), ("304", 50, True), ("200, gzip", 1000, False))
NGINX = """
daemon off; master_process off; worker_processes 1; worker_rlimit_nofile 8192;
pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off; include /etc/nginx/mime.types; gzip_static on; sendfile on; etag on;
    open_file_cache max=1000; keepalive_requests 100000000;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    server {{ listen 127.0.0.1:{port} backlog=2048; root {root}; }}
}}
"""


@dataclass(frozen=True)
class Load:
    """Requests per second, the 99th percentile in milliseconds, requests that failed."""

    rate: float
    slow: float
    failed: int


def main() -> None:
    """Measure and print."""
    options = _options()
    with TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        shutil.copy(options.file, root / "atom.xml")
        packed = gzip.compress((root / "atom.xml").read_bytes(), 9, mtime=0)
        (root / "atom.xml.gz").write_bytes(packed)
        Path(folder).chmod(0o755)
        with nginx(Path(folder), root) as theirs, syndicate(Path(folder), root) as ours:
            for name, connections, conditional in LOADS:
                _compare(name, connections, conditional, theirs, ours, options)


def _compare(
    name: str,
    connections: int,
    conditional: bool,
    theirs: int,
    ours: int,
    options: argparse.Namespace,
) -> None:
    found: dict[int, list[Load]] = {theirs: [], ours: []}
    for _ in range(options.rounds):
        for port in (theirs, ours):
            found[port].append(load(port, connections, conditional, options.seconds))
    failed = sum(each.failed for each in found[ours])
    them, us = _best(found[theirs]), _best(found[ours])
    print(
        f"{name:10} {connections:5} connections: nginx {them.rate:8,.0f}/s p99 {them.slow:6.1f} ms;"
        f" syndicate {us.rate:8,.0f}/s p99 {us.slow:6.1f} ms;"
        f" ratio {us.rate / them.rate:.2f}, p99 x{us.slow / them.slow:.1f}; {failed} failed"
    )


def _best(loads: list[Load]) -> Load:
    return Load(max(each.rate for each in loads), min(each.slow for each in loads), 0)


def load(port: int, connections: int, conditional: bool, seconds: int) -> Load:
    """Return what wrk measures with one thread."""
    headers = dict(ASKED)
    if conditional:
        headers["If-None-Match"] = _tag(port)
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in headers.items():
        command += ["-H", f"{name}: {value}"]
    command.append(f"http://127.0.0.1:{port}/atom.xml")
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    errors = re.findall(
        r"(?:connect|read|write|timeout) (\d+)|Non-2xx or 3xx responses: (\d+)", said
    )
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    assert rate, said
    assert slow, said
    unit = {"us": 0.001, "ms": 1.0, "s": 1000.0}[slow[2]]
    failed = sum(int(a or b) for a, b in errors)
    return Load(float(rate[1]), float(slow[1]) * unit, failed)


def _tag(port: int) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/atom.xml", headers=ASKED)
    with connection.getresponse() as answer:
        answer.read()
        tag = answer.headers["ETag"]
    connection.close()
    return str(tag)


@contextmanager
def nginx(folder: Path, root: Path) -> Iterator[int]:
    """One worker of nginx on a free port."""
    port = _free_port()
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, root=root, port=port), encoding="utf-8")
    with _running([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(config)], port):
        yield port


@contextmanager
def syndicate(folder: Path, root: Path) -> Iterator[int]:
    """Our server on a free port."""
    port = _free_port()
    command = [sys.executable, "-m", "benchmarks.serve", "--only-serve", str(port),
               "--state", str(folder / "state"), str(root)]  # fmt: skip
    with _running(command, port):
        yield port


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    with TemporaryFile() as log, subprocess.Popen(command, stderr=log) as process:
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.1)
            yield
        finally:
            process.terminate()
            process.wait(timeout=20)
            log.seek(0)
            sys.stderr.write(log.read(3_000).decode(errors="replace"))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _serve(root: Path, state: Path, port: int) -> None:
    from syndicate.config.schema import ServeConfig
    from syndicate.serve.folder import Folder
    from syndicate.serve.server import FolderServer, listen

    with listen("127.0.0.1", port) as opened:
        FolderServer(Folder(root, state, ServeConfig())).run(sockets=[opened])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=Path("output/atom.xml"))
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only-serve", type=int, metavar="PORT")
    parser.add_argument("--state", type=Path)
    return parser.parse_args()


if __name__ == "__main__":
    given = _options()
    if given.only_serve:
        _serve(given.file, given.state, given.only_serve)
    else:
        main()
