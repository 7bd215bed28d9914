"""Render the entries of planned posts, or take them from the file of entries.

An entry of an earlier build is taken if none of its inputs changed. `known_entries` finds these,
`render_entries` renders the others, and the resulting `Entries` reads them all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import overload

import msgspec
from msgspec import Struct

from syndicate.content.marks import Context, Dependency, is_still_true
from syndicate.feeds.formats import add_shapes, new_shapes
from syndicate.model import Entry, FeedPlan, Post, Problem
from syndicate.pipeline.options import BuildOptions
from syndicate.pipeline.processes import BATCH, WORTH_SHARING, Forks, Workers, shared
from syndicate.pipeline.render_posts import Diagnostics, RenderedEntry, Work, make_all
from syndicate.state.cache import Cache, EntryRow, seal
from syndicate.state.entry_file import EntryFile
from syndicate.state.keys import code_version, key

__all__ = [
    "DigestedEntry",
    "Entries",
    "KnownEntries",
    "Renderer",
    "StoredEntries",
    "entries_at",
    "entry_key",
    "feed_digests",
    "keep_entries",
    "known_entries",
    "render_entries",
    "store_entries",
    "work_key",
]

MOST_BATCHES = 100
"""For processes that are handed all they need with each batch: a large blog's links are heavy."""

DigestedEntry = tuple[bytes, Entry]
"""Digest of an entry, and the entry."""

_LARGE_BYTES = 16_000_000
"""Entries of a feed, in all formats, above which they stay on the disk."""

_MOST_BYTES = 64_000_000
"""Entries of several feeds, above which they are not held in memory at once."""

_Job = Sequence[tuple[Post, str]]
"""Posts, with the digests of their files."""

_Rows = Mapping[str, EntryRow]
"""Rows of entries by the path of the post."""


class Renderer(Struct, frozen=True):
    """Inputs of all entries. `contents` has the digests of the posts' files by path.

    `key` is the `work_key` of `work`. Rendered entries are appended to `file`.
    """

    work: Work
    key: bytes
    file: EntryFile
    contents: Mapping[str, str]

    def key_of(self, post: Post) -> bytes:
        """Return the cache key of the post's entry."""
        return entry_key(self.key, post, self.contents.get(post.path, ""))

    def job(self, posts: Iterable[Post]) -> _Job:
        """Return the posts with the digests of their files."""
        return [(post, self.contents.get(post.path, "")) for post in posts]

    def store(self, job: _Job, rendered: Sequence[RenderedEntry]) -> list[EntryRow]:
        """Append the entries to the file; return their rows."""
        keys = [
            self.key_of(post) if entry.is_current else b""
            for (post, _), entry in zip(job, rendered, strict=True)
        ]
        return store_entries(self.file, [post for post, _ in job], keys, rendered)

    def encoded_rows(self, job: _Job) -> bytes:
        """Render and store the entries; return their rows and the new templates, encoded."""
        rows = self.store(job, _rendered(self.work, job))
        return msgspec.msgpack.encode((rows, new_shapes()))


class KnownEntries(Struct, frozen=True):
    """Rows of the entries that need not be rendered, by the path of the post.

    `unwanted` are the paths of cached entries that no feed carries any more.
    """

    rows: _Rows = {}
    unwanted: tuple[str, ...] = ()


def known_entries(renderer: Renderer, posts: Iterable[Post], cache: Cache | None) -> KnownEntries:
    """Return the cached entries of `posts` that are as rendering would make them now.

    Entries that a killed build left at the end of the file are cut off.
    """
    stored = cache.entry_rows() if cache else {}
    wanted = {post.path: post for post in posts}
    size, dependencies = renderer.file.size(), _Dependencies(renderer.work)
    rows = {}
    for path, row in stored.items():
        post = wanted.get(path)
        if post is None or row.place.end > size:
            continue
        if row.key == renderer.key_of(post) and dependencies.hold(row.asked):
            rows[path] = row
    renderer.file.cut(max((row.place.end for row in rows.values()), default=0))
    return KnownEntries(rows, tuple(path for path in stored if path not in wanted))


def feed_digests(feed: FeedPlan, rows: _Rows) -> tuple[bytes, ...] | None:
    """Return the digests of the feed's entries; None if one has no row, or no key."""
    digests = []
    for post in feed.posts:
        row = rows.get(post.path)
        if row is None or not row.key:
            return None
        digests.append(row.digest)
    return tuple(digests)


def render_entries(
    renderer: Renderer, feeds: Iterable[FeedPlan], known: KnownEntries, options: BuildOptions
) -> "Entries":
    """Render the entries of `feeds` that are not known, in the order of the feeds.

    Raises StateError if they cannot be written, and what `forked` raises.
    """
    carried = {post.path: post for feed in feeds for post in feed.posts}
    job = renderer.job(post for path, post in carried.items() if path not in known.rows)
    made: dict[str, EntryRow] = {}
    options.progress(0, len(job))
    for rows in _stored(renderer, job, options.executor if len(job) >= WORTH_SHARING else None):
        made.update((row.path, row) for row in rows)
        options.progress(len(made), len(job))
    return Entries(renderer, known.rows, made)


class Entries:
    """Reads the entries of feeds that `render_entries` was called for.

    `made` has the rows of the entries that this build rendered. An entry that the disk damaged is
    rendered again.
    """

    def __init__(self, renderer: Renderer, known: _Rows, made: _Rows) -> None:
        self._renderer, self._known = renderer, known
        self.made = dict(made)
        self.rows = {**known, **made}
        self._whole: set[str] = set()
        self._repaired: list[EntryRow] = []

    @property
    def rendered(self) -> int:
        """Return the number of entries that this build rendered."""
        return sum(row.place.size > 0 for row in self.made.values())

    def of(self, feed: FeedPlan, most: int | None = None) -> Sequence[Entry]:
        """Return the first `most` entries of the feed, or all, except for posts without a file.

        Large entries are returned as StoredEntries.
        """
        posts = feed.posts[:most]
        if sum(self.rows[post.path].place.size for post in posts) > _LARGE_BYTES:
            whole = tuple(post for post in posts if self._read(post) is not None)
            return StoredEntries(self._read, whole)
        entries = map(self._read, posts)
        return [entry for entry in entries if entry is not None]

    def repaired(self) -> tuple[EntryRow, ...]:
        """Return the rows of damaged entries that were rendered again since the last call."""
        rows, self._repaired = tuple(self._repaired), []
        return rows

    def with_repaired(self, rows: Iterable[EntryRow]) -> "Entries":
        """Return Entries that read the repaired entries, which other processes may have stored."""
        repaired = {row.path: row for row in rows}
        return Entries(self._renderer, self._known, {**self.made, **repaired}) if repaired else self

    def problems(self, posts: Iterable[Post]) -> tuple[Problem, ...]:
        """Return the problems of `posts`, and one Problem for each unknown tag."""
        rows = ((post.path, self.rows.get(post.path)) for post in posts)
        by_path = {
            path: msgspec.msgpack.decode(row.said, type=Diagnostics)
            for path, row in rows
            if row and row.said
        }
        tags: dict[str, list[str]] = {}
        for path, diagnostics in by_path.items():
            for name in dict.fromkeys(diagnostics.unknown):
                tags.setdefault(name, []).append(path)
        found = (problem for each in by_path.values() for problem in each.problems)
        return (*found, *(_unknown_tag(name, paths) for name, paths in sorted(tags.items())))

    def _read(self, post: Post) -> Entry | None:
        row = self.rows[post.path]
        if not row.place.size:
            return None
        data = self._renderer.file.read(row.place)
        if row.path not in self._whole and seal(data) != row.digest:  # damaged on the disk
            job = self._renderer.job([post])
            rendered = _rendered(self._renderer.work, job)
            (row,) = self._renderer.store(job, rendered)
            self.rows[row.path] = self.made[row.path] = row
            self._repaired.append(row)
            data = rendered[0].entry
        self._whole.add(row.path)
        return msgspec.msgpack.decode(data, type=Entry) if data else None


class StoredEntries(Sequence[Entry]):
    """Entries that are read from the disk at each access; memory may not hold them all."""

    def __init__(self, read: Callable[[Post], Entry | None], posts: Sequence[Post]) -> None:
        self._read, self._posts = read, posts

    def __len__(self) -> int:
        return len(self._posts)

    @overload
    def __getitem__(self, index: int) -> Entry: ...
    @overload
    def __getitem__(self, index: slice) -> "StoredEntries": ...
    def __getitem__(self, index: int | slice) -> "Entry | StoredEntries":
        if isinstance(index, slice):
            return StoredEntries(self._read, self._posts[index])
        if entry := self._read(self._posts[index]):
            return entry
        raise RuntimeError(f"{self._posts[index].path}: its entry is gone")  # never: it was read


def keep_entries(cache: Cache, file: EntryFile, known: KnownEntries, entries: Entries) -> None:
    """Keep the rendered entries in the cache, and drop unwanted ones. Raises StateError."""
    cache.drop_entries(known.unwanted)
    rows = {path: row for path, row in entries.rows.items() if row.key}
    moved = file.compacted({path: row.place for path, row in rows.items()})
    cache.keep_entries(
        msgspec.structs.replace(row, place=moved.get(path, row.place))
        for path, row in rows.items()
        if moved or path in entries.made
    )


def work_key(work: Work) -> bytes:
    """Return the cache key of the inputs that all entries share."""
    return key(code_version(), work.engine.name, work.engine, work.excerpt_length, work.full)


def entry_key(under: bytes, post: Post, content: str) -> bytes:
    """Return the cache key of an entry.

    `under` is the `work_key`, `content` the digest of the post's file.
    """
    # JSON keeps the offsets of dates, and is fast.
    return key(under, msgspec.json.encode(post), content)


def store_entries(
    file: EntryFile,
    posts: Sequence[Post],
    keys: Sequence[bytes],
    rendered: Sequence[RenderedEntry],
) -> list[EntryRow]:
    """Append the rendered entries of `posts` to the file; return their rows."""
    places = file.append([each.entry for each in rendered])
    return [
        EntryRow(post.path, cache_key, seal(each.entry), each.dependencies, each.diagnostics, place)
        for post, cache_key, each, place in zip(posts, keys, rendered, places, strict=True)
    ]


def entries_at(cache: Cache, file: EntryFile, paths: Iterable[str]) -> dict[str, DigestedEntry]:
    """Return the undamaged entries at `paths` that have a key, with their digests.

    Returns none if memory may not hold them all.
    """
    found = {}
    rows = cache.entry_rows(paths).values()
    if sum(row.place.size for row in rows) > _MOST_BYTES:
        return {}
    for row in rows:
        data = file.read(row.place)
        if row.key and data and seal(data) == row.digest:
            found[row.path] = row.digest, msgspec.msgpack.decode(data, type=Entry)
    return found


class _Dependencies:
    """Check the dependencies of entries, each one once."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._answers: dict[Dependency, bool] = {}

    def hold(self, encoded: bytes) -> bool:
        """Return True if all dependencies have the same answer as when the entry was rendered."""
        if not encoded:
            return True
        for dependency in msgspec.msgpack.decode(encoded, type=tuple[Dependency, ...]):
            if dependency not in self._answers:
                self._answers[dependency] = self._holds(dependency)
            if not self._answers[dependency]:
                return False
        return True

    def _holds(self, dependency: Dependency) -> bool:
        if dependency.kind == "lies":
            return self._work.files.answer(dependency.what) == dependency.answer
        return is_still_true(dependency, self._context)

    @cached_property
    def _context(self) -> Context:
        work = self._work
        site, base = work.engine.variables(), work.engine.site.url
        return Context(site=site, root=work.root, links=work.links, base=base)


def _stored(renderer: Renderer, posts: _Job, executor: Workers) -> Iterator[list[EntryRow]]:
    """Yield the rows of each batch of `posts`, whose entries now are in the file."""
    is_here = executor is None or isinstance(executor, Forks)
    size = BATCH if is_here else max(BATCH, len(posts) // MOST_BATCHES)
    batches = [posts[start : start + size] for start in range(0, len(posts), size)]
    if is_here:
        for answer in shared(executor, renderer.encoded_rows, batches):
            rows, shapes = msgspec.msgpack.decode(answer, type=tuple[list[EntryRow], bytes])
            if shapes:
                add_shapes(shapes)
            yield rows
        return
    answers = shared(executor, partial(_encoded, renderer.work), batches)
    for batch, answer in zip(batches, answers, strict=True):
        yield renderer.store(batch, msgspec.msgpack.decode(answer, type=list[RenderedEntry]))


def _encoded(work: Work, job: _Job) -> bytes:
    return msgspec.msgpack.encode(_rendered(work, job))


def _rendered(work: Work, job: _Job) -> list[RenderedEntry]:
    return make_all(work, [post for post, _ in job], [content for _, content in job])


def _unknown_tag(name: str, paths: list[str]) -> Problem:
    others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return Problem(
        paths[0],
        "unknown-tag",
        f"{name!r}, here{others}, is a tag of a theme or plug-in that is not run: the text that it"
        " encloses was kept, words in the tag itself were dropped",
        "nothing need be done where the text reads well without it",
    )
