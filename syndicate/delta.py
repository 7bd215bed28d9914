"""A build in which only the words of a few posts changed: nothing else is parsed or planned.

The posts are parsed and compared with what they were. Whatever plans, other posts or the report
look at must be as before: address, id, date, terms, authors, language, problems. Then all ids,
plans and other entries stand, and only the feeds that carry the posts are made. Where anything else
is found, `rebuild` does the build; nothing is written before that is certain.
"""

import os
from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate import published
from syndicate.blog import Blog, posts_key, reopened
from syndicate.collect.posts import Parsed, parse
from syndicate.config import Config
from syndicate.content.dialects import Dependency
from syndicate.content.locked import opened
from syndicate.entries import KnownEntry, entries_at, entry_key, kept, work_key
from syndicate.feed_files import FeedFiles, name_of
from syndicate.files.lookup import Files
from syndicate.making import Made, Work, make_all, work_of
from syndicate.means import Means
from syndicate.model import (
    UNDATED,
    Change,
    Entry,
    FeedPlan,
    Place,
    Post,
    Report,
    Source,
    Writable,
)
from syndicate.publish.files import write
from syndicate.publish.ownership import digest_of, digests_of
from syndicate.state import identity, ledger
from syndicate.state.cache import Cache, EntryRow
from syndicate.state.entry_file import EntryFile, entry_file
from syndicate.state.kept_shapes import keep_shapes, teach_kept_shapes
from syndicate.state.known import Row, keep_rows, rows_of
from syndicate.state.last import (
    LastBuild,
    Look,
    forget,
    ledger_stamps,
    remember_same,
    report_of,
    stamps_before,
)
from syndicate.state.ledger import Record
from syndicate.state.lock import check_held, ticked
from syndicate.state.manifest import renew
from syndicate.state.plans import FeedRow, Links, Planned, PlannedFeed, plans_of, renew_plans
from syndicate.state.settled_posts import known_of, posts_of, settled
from syndicate.state.world import (
    FRESH_NS,
    Stamp,
    Stamps,
    changed_since,
    has_digests,
    stamps_of,
)
from syndicate.timings import Timer

__all__ = ["delta"]

MOST = 20
"""Changed files from which on a whole build is as fast."""
_LOOKED_AT = (
    "path", "url", "id", "published", "authors", "categories", "tags", "language", "own_id",
)  # fmt: skip
"""Fields of a post that plans, other posts or the report look at."""
_NOBODY = Record("", "", "", UNDATED, UNDATED)


class _Edit(Struct, frozen=True):
    """A file that changed: what was known of it, and what it says now; posts as readers know them.

    `row` and `entry` are those of its entry if some feed carries it.
    """

    known: Row
    parsed: Parsed
    stamp: Stamp
    before: Post
    post: Post
    row: EntryRow | None = None
    entry: bytes = b""
    is_other: bool = False
    """Whether the entry has other bytes than before."""


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
        found = _parsed(config, blog, cache, stamps, means.now)
        if found is None:
            return None
        edits, records = found
        count(len(edits))
    with means.timer("render") as count, entry_file(config.state_folder) as file:
        shapes = teach_kept_shapes(cache)
        work = work_of(config, blog.root, blog.engine, Links(cache))
        made = _rendered(work, cache, file, frozenset(planned.paths), edits)
        means.progress(len(edits), len(edits))
        if made is None:
            return None
        feeds = _feeds(cache, file, planned, made, pages=config.feeds.pages)
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


def _parsed(
    config: Config, blog: Blog, cache: Cache, stamps: Stamps, now: datetime
) -> tuple[list[_Edit], tuple[Record, ...]] | None:
    """Return the edits with the ledger's new records; None if more than words changed."""
    under = blog.prefix
    if not all(stamp[0].startswith(under) for stamp in stamps):
        return None
    by_path = {stamp[0][len(under) :]: stamp for stamp in stamps}
    rows = rows_of(cache, posts_key(config, blog), by_path)
    files = Files(blog.root)
    edits = [_edit(blog, row, by_path[row.path], now, files) for row in rows]
    known = [edit for edit in edits if edit is not None]
    if len(known) != len(stamps):
        return None
    return _settled(config, blog, known, now)


def _edit(blog: Blog, row: Row, stamp: Stamp, now: datetime, files: Files) -> _Edit | None:
    """Return what became of a file, as its own words give it; None if more than words changed."""
    engine, before = blog.engine, row.parsed.post
    place = engine.place(row.path)
    is_link = os.path.islink(f"{blog.root}/{row.path}")  # noqa: PTH114
    if before is None or any(row.beside) or is_link or not isinstance(place, Place):
        return None
    _, size, mtime_ns, ctime_ns = stamp
    source = Source(row.path, size, mtime_ns, place, ctime_ns)
    parsed = parse(blog.root, source, engine, now=now, opened=opened, files=files)
    post = parsed.post
    if post is None or not parsed.content or not _looks_alike(before, post):
        return None
    same = ("problems", "since", "until")
    if any(getattr(row.parsed, name) != getattr(parsed, name) for name in same):
        return None
    known = settled(before, row.known)
    if post.own_id and known.id != post.id:
        return None  # other posts have the id as well
    return _Edit(row, parsed, stamp, known, post)


def _looks_alike(before: Post, post: Post) -> bool:
    return all(getattr(before, name) == getattr(post, name) for name in _LOOKED_AT)


def _settled(
    config: Config, blog: Blog, edits: Sequence[_Edit], now: datetime
) -> tuple[list[_Edit], tuple[Record, ...]] | None:
    """Return the edits with posts as readers know them; None if identities are in doubt.

    All other records have posts of their own, as the last build found.
    """
    preview = blog.engine.site.preview
    if preview and not ledger.is_provisional_whole(config.state_folder):
        return None  # a record that is not stays as it is, and differs from its post
    ids = {edit.before.id: edit.post.path for edit in edits}
    records = ledger.find(config.state_folder, ids)
    if any(records.get(known_id, _NOBODY).path != path for known_id, path in ids.items()):
        return None
    found = identity.settle(
        [edit.post for edit in edits], records.values(), now=now, preview=preview
    )
    done = [
        msgspec.structs.replace(edit, post=post)
        for edit, post in zip(edits, found.posts, strict=True)
    ]
    alike = all(
        _looks_alike(edit.before, edit.post) and edit.before.updated <= edit.post.updated
        for edit in done
    )
    return (done, found.records) if alike and not found.problems and not found.dropped else None


def _rendered(
    work: Work, cache: Cache, file: EntryFile, carried: Container[str], edits: Sequence[_Edit]
) -> list[_Edit] | None:
    """Return the edits with their entries, if some feed carries them; None if problems changed."""
    if any(_quotes(asked, edit.post.path) for asked in cache.all_asked() for edit in edits):
        return None
    if file.is_slack(cache.size_of_entries()):
        return None  # a whole build drops what is not used any more
    under = work_key(work)
    before = cache.entry_rows(edit.post.path for edit in edits if edit.post.path in carried)
    keys = {e.post.path: entry_key(under, e.post, e.parsed.content) for e in edits}
    wanted = [e for e in edits if e.post.path in carried and not _is_made(before, keys, e)]
    posts = [edit.post for edit in wanted]
    made = make_all(work, posts, [edit.parsed.content for edit in wanted])
    if not all(_is_alike(before.get(p.path), each) for p, each in zip(posts, made, strict=True)):
        return None
    rows = kept(file, posts, [keys[post.path] for post in posts], made) if made else []
    done = {
        row.path: msgspec.structs.replace(
            edit, row=row, entry=each.entry, is_other=row.digest != before[row.path].digest
        )
        for edit, each, row in zip(wanted, made, rows, strict=True)
    }
    return [done.get(edit.post.path, edit) for edit in edits]


def _is_made(before: Mapping[str, EntryRow], keys: Mapping[str, bytes], edit: _Edit) -> bool:
    """Return whether the entry is there: the file has other times, and the same bytes."""
    row = before.get(edit.post.path)
    return row is not None and row.key == keys[edit.post.path]


def _is_alike(before: EntryRow | None, made: Made) -> bool:
    """Return whether an entry was made and nothing else is to be said of it than before."""
    return before is not None and made.same and bool(made.entry) and made.said == before.said


def _quotes(encoded: bytes, path: str) -> bool:
    """Return whether a post that asked `encoded` shows the words of the file at `path`."""
    name = path.rpartition("/")[2]
    if name.encode() not in encoded:
        return False
    try:
        asked = msgspec.msgpack.decode(encoded, type=tuple[Dependency, ...])
    except msgspec.DecodeError:
        return True
    return any(each.kind not in ("lies", "post", "slug") and name in each.what for each in asked)


class _Feed(Struct, frozen=True):
    """A feed that carries an edited post, with all its entries and their digests."""

    plan: FeedPlan
    entries: tuple[Entry, ...]
    digests: tuple[bytes, ...]


def _feeds(
    cache: Cache, file: EntryFile, planned: Planned, edits: Sequence[_Edit], *, pages: bool
) -> list[_Feed] | None:
    """Return the feed of everything and those that carry an edit; None if an entry is not there.

    Empty if no entry is another.
    """
    places = {path: place for place, path in enumerate(planned.paths)}
    other = {edit.post.path: edit for edit in edits if edit.is_other}
    touched = {places[path] for path in other}
    if not touched:
        return []
    feeds = [planned.feeds[0]]
    feeds += (feed for feed in planned.feeds[1:] if not touched.isdisjoint(feed.posts))
    paths = [planned.paths[place] for place in dict.fromkeys(p for f in feeds for p in f.posts)]
    entries = entries_at(cache, file, (path for path in paths if path not in other))
    for path, edit in other.items():
        if edit.row:
            entries[path] = edit.row.digest, msgspec.msgpack.decode(edit.entry, type=Entry)
    # Pages show the day and the language that a post has, which its entry does not say.
    posts = {post.path: post for post in posts_of(cache, paths)} if pages else {}
    posts |= {path: edit.post for path, edit in other.items() if pages}
    if len(entries) != len(paths) or (pages and len(posts) != len(paths)):
        return None
    return [_feed(feed, [planned.paths[p] for p in feed.posts], posts, entries) for feed in feeds]


def _feed(
    feed: PlannedFeed,
    paths: Sequence[str],
    posts: Mapping[str, Post],
    entries: Mapping[str, KnownEntry],
) -> _Feed:
    plan = feed.plan([posts[path] for path in paths if path in posts])
    found = [entries[path] for path in paths]
    return _Feed(plan, tuple(entry for _, entry in found), tuple(digest for digest, _ in found))


class _Delta:
    """The build, when it is certain that nothing but `edits` and `feeds` is concerned."""

    def __init__(
        self,
        config: Config,
        cache: Cache,
        blog: Blog,
        planned: Planned,
        edits: Sequence[_Edit],
        feeds: Sequence[_Feed],
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
        self._files = FeedFiles(self._plans, blog.engine.site, config.feeds)

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
        for feed in self._feeds:
            yield from self._files.make(feed.plan, feed.entries)
        if self._feeds and self._planned.changed:
            latest = self._feeds[0].entries
            yield from self._files.dated(self._plans, latest, self._planned.changed)

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

    def _left(self, feed: _Feed, clock_ns: int) -> bytes:
        output = self._config.output_folder
        stamps = stamps_of(self._files.of(feed.plan), output, before_ns=clock_ns)
        return msgspec.msgpack.encode(FeedRow(stamps, len(feed.entries)))


def _row(edit: _Edit, clock_ns: int) -> Row:
    _, size, mtime_ns, ctime_ns = edit.stamp
    return msgspec.structs.replace(
        edit.known,
        known=known_of(edit.post, edit.parsed.post),
        parsed=edit.parsed,
        stamp=(size, mtime_ns, ctime_ns),
        settled=max(mtime_ns, ctime_ns) < clock_ns - FRESH_NS,
    )
