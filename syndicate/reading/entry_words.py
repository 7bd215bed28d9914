"""Visible text of an entry, and its digest."""

import html
import re
import unicodedata
from typing import Any

from lxml import etree

from syndicate.content.html_limits import bounded
from syndicate.text.characters import one_line, xml_legal
from syndicate.text.digests import content_digest

__all__ = ["digest", "html_text", "inner_text", "line"]

_UNSEEN = frozenset(("script", "style", "template", "head", "title"))
_INLINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
     "font", "i", "img", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s", "samp", "small",
     "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr")
)  # fmt: skip
_LONGEST = 10_000_000
_SPACES = re.compile(r"\s+")


def digest(text: str) -> str:
    """Return a digest (32 hex digits) of `text` in NFC with single spaces; "" for no text."""
    words = _SPACES.sub(" ", unicodedata.normalize("NFC", xml_legal(text))).strip()
    return content_digest(words.encode()) if words else ""


def html_text(source: str) -> str:
    """Return the visible text of HTML, with a space between blocks.

    Text beyond 10 million characters or 256 levels is ignored.
    """
    source = source[:_LONGEST]
    if "<" not in source:
        return html.unescape(source)
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(xml_legal(bounded(source)).encode(), parser)
    except etree.XMLSyntaxError:
        return ""
    return "" if root is None else inner_text(root)


def inner_text(element: Any) -> str:
    """Return the text in `element` without scripts and styles, with a space between blocks."""
    pieces: list[str] = []
    _gather(element, pieces)
    return "".join(pieces)


def line(element: Any) -> str:
    """Return the text in `element` as one line of legal XML characters; "" without an element."""
    return "" if element is None else one_line(inner_text(element))


def _gather(element: Any, pieces: list[str]) -> None:
    """Append the texts in `element` recursively; both parsers limit the depth to 256."""
    pieces.append(element.text or "")
    for child in element:
        name = "entity" if child.tag is etree.Entity else child.tag.rpartition("}")[2]
        if name == "entity":  # entities of HTML, which feeds use without a DTD
            pieces.append(html.unescape(child.text))
        elif name in _INLINE:
            _gather(child, pieces)
        elif name not in _UNSEEN:
            pieces.append(" ")
            _gather(child, pieces)
            pieces.append(" ")
        pieces.append(child.tail or "")
