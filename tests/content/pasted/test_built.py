"""A blog of pasted pages has neither marks nor buttons of other sites in its feeds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import syndicate

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PAGE = (
    '<div class="cnblogs_code"><div class="cnblogs_code_toolbar">'
    '<img src="https://c.example/copycode.gif" alt="复制代码"></div><pre>int q;</pre></div>'
    "<p>山</p>"
)
BLOGS = {
    "jekyll": ("_config.yml", "url: https://du.example\n", "_posts/2024-05-01-a"),
    "hexo": (
        "_config.yml",
        "url: https://du.example\nnew_post_name: :title.md\n",
        "source/_posts/a",
    ),
    "hugo": ("hugo.toml", 'baseURL = "https://du.example"\n', "content/posts/a"),
    "plain": ("config.toml", '[site]\nurl = "https://du.example"\n', "a"),
}


def item(folder: Path, engine: str, body: str, ending: str = "md") -> dict[str, Any]:
    settings, text, post = BLOGS[engine]
    path = folder / f"{post}.{ending}"
    path.parent.mkdir(parents=True, exist_ok=True)
    (folder / settings).write_text(text, encoding="utf-8")
    header = "---\ntitle: 渡\ndate: 2024-05-01 10:00:00 +0000\n---\n"
    path.write_text(header + body, encoding="utf-8")
    syndicate.build(folder, now=NOW)
    feed = next(folder.rglob("feed.json"))
    [found] = json.loads(feed.read_text("utf-8"))["items"]
    return dict(found)


@pytest.mark.parametrize("engine", BLOGS)
def test_a_picture_with_its_size_is_a_picture(tmp_path: Path, engine: str) -> None:
    """Body, excerpt and picture have no mark, whatever the blog's generator is."""
    body = "[TOC]\n\n![图](https://p.example/q.png#pic_center =500x300)\n\n山。\n"
    found = item(tmp_path, engine, body)
    assert '<img src="https://p.example/q.png" alt="图" width="500"' in found["content_html"]
    assert found["image"] == "https://p.example/q.png"
    assert found["summary"] == "山。"


@pytest.mark.parametrize("ending", ["md", "html"])
def test_a_copy_button_is_not_the_posts_picture(tmp_path: Path, ending: str) -> None:
    """A page of cnblogs keeps its code, without the button that copies it."""
    found = item(tmp_path, "jekyll", PAGE, ending)
    assert "image" not in found
    assert "copycode" not in found["content_html"]
    assert "int q;" in found["content_html"]


PLACED = [
    "![图](https://p.example/q.png#pic_center)",
    "![图](https://p.example/q.png#pic_left?x-resize=w_600)",
    '<img alt="图" src="https://p.example/q.png#pic_right">',
    '<img alt="图" src="https://p.example/q.png#pic_center =60%x">',
    '<img alt="图" src="/a.gif" data-src="https://p.example/q.png#pic_center">',
]


@pytest.mark.parametrize(
    ("engine", "picture"),
    # Hugo removes HTML.
    [(e, p) for e in BLOGS for p in PLACED if not (e == "hugo" and p.startswith("<"))],
)
def test_the_place_of_a_picture_is_no_part_of_its_address(
    tmp_path: Path, engine: str, picture: str
) -> None:
    found = item(tmp_path, engine, f"山。\n\n{picture}\n")
    assert 'src="https://p.example/q.png"' in found["content_html"]
    assert "pic_" not in found["content_html"]
    assert found["image"] == "https://p.example/q.png"


def test_the_place_of_a_headers_picture_is_no_part_of_its_address(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "---\ntitle: 渡\ndate: 2024-05-01\nimage: https://p.example/q.png#pic_center\n---\n山。\n",
        encoding="utf-8",
    )
    syndicate.build(tmp_path, now=NOW)
    feed = json.loads(next(tmp_path.rglob("feed.json")).read_text("utf-8"))
    assert feed["items"][0]["image"] == "https://p.example/q.png"
