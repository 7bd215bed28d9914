"""Files that a generator copies as they are, or that themes and builds bring along: no posts."""

from pathlib import Path

import pytest

from tests.blogs import built

POST = "---\ntitle: Tea\ndate: 2024-05-01\n---\nBlack or green.\n"
FILE = "---\ntitle: File\ndate: 2024-05-02\n---\nSize and date.\n"
STATIC = {
    "hugo": (
        {"hugo.toml": 'title = "T"\n', "content/posts/tea.md": POST},
        ["static/{}", "static/posts/{}", "assets/{}", "public/posts/{}",
         "themes/t/content/posts/{}", "themes/t/exampleSite/content/posts/{}"],
    ),
    "hugo in its root": (
        {"hugo.toml": 'title = "T"\ncontentDir = "."\n', "posts/tea.md": POST},
        ["static/{}", "static/posts/{}", "assets/posts/{}", "public/posts/{}", "layouts/posts/{}",
         "themes/t/posts/{}"],
    ),
    "jekyll": (
        {"_config.yml": "title: T\n", "_posts/2024-05-01-tea.md": POST},
        ["assets/{}", "assets/files/{}", "images/{}", "_site/_posts/{}", "vendor/bundle/_posts/{}"],
    ),
    "hexo": (
        {"_config.yml": "new_post_name: :title.md\n", "source/_posts/tea.md": POST},
        ["source/images/{}", "source/{}", "themes/t/source/_posts/{}", "public/{}", "scaffolds/{}"],
    ),
    "docusaurus": (
        {"docusaurus.config.js": "-", "blog/2024-05-01-tea.md": POST},
        ["static/{}", "static/blog/{}", "build/blog/{}"],
    ),
    "astro": (
        {"astro.config.mjs": "-", "src/content/blog/tea.md": POST},
        ["public/{}", "public/blog/{}", "dist/blog/{}", "src/assets/{}"],
    ),
    "astro with pages": (
        {"astro.config.mjs": "-", "src/pages/blog/tea.md": POST},
        ["public/{}", "public/blog/{}", "dist/blog/{}", "src/assets/{}"],
    ),
    "eleventy": (
        {"eleventy.config.js": "-", "posts/tea.md": POST},
        ["public/{}", "_site/posts/{}", "assets/{}"],
    ),
    "eleventy in its root": (
        {
            "eleventy.config.js": 'cfg.addPassthroughCopy("files");\n'
            'cfg.addPassthroughCopy({ "./talks/": "/slides", pics: "img" });\n'
            'cfg.addPassthroughCopy("css/*.md");\nreturn { dir: { output: "out" } };\n',
            "tea.md": POST,
        },
        ["public/{}", "static/{}", "_site/{}", "out/{}", "_includes/{}", "files/a/{}", "talks/{}",
         "pics/{}"],
    ),
    "zola": (
        {"config.toml": 'base_url = "https://e.org"\n', "content/tea.md": POST},
        ["static/{}", "themes/t/content/{}", "public/{}"],
    ),
    "nikola": (
        {"conf.py": "POSTS = (('posts/*.md', 'posts', 'p.tmpl'),)\n", "posts/tea.md": POST},
        ["files/{}", "files/posts/{}", "output/posts/{}", "themes/t/posts/{}", "images/{}"],
    ),
    "pelican": (
        {
            "pelicanconf.py": "PATH = 'content'\nSTATIC_PATHS = ['images', 'extra']\n",
            "content/tea.md": POST,
        },
        ["output/{}", "themes/t/{}"],
    ),
    "plain": ({"tea.md": POST}, ["static/{}", "assets/{}", "themes/{}", "_site/{}"]),
}  # fmt: skip


@pytest.mark.parametrize("kind", STATIC)
@pytest.mark.parametrize("name", ["2024-05-02-file.md", "2024-05-02-file.html"])
def test_files_in_static_folders_are_no_posts(tmp_path: Path, kind: str, name: str) -> None:
    """Even with a header and a date."""
    files, places = STATIC[kind]
    found = built(tmp_path / "blog", files | {place.format(name): FILE for place in places})
    assert [post.path for post in found.report.posts if post.title != "Tea"] == []
    assert found.titles == ["Tea"]
    assert found.report.engine == kind.partition(" ")[0]
