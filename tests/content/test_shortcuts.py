"""Each shortcut gives the same result as the general way."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest
from bs4 import BeautifulSoup
from bs4.element import PageElement, Tag
from hypothesis import given
from hypothesis import strategies as st

from syndicate.content import excerpt, lenient, markdown
from syndicate.content.autolink import link_addresses
from syndicate.content.body_addresses import Page
from syndicate.content.clean import clean
from syndicate.content.excerpt import Excerpt
from syndicate.text.characters import xml_legal
from syndicate.text.urls import absolute

Shape = str | tuple[str, dict[str, str], list["Shape"]]

TAGS = ("p", "div", "ul", "li", "table", "tr", "td", "h2", "pre", "blockquote", "dl", "dd", "b")
INLINE = ("a", "code", "em", "br", "img", "sup", "span", "ruby", "rt", "details", "mark", "menu")
pieces = st.one_of(
    st.sampled_from([f"<{slash}{tag}>" for tag in (*TAGS, *INLINE) for slash in ("", "/")]),
    st.sampled_from(['<a href="/x?a=1&amp;b" title="&quot;">', "&lt;", "&nbsp;", "&#65;", "\n \n"]),
    st.text("ab 茶\n.", max_size=8),
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_excerpts_are_made_of_the_tree_that_beautifulsoup_makes(html: str) -> None:
    """A builder that is used many times gives the same tree as a new one of BeautifulSoup."""
    body = clean(html, Page("https://a.b/", "https://a.b")).html
    start = body[: max(body.rfind("<", 0, len(body) // 2), 0)]  # as the end of a window may be
    for markup in (f"<div>{body}</div>", f"<div>{start}</div>"):
        usual = BeautifulSoup(markup, "lxml", multi_valued_attributes=None)
        assert usual.body is not None
        assert _shape(lenient._soup(markup)) == _shape(usual.body)


def _shape(node: PageElement) -> list[Shape]:
    assert isinstance(node, Tag)
    return [
        (child.name, {name: str(value) for name, value in child.attrs.items()}, _shape(child))
        if isinstance(child, Tag)
        else str(child).strip(" \n") or ("\n" if "\n" in str(child) else " ")
        for child in node.contents
    ]


def test_excerpts_are_made_in_many_threads_at_once() -> None:
    """No two threads share a builder."""
    bodies = [f"<i><p>{number} <b>and</b> more</p></i>" * 40 for number in range(100)]

    def first(html: str) -> Excerpt:
        return excerpt.excerpt(html, length=150)

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(first, bodies)) == list(map(first, bodies))


def test_an_excerpt_is_made_after_one_that_was_too_deep() -> None:
    """A parser that was stopped halfway does not affect the next excerpt."""
    deep = "<div>" * 9_000 + "a" + "</div>" * 9_000
    assert excerpt.excerpt(deep, length=20).text == "a"
    assert excerpt.excerpt("<i><p>b</p></i>", length=20).html == "<p>b</p>"


address_parts = st.one_of(
    st.sampled_from("/?#&=;@:\\é ~[!*$,+'\u200b"),
    st.sampled_from(["//", "/.", "/../", "..", "a", "b-c.png", "%20", "%C3%A9", "%z", "(1)"]),
)
addresses = st.builds(
    str.__add__,
    st.sampled_from(["/", "#", "/a", "#a", ""]),
    st.lists(address_parts, max_size=6).map("".join),
)
PLACES = [
    ("https://ex.org/2020/a/", "https://ex.org"),
    ("https://ex.org/blog/2020/a.html?b=1#c", "https://ex.org/blog"),
    ("http://localhost:4000/p", "http://localhost:4000"),
    ("https://ex.org", "https://ex.org"),
    ("https://ex.org/p;q/r;s?", "https://ex.org"),
    ("https://other.org/p/", "https://ex.org"),
    ("HTTPS://Ex.org/p/", "HTTPS://Ex.org"),
]


@pytest.mark.parametrize(("page", "base"), PLACES)
@given(address=addresses)
def test_addresses_are_made_absolute_as_ever(page: str, base: str, address: str) -> None:
    """The shortcut for plain addresses gives the same result as `absolute`."""
    expected = absolute(address.replace("\u200b", ""), page, base)
    hostless = re.match(r"https?://(?!ex\.org|other\.org|localhost)", expected, re.IGNORECASE)
    if not hostless and expected.lower().startswith("http"):
        assert Page(page, base).resolve(address).lower() == expected.lower()


texts = st.one_of(
    st.sampled_from(
        [" http://a.b/c(d) ", "https://例.com", "HTTP://Up.Case/x;", "www.Foo.com.", "://"]
    ),
    st.sampled_from(
        ["WWW.b.c", "{: .x}", "\n {:.y}\n", "{::o /}", "{:/}", "<3", "text ", "\n", "。"]
    ),
    st.sampled_from(["<p>", "</p>", "<code>", "</code>", "<pre>", "</pre>", "</a>", "</b>", "/"]),
    st.sampled_from(
        ['<a href="http://x.y">', "<A HREF=x>", '<b title="a > http://t.t">', "'", '"']
    ),
    st.sampled_from(["<!-- c -->", "<?php http://z.z ?>", "&lt;", "&quot;"]),
)


@given(st.lists(texts, max_size=12).map("".join))
def test_addresses_are_linked_wherever_another_one_is(html: str) -> None:
    """A text with one address is searched like a text with two."""
    start, bare, link = "<i>://</i>", "<i>http://e.org</i>", '<i><a href="http://e.org">'
    found = link_addresses(f"{start}{html}{bare}")
    end = max(found.rfind(bare), found.rfind(link))
    assert link_addresses(f"{start}{html}") == found[:end]


@given(st.text("](ab <>.png\n\"'()`", max_size=40))
def test_every_link_with_a_space_is_looked_at(text: str) -> None:
    """The quick search finds all links that the slow edit would change."""
    if markdown._SPACED_LINK.search(text):
        assert markdown._SPACE_IN_LINK.search(text)


def test_every_reference_to_a_forbidden_character_is_found() -> None:
    """A forbidden character does not reach a feed, however its reference is written."""
    forbidden = (chr(code) for code in chain(range(0x20), range(0xD7F0, 0xE010), (0xFFFE, 0xFFFF)))
    for character in forbidden:
        for form in ("&#{0};", "&#x{0:x};", "&#X{0:X};", "&#00{0}", "&#x00{0:x} "):
            reference = form.format(ord(character))
            html = clean(f"<p>a{reference}</p>", Page("https://a.b/", "https://a.b")).html
            assert xml_legal(html) == html
