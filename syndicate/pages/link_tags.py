"""Write the tags by which a page names its feeds: ``<link rel="alternate">`` (HTML 4.6.7.1).

A page offers the feed of everything first, in every format, and then its own feed.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from syndicate.feeds.paths import address
from syndicate.feeds.values import language_tag
from syndicate.model import FORMATS, FeedPlan, Format, Site
from syndicate.pages.escape import text

__all__ = ["feed_urls", "general", "links"]


def feed_urls(feed: FeedPlan, site: Site) -> dict[Format, str]:
    """Return the address of each format that `feed` has, the recommended one first."""
    return {form: address(site.url, feed.files[form]) for form in FORMATS if form in feed.files}


def general(feeds: Sequence[FeedPlan]) -> list[FeedPlan]:
    """Return the feeds that every page offers: the feed of everything and of each language."""
    return [feed for feed in feeds if feed.kind in ("all", "language")]


def links(feeds: Iterable[FeedPlan], site: Site) -> dict[str, Markup]:
    """Return the ``<link>`` that leads to each file of `feeds`, by the file's address, in order."""
    return {
        url: Markup(
            f'<link rel="alternate" type="{FORMATS[form].type}"{_language(feed, site)}'
            f' title="{_title(feed, form)}" href="{text(url)}">'
        )
        for feed in feeds
        for form, url in feed_urls(feed, site).items()
    }


def _title(feed: FeedPlan, form: Format) -> Markup:
    return text(f"{feed.title} ({FORMATS[form].label})" if len(feed.files) > 1 else feed.title)


def _language(feed: FeedPlan, site: Site) -> str:
    language = language_tag(feed.term if feed.kind == "language" else site.language)
    return f' hreflang="{language}"' if language else ""
