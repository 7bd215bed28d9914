"""A body becomes Content. Its excerpt is the author's, the lead, or the first paragraphs."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.content import rst
from syndicate.content.render import render
from syndicate.model import Content

GOLDEN = Path(__file__).parent / "golden"
PAGE = "https://ex.org/blog/posts/one/"
BASE = "https://ex.org/blog"


def rendered(body: str, markup: str = "markdown", title: str = "T", **options: str) -> Content:
    return render(
        body,
        markup="html" if markup == "html" else "markdown",
        page=PAGE,
        base=BASE,
        title=title,
        excerpt_length=40,
        **options,
    )


EXCERPTS = [
    ("First paragraph.\n\nSecond.", {}, "First paragraph. Second."),
    ("Lead *one*.\n\n<!--more-->\n\nRest.", {}, "Lead one."),
    ("# A\n\n- b\n\n<!-- truncate -->\n\nRest.", {}, "A b"),
    ("Lead.\n\n<!-- cut -->\n\nRest.", {"separator": "<!-- cut -->"}, "Lead."),
    ("Body.", {"excerpt": "My *own* <b>words</b> &amp; more"}, "My own words & more"),
    ("Body.", {"excerpt": " "}, "Body."),
    ("Body.", {"excerpt": '<script>x</script><img src="x">'}, "Body."),
    ("<!--more-->\n\nBody.", {}, "Body."),
    ("    <!--more-->\n\nBody.", {}, "Body."),
]


@pytest.mark.parametrize(("body", "options", "expected"), EXCERPTS)
def test_excerpt(body: str, options: dict[str, str], expected: str) -> None:
    """The excerpt in the front matter wins, then the text before the marker, then the start."""
    assert rendered(body, **options).excerpt == expected


def test_an_authors_excerpt_is_not_cut() -> None:
    """The author's excerpt may be longer than usual."""
    own = "word " * 100
    assert rendered("Body.", excerpt=own).excerpt == own.strip()


def test_a_long_lead_is_bounded() -> None:
    """A lead is kept up to four times the usual length."""
    assert len(rendered("word " * 200 + "\n\n<!--more-->\n\nRest.").excerpt) <= 4 * 40 + 2


def test_links_of_the_lead_may_be_defined_below_it() -> None:
    """A reference link works in the lead, though its definition is after the marker."""
    found = rendered("See [it][1].\n\n<!--more-->\n\n[1]: /x")
    assert found.excerpt_html == '<p>See <a href="https://ex.org/blog/x">it</a>.</p>'


def test_the_more_mark_itself_is_gone() -> None:
    """The whole body stays, without the marker."""
    assert rendered("a\n\n<!--more-->\n\nb").html == "<p>a</p>\n<p>b</p>"


def test_html_markup_is_not_markdown() -> None:
    """A post written in HTML keeps its stars, and its indentation is not code."""
    assert rendered("    *a*", markup="html").html == "*a*"


@pytest.mark.parametrize("name", ["exported", "markdown"])
def test_golden(name: str, request: pytest.FixtureRequest) -> None:
    """The body of each kind is rendered as in the golden file."""
    source = next(GOLDEN.glob(f"{name}.in.*")).read_text(encoding="utf-8")
    found = rendered(source, title="茶与咖啡的一次对比")
    image = found.image.url if found.image else ""
    parts = (found.html, found.excerpt, found.excerpt_html, image)
    result = "\n\n=====\n\n".join(parts) + "\n"
    golden = GOLDEN / f"{name}.out.html"
    assert result == golden.read_text(encoding="utf-8")


@given(st.text(), st.sampled_from(["markdown", "html"]), st.text(max_size=20))
def test_any_text_renders(text: str, markup: str, title: str) -> None:
    """No body, title or excerpt makes a stage raise."""
    found = rendered(text, markup, title, excerpt=title, separator=title)
    assert "\n" not in found.excerpt


@pytest.mark.parametrize("mark", ["a_ ", "[#]_ ", "|a| ", "`a`_ ", "a-", "http://"])
def test_endless_rst_is_shown_as_it_is_written(mark: str) -> None:
    """docutils would take quadratic time."""
    written = rst.to_html(mark * 20_000)
    assert written.startswith(f"<pre>{mark * 2}")
