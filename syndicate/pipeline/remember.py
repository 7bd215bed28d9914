"""Remember a finished build, so that the next build can skip what did not change."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from syndicate.config.schema import Config
from syndicate.model import Change, Report
from syndicate.pipeline.entries import feed_digests
from syndicate.pipeline.feed_files import name_of
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.ownership import digest_at, digests_of
from syndicate.pipeline.read_blog import BlogPlan
from syndicate.pipeline.rendered_blog import RenderedBlog
from syndicate.pipeline.stale_feeds import StaleFeeds, WrittenFeed, keep_feeds
from syndicate.pipeline.vanished import settings_in_force
from syndicate.state import manifest
from syndicate.state.cache import Cache
from syndicate.state.keys import key
from syndicate.state.last_build import LastBuild, Look, ledger_stamps, remember
from syndicate.state.lock import ticked
from syndicate.state.manifest import Written
from syndicate.state.plans import Planned, keep_plans
from syndicate.state.world import stamps_of

__all__ = ["Built", "feed_settings", "remember_build", "remember_files"]


class Built(Struct, frozen=True):
    """A build whose files are in place.

    `stale` are the feeds that were written. `carried` has the number of entries of each feed by
    name. `changes` has all files of the blog; `kept` are paths at which files of others stay.
    """

    blog: RenderedBlog
    stale: StaleFeeds
    carried: Mapping[str, int]
    changes: tuple[Change, ...]
    kept: frozenset[str]

    @property
    def there(self) -> frozenset[str]:
        """Return the paths of the files that are in the output folder now."""
        return frozenset(change.path for change in self.changes if change.action != "removed")


def feed_settings(config: Config, plan: BlogPlan) -> str:
    """Return a key of the settings that decide which feeds there are."""
    return key(config.feeds, plan.blog.engine.site.url).hex()


def remember_files(built: Built, before: Written, digests: Mapping[str, str]) -> None:
    """Replace `before` in the manifest by the files that are there now. Raises StateError.

    `digests` has the digests of the staged files by path.
    """
    blog, plan, config = built.blog, built.blog.plan, built.blog.config
    # An older version wrote files without digests.
    unknown = built.there.difference(digests, before.digests)
    found = {path: digest_at(config.output_folder / path) for path in unknown}
    files = tuple(sorted(built.there | set(before.files).intersection(blog.files.paths)))
    feeds = blog.files.named(set(files))
    ids, entries = manifest.numbered({
        feed.name: [post.id for post in feed.posts[: built.carried[name_of(feed)]]]
        for feed in plan.feeds
        if name_of(feed) in built.carried
    })  # fmt: skip
    written = Written(
        files=files,
        posts=len(plan.settled.posts),
        meant=feed_settings(config, plan),
        site=plan.blog.engine.site.url,
        feeds=feeds,
        gone=manifest.gone(before, feeds),
        digests=digests_of(files, {**digests, **found}, before),
        settings=settings_in_force(config, plan.blog),
        opml=config.feeds.paths.opml,
        ids=ids,
        entries=entries,
    )
    manifest.remember(config.state_folder, config.output_folder, written)


def remember_build(
    cache: Cache, built: Built, look: Look, options: BuildOptions, report: Report
) -> None:
    """Keep the written feeds, the plans and the report in the cache. Raises StateError.

    If another build may find more, the cache keeps no last build, so that the next one reads all.
    """
    blog, plan, config = built.blog, built.blog.plan, built.blog.config
    output, state = config.output_folder, config.state_folder
    clock_ns = ticked(state)
    cache.drop_feeds(built.stale.unwanted)
    digests = {name_of(feed): feed_digests(feed, blog.entries.rows) for feed in built.stale.feeds}
    feeds = [
        WrittenFeed(feed, built.carried[name_of(feed)], digests[name_of(feed)])
        for feed in built.stale.feeds
        if name_of(feed) in built.carried and built.kept.isdisjoint(blog.files.of(feed))
    ]
    keep_feeds(cache, blog.files, output, feeds, clock_ns)
    is_complete = None not in digests.values() and not plan.settled.problems
    # Each build reports the files of others that it kept.
    if not is_complete or plan.can_change or built.kept:
        remember(cache, None, report, b"")
        return
    build = msgspec.structs.replace(
        _seen(plan, look, options),
        written=stamps_of(sorted(built.there), output, before_ns=clock_ns),
        ledger=ledger_stamps(state, before_ns=clock_ns),
        since=plan.since,
        until=plan.until,
    )
    unchanged = tuple(Change(c.path, "unchanged") for c in built.changes if c.action != "removed")
    again = msgspec.structs.replace(report, changes=unchanged, rendered=0)
    remember(cache, build, again, look.world.stamps)
    keep_plans(
        cache, Planned(plan.blog.engine.name, plan.blog.parts), plan.feeds, plan.settled.posts
    )


def _seen(plan: BlogPlan, look: Look, options: BuildOptions) -> LastBuild:
    """Return the blog's state that this build saw; without `world` if a file may have changed."""
    blog, seen, collected = plan.blog, look.build, plan.collected
    wanted = frozenset(look.world.fresh)
    files = zip(collected.sources, collected.parsed, strict=True) if wanted else ()
    prefix = blog.prefix  # computed from the disk
    paths = ((prefix + source.path, parsed.content) for source, parsed in files)
    read = {path: digest for path, digest in paths if path in wanted and digest}
    fresh = look.fresh(read)
    trusted = fresh is not None and not options.clock_fault and seen.root == str(blog.home)
    # The next build looks at the folder that holds the blog's settings.
    return msgspec.structs.replace(
        seen, world=seen.world if trusted else b"", fresh=fresh or {}, root=str(blog.home)
    )
