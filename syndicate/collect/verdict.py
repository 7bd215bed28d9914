"""How a file that gives no post says so."""

from collections.abc import Iterable
from datetime import datetime

from syndicate.model import Problem

__all__ = ["Out", "Withheld"]


class Out(Exception):
    """The file gives no post: the reason, and the Problem that tells of it where it is one.

    It is so from `since` on, and until it is `due`, as far as its dates say so.
    """

    def __init__(
        self,
        reason: str,
        problems: Iterable[Problem] = (),
        *,
        since: datetime | None = None,
        due: datetime | None = None,
    ) -> None:
        super().__init__(reason)
        self.problems = tuple(problems)
        self.since = since
        self.due = due


class Withheld(Out):
    """The file holds a post that its author keeps from the public."""
