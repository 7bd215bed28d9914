"""Plans and entries -> every page, the style sheet of the feeds, and the lines for heads."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from syndicate.config.layouts import Layout
from syndicate.feeds.item import site_title
from syndicate.model import Document, Entry, FeedPlan, Site
from syndicate.pages.assets import feed_style
from syndicate.pages.escape import shortened
from syndicate.pages.html_page import Page, framed
from syndicate.pages.html_parts import feed_name, listed, posts, subscribing, topics
from syndicate.pages.link_tags import general, head, links
from syndicate.pages.messages import Voice, voice
from syndicate.pages.page_paths import INDEX, WORTH_A_LIST, list_page, page_path, upward

__all__ = ["MOST_ON_INDEX", "Shared", "feed_page", "index", "pages", "shared"]

MOST = 20
"""Posts on the page of a feed."""
MOST_ON_INDEX = 10
"""Posts on the index, which lists feeds as well."""


class Shared(Struct, frozen=True):
    """What all pages share: `common` are the lines for each head, `groups` the feeds by kind."""

    site: Site
    layout: Layout
    feeds: tuple[FeedPlan, ...]
    common: tuple[str, ...]
    groups: dict[str, list[FeedPlan]]


def pages(
    feeds: Iterable[tuple[FeedPlan, Sequence[Entry]]], *, site: Site, layout: Layout
) -> Iterator[Document]:
    """The page of each of `feeds` with the entries that it carries, newest first; the index; what
    `places.paths` names besides. Nothing where there are no feeds.

    The first feed is that of everything. Same feeds, same bytes.
    """
    feeds = list(feeds)
    if not feeds:
        return
    blog = shared([feed for feed, _ in feeds], site=site, layout=layout)
    for feed, entries in feeds:
        if feed.kind != "all":
            yield feed_page(feed, entries, blog)
    yield from index(*feeds[0], blog)


def shared(feeds: Iterable[FeedPlan], *, site: Site, layout: Layout) -> Shared:
    """What the pages of `feeds` have in common: with it each can be made alone."""
    feeds = tuple(feeds)
    common = tuple(links(general(feeds), site).values())
    return Shared(site, layout, feeds, common, _by_kind(feeds))


def index(feed: FeedPlan, entries: Sequence[Entry], blog: Shared) -> Iterator[Document]:
    """The index, which shows `feed`, that of everything; and all that is no page of a feed."""
    yield _index(feed, entries, blog)
    for kind, those in blog.groups.items():
        if len(those) > WORTH_A_LIST:
            yield _list_page(kind, those, blog)
    yield head(blog.feeds, blog.site)
    yield feed_style(blog.site)


def feed_page(feed: FeedPlan, entries: Sequence[Entry], blog: Shared) -> Document:
    """The page of `feed`, not that of everything, with the newest of its `entries`."""
    site = blog.site
    path = page_path(feed, blog.layout)
    speech = voice(feed.term if feed.kind == "language" else site.language)
    up = upward(path)
    name = f'<h1{speech.mark} dir="auto">{shortened(feed_name(feed))}</h1>'
    main = (
        subscribing(feed, site, speech.says, up),
        posts(feed, entries[:MOST], site, speech, up),
    )
    own = links([feed], site).values()
    return _page(path, feed.title, blog, speech, name, main, own, listed=False)


def _list_page(kind: str, feeds: Sequence[FeedPlan], blog: Shared) -> Document:
    path = list_page(kind)
    speech = voice(blog.site.language)
    title = getattr(speech.says, kind)
    main = [f"<div>{listed(feeds, blog.layout, speech, upward(path))}</div>"]
    site = site_title(blog.site)
    name = f"<h1>{title}</h1>"
    return _page(path, f"{site}: {title}", blog, speech, name, main, listed=False)


def _index(feed: FeedPlan, entries: Sequence[Entry], blog: Shared) -> Document:
    site = blog.site
    speech = voice(site.language)
    up = upward(INDEX)
    lead = f'\n<p class="lead"{speech.mark} dir="auto">{shortened(site.description)}</p>'
    header = f'<h1{speech.mark} dir="auto">{shortened(feed.title)}</h1>' + lead * bool(
        site.description
    )
    main = [subscribing(feed, site, speech.says, up)]
    if blog.groups:
        main.append(topics(blog.groups, blog.layout, speech, up))
    main.append(posts(feed, entries[:MOST_ON_INDEX], site, speech, up))
    return _page(INDEX, feed.title, blog, speech, header, main, listed=True)


def _page(
    path: str,
    title: str,
    blog: Shared,
    speech: Voice,
    name: str,
    main: Iterable[str],
    own: Iterable[str] = (),
    *,
    listed: bool,
) -> Document:
    says = speech.says
    return framed(
        Page(
            path=path,
            title=f"{says.subscribe} · {title}",
            site=blog.site,
            voice=speech,
            header=f'{name}\n<p class="about">{says.about}</p>',
            main="\n".join(main),
            links=dict.fromkeys((*blog.common, *own)),
            opml=blog.layout.opml,
            listed=listed,
        )
    )


def _by_kind(feeds: Iterable[FeedPlan]) -> dict[str, list[FeedPlan]]:
    groups: dict[str, list[FeedPlan]] = {}
    for feed in feeds:
        if feed.kind != "all":
            groups.setdefault(feed.kind, []).append(feed)
    return groups
