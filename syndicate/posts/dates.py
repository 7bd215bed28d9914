"""Parse dates by a fixed table of forms, without guessing.

The result never depends on the clock, the machine's zone or its locale. A date that may be
day/month or month/day is rejected. Forms that the generators accept are accepted too, such as
Ruby's ``18::48::00`` (midnight). A lenient reading has a remark.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from syndicate.text.calendar import MONTHS

__all__ = ["Reading", "read_date"]

YEARS = range(1000, 9999)
"""Years of four digits, which RFC 822 and RFC 3339 require; 9999 could overflow in another zone."""
_USUAL_YEARS = range(1500, 2400)
"""Years that are in no other calendar at present."""

_MONTHS = {
    **{name[:3].lower(): number for number, name in enumerate(MONTHS, 1)},
    "sept": 9,
    **{name.lower(): number for number, name in enumerate(MONTHS, 1)},
}
# Hours east of Greenwich. Ambiguous names have RFC 822's meaning, else the most common one.
_ABBREVIATIONS = dict(
    **dict.fromkeys(("Z", "UTC", "UT", "GMT", "WET"), 0),
    **dict.fromkeys(("WEST", "BST", "CET"), 1),
    **dict.fromkeys(("CEST", "EET"), 2),
    **dict.fromkeys(("EEST", "MSK"), 3),
    **dict.fromkeys(("HKT", "SGT", "AWST"), 8),
    **dict.fromkeys(("JST", "KST"), 9),
    **dict.fromkeys(("EDT", "AST"), -4),
    **dict.fromkeys(("EST", "CDT"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    **dict.fromkeys(("PST", "AKDT"), -8),
    **dict.fromkeys(("BRT", "ART"), -3),
    AKST=-9,
    HST=-10,
    AEST=10,
    AEDT=11,
    NZST=12,
    NZDT=13,
    PKT=5,
    IST=5.5,
    ACST=9.5,
)
_TIME = r"(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?(?:\s*([AaPp])\.?[Mm]\.?)?"
_ZONE = r"(?:\s*\(?(?:(?:GMT|UTC)(?=[+-]))?([+-]\d{1,2}(?::?\d{2})?|[A-Za-z]{1,4})\)?)?"
_CLOCK = rf"(?:(?:[Tt,]|\s|,?\s(?:at|@)\s|\s-\s)\s*{_TIME}{_ZONE}(?:\s\([A-Za-z \d:+-]+\))?)?"
_FULL = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d*)?)?(?:\s*(Z|[+-]\d{1,2}(?::?\d{2})?))?)?"
)
_YMD = re.compile(
    rf"(\d{{4}})([-/.])\s?(\d{{1,2}})\2\s?(\d{{1,2}})(?:(?<=\s\d)\.|(?<=\s\d\d)\.)?{_CLOCK}"
)
_DMY = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}){_CLOCK}")
_DAY = r"(?:[A-Za-z]{3,9}\.?,?\s+)?"
_NTH = r"(\d{1,2})(?:st|nd|rd|th)?"
_NAMED = re.compile(rf"{_DAY}([A-Za-z]{{3,9}})\.?\s+{_NTH},?\s+(\d{{4}}){_CLOCK}")
_RFC822 = re.compile(rf"{_DAY}{_NTH}[\s-](?:of\s+)?([A-Za-z]{{3,9}})\.?,?[\s-](\d{{4}}){_CLOCK}")
_CTIME = re.compile(
    rf"{_DAY}([A-Za-z]{{3,9}})\s+(\d{{1,2}})\s+{_TIME}(?:\s+([A-Z]{{1,4}}))?\s+(\d{{4}})"
    r"(?:\s+([+-]\d{4}))?"
)
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[Tt]?(\d{2})(\d{2})(\d{2})?(Z)?)?")
_EPOCH = re.compile(r"(\d{9,10})(?:\d{3})?")
_LENIENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)(?:(?:[Tt]|\s)\s*(\d{1,2}):(\d{2})(?::(\d{2}))?(?!\d))?"
)
_HALF_FIRST = r"\b[AaPp][Mm] ?\d"
_EPOCHS = range(946_684_800, 4_102_444_800)  # the years 2000 to 2099
_LONGEST = 100


class Reading(Struct, frozen=True):
    """Result of parsing a date: an instant with its offset, in whole seconds, or None.

    `remark` tells how a lenient form was read, or why there is no instant; else it is empty.
    """

    instant: datetime | None
    remark: str = ""


class _Impossible(Exception):
    """The text has the form of a date, but no such day or hour exists."""


def read_date(value: Any, zone: ZoneInfo, *, naive_utc: bool = False) -> Reading:
    """Parse `value`: text, number, date or datetime.

    A date without an offset is in `zone`. If the clock skips or repeats its hour there, the offset
    before the change applies. With `naive_utc`, a full timestamp (``YYYY-MM-DD HH:MM:SS``) without
    an offset is in UTC, as in YAML 1.1.
    """
    if isinstance(value, date):
        return _from_object(value, zone)
    if isinstance(value, bool) or not isinstance(value, str | int):
        return Reading(None, "the value is not a date")
    text = str(value)
    try:
        match = _FULL.fullmatch(text)
        if match and int(match[2]) <= 12:
            year, month, day, hour, minute, second, offset = match.groups()
            default = UTC if naive_utc and second else zone
            place = _offset(offset) or default if offset else default
            return _settled((year, month, day), (hour, minute, second), place)
        return _from_text(text, zone)
    except _Impossible as error:
        return Reading(None, str(error))


def _from_object(value: date, zone: ZoneInfo) -> Reading:
    if not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day, tzinfo=zone)
    try:
        _check_year(value.year)
    except _Impossible as error:
        return Reading(None, str(error))
    return Reading(_fixed(value.replace(tzinfo=value.tzinfo or zone, microsecond=0)))


def _from_text(text: str, zone: ZoneInfo) -> Reading:
    """Parse `text` in one of the less common forms."""
    if len(text) > _LONGEST:
        return Reading(None, "the value is too long for a date")
    text, remark = " ".join(text.split()).strip("'\""), ""
    if not text.isascii() or re.search(_HALF_FIRST, text):
        from syndicate.posts.date_words import in_ascii

        text, remark = in_ascii(" ".join(unicodedata.normalize("NFKC", text).split()))
        text = text.strip("'\"")
    reading = _by_shape(text, zone)
    return replace(reading, remark=reading.remark or remark) if remark else reading


def _by_shape(text: str, zone: ZoneInfo) -> Reading:
    for pattern, read in _SHAPES:
        match = pattern.fullmatch(text)
        if match:
            return read(match, zone)
    match = _LENIENT.match(text)
    if not match:
        return Reading(None, f"{text!r} is not a date" if text else "the date is empty")
    year, month, day, *clock = match.groups()
    reading = _settled((year, month, day), clock, zone)
    rest = text[match.end() :]
    return Reading(reading.instant, f"{rest!r} in {text!r} ignored")


def _ymd(match: re.Match[str], zone: ZoneInfo) -> Reading:
    year, _, month, day, *clock = match.groups()
    if int(month) > 12 >= int(day):
        reading = _clocked((year, day, month), clock, zone)
        return Reading(reading.instant, f"{match[0]!r} read as year, day, month")
    return _clocked((year, month, day), clock, zone)


def _dmy(match: re.Match[str], zone: ZoneInfo) -> Reading:
    day, mark, month, year, *clock = match.groups()
    if mark == "/" and int(day) <= 12 and int(month) <= 12 and day != month:
        raise _Impossible(f"{match[0]!r} may be month/day or day/month")
    if mark == "/" and int(month) > 12:
        day, month = month, day
    reading = _clocked((year, month, day), clock, zone)
    remark = f"{match[0]!r} read as {int(day)} {_month_name(month)} {year}"
    return Reading(reading.instant, reading.remark or remark)


def _named(match: re.Match[str], zone: ZoneInfo) -> Reading:
    month, day, year, *clock = match.groups()
    return _clocked((year, _month(month), day), clock, zone)


def _rfc822(match: re.Match[str], zone: ZoneInfo) -> Reading:
    day, month, year, *clock = match.groups()
    return _clocked((year, _month(month), day), clock, zone)


def _ctime(match: re.Match[str], zone: ZoneInfo) -> Reading:
    month, day, hour, minute, second, half, name, year, offset = match.groups()
    clock = (hour, minute, second, half, offset or name)
    return _clocked((year, _month(month), day), clock, zone)


def _digits(match: re.Match[str], zone: ZoneInfo) -> Reading:
    year, month, day, *clock, utc = match.groups()
    return _settled((year, month, day), clock, UTC if utc else zone)


def _epoch(match: re.Match[str], _zone: ZoneInfo) -> Reading:
    seconds = int(match[1])
    if seconds not in _EPOCHS:
        raise _Impossible(f"{match[0]!r} is not a date")
    return Reading(datetime.fromtimestamp(seconds, UTC), f"{match[0]!r} read as seconds since 1970")


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], ZoneInfo], Reading]], ...] = (
    (_YMD, _ymd),
    (_NAMED, _named),
    (_RFC822, _rfc822),
    (_CTIME, _ctime),
    (_DMY, _dmy),
    (_DIGITS, _digits),
    (_EPOCH, _epoch),
)


def _clocked(ymd: tuple[str, str, str], clock: Sequence[str | None], zone: tzinfo) -> Reading:
    """Make an instant of `ymd` and `clock`: hour, minute, second, AM or PM, time zone."""
    hour, minute, second, half, place = clock
    if half and hour:
        hour = str(int(hour) % 12 + (12 if half in "pP" else 0))
    offset = _offset(place) if place else None
    reading = _settled(ymd, (hour, minute, second), offset or zone)
    if place and offset is None:
        return Reading(reading.instant, f"time zone {place!r} ignored")
    return reading


def _settled(ymd: tuple[str, str, str], clock: Sequence[str | None], zone: tzinfo) -> Reading:
    """Make an instant of year, month, day and hour, minute, second.

    24:00:00 is the next midnight, second 60 the next minute.
    """
    (year, month, day), (hour, minute, second) = ymd, clock
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    _check_year(int(year))
    if minutes > 59 or seconds > 60 or hours > 24 or (hours == 24 and (minutes or seconds)):
        raise _Impossible(f"there is no hour {hour}:{minute}" + (f":{second}" if second else ""))
    time, over = (hours, minutes, seconds), timedelta()
    if hours == 24 or seconds == 60:
        time, over = (0, 0, 0), timedelta(hours=hours, minutes=minutes, seconds=seconds)
    try:
        instant = datetime(int(year), int(month), int(day), *time, tzinfo=zone)
    except ValueError:
        raise _Impossible(f"there is no day {year}-{month}-{day}") from None
    if over:
        instant += over
    return Reading(instant if isinstance(zone, timezone) else _fixed(instant))


def _check_year(year: int) -> None:
    """Raise _Impossible if no feed can hold `year`, or if it belongs to another calendar."""
    if year in _USUAL_YEARS:
        return
    if year not in YEARS:
        raise _Impossible(f"the year {year} is out of range")
    from syndicate.posts.date_words import foreign_year

    if calendar := foreign_year(year):
        raise _Impossible(f"the year {year} is in {calendar}; write it in the Gregorian calendar")


def _fixed(instant: datetime) -> datetime:
    """Replace the zone by an offset in whole minutes, the only ones that RFC 3339 allows."""
    if instant.tzinfo is UTC:
        return instant
    offset = instant.utcoffset() or timedelta()
    if offset % timedelta(minutes=1):
        return instant.astimezone(UTC)
    return instant.replace(tzinfo=_timezone(int(offset.total_seconds()) // 60), fold=0)


@lru_cache(maxsize=256)
def _timezone(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


@lru_cache(maxsize=256)
def _offset(text: str) -> timezone | None:
    """Parse ``+0800``, ``+08:00``, ``-4``, ``Z`` or ``CEST``. Return None for other texts."""
    hours = _ABBREVIATIONS.get(text.upper())
    if hours is not None:
        return _timezone(int(hours * 60))
    if text[0] not in "+-":
        return None
    digits = text[1:].replace(":", "")
    size = 1 if len(digits) in (1, 3) else 2
    minutes = int(digits[:size]) * 60 + int(digits[size:] or 0)
    if minutes >= 24 * 60 or int(digits[size:] or 0) > 59:
        return None
    return _timezone(-minutes if text[0] == "-" else minutes)


def _month(name: str) -> str:
    number = _MONTHS.get(name.lower())
    if number is None:
        raise _Impossible(f"{name!r} is not a month")
    return str(number)


def _month_name(month: str) -> str:
    return next((n.capitalize() for n, i in _MONTHS.items() if i == int(month)), month)
