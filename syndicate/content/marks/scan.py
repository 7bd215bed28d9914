"""Split a body into text, code, and marks outside of code.

Guaranteed: the joined pieces are the body; time is linear in its length for any text.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

from syndicate.content.fences import FENCE, Fences, block_at

__all__ = ["Piece", "Scanner", "replaced_in_rst"]

_ELEMENT = r"<(?P<element>(?i:pre|code|kbd|samp|script|style|textarea))(?=[\s>])"
_COMMENT = r"(?P<comment><!--)"
_MARKDOWN = rf"\\[\\`]|{FENCE}|(?P<ticks>`+)"
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_INDENTED = re.compile(r"(?: {4}| {0,3}\t)")
_WIDEST = 80
_LITERAL = r"``(?:[^`\n]|`(?!`)|\n(?![ \t]*\n))*``"
"""Code within a paragraph of reStructuredText."""
_TICKS = re.compile("`+")


class Piece(NamedTuple):
    """Piece of a body. A piece that is a mark has the match of its start."""

    kind: Literal["text", "code", "mark"]
    start: int
    end: int
    match: re.Match[str] | None = None


class Scanner:
    """Iterator over the pieces of `text`.

    A mark starts where the pattern `mark` matches outside of code. The caller reads the mark and
    sets `position` to its end. If `comments`, comments are code. If `unclosed`, a fence without an
    end is code. In `html` only elements are code. In `jsx` there are no HTML blocks.
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
                continue  # not code after all
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
        """Return what `str.find` returns.

        Call it with growing positions: each match, or its absence, is searched for only once.
        """
        at = self._found.get(needle, 0)
        if 0 <= at < position or needle not in self._found:
            at = self._found[needle] = self.text.find(needle, position)
        return at

    def search(self, pattern: re.Pattern[str], position: int) -> re.Match[str] | None:
        """Return what `re.Pattern.search` returns. Positions must grow, as for `find`."""
        key = pattern.pattern
        match = self._matched.get(key)
        if key not in self._matched or (match and match.start() < position):
            match = self._matched[key] = pattern.search(self.text, position)
        return match

    def indent(self, position: int) -> str:
        """Return the white space before `position` on its line; "" after any other text."""
        before = self.text[max(0, position - _WIDEST) : position].rpartition("\n")[2]
        return before if len(before) < _WIDEST and before.isspace() else ""

    def is_alone(self, start: int, end: int) -> bool:
        """Return True if only white space is beside this range on its line."""
        before = self.text[max(0, start - _WIDEST) : start].rpartition("\n")[2]
        after = self.text[end : end + _WIDEST].partition("\n")[0]
        return not before.strip() and not after.strip() and len(before) < _WIDEST > len(after)

    def _end_of_code(self, token: re.Match[str]) -> int | None:
        """Return the end of the code that `token` opens, or None if it opens no code."""
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
        """Return the end of the indented code block around `position`, or None."""
        if self._html or not _INDENTED.match(self.text, self._line_at(position), position):
            return None
        block = block_at(self._fences.blocks, position)
        return block.end if block and not block.fenced else None

    def _line_at(self, position: int) -> int:
        """Return the start of the line of `position`. Positions must grow."""
        if position > self._seen:
            self._line = self.text.rfind("\n", self._seen, position) + 1 or self._line
            self._seen = position
        return self._line

    @cached_property
    def _runs(self) -> dict[int, list[int]]:
        """Index the starts of the runs of backticks by length."""
        runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(self.text):
            runs.setdefault(run.end() - run.start(), []).append(run.start())
        return runs


def replaced_in_rst(text: str, mark: str, replace: Callable[[re.Match[str]], str]) -> str:
    """Return reStructuredText with the matches of `mark` replaced, except in literals.

    `replace` gets a match whose group "mark" is to be replaced.
    """

    def put(match: re.Match[str]) -> str:
        return replace(match) if match["mark"] is not None else match[0]

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
