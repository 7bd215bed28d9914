"""Define the filters that Jekyll adds to those of Liquid.

The first parameter of a filter is the value on its left. A filter may raise for a value of the
wrong kind: `guard` catches that, and limits the cost.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from html import escape, unescape
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

from syndicate.content.markdown import to_html
from syndicate.content.marks.context import Context
from syndicate.content.marks.liquid.dates import moment, strftime
from syndicate.engines.shared.permalinks import slugify

__all__ = ["FILTERS", "SITE_FILTERS", "text_of"]

_QUOTES = (
    (re.compile(r"---"), "—"),
    (re.compile(r"--"), "–"),
    (re.compile(r"\.\.\."), "…"),
    (re.compile(r"(?<![\w\u2019])'(?=\w)"), "‘"),
    (re.compile(r"'"), "’"),
    (re.compile(r'(?<![\w.,;:!?])"(?=\S)'), "“"),
    (re.compile(r'"'), "”"),
)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//")


def text_of(value: Any) -> str:
    """Return `value` as a template writes it: "" for nil, the joined items of a list."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return strftime(value, "%Y-%m-%d %H:%M:%S %z")
    if isinstance(value, list | tuple):
        return "".join(map(text_of, value))
    return str(value)


def _items(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    if isinstance(value, str) or not isinstance(value, Iterable):
        return [value] if value else []
    return list(value)


def _property(item: Any, name: Any) -> Any:
    for part in text_of(name).split("."):
        item = item.get(part) if isinstance(item, Mapping) else None
    return item


def _is(value: Any, wanted: Any) -> bool:
    if isinstance(value, list | tuple):
        return text_of(wanted) in map(text_of, value)
    return (value is None) == (wanted is None) and text_of(value) == text_of(wanted)


def _where(value: Any, name: Any, wanted: Any = None) -> list[Any]:
    return [item for item in _items(value) if _is(_property(item, name), wanted)]


def _find(value: Any, name: Any, wanted: Any = None) -> Any:
    return next(iter(_where(value, name, wanted)), None)


def _group_by(value: Any, name: Any) -> list[dict[str, Any]]:
    groups: dict[str, list[Any]] = {}
    for item in _items(value):
        groups.setdefault(text_of(_property(item, name)), []).append(item)
    return [{"name": key, "items": items, "size": len(items)} for key, items in groups.items()]


def _sort(value: Any, name: Any = None, nils: str = "first") -> list[Any]:
    items = [(item if name is None else _property(item, name), item) for item in _items(value)]
    empty = [item for key, item in items if key is None]
    full = [(key, item) for key, item in items if key is not None]
    try:
        full.sort(key=lambda pair: pair[0])
    except TypeError:  # mixed kinds: compare as text
        full.sort(key=lambda pair: text_of(pair[0]))
    kept = [item for _, item in full]
    return kept + empty if nils == "last" else empty + kept


def _uniq(value: Any, name: Any = None) -> list[Any]:
    seen: dict[str, Any] = {}
    for item in _items(value):
        seen.setdefault(repr(item if name is None else _property(item, name)), item)
    return list(seen.values())


def _sentence(value: Any, connector: str = "and") -> str:
    words = [text_of(item) for item in _items(value)]
    if len(words) < 3:
        return f" {connector} ".join(words)
    return f"{', '.join(words[:-1])}, {connector} {words[-1]}"


def _words(value: Any, mode: str = "") -> int:
    text = text_of(value)
    if not mode:
        return len(text.split())
    cjk = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
    return len(cjk.findall(text)) + len(cjk.sub(" ", text).split())


def _jsonify(value: Any, *_: Any) -> str:
    def plain(other: Any) -> Any:
        if isinstance(other, date):
            return text_of(other)
        return dict(other) if isinstance(other, Mapping) else str(other)

    return json.dumps(value, ensure_ascii=False, default=plain, separators=(",", ":"))


def _date(value: Any, pattern: Any = None) -> Any:
    if value in ("now", "today"):
        return None  # the text of a post must not change from day to day
    when = moment(value)
    return strftime(when, text_of(pattern)) if when and pattern else value


def _dated(pattern: str) -> Callable[..., Any]:
    return lambda value, *_: _date(value, pattern)


def _date_to_string(value: Any, kind: str = "", style: str = "", *, month: str = "%b") -> Any:
    when = moment(value)
    if when is None:
        return value
    if kind != "ordinal":
        return strftime(when, f"%d {month} %Y")
    tail = (
        "th" if 4 <= when.day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(when.day % 10, "th")
    )
    pattern = f"{month} %-d{tail}, %Y" if style == "US" else f"%-d{tail} {month} %Y"
    return strftime(when, pattern)


def _xmlschema(value: Any) -> Any:
    when = moment(value)
    return strftime(when, "%Y-%m-%dT%H:%M:%S%:z") if when else value


def _smartify(value: Any) -> str:
    text = text_of(value)
    for pattern, better in _QUOTES:
        text = pattern.sub(better, text)
    return text


def _slugify(value: Any, mode: str = "default") -> str:
    return slugify(text_of(value), text_of(mode) or "default")


def _relative(context: Context, value: Any, *_: Any) -> str:
    address = text_of(value)
    if _ABSOLUTE.match(address):
        return address
    base = context.site.get("baseurl")
    folder = text_of(base) if base is not None else urlsplit(context.base).path
    parts = [part.strip("/") for part in (folder, address)]
    ending = "/" if address.endswith("/") and parts[1] else ""
    return "/" + "/".join(filter(None, parts)) + ending


def _absolute(context: Context, value: Any, *_: Any) -> str:
    address = text_of(value)
    if _ABSOLUTE.match(address):
        return address
    site = urlsplit(context.base)
    origin = f"{site.scheme}://{site.netloc}" if site.netloc else ""
    return origin + _relative(context, address)


SITE_FILTERS: Mapping[str, Callable[..., str]] = {
    "relative_url": _relative,
    "absolute_url": _absolute,
    "url": _relative,
    "absoluteUrl": _absolute,
    "htmlBaseUrl": _relative,
    "markdownify": lambda context, value: to_html(text_of(value), context.grammar),
}
"""Filters that need the site. Their first parameter is a `Context`."""

FILTERS: Mapping[str, Callable[..., Any]] = {
    "array_to_sentence_string": _sentence,
    "cgi_escape": lambda value: quote_plus(text_of(value)),
    "date": _date,
    "date_to_long_string": lambda value, *kinds: _date_to_string(value, *kinds, month="%B"),
    "date_to_rfc822": _dated("%a, %d %b %Y %H:%M:%S %z"),
    "date_to_string": _date_to_string,
    "date_to_xmlschema": _xmlschema,
    "dump": _jsonify,
    "find": _find,
    "group_by": _group_by,
    "inspect": lambda value: escape(_jsonify(value), quote=False),
    "jsonify": _jsonify,
    "keys": list,
    "normalize_whitespace": lambda value: " ".join(text_of(value).split()),
    "number_of_words": _words,
    "pop": lambda value, count=1: _items(value)[: -int(count) or None],
    "push": lambda value, item: [*_items(value), item],
    "sample": lambda value, *_: next(iter(_items(value)), None),
    "shift": lambda value, count=1: _items(value)[int(count) :],
    "slugify": _slugify,
    "slug": _slugify,
    "smartify": _smartify,
    "sort": _sort,
    "strip_index": lambda value: re.sub(r"/index\.html?$", "/", text_of(value)),
    "to_integer": lambda value: int(float(value)),
    "unescape": lambda value: unescape(text_of(value)),
    "uniq": _uniq,
    "unshift": lambda value, item: [item, *_items(value)],
    "uri_escape": lambda value: quote(text_of(value), safe="-._~:/?#[]@!$&'()*+,;=%"),
    "urlencode": lambda value: quote(text_of(value), safe=""),
    "values": _items,
    "where": _where,
    "xml_escape": lambda value: escape(text_of(value)).replace("&#x27;", "&#39;"),
}
"""Filters that need only their arguments, by their names in templates."""
