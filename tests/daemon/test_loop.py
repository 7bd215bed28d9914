import logging
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from syndicate.config.schema import ScheduleConfig
from syndicate.daemon.loop import Next
from tests.daemon.simulated import Day

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
SPRING = datetime(2026, 3, 29, tzinfo=BERLIN)
AUTUMN = datetime(2026, 10, 25, tzinfo=BERLIN)


def reasons(day: list[tuple[datetime, tuple[str, ...]]]) -> list[tuple[str, ...]]:
    return [why for _, why in day]


def test_a_day_of_intervals() -> None:
    """An interval of 15 minutes gives 96 punctual builds in 24 hours."""
    day = Day(NOON, ScheduleConfig(every="15m")).run(hours=24, seconds=1)
    assert [when for when, _ in day] == [NOON + timedelta(minutes=15 * n) for n in range(1, 97)]


def test_a_day_with_everything_at_once() -> None:
    """Interval, cron, due posts, changes and a sleep of the machine each give their builds."""
    due = NOON + timedelta(hours=3, seconds=17)

    def work(_: tuple[str, ...]) -> Next:
        return Next(due if day.clock.now() < due else None)

    day = Day(NOON, ScheduleConfig(every="6h", cron="30 14 * * *"), work=work)
    day.loop.want("start")
    day.clock.at(NOON + timedelta(hours=4), lambda: day.loop.want("watch"))
    day.clock.at(NOON + timedelta(hours=7), lambda: day.clock.jump(8 * 3_600))
    builds = day.run(hours=24)
    assert [(str(when.time()), *why) for when, why in builds] == [
        ("12:00:00", "start"),
        ("14:30:00", "cron"),
        ("15:00:17", "due"),
        ("16:00:00", "watch"),
        ("18:00:00", "every"),
        ("03:00:00", "clock"),  # asleep from 19:00 to 03:00: midnight is caught up with once
        ("09:00:00", "every"),
    ]


@pytest.mark.parametrize("day", [SPRING - timedelta(days=1), AUTUMN - timedelta(days=1)])
def test_daily_hour_on_days_of_daylight_saving(day: datetime) -> None:
    """A time that the clock skips or shows twice gives one build that day."""
    builds = Day(day, ScheduleConfig(cron="30 2 * * *", timezone="Europe/Berlin")).run(days=3)
    days = [when.astimezone(BERLIN).date() for when, _ in builds]
    assert days == [day.date() + timedelta(days=n) for n in range(3)]


@pytest.mark.parametrize("day", [SPRING, AUTUMN])
def test_each_half_hour_on_days_of_daylight_saving(day: datetime) -> None:
    """A half-hourly schedule keeps real time across the change of the clock."""
    schedule = ScheduleConfig(cron="*/30 * * * *", timezone="Europe/Berlin")
    builds = Day(day, schedule).run(hours=6)
    assert {when - before for (before, _), (when, _) in pairwise(builds)} == {timedelta(minutes=30)}


def test_interval_is_of_real_time_over_daylight_saving() -> None:
    """An interval keeps real time across the change of the clock."""
    start = datetime(2026, 10, 25, tzinfo=BERLIN)
    assert len(Day(start, ScheduleConfig(every="1h")).run(hours=25, seconds=1)) == 25


def test_time_zone_of_the_schedule() -> None:
    """Cron lines use the time zone of [schedule], else of the site."""
    own = Day(NOON, ScheduleConfig(cron="0 22 * * *", timezone="Asia/Shanghai"), "Europe/Berlin")
    site = Day(NOON, ScheduleConfig(cron="0 22 * * *"), "Europe/Berlin")
    assert [str(when.time()) for when, _ in own.run(hours=20)] == ["14:00:00"]
    assert [str(when.time()) for when, _ in site.run(hours=20)] == ["20:00:00"]


def test_sleeping_machine_catches_up_once() -> None:
    """After ten hours of sleep one build comes within a second; then the schedule goes on."""
    day = Day(NOON, ScheduleConfig(every="1m"), looks=1)
    day.clock.at(NOON + timedelta(seconds=90), lambda: day.clock.jump(36_000))
    builds = day.run(hours=10, minutes=4)
    woken = NOON + timedelta(seconds=36_090)
    assert [(when - NOON).total_seconds() for when, _ in builds if when < woken] == [60]
    after = [(when - woken).total_seconds() for when, _ in builds if when >= woken]
    assert after[0] <= 1
    assert after[1:] == [60, 120]


def test_clock_set_back_does_not_stop_the_schedule() -> None:
    """Setting the clock back an hour gives one build at once; the interval counts from then."""
    day = Day(NOON, ScheduleConfig(every="10m"))
    day.clock.at(NOON + timedelta(minutes=15), lambda: day.clock.jump(-3_600))
    builds = day.run(minutes=25, seconds=1)
    assert [((when - NOON).total_seconds() / 60, why) for when, why in builds] == [
        (10, ("every",)),
        (-45, ("clock",)),
        *((-45 + 10 * n, ("every",)) for n in range(1, 8)),
    ]


def test_small_corrections_of_the_clock_are_no_news() -> None:
    """A small correction by NTP gives no build."""
    day = Day(NOON, ScheduleConfig(every="10m"))
    day.clock.at(NOON + timedelta(minutes=5), lambda: day.clock.jump(0.4))
    assert reasons(day.run(minutes=15)) == [("every",)]


def test_changes_during_a_build_lead_to_exactly_one_more() -> None:
    """All requests during a build give one build after it."""

    def work(why: tuple[str, ...]) -> Next:
        if why == ("start",):
            for _ in range(5):
                day.loop.want("watch")
            day.loop.want("every")
        return Next()

    day = Day(NOON, work=work, takes=3)
    day.loop.want("start")
    assert reasons(day.run(minutes=5)) == [("start",), ("watch", "every")]


def test_runs_missed_during_a_long_build_are_one() -> None:
    """Builds that take longer than the interval follow each other without a backlog."""
    day = Day(NOON, ScheduleConfig(every="1m"), takes=150).run(minutes=10)
    assert [(when - NOON).total_seconds() for when, _ in day] == [60, 210, 360, 510]


def test_due_post_is_built_at_its_second() -> None:
    """Each build plans the next due build, which comes exactly on time."""
    posts = [NOON + timedelta(hours=5, seconds=1), NOON + timedelta(days=40, seconds=3)]

    def work(_: tuple[str, ...]) -> Next:
        return Next(min((post for post in posts if post > day.clock.now()), default=None))

    day = Day(NOON, work=work)
    day.loop.want("start")
    day.clock.at(NOON + timedelta(hours=6), lambda: posts.insert(0, NOON + timedelta(hours=9)))
    day.clock.at(NOON + timedelta(hours=6), lambda: day.loop.want("watch"))
    planned: dict[str, datetime] = {}
    day.clock.at(NOON + timedelta(hours=11), lambda: planned.update(day.loop.planned()))
    builds = day.run(hours=12)
    assert [(when, why) for when, why in builds if why == ("due",)] == [
        (NOON + timedelta(hours=5, seconds=1), ("due",)),
        (NOON + timedelta(hours=9), ("due",)),
    ]
    assert planned == {"due": posts[2]}


def test_post_due_while_the_machine_slept() -> None:
    """A post that fell due during a sleep is built when the machine wakes."""
    due = NOON + timedelta(hours=2)
    day = Day(NOON, work=lambda _: Next(due if day.clock.now() < due else None))
    day.loop.want("start")
    day.clock.at(NOON + timedelta(hours=1), lambda: day.clock.jump(7_200))
    builds = day.run(hours=4)
    assert builds[1:] == [(NOON + timedelta(hours=3), ("clock",))]


def test_failed_run_is_retried_at_its_time() -> None:
    """A retry is planned once, and the next run replaces it."""

    def work(why: tuple[str, ...]) -> Next:
        return Next(retry=None if why == ("retry",) else NOON + timedelta(seconds=8))

    day = Day(NOON, work=work)
    day.loop.want("start")
    assert day.run(minutes=5) == [
        (NOON, ("start",)),
        (NOON + timedelta(seconds=8), ("retry",)),
    ]


def test_unexpected_exception_is_logged_and_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The loop goes on: one log line holds the traceback, and a retry comes in a minute."""

    def work(why: tuple[str, ...]) -> Next:
        if why == ("start",):
            raise ZeroDivisionError("by design")
        return Next()

    day = Day(NOON, work=work)
    day.loop.want("start")
    with caplog.at_level(logging.INFO):
        builds = day.run(minutes=5)
    assert builds[1:] == [(NOON + timedelta(minutes=1), ("retry",))]
    (record,) = [record for record in caplog.records if "by design" in record.getMessage()]
    assert "ZeroDivisionError" in record.getMessage()
    assert "in work" in record.fields["traceback"]  # type: ignore[attr-defined]


def test_stopped_loop_begins_no_build() -> None:
    """A request during the stop starts no build."""
    day = Day(NOON, ScheduleConfig(every="1s"))
    day.clock.at(NOON + timedelta(seconds=4.5), day.loop.stop)
    day.clock.at(NOON + timedelta(seconds=4.5), lambda: day.loop.want("watch"))
    assert reasons(day.run(hours=1)) == [("every",)] * 4
