"""What feeds themselves have for people."""

import msgspec
from lxml import etree

from syndicate.config.layouts import LAYOUTS
from syndicate.feeds.compose import assemble
from syndicate.model import Site
from syndicate.pages.feed_links import front
from tests.feeds.rules import faults
from tests.feeds.samples import SITE, post

from .samples import documents, feeds

ATOM = "{http://www.w3.org/2005/Atom}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def files(site: Site = SITE, layout: str = "default") -> dict[str, bytes]:
    """The files of the feed of the category "Kitchen", by path."""
    options = {"layout": LAYOUTS[layout]}
    made = feeds([post("a", categories=("Kitchen",))], site, **options)
    feed, entries = made[1]
    shown = assemble(feed, entries, site=site, front=front(feed, site, LAYOUTS[layout]))
    return {document.path: document.data for document in shown}


def test_atom_and_rss_name_their_style_sheet_from_where_they_are() -> None:
    """Relative, so that a preview on another host is styled as well."""
    made = files()
    line = b'\'UTF-8\'?>\n<?xml-stylesheet type="text/css" href="../../feeds/feed.css"?>\n<'
    assert line in made["category/kitchen/atom.xml"]
    assert line in made["category/kitchen/rss.xml"]
    assert b'href="../feeds/feed.css"' in files(layout="pelican")["feeds/kitchen.atom.xml"]


def test_atom_leads_to_its_page() -> None:
    """The subtitle reads as before, with a link after it."""
    root = etree.fromstring(files()["category/kitchen/atom.xml"])
    subtitle = root.find(f"{ATOM}subtitle")
    assert subtitle.get("type") == "xhtml"
    link = subtitle.find(f"{XHTML}div/{XHTML}a")
    assert link.get("href") == "https://example.org/blog/feeds/category/kitchen.html"
    words = "".join(subtitle.itertext()).split()
    assert words == [
        "Of",
        "clouds",
        "&",
        "fog",
        "Subscribe,",
        "and",
        "see",
        "what",
        "a",
        "feed",
        "is",
    ]


def test_the_page_is_led_to_from_a_site_without_a_description() -> None:
    """Then the link is all of the subtitle."""
    made = files(msgspec.structs.replace(SITE, description=""))
    root = etree.fromstring(made["category/kitchen/atom.xml"])
    assert "".join(root.find(f"{ATOM}subtitle").itertext()).strip().startswith("Subscribe")


def test_english_words_in_a_feed_of_another_language_say_so() -> None:
    """xml:lang stands on the link."""
    made = files(msgspec.structs.replace(SITE, language="sv"))
    assert (
        b'<a href="https://example.org/blog/feeds/category/kitchen.html" xml:lang="en">'
        in (made["category/kitchen/atom.xml"])
    )


def test_feeds_with_a_front_break_no_rule() -> None:
    """All formats are as valid as without it."""
    options = {"layout": LAYOUTS["default"]}
    for feed, entries in feeds([post("a", categories=("Kitchen",))], **options):
        shown = front(feed, SITE, LAYOUTS["default"])
        for document in assemble(feed, entries, site=SITE, front=shown):
            assert faults(document, f"{SITE.url}/{document.path}") == []


def test_the_style_sheet_tells_in_the_sites_language_what_a_feed_is() -> None:
    """RSS cannot hold a link, so the words stand in the style."""
    site = msgspec.structs.replace(SITE, language="zh-CN")
    style = documents([post()], site)["feeds/feed.css"]
    assert style.type == "text/css; charset=utf-8"
    assert "这是一个订阅源。" in style.data.decode()
