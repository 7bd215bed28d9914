"""A body read from left to right: text, code, and the marks that stand outside code.

Guaranteed: the pieces joined are the body; the time is linear in its length, whatever is in it.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from syndicate.content.fences import Fences, around

__all__ = ["Piece", "Scanner", "replaced_in_rst"]

_ELEMENT = r"<(?P<element>(?i:pre|code|kbd|samp|script|style|textarea))(?=[\s>])"
_COMMENT = r"(?P<comment><!--)"
# A fence may stand in quotes and list items. A backtick fence has no backtick in its info string.
_MARKDOWN = (
    r"\\[\\`]"
    r"|^(?P<before>[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?P<fence>`{3,}(?=[^`\n]*$)|~{3,})"
    r"|(?P<ticks>`+)"
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_WIDEST = 80
_LITERAL = r"``(?:[^`\n]|`(?!`)|\n(?![ \t]*\n))*``"
"""Code within a paragraph of reStructuredText."""
_TICKS = re.compile("`+")


class Piece(NamedTuple):
    """A stretch of the body. A mark carries the match that found it."""

    kind: Literal["text", "code", "mark"]
    start: int
    end: int
    match: re.Match[str] | None = None


class Scanner:
    """Iterates over the pieces of `text`.

    A mark is where the pattern `mark` matches outside code; who reads it sets `position` to where
    it ends. Comments are code where `comments`, fences that nothing closes where `unclosed`;
    `html` has no code but elements, `jsx` no HTML blocks.
    """

    def __init__(
        self,
        text: str,
        mark: str,
        *,
        html: bool,
        comments: bool = True,
        unclosed: bool = True,
        jsx: bool = False,
    ) -> None:
        self.text = text
        self._fences = Fences(text, unclosed=unclosed, jsx=jsx)
        self.position = 0
        self._html = html
        self._tokens = _tokens(mark, html=html, comments=comments)
        self._found: dict[str, int] = {}
        self._matched: dict[str, re.Match[str] | None] = {}
        self._line = self._seen = 0

    def __iter__(self) -> Iterator[Piece]:
        start = 0
        while token := self._tokens.search(self.text, self.position):
            self.position = token.end()
            end = self._end_of_code(token)
            if end is None and token["mark"] is None:
                continue  # it only looked like code
            if token.start() > start:
                yield Piece("text", start, token.start())
            if end is None:
                yield Piece("mark", token.start(), token.end(), token)
            else:
                self.position = end
                yield Piece("code", token.start(), end)
            start = self.position
        if start < len(self.text):
            yield Piece("text", start, len(self.text))

    def find(self, needle: str, position: int) -> int:
        """As `str.find`. Positions only grow: what lies ahead, or is missing, is sought once."""
        found = self._found.get(needle, 0)
        if 0 <= found < position or needle not in self._found:
            found = self._found[needle] = self.text.find(needle, position)
        return found

    def search(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        """As `re.Pattern.search`, with the same memory."""
        key = pattern.pattern
        found = self._matched.get(key)
        if key not in self._matched or (found and found.start() < position):
            found = self._matched[key] = pattern.search(self.text, position)
        return found

    def indent(self, position: int) -> str:
        """The white space before `position` where nothing else is before it on its line."""
        before = self.text[max(0, position - _WIDEST) : position].rpartition("\n")[2]
        return before if len(before) < _WIDEST and before.isspace() else ""

    def is_alone(self, start: int, end: int) -> bool:
        """Return whether nothing but white space stands beside this stretch on its line."""
        before = self.text[max(0, start - _WIDEST) : start].rpartition("\n")[2]
        after = self.text[end : end + _WIDEST].partition("\n")[0]
        return not before.strip() and not after.strip() and len(before) < _WIDEST > len(after)

    def _end_of_code(self, token: re.Match[str]) -> int | None:
        """Where the code that `token` opens ends; None where it opens none."""
        kinds = token.groupdict()
        if kinds["mark"] is not None:
            return self._end_of_indented(token.start("mark"))
        if element := kinds.get("element"):
            closed = self.search(_closing_tag(element.lower()), token.end())
            return closed.end() if closed else None
        if kinds.get("comment"):
            dashes = self.find("-->", token.end())
            return None if dashes < 0 else dashes + 3
        if kinds.get("fence"):
            return self._fences.end(token) or None
        return self._end_of_inline(token.end(), len(kinds.get("ticks") or ""))

    def _end_of_inline(self, position: int, length: int) -> int | None:
        runs = self._runs.get(length, [])
        index = bisect_left(runs, position)
        if index == len(runs) or _BLANK_LINE.search(self.text, position, runs[index]):
            return None
        return runs[index] + length

    def _end_of_indented(self, position: int) -> int | None:
        """Where the indented code block around `position` ends; None where there is none."""
        if self._html or not _INDENTED.match(self.text, self._line_at(position), position):
            return None
        block = around(self._fences.blocks, position)
        return block.end if block and not block.fenced else None

    def _line_at(self, position: int) -> int:
        """Where the line of `position` starts. Positions only grow."""
        if position > self._seen:
            self._line = self.text.rfind("\n", self._seen, position) + 1 or self._line
            self._seen = position
        return self._line

    @cached_property
    def _runs(self) -> dict[int, list[int]]:
        """Where the runs of backticks start, by their length."""
        runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(self.text):
            runs.setdefault(run.end() - run.start(), []).append(run.start())
        return runs


def replaced_in_rst(text: str, mark: str, replace: Callable[[re.Match[str]], str]) -> str:
    """Return reStructuredText with what the pattern `mark` matches replaced; literals stay.

    `replace` gets a match whose group "mark" is what it replaces.
    """

    def put(found: re.Match[str]) -> str:
        return replace(found) if found["mark"] is not None else found[0]

    return _in_rst(mark).sub(put, text)


@lru_cache(maxsize=8)
def _in_rst(mark: str) -> re.Pattern[str]:
    return re.compile(rf"{_LITERAL}|(?P<mark>{mark})", re.MULTILINE)


@lru_cache(maxsize=32)
def _tokens(mark: str, *, html: bool, comments: bool) -> re.Pattern[str]:
    kinds = [_ELEMENT, rf"(?P<mark>{mark})"]
    if comments:
        kinds.insert(0, _COMMENT)
    if not html:
        kinds.insert(0, _MARKDOWN)
    return re.compile("|".join(kinds), re.MULTILINE)


@lru_cache(maxsize=32)
def _closing_tag(element: str) -> re.Pattern[str]:
    return re.compile(rf"</{element}\s*>", re.IGNORECASE)
