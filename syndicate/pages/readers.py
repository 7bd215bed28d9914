"""Feed readers that can be handed an address by a link."""

from urllib.parse import quote

__all__ = ["READERS", "app_link", "reader_links"]

READERS = (
    ("Feedly", "https://feedly.com/i/subscription/feed%2F{}"),
    ("Inoreader", "https://www.inoreader.com/?add_feed={}"),
    ("NewsBlur", "https://www.newsblur.com/?url={}"),
    ("The Old Reader", "https://theoldreader.com/feeds/subscribe?url={}"),
    ("Feedbin", "https://feedbin.com/?subscribe={}"),
    ("BazQux", "https://bazqux.com/add?url={}"),
)
"""Readers on the web: name, and the address at which each takes a feed's, percent-encoded."""


def reader_links(url: str) -> list[tuple[str, str]]:
    """Each reader's name, and the address that subscribes to the feed at `url` there."""
    quoted = quote(url, safe="")
    return [(name, pattern.format(quoted)) for name, pattern in READERS]


def app_link(url: str) -> str:
    """The address that opens the feed at `url` in NetNewsWire, Reeder, Liferea, Akregator …"""
    return f"feed:{url}"
