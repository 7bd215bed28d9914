"""Read Hugo's `[frontmatter]`: the front matter keys of a page's dates, in order."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from syndicate.engines.shared.values import as_map, as_strings

__all__ = ["DateKeys", "date_keys", "unread_sources"]

_ALIASES = {
    "lastmod": ("modified",),
    "publishdate": ("pubdate", "published"),
    "expirydate": ("unpublishdate",),
}
_DEFAULTS = {
    "date": ("date", "publishdate", "lastmod"),
    "lastmod": ("lastmod",),
    "expirydate": ("expirydate",),
}


class DateKeys(Struct, frozen=True):
    """Front matter keys of the dates, in lower case.

    `later` holds the keys of the date that are read after the file name. `asks_name` is True if
    the file name is read at all; it then gives the slug too.
    """

    date: tuple[str, ...]
    later: tuple[str, ...]
    asks_name: bool
    updated: tuple[str, ...]
    expiry: tuple[str, ...]


def date_keys(config: Mapping[str, Any]) -> DateKeys:
    """Return the keys in `[frontmatter]`, with Hugo's own aliases and defaults."""
    chain = list(_chain(config, "date"))
    asks_name = ":filename" in chain
    at = chain.index(":filename") if asks_name else len(chain)
    return DateKeys(
        date=_of_post(chain[:at]),
        later=_of_post(chain[at:]),
        asks_name=asks_name,
        updated=_of_post(_chain(config, "lastmod")),
        expiry=_of_post(_chain(config, "expirydate")),
    )


def unread_sources(config: Mapping[str, Any]) -> list[str]:
    """Return the sources of `date` that are not supported: Git and file times."""
    return [key for key in _chain(config, "date") if key in (":git", ":filemodtime")]


def _chain(config: Mapping[str, Any], field: str) -> Iterator[str]:
    asked = as_strings(as_map(config.get("frontmatter")).get(field)) or [":default"]
    for key in map(str.lower, asked):
        for item in _DEFAULTS[field] if key == ":default" else (key,):
            yield item
            yield from _ALIASES.get(item, ())


def _of_post(keys: Iterable[str]) -> tuple[str, ...]:
    """Return the keys that are fields of a post, without duplicates."""
    return tuple(dict.fromkeys(key for key in keys if not key.startswith(":")))
