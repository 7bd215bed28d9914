"""Store the feed plans of a build, so that the next build need not plan after a small edit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from syndicate.model import FeedPlan, Format, Post, Tombstone
from syndicate.state.cache import Cache
from syndicate.state.world import Stamps

__all__ = [
    "FeedRow",
    "Links",
    "Planned",
    "PlannedFeed",
    "feed_row",
    "keep_plans",
    "plans_of",
    "renew_plans",
]

_NOTE, _LINKS = "plans", "links"


class FeedRow(Struct, frozen=True):
    """The stamps of a feed's files, and the number of its entries."""

    stamps: Stamps
    entries: int


class PlannedFeed(Struct, frozen=True, array_like=True, gc=False):
    """A FeedPlan whose `posts` are indexes of `Planned.paths`."""

    kind: str
    term: str
    title: str
    home: str
    files: dict[Format, str]
    tombstones: tuple[Tombstone, ...]
    posts: list[int]

    def plan(self, posts: Sequence[Post] = ()) -> FeedPlan:
        """Return the FeedPlan with `posts`."""
        return FeedPlan(
            self.kind, self.term, self.title, self.home, tuple(posts), self.files, self.tombstones
        )


class Planned(Struct, frozen=True):
    """The plans of a build. `engine` is the engine's name, `parts` are the parts of the Blog.

    `paths` are the paths of the posts in any feed. `changed` is the date of their last change; None
    without posts.
    """

    engine: str
    parts: tuple[str, ...]
    paths: list[str] = []
    feeds: list[PlannedFeed] = []
    changed: datetime | None = None


class Links(Mapping[str, str]):
    """The last build's addresses of posts, by path. They are read at the first access."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._found: dict[str, str] | None = None

    def __getitem__(self, path: str) -> str:
        return self._links()[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._links())

    def __len__(self) -> int:
        return len(self._links())

    def _links(self) -> dict[str, str]:
        if self._found is None:
            note = self._cache.note(_LINKS)
            self._found = msgspec.json.decode(note, type=dict[str, str])
        return self._found


def feed_row(data: bytes) -> FeedRow | None:
    """Decode a row. Return None if it is of another version."""
    try:
        return msgspec.msgpack.decode(data, type=FeedRow)
    except msgspec.DecodeError:
        return None


def keep_plans(
    cache: Cache, planned: Planned, plans: Sequence[FeedPlan], posts: Sequence[Post]
) -> None:
    """Store `plans` for the next build, and the addresses of all `posts`."""
    places: dict[str, int] = {}
    feeds = [
        PlannedFeed(
            plan.kind,
            plan.term,
            plan.title,
            plan.home,
            plan.files,
            plan.tombstones,
            [places.setdefault(post.path, len(places)) for post in plan.posts],
        )
        for plan in plans
    ]
    changed = max((post.updated for plan in plans for post in plan.posts), default=None)
    whole = Planned(planned.engine, planned.parts, list(places), feeds, changed)
    try:
        # MessagePack would lose the offsets of dates.
        data = msgspec.json.encode(whole)
        links = msgspec.json.encode({post.path: post.url for post in posts})
    except UnicodeEncodeError:  # half a character, from a data file
        data = links = b""
    cache.keep_note(_NOTE, data)
    cache.keep_note(_LINKS, links)


def renew_plans(cache: Cache, planned: Planned) -> None:
    """Replace the stored plans by `planned`. The addresses stay."""
    cache.keep_note(_NOTE, msgspec.json.encode(planned))


def plans_of(cache: Cache) -> Planned | None:
    """Return the last build's plans; None if they cannot be read."""
    try:
        return msgspec.json.decode(cache.note(_NOTE), type=Planned)
    except msgspec.DecodeError:
        return None
