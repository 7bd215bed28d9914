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
    """Bring the output folder up to date, and return what was done.

    Posts dated after `now` are left out. `executor` shares the work of a large blog; the bytes are
    the same. With `force`, files of others are replaced, and the feeds are written even if many
    entries would be repeated or lost. A `brief` report counts the posts and does not hold them.

    Raises ConfigError, BlogError, BuildStopped, OutputError and StateError. The published files
    then stay as they were, unless the disk fails during the renames. Faults of single posts are
    Problems in the report.
    """
    check_folders(config)
    options = BuildOptions(now, progress, executor, timer)
    if dry_run:
        from syndicate.pipeline.rebuild import rehearse

        clock = _clock(config, now, _world(config, 0).newest_ns, force=force)
        return rehearse(config, options.at(clock))
    is_new = not config.state_folder.exists()
    report = None
    try:
        with locked(config.state_folder) as clock_ns:
            try:
                report = _build(config, options, clock_ns, force=force, brief=brief)
            except DamagedCache:  # it was moved away: build again with an empty one
                report = _build(config, options, clock_ns, force=force, brief=brief)
    finally:
        # A folder that is no blog stays as it was.
        if is_new and not (report and (report.post_count or report.due)):
            discard(config.state_folder)
    return report


def _build(
    config: Config, options: BuildOptions, clock_ns: int, *, force: bool, brief: bool
) -> Report:
    """Build in the shortest way. `clock_ns` is the file system's own time."""
    state = config.state_folder
    with cache(state) as remembered:
        with options.timer("look"):
            last = recall(remembered)
            look = _look(config, last, clock_ns)
            clock = _clock(config, options.now, look.world.newest_ns, force=force)
            if clock.wrong or not _holds(config, last, look.build.key, clock.now):
                last = None
            is_same = last is not None and last.is_unchanged(look.build.world)
            report = report_of(remembered, last, brief=brief) if last and is_same else None
        if last and report:
            settle(remembered, last, look.world.fresh)
            note(state, clock.now, often=force)
            return report
        look = _with_fresh_digests(look)
        if last and not is_same and look.world.trusted:
            from syndicate.pipeline.delta import delta

            report = delta(config, options.at(clock), remembered, last, look)
            if report and not brief:
                report = with_posts(remembered, report)
        if report is None:
            from syndicate.pipeline.rebuild import rebuild

            report = rebuild(config, options.at(clock), remembered, look, force=force)
        if not clock.wrong:
            note(state, clock.now)
        return msgspec.structs.replace(report, posts=()) if brief else report


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
    options = BuildOptions(now, progress, executor).at(clock)
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
    options = BuildOptions(now, executor=executor).at(clock)
    plan = read_blog(open_blog(config), config, options)
    with rehearsal(config, plan, options) as blog:
        yield from blog.documents()


def _holds(config: Config, last: LastBuild | None, key: bytes, now: datetime) -> bool:
    """Return True if the program, the configuration, the output and the ledger are unchanged."""
    return (
        last is not None
        and last.holds(key, now)
        and last.is_left(config.output_folder, config.state_folder)
    )


def _look(config: Config, last: LastBuild | None, clock_ns: int) -> Look:
    """Return the state of the blog's folder, without opening a file.

    The folder is the one that the last build with this configuration found.
    """
    folder, _ = blog_folder(config)
    made_with = key(code_version(), config, theme_of(config))
    root = Path(last.root) if last and last.root and last.key == made_with else folder
    world = _world(config, clock_ns, root)
    above = settings_of(folders_above(folder), SETTINGS_FILES, clock_ns=clock_ns)
    stands_for = name_of(world.stamps, above) if world.trusted else b""
    return Look(LastBuild(made_with, stands_for, root=str(root)), world, above, clock_ns)


def _with_fresh_digests(look: Look) -> Look:
    """Add the digests of files that have just changed, if they are few."""
    fresh = look.world.fresh if len(look.world.fresh) <= MOST_FRESH else ()
    return msgspec.structs.replace(look, before=digests_of(Path(look.build.root), fresh))


def _world(config: Config, clock_ns: int, root: Path | None = None) -> World:
    root = root or blog_folder(config)[0]
    return world_of(root, keep_out=kept_out(config, root), clock_ns=clock_ns)


def _clock(config: Config, now: datetime, newest_ns: int, *, force: bool = False) -> Clock:
    """Return the moment to build for. With `force` the clock counts as right."""
    return Clock(now) if force else judged(config.state_folder, now, newest_ns)


def _too_large(document: Writable) -> Problem:
    return Problem(
        document.path,
        "large-feed",
        f"{document.size:,} bytes; readers fetch a feed many times a day",
        f'set [feeds] max_bytes = {COMFORTABLE_BYTES}, a lower limit, or content = "excerpt"',
    )
