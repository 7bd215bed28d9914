"""Hold the state of reading blocks: the text, the position, and the block being filled."""

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from syndicate.content.kramdown.grammar import BLANK, END_OF_BLOCK, IAL_LINE
from syndicate.content.kramdown.tree import Attributes, Block, References
from syndicate.model import Kramdown

__all__ = ["Reader", "is_after_boundary", "is_before_boundary"]

_BOUNDARY = re.compile(rf"{BLANK}|{END_OF_BLOCK}| {{0,3}}{IAL_LINE}|\Z")


class _Place(NamedTuple):
    tree: Block
    src: str
    pos: int
    missing: dict[str, int]
    next_ial: Attributes | None
    nested: bool


class Reader:
    """Reader of one document. `read_blocks` reads the content of lists and HTML elements."""

    DEEPEST = 40

    def __init__(self, options: Kramdown, read_blocks: "Callable[..., bool]") -> None:
        self.options = options
        self.references = References()
        self.read_blocks = read_blocks
        self.tree = Block("root")
        self.src = ""
        self.pos = 0
        self.depth = 0
        self.next_ial: Attributes | None = None
        self._missing: dict[str, int] = {}

    def enter(self, parent: Block, text: str | None) -> _Place:
        """Fill `parent`, from the start of `text` or from the current position."""
        place = _Place(
            self.tree, self.src, self.pos, self._missing, self.next_ial, text is not None
        )
        self.tree, self.next_ial = parent, None
        self.depth += 1
        if text is not None:
            self.src, self.pos, self._missing = text, 0, {}
        return place

    def leave(self, place: _Place) -> None:
        """Return to the previous block, and to the previous text if `enter` got a text."""
        self.tree, self.next_ial = place.tree, place.next_ial
        self.depth -= 1
        if place.nested:
            self.src, self.pos, self._missing = place.src, place.pos, place.missing

    def add(self, block: Block) -> Block:
        """Append `block` to the parent, with the attribute list before it."""
        if self.next_ial is not None:
            block.ial, self.next_ial = self.next_ial, None
        self.tree.children.append(block)
        return block

    def line(self) -> str:
        """Return the rest of the line with its end, and advance past it."""
        end = self.src.find("\n", self.pos) + 1 or len(self.src)
        text, self.pos = self.src[self.pos : end], end
        return text

    def until(self, end: re.Pattern[str]) -> str:
        """Return this line and the lines after it, up to a line where `end` matches."""
        start = self.pos
        self.line()
        match = end.search(self.src, self.pos)
        self.pos = match.start() if match else len(self.src)
        return self.src[start : self.pos]

    def find(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        """Return what `re.Pattern.search` returns. A missing match is searched for only once."""
        if position >= self._missing.get(pattern.pattern, position + 1):
            return None
        match = pattern.search(self.src, position)
        if match is None:
            self._missing[pattern.pattern] = position
        return match

    def index(self, needle: str, position: int) -> int:
        """Return what `str.find` returns. A missing text is searched for only once."""
        if position >= self._missing.get(needle, position + 1):
            return -1
        at = self.src.find(needle, position)
        if at < 0:
            self._missing[needle] = position
        return at

    def set_options(self, values: Mapping[str, str]) -> None:
        """Apply the known settings of ``{::options …}``."""
        for name in ("parse_block_html", "parse_span_html"):
            if name in values:
                self.options = replace(self.options, **{name: values[name] == "true"})
        if levels := re.findall(r"[1-6]", values.get("toc_levels", "")):
            first, last = int(levels[0]), int(levels[-1])
            ranged = ".." in values["toc_levels"] or "-" in values["toc_levels"]
            chosen = range(first, last + 1) if ranged else map(int, levels)
            self.options = replace(self.options, toc_levels=frozenset(chosen))


def is_after_boundary(reader: Reader) -> bool:
    """Return True if a blank line, an end of block or an attribute list is before the position."""
    last = reader.tree.children[-1] if reader.tree.children else None
    if last is None or last.kind == "blank" or reader.next_ial is not None:
        return True
    return last.kind == "end" and not last.name


def is_before_boundary(reader: Reader) -> bool:
    """Return True if a blank line, an end of block or an attribute list follows."""
    return _BOUNDARY.match(reader.src, reader.pos) is not None
