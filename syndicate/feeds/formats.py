"""List the feed formats, one row for each: its media type and the functions that write it."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType

from msgspec import Struct

from syndicate.feeds.by_shape import atom_entry, atom_shell, rss_entry, rss_shell
from syndicate.feeds.channel import Channel, Shell
from syndicate.feeds.item import Item
from syndicate.feeds.json_feed import json_entry, json_shell
from syndicate.feeds.shapes import Escaped
from syndicate.model import Entry, Format

__all__ = ["FORMATS", "FeedFormat"]


class FeedFormat(Struct, frozen=True):
    """Format of feeds: its media type, the writers of entry and feed, and the bytes in an Entry."""

    type: str
    entry: Callable[[Escaped[Item]], bytes]
    shell: Callable[[Escaped[Channel]], Shell]
    of: Callable[[Entry], memoryview]


def _json_entry(texts: Escaped[Item]) -> bytes:
    return json_entry(texts.noun)


def _json_shell(texts: Escaped[Channel]) -> Shell:
    return json_shell(texts.noun)


FORMATS: Mapping[Format, FeedFormat] = MappingProxyType(
    {
        "atom": FeedFormat("application/atom+xml", atom_entry, atom_shell, attrgetter("atom")),
        "rss": FeedFormat("application/rss+xml", rss_entry, rss_shell, attrgetter("rss")),
        "json": FeedFormat("application/feed+json", _json_entry, _json_shell, attrgetter("json")),
    }
)
"""Every format, in the order in which feeds are listed."""
