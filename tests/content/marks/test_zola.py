"""Zola's shortcodes and links are resolved."""

import pytest

from .helpers import BASE, html, resolved


@pytest.mark.parametrize(
    ("body", "expected", "unknown"),
    [
        ('{{ youtube(id="abcdef123") }}',
         '<a href="https://www.youtube.com/watch?v=abcdef123">youtube.com/watch?v=abcdef123</a>',
         ()),
        ('{{ image(src="/a.png", alt="A") }}', '<span><img src="/a.png" alt="A"></span>', ()),
        ("[a](@/posts/oolong/index.md#b)", f"[a]({BASE}/oolong/#b)", ()),
        ("{% row(x=1) %}in {% b() %}ner{% end %}{% end %}", "in ner", ("b", "row")),
        ("a {{ mine(x=[1, 2]) }}b", "a b", ("mine",)),
        ("{{/* youtube(id=1) */}}", "{{ youtube(id=1) }}", ()),
        ("{{ no_call }} and {{rust-src-base}}", "{{ no_call }} and {{rust-src-base}}", ()),
        ("{% end %}x", "x", ()),
    ],
)  # fmt: skip
def test_shortcodes(body: str, expected: str, unknown: tuple[str, ...]) -> None:
    """Calls are resolved; braces without a call are text."""
    found = resolved(body, "zola")
    assert (found.text, found.unknown) == (expected, unknown)


def test_quotes() -> None:
    """A pair for quotations becomes a quotation with its author."""
    found = html('{% quote(author="Vincent") %}\nsay *so*\n{% end %}', "zola")
    assert found.startswith("<blockquote>")
    assert "<em>so</em>" in found
    assert "— Vincent" in found
