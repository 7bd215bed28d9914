"""Front matter keys that give posts their dates, in the feeds of built blogs."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import syndicate
from syndicate import Report

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def built(root: Path, *, now: datetime = NOW, **files: str) -> tuple[Report, dict[str, Any]]:
    """Write `files` (``notes__tea``: notes/tea.md), and build; return the entries by title."""
    for name, text in files.items():
        file = root / f"{name.replace('__', '/')}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    report = syndicate.build(root, settings={"site.url": "https://blog.example.org"}, now=now)
    feed = root / "output/feed.json"
    items = json.loads(feed.read_text(encoding="utf-8"))["items"] if feed.exists() else []
    return report, {item["title"]: item for item in items}


def kinds(report: Report) -> list[str]:
    return [problem.kind for problem in report.problems]


@pytest.mark.parametrize(
    "key",
    ["created", "createdAt", "created_at", "creation_date", "published", "published_at",
     "publishedAt", "publishDate", "datePublished", "pubDate", "pubDatetime", "time", "Date",
     "posted", "post-date", "发布时间"],
)  # fmt: skip
def test_a_plain_folder_takes_every_name_of_the_date(tmp_path: Path, key: str) -> None:
    """A post has the date under any of the usual names."""
    _, items = built(tmp_path, tea=f"---\ntitle: Tea\n{key}: 2024-05-01\n---\nHot.\n")
    assert items["Tea"]["date_published"] == "2024-05-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("mark", "path"),
    [("astro.config.mjs", "src__content__blog__tea"), ("eleventy.config.js", "blog__tea"),
     (".vuepress/config.js", "posts__tea")],
)  # fmt: skip
def test_other_engines_without_a_rule_take_them_too(tmp_path: Path, mark: str, path: str) -> None:
    """Astro, Eleventy and VuePress read the usual names of the date too."""
    (tmp_path / mark).parent.mkdir(exist_ok=True)
    (tmp_path / mark).write_text("export default {}\n", encoding="utf-8")
    post = "---\ntitle: Tea\ncreated_at: Tuesday, May 13th 2025, 2:16:40 pm\n---\nHot.\n"
    _, items = built(tmp_path, **{path: post})
    assert items["Tea"]["date_published"] == "2025-05-13T14:16:40+00:00"


def test_published_true_is_no_date(tmp_path: Path) -> None:
    """`published: true` is not a date, and another key may give the date."""
    both = "---\ntitle: Tea\npublished: true\ncreated: 2024-05-01\n---\nHot.\n"
    report, items = built(tmp_path, tea=both)
    assert items["Tea"]["date_published"].startswith("2024-05-01")
    assert "bad-date" not in kinds(report)


def test_published_false_still_withholds(tmp_path: Path) -> None:
    """An unpublished post is in no feed, whatever its dates."""
    text = "---\ntitle: Tea\npublished: false\ncreated: 2024-05-01\n---\nHot.\n"
    assert built(tmp_path, tea=text)[1] == {}


def test_the_date_of_publication_wins_over_that_of_creation(tmp_path: Path) -> None:
    """The date of publication wins over the file name's, and this over the date of creation."""
    said = "---\ntitle: Tea\ncreated: 2024-01-01\npublished_at: 2024-05-01\n---\nHot.\n"
    named = "---\ntitle: Milk\ncreated: 2024-01-01\n---\nHot.\n"
    _, items = built(tmp_path, tea=said, **{"2024-05-02-milk": named})
    dates = {title: item["date_published"][:10] for title, item in items.items()}
    assert dates == {"Tea": "2024-05-01", "Milk": "2024-05-02"}


def test_an_unreadable_synonym_is_named_where_no_date_is_found(tmp_path: Path) -> None:
    """`time: 5 min` is reported only if the post then has no date."""
    undated = "---\ntitle: Tea\ntime: 5 min\n---\nHot.\n"
    dated = "---\ntitle: Milk\ntime: 5 min\ndate: 2024-05-01\n---\nHot.\n"
    report, _ = built(tmp_path, tea=undated, milk=dated)
    assert [p.path for p in report.problems if p.kind == "bad-date"] == ["tea.md"]


def test_a_year_of_another_calendar_dates_no_entry(tmp_path: Path) -> None:
    """A year of another calendar is reported, and does not date the post."""
    report, items = built(tmp_path, tea="---\ntitle: Tea\ndate: 2567-05-01\n---\nHot.\n")
    assert items == {}
    assert any("Buddhist" in problem.message for problem in report.problems)


def test_a_change_in_the_future_never_dates_an_entry(tmp_path: Path) -> None:
    """A `lastmod` in the future is reported, and is used from its day on."""
    text = "---\ntitle: Tea\ndate: 2024-05-01\nlastmod: 2026-12-01\n---\nHot.\n"
    report, items = built(tmp_path, tea=text)
    assert items["Tea"]["date_modified"] == "2024-05-01T00:00:00+00:00"
    assert "future-update" in kinds(report)
    _, items = built(tmp_path, now=NOW.replace(month=12, day=2))
    assert items["Tea"]["date_modified"] == "2026-12-01T00:00:00+00:00"
