"""Input so large or so deep that a parser would take minutes, cut down to what it can bear.

HTML parsers take time that grows with the square of the depth of elements and of the number of
one tag's attributes. No post needs 200 levels or 200 attributes; what goes beyond is dropped,
its text kept. Bodies of few tags are not even looked at.
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
# They have no end tag, or may leave it out: counting them would find depth where there is none.
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


def bounded(html: str) -> str:
    """`html` with no tag of more attributes and no element at more depth than a parser bears."""
    if len(html) > _ORDINARY_LENGTH:
        html = _LONG_TAG.sub(_with_few_attributes, html)
    if html.count("<") > _FEW_TAGS and _is_deep(html):
        html = _TAG.sub(_Depth(), html)
    return html


def _is_deep(html: str) -> bool:
    """Whether any element may lie too deep; most large bodies are merely long."""
    tags = _NESTING.findall(html)
    if sum(not closes for closes, _ in tags) <= _DEEPEST:
        return False
    opened = _Opened()
    return any(opened.follow(closes, name.lower()) > _DEEPEST for closes, name in tags)


class _Opened:
    """How deep one stands among open elements; an end tag that ends nothing does not count."""

    def __init__(self) -> None:
        self._depth = 0
        self._open: dict[str, int] = {}

    def follow(self, closes: str, name: str) -> int:
        """The depth in which the tag `name` stands: that of its element, for a start or end tag."""
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
    """Follows the open elements through a document, tag by tag, and drops those too deep."""

    def __init__(self) -> None:
        self._opened = _Opened()

    def __call__(self, tag: re.Match[str]) -> str:
        name = tag[2].lower()
        if name in _FLAT or tag[0].endswith("/>"):
            return tag[0]
        return "" if self._opened.follow(tag[1], name) > _DEEPEST else tag[0]
