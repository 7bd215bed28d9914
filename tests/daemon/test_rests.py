from datetime import UTC, datetime, timedelta

from syndicate.daemon.backoff import FIRST, LASTING, LONGEST, MOST, Rests

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def waits(count: int, **options: object) -> list[float]:
    rests, found = Rests(), []
    for _ in range(count):
        rests.failed("a", NOW, **{"transient": True, **options})  # type: ignore[arg-type]
        found.append(rests.resting(NOW)["a"])
    return found


def test_waits_grow() -> None:
    """Each is twice the one before, up to the longest."""
    assert waits(3) == [FIRST, 2 * FIRST, 4 * FIRST]
    assert waits(1_100)[-1] == LONGEST


def test_what_does_not_pass_by_itself_is_tried_rarely() -> None:
    """Wrong credentials are not tried every few seconds."""
    assert waits(2, transient=False) == [LASTING, LASTING]


def test_retry_after_is_respected() -> None:
    """Nobody is asked before the time that it named, unless that is beyond reason."""
    assert waits(1, retry_after=3_000.0) == [3_000]
    assert waits(1, retry_after=1e12) == [MOST]
    assert waits(4, retry_after=1.0)[-1] == 8 * FIRST


def test_rest_ends() -> None:
    """When its time is over, and when it worked."""
    rests = Rests()
    rests.failed("a", NOW, transient=True)
    over = NOW + timedelta(seconds=FIRST)
    assert rests.next(NOW, ()) == over
    assert rests.resting(over) == {}
    rests.worked("a")
    assert rests.next(NOW, ()) is None
    assert rests.of("a") is None


def test_who_could_have_been_tried_is_not_waited_for() -> None:
    """A rest that is over plans nothing by itself, unless it ended while the run was under way."""
    rests, later = Rests(), NOW + timedelta(seconds=FIRST + 1)
    rests.failed("a", NOW, transient=True)
    assert rests.next(later, ()) is None
    assert rests.next(later, {"a"}) == NOW + timedelta(seconds=FIRST)


def test_clock_set_back_ends_rests() -> None:
    """Nobody rests for the hours that the clock was set back by."""
    rests = Rests()
    rests.failed("a", NOW, transient=True)
    assert rests.resting(NOW - timedelta(hours=3)) == {}


def test_only_the_configured_are_known() -> None:
    """What is not kept is tried afresh when it comes back."""
    rests = Rests()
    rests.failed("a", NOW, transient=True)
    rests.failed("b", NOW, transient=True)
    rests.keep(["b"])
    assert list(rests.resting(NOW)) == ["b"]
