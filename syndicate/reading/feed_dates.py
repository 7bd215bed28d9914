"""Dates of feeds: RFC 3339, other ISO 8601 forms, and RFC 822."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["moment"]

_LONGEST = 100


def moment(text: str) -> datetime | None:
    """Parse a date to the second, with its offset; return None if `text` is not a date.

    A date without an offset, or with a zone that RFC 822 does not define, is in UTC.
    """
    text = text.strip()[:_LONGEST]
    date = (_iso(text) or _rfc_822(text)) if text else None
    return _normalised(date) if date else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _rfc_822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # its exceptions are undocumented
        return None


def _normalised(date: datetime) -> datetime | None:
    """Return the date without a fraction of a second; in UTC if its offset has seconds."""
    offset = date.utcoffset()
    if offset is None:
        date = date.replace(tzinfo=UTC)
    elif offset % timedelta(minutes=1):
        try:
            date = date.astimezone(UTC)
        except OverflowError:  # in the first or the last hours of the calendar
            return None
    return date.replace(microsecond=0)
