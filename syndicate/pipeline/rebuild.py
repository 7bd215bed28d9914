"""Build a blog of which more than a few words changed.

`rebuild` is the whole order. Only what changed is read, rendered and written again.
"""

from collections.abc import Iterable, Mapping
from functools import partial

import msgspec

from syndicate.config.schema import Config
from syndicate.files.staged import commit, sweep
from syndicate.model import Change, FeedPlan, Report
from syndicate.pipeline.blog import open_blog, posts_key
from syndicate.pipeline.commit import commit_build, discarded_on_failure
from syndicate.pipeline.entries import keep_entries, known_entries, render_entries
from syndicate.pipeline.feed_files import FeedFiles
from syndicate.pipeline.feed_staging import Stager, gathered, stage_feeds
from syndicate.pipeline.guard import Guard, RemovedFeeds, removed_feeds
from syndicate.pipeline.kept_shapes import kept_shapes
from syndicate.pipeline.known_posts import KnownPosts
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.ownership import Ownership, ownership, ownership_problems
from syndicate.pipeline.read_blog import BlogPlan, read_blog
from syndicate.pipeline.remember import Built, feed_settings, remember_build, remember_files
from syndicate.pipeline.rendered_blog import RenderedBlog, rehearsal, renderer_of
from syndicate.pipeline.stale_feeds import stale_feeds
from syndicate.pipeline.vanished import refuse_vanished
from syndicate.publish import published
from syndicate.state import manifest
from syndicate.state.cache import Cache
from syndicate.state.entry_file import entry_file
from syndicate.state.last_build import Look, forget
from syndicate.state.manifest import Written
from syndicate.text.homes import is_unknown

__all__ = ["rebuild", "rehearse"]


def rebuild(
    config: Config, options: BuildOptions, cache: Cache, look: Look, *, force: bool = False
) -> Report:
    """Bring the output folder up to date, and the cache and the ledger with it.

    `look` is the state of the blog's folder before anything was read. Raises as `pipeline.build`.
    """
    timer, output = options.timer, config.output_folder
    plan = _read(config, options, cache, look)
    before = manifest.recall(config.state_folder, output)
    files = FeedFiles(plan.feeds, plan.blog.engine.site, config)
    if not force:
        refuse_vanished(config, plan, before)
    with entry_file(config.state_folder) as file, kept_shapes(cache):
        with timer("compare") as count:
            renderer = renderer_of(config, plan, file)
            known = known_entries(renderer, plan.planned_posts, cache)
            stale = stale_feeds(plan.feeds, files, known.rows, cache, output)
            owners = _owners(config, files, stale.feeds, before, force=force)
            count(len(stale.feeds))
        _claim(config, cache, files, owners, before)
        guard = None if force else _guard(config, plan, owners, before)
        with timer("render") as count:
            entries = render_entries(renderer, stale.feeds, known, options)
            count(entries.rendered)
        with timer("write") as count, discarded_on_failure(files.paths, output):
            stager = Stager(entries, files, output, owners.theirs, config.feeds.limit, guard)
            with timer("assemble") as assembled:
                feeds = stage_feeds(stager, stale.feeds, options.executor)
                blog = RenderedBlog(config, plan, files, entries.with_repaired(feeds.repaired))
                carried = {**stale.carried, **feeds.carried}
                staged = gathered([feeds, stager.documents(blog.common_files(carried))])
                assembled(len(staged.changes))
            changes = commit_build(config, staged, plan.settled, guard, unwanted=owners.removable)
            count(sum(change.action != "unchanged" for change in changes))
        if not plan.blog.engine.site.preview:
            published.forget(config.state_folder)
        kept = owners.theirs.difference(change.path for change in changes)
        changes = _with_unchanged(changes, files, carried, kept)
        built = Built(blog, stale, carried, changes, kept)
        remember_files(built, before, staged.digests)
        report = blog.report(carried, changes)
        with timer("remember"):
            keep_entries(cache, file, known, blog.entries)
            remember_build(cache, built, look, options, report)
    return _with_problems(report, owners)


def rehearse(config: Config, options: BuildOptions) -> Report:
    """Return the report of a build from nothing; write nothing. Raises as `pipeline.build`."""
    output = config.output_folder
    plan = read_blog(open_blog(config), config, options)
    before = manifest.recall(config.state_folder, output)
    refuse_vanished(config, plan, before)
    with rehearsal(config, plan, options) as blog:
        owners = _owners(config, blog.files, plan.feeds, before, force=False)
        stager = Stager(
            blog.entries, blog.files, output, owners.theirs, config.feeds.limit, dry_run=True
        )
        feeds = stage_feeds(stager, plan.feeds, None)
        staged = gathered([feeds, stager.documents(blog.common_files(feeds.carried))])
        changes = commit(staged.changes, output, earlier=owners.removable, dry_run=True)
        report = blog.report(feeds.carried, changes)
    return _with_problems(report, owners)


def _read(config: Config, options: BuildOptions, cache: Cache, look: Look) -> BlogPlan:
    """Read the blog; files that did not change since the last build are not opened."""
    with options.timer("open"):
        blog = open_blog(config)
        known = KnownPosts(
            cache,
            posts_key(config, blog),
            root=blog.root,
            engine=blog.engine,
            now=options.now,
            clock_ns=look.clock_ns,
            by_content=config.state.compare == "content",
        )
    plan = read_blog(blog, config, options, recall=known.recall, listing=look.world.listing())
    known.keep(plan.collected, plan.settled.posts)
    return plan


def _owners(
    config: Config, files: FeedFiles, stale: Iterable[FeedPlan], before: Written, *, force: bool
) -> Ownership:
    """Return who owns the files at the paths of `stale` feeds and of the common files."""
    # The other feeds have the stamps that the last build left them with.
    wanted = {*files.common_paths, *(path for feed in stale for path in files.of(feed))}
    # A feed whose posts cannot be read at the moment is still wanted.
    unwanted = set(before.files).difference(files.paths)
    return ownership(wanted, config.output_folder, before, unwanted=unwanted, force=force)


def _claim(
    config: Config, cache: Cache, files: FeedFiles, owners: Ownership, before: Written
) -> None:
    """Forget the last build, and note each path that may be written in the manifest.

    If this build is killed, the next one knows by it that the files it finds are ours. Files that a
    killed build staged are removed.
    """
    planned, ours = set(files.paths), set(before.files)
    if not forget(cache):
        sweep(planned | ours, config.output_folder)
    paths = ours | planned - owners.foreign - owners.theirs
    # A killed build may leave feeds with other entries.
    claimed = msgspec.structs.replace(before, files=tuple(sorted(paths)), ids=(), entries={})
    manifest.remember(config.state_folder, config.output_folder, claimed)


def _guard(config: Config, plan: BlogPlan, owners: Ownership, before: Written) -> Guard:
    output = config.output_folder
    seen = published.recall(config.state_folder)
    is_draft = seen.output_is_draft or is_unknown(before.site)  # no reader knows a preview
    removed = RemovedFeeds()
    if before.meant == feed_settings(config, plan) and not is_draft:
        removed = removed_feeds(
            owners.removable,
            output,
            config.guard,
            before,
            withheld=plan.withheld,
        )
    return Guard(
        config.guard,
        output,
        seen=msgspec.structs.replace(seen, output_is_draft=is_draft),
        foreign=owners.foreign,
        kept=owners.theirs,
        withheld=plan.withheld,
        removed=removed,
        ids_of=before.ids_of,
        held=partial(published.held, config),
    )


def _with_unchanged(
    changes: Iterable[Change], files: FeedFiles, carried: Mapping[str, int], kept: frozenset[str]
) -> tuple[Change, ...]:
    """Add the files of feeds that are not stale. Sort all in the order of feeds, removals last."""
    by_path = {change.path: change for change in changes}
    for path in files.of_all(carried):
        if path not in kept:
            by_path.setdefault(path, Change(path, "unchanged"))
    place = {path: number for number, path in enumerate(files.paths)}
    return tuple(sorted(by_path.values(), key=lambda change: place.get(change.path, len(place))))


def _with_problems(report: Report, owners: Ownership) -> Report:
    problems = (*report.problems, *ownership_problems(owners, report.changes))
    return msgspec.structs.replace(report, problems=problems)
