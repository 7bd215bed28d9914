"""Plans and entries -> every page, the style sheet of the feeds, and the lines for heads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from markupsafe import Markup
from msgspec import Struct

from syndicate.config.layouts import Layout
from syndicate.feeds.item import site_title
from syndicate.feeds.paths import address
from syndicate.model import Document, Entry, FeedPlan, Site
from syndicate.pages.assets import feed_style
from syndicate.pages.escape import beside, text
from syndicate.pages.link_tags import general, links
from syndicate.pages.messages import Wording, direction, wording_of
from syndicate.pages.page_paths import HEAD, INDEX, WORTH_A_LIST, list_page, page_path, upward
from syndicate.pages.render import render
from syndicate.pages.theme import PLAIN, Theme
from syndicate.pages.views import feed_view, group_view, group_views, post_views, site_view

__all__ = ["MOST_ON_INDEX", "Shared", "feed_page", "index", "pages", "shared"]

MOST = 20
"""Posts on the page of a feed."""
MOST_ON_INDEX = 10
"""Posts on the index, which lists feeds as well."""


class Shared(Struct, frozen=True):
    """Values for all pages: `common` has the links of each head, `groups` the feeds by kind."""

    site: Site
    layout: Layout
    feeds: tuple[FeedPlan, ...]
    common: tuple[Markup, ...]
    groups: dict[str, list[FeedPlan]]
    theme: Theme


class PageView(Struct, frozen=True, gc=False):
    """The page as its template sees it. Search engines may list it if it is `listed`.

    `blog_language` is the language of the blog's own words if it differs from the page's
    `language`, else empty.
    """

    title: Markup
    url: Markup
    language: str
    direction: str
    blog_language: str
    links: tuple[Markup, ...]
    opml: Markup
    index: Markup
    listed: bool


def pages(
    feeds: Iterable[tuple[FeedPlan, Sequence[Entry]]],
    *,
    site: Site,
    layout: Layout,
    theme: Theme = PLAIN,
) -> Iterator[Document]:
    """Yield a page for each of `feeds` with its entries, newest first; then the other documents.

    The others are the index, long lists of feeds, the lines for heads and the feeds' style sheet:
    with the pages, all that `places.paths` names. The first feed is that of everything. Without
    feeds there are no pages. The same feeds give the same bytes. Raises ConfigError for a mistake
    in a user's template.
    """
    feeds = list(feeds)
    if not feeds:
        return
    blog = shared([feed for feed, _ in feeds], site=site, layout=layout, theme=theme)
    for feed, entries in feeds:
        if feed.kind != "all":
            yield feed_page(feed, entries, blog)
    yield from index(*feeds[0], blog)


def shared(feeds: Iterable[FeedPlan], *, site: Site, layout: Layout, theme: Theme) -> Shared:
    """Return what the pages of `feeds` have in common; with it each page can be made alone."""
    feeds = tuple(feeds)
    common = tuple(links(general(feeds), site).values())
    return Shared(site, layout, feeds, common, _by_kind(feeds), theme)


def index(feed: FeedPlan, entries: Sequence[Entry], blog: Shared) -> Iterator[Document]:
    """Yield the index with the posts of `feed`, that of everything; then what is no feed's page."""
    yield _index(feed, entries, blog)
    for kind, feeds in blog.groups.items():
        if len(feeds) > WORTH_A_LIST:
            yield _list_page(kind, feeds, blog)
    yield _document(HEAD, "head.html", blog, {"links": blog.common})
    yield feed_style(blog.site)


def feed_page(feed: FeedPlan, entries: Sequence[Entry], blog: Shared) -> Document:
    """Return the page of `feed`, not that of everything, with the newest of its `entries`."""
    path, site = page_path(feed, blog.layout), blog.site
    wording = wording_of(feed.term if feed.kind == "language" else site.language)
    return _page(
        "feed.html",
        _page_view(path, feed.title, blog, wording, links([feed], site).values()),
        path,
        blog,
        wording,
        _feed_values(feed, entries[:MOST], path, blog, wording),
    )


def _list_page(kind: str, feeds: Sequence[FeedPlan], blog: Shared) -> Document:
    path, wording = list_page(kind), wording_of(blog.site.language)
    group = group_view(kind, feeds, blog.layout, wording, upward(path))
    title = f"{site_title(blog.site)}: {group.name}"
    page = _page_view(path, title, blog, wording)
    return _page("list.html", page, path, blog, wording, {"group": group})


def _index(feed: FeedPlan, entries: Sequence[Entry], blog: Shared) -> Document:
    wording = wording_of(blog.site.language)
    page = _page_view(INDEX, feed.title, blog, wording, listed=not blog.site.preview)
    groups = group_views(blog.groups, blog.layout, wording, upward(INDEX))
    values = _feed_values(feed, entries[:MOST_ON_INDEX], INDEX, blog, wording)
    return _page("index.html", page, INDEX, blog, wording, {"groups": groups, **values})


def _feed_values(
    feed: FeedPlan, entries: Sequence[Entry], path: str, blog: Shared, wording: Wording
) -> dict[str, Any]:
    site, theme, up = blog.site, blog.theme, upward(path)
    posts = post_views(feed, entries, site, wording, up)
    return {"feed": feed_view(feed, site, theme.readers, up), "posts": posts}


def _page_view(
    path: str,
    title: str,
    blog: Shared,
    wording: Wording,
    own: Iterable[Markup] = (),
    *,
    listed: bool = False,
) -> PageView:
    up = upward(path)
    return PageView(
        title=text(f"{wording.messages.subscribe} · {title}"),
        url=text(address(blog.site.url, path)),
        language=wording.language,
        direction=direction(wording.language),
        blog_language=wording.blog_language,
        links=tuple(dict.fromkeys((*blog.common, *own))),
        opml=beside(blog.layout.opml, up),
        index=beside(INDEX, up),
        listed=listed,
    )


def _page(
    template: str,
    page: PageView,
    path: str,
    blog: Shared,
    wording: Wording,
    values: Mapping[str, Any],
) -> Document:
    site = site_view(blog.site, upward(path))
    shown = {"page": page, "site": site, "texts": wording.texts, **values}
    return _document(path, template, blog, shown)


def _document(path: str, template: str, blog: Shared, values: Mapping[str, Any]) -> Document:
    html = render(template, blog.theme, values).rstrip("\n")
    return Document(path, "text/html; charset=utf-8", f"{html}\n".encode())


def _by_kind(feeds: Iterable[FeedPlan]) -> dict[str, list[FeedPlan]]:
    groups: dict[str, list[FeedPlan]] = {}
    for feed in feeds:
        if feed.kind != "all":
            groups.setdefault(feed.kind, []).append(feed)
    return groups
