"""Posts in other encodings than UTF-8, seen in the feeds of built blogs."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import syndicate
from syndicate import Report

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)
POSTS = {
    "gbk": "我们今天在北京喝茶，这是一个测试。",
    "big5": "我們今天在臺北喝茶，這是一個測試。",
    "shift_jis": "今日は東京でお茶を飲みました。",
    "euc_jp": "今日は東京でお茶を飲みました。",
    "euc_kr": "오늘은 서울에서 차를 마셨습니다. 정말 맛있었어요.",
    "utf-16": "今日は東京でお茶を飲みました。",
    "utf-16-le": "我们今天在北京喝茶，这是一个测试。",
    "windows-1251": "Сегодня мы пили чай в Москве.",
    "windows-1252": "Nous avons préféré le thé : c’était créé.",
}


def built(root: Path, **posts: bytes) -> tuple[Report, str]:
    for name, data in posts.items():
        (root / f"{name}.md").write_bytes(data)
    (root / "seen.md").write_text("---\ntitle: Seen\ndate: 2024-01-01\n---\nText.\n", "utf-8")
    report = syndicate.build(root, settings={"site.url": "https://blog.example.org"}, now=NOW)
    return report, (root / "output/atom.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize("encoding", POSTS)
def test_a_post_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    """Title and body are converted to UTF-8, and the encoding is reported."""
    words = POSTS[encoding]
    text = f"---\ntitle: {words[:6]}\ndate: 2024-05-01\ntags: [a]\n---\n{words}\n\n{{{{ x }}}}\n"
    report, feed = built(tmp_path, tea=text.encode(encoding))
    assert f">{words[:6].strip()}</title>" in feed
    assert words in feed
    assert "\ufffd" not in feed
    assert [(p.path, p.severity) for p in report.problems if p.kind == "foreign-encoding"] == [
        ("tea.md", "warning")
    ]


def test_several_posts_in_one_encoding_are_one_problem(tmp_path: Path) -> None:
    """A blog in GBK has one problem for all posts."""
    data = f"---\ntitle: Tea\ndate: 2024-05-01\n---\n{POSTS['gbk']}\n".encode("gbk")
    report, _ = built(tmp_path, one=data, two=data, three=data)
    (told,) = (each for each in report.problems if each.kind == "foreign-encoding")
    assert (told.path, "2 more" in told.message) == ("one.md", True)


def test_a_post_in_no_certain_encoding_is_left_out(tmp_path: Path) -> None:
    """A post in an uncertain encoding is left out, with a guess and the cure."""
    text = "---\ntitle: Mała\ndate: 2024-05-01\n---\nZażółć gęślą jaźń, święta łąka.\n"
    report, feed = built(tmp_path, tea=text.encode("iso-8859-2"))
    (told,) = (each for each in report.problems if each.kind == "encoding")
    assert (told.path, told.severity) == ("tea.md", "error")
    assert "UTF-8" in told.cure
    assert "Seen" in feed
    assert "\ufffd" not in feed


def test_stray_bytes_cost_themselves_alone(tmp_path: Path) -> None:
    """A few bytes that are not UTF-8 are dropped from the post, with the line of the first."""
    data = "---\ntitle: 茶\ndate: 2024-05-01\n---\n热的茶，好的茶，".encode() + b"\xff!\n"
    report, feed = built(tmp_path, tea=data)
    assert "热的茶，好的茶，!" in feed
    assert "\ufffd" not in feed
    assert [(p.line, p.severity) for p in report.problems if p.kind == "encoding"] == [
        (5, "warning")
    ]


def test_characters_that_the_author_lost_are_named(tmp_path: Path) -> None:
    """U+FFFD in the file itself stays, as on the blog's own page, and is reported."""
    text = "---\ntitle: Tea\ndate: 2024-05-01\n---\nHot\ufffd\n"
    report, feed = built(tmp_path, tea=text.encode())
    assert "Hot\ufffd" in feed
    assert [p.line for p in report.problems if p.kind == "lost-characters"] == [5]


def test_an_edit_of_a_converted_post_is_seen(tmp_path: Path) -> None:
    """A post in GBK that changes is read again by the next build."""
    header = "---\ntitle: Tea\ndate: 2024-05-01\n---\n"
    built(tmp_path, tea=(header + "我们今天在北京喝茶，这是一个测试。").encode("gbk"))
    _, feed = built(tmp_path, tea=(header + "我们明天在北京喝水，这不是一个测试。").encode("gbk"))
    assert "我们明天在北京喝水" in feed
