"""An excerpt is the start of the visible text, cut at a sensible place."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from syndicate.content.body_addresses import Page
from syndicate.content.clean import clean
from syndicate.content.cutting import graphemes
from syndicate.content.excerpt import excerpt

TEXTS = [
    ("<p>Hello <b>wide</b> world</p>", 50, "Hello wide world"),
    ("<p>One two three four</p>", 10, "One two…"),
    ("<p>It goes on. Then it stops, later</p>", 14, "It goes on. …"),
    ("<p>我是第一句。这是第二句话</p>", 8, "我是第一句。…"),
    ("<p>没有标点的一行中文文字</p>", 5, "没有标点的…"),
    ("<p>我是\n <b>\n 中国\n </b>\n ，好</p>", 20, "我是中国，好"),
    ("<p>a\n<b>b</b></p>", 20, "a b"),
    ("<p>👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧</p>", 2, "👨‍👩‍👧👨‍👩‍👧…"),
    ("<p>e\u0301e\u0301e\u0301</p>", 2, "e\u0301e\u0301…"),
    ("<p>a, b, c</p>", 3, "a…"),
    ("<p>supercalifragilistic</p>", 5, "super…"),
    ("<p>a &lt;b&gt; &amp; c</p>", 50, "a <b> & c"),
    ("<h2>A</h2><p>b</p>", 50, "b"),
    ("<pre>x</pre><p>b</p>", 50, "b"),
    ("<table><tr><td>x</td></tr></table><p>b</p>", 50, "b"),
    ("<figure><figcaption>x</figcaption></figure><p>b</p>", 50, "b"),
    ('<ul><li><a href="#x">toc</a></li></ul><p>目录</p><p>b</p>', 50, "b"),
    ("<ul><li>x</li></ul><p>b:</p><ul><li>c</li></ul>", 50, "b: c"),
    ('<p>a<sup><a href="p#fn:1">1</a></sup>.</p>', 50, "a."),
    ('<div id="fn:1"><p>x</p></div><p>b</p>', 50, "b"),
    ("<pre>only code</pre>", 50, "only code"),
    ("<h2>only a heading</h2>", 50, "only a heading"),
    ('<p><a href="https://a.b/">only a link</a></p>', 50, "only a link"),
    ("loose<br>text", 50, "loose text"),
    ("<div>a</div><div>b</div>", 50, "a b"),
    ('<p><img alt="x" src="https://a.b/c"></p>', 50, ""),
    ("", 50, ""),
]


@pytest.mark.parametrize(("html", "length", "expected"), TEXTS)
def test_text(html: str, length: int, expected: str) -> None:
    """The text is the first paragraphs in one line, cut at a sentence, a word or a grapheme."""
    assert excerpt(html, length=length).text == expected


HTMLS = [
    (
        '<p>a <a href="https://a.b/?c&amp;d">link that is cut</a></p>',
        10,
        '<p>a <a href="https://a.b/?c&amp;d">link</a>…</p>',
    ),
    ("<p>a &lt;b&gt;</p><p><em>c</em></p>", 50, "<p>a &lt;b&gt;</p><p><em>c</em></p>"),
    ("<p>a<img src='x'><b></b></p>", 50, "<p>a</p>"),
    ("<div>a<h2>x</h2>b</div>", 50, "<p>a</p><p>b</p>"),
]


@pytest.mark.parametrize(("html", "length", "expected"), HTMLS)
def test_html(html: str, length: int, expected: str) -> None:
    """The HTML has the same words, with links and emphasis, and is well-formed."""
    assert excerpt(html, length=length).html == expected


def test_whole_takes_headings_and_lists() -> None:
    """An excerpt that the author chose keeps its headings and lists."""
    html = "<h2>A</h2><ul><li>b</li></ul><p>c</p>"
    assert excerpt(html, length=50, whole=True).text == "A b c"


def test_looks_further_where_the_start_holds_no_text() -> None:
    """Code and pictures at the start are skipped."""
    html = "<pre>x</pre>" * 2_000 + '<img src="https://a.b/c" alt="">' * 200 + "<p>here</p>"
    assert excerpt(html, length=20).text == "here"


def test_reads_no_more_than_it_needs() -> None:
    """The cost depends on the start of a body, and the excerpt counts as cut."""
    found = excerpt("<p>a b c</p>" + " <p></p>" * 500_000 + "<p>d</p>", length=20)
    assert found.cut
    assert found.text == "a b c…"


words = st.text(st.sampled_from("abc déф中文。.!?，🇩🇪👍🏽\u0301\n&<>"), max_size=30)
blocks = st.builds(
    "<{0}>{1}<b>{2}</b>{3}</{0}>".format,
    st.sampled_from(["p", "div", "h2", "li", "pre", "blockquote"]),
    *(words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;")) for _ in range(3)),
)


@given(st.lists(blocks, max_size=6).map("".join), st.integers(1, 60))
def test_bounded_closed_and_a_prefix(html: str, length: int) -> None:
    """An excerpt is at most as long as requested, well-formed, and the start of the text."""
    body = clean(html, Page("https://a.b/", "https://a.b")).html
    found = excerpt(body, length=length)
    kept = regex.sub(" ?…$", "", found.text) if found.cut else found.text
    assert graphemes(kept) <= length
    assert excerpt(body, length=10_000).text.startswith(kept)
    assert "\n" not in found.text
    for tag in ("p", "b"):
        assert found.html.count(f"<{tag}>") == found.html.count(f"</{tag}>")
    if found.html:
        spoken = lxml_html.fragment_fromstring(found.html, create_parent="div").text_content()
        assert "".join(spoken.split()) == "".join(found.text.split())


@pytest.mark.parametrize("depth", [100, 500, 4_000])
def test_elements_in_one_another_are_read_to_the_bottom(depth: int) -> None:
    """Deeply nested text is still used, without an error."""
    assert (
        excerpt("<b>" * depth + "tea &amp; <i>x</i>" + "</b>" * depth, length=40).text == "tea & x"
    )
