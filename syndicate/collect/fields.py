"""Front matter to values: each field in every shape that people write it in.

Pure functions. None raises, whatever the value; what cannot be read counts as not said.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from syndicate.engines.base import Separator
from syndicate.model import Enclosure, Image
from syndicate.text import one_line, xml_legal
from syndicate.urls import encoded

__all__ = [
    "enclosure",
    "external_url",
    "identity",
    "image",
    "is_true",
    "language",
    "summary",
    "terms",
    "title",
]

Absolute = Callable[[str], str]
"""Makes an address absolute; gives "" where it is dangerous or none."""

_TRUE = frozenset(("true", "yes", "on", "y", "1"))
_FALSE = frozenset(("false", "no", "off", "n", "0"))
_MAX_DEPTH = 10

_SUMMARY_KEYS = ("excerpt", "summary", "description")
_LANGUAGE_KEYS = ("lang", "language", "locale")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_ID_KEYS = ("id", "guid", "uuid", "blogger_id", "wordpress_id")
_ANY_ID = frozenset(_ID_KEYS)
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_IRI = re.compile(r"(?:https?://[^\s/]|tag:|urn:)\S+", re.I)

_IMAGE_KEYS = (
    *("image", "cover", "featured_image", "feature_image", "featuredImage", "featured-image"),
    *("cover_image", "coverImage", "hero_image", "heroImage", "header_image", "header-img"),
    *("banner", "banner_image", "og_image", "ogImage", "thumbnail", "thumb", "hero", "header"),
    "images",
)
_IMAGE_INNER = (
    "path",
    "url",
    "src",
    "feature",
    "image",
    "file",
    "source",
    "overlay_image",
    "teaser",
)
_IMAGE_ALT = ("image_alt", "image-alt", "imageAlt", "cover_alt", "coverAlt", "alt")
_LOOKS_LIKE_FILE = re.compile(r"/|\.[A-Za-z0-9]{2,5}(?:[?#]|$)")

_ENCLOSURE_KEYS = ("enclosure", "audio", "podcast", "audio_url", "audio_file", "mp3", "video_url")
_ANY_ENCLOSURE = frozenset(_ENCLOSURE_KEYS)
_ENCLOSURE_INNER = ("url", "src", "file", "path", "link", "href", "mp3", "audio")
_LENGTH_KEYS = ("length", "size", "bytes", "filesize")
_TYPE_KEYS = ("type", "mime", "mime_type", "mimetype")
# A table of our own: the machine's (mimetypes) differs from one to the next.
_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/x-m4a",
    "m4b": "audio/x-m4b",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/opus",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "mp4": "video/mp4",
    "m4v": "video/x-m4v",
    "mov": "video/quicktime",
    "webm": "video/webm",
    "ogv": "video/ogg",
    "mpg": "video/mpeg",
    "mpeg": "video/mpeg",
    "swf": "application/x-shockwave-flash",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
}

_PAIRED = (
    "a|abbr|b|big|cite|code|del|div|em|font|h[1-6]|i|ins|kbd|mark|p|q|rp|rt|ruby|s|small|span|"
    "strike|strong|sub|sup|time|tt|u|var"
)
_TARGET_KEYS = tuple(
    spelling
    for words in (
        "external url", "external link", "link url", "linked list url", "redirect to",
        "redirect url", "bookmark of", "like of", "repost of", "source url", "original url",
        "source link", "link",
    )
    for spelling in dict.fromkeys((
        words.replace(" ", "_"),
        words.replace(" ", "-"),
        words.split()[0] + "".join(map(str.capitalize, words.split()[1:])),
    ))
)  # fmt: skip
"""What link posts call their target, the surest first, as in ``external_url``, ``external-url``
and ``externalUrl``."""
_ANY_TARGET = frozenset(_TARGET_KEYS)
_TAG = re.compile(
    rf"(?P<code>`[^`]+`)|<!--.{{0,500}}?-->|<(?P<void>br|wbr|hr|img)(?:\s[^<>]*|\s*/)?>"
    rf"|<(?P<end>/?)(?P<name>{_PAIRED})(?:\s[^<>]*)?>",
    re.I | re.S,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def title(value: Any) -> str:
    """A title in plain text, on one line; empty where there is none.

    Real markup goes (``<em>x</em>``, ``<br>``), text that only looks like a tag stays
    (``<InputAccessoryView>``, ``<3``), entities are decoded, Markdown's marks are left.
    """
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    text = _text(value)
    if "<" in text:
        text = _without_markup(text)
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = one_line(text)
    return text if text.strip() else ""


def _without_markup(text: str) -> str:
    """A tag is markup where it is void or where both of its pair are there."""
    found = [m for m in _TAG.finditer(text) if m["name"]]
    opened = {m["name"].lower() for m in found if not m["end"]}
    paired = opened & {m["name"].lower() for m in found if m["end"]}

    def replace(match: re.Match[str]) -> str:
        if match["code"] or (match["name"] and match["name"].lower() not in paired):
            return match[0]
        return " " if match["void"] else ""

    return _TAG.sub(replace, text)


def _text(value: Any) -> str:
    """A scalar as text; empty for null and for what is no scalar."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else ""


def _first(meta: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    return next((meta[key] for key in keys if meta.get(key) is not None), None)


def is_true(value: Any) -> bool | None:
    """Whether `value` says yes or no, in YAML 1.1's words or a number; None where neither."""
    if isinstance(value, bool):
        return value
    word = _text(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def terms(value: Any, split: Separator = "") -> tuple[str, ...]:
    """Categories or tags, each once, in the order written; other case is another term.

    `split` says what parts the terms in a string; where empty, a string is one term.
    """
    if isinstance(value, str) and split:
        value = value.split() if split == "space" else re.split("[,，、;；]", value)
    return tuple(dict.fromkeys(term for term in map(one_line, _flat(value)) if term.strip()))


def _flat(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list) and depth < _MAX_DEPTH:
        for each in value:
            yield from _flat(each, depth + 1)
    elif isinstance(value, dict):
        name = _first(value, ("name", "title", "label", "slug"))
        yield from [_text(name)] if name is not None else map(str, value)
    else:
        yield _text(value)


def summary(meta: Mapping[str, Any]) -> str:
    """The author's own excerpt, as written (markup and all); empty where there is none."""
    for key in _SUMMARY_KEYS:
        value = meta.get(key)
        if isinstance(value, str) and value.strip():
            return xml_legal(value).strip()
    return ""


def language(meta: Mapping[str, Any]) -> str:
    """A BCP 47 tag (``zh_CN`` becomes ``zh-CN``); empty where there is none."""
    value = _text(_first(meta, _LANGUAGE_KEYS)).strip().replace("_", "-")
    return value if _LANGUAGE.fullmatch(value) else ""


def identity(meta: Mapping[str, Any], site_url: str) -> str:
    """The id that the post brings along, as an IRI; empty where it brings none.

    An absolute IRI stays, a UUID becomes ``urn:uuid:…``, other text ``SITE/#text``.
    """
    if _ANY_ID.isdisjoint(meta):
        return ""
    for key in _ID_KEYS:
        value = one_line(_text(meta.get(key))).strip()
        if not value:
            continue
        uuid = _UUID.fullmatch(value)
        if uuid:
            return f"urn:uuid:{uuid[1].lower()}"
        if _IRI.fullmatch(value):
            return encoded(value)
        return f"{site_url}/#{quote(value, safe='')}"
    return ""


def image(meta: Mapping[str, Any], absolute: Absolute) -> Image | None:
    """The post's picture: the first of the keys themes use that holds an address."""
    for key in _IMAGE_KEYS:
        value = meta.get(key)
        if value is None:
            continue
        if isinstance(value, list):
            value = value[0] if value else None
        inner = value if isinstance(value, dict) else {}
        address = _text(_first(inner, _IMAGE_INNER) if inner else value).strip()
        url = absolute(address) if _LOOKS_LIKE_FILE.search(address) else ""
        if url.startswith("http"):
            alt = _first(inner, ("alt", "alt_text", "title")) or _first(meta, _IMAGE_ALT)
            return Image(url, one_line(_text(alt)))
    return None


def enclosure(meta: Mapping[str, Any], absolute: Absolute) -> Enclosure | None:
    """The post's media file: an address, a map, or WordPress's three lines."""
    if _ANY_ENCLOSURE.isdisjoint(meta):
        return None
    for key in _ENCLOSURE_KEYS:
        value = meta.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        inner = value if isinstance(value, dict) else {}
        words = _text(_first(inner, _ENCLOSURE_INNER) if inner else value).split("\n")
        address, size, kind, *_ = *(w for w in map(str.strip, words) if w.strip("|")), "", "", ""
        url = absolute(address) if _LOOKS_LIKE_FILE.search(address) else ""
        if url.startswith("http"):
            size = _text(_first(inner, _LENGTH_KEYS) or meta.get(f"{key}_length")) or size
            kind = _text(_first(inner, _TYPE_KEYS) or meta.get(f"{key}_type")) or kind
            return Enclosure(url, _media_type(kind, url), _bytes(size))
    return None


def _media_type(given: str, url: str) -> str:
    if re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]+", given):
        return given
    ending = re.split(r"[?#]", url)[0].rpartition(".")[2].lower()
    return _TYPES.get(ending, "application/octet-stream")


def _bytes(text: str) -> int:
    digits = re.sub(r"[,_\s]", "", text)
    return int(digits) if re.fullmatch(r"[0-9]{1,15}", digits) else 0


def external_url(meta: Mapping[str, Any], absolute: Absolute, site_url: str) -> str:
    """Return the address that a link post points to; empty for other posts.

    An address on the site itself is no target: some exporters write a post's own as `link`.
    """
    if _ANY_TARGET.isdisjoint(meta):
        return ""
    host = _host(site_url)
    for key in _TARGET_KEYS:
        value = meta.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = _first(value, ("url", "href", "link"))
        url = absolute(_text(value).strip())
        if url.startswith("http") and _host(url) != host:
            return url
    return ""


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
