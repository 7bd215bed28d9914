"""Find the longest passage of a post's source that is missing in its clean body.

Both texts are split into words; a Chinese or Japanese character is one word. A passage is missing
if its words, taken three at a time, are not consecutive in the body. Guaranteed: time is linear in
both texts.
"""

import re
from html import unescape

from msgspec import Struct

__all__ = ["Passage", "longest_lost"]

_WORD = re.compile(r"[\u2e80-\U0003ffff]|[^\W\u2e80-\U0003ffff]+")
_WIDE = "\u2e80"
_SPAN = r"a|b|i|u|s|em|strong|code|span|font|del|ins|sup|sub|mark|small|kbd|wbr|abbr|ruby|r[bpt]"
_MARKS = r"[*_`~\\\u200b]"
_IN_WORDS = re.compile(rf"</?(?:{_SPAN})\b[^<>]*>|{_MARKS}", re.IGNORECASE)
"""Tags and marks that do not separate words."""
_PARTS_WORDS = re.compile(r"</?[A-Za-z][^<>]*>|<[!?][^<>]*>")
# In code that shows HTML, after decoding character references. A "<" may also be a sign there.
_SHOWN_IN_WORDS = re.compile(rf"</?(?:{_SPAN})\b[^<>\n]{{0,200}}>|{_MARKS}", re.IGNORECASE)
_NO_WORDS = re.compile(
    r"!\[[^\[\]\n]{0,2000}\]\([^()\n]{0,2000}\)|(?<=\])\([^()\n]{0,2000}\)"
    r"|(?<=\])\[[^\[\]\n]{0,200}\]|^ {0,3}\[(?!\^)[^\]\n]{1,200}\]:[^\n]*$"
    r"|\{[:#.%][^{}\n]{0,500}\}|https?://[^\s<>()\"']+|</?[A-Za-z!?][^<>\n]{0,200}>"
    r"|^[ \t>]{0,40}\d{1,9}[.)][ \t]|%[0-9A-Fa-f]{2}",
    re.MULTILINE,
)
"""Parts of a source that are not shown as words."""


class Passage(Struct, frozen=True):
    """Missing passage: its number of words, and its first words."""

    words: int
    start: str


def longest_lost(source: str, html: str) -> Passage:
    """Return the longest passage of `source` that is missing in `html`.

    A word that is present makes up for a missing word. Numbers and single letters do not count,
    because they may be line numbers or formulas.
    """
    wanted, shown = _words(source), _words(html)
    found = set(zip(shown, shown[1:], shown[2:], strict=False))
    lost = most = start = first = 0
    for place, three in enumerate(zip(wanted, wanted[1:], wanted[2:], strict=False)):
        if three in found:
            lost = max(0, lost - 1)
            continue
        start = start if lost else place
        word = three[0]
        lost += (len(word) > 1 or word > _WIDE) and not word.isdecimal()
        if lost > most:
            most, first = lost, start
    return Passage(most, " ".join(wanted[first : first + 12]))


def _words(text: str) -> list[str]:
    bare = unescape(_PARTS_WORDS.sub(" ", _IN_WORDS.sub("", text)))
    return _WORD.findall(_NO_WORDS.sub(" ", _SHOWN_IN_WORDS.sub("", bare)).casefold())
