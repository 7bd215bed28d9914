"""Valaxy's settings and addresses, in the feeds of a built blog."""

from pathlib import Path

from syndicate.engines import Sign
from syndicate.engines.vue.valaxy import Valaxy
from syndicate.model import LeftOut
from tests.built import built

SITE = """import { defineSiteConfig } from 'valaxy'
export default defineSiteConfig({
  url: 'https://cloud.example/',
  lang: 'zh-CN',
  title: '云',
  description: '云与茶',
  author: { name: '云游', email: 'me@cloud.example', avatar: 'x.png' },
  timezone: 'Asia/Shanghai',
})
"""
FILES = {
    "valaxy.config.ts": "import { defineValaxyConfig } from 'valaxy'\nexport default {}\n",
    "site.config.ts": SITE,
    "pages/posts/hello world.md": "---\ntitle: A\ndate: 2024-05-01 10:00:00\n---\n"
    "Lead.\n\n<!-- more -->\n\n::: warning\nHot.\n:::\n",
    "pages/posts/sub/index.md": "---\ntitle: B\ndate: 2024-05-02\n---\nText\n",
    "pages/about/index.md": "---\ntitle: C\ndate: 2024-05-02\n---\nText\n",
}


def test_a_blog(tmp_path: Path) -> None:
    """Posts in pages/posts have their paths as addresses, without an ending."""
    blog = built(tmp_path / "blog", FILES)
    urls = {title: item["url"] for title, item in blog.items.items()}
    assert urls == {
        "A": "https://cloud.example/posts/hello%20world",
        "B": "https://cloud.example/posts/sub",
    }
    assert blog.items["A"]["date_published"] == "2024-05-01T10:00:00+08:00"
    assert blog.items["A"]["summary"] == "Lead."
    assert "<strong>Warning</strong>" in blog.html("A")
    site = blog.report.site
    assert (site.title, site.language, site.description) == ("云", "zh-CN", "云与茶")
    assert site.author is not None
    assert (site.author.name, site.author.email) == ("云游", "me@cloud.example")


def test_is_recognised_by_its_own_files(tmp_path: Path) -> None:
    """A `site.config.ts` counts only beside a package that uses Valaxy."""
    (tmp_path / "site.config.ts").write_text(SITE, encoding="utf-8")
    assert Valaxy.recognise(tmp_path) is None
    (tmp_path / "package.json").write_text('{"dependencies": {"valaxy": "0.28"}}')
    assert Valaxy.recognise(tmp_path) == Sign("site.config.ts")


def test_what_is_no_post_is_left_out(tmp_path: Path) -> None:
    """Pages in other folders and other files are left out."""
    engine, _ = Valaxy.load(tmp_path)
    for path in ("pages/about/index.md", "pages/posts/a.vue", "pages/posts/index.md", "a.md"):
        assert isinstance(engine.place(path), LeftOut), path
