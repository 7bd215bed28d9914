"""Posts without dates: `[posts] undated`, in the feeds of built blogs."""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import syndicate
from syndicate import Report
from tests.programs import need_program

NOW = datetime(2026, 11, 1, 12, 0, 0, 123, tzinfo=UTC)
FIRST = "2026-11-01T12:00:00+00:00"
DAY = timedelta(days=1)


def write(root: Path, **posts: str) -> None:
    for name, text in posts.items():
        (root / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n{text}\n", encoding="utf-8")


def built(
    root: Path, way: str, now: datetime = NOW, **settings: Any
) -> tuple[Report, dict[str, str]]:
    """Build. Return the report, and the entries' dates by title in the feed's order."""
    known = {"site.url": "https://tea.example", "posts.undated": way, "feeds.limit": 0}
    report = syndicate.build(root, settings={**known, **settings}, now=now)
    feed = root / "output/feed.json"
    items = json.loads(feed.read_text(encoding="utf-8"))["items"] if feed.exists() else []
    return report, {item["title"]: item["date_published"] for item in items}


def problem(report: Report, kind: str) -> str:
    return next((f"{p.message} {p.cure}" for p in report.problems if p.kind == kind), "")


def git(root: Path, *arguments: str, on: str = "2024-05-01T10:00:00+00:00") -> None:
    need_program("git")
    own = {"GIT_AUTHOR_DATE": on, "GIT_COMMITTER_DATE": on, "GIT_CONFIG_GLOBAL": os.devnull}
    names = ("-c", "user.name=Mei", "-c", "user.email=mei@tea.example")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ("git", *names, "-C", str(root), *arguments)
    subprocess.run(command, check=True, env={**kept, **own}, capture_output=True)


def commit(root: Path, on: str) -> None:
    git(root, "add", "--all", ".", ":!output", ":!.syndicate", on=on)
    git(root, "commit", "--quiet", "--message", "Tea", on=on)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a blog with two posts that were added by two commits."""
    git(tmp_path, "init", "--quiet")
    write(tmp_path, green="Green tea is hot, and good for a cold day.")
    commit(tmp_path, "2024-05-01T10:00:00+00:00")
    write(tmp_path, black="Black tea is strong.")
    commit(tmp_path, "2024-06-01T10:00:00+02:00")
    return tmp_path


def test_undated_posts_are_left_out_by_default_and_the_key_is_named(tmp_path: Path) -> None:
    """The problem for undated posts has the cure."""
    write(tmp_path, green="Hot.")
    report = syndicate.build(tmp_path, settings={"site.url": "https://tea.example"}, now=NOW)
    assert report.posts == ()
    assert "[posts] undated" in problem(report, "no-date")


def test_first_seen_is_the_moment_of_the_build_and_stays(tmp_path: Path) -> None:
    """Later builds, edits and new files do not change a post's first date."""
    write(tmp_path, green="Hot.")
    assert built(tmp_path, "first-seen")[1] == {"green": FIRST}
    write(tmp_path, green="Very hot.", black="Strong.")
    dates = {"black": "2026-11-02T12:00:00+00:00", "green": FIRST}
    assert built(tmp_path, "first-seen", NOW + DAY)[1] == dates
    (tmp_path / ".syndicate/cache.db").unlink()
    assert built(tmp_path, "first-seen", NOW + 2 * DAY)[1] == dates


def test_first_seen_survives_a_rename_and_a_removed_date(tmp_path: Path) -> None:
    """The ledger keeps the date of a renamed post, and of a post whose date is removed."""
    write(tmp_path, green="Hot.")
    (tmp_path / "black.md").write_text(
        "---\ntitle: black\ndate: 2024-05-01\n---\nStrong.\n", "utf-8"
    )
    built(tmp_path, "first-seen")
    (tmp_path / "green.md").rename(tmp_path / "verde.md")
    write(tmp_path, black="Strong.")
    _, dates = built(tmp_path, "first-seen", NOW + DAY)
    assert dates == {"green": FIRST, "black": "2024-05-01T00:00:00+00:00"}


def test_a_date_that_is_written_later_wins(tmp_path: Path) -> None:
    """A date in the front matter wins over the time of a build."""
    write(tmp_path, green="Hot.")
    built(tmp_path, "first-seen")
    (tmp_path / "green.md").write_text("---\ntitle: green\ndate: 2024-05-01\n---\nHot.\n", "utf-8")
    assert built(tmp_path, "first-seen", NOW + DAY)[1] == {"green": "2024-05-01T00:00:00+00:00"}


def test_posts_first_seen_together_share_a_moment_in_a_stable_order(tmp_path: Path) -> None:
    """Posts with the same first date have a stable order."""
    write(tmp_path, **{f"tea-{number}": f"Tea {number}." for number in range(12)})
    _, first = built(tmp_path, "first-seen")
    assert set(first.values()) == {FIRST}
    (tmp_path / ".syndicate/cache.db").unlink()
    (tmp_path / "output/feed.json").unlink()
    assert list(built(tmp_path, "first-seen", NOW + DAY)[1].items()) == list(first.items())


def test_a_setting_that_is_taken_back_leaves_the_posts_out_again(tmp_path: Path) -> None:
    """Changing the setting invalidates the cached result of a post."""
    write(tmp_path, green="Hot.")
    (tmp_path / "black.md").write_text(
        "---\ntitle: black\ndate: 2024-05-01\n---\nStrong.\n", "utf-8"
    )
    built(tmp_path, "first-seen")
    assert list(built(tmp_path, "leave-out", NOW + DAY)[1]) == ["black"]
    assert built(tmp_path, "first-seen", NOW + 2 * DAY)[1]["green"] == FIRST


def test_a_preview_keeps_its_dates_and_a_known_address_makes_them_anew(tmp_path: Path) -> None:
    """Dates of provisional records are provisional too."""
    write(tmp_path, green="Hot.")
    preview = {"site.url": "https://example.org"}
    built(tmp_path, "first-seen", **preview)
    assert built(tmp_path, "first-seen", NOW + DAY, **preview)[1] == {"green": FIRST}
    assert built(tmp_path, "first-seen", NOW + 2 * DAY)[1] == {"green": "2026-11-03T12:00:00+00:00"}


def test_a_wrong_clock_dates_no_post(tmp_path: Path) -> None:
    """While the clock is wrong, a new post waits, and the others keep their dates."""
    write(tmp_path, green="Hot.")
    built(tmp_path, "first-seen")
    write(tmp_path, black="Strong.")
    assert built(tmp_path, "first-seen", NOW - 9 * DAY)[1] == {"green": FIRST}
    _, dates = built(tmp_path, "first-seen", NOW + DAY)
    assert dates == {"black": "2026-11-02T12:00:00+00:00", "green": FIRST}


def test_git_dates_posts_by_the_commit_that_added_them(repository: Path) -> None:
    """Later commits to a post change nothing."""
    write(repository, green="Green tea is hot, and good for a very cold day.")
    commit(repository, "2025-01-01T10:00:00+00:00")
    _, dates = built(repository, "git")
    assert dates == {"black": "2024-06-01T08:00:00+00:00", "green": "2024-05-01T10:00:00+00:00"}


def test_git_follows_renames_and_looks_in_the_blogs_own_folder(repository: Path) -> None:
    """A post that was moved has the date of its first commit."""
    (repository / "blog 茶").mkdir()
    (repository / "green.md").rename(repository / "blog 茶/été.md")
    commit(repository, "2025-01-01T10:00:00+00:00")
    assert built(repository / "blog 茶", "git")[1] == {"green": "2024-05-01T10:00:00+00:00"}


def test_a_post_in_no_commit_waits_for_one(repository: Path) -> None:
    """A post without a commit is left out and reported, until it is committed."""
    write(repository, white="Mild.")
    report, dates = built(repository, "git")
    assert "white" not in dates
    assert "no commit" in problem(report, "not-committed")
    commit(repository, "2026-10-01T10:00:00+00:00")
    assert built(repository, "git", NOW + DAY)[1]["white"] == "2026-10-01T10:00:00+00:00"


def test_a_shallow_clone_is_named_and_the_ledger_still_knows_the_dates(
    repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A shallow clone dates no post. Dates of earlier builds stay."""
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "--quiet", "--depth=1", f"file://{repository}", ".")
    report, dates = built(clone, "git")
    assert dates == {}
    assert "shallow" in problem(report, "no-git-dates")
    state = {"state.path": str(repository / ".syndicate")}
    built(repository, "git")
    assert len(built(clone, "git", NOW + DAY, **state)[1]) == 2


def test_a_folder_without_git_is_named(tmp_path: Path) -> None:
    """The problem has the reason why git gives no dates."""
    write(tmp_path, green="Hot.")
    report, dates = built(tmp_path, "git")
    assert dates == {}
    assert "repository" in problem(report, "no-git-dates")


def test_no_program_of_a_repository_is_run(repository: Path) -> None:
    """Programs in the repository's own settings are not started."""
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{repository}/trapped'\n", encoding="utf-8")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "diff.external", "gpg.program"):
        git(repository, "config", key, str(trap))
    git(repository, "config", "log.showSignature", "true")
    assert len(built(repository, "git")[1]) == 2
    assert not (repository / "trapped").exists()
