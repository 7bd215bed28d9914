"""Line ends of the source between Chinese or Japanese characters, where they say nothing.

A browser shows a line end as a space. Between wide characters no space is meant.
"""

import re
import unicodedata

__all__ = ["is_wide_pair", "without_line_ends"]

_WIDE_BESIDE_WIDE = frozenset("“”‘’…—·")
"""Punctuation that Chinese shares with other languages."""
_INLINE = (
    r"(?:</?(?:a|abbr|b|big|bdi|bdo|cite|del|dfn|em|i|ins|mark|q|s|small|span|strong|sub|sup|u)"
    r"\b[^<>]{0,500}>)"
)
_MAY_BE_WIDE = r"[‘’“”…—·\u2e80-\ua4cf\uf900-\ufaff\ufe30-\uffef\U0001b000-\U0003ffff]"
_LINE_END = re.compile(rf"\n[ \t]*({_INLINE}{{0,5}})(?={_MAY_BE_WIDE})")
_BEFORE = re.compile(rf"([^<>\s])({_INLINE}{{0,5}})[ \t]*\Z")
_LOOKED_AT = 600
_CODE = re.compile(
    r"<(?P<name>pre|code|textarea|script|style)\b.*?(?:</(?P=name)\s*>|\Z)",
    re.DOTALL | re.IGNORECASE,
)


def is_wide_pair(before: str, after: str) -> bool:
    """Return whether a line end between the two characters says nothing (CSS Text 3, 4.1.3).

    Hangul is wide and parts its words with spaces.
    """
    wide = [
        unicodedata.east_asian_width(char) in "WF" and not "가" <= char <= "힣"
        for char in (before, after)
    ]
    return all(wide) or (any(wide) and (before in _WIDE_BESIDE_WIDE or after in _WIDE_BESIDE_WIDE))


def without_line_ends(html: str) -> str:
    """Return HTML whose text has no line ends between wide characters; code stays as it is."""
    if not _LINE_END.search(html):
        return html
    if "<pre" not in html and "<code" not in html:
        return _joined(html)
    out, position = [], 0
    for code in _CODE.finditer(html):
        out += [_joined(html[position : code.start()]), code[0]]
        position = code.end()
    return "".join(out) + _joined(html[position:])


def _joined(text: str) -> str:
    return _LINE_END.sub(_join, text)


def _join(end: re.Match[str]) -> str:
    text, start = end.string, end.start()
    before = text[start - 1 : start]
    if text.startswith("<br />", start - 6) or text.startswith("<br>", start - 4):
        return end[0]
    if before in (">", " ", "\t"):
        found = _BEFORE.search(text[max(0, start - _LOOKED_AT) : start])
        before = found[1] if found else ""
    return end[1] if before and is_wide_pair(before, text[end.end()]) else end[0]
