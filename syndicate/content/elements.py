"""Parse clean HTML into a small tree of elements and texts.

The sanitiser writes well-formed HTML with known elements, so most of it needs no lenient parser.
Guaranteed: the tree is the tree of lxml's parser. `lenient` uses that parser for all other HTML.
"""

import re
from html import unescape

from msgspec import Struct

from syndicate.content.sanitise import TAGS

__all__ = ["Element", "Node", "parsed", "read"]


class Element(Struct, gc=False):
    """Element with its attributes (character references decoded) and its children."""

    name: str
    attributes: "dict[str, str]"
    children: "list[Node]"


Node = Element | str

_TAG = re.compile("<([^<>]*)>")
_ATTRIBUTE = re.compile('([a-z-]+)="([^"]*)"')
_ATTRIBUTES = re.compile(f"{_ATTRIBUTE.pattern}(?: {_ATTRIBUTE.pattern})*")
_EMPTY = frozenset({"br", "col", "hr", "img"})
_KNOWN = (TAGS | {"span"}) - {"source", "wbr"}  # lxml gives these two content
_DEEPEST = 100
_CLOSES = {
    name: frozenset(closed.split())
    for names, closed in {
        "a": "a table td th",
        "address": "dd dl dt li ul",
        "b i": "center p td th",
        "big s small strike tt": "p",
        "caption": "col colgroup tbody tfoot thead tr",
        "colgroup": "colgroup tbody tfoot thead tr",
        "dd": "dt",
        "dl": "li",
        "dt": "dd dl",
        "h1 h2 h3 h4 h5 h6": "li p table",
        "li": "li",
        "menu": "dd dl dt ul",
        "p": "address blockquote caption center col colgroup dd div dl dt h1 h2 h3 h4 h5 h6 hr li"
        " menu ol p pre table tbody td tfoot th tr ul",
        "pre": "dd dl dt li table ul",
        "span": "td th",
        "tbody thead": "tbody tfoot",
        "td th": "tbody td tfoot th tr",
        "tfoot": "tbody",
        "tr": "tbody tfoot tr",
        "u": "p td th",
        "ul": "address menu pre",
    }.items()
    for name in names.split()
}
"""Start tags that make lxml's parser (libxml2) close the element they are in, by that element."""
_NOTHING: frozenset[str] = frozenset()


def parsed(html: str) -> list[Node]:
    """Parse the clean `html`, which may end anywhere except inside a tag.

    Raises RecursionError if some hundreds of elements are nested.
    """
    nodes = read(html)
    if nodes is None:
        from syndicate.content.lenient import read_leniently  # imports bs4, which few blogs need

        nodes = read_leniently(html)
    return nodes


def read(html: str) -> list[Node] | None:
    """Parse `html`, or return None if lxml's parser might build another tree."""
    pieces = _TAG.split(html)
    if "\r" in html or 2 * html.count("<") + 1 != len(pieces):
        return None
    parents: list[Element] = []
    current = Element("", {}, [_decoded(pieces[0])] if pieces[0] else [])
    top = current.children
    for tag, text in zip(pieces[1::2], pieces[2::2], strict=True):
        name, _, attributes = tag.partition(" ")
        if name[:1] == "/":
            if name[1:] != current.name or not parents or attributes:
                return None
            current = parents.pop()
        else:
            child = _child(name, attributes, current.name)
            if child is None or len(parents) == _DEEPEST:
                return None
            current.children.append(child)
            if name not in _EMPTY:
                parents.append(current)
                current = child
        if text:
            current.children.append(_decoded(text))
    return top


def _child(name: str, attributes: str, parent: str) -> Element | None:
    """Return the element of a start tag; None if it is unknown or would close its parent."""
    if name not in _KNOWN or name in _CLOSES.get(parent, _NOTHING):
        return None
    if not attributes:
        return Element(name, {}, [])
    if not _ATTRIBUTES.fullmatch(attributes):
        return None
    return Element(
        name, {key: _decoded(value) for key, value in _ATTRIBUTE.findall(attributes)}, []
    )


def _decoded(text: str) -> str:
    return unescape(text) if "&" in text else text
