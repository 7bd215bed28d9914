"""Posts with the ids and dates that readers know them by: the pure heart of the ledger.

An id, once given, is kept through changes of file, slug, title, address and domain. `published`
moves only where the author wrote another date, and `updated` only with the content. No two posts
ever have one id, and settling what was settled changes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from syndicate.feeds.paths import fingerprint
from syndicate.model import Post, Problem
from syndicate.state.ledger import Record, is_provisional
from syndicate.state.recognition import Doubt, Recognised, recognise
from syndicate.state.renewal import known_as, renewed, unchanged

__all__ = ["Settled", "remaining", "settle"]


class Settled(Struct, frozen=True):
    """`posts` in the order given; `records` are those to keep: only new or changed ones, by id.

    `dropped` are the ids of provisional records that are to be removed.
    """

    posts: tuple[Post, ...]
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()
    dropped: tuple[str, ...] = ()


def settle(
    posts: Sequence[Post],
    records: Iterable[Record],
    *,
    now: datetime | None,
    broken: Collection[str] = (),
    preview: bool = False,
) -> Settled:
    """Give each of `posts` (newest first, each with its own path) the id and dates of its record.

    A new post keeps its own, unless its id is another's. Posts in `broken`, paths of files that
    cannot be read just now, are not taken for withdrawn. `now` is when edits and withdrawals of
    which nothing else is known took place; with None, because the clock is wrong, none are noted.

    In a `preview` (the blog's address is unknown) new records are provisional, and the other
    records stay as they are. Without it, provisional records are dropped: their posts are new.
    """
    everything = list(records)
    known = everything if preview else [r for r in everything if not is_provisional(r)]
    found = recognise(posts, known, broken)
    moment = now and now.astimezone(UTC).replace(microsecond=0)
    ids = _new_ids(posts, found.records, known)
    settled: list[Post] = []
    kept: list[Record] = []
    for post in posts:
        before = found.records.get(post.path)
        if before is not None and post.path not in ids and unchanged(post, before):
            settled.append(known_as(post, before))
            continue
        fixed = preview and before is not None and not is_provisional(before)
        record = renewed(post, before, ids.get(post.path), None if fixed else moment)
        settled.append(known_as(post, record))
        if not fixed and (record := replace(record, provisional=preview)) != before:
            kept.append(record)
    kept += _withdrawn(known, found.records, ids, broken, moment, preview=preview)
    kept.sort(key=lambda record: record.id)
    problems = tuple(_problems(posts, found, ids))
    if len(known) == len(everything):
        return Settled(tuple(settled), tuple(kept), problems)
    dropped = {r.id for r in everything} - {r.id for r in (*known, *kept)}
    return Settled(tuple(settled), tuple(kept), problems, tuple(sorted(dropped)))


def remaining(records: Iterable[Record], settled: Settled) -> tuple[Record, ...]:
    """Return `records` without those that `settled` drops."""
    dropped = frozenset(settled.dropped)
    return tuple(each for each in records if each.id not in dropped) if dropped else tuple(records)


def _new_ids(
    posts: Sequence[Post], found: Mapping[str, Record], records: Sequence[Record]
) -> dict[str, str]:
    """The id of each post, by its path, that has no record or whose author wrote another id."""
    taken = {record.id for record in records}
    ids: dict[str, str] = {}
    for post in posts:
        if post.own_id and post.id not in taken and _names_another(post, found.get(post.path)):
            ids[post.path] = post.id
            taken.add(post.id)
    for post in reversed(posts):  # of several new ones with one id, the oldest has it
        if post.path not in found and post.path not in ids:
            ids[post.path] = _free_id(post, taken)
            taken.add(ids[post.path])
    return ids


def _names_another(post: Post, before: Record | None) -> bool:
    """Whether the front matter's id is another than before. An adopted one is what readers know."""
    return before is None or (not before.adopted and post.id not in (before.id, before.own))


def _free_id(post: Post, taken: Collection[str]) -> str:
    if post.id not in taken:
        return post.id
    first = f"{post.id}{'-' if '#' in post.id else '#'}{quote(PurePosixPath(post.path).stem)}"
    wish, digits = first, 8
    while wish in taken:
        wish = f"{first}-{fingerprint(post.path, digits)}"
        digits += 1
    return wish


def _withdrawn(
    records: Iterable[Record],
    found: Mapping[str, Record],
    ids: Mapping[str, str],
    broken: Collection[str],
    now: datetime | None,
    *,
    preview: bool,
) -> list[Record]:
    """Return the records whose posts are gone, as withdrawn `now`.

    An adopted record says nothing yet of a post of ours, and a preview withdraws only its own.
    """
    if now is None:
        return []
    kept = {record.id for path, record in found.items() if path not in ids}
    away = frozenset(broken)
    return [
        replace(record, withdrawn=now)
        for record in records
        if record.id not in kept
        and record.withdrawn is None
        and not record.adopted
        and record.path not in away
        and not (preview and not is_provisional(record))
    ]


def _problems(
    posts: Iterable[Post], found: Recognised, ids: Mapping[str, str]
) -> Iterator[Problem]:
    yield from map(_doubtful, found.doubts)
    if not ids or not found.records:
        return
    moved = {each.path: (each, to) for to, each in found.records.items() if each.path != to}
    explicit = {post.path for post in posts if post.own_id}
    for post in posts:
        if post.path not in ids:
            continue
        if post.path in found.records:
            yield _changed(post, found.records[post.path].id, ids[post.path])
        elif post.path in moved and moved[post.path][1] in explicit:
            record, other = moved[post.path]
            yield _taken(post, record.id, other)


def _doubtful(doubt: Doubt) -> Problem:
    record = doubt.record
    was = f"{record.path or record.url} ({record.title or 'untitled'})"
    return Problem(
        doubt.post.path,
        "doubtful-identity",
        f"may be a new post, or what was {was}: {doubt.reason}; taken for a new one",
        f"if it is that post, write `id: {record.id}` in its front matter",
    )


def _changed(post: Post, old: str, new: str) -> Problem:
    return Problem(
        post.path,
        "id-changed",
        f"the front matter's id {new} is new; readers know the post as {old} and see it once more",
        f"write `id: {old}` in its front matter to undo it",
    )


def _taken(post: Post, old: str, other: str) -> Problem:
    return Problem(
        post.path,
        "id-changed",
        f"its id {old} now is that of {other}, whose front matter names it; "
        "readers see this post once more",
        f"give {other} another id",
    )
