"""Build a blog of which only the words of a few posts changed. Nothing else is parsed or planned.

The changed posts are parsed and compared with the last build. Everything on which plans, other
posts or the report depend must be as before: address, id, date, terms, authors, language, problems.
Then all ids, plans and other entries are still valid, and only the feeds that carry the posts are
written. Otherwise `rebuild` does the build; nothing is written before that is certain.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from syndicate.config.schema import Config
from syndicate.model import Report, Writable
from syndicate.pipeline.blog import Blog, reopened
from syndicate.pipeline.commit import commit_build, discarded_on_failure
from syndicate.pipeline.edits import Edit, EditedFeed, edited_feeds, parsed_edits, rendered_edits
from syndicate.pipeline.feed_files import FeedFiles, name_of
from syndicate.pipeline.feed_staging import gathered, stage_documents
from syndicate.pipeline.kept_shapes import kept_shapes
from syndicate.pipeline.known_posts import Row, keep_rows
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.render_posts import work_of
from syndicate.pipeline.stale_feeds import WrittenFeed, keep_feeds
from syndicate.publish import published
from syndicate.state.cache import Cache
from syndicate.state.entry_file import entry_file
from syndicate.state.last_build import (
    LastBuild,
    Look,
    forget,
    ledger_stamps,
    remember_same,
    report_of,
    stamps_before,
)
from syndicate.state.lock import ticked
from syndicate.state.plans import Links, Planned, plans_of, renew_plans
from syndicate.state.settled_posts import known_of
from syndicate.state.world import FRESH_NS, Stamps, changed_since, has_digests, stamps_of

__all__ = ["delta"]

MOST = 20
"""With more changed files, a whole build is as fast."""


def delta(
    config: Config, options: BuildOptions, cache: Cache, last: LastBuild, look: Look
) -> Report | None:
    """Bring everything up to date after an edit; return None if that takes a whole build.

    `last` is the last build; its output and ledger are unmodified. The report has no posts. Raises
    as `pipeline.build`.
    """
    state, timer = config.state_folder, options.timer
    with timer("open"):
        planned, stamps = plans_of(cache), _changed(cache, last, look)
        report = report_of(cache, last, brief=True)
        if planned is None or stamps is None or report is None or not _is_plain(config):
            return None
        blog = reopened(config, Path(last.root), planned.parts, planned.engine)
    with timer("read") as count:
        parsed = parsed_edits(config, blog, cache, stamps, options.now)
        if parsed is None:
            return None
        edits, settled = parsed
        count(len(edits))
    with kept_shapes(cache):
        with timer("render") as count, entry_file(state) as file:
            work = work_of(config, blog.root, blog.engine, Links(cache))
            rendered = rendered_edits(work, cache, file, frozenset(planned.paths), edits)
            options.progress(len(edits), len(edits))
            if rendered is None:
                return None
            # Most edits change no title, excerpt or picture, and so no page.
            pages = config.feeds.pages and any(edit.is_other_on_pages for edit in rendered)
            feeds = edited_feeds(cache, file, planned, rendered, pages=pages)
            if feeds is None:
                return None
            count(sum(edit.is_other for edit in rendered))
        plan = _replanned(planned, rendered)
        files = _files(config, blog, plan, feeds)
        forget(cache)
        with timer("write") as count, discarded_on_failure(files.paths, config.output_folder):
            documents = _documents(files, feeds, plan, pages=pages)
            staged = gathered(stage_documents(each, config.output_folder) for each in documents)
            # No guard: all feeds keep the ids of their entries.
            changes = {each.path: each for each in commit_build(config, staged, settled, None)}
            count(sum(change.action != "unchanged" for change in changes.values()))
    with timer("remember"):
        clock_ns = ticked(state)
        _remember_edits(cache, rendered, look)
        _remember_feeds(cache, config, files, feeds, clock_ns)
        if plan != planned:
            renew_plans(cache, plan)
        stamps = stamps_of(changes, config.output_folder, before_ns=clock_ns)
        build = _last_build(blog, last, look, rendered, stamps)
        ledger = ledger_stamps(state, before_ns=clock_ns)
        remember_same(cache, msgspec.structs.replace(build, ledger=ledger), look.world.stamps)
    return msgspec.structs.replace(
        report,
        changes=tuple(changes.get(change.path, change) for change in report.changes),
        rendered=sum(edit.row is not None for edit in rendered),
    )


def _is_plain(config: Config) -> bool:
    """Return True if by the settings no other file depends on the words of a post."""
    return (
        config.state.compare == "times"
        and not config.feeds.max_bytes
        and published.recall(config.state_folder) == published.Seen()  # the guard goes by it
    )


def _changed(cache: Cache, last: LastBuild, look: Look) -> Stamps | None:
    """Return the stamps of the changed files; None if there are many, or it is unknown."""
    found = changed_since(stamps_before(cache, last, look.above), look.world)
    if found is None or len(found) > MOST:
        return None
    changed = {stamp[0] for stamp in found}
    others = {path: digest for path, digest in last.fresh.items() if path not in changed}
    return found if has_digests(Path(last.root), others) else None


def _files(config: Config, blog: Blog, planned: Planned, feeds: Iterable[EditedFeed]) -> FeedFiles:
    """Return the files of all planned feeds. Only the edited feeds have posts."""
    plans = {name_of(plan): plan for plan in (feed.plan() for feed in planned.feeds)}
    plans.update((name_of(feed.plan), feed.plan) for feed in feeds)
    return FeedFiles(tuple(plans.values()), blog.engine.site, config)


def _replanned(planned: Planned, edits: Iterable[Edit]) -> Planned:
    """Return the plans with the date of the latest change."""
    dates = [edit.post.updated for edit in edits if edit.row]
    latest = max((*dates, *filter(None, [planned.changed])), default=None)
    return msgspec.structs.replace(planned, changed=latest)


def _documents(
    files: FeedFiles, feeds: Sequence[EditedFeed], planned: Planned, *, pages: bool
) -> Iterator[Iterable[Writable]]:
    """Yield the files of each edited feed, then the common files if a feed was edited."""
    for feed in feeds:
        yield files.make(feed.plan, feed.entries, page=pages)
    if feeds and planned.changed:
        yield files.dated(feeds[0].entries, planned.changed, page=pages)


def _remember_edits(cache: Cache, edits: Sequence[Edit], look: Look) -> None:
    keep_rows(cache, (_row(edit, look.clock_ns) for edit in edits))
    cache.keep_entries(edit.row for edit in edits if edit.row)


def _remember_feeds(
    cache: Cache, config: Config, files: FeedFiles, feeds: Sequence[EditedFeed], clock_ns: int
) -> None:
    written = [WrittenFeed(feed.plan, len(feed.entries), feed.digests) for feed in feeds]
    keep_feeds(cache, files, config.output_folder, written, clock_ns)


def _last_build(
    blog: Blog, last: LastBuild, look: Look, edits: Sequence[Edit], stamps: Stamps
) -> LastBuild:
    """Return `last` with the edited files and the `stamps` of the written files."""
    prefix = blog.prefix
    read = {prefix + edit.post.path: edit.parsed.content for edit in edits}
    fresh = look.fresh({**last.fresh, **read})
    new = {stamp[0]: stamp for stamp in stamps}
    return msgspec.structs.replace(
        last,
        world=look.build.world if fresh is not None else b"",
        fresh=fresh or {},
        written=tuple(new.get(stamp[0], stamp) for stamp in last.written),
    )


def _row(edit: Edit, clock_ns: int) -> Row:
    _, size, mtime_ns, ctime_ns = edit.stamp
    return msgspec.structs.replace(
        edit.known,
        known=known_of(edit.post, edit.parsed.post),
        parsed=edit.parsed,
        stamp=(size, mtime_ns, ctime_ns),
        settled=max(mtime_ns, ctime_ns) < clock_ns - FRESH_NS,
    )
