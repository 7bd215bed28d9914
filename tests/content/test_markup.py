"""A body that is HTML as a whole is distinguished from Markdown that starts with HTML."""

import pytest

from syndicate.content.markdown import to_html
from syndicate.content.markup import is_html

HTML = [
    "<div>\n <p>a</p>\n\n\n    <p>b</p>\n</div>",
    '<p class="x" style="display:none">$url</p>\n<div>\n\n <p>a</p></div>',
    "</p>\n<div>a</div>",
    "<!-- c -->\n<div>a</div>",
    "<div>a\n\n     <p>b",
    '<div>a</div>\n\n\n<p style="display:none">68747470',
    "<div><pre>\n# a\n\n- b\n\n1. c\n</pre></div>",
    "<p>a</p>\n\n<p>b</p>\n<hr>\n<ul><li>c</li></ul>",
    "<DIV>a</div>",
    "<div>\n<p>a</p>\n\nbare text\n\n    and more <b>of it</b>\n</div>",
]
MARKDOWN = [
    "",
    "a",
    '<img src="x">\n\n# A',
    '<p align="center">\n<img src="x">\n</p>\n\n# A',
    "<!-- comment -->\n\n# A",
    "<!-- comment -->",
    "<div>a</div>\n\ntext",
    "<details>\n<summary>a</summary>\n\n- b\n\n</details>",
    '<div markdown="1">\n# a\n</div>',
    "<div>\n\n**a**\n\n</div>",
    "<https://a.b>",
    "<b>a</b> b",
]


@pytest.mark.parametrize("text", HTML)
def test_html_passes_through_untouched(text: str) -> None:
    """A body of only HTML is not Markdown, whatever blank lines it has."""
    assert is_html(text)
    assert to_html(text) == text


@pytest.mark.parametrize("text", MARKDOWN)
def test_markdown_that_holds_html_is_markdown(text: str) -> None:
    """A body that goes on in Markdown, or contains Markdown, is rendered."""
    assert not is_html(text)
