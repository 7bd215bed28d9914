"""Transliterate letters of every script to ASCII, as the generators do.

Pelican and Nikola use the tables of Unidecode. Hexo's pinyin plugin uses the tables of an older
transliteration. Both descend from the library used here. The tables below list the differences
that occur in titles.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

__all__ = ["PINYIN", "UNIDECODE", "to_ascii"]

_UNKNOWN = "[?]"

UNIDECODE: Mapping[str, str] = {
    "し": "shi", "ち": "chi", "つ": "tsu", "っ": "tsu", "シ": "shi", "チ": "chi", "ツ": "tsu",
    "ッ": "tsu", "ー": "-", "・": "*", "゠": "=", "Є": "Ie", "Ъ": "'", "ъ": "'", "Ŋ": "NG",
    "ŋ": "ng", "־": "-", "א": "A", "ח": "H", "כ": "KH", "ך": "KH", "ק": "k", "−": "-",
    "₹": "Rs", "₺": "L", "₽": "R", "₴": "UAH", "₿": "BTC", "™": "(tm)", "℮": "e", "⁊": "&",
    "♠": "spades", "♡": "hearts", "♢": "diamonds", "♣": "clubs", "♥": "hearts", "♦": "diamonds",
    "½": " 1/2", "¼": " 1/4", "¾": " 3/4",
}  # fmt: skip
"""Differences between Unidecode 1.4 and the library."""

PINYIN: Mapping[str, str] = {
    "万": "Wan ", "么": "Me ", "宁": "Ning ", "广": "Guang ", "汉": "Han ", "沈": "Shen ",
    "重": "Chong ", "Ё": "Yo", "ё": "yo", "Й": "Y", "й": "y", "Х": "H", "х": "h", "Ц": "C",
    "ц": "c", "Ю": "Yu", "ю": "yu", "Я": "Ya", "я": "ya", "€": "EU",
}  # fmt: skip
"""Differences between Hexo's pinyin plugin and the library."""


def to_ascii(text: str, exceptions: Mapping[str, str] = UNIDECODE) -> str:
    """Transliterate `text` character by character. Drop characters that no table has."""
    if text.isascii():
        return text
    return "".join(
        char if char.isascii() else exceptions[char] if char in exceptions else _letter(char)
        for char in text
    )


@lru_cache(1 << 16)
def _letter(char: str) -> str:
    # Imported late: its tables are 300 KB, and the addresses of most blogs are ASCII.
    from text_unidecode import unidecode  # type: ignore[import-untyped]

    known: str = unidecode(char) or unidecode(unicodedata.normalize("NFKC", char))
    return "" if known.startswith(_UNKNOWN) else known
