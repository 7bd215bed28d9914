"""Planned posts -> entries: each rendered and composed once, here or in other processes.

body -> marks of the generator resolved -> Content -> Entry. The bytes are the same whoever makes
them, and in whatever order. An entry that an earlier build made is taken from the cache, as long
as all that it was made from is as it was.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.collect.posts import body_of, content_digest, internal, read_file, read_meta
from syndicate.content.dialects import Asked, Context, Resolved, has_marks, is_still_true, resolve
from syndicate.engines import Engine
from syndicate.model import Content, Entry, FeedPlan, Post, Problem
from syndicate.state.cache import Cache, EntryRow
from syndicate.state.keys import code_version, key
from syndicate.survey import BATCH, WORTH_SHARING

__all__ = ["Entries", "Progress", "Work"]

MOST_BATCHES = 100

Progress = Callable[[int, int], None]
"""Called with the number of posts that are rendered, and of those that will be."""


class Work(Struct, frozen=True):
    """What rendering a post takes besides the post. `links` maps paths of posts to addresses."""

    root: Path
    engine: Engine
    links: Mapping[str, str]
    excerpt_length: int
    full: bool


class _Said(Struct, frozen=True):
    """What is to be told of a post; `unknown` names the tags in it that we do not know."""

    problems: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()


class _Made(Struct, frozen=True):
    """What became of a post. `entry` is encoded, and empty where the file is gone."""

    entry: bytes
    digest: bytes = b""
    said: _Said = _Said()
    asked: tuple[Asked, ...] = ()


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
        self._promised: dict[str, tuple[Future[list[_Made]], int]] = {}
        self._fresh: dict[str, _Made] = {}
        self._to_render = 0

    @property
    def rendered(self) -> int:
        """How many were made, and not remembered."""
        return sum(bool(made.entry) for made in self._fresh.values())

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
        found = (problem for each in said.values() for problem in each.problems)
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
                answers[asked] = is_still_true(asked, self._work.root, self._work.links)
            if not answers[asked]:
                return False
        return True

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
            future = executor.submit(_make_all, self._work, batch, contents)
            for place, post in enumerate(batch):
                self._promised[post.path] = future, place

    def _load(self, paths: Iterable[str]) -> None:
        missing = [path for path in paths if path in self._known and path not in self._made]
        if missing and self._cache:
            found = self._cache.entries(missing)
            self._made.update((path, _decoded(data)) for path, data in found)

    def _get(self, post: Post) -> Entry | None:
        if post.path not in self._made:
            made = self._promise(post)
            made = made or _make(self._work, post, self._contents.get(post.path, ""))
            self._fresh[post.path] = made
            if made.digest:
                self._known[post.path] = made.digest
            self._made[post.path] = _decoded(made.entry) if made.entry else None
            self._progress(len(self._fresh), self._to_render)
        return self._made[post.path]

    def _promise(self, post: Post) -> _Made | None:
        if post.path not in self._promised:
            return None
        future, place = self._promised.pop(post.path)
        return future.result()[place]

    def _said(self, path: str) -> _Said | None:
        if path in self._fresh:
            return self._fresh[path].said
        row = self._rows.get(path)
        return msgspec.msgpack.decode(row.said, type=_Said) if row and row.said else None

    def _row(self, path: str, made: _Made) -> EntryRow:
        encode = msgspec.msgpack.encode
        return EntryRow(
            path,
            self._key(self._wanted[path]),
            made.digest,
            encode(made.asked) if made.asked else b"",
            encode(made.said) if made.said != _Said() else b"",
        )


def _decoded(data: bytes) -> Entry:
    return msgspec.msgpack.decode(data, type=Entry)


def _make_all(work: Work, posts: list[Post], contents: list[str]) -> list[_Made]:
    return [_make(work, *each) for each in zip(posts, contents, strict=True)]


def _make(work: Work, post: Post, content: str) -> _Made:
    try:
        return _made(work, post, content)
    except OSError as error:
        return _Made(b"", said=_Said((_unreadable(post, error),)))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not sink the other posts
        return _Made(b"", said=_Said((internal(post.path, error),)))


def _made(work: Work, post: Post, content: str) -> _Made:
    from syndicate.feeds.compose import compose

    data = read_file(work.root, post)
    resolved = _resolved(work, post, body_of(data, post))
    rendered = _rendered(work, post, resolved.text)
    entry = msgspec.msgpack.encode(compose(post, rendered, site=work.engine.site, full=work.full))
    said = _Said(tuple(_problems(post, resolved)), resolved.unknown)
    # A file that has changed since its header was read is not what its key says.
    same = content_digest(data) == content
    return _Made(entry, _digest(entry) if same else b"", said, resolved.asked)


def _digest(data: bytes) -> bytes:
    return blake2b(data, digest_size=16).digest()


def _resolved(work: Work, post: Post, body: str) -> Resolved:
    """The body without the generator's own marks."""
    dialect = "mdx" if post.path.endswith(".mdx") else work.engine.dialect
    if not has_marks(body, dialect, work.links):
        return Resolved(body)
    meta = read_meta(work.root, post, work.engine)
    if dialect == "liquid" and meta.get("render_with_liquid") is False:
        return Resolved(body)
    context = Context(
        page={
            **meta,
            "title": post.title,
            "url": post.url.removeprefix(work.engine.site.url),
            "date": post.published,
            "categories": list(post.categories),
            "tags": list(post.tags),
            "path": post.path,
        },
        site=work.engine.variables(),
        root=work.root,
        path=post.path,
        links=work.links,
        base=work.engine.site.url,
        page_url=post.url,
    )
    return resolve(body, dialect, markup=post.markup, context=context)


def _rendered(work: Work, post: Post, body: str) -> Content:
    from syndicate.content.render import render

    return render(
        body,
        markup=post.markup,
        page=post.url,
        base=work.engine.site.url,
        title=post.title,
        excerpt=post.excerpt,
        excerpt_length=work.excerpt_length,
        separator=work.engine.excerpt_separator,
    )


def _problems(post: Post, resolved: Resolved) -> list[Problem]:
    found = [
        Problem(post.path, "template", fault, "correct it, or put it in a code block")
        for fault in resolved.faults
    ]
    if post.markup == "rst" and not _reads_rst():
        what = "reStructuredText is shown as it is written: docutils is not installed"
        found.append(Problem(post.path, "rst", what, "pip install 'syndicate-feeds[rst]'"))
    return found


def _reads_rst() -> bool:
    from syndicate.content.rst import is_available

    return is_available()


def _unreadable(post: Post, error: OSError) -> Problem:
    return Problem(
        post.path,
        "unreadable",
        f"went away while the feeds were built ({error.strerror})",
        "build again",
        severity="error",
    )


def _unknown_tag(name: str, paths: list[str]) -> Problem:
    others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return Problem(
        paths[0],
        "unknown-tag",
        f"{name!r}, here{others}, is no tag of the generator's own: dropped, its text kept",
        "nothing need be done where the text reads well without it",
    )
