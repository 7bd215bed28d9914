from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Report
from syndicate.errors import SyndicateError
from syndicate.ledger.faults import verify
from syndicate.ledger.lines import export_lines, read_lines
from syndicate.ledger.records import Record, keep
from syndicate.reading.adopt import MAX_PAGES, Adoption, adopt
from syndicate.reading.read_feed import FeedError
from tests.served import served

from .feeds import ATOM, RSS, WXR, item, rss

URL = "https://tea.example/rss.xml"
GREEN = datetime(2025, 2, 20, 11, 14, 38, tzinfo=UTC)


class Web:
    """Simulated web: pages by address, errors for all others, and a list of requests."""

    def __init__(self, **pages: bytes) -> None:
        self.pages = {f"https://tea.example/{name}.xml": data for name, data in pages.items()}
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.pages:
            raise SyndicateError(url, "answers 404")
        return self.pages[url]


def paged(name: str, rel: str, href: str) -> bytes:
    return rss(item(name), extra=f'<atom:link rel="{rel}" href="{href}"/>')


def record(name: str, **fields: object) -> Record:
    day = datetime(2025, 1, 1, 12, tzinfo=UTC)
    usual = {"url": f"https://tea.example/{name}/", "title": name.title(), "path": f"{name}.md"}
    return Record(**{"id": f"ours:{name}", "published": day, "updated": day} | usual | fields)


def of(data: bytes, *known: Record) -> Adoption:
    return adopt([URL], known, fetch=Web(rss=data))


def ids(adoption: Adoption) -> list[str]:
    return [record.id for record in adoption.taken]


def test_an_entry_becomes_a_record() -> None:
    """A new record has the feed's id, address, title, dates and categories."""
    taken = adopt([URL], fetch=Web(rss=ATOM.encode())).taken[0]
    assert taken == Record(
        id="tag:tea.example,2025:green",
        url="https://tea.example/green/",
        title="绿茶 <3",
        published=GREEN,
        updated=datetime(2025, 2, 21, tzinfo=UTC),
        categories=("Tea", "茶"),
        adopted=True,
    )


def test_an_export_is_a_file(tmp_path: Path) -> None:
    """A WordPress export keeps the ids that its blog's feed had."""
    file = tmp_path / "tea.xml"
    file.write_text(WXR, encoding="utf-8")
    found = adopt([str(file)], fetch=Web())
    assert ids(found) == ["https://tea.example/?p=12", "https://tea.example/?p=13"]
    assert found.taken[0].url == "https://tea.example/2025/02/green/"


def test_addresses_are_fetched_over_http(tmp_path: Path) -> None:
    """By default, a feed and its pages are fetched over HTTP."""
    (tmp_path / "rss.xml").write_bytes(paged("a", "next", "b.xml").replace(b"/b.xml", b"b.xml"))
    (tmp_path / "b.xml").write_bytes(rss(item("b")))
    with served(tmp_path) as address:
        assert ids(adopt([f"{address}rss.xml"])) == ["id:a", "id:b"]


JEKYLL = """<feed xmlns="http://www.w3.org/2005/Atom"><id>https://tea.example/feed.xml</id>
<link href="https://tea.example/feed.xml" rel="self" type="application/atom+xml"/>
<entry><title type="html">Green &amp;amp; black</title>
<link href="https://tea.example/2025/02/20/green.html" rel="alternate" type="text/html" title="G"/>
<published>2025-02-20T19:14:38+08:00</published><updated>2025-02-20T19:14:38+08:00</updated>
<id>https://tea.example/2025/02/20/green</id>
<content type="html" xml:base="https://tea.example/2025/02/20/green.html">Pour.</content>
</entry></feed>"""
HUGO = """<?xml version="1.0" encoding="utf-8" standalone="yes"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><link>https://tea.example/</link>
<item><title>Green &amp; black</title><link>https://tea.example/posts/green/</link>
<pubDate>Thu, 20 Feb 2025 19:14:38 +0800</pubDate><guid>https://tea.example/posts/green/</guid>
<description>Pour.</description></item></channel></rss>"""
HEXO = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://tea.example/atom.xml" rel="self"/>
<entry><title>Green &amp; black</title><link href="https://tea.example/2025/02/20/green/"/>
<id>https://tea.example/2025/02/20/green/</id><published>2025-02-20T11:14:38.000Z</published>
<updated>2025-02-21T00:00:00.123Z</updated><content type="html"><![CDATA[<p>Pour.</p>]]></content>
</entry></feed>"""


@pytest.mark.parametrize(
    ("feed", "known_by", "url"),
    [
        (JEKYLL, "/2025/02/20/green", "/2025/02/20/green.html"),
        (HUGO, "/posts/green/", "/posts/green/"),
        (HEXO, "/2025/02/20/green/", "/2025/02/20/green/"),
    ],
)
def test_feeds_of_site_generators(feed: str, known_by: str, url: str) -> None:
    """Feeds of jekyll-feed, Hugo and Hexo give the ids, addresses, titles and dates of entries."""
    (taken,) = of(feed.encode()).taken
    assert taken.id == f"https://tea.example{known_by}"
    assert taken.url == f"https://tea.example{url}"
    assert (taken.title, taken.published) == ("Green & black", GREEN)


def test_pages_are_followed_once_each() -> None:
    """Archives and pages (RFC 5005) are read once each, even if they form a circle."""
    web = Web(
        rss=paged("a", "prev-archive", "/b.xml"),
        b=paged("b", "prev-archive", "c.xml"),
        c=paged("c", "next", "/rss.xml"),
    )
    found = adopt([URL], fetch=web)
    assert ids(found) == ["id:a", "id:b", "id:c"]
    assert len(web.asked) == found.pages == 3


def test_an_endless_feed_ends() -> None:
    """An endless chain of pages is read up to the limit, with a Problem."""
    seen: list[str] = []

    def fetch(url: str) -> bytes:
        seen.append(url)
        return paged(f"p{len(seen)}", "next", f"/{len(seen)}.xml")

    found = adopt([URL], fetch=fetch)
    assert found.pages == len(seen) == MAX_PAGES
    assert [problem.kind for problem in found.problems] == ["too-many-pages"]


@pytest.mark.parametrize(("any_host", "wanted"), [(False, ["id:a"]), (True, ["id:a", "id:b"])])
def test_other_hosts_are_fetched_only_on_request(any_host: bool, wanted: list[str]) -> None:
    """Pages on other hosts are not fetched; a Problem names them."""
    web = Web(rss=paged("a", "next", "http://10.0.0.1/b.xml"))
    web.pages["http://10.0.0.1/b.xml"] = rss(item("b"))
    found = adopt([URL], fetch=web, any_host=any_host)
    assert ids(found) == wanted
    assert [problem.kind for problem in found.problems] == ["other-host"][: not any_host]


def test_a_file_asks_no_network(tmp_path: Path) -> None:
    """Pages named in a file are only fetched with `any_host`."""
    file = tmp_path / "feed.xml"
    file.write_bytes(paged("a", "next", "https://tea.example/b.xml"))
    web = Web(b=rss(item("b")))
    assert ids(adopt([str(file)], fetch=web)) == ["id:a"]
    assert not web.asked
    assert ids(adopt([str(file)], fetch=web, any_host=True)) == ["id:a", "id:b"]


def test_failing_page_is_a_problem() -> None:
    """Entries read before a failing page are kept; adopting again reads the rest."""
    found = of(paged("a", "next", "/gone.xml"))
    assert ids(found) == ["id:a"]
    assert [(p.path, p.kind) for p in found.problems] == [
        ("https://tea.example/gone.xml", "unread-page")
    ]


def test_a_source_that_fails_is_an_error(tmp_path: Path) -> None:
    """A missing source, or one that is not a feed, is an error."""
    with pytest.raises(SyndicateError, match="404"):
        adopt([URL], fetch=Web())
    with pytest.raises(FeedError, match="cannot be read"):
        adopt([str(tmp_path / "none.xml")], fetch=Web())
    with pytest.raises(FeedError, match="not a feed"):
        of(b"<html/>")


def test_known_ids_stay_unchanged() -> None:
    """A record whose id is in the feed stays unchanged."""
    found = of(rss(item("a"), item("b")), record("other", id="id:a"))
    assert (ids(found), found.known) == (["id:b"], 1)


@pytest.mark.parametrize(
    "known",
    [
        record("a"),
        record("x", url="https://tea.example/new/", past=("http://tea.example/a",)),
        record("x", url="https://new.example/a/", title=" A "),
    ],
)
def test_a_post_of_ours_keeps_its_id(known: Record) -> None:
    """A post matched by address, past address, or title and date keeps its id, as a conflict."""
    found = of(rss(item("a")), known)
    assert not found.taken
    (conflict,) = found.conflicts
    assert (conflict.source, conflict.id, conflict.kept) == (URL, "id:a", known.id)


def test_titles_that_are_not_alone_prove_nothing() -> None:
    """Two posts with the same title and date are ambiguous, so the entry becomes a new record."""
    twins = [record(name, title="A", url=f"https://new.example/{name}/") for name in "xy"]
    assert ids(of(rss(item("a")), *twins)) == ["id:a"]


def test_entries_of_one_feed_are_different() -> None:
    """Two entries with the same title and date become two records."""
    same = item("a"), item("a", guid="id:2").replace("/a/", "/b/")
    assert ids(of(rss(*same))) == ["id:a", "id:2"]


def test_the_first_feed_wins() -> None:
    """If Atom and RSS have different ids for a post, the first feed's id is taken."""
    web = Web(atom=ATOM.encode(), rss=RSS.replace("tag:tea", "other:tea").encode())
    found = adopt(["https://tea.example/atom.xml", URL], fetch=web)
    assert ids(found) == ["tag:tea.example,2025:green", "tag:tea.example,2025:fog"]
    assert [conflict.id for conflict in found.conflicts] == [
        "other:tea.example,2025:green", "other:tea.example,2025:fog",
    ]  # fmt: skip


def test_links_lose_tracking_parameters() -> None:
    """Fragments and utm_ parameters are removed from a post's address."""
    tagged = item("a").replace("/a/<", "/a/?utm_source=x&amp;p=1&amp;utm_medium=rss#top<")
    assert of(rss(tagged)).taken[0].url == "https://tea.example/a/?p=1"


def test_entry_without_a_date_is_a_problem() -> None:
    """An entry without a date is not adopted, and a Problem names it."""
    found = of(rss("<guid>a</guid>", item("b")))
    assert ids(found) == ["id:b"]
    assert [(p.kind, p.severity) for p in found.problems] == [("undated", "error")]


names = st.sampled_from("abc")
entries = st.builds(item, names, st.sampled_from(["", "g1", "g2"]), st.integers(1, 2))
records = st.builds(
    record,
    names,
    id=st.sampled_from(["id:a", "g1", "ours:x", "ours:y"]),
    past=st.lists(names.map("https://tea.example/{}/".format), max_size=1).map(tuple),
    adopted=st.booleans(),
)


@given(
    st.lists(st.lists(entries, max_size=4), min_size=1, max_size=2),
    st.lists(records, max_size=4, unique_by=lambda record: record.id),
)
def test_adopting_twice_changes_nothing(feeds: list[list[str]], known: list[Record]) -> None:
    """A second adoption changes nothing, even if records have become posts since."""
    web = Web(**{f"f{n}": rss(*feed) for n, feed in enumerate(feeds)})
    first = adopt(list(web.pages), known, fetch=web)
    for adopted in (True, False):
        taken = [msgspec.structs.replace(each, adopted=adopted) for each in first.taken]
        again = adopt(list(web.pages), [*known, *taken], fetch=web)
        assert not again.taken
        assert again.conflicts == first.conflicts


def test_our_own_feed_is_adopted_whole(example: tuple[Report, Path]) -> None:
    """Adopting the example blog's feed gives records with the published ids and dates."""
    report, folder = example
    for name in ("atom.xml", "rss.xml", "feed.json"):
        found = adopt([str(folder / name)], fetch=Web())
        wanted = {(post.id, post.url, post.published) for post in report.posts}
        assert {(each.id, each.url, each.published) for each in found.taken} == wanted
        assert not found.conflicts
        assert not found.problems


@pytest.mark.parametrize("link", ["", "<link>mailto:ana@tea.example</link>"])
def test_an_entry_without_a_page_is_taken_and_can_be_exported(tmp_path: Path, link: str) -> None:
    """An entry without an address becomes a record that can be exported and imported."""
    guid = '<guid isPermaLink="false">green\xa0</guid>'
    day = "<pubDate>Thu, 20 Feb 2025 11:14:38 GMT</pubDate>"
    taken = of(rss(f"{guid}<title>Green</title>{link}{day}")).taken
    assert [(each.id, each.url) for each in taken] == [("green\xa0", "")]
    keep(tmp_path, taken)
    assert verify(tmp_path) == []
    assert read_lines(export_lines(taken), "lines") == taken


def test_invalid_address_does_no_harm() -> None:
    """An invalid address in an imported ledger does no harm."""
    assert ids(of(rss(item("a")), record("b", url="http://[b"))) == ["id:a"]


def test_a_file_cannot_send_us_into_a_private_network(tmp_path: Path) -> None:
    """With `any_host`, pages on other hosts are fetched, but never private addresses."""
    file = tmp_path / "old.xml"
    file.write_bytes(paged("a", "next", "http://127.0.0.1:9/b.xml"))
    (problem,) = adopt([str(file)], any_host=True).problems
    assert "private address" in problem.message
