"""Parse clean HTML with BeautifulSoup and lxml's parser, whatever is nested in what.

`elements` must build the same tree faster, and leaves all other HTML to this module.
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
    """Parse `html`. Raises RecursionError if some hundreds of elements are nested."""
    return [_node(element) for element in _soup(f"<div>{html}</div>").contents]


def _node(element: PageElement) -> Node:
    if not isinstance(element, Tag):
        return str(element)
    attributes = {name: str(value) for name, value in element.attrs.items()}
    return Element(element.name, attributes, [_node(child) for child in element.contents])


class _Builder(TreeBuilder):
    """Tree builder that passes lxml's elements and texts to BeautifulSoup.

    The tree is that of BeautifulSoup's own "lxml" builder, without `html` and `body`. This builder
    can be used again, because creating one takes longer than parsing a paragraph.
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
            # lxml passes missing attributes as an object that is slow to read
            self.soup.handle_starttag(name, None, None, attributes or {})

    def end(self, name: Any) -> None:
        if self.soup is not None and name not in _AROUND:
            self.soup.handle_endtag(name)

    def data(self, text: Any) -> None:
        if self.soup is not None:
            self.soup.handle_data(text)

    def close(self) -> None:
        """Do nothing; lxml requires the method."""


_idle: list[_Builder] = []


def _soup(html: str) -> BeautifulSoup:
    try:
        builder = _idle.pop()
    except IndexError:
        builder = _Builder()
    soup = BeautifulSoup(html, builder=builder)
    _idle.append(builder)  # a builder that raised is not used again
    return soup
