"""Front matter ids that name no single post: translations share them, or many posts do."""

import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import PurePosixPath

import msgspec

from syndicate.model import Post, Problem

__all__ = ["without_shared_ids"]

_MANY = 3
"""Posts with one id from which on the id is no slip: two are a post and its copy."""
_LANGUAGE = re.compile(r"[a-z]{2}(?:[-_][A-Za-z]{2,4})?")


def without_shared_ids(posts: Sequence[Post]) -> tuple[list[Post], list[Problem]]:
    """Return the posts in their order. Those whose own id others share have their address for id.

    An id is shared if posts in several languages have it, or at least three posts. The second is
    reported. Two posts in one language are a post and its copy, which the ledger tells apart.
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
    """Return the post's language, else the folder or ending of its name that is a language's."""
    if post.language:
        return post.language.lower()
    path = PurePosixPath(post.path)
    marks = [*path.parent.parts, *path.stem.split(".")[1:]]
    return next((mark.lower() for mark in marks if _LANGUAGE.fullmatch(mark)), "")


def _not_used(known_id: str, group: Sequence[Post]) -> Problem:
    first = min(post.path for post in group)
    what = f"{len(group):,} posts have the id {known_id}; it is not used as the id of their entries"
    return Problem(first, "same-id", what, "give each post an id of its own, or none")
