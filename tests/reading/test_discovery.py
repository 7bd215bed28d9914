"""Discovery of the feeds that a page links to."""

import pytest

from syndicate.reading.discovery import MAX_LINKS, feed_links

HOME = "https://tea.example/blog/"


def links(body: str) -> list[str]:
    return feed_links(f"<html><head>{body}".encode(), HOME)


def test_the_head_comes_first() -> None:
    """Autodiscovery links come before links in the text; each feed is listed once."""
    found = links(
        '</head><body><a href="category/tea.xml">x</a><a href="feed/tea.xml">Tea</a>'
        '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
        '<a href="/rss.xml">RSS</a><a href="about.html">About</a>'
    )
    assert found == ["https://tea.example/rss.xml", f"{HOME}feed/tea.xml"]


@pytest.mark.parametrize("kind", ["atom+xml", "rss+xml", "feed+json", "RSS+XML; charset=utf-8"])
def test_every_format_is_discovered(kind: str) -> None:
    """Feeds of all formats are found by media type, whatever their file names."""
    line = f'<link rel="alternate nofollow" type="application/{kind}" href="x">'
    assert links(line) == [f"{HOME}x"]


def test_feeds_of_comments_are_left_out() -> None:
    """Feeds of comments are skipped."""
    kind = 'rel="alternate" type="application/rss+xml"'
    assert links(f'<link {kind} href="/comments/feed/">') == []
    assert links(f'<link {kind} title="Tea » Comments Feed" href="/f/">') == []


def test_other_alternates_and_harmful_addresses_are_left_out() -> None:
    """Translations and script addresses are skipped."""
    assert links('<link rel="alternate" hreflang="fr" href="/fr/">') == []
    assert links('<link rel="alternate" type="application/rss+xml" href="javascript:x()">') == []


def test_links_are_bounded() -> None:
    """The number of feeds of a page is bounded."""
    assert len(links("".join(f'<a href="{n}/feed.xml">x</a>' for n in range(1_000)))) == MAX_LINKS


@pytest.mark.parametrize(
    "page", [b"", b"\0\0\0", b"<", b"\xff\xfe<\0h\0t\0m\0l\0", b"<html" * 9_999]
)
def test_any_bytes_are_a_page(page: bytes) -> None:
    """No bytes raise an exception."""
    assert feed_links(page, HOME) == []
