"""Content that styles hide is removed by the rules of CSS; a wrapper hides nothing."""

import pytest

from syndicate.content.body_addresses import Page
from syndicate.content.clean import clean


def shown(html: str) -> str:
    return clean(html, Page("https://ex.org/a/", "https://ex.org")).html


@pytest.mark.parametrize(
    "style",
    [
        'style="visibility: hidden; opacity: 0; "',
        'style="display:none"',
        'style="DISPLAY: None !important"',
        "hidden",
    ],
)
def test_a_wrapper_around_the_whole_body_hides_nothing(style: str) -> None:
    """A script shows such a wrapper later, but a feed has no script."""
    body = f"\n<div {style}><p>Morning.</p><p><img src='/a.png'></p></div>\n<script>x</script>"
    html = shown(body)
    assert "Morning." in html
    assert "https://ex.org/a.png" in html


def test_what_a_wrapper_hides_within_stays_hidden() -> None:
    """Only the wrapper is shown; hidden parts inside it stay hidden."""
    body = (
        '<section style="visibility:hidden"><p>Seen.</p><p style="display:none">Unseen.</p>'
        '<p style="visibility: hidden">Unseen.</p></section>'
    )
    assert shown(body) == "<section><p>Seen.</p></section>"


def test_wrappers_in_wrappers_hide_nothing() -> None:
    """The rule also holds for a wrapper inside a wrapper."""
    body = '<div style="display:none">\n<div hidden><p>Deep.</p></div>\n</div>'
    assert "Deep." in shown(body)


def test_an_article_of_wechat_is_shown_beside_other_words() -> None:
    """WeChat's article is recognised by its class; its page shows it by a script."""
    body = (
        '<h1>Tea</h1><div class="rich_media_content" id="js_content"'
        ' style="visibility: hidden; opacity: 0;"><p>Leaves.</p></div>'
    )
    assert "Leaves." in shown(body)


@pytest.mark.parametrize(
    "body",
    [
        '<p>Seen.</p><div style="visibility:hidden"><p>Unseen.</p></div>',
        '<p>Seen.</p><div style="display:none"><p>Unseen.</p></div>',
        "<p>Seen.</p><div hidden><p>Unseen.</p></div>",
        '<p>Seen.</p><div style="display:none"><p style="visibility:visible">Unseen.</p></div>',
        '<p>Seen.</p><p style="visibility:hidden">Unseen <img src="/a.png"></p>',
    ],
)
def test_what_is_hidden_beside_shown_words_is_left_out(body: str) -> None:
    """A hidden part of a body is hidden on purpose."""
    assert shown(body) == "<p>Seen.</p>"


def test_a_visible_child_of_an_invisible_parent_is_shown() -> None:
    """`visibility` is inherited, and a child may set it again."""
    body = (
        '<p>First.</p><div style="visibility:hidden">Unseen <b>unseen</b>'
        '<p style="visibility: visible">Seen <i style="visibility:hidden">unseen</i>.</p></div>'
    )
    assert shown(body) == "<p>First.</p><div><p>Seen .</p></div>"


def test_a_picture_outside_makes_a_hidden_part_no_wrapper() -> None:
    """A hidden answer below a picture stays hidden."""
    body = '<p><img src="/a.png"></p><div style="display:none"><p>Answer.</p></div>'
    assert "Answer" not in shown(body)
