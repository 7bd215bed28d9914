"""A build that has something to do: only what changed is rendered, assembled and written."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial

import msgspec

from syndicate.config.schema import Config
from syndicate.files.staged import commit, discard, sweep, write
from syndicate.ledger import records as ledger
from syndicate.model import Change, FeedPlan, Report, Writable
from syndicate.pages.build_pages import MOST_ON_INDEX
from syndicate.pipeline.blog import Blog, posts_key
from syndicate.pipeline.entries import Entries
from syndicate.pipeline.feed_files import FeedFiles, name_of
from syndicate.pipeline.feed_staging import Staged, Stager, gathered, staged
from syndicate.pipeline.guard import Guard
from syndicate.pipeline.kept_shapes import keep_shapes, teach_kept_shapes
from syndicate.pipeline.known_posts import KnownPosts
from syndicate.pipeline.options import Means
from syndicate.pipeline.ownership import (
    Ownership,
    digest_at,
    digests_of,
    ownership,
    ownership_problems,
)
from syndicate.pipeline.read_blog import Survey, survey
from syndicate.pipeline.render_posts import work_of
from syndicate.pipeline.vanished import nothing_read, refuse_vanished, settings_in_force
from syndicate.posts.discover import Listing, listed
from syndicate.publish import published
from syndicate.state.cache import Cache
from syndicate.state.entry_file import EntryFile, entry_file
from syndicate.state.keys import key
from syndicate.state.last_build import LastBuild, Look, forget, ledger_stamps, remember
from syndicate.state.lock import check_held, ticked
from syndicate.state.manifest import Written, gone
from syndicate.state.manifest import recall as recall_written
from syndicate.state.manifest import remember as remember_written
from syndicate.state.plans import FeedRow, Planned, feed_row, keep_plans
from syndicate.state.world import stamps_of
from syndicate.text.homes import is_unknown

__all__ = ["rebuild", "rehearsal", "rehearse"]


def rebuild(
    config: Config, means: Means, cache: Cache, look: Look, *, force: bool = False
) -> Report:
    """Bring the output folder up to date, and `cache` and ledger with it.

    `look` is what was seen before anything was read. Raises as `pipeline.build`.
    """
    known: list[KnownPosts] = []

    def remembering(blog: Blog) -> KnownPosts:
        known.append(
            KnownPosts(
                cache, posts_key(config, blog), root=blog.root, engine=blog.engine, now=means.now,
                clock_ns=look.clock_ns, by_content=config.state.compare == "content",
            )
        )  # fmt: skip
        return known[0]

    surveyed = _surveyed(config, means, remembering, look.world.listing())
    known[0].keep(surveyed.collected, surveyed.settled.posts)
    shapes = teach_kept_shapes(cache)
    with entry_file(config.state_folder) as file:
        report = _Build(config, means, surveyed, file, cache).run(look, force=force)
    keep_shapes(cache, shapes)
    return report


def rehearse(config: Config, means: Means) -> Report:
    """What a build would do; writes nothing."""
    surveyed = _surveyed(config, means)
    before = recall_written(config.state_folder, config.output_folder)
    refuse_vanished(config, surveyed, before)
    with entry_file(None) as file:
        build = _Build(config, means, surveyed, file)
        found = build.ownership(surveyed.plans, before, force=False)
        changes = write(
            build.documents(),
            config.output_folder,
            earlier=found.removable,
            keep=found.theirs,
            dry_run=True,
        )
        report = build.report(changes)
    return msgspec.structs.replace(
        report, problems=(*report.problems, *ownership_problems(found, changes))
    )


@contextmanager
def rehearsal(
    config: Config, means: Means
) -> Iterator[tuple[Iterator[Writable], Callable[[tuple[Change, ...]], Report]]]:
    """Give the documents of a build from nothing, and what then makes the report."""
    surveyed = _surveyed(config, means)
    with entry_file(None) as file:
        build = _Build(config, means, surveyed, file)
        yield build.documents(), build.report


def _surveyed(
    config: Config,
    means: Means,
    remembering: Callable[[Blog], KnownPosts | None] = lambda _: None,
    listing: Listing = listed,
) -> Survey:
    found = survey(
        config,
        now=means.now,
        sure=not means.wrong,
        executor=means.executor,
        remembering=remembering,
        timer=means.timer,
        listing=listing,
    )
    problems = (*found.blog.problems, *means.problems)
    blog = msgspec.structs.replace(found.blog, problems=problems)
    return msgspec.structs.replace(found, blog=blog)


class _Build:
    """One build, from the survey on: stale feeds are assembled, the others stay as they are."""

    def __init__(
        self,
        config: Config,
        means: Means,
        surveyed: Survey,
        file: EntryFile,
        cache: Cache | None = None,
    ) -> None:
        self._config, self._means, self._cache = config, means, cache
        self.surveyed = surveyed
        self._entries = Entries(
            work_of(config, surveyed.blog.root, surveyed.blog.engine, surveyed.links),
            surveyed.plans,
            file,
            contents={p.post.path: p.content for p in surveyed.collected.parsed if p.post},
            cache=cache,
        )
        self._files = FeedFiles(surveyed.plans, surveyed.blog.engine.site, config)
        self._rows = cache.feeds() if cache else {}
        self._carried: dict[str, int] = {}
        self._digests: dict[str, str] = {}

    def run(self, look: Look, *, force: bool) -> Report:
        """Write what changed, and remember it."""
        state, output = self._config.state_folder, self._config.output_folder
        before = recall_written(state, output)
        if not force:
            refuse_vanished(self._config, self.surveyed, before)
        planned, ours = self._files.paths, set(before.files)
        with self._means.timer("compare") as count:
            stale = self._stale()
            count(len(stale))
            found = self.ownership(stale, before, force=force)
        # Told before it is done: what a killed build has written is still ours to remove.
        if self._cache and not forget(self._cache):
            sweep(set(planned) | ours, output)
        mine = ours | set(planned) - found.foreign - found.theirs
        told = msgspec.structs.replace(before, files=tuple(sorted(mine)))
        remember_written(state, output, told)
        guard = None if force else self._new_guard(found, before)
        stager = Stager(
            self._entries, self._files, output, found.theirs, self._config.feeds.limit, guard
        )
        self._render(stale)
        with self._means.timer("write") as count:
            try:
                made = self._stage(stale, stager)
                if guard:
                    guard.decide(made.found)
                self._settle(told)
                written = commit(made.changes, output, earlier=found.removable)
            except BaseException:
                discard(planned, output)
                raise
            if not self.surveyed.blog.engine.site.preview:
                published.forget(state)
            count(sum(change.action != "unchanged" for change in written))
        stay = found.theirs.difference(each.path for each in written)
        unchanged = list(self._kept(written, stay))
        for each in unchanged:
            if each.path not in before.digests:  # an older version wrote it
                self._digests[each.path] = digest_at(output / each.path)
        changes = _in_order([*written, *unchanged], planned)
        there = {change.path for change in changes if change.action != "removed"}
        files = tuple(sorted(there | ours & set(planned)))
        remember_written(state, output, self._written(before, files))
        report = self.report(changes)
        with self._means.timer("remember"):
            self._remember(stale, there, look, report, stay)
        return msgspec.structs.replace(
            report, problems=(*report.problems, *ownership_problems(found, changes))
        )

    def ownership(self, stale: Sequence[FeedPlan], before: Written, *, force: bool) -> Ownership:
        """What stands where the files of `stale` feeds and of the whole blog go."""
        # The other feeds have the stamps that the last build left them with.
        names = set(map(name_of, stale))
        fresh = (self._files.of(feed) for feed in self.surveyed.plans if name_of(feed) not in names)
        wanted = set(self._files.paths).difference(*fresh)
        # A feed whose posts cannot be read just now is not unwanted.
        unwanted = set(before.files).difference(self._files.paths)
        output = self._config.output_folder
        return ownership(wanted, output, before, unwanted=unwanted, force=force)

    def _new_guard(self, found: Ownership, before: Written) -> Guard:
        """Return the guard, which knows the feeds that will be gone."""
        config = self._config
        seen = published.recall(config.state_folder)
        draft = is_unknown(before.site)  # a preview, which no reader knows
        guard = Guard(
            config.guard,
            config.output_folder,
            seen=msgspec.structs.replace(seen, output_is_draft=draft or seen.output_is_draft),
            foreign=found.foreign,
            kept=found.theirs,
            withheld=self.surveyed.withheld,
            held=partial(published.held, config),
        )
        if before.meant == self._meant():
            guard.look_at_removed(found.removable, before)
        return guard

    def documents(self) -> Iterator[Writable]:
        """Yield the files of all feeds, and those of the whole blog."""
        self._render(self.surveyed.plans)
        for feed in self.surveyed.plans:
            if entries := self._entries.of(feed):
                documents = self._files.make(feed, entries)
                self._carried[name_of(feed)] = documents[0].entries
                yield from documents
        yield from self._common()

    def _render(self, feeds: Sequence[FeedPlan]) -> None:
        with self._means.timer("render") as count:
            self._entries.make(feeds, self._means.executor, self._means.progress)
            count(self._entries.rendered)

    def _stage(self, stale: Sequence[FeedPlan], stager: Stager) -> Staged:
        """Stage the files of `stale` feeds, and those of the whole blog."""
        with self._means.timer("assemble") as count:
            with closing(staged(stager, stale, self._means.executor)) as parts:
                feeds = gathered(parts)
            self._entries.take(feeds.rows)
            self._carried.update(feeds.carried)
            made = gathered((feeds, stager.documents(self._common())))
            count(len(made.changes))
        self._digests = made.digests
        return made

    def _common(self) -> Iterator[Writable]:
        """Yield the files of no single feed. Raises BuildStopped if no feed has entries."""
        filled = [feed for feed in self.surveyed.plans if name_of(feed) in self._carried]
        if filled:
            latest = self._entries.of(filled[0], MOST_ON_INDEX)
            changed = max(post.updated for feed in filled for post in feed.posts)
            yield from self._files.rest(filled, latest, changed)
        elif self.surveyed.plans:
            raise nothing_read(self._config, self.surveyed, self._entries.problems())

    def _settle(self, told: Written) -> None:
        """Note the digests of staged files and commit the ledger; files are renamed afterwards."""
        check_held(self._config.state_folder)
        digests = digests_of(told.files, self._digests, told)
        told = msgspec.structs.replace(told, digests=digests)
        remember_written(self._config.state_folder, self._config.output_folder, told)
        settled = self.surveyed.settled
        ledger.keep(self._config.state_folder, settled.records, settled.dropped)

    def report(self, changes: tuple[Change, ...]) -> Report:
        """What was done."""
        report = self.surveyed.report(self._entries.problems())
        feeds = zip(report.feeds, self.surveyed.plans, strict=True)
        return msgspec.structs.replace(
            report,
            feeds=tuple(
                msgspec.structs.replace(summary, entries=self._carried[name_of(plan)])
                for summary, plan in feeds
                if name_of(plan) in self._carried
            ),
            changes=changes,
            rendered=self._entries.rendered,
        )

    def _written(self, before: Written, files: tuple[str, ...]) -> Written:
        """What the next build, and whoever serves the files, is to know of this one."""
        surveyed, feeds = self.surveyed, self._files.named(set(files))
        return Written(
            files=files,
            posts=len(surveyed.settled.posts),
            meant=self._meant(),
            site=surveyed.blog.engine.site.url,
            feeds=feeds,
            gone=gone(before, feeds),
            digests=digests_of(files, self._digests, before),
            settings=settings_in_force(self._config, surveyed.blog),
            opml=self._config.feeds.paths.opml,
        )

    def _meant(self) -> str:
        """Stands for what the configuration says of feeds: other words, other feeds."""
        return key(self._config.feeds, self.surveyed.blog.engine.site.url).hex()

    def _stale(self) -> list[FeedPlan]:
        """The feeds that are not as they would be made now."""
        stale = []
        for feed in self.surveyed.plans:
            row = self._rows.get(name_of(feed))
            made = feed_row(row[1]) if row and row[0] and row[0] == self._key(feed) else None
            if made and made.stamps == stamps_of(self._files.of(feed), self._config.output_folder):
                self._carried[name_of(feed)] = made.entries
            else:
                stale.append(feed)
        return stale

    def _key(self, feed: FeedPlan) -> bytes:
        """Stands for all that the feed is made from; for nothing where that is not known yet."""
        digests = self._entries.digests(feed)
        return b"" if digests is None else self._files.key(feed, digests)

    def _kept(self, written: Sequence[Change], stay: Collection[str]) -> Iterator[Change]:
        """The files of the feeds that were left as they are, without those of others."""
        seen = {*stay, *(change.path for change in written)}
        for feed in self.surveyed.plans:
            if name_of(feed) in self._carried:
                yield from (
                    Change(path, "unchanged") for path in self._files.of(feed) if path not in seen
                )

    def _encoded(self, feed: FeedPlan, clock_ns: int) -> bytes:
        stamps = stamps_of(self._files.of(feed), self._config.output_folder, before_ns=clock_ns)
        return msgspec.msgpack.encode(FeedRow(stamps, self._carried[name_of(feed)]))

    def _remember(
        self,
        stale: Sequence[FeedPlan],
        there: set[str],
        look: Look,
        report: Report,
        stay: frozenset[str],
    ) -> None:
        """Let the next build know all that this one found out."""
        cache, output, state = self._cache, self._config.output_folder, self._config.state_folder
        if cache is None:
            return
        self._entries.keep()
        clock_ns = ticked(state)
        cache.drop_feeds(self._rows.keys() - set(map(name_of, self.surveyed.plans)))
        keys = {name_of(feed): self._key(feed) for feed in stale}
        cache.keep_feeds({
            name_of(feed): (keys[name_of(feed)], self._encoded(feed, clock_ns))
            for feed in stale
            if name_of(feed) in self._carried and not stay.intersection(self._files.of(feed))
        })  # fmt: skip
        whole = all(keys.values()) and not self.surveyed.settled.problems
        # What was kept is told by each build.
        whole = whole and not self.surveyed.waits and not stay
        world = msgspec.structs.replace(
            self._seen(look),
            written=stamps_of(sorted(there), output, before_ns=clock_ns),
            ledger=ledger_stamps(state, before_ns=clock_ns),
            since=self.surveyed.since,
            until=self.surveyed.until,
        )
        as_left = (Change(each.path, "unchanged") for each in report.changes if each.path in there)
        again = msgspec.structs.replace(report, changes=tuple(as_left), rendered=0)
        remember(cache, world if whole else None, again, look.world.stamps)
        if whole:
            blog, posts = self.surveyed.blog, self.surveyed.settled.posts
            keep_plans(cache, Planned(blog.engine.name, blog.parts), self.surveyed.plans, posts)

    def _seen(self, look: Look) -> LastBuild:
        """Return what this build saw of the blog, without `world` if it says too little."""
        blog, seen, collected = self.surveyed.blog, look.build, self.surveyed.collected
        wanted = frozenset(look.world.fresh)
        files = zip(collected.sources, collected.parsed, strict=True) if wanted else ()
        below = blog.prefix
        paths = ((below + source.path, parsed.content) for source, parsed in files)
        read = {path: digest for path, digest in paths if path in wanted and digest}
        fresh = look.fresh(read)
        trusted = fresh is not None and not self._means.wrong and seen.root == str(blog.home)
        # The next build looks at the folder that holds the blog's settings.
        return msgspec.structs.replace(
            seen, world=seen.world if trusted else b"", fresh=fresh or {}, root=str(blog.home)
        )


def _in_order(changes: Sequence[Change], planned: Sequence[str]) -> tuple[Change, ...]:
    """As the feeds are planned, removals last."""
    place = {path: number for number, path in enumerate(planned)}
    return tuple(sorted(changes, key=lambda change: place.get(change.path, len(place))))
