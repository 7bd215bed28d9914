"""Detect a wrong clock, by the times of the last build and of the blog's files.

A clock is wrong if it is before the last build, or more than a year after the last build and every
file. A clock that is less than a year fast cannot be detected.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from syndicate.files.read import read_own
from syndicate.state.private import replace_file
from syndicate.state.refusals import unwritable

__all__ = ["FILE_NAME", "Clock", "judged", "note"]

FILE_NAME = "clock.json"
RELEASED = datetime(2025, 1, 1, tzinfo=UTC)
"""Time before which no build can have been made."""
SKEW = timedelta(hours=1)
"""Difference that is allowed between the clocks of machines with one state folder."""
AHEAD = timedelta(days=366)
OFTEN = timedelta(days=1)
"""Interval at which builds without changes record their time."""


class Clock(Struct, frozen=True):
    """Time of the build. `wrong` is the reason if it is not the time of the machine's clock."""

    now: datetime
    wrong: str = ""


class _Noted(Struct, frozen=True):
    built: datetime


def judged(state: Path, now: datetime, newest_ns: int) -> Clock:
    """Return `now`, or the time of the last build if the clock is wrong.

    `newest_ns` is the time of the blog's newest file, in nanoseconds since 1970.
    """
    built = _noted(state)
    last = built or RELEASED
    if now < last:
        back = last - now > SKEW
        return Clock(last, _message(now, last) if back else "")
    newest = min(newest_ns / 1e9, 2**53)
    if built and now - last > AHEAD and now.timestamp() - newest > AHEAD.total_seconds():
        return Clock(last, _message(now, last))
    return Clock(now)


def note(state: Path, now: datetime, *, often: bool = True) -> None:
    """Record the time `now` of a build. Raises StateError.

    Without `often`, it is recorded only if the recorded time is older than `OFTEN`.
    """
    built = _noted(state)
    if built and not often and abs(now - built) < OFTEN:
        return
    try:
        replace_file(state / FILE_NAME, msgspec.json.encode(_Noted(now)))
    except OSError as error:
        raise unwritable(error, state) from error


def _noted(state: Path) -> datetime | None:
    """Return the time of the last build; None if it is unknown."""
    try:
        built = msgspec.json.decode(read_own(state / FILE_NAME, 1_000), type=_Noted).built
    except (OSError, msgspec.DecodeError):
        return None
    return built if built.tzinfo else None


def _message(now: datetime, last: datetime) -> str:
    clock, build = (f"{time.astimezone(UTC):%Y-%m-%d %H:%M}" for time in (now, last))
    return (
        f"the clock shows {clock} UTC, but the last build was at {build} UTC. Until the clock is "
        "right, no post is withdrawn, dated, or published because it falls due"
    )
