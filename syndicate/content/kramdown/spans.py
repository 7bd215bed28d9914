"""Read kramdown's spans: emphasis, code, links, HTML in a line, and signs.

The rules come from the source of kramdown 2.4 and its GFM parser. Guaranteed: never raises; spans
nest at most `_DEEPEST` deep. A span that is not closed is read again as text, which is paid from
`fuel`; without fuel no span opens. So time is linear.
"""

import re
from collections.abc import Callable, Mapping

from syndicate.content.kramdown.attributes import ID
from syndicate.content.kramdown.grammar import WHITE
from syndicate.content.kramdown.inline_html import read_angle, read_struck
from syndicate.content.kramdown.links import read_target
from syndicate.content.kramdown.signs import (
    read_dashes,
    read_dots,
    read_entity,
    read_escape,
    read_extension,
    read_guillemets,
    read_math,
    read_quote,
)
from syndicate.content.kramdown.tree import References, Span, apply
from syndicate.model import Kramdown

__all__ = ["SpanReader"]

Children = list[Span | str]
Stop = Callable[[], bool]

_DEEPEST = 40
_FUEL_PER_CHARACTER = 8
_FUEL_AT_LEAST = 20_000

# Each alternative begins with a character of its own, so that the search looks for characters.
_SPECIAL = re.compile(r"\*|_|`|<|\[|\]|!\[|&|\\|\$|\"|'|~~|>>|\{:|---?|\.\.\.")
_TICKS = re.compile("`+")
_FOOTNOTE = re.compile(rf"\[\^(?P<name>{ID})\]")
_ESCAPED = re.compile(r"\\([\\.*_+`<>()\[\]{}#!:|\"'$=\-])")
_ESCAPED_GFM = re.compile(r"\\([\\.*_+`<>()\[\]{}#!:|\"'$=\-~])")
_SIGNS = {
    "---": ("mdash", "—"),
    "--": ("ndash", "–"),
    "...": ("hellip", "…"),
    "<< ": ("laquo_space", "«\xa0"),
    " >>": ("raquo_space", "\xa0»"),
    "<<": ("laquo", "«"),
    ">>": ("raquo", "»"),
}
_WHITE = frozenset(WHITE)
_QUOTED_AFTER = frozenset("]$&<")


class SpanReader:
    """Reader of the spans of a document. `references` holds the definitions of all its blocks."""

    def __init__(self, options: Kramdown, references: References, size: int) -> None:
        self.options = options
        self.references = references
        self.fuel = _FUEL_AT_LEAST + _FUEL_PER_CHARACTER * size
        self.src = ""
        self.pos = 0
        self.open: list[str] = []
        self.missing: dict[str, int] = {}
        self.escaped = _ESCAPED_GFM if options.gfm else _ESCAPED

    def read(self, text: str) -> Children:
        """Return the spans of `text`, the text of a block."""
        children: Children = []
        if _SPECIAL.search(text) is None:
            return [text]
        outer = (self.src, self.pos, self.open, self.missing)
        self.src, self.pos, self.open, self.missing = text, 0, [], {}
        self.read_until(children, None)
        self.src, self.pos, self.open, self.missing = outer
        return children

    def read_until(self, children: Children, stop: Stop | None) -> bool:
        """Read spans up to the end, or until `stop` holds. Returns True if it held."""
        src = self.src
        while True:
            start = self.pos
            special = _SPECIAL.search(src, start)
            if special is None:
                if stop is None:
                    children.append(src[start:])
                    self.pos = len(src)
                return False
            at, sign = special.start(), special[0][0]
            if sign in "\"'" and at > start:
                at -= 1  # the character before a quote decides whether it opens or closes
            if at > start:
                children.append(src[start:at])
                self.pos = at
            if stop is not None and stop():
                return True
            if not _READERS[sign](self, children):
                self._read_text(children)

    def _read_text(self, children: Children) -> None:
        """Read the sign at the position as text, with the quote that may follow it."""
        sign = self.src[self.pos]
        if sign in _QUOTED_AFTER and self.src[self.pos + 1 : self.pos + 2] in ("'", '"'):
            read_quote(self, children)
            return
        children.append(sign)
        self.pos += 1

    def find(self, needle: str, position: int) -> int:
        """Return what `str.find` returns. A missing text is searched for only once."""
        if position >= self.missing.get(needle, position + 1):
            return -1
        at = self.src.find(needle, position)
        if at < 0:
            self.missing[needle] = position
        return at

    def _inner(self, kind: str, children: Children, stop: Stop) -> bool:
        self.open.append(kind)
        closed = self.read_until(children, stop)
        self.open.pop()
        return closed

    def sign(self, written: str) -> str:
        """Return the text for hyphens, dots or angle brackets, by the options or kramdown's own."""
        name, usual = _SIGNS[written]
        return self.options.symbols.get(name, usual)

    def may_open(self) -> bool:
        """Return True if one more span may open here."""
        return self.fuel > 0 and len(self.open) < _DEEPEST

    def spend(self, start: int, end: int) -> None:
        """Subtract the cost of reading a text again from `fuel`."""
        self.fuel -= end - start + 1

    def read_emphasis(self, children: Children) -> bool:
        """Read text between stars or underscores, or the marks as text."""
        src, at = self.src, self.pos
        sign = src[at]
        mark = sign * 2 if src.startswith(sign * 2, at) else sign
        kind = "strong" if len(mark) == 2 else "em"
        after = src[at + len(mark) : at + len(mark) + 1]
        if (
            after in _WHITE
            or (sign == "_" and _follows_letter(src, at))
            or kind in self.open
            or not self.may_open()
        ):
            children.append(mark)
            self.pos = at + len(mark)
            return True
        parent = self.open[-1] if self.open else ""
        span = self._emphasis(kind, mark, at + len(mark))
        if span is None and kind == "strong" and parent != "em":
            span = self._emphasis("em", sign, at + 1)
        if span is None:
            children.append(mark)
            self.pos = at + len(mark)
        else:
            children.append(span)
        return True

    def _emphasis(self, kind: str, mark: str, start: int) -> Span | None:
        """Return the emphasis whose content starts at `start`, and advance past it."""
        src, length, children = self.src, len(mark), list[Span | str]()

        def closes() -> bool:
            at = self.pos
            if not src.startswith(mark, at) or src[at - 1] in _WHITE or not children:
                return False
            after = src[at + length : at + length + 1]
            if length == 1 and after == mark and src[at + 2 : at + 3] != mark:
                return False
            return mark[0] != "_" or not after.isalnum()

        self.pos = start
        if self._inner(kind, children, closes):
            self.pos += length
            return Span(kind, children=children)
        self.spend(start, len(src))
        return None

    def read_code(self, children: Children) -> bool:
        """Read text between backticks, or the backticks as text."""
        src, at = self.src, self.pos
        ticks = _TICKS.match(src, at)
        mark = ticks[0] if ticks else "`"
        start = at + len(mark)
        alone = len(mark) == 1
        if alone and src[start : start + 1] in _WHITE and (at == 0 or src[at - 1] in _WHITE):
            end = -1
        else:
            end = self.find(mark, start)
        if end < 0:
            children.append(mark)
            self.pos = start
            return True
        code = src[start:end]
        if not alone:
            code = code.removeprefix(" ").removesuffix(" ")
        children.append(Span("code", code))
        self.pos = end + len(mark)
        return True

    def read_bracket(self, children: Children) -> bool:
        """Read a link, a picture or a footnote reference, or the bracket as text."""
        src, at = self.src, self.pos
        is_image = src[at] == "!"
        if not is_image and (note := _FOOTNOTE.match(src, at)):
            defined = note["name"] in self.references.footnotes
            children.append(Span("footnote", note["name"]) if defined else note[0])
            self.pos = note.end()
            return True
        start = at + (2 if is_image else 1)
        if src[start : start + 1] in ("^", ""):
            return False
        mark = src[at:start]
        pictures = self.open.count("img")
        nested = pictures > 1 if is_image else pictures > 0 or "a" in self.open
        if nested or not self.may_open():
            children.append(mark)
            self.pos = start
            return True
        span = self._link("img" if is_image else "a", start)
        if span is None:
            self.spend(start, self.pos)
            self.pos = start
            children.append(mark)
        else:
            children.append(span)
        return True

    def _link(self, kind: str, start: int) -> Span | None:
        """Return the link or picture whose text starts at `start`, and advance past it."""
        src, inner, depth, counted = self.src, list[Span | str](), 1, 0

        def closes() -> bool:
            nonlocal depth, counted
            sign = src[self.pos]
            if sign == "]":
                depth -= 1
            elif sign == "[" or src.startswith("![", self.pos):
                depth += 1
            else:
                return False
            # The opening bracket of the picture was counted, so its own brackets are behind it.
            while counted < len(inner):
                child = inner[counted]
                depth -= not isinstance(child, str) and child.kind == "img"
                counted += 1
            return depth == 0

        self.pos = start
        if not self._inner(kind, inner, closes):
            self.pos = len(src)
            return None
        text = _ESCAPED.sub(r"\1", src[start : self.pos])
        self.pos += 2 if src.startswith("![", self.pos) else 1
        target = read_target(self, text)
        if target is None:
            return None
        address, title, attribute_list = target
        attributes: dict[str, str] = {}
        if attribute_list is not None:
            apply(attributes, attribute_list, self.references.lists)
        if kind == "a":
            attributes["href"] = address
        else:
            attributes |= {"src": address, "alt": text}
            inner = []
        if title is not None:
            attributes["title"] = title
        return Span(kind, children=inner, attributes=attributes)


def _follows_letter(src: str, at: int) -> bool:
    """Return True if a letter, or a letter and a hyphen, is before `at`."""
    if at and src[at - 1] == "-":
        at -= 1
    return at > 0 and src[at - 1].isalpha()


_Reads = Callable[[SpanReader, Children], bool]


def _is_text(_reader: SpanReader, _children: Children) -> bool:
    return False


_READERS: Mapping[str, _Reads] = {
    "*": SpanReader.read_emphasis,
    "_": SpanReader.read_emphasis,
    "`": SpanReader.read_code,
    "[": SpanReader.read_bracket,
    "!": SpanReader.read_bracket,
    "<": read_angle,
    "~": read_struck,
    '"': read_quote,
    "'": read_quote,
    "$": read_math,
    "{": read_extension,
    "&": read_entity,
    "-": read_dashes,
    ".": read_dots,
    ">": read_guillemets,
    "\\": read_escape,
    "]": _is_text,
}
