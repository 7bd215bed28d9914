"""Dates are parsed exactly or rejected, and never depend on the clock."""

from datetime import UTC, date, datetime, time, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.posts.dates import read_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")

PLAIN = [
    ("2025-02-20 19:14:38 +0800", "2025-02-20T19:14:38+08:00"),
    ("2025-02-20 19:14:38 +08:00", "2025-02-20T19:14:38+08:00"),
    ("2025-02-20 19:14:38+08", "2025-02-20T19:14:38+08:00"),
    ("2025-02-20T11:14:38Z", "2025-02-20T11:14:38+00:00"),
    ("2025-02-20T11:14:38.123Z", "2025-02-20T11:14:38+00:00"),
    ("2025-02-20 19:14:38.123456789 +09:00", "2025-02-20T19:14:38+09:00"),
    ("2015-03-17 14:00:00 -4", "2015-03-17T14:00:00-04:00"),
    ("2016-01-08 7:15 UTC", "2016-01-08T07:15:00+00:00"),
    ("2016-01-08 9:18:00", "2016-01-08T09:18:00+08:00"),
    ("2016-01-08", "2016-01-08T00:00:00+08:00"),
    ("2020-6-4 11:40:00 +0800", "2020-06-04T11:40:00+08:00"),
    ("2018-07-20   23:57:34 +0800", "2018-07-20T23:57:34+08:00"),
    ("2014-08-19T08:23", "2014-08-19T08:23:00+08:00"),
    ("2014-08-19 24:00:00", "2014-08-20T00:00:00+08:00"),
    ("2016-12-31 23:59:60 +0000", "2017-01-01T00:00:00+00:00"),
    ("\u00a02016-01-08 10:00\u00a0", "2016-01-08T10:00:00+08:00"),
    ("２０１６-01-08", "2016-01-08T00:00:00+08:00"),
    ("November 1, 2019", "2019-11-01T00:00:00+08:00"),
    ("Nov. 1st 2019, 3:04 pm", "2019-11-01T15:04:00+08:00"),
    ("1 November 2019 12:30 AM", "2019-11-01T00:30:00+08:00"),
    ("Fri Sep  3 11:21:31 CEST 2021", "2021-09-03T11:21:31+02:00"),
    ("Sun Jan 9 10:11:12 2022 -0500", "2022-01-09T10:11:12-05:00"),
    ("Fri, 09 Aug 2019 10:00:00 GMT", "2019-08-09T10:00:00+00:00"),
    ("Fri, 09 Aug 2019 10:00:00 EST", "2019-08-09T10:00:00-05:00"),
    ("2019-08-09 10:00:00 IST", "2019-08-09T10:00:00+05:30"),
    ("2020/01/02 03:04", "2020-01-02T03:04:00+08:00"),
    ("2020.1.2", "2020-01-02T00:00:00+08:00"),
    ("2020年1月2日", "2020-01-02T00:00:00+08:00"),
    ("2020年1月2日 10:30", "2020-01-02T10:30:00+08:00"),
    ("2024年5月1日 下午3:05", "2024-05-01T15:05:00+08:00"),
    ("2024/5/1 下午3:05", "2024-05-01T15:05:00+08:00"),
    ("2024年5月1日 15时05分", "2024-05-01T15:05:00+08:00"),
    ("2024年5月1日(水) 15時5分30秒", "2024-05-01T15:05:30+08:00"),
    ("2024年5月1号 星期三 下午3点半", "2024-05-01T15:30:00+08:00"),
    ("2024年5月1日 中午12:05", "2024-05-01T12:05:00+08:00"),
    ("2024年5月1日 凌晨12:30", "2024-05-01T00:30:00+08:00"),
    ("2024-05-01 PM 3:05", "2024-05-01T15:05:00+08:00"),
    ("二〇二四年十二月二十三日 下午3:05", "2024-12-23T15:05:00+08:00"),
    ("二零二四年五月十日", "2024-05-10T00:00:00+08:00"),
    ("公元2024年5月1日", "2024-05-01T00:00:00+08:00"),
    ("2024-05-01 오후 3:05", "2024-05-01T15:05:00+08:00"),
    ("2024년 5월 1일", "2024-05-01T00:00:00+08:00"),
    ("2024년 5월 1일 오후 3시 5분", "2024-05-01T15:05:00+08:00"),
    ("2024. 5. 1. 오후 3:05", "2024-05-01T15:05:00+08:00"),
    ("令和6年5月1日", "2024-05-01T00:00:00+08:00"),
    ("令和元年5月1日", "2019-05-01T00:00:00+08:00"),
    ("平成31年4月30日 午後3時", "2019-04-30T15:00:00+08:00"),
    ("２０２４年５月１日　１５：０５", "2024-05-01T15:05:00+08:00"),
    ("“2024-05-01”", "2024-05-01T00:00:00+08:00"),
    ("‘2024–05–01 10:00’", "2024-05-01T10:00:00+08:00"),
    ("2024—05—01", "2024-05-01T00:00:00+08:00"),
    ("٢٠٢٤-٠٥-٠١", "2024-05-01T00:00:00+08:00"),
    ("Tuesday, May 13th 2025, 2:16:40 pm", "2025-05-13T14:16:40+08:00"),
    ("May 13th, 2025 at 2:16 PM", "2025-05-13T14:16:00+08:00"),
    (
        "Tue May 13 2025 14:16:40 GMT+0200 (Central European Summer Time)",
        "2025-05-13T14:16:40+02:00",
    ),
    ("20200102", "2020-01-02T00:00:00+08:00"),
    ("20200102T030405Z", "2020-01-02T03:04:05+00:00"),
    (20200102, "2020-01-02T00:00:00+08:00"),
    (date(2020, 1, 2), "2020-01-02T00:00:00+08:00"),
    (datetime.fromisoformat("2020-01-02T03:04:05.000678"), "2020-01-02T03:04:05+08:00"),
    (datetime(2020, 1, 2, 3, 4, 5, 678, UTC), "2020-01-02T03:04:05+00:00"),
    ("1850-01-02 00:00:00", "1850-01-01T15:54:17+00:00"),
]

LENIENT = [
    ("2019-07-09 18::48::00", "2019-07-09T00:00:00+08:00"),
    ("2013-05-01 12.04 UTC", "2013-05-01T00:00:00+08:00"),
    ("2015-07-10-20-00", "2015-07-10T00:00:00+08:00"),
    ("2017-02-10 00:10::00 -03:00", "2017-02-10T00:10:00+08:00"),
    ("2016-07-08 16:30-:00+16:30", "2016-07-08T16:30:00+08:00"),
    ("2026-01-04 16:39.000000000 +09:00", "2026-01-04T16:39:00+08:00"),
    ("2024-05-09 <br>", "2024-05-09T00:00:00+08:00"),
    ("11-9-2017", "2017-09-11T00:00:00+08:00"),
    ("27/11/2023", "2023-11-27T00:00:00+08:00"),
    ("11/27/2023", "2023-11-27T00:00:00+08:00"),
    ("2023-27-11", "2023-11-27T00:00:00+08:00"),
    ("2016-01-08 10:00:00 XYZ", "2016-01-08T10:00:00+08:00"),
    ("民國113年5月1日", "2024-05-01T00:00:00+08:00"),
    ("中華民國113年5月1日 下午3:05", "2024-05-01T15:05:00+08:00"),
    ("民國113/05/01", "2024-05-01T00:00:00+08:00"),
    ("1577934245", "2020-01-02T03:04:05+00:00"),
    ("1577934245000", "2020-01-02T03:04:05+00:00"),
]

IMPOSSIBLE = [
    "2017-02-29",
    "2017-02-10 25:00:00",
    "2017-02-10 10:61:00",
    "2017-13-32",
    "0999-01-01",
    "9999-12-31",
    "24:00:00",
    "1403-02-12",
    "1403年2月12日",
    "١٤٠٣-٠٢-١٢",
    "2567-05-01",
    date(2567, 5, 1),
    "5784-08-23",
    "113年5月1日",
    "11/9/2017",
    "123456",
    "99999999999",
    "YYYY-MM-DD HH:MM:SS +/-TTTT",
    "{{ date }}",
    "Fri 32 Foo 2020",
    "",
    "2020" * 1000,
    None,
    True,
    [],
    {},
    2.5,
    time(1, 2),
]


@pytest.mark.parametrize(("value", "expected"), PLAIN)
def test_plain_shapes(value: object, expected: str) -> None:
    """A date in a usual form is read to the second, without a remark."""
    reading = read_date(value, SHANGHAI)
    assert reading.instant is not None
    assert (reading.instant.isoformat(), reading.remark) == (expected, "")


@pytest.mark.parametrize(("value", "expected"), LENIENT)
def test_lenient_shapes(value: object, expected: str) -> None:
    """A malformed date is read as in Ruby, or in its obvious meaning, with a remark."""
    reading = read_date(value, SHANGHAI)
    assert reading.instant is not None
    assert reading.instant.isoformat() == expected
    assert reading.remark


@pytest.mark.parametrize("value", IMPOSSIBLE)
def test_what_is_no_date(value: object) -> None:
    """An impossible or ambiguous date is rejected with a reason."""
    reading = read_date(value, SHANGHAI)
    assert reading.instant is None
    assert reading.remark


@pytest.mark.parametrize(
    ("value", "calendar"),
    [("1403-02-12", "Persian"), ("2567/5/1", "Buddhist"), ("佛历2567年5月1日", "Buddhist")],
)
def test_a_year_of_another_calendar_is_named(value: str, calendar: str) -> None:
    """The reason names the other calendar of a year."""
    assert calendar in read_date(value, SHANGHAI).remark


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-01-02 03:04:05", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02T03:04:05.5", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02 03:04", "2020-01-02T03:04:00+08:00"),
        ("2020-01-02", "2020-01-02T00:00:00+08:00"),
        ("2020-01-02 03:04:05 -0500", "2020-01-02T03:04:05-05:00"),
    ],
)
def test_naive_full_timestamps_are_utc_on_demand(value: str, expected: str) -> None:
    """Only a full timestamp without an offset is in UTC, as in YAML and Jekyll."""
    reading = read_date(value, SHANGHAI, naive_utc=True)
    assert reading.instant is not None
    assert reading.instant.isoformat() == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-03-10 02:30:00", "2024-03-10T02:30:00-05:00"),
        ("2024-11-03 01:30:00", "2024-11-03T01:30:00-04:00"),
    ],
)
def test_hours_skipped_and_repeated(value: str, expected: str) -> None:
    """A skipped or repeated hour has the offset before the change."""
    reading = read_date(value, NEW_YORK)
    assert reading.instant is not None
    assert reading.instant.isoformat() == expected


@given(
    st.text(alphabet=st.sampled_from("0123456789-:/. TZ+年月日JanuyFPM,"), max_size=40) | st.text()
)
def test_any_text(text: str) -> None:
    """Any text gives an instant that RFC 3339 can write, or a reason."""
    reading = read_date(text, SHANGHAI)
    if reading.instant is None:
        assert reading.remark
    else:
        assert isinstance(reading.instant.tzinfo, timezone)
        assert len(reading.instant.isoformat()) == 25


FIRST, LAST = datetime.fromisoformat("1902-01-01"), datetime.fromisoformat("2399-12-31")


@given(st.datetimes(FIRST, LAST))
def test_what_is_written_is_read(instant: datetime) -> None:
    """Any second of five hundred years survives being written and read."""
    aware = instant.replace(microsecond=0, tzinfo=UTC)
    assert read_date(aware.isoformat(" "), SHANGHAI).instant == aware
