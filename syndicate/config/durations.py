"""Durations as people write them: "15m", "1h30m", "2d"."""

import re

__all__ = ["seconds_of"]

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
_WHOLE = re.compile(r"(?:\d{1,9}[smhd])+")
_PART = re.compile(r"(\d+)([smhd])")
_LONGEST = 366 * 86_400


def seconds_of(text: str) -> int:
    """Return the duration in seconds, from 1 to a year. Raises ValueError with the fault."""
    plain = text.replace(" ", "").lower()
    if not _WHOLE.fullmatch(plain):
        raise ValueError(f"{text!r} is not a duration")
    seconds = sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(plain))
    if not 1 <= seconds <= _LONGEST:
        raise ValueError(f"{text!r} is not between a second and a year")
    return seconds
