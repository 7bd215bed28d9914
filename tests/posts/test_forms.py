"""One word in several Unicode forms, in the feeds of built blogs."""

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import syndicate
from syndicate import Report

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def built(root: Path, *posts: str) -> tuple[Report, list[dict[str, Any]]]:
    for number, text in enumerate(posts):
        (root / f"{number}.md").write_text(text, encoding="utf-8")
    settings = {"site.url": "https://blog.example.org", "feeds.by": ["category", "tag"]}
    report = syndicate.build(root, settings=settings, now=NOW)
    feed = root / "output/feed.json"
    return report, json.loads(feed.read_text("utf-8"))["items"] if feed.exists() else []


@pytest.mark.parametrize("name", ["Café", "ガラス", "한국어"])
def test_one_category_in_two_forms_is_one_feed(tmp_path: Path, name: str) -> None:
    """NFC and NFD are one term: one feed has both posts, and an entry has the term once."""
    forms = [unicodedata.normalize(form, name) for form in ("NFC", "NFD")]
    posts = [
        f"---\ntitle: {number}\ndate: 2024-05-0{number}\ncategories: [{term}]\n---\nTea.\n"
        for number, term in enumerate((*forms, f"{forms[0]}, {forms[1]}"), 1)
    ]
    report, items = built(tmp_path, *posts)
    feeds = [feed for feed in report.feeds if feed.kind == "category"]
    assert [(feed.term, feed.entries) for feed in feeds] == [(forms[0], 3)]
    assert {tuple(item["tags"]) for item in items} == {(forms[0],)}


@pytest.mark.parametrize(
    "header",
    ["　title: Tea\n　date: 2024-05-01\n　tags: [hot]",
     "title:　Tea\ndate:\u00a02024-05-01\ntags:\n　- hot",
     "title: Tea\n　　date: 2024-05-01\ntags: [hot]"],
)  # fmt: skip
def test_an_ideographic_space_beside_a_key_is_ignored(tmp_path: Path, header: str) -> None:
    """Keys after invisible spaces are read, and the line is reported."""
    report, (item,) = built(tmp_path, f"---\n{header}\n---\nTea.\n")
    assert (item["title"], item["date_published"][:10], item["tags"]) == (
        "Tea", "2024-05-01", ["hot"]
    )  # fmt: skip
    assert "yaml-mended" in {problem.kind for problem in report.problems}


def test_a_mark_behind_an_ideographic_space_withholds(tmp_path: Path) -> None:
    """An invisible space publishes no draft."""
    _, items = built(tmp_path, "---\ntitle: Tea\ndate: 2024-05-01\n　draft: true\n---\nTea.\n")
    assert items == []


def test_indented_text_keeps_its_ideographic_spaces(tmp_path: Path) -> None:
    """Only an invisible space beside a key is reported."""
    text = "---\ntitle: Tea\ndate: 2024-05-01\nsummary: |\n  　茶: 热\n---\nTea.\n"
    report, (item,) = built(tmp_path, text)
    assert "茶: 热" in item["summary"]
    assert "yaml-mended" not in {problem.kind for problem in report.problems}


def test_a_title_that_begins_with_a_hash_is_read(tmp_path: Path) -> None:
    """A title that is a YAML comment is read, and reported with its line."""
    report, (item,) = built(tmp_path, "---\ntitle: #1 of teas\ndate: 2024-05-01\n---\nTea.\n")
    assert item["title"] == "#1 of teas"
    assert [p.line for p in report.problems if p.kind == "yaml-comment"] == [2]


def test_words_that_a_comment_cuts_off_are_told(tmp_path: Path) -> None:
    """Words that a YAML comment cuts off a title are reported, unless they are a remark."""
    cut = "---\ntitle: Tea #1\ndate: 2024-05-01\n---\nTea.\n"
    remark = "---\ntitle: Milk # draft\ndate: 2024-05-02\n---\nTea.\n"
    report, items = built(tmp_path, cut, remark)
    assert [item["title"] for item in items] == ["Milk", "Tea"]
    assert [p.path for p in report.problems if p.kind == "yaml-comment"] == ["0.md"]


def test_directions_of_text_and_readings_of_characters_stay(tmp_path: Path) -> None:
    """`style="direction: rtl"` becomes `dir`; readings stand in brackets in the excerpt."""
    turned = '<p style="color: red; direction: rtl">שלום</p>'
    body = f"{turned}\n\n<p><ruby>漢字<rt>かんじ</rt></ruby>を読む</p>"
    _, (item,) = built(tmp_path, f"---\ntitle: Tea\ndate: 2024-05-01\n---\n{body}\n")
    assert '<p dir="rtl">שלום</p>' in item["content_html"]
    assert "漢字(かんじ)を読む" in item["summary"]
