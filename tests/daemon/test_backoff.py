from datetime import UTC, datetime, timedelta

from syndicate.daemon.backoff import FIRST, LASTING, LONGEST, MOST, Backoffs

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def waits(count: int, **options: object) -> list[float]:
    """Return the wait in seconds after each of `count` failures in a row."""
    backoffs, found = Backoffs(), []
    for _ in range(count):
        backoffs.failed("a", NOW, **{"transient": True, **options})  # type: ignore[arg-type]
        found.append(backoffs.waiting(NOW)["a"])
    return found


def test_waits_grow() -> None:
    """Each wait is twice the one before, up to the longest."""
    assert waits(3) == [FIRST, 2 * FIRST, 4 * FIRST]
    assert waits(1_100)[-1] == LONGEST


def test_lasting_failures_are_retried_rarely() -> None:
    """Wrong credentials are not tried every few seconds."""
    assert waits(2, transient=False) == [LASTING, LASTING]


def test_retry_after_is_respected() -> None:
    """No attempt comes before Retry-After, which is capped at one day."""
    assert waits(1, retry_after=3_000.0) == [3_000]
    assert waits(1, retry_after=1e12) == [MOST]
    assert waits(4, retry_after=1.0)[-1] == 8 * FIRST


def test_backoff_ends() -> None:
    """Back-off ends when its time is over, and after a success."""
    backoffs = Backoffs()
    backoffs.failed("a", NOW, transient=True)
    over = NOW + timedelta(seconds=FIRST)
    assert backoffs.next(NOW, ()) == over
    assert backoffs.waiting(over) == {}
    backoffs.succeeded("a")
    assert backoffs.next(NOW, ()) is None
    assert backoffs.get("a") is None


def test_a_finished_wait_plans_no_retry() -> None:
    """A wait that is over plans no retry, unless it ended while the run was under way."""
    backoffs, later = Backoffs(), NOW + timedelta(seconds=FIRST + 1)
    backoffs.failed("a", NOW, transient=True)
    assert backoffs.next(later, ()) is None
    assert backoffs.next(later, {"a"}) == NOW + timedelta(seconds=FIRST)


def test_a_clock_set_back_ends_the_backoff() -> None:
    """Setting the clock back by hours adds no hours to the wait."""
    backoffs = Backoffs()
    backoffs.failed("a", NOW, transient=True)
    assert backoffs.waiting(NOW - timedelta(hours=3)) == {}


def test_only_configured_names_are_kept() -> None:
    """A target that was removed from the configuration starts afresh when it returns."""
    backoffs = Backoffs()
    backoffs.failed("a", NOW, transient=True)
    backoffs.failed("b", NOW, transient=True)
    backoffs.keep(["b"])
    assert list(backoffs.waiting(NOW)) == ["b"]
