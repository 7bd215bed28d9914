"""Name entries and folders as the generator did that a layout replaces.

Readers know an entry by its id and a feed by its address, so both must stay after the change. A
post's own id (`guid`, `uuid`) is ignored if the generator never wrote it.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import msgspec
from msgspec import Struct

from syndicate.config.layouts import LayoutName
from syndicate.engines.hugo.url_rules import Spelling, normal, urlize
from syndicate.engines.pelican.slug_rules import slugify
from syndicate.engines.shared.transliterate import to_ascii
from syndicate.feeds.paths import slug
from syndicate.model import Post, Site
from syndicate.text.digests import fingerprint

__all__ = ["LEGACY", "TERMS", "Legacy", "with_entry_ids"]

Folder = Callable[[str], str]
EntryId = Callable[[Post, Site], str]

TERMS = ("category", "tag", "author")
"""Kinds of feeds whose folders each generator names by its own rules."""

_DATED_NAME = re.compile(r"\d{2,4}-\d{1,2}-\d{1,2}-(.*)", re.S)
_WORDPRESS_NUMBER = re.compile("[0-9]+")


class Legacy(Struct, frozen=True):
    """Rules of one generator.

    `folder` returns the folder of a category, tag or author. `entry_id` returns the id of an entry;
    None keeps the post's own id. If `merges`, terms with the same folder are one term. Feeds of the
    kinds in `one_language` carry only posts in the site's language if other languages have feeds.
    """

    folder: Folder = slug
    entry_id: EntryId | None = None
    merges: bool = False
    one_language: tuple[str, ...] = ()


def with_entry_ids(posts: Sequence[Post], entry_id: EntryId | None, site: Site) -> list[Post]:
    """Return `posts`, in their order, with distinct ids from `entry_id`.

    If two posts would have the same id, the oldest one keeps it, and the others add a digest of
    their paths.
    """
    if entry_id is None:
        return list(posts)
    taken: set[str] = set()
    by_path = {}
    for post in sorted(posts, key=lambda post: (post.published, post.path)):
        new_id = entry_id(post, site)
        if new_id in taken:
            new_id = f"{new_id}#{fingerprint(post.path)}"
        taken.add(new_id)
        own = post.own_id and new_id == post.id
        by_path[post.path] = msgspec.structs.replace(post, id=new_id, own_id=own)
    return [by_path[post.path] for post in posts]


def _permalink(post: Post, _site: Site) -> str:
    return post.url


def _jekyll_id(post: Post, _site: Site) -> str:
    """Return Jekyll's `Document#id`: the address, but its last part is the file's name.

    The name has neither date nor extension.
    """
    parts = urlsplit(post.url)
    stem = PurePosixPath(post.path).stem
    dated = _DATED_NAME.fullmatch(stem)
    name = post.slug or unicodedata.normalize("NFC", dated[1] if dated else stem)
    folder = parts.path.rstrip("/").rpartition("/")[0]
    return urlunsplit(parts._replace(path=f"{folder}/{quote(name, _PCHAR)}"))


_PCHAR = "!$&'()*+,;=:@~"
"""Characters that RFC 3986 3.3 allows in a path; Jekyll's `absolute_url` keeps them."""


def _tag_uri(post: Post, _site: Site) -> str:
    """Return Pelican's `get_tag_uri`: a tag URI (RFC 4151) of host, day and unencoded path."""
    parts = urlsplit(post.url)
    path = unquote(parts.path)
    # An IRI has no spaces (RFC 3987 2.2), though Pelican would have written them.
    path = parts.path if re.search(r"\s", path) else path
    return f"tag:{parts.hostname},{post.published.date().isoformat()}:{path}"


def _wordpress_guid(post: Post, site: Site) -> str:
    """Return ``SITE/?p=ID`` for a post with a WordPress number, else the post's own id."""
    number = post.id.removeprefix(f"{site.url}/#")
    return f"{site.url}/?p={number}" if _WORDPRESS_NUMBER.fullmatch(number) else post.id


def _unchanged(name: str) -> str:
    return name


def _hugo_path(name: str) -> str:
    return urlize(normal(name), Spelling())


def _zola_slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", to_ascii(name).lower()).strip("-")


def _wordpress_slug(name: str) -> str:
    """Return WordPress's `sanitize_title`: no accents on Latin letters, dashes for spaces."""
    bare = "".join(map(_without_accent, unicodedata.normalize("NFC", name.lower())))
    kept = re.sub(r"[^\w\s-]", "", re.sub(r"[./]", "-", bare))
    return re.sub(r"[\s-]+", "-", kept).strip("-")


def _without_accent(letter: str) -> str:
    plain = unicodedata.normalize("NFD", letter)
    return plain[0] if plain[0].isascii() else letter


LEGACY: Mapping[LayoutName, Legacy] = MappingProxyType(
    {
        "default": Legacy(),
        "jekyll-feed": Legacy(_unchanged, _jekyll_id),
        "chirpy": Legacy(slug, _permalink),
        "hugo": Legacy(_hugo_path, _permalink, True, ("all", *TERMS)),
        "hexo": Legacy(slug, _permalink),
        "pelican": Legacy(slugify, _tag_uri, True, TERMS),
        "zola": Legacy(_zola_slug, _permalink, True, ("all", *TERMS)),
        "wordpress": Legacy(_wordpress_slug, _wordpress_guid),
    }
)
"""Every generator that a layout can replace."""
