"""reStructuredText that docutils would take too long for is shown as written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import syndicate

pytest.importorskip("docutils", reason="the extra rst is not installed")


def test_a_text_beyond_the_bounds_of_docutils_is_shown_as_written_and_reported(
    tmp_path: Path,
) -> None:
    """No word is lost, and the report gives the reason."""
    (tmp_path / "conf.py").write_text(
        "BLOG_TITLE='T'\nBLOG_AUTHOR='Ann'\nSITE_URL='https://tea.example/'\n"
        "POSTS=(('posts/*.rst','posts','post.tmpl'),)\n", encoding="utf-8",
    )  # fmt: skip
    (tmp_path / "posts").mkdir()
    words = " ".join(f"leaf{n}_" for n in range(600))
    text = f".. title: A\n.. slug: a\n.. date: 2024-01-01\n\nTea. {words}\n"
    (tmp_path / "posts/a.rst").write_text(text, encoding="utf-8")
    report = syndicate.build(tmp_path, now=datetime(2026, 11, 2, tzinfo=UTC))
    assert [problem.kind for problem in report.problems] == ["rst"]
    assert b"leaf599_" in (tmp_path / "output/feed.json").read_bytes()
