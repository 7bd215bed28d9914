"""Find the code in a Markdown body, so that edits of prose leave it unchanged.

Only fenced blocks and raw `<pre>` are found here. Edits themselves take care of indented and inline
code, because they look at whole lines or at rendered HTML.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

import pyromark

__all__ = [
    "FENCE",
    "MDX_FENCE",
    "CodeBlock",
    "Fences",
    "block_at",
    "code_blocks",
    "outside_code",
    "segments",
    "without_mdx_fences",
]

MDX_FENCE = "mdx-code-block"
"""Info string of the fences that Docusaurus removes. They hold MDX and not code."""

FENCE = r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
"""Start of a fence, perhaps in quotations and lists. Backtick fences have no backtick after it."""
_OPEN = re.compile(rf"{FENCE}|^ {{0,3}}(?P<pre><pre\b)", re.MULTILINE | re.IGNORECASE)
_CLOSE_PRE = re.compile("</pre>", re.IGNORECASE)
_MDX_BLOCK = re.compile(
    rf"[ \t>]*`{{3,4}}[ ]*{MDX_FENCE}[ \t]*\r?\n(.*?)[ \t>]*`{{3,}}[ \t]*(?:\r?\n)?", re.DOTALL
)


class CodeBlock(NamedTuple):
    """Block of code as the renderer sees it, from its first mark to its end."""

    start: int
    end: int
    fenced: bool


def code_blocks(text: str) -> list[CodeBlock]:
    """Return the fenced and indented code blocks of `text`, in order.

    Only a parser knows where code in a list or a quotation ends, and which indented text is a
    paragraph of a list item.
    """
    data = text.encode("utf-8", "replace")
    blocks: list[CodeBlock] = []
    characters = octets = 0
    for event, place in pyromark.events_with_range(data.decode("utf-8")):
        start = event.get("Start") if isinstance(event, dict) else None
        if not isinstance(start, dict) or "CodeBlock" not in start:
            continue
        characters += len(data[octets : place["start"]].decode("utf-8"))
        octets = place["start"]
        length = len(data[octets : place["end"]].decode("utf-8"))
        fenced = start["CodeBlock"] != "Indented"
        blocks.append(CodeBlock(characters, characters + length, fenced))
    return blocks


def block_at(blocks: list[CodeBlock], position: int) -> CodeBlock | None:
    """Return the block of `blocks` around `position`, or None."""
    index = bisect_right(blocks, position, key=lambda block: block.start) - 1
    return blocks[index] if index >= 0 and position < blocks[index].end else None


class Fences:
    """Finder of the ends of fences in `text`. If `unclosed`, a fence without an end is code.

    If `jsx`, the text is MDX without HTML blocks, so an indented fence is always code. Call `end`
    with growing positions: a missing end is searched for only once.
    """

    def __init__(self, text: str, *, unclosed: bool, jsx: bool = False) -> None:
        self._text = text
        self._jsx = jsx
        self._unclosed = unclosed
        self._missing: set[str] = set()

    @cached_property
    def blocks(self) -> list[CodeBlock]:
        """Code blocks of the text."""
        return code_blocks(self._text)

    def end(self, opening: re.Match[str]) -> int:
        """Return the end of the fence that starts at the match `opening`; 0 if it is not a fence.

        A fence in a list or quotation (`before` it on its line) ends with these at the latest.
        """
        mark, limit = opening["fence"], len(self._text)
        within = bool(opening["before"].strip() if self._jsx else opening["before"])
        if within:
            block = block_at(self.blocks, opening.start("fence"))
            if block is None:
                return 0
            limit = block.end
        elif mark in self._missing:
            return limit if self._unclosed else 0
        closed = _closing_fence(mark[0], len(mark)).search(self._text, opening.end(), limit)
        if closed is not None:
            return closed.end()
        if not within:
            self._missing.add(mark)
        return limit if self._unclosed else 0


def segments(text: str, *, unclosed: bool = True) -> Iterator[tuple[bool, str]]:
    """Yield the pieces of `text`, each with True for code. Joined, they are `text`.

    If `unclosed`, a fence without an end is code, as in CommonMark.
    """
    position = sought = 0
    fences = Fences(text, unclosed=unclosed)
    while opening := _OPEN.search(text, sought):
        start = opening.start()
        if opening["fence"]:
            end = fences.end(opening)
        else:
            closing = _CLOSE_PRE.search(text, opening.end())
            end = closing.end() if closing else len(text)
        if not end:  # not a fence after all
            sought = opening.end()
            continue
        if start > position:
            yield False, text[position:start]
        yield True, text[start:end]
        position = sought = end
    if position < len(text):
        yield False, text[position:]


def outside_code(text: str, edit: Callable[[str], str]) -> str:
    """Return `text` with `edit` applied to each piece that is not code."""
    return "".join(piece if code else edit(piece) for code, piece in segments(text))


def without_mdx_fences(text: str) -> str:
    """Return `text` without the fences called `MDX_FENCE`, but with their contents.

    Each fence line becomes an empty line, so that line numbers stay the same. A fence within
    another fence is code.
    """
    if MDX_FENCE not in text:
        return text
    return "".join(_unfenced(piece) if code else piece for code, piece in segments(text))


def _unfenced(code: str) -> str:
    match = _MDX_BLOCK.fullmatch(code)
    return f"\n{match[1]}\n" if match else code


@lru_cache(maxsize=32)
def _closing_fence(bar: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"^[ \t>]*{bar}{{{length},}}[ \t]*\r?$\n?", re.MULTILINE)
