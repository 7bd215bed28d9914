"""Clean HTML as a small tree of elements and texts.

The sanitiser writes well-formed HTML of a known vocabulary, so that most of it needs no lenient
parser. Guaranteed: the tree is the one that lxml's parser finds, which `lenient` asks; that parser
reads all that the short way does not cover.
"""

import re
from html import unescape

from msgspec import Struct

from syndicate.content.sanitise import TAGS

__all__ = ["Element", "Node", "parsed", "read"]


class Element(Struct, gc=False):
    """An element, its attributes without references, and what it holds."""

    name: str
    attributes: "dict[str, str]"
    children: "list[Node]"


Node = Element | str

_TAG = re.compile("<([^<>]*)>")
_ATTRIBUTE = re.compile('([a-z-]+)="([^"]*)"')
_ATTRIBUTES = re.compile(f"{_ATTRIBUTE.pattern}(?: {_ATTRIBUTE.pattern})*")
_EMPTY = frozenset({"br", "col", "hr", "img"})
_KNOWN = (TAGS | {"span"}) - {"source", "wbr"}  # lxml takes these for elements with content
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
"""Elements whose start tags make lxml's parser (libxml2) close the element that they stand in."""
_NOTHING: frozenset[str] = frozenset()


def parsed(html: str) -> list[Node]:
    """Return the nodes of the clean `html`, which may end anywhere but in a tag.

    Raises RecursionError if some hundred elements stand in one another.
    """
    nodes = read(html)
    if nodes is None:
        from syndicate.content.lenient import read_leniently  # imports bs4: few blogs need it

        nodes = read_leniently(html)
    return nodes


def read(html: str) -> list[Node] | None:
    """Return the nodes of `html`; None if lxml's parser might read it in another way."""
    pieces = _TAG.split(html)
    if "\r" in html or 2 * html.count("<") + 1 != len(pieces):
        return None
    parents: list[Element] = []
    current = Element("", {}, [_decoded(pieces[0])] if pieces[0] else [])
    top = current.children
    for tag, text in zip(pieces[1::2], pieces[2::2], strict=True):
        name, _, said = tag.partition(" ")
        if name[:1] == "/":
            if name[1:] != current.name or not parents or said:
                return None
            current = parents.pop()
        else:
            child = _child(name, said, current.name)
            if child is None or len(parents) == _DEEPEST:
                return None
            current.children.append(child)
            if name not in _EMPTY:
                parents.append(current)
                current = child
        if text:
            current.children.append(_decoded(text))
    return top


def _child(name: str, said: str, parent: str) -> Element | None:
    """Return the element that a start tag opens; None if it is not known or closes its parent."""
    if name not in _KNOWN or name in _CLOSES.get(parent, _NOTHING):
        return None
    if not said:
        return Element(name, {}, [])
    if not _ATTRIBUTES.fullmatch(said):
        return None
    return Element(name, {key: _decoded(value) for key, value in _ATTRIBUTE.findall(said)}, [])


def _decoded(text: str) -> str:
    return unescape(text) if "&" in text else text
