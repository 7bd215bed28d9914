"""Check cron lines (POSIX crontab: five fields) without importing a scheduler."""

import re
from collections.abc import Iterator, Sequence

from syndicate.text.calendar import SHORT_MONTHS, SHORT_WEEKDAYS

__all__ = ["CRON_WEEKDAYS", "cron_fault"]

_MONTHS = tuple(name.lower() for name in SHORT_MONTHS)
CRON_WEEKDAYS = tuple(name.lower() for name in (SHORT_WEEKDAYS[-1], *SHORT_WEEKDAYS[:-1]))
"""Weekdays in cron's numbering, where 7 is Sunday too."""
_FIELDS: tuple[tuple[str, int, int, Sequence[str]], ...] = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("weekday", 0, 7, CRON_WEEKDAYS),
)
_PART = re.compile(r"(?:\*|(\w{1,4})(?:-(\w{1,4}))?)(?:/(\d{1,4}))?", re.ASCII)
_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def cron_fault(line: str) -> str | None:
    """Return the fault of the line; None if it is valid and names a date that exists."""
    fields = line.split()
    if len(fields) != len(_FIELDS):
        return f'"{line}" has {len(fields)} fields, not 5'
    for field, (name, first, last, names) in zip(fields, _FIELDS, strict=True):
        for part in field.split(","):
            if wrong := _fault(part, first, last, names):
                return f'"{part}" is not a valid {name}: {wrong}'
    _, _, day, month, weekday = fields
    # If day and weekday are set, one of them is enough.
    if weekday.startswith("*") and not _comes(day, month):
        return f'"{line}" never comes'
    return None


def _fault(part: str, first: int, last: int, names: Sequence[str]) -> str | None:
    found = _PART.fullmatch(part)
    if not found:
        return "write a number, a range as 1-5, or *"
    start, end, step = found.groups()
    numbers = [_number(each, names, first) for each in (start, end) if each]
    if any(number is None or not first <= number <= last for number in numbers):
        return f"it goes from {first} to {last}" + (f", or {names[0]} …" if names else "")
    if step and int(step) == 0:
        return "a step of 0 never advances"
    if last == 7:  # "fri-mon" wraps around the end of the week
        return None
    low, high = (*(each or first for each in numbers), *(first, last)[len(numbers) :])
    if high < low:
        return "the range ends before it begins"
    if step and int(step) > high - low:
        return "the step is wider than the range"
    return None


def _number(word: str, names: Sequence[str], first: int) -> int | None:
    if word.isdecimal():
        return int(word)
    return names.index(word.lower()) + first if word.lower() in names else None


def _comes(day: str, month: str) -> bool:
    """Return whether any month in `month` has a day in `day`."""
    days = set(_chosen(day, 1, 31, ()))
    return any(min(days) <= _LENGTHS[each - 1] for each in _chosen(month, 1, 12, _MONTHS))


def _chosen(field: str, first: int, last: int, names: Sequence[str]) -> Iterator[int]:
    for part in field.split(","):
        found = _PART.fullmatch(part)
        start, end, step = found.groups() if found else (None, None, None)
        low = (_number(start, names, first) or first) if start else first
        high = (
            (_number(end, names, first) or last) if end else (low if start and not step else last)
        )
        yield from range(low, high + 1, int(step or 1))
