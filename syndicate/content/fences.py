"""Where the code of a Markdown body lies, so that no rule about prose touches it.

Fenced blocks and raw `<pre>` are told apart here; indented and inline code are left to the
rules themselves, which look at whole lines or at rendered HTML.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import NamedTuple

import pyromark

__all__ = [
    "MDX_FENCE",
    "CodeBlock",
    "Fences",
    "around",
    "code_blocks",
    "outside_code",
    "segments",
    "without_mdx_fences",
]

MDX_FENCE = "mdx-code-block"
"""Info string of the fences that Docusaurus takes away: they hold MDX, and no code."""

# A fence may stand in quotes and list items. A backtick fence has no backtick in its info string.
_OPEN = re.compile(
    r"^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|^ {0,3}(?P<pre><pre\b)",
    re.MULTILINE | re.IGNORECASE,
)
_CLOSE_PRE = re.compile("</pre>", re.IGNORECASE)
_MDX_BLOCK = re.compile(
    rf"[ \t>]*`{{3,4}}[ ]*{MDX_FENCE}[ \t]*\r?\n(.*?)[ \t>]*`{{3,}}[ \t]*(?:\r?\n)?", re.DOTALL
)


class CodeBlock(NamedTuple):
    """A block of code as the renderer sees it: from its first mark to its end."""

    start: int
    end: int
    fenced: bool


def code_blocks(text: str) -> list[CodeBlock]:
    """Return the code blocks of `text` in order, fenced and indented.

    Only a parser knows where one in a list or a quotation ends, and indented code from the
    paragraphs of a list item.
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


def around(blocks: list[CodeBlock], position: int) -> CodeBlock | None:
    """Return the block of `blocks` that `position` lies in."""
    index = bisect_right(blocks, position, key=lambda block: block.start) - 1
    return blocks[index] if index >= 0 and position < blocks[index].end else None


class Fences:
    """Finds where the fences of `text` end. `unclosed`: whether one that is not closed is code.

    `jsx`: the text is MDX, which has no HTML blocks: an indented fence is code wherever it stands.
    Positions grow: what closes no fence once is not sought again.
    """

    def __init__(self, text: str, *, unclosed: bool, jsx: bool = False) -> None:
        self._text = text
        self._jsx = jsx
        self._unclosed = unclosed
        self._missing: set[str] = set()

    @cached_property
    def blocks(self) -> list[CodeBlock]:
        """The code blocks of the text."""
        return code_blocks(self._text)

    def end(self, opening: re.Match[str]) -> int:
        """Return where the fence that `opening` found ends, 0 where it is none.

        In a list or a quotation (`before` it on its line) that is at the latest where these end.
        """
        mark, limit = opening["fence"], len(self._text)
        within = bool(opening["before"].strip() if self._jsx else opening["before"])
        if within:
            block = around(self.blocks, opening.start("fence"))
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
    """`text` cut into pieces, each with whether it is code. Joined they are `text` again.

    `unclosed`: whether a fence that is not closed is code, as it is to CommonMark.
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
        if not end:  # it only looks like a fence
            sought = opening.end()
            continue
        if start > position:
            yield False, text[position:start]
        yield True, text[start:end]
        position = sought = end
    if position < len(text):
        yield False, text[position:]


def outside_code(text: str, edit: Callable[[str], str]) -> str:
    """`text` with `edit` applied to each piece that is not code."""
    return "".join(piece if code else edit(piece) for code, piece in segments(text))


def without_mdx_fences(text: str) -> str:
    """Return `text` with the fences called `MDX_FENCE` taken away and their contents kept.

    Each fence line becomes an empty line, so that lines keep their numbers. A fence within another
    fence is code.
    """
    if MDX_FENCE not in text:
        return text
    return "".join(_unfenced(piece) if code else piece for code, piece in segments(text))


def _unfenced(code: str) -> str:
    found = _MDX_BLOCK.fullmatch(code)
    return f"\n{found[1]}\n" if found else code


@lru_cache(maxsize=32)
def _closing_fence(bar: str, length: int) -> re.Pattern[str]:
    return re.compile(rf"^[ \t>]*{bar}{{{length},}}[ \t]*\r?$\n?", re.MULTILINE)
