"""Settle the fields of a post once for all formats, so that the formats agree.

Whatever the post contains, an `Item` holds only characters that XML 1.0 allows. It has a title, an
author and an id; its addresses are absolute, and every format can write its dates.
"""

import re
from datetime import datetime
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from syndicate.feeds.values import (
    distinct,
    first_words,
    iri,
    language_tag,
    person,
    visible,
    writable,
)
from syndicate.model import UNDATED, Author, Content, Enclosure, Image, Post, Site
from syndicate.text.characters import one_line, xml_legal
from syndicate.text.urls import absolute

__all__ = ["Item", "authors", "has_author", "item_of", "site_title", "terms"]

_LIKE_HTML = re.compile(r"</?[A-Za-z][^<>]*>|&#?[A-Za-z0-9]+;")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.A)


class Item(Struct, frozen=True):
    """Post with all values ready to be written in any format.

    `id` is the id that readers know; only Atom requires an IRI. `summary` is plain text.
    `plain_summary` is the same text, or empty if a reader could take it for HTML. `html` is the
    body if `full`, else the excerpt. `terms` are the distinct categories, then tags. `language` is
    empty if it is the site's language.
    """

    id: str
    url: str
    title: str
    published: datetime
    updated: datetime
    authors: tuple[Author, ...]
    terms: tuple[str, ...]
    summary: str
    plain_summary: str
    html: str
    full: bool
    image: Image | None
    enclosure: Enclosure | None
    language: str
    external_url: str


def item_of(post: Post, content: Content, *, site: Site, full: bool) -> Item:
    """Return the fields of `post` for all formats: the body if `full`, else the excerpt.

    A post without a title takes its first words; without words its day; without a day the end of
    its address. Raises ValueError for a date without an offset, which a Post never has.
    """
    summary = one_line(content.excerpt)
    published = writable(post.published)
    language = language_tag(post.language)
    return Item(
        id=one_line(post.id) or iri(post.id),
        url=absolute(post.url, site.url, site.url),
        title=visible(post.title) or first_words(summary) or _day_or_name(post),
        published=published,
        updated=writable(post.updated),
        authors=authors(post, site),
        terms=distinct((*post.categories, *post.tags)),
        summary=summary,
        plain_summary="" if _LIKE_HTML.search(summary) else summary,
        html=xml_legal(content.html if full else content.excerpt_html),
        full=full,
        image=_image(post.image, post, site) or _image(content.image, post, site),
        enclosure=_enclosure(post, site),
        language="" if language == language_tag(site.language) else language,
        external_url=absolute(post.external_url, post.url, site.url),
    )


def _day_or_name(post: Post) -> str:
    if post.published != UNDATED:
        return writable(post.published).date().isoformat()
    return visible(unquote(urlsplit(post.url).path.rstrip("/").rpartition("/")[2])) or "Untitled"


def authors(post: Post, site: Site) -> tuple[Author, ...]:
    """Return the authors of the post, or the author of the site if the post has none.

    If neither has one, the author is the site's host. Every entry must have an author (RFC 4287
    4.1.2), and the title of a blog is not the name of a person.
    """
    return _known_authors(post, site) or (Author(_host(site)),)


def has_author(post: Post, site: Site) -> bool:
    """Return True if the post or the site names an author."""
    return bool(_known_authors(post, site))


def _known_authors(post: Post, site: Site) -> tuple[Author, ...]:
    own = tuple(dict.fromkeys(filter(None, map(person, post.authors))))
    of_site = () if own else (person(site.author),)
    return own or tuple(filter(None, of_site))


def _host(site: Site) -> str:
    return visible(site.url.partition("://")[2].partition("/")[0]) or "unknown"


def terms(post: Post, kind: str, site: Site) -> tuple[str, ...]:
    """Return the terms of `post` for feeds of `kind`: one of `By`, or "all" with the term "".

    The terms are distinct, and case counts. The language is the post's, or else the site's; if
    neither is known, there is no term.
    """
    match kind:
        case "all":
            return ("",)
        case "author":
            return distinct(author.name for author in _known_authors(post, site))
        case "language":
            return distinct([language_tag(post.language) or language_tag(site.language)])
        case "category":
            return distinct(post.categories)
    return distinct(post.tags)


def site_title(site: Site) -> str:
    """Return the site's title, or its address if there is no title."""
    return visible(site.title) or site.url


def _image(image: Image | None, post: Post, site: Site) -> Image | None:
    url = absolute(image.url, post.url, site.url) if image else ""
    return Image(url, one_line(image.alt)) if image and url else None


def _enclosure(post: Post, site: Site) -> Enclosure | None:
    media = post.enclosure
    url = absolute(media.url, post.url, site.url) if media else ""
    if not media or not url.startswith(("http:", "https:")):  # all that RSS 2.0 allows
        return None
    known = _MEDIA_TYPE.fullmatch(media.type)
    kind = media.type if known else "application/octet-stream"
    return Enclosure(url, kind, max(media.length, 0))
