"""Match posts with their records: a pure function that does not depend on the records' order.

Every record gets at most one post. A post gets a record only if no other match is possible.
Doubtful matches are reported, never guessed. The time is linear, and an unchanged post costs one
look-up. The steps, the surest first:

    explicit id -> same file, unchanged -> content -> file -> title and date -> address

Records of existing posts are matched first, then adopted records, then withdrawn records.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from syndicate.ledger.records import Record
from syndicate.ledger.similarity import Key, address, bare, keys, moment
from syndicate.model import Post

__all__ = ["Doubt", "Recognised", "recognise"]

Item = TypeVar("Item", Post, Record)


class Doubt(Struct, frozen=True):
    """A post without a record that may be the post of `record`, and the reason."""

    post: Post
    record: Record
    reason: str


class Recognised(Struct, frozen=True):
    """The matched records, by the paths of their posts, and the doubts."""

    records: Mapping[str, Record]
    doubts: tuple[Doubt, ...] = ()


def recognise(
    posts: Sequence[Post], records: Iterable[Record], broken: Collection[str] = ()
) -> Recognised:
    """Match `posts` (newest first, with distinct paths) with `records`.

    `broken` are the paths of files that exist but cannot be read. Their records are matched only
    by an explicit id.
    """
    ordered = sorted(records, key=lambda record: record.id)
    found = _match_explicit_ids(posts, ordered)
    used = {record.id for record in found.values()}
    _match_unchanged(posts, ordered, found, used)
    if len(found) == len(posts):
        return Recognised(found)
    away = frozenset(broken)
    free = [record for record in ordered if record.id not in used and record.path not in away]
    left = [post for post in posts if post.path not in found]
    search = _Search(left, free)
    search.run(keys(_shared(left, posts, ordered)))
    return Recognised(found | search.found, tuple(search.doubts()))


def _match_explicit_ids(posts: Sequence[Post], records: Sequence[Record]) -> dict[str, Record]:
    """Match by the ids in front matter.

    Of several posts with one id, the post in the record's file gets it, else the oldest post.
    """
    if not any(post.own_id for post in posts):
        return {}
    by_id = {record.own: record for record in records if record.own}
    by_id.update((record.id, record) for record in records)
    claims: dict[str, tuple[Post, Record]] = {}
    for post in reversed(posts):
        record = by_id.get(post.id) if post.own_id else None
        if record and (record.id not in claims or post.path == record.path):
            claims[record.id] = post, record
    return {post.path: record for post, record in claims.values()}


def _match_unchanged(
    posts: Sequence[Post], records: Sequence[Record], found: dict[str, Record], used: set[str]
) -> None:
    """Match the posts whose path, content and date are unchanged. Add them to `found`."""
    by_path = {record.path: record for record in records if record.withdrawn is None}
    for post in posts:
        record = by_path.get(post.path)
        if (
            record is not None
            and record.digest == post.digest
            and record.dated == post.dated
            and record.id not in used
            and post.path not in found
        ):
            found[post.path] = record
            used.add(record.id)


def _shared(
    left: Sequence[Post], posts: Sequence[Post], records: Sequence[Record]
) -> frozenset[str]:
    """Return the digests of `left` that several posts or several records have."""
    wanted = {post.digest for post in left}
    counts = (Counter(item.digest for item in items) for items in (posts, records))
    return frozenset(digest for count in counts for digest in wanted if count[digest] > 1)


class _Search:
    """Matching of the posts and records that are left, by weaker and weaker evidence."""

    def __init__(self, posts: Sequence[Post], records: Sequence[Record]) -> None:
        self.found: dict[str, Record] = {}
        self._posts = {post.path: post for post in posts}
        self._records = {record.id: record for record in records}
        self._unclear: list[tuple[list[Post], list[Record], str]] = []

    def run(self, evidence: Sequence[tuple[str, Key]]) -> None:
        """Match by each piece of `evidence` in turn. The last is too weak for withdrawn posts."""
        known: list[Record] = []
        adopted: list[Record] = []
        withdrawn: list[Record] = []
        for record in self._records.values():
            group = withdrawn if record.withdrawn else adopted if record.adopted else known
            group.append(record)
        for records, pieces in ((known, evidence), (adopted, evidence), (withdrawn, evidence[:-1])):
            for what, key in pieces:
                self._pair(_groups(self._free(records), key), key, what)
            if records is not withdrawn:
                self._pair(_by_past(self._free(records)), address, "earlier address")

    def _free(self, records: Iterable[Record]) -> list[Record]:
        return [record for record in records if record.id in self._records]

    def _pair(self, theirs: Mapping[Hashable, list[Record]], key: Key, what: str) -> None:
        if not theirs or not self._posts:
            return
        pairs = []
        for value, posts in _groups(self._posts.values(), key).items():
            records = theirs.get(value, [])
            if len(posts) == len(records) == 1:
                pairs.append((posts[0], records[0]))
            elif records:
                self._unclear.append((posts, records, f"{len(records)} posts had its {what}"))
        # By its earlier addresses, a record may match several posts.
        wanted = Counter(record.id for _, record in pairs)
        for post, record in pairs:
            if wanted[record.id] == 1:
                self.found[post.path] = self._records.pop(record.id)
                del self._posts[post.path]
            else:
                self._unclear.append(([post], [record], f"several posts have its {what}"))

    def doubts(self) -> Iterator[Doubt]:
        """Yield at most one doubt for each post that is left."""
        reported: set[str] = set()
        for post, record, reason in (*self._several(), *self._same_file(), *self._same_time()):
            if post.path in self._posts and post.path not in reported:
                reported.add(post.path)
                yield Doubt(post, record, reason)

    def _several(self) -> Iterator[tuple[Post, Record, str]]:
        for posts, records, reason in self._unclear:
            if free := self._free(records):
                yield from ((post, free[0], reason) for post in posts)

    def _same_file(self) -> Iterator[tuple[Post, Record, str]]:
        reason = "the file is the same, but title, content, date and address differ"
        by_path = {item.path: item for item in self._records.values() if not item.withdrawn}
        for post in self._posts.values():
            if post.path in by_path:
                yield post, by_path[post.path], reason

    def _same_time(self) -> Iterator[tuple[Post, Record, str]]:
        reason = "both have the same time of publication, but file, title and content differ"
        live = [record for record in self._records.values() if not record.withdrawn]
        theirs = _groups(live, moment)
        for instant, posts in _groups(self._posts.values(), moment).items():
            records = theirs.get(instant, [])
            if len(posts) == len(records) == 1:
                yield posts[0], records[0], reason


def _groups(items: Iterable[Item], key: Key) -> dict[Hashable, list[Item]]:
    groups: dict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        if (value := key(item)) is not None:
            groups[value].append(item)
    return groups


def _by_past(records: Iterable[Record]) -> dict[Hashable, list[Record]]:
    groups: dict[Hashable, list[Record]] = defaultdict(list)
    for record in records:
        for url in dict.fromkeys(map(bare, record.past)):
            groups[url].append(record)
    return groups
