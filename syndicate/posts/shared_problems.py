"""Merge the Problems that many posts of a blog share."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from syndicate.files.attachments import BUILT_NAME, LOCAL_PATH
from syndicate.model import Problem
from syndicate.posts.decoding import FOREIGN_ENCODING
from syndicate.posts.post_dates import FUTURE_DATE

__all__ = ["GUESSED_TITLE", "gathered"]

GUESSED_TITLE = "guessed-title"
_WORDS: Mapping[str, str] = {
    GUESSED_TITLE: "no title, as in {count} more; the titles were guessed",
    FOREIGN_ENCODING: "{what}, as were {count} more posts",
    LOCAL_PATH: "{what}, as were {count} more",
    BUILT_NAME: "{what}, as were {count} more",
    FUTURE_DATE: "{what}, as are {count} more posts",
}
"""Message of one Problem for several posts, by kind; `what` is the first post's message."""


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Merge the Problems of each kind that is reported once for all posts."""
    problems = list(problems)
    groups: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.kind in _WORDS:
            groups[problem.kind].append(problem)
    several = {kind: group for kind, group in groups.items() if len(group) > 1}
    if not several:
        return problems
    others = [problem for problem in problems if problem.kind not in several]
    return [*others, *(_one(kind, several[kind]) for kind in sorted(several))]


def _one(kind: str, group: Sequence[Problem]) -> Problem:
    first = min(group, key=lambda problem: problem.path)
    words = _WORDS[kind].format(what=first.message, count=f"{len(group) - 1:,}")
    return replace(first, message=words)
