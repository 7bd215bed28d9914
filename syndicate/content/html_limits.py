"""Limit HTML that is so large or deep that a parser would take minutes.

The time of HTML parsers grows with the square of the depth of elements and of the number of
attributes in a tag. No post needs 200 levels or 200 attributes. Tags beyond these limits are
dropped, and their text is kept. HTML with few tags is returned unchanged.
"""

import re

__all__ = ["bounded"]

_DEEPEST = 200
_MOST_ATTRIBUTES = 200
_FEW_TAGS = 5_000
_ORDINARY_LENGTH = 100_000

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)[^>]*>?")
_LONG_TAG = re.compile(r"<([a-zA-Z][^\s/>]*)([^>]{2000,})>?")
_ATTRIBUTE = re.compile(r"\s[^\s=>\"']")
# These elements have no end tag, or may omit it. Counting them would give a wrong depth.
# fmt: off
_FLAT = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param",
    "source", "track", "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody",
    "tfoot", "option", "optgroup", "colgroup",
})
_NESTING = re.compile(
    rf"<(/?)(?!(?:{'|'.join(sorted(_FLAT))})[\s/>])([a-zA-Z][^\s/>]*)", re.IGNORECASE
)
# fmt: on
_NESTING = re.compile(
    rf"<(/?)(?!(?:{'|'.join(sorted(_FLAT))})[\s/>])([a-zA-Z][^\s/>]*)", re.IGNORECASE
)
# fmt: on


def bounded(html: str) -> str:
    """Return `html` without elements that are too deep and without attributes in crowded tags."""
    if len(html) > _ORDINARY_LENGTH:
        html = _LONG_TAG.sub(_with_few_attributes, html)
    if html.count("<") > _FEW_TAGS and _is_deep(html):
        html = _TAG.sub(_Depth(), html)
    return html


def _is_deep(html: str) -> bool:
    """Return True if an element may lie too deep. Most large bodies are only long."""
    tags = _NESTING.findall(html)
    if sum(not closes for closes, _ in tags) <= _DEEPEST:
        return False
    opened = _Opened()
    return any(opened.follow(closes, name.lower()) > _DEEPEST for closes, name in tags)


class _Opened:
    """Depth of the open elements. An end tag without a start tag is ignored."""

    def __init__(self) -> None:
        self._depth = 0
        self._open: dict[str, int] = {}

    def follow(self, closes: str, name: str) -> int:
        """Return the depth of the element that the tag `name` opens or closes; 0 without one."""
        count = self._open.get(name, 0)
        if not closes:
            self._open[name] = count + 1
            self._depth += 1
            return self._depth
        if not count:
            return 0
        self._open[name] = count - 1
        self._depth -= 1
        return self._depth + 1


def _with_few_attributes(tag: re.Match[str]) -> str:
    crowded = len(_ATTRIBUTE.findall(tag[2])) > _MOST_ATTRIBUTES
    return f"<{tag[1]}>" if crowded else tag[0]


class _Depth:
    """Callable for `re.sub` that follows the open elements and drops tags that are too deep."""

    def __init__(self) -> None:
        self._opened = _Opened()

    def __call__(self, tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _FLAT or tag[0].endswith("/>"):
            return tag[0]
        return "" if self._opened.follow(tag[1], name) > _DEEPEST else tag[0]
