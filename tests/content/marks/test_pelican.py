"""Pelican's links to files and the tags of liquid_tags are resolved."""

import pytest

from .helpers import BASE, PAGE, resolved

LINKS = [
    ("[a]({filename}oolong/index.md)", f"[a]({BASE}/oolong/)"),
    ("[a]({filename}/posts/white.en.md#x)", f"[a]({BASE}/white/#x)"),
    ("[a](|filename|../notes/white.md)", f"[a]({BASE}/notes/white/)"),
    ("[a](%7Bfilename%7DBlack%20Tea.md)", f"[a]({BASE}/black/)"),
    ('<a href="{filename}oolong/index.md">', f'<a href="{BASE}/oolong/">'),
    ("[r]: {filename}oolong/index.md", f"[r]: {BASE}/oolong/"),
    ("![a]({static}/images/a.png)", f"![a]({BASE}/images/a.png)"),
    ("![a]({static}a.png)", f"![a]({BASE}/posts/a.png)"),
    ("![a]({filename}/images/a.png)", f"![a]({BASE}/images/a.png)"),
    ("[a]({attach}a.pdf)", f"[a]({PAGE}a.pdf)"),
    ("[a]({tag}Green)", f"[a]({BASE}/tag/green.html)"),
    ("[a]({category}Tea)", f"[a]({BASE}/category/tea.html)"),
    ("[a]({author}Me)", f"[a]({BASE}/author/me.html)"),
    ("[a]({index})", f"[a]({BASE}/)"),
    ("braces {filename} and a|static|b stay", "braces"),
]


@pytest.mark.parametrize(("body", "expected"), LINKS)
def test_links(body: str, expected: str) -> None:
    """Links to source files become links to the published pages."""
    found = resolved(body, "pelican")
    assert found.text.startswith(expected)
    assert "no post" not in "".join(found.faults) or "braces" in body


def test_a_post_that_is_not_there_is_a_fault() -> None:
    """A dead link is reported."""
    found = resolved("[a]({filename}no.md)", "pelican")
    assert found.faults == ('{filename}: there is no post "no.md"',)


def test_the_site_says_where_terms_live() -> None:
    """The blog's own patterns replace Pelican's defaults."""
    site = {"TAG_URL": "t/{slug}/"}
    assert resolved("({tag}Big Cup)", "pelican", site=site).text == f"({BASE}/t/big/ Cup)"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("{% img left /a.png 'A cup' %} text",
         '<span><img src="/a.png" alt="A cup" title="A cup"></span> text'),
        ("{% video /a.mp4 320 240 /a.png %}",
         '<span><video controls src="/a.mp4" poster="/a.png"></video></span>'),
        ("{% literal img /a.png %}", "{% img /a.png %}"),
        ("{{ x }}", "{{ x }}"),
    ],
)  # fmt: skip
def test_liquid_tags(body: str, expected: str) -> None:
    """The tags of the plug-in are resolved; braces stay, because Pelican does not use them."""
    assert resolved(body, "pelican").text == expected
