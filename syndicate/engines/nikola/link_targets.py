"""Resolve Nikola's links ``link://kind/name``, except links to posts.

Follows the source of version 8.3: taxonomies_classifier, and the plugins for tags, categories,
authors, archives, indexes, galleries and listings.
"""

import re
from collections.abc import Mapping
from typing import Any

from syndicate.engines.shared.transliterate import to_ascii

__all__ = ["page_address", "pretty_link", "slugify"]

_NOT_IN_SLUGS = re.compile(r"[^+\w\s-]")
_GAPS = re.compile(r"[-\s]+")
_TERMS = {
    "tag": ("TAG_PATH", "TAGS_INDEX_PATH", "SLUG_TAG_PATH"),
    "category": ("CATEGORY_PATH", "CATEGORIES_INDEX_PATH", "SLUG_TAG_PATH"),
    "author": ("AUTHOR_PATH", "", "SLUG_AUTHOR_PATH"),
}
"""Settings of each kind of term: its folder, the page with all terms, and a switch for slugs."""
_DEFAULTS = {"TAG_PATH": "categories", "AUTHOR_PATH": "authors", "ARCHIVE_FILENAME": "archive.html"}
_FEEDS = {"_rss": "xml", "_atom": "atom"}


def slugify(text: str, config: Mapping[str, Any]) -> str:
    """Return Nikola's slug of `text`."""
    if config.get("USE_SLUGIFY") is False:
        return re.sub(r"[/\\?#\"'\r\n\t*:<>|]", "-", text)
    return _GAPS.sub("-", _NOT_IN_SLUGS.sub("", to_ascii(text)).strip().lower())


def pretty_link(path: str, config: Mapping[str, Any]) -> str:
    """Return the link to the file `path`: without ``index.html`` unless STRIP_INDEXES is off."""
    index = str(config.get("INDEX_FILE") or "index.html")
    stripped = config.get("STRIP_INDEXES") is not False and path.endswith(f"/{index}")
    return path[: -len(index)] if stripped else path


def page_address(kind: str, name: str, config: Mapping[str, Any], language: str = "") -> str | None:
    """Return the unescaped address, below the site's, of the page ``link://kind/name``.

    Return None for an unknown `kind`. `language` is the language of the post with the link.
    """
    feed = next((end for end in _FEEDS if kind.endswith(end)), "")
    bare = kind.removesuffix(feed) if feed else kind.removesuffix("_index")
    index = str(config.get("INDEX_FILE") or "index.html")
    if bare in _TERMS:
        overview = kind.endswith("_index") or (kind == bare and not name)
        path = (
            _overview(bare, config, language) if overview else _term(bare, name, config, language)
        )
        path = f"{path}.{_FEEDS[feed]}" if feed else path
        pretty = not feed and not overview
        path = _page(path, index, config) if pretty else path
    elif kind == "archive":
        folder = _setting(config, "ARCHIVE_PATH", language)
        path = f"{folder}/{name or _setting(config, 'ARCHIVE_FILENAME', language)}"
        path += f"/{index}" if name else ""
    elif kind in ("index", "root", "root_path"):
        folder = _setting(config, "INDEX_PATH", language) if kind == "index" else ""
        number = name if name.isascii() and name.isdigit() and int(name[:6]) else ""
        path = f"{folder}/{index.replace('.', f'-{number}.') if number else index}"
    elif kind in ("rss", "index_rss", "index_atom"):
        path = _setting(config, "RSS_PATH", language) + (
            "/index.atom" if feed == "_atom" else "/rss.xml"
        )
    elif kind in ("gallery", "gallery_global"):
        path = f"galleries/{name.removeprefix('galleries/')}/{index}"
    elif kind in ("listing", "listing_source"):
        ending = ".html" if kind == "listing" else ""
        path = f"listings/{name.removeprefix('listings/')}{ending}"
    else:
        return None
    prefix = _of_language(config.get("TRANSLATIONS"), language) if language else ""
    return pretty_link(
        "/" + "/".join(part for part in f"{prefix}/{path}".split("/") if part), config
    )


def _overview(kind: str, config: Mapping[str, Any], language: str) -> str:
    folder, overview, _ = _TERMS[kind]
    if overview and (own := _setting(config, overview, language)):
        return own
    return f"{_folder(folder, config, language)}/{config.get('INDEX_FILE') or 'index.html'}"


def _term(kind: str, name: str, config: Mapping[str, Any], language: str) -> str:
    folder, _, slugs = _TERMS[kind]
    names = name.split("/") if kind == "category" else [name]
    if kind == "category" and config.get("CATEGORY_OUTPUT_FLAT_HIERARCHY"):
        names = names[-1:]
    parts = [item if config.get(slugs) is False else slugify(item, config) for item in names]
    if kind == "category":
        prefix = config.get("CATEGORY_PREFIX")
        parts[0] = f"{'cat_' if prefix is None else prefix}{parts[0]}"
        if config.get("PRETTY_URLS") is False:
            parts = ["-".join(parts)]
    return f"{_folder(folder, config, language)}/{'/'.join(parts)}"


def _page(path: str, index: str, config: Mapping[str, Any]) -> str:
    return f"{path}.html" if config.get("PRETTY_URLS") is False else f"{path}/{index}"


def _folder(key: str, config: Mapping[str, Any], language: str) -> str:
    """Return a folder's setting. TAG_PATH is the default of CATEGORY_PATH."""
    if key == "CATEGORY_PATH" and config.get(key) is None:
        key = "TAG_PATH"
    return _setting(config, key, language)


def _setting(config: Mapping[str, Any], key: str, language: str) -> str:
    value = config.get(key)
    if isinstance(value, dict):
        value = _of_language(value, language or str(config.get("DEFAULT_LANG") or "en"))
    return str(value) if isinstance(value, str) else _DEFAULTS.get(key, "")


def _of_language(value: Any, language: str) -> str:
    found = value.get(language) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""
