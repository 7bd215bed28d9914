"""Nikola's ``link://`` addresses and its teasers, in the feeds of a built blog."""

from pathlib import Path

import pytest

from syndicate.engines.nikola.link_targets import page_address
from tests.built import Built, built

CONF = (
    'BLOG_TITLE = "T"\nSITE_URL = "https://tea.example/"\nBLOG_AUTHOR = "Ann"\n'
    'DEFAULT_LANG = "en"\nTRANSLATIONS = {"en": "", "de": "./de"}\n'
    'POSTS = (("posts/*.md", "posts", "post.tmpl"), ("posts/*.rst", "posts", "post.tmpl"),\n'
    '         ("posts/*.txt", "posts", "post.tmpl"))\n'
    'PAGES = (("pages/*.rst", "p", "page.tmpl"),)\n'
)
GREEN = ".. title: Green\n.. slug: green-tea\n.. date: 2024-05-01 10:00:00 UTC\n\nGreen.\n"
GREEN_IN_GERMAN = ".. title: Grün\n.. slug: green-tea\n.. date: 2024-05-01 10:00:00 UTC\n\nGrün.\n"
HEAD = "<!--\n.. title: {0}\n.. slug: {0}\n.. date: 2024-05-02 10:00:00 UTC\n-->\n\n"
BASE = "https://tea.example"


def nikola(folder: Path, **posts: str) -> Built:
    """Build a blog of these posts and a post green-tea."""
    files = {"conf.py": CONF, "posts/green.rst": GREEN, "posts/green.de.rst": GREEN_IN_GERMAN}
    files["pages/about.rst"] = ".. title: About\n.. slug: about\n\nAbout.\n"
    for name, text in posts.items():
        stem, _, ending = name.rpartition("_")
        head = HEAD.format(stem)
        if ending in ("rst", "txt"):
            head = head.removeprefix("<!--\n").replace("-->\n", "")
        files[f"posts/{stem}.{ending}"] = head + text
    return built(folder / "blog", files)


LINKS = [
    ("link://slug/green-tea", "/posts/green-tea/"),
    ("link://slug/green-tea#brew", "/posts/green-tea/#brew"),
    ("link://filename/posts/green.rst", "/posts/green-tea/"),
    ("link://slug/about", "/p/about/"),
    ("link://filename/pages/about.rst", "/p/about/"),
    ("link://tag/Big%20Cup", "/categories/big-cup/"),
    ("link://category/news", "/categories/cat_news/"),
    ("link://archive", "/archive.html"),
    ("link://archive/2024/05", "/2024/05/"),
    ("link://rss", "/rss.xml"),
]


@pytest.mark.parametrize(("link", "address"), LINKS)
def test_a_link_in_markdown_leads_where_nikola_leads(
    link: str, address: str, tmp_path: Path
) -> None:
    """In Markdown, links, link definitions and attributes are resolved."""
    text = f'[a]({link}) [b][d] <a href="{link}">c</a>\n\n[d]: {link}\n'
    blog = nikola(tmp_path, a_md=text)
    assert blog.html("a").count(f'href="{BASE}{address}"') == 3


@pytest.mark.parametrize(("link", "address"), LINKS)
def test_a_link_in_restructuredtext_leads_where_nikola_leads(
    link: str, address: str, tmp_path: Path
) -> None:
    """In reStructuredText, links, targets and targets of pictures are resolved."""
    text = (
        f"`a <{link}>`_ and `b <{link}>`__ and c_ and `d`__\n\n.. _c: {link}\n\n__ {link}\n\n"
        f".. image:: /x.png\n   :target: {link}\n"
    )
    blog = nikola(tmp_path, a_rst=text)
    assert blog.html("a").count(f'href="{BASE}{address}"') == 5


def test_a_link_in_code_is_text(tmp_path: Path) -> None:
    """Links in code stay."""
    blog = nikola(
        tmp_path,
        a_md="`[a](link://slug/green-tea)`\n\n```\n[b](link://slug/green-tea)\n```\n",
        b_rst="Write ``<link://slug/green-tea>`_`` or so.\n",
    )
    assert blog.html("a").count("link://slug/green-tea") == 2
    assert blog.html("b").count("link://slug/green-tea") == 1


def test_a_link_to_nothing_is_named(tmp_path: Path) -> None:
    """An unknown slug is a problem of the post."""
    blog = nikola(tmp_path, a_md="[a](link://slug/none) [b](link://nonsense/x)\n")
    said = [each.message for each in blog.report.problems if each.kind == "template"]
    assert len(said) == 2
    assert "link://slug/none" in said[0]


def test_a_translation_links_to_translations(tmp_path: Path) -> None:
    """A link leads to the page and the terms in the post's own language."""
    files = {"posts/b.de.rst": ".. title: B\n.. slug: b\n.. date: 2024-05-03 10:00:00 UTC\n\n"
             "`x <link://slug/green-tea>`_ `y <link://tag/cup>`_\n"}  # fmt: skip
    files |= {"conf.py": CONF, "posts/green.rst": GREEN, "posts/green.de.rst": GREEN_IN_GERMAN}
    blog = built(tmp_path / "blog", files)
    assert f'href="{BASE}/de/posts/green-tea/"' in blog.html("B")
    assert f'href="{BASE}/de/categories/cup/"' in blog.html("B")


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("a_md", "<!-- TEASER_END -->"),
        ("a_md", "<!-- TEASER_END: Read all-in -->"),
        ("a_md", "<!-- END_TEASER -->"),
        ("a_rst", ".. TEASER_END"),
        ("a_rst", ".. TEASER_END: Read all"),
        ("a_txt", ".. TEASER_END"),
    ],
)
def test_the_excerpt_ends_at_the_teasers_end(name: str, mark: str, tmp_path: Path) -> None:
    """Teasers end in Markdown and reStructuredText, with or without a link text."""
    blog = nikola(tmp_path, **{name: f"Hot *water*.\n\n{mark}\n\nLeaves.\n"})
    assert blog.items["a"]["summary"] == "Hot water."
    assert "Leaves." in blog.html("a")
    assert "TEASER" not in blog.html("a")


CONFIGURED = [
    ({"PRETTY_URLS": False}, "tag", "a b", "/categories/a-b.html"),
    ({"STRIP_INDEXES": False}, "tag", "a", "/categories/a/index.html"),
    ({"TAG_PATH": "tags"}, "tag", "a", "/tags/a/"),
    ({"TAG_PATH": "tags"}, "category", "a", "/tags/cat_a/"),
    ({"TAG_PATH": {"en": "t", "de": "d"}}, "tag", "a", "/t/a/"),
    ({"CATEGORY_PREFIX": "", "CATEGORY_PATH": "c"}, "category", "a/b", "/c/a/b/"),
    ({"CATEGORY_PREFIX": "", "PRETTY_URLS": False}, "category", "a/b", "/categories/a-b.html"),
    ({}, "tag_index", "", "/categories/"),
    ({"TAGS_INDEX_PATH": "tags.html"}, "tag_index", "", "/tags.html"),
    ({}, "tag_rss", "a", "/categories/a.xml"),
    ({"SLUG_AUTHOR_PATH": False}, "author", "Ann", "/authors/Ann/"),
    ({"ARCHIVE_PATH": "old"}, "archive", "2024", "/old/2024/"),
    ({}, "index", "3", "/index-3.html"),
    ({}, "index", "", "/"),
    ({}, "root", "", "/"),
    ({}, "listing", "hello.py", "/listings/hello.py.html"),
    ({}, "gallery", "london", "/galleries/london/"),
    ({}, "nonsense", "a", None),
]


@pytest.mark.parametrize(("config", "kind", "name", "address"), CONFIGURED)
def test_pages_are_where_the_settings_put_them(
    config: dict[str, object], kind: str, name: str, address: str | None
) -> None:
    """The settings of conf.py give the addresses of terms and archives."""
    assert page_address(kind, name, config) == address
