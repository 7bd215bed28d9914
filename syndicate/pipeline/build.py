"""Build the feeds of a blog in the shortest of three ways.

- Nothing changed: the build ends here, before anything that parses or renders is imported.
- Only words of a few posts changed: `pipeline.delta`.
- Anything else: `pipeline.rebuild`, which has the whole order on one page.

`now` is an argument: nothing below reads the clock, the environment or the locale.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from syndicate.config.folders import (
    SETTINGS_FILES,
    blog_folder,
    check_folders,
    folders_above,
    kept_out,
)
from syndicate.config.schema import Config
from syndicate.model import Problem, Report, Writable
from syndicate.pages.theme import theme_of
from syndicate.pipeline.options import BuildOptions, Progress, no_progress
from syndicate.pipeline.processes import Workers
from syndicate.pipeline.timings import UNTIMED, Timer
from syndicate.state.cache import DamagedCache, cache
from syndicate.state.clock import Clock, judged, note
from syndicate.state.keys import code_version, key
from syndicate.state.last_build import (
    LastBuild,
    Look,
    name_of,
    recall,
    report_of,
    settle,
    with_posts,
)
from syndicate.state.lock import discard, locked
from syndicate.state.world import MOST_FRESH, World, digests_of, settings_of, world_of

__all__ = ["build", "check", "preview"]

COMFORTABLE_BYTES = 250_000
"""Size of a feed that readers fetch without trouble many times a day."""


def build(
    config: Config,
    *,
    now: datetime,
    dry_run: bool = False,
    force: bool = False,
    progress: Progress = no_progress,
    executor: Workers = None,
    timer: Timer = UNTIMED,
    brief: bool = False,
) -> Report:
    """Bring the output folder up to date; `now` decides which posts are still in the future.

    Much work is shared out to `executor` where there is one: the bytes are the same. With `force`
    the feeds are written even where files of others stand, and where many entries would be
    repeated or lost. A `brief` report counts the posts and does not hold them.

    Raises ConfigError, BlogError, BuildStopped, OutputError and StateError, with the published
    files as they were unless the disk fails while they are put in place. A post's own faults are
    Problems in the Report.
    """
    check_folders(config)
    if dry_run:
        from syndicate.pipeline.rebuild import rehearse

        clock = _clock(config, now, _world(config, 0).newest_ns, force=force)
        return rehearse(config, BuildOptions(clock.now, progress, executor, timer, clock.wrong))

    def attempt(clock_ns: int) -> Report:
        with cache(config.state_folder) as remembered:
            with timer("look"):
                last = recall(remembered)
                look = _look(config, last, clock_ns)
                world = look.world
                clock = _clock(config, now, world.newest_ns, force=force)
                holds = not clock.wrong and _holds(config, last, look.build.key, clock.now)
                unchanged = holds and last is not None and last.is_unchanged(look.build.world)
                report = report_of(remembered, last, brief=brief) if unchanged and last else None
            if report is not None and last is not None:
                settle(remembered, last, world.fresh)
                note(config.state_folder, clock.now, often=force)
                return report
            options = BuildOptions(clock.now, progress, executor, timer, clock.wrong)
            few = world.fresh if len(world.fresh) <= MOST_FRESH else ()
            before = digests_of(Path(look.build.root), few)
            look = msgspec.structs.replace(look, before=before)
            if holds and last is not None and not unchanged and world.trusted:
                from syndicate.pipeline.delta import delta

                report = delta(config, options, remembered, last, look)
                if report is not None and not brief:
                    report = with_posts(remembered, report)
                if report is not None:
                    note(config.state_folder, clock.now)
                    return report
            from syndicate.pipeline.rebuild import rebuild

            report = rebuild(config, options, remembered, look, force=force)
            if not clock.wrong:
                note(config.state_folder, clock.now)
            return msgspec.structs.replace(report, posts=()) if brief else report

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
        if is_new and not (report and (report.post_count or report.due)):
            discard(config.state_folder)
    return report


def check(
    config: Config,
    *,
    now: datetime,
    progress: Progress = no_progress,
    executor: Workers = None,
) -> Report:
    """Return all problems that a build would report, and feeds that are large. Write nothing."""
    from syndicate.pipeline.blog import open_blog
    from syndicate.pipeline.read_blog import read_blog
    from syndicate.pipeline.rendered_blog import rehearsal

    check_folders(config)
    clock = _clock(config, now, _world(config, 0).newest_ns)
    options = BuildOptions(clock.now, progress, executor, clock_fault=clock.wrong)
    plan = read_blog(open_blog(config), config, options)
    carried, large = dict[str, int](), list[Problem]()
    with rehearsal(config, plan, options) as blog:
        for document in blog.documents():
            carried[document.path] = document.entries  # a feed has the name of its first file
            if document.size > COMFORTABLE_BYTES:
                large.append(_too_large(document))
        report = blog.report(carried)
    return msgspec.structs.replace(report, problems=(*report.problems, *large))


def preview(config: Config, *, now: datetime, executor: Workers = None) -> Iterator[Writable]:
    """Yield every file that a build would leave in the output folder. Write nothing."""
    from syndicate.pipeline.blog import open_blog
    from syndicate.pipeline.read_blog import read_blog
    from syndicate.pipeline.rendered_blog import rehearsal

    clock = _clock(config, now, _world(config, 0).newest_ns)
    options = BuildOptions(clock.now, executor=executor, clock_fault=clock.wrong)
    plan = read_blog(open_blog(config), config, options)
    with rehearsal(config, plan, options) as blog:
        yield from blog.documents()


def _holds(config: Config, last: LastBuild | None, key: bytes, now: datetime) -> bool:
    """Return whether all but the blog's files is as the last build had it and left it."""
    return (
        last is not None
        and last.holds(key, now)
        and last.is_left(config.output_folder, config.state_folder)
    )


def _look(config: Config, last: LastBuild | None, clock_ns: int) -> Look:
    """Return what a build sees of the blog before it reads any of it.

    The blog's folder is the one that the last build of this configuration found.
    """
    folder, _ = blog_folder(config)
    made_with = key(code_version(), config, theme_of(config))
    root = Path(last.root) if last and last.root and last.key == made_with else folder
    world = _world(config, clock_ns, root)
    above = settings_of(folders_above(folder), SETTINGS_FILES, clock_ns=clock_ns)
    stands_for = name_of(world.stamps, above) if world.trusted else b""
    return Look(LastBuild(made_with, stands_for, root=str(root)), world, above, clock_ns)


def _world(config: Config, clock_ns: int, root: Path | None = None) -> World:
    root = root or blog_folder(config)[0]
    return world_of(root, keep_out=kept_out(config, root), clock_ns=clock_ns)


def _clock(config: Config, now: datetime, newest_ns: int, *, force: bool = False) -> Clock:
    """Return the moment to build for; who says --force says that the clock is right."""
    return Clock(now) if force else judged(config.state_folder, now, newest_ns)


def _too_large(document: Writable) -> Problem:
    return Problem(
        document.path,
        "large-feed",
        f"{document.size:,} bytes; readers fetch a feed many times a day",
        f'set [feeds] max_bytes = {COMFORTABLE_BYTES}, a lower limit, or content = "excerpt"',
    )
