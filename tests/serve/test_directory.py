"""Addresses and redirects of feeds and posts after builds of a blog."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import syndicate
from syndicate.ledger import records as ledger
from syndicate.ledger.records import Record
from syndicate.serve.file_memory import FileMemory
from syndicate.serve.folder import Lookups
from syndicate.serve.redirects import KnownAddresses, addresses, moves
from syndicate.state.manifest import MOST_GONE, Gone, Written, gone
from tests.conftest import NOW
from tests.serve.conftest import Served
from tests.state.blog import DAY

SITE = "https://example.org/blog"
Build = Callable[..., KnownAddresses]


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    """Return a blog of three posts in two categories."""
    folder = tmp_path / "blog"
    folder.mkdir()
    for name, category in (("one", "Tea"), ("two", "Tea"), ("three", "Soup")):
        write(folder, name, category)
    return folder


@pytest.fixture
def build(tmp_path: Path, blog: Path) -> Build:
    """Return a function that builds the blog and returns its addresses."""

    def run(**settings: Any) -> KnownAddresses:
        state, output = tmp_path / "state", tmp_path / "output"
        said = {"site.url": SITE, "output.path": str(output), "state.path": str(state)}
        given = {key.replace("_", ".", 1): value for key, value in settings.items()}
        syndicate.build(blog, settings=said | {"guard.drop": 1.0} | given, now=NOW)
        return KnownAddresses(state, output)

    return run


def write(folder: Path, name: str, category: str) -> None:
    text = f"---\ntitle: {name}\ndate: 2024-05-01\ncategory: {category}\n---\nAbout {name}.\n"
    (folder / f"{name}.md").write_text(text, encoding="utf-8")


def test_each_feed_has_one_address_for_all_its_formats(build: Build) -> None:
    """`feed` in a folder is the common address of the feed's files and page; no other path is."""
    known = build()
    assert known.formats("category/tea/feed") == {
        "atom": "category/tea/atom.xml",
        "rss": "category/tea/rss.xml",
        "json": "category/tea/feed.json",
        "html": "feeds/category/tea.html",
    }
    assert known.formats("feed")["html"] == "feeds/index.html"
    assert known.formats("category/coffee/feed") == known.formats("category/tea") == {}


def test_the_kind_of_every_file_of_a_build_is_known(build: Build) -> None:
    """Feed files, pages and the list of feeds, whatever they are called."""
    names = {"atom": "index.feed", "rss": "news", "json": "feed.json", "opml": "blogroll.xml"}
    kinds = build(feeds_layout=names).kinds()
    assert {path: kinds[path] for path in names.values()} == {
        path: kind for kind, path in names.items()
    }
    assert kinds["category/tea/news"] == "rss"
    assert kinds["feeds/index.html"] == kinds["feeds/category/tea.html"] == "html"


def test_a_feed_of_any_name_is_served_as_a_feed(tmp_path: Path, build: Build) -> None:
    """The build has noted the format, so the name of the file need not show it."""
    known = build(feeds_layout={"rss": "news", "opml": "blogroll.xml"})
    shelf = FileMemory(
        tmp_path / "output", tmp_path / "state", now=NOW.timestamp, listed=known.kinds
    )
    news, blogroll = shelf.load("news"), shelf.load("blogroll.xml")
    assert news
    assert news.feed
    assert news.type == "application/xml; charset=utf-8"
    assert blogroll
    assert not blogroll.feed


def test_feeds_in_one_folder_have_their_common_name_as_address() -> None:
    """Several feeds in one folder, as in Pelican's layout, are addressed by their common name."""
    found = addresses(
        {
            "all": {"atom": "feeds/all.atom.xml", "rss": "feeds/all.rss.xml"},
            "category a.b": {"atom": "feeds/a.b.atom.xml", "rss": "feeds/a.b.rss.xml"},
            "category tea": {"atom": "feed/tea.xml", "rss": "category/tea/rss.xml"},
            "category soup": {"atom": "feed/soup.xml", "rss": "category/soup/rss.xml"},
        }
    )
    assert {path: files["atom"] for path, files in found.items()} == {
        "feeds/feed": "feeds/all.atom.xml",
        "feeds/all": "feeds/all.atom.xml",
        "feeds/a.b": "feeds/a.b.atom.xml",
        "feed/tea": "feed/tea.xml",
        "category/tea/feed": "feed/tea.xml",
        "feed/soup": "feed/soup.xml",
        "category/soup/feed": "feed/soup.xml",
    }


def test_moved_feed_is_redirected(build: Build) -> None:
    """After two changes of the layout, every earlier path leads to the present one."""
    build()
    build(feeds_layout="hugo")
    known = build(feeds_layout="pelican")
    for old in ("category/tea/rss.xml", "categories/tea/index.xml"):
        assert known.past(old) == "feeds/tea.rss.xml"
    assert known.past("category/tea/atom.xml") == "feeds/tea.atom.xml"
    back = build()
    assert back.past("category/tea/rss.xml") is None
    assert back.past("feeds/tea.rss.xml") == "category/tea/rss.xml"


def test_a_format_that_is_made_no_more_leads_to_another(build: Build) -> None:
    """The path of a format that is no longer made leads to another format."""
    build()
    known = build(feeds_formats=["rss"])
    assert known.past("category/tea/feed.json") == "category/tea/rss.xml"


def test_a_feed_that_was_withdrawn_is_gone(build: Build, blog: Path) -> None:
    """The feed and page of an empty category give 410, until the category has a post again."""
    build()
    write(blog, "three", "Tea")
    known = build()
    assert known.past("category/soup/atom.xml") == ""
    assert known.past("feeds/category/soup.html") == ""
    assert known.past("category/none/atom.xml") is None
    write(blog, "three", "Soup")
    assert build().past("category/soup/atom.xml") is None


def test_past_address_of_a_post_leads_to_it(build: Build, blog: Path, tmp_path: Path) -> None:
    """A renamed post's address leads to its new one; a removed post's address is marked as gone."""
    known = build()
    (blog / "one.md").rename(blog / "uno.md")
    (blog / "two.md").unlink()
    build()
    (renamed,) = [each for each in ledger.load(tmp_path / "state") if each.past]
    old = renamed.past[0].removeprefix(f"{SITE}/")
    assert known.past(old) == known.past(old.rstrip("/")) == renamed.url
    assert renamed.url.startswith(SITE)
    (removed,) = [each for each in ledger.load(tmp_path / "state") if each.withdrawn]
    assert known.past(removed.url.removeprefix(f"{SITE}/")) == ""


def test_an_address_that_a_post_has_now_is_never_past() -> None:
    """A past address that another post uses now is not redirected."""
    records = [
        record("a", past=(f"{SITE}/b/", "https://elsewhere.example/x/")),
        record("b"),
        record("c", url=f"{SITE}/b/", withdrawn=DAY),
    ]
    assert moves(Written(site=SITE), records) == {}


def record(name: str, **fields: Any) -> Record:
    given = {"url": f"{SITE}/{name}/", "title": name, "published": DAY, "updated": DAY}
    return Record(id=name, **{**given, **fields})


def test_past_addresses_are_bounded() -> None:
    """Of too many past addresses, the oldest are dropped."""
    before = Written(
        feeds={"tag new": {"atom": "new.xml"}},
        gone=tuple(Gone(f"{number}.xml", "tag old", "atom") for number in range(MOST_GONE)),
    )
    found = gone(before, {})
    assert len(found) == MOST_GONE
    assert found[0] == Gone("new.xml", "tag new", "atom")


def test_state_that_cannot_be_read_is_as_none(tmp_path: Path) -> None:
    """With unreadable state, files are still served."""
    (tmp_path / "manifest.json").write_text("no", encoding="utf-8")
    known = KnownAddresses(tmp_path, tmp_path / "output")
    assert known.past("a") is None
    assert known.formats("feed") == {}


def test_running_server_redirects_after_a_build(
    build: Build, tmp_path: Path, start: Callable[..., Served]
) -> None:
    """A running server sends 301 and 410 for addresses that a later build has moved."""
    known = build()
    served = start(lookups=Lookups(known.past, known.formats))
    assert served.get("/category/tea/feed", {"Accept": "text/html"}).body.startswith(b"<!doctype")
    build(feeds_layout="hugo")
    moved = served.get("/category/tea/atom.xml")
    assert moved.status == 301
    assert moved.headers["location"] == "./../../categories/tea/atom.xml"
    build(feeds_by=[])
    assert served.get("/category/tea/atom.xml").status == 410
