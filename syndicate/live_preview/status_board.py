"""State of the preview for the browser: result of the last build, and problems of posts."""

from typing import Literal

import msgspec
from msgspec import Struct

__all__ = ["MOST_NOTES", "Note", "State", "StatusBoard"]

MOST_NOTES = 500


class Note(Struct, frozen=True):
    """Problem for the browser. `url` is the address of its post, or "" if it concerns no post."""

    path: str
    message: str
    cure: str = ""
    line: int = 0
    severity: Literal["error", "warning"] = "warning"
    url: str = ""


class State(Struct, frozen=True):
    """State of the preview. `failed` is the error of the last build; the rest is then older.

    `more` counts the problems beyond `notes`. `marks` maps the addresses of unpublished posts to
    labels such as "draft". `hidden` counts the unpublished posts that are not shown.
    """

    building: bool = True
    failed: str = ""
    posts: int = 0
    feeds: int = 0
    notes: tuple[Note, ...] = ()
    more: int = 0
    marks: dict[str, str] = {}
    hidden: int = 0


class StatusBoard:
    """Current state, written by one thread and read by others. Its number grows with each state."""

    def __init__(self) -> None:
        self._current = (0, State(), b"")
        self.put(State())

    @property
    def state(self) -> State:
        """Return the current state."""
        return self._current[1]

    @property
    def seen(self) -> tuple[int, bytes]:
        """Return the number and the JSON of the current state."""
        number, _, data = self._current
        return number, data

    def put(self, state: State) -> None:
        """Replace the state."""
        self._current = (self._current[0] + 1, state, msgspec.json.encode(state))
