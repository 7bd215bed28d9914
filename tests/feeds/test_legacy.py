"""Feeds keep the paths and ids of the generators that they replace."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from syndicate.config.layouts import LAYOUTS, Layout, LayoutName, PerFormat
from syndicate.feeds.compose import assemble, compose
from syndicate.feeds.legacy import LEGACY, with_entry_ids
from syndicate.feeds.paths import address, usable
from syndicate.model import Author, FeedPlan, Post, Site

from .rules import faults
from .samples import BODY, SITE, any_post, plans, post, texts

NAMES = sorted(LAYOUTS)
EVERY_KIND = ["category", "tag", "author", "language"]
POST = post(categories=("Web Design",), tags=("C#",), authors=(Author("Ann Bé"),), language="fr")


def files(layout: LayoutName, *posts: Post) -> dict[str, tuple[str, ...]]:
    feeds = plans(posts, by=EVERY_KIND, layout=LAYOUTS[layout])
    return {feed.kind: tuple(feed.files.values()) for feed in feeds}


@pytest.mark.parametrize(
    ("layout", "kind", "paths"),
    [
        ("default", "all", ("atom.xml", "rss.xml", "feed.json")),
        ("jekyll-feed", "all", ("feed.xml", "rss.xml", "feed.json")),
        ("chirpy", "all", ("feed.xml", "rss.xml", "feed.json")),
        ("hugo", "all", ("atom.xml", "index.xml", "feed.json")),
        ("hexo", "all", ("atom.xml", "rss2.xml", "feed.json")),
        ("pelican", "all", ("feeds/all.atom.xml", "feeds/all.rss.xml", "feeds/all.feed.json")),
        ("zola", "all", ("atom.xml", "rss.xml", "feed.json")),
        ("wordpress", "all", ("feed/atom/index.xml", "feed/index.xml", "feed.json")),
        ("jekyll-feed", "category",
         ("feed/Web Design.xml", "category/Web Design/rss.xml", "category/Web Design/feed.json")),
        ("jekyll-feed", "tag", ("feed/by_tag/C#.xml", "tag/C#/rss.xml", "tag/C#/feed.json")),
        ("hugo", "category", ("categories/web-design/atom.xml", "categories/web-design/index.xml",
                              "categories/web-design/feed.json")),
        ("hugo", "tag", ("tags/c#/atom.xml", "tags/c#/index.xml", "tags/c#/feed.json")),
        ("hugo", "author",
         ("authors/ann-bé/atom.xml", "authors/ann-bé/index.xml", "authors/ann-bé/feed.json")),
        ("hugo", "language", ("fr/atom.xml", "fr/index.xml", "fr/feed.json")),
        ("pelican", "category", ("feeds/web-design.atom.xml", "feeds/web-design.rss.xml",
                                 "feeds/web-design.feed.json")),
        ("pelican", "author", ("feeds/ann-be.atom.xml", "feeds/ann-be.rss.xml",
                               "feeds/ann-be.feed.json")),
        ("pelican", "language", ("feeds/all-fr.atom.xml", "feeds/all-fr.rss.xml",
                                 "feeds/all-fr.feed.json")),
        ("zola", "tag", ("tags/c/atom.xml", "tags/c/rss.xml", "tags/c/feed.json")),
        ("wordpress", "category", ("category/web-design/feed/atom/index.xml",
                                   "category/web-design/feed/index.xml",
                                   "category/web-design/feed.json")),
    ],
)  # fmt: skip
def test_feeds_go_where_the_generator_put_them(
    layout: LayoutName, kind: str, paths: tuple[str, ...]
) -> None:
    """The formats that the generator had keep their paths; our other formats are beside them."""
    assert files(layout, POST)[kind] == paths


@pytest.mark.parametrize(
    ("layout", "name", "folder"),
    [
        ("hugo", "a - b", "a---b"),  # all of Hugo's as version 0.168 writes them
        ("hugo", "Q&A", "qa"),
        ("hugo", ".NET", ".net"),
        ("hugo", "_x", "_x"),
        ("hugo", "100%", "100"),
        ("hugo", "C++", "c++"),
        ("hugo", "Éclair", "éclair"),
        ("pelican", "C++", "c"),
        ("pelican", "天气", "tian-qi"),
        ("zola", "R & D", "r-d"),
        ("zola", "Éclair", "eclair"),
        ("wordpress", "Crème Brûlée!", "creme-brulee"),
        ("wordpress", "天气", "天气"),
        ("wordpress", "node.js", "node-js"),
        ("jekyll-feed", "天气", "天气"),
        ("jekyll-feed", "Go", "Go"),
    ],
)
def test_folders_are_called_as_the_generator_calls_them(
    layout: LayoutName, name: str, folder: str
) -> None:
    """The address of a category or tag feed stays the same."""
    assert LEGACY[layout].folder(name) == folder
    assert f"/{folder}" in files(layout, post(tags=(name,)))["tag"][0]


@pytest.mark.parametrize(
    ("layout", "fields", "wanted"),
    [
        # Jekyll 4.3 with jekyll-feed 0.17 wrote the first five.
        ("jekyll-feed", {"path": "_posts/2024-01-01-Hello-World.md",
                         "url": f"{SITE.url}/2024/Hello-World.html"}, "/2024/Hello-World"),
        ("jekyll-feed", {"path": "_posts/2024-01-03-three.md", "url": f"{SITE.url}/p/q/"},
         "/p/three"),
        ("jekyll-feed", {"path": "_posts/2024-01-05-a--b.c+.md",
                         "url": f"{SITE.url}/2024/a-b.c+.html"}, "/2024/a--b.c+"),
        ("jekyll-feed", {"path": "_posts/2024-01-05-with space.md",
                         "url": f"{SITE.url}/2024/with-space.html"}, "/2024/with%20space"),
        # Chirpy's template writes the address unchanged, with its last slash.
        ("chirpy", {"path": "_posts/2024-01-03-three.md", "url": f"{SITE.url}/posts/three/"},
         "/posts/three/"),
        ("jekyll-feed", {"path": "_posts/2024-01-04-天气.md",
                         "url": f"{SITE.url}/2024/%E5%A4%A9%E6%B0%94.html"},
         "/2024/%E5%A4%A9%E6%B0%94"),
        ("hugo", {"id": "urn:uuid:1"}, "/one/"),
        ("hexo", {"id": "urn:uuid:1"}, "/one/"),
        ("zola", {"id": "urn:uuid:1"}, "/one/"),
        ("wordpress", {"id": f"{SITE.url}/#123"}, "/?p=123"),
        ("wordpress", {"id": f"{SITE.url}/?p=7"}, "/?p=7"),
        ("wordpress", {"id": f"{SITE.url}/one/"}, "/one/"),
    ],
)  # fmt: skip
def test_an_entry_keeps_the_id_it_had(
    layout: LayoutName, fields: dict[str, str], wanted: str
) -> None:
    """A reader that knows the entry does not show it as new."""
    (feed, *_) = plans([post(**fields)], layout=LAYOUTS[layout], by=[])
    assert feed.posts[0].id == SITE.url + wanted


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("2012/f%C3%A9vrier/x.html", "tag:example.org,2025-02-20:/blog/2012/février/x.html"),
        ("a%20b/", "tag:example.org,2025-02-20:/blog/a%20b/"),
    ],
)
def test_pelicans_ids_are_tag_uris(path: str, wanted: str) -> None:
    """The id has the host, the day in the offset of the post, and the path, unencoded if legal."""
    (feed,) = plans([post(url=f"{SITE.url}/{path}")], layout=LAYOUTS["pelican"], by=[])
    assert feed.posts[0].id == wanted


def test_the_default_layout_keeps_the_ids_of_posts() -> None:
    """The post's own id is kept if no other generator's feeds are replaced."""
    (feed,) = plans([post(id="urn:uuid:1")], by=[])
    assert feed.posts[0].id == "urn:uuid:1"


def test_the_oldest_of_posts_with_one_old_id_keeps_it() -> None:
    """Ids are distinct, also if the old generator gave one id to two posts."""
    old = post("a", url=f"{SITE.url}/x/", published=datetime(2020, 1, 1, tzinfo=UTC))
    new = post("b", url=f"{SITE.url}/x/")
    for given_order in ([old, new], [new, old]):
        found = with_entry_ids(given_order, LEGACY["hexo"].entry_id, SITE)
        assert [each.path for each in found] == [each.path for each in given_order]
        ids = {each.path: each.id for each in found}
        assert ids[old.path] == old.url
        assert ids[new.path].startswith(f"{old.url}#")


def terms(feeds: tuple[FeedPlan, ...], kind: str) -> dict[str, list[str]]:
    return {feed.term: [each.path for each in feed.posts] for feed in feeds if feed.kind == kind}


SPELLINGS = [
    post("new", tags=("go", "GO"), published=datetime(2025, 1, 2, tzinfo=UTC)),
    post("old", tags=("Go",), published=datetime(2025, 1, 1, tzinfo=UTC)),
]


@pytest.mark.parametrize("layout", ["hugo", "pelican", "zola"])
def test_spellings_with_one_folder_are_one_feed_where_they_were(layout: LayoutName) -> None:
    """`Go` and `go` are one tag in Hugo, spelled as in its oldest post, with each post once."""
    feeds = plans(SPELLINGS, by=["tag"], layout=LAYOUTS[layout])
    assert terms(feeds, "tag") == {"Go": ["new.md", "old.md"]}


@pytest.mark.parametrize("layout", ["default", "jekyll-feed", "hexo", "wordpress"])
def test_spellings_stay_apart_elsewhere(layout: LayoutName) -> None:
    """Each spelling has its own feed, on file systems too that ignore case."""
    feeds = plans(SPELLINGS, by=["tag"], layout=LAYOUTS[layout])
    assert set(terms(feeds, "tag")) == {"Go", "go", "GO"}
    paths = [path.lower() for feed in feeds for path in feed.files.values()]
    assert len(set(paths)) == len(paths)


LANGUAGES = [
    post("en", categories=("x",)),
    post("fr", categories=("x",), language="fr"),
    post("us", categories=("x",), language="EN"),
]


@pytest.mark.parametrize(
    ("layout", "everything", "category"),
    [("default", 3, 3), ("pelican", 3, 2), ("hugo", 2, 2), ("zola", 2, 2)],
)
def test_feeds_keep_to_the_sites_language_where_the_generator_did(
    layout: LayoutName, everything: int, category: int
) -> None:
    """Subscribers of one language do not get posts of others, which have their own feed."""
    feeds = plans(LANGUAGES, by=["category", "language"], layout=LAYOUTS[layout])
    assert [len(feed.posts) for feed in feeds] == [everything, category, 2, 1]


def test_no_language_is_lost_without_feeds_by_language() -> None:
    """Posts stay in the main feed if no other feed carries them."""
    assert len(plans(LANGUAGES, by=[], layout=LAYOUTS["hugo"])[0].posts) == 3


def test_a_site_without_posts_in_its_language_keeps_its_main_feed() -> None:
    """The main feed is not empty."""
    feeds = plans(LANGUAGES[1:2], by=["language"], layout=LAYOUTS["hugo"])
    assert [len(feed.posts) for feed in feeds] == [1, 1]


def test_a_template_for_one_format_leaves_the_others_their_default() -> None:
    """`category = { atom = … }` moves only the Atom feeds."""
    layout = Layout(category=PerFormat(atom="c/{slug}.xml"))
    feed = plans([post(categories=("x",))], layout=layout)[1]
    assert tuple(feed.files.values()) == ("c/x.xml", "category/x/rss.xml", "category/x/feed.json")


@pytest.mark.parametrize("name", ["con", "a/b", "a:b", "..", ".", "x.", " x", "x ", "a\tb", "",
                                  "a\u202eb", "é" * 41, "x\ud800"])  # fmt: skip
def test_a_name_that_no_folder_can_have_is_not_usable(name: str) -> None:
    """Such a category gets our own folder name instead."""
    assert usable(name) == ""


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), st.lists(any_post, max_size=4))
def test_in_every_layout_paths_and_ids_are_distinct_and_safe(
    layout: LayoutName, posts: list[Post]
) -> None:
    """No two files share a path, and no two entries of a feed an id, for any terms."""
    posts = [replace(each, path=f"{number}.md") for number, each in enumerate(posts)]
    feeds = plans(posts, by=EVERY_KIND, layout=LAYOUTS[layout])
    paths = [path for feed in feeds for path in feed.files.values()]
    assert len({path.lower() for path in [*paths, "feeds.opml"]}) == len(paths) + 1
    assert not any(part in ("", ".", "..") for path in paths for part in path.split("/"))
    if layout not in ("default", "wordpress"):  # these two use the ids of posts
        ids = [each.id for each in feeds[0].posts] if feeds else []
        assert len(set(ids)) == len(ids)


@given(st.sampled_from(NAMES), texts)
def test_a_plan_does_not_hang_on_the_order_of_posts(layout: LayoutName, text: str) -> None:
    """Shuffled posts give the same plan, with the same paths and ids."""
    posts = [post("a", tags=(text, "Go")), post("b", tags=("go",)), post("c", url=f"{SITE.url}/b/")]
    there, back = (
        plans(order, by=EVERY_KIND, layout=LAYOUTS[layout]) for order in (posts, posts[::-1])
    )
    assert there == back


@pytest.mark.parametrize("layout", NAMES)
def test_feeds_in_old_places_keep_every_rule(layout: LayoutName) -> None:
    """Atom, RSS and JSON are valid in every layout, at their addresses."""
    for feed in plans([POST, post("two")], by=EVERY_KIND, layout=LAYOUTS[layout]):
        entries = [compose(each, BODY, site=SITE, full=True) for each in feed.posts]
        for form, document in zip(feed.files, assemble(feed, entries, site=SITE), strict=True):
            assert faults(document, address(SITE.url, document.path)) == [], form


def test_a_site_is_not_asked_for_more_than_its_address() -> None:
    """A site without title, language and author has feeds at the old paths too."""
    bare = Site(title="", url="https://example.org")
    for layout in NAMES:
        assert plans([post()], bare, by=EVERY_KIND, layout=LAYOUTS[layout])
