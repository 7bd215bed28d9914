"""Find and parse every post of a blog."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.engines.base import Engine
from syndicate.files.lookup import Files
from syndicate.model import LeftOut, Post, Problem, Source
from syndicate.posts.admission import Open
from syndicate.posts.discover import Listing, discover, listed
from syndicate.posts.parse_post import Parsed, parse
from syndicate.posts.post_dates import NO_DATE
from syndicate.posts.shared_ids import with_distinct_ids, without_shared_ids

__all__ = ["Collected", "collect"]


class Collected(Struct, frozen=True):
    """The posts of a folder, newest first; posts of the same instant are ordered by path.

    `sources` and `parsed` are the files and their results, both ordered by path.
    """

    posts: tuple[Post, ...]
    left_out: tuple[LeftOut, ...]
    problems: tuple[Problem, ...]
    sources: tuple[Source, ...] = ()
    parsed: tuple[Parsed, ...] = ()


def collect(
    root: Path,
    engine: Engine,
    *,
    now: datetime,
    keep_out: Collection[str] = (),
    only: Collection[str] = (),
    listing: Listing = listed,
    map: Callable[..., Iterable[Parsed]] = map,  # noqa: A002 - the name says how it is called
    recall: Callable[[Source], Parsed | None] = lambda _: None,
    opened: Open = lambda _data, _markup: None,
    dating: Callable[[Collection[str]], Mapping[str, datetime]] = lambda _: {},
) -> Collected:
    """Find and parse every post of the blog at `root`.

    `keep_out`, `only` and `listing` are passed to `discover`. `map` may be an executor's, if it
    keeps the order. If `recall` returns the cached result of a file, the file is not opened.
    `opened` removes the locked parts of a body. `dating` returns the dates of undated posts, by
    path, as far as it knows them.
    """
    folder = discover(root, engine, keep_out=keep_out, only=only, listing=listing)
    cached = [recall(source) for source in folder.sources]
    changed = [
        source for source, result in zip(folder.sources, cached, strict=True) if result is None
    ]
    parse_one = partial(parse, root, engine=engine, now=now, opened=opened, files=Files(root))
    fresh = iter(map(parse_one, changed))
    parsed = [result or next(fresh) for result in cached]
    parsed = _dated(folder.sources, parsed, dating, partial(map, parse_one))
    own, shared = without_shared_ids([result.post for result in parsed if result.post])
    posts, clashes = with_distinct_ids(own)
    left_out = [*folder.left_out, *(result.left_out for result in parsed if result.left_out)]
    by_path = sorted(posts, key=lambda post: post.path)
    of_files = (problem for result in parsed for problem in result.problems)
    return Collected(
        tuple(sorted(by_path, key=lambda post: post.published, reverse=True)),
        tuple(sorted(left_out, key=lambda file: file.path)),
        (*folder.problems, *of_files, *shared, *clashes),
        folder.sources,
        tuple(parsed),
    )


def _dated(
    sources: Sequence[Source],
    parsed: list[Parsed],
    dating: Callable[[Collection[str]], Mapping[str, datetime]],
    parse_all: Callable[[Iterable[Source]], Iterable[Parsed]],
) -> list[Parsed]:
    """Parse the undated files again, with the dates that `dating` returns for their paths."""
    undated = [
        source
        for source, result in zip(sources, parsed, strict=True)
        if result.left_out and result.left_out.reason == NO_DATE
    ]
    dates = dating([source.path for source in undated]) if undated else {}
    dated = [
        msgspec.structs.replace(source, date=dates[source.path])
        for source in undated
        if source.path in dates
    ]
    again = dict(zip((source.path for source in dated), parse_all(dated), strict=True))
    return [again.get(source.path, result) for source, result in zip(sources, parsed, strict=True)]
