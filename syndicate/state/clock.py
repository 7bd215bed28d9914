"""Tells a wrong clock from a right one, by the time of the last build and of the blog's files.

A clock is wrong if it is before the last build, or a year after the last build and every file. A
clock that is wrong by less and ahead cannot be known from a right one.
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
"""No build of this program was made before."""
SKEW = timedelta(hours=1)
"""Machines that share a state folder may differ by as much."""
AHEAD = timedelta(days=366)
OFTEN = timedelta(days=1)
"""Builds that change nothing note their time once in this time."""


class Clock(Struct, frozen=True):
    """The moment to build for. `wrong` says why it is not that of the machine's clock."""

    now: datetime
    wrong: str = ""


class _Noted(Struct, frozen=True):
    built: datetime


def judged(state: Path, now: datetime, newest_ns: int) -> Clock:
    """Return `now`, or the moment of the last build where the clock cannot be right.

    `newest_ns` is the time of the blog's newest file, in nanoseconds.
    """
    built = _noted(state)
    last = built or RELEASED
    if now < last:
        back = last - now > SKEW
        return Clock(last, _said(now, last) if back else "")
    newest = min(newest_ns / 1e9, 2**53)
    if built and now - last > AHEAD and now.timestamp() - newest > AHEAD.total_seconds():
        return Clock(last, _said(now, last))
    return Clock(now)


def note(state: Path, now: datetime, *, often: bool = True) -> None:
    """Remember that a build was made `now`; without `often` only if that says something new.

    Raises StateError.
    """
    built = _noted(state)
    if built and not often and abs(now - built) < OFTEN:
        return
    try:
        replace_file(state / FILE_NAME, msgspec.json.encode(_Noted(now)))
    except OSError as error:
        raise unwritable(error, state) from error


def _noted(state: Path) -> datetime | None:
    """When the last build was made; None where it is not known."""
    try:
        built = msgspec.json.decode(read_own(state / FILE_NAME, 1_000), type=_Noted).built
    except (OSError, msgspec.DecodeError):
        return None
    return built if built.tzinfo else None


def _said(now: datetime, last: datetime) -> str:
    clock, build = (f"{each.astimezone(UTC):%Y-%m-%d %H:%M}" for each in (now, last))
    return (
        f"the clock says {clock} UTC, and the last build was at {build} UTC: until the clock is "
        "right, no post is withdrawn, dated, or published because it falls due"
    )
