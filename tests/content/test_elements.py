"""The fast parser of clean HTML builds the same tree as BeautifulSoup with lxml."""

from collections.abc import Sequence
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.content.body_addresses import Page
from syndicate.content.clean import clean
from syndicate.content.elements import Element, Node, read
from syndicate.content.lenient import read_leniently
from syndicate.content.markdown import to_html
from syndicate.content.sanitise import TAGS

NAMES = sorted(TAGS | {"span"})
BLOG = Path(__file__).parents[2] / "examples" / "blog"


def as_bs4(nodes: Sequence[Node]) -> list[Node]:
    """Return nodes with white space as in bs4: one character if there is no text."""
    return [
        Element(node.name, node.attributes, as_bs4(node.children))
        if isinstance(node, Element)
        else node
        if node.strip(" \n\t\f")
        else " \n"["\n" in node]
        for node in nodes
    ]


def check(html: str) -> bool:
    """Return True if `html` takes the fast way, after checking that both trees are equal."""
    nodes = read(html)
    assert nodes is None or [Element("div", {}, as_bs4(nodes))] == read_leniently(html)
    return nodes is not None


texts = st.text(st.sampled_from("ab 中é\n\t\xa0\u3000😀&<>\"'\r"), max_size=8).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
attributes = st.sampled_from(
    [
        'href="https://a.b/?c&amp;d=%20#e"',
        'title="a > b &quot;c&quot;\n&nbsp;"',
        'id="fn:1"',
        'dir="rtl"',
    ]
)
leaves = texts | st.sampled_from(
    ["&copy;&#13;&#x1F600;&notin;", "<br>", "<img src='https://a.b/c'>"]
)
elements = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda name, said, held: f"<{name} {' '.join(said)}>{''.join(held)}</{name}>",
        st.sampled_from(NAMES),
        st.lists(attributes, max_size=2, unique=True),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.lists(elements, max_size=5).map("".join), st.integers(0, 400))
def test_both_find_the_same_tree_in_clean_html(html: str, end: int) -> None:
    """The trees are equal for all nestings, and for any end between two tags."""
    body = clean(html, Page("https://a.b/", "https://a.b")).html
    check(body)
    start = body[:end]
    check(start[: start.rfind("<")] if start.rfind("<") > start.rfind(">") else start)


@pytest.mark.parametrize("name", NAMES)
def test_an_element_in_another_is_read_as_lxml_reads_it(name: str) -> None:
    """The trees are equal for any two elements that the sanitiser keeps."""
    for other, said in product(NAMES, ("", ' lang="a"')):
        check(f"<{name}{said}>x<{other}>y</{other}>z</{name}>")
        check(f"<{name}>x<{other}>y")


@pytest.mark.parametrize(
    "html",
    [
        "<p>a</b></p>",
        "a</p>b",
        "</>",
        "<b>" * 400,
        "<P>a</P>",
        "<p title='a'>b</p>",
        "<p hidden>a</p>",
        "<p>a < b</p>",
        "<p>a\rb</p>",
        "<script>a</script>",
        "<p>a<wbr>b</p>",
    ],
)
def test_other_html_is_left_to_the_lenient_parser(html: str) -> None:
    """Other HTML is left to lxml's parser."""
    assert read(html) is None


def test_the_posts_of_the_example_blog_take_the_short_way() -> None:
    """The posts of the example blog take the fast way."""
    for path in sorted(BLOG.rglob("*.md")):
        body = to_html(path.read_text(encoding="utf-8"))
        assert check(clean(body, Page("https://a.b/", "https://a.b")).html), path
