"""Remove line ends of the source between Chinese or Japanese characters.

A browser shows a line end as a space. Between wide characters no space is intended.
"""

import re
import unicodedata
from collections import deque

__all__ = ["is_wide_pair", "without_line_ends"]

_WIDE_BESIDE_WIDE = frozenset("“”‘’…—·")
"""Punctuation that Chinese shares with other languages."""
_INLINE = (
    r"(?:</?(?:a|abbr|b|big|bdi|bdo|cite|del|dfn|em|i|ins|mark|q|s|small|span|strong|sub|sup|u)"
    r"\b[^<>]{0,500}>)"
)
# `is_wide_pair` decides finally; an exact class is slow to compile
_MAY_BE_WIDE = r"[^\x00-\u2012]"
_LINE_END = re.compile(
    # Only after wide characters and inline tags is a line end looked for. Bodies of HTML have many
    # other tags. `em` is the only inline tag of two letters.
    r"\n(?<![\n!-=?-~]\n)(?<!</p>\n)(?<!<p>\n)(?<!</[a-df-z]\w>\n)(?<!<[a-df-z]\w>\n)(?<!<br/>\n)"
    r"(?<!</div>\n)"
    rf"[ \t]*(?=</?[abcdeimqsu]|{_MAY_BE_WIDE})({_INLINE}{{0,5}})(?={_MAY_BE_WIDE})"
)
_INLINE_TAG = re.compile(_INLINE)
_LONGEST_TAG = 520
_MOST_TAGS = 5
_CODE = re.compile(
    r"<(?P<name>pre|code|textarea|script|style)\b.*?(?:</(?P=name)\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def is_wide_pair(before: str, after: str) -> bool:
    """Return True if a line end between the characters is no space (CSS Text 3, 4.1.3).

    Hangul is wide, but separates its words by spaces.
    """
    wide = [
        unicodedata.east_asian_width(char) in "WF" and not "가" <= char <= "힣"
        for char in (before, after)
    ]
    return all(wide) or (any(wide) and (before in _WIDE_BESIDE_WIDE or after in _WIDE_BESIDE_WIDE))


def without_line_ends(html: str) -> str:
    """Return HTML without line ends between wide characters, except in code."""
    if html.isascii():
        return html
    ends = [end for end in _LINE_END.finditer(html) if _says_nothing(end)]
    if not ends:
        return html
    has_code = "<pre" in html or "<code" in html
    codes = deque(code.span() for code in _CODE.finditer(html) if has_code)
    out, position = [], 0
    for end in ends:
        while codes and codes[0][1] <= end.start():
            codes.popleft()
        if not (codes and codes[0][0] <= end.start()):
            out += [html[position : end.start()], end[1]]
            position = end.end()
    return "".join(out) + html[position:]


def _says_nothing(end: re.Match[str]) -> bool:
    before = _character_before(end.string, end.start())
    return bool(before) and is_wide_pair(before, end.string[end.end()])


def _character_before(text: str, end: int) -> str:
    """Return the last character before `end`, skipping inline tags; "" if a block ends there."""
    while end and text[end - 1] in " \t":
        end -= 1
    for _ in range(_MOST_TAGS + 1):
        before = text[end - 1 : end]
        if before != ">":
            return before.strip()
        start = text.rfind("<", max(0, end - _LONGEST_TAG), end)
        if start < 0 or not _INLINE_TAG.fullmatch(text, start, end):
            return ""
        end = start
    return ""
