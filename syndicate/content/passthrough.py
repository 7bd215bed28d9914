"""Hide formulas from a Markdown renderer, and restore them afterwards."""

import re
from html import escape

__all__ = ["CODE_SPAN", "HiddenFormulas"]

CODE_SPAN = r"`(?P<ticks>`*)(?!`)[^`\n]*(?<!`)`(?P=ticks)(?!`)"
# From the last private plane, which icon fonts do not use.
_COVER = re.compile("\U0010f800(\\d{1,7})\U0010f801")
_BREAK = re.compile("&lt;br ?/?&gt;")
_BLANK_LINE = re.compile(r"\n[ \t]*\n")
_BLOCK = re.compile(r"\n[ \t]*(?:\n|[#>|]|[-*+][ \t]|\d{1,9}[.)][ \t])")
_LONGEST = 10_000
"""Characters of a formula."""


class HiddenFormulas:
    """Replaces the text between delimiters by characters without meaning for a renderer."""

    def __init__(self, delimiters: tuple[tuple[str, str], ...]) -> None:
        self._delimiters = delimiters
        self._covered: list[str] = []

    def may_hide(self, text: str) -> bool:
        """Return True if `text` has an opening delimiter."""
        return any(opening in text for opening, _ in self._delimiters)

    def hide(self, text: str) -> str:
        """Return `text`, which is outside of fenced code, with its formulas hidden."""
        closings = {opening: closing for opening, closing in self._delimiters if opening in text}
        if not closings:
            return text
        longest_first = "|".join(sorted(map(re.escape, closings), key=len, reverse=True))
        openings = re.compile(rf"{CODE_SPAN}|(?<!\\)(?P<opening>{longest_first})")
        out: list[str] = []
        position, ends = 0, dict.fromkeys(closings.values(), 0)
        for match in openings.finditer(text):
            opening = match["opening"]
            if opening is None or match.start() < position:
                continue
            closing = closings[opening]
            if 0 <= ends[closing] < match.end():
                ends[closing] = text.find(closing, match.end())
            end = ends[closing]
            if end >= 0 and _is_formula(text, match, end):
                out += [text[position : match.start()], self._cover(text, match, end, closing)]
                position = end + len(closing)
        return "".join(out) + text[position:]

    def _cover(self, text: str, opening: re.Match[str], end: int, closing: str) -> str:
        self._covered.append(text[opening.start() : end + len(closing)])
        return f"\U0010f800{len(self._covered) - 1}\U0010f801"

    def restore(self, rendered: str) -> str:
        """Return HTML with the formulas restored as text."""
        if not self._covered:
            return rendered
        return _COVER.sub(self._uncover, rendered)

    def _uncover(self, match: re.Match[str]) -> str:
        number = int(match[1])
        if number >= len(self._covered):
            return match[0]
        return _BREAK.sub("<br>", escape(self._covered[number], quote=False))


def _is_formula(text: str, opening: re.Match[str], end: int) -> bool:
    """Return True if the text from `opening` to `end` is a formula: it stays in its block."""
    start = opening.end()
    if not 0 < end - start <= _LONGEST or not text[start : start + 50].strip():
        return False
    stop = _BLOCK if len(opening[0]) == 1 else _BLANK_LINE
    if stop.search(text, start, end):
        return False
    line = text.rfind("\n", max(0, start - _LONGEST), start) + 1
    return "|" not in text[line:start] or "|" not in text[start:end]
