"""The example blog, served; what its feeds carry; and what the server answered."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra [serve] is not installed")

import syndicate
from syndicate.config.schema import ServeConfig
from syndicate.model import Format, Post, Report
from syndicate.serve.answer import ClientRequest
from syndicate.serve.folder import Folder
from syndicate.serve.prepared import Reply
from syndicate.serve.server import FolderServer, listen
from tests.conftest import BLOG, NOW


class Watched(Folder):
    """Notes the status of each answer."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.answered: list[tuple[ClientRequest, int]] = []

    def answer(self, ask: ClientRequest) -> Reply | None:
        if reply := super().answer(ask):
            self.answered.append((ask, reply.status))
        return reply

    async def respond(self, ask: ClientRequest) -> Reply:
        if self.answered and self.answered[-1][0] == ask:
            self.answered.pop()  # what is at hand but large is asked for once more, and sent here
        reply = await super().respond(ask)
        self.answered.append((ask, reply.status))
        return reply


class Blog:
    """A copy of the example blog: its feeds carry all its posts, and are served at `address`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written = 0
        self.address = ""
        shutil.copytree(BLOG, folder / "blog")
        self.output, state = folder / "output", folder / "state"
        self._settings = {"output.path": str(self.output), "state.path": str(state)}
        self.report = self._build()
        self.watched = Watched(self.output, state, ServeConfig())

    def _build(self) -> Report:
        settings = {**self._settings, "feeds.limit": 0}
        return syndicate.build(self._folder / "blog", settings=settings, now=NOW)

    def write_post(self) -> Post:
        """Add a post and build anew; the new post as the report has it."""
        self._written += 1
        name = f"postscript-{self._written}"
        # Each is older than the one before: a feed changes even where its newest date does not.
        date = f"2026-10-{31 - self._written:02}"
        (self._folder / "blog" / "_posts" / f"{date}-{name}.md").write_text(
            f"---\ntitle: 又记 {name}\ndate: {date} 01:00:00 +0800\n---\nClear at last.\n",
            encoding="utf-8",
        )
        before = self.posts()
        self.report = self._build()
        (new,) = (post for post in self.posts() if post not in before)
        return new

    def posts(self, category: str = "") -> list[Post]:
        """Those that the report says the feed of all, or of a category, carries."""
        return [p for p in self.report.posts if not category or category in p.categories]

    def url(self, form: Format, category: str = "") -> str:
        """Where that feed is served."""
        (feed,) = (each for each in self.report.feeds if each.term == category)
        return self.address + feed.urls[form].removeprefix(self.report.site.url)

    def statuses(self) -> list[int]:
        """Of all answers since this was last asked."""
        found = [status for _, status in self.watched.answered]
        self.watched.answered.clear()
        return found


@contextmanager
def served(blog: Blog) -> Iterator[None]:
    server = FolderServer(blog.watched)
    with listen("127.0.0.1", 0) as opened:
        thread = Thread(target=server.run, kwargs={"sockets": [opened]})
        thread.start()
        blog.address = f"http://127.0.0.1:{opened.getsockname()[1]}"
        try:
            yield
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    """One for all readers; tests may add posts to it."""
    made = Blog(tmp_path_factory.mktemp("blog"))
    with served(made):
        yield made
