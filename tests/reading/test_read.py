import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate import Report
from syndicate.reading.read import read
from syndicate.reading.read_feed import MAX_BYTES, FeedError, ReadEntry

from .feeds import ATOM, JSON, RDF, RSS, WXR, item, rss

FEEDS = {"atom": ATOM, "rss": RSS, "json": JSON}


def entries(text: str | bytes, url: str = "") -> tuple[ReadEntry, ...]:
    return read(text.encode() if isinstance(text, str) else text, url).entries


def test_every_format_says_the_same() -> None:
    """Ids, titles, links, dates, categories and digests do not depend on the format."""
    assert entries(ATOM) == entries(RSS) == entries(JSON)
    green = entries(ATOM)[0]
    assert green.id == "tag:tea.example,2025:green"
    assert (green.title, green.url) == ("绿茶 <3", "https://tea.example/green/")
    assert green.published == datetime(2025, 2, 20, 11, 14, 38, tzinfo=UTC)
    assert green.updated == datetime(2025, 2, 21, tzinfo=UTC)
    assert green.categories == ("Tea", "茶")


@pytest.mark.parametrize("form", FEEDS)
def test_the_feed_itself(form: str) -> None:
    """Title, addresses and hubs come from the feed, whatever address it was read from."""
    feed = read(FEEDS[form].encode(), "https://mirror.example/x")
    assert (feed.format, feed.title, feed.home) == (form, "Tea & Clouds", "https://tea.example/")
    names = {"atom": "atom.xml", "rss": "rss.xml", "json": "feed.json"}
    assert feed.url == f"https://tea.example/{names[form]}"
    assert feed.hubs == ("https://hub.example/",)


def test_rss_1_has_its_items_beside_the_channel() -> None:
    """RSS 1.0: rdf:about is the id, dc:date the date, dc:subject the category."""
    feed = read(RDF.encode())
    (green,) = feed.entries
    assert feed.format == "rdf"
    assert green.id == green.url == "https://tea.example/green/"
    assert green.published == datetime(2025, 2, 20, 11, 14, tzinfo=UTC)
    assert green.categories == ("Tea",)


def test_export_of_wordpress_gives_its_public_posts() -> None:
    """Only public posts of an export are read; a Problem counts the other items."""
    feed = read(WXR.encode())
    assert feed.format == "wxr"
    assert [entry.id for entry in feed.entries] == [f"https://tea.example/?p={n}" for n in (12, 13)]
    assert feed.entries[0].updated == datetime(2025, 2, 21, tzinfo=UTC)
    assert feed.entries[1].published == datetime(2024, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [problem.kind for problem in feed.problems] == ["not-published"]


def test_older_rss_knows_entries_by_their_links() -> None:
    """The id of an item without a guid is its link (RSS 0.91)."""
    dtd = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://x.example/">'
    link = "<title>Caf&eacute;</title><link>https://tea.example/a</link>"
    (entry,) = entries(dtd.encode() + rss(link))
    assert entry.id == entry.url == "https://tea.example/a"
    assert entry.title == "Café"


@pytest.mark.parametrize(
    ("form", "feed"),
    [
        ("atom", '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/blog/"><entry '
                 'xml:base="2025/"><id>x</id><link href="a b"/></entry></feed>'),
        ("rss", rss('<link xml:base="/blog/2025/">a b</link><guid>x</guid>').decode()),
        ("json", '{"version":"https://jsonfeed.org/version/1",'
                 '"items":[{"id":"x","url":"/blog/2025/a b"}]}'),
    ],
)  # fmt: skip
def test_relative_links_are_resolved(form: str, feed: str) -> None:
    """Relative links are resolved against xml:base, else against the feed's address."""
    (entry,) = entries(feed, "https://tea.example/feeds/all")
    if form == "rss":  # xml:base stands on the element itself
        assert entry.url.endswith("/a%20b")
    else:
        assert entry.url == "https://tea.example/blog/2025/a%20b"


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "/relative", "http://[bad", "xmpp://[", ""]
)
def test_links_that_lead_nowhere_are_empty(link: str) -> None:
    """Dangerous, invalid and unresolvable links are empty."""
    text = f'{{"version":"https://jsonfeed.org/version/1","items":[{{"id":1,"url":"{link}"}}]}}'
    assert entries(text) == (ReadEntry(id="1"),)


def test_pages_and_archives_are_found() -> None:
    """Links of RFC 5005 in Atom and RSS, and next_url of JSON Feed, are read."""
    parts = '<link rel="{0}" href="/p"/><link rel="prev-archive" href="/a"/>'
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom">{parts.format("next")}</feed>'
    inside = parts.format("next-archive").replace("<link", "<atom:link")
    json = '{"version":"https://jsonfeed.org/version/1","next_url":"/p"}'
    url = "https://tea.example/"
    assert read(atom.encode(), url).next_page == "https://tea.example/p"
    assert read(atom.encode(), url).prev_archive == "https://tea.example/a"
    assert read(rss(extra=inside), url).next_archive == "https://tea.example/p"
    assert read(json.encode(), url).next_page == "https://tea.example/p"


@pytest.mark.parametrize("encoding", ["gb2312", "utf-16", "big5", "iso-8859-1"])
def test_declared_encodings_are_honoured(encoding: str) -> None:
    """The encoding of the XML declaration is used."""
    title = "Café" if encoding == "iso-8859-1" else "中文"
    text = rss(f"<title>{title}</title><guid>x</guid>").decode()
    data = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
    assert entries(data)[0].title == title


@pytest.mark.parametrize("before", [b"\n\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf \r\n"])
def test_white_space_before_a_feed_is_ignored(before: bytes) -> None:
    """White space and byte order marks before the XML declaration do not matter."""
    assert read(before + ATOM.encode()) == read(ATOM.encode())
    assert read(before + JSON.encode()) == read(JSON.encode())


@pytest.mark.parametrize("fault", ["tea & clouds", "\x0b", "&nbsp;x", "<a t=x/>"])
def test_broken_xml_is_mended_where_no_entry_is_lost(fault: str) -> None:
    """A feed with an invalid character is read completely, with a Problem that has its line."""
    feed = read(rss(f"<guid>a</guid><title>{fault}</title>", item("b")), where="rss.xml")
    assert [entry.id for entry in feed.entries] == ["a", "id:b"]
    (problem,) = feed.problems
    assert (problem.path, problem.kind, problem.line) == ("rss.xml", "broken-feed", 1)


@pytest.mark.parametrize("data", [
    rss(item("a"), item("b"))[:-60],
    rss(item("a"), item("b")).replace(b"<item><title>B", b"</channel></rss><item><title>B"),
    rss("<guid>a</guid><title><br></title>", item("b")),
    rss(item("a"), "<guid>b</guid>" + "<x>" * 300),
])  # fmt: skip
def test_half_a_feed_is_refused(data: bytes) -> None:
    """A truncated feed, or one that would lose an entry, is an error."""
    with pytest.raises(FeedError, match="well-formed"):
        read(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "well-formed"),
        (b"<html><body/></html>", "not a feed"),
        (b"<rss/>", "without a channel"),
        (b'{"version": 1}', "not JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [', "not valid JSON"),
        (b'{"a":' * 100_000, "not valid JSON"),
        (b" " * (MAX_BYTES + 1), "larger"),
    ],
)
def test_document_that_is_not_a_feed_is_an_error(data: bytes, what: str) -> None:
    """The error says what the document is, and where."""
    with pytest.raises(FeedError, match=f"^here: .*{what}"):
        read(data, where="here")


def test_entities_are_neither_fetched_nor_expanded(tmp_path: Path) -> None:
    """No file is read for an entity, and no small feed becomes a large one."""
    secret = tmp_path / "secret"
    secret.write_text("hidden", encoding="utf-8")
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    dtd = f'<!DOCTYPE rss [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "{secret.as_uri()}">{layers}]>'
    assert entries(dtd.encode() + rss("<guid>a</guid><title>&f;</title>"))[0].title == "&f;"
    for body in ("<title>&e8;</title>", '<link t="&e8;"/>'):
        with pytest.raises(FeedError, match="amplification"):
            read(dtd.encode() + rss(f"<guid>a</guid>{body}"))


def test_an_id_is_taken_once() -> None:
    """Of two entries with one id the first is kept, and a Problem reports the other."""
    feed = read(rss(item("a"), item("b", guid="id:a"), "<title>No id</title>"))
    assert [entry.title for entry in feed.entries] == ["A"]
    assert [problem.kind for problem in feed.problems] == ["entry-id"]


def test_our_own_feeds_match_the_report(example: tuple[Report, Path]) -> None:
    """Our own feeds, read back, have the ids, addresses and dates of the posts."""
    report, folder = example
    posts = {(post.id, post.url, post.published, post.updated) for post in report.posts}
    for summary in report.feeds:
        found = [
            read((folder / path_of(url, report)).read_bytes()) for url in summary.urls.values()
        ]
        assert len(found[0].entries) == summary.entries
        for feed in found:
            assert feed.entries == found[0].entries
            assert {(e.id, e.url, e.published, e.updated) for e in feed.entries} <= posts
        assert [feed.url for feed in found] == list(summary.urls.values())


def path_of(url: str, report: Report) -> str:
    return unquote(url.removeprefix(report.site.url + "/"))


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_feedparser_sees_the_same(form: str) -> None:
    """feedparser reads the same ids, links and dates."""
    theirs = feedparser.parse(FEEDS[form].encode()).entries
    ours = [(e.id, e.url, e.published) for e in entries(FEEDS[form])]
    dates = [datetime(*each.published_parsed[:6], tzinfo=UTC) for each in theirs]
    assert ours == [(e.id, e.link, date) for e, date in zip(theirs, dates, strict=True)]


@given(
    st.binary()
    | st.sampled_from([ATOM, RSS, JSON, RDF, WXR]).flatmap(
        lambda text: st.builds(
            lambda start, length, noise: (
                text.encode()[:start] + noise + text.encode()[start + length :]
            ),
            st.integers(0, len(text.encode())),
            st.integers(0, 60),
            st.binary(max_size=12) | st.sampled_from([b"<", b"&", b"\xff\xfe", b"]]>", b"9" * 30]),
        )
    )
)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    """Any bytes give a feed or FeedError."""
    try:
        feed = read(data, "https://tea.example/feed")
    except FeedError:
        return
    assert all(entry.id for entry in feed.entries)
    assert all(entry.published is None or entry.published.tzinfo for entry in feed.entries)
    hash(feed)


def test_reading_imports_no_parser_of_whole_sites() -> None:
    """Reading feeds imports neither feedparser nor BeautifulSoup."""
    code = "import sys, syndicate.reading.read; print({'bs4', 'feedparser'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "set()\n"
