"""Every field is read in all forms that people write."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model import Author, Enclosure, Image
from syndicate.posts import fields, media
from syndicate.posts.authors import authors, authors_of
from syndicate.posts.headings import leading_heading
from syndicate.text.urls import absolute

SITE = "https://example.org/blog"


def resolve(address: str) -> str:
    return absolute(address, SITE + "/tea/", SITE)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Tea", "Tea"),
        (None, ""),
        ("", ""),
        (404, "404"),
        ("404", "404"),
        (1.5, "1.5"),
        (True, "true"),
        (date(2020, 1, 2), "2020-01-02"),
        (["Tea"], "Tea"),
        ({"a": 1}, ""),
        ("Salt &amp; pepper &#8212; &lt;em&gt;", "Salt & pepper — <em>"),
        ("AT&T &copy Q&A;x", "AT&T &copy Q&A;x"),
        ("<em>Green</em> tea<br>now", "Green tea now"),
        ("<!-- x -->Tea", "Tea"),
        ('<a href="/x">Tea</a>', "Tea"),
        ("Babel <3 React", "Babel <3 React"),
        ("<InputAccessoryView> in use", "<InputAccessoryView> in use"),
        ("the <a> tag", "the <a> tag"),
        ("a < b > c", "a < b > c"),
        ("the `<em>x</em>` tag", "the `<em>x</em>` tag"),
        ("**Bold** and `code`", "**Bold** and `code`"),
        ("two\nlines\t and\u00a0more", "two lines and\u00a0more"),
        ("\u00a0", ""),
        ("a\x0bb\ufffe", "ab"),
    ],
)
def test_title(value: Any, expected: str) -> None:
    """A title becomes plain text on one line. Only real markup is removed."""
    assert fields.title(value) == expected


@pytest.mark.parametrize(
    ("value", "split", "expected"),
    [
        (["a", "b"], "comma", ("a", "b")),
        ("a b, c", "comma", ("a b", "c")),
        ("a b", "space", ("a", "b")),
        ("a, b", "", ("a, b",)),
        ("茶，酒、水", "comma", ("茶", "酒", "水")),
        (None, "comma", ()),
        ("", "comma", ()),
        ([""], "comma", ()),
        ([None, "a"], "comma", ("a",)),
        ([2013, 1.5], "comma", ("2013", "1.5")),
        ([["a"], ["b", ["c"]]], "comma", ("a", "b", "c")),
        (["a", "a", "A"], "comma", ("a", "A")),
        ([{"name": "a"}, {"title": "b"}], "comma", ("a", "b")),
        ({"a": None, "b": None}, "comma", ("a", "b")),
        (["a, b"], "comma", ("a, b",)),
        (["a\n b"], "comma", ("a b",)),
        (True, "comma", ("true",)),
    ],
)
def test_terms(value: Any, split: Any, expected: tuple[str, ...]) -> None:
    """Categories and tags keep their order, without duplicates."""
    assert fields.terms(value, split) == expected


PEOPLE = {"jo": {"name": "Jo Roe", "email": "jo@a.org", "url": "https://a.org"}, "al": "Al Poe"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ()),
        (True, ()),
        ("", ()),
        ("Jo Roe", ("Jo Roe",)),
        (["Jo Roe", "Al Poe"], ("Jo Roe", "Al Poe")),
        (["Jo Roe", ["Jo Roe"]], ("Jo Roe",)),
        ("A, B, and C", ("A", "B", "C")),
        ("A、B", ("A", "B")),
        ("Jo Roe and Al Poe", ("Jo Roe", "Al Poe")),
        ("Salt and Pepper", ("Salt and Pepper",)),
        ("King, Jr., Roe", ("King, Jr.", "Roe")),
        ("by Jo Roe", ("Jo Roe",)),
        (["Roe, Jo"], ("Roe, Jo",)),
        ([{"name": "A"}, {"login": "b"}], ("A", "b")),
        ({"a": {"name": "A"}, "b": {"name": "B"}}, ("A", "B")),
        ([{}, [[[[[[["deep"]]]]]]]], ()),
        (42, ("42",)),
    ],
)
def test_authors(value: Any, expected: tuple[str, ...]) -> None:
    """All authors are found in order, without duplicates."""
    assert tuple(author.name for author in authors(value, {})) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("jo", Author("Jo Roe", "jo@a.org", "https://a.org")),
        (["jo"], Author("Jo Roe", "jo@a.org", "https://a.org")),
        ("al", Author("Al Poe")),
        ("Jo Roe <jo@a.org>", Author("Jo Roe", "jo@a.org")),
        ("jo@a.org (Jo Roe)", Author("Jo Roe", "jo@a.org")),
        ("jo@a.org", Author("jo", "jo@a.org")),
        ({"name": "Jo", "link": "mailto:jo@a.org"}, Author("Jo", "jo@a.org")),
        ({"name": "Jo", "url": "javascript:x", "email": "none"}, Author("Jo")),
    ],
)
def test_particulars(value: Any, expected: Author) -> None:
    """E-mail and web address come from the value itself or from the blog's list."""
    assert authors(value, PEOPLE) == (expected,)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"by": "Jo Roe"}, Author("Jo Roe")),
        ({"author": None, "authors": ["Jo Roe"]}, Author("Jo Roe")),
        ({"author": "Jo", "authorURL": "https://a.org"}, Author("Jo", "", "https://a.org")),
    ],
)
def test_author_keys(meta: dict[str, Any], expected: Author) -> None:
    """The first key with an author wins."""
    assert authors_of(meta, {}) == (expected,)


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, None),
        ({"image": None}, None),
        ({"image": ""}, None),
        ({"image": "guide-dap"}, None),
        ({"image": "data:image/png;base64,xx"}, None),
        ({"image": "/a b.png"}, Image(SITE + "/a%20b.png")),
        ({"image": "a.png", "image_alt": "A"}, Image(SITE + "/tea/a.png", "A")),
        ({"image": {"path": "/a.png", "alt": " A\nb "}}, Image(SITE + "/a.png", "A b")),
        ({"image": {"path": "/a.png", "lqip": "data:x"}}, Image(SITE + "/a.png")),
        ({"image": {"feature": "/a.png"}}, Image(SITE + "/a.png")),
        ({"image": None, "cover": "/b.png"}, Image(SITE + "/b.png")),
        ({"header-img": "img/a.jpg"}, Image(SITE + "/tea/img/a.jpg")),
        ({"header": {"teaser": "/t.png"}}, Image(SITE + "/t.png")),
        ({"images": ["/1.png", "/2.png"]}, Image(SITE + "/1.png")),
        ({"hero": False, "thumbnail": "//cdn.org/x.png"}, Image("https://cdn.org/x.png")),
    ],
)
def test_image(meta: dict[str, Any], expected: Image | None) -> None:
    """A picture is found under every theme's key, and its address is absolute."""
    assert media.image(meta, resolve) == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, None),
        ({"audio": "none"}, None),
        ({"audio": "/a.mp3"}, Enclosure(SITE + "/a.mp3", "audio/mpeg")),
        (
            {"audio": "/a.mp3", "audio_length": "1,234"},
            Enclosure(SITE + "/a.mp3", "audio/mpeg", 1234),
        ),
        (
            {"enclosure": {"url": "/a.bin", "length": 5, "type": "audio/x"}},
            Enclosure(SITE + "/a.bin", "audio/x", 5),
        ),
        ({"podcast": {"file": "/a.m4a?x=1"}}, Enclosure(SITE + "/a.m4a?x=1", "audio/x-m4a")),
        (
            {"enclosure": ["|\n  https://a.org/a.mp3\n  99\n  audio/mpeg\n"]},
            Enclosure("https://a.org/a.mp3", "audio/mpeg", 99),
        ),
        ({"enclosure": "/a.xyz"}, Enclosure(SITE + "/a.xyz", "application/octet-stream")),
    ],
)
def test_enclosure(meta: dict[str, Any], expected: Enclosure | None) -> None:
    """A media file is found with its length and type, the type by a table of our own."""
    assert media.enclosure(meta, resolve) == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"excerpt": " a ", "summary": "b"}, "a"),
        ({"excerpt": None, "summary": "b"}, "b"),
        ({"description": "c"}, "c"),
        ({"excerpt": True, "subtitle": "x"}, ""),
    ],
)
def test_summary(meta: dict[str, Any], expected: str) -> None:
    """The author's own excerpt is used, never the subtitle."""
    assert fields.summary(meta) == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, ""),
        ({"id": "https://a.org/x y"}, SITE + "/#https%3A%2F%2Fa.org%2Fx%20y"),
        ({"guid": "https://a.org/?p=1"}, "https://a.org/?p=1"),
        (
            {"blogger_id": "tag:blogger.com,1999:blog-1.post-2"},
            "tag:blogger.com,1999:blog-1.post-2",
        ),
        (
            {"uuid": "6BA7B810-9DAD-11D1-80B4-00C04FD430C8"},
            "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        ),
        ({"id": "茶 1"}, SITE + "/#%E8%8C%B6%201"),
        ({"id": None, "wordpress_id": 12}, SITE + "/#12"),
        ({"id": {"a": 1}}, ""),
    ],
)
def test_identity(meta: dict[str, Any], expected: str) -> None:
    """A post's own id is kept as an IRI."""
    assert fields.identity(meta, SITE) == expected


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({"lang": "zh_CN"}, "zh-CN"),
        ({"language": "en"}, "en"),
        ({"lang": "not a tag"}, ""),
        ({}, ""),
    ],
)
def test_language(meta: dict[str, Any], expected: str) -> None:
    """A language is a BCP 47 tag or empty."""
    assert fields.language(meta) == expected


@pytest.mark.parametrize(
    "key",
    ["external_url", "externalLink", "external-url", "redirect_to", "redirect_url", "source_url",
     "link", "link_url", "linked_list_url", "bookmark-of", "repost_of"],
)  # fmt: skip
def test_a_link_post_names_its_target(key: str) -> None:
    """The target of a link post is read from all usual keys."""
    assert target({key: "https://a.org/x"}) == "https://a.org/x"
    assert target({key: ["https://a.org/x"]}) == "https://a.org/x"
    assert target({key: {"url": "https://a.org/x"}}) == "https://a.org/x"


@pytest.mark.parametrize("value", ["mailto:a@a.org", "/x/", "https://www.example.org/x/", True, []])
def test_what_is_no_target(value: object) -> None:
    """An address on the blog's own host, or not on the web, is no target."""
    assert target({"link": value}) == ""


def target(meta: dict[str, object]) -> str:
    return fields.external_url(meta, resolve, SITE)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("# Tea\n", "Tea"),
        ("\n\n## Tea ##\n", "Tea"),
        ("Tea\n===\n", "Tea"),
        ("# C#\n", "C#"),
        ("# [Tea](/x) {#id}\n", "Tea"),
        ("# **Bold** and `code`\n", "Bold and code"),
        ("# A `**kwargs` of *my_own_name*\n", "A **kwargs of my_own_name"),
        ("# 2 \\* 3 and __init__ of [it][1]\n", "2 * 3 and init of it"),
        ("Setext *t*\n====\n", "Setext t"),
        ("\r\nTea\r\n===\r\nwords", "Tea"),
        ("<h1 class='x'>Green\n<em>tea</em></h1>", "Green\ntea"),
        ("<!-- a\n comment -->\n![](cover.jpg)\n\n# Tea\n", "Tea"),
        ("import Tabs from '@theme/Tabs';\n\n# Tea\n", "Tea"),
        ("<html><head><title>x</title></head><body><div><h2>Tea</h2>", "Tea"),
        ("words\n\n## Tea ##\n", ""),
        ("<p>words</p><h1>Tea</h1>", ""),
        ("Import duties\n\n# Tea\n", ""),
        ("```\n# code\n```\n# Tea\n", ""),
        ("    # code\n\n# Tea\n", ""),
        ("a text\nof two lines\n---\n", ""),
        ("#hashtag\n\n- item\n---\n", ""),
        ("", ""),
    ],
)
def test_leading_heading(body: str, expected: str) -> None:
    """Only a heading at the start of the body is its title, without marks."""
    assert leading_heading(body) == expected


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["title", "author", "authors", "tags", "image", "excerpt", "id", "draft", "build", "lang",
     "enclosure", "audio", "external_url", "header", "status", "guid"]
)  # fmt: skip


@given(st.dictionaries(KEYS, VALUES))
def test_any_values(meta: dict[str, Any]) -> None:
    """No value in any field raises."""
    fields.title(meta.get("title"))
    fields.terms(meta.get("tags"), "comma")
    fields.summary(meta)
    fields.language(meta)
    fields.external_url(meta, resolve, "https://e.org")
    assert " " not in fields.identity(meta, SITE)
    assert all(author.name for author in authors_of(meta, {}))
    for found in (media.image(meta, resolve), media.enclosure(meta, resolve)):
        assert found is None or found.url.startswith("http")


@pytest.mark.parametrize(
    "text",
    ["a@" * 30_000, "<a@b.c>" * 9_000, "a b and " * 8_000, "\u3000" * 60_000, "(" * 60_000],
    ids=["at signs", "addresses", "and", "wide spaces", "brackets"],
)
def test_endless_author_is_read_in_time(text: str) -> None:
    """Hostile texts in the place of a name are read in linear time."""
    assert len(authors([text] * 300, {})) <= 500
    assert len(authors(text, {})) <= 500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ann Lee <mailto:a@b.org>", Author("Ann Lee", "a@b.org")),
        ("Ann Lee ( a@b.org )", Author("Ann Lee", "a@b.org")),
        ("a@b.org (Ann Lee)", Author("Ann Lee", "a@b.org")),
        ("Ann (the one) <a@b.org>", Author("Ann (the one)", "a@b.org")),
        ("Ann <3", Author("Ann <3")),
    ],
)
def test_name_beside_an_address(text: str, expected: Author) -> None:
    """Name and e-mail address may come in either order."""
    assert authors(text, {}) == (expected,)
