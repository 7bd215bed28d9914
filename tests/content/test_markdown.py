"""Markdown and its dialects become HTML; code and formulas stay unchanged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.content.markdown import to_html
from syndicate.engines.shared.grammar import CommonMark, PythonMarkdown

RENDERED = [
    ("# A {#x .y}", '<h1 id="x" class="y">A</h1>'),
    ("~~a~~", "<del>a</del>"),
    ("- [x] a", 'type="checkbox" checked=""'),
    ("a | b\n--- | --:\n1 | 2", '<td align="right">2</td>'),
    ("T\n: d", "<dd>d</dd>"),
    ("* * *", "<hr />"),
    ("~~~ruby\na\n~~~", '<code class="language-ruby">a'),
    ("text\n# no blank line", "<h1>no blank line</h1>"),
    ("text\n* a", "<li>a</li>"),
    ("text\n```\na\n```", "<pre><code>a"),
    ("a[^n]\n\n[^n]: b", '<a href="#fn:n">1</a>'),
    ("a[^n]\n\n[^n]: b", 'id="fn:n"'),
    ("> [!NOTE]\n> a", "<p><strong>Note</strong></p>\n<p>a</p>"),
    ("$$a_1*b*c_2$$", "<p>$$a_1*b*c_2$$</p>"),
    ('"it\'s" -- a...', '<p>"it\'s" -- a...</p>'),
    ('<div markdown="1">\n*a*\n</div>', "<div>\n<p><em>a</em></p>\n</div>"),
    ("<div>\n*a*\n</div>\nb", "<div>\n*a*\n</div>\nb"),
]


@pytest.mark.parametrize(("source", "expected"), RENDERED)
def test_renders(source: str, expected: str) -> None:
    """Each extension gives the HTML of its dialect."""
    assert expected in to_html(source)


MARKS = [
    ("para\n{: .x}", "<p>para</p>"),
    ("> quote\n{: .prompt-info }", "<blockquote>\n<p>quote</p>\n</blockquote>"),
    ("| a |\n|---|\n| b |\n{: .t}", "<tr><td>b</td></tr>\n</tbody>"),
    ("- a\n  {: .x}", "<li>a</li>"),
    ('[a](b){:target="_blank"} c', '<p><a href="b">a</a> c</p>'),
    ("`a`{: .filepath}.", "<p><code>a</code>.</p>"),
    ("* contents\n{:toc}\n\na", "<p>a</p>"),
    ("{::options toc_levels='2' /}\n\na", "<p>a</p>"),
    ("{::comment}\nb\n{:/comment}\n\na", "<p>a</p>"),
    ("{::nomarkdown}\n<b>x</b>\n{:/}\n\na", "<b>x</b>"),
    ("*[HTML]: Hypertext\n\na", "<p>a</p>"),
]


@pytest.mark.parametrize(("source", "expected"), MARKS)
def test_kramdown_marks_are_taken_out(source: str, expected: str) -> None:
    """No mark of kramdown is left in the text."""
    html = to_html(source)
    assert expected in html
    assert "{:" not in html


@pytest.mark.parametrize(
    "source",
    ["```\n{: .x}\n{:toc}\n```", "    {: .x}", "`{: .x}`", "~~~\n{::comment}\n~~~", "a `b{:toc}`"],
)
def test_marks_in_code_are_code(source: str) -> None:
    """Marks inside fenced, indented or inline code stay."""
    assert "{:" in to_html(source)


LINKS = [
    ("see https://a.b/c_d_e.", '<a href="https://a.b/c_d_e">https://a.b/c_d_e</a>.'),
    ("(http://a.b/c_(d))", '(<a href="http://a.b/c_(d)">http://a.b/c_(d)</a>)'),
    ("www.a.org/x", '<a href="http://www.a.org/x">www.a.org/x</a>'),
    ("见https://a.b/路径。好", '见<a href="https://a.b/路径">https://a.b/路径</a>。好'),
    ('"https://a.b/x"', '"<a href="https://a.b/x">https://a.b/x</a>"'),
    ("https://a.b/?a=1&b=2!", '<a href="https://a.b/?a=1&amp;b=2">'),
]


@pytest.mark.parametrize(("source", "expected"), LINKS)
def test_bare_addresses_are_linked(source: str, expected: str) -> None:
    """An address in prose becomes a link, without the punctuation of the sentence."""
    assert expected in to_html(source)


@pytest.mark.parametrize(
    "source",
    [
        "`https://a.b`",
        "    https://a.b",
        "```\nhttps://a.b\n```",
        "[https://a.b](/x)",
        '<a href="/x">https://a.b</a>',
        "xhttps://a.b",
        "a@www.b",
    ],
)
def test_no_address_is_linked_in_code_and_links(source: str) -> None:
    """Code, links and the middle of words stay unchanged."""
    assert 'href="http' not in to_html(source)


@given(st.text(st.sampled_from("ab *_`~#>-|[](){}:<>/!\n\t$^1.é中https://www"), max_size=80))
def test_any_text_renders(text: str) -> None:
    """No text makes the renderer raise."""
    assert isinstance(to_html(text), str)


def test_pre_within_a_block_keeps_its_blank_lines() -> None:
    """A blank line in code does not end the HTML block around the code."""
    code = "<pre><code>if (a) {\n\n    b();\n\n# c\n}\n</code></pre>"
    found = to_html(f"<p>a</p>\n{code}\n<p>d</p>\n\nText **e**.")
    assert found.count("<pre") == 1
    assert "<pre><code>if (a) {&#10;&#10;    b();&#10;&#10;# c&#10;}&#10;</code></pre>" in found
    assert "<strong>e</strong>" in found


def test_pre_that_is_shown_in_a_fence_is_text() -> None:
    """A `<pre>` shown in code stays unchanged."""
    assert "&lt;pre&gt;\n\nx\n&lt;/pre&gt;" in to_html("```html\n<pre>\n\nx\n</pre>\n```")


def test_notes_stand_at_the_end_and_unused_ones_are_out() -> None:
    """A footnote is shown after the text, wherever its definition is."""
    found = to_html("One[^1].\n\n[^1]: Note.\n\nTwo.\n\n[^2]: Unused.\n")
    assert found.index("Two.") < found.index("Note.")
    assert "Unused" not in found


def test_spaces_in_the_name_of_a_linked_file() -> None:
    """kramdown accepts a file name with spaces."""
    assert '<img src="%E5%9B%BE%20%E7%89%87.png"' in to_html("![a](图 片.png)")
    assert "[a](b c)" in to_html("see `f [a](b c)`")


@pytest.mark.parametrize(
    "text",
    [
        "[^a]: b\n\n" * 40_000,
        "".join(f"[^{n}]: b\n\n" for n in range(30_000)),
        "{::comment}\n" * 30_000 + "{:/x}",
        "{:" + "a" * 100_000,
        "<a" + " " * 100_000 + "\nmarkdown=",
        "x\n\n" + "<pre>\n" * 60_000,
        "[a](b c.png)\n[x](" + "a " * 60_000,
        '$$a$$ <span class="math math-inline">' * 20_000,
        "<p>\n\n" * 60_000,
        "<div></p" + ">\n\na" * 100_000 + "</div>",
    ],
    ids=[
        "notes", "other notes", "comments", "mark", "tag", "pre", "link", "formulas", "paragraphs",
        "ends",
    ],
)  # fmt: skip
def test_endless_marks_are_rendered_in_time(text: str) -> None:
    """No text takes quadratic time."""
    assert isinstance(to_html(text), str)


def test_comments_of_kramdown_go_whole() -> None:
    """A comment spans from the first opening to the first end; one without an end is text."""
    assert to_html("{::comment}\na\n{::comment}\nb\n{:/comment}\nc") == "<p>c</p>\n"
    assert "a" in to_html("{::comment}\na")


@pytest.mark.parametrize("more", ["", "\n\nT\n: d"])
def test_a_colon_without_white_space_defines_nothing(more: str) -> None:
    """The name of an emoji at the start of a line is not a definition."""
    found = to_html(f"Great news\n:tada: we shipped\n\n> a\n> :b:{more}")
    assert "<p>Great news\n:tada: we shipped</p>" in found
    assert "<p>a\n:b:</p>" in found
    assert ("<dd>d</dd>" in found) == bool(more)


def test_breaks_change_no_preformatted_text() -> None:
    """Line ends in a `pre` element stay; those in a paragraph about it become breaks."""
    grammar = CommonMark(breaks=True)
    found = to_html("<div><pre>one\ntwo</pre>\n</div>\n\na `<pre>`\nb `</pre>`", grammar)
    assert "<pre>one\ntwo</pre>" in found
    assert "a <code>&lt;pre&gt;</code><br />\nb" in found


def test_an_address_ends_before_a_hard_space() -> None:
    """A no-break space is before the backlink of a footnote."""
    found = to_html("a[^n]\n\n[^n]: See https://a.b/c", CommonMark(footnotes="goldmark"))
    assert '<a href="https://a.b/c">https://a.b/c</a>&#160;<a href' in found.replace(
        "&nbsp;", "&#160;"
    )


@pytest.mark.parametrize("typography", ["marked", "goldmark", "markdown-it", "remark", "kramed"])
def test_typography_changes_no_attribute(typography: Any) -> None:
    """An attribute may contain signs of tags: a placeholder picture, an arrow in a title."""
    picture = '<img src="data:image/svg+xml;utf8,<svg width=\'1\'></svg>" data-src="/c.jpg">'
    link = '<a title="a -> b" href="/x">it\'s</a>'
    found = to_html(f"<p>{picture}\n{link}</p>", CommonMark(typography=typography))
    assert picture in found
    assert '<a title="a -> b" href="/x">it’s</a>' in found


def test_no_placeholder_of_python_markdown_is_published() -> None:
    """If Python-Markdown loses a link among stars, the text is rendered as CommonMark."""
    text = "_*”** 。**[link](https://a.b/c)**"
    found = to_html(text, PythonMarkdown())
    assert "klz" not in found
    assert ">link</a>" in found
