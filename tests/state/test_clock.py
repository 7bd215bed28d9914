"""A wrong clock: set back, or far ahead."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from syndicate import Report, build
from syndicate.config.load import load
from syndicate.ledger.records import Record
from syndicate.ledger.records import load as ledger
from syndicate.model import WRONG_CLOCK
from syndicate.pipeline.build import build as build_config
from syndicate.pipeline.build import check

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BACK, AHEAD = NOW - timedelta(days=2), NOW + timedelta(days=3_650)
WRONG = pytest.mark.parametrize("wrong", [BACK, AHEAD], ids=["back", "ahead"])


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """Return a blog with a post of today, an older post, and a post of next week."""
    (tmp_path / "config.toml").write_text('[site]\nurl = "https://tea.example"\n', "utf-8")
    post(tmp_path, "new", NOW - timedelta(hours=3))
    post(tmp_path, "old", NOW - timedelta(days=90))
    post(tmp_path, "due", NOW + timedelta(days=7))
    build(tmp_path, now=NOW)
    return tmp_path


def post(blog: Path, name: str, date: datetime, text: str = "Green.") -> None:
    words = f"---\ntitle: {name}\nauthor: Mei\ndate: {date.isoformat()}\n---\n{text}\n"
    (blog / f"{name}.md").write_text(words, encoding="utf-8")


def files(blog: Path) -> dict[str, bytes]:
    return {p.as_posix(): p.read_bytes() for p in (blog / "output").rglob("*") if p.is_file()}


def record(blog: Path, name: str) -> Record:
    (found,) = (r for r in ledger(blog / ".syndicate") if r.path == f"{name}.md")
    return found


def is_told(report: Report) -> bool:
    return WRONG_CLOCK in {problem.kind for problem in report.problems}


@WRONG
def test_wrong_clock_changes_no_feed(blog: Path, wrong: datetime) -> None:
    """Today's post stays published and next week's post waits, also after the clock is right."""
    before, records = files(blog), ledger(blog / ".syndicate")
    report = build(blog, now=wrong)
    assert is_told(report)
    assert {each.path for each in report.posts} == {"new.md", "old.md"}
    assert files(blog) == before
    assert not is_told(build(blog, now=NOW + timedelta(minutes=5)))
    assert files(blog) == before
    assert ledger(blog / ".syndicate") == records


@WRONG
def test_edit_is_dated_when_the_clock_is_right_again(blog: Path, wrong: datetime) -> None:
    """An edit is published at once, without a new date."""
    post(blog, "old", NOW - timedelta(days=90), "Black.")
    assert is_told(build(blog, now=wrong))
    assert b"Black" in (blog / "output" / "atom.xml").read_bytes()
    assert record(blog, "old").updated == record(blog, "old").published
    later = NOW + timedelta(hours=1)
    build(blog, now=later)
    assert record(blog, "old").updated == later


@WRONG
def test_deleted_post_is_withdrawn_when_the_clock_is_right_again(
    blog: Path, wrong: datetime
) -> None:
    """A withdrawal is dated when the clock is right again."""
    (blog / "old.md").unlink()
    build(blog, now=wrong)
    assert record(blog, "old").withdrawn is None
    build(blog, now=NOW + timedelta(hours=1))
    assert record(blog, "old").withdrawn == NOW + timedelta(hours=1)


@WRONG
def test_check_and_dry_run_tell_of_a_wrong_clock(blog: Path, wrong: datetime) -> None:
    """`check` and `build --dry-run` report a wrong clock too."""
    config = load(blog)
    assert is_told(check(config, now=wrong))
    report = build_config(config, now=wrong, dry_run=True)
    assert is_told(report)
    assert {change.action for change in report.changes} == {"unchanged"}


def test_force_says_that_the_clock_is_right(blog: Path) -> None:
    """`build --force` accepts the clock if the last build's clock was wrong."""
    assert not is_told(build_config(load(blog), now=BACK, force=True))
    assert not is_told(build(blog, now=BACK + timedelta(minutes=1)))


def test_small_step_back_withdraws_nothing_and_is_no_problem(blog: Path) -> None:
    """A clock that is set back by seconds is not wrong."""
    post(blog, "newest", NOW + timedelta(seconds=10))
    build(blog, now=NOW + timedelta(seconds=10))
    report = build(blog, now=NOW)
    assert not is_told(report)
    assert len(report.posts) == 3


def test_long_rest_is_no_problem_where_a_file_is_new(blog: Path) -> None:
    """A year without builds is fine if a file is as new as the clock."""
    later = datetime.now(UTC) + timedelta(days=300)
    assert not is_told(build(blog, now=later))
    assert len(build(blog, now=later).posts) == 3


def test_first_build_by_a_clock_before_the_program_existed(tmp_path: Path) -> None:
    """A clock in 1970 is wrong even in the first build."""
    post(tmp_path, "tea", datetime(2024, 5, 1, tzinfo=UTC))
    report = build(tmp_path, now=datetime(1970, 1, 2, tzinfo=UTC))
    assert is_told(report)
    assert len(report.posts) == 1
