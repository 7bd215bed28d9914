"""Pictures and files that bodies refer to by paths of an editor, a theme or a disk."""

from pathlib import Path
from typing import Any

import pytest

from syndicate import Report
from tests.pictures.blogs import build, feed_of, jekyll_post, write
from tests.pictures.test_headers import HEXO, HUGO, SITE, ZOLA

HEAD = "---\ntitle: Leaf\ndate: 2024-05-01\n---\n"
DOCUSAURUS = {
    "docusaurus.config.js": 'module.exports = {title: "Tea", url: "https://tea.example", '
    'baseUrl: "/"}\n',
}
ASTRO = {"astro.config.mjs": 'export default defineConfig({site: "https://tea.example"})\n'}


ELEVENTY = {
    "eleventy.config.js": "config.addPlugin(eleventyImageTransformPlugin)\n",
    "config.toml": '[site]\nurl = "https://tea.example"\n',
}
VITEPRESS = {
    ".vitepress/config.mts": 'export default defineConfig({title: "Tea"})\n',
    "config.toml": '[site]\nurl = "https://tea.example"\n',
}


def built(root: Path, files: dict[str, str]) -> tuple[dict[str, Any], Report]:
    write(root, files)
    report = build(root)
    return feed_of(root)["Leaf"], report


def kinds(report: Report) -> list[str]:
    return [
        problem.kind for problem in report.problems if problem.kind in ("local-path", "built-name")
    ]


@pytest.mark.parametrize(
    ("blog", "post", "written", "file", "expected"),
    [
        (HEXO, "source/_posts/leaf.md", "leaf/a.png", "source/_posts/leaf/a.png", "/leaf/a.png"),
        (HEXO, "source/_posts/leaf.md", "./leaf/a.png", "source/_posts/leaf/a.png", "/leaf/a.png"),
        (HEXO, "source/_posts/leaf.md", "a.png", "source/_posts/leaf/a.png", "/leaf/a.png"),
        (HEXO, "source/_posts/leaf.md", "leaf\\a.png", "source/_posts/leaf/a.png", "/leaf/a.png"),
        (HEXO, "source/_posts/leaf.md", "leaf/a%20b.png", "source/_posts/leaf/a b.png",
         "/leaf/a%20b.png"),
        (HEXO, "source/_posts/leaf.md", "../img/a.png", "source/img/a.png", "/img/a.png"),
        (HEXO, "source/_posts/leaf.md", "..\\img\\a.png", "source/img/a.png", "/img/a.png"),
        (HEXO, "source/_posts/leaf.md", "b/a.png", "x.txt", "/leaf/b/a.png"),
        (HUGO, "content/posts/leaf/index.md", "a.png", "content/posts/leaf/a.png",
         "/posts/leaf/a.png"),
        (HUGO, "content/posts/leaf.md", "../../static/img/a.png", "static/img/a.png", "/img/a.png"),
        (HUGO, "content/posts/leaf.md", "a.png", "x.txt", "/posts/leaf/a.png"),
        (ZOLA, "content/notes/leaf.md", "a.png", "content/notes/a.png", "/notes/a.png"),
        (DOCUSAURUS, "blog/leaf.md", "@site/static/img/a.png", "static/img/a.png", "/img/a.png"),
        (DOCUSAURUS, "blog/leaf.md", "/img/a.png", "static/img/a.png", "/img/a.png"),
        (VITEPRESS, "posts/leaf.md", "../public/img/a.png", "public/img/a.png", "/img/a.png"),
    ],
)  # fmt: skip
def test_a_picture_has_the_address_at_which_its_file_is_published(
    tmp_path: Path, blog: dict[str, str], post: str, written: str, file: str, expected: str
) -> None:
    """What is nowhere keeps the address that it has on the page."""
    item, report = built(tmp_path, {**blog, post: f"{HEAD}![cup]({written})\n", file: "x"})
    assert f'src="{SITE}{expected}"' in item["content_html"]
    assert item["image"] == f"{SITE}{expected}"
    assert kinds(report) == []


def test_what_the_page_shows_goes_before_what_lies_beside_the_post(tmp_path: Path) -> None:
    """A browser's reading counts where a file is published there."""
    files = {"source/leaf/a.png": "x", "source/img/a.png": "x", "source/leaf/img/a.png": "x"}
    item, _ = built(tmp_path, {**HEXO, "source/_posts/leaf.md": f"{HEAD}![c](img/a.png)", **files})
    assert f'src="{SITE}/leaf/img/a.png"' in item["content_html"]


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("{% asset_img a.png Cup %}", "/leaf/a.png"),
        ("{% asset_img leaf/a.png Cup %}", "/leaf/a.png"),
        ("{% asset_img img/b.png Cup %}", "/img/b.png"),
        ('<img src="{% asset_path a.png %}">', "/leaf/a.png"),
        ("{% asset_link a.png Cup %}", "/leaf/a.png"),
        ("[file](leaf/a.pdf)", "/leaf/a.pdf"),
        ("[file](missing/a.pdf)", "/leaf/missing/a.pdf"),
    ],
)
def test_hexo_names_files_of_the_post(tmp_path: Path, tag: str, expected: str) -> None:
    """By its tags and by links, with the folder or without."""
    files = {"source/_posts/leaf/a.png": "x", "source/_posts/leaf/a.pdf": "x"}
    files |= {"source/img/b.png": "x", "source/_posts/leaf.md": HEAD + tag}
    assert f'="{SITE}{expected}"' in built(tmp_path, {**HEXO, **files})[0]["content_html"]


CHIRPY = "theme: jekyll-theme-chirpy\n"


@pytest.mark.parametrize(
    ("config", "header", "written", "expected"),
    [
        (CHIRPY, "media_subpath: /pics/leaf/\n", "a.png", f"{SITE}/log/pics/leaf/a.png"),
        (CHIRPY, "img_path: /pics\n", "a.png", f"{SITE}/log/pics/a.png"),
        (CHIRPY + "cdn: https://cdn.example\n", "", "/a.png", "https://cdn.example/a.png"),
        (CHIRPY + "cdn: //cdn.example/\n", "media_subpath: b/\n", "a.png",
         "https://cdn.example/b/a.png"),
        (CHIRPY + "img_cdn: https://cdn.example\n", "", "/a.png", "https://cdn.example/a.png"),
        (CHIRPY, "media_subpath: https://far.example/b\n", "a.png", "https://far.example/b/a.png"),
        (CHIRPY + "cdn:\n", "", "/a.png", f"{SITE}/log/a.png"),
        ("theme: minima\ncdn: https://cdn.example\n", "", "/a.png", f"{SITE}/log/a.png"),
    ],
)  # fmt: skip
def test_chirpy_puts_folder_and_host_before_pictures(
    tmp_path: Path, config: str, header: str, written: str, expected: str
) -> None:
    """In the header and in the body; whole addresses and links are as they are."""
    body = f"![cup]({written})\n![far](https://far.example/c.png)\n[page](/tea/)"
    item = jekyll_post(tmp_path, body, f"image: {written}\n{header}", config)
    assert item["image"] == expected
    assert f'src="{expected}"' in item["content_html"]
    assert 'src="https://far.example/c.png"' in item["content_html"]
    assert f'href="{SITE}/log/tea/"' in item["content_html"]


LOCAL = [
    "/Users/ana/Pictures/a.png",
    "/home/ana/a.png",
    "C:/Users/ana/a.png",
    "C:\\Users\\ana\\a.png",
    "file:///Users/ana/a.png",
    "file:///C:/ana/a.png",
    "..\\pics\\a.png",
    "\\\\server\\share\\a.png",
    "~/Desktop/a.png",
]


@pytest.mark.parametrize("path", LOCAL)
@pytest.mark.parametrize(
    "body", ['<img src="{}">', '<video src="{}"></video>', '<a href="{}">file</a>', "![a]({})"]
)
def test_a_path_on_a_disk_is_no_address(tmp_path: Path, path: str, body: str) -> None:
    """It is left out and reported; the text stays."""
    files = {**HUGO, "content/posts/leaf.md": f"{HEAD}Tea.\n\n{body.format(path)}\n"}
    item, report = built(tmp_path, files)
    assert "ana" not in item["content_html"]
    assert "a.png" not in item["content_html"]
    assert "Tea." in item["content_html"]
    assert kinds(report) == ["local-path"]


@pytest.mark.parametrize("path", LOCAL)
def test_a_path_on_a_disk_is_no_cover(tmp_path: Path, path: str) -> None:
    """The next key counts."""
    post = f"---\ntitle: Leaf\ndate: 2024-05-01\nimage: '{path}'\nbanner: /b.png\n---\nTea.\n"
    item, report = built(tmp_path, {**HUGO, "content/posts/leaf.md": post})
    assert item["image"] == f"{SITE}/b.png"
    assert kinds(report) == ["local-path"]


def test_a_folder_of_the_site_may_be_called_home(tmp_path: Path) -> None:
    """Where the file is there, its address is one."""
    files = {**HUGO, "content/posts/leaf.md": f"{HEAD}![a](/home/ana/a.png)"}
    item, report = built(tmp_path, {**files, "static/home/ana/a.png": "x"})
    assert f'src="{SITE}/home/ana/a.png"' in item["content_html"]
    assert kinds(report) == []


def test_paths_on_disks_are_reported_once(tmp_path: Path) -> None:
    """However many posts have them."""
    text = f"{HEAD}![a](/home/a/b.png)"
    posts = {f"content/posts/{name}.md": text.replace("Leaf", name) for name in ("Leaf", "Bud")}
    _, report = built(tmp_path, {**HUGO, **posts})
    found = [each.message for each in report.problems if each.kind == "local-path"]
    assert len(found) == 1
    assert "as were 1 more" in found[0]


def test_what_headers_and_bodies_share_is_reported_once(tmp_path: Path) -> None:
    text = "---\ntitle: {}\ndate: 2024-05-01\nimage: {}\n---\n![a](/home/a/b.png)"
    posts = {f"content/posts/{n}.md": text.format(n, f"/home/a/{n}.png") for n in ("Leaf", "Bud")}
    _, report = built(tmp_path, {**HUGO, **posts})
    found = [each.message for each in report.problems if each.kind == "local-path"]
    assert len(found) == 1
    assert "as were 3 more" in found[0]


@pytest.mark.parametrize(
    ("blog", "post", "written"),
    [
        (DOCUSAURUS, "blog/leaf.md", "./a.png"),
        (DOCUSAURUS, "blog/leaf.md", "img/a.png"),
        (DOCUSAURUS, "blog/leaf/index.md", "./a.png"),
        (ASTRO, "src/content/blog/leaf.md", "./a.png"),
        (ASTRO, "src/content/blog/leaf.md", "../../assets/a.png"),
        (ASTRO, "src/content/blog/leaf.md", "~/assets/a.png"),
        (ASTRO, "src/content/blog/leaf.md", "@/assets/a.png"),
        (ASTRO, "src/content/blog/leaf.md", "@assets/a.png"),
        (ELEVENTY, "posts/leaf.md", "./a.png"),
        (VITEPRESS, "posts/leaf.md", "./a.png"),
        (VITEPRESS, "posts/leaf.md", "../src/assets/a.png"),
    ],
)
@pytest.mark.parametrize("where", ["body", "header"])
def test_a_picture_that_a_build_renames_has_no_address(
    tmp_path: Path, blog: dict[str, str], post: str, written: str, where: str
) -> None:
    """It is left out and reported."""
    text = f"{HEAD}Tea ![a]({written})\n"
    if where == "header":
        text = f"---\ntitle: Leaf\ndate: 2024-05-01\nimage: '{written}'\n---\nTea\n"
    beside = post.rpartition("/")[0]
    files = {f"{beside}/a.png": "x", f"{beside}/img/a.png": "x", "src/assets/a.png": "x"}
    item, report = built(tmp_path, {**blog, post: text, **files})
    assert "image" not in item
    assert "<img" not in item["content_html"]
    assert kinds(report) == ["built-name"]


def test_a_link_to_a_page_is_not_looked_up(tmp_path: Path) -> None:
    """Though its name may look like a file's."""
    item, report = built(tmp_path, {**DOCUSAURUS, "blog/leaf.md": f"{HEAD}[new](./v2.10)\n"})
    assert f'href="{SITE}/blog/v2.10"' in item["content_html"]
    assert kinds(report) == []


def test_a_link_outlives_its_picture(tmp_path: Path) -> None:
    """By the picture's words."""
    text = f"{HEAD}[![Our cup](./a.png)](https://far.example/)\n"
    item, _ = built(tmp_path, {**DOCUSAURUS, "blog/leaf.md": text})
    assert '<a href="https://far.example/">Our cup</a>' in item["content_html"]


def test_a_file_that_appears_is_noticed(tmp_path: Path) -> None:
    """The body is made again, though the post has not changed."""
    item, _ = built(tmp_path, {**HEXO, "source/_posts/leaf.md": f"{HEAD}![a](img/a.png)"})
    assert f'src="{SITE}/leaf/img/a.png"' in item["content_html"]
    item, _ = built(tmp_path, {"source/img/a.png": "x"})
    assert f'src="{SITE}/img/a.png"' in item["content_html"]
    (tmp_path / "source/img/a.png").unlink()
    assert f'src="{SITE}/leaf/img/a.png"' in built(tmp_path, {})[0]["content_html"]
