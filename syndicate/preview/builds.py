"""The builds of a preview, one after the other, in a thread of their own."""

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
from syndicate.model import LeftOut, Post, Problem, Report
from syndicate.pipeline import build as pipeline
from syndicate.pipeline.processes import Workers
from syndicate.pipeline.read_blog import survey
from syndicate.preview.status_board import MOST_NOTES, Board, Note, State
from syndicate.state import cache, entry_file
from syndicate.state.database import database
from syndicate.state.private import make_folder
from syndicate.text.urls import absolute

__all__ = ["Builds", "beside", "copy_memory", "state_of"]

Load = Callable[[], Config]
Processes = Callable[[], AbstractContextManager[Workers]]
_CONFIG, _STOP = "config", "stop"


def beside(config: Config, place: Path, *, drafts: bool) -> Config:
    """`config` with output and state below `place`, and pages; with `drafts`, every post."""
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
    """Give `copy` the ids of the posts, and what need not be made again. Raises StateError."""
    ledger.keep(copy.state_folder, ledger.load(config.state_folder))
    made = config.state_folder / cache.FILE_NAME
    if not made.exists():
        return
    import sqlite3

    # Without it the first build takes longer, and that is all.
    with suppress(StateError), database(made, cache.KIND, read_only=True) as known:
        make_folder(copy.state_folder)
        with closing(sqlite3.connect(copy.state_folder / cache.FILE_NAME)) as own:
            known.backup(own)
    with suppress(OSError):
        shutil.copyfile(
            config.state_folder / entry_file.FILE_NAME, copy.state_folder / entry_file.FILE_NAME
        )


class Builds:
    """Builds what `load` gives into `place`, and tells `board`; at each save of a file anew.

    `file` is the configuration, where it is not the one in the blog's folder.
    """

    def __init__(
        self,
        load: Load,
        place: Path,
        board: Board,
        processes: Processes,
        *,
        file: Path | None = None,
        drafts: bool = False,
    ) -> None:
        self._load, self._place, self._board, self._file = load, place, board, file
        self._processes, self._drafts = processes, drafts
        self._asked: SimpleQueue[str] = SimpleQueue()
        self._watched = ExitStack()

    def watch(self, config: Config) -> None:
        """Have `run` build now, and whenever a file of `config` is saved. Raises ConfigError."""
        self._watched.close()
        self._watched.enter_context(watching(config, self._asked.put, self._file))

    def run(self, config: Config) -> None:
        """Build what is asked for, until stopped."""
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
        """Have `run` end, after the build under way. From any thread."""
        self._asked.put(_STOP)

    def build(self, config: Config) -> None:
        """Build once, and put up how it went."""
        replace = msgspec.structs.replace
        self._board.put(replace(self._board.state, building=True))
        now, copy = datetime.now(UTC), beside(config, self._place, drafts=self._drafts)
        try:
            with self._processes() as executor:
                report = published = pipeline.build(copy, now=now, executor=executor)
                if self._drafts:
                    as_ever = replace(copy, posts=config.posts)
                    published = survey(as_ever, now=now, executor=executor).report()
        except (SyndicateError, BrokenExecutor) as error:
            self._fail(str(error) or repr(error))
        else:
            self._board.put(state_of(report, published))

    def _reasons(self) -> set[str]:
        reasons = {self._asked.get()}
        while not self._asked.empty():
            reasons.add(self._asked.get())
        return reasons

    def _reloaded(self) -> Config | None:
        """The configuration as it is now; where it cannot be read, why goes up."""
        try:
            return self._load()
        except SyndicateError as error:
            self._fail(str(error))
            return None

    def _fail(self, why: str) -> None:
        state = self._board.state
        self._board.put(msgspec.structs.replace(state, building=False, failed=why))


def state_of(report: Report, published: Report) -> State:
    """What to tell of a build, where `published` is one without drafts; perhaps the same."""
    urls = {post.path: _url(post, report) for post in report.posts}
    worst = sorted(report.problems, key=lambda each: (each.severity, each.path, each.line))
    waiting = {each.path: mark for each in published.left_out if (mark := _mark(each))}
    public = {post.path for post in published.posts}
    return State(
        building=False,
        posts=len(report.posts),
        feeds=len(report.feeds),
        notes=tuple(_note(each, urls) for each in worst[:MOST_NOTES]),
        more=max(0, len(worst) - MOST_NOTES),
        marks={url: waiting.get(at, "draft") for at, url in urls.items() if at not in public},
        hidden=len(waiting) if report is published else 0,
    )


def _url(post: Post, report: Report) -> str:
    """As the post's entry has it."""
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


def _mark(each: LeftOut) -> str:
    """What a post is that ``--drafts`` shows; empty for all other files."""
    if each.due:
        return f"due {each.due:%Y-%m-%d %H:%M}"
    return "draft" if "draft" in each.reason else ""
