"""What a page in the browser is told: how the last build went, and what is wrong with posts."""

from typing import Literal

import msgspec
from msgspec import Struct

__all__ = ["MOST_NOTES", "Board", "Note", "State"]

MOST_NOTES = 500


class Note(Struct, frozen=True):
    """A problem. `url` is the address of its post, by which a page finds its entry; or empty."""

    path: str
    message: str
    cure: str = ""
    line: int = 0
    severity: Literal["error", "warning"] = "warning"
    url: str = ""


class State(Struct, frozen=True):
    """How things stand. Where the last build `failed`, that says why, and the rest is older.

    `more` problems are not among `notes`. `marks` says of posts that are not published what they
    are, by address; `hidden` counts those that are not even shown.
    """

    building: bool = True
    failed: str = ""
    posts: int = 0
    feeds: int = 0
    notes: tuple[Note, ...] = ()
    more: int = 0
    marks: dict[str, str] = {}
    hidden: int = 0


class Board:
    """Where the state hangs: one thread puts it up, others read. `number` changes with it."""

    def __init__(self) -> None:
        self._up = (0, State(), b"")
        self.put(State())

    @property
    def state(self) -> State:
        """As it was put up last."""
        return self._up[1]

    @property
    def seen(self) -> tuple[int, bytes]:
        """Number and JSON of the state."""
        number, _, data = self._up
        return number, data

    def put(self, state: State) -> None:
        """Put `state` up."""
        self._up = (self._up[0] + 1, state, msgspec.json.encode(state))
