"""The examples of docs/library.md, and `syndicate.asgi`."""

import asyncio
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp, Message

import syndicate

ROOT = Path(__file__).parents[1]
EXAMPLES = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs/library.md").read_text(encoding="utf-8"), re.DOTALL
)
POST = "---\ntitle: Tea\ndate: 2026-01-01\n---\nGreen.\n"


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A blog called "blog" in the working directory."""
    folder = tmp_path / "blog"
    folder.mkdir()
    (folder / "tea.md").write_text(POST, encoding="utf-8")
    (folder / "config.toml").write_text(
        '[site]\ntitle = "Tea"\nurl = "https://blog.example.org/blog"\n', encoding="utf-8"
    )
    monkeypatch.chdir(tmp_path)
    return folder


def get(app: ASGIApp, path: str) -> tuple[int, bytes]:
    """Return the status and the body of the answer to a GET request."""
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": quote(path).encode(),
        "root_path": "", "query_string": b"", "headers": [], "client": ("127.0.0.1", 1),
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return messages[0]["status"], b"".join(message.get("body", b"") for message in messages)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
@pytest.mark.usefixtures("blog")
def test_example_runs(number: int) -> None:
    """Every example of the page runs as it is printed."""
    exec(compile(EXAMPLES[number], "docs/library.md", "exec"), {"__name__": "example"})


def test_examples_are_typed(tmp_path: Path) -> None:
    """Every example passes mypy --strict."""
    files = [tmp_path / f"example_{number}.py" for number in range(len(EXAMPLES))]
    for file, text in zip(files, EXAMPLES, strict=True):
        file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(ROOT / ".mypy_cache")]
    done = subprocess.run(
        [*command, *map(str, files)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_report_is_short(blog: Path) -> None:
    """The repr of a report is one line, whatever the number of posts."""
    report = syndicate.build(blog)
    assert repr(report) == "Report(engine='plain', posts=1, feeds=1, changes=7, problems=1)"


def test_paths_may_be_text(blog: Path) -> None:
    """Every function takes a folder or a file as str or Path."""
    for place in (str(blog), blog, str(blog / "config.toml")):
        assert syndicate.load_config(place).site.title == "Tea"
        assert syndicate.open_blog(place).engine.site.title == "Tea"
        assert [post.title for post in syndicate.check(place).posts] == ["Tea"]
        assert "atom.xml" in {document.path for document in syndicate.preview(place)}
    assert not (blog / "output").exists()


@pytest.mark.parametrize("prefix", ["", "/blog", "/é b"])
def test_server_can_be_mounted(blog: Path, prefix: str) -> None:
    """The application serves below any prefix, and redirects stay below it."""
    syndicate.build(blog)
    app = Starlette(routes=[Mount(prefix, app=syndicate.asgi(str(blog)))])
    assert get(app, f"{prefix}/atom.xml") == (200, (blog / "output/atom.xml").read_bytes())
    assert get(app, f"{prefix}/feeds/")[0] == 200
    assert get(app, f"{prefix}/feeds")[0] == 301
    assert get(app, f"{prefix}/nothing.xml")[0] == 404
    assert get(app, f"{prefix}/.syndicate/ledger.db")[0] == 404


def test_mounted_server_shows_later_builds(blog: Path) -> None:
    """A new build needs no new application."""
    app = syndicate.asgi(blog)
    assert get(app, "/atom.xml")[0] == 404
    syndicate.build(blog)
    assert get(app, "/atom.xml")[0] == 200
