"""Hand-made posts and a ledger in memory, for the tests of identity."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from msgspec.structs import replace

from syndicate.ledger.identity import Settled, settle
from syndicate.ledger.records import Record
from syndicate.model import Post

DAY = datetime(2024, 5, 1, 9, 30, 15, tzinfo=UTC)
NOW = datetime(2026, 11, 1, 12, 0, 0, 123, tzinfo=UTC)
MOMENT = NOW.replace(microsecond=0)


def a_post(name: str, content: str = "", days: int = 0, **fields: Any) -> Post:
    """Return a post in NAME.md at /NAME, published `days` after DAY."""
    url = f"https://example.org/{name}"
    published = DAY + timedelta(days=days)
    content = content or f"all about {name}"
    post = Post(
        path=f"{name}.md",
        url=url,
        id=url,
        title=f"Title of {name}",
        published=published,
        updated=published,
        body_offset=0,
        digest=sha256(content.encode()).hexdigest(),
        dated=published.isoformat(),
    )
    return replace(post, **fields)


class Ledger:
    """Ledger of many builds in a row."""

    def __init__(self, *records: Record) -> None:
        self.records = {record.id: record for record in records}
        self.problems: tuple[str, ...] = ()

    def build(self, *posts: Post, now: datetime = NOW, broken: tuple[str, ...] = ()) -> list[Post]:
        settled = self.settle(*posts, now=now, broken=broken)
        self.records |= {record.id: record for record in settled.records}
        self.problems = tuple(problem.kind for problem in settled.problems)
        return list(settled.posts)

    def settle(self, *posts: Post, now: datetime = NOW, broken: tuple[str, ...] = ()) -> Settled:
        return settle(posts, self.records.values(), now=now, broken=broken)

    def ids(self, *posts: Post) -> list[str]:
        return [post.id for post in self.build(*posts)]
