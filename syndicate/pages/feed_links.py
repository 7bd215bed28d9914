"""Links in a feed for people who open it in a browser: its page and its style sheet."""

from syndicate.config.layouts import Layout
from syndicate.feeds.channel import Front
from syndicate.model import FeedPlan, Site
from syndicate.pages.messages import wording_of
from syndicate.pages.page_paths import STYLE, page_path

__all__ = ["front"]


def front(feed: FeedPlan, site: Site, layout: Layout) -> Front:
    """Return the links that `assemble` writes into `feed`."""
    wording = wording_of(feed.term if feed.kind == "language" else site.language)
    return Front(page_path(feed, layout), wording.messages.follow, wording.language, STYLE)
