"""Test blog, and a daemon in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-W", "error", "-m", "syndicate")
PATIENCE = 30.0
"""Seconds after which a test fails; the awaited event comes long before."""

CONFIG = """\
[site]
title = "Tea"
url = "https://blog.example.org"
[daemon]
port = 0
[[publish]]
name = "web"
kind = "folder"
path = "../web"
"""
POST = "---\ntitle: {title}\ndate: {date:%Y-%m-%d %H:%M:%S +0000}\n---\n{text}\n"


class Blog:
    """Blog of one post, published to a folder beside it."""

    def __init__(self, folder: Path, more: str = "", config: str = CONFIG) -> None:
        self.folder = folder / "blog"
        self.folder.mkdir()
        self.web = folder / "web"
        self.configure(config + more)
        self.write("tea.md", "Green")

    def configure(self, text: str) -> None:
        (self.folder / "config.toml").write_text(text, encoding="utf-8")

    def write(self, name: str, title: str, date: datetime | None = None, text: str = "x") -> Path:
        date = date or datetime(2026, 1, 1, tzinfo=UTC)
        path = self.folder / name
        path.write_text(POST.format(title=title, date=date, text=text), encoding="utf-8")
        return path

    def shows(self, words: str) -> bool:
        """Return whether the published Atom feed contains `words`."""
        try:
            return words in (self.web / "atom.xml").read_text(encoding="utf-8")
        except FileNotFoundError:
            return False

    def status(self) -> dict[str, Any]:
        try:
            data = (self.folder / ".syndicate/status.json").read_bytes()
        except FileNotFoundError:
            return {"state": "", "builds": []}
        found: dict[str, Any] = json.loads(data)
        return found


class Daemon:
    """Running daemon and its log lines."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.lines.append(line)

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def says(self, pattern: str) -> bool:
        return bool(re.search(pattern, self.log))

    @property
    def address(self) -> str:
        """Return the address of the status server."""
        until(lambda: self.says(r"answers=http\S+"), self)
        found = re.findall(r"answers=(http\S+)/", self.log)
        return str(found[-1])

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self) -> int:
        """Send SIGTERM and return the exit code."""
        self.signal(signal.SIGTERM)
        return self.ended()

    def ended(self) -> int:
        code = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr
        self.process.stderr.close()
        return code


@contextmanager
def daemon(blog: Blog, *options: str, **environ: str) -> Iterator[Daemon]:
    """Run a daemon until the context ends."""
    process = subprocess.Popen(
        [*COMMAND, "daemon", str(blog.folder), *options],
        cwd=ROOT,
        env={**os.environ, **environ},
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    running = Daemon(process)
    try:
        yield running
    finally:
        if process.poll() is None:
            process.terminate()
        running.ended()


def run(*arguments: object, **environ: str) -> "subprocess.CompletedProcess[str]":
    """Run another command of the program to its end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environ},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def until(holds: Callable[[], Any], running: Daemon | None = None) -> None:
    """Wait until `holds` returns a true value."""
    end = time.monotonic() + PATIENCE
    while not holds():
        log = f"; the daemon logged:\n{running.log}" if running else ""
        assert time.monotonic() < end, f"timed out{log}"
        assert running is None or running.process.poll() is None, f"the daemon ended{log}"
        time.sleep(0.01)
