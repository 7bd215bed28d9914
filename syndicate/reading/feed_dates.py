"""The dates of feeds: RFC 3339 with its ISO 8601 relatives, and RFC 822."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

__all__ = ["moment"]

_LONGEST = 100


def moment(text: str) -> datetime | None:
    """The instant that `text` names, to the second, with its offset; None where it names none.

    A date without an offset, or with a zone that RFC 822 does not know, is in UTC.
    """
    text = text.strip()[:_LONGEST]
    found = (_iso(text) or _rfc_822(text)) if text else None
    return _sober(found) if found else None


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.upper())
    except ValueError:
        return None


def _rfc_822(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):  # it does not promise which
        return None


def _sober(found: datetime) -> datetime | None:
    """Without a fraction; in UTC where the offset is none that a feed may write."""
    offset = found.utcoffset()
    if offset is None:
        found = found.replace(tzinfo=UTC)
    elif offset % timedelta(minutes=1):
        try:
            found = found.astimezone(UTC)
        except OverflowError:  # in the first or the last hours of the calendar
            return None
    return found.replace(microsecond=0)
