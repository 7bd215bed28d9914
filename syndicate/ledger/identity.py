"""Give posts the ids and dates under which readers know them, by the ledger's records.

Pure functions. A post keeps its id when its file, slug, title, address or domain changes.
`published` changes only if the author writes another date, `updated` only with the content. Two
posts never have the same id. Settling settled posts again changes nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from syndicate.ledger.recognition import Doubt, Recognised, recognise
from syndicate.ledger.records import Record, is_provisional
from syndicate.ledger.update_record import unchanged, updated_record, with_record
from syndicate.model import Post, Problem
from syndicate.text.digests import fingerprint

__all__ = ["Settled", "remaining", "settle"]


class Settled(Struct, frozen=True):
    """Posts with their final ids and dates, in the given order, and the changes of the ledger.

    `records` are the new and changed records, ordered by id. `dropped` are the ids of provisional
    records to remove.
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
    """Give `posts` (newest first, with distinct paths) the ids and dates of their records.

    A new post keeps its own id, unless another post has it. `broken` are the paths of files that
    cannot be read now: their posts do not count as withdrawn. `now` is the time of edits and
    withdrawals; None, for a wrong clock, records none.

    In a `preview` (the blog's address is unknown), new records are provisional and all other
    records stay. Otherwise provisional records are dropped, and their posts are new.
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
            settled.append(with_record(post, before))
            continue
        fixed = preview and before is not None and not is_provisional(before)
        record = updated_record(post, before, ids.get(post.path), None if fixed else moment)
        settled.append(with_record(post, record))
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
    return (
        tuple(record for record in records if record.id not in dropped)
        if dropped
        else tuple(records)
    )


def _new_ids(
    posts: Sequence[Post], found: Mapping[str, Record], records: Sequence[Record]
) -> dict[str, str]:
    """Return the new ids, by path, of posts without a record or with another id of their own."""
    taken = {record.id for record in records}
    ids: dict[str, str] = {}
    for post in posts:
        if post.own_id and post.id not in taken and _names_another(post, found.get(post.path)):
            ids[post.path] = post.id
            taken.add(post.id)
    for post in reversed(posts):  # of several new posts with one id, the oldest gets it
        if post.path not in found and post.path not in ids:
            ids[post.path] = _free_id(post, taken)
            taken.add(ids[post.path])
    return ids


def _names_another(post: Post, before: Record | None) -> bool:
    """Return True if the front matter has a new id. The id of an adopted record never changes."""
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
    """Mark the records of missing posts as withdrawn `now`.

    Adopted records that no post has matched yet stay. A preview withdraws provisional records only.
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
    moved = {item.path: (item, to) for to, item in found.records.items() if item.path != to}
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
    was = f"the former {record.path or record.url} ({record.title or 'untitled'})"
    return Problem(
        doubt.post.path,
        "doubtful-identity",
        f"may be a new post, or {was}: {doubt.reason}. It was taken for a new post",
        f"if it is not new, write `id: {record.id}` in its front matter",
    )


def _changed(post: Post, old: str, new: str) -> Problem:
    return Problem(
        post.path,
        "id-changed",
        f"the front matter has the new id {new}. Readers know the post as {old} and will see it "
        "again",
        f"to undo this, write `id: {old}` in its front matter",
    )


def _taken(post: Post, old: str, other: str) -> Problem:
    return Problem(
        post.path,
        "id-changed",
        f"its id {old} now belongs to {other}, which has it in its front matter. Readers will see "
        "this post again",
        f"give {other} another id",
    )
