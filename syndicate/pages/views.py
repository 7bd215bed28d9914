"""Values that the templates show: feeds, posts and lists of feeds.

Texts and addresses are Markup: escaped already, so that a template writes them as they are.
docs/pages.md lists these values for people who write templates of their own.
"""

from collections.abc import Mapping, Sequence, Set
from urllib.parse import unquote

from markupsafe import Markup
from msgspec import Struct

from syndicate.config.layouts import Layout
from syndicate.config.pages import ReaderConfig
from syndicate.feeds.item import site_title
from syndicate.feeds.values import language_tag
from syndicate.model import FORMATS, UNDATED, Entry, FeedPlan, Post, Site
from syndicate.pages.assets import drawn_icon
from syndicate.pages.escape import beside, local, shortened, text, web
from syndicate.pages.link_tags import feed_urls
from syndicate.pages.messages import Wording, wording_of
from syndicate.pages.page_paths import WORTH_A_LIST, list_page, page_path
from syndicate.pages.readers import Reader, reader_links
from syndicate.text.characters import one_line

__all__ = [
    "FeedView",
    "GroupView",
    "PostView",
    "SiteView",
    "feed_name",
    "feed_view",
    "group_view",
    "group_views",
    "post_views",
    "site_view",
]

_UNFOLDED = 60
"""Number of feeds up to which the index shows all of them unfolded."""


class FormatView(Struct, frozen=True, gc=False):
    """A file of a feed. `address` is `url` with a place for a line break after each "/"."""

    id: str
    name: str
    type: str
    url: Markup
    address: Markup
    href: Markup


class FeedView(Struct, frozen=True, gc=False):
    """A feed: `name` without the site's name, `title` with it."""

    name: Markup
    title: Markup
    formats: tuple[FormatView, ...]
    readers: tuple[Reader, ...]


class PostView(Struct, frozen=True, gc=False):
    """A post. A part that it does not have is empty.

    `language` is set if it differs from the page's. `date` is ISO 8601, `day` the same for people.
    `picture` is set if it lies on the site's own host.
    """

    title: Markup
    url: Markup
    date: str
    day: Markup
    excerpt: Markup
    picture: Markup
    language: str


class TermView(Struct, frozen=True, gc=False):
    """A link to the page of a feed in a list of feeds."""

    name: Markup
    href: Markup
    language: str


class GroupView(Struct, frozen=True, gc=False):
    """The feeds of one kind. `list` is the address of a page that lists them, or empty."""

    name: str
    count: int
    list: Markup
    open: bool
    terms: tuple[TermView, ...]


class SiteView(Struct, frozen=True, gc=False):
    """The blog. `host` is its address without the scheme; `icon` is its own or the feed icon."""

    title: Markup
    description: Markup
    home: Markup
    host: Markup
    icon: Markup
    preview: bool


def site_view(site: Site, up: str) -> SiteView:
    """Return `site` as a page shows it that lies `up` below the output folder."""
    address = site.url.rstrip("/")
    return SiteView(
        title=text(site_title(site)),
        description=shortened(site.description),
        home=web(address + "/"),
        host=text(unquote(address.partition("://")[2] or address)),
        # Without an icon a browser would ask for /favicon.ico.
        icon=local(site.icon, site.url, up) or text(drawn_icon()),
        preview=site.preview,
    )


def feed_name(feed: FeedPlan) -> str:
    """Return the name of `feed` where the site's name need not be repeated."""
    if feed.kind == "language":
        wording = wording_of(feed.term)
        return wording.messages.name if wording.language == wording.posts_language else feed.term
    return feed.term or feed.title


def feed_view(
    feed: FeedPlan, site: Site, readers: Sequence[str | ReaderConfig], up: str
) -> FeedView:
    """Return `feed` as its page shows it: addresses to copy, and buttons of `readers`."""
    urls = feed_urls(feed, site)
    first = next(iter(urls.values()))
    return FeedView(
        name=shortened(feed_name(feed)),
        title=shortened(feed.title),
        formats=tuple(
            FormatView(
                form, FORMATS[form].label, FORMATS[form].type, text(url), _breakable(url),
                beside(feed.files[form], up),
            )
            for form, url in urls.items()
        ),
        readers=reader_links(readers, first),
    )  # fmt: skip


def post_views(
    feed: FeedPlan, entries: Sequence[Entry], site: Site, wording: Wording, up: str
) -> list[PostView]:
    """Return the posts of `entries`, which `feed` carries, as a page in `wording` shows them."""
    known = _posts_of(feed, {entry.id for entry in entries})
    return [_post_view(entry, known.get(entry.id), site, wording, up) for entry in entries]


def _posts_of(feed: FeedPlan, ids: Set[str]) -> dict[str, Post]:
    """Return the posts of `feed` that have one of `ids`. They are the newest ones: stop early."""
    posts: dict[str, Post] = {}
    for post in feed.posts:
        if len(posts) == len(ids):
            break
        if (name := one_line(post.id)) in ids:
            posts[name] = post
    return posts


def _post_view(entry: Entry, post: Post | None, site: Site, wording: Wording, up: str) -> PostView:
    # An entry's date is an instant; the post's date has the author's time zone, and so the day.
    day = post.published if post else entry.published
    language = (post and language_tag(post.language)) or wording.posts_language
    return PostView(
        title=shortened(entry.title),
        url=web(entry.url),
        date=day.isoformat() if day != UNDATED else "",
        day=Markup(wording.messages.day(day)),
        excerpt=shortened(entry.summary),
        picture=local(entry.image, site.url, up),
        language=wording.other(language),
    )


def group_views(
    groups: Mapping[str, Sequence[FeedPlan]], layout: Layout, wording: Wording, up: str
) -> list[GroupView]:
    """Return the feeds of each kind for the index: of very many, only the link to their list."""
    few = sum(map(len, groups.values())) <= _UNFOLDED
    return [
        GroupView(getattr(wording.texts, kind), len(feeds), beside(list_page(kind), up), few, ())
        if len(feeds) > WORTH_A_LIST
        else group_view(kind, feeds, layout, wording, up, is_open=few)
        for kind, feeds in groups.items()
    ]


def group_view(
    kind: str,
    feeds: Sequence[FeedPlan],
    layout: Layout,
    wording: Wording,
    up: str,
    *,
    is_open: bool = True,
) -> GroupView:
    """Return all `feeds`, which are of one `kind`, as links to their pages."""
    terms = tuple(
        TermView(
            shortened(feed_name(feed)),
            beside(page_path(feed, layout), up),
            wording.other(language_tag(feed.term)) if feed.kind == "language" else "",
        )
        for feed in feeds
    )
    return GroupView(getattr(wording.texts, kind), len(terms), Markup(), is_open, terms)


def _breakable(url: str) -> Markup:
    """Return `url` as text that a browser may break after each part of its path."""
    scheme, slashes, rest = url.partition("://")
    return Markup(str(text(scheme + slashes)) + str(text(rest)).replace("/", "/<wbr>"))
