"""Parse the fields of front matter, in every form that people write.

Pure functions, which never raise. A value that cannot be parsed counts as missing.
"""

import html
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from syndicate.engines.base import Separator
from syndicate.text.characters import one_line, xml_legal
from syndicate.text.urls import encoded

__all__ = [
    "Absolute",
    "external_url",
    "first_of",
    "identity",
    "is_true",
    "language",
    "spellings",
    "summary",
    "terms",
    "text_of",
    "title",
]

Absolute = Callable[[str], str]
"""Type of a function that makes an address absolute; "" if it is unsafe or no address."""

_TRUE = frozenset(("true", "yes", "on", "y", "1"))
_FALSE = frozenset(("false", "no", "off", "n", "0"))
_COMMA = re.compile("[,，、;；]")
_MAX_DEPTH = 10

_SUMMARY_KEYS = ("excerpt", "summary", "description")
_LANGUAGE_KEYS = ("lang", "language", "locale")
_ANY_LANGUAGE = frozenset(_LANGUAGE_KEYS)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}")
_ID_KEYS = ("id", "guid", "uuid", "blogger_id", "wordpress_id")
_ANY_ID = frozenset(_ID_KEYS)
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_IRI = re.compile(r"(?:https?://[^\s/]|tag:|urn:)\S+", re.I)


def spellings(*keys: str) -> tuple[str, ...]:
    """Return the keys, given as words, in snake_case, kebab-case and camelCase."""
    return tuple(
        spelling
        for first, *others in map(str.split, keys)
        for spelling in dict.fromkeys((
            "_".join((first, *others)),
            "-".join((first, *others)),
            first + "".join(map(str.capitalize, others)),
        ))
    )  # fmt: skip


_PAIRED = (
    "a|abbr|b|big|cite|code|del|div|em|font|h[1-6]|i|ins|kbd|mark|p|q|rp|rt|ruby|s|small|span|"
    "strike|strong|sub|sup|time|tt|u|var"
)
_TARGET_KEYS = spellings(
    "external url", "external link", "link url", "linked list url", "redirect to",
    "redirect url", "bookmark of", "like of", "repost of", "source url", "original url",
    "source link", "link",
)  # fmt: skip
"""Keys of a link post's target, the surest first."""
_ANY_TARGET = frozenset(_TARGET_KEYS)
_TAG = re.compile(
    rf"(?P<code>`[^`]+`)|<!--.{{0,500}}?-->|<(?P<void>br|wbr|hr|img)(?:\s[^<>]*|\s*/)?>"
    rf"|<(?P<end>/?)(?P<name>{_PAIRED})(?:\s[^<>]*)?>",
    re.I | re.S,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def title(value: Any) -> str:
    """Return a title in plain text, on one line; empty if there is none.

    Markup is removed (``<em>x</em>``, ``<br>``), and text that only looks like a tag stays
    (``<InputAccessoryView>``, ``<3``). Entities are decoded. Markdown's marks stay.
    """
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else None
    text = text_of(value)
    if "<" in text:
        text = _without_markup(text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = one_line(text)
    return text if text.strip() else ""


def _without_markup(text: str) -> str:
    """Remove the tags that are void, or have both an opening and a closing tag."""
    found = [m for m in _TAG.finditer(text) if m["name"]]
    opened = {m["name"].lower() for m in found if not m["end"]}
    paired = opened & {m["name"].lower() for m in found if m["end"]}

    def replace(match: re.Match[str]) -> str:
        if match["code"] or (match["name"] and match["name"].lower() not in paired):
            return match[0]
        return " " if match["void"] else ""

    return _TAG.sub(replace, text)


def text_of(value: Any) -> str:
    """Return a scalar as text; empty for null, lists and mappings."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else ""


def first_of(meta: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    """Return the first value under `keys` that is not null; else None."""
    return next((meta[key] for key in keys if meta.get(key) is not None), None)


def is_true(value: Any) -> bool | None:
    """Parse a boolean in YAML 1.1's words, or 0 and 1. Return None for other values."""
    if value is None or isinstance(value, bool):
        return value
    word = text_of(value).strip().lower()
    return True if word in _TRUE else False if word in _FALSE else None


def terms(value: Any, split: Separator = "") -> tuple[str, ...]:
    """Return categories or tags in their order, without duplicates. Case is significant.

    `split` is the separator of terms in a string. If it is empty, a string is one term.
    """
    if isinstance(value, str) and split:
        value = value.split() if split == "space" else _COMMA.split(value)
    return tuple(dict.fromkeys(term for term in map(one_line, _flat(value)) if term.strip()))


def _flat(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, list) and depth < _MAX_DEPTH:
        for item in value:
            if isinstance(item, str):
                yield item
            else:
                yield from _flat(item, depth + 1)
    elif isinstance(value, dict):
        name = first_of(value, ("name", "title", "label", "slug"))
        yield from [text_of(name)] if name is not None else map(str, value)
    else:
        yield text_of(value)


def summary(meta: Mapping[str, Any]) -> str:
    """Return the author's own excerpt, with its markup; empty if there is none."""
    for key in _SUMMARY_KEYS:
        value = meta.get(key)
        if isinstance(value, str) and value.strip():
            return xml_legal(value).strip()
    return ""


def language(meta: Mapping[str, Any]) -> str:
    """Return the language as a BCP 47 tag (``zh_CN`` becomes ``zh-CN``); empty if none is set."""
    if _ANY_LANGUAGE.isdisjoint(meta):
        return ""
    value = text_of(first_of(meta, _LANGUAGE_KEYS)).strip().replace("_", "-")
    return value if _LANGUAGE.fullmatch(value) else ""


def identity(meta: Mapping[str, Any], site_url: str) -> str:
    """Return the post's own id as an IRI; empty if it has none.

    An absolute IRI stays. A UUID becomes ``urn:uuid:…``, other text becomes ``SITE/#text``.
    """
    if _ANY_ID.isdisjoint(meta):
        return ""
    for key in _ID_KEYS:
        value = one_line(text_of(meta.get(key))).strip()
        if not value:
            continue
        uuid = _UUID.fullmatch(value)
        if uuid:
            return f"urn:uuid:{uuid[1].lower()}"
        if _IRI.fullmatch(value):
            return encoded(value)
        return f"{site_url}/#{quote(value, safe='')}"
    return ""


def external_url(meta: Mapping[str, Any], absolute: Absolute, site_url: str) -> str:
    """Return the target of a link post; empty for other posts.

    An address on the site itself is ignored: some exporters write a post's own address as `link`.
    """
    if _ANY_TARGET.isdisjoint(meta):
        return ""
    host = _host(site_url)
    for key in _TARGET_KEYS:
        value = meta.get(key)
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict):
            value = first_of(value, ("url", "href", "link"))
        url = absolute(text_of(value).strip())
        if url.startswith("http") and _host(url) != host:
            return url
    return ""


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower().removeprefix("www.")
