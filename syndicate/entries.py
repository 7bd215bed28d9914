"""Planned posts -> entries: each made once, here or in other processes, or remembered.

An entry that an earlier build made is taken from the cache, as long as all that it was made from is
as it was.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from functools import cached_property

import msgspec

from syndicate.collect.gathered import gathered
from syndicate.content.dialects import Asked, Context, is_still_true
from syndicate.making import Made, Said, Work, make_all
from syndicate.model import Entry, FeedPlan, Post, Problem
from syndicate.state.cache import Cache, EntryRow, seal
from syndicate.state.keys import code_version, key
from syndicate.survey import BATCH, WORTH_SHARING

__all__ = ["Entries", "Progress"]

MOST_BATCHES = 100

Progress = Callable[[int, int], None]
"""Called with the number of posts that are rendered, and of those that will be."""


class Entries:
    """The entries of the posts that some feed carries.

    `contents` are the digests of their files. First `digests` tells which feeds are as they were,
    then `prepare` is told which are not, and `of` gives their entries, each once for each feed.
    """

    def __init__(
        self,
        work: Work,
        plans: Sequence[FeedPlan],
        *,
        contents: Mapping[str, str],
        cache: Cache | None = None,
        executor: Executor | None = None,
        progress: Progress = lambda *_: None,
    ) -> None:
        self._work, self._executor, self._progress = work, executor, progress
        self._cache, self._contents = cache, contents
        self._work_key = key(
            code_version(), work.engine.name, work.engine, work.excerpt_length, work.full
        )
        self._wanted = {post.path: post for plan in plans for post in plan.posts}
        self._rows = cache.entry_rows() if cache else {}
        self._known = self._still_known()
        self._made: dict[str, Entry | None] = {}
        self._uses: Counter[str] = Counter()
        self._promised: dict[str, tuple[Future[list[Made]], int]] = {}
        self._fresh: dict[str, Made] = {}
        self._to_render = 0
        self.rendered = 0
        """How many were made, and not remembered."""

    def digests(self, plan: FeedPlan) -> list[bytes] | None:
        """What tells the entries of `plan` from others; None where they are not known yet."""
        found = [self._known.get(post.path) for post in plan.posts]
        return None if None in found else [digest for digest in found if digest is not None]

    def prepare(self, plans: Sequence[FeedPlan]) -> None:
        """Set about making the entries that these feeds carry, in their order."""
        self._uses = Counter(post.path for plan in plans for post in plan.posts)
        new = [self._wanted[path] for path in self._uses if path not in self._known]
        self._to_render = len(new)
        if self._executor and len(new) >= WORTH_SHARING:
            self._share(new, self._executor)

    def of(self, plan: FeedPlan) -> list[Entry]:
        """The entries of the feed `plan`, without those whose file is gone."""
        self._load([post.path for post in plan.posts])
        found = [self._get(post) for post in plan.posts]
        for post in plan.posts:
            self._uses[post.path] -= 1
            if not self._uses[post.path]:
                del self._made[post.path]  # a large blog's entries would fill the memory
        return [entry for entry in found if entry is not None]

    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the wanted posts; one Problem for each unknown tag."""
        said = {path: each for path in self._wanted if (each := self._said(path)) is not None}
        tags: dict[str, list[str]] = {}
        for path, each in said.items():
            for name in dict.fromkeys(each.unknown):
                tags.setdefault(name, []).append(path)
        found = gathered(problem for each in said.values() for problem in each.problems)
        return (*found, *(_unknown_tag(name, paths) for name, paths in sorted(tags.items())))

    def keep(self) -> None:
        """Let the cache have what was made, and forget what no feed wants."""
        if self._cache:
            self._cache.drop_entries(path for path in self._rows if path not in self._wanted)
            self._cache.keep_entries(
                (self._row(path, made), made.entry)
                for path, made in self._fresh.items()
                if made.digest
            )

    def _still_known(self) -> dict[str, bytes]:
        """The digests of those whose entry in the cache is as it would be made now."""
        answers: dict[Asked, bool] = {}
        known = {}
        for path, row in self._rows.items():
            post = self._wanted.get(path)
            if post and row.key == self._key(post) and self._is_still_true(row.asked, answers):
                known[path] = row.digest
        return known

    def _is_still_true(self, encoded: bytes, answers: dict[Asked, bool]) -> bool:
        for asked in msgspec.msgpack.decode(encoded, type=tuple[Asked, ...]) if encoded else ():
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

    def _is_true(self, asked: Asked) -> bool:
        if asked.kind == "lies":
            return self._work.files.answer(asked.what) == asked.answer
        return is_still_true(asked, self._blog)

    def _key(self, post: Post) -> bytes:
        # JSON keeps the offsets of dates, and is made in no time.
        said = msgspec.json.encode(post)
        return key(self._work_key, said, self._contents.get(post.path, ""))

    def _share(self, posts: list[Post], executor: Executor) -> None:
        # Each batch carries `Work` along, which a large blog's links make heavy.
        size = max(BATCH, len(posts) // MOST_BATCHES)
        for start in range(0, len(posts), size):
            batch = posts[start : start + size]
            contents = [self._contents.get(post.path, "") for post in batch]
            future = executor.submit(make_all, self._work, batch, contents)
            for place, post in enumerate(batch):
                self._promised[post.path] = future, place

    def _load(self, paths: Iterable[str]) -> None:
        there = self._made.keys() | self._fresh.keys()
        missing = [path for path in paths if path in self._known and path not in there]
        if missing and self._cache:
            found = self._cache.entries(missing)
            whole = (each for each in found if seal(each[1]) == self._known.get(each[0]))
            self._made.update((path, _decoded(data)) for path, data in whole)

    def _get(self, post: Post) -> Entry | None:
        if post.path not in self._made:
            made = self._fresh.get(post.path)
            if made is None:
                made = self._fresh[post.path] = self._promise(post) or self._make(post)
                self.rendered += bool(made.entry)
            if made.digest:
                self._known[post.path] = made.digest
            self._made[post.path] = _decoded(made.entry) if made.entry else None
            self._progress(len(self._fresh), self._to_render)
        return self._made[post.path]

    def _make(self, post: Post) -> Made:
        return make_all(self._work, [post], [self._contents.get(post.path, "")])[0]

    def _promise(self, post: Post) -> Made | None:
        if post.path not in self._promised:
            return None
        future, place = self._promised.pop(post.path)
        return future.result()[place]

    def _said(self, path: str) -> Said | None:
        if path in self._fresh:
            return self._fresh[path].said
        row = self._rows.get(path)
        return msgspec.msgpack.decode(row.said, type=Said) if row and row.said else None

    def _row(self, path: str, made: Made) -> EntryRow:
        encode = msgspec.msgpack.encode
        return EntryRow(
            path,
            self._key(self._wanted[path]),
            made.digest,
            encode(made.asked) if made.asked else b"",
            encode(made.said) if made.said != Said() else b"",
        )


def _decoded(data: bytes) -> Entry:
    return msgspec.msgpack.decode(data, type=Entry)


def _unknown_tag(name: str, paths: list[str]) -> Problem:
    others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return Problem(
        paths[0],
        "unknown-tag",
        f"{name!r}, here{others}, is a tag of a theme or plug-in that is not run: the text that it"
        " encloses was kept, words in the tag itself were dropped",
        "nothing need be done where the text reads well without it",
    )
