"""What stands on the pages, and that no text can break them."""

import re
from base64 import b64encode
from hashlib import sha256
from html import unescape
from xml.etree.ElementTree import Element

import html5lib
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config.layouts import LAYOUTS
from syndicate.model import FORMATS, Content, Image, Site
from syndicate.pages.build_pages import MOST, pages
from syndicate.pages.page_paths import INDEX, WORTH_A_LIST, paths
from tests.feeds.samples import SITE, days, post, texts

from .samples import documents, feeds, page

KITCHEN = "feeds/category/kitchen.html"
CHINESE = msgspec.structs.replace(SITE, language="zh-CN", title="云与雾")
NS = "{http://www.w3.org/1999/xhtml}"


def tree(text: str) -> Element:
    """The page as a browser reads it; fails where it would have to guess."""
    return html5lib.HTMLParser(strict=True).parse(text)


def hrefs(text: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'<a [^>]*?href="([^"]*)"', text)]


def test_each_feed_has_a_page_and_all_share_an_index_a_style_and_a_head() -> None:
    """One page a feed, the feed of everything on the index, and nothing else."""
    made = documents([post("a", categories=("Kitchen",))])
    assert sorted(made) == [KITCHEN, "feeds/feed.css", "feeds/head.html", INDEX]


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_paths_told_beforehand_are_those_written_in_every_layout(name: str) -> None:
    """`paths` names each document of `pages`, whatever the layout."""
    posts = [post("a", categories=("Kitchen", "C#"), tags=("index",)), post("b", tags=("Kitchen",))]
    layout = LAYOUTS[name]
    options = {"by": ["category", "tag", "author"], "layout": layout}
    made = documents(posts, **options)
    planned = [feed for feed, _ in feeds(posts, **options)]
    assert set(made) == paths(planned, layout)


def test_no_feeds_no_pages() -> None:
    """Without feeds nothing is made."""
    assert list(pages([], site=SITE, layout=LAYOUTS["default"])) == []


def test_a_page_shows_title_day_and_excerpt_of_the_newest_posts() -> None:
    """Twenty posts, newest first, each linked."""
    posts = [msgspec.structs.replace(each, categories=("Kitchen",)) for each in days(30)]
    text = page(KITCHEN, posts)
    links = [each for each in hrefs(text) if re.search(r"/p\d+/$", each)]
    assert links == [f"https://example.org/blog/p{n}/" for n in range(29, 29 - MOST, -1)]
    assert '<time datetime="2025-01-30T00:00:00+00:00">30 January 2025</time>' in text
    assert '<p dir="auto">Hello, world</p>' in text


def test_addresses_are_absolute_and_handed_to_readers_encoded() -> None:
    """What is copied works anywhere; what a reader is given is one query value."""
    text = page(INDEX, [post()])
    shown = [re.sub("<wbr>", "", found) for found in re.findall(r"<code[^>]*>(.*?)</code>", text)]
    base = "https://example.org/blog"
    assert shown == [f"{base}/atom.xml", f"{base}/rss.xml", f"{base}/feed.json"]
    quoted = "https%3A%2F%2Fexample.org%2Fblog%2Fatom.xml"
    assert f"https://www.inoreader.com/?add_feed={quoted}" in hrefs(text)
    assert f"feed:{base}/atom.xml" in hrefs(text)


def test_links_between_pages_lead_to_files_that_are_there() -> None:
    """Relative links hold from each page, in every script."""
    from posixpath import join, normpath
    from urllib.parse import unquote

    posts = [post("a", categories=("天气", "C++ & C#"), tags=("50% off?",))]
    made = documents(posts, by=["category", "tag"])
    feed_files = {
        p for feed, _ in feeds(posts, by=["category", "tag"]) for p in feed.files.values()
    }
    there = {*made, *feed_files, "feeds.opml"}
    for path, document in made.items():
        if not path.endswith(".html"):
            continue
        local = [href for href in hrefs(document.data.decode()) if ":" not in href]
        targets = {unquote(normpath(join(path, "..", href))) for href in local}
        assert targets <= there
        assert "feeds.opml" in targets or path == "feeds/head.html"


def test_a_chinese_blog_has_chinese_pages() -> None:
    """Texts, dates and lang follow the site's language."""
    text = page(INDEX, [post()], CHINESE)
    assert '<html lang="zh-CN" dir="ltr">' in text
    assert "最新文章" in text
    assert ">2025年2月20日</time>" in text


@pytest.mark.parametrize("language", ["ar", "he-IL", "fa", "ur"])
def test_a_page_in_a_language_written_from_the_right_is_laid_out_so(language: str) -> None:
    """dir is rtl, addresses stay ltr."""
    text = page(INDEX, [post()], msgspec.structs.replace(SITE, language=language))
    assert f'<html lang="{language}" dir="rtl">' in text
    assert '<code id="atom" dir="ltr">' in text


def test_a_language_we_do_not_speak_gets_english_around_its_own_words() -> None:
    """The page is English; the blog's words carry the blog's language."""
    text = page(INDEX, [post()], msgspec.structs.replace(SITE, language="pt_br"))
    assert '<html lang="pt-BR" dir="ltr">' in text
    text = page(INDEX, [post()], msgspec.structs.replace(SITE, language="sv"))
    assert '<html lang="en" dir="ltr">' in text
    assert '<h1 lang="sv" dir="auto">A Blog</h1>' in text
    assert '<article lang="sv">' in text


def test_the_feed_of_a_language_has_a_page_in_it() -> None:
    """Each language's page speaks it, and is called as its speakers call it."""
    posts = [post("a", language="zh-CN"), post("b")]
    text = page("feeds/language/zh-cn.html", posts, by=["language"])
    assert '<html lang="zh-CN"' in text
    assert '<h1 dir="auto">简体中文</h1>' in text


def test_a_post_in_another_language_says_so() -> None:
    """lang stands on the post, for fonts and screen readers."""
    assert '<article lang="ja">' in page(INDEX, [post("a", language="ja")])


def test_pictures_of_the_own_host_are_shown_and_of_no_other() -> None:
    """A page asks no other host for anything; its own it asks by a relative address."""
    own = Image("https://example.org/blog/img/a%20b.jpg?w=1")
    above = Image("https://example.org/c.jpg")
    far = Image("https://elsewhere.example/d.jpg")
    text = page(INDEX, [post("a", image=own), post("b", image=above), post("c", image=far)])
    found = re.findall(r'<img src="([^"]*)" alt=""', text)
    assert sorted(found) == ["../img/a%20b.jpg?w=1", "/c.jpg"]


def test_the_policy_allows_the_inline_style_and_script_and_nothing_else() -> None:
    """The digests in the policy are those of what the page holds."""
    text = page(INDEX, [post()])
    policy = unescape(re.findall(r'Content-Security-Policy" content="([^"]*)"', text)[0])
    assert policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        (inline,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.S)
        wanted = b64encode(sha256(inline.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{wanted}'" in policy
    assert not re.findall(r"\son\w+=|\sstyle=", text)


def test_feeds_are_listed_by_kind() -> None:
    """The index has a group for categories and one for tags, counted."""
    posts = [post("a", categories=("X", "Y"), tags=("Z",))]
    text = page(INDEX, posts, by=["category", "tag"])
    assert "<summary>Categories <small>2</small></summary>" in text
    assert '<li><a href="tag/z.html">Z</a></li>' in text


def test_very_many_feeds_are_listed_on_a_page_of_their_own() -> None:
    """The index stays light: 1,000 categories are one link there."""
    names = tuple(f"category {n}" for n in range(1_000))
    assert len(names) > WORTH_A_LIST
    made = documents([post(f"p{n}", categories=names[n : n + 100]) for n in range(0, 1_000, 100)])
    assert len(made[INDEX].data) < 20_000
    assert made["feeds/category.html"].data.count(b"<li><a") > 1_000
    assert '<a href="category.html">' in made[INDEX].data.decode()


def test_four_hundred_feeds_and_long_texts_weigh_less_than_50_kb() -> None:
    """The largest index, and a page of long Chinese excerpts."""
    import gzip

    names = tuple(f"分类{n}" for n in range(WORTH_A_LIST))
    posts = [msgspec.structs.replace(each, categories=names) for each in days(20)]
    body = Content("<p>x</p>", "云" * 200, "<p>x</p>")
    made = pages(feeds(posts, CHINESE, body), site=CHINESE, layout=LAYOUTS["default"])
    for document in made:
        assert len(document.data) < 50_000, document.path
        # Ten packets of 1,460 bytes are what a server sends before it waits (RFC 6928).
        assert len(gzip.compress(document.data)) < 14_600, document.path


def test_the_lines_to_include_offer_the_feed_of_everything_and_of_each_language() -> None:
    """Categories are left to their own pages."""
    posts = [post("a", categories=("X",), language="zh-CN"), post("b")]
    text = page("feeds/head.html", posts, by=["category", "language"])
    types = [row.type for row in FORMATS.values()]
    found = re.findall(r'<link rel="alternate" type="([^"]+)" hreflang="([^"]+)"', text)
    assert found == [(kind, name) for name in ("en", "en", "zh-CN") for kind in types]


def test_pages_are_the_same_bytes_every_time() -> None:
    """Nothing but the arguments counts."""
    posts = [post("a", categories=("X",)), post("b", tags=("Y",))]
    assert documents(posts) == documents(posts)


@given(texts, texts, texts, texts)
def test_no_text_breaks_a_page(title: str, term: str, summary: str, name: str) -> None:
    """Whatever titles, terms and excerpts hold: valid HTML, the same elements, nothing to run."""
    site = Site(title=name, url=SITE.url, description=summary, language="en")
    body = Content("<p>x</p>", summary, "<p>x</p>")
    hostile = post("a", title=title, categories=(term,), image=Image(f"{SITE.url}/{term}.png"))
    made = pages(feeds([hostile], site, body), site=site, layout=LAYOUTS["default"])
    for document in made:
        if document.path.endswith(".html") and document.path != "feeds/head.html":
            found = tree(document.data.decode())
            assert len(list(found.iter(f"{NS}script"))) == len(list(found.iter(f"{NS}style"))) == 1
            assert not list(found.iter(f"{NS}b"))


@given(st.sampled_from(["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:x", "/x", ""]))
def test_an_address_that_is_none_of_the_web_is_no_link(address: str) -> None:
    """Even an entry made by others cannot smuggle one in."""
    ((feed, (entry,)),) = feeds([post()], by=[])
    forged = msgspec.structs.replace(entry, url=address, image=address)
    text = next(pages([(feed, [forged])], site=SITE, layout=LAYOUTS["default"])).data.decode()
    assert f'href="{address}"' not in text.partition("<main>")[2] or not address
    assert '<h3 dir="auto">One</h3>' in text
    assert "<img" not in text
