"""The feeds that a page links to."""

import pytest

from syndicate.reading.discovery import MAX_LINKS, feed_links

HOME = "https://tea.example/blog/"


def links(body: str) -> list[str]:
    return feed_links(f"<html><head>{body}".encode(), HOME)


def test_the_head_comes_first() -> None:
    """Autodiscovery, then links in the text; each feed once, with an absolute address."""
    found = links(
        '</head><body><a href="category/tea.xml">x</a><a href="feed/tea.xml">Tea</a>'
        '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
        '<a href="/rss.xml">RSS</a><a href="about.html">About</a>'
    )
    assert found == ["https://tea.example/rss.xml", f"{HOME}feed/tea.xml"]


@pytest.mark.parametrize("kind", ["atom+xml", "rss+xml", "feed+json", "RSS+XML; charset=utf-8"])
def test_every_format_is_discovered(kind: str) -> None:
    """By the media type, whatever the file is called."""
    line = f'<link rel="alternate nofollow" type="application/{kind}" href="x">'
    assert links(line) == [f"{HOME}x"]


def test_feeds_of_comments_are_left_out() -> None:
    """Their entries are no posts."""
    kind = 'rel="alternate" type="application/rss+xml"'
    assert links(f'<link {kind} href="/comments/feed/">') == []
    assert links(f'<link {kind} title="Tea » Comments Feed" href="/f/">') == []


def test_other_alternates_and_harmful_addresses_are_left_out() -> None:
    """A translation is no feed, and a script no address."""
    assert links('<link rel="alternate" hreflang="fr" href="/fr/">') == []
    assert links('<link rel="alternate" type="application/rss+xml" href="javascript:x()">') == []


def test_links_are_bounded() -> None:
    """A page of very many feeds."""
    assert len(links("".join(f'<a href="{n}/feed.xml">x</a>' for n in range(1_000)))) == MAX_LINKS


@pytest.mark.parametrize(
    "page", [b"", b"\0\0\0", b"<", b"\xff\xfe<\0h\0t\0m\0l\0", b"<html" * 9_999]
)
def test_any_bytes_are_a_page(page: bytes) -> None:
    """Nothing raises."""
    assert feed_links(page, HOME) == []
