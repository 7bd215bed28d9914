"""Planned posts -> entries: each made once, here or in other processes, or remembered.

An entry that an earlier build made is taken from the file of entries, as long as all that it was
made from is as it was.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import overload

import msgspec

from syndicate.content.marks import Context, Dependency, is_still_true
from syndicate.feeds.formats import add_shapes, new_shapes
from syndicate.model import Entry, FeedPlan, Post, Problem
from syndicate.pipeline.options import Progress
from syndicate.pipeline.processes import BATCH, WORTH_SHARING, Forks, Workers, shared
from syndicate.pipeline.render_posts import Made, Said, Work, make_all
from syndicate.state.cache import Cache, EntryRow, seal
from syndicate.state.entry_file import EntryFile
from syndicate.state.keys import code_version, key

__all__ = [
    "Entries",
    "KnownEntry",
    "StoredEntries",
    "entries_at",
    "entry_key",
    "kept",
    "work_key",
]

MOST_BATCHES = 100
"""For processes that are handed all they need with each batch: a large blog's links are heavy."""

KnownEntry = tuple[bytes, Entry]
"""An entry after its digest."""

_LARGE_BYTES = 16_000_000
"""Entries of a feed, in all formats, above which they stay on the disk."""

_MOST_BYTES = 64_000_000
"""Entries of several feeds, above which they are not held in memory at once."""

_Job = Sequence[tuple[Post, str]]
"""Posts, and the digests of their files."""


class Entries:
    """The entries of the posts that some feed carries; they lie in `file`.

    `contents` are the digests of the posts' files. `digests` tells which feeds are as they were;
    `make` renders what the others lack; `of` then gives the entries of each.
    """

    def __init__(
        self,
        work: Work,
        plans: Sequence[FeedPlan],
        file: EntryFile,
        *,
        contents: Mapping[str, str],
        cache: Cache | None = None,
    ) -> None:
        self._work, self._file, self._cache, self._contents = work, file, cache, contents
        self._work_key = work_key(work)
        self._wanted = {post.path: post for plan in plans for post in plan.posts}
        self._stored = cache.entry_rows() if cache else {}
        self._rows = self._still_known()
        self._file.cut(max((row.place.end for row in self._rows.values()), default=0))
        self._fresh: set[str] = set()
        self._whole: set[str] = set()
        self._mended: list[EntryRow] = []
        self.rendered = 0
        """How many were made, and not remembered."""

    def digests(self, plan: FeedPlan) -> list[bytes] | None:
        """What tells the entries of `plan` from others; None where they are not known."""
        digests = []
        for post in plan.posts:
            row = self._rows.get(post.path)
            if row is None or not row.key:
                return None
            digests.append(row.digest)
        return digests

    def make(
        self,
        plans: Sequence[FeedPlan],
        executor: Workers = None,
        progress: Progress = lambda *_: None,
    ) -> None:
        """Render the entries that these feeds carry and that are not known, in this order.

        Raises StateError where they cannot be written, and as `forked`.
        """
        carried = {post.path: post for plan in plans for post in plan.posts}
        new = [
            (post, self._contents.get(path, ""))
            for path, post in carried.items()
            if path not in self._rows
        ]
        progress(0, len(new))
        for rows in self._made(new, executor if len(new) >= WORTH_SHARING else None):
            self.take(rows)
            progress(len(self._fresh), len(new))

    def of(self, plan: FeedPlan, most: int | None = None) -> "Sequence[Entry]":
        """Return the first `most` entries of the feed, or all, without those whose file is gone.

        They are StoredEntries where they are large.
        """
        posts = plan.posts[:most]
        if sum(self._rows[post.path].place.size for post in posts) > _LARGE_BYTES:
            whole = tuple(post for post in posts if self._read(post) is not None)
            return StoredEntries(self._read, whole)
        found = map(self._read, posts)
        return [entry for entry in found if entry is not None]

    def mended(self) -> tuple[EntryRow, ...]:
        """Return, once, the rows of entries that the disk had damaged and that were made anew."""
        rows, self._mended = tuple(self._mended), []
        return rows

    def take(self, rows: Iterable[EntryRow]) -> None:
        """Note entries that lie in the file by now."""
        for row in rows:
            self._rows[row.path] = row
            self._fresh.add(row.path)
            self.rendered += row.place.size > 0

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the wanted posts; one Problem for each unknown tag."""
        rows = ((path, self._rows.get(path)) for path in self._wanted)
        said = {
            path: msgspec.msgpack.decode(row.said, type=Said)
            for path, row in rows
            if row and row.said
        }
        tags: dict[str, list[str]] = {}
        for path, each in said.items():
            for name in dict.fromkeys(each.unknown):
                tags.setdefault(name, []).append(path)
        found = (problem for each in said.values() for problem in each.problems)
        return (*found, *(_unknown_tag(name, paths) for name, paths in sorted(tags.items())))

    def keep(self) -> None:
        """Let the cache have what was made, and forget what no feed wants. Raises StateError."""
        if self._cache is None:
            return
        self._cache.drop_entries(path for path in self._stored if path not in self._wanted)
        rows = {path: row for path, row in self._rows.items() if row.key}
        moved = self._file.compacted({path: row.place for path, row in rows.items()})
        self._cache.keep_entries(
            msgspec.structs.replace(row, place=moved.get(path, row.place))
            for path, row in rows.items()
            if moved or path in self._fresh
        )

    def _made(self, posts: _Job, executor: Workers) -> Iterator[list[EntryRow]]:
        """Yield the rows of each batch of `posts`, whose entries now lie in the file."""
        alone = executor is None or isinstance(executor, Forks)
        size = BATCH if alone else max(BATCH, len(posts) // MOST_BATCHES)
        batches = [posts[start : start + size] for start in range(0, len(posts), size)]
        if alone:
            for answer in shared(executor, self._encoded_rows, batches):
                rows, shapes = msgspec.msgpack.decode(answer, type=tuple[list[EntryRow], bytes])
                if shapes:
                    add_shapes(shapes)
                yield rows
            return
        answers = shared(executor, partial(_encoded, self._work), batches)
        for batch, answer in zip(batches, answers, strict=True):
            yield self._kept(batch, msgspec.msgpack.decode(answer, type=list[Made]))

    def _encoded_rows(self, job: _Job) -> bytes:
        rows = self._kept(job, _all(self._work, job))
        return msgspec.msgpack.encode((rows, new_shapes()))

    def _kept(self, job: _Job, made: Sequence[Made]) -> list[EntryRow]:
        """Write entries to the file; return their rows."""
        keys = [
            self._key(post) if each.same else b"" for (post, _), each in zip(job, made, strict=True)
        ]
        return kept(self._file, [post for post, _ in job], keys, made)

    def _still_known(self) -> dict[str, EntryRow]:
        """Return the rows of entries that are as they would be made now."""
        answers: dict[Dependency, bool] = {}
        known, size = {}, self._file.size()
        for path, row in self._stored.items():
            post = self._wanted.get(path)
            if post is None or row.place.end > size or row.key != self._key(post):
                continue
            if self._is_still_true(row.asked, answers):
                known[path] = row
        return known

    def _is_still_true(self, encoded: bytes, answers: dict[Dependency, bool]) -> bool:
        for asked in (
            msgspec.msgpack.decode(encoded, type=tuple[Dependency, ...]) if encoded else ()
        ):
            if asked not in answers:
                answers[asked] = self._is_true(asked)
            if not answers[asked]:
                return False
        return True

    @cached_property
    def _blog(self) -> Context:
        work = self._work
        site, base = work.engine.variables(), work.engine.site.url
        return Context(site=site, root=work.root, links=work.links, base=base)

    def _is_true(self, asked: Dependency) -> bool:
        if asked.kind == "lies":
            return self._work.files.answer(asked.what) == asked.answer
        return is_still_true(asked, self._blog)

    def _key(self, post: Post) -> bytes:
        return entry_key(self._work_key, post, self._contents.get(post.path, ""))

    def _read(self, post: Post) -> Entry | None:
        row = self._rows[post.path]
        if not row.place.size:
            return None
        data = self._file.read(row.place)
        if row.path not in self._whole and seal(data) != row.digest:  # damaged on the disk
            job = [(post, self._contents.get(post.path, ""))]
            made = _all(self._work, job)
            self._rows[row.path] = self._kept(job, made)[0]
            self._mended.append(self._rows[row.path])
            data = made[0].entry
        self._whole.add(row.path)
        return msgspec.msgpack.decode(data, type=Entry) if data else None


class StoredEntries(Sequence[Entry]):
    """Entries that are read when they are needed, each time anew: memory may not hold them all."""

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


def work_key(work: Work) -> bytes:
    """Return what stands for all that entries are made from beside their posts."""
    return key(code_version(), work.engine.name, work.engine, work.excerpt_length, work.full)


def entry_key(under: bytes, post: Post, content: str) -> bytes:
    """Return what stands for all that an entry is made from.

    `under` is the `work_key`, `content` the digest of the post's file.
    """
    # JSON keeps the offsets of dates, and is made in no time.
    return key(under, msgspec.json.encode(post), content)


def kept(
    file: EntryFile, posts: Sequence[Post], keys: Sequence[bytes], made: Sequence[Made]
) -> list[EntryRow]:
    """Write what was made of `posts` to the file of entries; return their rows."""
    places = file.append([each.entry for each in made])
    return [
        EntryRow(post.path, known_as, seal(each.entry), each.asked, each.said, place)
        for post, known_as, each, place in zip(posts, keys, made, places, strict=True)
    ]


def entries_at(cache: Cache, file: EntryFile, paths: Iterable[str]) -> dict[str, KnownEntry]:
    """Return the entries at `paths` that are whole and stand under a key, with their digests.

    None are returned if memory may not hold them all.
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


def _encoded(work: Work, job: _Job) -> bytes:
    return msgspec.msgpack.encode(_all(work, job))


def _all(work: Work, job: _Job) -> list[Made]:
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
