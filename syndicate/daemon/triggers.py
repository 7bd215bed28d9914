"""Conversion of `[schedule]` into APScheduler's triggers."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from syndicate.config.cron import CRON_WEEKDAYS
from syndicate.config.durations import seconds_of
from syndicate.config.rules import is_timezone
from syndicate.config.schema import ScheduleConfig
from syndicate.errors import ConfigError

__all__ = ["triggers_of"]


def triggers_of(
    schedule: ScheduleConfig, timezone: str, now: datetime
) -> Mapping[str, BaseTrigger]:
    """Return the triggers of `schedule` by their keys ("every", "cron"). Raises ConfigError.

    `timezone` is the site's; `schedule.timezone` overrides it. The first interval begins `now`.
    """
    name = schedule.timezone or timezone
    if not is_timezone(name):
        cure = 'write a name such as "Europe/Berlin"'
        raise ConfigError("[schedule] timezone", f"{name!r} is not a known time zone", cure)
    triggers = {}
    if schedule.every:
        triggers["every"] = _interval(schedule.every, now)
    if schedule.cron:
        triggers["cron"] = _cron(schedule.cron, ZoneInfo(name), now)
    return triggers


def _interval(every: str, now: datetime) -> BaseTrigger:
    try:
        seconds = seconds_of(every)
    except ValueError as error:
        cure = 'write a duration such as "15m" or "1h30m"'
        raise ConfigError("[schedule] every", str(error), cure) from None
    start = now + timedelta(seconds=seconds)
    return IntervalTrigger(seconds=seconds, start_date=start, timezone=now.tzinfo)


def _cron(line: str, zone: ZoneInfo, now: datetime) -> BaseTrigger:
    cure = 'write minute, hour, day, month and weekday: "0 5 * * mon-fri"'
    fields = line.split()
    if len(fields) != 5:
        raise ConfigError("[schedule] cron", f"{line!r} has {len(fields)} fields, not 5", cure)
    try:
        trigger = _either(fields, zone)
    except ValueError as error:
        raise ConfigError("[schedule] cron", f"{line!r}: {error}", cure) from None
    if trigger.get_next_fire_time(None, now) is None:
        raise ConfigError("[schedule] cron", f"{line!r} matches no date", cure)
    return trigger


def _either(fields: list[str], zone: ZoneInfo) -> BaseTrigger:
    """Return the trigger of a cron line. If day and weekday are both set, either one is enough."""
    minute, hour, day, month, weekday = fields
    if day.startswith("*") or weekday.startswith("*"):
        return _Cron(minute, hour, day, month, weekday, zone)
    return OrTrigger([
        _Cron(minute, hour, day, month, "*", zone),
        _Cron(minute, hour, "*", month, weekday, zone),
    ])  # fmt: skip


class _Cron(CronTrigger):  # type: ignore[misc]  # APScheduler has no annotations
    """Fires once a day for a given hour, even if the clock shows this hour twice that day."""

    def __init__(
        self, minute: str, hour: str, day: str, month: str, weekday: str, zone: ZoneInfo
    ) -> None:
        # by name, since APScheduler counts from Monday
        named = ",".join(CRON_WEEKDAYS[number] for number in sorted(_weekdays(weekday)))
        super().__init__(
            minute=minute,
            hour=hour,
            day=day,
            month=month.lower(),
            day_of_week=named if named else "*",
            timezone=zone,
        )
        self._hour_is_named = not hour.startswith("*")

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> Any:
        """Return the first fire time after `previous` and `now`."""
        moment = super().get_next_fire_time(previous, now)
        while moment is not None and self._hour_is_named and _is_repeated(moment):
            moment = super().get_next_fire_time(moment, moment)
        return moment


def _is_repeated(moment: datetime) -> bool:
    return bool(moment.fold) and moment.utcoffset() != moment.replace(fold=0).utcoffset()


def _weekdays(field: str) -> set[int]:
    """Return the weekdays, 0 (Sunday) to 6; an empty set for "*". Raises ValueError."""
    return set() if field == "*" else {day for part in field.split(",") for day in _part(part)}


def _part(part: str) -> Iterator[int]:
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    start = 0 if first == "*" else _weekday(first)
    end = _weekday(last) if dash else 6 if slash or first == "*" else start
    if end < start:
        end += 7  # "fri-mon" goes over the week's end
    if slash and not (step.isascii() and step.isdigit() and int(step)):
        raise ValueError(f"{part!r}: the step is not a positive number")
    return (day % 7 for day in range(start, end + 1, int(step) if slash else 1))


def _weekday(name: str) -> int:
    if name.isascii() and name.isdigit() and int(name) <= 7:
        return int(name)
    if name.lower() in CRON_WEEKDAYS:
        return CRON_WEEKDAYS.index(name.lower())
    raise ValueError(f"{name!r} is not a weekday; use 0 (Sunday) to 7, or sun to sat")
