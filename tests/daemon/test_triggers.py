from datetime import UTC, datetime, timedelta

import pytest

from syndicate.config.durations import seconds_of
from syndicate.config.schema import ScheduleConfig
from syndicate.daemon.triggers import triggers_of
from syndicate.errors import ConfigError

SUNDAY = datetime(2026, 5, 3, tzinfo=UTC)


def days(cron: str, count: int) -> list[str]:
    """Return the first days on which the line fires, from a Sunday on."""
    trigger = triggers_of(ScheduleConfig(cron=cron), "UTC", SUNDAY)["cron"]
    found, last, now = [], None, SUNDAY
    for _ in range(count):
        last = now = trigger.get_next_fire_time(last, now)
        found.append(f"{now:%a %d}")
    return found


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("0", "Sun Sun"),
        ("7", "Sun Sun"),
        ("1", "Mon Mon"),
        ("sun", "Sun Sun"),
        ("MON,fri", "Mon Fri Mon"),
        ("1-5", "Mon Tue Wed Thu Fri Mon"),
        ("5-7", "Sun Fri Sat Sun"),
        ("fri-mon", "Sun Mon Fri Sat Sun"),
        ("0-6/2", "Sun Tue Thu Sat Sun"),
        ("*/3", "Sun Wed Sat Sun"),
        ("1/2", "Mon Wed Fri Mon"),
    ],
)
def test_weekdays_are_cron_s(field: str, expected: str) -> None:
    """0 and 7 are Sunday, also in ranges, steps and lists."""
    found = days(f"0 5 * * {field}", len(expected.split()))
    assert [day.partition(" ")[0] for day in found] == expected.split()


def test_day_and_weekday_are_either() -> None:
    """A line with day and weekday fires on both, as in crontab."""
    assert days("0 5 6 * mon", 4) == ["Mon 04", "Wed 06", "Mon 11", "Mon 18"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("0 5 * *", "has 4 fields, not 5"),
        ("0 25 * * *", "25"),
        ("0 5 * * 8", "'8' is not a weekday"),
        ("0 5 * * mon-", "'' is not a weekday"),
        ("0 5 * * */0", "the step is not a positive number"),
        ("0 5 * foo *", "foo"),
        ("0 5 31 2 *", "matches no date"),
    ],
)
def test_wrong_cron_is_refused(line: str, what: str) -> None:
    """The error names the field, and shows how a line is written."""
    with pytest.raises(ConfigError, match=what) as caught:
        triggers_of(ScheduleConfig(cron=line), "UTC", SUNDAY)
    assert caught.value.where == "[schedule] cron"
    assert "mon-fri" in caught.value.cure


def test_unknown_time_zone_is_refused() -> None:
    """An unknown time zone is an error that names it."""
    with pytest.raises(ConfigError, match="Mars/Base"):
        triggers_of(ScheduleConfig(timezone="Mars/Base"), "UTC", SUNDAY)


def test_interval_begins_now() -> None:
    """The first build comes after one whole interval."""
    trigger = triggers_of(ScheduleConfig(every="1h30m"), "UTC", SUNDAY)["every"]
    assert trigger.get_next_fire_time(None, SUNDAY) == SUNDAY + timedelta(minutes=90)


@pytest.mark.parametrize(
    ("text", "seconds"), [("15m", 900), ("1h30m", 5400), ("2 d", 172_800), ("90S", 90)]
)
def test_lengths_of_time(text: str, seconds: int) -> None:
    """A duration is one or more numbers, each with s, m, h or d."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "15", "m", "0s", "-5m", "1.5h", "400d", "9" * 30 + "s"])
def test_invalid_duration_is_an_error(text: str) -> None:
    """An invalid duration makes the whole schedule invalid."""
    with pytest.raises(ValueError, match="is n"):
        seconds_of(text)
    if text:
        with pytest.raises(ConfigError, match="every"):
            triggers_of(ScheduleConfig(every=text), "UTC", SUNDAY)
