"""Entries become feed files, and feeds are listed."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from syndicate.config.layouts import Layout, PerFormat
from syndicate.feeds.compose import assemble, compose
from syndicate.feeds.formats import SERIALISERS
from syndicate.feeds.opml import opml
from syndicate.feeds.paths import address
from syndicate.model import FORMATS, Author, Content, Document, Format, Post, Site

from .rules import faults
from .samples import BODY, SITE, any_post, any_site, days, documents, plans, post

ATOM = "{http://www.w3.org/2005/Atom}"
HUB = "https://hub.example/"


def text(document: Document) -> str:
    return document.data.decode()


def test_a_feed_has_one_file_for_each_format_asked_for() -> None:
    """A document has a path, a media type and bytes."""
    (feed,) = plans([post()], formats=["json", "atom"])
    entries = [compose(post(), BODY, site=SITE, full=True)]
    found = [(d.path, d.type) for d in assemble(feed, entries, site=SITE)]
    assert found == [("feed.json", "application/feed+json"), ("atom.xml", "application/atom+xml")]


def test_every_format_has_a_row_a_module_and_a_file_name() -> None:
    """The table has Atom, RSS and JSON Feed, in the order in which readers prefer them."""
    assert list(FORMATS) == ["atom", "rss", "json"] == list(get_args(Format))
    assert list(SERIALISERS) == list(FORMATS)
    assert PerFormat.__struct_fields__ == tuple(FORMATS)
    assert {form: getattr(Layout(), form) for form in FORMATS} == {
        form: row.file for form, row in FORMATS.items()
    }


def test_a_category_feed_keeps_every_rule_at_its_own_address() -> None:
    """Self links and addresses of feeds are percent-encoded and correct."""
    posts = [post("x", categories=("数据 & C++",)), post("y", categories=("数据 & C++",))]
    feed = plans(posts)[1]
    entries = [compose(each, BODY, site=SITE, full=True) for each in feed.posts]
    for document in assemble(feed, entries, site=SITE, hubs=[HUB]):
        assert faults(document, address(SITE.url, document.path)) == []
        assert "%E6%95%B0%E6%8D%AE" in text(document)


def test_a_feed_was_updated_when_its_newest_entry_was() -> None:
    """The latest change of an entry is the date of the feed; the clock is not used."""
    changed = datetime(2026, 3, 1, tzinfo=UTC)
    files = documents([*days(3), post("old", updated=changed)])
    assert (
        etree.fromstring(files["atom"].data).findtext(f"{ATOM}updated")
        == "2026-03-01T00:00:00+00:00"
    )
    assert "<lastBuildDate>Sun, 01 Mar 2026 00:00:00 +0000</lastBuildDate>" in text(files["rss"])


def test_hubs_are_named_in_every_format() -> None:
    """Every format names each WebSub hub once, with exactly one self link."""
    files = documents([post()], hubs=[HUB, HUB])
    assert text(files["atom"]).count(f'<link href="{HUB}" rel="hub"/>') == 1
    assert text(files["rss"]).count(f'<atom:link rel="hub" href="{HUB}"/>') == 1
    assert json.loads(files["json"].data)["hubs"] == [{"type": "WebSub", "url": HUB}]


def test_namespaces_are_declared_on_the_root_alone() -> None:
    """Entries have no declarations of namespaces, and Atom has no prefix."""
    body = Content(html='<p xmlns:x="y">xmlns:dc=""</p>', excerpt="", excerpt_html="")
    files = documents([post("a", image=None), post("b")], body)
    for name in ("atom", "rss"):
        root, _, rest = text(files[name]).partition("<id>" if name == "atom" else "<channel>")
        assert "xmlns" in root
        assert rest.count("xmlns") == text(files[name]).count("xmlns:x=") + rest.count(
            'xmlns:dc=""'
        )
    assert "<entry>" in text(files["atom"])


def test_the_site_says_what_it_knows_of_itself() -> None:
    """Icon, logo, rights, language and author are in the formats that have elements for them."""
    author = Author("Ann", "ann@example.org")
    site = Site(
        "T", SITE.url, "", "zh_CN", author=author, icon="/i.png", logo="/l.png", rights="CC & BY"
    )
    files = documents([post()], site=site)
    atom, rss = (etree.fromstring(files[name].data) for name in ("atom", "rss"))
    feed = json.loads(files["json"].data)
    icon, logo = f"{SITE.url}/i.png", f"{SITE.url}/l.png"
    assert [atom.findtext(f"{ATOM}{name}") for name in ("icon", "logo", "rights")] == [
        icon,
        logo,
        "CC & BY",
    ]
    assert rss.findtext("channel/image/url") == feed["icon"] == logo
    assert feed["favicon"] == icon
    assert rss.findtext("channel/language") == feed["language"] == "zh-CN"
    assert rss.findtext("channel/managingEditor") == "ann@example.org (Ann)"
    assert rss.findtext("channel/description") == "T"
    assert atom.find(f"{ATOM}subtitle") is None


def test_a_bound_leaves_out_the_oldest_from_all_formats() -> None:
    """Every file is within the limit, and all have the same entries."""
    posts = days(10)
    whole = documents(posts)
    bound = len(whole["atom"].data) // 2
    files = documents(posts, max_bytes=bound)
    kept = [item["id"] for item in json.loads(files["json"].data)["items"]]
    assert all(len(document.data) <= bound for document in files.values())
    assert 0 < len(kept) < 10
    assert kept == [item["id"] for item in json.loads(whole["json"].data)["items"]][: len(kept)]
    assert all(text(document).count("p9/") for document in files.values())
    atom = etree.fromstring(files["atom"].data)
    assert [entry.findtext(f"{ATOM}id") for entry in atom.iterfind(f"{ATOM}entry")] == kept


def test_a_bound_is_used_to_the_last_byte() -> None:
    """One more entry would exceed the limit."""
    exact = max(len(document.data) for document in documents(days(3)).values())
    for bound, count in ((exact, 3), (exact - 1, 2), (1, 1)):
        files = documents(days(3), max_bytes=bound)
        assert len(json.loads(files["json"].data)["items"]) == count


def test_a_feed_without_entries_is_refused() -> None:
    """An empty feed is never written by accident."""
    with pytest.raises(ValueError, match="has no entries"):
        assemble(plans([post()])[0], [], site=SITE)


@settings(max_examples=40, deadline=None)
@given(st.lists(any_post, min_size=1, max_size=4), any_site)
def test_the_list_of_feeds_keeps_its_rules(posts: list[Post], site: Site) -> None:
    """OPML is valid for any title, category, tag and author."""
    feeds = plans(posts, site, by=["category", "tag", "author"])
    assert faults(opml(feeds, site, Layout(), posts[0].updated), "") == []


def test_a_feed_is_listed_once_under_its_kind() -> None:
    """Each feed is one line, in its best format, so that an import subscribes once."""
    posts = [post(categories=("c",), tags=("t",), updated=post().updated + timedelta(days=1))]
    feeds = plans(posts, by=["category", "tag"], formats=["json", "rss"])
    document = opml(feeds, SITE, Layout(opml="all.opml"), posts[0].updated)
    root = etree.fromstring(document.data)
    assert document.path == "all.opml"
    assert [line.get("xmlUrl") for line in root.iter("outline") if line.get("xmlUrl")] == [
        f"{SITE.url}/{path}rss.xml" for path in ("", "category/c/", "tag/t/")
    ]
    assert [line.get("text") for line in root.iterfind("body/outline")] == [
        "A Blog",
        "Categories",
        "Tags",
    ]
    assert root.findtext("head/dateModified") == "Fri, 21 Feb 2025 19:14:38 +0800"


def test_feedgen_has_one_door() -> None:
    """Only atom_rss imports feedgen."""
    room = Path(opml.__code__.co_filename).parent
    doors = [f.name for f in room.glob("*.py") if "from feedgen" in f.read_text(encoding="utf-8")]
    assert doors == ["atom_rss.py"]
