"""Parse and render edited posts, and compare them with the last build.

Each function returns None if more than words changed, or if that is in doubt.
"""

import os
from collections.abc import Container, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from syndicate.config.schema import Config
from syndicate.content.locked import public_text
from syndicate.content.marks import Dependency
from syndicate.files.lookup import Files
from syndicate.ledger import identity
from syndicate.ledger import records as ledger
from syndicate.ledger.identity import Settled
from syndicate.ledger.records import Record
from syndicate.model import UNDATED, Entry, FeedPlan, Place, Post, Source
from syndicate.pipeline.blog import Blog, posts_key
from syndicate.pipeline.entries import DigestedEntry, entries_at, entry_key, store_entries, work_key
from syndicate.pipeline.known_posts import Row, rows_of
from syndicate.pipeline.render_posts import RenderedEntry, Work, make_all
from syndicate.posts.parse_post import Parsed, parse
from syndicate.state.cache import Cache, EntryRow, seal
from syndicate.state.entry_file import EntryFile
from syndicate.state.plans import Planned, PlannedFeed
from syndicate.state.settled_posts import posts_of, settled
from syndicate.state.world import Stamp, Stamps

__all__ = ["Edit", "EditedFeed", "edited_feeds", "parsed_edits", "rendered_edits"]

_LOOKED_AT = (
    "path", "url", "id", "published", "authors", "categories", "tags", "language", "own_id",
)  # fmt: skip
"""Fields of a post on which plans, other posts or the report depend."""
_ON_PAGES = ("title", "url", "summary", "image")
"""Fields of an entry that pages show (`pages.views`)."""
_NOBODY = Record("", "", "", UNDATED, UNDATED)


class Edit(Struct, frozen=True):
    """A changed file: its cached row, its new parse result, and the post before and now.

    The posts have the ids and dates of the ledger. `row` and `entry` hold the new entry if a feed
    carries the post.
    """

    known: Row
    parsed: Parsed
    stamp: Stamp
    before: Post
    post: Post
    row: EntryRow | None = None
    entry: bytes = b""
    is_other: bool = False
    """True if the entry's bytes changed."""
    is_other_on_pages: bool = False
    """True if the bytes of a page that shows the post changed."""


def parsed_edits(
    config: Config, blog: Blog, cache: Cache, stamps: Stamps, now: datetime
) -> tuple[list[Edit], Settled] | None:
    """Return the edits and the ledger's changes; None if more than words changed."""
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


def _edit(blog: Blog, row: Row, stamp: Stamp, now: datetime, files: Files) -> Edit | None:
    """Return the edit as the file gives it; None if more than words changed."""
    engine, before = blog.engine, row.parsed.post
    place = engine.place(row.path)
    is_link = os.path.islink(f"{blog.root}/{row.path}")  # noqa: PTH114
    if before is None or any(row.beside) or is_link or not isinstance(place, Place):
        return None
    _, size, mtime_ns, ctime_ns = stamp
    source = Source(row.path, size, mtime_ns, place, ctime_ns)
    parsed = parse(blog.root, source, engine, now=now, opened=public_text, files=files)
    post = parsed.post
    if post is None or not parsed.content or not _looks_alike(before, post):
        return None
    same = ("problems", "since", "until")
    if any(getattr(row.parsed, name) != getattr(parsed, name) for name in same):
        return None
    known = settled(before, row.known)
    if post.own_id and known.id != post.id:
        return None  # other posts have the id as well
    return Edit(row, parsed, stamp, known, post)


def _looks_alike(before: Post, post: Post) -> bool:
    return all(getattr(before, name) == getattr(post, name) for name in _LOOKED_AT)


def _settled(
    config: Config, blog: Blog, edits: Sequence[Edit], now: datetime
) -> tuple[list[Edit], Settled] | None:
    """Return the edits with ids and dates of the ledger; None if identities are in doubt.

    All other records have their own posts, since the last build matched them.
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
    return (done, found) if alike and not found.problems and not found.dropped else None


def rendered_edits(
    work: Work, cache: Cache, file: EntryFile, carried: Container[str], edits: Sequence[Edit]
) -> list[Edit] | None:
    """Render the edited posts that a feed carries. Return None if more than entries changed."""
    if any(_quotes(asked, edit.post.path) for asked in cache.all_asked() for edit in edits):
        return None
    if file.is_slack(cache.size_of_entries()):
        return None  # a whole build drops unused entries
    under = work_key(work)
    before = cache.entry_rows(edit.post.path for edit in edits if edit.post.path in carried)
    keys = {e.post.path: entry_key(under, e.post, e.parsed.content) for e in edits}
    wanted = [e for e in edits if e.post.path in carried and not _is_made(before, keys, e)]
    posts = [edit.post for edit in wanted]
    made = make_all(work, posts, [edit.parsed.content for edit in wanted])
    if not all(_is_alike(before.get(p.path), each) for p, each in zip(posts, made, strict=True)):
        return None
    rows = store_entries(file, posts, [keys[post.path] for post in posts], made) if made else []
    done = {
        row.path: msgspec.structs.replace(
            edit,
            row=row,
            entry=each.entry,
            is_other=row.digest != before[row.path].digest,
            is_other_on_pages=_is_other_on_pages(file, before[row.path], each.entry),
        )
        for edit, each, row in zip(wanted, made, rows, strict=True)
    }
    return [done.get(edit.post.path, edit) for edit in edits]


def _is_made(before: Mapping[str, EntryRow], keys: Mapping[str, bytes], edit: Edit) -> bool:
    """Return True if the entry is known: the file has other times, and the same bytes."""
    row = before.get(edit.post.path)
    return row is not None and row.key == keys[edit.post.path]


def _is_alike(before: EntryRow | None, made: RenderedEntry) -> bool:
    """Return True if the post has an entry, and the same problems as before."""
    return (
        before is not None
        and made.is_current
        and bool(made.entry)
        and made.diagnostics == before.said
    )


def _is_other_on_pages(file: EntryFile, before: EntryRow, entry: bytes) -> bool:
    """Return True if pages show the entry differently than before, or if that is unknown."""
    data = file.read(before.place)
    if not data or seal(data) != before.digest:
        return True
    old, new = (msgspec.msgpack.decode(each, type=Entry) for each in (data, entry))
    return any(getattr(old, name) != getattr(new, name) for name in _ON_PAGES)


def _quotes(encoded: bytes, path: str) -> bool:
    """Return True if a post with these dependencies shows words of the file at `path`."""
    name = path.rpartition("/")[2]
    if name.encode() not in encoded:
        return False
    try:
        asked = msgspec.msgpack.decode(encoded, type=tuple[Dependency, ...])
    except msgspec.DecodeError:
        return True
    return any(each.kind not in ("lies", "post", "slug") and name in each.what for each in asked)


class EditedFeed(Struct, frozen=True):
    """A feed that carries an edited post, with all its entries and their digests."""

    plan: FeedPlan
    entries: tuple[Entry, ...]
    digests: tuple[bytes, ...]


def edited_feeds(
    cache: Cache, file: EntryFile, planned: Planned, edits: Sequence[Edit], *, pages: bool
) -> list[EditedFeed] | None:
    """Return the feed of all posts and the feeds that carry an edit; none if no entry changed.

    Return None if an entry is missing.
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
    # Pages show the day and the language of a post, which its entry does not have.
    posts = {post.path: post for post in posts_of(cache, paths)} if pages else {}
    posts |= {path: edit.post for path, edit in other.items() if pages}
    if len(entries) != len(paths) or (pages and len(posts) != len(paths)):
        return None
    return [_feed(feed, [planned.paths[p] for p in feed.posts], posts, entries) for feed in feeds]


def _feed(
    feed: PlannedFeed,
    paths: Sequence[str],
    posts: Mapping[str, Post],
    entries: Mapping[str, DigestedEntry],
) -> EditedFeed:
    plan = feed.plan([posts[path] for path in paths if path in posts])
    found = [entries[path] for path in paths]
    return EditedFeed(
        plan, tuple(entry for _, entry in found), tuple(digest for digest, _ in found)
    )
