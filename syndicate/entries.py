"""Planned posts -> entries: each rendered and composed once, here or in other processes.

body -> marks of the generator resolved -> Content -> Entry. The bytes are the same whoever makes
them, and in whatever order.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path

from msgspec import Struct

from syndicate.collect.posts import internal, read_body, read_meta
from syndicate.content.dialects import Context, Resolved, has_marks, resolve
from syndicate.content.render import render
from syndicate.content.rst import is_available
from syndicate.engines import Engine
from syndicate.feeds.compose import compose
from syndicate.model import Content, Entry, FeedPlan, Post, Problem
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


class _Made(Struct, frozen=True):
    """What became of a post; `unknown` names the tags in it that we do not know."""

    entry: Entry | None
    problems: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()


class Entries:
    """The entry of each post that some feed carries, ready when the first feed asks for it."""

    def __init__(
        self,
        work: Work,
        plans: Sequence[FeedPlan],
        progress: Progress,
        executor: Executor | None = None,
    ) -> None:
        self._work, self._progress = work, progress
        self._made: dict[str, _Made] = {}
        self._promised: dict[str, tuple[Future[list[_Made]], int]] = {}
        wanted = {post.path: post for plan in plans for post in plan.posts}
        self._wanted = len(wanted)
        if executor and len(wanted) >= WORTH_SHARING:
            self._share(list(wanted.values()), executor)

    def __len__(self) -> int:
        return sum(made.entry is not None for made in self._made.values())

    def of(self, plan: FeedPlan) -> list[Entry]:
        """The entries of the feed `plan`, without those whose file is gone."""
        return [entry for post in plan.posts if (entry := self._get(post).entry) is not None]

    def problems(self) -> tuple[Problem, ...]:
        """What was wrong with the posts asked for so far; one Problem for each unknown tag."""
        found = [problem for made in self._made.values() for problem in made.problems]
        tags: dict[str, list[str]] = {}
        for path, made in self._made.items():
            for name in dict.fromkeys(made.unknown):
                tags.setdefault(name, []).append(path)
        return (*found, *(_unknown_tag(name, paths) for name, paths in sorted(tags.items())))

    def _share(self, posts: list[Post], executor: Executor) -> None:
        # Each batch carries `Work` along, which a large blog's links make heavy.
        size = max(BATCH, len(posts) // MOST_BATCHES)
        for start in range(0, len(posts), size):
            batch = posts[start : start + size]
            future = executor.submit(_make_all, self._work, batch)
            for place, post in enumerate(batch):
                self._promised[post.path] = future, place

    def _get(self, post: Post) -> _Made:
        if post.path not in self._made:
            self._made[post.path] = self._promise(post) or _make(self._work, post)
            self._progress(len(self._made), self._wanted)
        return self._made[post.path]

    def _promise(self, post: Post) -> _Made | None:
        if post.path not in self._promised:
            return None
        future, place = self._promised.pop(post.path)
        return future.result()[place]


def _make_all(work: Work, posts: list[Post]) -> list[_Made]:
    return [_make(work, post) for post in posts]


def _make(work: Work, post: Post) -> _Made:
    try:
        return _made(work, post)
    except OSError as error:
        return _Made(None, (_unreadable(post, error),))
    except Exception as error:  # noqa: BLE001 - a fault of ours must not sink the other posts
        return _Made(None, (internal(post.path, error),))


def _made(work: Work, post: Post) -> _Made:
    resolved = _resolved(work, post, read_body(work.root, post))
    content = _rendered(work, post, resolved.text)
    entry = compose(post, content, site=work.engine.site, full=work.full)
    return _Made(entry, tuple(_problems(post, resolved)), resolved.unknown)


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
    if post.markup == "rst" and not is_available():
        what = "reStructuredText is shown as it is written: docutils is not installed"
        found.append(Problem(post.path, "rst", what, "pip install 'syndicate-feeds[rst]'"))
    return found


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
