"""How browsers and readers find a feed from a page: ``<link rel="alternate">`` (HTML 4.6.7.1).

A page offers the feed of everything, first, in every format; then its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from syndicate.feeds.paths import address
from syndicate.feeds.values import language_tag
from syndicate.model import HEAD_MARK, Document, FeedPlan, Format, Site
from syndicate.pages.escape import text
from syndicate.pages.page_paths import HEAD

__all__ = ["NAMES", "TYPES", "feed_urls", "general", "head", "links"]

NAMES: Mapping[Format, str] = MappingProxyType({"atom": "Atom", "rss": "RSS", "json": "JSON Feed"})
"""What people call the formats, the one to recommend first."""

TYPES: Mapping[Format, str] = MappingProxyType(
    {
        "atom": "application/atom+xml",
        "rss": "application/rss+xml",
        "json": "application/feed+json",
    }
)
"""The media type that autodiscovery knows each format by."""


def feed_urls(feed: FeedPlan, site: Site) -> dict[Format, str]:
    """The address of each format that `feed` has, the one to recommend first."""
    return {form: address(site.url, feed.files[form]) for form in NAMES if form in feed.files}


def general(feeds: Sequence[FeedPlan]) -> list[FeedPlan]:
    """Those of `feeds` that every page should offer: that of everything, and of each language."""
    return [feed for feed in feeds if feed.kind in ("all", "language")]


def links(feeds: Iterable[FeedPlan], site: Site) -> dict[str, str]:
    """The ``<link>`` that leads to each file of `feeds`, by the file's address, in order."""
    return {
        url: f'<link rel="alternate" type="{TYPES[form]}"{_language(feed, site)}'
        f' title="{_title(feed, form)}" href="{text(url)}">'
        for feed in feeds
        for form, url in feed_urls(feed, site).items()
    }


def head(feeds: Sequence[FeedPlan], site: Site) -> Document:
    """The lines to include in the head of every page of the site."""
    lines = [f"{HEAD_MARK}: include in each page's <head> -->"]
    lines += links(general(feeds), site).values()
    return Document(HEAD, "text/html; charset=utf-8", ("\n".join(lines) + "\n").encode())


def _title(feed: FeedPlan, form: Format) -> str:
    return text(f"{feed.title} ({NAMES[form]})" if len(feed.files) > 1 else feed.title)


def _language(feed: FeedPlan, site: Site) -> str:
    language = language_tag(feed.term if feed.kind == "language" else site.language)
    return f' hreflang="{language}"' if language else ""
