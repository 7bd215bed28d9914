"""The picture and the media file that a header names, found where they lie."""

from pathlib import Path
from typing import Any

import pytest

from tests.pictures.blogs import build, feed_of, jekyll_post, write

SITE = "https://tea.example"
DATED = "title: Leaf\ndate: 2024-05-01\n"


def entry(root: Path, files: dict[str, str]) -> dict[str, Any]:
    """Return the entry of the post called Leaf; files named as pictures hold anything."""
    write(root, files)
    build(root)
    found: dict[str, Any] = feed_of(root)["Leaf"]
    return found


HUGO = {
    "hugo.toml": 'baseURL = "https://tea.example/"\ntitle = "Tea"\n'
    "[markup.goldmark.renderer]\nunsafe = true\n"
}
HEXO = {
    "_config.yml": "title: Tea\nurl: https://tea.example\npermalink: :title/\n"
    "new_post_name: :title.md\npost_asset_folder: true\n"
}
ZOLA = {"config.toml": 'base_url = "https://tea.example"\ntitle = "Tea"\n'}
NIKOLA = {
    "conf.py": 'BLOG_TITLE = "Tea"\nSITE_URL = "https://tea.example/"\n'
    'POSTS = (("posts/*.md", "posts", "post.tmpl"),)\nIMAGE_FOLDERS = {"shots": "pics"}\n'
}
PELICAN = {
    "pelicanconf.py": 'SITENAME = "Tea"\nSITEURL = "https://tea.example"\nPATH = "content"\n'
    'STATIC_PATHS = ["shots"]\n'
}


@pytest.mark.parametrize(
    ("blog", "post", "said", "picture", "expected"),
    [
        (HUGO, "content/posts/leaf/index.md", "image: cup.png", "content/posts/leaf/cup.png",
         "/posts/leaf/cup.png"),
        (HUGO, "content/posts/leaf.md", "cover: {image: img/cup.png}", "static/img/cup.png",
         "/img/cup.png"),
        (HUGO, "content/posts/leaf.md", "featuredImage: img/cup.png", "assets/img/cup.png",
         "/img/cup.png"),
        (HUGO, "content/posts/leaf.md", "thumbnail: cup.png", "content/posts/cup.png",
         "/posts/cup.png"),
        (HUGO, "content/posts/leaf.md", "params: {coverImage: cup.png}", "static/cup.png",
         "/cup.png"),
        (HUGO, "content/posts/leaf/index.md", "cover: {image: cup.png, relative: true}", "x.txt",
         "/posts/leaf/cup.png"),
        (HUGO, "content/posts/leaf/index.md", "resources: [{name: featured-image, src: cup.png}]",
         "content/posts/leaf/cup.png", "/posts/leaf/cup.png"),
        (HUGO, "content/posts/leaf/index.md", "draft: false", "content/posts/leaf/featured.jpg",
         "/posts/leaf/featured.jpg"),
        (HUGO, "content/posts/leaf/index.md", "draft: false", "content/posts/leaf/Cover-1.webp",
         "/posts/leaf/Cover-1.webp"),
        (HEXO, "source/_posts/leaf.md", "index_img: cup.png", "source/_posts/leaf/cup.png",
         "/leaf/cup.png"),
        (HEXO, "source/_posts/leaf.md", "cover: img/cup.png", "source/img/cup.png", "/img/cup.png"),
        (HEXO, "source/_posts/leaf.md", "top_img: ../img/cup.png", "source/img/cup.png",
         "/img/cup.png"),
        (ZOLA, "content/notes/leaf/index.md", "thumbnail: cup.png", "content/notes/leaf/cup.png",
         "/notes/leaf/cup.png"),
        (ZOLA, "content/notes/leaf.md", "image: img/cup.png", "static/img/cup.png", "/img/cup.png"),
        (ZOLA, "content/notes/leaf.md", "extra: {thumbnail: cup.png}", "static/cup.png",
         "/cup.png"),
        (HUGO, "content/posts/leaf.md", "image: /static/cup.png", "static/cup.png", "/cup.png"),
        (HUGO, "content/posts/leaf.md", "image: static/cup.png", "static/cup.png", "/cup.png"),
        (HUGO, "content/posts/leaf.md", "image: /static/cup.png", "static/static/cup.png",
         "/static/cup.png"),
        (NIKOLA, "posts/leaf.md", "previewimage: cup.png", "shots/cup.png", "/pics/cup.png"),
        (NIKOLA, "posts/leaf.md", "previewimage: shared/cup.png", "files/shared/cup.png",
         "/shared/cup.png"),
        (PELICAN, "content/leaf.md", "cover: cup.png", "content/shots/cup.png", "/shots/cup.png"),
        (PELICAN, "content/leaf.md", "cover: shots/cup.png", "content/shots/cup.png",
         "/shots/cup.png"),
        (PELICAN, "content/leaf.md", "cover: '{static}/shots/cup.png'", "content/shots/cup.png",
         "/shots/cup.png"),
        (PELICAN, "content/leaf.md", "cover: '{static}/far/cup.png'", "x.txt", "/far/cup.png"),
        ({}, "notes/leaf.md", "image: cup.png", "notes/cup.png", "/notes/cup.png"),
        ({}, "notes/leaf.md", "image: cup.png", "cup.png", "/cup.png"),
    ],
)  # fmt: skip
def test_a_picture_has_the_address_at_which_its_file_is_published(
    tmp_path: Path, blog: dict[str, str], post: str, said: str, picture: str, expected: str
) -> None:
    """Beside the post, in its folder, in the folders of static files, at the root."""
    config = "" if blog else '[site]\nurl = "https://tea.example"\n'
    files = {**blog, post: f"---\n{DATED}{said}\n---\nHello.\n", picture: "x"}
    write(tmp_path, {"config.toml": config} if config else {})
    assert entry(tmp_path, files)["image"] == f"{SITE}{expected}"


@pytest.mark.parametrize("key", ["image", "audio"])
@pytest.mark.parametrize("folder", ["content/posts/leaf/", "static/", "nowhere/"])
def test_picture_and_sound_are_looked_for_alike(tmp_path: Path, key: str, folder: str) -> None:
    """One rule holds for both."""
    post = f"---\n{DATED}{key}: a.mp3\n---\nHello.\n"
    found = entry(tmp_path, {**HUGO, "content/posts/leaf/index.md": post, f"{folder}a.mp3": "x"})
    where = f"{SITE}/posts/leaf/a.mp3" if "leaf" in folder else f"{SITE}/a.mp3"
    said = found.get("image") if key == "image" else found["attachments"][0]["url"]
    assert said == where


@pytest.mark.parametrize(
    "key",
    ["index_img", "banner_img", "top_img", "photos", "feature", "og_image", "header-img", "hero",
     "heroImage", "coverImage", "socialImage", "preview", "cover-img", "background", "previewimage",
     "featured-image", "thumbnail-img", "share-img", "background_image", "img"],
)  # fmt: skip
def test_themes_call_the_picture_by_many_names(tmp_path: Path, key: str) -> None:
    """The usual themes' keys."""
    item = jekyll_post(tmp_path, "Hello.", f"{key}: /img/cup.png\n")
    assert item["image"] == f"{SITE}/log/img/cup.png"


@pytest.mark.parametrize(
    "said",
    ["top_img: false", 'background: "#ff8800"', "preview: https://shop.example/demo", "hero: 3",
     "feature: Search the site, then stop.", "teaser: We shipped v1.2.0, and more/less.",
     'background: "linear-gradient(135deg, #fff 0.5%, #000 1.5%)"', "img: gray", "photos: []"],
)  # fmt: skip
def test_what_is_no_picture_is_none(tmp_path: Path, said: str) -> None:
    """Colours, switches, sentences and pages stand under the same keys."""
    assert "image" not in jekyll_post(tmp_path, "Hello.", f"{said}\n")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("'{{ site.baseurl }}/img/a.png'", "/log/img/a.png"),
        ("'{{site.url}}{{site.baseurl}}/img/a.png'", "/log/img/a.png"),
        ("\"{{ '/img/a.png' | relative_url }}\"", "/log/img/a.png"),
        ("/img/a b.png", "/log/img/a%20b.png"),
        ("url('/img/a.png') no-repeat", "/log/img/a.png"),
        ("{og: /img/b.png, large: /img/a.png}", "/log/img/a.png"),
    ],
)
def test_an_address_in_a_template_or_a_style_is_one(
    tmp_path: Path, value: str, expected: str
) -> None:
    """As themes read it."""
    assert jekyll_post(tmp_path, "Hello.", f"image: {value}\n")["image"] == SITE + expected


@pytest.mark.parametrize(
    "value", ["<path or address>", "'{{ page.cover }}/a.png'", "left and/or right", "'{% x %}.png'"]
)
def test_what_no_address_can_hold_is_none(tmp_path: Path, value: str) -> None:
    """Scaffolds of themes leave such words."""
    assert "image" not in jekyll_post(tmp_path, "Hello.", f"image: {value}\n")


def test_a_list_gives_its_first_picture(tmp_path: Path) -> None:
    """As `photos` of Hexo's themes do."""
    item = jekyll_post(tmp_path, "Hello.", "photos:\n  - gray\n  - /a.png\n  - /b.png\n")
    assert item["image"] == f"{SITE}/log/a.png"


def test_a_bare_name_is_looked_for_where_themes_keep_pictures(tmp_path: Path) -> None:
    """Old themes add the folder themselves."""
    write(tmp_path, {"assets/images/cup.png": "x"})
    item = jekyll_post(tmp_path, "Hello.", "image:\n  feature: cup.png\n")
    assert item["image"] == f"{SITE}/log/assets/images/cup.png"


def test_a_link_out_of_the_blog_is_no_file(tmp_path: Path) -> None:
    """The same holds for folders."""
    outside = tmp_path / "outside"
    write(outside, {"cup.png": "x"})
    blog = tmp_path / "blog"
    (blog / "images").mkdir(parents=True)
    (blog / "images" / "cup.png").symlink_to(outside / "cup.png")
    assert jekyll_post(blog, "Hello.", "image: cup.png\n")["image"] == f"{SITE}/log/cup.png"


def test_a_file_that_appears_is_noticed(tmp_path: Path) -> None:
    """And one that goes; the post itself has not changed."""
    post = "content/posts/leaf/index.md"
    bare = f"---\n{DATED}---\n![d](d.png)\n"
    assert "image" not in entry(tmp_path / "a", {**HUGO, post: bare.replace("![d](d.png)", "Hi")})
    found = entry(tmp_path / "a", {"content/posts/leaf/cover.png": "x"})
    assert found["image"] == f"{SITE}/posts/leaf/cover.png"
    (tmp_path / "a/content/posts/leaf/cover.png").unlink()
    assert "image" not in entry(tmp_path / "a", {})
