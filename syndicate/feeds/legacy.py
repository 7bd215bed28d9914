"""What the generators that a layout replaces made of posts and terms, so that nobody notices.

A reader knows an entry by its id and a feed by its address: for both, each rule gives what the
generator itself gave. The ids that posts bring along (`guid`, `uuid`) are not asked where the
generator never wrote them.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from syndicate.engines.hugo_urls import Spelling, normal, urlize
from syndicate.engines.pelican_slugs import slugify
from syndicate.engines.transliterate import to_ascii
from syndicate.feeds.paths import fingerprint, slug
from syndicate.layouts import LayoutName
from syndicate.model import Post, Site

__all__ = ["LEGACY", "TERMS", "Legacy", "identified"]

Folder = Callable[[str], str]
EntryId = Callable[[Post, Site], str]

TERMS = ("category", "tag", "author")
"""The kinds of feeds whose folders a generator names in its own way."""

_DATED_NAME = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-(.*)", re.S)
_WORDPRESS_NUMBER = re.compile("[0-9]+")


class Legacy(Struct, frozen=True):
    """A generator's ways.

    `folder` names the folder of a category, tag or author. `entry_id` gives an entry's id, None
    keeps the post's own. `merges` says that terms with one folder are one term. Feeds of the
    kinds in `one_language` carry posts in the site's language alone, as long as there are feeds
    of the other languages.
    """

    folder: Folder = slug
    entry_id: EntryId | None = None
    merges: bool = False
    one_language: tuple[str, ...] = ()


def identified(posts: Sequence[Post], entry_id: EntryId | None, site: Site) -> list[Post]:
    """Return `posts`, in their order, with the ids that `entry_id` gives, each of its own.

    The oldest post keeps a shared id; the others add what tells their files apart.
    """
    if entry_id is None:
        return list(posts)
    taken: set[str] = set()
    found = {}
    for post in sorted(posts, key=lambda post: (post.published, post.path)):
        wish = entry_id(post, site)
        if wish in taken:
            wish = f"{wish}#{fingerprint(post.path)}"
        taken.add(wish)
        own = post.own_id and wish == post.id
        found[post.path] = msgspec.structs.replace(post, id=wish, own_id=own)
    return [found[post.path] for post in posts]


def _permalink(post: Post, _site: Site) -> str:
    return post.url


def _jekyll_id(post: Post, _site: Site) -> str:
    """`Document#id`: the address with its last part as the file is called, date and ending off."""
    parts = urlsplit(post.url)
    stem = PurePosixPath(post.path).stem
    dated = _DATED_NAME.fullmatch(stem)
    name = post.slug or unicodedata.normalize("NFC", dated[1] if dated else stem)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return urlunsplit(parts._replace(path=f"{folder}/{quote(name, _PCHAR)}"))


_PCHAR = "!$&'()*+,;=:@~"
"""What RFC 3986 (3.3) lets stand in a path as it is, and so Jekyll's `absolute_url`."""


def _tag_uri(post: Post, _site: Site) -> str:
    """`feedgenerator.get_tag_uri`, a tag URI (RFC 4151) of host, day and unencoded path."""
    parts = urlsplit(post.url)
    path = unquote(parts.path)
    # An IRI has no spaces (RFC 3987 2.2); Pelican would have written one all the same.
    path = parts.path if re.search(r"\s", path) else path
    return f"tag:{parts.hostname},{post.published.date().isoformat()}:{path}"


def _wordpress_guid(post: Post, site: Site) -> str:
    """``SITE/?p=ID`` of a post that brings its number along; else the post's own id."""
    number = post.id.removeprefix(f"{site.url}/#")
    return f"{site.url}/?p={number}" if _WORDPRESS_NUMBER.fullmatch(number) else post.id


def _as_it_is(name: str) -> str:
    return name


def _hugo_path(name: str) -> str:
    return urlize(normal(name), Spelling())


def _zola_slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", to_ascii(name).lower()).strip("-")


def _wordpress_slug(name: str) -> str:
    """`sanitize_title`: Latin letters without accents, other signs out, dashes for spaces."""
    bare = "".join(map(_without_accent, unicodedata.normalize("NFC", name.lower())))
    kept = re.sub(r"[^\w\s-]", "", re.sub(r"[./]", "-", bare))
    return re.sub(r"[\s-]+", "-", kept).strip("-")


def _without_accent(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)
    return plain[0] if plain[0].isascii() else letter


LEGACY: Mapping[LayoutName, Legacy] = MappingProxyType(
    {
        "default": Legacy(),
        "jekyll-feed": Legacy(_as_it_is, _jekyll_id),
        "chirpy": Legacy(slug, _permalink),
        "hugo": Legacy(_hugo_path, _permalink, True, ("all", *TERMS)),
        "hexo": Legacy(slug, _permalink),
        "pelican": Legacy(slugify, _tag_uri, True, TERMS),
        "zola": Legacy(_zola_slug, _permalink, True, ("all", *TERMS)),
        "wordpress": Legacy(_wordpress_slug, _wordpress_guid),
    }
)
"""Every generator that a layout can replace."""
