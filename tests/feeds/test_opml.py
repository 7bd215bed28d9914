"""The OPML file is the XML that lxml would write."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from syndicate.config.layouts import LAYOUTS
from syndicate.feeds.opml import opml
from syndicate.model import Author, FeedPlan, Site

ODD = st.text(
    st.one_of(st.sampled_from("<>&\"'\t\n\r]"), st.characters(codec="utf-8", min_codepoint=32)),
    min_size=1,
).filter(lambda text: text.strip() and not any(c in text for c in "\x7f\ufffe\uffff"))


@given(ODD, ODD, ODD)
def test_texts_are_escaped_as_lxml_escapes_them(title: str, term: str, name: str) -> None:
    """lxml reads the file and writes the same bytes."""
    site = Site(title, "https://example.org", author=Author(name, "a@example.org"))
    plans = [
        FeedPlan("all", "", title, f"https://example.org/{term}", (), {"atom": "atom.xml"}),
        FeedPlan("tag", term, term, "https://example.org/", (), {"json": f"tag/{term}/feed.json"}),
    ]
    data = opml(plans, site, LAYOUTS["default"], datetime(2026, 1, 2, tzinfo=UTC)).data
    root = etree.fromstring(data, etree.XMLParser(remove_blank_text=True))
    again = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    assert again == data
    outlines = root.findall(".//outline[@type='rss']")
    assert [each.get("text") for each in outlines] == [title, term]
