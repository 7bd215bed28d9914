"""Hexo's dates without `timezone`, and future dates."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import syndicate
from syndicate import Problem
from syndicate.config.rules import is_timezone
from syndicate.engines.shared import zones
from syndicate.engines.shared.zones import zone_of

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def problems(root: Path, config: str, *dates: str, **settings: Any) -> dict[str, Problem]:
    (root / "source/_posts").mkdir(parents=True)
    text = f"url: https://blog.example.org\nnew_post_name: :title.md\n{config}\n"
    (root / "_config.yml").write_text(text, encoding="utf-8")
    for number, date in enumerate(dates):
        post = f"---\ntitle: {number}\ndate: {date}\n---\nTea.\n"
        (root / f"source/_posts/{number}.md").write_text(post, encoding="utf-8")
    report = syndicate.build(root, settings=settings, now=NOW)
    assert len(report.posts) == len(dates)
    return {problem.kind: problem for problem in report.problems}


def test_hexo_without_a_timezone_is_told_with_a_zone_for_its_language(tmp_path: Path) -> None:
    """One problem proposes the most common zone of the blog's language."""
    found = problems(tmp_path, "language: zh-CN", "2024-05-01 10:00:00", "2024-05-02 10:00:00")
    assert 'timezone = "Asia/Shanghai"' in found["no-timezone"].cure


@pytest.mark.parametrize(
    ("config", "settings"),
    [("timezone: Asia/Tokyo", {}), ("language: ja", {"site.timezone": "Asia/Tokyo"})],
)
def test_a_timezone_that_is_set_needs_no_word(
    tmp_path: Path, config: str, settings: dict[str, Any]
) -> None:
    """A time zone of the blog or of config.toml needs no proposal."""
    assert "no-timezone" not in problems(tmp_path, config, "2024-05-01 10:00:00", **settings)


def test_entries_dated_after_now_are_named_once(tmp_path: Path) -> None:
    """Future posts are in the feeds, as in Hexo, and a problem has their number."""
    dates = ("2026-11-01 18:00:00", "2026-11-01 19:00:00", "2024-05-01 10:00:00")
    told = problems(tmp_path, "language: zh-CN", *dates)["future-date"]
    assert told.path == "source/_posts/0.md"
    assert "2026-11-01T18:00:00+00:00" in told.message
    assert "1 more" in told.message


def test_entries_dated_after_now_are_meant_where_config_toml_says_so(tmp_path: Path) -> None:
    """`[posts] future = true` ends the report."""
    told = problems(tmp_path, "", "2027-01-01 18:00:00", **{"posts.future": True})
    assert "future-date" not in told


@pytest.mark.parametrize(
    ("language", "zone"),
    [("zh-CN", "Asia/Shanghai"), ("zh-Hant-TW", "Asia/Taipei"), ("zh_HK", "Asia/Hong_Kong"),
     ("ja", "Asia/Tokyo"), ("pt-BR", "America/Sao_Paulo"), ("en", ""), ("", "")],
)  # fmt: skip
def test_zone_of_a_language(language: str, zone: str) -> None:
    """The region wins over the language, and a language of many zones has none."""
    assert zone_of(language) == zone


def test_every_zone_is_one_that_config_toml_takes() -> None:
    """Every proposed zone is valid."""
    assert all(map(is_timezone, zones._ZONES.values()))
