"""The exceptions that end the parsing of a file without a post."""

from collections.abc import Iterable
from datetime import datetime

from syndicate.model import Problem

__all__ = ["Skipped", "Withheld"]


class Skipped(Exception):
    """The file gives no post; the message is the reason, for the report.

    `since` is the instant from which on the reason holds, `due` the instant at which it ends;
    None if the reason does not depend on time.
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


class Withheld(Skipped):
    """The file holds a post that its author does not publish."""
