"""Recognise a body that is HTML as a whole, whatever its file is called.

Blogs moved from a host to a site generator have each post as one HTML element in a ``.md`` file,
with blank lines. A Markdown renderer ends an HTML block at a blank line and damages the rest, so
such a body must not be rendered as Markdown.
"""

import re
from functools import lru_cache

__all__ = ["is_html"]

_BLOCKS = (
    "address|article|aside|blockquote|body|center|details|dl|div|fieldset|figure|font|footer|form"
    "|h[1-6]|head|header|html|iframe|main|nav|noscript|object|ol|p|pre|script|section|span|style"
    "|svg|table|ul|video|audio"
)
_COMMENT = r"<!--(?:[^-]|-(?!->))*(?:-->|\Z)"
_PIECE = re.compile(
    rf"\s*(?:{_COMMENT}|<!doctype[^>]*>|</[a-z][^>]*>|<(?:br|hr|img|link|meta)\b[^>]*>"
    rf"|<(?P<name>{_BLOCKS})\b)",
    re.DOTALL | re.IGNORECASE,
)
# Elements that may stay open at the end of HTML.
_MAY_STAY_OPEN = frozenset({"article", "body", "div", "html", "section", "table"})
_CODE = re.compile(r"<(pre|script|style|textarea)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
# CommonMark 4.6: Markdown starts again after a blank line. These are possible starts.
_TEXT_INSIDE = re.compile(
    r">[ \t]*\n[ \t]*\n\s*?^ {0,3}"
    r"(?:(?P<mark>#{1,6} |[*+-] |\d{1,3}[.)] |> |```|~~~|\||!?\[|\*\*)|\w)",
    re.MULTILINE,
)
_INLINE_ENDS = frozenset({"/summary", "/strong", "/b", "/em", "/i", "/a", "/span"})
_ASKS_FOR_MARKDOWN = re.compile(r"""\smarkdown=["']?(?:1|block|span)\b""")


def is_html(text: str) -> bool:
    """Return True if `text` is only HTML elements, comments and white space.

    It is Markdown if it starts with a picture, a centred paragraph or a comment and goes on in
    Markdown, or if its elements hold Markdown (after a blank line, or by ``markdown="1"``).
    """
    body = text.lstrip()
    if not body.startswith("<") or not _only_elements(body):
        return False
    if "markdown=" in body and _ASKS_FOR_MARKDOWN.search(body):
        return False
    return not (_holds_markdown(body) and _holds_markdown(_CODE.sub("", body)))


def _holds_markdown(body: str) -> bool:
    # Only after a start tag or an inline end tag is bare text a sign of Markdown.
    before = last = 0
    for match in _TEXT_INSIDE.finditer(body):
        if match["mark"]:
            return True
        last = max(last, body.rfind("<", before, match.start()) + 1)
        before = match.start()
        if not body.startswith("/", last) or body[last : min(before, last + 20)] in _INLINE_ENDS:
            return True
    return False


def _only_elements(body: str) -> bool:
    position, started = 0, False
    elements = _Elements(body)
    while position < len(body):
        piece = _PIECE.match(body, position)
        if piece is None:
            return started and not body[position:].strip()
        name = piece["name"]
        started = started or name is not None
        position = piece.end() if name is None else elements.end_of(name.lower(), piece.end())
    return started


class _Elements:
    """Finder of the ends of elements. Elements of one name are paired at once, in linear time."""

    def __init__(self, body: str) -> None:
        self._body = body
        self._last_blank = body.rstrip().rfind("\n\n")
        self._ends: dict[str, dict[int, int]] = {}

    def end_of(self, name: str, position: int) -> int:
        """Return the end of the element `name` opened before `position`, which must grow."""
        if name not in self._ends:
            self._ends[name] = self._paired(name, position)
        if end := self._ends[name].get(position):
            return end
        # An open element contains the rest, as HTML in Markdown does up to a blank line.
        open_to_the_end = name in _MAY_STAY_OPEN or self._last_blank < position
        return len(self._body) if open_to_the_end else position

    def _paired(self, name: str, position: int) -> dict[int, int]:
        """Return the end of each element `name`, by the offset after the name in its start tag."""
        ends: dict[int, int] = {}
        opened = [position]
        last = self._body.rfind(">") + 1  # no tag ends after it
        for tag in _tags(name).finditer(self._body, position, max(position, last)):
            closes = tag[1]
            if closes is None:
                continue  # a comment
            if not closes:
                opened.append(tag.start() + 1 + len(name))
            elif opened:
                ends[opened.pop()] = tag.end()
        return ends


@lru_cache(maxsize=64)
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"{_COMMENT}|<(/?){name}\b[^>]*>", re.DOTALL | re.IGNORECASE)
