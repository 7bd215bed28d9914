"""Feed readers that a page hands the address of a feed to, by a link."""

from collections.abc import Sequence
from urllib.parse import quote

from msgspec import Struct

from syndicate.config.pages import APP, ReaderConfig

__all__ = ["READERS", "Reader", "reader_links"]

READERS = {
    "Feedly": "https://feedly.com/i/subscription/feed%2F{url}",
    "Inoreader": "https://www.inoreader.com/?add_feed={url}",
    "NewsBlur": "https://www.newsblur.com/?url={url}",
    "The Old Reader": "https://theoldreader.com/feeds/subscribe?url={url}",
    "Feedbin": "https://feedbin.com/?subscribe={url}",
    "BazQux": "https://bazqux.com/add?url={url}",
}
"""Readers on the web: name, and the address that adds a feed; {url} is the feed's, quoted."""


class Reader(Struct, frozen=True, gc=False):
    """A button that adds a feed to a reader. An empty `name` is an app on the visitor's device."""

    name: str
    url: str


def reader_links(readers: Sequence[str | ReaderConfig], url: str) -> tuple[Reader, ...]:
    """Return the buttons of `readers`, as `[pages] readers` lists them, for the feed at `url`.

    The app's button has the scheme ``feed:``, which NetNewsWire, Reeder, Liferea and Akregator
    take.
    """
    quoted = quote(url, safe="")
    return tuple(_button(reader, url, quoted) for reader in readers)


def _button(reader: str | ReaderConfig, url: str, quoted: str) -> Reader:
    if reader == APP:
        return Reader("", f"feed:{url}")
    if isinstance(reader, str):
        return Reader(reader, READERS[reader].replace("{url}", quoted))
    return Reader(reader.name, reader.url.replace("{url}", quoted))
