"""Problems that many posts of a blog share, each told once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from syndicate.attachments import BUILT_NAME, LOCAL_PATH
from syndicate.collect.decoding import FOREIGN_ENCODING
from syndicate.collect.post_dates import FUTURE_DATE
from syndicate.model import Problem

__all__ = ["GUESSED_TITLE", "gathered"]

GUESSED_TITLE = "guessed-title"
_WORDS: Mapping[str, str] = {
    GUESSED_TITLE: "no title, as in {count} more; the titles were guessed",
    FOREIGN_ENCODING: "{what}, as were {count} more posts",
    LOCAL_PATH: "{what}, as were {count} more",
    BUILT_NAME: "{what}, as were {count} more",
    FUTURE_DATE: "{what}, as are {count} more posts",
}
"""Texts of Problems that stand for several posts, by kind; `what` describes the first post."""


def gathered(problems: Iterable[Problem]) -> list[Problem]:
    """Return `problems` with one Problem for all posts that have one of the same shared kind."""
    problems = list(problems)
    groups: dict[str, list[Problem]] = defaultdict(list)
    for each in problems:
        if each.kind in _WORDS:
            groups[each.kind].append(each)
    several = {kind: group for kind, group in groups.items() if len(group) > 1}
    if not several:
        return problems
    others = [each for each in problems if each.kind not in several]
    return [*others, *(_one(kind, several[kind]) for kind in sorted(several))]


def _one(kind: str, group: Sequence[Problem]) -> Problem:
    first = min(group, key=lambda each: each.path)
    words = _WORDS[kind].format(what=first.message, count=f"{len(group) - 1:,}")
    return replace(first, message=words)
