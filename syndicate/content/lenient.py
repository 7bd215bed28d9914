"""Clean HTML read by BeautifulSoup with lxml's parser, whatever stands in what.

The judge of what `elements` reads in a shorter way, and the reader of all else.
"""

from typing import Any

from bs4 import BeautifulSoup
from bs4.builder import TreeBuilder
from bs4.element import PageElement, Tag
from lxml.etree import HTMLParser

from syndicate.content.elements import Element, Node

__all__ = ["read_leniently"]

_AROUND = frozenset({"html", "body"})


def read_leniently(html: str) -> list[Node]:
    """Return the nodes of `html`. Raises RecursionError if some hundred stand in one another."""
    return [_node(each) for each in _soup(f"<div>{html}</div>").contents]


def _node(element: PageElement) -> Node:
    if not isinstance(element, Tag):
        return str(element)
    attributes = {name: str(value) for name, value in element.attrs.items()}
    return Element(element.name, attributes, [_node(each) for each in element.contents])


class _Builder(TreeBuilder):
    """What lxml's HTML parser finds, elements and text, handed on to BeautifulSoup.

    The tree is the one that its own "lxml" builder makes, without `html` and `body` around it; but
    this one can be used again, and to set one up takes longer than to parse a paragraph.
    """

    def __init__(self) -> None:
        super().__init__(multi_valued_attributes={})
        target: Any = self
        self._parser = HTMLParser(target=target)

    def feed(self, markup: str | bytes) -> None:
        self._parser.feed(markup)
        self._parser.close()

    def start(self, name: Any, attributes: Any) -> None:
        if self.soup is not None and name not in _AROUND:
            # lxml has a class of its own for no attributes, a slow one.
            self.soup.handle_starttag(name, None, None, attributes or {})

    def end(self, name: Any) -> None:
        if self.soup is not None and name not in _AROUND:
            self.soup.handle_endtag(name)

    def data(self, text: Any) -> None:
        if self.soup is not None:
            self.soup.handle_data(text)

    def close(self) -> None:
        """Nothing is left to do: lxml asks for it all the same."""


_idle: list[_Builder] = []


def _soup(html: str) -> BeautifulSoup:
    try:
        builder = _idle.pop()
    except IndexError:
        builder = _Builder()
    soup = BeautifulSoup(html, builder=builder)
    _idle.append(builder)  # one that raised is not used again
    return soup
