"""Slugs of Hexo and of its pinyin plugin.

`slugize` is a function of hexo-util for categories and `:post_title`. `pinyin` is the plugin
hexo-permalink-pinyin, which changes a whole permalink.
"""

import re
import unicodedata
from typing import Any

from syndicate.engines.shared.transliterate import PINYIN, to_ascii

__all__ = ["pinyin", "slugize"]

_CONTROLS = re.compile("[\x00-\x1f]")
_SPECIALS = re.compile(r"""[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:"'<>,.?/\ufeff]+""")
_NOT_ALNUM = re.compile("[^a-zA-Z0-9]+")
_WORD_THEN_HAN = re.compile(r"([A-Za-z0-9_])(?=[\u4e00-\u9fa5])")

# Letters that Unicode does not decompose.
_STROKED = str.maketrans({
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d",
    "Ħ": "H", "ħ": "h", "Ł": "L", "ł": "l", "Ŧ": "T", "ŧ": "t", "ı": "i", "ß": "s", "ẞ": "S",
    "ŉ": "n", "ſ": "l", "Ɖ": "D", "ɖ": "d", "Ɓ": "B", "ɓ": "b", "Ɗ": "D", "ɗ": "d", "Ƙ": "K",
    "ƙ": "k", "Ƴ": "Y", "ƴ": "y", "Ǝ": "E", "ǝ": "e", "Ɛ": "E", "ɛ": "e", "Ɔ": "O", "ɔ": "o",
    "Ŀ": "L", "ŀ": "l", "Ɲ": "N", "ɲ": "n", "ƒ": "f",
})  # fmt: skip


def slugize(text: str, transform: Any = 0) -> str:
    """Remove accents from Latin letters, and replace each run of punctuation by a hyphen.

    `transform` is Hexo's `filename_case`: 1 for lower case, 2 for upper case.
    """
    bare = "".join(char if char.isascii() else _bare(char) for char in text)
    slug = _SPECIALS.sub("-", _CONTROLS.sub("", bare)).strip("-")
    return {"1": slug.lower(), "2": slug.upper()}.get(str(transform), slug)


def _bare(char: str) -> str:
    # Of compatibility characters, only full-width and circled letters are decomposed.
    form = "NFKD" if "Ⓐ" <= char <= "ⓩ" or "Ａ" <= char <= "ｚ" else "NFD"
    letter = unicodedata.normalize(form, char.translate(_STROKED))  # type: ignore[arg-type]
    kept = "".join(part for part in letter if not unicodedata.combining(part))
    return kept if kept.isascii() and kept.isalpha() else char


def pinyin(path: str, separator: str = "-", keep_case: bool = False) -> str:
    """Spell `path` in ASCII letters and digits, Chinese in pinyin. Slashes and dots stay."""
    spelled = "/".join(
        ".".join(_spell(part, separator) for part in name.split(".")) for name in path.split("/")
    )
    return spelled if keep_case else spelled.lower()


def _spell(text: str, separator: str) -> str:
    spaced = _WORD_THEN_HAN.sub(r"\1 ", text)
    # The plugin has no spelling of emoji, so that they separate words.
    letters = "".join(" " if ord(char) > 0xFFFF else to_ascii(char, PINYIN) for char in spaced)
    words = _NOT_ALNUM.split(letters)
    return separator.join(word for word in words if word)
