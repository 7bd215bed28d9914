"""The whole order on one page.

    survey (engine -> posts -> what readers know of them -> plans)
    -> entries (render, compose) -> documents -> files -> Report

A build with nothing to do ends here, before any of that is loaded. Everything is a function of
its arguments: `now` is given, and nothing else is asked of the machine but the files and the
tables of time zones.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from syndicate.config import Config
from syndicate.folders import (
    SETTINGS_FILES,
    blog_folder,
    check_folders,
    folders_above,
    kept_out,
)
from syndicate.model import Document, Problem, Report
from syndicate.state.cache import Cache, DamagedCache, cache
from syndicate.state.clock import Clock, judged, note
from syndicate.state.keys import code_version, key
from syndicate.state.last import LastBuild, recall, report_of, settings_of, world_of
from syndicate.state.lock import discard, locked
from syndicate.timings import UNTIMED, Timer

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from syndicate.entries import Progress

__all__ = ["build", "check", "preview"]

COMFORTABLE_BYTES = 250_000
"""What readers, and the people who pay for them, take well."""


def _unshown(_done: int, _wanted: int) -> None:
    pass


def build(
    config: Config,
    *,
    now: datetime,
    dry_run: bool = False,
    force: bool = False,
    progress: "Progress" = _unshown,
    executor: "Executor | None" = None,
    timer: Timer = UNTIMED,
) -> Report:
    """Bring the output folder up to date; `now` decides which posts are still in the future.

    Much work is shared out to `executor` where there is one: the bytes are the same. With `force`
    the feeds are written even where files of others stand, and where many entries would be
    repeated or lost.

    Raises ConfigError, BlogError, BuildStopped, OutputError and StateError, with the published
    files as they were unless the disk fails while they are put in place. A post's own faults are
    Problems in the Report.
    """
    check_folders(config)
    if dry_run:
        from syndicate.rebuild import Means, rehearse

        clock = _clock(config, now, _world(config, 0)[2], force=force)
        return rehearse(config, Means(clock.now, progress, executor, timer, clock.wrong))

    def attempt(clock_ns: int) -> Report:
        with cache(config.state_folder) as remembered:
            with timer("look"):
                last = recall(remembered)
                root = _root(config, last)
                world, trusted, newest = _world(config, clock_ns, root)
                clock = _clock(config, now, newest, force=force)
                report = (
                    None if clock.wrong else _unchanged(config, remembered, last, world, clock.now)
                )
            if report is not None:
                note(config.state_folder, clock.now, often=force)
                return report
            from syndicate.rebuild import Means, rebuild

            means = Means(clock.now, progress, executor, timer, clock.wrong)
            world = world if trusted and not clock.wrong else b""
            seen = LastBuild(_key(config), world, root=str(root))
            report = rebuild(config, means, remembered, seen, clock_ns=clock_ns, force=force)
            if not clock.wrong:
                note(config.state_folder, clock.now)
            return report

    is_new = not config.state_folder.exists()
    report = None
    try:
        with locked(config.state_folder) as clock_ns:
            try:
                report = attempt(clock_ns)
            except DamagedCache:
                report = attempt(clock_ns)
    finally:
        # A folder that is no blog stays as it was.
        if is_new and not (report and (report.posts or report.due)):
            discard(config.state_folder)
    return report


def check(
    config: Config,
    *,
    now: datetime,
    progress: "Progress" = _unshown,
    executor: "Executor | None" = None,
) -> Report:
    """All that a build would find wrong, with the feeds' own faults; writes nothing."""
    from syndicate.rebuild import Means, rehearsal

    check_folders(config)
    clock = _clock(config, now, _world(config, 0)[2])
    documents, finish = rehearsal(config, Means(clock.now, progress, executor, wrong=clock.wrong))
    large = [_too_large(each) for each in documents if len(each.data) > COMFORTABLE_BYTES]
    report = finish(())
    return msgspec.structs.replace(report, problems=(*report.problems, *large))


def preview(
    config: Config, *, now: datetime, executor: "Executor | None" = None
) -> Iterator[Document]:
    """Every file that a build would leave in the output folder; writes nothing."""
    from syndicate.rebuild import Means, rehearsal

    clock = _clock(config, now, _world(config, 0)[2])
    means = Means(clock.now, _unshown, executor, wrong=clock.wrong)
    documents, _ = rehearsal(config, means)
    return documents


def _unchanged(
    config: Config, remembered: Cache, last: LastBuild | None, world: bytes, now: datetime
) -> Report | None:
    """The last build's report where this one would do nothing."""
    if last is None or not last.holds(_key(config), world, now):
        return None
    if not last.is_left(config.output_folder, config.state_folder):
        return None
    return report_of(remembered, last)


def _root(config: Config, last: LastBuild | None) -> Path:
    """Return the blog's folder, as far as the last build of this configuration knows it."""
    folder, _ = blog_folder(config)
    return Path(last.root) if last and last.root and last.key == _key(config) else folder


def _world(config: Config, clock_ns: int, root: Path | None = None) -> tuple[bytes, bool, int]:
    folder, _ = blog_folder(config)
    root = root or folder
    found, trusted, newest = world_of(root, keep_out=kept_out(config, root), clock_ns=clock_ns)
    above = settings_of(folders_above(folder), SETTINGS_FILES, clock_ns=clock_ns)
    return key(found, above), trusted, newest


def _clock(config: Config, now: datetime, newest_ns: int, *, force: bool = False) -> Clock:
    """Return the moment to build for; who says --force says that the clock is right."""
    return Clock(now) if force else judged(config.state_folder, now, newest_ns)


def _key(config: Config) -> bytes:
    return key(code_version(), config)


def _too_large(document: Document) -> Problem:
    return Problem(
        document.path,
        "large-feed",
        f"{len(document.data):,} bytes; readers fetch a feed many times a day",
        f'set [feeds] max_bytes = {COMFORTABLE_BYTES}, a lower limit, or content = "excerpt"',
    )
