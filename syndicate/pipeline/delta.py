"""A build in which only the words of a few posts changed: nothing else is parsed or planned.

The posts are parsed and compared with what they were. Whatever plans, other posts or the report
look at must be as before: address, id, date, terms, authors, language, problems. Then all ids,
plans and other entries stand, and only the feeds that carry the posts are made. Where anything else
is found, `rebuild` does the build; nothing is written before that is certain.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from syndicate.config.schema import Config
from syndicate.files.staged import write
from syndicate.ledger import records as ledger
from syndicate.ledger.records import Record
from syndicate.model import Change, Report, Writable
from syndicate.pipeline.blog import Blog, reopened
from syndicate.pipeline.edits import Edit, EditedFeed, edited_feeds, parsed_edits, rendered_edits
from syndicate.pipeline.feed_files import FeedFiles, name_of
from syndicate.pipeline.kept_shapes import keep_shapes, teach_kept_shapes
from syndicate.pipeline.known_posts import Row, keep_rows
from syndicate.pipeline.options import Means
from syndicate.pipeline.ownership import digest_of, digests_of
from syndicate.pipeline.render_posts import work_of
from syndicate.pipeline.timings import Timer
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
from syndicate.state.lock import check_held, ticked
from syndicate.state.manifest import renew
from syndicate.state.plans import FeedRow, Links, Planned, plans_of, renew_plans
from syndicate.state.settled_posts import known_of
from syndicate.state.world import FRESH_NS, Stamps, changed_since, has_digests, stamps_of

__all__ = ["delta"]

MOST = 20
"""Changed files from which on a whole build is as fast."""


def delta(config: Config, means: Means, cache: Cache, last: LastBuild, look: Look) -> Report | None:
    """Bring everything up to date after an edit; None if that takes a whole build.

    `last` is what the last build left; output and ledger are still so. The report has no posts.
    Raises as `pipeline.build`.
    """
    with means.timer("open"):
        planned, stamps = plans_of(cache), _changed(cache, last, look)
        if planned is None or stamps is None or not _is_plain(config):
            return None
        blog = reopened(config, Path(last.root), planned.parts, planned.engine)
    with means.timer("read") as count:
        found = parsed_edits(config, blog, cache, stamps, means.now)
        if found is None:
            return None
        edits, records = found
        count(len(edits))
    with means.timer("render") as count, entry_file(config.state_folder) as file:
        shapes = teach_kept_shapes(cache)
        work = work_of(config, blog.root, blog.engine, Links(cache))
        made = rendered_edits(work, cache, file, frozenset(planned.paths), edits)
        means.progress(len(edits), len(edits))
        if made is None:
            return None
        pages = config.feeds.pages and _shows_other(made)
        feeds = edited_feeds(cache, file, planned, made, pages=pages)
        if feeds is None:
            return None
        count(sum(edit.is_other for edit in made))
    done = _Delta(config, cache, blog, planned, made, feeds)
    report = done.run(last, look, records, means.timer)
    keep_shapes(cache, shapes)
    return report


def _is_plain(config: Config) -> bool:
    """Return whether no setting makes other files or feeds depend on the words of a post."""
    return (
        config.state.compare == "times"
        and not config.feeds.max_bytes
        and published.recall(config.state_folder) == published.Seen()  # the guard goes by it
    )


def _changed(cache: Cache, last: LastBuild, look: Look) -> Stamps | None:
    """Return the stamps of the files that changed; None if they are many, or nothing can tell."""
    found = changed_since(stamps_before(cache, last, look.above), look.world)
    if found is None or len(found) > MOST:
        return None
    changed = {stamp[0] for stamp in found}
    others = {path: digest for path, digest in last.fresh.items() if path not in changed}
    return found if has_digests(Path(last.root), others) else None


class _Delta:
    """The build, when it is certain that nothing but `edits` and `feeds` is concerned."""

    def __init__(
        self,
        config: Config,
        cache: Cache,
        blog: Blog,
        planned: Planned,
        edits: Sequence[Edit],
        feeds: Sequence[EditedFeed],
    ) -> None:
        self._config, self._cache, self._blog = config, cache, blog
        self._edits, self._feeds = edits, feeds
        changed = [edit.post.updated for edit in edits if edit.row]
        self._planned = msgspec.structs.replace(
            planned, changed=max((*changed, *filter(None, [planned.changed])), default=None)
        )
        self._is_replanned = self._planned != planned
        plans = {name_of(feed.plan): feed.plan for feed in feeds}
        self._plans = [plans.get(name_of(p), p) for p in (f.plan() for f in planned.feeds)]
        self._files = FeedFiles(self._plans, blog.engine.site, config)

    def run(
        self, last: LastBuild, look: Look, records: Sequence[Record], timer: Timer
    ) -> Report | None:
        """Write what changed, and remember it."""
        state, output = self._config.state_folder, self._config.output_folder
        report = report_of(self._cache, last, brief=True)
        if report is None:
            return None
        forget(self._cache)
        with timer("write") as count:
            written = write(self._documents(records), output)
            count(sum(change.action != "unchanged" for change in written))
        with timer("remember"):
            done = {change.path: change for change in written}
            self._remember(last, look, ticked(state), done)
        return msgspec.structs.replace(
            report,
            changes=tuple(done.get(change.path, change) for change in report.changes),
            rendered=sum(edit.row is not None for edit in self._edits),
        )

    def _documents(self, records: Sequence[Record]) -> Iterator[Writable]:
        """Yield the documents. After the last one, commit digests and ledger: files are renamed
        only afterwards.
        """
        state, output = self._config.state_folder, self._config.output_folder
        digests: dict[str, str] = {}
        for document in self._made():
            digests[document.path] = digest_of(document)
            yield document
        check_held(state)
        if digests:
            renew(state, output, lambda before: digests_of(before.files, digests, before))
        ledger.keep(state, records)

    def _made(self) -> Iterator[Writable]:
        page = _shows_other(self._edits)
        for feed in self._feeds:
            yield from self._files.make(feed.plan, feed.entries, page=page)
        if self._feeds and self._planned.changed:
            latest = self._feeds[0].entries
            yield from self._files.dated(self._plans, latest, self._planned.changed, page=page)

    def _remember(
        self, last: LastBuild, look: Look, clock_ns: int, done: Mapping[str, Change]
    ) -> None:
        """Let the next build know what this one found out."""
        cache, output, state = self._cache, self._config.output_folder, self._config.state_folder
        keep_rows(cache, (_row(edit, look.clock_ns) for edit in self._edits))
        cache.keep_entries(edit.row for edit in self._edits if edit.row)
        cache.keep_feeds({
            name_of(feed.plan): (
                self._files.key(feed.plan, feed.digests),
                self._left(feed, clock_ns),
            )
            for feed in self._feeds
        })  # fmt: skip
        if self._is_replanned:
            renew_plans(cache, self._planned)
        new = {stamp[0]: stamp for stamp in stamps_of(done, output, before_ns=clock_ns)}
        under = self._blog.prefix
        read = {under + edit.post.path: edit.parsed.content for edit in self._edits}
        fresh = look.fresh({**last.fresh, **read})
        build = msgspec.structs.replace(
            last,
            world=look.build.world if fresh is not None else b"",
            fresh=fresh or {},
            written=tuple(new.get(stamp[0], stamp) for stamp in last.written),
            ledger=ledger_stamps(state, before_ns=clock_ns),
        )
        remember_same(cache, build, look.world.stamps)

    def _left(self, feed: EditedFeed, clock_ns: int) -> bytes:
        output = self._config.output_folder
        stamps = stamps_of(self._files.of(feed.plan), output, before_ns=clock_ns)
        return msgspec.msgpack.encode(FeedRow(stamps, len(feed.entries)))


def _shows_other(edits: Sequence[Edit]) -> bool:
    """Return whether a page has to change. Most edits change no title, excerpt or picture."""
    return any(edit.is_other_on_pages for edit in edits)


def _row(edit: Edit, clock_ns: int) -> Row:
    _, size, mtime_ns, ctime_ns = edit.stamp
    return msgspec.structs.replace(
        edit.known,
        known=known_of(edit.post, edit.parsed.post),
        parsed=edit.parsed,
        stamp=(size, mtime_ns, ctime_ns),
        settled=max(mtime_ns, ctime_ns) < clock_ns - FRESH_NS,
    )
