"""The checker of feeds finds each fault that it should find."""

import pytest

from syndicate.model import Document

from .rules import faults
from .samples import SITE, documents, post

BROKEN = [
    ("atom", b'rel="self"', b'rel="via"', "rule 13"),
    ("atom", b' type="text"', b"", "rule 16"),
    ("atom", b"14:38+08:00", b"14:38.5+08:00", "rule 10"),
    ("atom", b"<name>Ann Author</name>", b"<name> </name>", "rule 6"),
    ("atom", b'type="html"', b'type="xhtml"', "rule 16"),
    ("rss", b"<title>One", b"<title>&amp;One", "rule 22"),
    ("rss", b'isPermaLink="true"', b'isPermaLink="false"', "rule 20"),
    ("rss", b"+0800</pubDate>", b"CST</pubDate>", "rule 21"),
    ("rss", b"<dc:creator>Ann Author</dc:creator>", b"", "rule 6"),
    ("json", b'"title":"One"', b'"title":" "', "rule 7"),
    ("json", b"/version/1.1", b"/version/1", "rule 25"),
    ("json", b"Hello, world", b"\\u0000", "rule 1"),
]


@pytest.mark.parametrize(("name", "right", "wrong", "rule"), BROKEN)
def test_a_broken_feed_is_found_out(name: str, right: bytes, wrong: bytes, rule: str) -> None:
    """The broken rule is reported, and was not before."""
    document = documents([post()])[name]
    address = f"{SITE.url}/{document.path}"
    broken = document.data.replace(right, wrong)
    assert faults(document, address) == []
    assert broken != document.data
    assert rule in faults(Document(document.path, document.type, broken), address)
