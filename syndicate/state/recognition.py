"""Which post is which record: a pure function, the same whatever the order of the records.

A record is given to one post at most, and a post gets one only where nothing else could be meant:
a doubt is told, never guessed away. Everything is found by dicts, in linear time; a post that is
where it was, as it was, costs a look-up.

    explicit id -> same file, unchanged -> content -> file -> title and date -> address

Records of posts that were there come before adopted ones, and those before withdrawn ones.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct

from syndicate.model import Post
from syndicate.state.evidence import Key, address, bare, keys, moment
from syndicate.state.ledger import Record

__all__ = ["Doubt", "Recognised", "recognise"]

Item = TypeVar("Item", Post, Record)


class Doubt(Struct, frozen=True):
    """A post that is taken for a new one, though it may be what `record` is of; and why."""

    post: Post
    record: Record
    reason: str


class Recognised(Struct, frozen=True):
    """`records` by the path of the post that each is now given to, and the doubts that are left."""

    records: Mapping[str, Record]
    doubts: tuple[Doubt, ...] = ()


def recognise(
    posts: Sequence[Post], records: Iterable[Record], broken: Collection[str] = ()
) -> Recognised:
    """Each of `posts` (newest first, each with a path of its own) with the record that is its own.

    The files in `broken` are there but cannot be read: only an explicit id takes their records.
    """
    ordered = sorted(records, key=lambda record: record.id)
    found = _explicit(posts, ordered)
    used = {record.id for record in found.values()}
    _unchanged(posts, ordered, found, used)
    if len(found) == len(posts):
        return Recognised(found)
    away = frozenset(broken)
    free = [each for each in ordered if each.id not in used and each.path not in away]
    left = [post for post in posts if post.path not in found]
    search = _Search(left, free)
    search.run(keys(_shared(left, posts, ordered)))
    return Recognised(found | search.found, tuple(search.doubts()))


def _explicit(posts: Sequence[Post], records: Sequence[Record]) -> dict[str, Record]:
    """By the front matter's own id. Of several with one id, the record's own file has it, or else
    the oldest post.
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


def _unchanged(
    posts: Sequence[Post], records: Sequence[Record], found: dict[str, Record], used: set[str]
) -> None:
    """The many that are where they were, as they were."""
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
    """Those digests of `left` that alone say too little: several posts or records have them."""
    wanted = {post.digest for post in left}
    counts = (Counter(each.digest for each in all_of) for all_of in (posts, records))
    return frozenset(d for count in counts for d in wanted if count[d] > 1)


class _Search:
    """Posts and records that are still to be paired, the surest pairs first."""

    def __init__(self, posts: Sequence[Post], records: Sequence[Record]) -> None:
        self.found: dict[str, Record] = {}
        self._posts = {post.path: post for post in posts}
        self._records = {record.id: record for record in records}
        self._unclear: list[tuple[list[Post], list[Record], str]] = []

    def run(self, evidence: Sequence[tuple[str, Key]]) -> None:
        """Pair all that can be paired by a piece of `evidence`, the last of which is the weakest:
        it is not enough for a post that was withdrawn.
        """
        known: list[Record] = []
        adopted: list[Record] = []
        withdrawn: list[Record] = []
        for record in self._records.values():
            rank = withdrawn if record.withdrawn else adopted if record.adopted else known
            rank.append(record)
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
        # A record has several earlier addresses: two posts may want it, by one each.
        wanted = Counter(record.id for _, record in pairs)
        for post, record in pairs:
            if wanted[record.id] == 1:
                self.found[post.path] = self._records.pop(record.id)
                del self._posts[post.path]
            else:
                self._unclear.append(([post], [record], f"several posts have its {what}"))

    def doubts(self) -> Iterator[Doubt]:
        """One for each post that is left and might be what a record is of."""
        told: set[str] = set()
        for post, record, reason in (*self._several(), *self._same_file(), *self._same_time()):
            if post.path in self._posts and post.path not in told:
                told.add(post.path)
                yield Doubt(post, record, reason)

    def _several(self) -> Iterator[tuple[Post, Record, str]]:
        for posts, records, reason in self._unclear:
            if free := self._free(records):
                yield from ((post, free[0], reason) for post in posts)

    def _same_file(self) -> Iterator[tuple[Post, Record, str]]:
        reason = "the file is the same, but title, content, date and address are others"
        there = {each.path: each for each in self._records.values() if not each.withdrawn}
        for post in self._posts.values():
            if post.path in there:
                yield post, there[post.path], reason

    def _same_time(self) -> Iterator[tuple[Post, Record, str]]:
        reason = "both were published at the same moment, but file, title and content are others"
        live = [each for each in self._records.values() if not each.withdrawn]
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
