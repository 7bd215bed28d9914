"""Format dates as Ruby's ``strftime`` does, in English on every machine."""

import re
from datetime import UTC, date, datetime, time
from email.utils import parsedate_to_datetime

from syndicate.text.calendar import MONTHS, WEEKDAYS

__all__ = ["moment", "strftime"]

_DIRECTIVE = re.compile(r"%([-_0^#:]*)(\d{0,2})([A-Za-z%+])")
_SHORTHANDS = {
    "D": "%m/%d/%y", "F": "%Y-%m-%d", "R": "%H:%M", "T": "%H:%M:%S", "X": "%H:%M:%S",
    "x": "%m/%d/%y", "c": "%a %b %e %H:%M:%S %Y", "r": "%I:%M:%S %p", "v": "%e-%^b-%Y",
    "h": "%b",
}  # fmt: skip
_WIDTHS = dict.fromkeys("mdeHIklMSyUVWCg", 2) | {"j": 3, "Y": 4, "G": 4, "L": 3}
_SPACED = frozenset("ekl")
_OFFSET = re.compile(r"\s*([+-]\d\d):?(\d\d)$")


def moment(value: object) -> datetime | None:
    """Return `value` as a datetime: a date, seconds since 1970, or text with an ISO date first."""
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    try:
        if isinstance(value, int | float) or (isinstance(value, str) and value.isdigit()):
            return datetime.fromtimestamp(float(value), UTC)
        return _written(value.strip()) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _written(text: str) -> datetime:
    text = _OFFSET.sub(r"\1:\2", text.replace(" UTC", "+00:00"))
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return parsedate_to_datetime(text)


def strftime(value: datetime, pattern: str) -> str:
    """Return `value` formatted by `pattern`. Unknown directives stay unchanged."""
    return _DIRECTIVE.sub(lambda match: _written_as(value, match), pattern[:1000])


def _written_as(value: datetime, match: re.Match[str]) -> str:
    flags, width, letter = match.groups()
    if letter in _SHORTHANDS:
        text = strftime(value, _SHORTHANDS[letter])
    else:
        part = _part(value, letter, flags)
        if part is None:
            return match[0]
        text = part if isinstance(part, str) else _padded(part, letter, flags, width)
    if "^" in flags:
        return text.upper()
    return text.swapcase() if "#" in flags else text


def _padded(number: int, letter: str, flags: str, width: str) -> str:
    if "-" in flags:
        return str(number)
    blank = "_" in flags or (letter in _SPACED and "0" not in flags)
    return str(number).rjust(int(width or _WIDTHS.get(letter, 1)), " " if blank else "0")


def _part(value: datetime, letter: str, flags: str) -> int | str | None:
    year, week, weekday = value.isocalendar()
    day_of_year = value.timetuple().tm_yday
    offset = value.strftime("%z") or "+0000"
    parts: dict[str, int | str] = {
        "Y": value.year, "y": value.year % 100, "C": value.year // 100, "m": value.month,
        "d": value.day, "e": value.day, "j": day_of_year, "H": value.hour, "k": value.hour,
        "I": value.hour % 12 or 12, "l": value.hour % 12 or 12, "M": value.minute,
        "S": value.second, "L": value.microsecond // 1000, "N": f"{value.microsecond:06d}000",
        "A": WEEKDAYS[weekday - 1], "a": WEEKDAYS[weekday - 1][:3], "B": MONTHS[value.month - 1],
        "b": MONTHS[value.month - 1][:3], "p": "PM" if value.hour > 11 else "AM",
        "P": "pm" if value.hour > 11 else "am", "u": weekday, "w": weekday % 7, "G": year,
        "g": year % 100, "V": week, "U": (day_of_year + 6 - weekday % 7) // 7,
        "W": (day_of_year + 6 - (weekday - 1)) // 7, "s": _seconds(value), "n": "\n", "t": "\t",
        "%": "%", "z": f"{offset[:3]}:{offset[3:5]}" if ":" in flags else offset[:5],
        "Z": value.tzname() or "UTC",
    }  # fmt: skip
    return parts.get(letter)


def _seconds(value: datetime) -> int:
    return int((value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp())
