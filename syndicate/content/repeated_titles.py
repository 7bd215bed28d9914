"""Remove the first heading of a body if it only repeats the title of the post."""

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.content.overview import Overview, is_in

__all__ = ["drop_repeated_title"]

_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_LEADING_DATE = re.compile(r"\d{4}-\d{1,2}-\d{1,2}[-\s]+")


def drop_repeated_title(tree: LexborHTMLParser, overview: Overview, title: str) -> None:
    """Remove the first heading of `tree`, which has this `overview`, if it only repeats `title`."""
    first = next((places[0] for name, places in overview.places.items() if name in _HEADINGS), None)
    heading = None if first is None else overview.nodes[first]
    if heading is not None and not is_in(tree, heading):
        heading = tree.css_first(", ".join(_HEADINGS))
    if heading is None:
        return
    text = _folded(heading.text())
    titles = map(_folded, {title, _LEADING_DATE.sub("", title, count=1)})
    if text and text in titles and _is_first(heading):
        heading.decompose()


def _is_first(heading: LexborNode) -> bool:
    """Return True if no text is before `heading`."""
    node: LexborNode | None = heading
    while node is not None:
        before = node.prev
        while before is not None:
            if not before.is_comment_node and before.text().strip():
                return False
            before = before.prev
        node = node.parent
    return True


def _folded(text: str) -> str:
    """Return `text` for comparison: without case, width, white space and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
