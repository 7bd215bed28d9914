"""Find out when a post was published and last changed: from its header, its path, its engine."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from syndicate.engines.base import Engine
from syndicate.engines.shared.date_names import SYNONYMS, UPDATED, may_be_date
from syndicate.model import UNDATED, Problem, Source
from syndicate.posts.dates import Reading, read_date
from syndicate.posts.header import Header
from syndicate.posts.left_out import Skipped
from syndicate.text.characters import key_name

__all__ = ["FUTURE_DATE", "NO_DATE", "PostDates"]

FUTURE_DATE = "future-date"
"""Kind of the Problem of a post that is published before its date."""
_FUTURE_CURE = "set [site] timezone if the hour is wrong, or [posts] future to true or false"

NO_DATE = "no date"
"""Reason why a post without a date is left out."""
_DATE_CURE = (
    'add "date: 2026-05-01" to the front matter, start the file name with it, or set '
    '[posts] undated = "first-seen" or "git"'
)

_UPDATE_CURE = "write the day of the change, or delete the line"


class PostDates:
    """The dates of one file. Every doubt is added to `problems`.

    `written` is the text that the date of publication was read from. The post is published from
    `since` (None: always) until `until` (None: for ever).
    """

    def __init__(
        self,
        head: bytes,
        header: Header,
        meta: Mapping[str, Any],
        source: Source,
        engine: Engine,
        problems: list[Problem],
    ) -> None:
        self._head, self._header, self._meta = head, header, meta
        self._path, self._given = source.path, source.date
        self._engine, self._problems = engine, problems
        self._zone = ZoneInfo(engine.site.timezone)
        self.written = self._last = self._key = ""
        self._doubts: list[Problem] = []
        self.since: datetime | None = None
        self.until: datetime | None = None

    def published(self, now: datetime) -> datetime:
        """Return when the post was published. Raise Skipped if it is not due, or has expired."""
        found = self._dated()
        written = self._last
        expiry = self._first(self._engine.expiry_keys)
        if expiry and expiry <= now:
            raise Skipped(f"expired: {expiry.isoformat()}", since=expiry)
        if not found and self._engine.undated_are_published:
            found = UNDATED
        found = found or self._given
        if not found:
            problem = Problem(self._path, "no-date", NO_DATE, _DATE_CURE, 1, "error")
            raise Skipped(NO_DATE, [problem])
        due = self._first(self._engine.release_keys) or found
        if not self._engine.future:
            if due > now:
                # A post that expires before it is due is then left out as expired.
                changes = min(due, expiry) if expiry else due
                raise Skipped(f"future: due {due.isoformat()}", due=changes)
            self.since = due
        self.written, self.until = written, expiry
        if due > now and self._engine.tells_future:
            self.until = min(due, expiry or due)
            what = f"dated {due.isoformat()}, in the future; it is in the feeds already"
            self._problems.append(Problem(self._path, FUTURE_DATE, what, _FUTURE_CURE))
        return found

    def updated(self, now: datetime) -> datetime | None:
        """Return when the post last changed, by its header; None if the header has no such date.

        A date after `now` is reported and ignored.
        """
        found = self._first(self._engine.updated_keys)
        if not found and self._engine.date_synonyms != "none":
            found = self._synonym(UPDATED)
        if found and found > now:
            what = f"last changed on {found.isoformat()}, in the future; the date was ignored"
            line = self._line(self._key)
            self._problems.append(Problem(self._path, "future-update", what, _UPDATE_CURE, line))
            self.until = min(found, self.until or found)
            return None
        return found

    def _dated(self) -> datetime | None:
        """Return the date of the header or the path. If there is none, report the doubts."""
        before, after = SYNONYMS[self._engine.date_synonyms]
        found = (
            self._first(self._engine.date_keys)
            or self._synonym(before)
            or self._of_file()
            or self._synonym(after)
        )
        if not found:
            self._problems += self._doubts
        return found

    def _synonym(self, names: Mapping[str, int]) -> datetime | None:
        """Return the first date under one of the other `names`, in the order of their ranks."""
        exact = (*self._engine.date_keys, *self._engine.updated_keys)
        named = [
            (names[name], key)
            for key in self._meta
            if names and key not in exact and (name := key_name(key)) in names
        ]
        for _, key in sorted(named):
            value = self._meta[key]
            if not may_be_date(value):
                continue
            reading = read_date(value, self._zone)
            if reading.instant and reading.remark:
                self._problems.append(self._doubt(key, reading))
            if reading.instant:
                self._last, self._key = str(value), key
                return reading.instant
            self._doubts.append(self._doubt(key, reading))
        return None

    def _first(self, keys: tuple[str, ...]) -> datetime | None:
        """Return the first date under one of `keys`."""
        for key in keys:
            value = self._meta.get(key)
            if isinstance(value, bool) and key != "date":
                continue  # `published: true` is a switch, not a date
            if value is not None and value != "":
                instant = self._read(key, value)
                if instant:
                    self._last, self._key = str(value), key
                    return instant
        return None

    def _read(self, key: str, value: Any) -> datetime | None:
        as_utc = self._engine.naive_timestamps_are_utc and key not in self._header.quoted
        reading = read_date(value, self._zone, naive_utc=as_utc)
        if reading.remark:
            self._problems.append(self._doubt(key, reading))
        return reading.instant

    def _doubt(self, key: str, reading: Reading) -> Problem:
        kind = "lenient-date" if reading.instant else "bad-date"
        cure = f"write '{key}: YYYY-MM-DD HH:MM:SS +0000'"
        return Problem(self._path, kind, f"{key}: {reading.remark}", cure, self._line(key))

    def _line(self, key: str) -> int:
        return _line_of(self._head[: self._header.body_offset], key)

    def _of_file(self) -> datetime | None:
        value = self._engine.other_date(self._path, self._meta)
        if value is None or value == "":
            return None
        reading = read_date(value, self._zone)
        if reading.remark:
            kind = "lenient-date" if reading.instant else "bad-date"
            cure = "name the file YYYY-MM-DD-name, or add 'date:' to the front matter"
            self._problems.append(Problem(self._path, kind, f"file name: {reading.remark}", cure))
        self._last = str(value)
        return reading.instant


def _line_of(header: bytes, key: str) -> int:
    """Return the line of a top key, of its last occurrence; 0 if it is not in the header."""
    pattern = rb"(?:\A|[\r\n])[\"']?" + re.escape(key.encode("utf-8")) + rb"[\"']?[ \t]*[:=]"
    found = list(re.finditer(pattern, header))
    if not found:
        return 0
    return 1 + len(re.findall(rb"\r\n|\r|\n", header[: found[-1].start() + 1]))
