"""Preview of a small blog, started by the command on a free port."""

import http.client
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra [serve] is not installed")
pytest.importorskip("watchfiles", reason="watchfiles is not installed")

SITE = "https://example.org/blog"
STREAM = "text/event-stream"
POSTS = {
    "_posts/2024-05-01-one.md": "title: One\ncategory: Tea",
    "_posts/2024-05-02-two.md": "title: Two: and more\ncategory: Soup",
    "_posts/2099-01-01-later.md": "title: Later",
    "_drafts/2024-06-01-unripe.md": "title: Unripe",
    "_posts/2024-05-03-broken.md": "date: 2024-02-31",
}


class Preview:
    """Running preview and its blog."""

    def __init__(self, blog: Path, port: int, running: "subprocess.Popen[str]") -> None:
        self.blog, self.port, self.running = blog, port, running

    @property
    def url(self) -> str:
        """Return the address with a final slash."""
        return f"http://127.0.0.1:{self.port}/"

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return status and text."""
        status, _, text = self.ask(path, **headers)
        return status, text

    def ask(self, path: str, **headers: str) -> tuple[int, dict[str, str], str]:
        """Return status, headers by their names in lower case, and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=named)
            answer = connection.getresponse()
            shown = {name.lower(): value for name, value in answer.getheaders()}
            text = b"" if shown.get("content-type", "").startswith(STREAM) else answer.read()
            return answer.status, shown, text.decode("utf-8", "replace")
        finally:
            connection.close()

    def until(self, told: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Return the first state for which `told` returns true."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/-preview/events")
            answer = connection.getresponse()
            while line := answer.readline():
                if line.startswith(b"data: "):
                    state: dict[str, Any] = json.loads(line[6:])
                    if told(state):
                        return state
        finally:
            connection.close()
        raise AssertionError("the preview has ended")

    def built(self) -> dict[str, Any]:
        """Return the state after a build."""
        return self.until(lambda state: not state["building"])

    def after(self, save: Callable[[], object]) -> dict[str, Any]:
        """Return the state of the first build that ends after calling `save`."""
        saved: list[object] = []

        def is_next(state: dict[str, Any]) -> bool:
            if not saved:
                saved.append(save())
                return False
            return not state["building"]

        return self.until(is_next)

    def write(self, name: str, header: str, body: str = "Words.") -> None:
        """Save a post as an editor does."""
        write(self.blog / name, header, body)


def write(file: Path, header: str, body: str = "Words.") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"---\n{header}\n---\n{body}\n", encoding="utf-8")


def make_blog(folder: Path) -> Path:
    """Create a Jekyll blog in `folder`."""
    for name, header in POSTS.items():
        write(folder / name, header)
    (folder / "_config.yml").write_text(f"title: Notes\nurl: {SITE}\n", encoding="utf-8")
    (folder / "assets").mkdir()
    (folder / "assets" / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return folder


@contextmanager
def previewing(blog: Path, temporary: Path, *options: str) -> Iterator[Preview]:
    """Run a preview of `blog` with its temporary files below `temporary`."""
    temporary.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "syndicate", "serve", str(blog), "--watch", "--port", "0"]
    with subprocess.Popen(
        [*command, *options],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    ) as running:
        try:
            assert running.stderr
            address = running.stderr.readline()
            yield Preview(blog, int(address.rstrip("/\n").rpartition(":")[2]), running)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(20)


@pytest.fixture
def start(tmp_path: Path) -> Callable[..., Any]:
    """Return a function that starts a preview."""
    blog = make_blog(tmp_path / "blog")
    return lambda *options: previewing(blog, tmp_path / "temporary", *options)
