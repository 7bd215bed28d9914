"""Feeds with their entries, and the pages made of them."""

from collections.abc import Sequence
from typing import Any

from syndicate.config.layouts import Layout
from syndicate.feeds.compose import compose
from syndicate.model import Content, Document, Entry, FeedPlan, Post, Site
from syndicate.pages.build_pages import pages
from tests.feeds.samples import BODY, SITE, plans

Feeds = list[tuple[FeedPlan, list[Entry]]]


def feeds(posts: Sequence[Post], site: Site = SITE, body: Content = BODY, **options: Any) -> Feeds:
    """Every feed of `posts`, each with its entries."""
    made = {each.path: compose(each, body, site=site, full=True) for each in posts}
    planned = plans(posts, site, **options)
    return [(feed, [made[each.path] for each in feed.posts]) for feed in planned]


def documents(posts: Sequence[Post], site: Site = SITE, **options: Any) -> dict[str, Document]:
    """Every document that is made for people of the feeds of `posts`, by its path."""
    layout = options.get("layout", Layout())
    made = pages(feeds(posts, site, **options), site=site, layout=layout)
    return {document.path: document for document in made}


def page(path: str, posts: Sequence[Post], site: Site = SITE, **options: Any) -> str:
    """The text of the page at `path`."""
    return documents(posts, site, **options)[path].data.decode()
