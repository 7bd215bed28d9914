"""Feeds of blogs in several languages."""

import json

import pytest
from lxml import etree
from msgspec.structs import replace

from syndicate.config.layouts import Layout
from syndicate.feeds.compose import assemble, compose
from syndicate.feeds.opml import opml
from syndicate.feeds.values import language_tag
from syndicate.model import FeedPlan, Site

from .rules import faults
from .samples import BODY, SITE, plans, post

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ENTRY = "{http://www.w3.org/2005/Atom}entry"
POSTS = [post("one"), post("two", language="zh_cn"), post("three", language="EN")]


def languages(site: Site = SITE) -> tuple[FeedPlan, ...]:
    return plans(POSTS, site, by=["language"])[1:]


def test_each_language_has_a_feed_called_after_it() -> None:
    """A post without a language is in the site's; `zh_cn` is written as `zh-CN`."""
    assert [(feed.term, feed.title, feed.files["rss"]) for feed in languages()] == [
        ("en", "A Blog: en", "language/en/rss.xml"),
        ("zh-CN", "A Blog: zh-CN", "language/zh-cn/rss.xml"),
    ]
    assert [post.path for post in languages()[0].posts] == ["one.md", "three.md"]


def test_a_post_whose_language_nobody_knows_is_in_no_language_feed() -> None:
    """Neither the post nor the site has a language, and none is guessed."""
    assert [feed.term for feed in languages(replace(SITE, language=""))] == ["en", "zh-CN"]
    assert [len(feed.posts) for feed in languages(replace(SITE, language=""))] == [1, 1]


def test_a_language_feed_is_in_its_language() -> None:
    """Atom, RSS and JSON have the language of the feed, not that of the site."""
    chinese = languages()[1]
    entries = [compose(each, BODY, site=SITE, full=True) for each in chinese.posts]
    atom, rss, feed = (document.data for document in assemble(chinese, entries, site=SITE))
    assert etree.fromstring(atom).get(LANG) == "zh-CN"
    assert etree.fromstring(rss).findtext("channel/language") == "zh-CN"
    assert json.loads(feed)["language"] == "zh-CN"


def test_languages_apart_have_a_feed_each() -> None:
    """The feed of all posts is in the site's language; no entry is in two feeds."""
    feeds = plans(POSTS, SITE, by=[], apart=True)
    assert [(feed.term, [post.path for post in feed.posts]) for feed in feeds] == [
        ("", ["one.md", "three.md"]),
        ("zh-CN", ["two.md"]),
    ]


@pytest.mark.parametrize("language", ["", "fr"])
def test_languages_stay_together_where_none_is_the_sites(language: str) -> None:
    """The feed of all posts is never empty."""
    posts = POSTS[1:]
    [feed] = plans(posts, replace(SITE, language=language), by=[], apart=True)
    assert len(feed.posts) == len(posts)


def test_a_region_makes_no_other_language() -> None:
    """A post in `en` is in the language of a site in `en-US`."""
    [feed] = plans([POSTS[0], POSTS[2]], replace(SITE, language="en-US"), by=[], apart=True)
    assert len(feed.posts) == 2


def test_an_entry_in_another_language_than_the_site_says_so_in_every_feed() -> None:
    """The main feed and the feed of its language both mark the entry."""
    everything = plans(POSTS)[0]
    entries = [compose(each, BODY, site=SITE, full=True) for each in everything.posts]
    (atom, *_) = assemble(everything, entries, site=SITE)
    marks = [entry.get(LANG) for entry in etree.fromstring(atom.data).iter(ENTRY)]
    assert sorted(filter(None, marks)) == ["zh-CN"]


def test_of_one_instant_the_sites_language_comes_first() -> None:
    """An original comes before its translations, whatever their ids are."""
    posts = [post("a", language="fr"), post("b"), post("c", language="en")]
    assert [each.path for each in plans(posts)[0].posts] == ["b.md", "c.md", "a.md"]


def test_languages_are_listed_under_a_heading_of_their_own() -> None:
    """The list of feeds has a heading for languages, apart from categories."""
    document = opml(languages(), SITE, Layout(), POSTS[0].updated)
    assert faults(document, "") == []
    assert b'<outline text="Languages">' in document.data


@pytest.mark.parametrize(
    ("text", "tag"),
    [("zh_cn", "zh-CN"), ("EN", "en"), ("zh-hans-cn", "zh-Hans-CN"), ("de-1996", "de-1996"),
     (" pt-br ", "pt-BR"), ("中文", ""), ("", ""), ("en us", "")],
)  # fmt: skip
def test_a_language_is_written_as_people_expect(text: str, tag: str) -> None:
    """RFC 5646 2.1.1: regions in capitals, scripts capitalised, so that spellings share a feed."""
    assert language_tag(text) == tag
