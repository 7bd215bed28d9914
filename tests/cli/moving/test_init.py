"""`syndicate init` on blogs whose generators make feeds."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from syndicate.cli.main import main
from syndicate.config.load import load

PACKAGE = '{{"dependencies": {{"{0}": "1"}}}}'

POST = "---\ntitle: Tea\ndate: 2025-01-01\n---\nText\n"
BLOGS: dict[str, tuple[dict[str, str], object, int]] = {
    "jekyll-feed": ({"_config.yml": "title: T\nplugins: [jekyll-feed]\n"}, "jekyll-feed", 10),
    "jekyll-feed, told otherwise": (
        {"_config.yml": "title: T\ngems: [jekyll-feed]\nfeed: {path: a/b.xml, posts_limit: 3}\n"},
        {"like": "jekyll-feed", "all": {"atom": "a/b.xml"}}, 3,
    ),
    "jekyll-feed in the Gemfile": (
        {"_config.yml": "title: T\n", "Gemfile": 'gem "jekyll-feed"\n'}, "jekyll-feed", 10,
    ),
    "Chirpy": ({"_config.yml": "title: T\ntheme: jekyll-theme-chirpy\n"}, "chirpy", 5),
    "a template of the author's": (
        {"_config.yml": "title: T\n",
         "feed.xml": "---\n---\n<rss>{% for post in site.posts limit:7 %}</rss>"},
        {"like": "default", "all": {"rss": "feed.xml"}}, 7,
    ),
    "Hexo": (
        {"_config.yml": "title: T\nnew_post_name: x\nfeed: {type: [atom, rss2], limit: 12}\n",
         "source/_posts/tea.md": POST, "package.json": PACKAGE.format("hexo")}, "hexo", 12,
    ),
    "Hexo, without a limit": (
        {"_config.yml": "title: T\nnew_post_name: x\nfeed: {type: atom, limit: false}\n",
         "source/_posts/tea.md": POST, "package.json": PACKAGE.format("hexo")}, "hexo", 0,
    ),
    "Hugo": ({"hugo.toml": "title='T'\n", "content/posts/tea.md": POST}, "hugo", 0),
    "Hugo, ten": (
        {"hugo.toml": "title='T'\n[services.rss]\nlimit=10\n", "content/posts/tea.md": POST},
        "hugo", 10,
    ),
    "Pelican": ({"pelicanconf.py": "SITENAME='T'\nFEED_ALL_RSS='rss.xml'\n"},
                {"like": "pelican", "all": {"rss": "rss.xml", "atom": "feeds/all.atom.xml",
                                            "json": "feeds/all.feed.json"}}, 100),
    "Nikola": ({"conf.py": "BLOG_TITLE='T'\nPOSTS=()\n"}, "default", 10),
    "Zola": ({"config.toml": "base_url='https://tea.example'\ngenerate_feeds=true\nfeed_limit=9\n"},
             "zola", 9),
    "Eleventy": (
        {"package.json": '{"devDependencies": {"@11ty/eleventy": "3", '
         '"@11ty/eleventy-plugin-rss": "2"}}',
         "content/feed/feed.njk": "---json\n{\"permalink\": \"/feed/feed.xml\"}\n---\n"},
        {"like": "default", "all": {"atom": "feed/feed.xml"}}, 10,
    ),
    "Astro": (
        {"package.json": '{"dependencies": {"astro": "5", "@astrojs/rss": "4"}}',
         "astro.config.mjs": "export default {}\n", "src/content/blog/tea.md": POST,
         "src/pages/rss.xml.js": "import rss from '@astrojs/rss';\n"}, "default", 0,
    ),
    "Docusaurus": (
        {"package.json": '{"dependencies": {"@docusaurus/core": "3", '
         '"@docusaurus/preset-classic": "3"}}',
         "docusaurus.config.js": "module.exports = {title: 'T'};\n", "blog/tea.md": POST},
        {"like": "default", "all": {"rss": "blog/rss.xml", "atom": "blog/atom.xml"}}, 20,
    ),
    "no feeds": ({"_config.yml": "title: T\n"}, "default", 20),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOGS)
def test_init_keeps_the_feeds_that_the_generator_makes(tmp_path: Path, name: str) -> None:
    """Their places, ids and limit are in the config.toml that it writes."""
    files, layout, limit = BLOGS[name]
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    result = CliRunner().invoke(main, ["init", str(tmp_path)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    written = tmp_path / ("syndicate.toml" if name == "Zola" else "config.toml")
    feeds = tomllib.loads(written.read_text(encoding="utf-8"))["feeds"]
    assert (feeds.get("layout", "default"), feeds["limit"]) == (layout, limit)
    assert load(tmp_path).feeds.limit == limit
