"""Provide one small blog, and a function that resolves its bodies, for the tests of dialects."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import html as lxml_html

from syndicate.content.body_addresses import Page
from syndicate.content.clean import clean
from syndicate.content.markdown import to_html
from syndicate.content.marks import Context, Resolved, resolve

BASE = "https://ex.org/blog"
PAGE = f"{BASE}/p/tea/"
LINKS = {
    "_posts/2024-05-01-green-tea.md": f"{BASE}/green-tea/",
    "content/posts/oolong/index.md": f"{BASE}/oolong/",
    "content/posts/white.en.md": f"{BASE}/white/",
    "content/posts/Black Tea.md": f"{BASE}/black/",
    "content/notes/white.md": f"{BASE}/notes/white/",
}


def context(root: Path = Path("nowhere"), **changes: Any) -> Context:
    page = {
        "title": "Tea",
        "date": datetime(2024, 5, 1, 9, 30, tzinfo=UTC),
        "tags": ["green", "black", "white"],
        "featured-image": "cup.png",
        "video": "abcdef123",
    }
    site = {
        "title": "Leaves",
        "baseurl": "/blog",
        "params": {"shop": {"open": True}},
        "data": {"teas": [{"name": "Assam", "caffeine": 9}, {"name": "Rooibos", "caffeine": 0}]},
    }
    given = {
        "page": page, "site": site, "root": root, "path": "content/posts/tea.md", "links": LINKS,
        "base": BASE, "page_url": PAGE,
    }  # fmt: skip
    return Context(**(given | changes))


def resolved(body: str, dialect: str, markup: str = "markdown", **changes: Any) -> Resolved:
    return resolve(body, dialect, markup=markup, context=context(**changes))


def text(body: str, dialect: str, markup: str = "markdown", **changes: Any) -> str:
    return resolved(body, dialect, markup, **changes).text


def html(body: str, dialect: str, **changes: Any) -> str:
    """Return the body as a feed carries it."""
    return clean(to_html(text(body, dialect, **changes)), Page(PAGE, BASE)).html


def code_of(body: str, dialect: str) -> list[str]:
    """Return the texts of the code elements of a body, without line ends at their ends."""
    tree = lxml_html.fragment_fromstring(html(body, dialect), create_parent="div")
    return [node.text_content().rstrip("\n") for node in tree.iter("code")]
