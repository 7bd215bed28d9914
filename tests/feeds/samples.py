"""Provide posts, bodies and sites for tests: plain ones, and random ones from hypothesis."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from syndicate.config.schema import Layout
from syndicate.feeds.compose import assemble, compose
from syndicate.feeds.legacy import LEGACY, with_entry_ids
from syndicate.feeds.plan import plan
from syndicate.model import Author, Content, Document, Enclosure, FeedPlan, Image, Post, Site

CHINA = timezone(timedelta(hours=8))
SITE = Site(
    title="A Blog",
    url="https://example.org/blog",
    description="Of clouds & fog",
    language="en",
    author=Author("Ann Author", "ann@example.org", "https://example.org/ann"),
)
BODY = Content(
    html="<p>Hello, <b>world</b></p>", excerpt="Hello, world", excerpt_html="<p>Hello</p>"
)


def post(name: str = "one", **fields: Any) -> Post:
    """Return a post called `name`; `fields` replace its defaults."""
    url = f"https://example.org/blog/{name}/"
    day = datetime(2025, 2, 20, 19, 14, 38, tzinfo=CHINA)
    usual = {"title": name.title(), "published": day, "updated": day, "body_offset": 0}
    return Post(**{"path": f"{name}.md", "url": url, "id": url} | usual | fields)


def days(count: int) -> list[Post]:
    """Return posts of consecutive days, one for each name."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    dates = [start + timedelta(days=number) for number in range(count)]
    return [post(f"p{n}", published=date, updated=date) for n, date in enumerate(dates)]


def plans(posts: Sequence[Post], site: Site = SITE, **options: Any) -> tuple[FeedPlan, ...]:
    """Return the feeds of `posts` in all formats, by category unless `options` say otherwise."""
    usual: dict[str, Any] = {
        "by": ["category"],
        "formats": ["atom", "rss", "json"],
        "limit": 0,
        "min_posts": 1,
        "layout": Layout(),
    }
    settings = usual | options
    known = with_entry_ids(posts, LEGACY[settings["layout"].like].entry_id, site)
    return plan(known, site=site, **settings)


def documents(
    posts: Sequence[Post], body: Content = BODY, site: Site = SITE, *, full: bool = True, **say: Any
) -> dict[str, Document]:
    """Return the three files of the feed of all posts, by format."""
    feed = plans(posts, site)[0]
    entries = [compose(each, body, site=site, full=full) for each in feed.posts]
    files = assemble(feed, entries, site=site, **say)
    return dict(zip(feed.files, files, strict=True))


NASTY = ("]]>", "<b>", "&amp;", "<", "&", "\x00", "\x0b", "\ufffe", "\ud800", "\r\n", "\u2028",
         "\u202e", "👩‍👩‍👧", "中文", "עברית", '"', "'", " ", "\t", "\x85",
         "\ufeff", "é")  # fmt: skip
texts = st.lists(st.sampled_from(NASTY) | st.text(st.characters(), max_size=8), max_size=8).map(
    "".join
)
"""Return any text, often with characters that are special in feeds."""
urls = st.sampled_from(["https://example.org/a?b=1&c=2", "/root.png", "rel.jpg", "javascript:x()"])
anything = texts | urls
moments = st.datetimes(
    datetime(1850, 1, 2),  # noqa: DTZ001 - hypothesis wants bounds without a zone
    datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.timezones()
    | st.integers(-1439, 1439).map(lambda m: timezone(timedelta(minutes=m))),
)
people = st.builds(Author, name=texts, email=anything, uri=anything)
pictures = st.none() | st.builds(Image, url=anything, alt=texts)
any_post = st.builds(
    Post,
    path=st.just("p.md"),
    url=st.integers(0, 99).map(lambda number: f"https://example.org/blog/{number}/"),
    id=texts,
    title=texts,
    published=moments,
    updated=moments,
    body_offset=st.just(0),
    authors=st.lists(people, max_size=3).map(tuple),
    categories=st.lists(texts, max_size=4).map(tuple),
    tags=st.lists(texts, max_size=4).map(tuple),
    image=pictures,
    enclosure=st.none() | st.builds(Enclosure, url=anything, type=texts, length=st.integers(-1, 9)),
    language=texts | st.sampled_from(["zh_CN", "en", "de-CH"]),
    external_url=anything,
)
any_content = st.builds(Content, html=texts, excerpt=texts, excerpt_html=texts, image=pictures)
any_site = st.builds(
    Site,
    title=texts,
    url=st.just("https://example.org/blog"),
    description=texts,
    language=texts | st.sampled_from(["zh_CN", "en"]),
    author=st.none() | people,
    icon=anything,
    logo=anything,
    rights=texts,
)
