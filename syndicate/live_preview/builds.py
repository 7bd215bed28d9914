"""Builds of a preview, which run one after the other in a thread."""

import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import BrokenExecutor
from contextlib import AbstractContextManager, ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue

import msgspec

from syndicate.config.schema import Config, OutputConfig, StateConfig
from syndicate.daemon.watch import watching
from syndicate.errors import StateError, SyndicateError
from syndicate.ledger import records as ledger
from syndicate.live_preview.status_board import MOST_NOTES, Note, State, StatusBoard
from syndicate.model import LeftOut, Post, Problem, Report
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.blog import open_blog
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.processes import Workers
from syndicate.pipeline.read_blog import read_blog
from syndicate.state import cache, entry_file
from syndicate.state.database import database
from syndicate.state.private import make_folder
from syndicate.text.urls import absolute

__all__ = ["Builds", "beside", "copy_memory", "state_of"]

Load = Callable[[], Config]
Processes = Callable[[], AbstractContextManager[Workers]]
_CONFIG, _STOP = "config", "stop"


def beside(config: Config, place: Path, *, drafts: bool) -> Config:
    """Return `config` with pages, and with output and state below `place`.

    `drafts` includes drafts and posts dated ahead.
    """
    replace = msgspec.structs.replace
    posts = replace(config.posts, drafts=True, future=True) if drafts else config.posts
    return replace(
        config,
        posts=posts,
        feeds=replace(config.feeds, pages=True),
        serve=replace(config.serve, max_age=0),
        output=OutputConfig(str(place / "output")),
        state=StateConfig(str(place / "state"), config.state.compare),
        apart=(config.output_folder, config.state_folder),
    )


def copy_memory(config: Config, copy: Config) -> None:
    """Copy the ledger and the cache to the state folder of `copy`. Raises StateError."""
    ledger.keep(copy.state_folder, ledger.load(config.state_folder))
    cached = config.state_folder / cache.FILE_NAME
    if not cached.exists():
        return
    import sqlite3

    # Without the cache the first build only takes longer.
    with suppress(StateError), database(cached, cache.KIND, read_only=True) as known:
        make_folder(copy.state_folder)
        with closing(sqlite3.connect(copy.state_folder / cache.FILE_NAME)) as own:
            known.backup(own)
    with suppress(OSError):
        shutil.copyfile(
            config.state_folder / entry_file.FILE_NAME, copy.state_folder / entry_file.FILE_NAME
        )


class Builds:
    """Builds the blog of `load` into `place` at every save, and puts the result on `board`.

    `file` is the path of the configuration if it is not in the blog's folder.
    """

    def __init__(
        self,
        load: Load,
        place: Path,
        board: StatusBoard,
        processes: Processes,
        *,
        file: Path | None = None,
        drafts: bool = False,
    ) -> None:
        self._load, self._place, self._board, self._file = load, place, board, file
        self._processes, self._drafts = processes, drafts
        self._requests: SimpleQueue[str] = SimpleQueue()
        self._watched = ExitStack()

    def watch(self, config: Config) -> None:
        """Request a build from `run` now and at every save. Raises ConfigError."""
        self._watched.close()
        self._watched.enter_context(watching(config, self._requests.put, self._file))

    def run(self, config: Config) -> None:
        """Build at every request, until stopped."""
        stale = False
        with self._watched:
            while _STOP not in (reasons := self._reasons()):
                stale = stale or _CONFIG in reasons
                if not stale:
                    self.build(config)
                elif new := self._reloaded():
                    config, stale = new, False
                    self.watch(config)

    def stop(self) -> None:
        """End `run` after the build under way. Thread-safe."""
        self._requests.put(_STOP)

    def build(self, config: Config) -> None:
        """Build once, and put the result on the board."""
        replace = msgspec.structs.replace
        self._board.put(replace(self._board.state, building=True))
        now, copy = datetime.now(UTC), beside(config, self._place, drafts=self._drafts)
        try:
            with self._processes() as executor:
                report = published = pipeline.build(copy, now=now, executor=executor)
                if self._drafts:
                    options = BuildOptions(now, executor=executor)
                    public = replace(copy, posts=config.posts)
                    published = read_blog(open_blog(public), public, options).report()
        except (SyndicateError, BrokenExecutor) as error:
            self._fail(str(error) or repr(error))
        else:
            self._board.put(state_of(report, published))

    def _reasons(self) -> set[str]:
        reasons = {self._requests.get()}
        while not self._requests.empty():
            reasons.add(self._requests.get())
        return reasons

    def _reloaded(self) -> Config | None:
        """Load the configuration again; after an error, show it on the board and return None."""
        try:
            return self._load()
        except SyndicateError as error:
            self._fail(str(error))
            return None

    def _fail(self, why: str) -> None:
        state = self._board.state
        self._board.put(msgspec.structs.replace(state, building=False, failed=why))


def state_of(report: Report, published: Report) -> State:
    """Return the state after a build. `published` is the report without drafts, or the same one."""
    urls = {post.path: _url(post, report) for post in report.posts}
    worst = sorted(report.problems, key=lambda it: (it.severity, it.path, it.line))
    waiting = {file.path: mark for file in published.left_out if (mark := _mark(file))}
    public = {post.path for post in published.posts}
    return State(
        building=False,
        posts=len(report.posts),
        feeds=len(report.feeds),
        notes=tuple(_note(problem, urls) for problem in worst[:MOST_NOTES]),
        more=max(0, len(worst) - MOST_NOTES),
        marks={url: waiting.get(at, "draft") for at, url in urls.items() if at not in public},
        hidden=len(waiting) if report is published else 0,
    )


def _url(post: Post, report: Report) -> str:
    """Return the post's address as in its entry."""
    return absolute(post.url, report.site.url, report.site.url)


def _note(problem: Problem, urls: Mapping[str, str]) -> Note:
    return Note(
        path=problem.path,
        message=problem.message,
        cure=problem.cure,
        line=problem.line,
        severity=problem.severity,
        url=urls.get(problem.path, ""),
    )


def _mark(file: LeftOut) -> str:
    """Return the label of a post that only ``--drafts`` shows; "" for all other files."""
    if file.due:
        return f"due {file.due:%Y-%m-%d %H:%M}"
    return "draft" if "draft" in file.reason else ""
