"""Make the ids of a blog's posts distinct."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

import msgspec

from syndicate.model import Post, Problem

__all__ = ["with_distinct_ids", "without_shared_ids"]

_MANY = 3
"""Least number of posts with one id that share it on purpose; two are a post and its copy."""
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")


def without_shared_ids(posts: Sequence[Post]) -> tuple[list[Post], list[Problem]]:
    """Replace each front matter id that several posts share by the post's address.

    An id is shared if posts in several languages have it, or at least three posts; the second
    case is reported. Two posts in one language are a post and its copy. The ledger tells them
    apart. The order of the posts stays.
    """
    groups: dict[str, list[Post]] = defaultdict(list)
    for post in posts:
        if post.own_id:
            groups[post.id].append(post)
    problems: list[Problem] = []
    shared: set[str] = set()
    for known_id, group in groups.items():
        if len(group) > 1 and _are_translations(group):
            shared.add(known_id)
        elif len(group) >= _MANY:
            shared.add(known_id)
            problems.append(_not_used(known_id, group))
    if not shared:
        return list(posts), []
    changed = [
        msgspec.structs.replace(post, id=post.url, own_id=False)
        if post.own_id and post.id in shared
        else post
        for post in posts
    ]
    return changed, sorted(problems, key=lambda problem: problem.path)


def _are_translations(group: Sequence[Post]) -> bool:
    return len({_language(post) for post in group}) > 1


def _language(post: Post) -> str:
    """Return the post's language, else the language in its folders or in its file's name."""
    if post.language:
        return post.language.lower()
    path = PurePosixPath(post.path)
    marks = [*path.parent.parts, *path.stem.split(".")[1:]]
    return next((mark.lower() for mark in marks if _LANGUAGE.fullmatch(mark)), "")


def _not_used(known_id: str, group: Sequence[Post]) -> Problem:
    first = min(post.path for post in group)
    what = f"{len(group):,} posts have the id {known_id}; it is not used as the id of their entries"
    return Problem(first, "same-id", what, "give each post an id of its own, or none")


def with_distinct_ids(posts: list[Post]) -> tuple[list[Post], list[Problem]]:
    """Give each post an id of its own. Of several posts with one id, the earliest keeps it.

    Equal ids that two front matters give both stay: the ledger decides which post readers know
    by the id.
    """
    groups: dict[str, list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: (post.published, post.path)):
        groups[post.id].append(post)
    taken = set(groups)
    result, problems = [], []
    for first, *others in groups.values():
        result.append(first)
        for other in others:
            problems.append(_clash(first, other))
            if first.own_id and other.own_id:
                result.append(other)
                continue
            renamed = msgspec.structs.replace(other, id=_free_id(other, taken), own_id=False)
            taken.add(renamed.id)
            result.append(renamed)
    return result, sorted(problems, key=lambda problem: problem.path)


def _free_id(post: Post, taken: set[str]) -> str:
    """Return the id with the file's name added, or its whole path if that id is taken too."""
    mark = "-" if "#" in post.id else "#"
    path = PurePosixPath(post.path)
    tails = (quote(path.stem, safe=""), quote(post.path, safe=""))
    tail = next((tail for tail in tails if post.id + mark + tail not in taken), tails[-1] + "-")
    return post.id + mark + tail


def _clash(first: Post, other: Post) -> Problem:
    if first.url == other.url:
        what = f"has the address of {first.path}: {other.url}"
        return Problem(other.path, "same-address", what, "give one of them another slug or name")
    what = f"has the id of {first.path}: {other.id}"
    return Problem(other.path, "same-id", what, "give one of them another id")
